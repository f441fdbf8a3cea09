# SPDX-License-Identifier: GPL-3.0-or-later
"""Areas of a raster as polygons, with their true area."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from osgeo import gdal, ogr, osr

from ..types import AnyArray, BoolArray
from .geometries import wgs84
from .grids import Grid

_STEPS = 20.0  # into which the longer side of an outline is cut before it is bent to another CRS


@dataclass(frozen=True)
class Outline:
    """``shape``: well-known binary of a polygon in degrees (WGS 84); ``area_km2`` on the ellipsoid;
    ``longitude``, ``latitude`` of its center: the centroid, or a point inside where that is not.
    """

    shape: bytes
    area_km2: float
    longitude: float
    latitude: float


def outline_of(inside: BoolArray, place: tuple[slice, slice], grid: Grid) -> Outline:
    """The outline of the area ``inside`` (rows, columns) at ``place`` (rows, columns) of ``grid``.

    Pixels that touch by their corners only are no one area. The area is that of the outline in an
    equal-area projection (Lambert) about its center, whatever the CRS of the grid.
    """
    shape = _traced(inside, place, grid)
    west, east, south, north = shape.GetEnvelope()
    shape.Segmentize(max(east - west, north - south) / _STEPS)
    shape.TransformTo(wgs84())
    center = shape.Centroid()
    if not shape.Contains(center):
        center = shape.PointOnSurface()
    longitude, latitude = center.GetX(), center.GetY()
    return Outline(
        bytes(shape.ExportToWkb(ogr.wkbNDR)), _area_km2(shape, longitude, latitude),
        longitude, latitude,
    )  # fmt: skip


def _traced(inside: AnyArray, place: tuple[slice, slice], grid: Grid) -> ogr.Geometry:
    """The outline of ``inside``, whose upper left pixel is at ``place`` of ``grid``."""
    rows, columns = inside.shape
    left, width, _, top, _, height = grid.geotransform
    raster = gdal.GetDriverByName("MEM").Create("", columns, rows, 1, gdal.GDT_Byte)
    corner = (left + place[1].start * width, top + place[0].start * height)
    raster.SetGeoTransform((corner[0], width, 0.0, corner[1], 0.0, height))
    raster.SetProjection(grid.wkt)
    band = raster.GetRasterBand(1)
    band.WriteArray(inside.astype(np.uint8))
    source = ogr.GetDriverByName("Memory").CreateDataSource("")
    layer = source.CreateLayer("areas", grid.reference(), ogr.wkbPolygon)
    gdal.Polygonize(band, band, layer, -1)
    shapes = [feature.GetGeometryRef().Clone() for feature in layer]
    return max(shapes, key=lambda one: one.GetArea())


def _area_km2(shape: ogr.Geometry, longitude: float, latitude: float) -> float:
    flat = osr.SpatialReference()
    flat.ImportFromProj4(f"+proj=laea +lat_0={latitude!r} +lon_0={longitude!r} +ellps=WGS84")
    flat.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    copy = shape.Clone()
    copy.TransformTo(flat)
    return float(copy.GetArea()) / 1e6


__all__ = ["Outline", "outline_of"]
