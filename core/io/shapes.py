# SPDX-License-Identifier: GPL-3.0-or-later
"""Points and polygons of sites, and the pixels of a raster that belong to each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from osgeo import gdal, ogr

from ..types import AnyArray, BoolArray, FloatArray
from .grids import Grid, frame_around, project_shape
from .rasters import Window, block_of, quiet
from .tables import polygon as polygon_of
from .tables import positions

POLYGONS = ("Polygon", "MultiPolygon")
_SURFACE = 2  # dimensions


@dataclass(frozen=True)
class Footprint:
    """The pixels of one site on one grid: ``inside`` (rows, columns) of the pixels of ``window``
    belong to it; ``expected``: how many would if the raster had no edge. ``note``: what is odd.
    """

    window: Window
    inside: BoolArray
    expected: int
    note: str = ""


def places(geometry: AnyArray) -> tuple[FloatArray, FloatArray, AnyArray, AnyArray]:
    """As ``tables.positions``, but polygons get a place too: a point inside them.

    Returns longitude, latitude, why a row has none, and the polygons as well-known binary (None
    for points), all (n,).
    """
    longitude, latitude, reasons = positions(geometry)
    polygons = np.empty(len(geometry), dtype=object)
    for row, reason in enumerate(reasons):
        if str(reason).replace("3D ", "").replace("Measured ", "") not in POLYGONS:
            continue
        shape = ogr.CreateGeometryFromWkb(bytes(geometry[row]))
        if shape is None or shape.IsEmpty():
            reasons[row] = "empty polygon"
            continue
        inner = shape.PointOnSurface()
        longitude[row], latitude[row] = inner.GetX(), inner.GetY()
        polygons[row], reasons[row] = bytes(geometry[row]), ""
    return longitude, latitude, reasons, polygons


def envelope(shape: bytes) -> tuple[float, float, float, float]:
    """West, south, east and north of a geometry (well-known binary)."""
    west, east, south, north = ogr.CreateGeometryFromWkb(shape).GetEnvelope()
    return west, south, east, north


def part_near(
    shape: bytes, ring: Sequence[tuple[float, float]], large_deg: float, margin_deg: float
) -> bytes | None:
    """A geometry (well-known binary, degrees), None where it does not touch the footprint ``ring``
    (longitude, latitude). Of one larger than ``large_deg`` only what lies within ``margin_deg`` of
    the footprint: the rest may lie where the CRS of a raster cannot show it.
    """
    outline = ogr.CreateGeometryFromWkb(shape)
    footprint = ogr.CreateGeometryFromWkb(polygon_of(ring))
    if not outline.Intersects(footprint):
        return None
    west, east, south, north = outline.GetEnvelope()
    if max(east - west, north - south) <= large_deg:
        return shape
    return bytes(outline.Intersection(footprint.Buffer(margin_deg)).ExportToWkb(ogr.wkbNDR))


def overlap(one: bytes, other: bytes) -> float:
    """The common area of two polygons (well-known binary) by that of the smaller one (0 to 1)."""
    first, second = (ogr.CreateGeometryFromWkb(shape) for shape in (one, other))
    smaller = min(first.GetArea(), second.GetArea())
    if smaller <= 0.0 or not first.Intersects(second):
        return 0.0
    common = first.Intersection(second)
    # Of points and lines, where they only touch, GDAL says that they have no area.
    return float(common.GetArea() / smaller) if common.GetDimension() == _SURFACE else 0.0


def joined(polygons: Sequence[bytes]) -> bytes:
    """Several polygons (well-known binary) as one."""
    if len(polygons) == 1:
        return polygons[0]
    whole = ogr.CreateGeometryFromWkb(polygons[0])
    for shape in polygons[1:]:
        whole = whole.Union(ogr.CreateGeometryFromWkb(shape))
    return bytes(whole.ExportToWkb(ogr.wkbNDR))


def footprint(
    grid: Grid,
    longitude: float,
    latitude: float,
    window_m: float = 0.0,
    polygon: bytes | None = None,
) -> Footprint | None:
    """The pixels of a site on ``grid``, None where it has none there.

    Of a ``polygon`` (well-known binary, degrees WGS 84): all pixels whose center lies inside it;
    where it is too small to hold any, the pixel at (``longitude``, ``latitude``), with a note. Of a
    point: the square of width ``window_m`` (m) around it, by centers; 0 is the pixel that holds it.
    """
    if polygon is not None:
        found = _polygon(grid, polygon)
        if found is not None or not grid.contains(longitude, latitude):
            return found
        small = footprint(grid, longitude, latitude)
        return small and Footprint(
            small.window, small.inside, small.expected, "holds no center of a pixel"
        )
    frame = frame_around(grid, longitude, latitude, window_m / 2.0)
    if frame is None:
        return None
    columns, rows = len(frame.column_distance_m), len(frame.row_distance_m)
    window = block_of(grid, frame.column_off, frame.row_off, columns, rows)
    return Footprint(window, np.ones((rows, columns), dtype=np.bool_), frame.expected)


def _polygon(grid: Grid, polygon: bytes) -> Footprint | None:
    shape = project_shape(grid.wkt, polygon)
    x0, x1, y0, y1 = shape.GetEnvelope()
    left, width, _, top, _, height = grid.geotransform
    columns = _span((x0 - left) / width, (x1 - left) / width, grid.width)
    rows = _span((y0 - top) / height, (y1 - top) / height, grid.height)
    if columns is None or rows is None:
        return None
    window = block_of(grid, columns[0], rows[0], columns[1] - columns[0] + 1, rows[1] - rows[0] + 1)
    inside = burnt(shape, window)
    count = int(np.count_nonzero(inside))
    if not count:
        return None
    bounds = grid.bounds()
    whole = bounds[0] <= x0 and bounds[1] <= y0 and x1 <= bounds[2] and y1 <= bounds[3]
    area = round(shape.GetArea() / (grid.pixel_width * grid.pixel_height))
    return Footprint(window, inside, count if whole else max(count, area))


def _span(first: float, last: float, size: int) -> tuple[int, int] | None:
    """First and last pixel that an interval (in pixels) touches on an axis of ``size`` pixels."""
    low, high = max(int(np.floor(min(first, last))), 0), int(np.floor(max(first, last)))
    high = min(high, size - 1)
    return (low, high) if low <= high else None


def from_wkb(shape: bytes) -> ogr.Geometry:
    """A geometry out of well-known binary."""
    return ogr.CreateGeometryFromWkb(shape)


def burnt(shape: ogr.Geometry, window: Window) -> BoolArray:
    """The pixels (rows, columns) of ``window`` whose center lies inside ``shape`` (in its CRS)."""
    rows, columns = window.shape
    raster = gdal.GetDriverByName("MEM").Create("", columns, rows, 1, gdal.GDT_Byte)
    raster.SetGeoTransform(window.geotransform)
    raster.SetProjection(window.grid.wkt)
    source = ogr.GetDriverByName("Memory").CreateDataSource("")
    layer = source.CreateLayer("shape", shape.GetSpatialReference(), ogr.wkbUnknown)
    feature = ogr.Feature(layer.GetLayerDefn())
    feature.SetGeometry(shape)
    layer.CreateFeature(feature)
    with quiet():  # of a shape that names no CRS GDAL warns that it takes it for the window's
        code = gdal.RasterizeLayer(raster, [1], layer, burn_values=[1])
    if code != gdal.CE_None:
        raise ValueError("a shape that GDAL cannot burn")
    return np.asarray(raster.ReadAsArray() == 1)
