# SPDX-License-Identifier: GPL-3.0-or-later
"""Points of several colors and symbols that are collected before they are drawn in one go."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyqtgraph as pg
from qgis.PyQt.QtGui import QColor

from ...core.types import AnyArray, FloatArray
from . import items

NONE = np.empty(0)


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
