# SPDX-License-Identifier: GPL-3.0-or-later
"""Residuals of the picked site: against the normal law, and against those some time before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from qgis.PyQt.QtCore import Qt

from ...core.anomalies.residuals import (
    Autocorrelation,
    Quantiles,
    autocorrelation,
    normal_quantiles,
)
from ...core.report import palette
from ...core.series.types import TimeSeries
from ...core.types import AnyArray, BoolArray, FloatArray
from ..plots import items
from ..plots.frame import FIRST_PLOT, PlotFrame
from ..plots.marks import Marks
from ..plots.nearest import Points
from ..text import number, percent, tr
from ..theme import faint
from .bands import band_box, offer_own_bands
from .model import SeriesModel
from .names import type_color, type_symbol
from .readout import describe
from .rows import RING
from .tracks import Track

SIZE, BAR = 7, 4
GAP = 14  # pixels between the two plots
NOTHING = np.empty(0)


class ResidualPlot(PlotFrame):
    """``picked`` carries a row of the series, or a negative number for a lag."""

    name = "residuals"
    legend_share = 0.3

    def __init__(self, model: SeriesModel) -> None:
        self._model = model
        self.track: Track | None = None
        self.quantiles: Quantiles = normal_quantiles(NOTHING)
        self.lags: Autocorrelation = autocorrelation(np.empty(0, "datetime64[ms]"), NOTHING)
        super().__init__(tr("Residuals"))
        self.band_box = band_box()
        self.band_box.activated.connect(lambda _index: self.draw())
        self.controls.addWidget(self.band_box)
        self.add_brush()
        self.top = self.add_plot(tr("z"), tr("Quantile of the normal law"))
        self.bottom = self.add_plot(tr("Autocorrelation"), tr("Lag (days)"))
        for row, share in enumerate((4, 3), FIRST_PLOT):
            self.view.ci.layout.setRowStretchFactor(row, share)
        self.view.ci.layout.setVerticalSpacing(GAP)
        self.legend = self.add_legend(self.top)
        self._make_items()
        self.ready()

    def _make_items(self) -> None:
        self.line = items.add_curve(self.top)
        self.edges = [items.add_curve(self.top) for _ in range(2)]
        self.band = pg.FillBetweenItem(*self.edges)
        self.band.setZValue(-20)
        self.top.addItem(self.band, ignoreBounds=True)
        self.points = items.add_points(self.top, SIZE)
        self.flagged = items.add_points(self.top, SIZE)
        self.rings = items.add_points(self.top, RING)
        self.stems = items.add_curve(self.bottom)
        self.tips = items.add_points(self.bottom, SIZE)
        self.limits = [items.add_curve(self.bottom) for _ in range(2)]
        self.level = items.add_level(self.bottom)
        for item in (self.points, self.line, self.edges[0]):
            self.legend.addItem(item, "")

    # -- drawing ---------------------------------------------------------------------------------

    def draw(self) -> None:
        """Paint the picked site."""
        self.track = None
        if not self._model.entries:
            self.listen([])
            return
        series = self._model.series()
        offer_own_bands(self.band_box, self._model)
        band = str(self.band_box.currentData() or series.bands[0])
        self.track = Track.of(series, band, 0, palette.ACCEPTED)
        self.title.setText(tr("Residuals of {}").format(series.site))
        z, tested, flagged = self._values(series)
        self.quantiles = normal_quantiles(np.where(tested, z, np.nan))
        # What stands out by itself says nothing of the memory of the others.
        self.lags = autocorrelation(series.times, np.where(tested & ~flagged, z, np.nan))
        self._draw_quantiles(flagged)
        self._draw_lags()
        self._name_all(int(tested.sum()))
        self.show_selected()
        self.listen(self._listening())

    def _values(self, series: TimeSeries) -> tuple[FloatArray, BoolArray, BoolArray]:
        found = self._model.detection()
        z = self.track.z(found) if self.track is not None else np.full(len(series), np.nan)
        return z, found.tested, self._model.shown_anomalies(series.site)

    def _draw_quantiles(self, flagged: BoolArray) -> None:
        found, theme = self.quantiles, self.theme
        dashes = pg.mkPen(faint(theme.muted, 160), style=Qt.PenStyle.DashLine)
        for item, y in zip(self.edges, (found.low, found.high), strict=True):
            items.put_curve(item, found.normal, y, dashes)
        self.band.setBrush(pg.mkBrush(faint(theme.muted, 45)))
        self.band.setVisible(bool(len(found.value)))
        ends = found.normal[[0, -1]] if len(found.value) else NOTHING
        items.put_curve(self.line, ends, ends, pg.mkPen(theme.muted, width=1.5))
        odd = flagged[found.order] if len(found.value) else np.empty(0, dtype=bool)
        edge = pg.mkPen(faint(theme.background, 150))
        items.put_points(
            self.points, found.normal[~odd], found.value[~odd], edge, pg.mkBrush(theme.accepted)
        )
        kinds = self._model.detection().type[found.order[odd]]
        colors = np.array([type_color(one, theme).name() for one in kinds], dtype=object)
        symbols = np.array([type_symbol(one) for one in kinds], dtype=object)
        marks, sizes = Marks(), np.full(len(kinds), SIZE + 3.0)
        marks.add(found.normal[odd], found.value[odd], colors, symbols, sizes)
        marks.put(self.flagged, theme.foreground)

    def _draw_lags(self) -> None:
        lags, theme = self.lags, self.theme
        x = np.repeat(lags.lag_days, 2)
        y = np.column_stack([np.zeros(len(lags.value)), lags.value]).ravel()
        pen = pg.mkPen(theme.accepted, width=BAR)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        items.put_curve(self.stems, x, y, pen, pairs=True)
        edge = pg.mkPen(theme.background)
        items.put_points(self.tips, lags.lag_days, lags.value, edge, pg.mkBrush(theme.accepted))
        dashes = pg.mkPen(theme.muted, style=Qt.PenStyle.DashLine)
        for item, sign in zip(self.limits, (-1.0, 1.0), strict=True):
            items.put_curve(item, lags.lag_days, sign * lags.limit, dashes)
        self.level.setPen(pg.mkPen(theme.muted))

    def _name_all(self, tested: int) -> None:
        track = self.track
        self.name_axis(self.top, "left", tr("z {}").format(track.band if track else ""))
        texts = {
            self.points: tr("{} tested dates").format(tested),
            self.line: tr("Normal law"),
            self.edges[0]: tr("95 % limits"),
        }
        for item, text in texts.items():
            self.legend.rename(item, text)
        self.arrange_legend()

    def show_selected(self) -> None:
        """Rings around the selected dates."""
        rows = self._model.selected_rows(self._model.site) if self._model.entries else NOTHING
        found = self.quantiles
        own = np.isin(found.order, rows)
        pen = pg.mkPen(self.theme.picked, width=2)
        items.put_points(self.rings, found.normal[own], found.value[own], pen, pg.mkBrush(None))

    # -- looking ---------------------------------------------------------------------------------

    def _listening(self) -> list[Points]:
        found, lags = self.quantiles, self.lags
        numbers = -1 - np.arange(len(lags.value))
        return [
            Points(self.top, found.normal, found.value, found.order),
            Points(self.bottom, lags.lag_days, lags.value, numbers),
        ]

    def rows_of(self, identities: Sequence[Any]) -> list[int]:
        """The rows of the series among the ids of points."""
        return [int(one) for one in identities if int(one) >= 0]

    def fit(self) -> None:
        """All tested dates, and all lags."""
        found, lags = self.quantiles, self.lags
        if len(found.value):
            reach = 1.06 * max(float(np.abs(found.normal).max()), 1.0)
            self.top.getViewBox().setXRange(-reach, reach, padding=0.0)
            ends = np.concatenate([found.value, [-reach, reach]])
            self.top.getViewBox().setYRange(float(ends.min()), float(ends.max()), padding=0.05)
        if len(lags.value):
            high = float(max(lags.value.max(), lags.limit.max(), 0.2))
            low = float(min(lags.value.min(), -lags.limit.max()))
            self.bottom.getViewBox().setXRange(0.0, float(lags.lag_days[-1]), padding=0.04)
            self.bottom.getViewBox().setYRange(low, high, padding=0.08)

    def describe(self, identity: Any) -> str:
        """A date or a lag in two lines."""
        if int(identity) >= 0:
            return describe(self._model, self._model.site, int(identity), self.track)
        place, lags = -1 - int(identity), self.lags
        first = tr("{days} days: correlation {value}, of {pairs} pairs").format(
            days=number(float(lags.lag_days[place]), 0),
            value=number(float(lags.value[place]), 2, signed=True),
            pairs=int(lags.pairs[place]),
        )
        limit = number(float(lags.limit[place]), 2)
        return f"{first}\n" + tr("independent residuals: within ± {} in {}").format(
            limit, percent(0.95)
        )

    def columns(self) -> Mapping[str, AnyArray]:
        """One row per tested date."""
        if not self._model.entries:
            return {}
        found, series = self.quantiles, self._model.series()
        return {
            "time": series.times[found.order],
            "z": found.value,
            "normal_quantile": found.normal,
            "low": found.low,
            "high": found.high,
        }
