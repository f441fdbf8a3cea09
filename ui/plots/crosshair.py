# SPDX-License-Identifier: GPL-3.0-or-later
"""A vertical line through all plots at the place of the mouse."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from qgis.PyQt.QtCore import QObject

RATE = 33  # times a second, at most


class Crosshair(QObject):
    """Follows the mouse over ``plots``, which share their x axis."""

    def __init__(self, view: pg.GraphicsLayoutWidget, plots: list[pg.PlotItem]) -> None:
        super().__init__(view)
        self._plots = plots
        self.lines = []
        for plot in plots:
            line = pg.InfiniteLine(angle=90)
            line.setZValue(-5)
            line.setVisible(False)
            plot.addItem(line, ignoreBounds=True)
            self.lines.append(line)
        self._proxy = pg.SignalProxy(
            view.scene().sigMouseMoved, rateLimit=RATE, slot=lambda args: self.move(args[0])
        )

    def paint(self, pen: Any) -> None:
        """The pen of the lines."""
        for line in self.lines:
            line.setPen(pen)

    def move(self, position: Any) -> None:
        """The mouse is at ``position`` of the scene."""
        boxes = [plot.getViewBox() for plot in self._plots if plot.isVisible()]
        box = next((one for one in boxes if one.sceneBoundingRect().contains(position)), None)
        for line in self.lines:
            line.setVisible(box is not None)
            if box is not None:
                line.setPos(box.mapSceneToView(position).x())
