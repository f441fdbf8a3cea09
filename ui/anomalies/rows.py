# SPDX-License-Identifier: GPL-3.0-or-later
"""The items of one row of the time axis: made once, filled anew at every change."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor

from ...core.types import AnyArray, FloatArray
from ..plots import items
from ..plots.marks import Marks
from ..theme import Theme, faint
from .model import MOST_SITES
from .names import type_color, type_symbol

SIZE, LEAST_GLYPH, MORE_GLYPH, RING = 6, 8.0, 4.0, 15
NONE = np.empty(0)
FAR = 1e6  # of lines from edge to edge


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
