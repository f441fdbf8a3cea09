# SPDX-License-Identifier: GPL-3.0-or-later
"""Points of several colors and symbols that are collected before they are drawn in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyqtgraph as pg
from qgis.PyQt.QtGui import QColor

from ...core.types import AnyArray, FloatArray
from . import items
from .quick_points import QuickPoints

NONE = np.empty(0)
Mark = tuple[str, str, float]  # color, symbol, size (pixels)


@dataclass
class Marks:
    """Points that are collected before they are drawn in one go: lists of arrays (n,), ``which``
    holds numbers of ``kinds``.
    """

    x: list[FloatArray] = field(default_factory=list)
    y: list[FloatArray] = field(default_factory=list)
    which: list[AnyArray] = field(default_factory=list)
    kinds: dict[Mark, int] = field(default_factory=dict)

    def add(
        self, x: FloatArray, y: FloatArray, color: AnyArray, symbol: AnyArray, size: FloatArray
    ) -> None:
        """Collect points (n,), each with a mark of its own; those without a finite value are left
        out.
        """
        kinds = list(zip(color.tolist(), symbol.tolist(), size.tolist(), strict=True))
        places = {kind: place for place, kind in enumerate(dict.fromkeys(kinds))}
        self.add_kinds(x, y, list(places), np.array([places[kind] for kind in kinds], np.int64))

    def add_kinds(
        self, x: FloatArray, y: FloatArray, kinds: Sequence[Mark], which: AnyArray
    ) -> None:
        """The same, quicker: each point has the mark of its number in ``which`` (n,)."""
        good = np.isfinite(x) & np.isfinite(y)
        numbers = [self.kinds.setdefault(kind, len(self.kinds)) for kind in kinds]
        self.x.append(x[good])
        self.y.append(y[good])
        self.which.append(np.array(numbers, dtype=np.int64)[which[good]])

    def put(self, item: QuickPoints, edge: QColor | None, hollow: bool = False) -> None:
        """Draw them as ``item``: filled with an ``edge`` (None: of their own color), or
        ``hollow``. Above ``MAX_POINTS`` every k-th is drawn.
        """
        x, y = _joined(self.x), _joined(self.y)
        rows = items.thinned(np.arange(len(x)))
        if not len(rows):
            items.put_points(item, NONE, NONE, None, None)
            return
        looks = [
            (
                symbol, size, pg.mkPen(QColor(color) if edge is None or hollow else edge),
                pg.mkBrush(None if hollow else QColor(color)),
            )
            for color, symbol, size in self.kinds
        ]  # fmt: skip
        item.put(x[rows], y[rows], looks, _joined(self.which)[rows])


def _joined(parts: list[AnyArray]) -> AnyArray:
    return np.concatenate(parts) if parts else NONE
