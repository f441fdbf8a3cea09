# SPDX-License-Identifier: GPL-3.0-or-later
"""A_k over time: coefficients by band, means with their errors, half-years, trends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from qgis.PyQt.QtWidgets import QCheckBox

from ...core.calibration.coefficients import export_columns
from ...core.calibration.selection import Chosen, half_year_means, near_values, trend_line
from ...core.types import AnyArray, BoolArray, FloatArray
from ..names import band_name, track_color
from ..plots.frame import PlotFrame
from ..plots.items import seconds
from ..plots.nearest import Points
from ..text import number, tr
from ..theme import faint
from .keys import Keys
from .model import MOST_BANDS, CalibrationModel
from .names import describe
from .row import POINT_ALPHA, SIZE, TimeRow

ROW_SHARE, TICK_DENSITY = 3, 0.7
TREND_STEPS = 40
HALF_YEAR = "half-year"


class Timeline(PlotFrame):
    """A row for each band, or all bands in one. The ids of points are rows of the table; those of
    half-years are tuples (``HALF_YEAR``, band, place).
    """

    name = "calibration_series"
    legend_share = 0.3

    def __init__(self, model: CalibrationModel) -> None:
        self._model = model
        self._half_years: dict[str, Any] = {}
        self._drawn: tuple[Any, ...] = ()
        self._points: list[Points] = []
        super().__init__(tr("A_k over time"))
        self.stacked_box = self._box(tr("Stacked"), tr("A row for each band; otherwise all in one"))
        self.rejected_box = self._box(
            tr("Rejected"), tr("Show rejected coefficients, hollow and gray")
        )
        self.rejected_box.toggled.connect(lambda _on: (self.draw(), self.fit()))
        self.add_brush()
        for place in range(MOST_BANDS):
            self.add_plot("", tr("Date (UTC)") if place == MOST_BANDS - 1 else "", dates=True)
        self.link_rows(*[ROW_SHARE] * MOST_BANDS)
        self.view.ci.layout.setVerticalSpacing(2)
        for plot in self.plots:
            plot.getAxis("left").setTickDensity(TICK_DENSITY)
            plot.getAxis("left").setStyle(maxTickLevel=0)
        self.rows = [TimeRow(plot) for plot in self.plots]
        self.keys = Keys(self.add_legend(self.plots[0]), SIZE)
        self.ready()

    def _box(self, text: str, tip: str) -> QCheckBox:
        box = QCheckBox(text)
        box.setChecked(True)
        box.setToolTip(tip)
        self.controls.addWidget(box)
        return box

    def row_of(self, place: int) -> int:
        """The row of the band at a ``place`` of those that are shown: the last ones are in use,
        because the numbers of the axis stand under the very last.
        """
        last = MOST_BANDS - 1
        return last - (len(self._model.bands) - 1 - place) if self._model.stacked else last

    # -- drawing ---------------------------------------------------------------------------------

    def draw(self) -> None:
        """Paint what the model shows."""
        if self._model.inputs is None:
            self.instead(tr("Open coefficients to see them over time."))
            return
        self.instead("")
        model, visible = self._model, self._model.visible()
        used = {self.row_of(place) for place in range(len(model.bands))}
        for row, plot in enumerate(self.plots):
            self.show_plot(plot, row in used, ROW_SHARE)
            self.rows[row].clear_figures()
        self._name()
        self._draw_all_points(visible)
        layers = list(self._points)
        self._half_years = {}
        for place, band in enumerate(model.bands):
            layers += self._draw_figures(place, band)
        self.show_selected()
        self.show_chosen()
        bad = visible.shown & ~visible.passed & np.isfinite(model.rows.a_k)
        bad &= model.rows.in_bands(model.bands)
        shown = int(bad.sum()) if self.rejected_box.isChecked() else 0
        self.keys.show(model, shown, self._beyond(), self.theme)
        self.arrange_legend()
        self.listen(layers)

    def _name(self) -> None:
        model = self._model
        sites = ", ".join(model.shown_sites())
        sensors = ", ".join(filter(None, model.rows.distinct("sensor")))
        reference = model.inputs.sensors[1] if model.inputs else ""
        names = tr("{target} against {reference}").format(target=sensors, reference=reference)
        shown = " · ".join(part for part in (names if reference else sensors, sites) if part)
        self.title.setText(f"A_k · {shown}")
        self.title.setToolTip(shown)
        for place, band in enumerate(model.bands):
            self.name_axis(self.plots[self.row_of(place)], "left", band)
        if not model.stacked:
            self.name_axis(self.plots[-1], "left", tr("A_k (measured / simulated)"))

    def _draw_all_points(self, visible: Chosen) -> None:
        """The points, unless they are there already: a rectangle changes only what is computed."""
        model = self._model
        wanted = (visible, tuple(model.bands), model.stacked, self.rejected_box.isChecked(),
                  self.theme)  # fmt: skip
        if self._drawn and self._drawn[0] is visible and self._drawn[1:] == wanted[1:]:
            return
        self._drawn = wanted
        for row in self.rows:
            row.begin()
        groups = model.group_places()
        known = visible.shown & np.isfinite(model.rows.a_k)
        self._points = [
            self._draw_points(place, model.rows.of_band(band) & known, visible, groups)
            for place, band in enumerate(model.bands)
        ]
        for row in self.rows:
            row.end(self.theme)

    def _draw_points(self, place: int, own: BoolArray, visible: Chosen, groups: AnyArray) -> Points:
        rows, row = self._model.rows, self.rows[self.row_of(place)]
        x, y = seconds(rows.time), rows.a_k
        good, bad = own & visible.passed, own & ~visible.passed
        bad &= self.rejected_box.isChecked()
        color = faint(track_color(place, self.theme.dark), POINT_ALPHA)
        row.add(x[bad], y[bad], groups[bad], self.theme.rejected, rejected=True)
        row.add(x[good], y[good], groups[good], color, rejected=False)
        ids = np.flatnonzero((good | bad) & np.isfinite(x))
        return Points(row.plot, x[ids], y[ids], ids)

    def _draw_figures(self, place: int, band: str) -> list[Points]:
        """Mean, trend and half-years of what counts."""
        model = self._model
        kept = np.flatnonzero(model.rows.of_band(band) & model.chosen().counted)
        kept = kept[~np.isnat(model.rows.time[kept])]
        if not len(kept):
            return []
        time, values = model.rows.time[kept], model.rows.a_k[kept]
        own, color = self.rows[self.row_of(place)].band(place), track_color(place, self.theme.dark)
        (figures,) = model.figures([band])
        ends = np.array([time.min(), time.max()])
        half = model.errors * figures.summary.sem
        own.put_mean(seconds(ends), figures.summary.mean, half, color)
        span = (ends[1] - ends[0]) * np.linspace(0.0, 1.0, TREND_STEPS) + ends[0]
        line = trend_line(time, values, span, model.rows.site[kept])
        if line is not None:
            own.put_trend(seconds(span), line[0], model.errors * line[1], self.theme.fitted)
        found = self._half_years[band] = half_year_means(time, values)
        x, y = own.put_half_years(found, model.errors, color, self.theme)
        ids = np.empty(len(x), dtype=object)
        ids[:] = [(HALF_YEAR, band, number_) for number_ in range(len(x))]
        return [Points(self.rows[self.row_of(place)].plot, x, y, ids)]

    # -- fitting ---------------------------------------------------------------------------------

    def fit(self) -> None:
        """Show all that counts, and what is rejected where that is not far from it."""
        if self._model.inputs is None:
            return
        kept = self._model.visible().shown
        time = seconds(self._model.rows.time[kept])
        time = time[np.isfinite(time)]
        for row, (low, high) in self._ranges().items():
            box = self.plots[row].getViewBox()
            box.setYRange(low, high, padding=0.06)
            if len(time):
                box.setXRange(float(time.min()), float(time.max()), padding=0.03)

    def _ranges(self) -> dict[int, tuple[float, float]]:
        """From the least to the largest value that is shown in each row."""
        model, visible = self._model, self._model.visible()
        places: dict[int, list[str]] = {}
        for place, band in enumerate(model.bands):
            places.setdefault(self.row_of(place), []).append(band)
        found = {}
        for row, bands in places.items():
            own = visible.shown & model.rows.in_bands(bands)
            drawn = near_values(model.rows.a_k, own, ~visible.passed)
            if not self.rejected_box.isChecked():
                drawn &= visible.passed
            values = model.rows.a_k[drawn]
            if len(values):
                found[row] = (float(values.min()), float(values.max()))
        return found

    def _beyond(self) -> int:
        """How many rejected coefficients are too far away to be shown at first."""
        model, visible, count = self._model, self._model.visible(), 0
        if not self.rejected_box.isChecked():
            return 0
        ranges = self._ranges()
        for place, band in enumerate(model.bands):
            low, high = ranges.get(self.row_of(place), (-np.inf, np.inf))
            own = visible.shown & model.rows.of_band(band) & ~visible.passed
            values = model.rows.a_k[own & np.isfinite(model.rows.a_k)]
            count += int(((values < low) | (values > high)).sum())
        return count

    def show_selected(self) -> None:
        """Rings around what is selected."""
        model = self._model
        chosen = (model.selection or ()) if model.inputs is not None else ()
        self._ring(np.sort(np.fromiter(chosen, dtype=np.int64)), chosen=False)

    def show_chosen(self) -> None:
        """Rings around the pair that is looked at, in all bands."""
        self._ring(self._model.pair_rows(), chosen=True)

    def _ring(self, numbers: AnyArray, chosen: bool) -> None:
        model, empty = self._model, np.empty(0)
        points: dict[int, list[tuple[FloatArray, FloatArray]]] = {}
        if model.inputs is not None:
            visible = model.visible().shown
            for place, band in enumerate(model.bands):
                own = numbers[model.rows.of_band(band)[numbers] & visible[numbers]]
                spot = (seconds(model.rows.time[own]), model.rows.a_k[own])
                points.setdefault(self.row_of(place), []).append(spot)
        for place, row in enumerate(self.rows):
            parts = points.get(place, [(empty, empty)])
            x, y = (np.concatenate([part[axis] for part in parts]) for axis in (0, 1))
            row.ring(x, y, self.theme, chosen)

    # -- answers ---------------------------------------------------------------------------------

    def describe(self, identity: Any) -> str:
        """A coefficient, or a half-year, in two lines."""
        if not isinstance(identity, tuple):
            row = int(identity)
            return describe(self._model, row, str(self._model.visible().reason[row]))
        _, band, place = identity
        found = self._half_years[band]
        one = found.summary[place]
        name = band_name(band, self._model.rows.wavelength_nm(band))
        return tr("Half-year {name}, {band}: mean A_k {mean} ± {half} (n = {count})").format(
            name=found.name[place], band=name, mean=number(one.mean, 4), count=one.count,
            half=number(self._model.errors * one.sem, 4),
        ) + "\n" + tr("± {} standard errors").format(self._model.errors)  # fmt: skip

    def columns(self) -> Mapping[str, AnyArray]:
        """All coefficients of the bands and sites that are shown, with what became of each."""
        if self._model.inputs is None:
            return {}
        visible, model = self._model.chosen(), self._model
        own = visible.shown & model.rows.in_bands(model.bands)
        columns = {key: values[own] for key, values in export_columns(model.rows).items()}
        counted = visible.counted[own]
        return {**columns, "counts": counted, "reason_shown": visible.reason[own]}
