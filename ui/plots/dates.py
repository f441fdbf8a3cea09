# SPDX-License-Identifier: GPL-3.0-or-later
"""The axis of dates: years and months that leave each other room in any font."""

from __future__ import annotations

import pyqtgraph as pg
from pyqtgraph.graphicsItems.DateAxisItem import MONTH_SPACING

from ...core.times import month_of

Levels = list[tuple[float, list[float]]]
STEPS = (1, 3, 6)  # months


class DateAxis(pg.DateAxisItem):
    """pyqtgraph's axis names every month between years, however little room there is."""

    def tickValues(self, minVal: float, maxVal: float, size: float) -> Levels:
        """Levels of (spacing, places), coarse ones first."""
        levels = super().tickValues(minVal, maxVal, size)
        return [
            (spacing, self._roomy(ticks) if spacing == MONTH_SPACING else ticks)
            for spacing, ticks in levels
        ]

    def _roomy(self, ticks: list[float]) -> list[float]:
        """Every month, every third or sixth, or none, as there is room for."""
        step = next((one for one in STEPS if one * MONTH_SPACING >= self.minSpacing), 0)
        return [one for one in ticks if step and (month_of(one) - 1) % step == 0]
