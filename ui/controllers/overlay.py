# SPDX-License-Identifier: GPL-3.0-or-later
"""Marks over the map that are no layers: samples as points, and pixels of rasters as a picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from qgis.core import Qgis, QgsCsException, QgsPointXY, QgsRectangle
from qgis.gui import QgsMapCanvasItem, QgsRubberBand, QgsVertexMarker
from qgis.PyQt.QtCore import QObject, QRectF
from qgis.PyQt.QtGui import QColor, QImage

from ...core.report import palette
from ...core.types import BoolArray, FloatArray
from ..tasks import single_shot
from .map import MapLink

REST_MS = 150  # after the view has moved
MARK_COLOR = QColor(palette.REDDISH_PURPLE)
ALPHA = 200  # of the pixels of a picture
Places = tuple[FloatArray, FloatArray]  # longitudes and latitudes, degrees
Extent = tuple[float, float, float, float]  # left, bottom, right, top
# Gets the CRS (WKT) of the view, its extent and its size, and tells the picture.
Asked = Callable[[str, Extent, tuple[int, int]], None]


class PointMarks(QObject):
    """Shows places, and one among them or beside them as a circle."""

    def __init__(self, link: MapLink) -> None:
        super().__init__()
        self._link = link
        self._band: QgsRubberBand | None = None
        self._marker: QgsVertexMarker | None = None
        self._places: Places | None = None
        self._place = (float("nan"), float("nan"))

    def show(self, places: Places | None) -> None:
        """Mark these places; None takes the marks away."""
        self._places = places
        if self._band is None:
            if places is None:
                return
            self._band = QgsRubberBand(self._link.canvas, Qgis.GeometryType.Point)
            self._band.setIcon(QgsRubberBand.IconType.ICON_CIRCLE)
            self._band.setIconSize(10)
            self._band.setWidth(3)
            self._band.setStrokeColor(MARK_COLOR)
            self._band.setSecondaryStrokeColor(QColor(palette.PAPER))
        self._band.reset(Qgis.GeometryType.Point)
        transform = self._link.transform()
        for place in zip(*places, strict=True) if places is not None else ():
            try:
                self._band.addPoint(transform.transform(QgsPointXY(*map(float, place))), False)
            except QgsCsException:  # beside the map
                continue
        self._band.updatePosition()
        self._band.update()

    def mark(self, longitude: float, latitude: float) -> None:
        """Mark the pixel that is drawn; NaN takes the mark away."""
        self._place = (longitude, latitude)
        if self._marker is None:
            if longitude != longitude:
                return
            self._marker = QgsVertexMarker(self._link.canvas)
            self._marker.setIconType(QgsVertexMarker.IconType.ICON_CROSS)
            self._marker.setIconSize(18)
            self._marker.setPenWidth(3)
            self._marker.setColor(MARK_COLOR)
        self._marker.setVisible(longitude == longitude)
        if longitude == longitude:
            try:
                point = self._link.transform().transform(QgsPointXY(longitude, latitude))
            except QgsCsException:
                self._marker.setVisible(False)
                return
            self._marker.setCenter(point)

    def redraw(self) -> None:
        """The map has another coordinate system."""
        self.show(self._places)
        self.mark(*self._place)

    def close(self) -> None:
        """Take everything away."""
        for item in (self._band, self._marker):
            if item is not None:
                self._link.canvas.scene().removeItem(item)
        self._band, self._marker = None, None


class Picture(QgsMapCanvasItem):
    """A picture over the part of the map that it was made for."""

    def __init__(self, canvas: Any) -> None:
        super().__init__(canvas)
        self.image: QImage | None = None
        self._place = QgsRectangle()
        self.setZValue(50.0)

    def put(self, image: QImage | None, place: QgsRectangle) -> None:
        """Show ``image`` over a part of the map, in its coordinates."""
        self.image, self._place = image, place
        self.updatePosition()
        self.update()

    def updatePosition(self) -> None:
        """The view has moved."""
        self.setRect(self._place)

    def paint(self, painter: Any, _option: Any = None, _widget: Any = None) -> None:
        """Draw the picture."""
        if self.image is not None:
            room = self.boundingRect()
            painter.drawImage(QRectF(1, 1, room.width() - 2, room.height() - 2), self.image)


class PixelMarks(QObject):
    """Shows pixels as a picture of the view that is asked for anew when the view has moved."""

    def __init__(self, link: MapLink, asked: Asked) -> None:
        super().__init__()
        self._link, self._asked = link, asked
        self._picture: Picture | None = None
        self._on = False
        self.rest = single_shot(REST_MS, self.ask, self)

    @property
    def image(self) -> QImage | None:
        """The picture that is shown."""
        return None if self._picture is None else self._picture.image

    def set_on(self, on: bool) -> None:
        """Follow the view, or take the picture away."""
        if on != self._on:
            self._on = on
            signal = self._link.canvas.extentsChanged
            (signal.connect if on else signal.disconnect)(self.rest.start)
        if on:
            self.ask()
        elif self._picture is not None:
            self.rest.stop()
            self._picture.put(None, QgsRectangle())

    def ask(self) -> None:
        """Ask for the picture of the view as it is now."""
        canvas = self._link.canvas
        box = canvas.extent()
        place = (box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum())
        settings = canvas.mapSettings()
        size = settings.outputSize()
        wkt = settings.destinationCrs().toWkt()
        self._asked(wkt, place, (max(1, size.width()), max(1, size.height())))

    def put(self, where: BoolArray, place: Extent) -> None:
        """Show pixels (rows, columns) over a part of the map."""
        if not self._on:
            return
        if self._picture is None:
            self._picture = Picture(self._link.canvas)
        self._picture.put(_image(where), QgsRectangle(*place))

    def close(self) -> None:
        """Take everything away."""
        self.set_on(False)
        if self._picture is not None:
            self._link.canvas.scene().removeItem(self._picture)
            self._picture = None


def _image(where: BoolArray) -> QImage:
    rows, columns = where.shape
    red, green, blue, _ = MARK_COLOR.getRgb()
    pixels = np.zeros((rows, columns), dtype=np.uint32)
    pixels[where] = (ALPHA << 24) | (red << 16) | (green << 8) | blue
    image = QImage(pixels.tobytes(), columns, rows, 4 * columns, QImage.Format.Format_ARGB32)
    return image.copy()  # the bytes are gone afterwards
