# SPDX-License-Identifier: GPL-3.0-or-later
"""Vector masks (GML) of Sentinel-2 before baseline 04.00: polygons by kind or detector.

Coordinates are those of the tile's own CRS.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from osgeo import ogr

from ...errors import ProductError
from ..grids import Grid
from .xmltree import Xml

_DETECTOR = re.compile(r"detector_footprint-B\w{2}-(\d{2})-\d+")


@dataclass(frozen=True)
class MaskPolygon:
    """One polygon: its ``kind`` (OPAQUE, DETECTOR_FOOTPRINT ...), ``detector`` (0: none)."""

    kind: str
    detector: int
    shape: ogr.Geometry


def mask_polygons(document: Xml) -> list[MaskPolygon]:
    """All polygons of a mask; raises ``ProductError`` where one of them is damaged."""
    found = []
    for feature in document.all("MaskFeature"):
        kind = feature.text("maskType", "")
        # The identifier is in a namespace of its own, whose address differs between versions.
        match = next((m for m in map(_DETECTOR.search, feature.attributes()) if m), None)
        for polygon in feature.all("Polygon"):
            shape = ogr.Geometry(ogr.wkbPolygon)
            rings = [*polygon.all("exterior"), *polygon.all("interior")]
            for ring in rings:
                shape.AddGeometry(_ring(ring))
            if rings:
                found.append(MaskPolygon(kind, int(match[1]) if match else 0, shape))
    return found


def together(polygons: Sequence[MaskPolygon], grid: Grid) -> ogr.Geometry:
    """Polygons of one tile as one collection in the CRS of ``grid``, to be burnt at once."""
    whole = ogr.Geometry(ogr.wkbMultiPolygon)
    for one in polygons:
        whole.AddGeometry(one.shape)
    whole.AssignSpatialReference(grid.reference())
    return whole


def _ring(node: Xml) -> ogr.Geometry:
    listed = node.first("posList")
    numbers = listed.own_text().split() if listed else []
    size = int(listed.attribute("srsDimension", "2")) if listed else 2
    try:
        corners = np.array([float(text) for text in numbers]).reshape(-1, size)
    except ValueError as error:
        raise ProductError(
            f"{node.where}: a polygon of the mask is damaged. Get the product again."
        ) from error
    ring = ogr.Geometry(ogr.wkbLinearRing)
    for x, y in corners[:, :2].tolist():
        ring.AddPoint_2D(x, y)
    return ring
