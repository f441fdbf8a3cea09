# SPDX-License-Identifier: GPL-3.0-or-later
"""How the coefficients of one band are spread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyqtgraph as pg
from qgis.PyQt.QtCore import Qt, pyqtSignal

from ...core.calibration.selection import histogram
from ...core.types import AnyArray, FloatArray
from ..names import band_name, track_color
from ..plots.frame import PlotFrame
from ..plots.nearest import Points
from ..text import number, tr
from ..theme import faint
from ..widgets import choice_box, offer_bands
from .model import CalibrationModel


class HistogramPlot(PlotFrame):
    """Counts of the coefficients that count; ``band_picked`` carries another band."""

    band_picked = pyqtSignal(str)
    name = "calibration_histogram"

    def __init__(self, model: CalibrationModel) -> None:
        self._model = model
        self._edges: FloatArray = np.array([0.0, 1.0])
        self._counts: AnyArray = np.array([0])
        super().__init__(tr("Histogram"))
        self.box = choice_box(tr("Band"), tr("The band whose coefficients are counted"))
        self.box.activated.connect(lambda _index: self.band_picked.emit(self.box.currentData()))
        self.controls.addWidget(self.box)
        self.plot = self.add_plot(tr("Pairs"), tr("A_k (measured / simulated)"))
        legend = self.add_legend(self.plot)
        self.bars = pg.BarGraphItem(x=[], height=[], width=0.1)
        self.plot.addItem(self.bars)
        self.lines = [pg.InfiniteLine(angle=90) for _ in range(4)]
        for line in self.lines:
            self.plot.addItem(line, ignoreBounds=True)
        self.keys = [pg.PlotCurveItem() for _ in range(3)]
        for key in self.keys:
            legend.addItem(key, "")
        self.ready()

    def offer(self) -> None:
        """Offer the bands of the table."""
        rows = self._model.rows
        offer_bands(self.box, rows.bands, rows.wavelength_nm, self._model.band)

    def draw(self) -> None:
        """Paint the counts."""
        if self._model.inputs is None:
            self.instead(tr("Open coefficients to see how they are spread."))
            return
        self.instead("")
        model, theme = self._model, self.theme
        self.box.setCurrentIndex(self.box.findData(model.band))
        kept = model.rows.of_band(model.band) & model.chosen().counted
        self._edges, self._counts = histogram(model.rows.a_k[kept])
        there = bool(self._counts.sum())
        middles = (self._edges[:-1] + self._edges[1:]) / 2.0
        color = faint(self._color(), 170)
        self.bars.setOpts(
            x=middles, height=self._counts, width=np.diff(self._edges), brush=pg.mkBrush(color),
            pen=pg.mkPen(theme.background),
        )  # fmt: skip
        self.bars.setVisible(there)
        (figures,) = model.figures([model.band])
        mean, half = figures.summary.mean, model.errors * figures.summary.sem
        styles = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)
        pens = [pg.mkPen(theme.foreground, width=2, style=style) for style in styles]
        spots = (mean, mean - half, mean + half, 1.0)
        for line, spot, pen in zip(self.lines, spots, (pens[0], *pens[1:2] * 2, pens[2]),
                                   strict=True):  # fmt: skip
            line.setVisible(bool(np.isfinite(spot)))
            line.setPen(pen)
            line.setPos(spot if np.isfinite(spot) else 0.0)
        inside = bool(self._edges[0] <= 1.0 <= self._edges[-1])
        self.plot.legend.set_shown(self.keys[-1], inside)  # else it is beside the axis
        self._name(pens, figures.summary.count)
        self.listen([Points(self.plot, middles, self._counts / 2.0, np.arange(len(middles)))])

    def _name(self, pens: list[Any], count: int) -> None:
        model = self._model
        name = band_name(model.band, model.rows.wavelength_nm(model.band))
        self.title.setText(tr("A_k of {band}, {count} pairs").format(band=name, count=count))
        texts = (tr("Mean"), tr("± {} errors").format(model.errors), tr("as the reference (1)"))
        for key, pen, text in zip(self.keys, pens, texts, strict=True):
            key.setPen(pen)
            self.plot.legend.rename(key, text)
        self.arrange_legend()

    def _color(self) -> Any:
        shown = self._model.bands
        if self._model.band in shown:
            return track_color(shown.index(self._model.band), self.theme.dark)
        return self.theme.muted

    def describe(self, identity: Any) -> str:
        """A bar in two lines."""
        place = int(identity)
        low, high = (number(float(one), 4) for one in self._edges[place : place + 2])
        return tr("A_k from {low} to {high}: {count} pairs").format(
            low=low, high=high, count=int(self._counts[place])
        ) + "\n "  # fmt: skip

    def columns(self) -> Mapping[str, AnyArray]:
        """One row per bar."""
        count = len(self._counts)
        return {
            "band": np.full(count, self._model.band, dtype=object),
            "a_k_from": self._edges[:-1], "a_k_to": self._edges[1:], "count": self._counts,
        }  # fmt: skip
