# SPDX-License-Identifier: GPL-3.0-or-later
"""The time axis: bands or indices of one or more sites in rows over each other, their models, and
the residuals under them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import QCheckBox

from ...core.series.types import TimeSeries
from ...core.types import AnyArray, FloatArray, TimeArray
from ..names import mark_of
from ..plots import items
from ..plots.crosshair import Crosshair
from ..plots.frame import PlotFrame
from ..plots.items import seconds
from ..plots.nearest import Points
from ..text import MINUS, number, tr
from ..theme import faint, mix
from .export import track_columns
from .keys import Keys
from .model import MOST_BANDS, SeriesModel
from .readout import describe
from .rows import SIZE, Row
from .tracks import Track

STEP = np.timedelta64(4 * 86_400_000, "ms")  # of the drawn model
MOST_STEPS = 4_000
SHIFT = 32  # bits: an identity is the number of a track and the row in its series
ROW_SHARE, Z_SHARE = 4, 5  # the last row has the dates, too
TICK_DENSITY = 0.45  # of pyqtgraph's: the rows are low
FOLDED = (0.0, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0)  # ticks of the residuals


def folded(z: FloatArray) -> FloatArray:
    """Residuals on an axis that is linear around 0 and logarithmic far from it (inverse hyperbolic
    sine): both the limits and a cloud of 50 sigma can be read.
    """
    return np.arcsinh(z)


class Timeline(PlotFrame):
    """Rows of bands with a common date axis; the last row holds the residuals."""

    name = "time_series"
    legend_share = 0.33

    def __init__(self, model: SeriesModel) -> None:
        self._model = model
        self.tracks: list[Track] = []
        self._common: TimeArray = np.empty(0, dtype="datetime64[ms]")
        super().__init__(tr("Time series"))
        self.stacked_box = QCheckBox(tr("Stacked"))
        self.stacked_box.setChecked(True)
        self.stacked_box.setToolTip(
            tr("A row for each band, with all sites; otherwise all bands of the picked site in one")
        )
        self.controls.addWidget(self.stacked_box)
        self.add_brush()
        for _ in range(MOST_BANDS):
            self.add_plot("", "", dates=True)
        self.z_plot = self.add_plot(tr("z"), tr("Date (UTC)"), dates=True)
        self.link_rows(*[ROW_SHARE] * MOST_BANDS, Z_SHARE)
        self.show_plot(self.z_plot, True, Z_SHARE)
        self.view.ci.layout.setVerticalSpacing(2)
        for plot in self.plots:
            plot.getAxis("left").setTickDensity(TICK_DENSITY)
        self.rows = [Row(plot) for plot in self.plots]
        self.keys = Keys(self.add_legend(self.plots[0]))
        self.z_plot.getAxis("left").setTicks(_folded_ticks())
        self.zero = items.add_level(self.z_plot)
        self.limits = [items.add_level(self.z_plot), items.add_level(self.z_plot)]
        self.cross = Crosshair(self.view, self.plots)
        self.ready()

    # -- drawing ---------------------------------------------------------------------------------

    def draw(self) -> None:
        """Paint what the model shows."""
        if not self._model.entries:
            self.tracks = []
            self.listen([])
            return
        self.tracks = self._model.tracks()
        used = {track.row for track in self.tracks}
        for row, plot in enumerate(self.plots[:-1]):
            self.show_plot(plot, row in used, ROW_SHARE)
        self._name()
        self.cross.paint(pg.mkPen(faint(self.theme.foreground, 90)))
        for row in self.rows:
            row.begin()
        layers: list[Points] = []
        for place, track in enumerate(self.tracks):
            layers += self._draw_track(place, track)
        for row in self.rows:
            row.end(self.theme)
        self._draw_limits()
        self.show_common(self._common)
        self.show_chosen()
        self.show_selected()
        self.keys.show(self._model, self.tracks, self.theme)
        self.arrange_legend()
        self.listen(layers)

    def _name(self) -> None:
        model = self._model
        names = ", ".join(model.shown) if model.stacked else model.site
        self.title.setText(tr("Time series at {}").format(names))
        self.title.setToolTip(names)
        titles: dict[int, list[str]] = {}
        for track in self.tracks:
            if track.band not in titles.setdefault(track.row, []):
                titles[track.row].append(track.band)
        for row, bands in titles.items():
            self.name_axis(self.plots[row], "left", bands[0] if len(bands) == 1 else tr("Value"))

    def color(self, track: Track) -> QColor:
        """The color of a track on the background that there is."""
        color = QColor(track.color)
        return mix(color, QColor("#FFFFFF"), 0.35) if self.theme.dark else color

    def _draw_track(self, place: int, track: Track) -> list[Points]:
        model, series = self._model, track.series
        found = model.detection(series.site)
        color, row, bottom = self.color(track), self.rows[track.row], self.rows[-1]
        x, y, z = seconds(series.times), track.values(), folded(track.z(found))
        clear, masked = model.drawn(series.site)
        flagged = model.shown_anomalies(series.site)
        symbols, sizes = self._symbols(series), np.full(len(x), float(SIZE))
        own = np.full(len(x), color.name(), dtype=object)
        gray = np.full(len(x), self.theme.rejected.name(), dtype=object)
        for part, values in ((row, y), (bottom, z)):
            plain = clear & ~flagged
            part.clear.add(x[plain], values[plain], own[plain], symbols[plain], sizes[plain])
            part.masked.add(x[masked], values[masked], gray[masked], symbols[masked], sizes[masked])
            kinds, sure = found.type[flagged], found.confidence[flagged]
            part.add_anomalies(x[flagged], values[flagged], kinds, sure, self.theme)
        self._draw_model(track, color)
        seen = np.flatnonzero((clear | masked) & np.isfinite(y))
        ids = (place << SHIFT) + seen
        return [
            Points(self.plots[track.row], x[seen], y[seen], ids),
            Points(self.z_plot, x[seen], z[seen], ids),
        ]

    def _draw_model(self, track: Track, color: QColor) -> None:
        model, series = self._model, track.series
        found = model.detection(series.site)
        if not np.isfinite(found.coefficients[:, list(track.places)]).all() or len(series) < 2:
            return
        first, last = series.times.min(), series.times.max()
        step = max(STEP, (last - first) // MOST_STEPS)
        times = np.arange(first, last + step, step)
        x, (y, sigma) = seconds(times), track.model(found, times)
        row = self.rows[track.row]
        row.add_model(x, y, color)
        alone = model.stacked or len(self.tracks) == 1
        if series.site == model.site and alone and np.isfinite(sigma).all():
            reach = model.sigmas() * sigma
            row.add_band(x, y - reach, y + reach, color)

    def _symbols(self, series: TimeSeries) -> AnyArray:
        names = self._model.sensors()
        marks = {name: mark_of(place) for place, name in enumerate(names)}
        return np.array([marks[str(one)] for one in series.sensor], dtype=object)

    def _draw_limits(self) -> None:
        reach = float(np.arcsinh(self._model.sigmas()))
        dashes = pg.mkPen(self.theme.muted, style=Qt.PenStyle.DashLine)
        self.zero.setPen(pg.mkPen(self.theme.muted))
        for line, place in zip(self.limits, (-reach, reach), strict=True):
            line.setPos(place)
            line.setPen(dashes)

    def show_common(self, times: TimeArray) -> None:
        """Vertical marks at the dates on which several of the sites are off their models."""
        self._common = times
        pen = pg.mkPen(self.theme.picked, width=1.5, style=Qt.PenStyle.DotLine)
        for row in self.rows:
            row.mark_common(seconds(times), pen)
        self.keys.show_common(len(times), self.theme)
        self.arrange_legend()

    def show_chosen(self) -> None:
        """A line at the date that is looked at."""
        chosen = self._model.chosen
        x = None
        if chosen is not None:
            site, at = chosen
            x = float(seconds(self._model.series(site).times[at : at + 1])[0])
        pen = pg.mkPen(faint(self.theme.foreground, 200), width=1.5)
        for row in self.rows:
            row.choose(x, pen)

    def show_selected(self) -> None:
        """Rings around the observations that are selected."""
        parts: dict[int, list[tuple[FloatArray, FloatArray]]] = {}
        for track in self.tracks:
            rows = self._model.selected_rows(track.series.site)
            found = self._model.detection(track.series.site)
            x = seconds(track.series.times)[rows]
            parts.setdefault(track.row, []).append((x, track.values()[rows]))
            parts.setdefault(-1, []).append((x, folded(track.z(found))[rows]))
        for place, row in enumerate(self.rows):
            last = place == len(self.rows) - 1
            pairs = parts.get(-1 if last else place, [])
            x = np.concatenate([one for one, _ in pairs]) if pairs else np.empty(0)
            y = np.concatenate([one for _, one in pairs]) if pairs else np.empty(0)
            row.select(x, y, self.theme)

    # -- looking ---------------------------------------------------------------------------------

    def fit(self) -> None:
        """All dates; on the other axes all clear observations. What clouds do to masked ones would
        flatten the rest, so they may lie outside.
        """
        if not self.tracks:
            return
        dates = np.concatenate([seconds(track.series.times) for track in self.tracks])
        self.z_plot.getViewBox().setXRange(np.nanmin(dates), np.nanmax(dates), padding=0.02)
        for row, plot in enumerate(self.plots[:-1]):
            values = [self._clear(one, one.values()) for one in self.tracks if one.row == row]
            _set_range(plot, values)
        reach = 1.3 * self._model.sigmas()
        z = [self._clear(one, one.z(self._model.detection(one.series.site))) for one in self.tracks]
        _set_range(self.z_plot, [folded(one) for one in (*z, np.array([-reach, reach]))])

    def _clear(self, track: Track, values: FloatArray) -> FloatArray:
        return values[self._model.drawn(track.series.site)[0]]

    def locate(self, identity: Any) -> tuple[str, int]:
        """Site and row of the point ``identity``."""
        track = self.tracks[int(identity) >> SHIFT]
        return track.series.site, int(identity) & ((1 << SHIFT) - 1)

    def describe(self, identity: Any) -> str:
        """The observation in two lines."""
        site, row = self.locate(identity)
        return describe(self._model, site, row, self.tracks[int(identity) >> SHIFT])

    def columns(self) -> Mapping[str, AnyArray]:
        """What is drawn, masked observations with their reason."""
        return track_columns(self._model, self.tracks)


def _folded_ticks() -> list[list[tuple[float, str]]]:
    signed = sorted({sign * one for one in FOLDED for sign in (-1.0, 1.0)})
    pairs = [(float(np.arcsinh(one)), number(one, 0)) for one in signed]
    return [
        [pair for pair in pairs if pair[1].lstrip(MINUS) in ("0", "3", "30", "300")],
        [pair for pair in pairs if pair[1].lstrip(MINUS) in ("10", "100")],
    ]


def _set_range(plot: pg.PlotItem, values: Sequence[FloatArray]) -> None:
    every = np.concatenate(values) if values else np.empty(0)
    every = every[np.isfinite(every)]
    if len(every):
        low, high = float(every.min()), float(every.max())
        room = 0.1 * (high - low) or 0.02
        plot.getViewBox().setYRange(low - room, high + room, padding=0.0)
