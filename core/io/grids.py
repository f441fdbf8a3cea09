# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the pixels of a raster lie on the ground, and which of them surround a place."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import lru_cache
from math import cos, floor, isfinite, radians

import numpy as np
from osgeo import gdal, ogr, osr

from ..errors import InputError, ProductError
from ..types import AnyArray, FloatArray
from .geometries import reference_of

Geotransform = tuple[float, float, float, float, float, float]
METERS_PER_DEGREE = 111_195.0


@dataclass(frozen=True)
class Grid:
    """A raster's pixels on the ground: north-up ``geotransform``, ``wkt`` of its CRS, size in
    pixels.
    """

    wkt: str
    geotransform: Geotransform
    width: int
    height: int

    @property
    def pixel_width(self) -> float:
        """Size of a pixel from west to east, in CRS units (positive)."""
        return abs(self.geotransform[1])

    @property
    def pixel_height(self) -> float:
        """Size of a pixel from north to south, in CRS units (positive)."""
        return abs(self.geotransform[5])

    def pixel_m(self) -> float:
        """Size of a pixel in the middle of the raster, in meters: mean of both directions."""
        left, bottom, right, top = self.bounds()
        latitude = 0.0
        if not _units(self.wkt):
            latitude = unproject(self.wkt, (left + right) / 2.0, (bottom + top) / 2.0)[1]
        east, north = _meters(self.wkt, latitude)
        return (self.pixel_width * east + self.pixel_height * north) / 2.0

    def reference(self) -> osr.SpatialReference:
        """The CRS as OGR knows it, x before y."""
        return reference_of(self.wkt)

    @property
    def unit(self) -> str:
        """The unit of coordinates: ``°``, ``m``, or the name that the CRS gives it."""
        reference = self.reference()
        if reference.IsGeographic():
            return "°"
        return "m" if reference.GetLinearUnits() == 1.0 else str(reference.GetLinearUnitsName())

    def bounds(self) -> tuple[float, float, float, float]:
        """Outer edges as (left, bottom, right, top) in CRS units."""
        left, width, _, top, _, height = self.geotransform
        right, bottom = left + width * self.width, top + height * self.height
        return (min(left, right), min(top, bottom), max(left, right), max(top, bottom))

    def position(self, longitude: float, latitude: float) -> tuple[float, float]:
        """A place (degrees, WGS 84) in fractional (column, row); infinite where the CRS has no
        such place.
        """
        x, y = project(self.wkt, longitude, latitude)
        left, width, _, top, _, height = self.geotransform
        return (x - left) / width, (y - top) / height

    def contains(self, longitude: float, latitude: float) -> bool:
        """Whether a place (degrees, WGS 84) lies on the raster."""
        column, row = self.position(longitude, latitude)
        return 0 <= column < self.width and 0 <= row < self.height

    def ring(self) -> tuple[tuple[float, float], ...]:
        """The corners as a closed ring of (longitude, latitude), degrees WGS 84."""
        left, bottom, right, top = self.bounds()
        corners = ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))
        return tuple(unproject(self.wkt, x, y) for x, y in corners)


@dataclass(frozen=True)
class Frame:
    """The pixels of a grid around a place, clipped to the raster.

    ``row_distance_m`` (rows,) and ``column_distance_m`` (columns,): distance of the pixel centers
    from the place along each axis; ``expected``: how many pixels the window would have if the
    raster had no edge.
    """

    column_off: int
    row_off: int
    row_distance_m: FloatArray
    column_distance_m: FloatArray
    expected: int


def frame_around(
    grid: Grid, longitude: float, latitude: float, half_width_m: float, circular: bool = False
) -> Frame | None:
    """The pixels whose center lies within ``half_width_m`` of a place; None where there is none.

    Distances are measured in the CRS of the grid (a geographic one is converted by the length of
    a degree at that latitude). A window smaller than a pixel takes the pixel that holds the place.
    """
    column, row = grid.position(longitude, latitude)
    if not (isfinite(column) and isfinite(row)):
        return None
    unit_x, unit_y = _meters(grid.wkt, latitude)
    columns, aside = _axis(column, grid.pixel_width * unit_x, half_width_m)
    rows, along = _axis(row, grid.pixel_height * unit_y, half_width_m)
    expected = len(columns) * len(rows)
    if circular:
        expected = int(np.count_nonzero(np.hypot.outer(along, aside) <= half_width_m)) or 1
    keep_columns = (columns >= 0) & (columns < grid.width)
    keep_rows = (rows >= 0) & (rows < grid.height)
    if not keep_columns.any() or not keep_rows.any():
        return None
    return Frame(
        int(columns[keep_columns][0]),
        int(rows[keep_rows][0]),
        along[keep_rows],
        aside[keep_columns],
        expected,
    )


def grid_of(dataset: gdal.Dataset, name: str) -> Grid:
    """The grid of an opened raster; raises ``ProductError`` where it is rotated or has none."""
    geotransform = dataset.GetGeoTransform(can_return_null=True)
    wkt = dataset.GetProjection() or _later_wkt(dataset)
    if geotransform is not None and not wkt:
        raise ProductError(
            f"{name} has no coordinate system, only the place of its pixels in an unknown one: "
            "assign it (gdal_edit -a_srs)."
        )
    if geotransform is None:
        raise ProductError(f"{name} has no georeferencing. Get the product again.")
    if geotransform[2] or geotransform[4]:
        raise ProductError(f"{name} is rotated; only north-up rasters can be used. Warp it first.")
    return Grid(wkt, tuple(geotransform), dataset.RasterXSize, dataset.RasterYSize)


def _later_wkt(dataset: gdal.Dataset) -> str:
    """The CRS in the form of 2019: GDAL has no older one for projected CRS of three dimensions, and
    by its version and settings gives nothing instead.
    """
    reference = dataset.GetSpatialRef()
    return str(reference.ExportToWkt(["FORMAT=WKT2_2019"])) if reference is not None else ""


def grid_from_epsg(epsg: int, geotransform: Geotransform, width: int, height: int) -> Grid:
    """A grid whose CRS is known by its EPSG code."""
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(epsg)
    return Grid(reference.ExportToWkt(), geotransform, width, height)


def pixel_size_m(grid: Grid) -> float:
    """The mean side of a pixel in meters, in the middle of ``grid``."""
    east, north = pixel_sides_m(grid)
    return (east + north) / 2.0


def pixel_sides_m(grid: Grid) -> tuple[float, float]:
    """The sides of a pixel from west to east and from north to south in meters, in the middle of
    ``grid``.
    """
    left, bottom, right, top = grid.bounds()
    _, latitude = unproject(grid.wkt, (left + right) / 2.0, (bottom + top) / 2.0)
    unit_x, unit_y = _meters(grid.wkt, latitude)
    return grid.pixel_width * unit_x, grid.pixel_height * unit_y


def project(wkt: str, longitude: float, latitude: float) -> tuple[float, float]:
    """A place (degrees, WGS 84) in the CRS ``wkt``; infinite where the CRS has no such place."""
    return _transform(_transformation(wkt, forward=True), longitude, latitude)


def project_shape(wkt: str, shape: bytes) -> ogr.Geometry:
    """A geometry (well-known binary, degrees WGS 84) in the CRS ``wkt``.

    Raises ``InputError`` where it is damaged or has parts that the CRS cannot show.
    """
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        geometry = ogr.CreateGeometryFromWkb(shape)
        good = geometry is not None and geometry.Transform(_transformation(wkt, True)) == 0
    except RuntimeError:
        good = False
    finally:
        gdal.PopErrorHandler()
    if not good:
        raise InputError(
            "A polygon of the sites cannot be brought into the coordinate system of the rasters: "
            "it is damaged or too far away. Repair it, or leave it out."
        )
    return geometry


def unproject(wkt: str, x: float, y: float) -> tuple[float, float]:
    """A place in the CRS ``wkt`` as (longitude, latitude), degrees WGS 84."""
    return _transform(_transformation(wkt, forward=False), x, y)


def transform_points(
    wkt: str, other: str, x: FloatArray, y: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Places (n,) in the CRS ``wkt`` in the CRS ``other``; infinite where it has no such place.
    Raises ``ProductError`` where the two cannot be joined.
    """
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        moved = _joined(wkt, other, threading.get_ident()).TransformPoints(
            np.column_stack([x, y]).tolist()
        )
    except RuntimeError as error:
        raise ProductError(
            "Two rasters lie in coordinate systems that cannot be joined. Warp one to the "
            "coordinate system of the other."
        ) from error
    finally:
        gdal.PopErrorHandler()
    places = np.asarray(moved, dtype=np.float64).reshape(-1, 3)
    return places[:, 0], places[:, 1]


@lru_cache(maxsize=64)
def _joined(wkt: str, other: str, thread: int) -> osr.CoordinateTransformation:
    return osr.CoordinateTransformation(reference_of(wkt), reference_of(other))


@lru_cache(maxsize=256)
def same_crs(first: str, second: str) -> bool:
    """Whether two CRS are the same."""
    return first == second or bool(reference_of(first).IsSame(reference_of(second)))


def _axis(position: float, step_m: float, half_width_m: float) -> tuple[AnyArray, FloatArray]:
    """Pixel indices along one axis and the distance of their centers from ``position``."""
    reach = half_width_m / step_m
    # A place in the middle of a pixel must see as many pixels on both sides in spite of rounding.
    first, last = int(np.ceil(position - reach - 0.5 - 1e-9)), floor(position + reach - 0.5 + 1e-9)
    if last < first:
        return np.array([floor(position)], dtype=np.int64), np.array([0.0])
    indices = np.arange(first, last + 1, dtype=np.int64)
    return indices, np.minimum(np.abs(indices + 0.5 - position) * step_m, half_width_m)


@lru_cache(maxsize=256)
def _units(wkt: str) -> float:
    """Meters per unit of a projected CRS; 0 for a geographic one."""
    reference = reference_of(wkt)
    return 0.0 if reference.IsGeographic() else float(reference.GetLinearUnits())


def _meters(wkt: str, latitude: float) -> tuple[float, float]:
    unit = _units(wkt)
    if unit:
        return unit, unit
    return METERS_PER_DEGREE * max(cos(radians(latitude)), 1e-6), METERS_PER_DEGREE


def _transformation(wkt: str, forward: bool) -> osr.CoordinateTransformation:
    # One object must not be used by two threads at once: each thread has its own.
    return _transformation_of(wkt, forward, threading.get_ident())


@lru_cache(maxsize=256)
def _transformation_of(wkt: str, forward: bool, thread: int) -> osr.CoordinateTransformation:
    geographic = osr.SpatialReference()
    geographic.ImportFromEPSG(4326)
    geographic.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    pair = (geographic, reference_of(wkt)) if forward else (reference_of(wkt), geographic)
    return osr.CoordinateTransformation(*pair)


def _transform(
    transformation: osr.CoordinateTransformation, first: float, second: float
) -> tuple[float, float]:
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        x, y, _ = transformation.TransformPoint(float(first), float(second))
    except RuntimeError:
        return float("inf"), float("inf")
    finally:
        gdal.PopErrorHandler()
    return float(x), float(y)
