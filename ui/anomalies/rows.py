# SPDX-License-Identifier: GPL-3.0-or-later
"""The items of one row of the time axis: made once, filled anew at every change."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyqtgraph as pg
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor

from ...core.types import AnyArray, FloatArray
from ..plots import items
from ..theme import Theme, faint
from .model import MOST_SITES
from .names import type_color, type_symbol

SIZE, LEAST_GLYPH, MORE_GLYPH, RING = 6, 8.0, 4.0, 15
NONE = np.empty(0)
FAR = 1e6  # of lines from edge to edge


@dataclass
class Marks:
    """Points that are collected before they are drawn in one go (lists of arrays (n,))."""

    x: list[FloatArray] = field(default_factory=list)
    y: list[FloatArray] = field(default_factory=list)
    color: list[AnyArray] = field(default_factory=list)
    symbol: list[AnyArray] = field(default_factory=list)
    size: list[FloatArray] = field(default_factory=list)

    def add(
        self, x: FloatArray, y: FloatArray, color: AnyArray, symbol: AnyArray, size: FloatArray
    ) -> None:
        """Collect points; those without a finite value are left out."""
        good = np.isfinite(x) & np.isfinite(y)
        parts = (self.x, self.y, self.color, self.symbol, self.size)
        for part, values in zip(parts, (x, y, color, symbol, size), strict=True):
            part.append(np.asarray(values)[good])

    def put(self, item: pg.ScatterPlotItem, edge: QColor | None, hollow: bool = False) -> None:
        """Draw them as ``item``: filled with an ``edge`` (None: of their own color), or
        ``hollow``. Above ``MAX_POINTS`` every k-th is drawn.
        """
        x, y = _joined(self.x), _joined(self.y)
        rows = items.thinned(np.arange(len(x)))
        if not len(rows):
            items.put_points(item, NONE, NONE, None, None)
            return
        color, symbol = _joined(self.color)[rows], _joined(self.symbol)[rows]
        size = _joined(self.size)[rows]
        pens = {
            one: pg.mkPen(QColor(one) if edge is None or hollow else edge) for one in set(color)
        }
        brushes = {one: pg.mkBrush(None if hollow else QColor(one)) for one in set(color)}
        items.put_marks(
            item, x[rows], y[rows], _each(pens, color), _each(brushes, color), _plain(symbol),
            _plain(size),
        )  # fmt: skip


def _joined(parts: list[AnyArray]) -> AnyArray:
    return np.concatenate(parts) if parts else NONE


def _plain(values: AnyArray) -> object:
    """One value where all are the same, which is drawn much faster; else a list."""
    first = values[0]
    return first if (values == first).all() else values.tolist()


def _each(made: dict[str, object], keys: AnyArray) -> object:
    return next(iter(made.values())) if len(made) == 1 else [made[one] for one in keys]


class Row:
    """A row of the stack: model with its band, clear and masked observations, anomalies."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self.plot = plot
        self.edges = [items.add_curve(plot), items.add_curve(plot)]
        self.band = pg.FillBetweenItem(*self.edges)
        self.band.setZValue(-20)
        plot.addItem(self.band, ignoreBounds=True)
        self.common = items.add_curve(plot)
        self.common.setZValue(-15)
        self.masked_item = items.add_points(plot, SIZE)
        self.models = [items.add_curve(plot) for _ in range(MOST_SITES)]
        self.clear_item = items.add_points(plot, SIZE)
        self.anomaly_item = items.add_points(plot, SIZE)
        self.selected_item = items.add_points(plot, RING)
        self.selected_item.setZValue(50)
        self.chosen = pg.InfiniteLine(angle=90)
        self.chosen.setVisible(False)
        plot.addItem(self.chosen, ignoreBounds=True)
        self.clear, self.masked, self.anomalies = Marks(), Marks(), Marks()
        self._used = 0

    def begin(self) -> None:
        """Forget what was collected."""
        self.clear, self.masked, self.anomalies = Marks(), Marks(), Marks()
        self._used = 0
        for item in (*self.models, *self.edges):
            items.put_curve(item, NONE, NONE, None)
        self.band.setVisible(False)

    def add_model(self, x: FloatArray, y: FloatArray, color: QColor) -> None:
        """A line of the model."""
        if self._used < len(self.models):
            items.put_curve(self.models[self._used], x, y, pg.mkPen(color, width=1.5))
            self._used += 1

    def add_band(self, x: FloatArray, low: FloatArray, high: FloatArray, color: QColor) -> None:
        """The band around the model."""
        for item, y in zip(self.edges, (low, high), strict=True):
            items.put_curve(item, x, y, pg.mkPen(faint(color, 110), style=Qt.PenStyle.DashLine))
        self.band.setBrush(pg.mkBrush(faint(color, 38)))
        self.band.setVisible(True)

    def add_anomalies(
        self, x: FloatArray, y: FloatArray, kinds: AnyArray, confidence: FloatArray, theme: Theme
    ) -> None:
        """Glyphs by type, larger where the type is surer."""
        colors = np.array([type_color(one, theme).name() for one in kinds], dtype=object)
        symbols = np.array([type_symbol(one) for one in kinds], dtype=object)
        sizes = LEAST_GLYPH + MORE_GLYPH * np.nan_to_num(confidence)
        self.anomalies.add(x, y, colors, symbols, sizes)

    def end(self, theme: Theme) -> None:
        """Draw what was collected."""
        self.masked.put(self.masked_item, None, hollow=True)
        self.clear.put(self.clear_item, faint(theme.background, 150))
        self.anomalies.put(self.anomaly_item, theme.foreground)

    def mark_common(self, x: FloatArray, pen: object) -> None:
        """Vertical lines at the dates that sites share."""
        ends = np.tile([-FAR, FAR], len(x))
        items.put_curve(self.common, np.repeat(x, 2), ends, pen, pairs=True)

    def select(self, x: FloatArray, y: FloatArray, theme: Theme) -> None:
        """Rings around the observations that are selected."""
        good = np.isfinite(x) & np.isfinite(y)
        pen = pg.mkPen(theme.picked, width=2)
        items.put_points(self.selected_item, x[good], y[good], pen, pg.mkBrush(None))

    def choose(self, x: float | None, pen: object) -> None:
        """A vertical line at the date that is looked at."""
        self.chosen.setVisible(x is not None)
        self.chosen.setPen(pen)
        if x is not None:
            self.chosen.setPos(x)
