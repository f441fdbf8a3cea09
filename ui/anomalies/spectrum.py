# SPDX-License-Identifier: GPL-3.0-or-later
"""The spectrum of one date against the expected one, and which type of anomaly explains the
difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyqtgraph as pg
from qgis.PyQt.QtCore import Qt

from ...core.anomalies.views import type_shares
from ...core.types import AnyArray, FloatArray
from ..plots import items
from ..plots.frame import FIRST_PLOT, PlotFrame
from ..plots.nearest import Points
from ..text import number, percent, tr
from ..theme import faint
from .model import SeriesModel
from .names import type_color, type_name
from .readout import state_text

SIZE = 9
MOST_LETTERS = 18  # of the names of types, which stand at the left axis
BARS = 5
MOST_OTHERS = 20  # selected dates beside the chosen one
PERCENTS = range(0, 101, 20)
AXIS_ROOM = 3  # lines of text under the bars


class SpectrumPlot(PlotFrame):
    """Observed and expected spectrum of the chosen date, and the match of the types below."""

    name = "spectrum"

    def __init__(self, model: SeriesModel) -> None:
        self._model = model
        self.shares: dict[str, float] = {}
        super().__init__(tr("Spectrum"))
        self.top = self.add_plot(tr("Reflectance"), tr("Wavelength (nm)"))
        self.bottom = self.add_plot("", tr("Match (%)"))
        self.link_types()
        self.legend = self.add_legend(self.top)
        self.edges = [items.add_curve(self.top, bounds=True) for _ in range(2)]
        self.band = pg.FillBetweenItem(*self.edges)
        self.top.addItem(self.band, ignoreBounds=True)
        self.expected = items.add_curve(self.top, tr("Expected"), bounds=True)
        self.line = items.add_curve(self.top, bounds=True)
        self.observed = items.add_points(self.top, SIZE, "o", tr("Observed"))
        self.others = [items.add_curve(self.top) for _ in range(MOST_OTHERS)]
        self.bars = pg.BarGraphItem(x0=[], y=[], height=0.7, width=[])
        self.bottom.addItem(self.bars)
        self.ready()

    def link_types(self) -> None:
        """The spectra over the bars, which stay where they are."""
        self.view.ci.layout.setRowStretchFactor(FIRST_PLOT, 4)
        self.view.ci.layout.setRowStretchFactor(FIRST_PLOT + 1, 3)
        self.bottom.setMouseEnabled(x=False, y=False)
        self.bottom.getAxis("bottom").setTicks([[(share, str(share)) for share in PERCENTS]])

    def _dress(self, plot: pg.PlotItem) -> None:
        super()._dress(plot)
        letters = self.fontMetrics().horizontalAdvance("n") * MOST_LETTERS
        plot.getAxis("left").setWidth(letters)
        if plot is self.bottom:
            high = (BARS + AXIS_ROOM) * self.fontMetrics().height()
            self.view.ci.layout.setRowMinimumHeight(FIRST_PLOT + 1, high)
        plot.showGrid(x=True, y=plot is self.top, alpha=0.15)

    def draw(self) -> None:
        """Paint the chosen date."""
        chosen = self._model.chosen
        if not self._model.entries or chosen is None:
            self._clear()
            return
        site, row = chosen
        series, found = self._model.series(site), self._model.detection(site)
        day = str(series.times[row].astype("datetime64[D]"))
        self.title.setText(tr("Spectrum of {site}, {date}").format(site=site, date=day))
        x = self._axis()
        order = np.argsort(x, kind="stable")
        expected, values = found.expected[row][order], series.values[row][order].astype(float)
        reach = self._model.sigmas() * found.noise[order]
        self._draw_spectra(x[order], expected, values, reach)
        self._draw_others(site, row, x[order], order)
        self.shares = type_shares(found, series.wavelengths_nm, row)
        self._draw_shares()
        good = np.isfinite(values)
        self.listen([Points(self.top, x[order][good], values[good], order[good])])
        self.fit()
        self._read_out(f"{site} · {day}\n{state_text(self._model, site, row)}")

    def _clear(self) -> None:
        self.title.setText(tr("Spectrum: choose a date in the plots or in the list"))
        nothing = np.empty(0)
        for item in (*self.edges, self.expected, self.line, *self.others):
            items.put_curve(item, nothing, nothing, None)
        items.put_points(self.observed, nothing, nothing, None, None)
        self.band.setVisible(False)
        self.shares = {}
        self._draw_shares()
        self.listen([])

    def _axis(self) -> FloatArray:
        """Wavelengths (k,), or the places of the bands where one is unknown."""
        chosen = self._model.chosen
        series = self._model.series(chosen[0] if chosen else "")
        waves = np.asarray(series.wavelengths_nm, dtype=np.float64)
        bottom = self.top.getAxis("bottom")
        if np.isfinite(waves).all():
            bottom.setTicks(None)
            self.name_axis(self.top, "bottom", tr("Wavelength (nm)"))
            return waves
        bottom.setTicks([list(enumerate(series.bands))])
        self.name_axis(self.top, "bottom", tr("Band"))
        return np.arange(len(waves), dtype=np.float64)

    def _draw_spectra(
        self, x: FloatArray, expected: FloatArray, values: FloatArray, reach: FloatArray
    ) -> None:
        theme = self.theme
        known, good = np.isfinite(expected) & np.isfinite(reach), np.isfinite(values)
        dashes = pg.mkPen(faint(theme.muted, 160), style=Qt.PenStyle.DashLine)
        for item, sign in zip(self.edges, (-1.0, 1.0), strict=True):
            items.put_curve(item, x[known], (expected + sign * reach)[known], dashes)
        self.band.setBrush(pg.mkBrush(faint(theme.muted, 45)))
        self.band.setVisible(bool(known.any()))
        items.put_curve(self.expected, x[known], expected[known], pg.mkPen(theme.muted, width=2))
        items.put_curve(self.line, x[good], values[good], pg.mkPen(theme.accepted, width=1.5))
        edge = pg.mkPen(theme.background)
        items.put_points(self.observed, x[good], values[good], edge, pg.mkBrush(theme.accepted))
        self.legend.rename(
            self.expected, tr("Expected ± {} σ").format(number(self._model.sigmas(), 1))
        )
        self.arrange_legend()

    def _draw_others(self, site: str, row: int, x: FloatArray, order: AnyArray) -> None:
        """Thin lines: the other selected dates of the site."""
        values = self._model.series(site).values
        rows = [one for one in self._model.selected_rows(site) if one != row][:MOST_OTHERS]
        pen = pg.mkPen(faint(self.theme.picked, 150), width=1)
        for place, item in enumerate(self.others):
            spectrum = values[rows[place]][order] if place < len(rows) else np.full(len(x), np.nan)
            good = np.isfinite(spectrum)
            items.put_curve(item, x[good], spectrum[good].astype(float), pen)

    def _draw_shares(self) -> None:
        """The types that explain the residual best."""
        kinds = sorted(self.shares, key=lambda kind: -self.shares[kind])[:BARS]
        shares = [100.0 * self.shares[kind] for kind in kinds]
        brushes = [pg.mkBrush(type_color(kind, self.theme)) for kind in kinds]
        places = [-float(place) for place in range(len(kinds))]
        ticks = [(place, type_name(kind)) for place, kind in zip(places, kinds, strict=True)]
        self.bottom.getAxis("left").setTicks([ticks])
        self.bars.setOpts(
            x0=[0.0] * len(shares), y=places, width=shares, height=0.7, brushes=brushes,
            pen=pg.mkPen(None),
        )  # fmt: skip
        box = self.bottom.getViewBox()
        box.setXRange(-2.0, 106.0, padding=0.0)  # room for the last number
        box.setYRange(0.4 - BARS, 0.6, padding=0.0)

    def fit(self) -> None:
        """The whole spectrum."""
        self.top.getViewBox().autoRange(padding=0.08)

    def describe(self, identity: Any) -> str:
        """A band in two lines."""
        chosen = self._model.chosen
        if chosen is None:
            return ""
        site, row = chosen
        series, found, band = self._model.series(site), self._model.detection(site), int(identity)
        first = tr("{band} ({nm} nm): {value}, expected {expected} ± {noise}, z {z}").format(
            band=series.bands[band],
            nm=number(float(series.wavelengths_nm[band]), 0),
            value=number(float(series.values[row, band])),
            expected=number(float(found.expected[row, band])),
            noise=number(float(found.noise[band])),
            z=number(float(found.z[row, band]), 1, signed=True),
        )
        return f"{first}\n{self.match_text()}"

    def match_text(self) -> str:
        """The two types that explain the residual best."""
        best = sorted(self.shares, key=lambda kind: -self.shares[kind])[:2]
        return ", ".join(f"{type_name(kind)} {percent(self.shares[kind])}" for kind in best)

    def columns(self) -> Mapping[str, AnyArray]:
        """One row per band."""
        chosen = self._model.chosen
        if chosen is None:
            return {}
        site, row = chosen
        series, found = self._model.series(site), self._model.detection(site)
        return {
            "band": np.array(series.bands, dtype=object),
            "wavelength_nm": series.wavelengths_nm,
            "observed": series.values[row].astype(np.float64),
            "expected": found.expected[row],
            "noise": found.noise,
            "z": found.z[row],
        }
