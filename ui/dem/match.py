# SPDX-License-Identifier: GPL-3.0-or-later
"""How a pixel of a stereo pair is matched: both images along the epipolar line, and the costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyqtgraph as pg
from qgis.PyQt.QtCore import QRectF, Qt

from ...core.dem.preview import CHIP_COLUMNS, CHIP_ROWS, MatchPreview
from ...core.types import AnyArray, FloatArray
from ..plots import items
from ..plots.frame import PlotFrame
from ..plots.nearest import Points
from ..text import number, percent, tr
from ..theme import faint
from ..widgets import label
from .model import ElevationModel
from .reasons import explained, verdict

SIZE = 6


class MatchPlot(PlotFrame):
    """The first image, shifted by the disparity that won, over the second: what matches stands
    under each other. Below, the costs on the same axis of disparities, which falls to the right as
    the columns of the second image rise.
    """

    name = "elevation_match"

    def __init__(self, model: ElevationModel) -> None:
        self._model = model
        super().__init__(tr("Match of a pixel"))
        self.first = self.add_plot(tr("First"), "")
        self.second = self.add_plot(tr("Second"), "")
        self.plot = self.add_plot(
            tr("Cost (share of bits)"), tr("Disparity (px); above: height (m)")
        )
        self.link_rows(3, 3, 5)
        for one, share in zip(self.plots, (3, 3, 5), strict=True):
            self.show_plot(one, True, share)
        for one in self.plots:
            one.getViewBox().invertX(True)
        legend = self.add_legend(self.plot)
        self.chips = [pg.ImageItem(axisOrder="row-major") for _ in (self.first, self.second)]
        for chip, plot in zip(self.chips, (self.first, self.second), strict=True):
            plot.addItem(chip)
            plot.getAxis("left").setStyle(showValues=False)
        self.costs = items.add_curve(self.plot, tr("Cost"), bounds=True)
        self.sums = items.add_curve(self.plot, tr("Sum over 8 paths (SGM)"), bounds=True)
        self.points = items.add_points(self.plot, SIZE)
        self.lines = [pg.InfiniteLine(angle=90) for _ in self.plots]
        for line, plot in zip(self.lines, self.plots, strict=True):
            plot.addItem(line, ignoreBounds=True)
        self.rival = pg.InfiniteLine(angle=90)
        self.plot.addItem(self.rival, ignoreBounds=True)
        self.keys = [pg.PlotCurveItem() for _ in range(2)]
        for key in self.keys:
            legend.addItem(key, "")
        self._add_heights()
        self.words = label()
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = self.layout()
        column.insertWidget(column.indexOf(self.readout), self.words)
        self.ready()

    def _add_heights(self) -> None:
        """Heights over the curve, at the ticks of the disparities."""
        self.plot.showAxis("top")
        axis = self.plot.getAxis("top")
        axis.enableAutoSIPrefix(False)
        axis.tickStrings = self._height_texts

    def _height_texts(self, values: Any, _scale: float, _spacing: float) -> list[str]:
        found = self._model.match
        if found is None:
            return ["" for _ in values]
        heights = np.interp(values, found.disparity, found.height, np.nan, np.nan)
        return [number(float(one), 0) if np.isfinite(one) else "" for one in heights]

    def _dress_all(self) -> None:
        super()._dress_all()
        axis = self.plot.getAxis("top")
        axis.setPen(pg.mkPen(self.theme.muted))
        axis.setTextPen(pg.mkPen(self.theme.foreground))
        axis.setStyle(tickFont=self.font())
        for plot in (self.first, self.second):
            plot.showGrid(x=False, y=False)

    def draw(self) -> None:
        """Paint the pixel of the model."""
        found = self._model.match
        self.instead(self._lack())
        self.words.setVisible(found is not None)
        if found is None:
            return
        self.title.setText(verdict(found))
        self.words.setText(explained(found))
        shift = found.winner.disparity if found.winner is not None else float(found.disparity[0])
        self._draw_chips(found, shift)
        costs, sums = found.costs, found.sums
        thin = pg.mkPen(self.theme.muted, width=1.5, style=Qt.PenStyle.DotLine)
        thick = pg.mkPen(self.theme.accepted, width=2)
        self.costs.setData(x=found.disparity, y=costs, pen=thin, connect="finite")
        self.sums.setData(x=found.disparity, y=sums, pen=thick, connect="finite")
        good = np.isfinite(sums)
        items.put_points(
            self.points, found.disparity[good], sums[good], pg.mkPen(None),
            pg.mkBrush(faint(self.theme.accepted, 200)),
        )  # fmt: skip
        self._draw_lines(found)
        self.plot.getAxis("top").picture = None
        self.plot.getAxis("top").update()
        rows = np.arange(len(found.disparity))
        self.listen([Points(self.plot, found.disparity, sums, rows)])

    def _draw_chips(self, found: MatchPreview, shift: float) -> None:
        """A column of the first image stands at the disparity that its pixel would meet at if all
        had that of the winner: ``shift`` minus the columns to its right.
        """
        rows = 2 * CHIP_ROWS + 1
        levels = _levels(found.left), _levels(found.right)
        left = found.left[::-1, ::-1], shift - CHIP_COLUMNS - 0.5, found.left.shape[1]
        right = found.right[::-1, ::-1], found.right_disparity[-1] - 0.5, found.right.shape[1]
        for chip, (picture, start, width), level in zip(
            self.chips, (left, right), levels, strict=True
        ):
            chip.setImage(_gray(picture, level), levels=None)
            chip.setRect(QRectF(float(start), -0.5 * rows, float(width), float(rows)))

    def _draw_lines(self, found: MatchPreview) -> None:
        winner, rival = found.winner, found.rival
        pen = pg.mkPen(self.theme.picked, width=2)
        for line in self.lines:
            line.setVisible(winner is not None)
            line.setPen(pen)
            line.setPos(0.0 if winner is None else winner.disparity)
        dots = pg.mkPen(self.theme.reference, width=2, style=Qt.PenStyle.DashLine)
        self.rival.setVisible(rival >= 0)
        self.rival.setPen(dots)
        self.rival.setPos(float(found.disparity[max(rival, 0)]))
        legend = self.plot.legend
        texts = ("", "")
        if winner is not None:
            best = tr("Best {disparity} px, {height} m").format(
                disparity=number(winner.disparity, 2, signed=True), height=number(winner.height, 2)
            )
            next_best = tr("Next best {disparity} px, {height} m").format(
                disparity=number(float(found.disparity[rival]), 1, signed=True),
                height=number(float(found.height[rival]), 1),
            )
            texts = (best, next_best if rival >= 0 else "")
        for key, one, text in zip(self.keys, (pen, dots), texts, strict=True):
            key.setPen(one)
            legend.set_shown(key, bool(text))
            legend.rename(key, text)
        self.arrange_legend()

    def _lack(self) -> str:
        model = self._model
        if len(model.images) < 2:
            return tr("Open the two images of a stereo pair (with RPC) to see how they match.")
        if "" in model.pair or model.pair[0] == model.pair[1]:
            return tr("Choose two images of the same place.")
        if model.pixel is None:
            return tr("Press On map and click a place, or give column and row of the first image.")
        if model.match is None:
            return tr("Matching around the pixel…")
        return ""

    def fit(self) -> None:
        """All of the second image's strip."""
        found = self._model.match
        if found is None:
            return
        low, high = float(found.right_disparity[-1]), float(found.right_disparity[0])
        top = float(np.nanmax([*_finite(found.costs), *_finite(found.sums), 0.1]))
        rows = CHIP_ROWS + 0.5
        self.plot.getViewBox().setRange(xRange=(low, high), yRange=(0.0, 1.05 * top), padding=0.0)
        for plot in (self.first, self.second):
            plot.getViewBox().setRange(xRange=(low, high), yRange=(-rows, rows), padding=0.0)

    def describe(self, identity: Any) -> str:
        """A candidate in two lines."""
        found = self._model.match
        if found is None:
            return ""
        at = int(identity)
        return tr("Disparity {disparity} px: height {height} m").format(
            disparity=number(float(found.disparity[at]), 2, signed=True),
            height=number(float(found.height[at]), 2),
        ) + "\n" + tr("Cost {cost}, sum {sum} of the bits").format(
            cost=percent(float(found.costs[at]), 1), sum=percent(float(found.sums[at]), 1)
        )  # fmt: skip

    def columns(self) -> Mapping[str, AnyArray]:
        """One row per candidate."""
        found = self._model.match
        if found is None:
            return {}
        count = len(found.disparity)
        best = -1 if found.winner is None else found.winner.index
        return {
            "column_px": np.full(count, found.column), "row_px": np.full(count, found.row),
            "disparity_px": found.disparity, "height_m": found.height,
            "cost": found.costs, "sum": found.sums, "best": np.arange(count) == best,
            "status": np.full(count, str(found.reason), dtype=object),
        }  # fmt: skip


def _finite(values: FloatArray) -> FloatArray:
    return np.asarray(values[np.isfinite(values)])


def _levels(image: AnyArray) -> tuple[float, float]:
    known = image[np.isfinite(image)]
    if not known.size:
        return 0.0, 1.0
    low, high = (float(one) for one in np.percentile(known, (1.0, 99.0)))
    return (low, high) if high > low else (low - 1.0, low + 1.0)


def _gray(image: AnyArray, levels: tuple[float, float]) -> AnyArray:
    """A picture (rows, columns, 4) of gray values; no data are transparent."""
    low, high = levels
    known = np.isfinite(image)
    share = np.clip((np.where(known, image, low) - low) / (high - low), 0.0, 1.0)
    picture = np.repeat(np.rint(255.0 * share).astype(np.uint8)[..., None], 4, axis=2)
    picture[..., 3] = np.where(known, 255, 0)
    return picture
