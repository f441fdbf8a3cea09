# SPDX-License-Identifier: GPL-3.0-or-later
"""AERONET and satellite at one site over time, and their difference under it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyqtgraph as pg

from ...core.aot.types import MatchUps
from ...core.types import AnyArray, BoolArray, FloatArray, TimeArray
from ..plots.density import MAX_POINTS
from ..plots.frame import PlotFrame
from ..plots.nearest import Points
from ..text import tr
from ..theme import faint
from .model import AotModel


def seconds(times: TimeArray) -> FloatArray:
    """UTC seconds since 1970 (n,), as the date axis takes them; NaN for NaT."""
    values = times.astype("datetime64[ms]").astype(np.int64) / 1000.0
    return np.where(np.isnat(times), np.nan, values)


class SeriesPlot(PlotFrame):
    """Time series of the picked site: photometer line, satellite points, differences."""

    name = "aot_series"

    def __init__(self, model: AotModel) -> None:
        self._model = model
        super().__init__(tr("Time series"))
        self.top = self.add_plot(tr("AOT at 550 nm"), "", dates=True)
        self.bottom = self.add_plot(tr("Difference"), tr("Date (UTC)"), dates=True)
        self.bottom.setXLink(self.top)
        self.view.ci.layout.setRowStretchFactor(0, 5)
        self.view.ci.layout.setRowStretchFactor(1, 3)
        self.legend = self.top.addLegend(offset=(-8, 4), labelTextSize="9pt")

    def draw(self) -> None:
        """Paint the series of the model's site (the first one where none is picked)."""
        for plot in self.plots:
            plot.clear()
        matchups, site = self._model.matchups, self._model.shown_site()
        if matchups is None or not site:
            self.title.setText(tr("Time series"))
            self.listen([])
            return
        self.title.setText(tr("Time series at {}").format(site))
        self.top.setLabel("left", self._model.quantity_label())
        self.legend.setLabelTextColor(self.theme.foreground)
        rows = self._model.site_rows(site)
        time = seconds(matchups.time)
        self._draw_reference(matchups, site, rows & np.isfinite(matchups.reference))
        self.bottom.addLine(y=0, pen=pg.mkPen(self.theme.foreground))
        layers = []
        for plot, values in ((self.top, matchups.satellite), (self.bottom, matchups.difference)):
            shown = rows & np.isfinite(values) & np.isfinite(time)
            self._draw_points(plot, time, values, shown & ~matchups.accepted, tr("Rejected"))
            self._draw_points(plot, time, values, shown & matchups.accepted, tr("Satellite"))
            index = np.flatnonzero(shown)
            layers.append(Points(plot, time[index], values[index], index))
        self.listen(layers)

    def _draw_reference(self, matchups: MatchUps, site: str, matched: BoolArray) -> None:
        raw = self._model.reference_series(site)
        if raw is None:
            self.top.plot(
                seconds(matchups.time[matched]), matchups.reference[matched], pen=None, symbol="s", symbolSize=5,
                symbolPen=None, symbolBrush=self.theme.reference, name=tr("AERONET at the overpass"),
            )
            return
        time, value = raw
        step = -(-len(value) // MAX_POINTS) or 1
        self.top.addItem(
            pg.ScatterPlotItem(
                seconds(time)[::step], value[::step], size=3, pen=None, brush=faint(self.theme.reference, 150),
                name=tr("AERONET") if step == 1 else tr("AERONET (1 of {} shown)").format(step),
            )
        )

    def _draw_points(self, plot: Any, x: FloatArray, y: FloatArray, rows: BoolArray, name: str) -> None:
        good = name == tr("Satellite")
        color = self.theme.accepted if good else self.theme.rejected
        plot.addItem(
            pg.ScatterPlotItem(
                x[rows], y[rows], size=7, symbol="o" if good else "x", brush=color, name=name,
                pen=pg.mkPen(self.theme.background) if good else pg.mkPen(color),
            )
        )

    def describe(self, identity: Any) -> str:
        """The match-up in one line."""
        return self._model.describe(int(identity))

    def columns(self) -> Mapping[str, AnyArray]:
        """The match-ups of the site that is shown."""
        site = self._model.shown_site()
        rows = self._model.site_rows(site)
        return {key: values[rows] for key, values in self._model.columns().items()}


