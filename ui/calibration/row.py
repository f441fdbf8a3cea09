# SPDX-License-Identifier: GPL-3.0-or-later
"""The items of one row of the time axis: made once, filled anew at every change."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor

from ...core.calibration.selection import HalfYears
from ...core.types import AnyArray, FloatArray
from ..names import mark_of
from ..plots import items
from ..plots.items import seconds
from ..plots.marks import Marks
from ..theme import Theme, faint

SIZE, HALF_YEAR_SIZE, RING, CHOSEN_RING = 6, 9, 10, 17
NONE = np.empty(0)
POINT_ALPHA, BAND_ALPHA, RING_ALPHA = 150, 60, 190


class BandItems:
    """What is computed of one band: its mean with errors, trend, and half-years."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self.edges = [items.add_curve(plot), items.add_curve(plot)]
        self.filled = pg.FillBetweenItem(*self.edges)
        self.filled.setZValue(-20)
        plot.addItem(self.filled, ignoreBounds=True)
        self.mean = items.add_curve(plot)
        self.trend = items.add_curve(plot)
        self.trend_edges = [items.add_curve(plot), items.add_curve(plot)]
        self.bars = items.add_curve(plot, bounds=True)
        self.half_years = items.add_points(plot, HALF_YEAR_SIZE, "d")
        for item in (self.mean, self.trend, self.bars, self.half_years):
            item.setZValue(20)

    def clear(self) -> None:
        """Show nothing."""
        for item in (*self.edges, self.mean, self.trend, *self.trend_edges, self.bars):
            items.put_curve(item, NONE, NONE, None)
        items.put_points(self.half_years, NONE, NONE, None, None)
        self.filled.setVisible(False)

    def put_mean(self, x: FloatArray, mean: float, half: float, color: QColor) -> None:
        """A level ``mean`` from ``x[0]`` to ``x[1]``, within ``half`` on both sides."""
        level = np.full(2, mean)
        items.put_curve(self.mean, x, level, pg.mkPen(color, width=2))
        known = bool(np.isfinite(half))
        for item, y in zip(self.edges, (level - half, level + half), strict=True):
            items.put_curve(item, x if known else NONE, y if known else NONE, None)
        self.filled.setBrush(pg.mkBrush(faint(color, BAND_ALPHA)))
        self.filled.setVisible(known)

    def put_trend(self, x: FloatArray, y: FloatArray, half: FloatArray, color: QColor) -> None:
        """A line (m,) within ``half`` (m,) on both sides."""
        dashes = pg.mkPen(color, width=2, style=Qt.PenStyle.DashLine)
        dots = pg.mkPen(faint(color, 200), width=1.2, style=Qt.PenStyle.DotLine)
        items.put_curve(self.trend, x, y, dashes)
        for item, edge in zip(self.trend_edges, (y - half, y + half), strict=True):
            items.put_curve(item, x, edge, dots)

    def put_half_years(
        self, found: HalfYears, errors: float, color: QColor, theme: Theme
    ) -> tuple[FloatArray, FloatArray]:
        """Diamonds (h,) with bars of ``errors`` standard errors; returns where they are."""
        x = seconds(found.time)
        y = np.array([one.mean for one in found.summary], dtype=np.float64)
        half = errors * np.array([one.sem for one in found.summary], dtype=np.float64)
        known = np.isfinite(half)
        ends = np.column_stack([y - half, y + half])[known].ravel()
        pen = pg.mkPen(theme.foreground, width=1.5)
        items.put_curve(self.bars, np.repeat(x[known], 2), ends, pen, pairs=True)
        items.put_points(self.half_years, x, y, pen, pg.mkBrush(color))
        return x, y


class TimeRow:
    """A row: coefficients that count and that do not, and what is computed of each band in it."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self.plot = plot
        self.one = pg.InfiniteLine(pos=1.0, angle=0)
        self.one.setZValue(-30)
        plot.addItem(self.one, ignoreBounds=True)
        self.rejected_item = items.add_points(plot, SIZE)
        self.counted_item = items.add_points(plot, SIZE)
        self.selected_item = items.add_points(plot, RING)
        self.chosen_item = items.add_points(plot, CHOSEN_RING)
        self.selected_item.setZValue(10)  # below what is computed
        self.chosen_item.setZValue(60)
        self.bands: dict[int, BandItems] = {}  # made when first needed
        self.counted, self.rejected = Marks(), Marks()

    def begin(self) -> None:
        """Forget the points that were shown."""
        self.counted, self.rejected = Marks(), Marks()

    def clear_figures(self) -> None:
        """Show nothing that was computed."""
        for band in self.bands.values():
            band.clear()

    def band(self, place: int) -> BandItems:
        """What is computed of the band at a ``place`` of those that are shown."""
        if place not in self.bands:
            self.bands[place] = BandItems(self.plot)
        return self.bands[place]

    def add(
        self, x: FloatArray, y: FloatArray, groups: AnyArray, color: QColor, rejected: bool
    ) -> None:
        """Points (n,) of one color, with the symbols of their ``groups`` (n,)."""
        marks = self.rejected if rejected else self.counted
        name = color.name(QColor.NameFormat.HexArgb)
        kinds = [
            (name, mark_of(place), float(SIZE)) for place in range(int(groups.max(initial=0)) + 1)
        ]
        marks.add_kinds(x, y, kinds, groups)

    def end(self, theme: Theme) -> None:
        """Draw what was collected."""
        self.one.setPen(pg.mkPen(theme.foreground, width=1))
        self.rejected.put(self.rejected_item, None, hollow=True)
        self.counted.put(self.counted_item, faint(theme.background, 120))

    def ring(self, x: FloatArray, y: FloatArray, theme: Theme, chosen: bool = False) -> None:
        """Rings around the points that are selected, or around the one that is looked at."""
        color = theme.foreground if chosen else faint(theme.picked, RING_ALPHA)
        pen = pg.mkPen(color, width=2 if chosen else 1.5)
        item = self.chosen_item if chosen else self.selected_item
        good = np.isfinite(x) & np.isfinite(y)
        items.put_points(item, x[good], y[good], pen, pg.mkBrush(None))
