# SPDX-License-Identifier: GPL-3.0-or-later
"""The map as the panels use it: moved to a place, flashed there, and clicked at a site."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsDistanceArea,
    QgsGeometry,
    QgsMapLayer,
    QgsPointXY,
    QgsProject,
    QgsVectorLayer,
)
from qgis.gui import QgsMapToolEmitPoint
from qgis.PyQt.QtCore import QObject

from ...core.io.grids import METERS_PER_DEGREE

GEOGRAPHIC, ELLIPSOID = "EPSG:4326", "EPSG:7030"
REACH_PIXELS = 15
MARGIN = 0.1  # of the view: a place nearer to its border counts as out of sight

# Longitude, latitude (degrees), and the reach of the click on the ground (degrees of latitude).
Clicked = Callable[[float, float, float], None]


class MapLink(QObject):
    """The canvas of QGIS in degrees of longitude and latitude, whatever its own system is."""

    def __init__(self, iface: Any) -> None:
        super().__init__()
        self._iface = iface

    @property
    def canvas(self) -> Any:
        """The main map."""
        return self._iface.mapCanvas()

    def show_place(self, longitude: float, latitude: float, move: bool = True) -> bool:
        """Flash a place, and first move the map there (at its scale) where it is out of sight or
        near the border of the view. False where the place is not known or not on this map.
        """
        if not (np.isfinite(longitude) and np.isfinite(latitude)):
            return False
        try:
            point = self.transform().transform(QgsPointXY(longitude, latitude))
        except QgsCsException:  # a pole, say, in a map that has none
            return False
        canvas = self.canvas
        if move and not self._in_sight(point):
            canvas.setCenter(point)
            canvas.refresh()
        canvas.flashGeometries(
            [QgsGeometry.fromPointXY(point)], canvas.mapSettings().destinationCrs()
        )
        return True

    def show_layer(self, layer: QgsMapLayer) -> None:
        """Move the map to a whole layer."""
        canvas = self.canvas
        crs = canvas.mapSettings().destinationCrs()
        try:
            extent = QgsCoordinateTransform(
                layer.crs(), crs, QgsProject.instance()
            ).transformBoundingBox(layer.extent())
        except QgsCsException:
            return
        extent.scale(1.1)
        canvas.setExtent(extent)
        canvas.refresh()

    def show_selected(self, layer: QgsVectorLayer) -> None:
        """Move the map to what is selected in ``layer``, and flash it."""
        rows = layer.selectedFeatureIds()
        if rows:
            self.canvas.panToFeatureIds(layer, rows, False)
            self.canvas.flashFeatureIds(layer, rows)

    def _in_sight(self, point: QgsPointXY) -> bool:
        """Whether ``point`` is well inside of the view; pixels know of a rotated map."""
        canvas = self.canvas
        place = canvas.getCoordinateTransform().transform(point)
        across, down = place.x() / max(canvas.width(), 1), place.y() / max(canvas.height(), 1)
        return all(MARGIN <= share <= 1 - MARGIN for share in (across, down))

    def transform(self, inverse: bool = False) -> QgsCoordinateTransform:
        """From degrees to the map's system, or back."""
        crs = self.canvas.mapSettings().destinationCrs()
        ends = (QgsCoordinateReferenceSystem(GEOGRAPHIC), crs)
        return QgsCoordinateTransform(*(reversed(ends) if inverse else ends), QgsProject.instance())


class PickTool(QObject):
    """Takes clicks on the map while it is on; ``clicked`` gets where they are, ``released`` is
    called when the map goes to another tool.
    """

    def __init__(self, link: MapLink, clicked: Clicked, released: Callable[[], None]) -> None:
        super().__init__()
        self._link, self._clicked, self._released = link, clicked, released
        self._tool: QgsMapToolEmitPoint | None = None

    def set_on(self, on: bool) -> None:
        """Take clicks on the map, or give the map back to the tool it had."""
        canvas = self._link.canvas
        if on and self._tool is None:
            self._tool = QgsMapToolEmitPoint(canvas)
            self._tool.canvasClicked.connect(self._click)
            self._tool.deactivated.connect(self._released)
        if on:
            canvas.setMapTool(self._tool)
        elif self._tool is not None:
            canvas.unsetMapTool(self._tool)

    def _click(self, point: QgsPointXY, _button: Any) -> None:
        transform = self._link.transform(inverse=True)
        reach = REACH_PIXELS * self._link.canvas.mapUnitsPerPixel()
        aside = (point.x() + reach, point.y()), (point.x(), point.y() + reach)
        try:
            here = transform.transform(point)
            there = [transform.transform(QgsPointXY(*one)) for one in aside]
        except QgsCsException:  # beside the world
            return
        # A map that is stretched (degrees far from the equator) reaches as far as its longer side.
        meters = max(_ruler().measureLine(here, one) for one in there)
        self._clicked(here.x(), here.y(), meters / METERS_PER_DEGREE)


def _ruler() -> QgsDistanceArea:
    """Measures on the ground between places in degrees."""
    ruler = QgsDistanceArea()
    ruler.setSourceCrs(
        QgsCoordinateReferenceSystem(GEOGRAPHIC), QgsProject.instance().transformContext()
    )
    ruler.setEllipsoid(ELLIPSOID)
    return ruler
