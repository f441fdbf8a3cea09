# SPDX-License-Identifier: GPL-3.0-or-later
"""The mouse over plots: a ring and a line of text for the point under it, a signal for the point
clicked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pyqtgraph as pg
from qgis.PyQt.QtCore import QObject, Qt, pyqtSignal

from .nearest import Points, inside, pick

Describe = Callable[[Any], str]
RING_SIZE = 15


class Mouse(QObject):
    """Follows the mouse over ``view``; ``hovered`` carries the text of a point or "", ``clicked``
    its id.
    """

    hovered = pyqtSignal(str)
    clicked = pyqtSignal(object)

    def __init__(self, view: pg.GraphicsLayoutWidget, describe: Describe) -> None:
        super().__init__(view)
        self._view, self._describe = view, describe
        self._layers: list[Points] = []
        self._rings: dict[Any, pg.ScatterPlotItem] = {}
        view.scene().sigMouseMoved.connect(self.move)
        view.scene().sigMouseClicked.connect(self._click)

    def attach(self, plots: Sequence[pg.PlotItem]) -> None:
        """Put a hidden ring into each of ``plots``."""
        for plot in plots:
            ring = pg.ScatterPlotItem(size=RING_SIZE, brush=None)
            ring.setZValue(100)
            ring.setVisible(False)
            plot.addItem(ring, ignoreBounds=True)
            self._rings[plot] = ring

    def listen(self, layers: Sequence[Points]) -> None:
        """Answer for these points from now on."""
        self._layers = list(layers)
        self._hide()

    def paint(self, pen: Any) -> None:
        """The pen of the rings."""
        for ring in self._rings.values():
            ring.setPen(pen)

    def move(self, position: Any) -> None:
        """The mouse is at ``position`` of the scene."""
        found = pick(self._layers, position)
        if found is None:
            self._hide()
            self.hovered.emit("")
            return
        points, row = found
        for plot, ring in self._rings.items():
            ring.setVisible(plot is points.plot)
        self._rings[points.plot].setData([points.x[row]], [points.y[row]])
        self.hovered.emit(self._describe(points.ids[row]))

    def press(self, position: Any) -> None:
        """A click at ``position`` of the scene."""
        found = pick(self._layers, position)
        if found is not None:
            points, row = found
            self.clicked.emit(points.ids[row])

    def within(self, box: Any) -> list[Any]:
        """The ids of the points in a rectangle of the scene, each once."""
        return list(dict.fromkeys(one for layer in self._layers for one in inside(layer, box)))

    def _click(self, event: Any) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.press(event.scenePos())

    def _hide(self) -> None:
        for ring in self._rings.values():
            ring.setVisible(False)
