# SPDX-License-Identifier: GPL-3.0-or-later
"""Marks and lines that a legend shows for many points of the plots."""

from __future__ import annotations

import pyqtgraph as pg

from .legend import Legend


class LegendKeys:
    """Fills ``legend`` with marks (of ``size``) and lines, hidden until they are named."""

    def __init__(self, legend: Legend, size: int) -> None:
        self._legend, self._size = legend, size

    def _mark(self) -> pg.ScatterPlotItem:
        return self._added(pg.ScatterPlotItem(size=self._size))

    def _line(self) -> pg.PlotCurveItem:
        return self._added(pg.PlotCurveItem())

    def _added(self, item: pg.GraphicsObject) -> pg.GraphicsObject:
        self._legend.addItem(item, "")
        self._legend.set_shown(item, False)
        return item

    def _set(self, item: object, name: str) -> None:
        self._legend.set_shown(item, bool(name))
        if name:
            self._legend.rename(item, name)
