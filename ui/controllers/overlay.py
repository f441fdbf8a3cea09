# SPDX-License-Identifier: GPL-3.0-or-later
"""Marks over the map that are no layers: samples as points, and pixels of rasters as a picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from qgis.core import Qgis, QgsCsException, QgsPointXY, QgsRectangle
from qgis.gui import QgsMapCanvasItem, QgsRubberBand
from qgis.PyQt.QtCore import QObject
from qgis.PyQt.QtGui import QColor, QImage

from ...core.report import palette
from ...core.types import BoolArray, FloatArray
from ..tasks import single_shot
from .map import MapLink

REST_MS = 150  # after the view has moved
VEIL = 165  # alpha of the white over all that is not shown: the pixels that are keep to themselves
Places = tuple[FloatArray, FloatArray]  # longitudes and latitudes, degrees
Extent = tuple[float, float, float, float]  # left, bottom, right, top
# Gets the CRS (WKT) of the view, its extent and its size, and tells the picture.
Asked = Callable[[str, Extent, tuple[int, int]], None]


class PointMarks(QObject):
    """Shows samples as circles, and the pixel that is drawn as a box."""

    def __init__(self, link: MapLink) -> None:
        super().__init__()
        self._link = link
        self._bands: dict[str, QgsRubberBand] = {}
        self._places: Places | None = None
        self._place = (float("nan"), float("nan"))

    def show(self, places: Places | None) -> None:
        """Mark these places; None takes the marks away."""
        self._places = places
        pairs = [] if places is None else list(zip(*places, strict=True))
        self._put("samples", QgsRubberBand.IconType.ICON_CIRCLE, 7, pairs)

    def mark(self, longitude: float, latitude: float) -> None:
        """Mark the pixel that is drawn; NaN takes the mark away."""
        self._place = (longitude, latitude)
        pairs = [] if longitude != longitude else [self._place]
        self._put("pixel", QgsRubberBand.IconType.ICON_BOX, 16, pairs)

    def points(self, name: str) -> list[QgsPointXY]:
        """Where the marks of ``samples`` or ``pixel`` are, in the map's coordinates."""
        band = self._bands.get(name)
        return [] if band is None else [
            QgsPointXY(band.getPoint(0, at)) for at in range(band.numberOfVertices())
        ]  # fmt: skip

    def redraw(self) -> None:
        """The map has another coordinate system."""
        self.show(self._places)
        self.mark(*self._place)

    def close(self) -> None:
        """Take everything away."""
        for band in self._bands.values():
            self._link.canvas.scene().removeItem(band)
        self._bands.clear()

    def _put(self, name: str, icon: Any, size: int, places: list[Any]) -> None:
        if name not in self._bands:
            if not places:
                return
            self._bands[name] = self._band(icon, size)
        band = self._bands[name]
        band.reset(Qgis.GeometryType.Point)
        transform, points = self._link.transform(), []
        for place in places:
            try:
                points.append(transform.transform(QgsPointXY(*map(float, place))))
            except QgsCsException:  # beside the map
                continue
        for number, point in enumerate(points, start=1):
            band.addPoint(point, number == len(points))  # the last one gives the band its room

    def _band(self, icon: Any, size: int) -> QgsRubberBand:
        """Dark on a light edge: seen on classes of any color."""
        band = QgsRubberBand(self._link.canvas, Qgis.GeometryType.Point)
        band.setIcon(icon)
        band.setIconSize(size)
        band.setWidth(2)
        band.setStrokeColor(QColor(palette.INK))
        band.setSecondaryStrokeColor(QColor(palette.PAPER))
        return band


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
            room = self.boundingRect()  # with an edge of one pixel around what the item covers
            painter.drawImage(room.adjusted(1, 1, -1, -1), self.image)


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
    pixels = np.full((rows, columns), _argb(palette.PAPER, VEIL), dtype=np.uint32)
    pixels[where] = _argb(palette.INK, 255)
    layout = QImage.Format.Format_ARGB32
    image = QImage(pixels.tobytes(), columns, rows, 4 * columns, layout)
    return image.copy()  # the bytes are gone afterwards


def _argb(color: str, alpha: int) -> int:
    return (alpha << 24) | (int(color.removeprefix("#"), 16))
