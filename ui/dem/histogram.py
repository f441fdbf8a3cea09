# SPDX-License-Identifier: GPL-3.0-or-later
"""How the differences of two models are spread, and their NMAD by class of slope."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyqtgraph as pg
from qgis.PyQt.QtCore import Qt

from ...core.dem.differences import SLOPES, Differences, histogram
from ...core.types import AnyArray
from ..plots.frame import PlotFrame
from ..plots.nearest import Points
from ..text import grouped, number, tr
from ..theme import faint
from .model import ElevationModel

FEW = 50  # cells: bars of fewer are hollow


class HistogramPlot(PlotFrame):
    """Counts of differences above, NMAD by slope below."""

    name = "elevation_differences"

    def __init__(self, model: ElevationModel) -> None:
        self._model = model
        self.edges, self.counts, self.beyond = np.array([0.0, 1.0]), np.array([0]), 0
        super().__init__(tr("Differences"))
        self.top = self.add_plot(tr("Cells"), tr("Model minus reference (m)"))
        self.bottom = self.add_plot(
            tr("NMAD (m)"), tr("Slope of the reference (degrees); cells above the bars")
        )
        for plot, share in ((self.top, 5), (self.bottom, 4)):
            self.show_plot(plot, True, share)
        legend = self.add_legend(self.top)
        self.bars, self.slopes = (pg.BarGraphItem(x=[], height=[], width=1.0) for _ in range(2))
        self.top.addItem(self.bars)
        self.bottom.addItem(self.slopes)
        self.bottom.getViewBox().setMouseEnabled(x=False, y=True)
        self.lines = [pg.InfiniteLine(angle=90) for _ in range(5)]
        for line in self.lines:
            self.top.addItem(line, ignoreBounds=True)
        self.keys = [pg.PlotCurveItem() for _ in range(3)]
        for key in self.keys:
            legend.addItem(key, "")
        self.labels = [pg.TextItem("", anchor=(0.5, 1.0)) for _ in SLOPES]
        for text in self.labels:
            self.bottom.addItem(text, ignoreBounds=True)
        self.ready()

    def draw(self) -> None:
        """Paint the differences of the model."""
        found = self._model.differences
        self.instead(lack(self._model))
        if found is None:
            return
        self.title.setText(difference_title(self._model))
        self.edges, self.counts, self.beyond = histogram(found.difference, found.overall)
        middles = (self.edges[:-1] + self.edges[1:]) / 2.0
        brush = pg.mkBrush(faint(self.theme.accepted, 170))
        self.bars.setOpts(
            x=middles, height=self.counts, width=np.diff(self.edges), brush=brush,
            pen=pg.mkPen(self.theme.background),
        )  # fmt: skip
        self._draw_lines(found)
        rows = np.arange(len(middles))
        self.listen(
            [
                Points(self.top, middles, self.counts / 2.0, rows),
                self._draw_slopes(found, len(rows)),
            ]
        )

    def _draw_lines(self, found: Differences) -> None:
        one = found.overall
        styles = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)
        pens = [pg.mkPen(self.theme.foreground, width=2, style=style) for style in styles]
        spots = (one.median, one.median - one.nmad, one.median + one.nmad, -one.le90, one.le90)
        for line, spot, pen in zip(self.lines, spots, (0, 1, 1, 2, 2), strict=True):
            line.setPen(pens[pen])
            line.setPos(spot)
        texts = (
            tr("Median {} m").format(number(one.median, 2, signed=True)),
            tr("± NMAD {} m").format(number(one.nmad, 2)),
            tr("± LE90 {le90} m (n = {count})").format(
                le90=number(one.le90, 2), count=grouped(one.count)
            ),
        )
        for key, pen, text in zip(self.keys, pens, texts, strict=True):
            key.setPen(pen)
            self.top.legend.rename(key, text)
        self.arrange_legend()

    def _draw_slopes(self, found: Differences, first: int) -> Points:
        """Bars of the classes; their ids go on after those of the histogram."""
        classes = found.slopes
        x = np.arange(len(classes), dtype=np.float64)
        nmad = np.array([one.statistics.nmad for one in classes], dtype=np.float64)
        height = np.where(np.isfinite(nmad), nmad, 0.0)
        color = self.theme.accepted
        brushes = [
            pg.mkBrush(faint(color, 170) if one.statistics.count >= FEW else None)
            for one in classes
        ]
        self.slopes.setOpts(
            x=x, height=height, width=0.7, brushes=brushes, pens=[pg.mkPen(color)] * len(classes)
        )
        names = [_class_name(one.name) for one in classes]
        self.bottom.getAxis("bottom").setTicks([list(zip(x.tolist(), names, strict=True))])
        for place, text in enumerate(self.labels):
            text.setVisible(place < len(classes))
            if place < len(classes):
                text.setText(grouped(classes[place].statistics.count))
                text.setColor(self.theme.foreground)
                text.setFont(self.font())
                text.setPos(float(x[place]), float(height[place]))
        return Points(self.bottom, x, height / 2.0, first + np.arange(len(classes)))

    def fit(self) -> None:
        """Everything, with room for the numbers over the bars."""
        super().fit()
        found = self._model.differences
        if found is not None and found.slopes:
            tops = [one.statistics.nmad for one in found.slopes]
            top = float(np.nanmax(tops)) if np.isfinite(tops).any() else 1.0
            self.bottom.getViewBox().setRange(
                xRange=(-0.6, len(found.slopes) - 0.4), yRange=(0.0, 1.4 * top or 1.0), padding=0.0
            )

    def describe(self, identity: Any) -> str:
        """A bar in two lines."""
        at, found = int(identity), self._model.differences
        if found is None:
            return ""
        if at < len(self.counts):
            text = tr("{low} to {high} m: {count} cells").format(
                low=number(float(self.edges[at]), 2), high=number(float(self.edges[at + 1]), 2),
                count=grouped(int(self.counts[at])),
            )  # fmt: skip
            more = tr("{} cells lie beyond the bars").format(grouped(self.beyond))
            return f"{text}\n" + (more if self.beyond else " ")
        one = found.slopes[at - len(self.counts)]
        return tr("Slope {name}: NMAD {nmad} m, median {median} m, LE90 {le90} m").format(
            name=f"{_class_name(one.name)}°", nmad=number(one.statistics.nmad, 2),
            median=number(one.statistics.median, 2, signed=True),
            le90=number(one.statistics.le90, 2),
        ) + f"\nn = {grouped(one.statistics.count)}"  # fmt: skip

    def columns(self) -> Mapping[str, AnyArray]:
        """One row per bar of the histogram, then one per class of slope."""
        found = self._model.differences
        if found is None:
            return {}
        bars, classes = len(self.counts), found.slopes
        nothing = np.full(bars, np.nan)

        def of_classes(name: str) -> AnyArray:
            return np.array([getattr(one.statistics, name) for one in classes], dtype=np.float64)

        rest = np.full(len(classes), np.nan)
        columns: dict[str, AnyArray] = {
            "kind": np.array(["histogram"] * bars + ["slope"] * len(classes), dtype=object),
            "class": np.array([""] * bars + [one.name for one in classes], dtype=object),
            "from_m": np.concatenate([self.edges[:-1], rest]),
            "to_m": np.concatenate([self.edges[1:], rest]),
            "count": np.concatenate([self.counts, of_classes("count").astype(np.int64)]),
        }
        for name in ("median", "nmad", "le90"):
            columns[f"{name}_m"] = np.concatenate([nothing, of_classes(name)])
        return columns


def _class_name(name: str) -> str:
    """A class of slope without words: ``10 to 20 degrees`` as numbers."""
    return name.replace(" degrees", "").replace(" to ", "–").replace(" and more", "+")


def lack(model: ElevationModel) -> str:
    """Why there are no differences to show, "" where there are."""
    if len(model.dems) < 2:
        return tr("Two elevation models are needed: open them, or add them to the project.")
    if not (model.model and model.reference):
        return tr("Choose a model and a reference.")
    if model.model == model.reference:
        return tr("Model and reference are the same file: choose two.")
    if model.differences is None:
        return tr("Comparing the two elevation models…")
    return ""


def difference_title(model: ElevationModel) -> str:
    """What is subtracted from what."""
    return tr("{model} minus {reference}").format(
        model=model.name(model.model), reference=model.name(model.reference)
    )
