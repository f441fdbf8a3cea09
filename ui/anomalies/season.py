# SPDX-License-Identifier: GPL-3.0-or-later
"""Day of the year against year: where in the season a site is off its model, and in which years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from qgis.PyQt.QtCore import QLocale, QRectF
from qgis.PyQt.QtGui import QColor

from ...core.report import palette
from ...core.types import AnyArray, FloatArray, TimeArray
from ..plots import items
from ..plots.frame import PlotFrame
from ..plots.nearest import Points
from ..text import number, tr
from ..theme import mix
from ..widgets import choice_box
from .bands import band_box, offer_own_bands
from .model import SeriesModel
from .tracks import Track

BINS = 36
BIN_DAYS = 366.0 / BINS
MONTH_STARTS = (1, 32, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335)
Z, VALUE = "z", "value"
MOST_TICKS = 8


@dataclass(frozen=True)
class Cells:
    """Means of clear dates: ``years`` (y,), ``mean`` (y, bins) NaN where there is none, ``count``,
    and the row of the series that is farthest off in each cell (-1: none).
    """

    years: AnyArray
    mean: FloatArray
    count: AnyArray
    farthest: AnyArray

    @staticmethod
    def place_of(times: TimeArray) -> tuple[AnyArray, AnyArray]:
        """Year and bin (n,) of finite ``times``."""
        year = times.astype("datetime64[Y]")
        day = (times - year.astype(times.dtype)) / np.timedelta64(1, "D")
        return year.astype(int) + 1970, np.minimum((day / BIN_DAYS).astype(int), BINS - 1)


def cells_of(times: TimeArray, values: FloatArray, z: FloatArray) -> Cells:
    """Bin ``values`` (n,) of finite ``times`` (n,) by year and tens of days."""
    rows = np.flatnonzero(np.isfinite(values))
    number_of, bins = Cells.place_of(times[rows])
    years = np.arange(number_of.min(), number_of.max() + 1) if len(rows) else np.empty(0, int)
    shape = (len(years), BINS)
    count, total = np.zeros(shape, int), np.zeros(shape)
    farthest = np.full(shape, -1)
    place = (number_of - years[0], bins) if len(rows) else (number_of, bins)
    np.add.at(count, place, 1)
    np.add.at(total, place, values[rows])
    order = np.argsort(np.abs(np.nan_to_num(z[rows])), kind="stable")
    farthest[place[0][order], place[1][order]] = rows[order]  # the last one written is farthest
    mean = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return Cells(years, mean, count, farthest)


class SeasonImage(items.RampImage):
    """The image of the cells, with colors of signed differences or of values."""

    signed = True

    def ramp(self, dark: bool) -> list[QColor]:
        """Blue over the middle to vermillion for signed differences, viridis for values."""
        if not self.signed:
            return items.density_colors(True)
        low, _, high = (QColor(one) for one in palette.LOW_TO_HIGH)
        middle = QColor("#3A3A3A" if dark else "#F4F4F4")
        steps = np.linspace(-1.0, 1.0, 256)
        return [mix(middle, low if step < 0 else high, abs(step)) for step in steps]


class SeasonPlot(PlotFrame):
    """The heat map of the picked site; ``picked`` carries the row of the series."""

    name = "season"

    def __init__(self, model: SeriesModel) -> None:
        self._model = model
        self.cells = cells_of(np.empty(0, "datetime64[ms]"), np.empty(0), np.empty(0))
        super().__init__(tr("Season and years"))
        self.band_box = band_box()
        self.quantity_box = choice_box(tr("What the colors show"), tr("What the colors show"))
        self.quantity_box.addItem(tr("Residual (z)"), Z)
        self.quantity_box.addItem(tr("Value"), VALUE)
        for box in (self.band_box, self.quantity_box):
            box.activated.connect(lambda _index: self.draw())
            self.controls.addWidget(box)
        self.add_brush()
        self.plot = self.add_plot(tr("Year"), tr("Day of the year"))
        self.legend = self.add_legend(self.plot)
        self.image = SeasonImage(axisOrder="row-major")
        self.plot.addItem(self.image)
        self.legend.addItem(self.image, "")
        self.frames = items.add_curve(self.plot)
        self.ready()

    def draw(self) -> None:
        """Paint the picked site."""
        if not self._model.entries:
            self.listen([])
            return
        offer_own_bands(self.band_box, self._model)
        series = self._model.series()
        band = str(self.band_box.currentData() or series.bands[0])
        track = Track.of(series, band, 0, palette.ACCEPTED)
        self.title.setText(tr("Season of {}").format(series.site))
        if track is None:
            self.image.setVisible(False)
            self.listen([])
            return
        z = track.z(self._model.detection())
        signed = self.quantity_box.currentData() == Z
        values = np.where(series.clear, z if signed else track.values(), np.nan)
        self.cells = cells_of(series.times, values, z)
        self._paint(signed, band)
        self._ticks()
        self.show_selected()
        self.listen([self._points()])

    def show_selected(self) -> None:
        """Frames around the cells that hold selected dates."""
        cells, series = self.cells, self._model.series()
        rows = self._model.selected_rows(series.site)
        year, place = cells.place_of(series.times[rows])
        left, low = 1.0 + place * BIN_DAYS, year - 0.5
        # The four sides of each cell, as pairs of points.
        x = left[:, np.newaxis] + BIN_DAYS * np.array([0, 1, 1, 1, 1, 0, 0, 0])
        y = low[:, np.newaxis] + np.array([0, 0, 0, 1, 1, 1, 1, 0])
        pen = pg.mkPen(self.theme.picked, width=2.5)
        items.put_curve(self.frames, x.ravel(), y.ravel(), pen, pairs=True)

    def rows_of(self, identities: Sequence[Any]) -> list[int]:
        """The rows of the series that have a value in these cells."""
        series, cells = self._model.series(), self.cells
        year, place = cells.place_of(series.times)
        known = np.isin(year, cells.years) & series.clear
        ids = (year - (cells.years[0] if len(cells.years) else 0)) * BINS + place
        return np.flatnonzero(known & np.isin(ids, list(identities))).tolist()

    def _paint(self, signed: bool, band: str) -> None:
        cells = self.cells
        self.image.signed = signed
        self.image.setVisible(bool(len(cells.years)))
        if not len(cells.years):
            return
        low, high = self._range(signed, cells.mean)
        share = np.clip((cells.mean - low) / (high - low), 0.0, 1.0)
        table = np.array([color.getRgb()[:3] for color in self.image.ramp(self.theme.dark)])
        picked = table[np.rint(np.nan_to_num(share) * 255).astype(int)]
        alpha = np.where(np.isfinite(cells.mean), 255, 0)[..., np.newaxis]
        self.image.setImage(np.concatenate([picked, alpha], axis=2).astype(np.uint8), levels=None)
        first = float(cells.years[0]) - 0.5
        self.image.setRect(QRectF(1.0, first, BINS * BIN_DAYS, float(len(cells.years))))
        places = 1 if signed else 3
        what = f"z {band}" if signed else band
        ends = (number(low, places), number(high, places))
        self.legend.rename(self.image, tr("{}: {} to {}").format(what, *ends))
        self.arrange_legend()

    def _range(self, signed: bool, mean: FloatArray) -> tuple[float, float]:
        if signed:
            reach = 1.5 * self._model.sigmas()
            return -reach, reach
        low, high = np.nanpercentile(mean, [2.0, 98.0])
        return float(low), float(high if high > low else low + 1e-6)

    def _ticks(self) -> None:
        """Months below, whole years at the left."""
        locale = QLocale()
        names = [locale.standaloneMonthName(month, QLocale.FormatType.ShortFormat)
                 for month in range(1, 13)]  # fmt: skip
        pairs = list(zip(MONTH_STARTS, names, strict=True))
        rest = [pair for place, pair in enumerate(pairs) if place % 3]
        self.plot.getAxis("bottom").setTicks([pairs[::3], rest])
        years = [int(one) for one in self.cells.years]
        step = max(1, -(-len(years) // MOST_TICKS))
        self.plot.getAxis("left").setTicks([[(one, str(one)) for one in years[::step]]])

    def _points(self) -> Points:
        cells = self.cells
        year, place = np.nonzero(cells.farthest >= 0)
        x = 1.0 + (place + 0.5) * BIN_DAYS
        ids = year * BINS + place
        return Points(self.plot, x, cells.years[year].astype(float), ids)

    def row_of(self, identity: Any) -> int:
        """The row of the series that is farthest off in a cell."""
        return int(self.cells.farthest.ravel()[int(identity)])

    def describe(self, identity: Any) -> str:
        """The cell in two lines."""
        cells = self.cells
        year, place = divmod(int(identity), BINS)
        row = self.row_of(identity)
        day = str(self._model.series().times[row].astype("datetime64[D]"))
        signed = self.quantity_box.currentData() == Z
        first = tr("{year}, days {first} to {last}: mean {mean} of {count} clear dates").format(
            year=cells.years[year],
            first=int(place * BIN_DAYS) + 1,
            last=int((place + 1) * BIN_DAYS),
            mean=number(float(cells.mean[year, place]), 1 if signed else 3, signed),
            count=int(cells.count[year, place]),
        )
        return f"{first}\n" + tr("Click for the date that is farthest off: {}").format(day)

    def columns(self) -> Mapping[str, AnyArray]:
        """One row per cell with a value."""
        cells = self.cells
        year, place = np.nonzero(cells.count)
        return {
            "year": cells.years[year],
            "first_day": (place * BIN_DAYS).astype(int) + 1,
            "mean": cells.mean[year, place],
            "count": cells.count[year, place],
        }
