# SPDX-License-Identifier: GPL-3.0-or-later
"""Reference polygons in the CRS of a raster: brought there, placed, compared with one another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from osgeo import ogr

from ..classification.classes import label_texts
from ..errors import InputError
from ..table import Table
from ..types import AnyArray, BoolArray, FloatArray
from .geometries import polygon
from .grids import Grid, pixel_sides_m, project_shape
from .rasters import quiet

_KINDS = (ogr.wkbPolygon, ogr.wkbMultiPolygon, ogr.wkbCurvePolygon, ogr.wkbMultiSurface)
NO_GEOMETRY, NO_POLYGON, DAMAGED = "no geometry", "neither a polygon nor a point", "damaged"
NO_CRS = "no coordinate system, and coordinates that are no degrees"
ASSIGN_CRS = (
    "The layer has no coordinate system: assign the one that it was drawn in (Assign projection in "
    "the toolbox, or ogr2ogr -a_srs EPSG:32631)."
)


def in_raster_crs(shape: bytes | None, grids: Sequence[Grid]) -> tuple[bytes, str]:
    """A polygon (well-known binary, degrees WGS 84) in the CRS of ``grids``, and "" or why it
    cannot be used. A point becomes the pixel (of the first of ``grids``) that holds it.
    """
    if not shape:
        return b"", NO_GEOMETRY
    try:
        outline = project_shape(grids[0].wkt, shape)
    except InputError:
        return b"", DAMAGED if _in_degrees(shape) else NO_CRS
    kind = ogr.GT_Flatten(outline.GetGeometryType())
    if outline.IsEmpty():
        return b"", NO_GEOMETRY
    if kind == ogr.wkbPoint:
        return _pixel_at(outline.GetX(), outline.GetY(), grids), ""
    if kind not in _KINDS:
        return b"", NO_POLYGON
    outline.FlattenTo2D()
    surface = _valid(outline.GetLinearGeometry())
    return (b"", DAMAGED) if surface is None else (bytes(surface.ExportToWkb(ogr.wkbNDR)), "")


def zone_parts(
    table: Table, name: str, grids: Sequence[Grid]
) -> tuple[dict[str, list[bytes]], int]:
    """The polygons (well-known binary, in the CRS of ``grids``) of each zone, by the column
    ``name``, and how many rows have no name or no polygon.

    Raises ``TableError`` where the column is not there, ``InputError`` where no row has both.
    """
    found: dict[str, list[bytes]] = {}
    unusable = 0
    names = label_texts(table, name).tolist()
    shapes = table.geometry if table.geometry is not None else [None] * len(names)
    for zone, one in zip(names, shapes, strict=True):
        shape, reason = in_raster_crs(one, grids)
        if reason == NO_CRS:
            raise InputError(f"{table.name} cannot be placed on the map. {ASSIGN_CRS}")
        if reason or not zone:
            unusable += 1
        else:
            found.setdefault(zone, []).append(shape)
    if not found:
        raise InputError(
            f"{table.name} has no polygon with a name in '{name}': no zones. Give a layer of "
            "polygons and the column of their names."
        )
    return found, unusable


def _in_degrees(shape: bytes) -> bool:
    """Whether coordinates can be degrees; those that are not come of layers without a CRS."""
    with quiet():
        try:
            outline = ogr.CreateGeometryFromWkb(shape)
        except RuntimeError:
            outline = None
    if outline is None or outline.IsEmpty():
        return True
    west, east, south, north = outline.GetEnvelope()
    return bool(max(-west, east) <= 360.0 and max(-south, north) <= 90.0)


def _valid(outline: ogr.Geometry) -> ogr.Geometry | None:
    """The outline without crossings of itself, None where no surface is left."""
    with quiet():
        made = outline if outline.IsValid() else outline.MakeValid()
    if made is None or made.IsEmpty():
        return None
    if ogr.GT_Flatten(made.GetGeometryType()) != ogr.wkbGeometryCollection:
        return made if ogr.GT_Flatten(made.GetGeometryType()) in _KINDS else None
    parts = ogr.Geometry(ogr.wkbMultiPolygon)  # lines and points come beside surfaces
    for part in made:
        for one in part if part.GetGeometryName() == "MULTIPOLYGON" else [part]:
            if one.GetGeometryName() == "POLYGON":
                parts.AddGeometry(one)
    return None if parts.IsEmpty() else parts


def _pixel_at(x: float, y: float, grids: Sequence[Grid]) -> bytes:
    """The outline of the pixel that holds a point; beside the rasters of one on their grid."""
    on = [grid for grid in grids if _holds(grid.bounds(), x, y)]
    left, width, _, top, _, height = (on or list(grids))[0].geotransform
    west = left + np.floor((x - left) / width) * width
    north = top + np.floor((y - top) / height) * height
    east, south = west + width, north + height
    return polygon([(west, north), (east, north), (east, south), (west, south), (west, north)])


def _holds(bounds: tuple[float, float, float, float], x: float, y: float) -> bool:
    left, bottom, right, top = bounds
    return left <= x < right and bottom < y <= top


def centroids(shapes: Sequence[bytes]) -> tuple[FloatArray, FloatArray]:
    """Coordinates x and y (n,) of the centers of polygons (well-known binary)."""
    centers = [ogr.CreateGeometryFromWkb(shape).Centroid() for shape in shapes]
    x, y = [one.GetX() for one in centers], [one.GetY() for one in centers]
    return np.array(x, dtype=np.float64), np.array(y, dtype=np.float64)


def near_pairs(shapes: Sequence[bytes], distance_m: float, grid: Grid) -> AnyArray:
    """Pairs (k, 2) of places of polygons that are closer than ``distance_m`` (m) from edge to edge.

    Shapes are well-known binary in the CRS of ``grid``. Of a geographic one, degrees are turned
    into meters at the middle of the raster.
    """
    east, north = pixel_sides_m(grid)
    scale = (east / grid.pixel_width, north / grid.pixel_height)
    outlines = [_scaled(shape, scale) for shape in shapes]
    boxes = np.array([one.GetEnvelope() for one in outlines], dtype=np.float64).reshape(-1, 4)
    found: list[tuple[int, int]] = []
    for one in range(len(outlines) - 1):
        for other in one + 1 + np.flatnonzero(_near(boxes[one], boxes[one + 1 :], distance_m)):
            if outlines[one].Distance(outlines[other]) < distance_m:
                found.append((one, int(other)))
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def _near(box: FloatArray, others: FloatArray, distance: float) -> BoolArray:
    aside = np.maximum(others[:, 0] - box[1], box[0] - others[:, 1])
    along = np.maximum(others[:, 2] - box[3], box[2] - others[:, 3])
    return np.asarray(np.hypot(np.maximum(aside, 0.0), np.maximum(along, 0.0)) < distance)


def _scaled(shape: bytes, scale: tuple[float, float]) -> ogr.Geometry:
    outline = ogr.CreateGeometryFromWkb(shape)
    if np.allclose(scale, 1.0, atol=1e-9):
        return outline
    parts = [outline] if outline.GetGeometryType() == ogr.wkbPolygon else list(outline)
    for ring in (ring for part in parts for ring in part):
        for at in range(ring.GetPointCount()):
            ring.SetPoint_2D(at, ring.GetX(at) * scale[0], ring.GetY(at) * scale[1])
    return outline


def largest_overlap(shapes: Sequence[bytes], areas: Sequence[bytes]) -> tuple[AnyArray, BoolArray]:
    """The place of the area that holds the largest part of each polygon, -1 where none holds any,
    and whether it lies in several; all well-known binary in one CRS, (n,).
    """
    outlines = [ogr.CreateGeometryFromWkb(area) for area in areas]
    boxes = np.array([one.GetEnvelope() for one in outlines], dtype=np.float64).reshape(-1, 4)
    best, several = np.full(len(shapes), -1), np.zeros(len(shapes), dtype=np.bool_)
    for row, shape in enumerate(shapes):
        own = ogr.CreateGeometryFromWkb(shape)
        box = np.array(own.GetEnvelope())
        there = np.flatnonzero(_near(box, boxes, 1e-12 + np.abs(box).max() * 1e-12))
        common = [(_common_area(own, outlines[at]), -int(at)) for at in there]
        common = [one for one in common if one[0] > 0.0]
        if common:
            best[row], several[row] = -max(common)[1], len(common) > 1
    return best, several


def _common_area(one: ogr.Geometry, other: ogr.Geometry) -> float:
    if other.Contains(one):
        return float(one.GetArea())
    shared = one.Intersection(other)
    # Of points and lines, where they only touch, GDAL says that they have no area.
    return 0.0 if shared is None or shared.GetDimension() < 2 else float(shared.GetArea())
