# SPDX-License-Identifier: GPL-3.0-or-later
"""Follows the mouse on the map, whatever tool is in use, and outlines pixels there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qgis.core import Qgis, QgsCsException, QgsPointXY
from qgis.gui import QgsRubberBand
from qgis.PyQt.QtCore import QObject
from qgis.PyQt.QtGui import QColor

from ...core.report import palette
from ..tasks import single_shot
from .map import Clicked, MapLink, PickTool

REST_MS = 40  # the mouse has come to rest
Moved = Callable[[float, float], None]
Ring = Sequence[tuple[float, float]]


class HoverTool(QObject):
    """While it is on, ``moved`` gets where the mouse rests and ``clicked`` where it is pressed
    (degrees); ``released`` is called when the map goes to another tool.
    """

    def __init__(
        self, link: MapLink, moved: Moved, clicked: Clicked, released: Callable[[], None]
    ) -> None:
        super().__init__()
        self._link, self._moved = link, moved
        self._picks = PickTool(link, clicked, released)
        self._at: QgsPointXY | None = None
        self._on = False
        self.rest = single_shot(REST_MS, self.flush, self)
        self._current: QgsRubberBand | None = None
        self._kept: list[QgsRubberBand] = []

    def set_on(self, on: bool) -> None:
        """Follow the mouse, or let it go; outlines of what was kept stay until ``clear``."""
        if on != self._on:
            self._on = on
            signal = self._link.canvas.xyCoordinates
            (signal.connect if on else signal.disconnect)(self._move)
        if not on:
            self.rest.stop()
            self.outline([])
        self._picks.set_on(on)

    def flush(self) -> None:
        """Tell at once where the mouse is."""
        self.rest.stop()
        if self._at is None or not self._on:
            return
        try:
            place = self._link.transform(inverse=True).transform(self._at)
        except QgsCsException:  # beside the world
            return
        self._moved(place.x(), place.y())

    def outline(self, ring: Ring) -> None:
        """Outline the pixel under the mouse; none where ``ring`` is empty."""
        if self._current is None:
            self._current = self._band(3)
        self._draw(self._current, ring)

    def keep(self, ring: Ring) -> None:
        """Outline a pixel that stays."""
        band = self._band(2)
        self._draw(band, ring)
        self._kept.append(band)

    def clear(self) -> None:
        """Take all outlines away."""
        bands = [*self._kept, self._current]
        for band in bands:
            if band is not None:
                self._link.canvas.scene().removeItem(band)
        self._kept, self._current = [], None

    def _move(self, point: QgsPointXY) -> None:
        self._at = QgsPointXY(point)
        self.rest.start()

    def _band(self, width: int) -> QgsRubberBand:
        band = QgsRubberBand(self._link.canvas, Qgis.GeometryType.Polygon)
        band.setWidth(width)
        band.setStrokeColor(QColor(palette.REDDISH_PURPLE))
        band.setSecondaryStrokeColor(QColor(palette.PAPER))
        band.setFillColor(QColor(0, 0, 0, 0))
        return band

    def _draw(self, band: QgsRubberBand, ring: Ring) -> None:
        band.reset(Qgis.GeometryType.Polygon)
        transform = self._link.transform()
        for place in ring:
            try:
                band.addPoint(transform.transform(QgsPointXY(*place)))
            except QgsCsException:
                return
