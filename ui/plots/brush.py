# SPDX-License-Identifier: GPL-3.0-or-later
"""A rectangle that is drawn over a plot with the mouse."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from qgis.PyQt.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QRubberBand

LEAST = 4  # pixels: a shorter way is a click
EVENTS = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonRelease)


class Brush(QObject):
    """Draws rectangles over ``view`` while it is ``on``, or with the Shift key.

    Signals: ``brushed`` with a rectangle of the scene and whether it adds to what is selected (the
    Ctrl key), ``pressed`` with the place of a click, which the plot does not see then.
    """

    brushed = pyqtSignal(object, bool)
    pressed = pyqtSignal(object)

    def __init__(self, view: pg.GraphicsLayoutWidget) -> None:
        super().__init__(view)
        self.on = False
        self._view = view
        self._start: QPoint | None = None
        self._band = QRubberBand(QRubberBand.Shape.Rectangle, view.viewport())
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the left button while a rectangle is wanted."""
        kind = event.type()
        if kind not in EVENTS:
            return False
        if kind == QEvent.Type.MouseButtonPress:
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            if event.button() == Qt.MouseButton.LeftButton and (self.on or shift):
                self._start = event.pos()
        if self._start is None:
            return False
        if kind == QEvent.Type.MouseMove:
            self._band.setGeometry(QRect(self._start, event.pos()).normalized())
            self._band.show()
        elif kind == QEvent.Type.MouseButtonRelease:
            self._release(event)
        return True

    def _release(self, event: Any) -> None:
        start, end = self._start, event.pos()
        self._start = None
        self._band.hide()
        if (end - start).manhattanLength() < LEAST:
            self.pressed.emit(self._view.mapToScene(end))
            return
        box = QRectF(self._view.mapToScene(start), self._view.mapToScene(end)).normalized()
        more = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        self.brushed.emit(box, more)
