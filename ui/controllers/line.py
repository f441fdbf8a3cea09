# SPDX-License-Identifier: GPL-3.0-or-later
"""A line drawn on the map, which stays there, and a mark that follows a place of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qgis.core import Qgis, QgsCsException, QgsPointXY
from qgis.gui import QgsMapTool, QgsRubberBand, QgsVertexMarker
from qgis.PyQt.QtCore import QObject, Qt
from qgis.PyQt.QtGui import QColor, QKeyEvent

from ...core.report import palette
from .map import REACH_PIXELS, MapLink

Drawn = Callable[[list[float], list[float]], None]
PIECES = 32  # of each stretch: a straight line of the map is none in degrees


class LineTool(QgsMapTool):
    """Takes the vertices of a line: left clicks add one, a right or double click ends it,
    Backspace takes the last one away and Escape all.
    """

    def __init__(
        self, link: MapLink, changed: Callable[[list[QgsPointXY]], None],
        ended: Callable[[list[QgsPointXY]], None],
    ) -> None:  # fmt: skip
        super().__init__(link.canvas)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._changed, self._ended = changed, ended
        self.vertices: list[QgsPointXY] = []

    def canvasReleaseEvent(self, event: Any) -> None:
        """Add a vertex, or end the line."""
        if event.button() == Qt.MouseButton.LeftButton:
            point = QgsPointXY(event.mapPoint())
            if not self.vertices or point != self.vertices[-1]:
                self.vertices.append(point)
            self._changed(self.vertices)
        elif event.button() == Qt.MouseButton.RightButton:
            self._end()

    def canvasMoveEvent(self, event: Any) -> None:
        """Show the line as it would be."""
        if self.vertices:
            self._changed([*self.vertices, QgsPointXY(event.mapPoint())])

    def canvasDoubleClickEvent(self, _event: Any) -> None:
        """End the line: its last vertex came with the first of both clicks."""
        self._end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take vertices away."""
        if event.key() == Qt.Key.Key_Escape:
            self.vertices.clear()
        elif event.key() == Qt.Key.Key_Backspace and self.vertices:
            self.vertices.pop()
        else:
            return
        event.ignore()  # so that QGIS does not take Backspace for the removal of a layer's feature
        self._changed(self.vertices)

    def deactivate(self) -> None:
        """A line that was not ended is none."""
        self.vertices.clear()
        super().deactivate()

    def _end(self) -> None:
        vertices, self.vertices = self.vertices, []
        if len(vertices) > 1:
            self._ended(vertices)


class LineOnMap(QObject):
    """Draws a line with the mouse (``drawn`` gets longitudes and latitudes), shows it, and marks
    places; ``hovered`` gets longitude, latitude and reach (degrees) of the mouse on the map while
    there is a line; ``released`` is called when the map goes to another tool.
    """

    def __init__(
        self,
        link: MapLink,
        drawn: Drawn,
        hovered: Callable[[float, float, float], bool],
        released: Callable[[], None],
    ) -> None:
        super().__init__()
        self._link, self._drawn, self._hovered, self._released = link, drawn, hovered, released
        self._tool: LineTool | None = None
        self._band: QgsRubberBand | None = None
        self._marker: QgsVertexMarker | None = None
        self._line: tuple[list[float], list[float]] | None = None
        self._following = False

    def set_on(self, on: bool) -> None:
        """Take clicks on the map, or give the map back to the tool it had."""
        canvas = self._link.canvas
        if on and self._tool is None:
            self._tool = LineTool(self._link, self._sketch, self._end)
            self._tool.deactivated.connect(self._let_go)
        if on:
            canvas.setMapTool(self._tool)
            canvas.setFocus()
        elif self._tool is not None:
            canvas.unsetMapTool(self._tool)

    def show(self, line: tuple[list[float], list[float]] | None) -> None:
        """Show a line (longitudes, latitudes; degrees), or take it away."""
        self._line = line
        self._follow(line is not None)
        self.mark(float("nan"), float("nan"))
        transform = self._link.transform()
        points = []
        for place in zip(*line, strict=True) if line is not None else ():
            try:
                points.append(transform.transform(QgsPointXY(*place)))
            except QgsCsException:  # beside the map
                continue
        self._sketch(points)

    def redraw(self) -> None:
        """The map has another coordinate system."""
        self.show(self._line)

    def mark(self, longitude: float, latitude: float) -> None:
        """Mark a place; NaN takes the mark away."""
        if self._marker is None:
            if longitude != longitude:
                return
            self._marker = QgsVertexMarker(self._link.canvas)
            self._marker.setIconType(QgsVertexMarker.IconType.ICON_CIRCLE)
            self._marker.setIconSize(14)
            self._marker.setPenWidth(3)
            self._marker.setColor(QColor(palette.REDDISH_PURPLE))
        self._marker.setVisible(longitude == longitude)
        if longitude == longitude:
            try:
                place = self._link.transform().transform(QgsPointXY(longitude, latitude))
            except QgsCsException:
                self._marker.setVisible(False)
                return
            self._marker.setCenter(place)

    def close(self) -> None:
        """Take everything away."""
        self._follow(False)
        self.set_on(False)
        for item in (self._band, self._marker):
            if item is not None:
                self._link.canvas.scene().removeItem(item)
        self._band, self._marker = None, None

    def _follow(self, on: bool) -> None:
        if on != self._following:
            self._following = on
            signal = self._link.canvas.xyCoordinates
            (signal.connect if on else signal.disconnect)(self._move)

    def _move(self, point: QgsPointXY) -> None:
        reach = REACH_PIXELS * self._link.canvas.mapUnitsPerPixel()
        transform = self._link.transform(inverse=True)
        try:
            here = transform.transform(point)
            there = transform.transform(QgsPointXY(point.x(), point.y() + reach))
        except QgsCsException:
            return
        near = self._hovered(here.x(), here.y(), abs(there.y() - here.y()))
        if not near:
            self.mark(float("nan"), float("nan"))

    def _sketch(self, points: list[QgsPointXY]) -> None:
        if self._band is None:
            self._band = QgsRubberBand(self._link.canvas, Qgis.GeometryType.Line)
            self._band.setWidth(3)
            self._band.setStrokeColor(QColor(palette.REDDISH_PURPLE))
            self._band.setSecondaryStrokeColor(QColor(palette.PAPER))
        self._band.reset(Qgis.GeometryType.Line)
        for point in points:
            self._band.addPoint(point)

    def _end(self, vertices: list[QgsPointXY]) -> None:
        transform = self._link.transform(inverse=True)
        places = []
        for point in _dense(vertices):
            try:
                places.append(transform.transform(point))
            except QgsCsException:
                continue
        self._drawn([one.x() for one in places], [one.y() for one in places])

    def _let_go(self) -> None:
        self.redraw()  # a line that was begun is given up, the one before comes back
        self._released()


def _dense(vertices: list[QgsPointXY]) -> list[QgsPointXY]:
    """Points along the line, so that its stretches stay where they are on the map."""
    points = [vertices[0]]
    for start, end in zip(vertices[:-1], vertices[1:], strict=True):
        for piece in range(1, PIECES + 1):
            share = piece / PIECES
            points.append(
                QgsPointXY(
                    start.x() + share * (end.x() - start.x()),
                    start.y() + share * (end.y() - start.y()),
                )
            )
    return points
