# SPDX-License-Identifier: GPL-3.0-or-later
"""Small rasters and polygons with planted values, for the tests of samples."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal, ogr, osr

from calval_toolbox.core.io.geometries import polygon
from calval_toolbox.core.table import Table

LEFT, TOP, PIXEL = 368000.0, 4826000.0, 10.0
NODATA = -9999.0
Square = tuple[float, float, float, float]  # first column, first row, columns, rows (pixels)


def wkt(epsg: int = 32631) -> str:
    system = osr.SpatialReference()
    system.ImportFromEPSG(epsg)
    return str(system.ExportToWkt())


def write_raster(
    path: Path, bands: dict[str, Any], left: float = LEFT, top: float = TOP, tiled: bool = False
) -> str:
    """A raster with a band (rows, columns) for each name."""
    first = next(iter(bands.values()))
    rows, columns = first.shape
    options = ["TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=16"] if tiled else []
    driver = gdal.GetDriverByName("GTiff")
    made = driver.Create(str(path), columns, rows, len(bands), gdal.GDT_Float32, options)
    made.SetProjection(wkt())
    made.SetGeoTransform((left, PIXEL, 0.0, top, 0.0, -PIXEL))
    for number, (name, values) in enumerate(bands.items(), start=1):
        made.GetRasterBand(number).SetDescription(name)
        made.GetRasterBand(number).SetNoDataValue(NODATA)
        made.GetRasterBand(number).WriteArray(values.astype(np.float32))
    return str(path)


def outline(square: Square) -> bytes:
    """A rectangle, in pixels of the raster, as well-known binary in the CRS of the raster."""
    column, row, columns, rows = square
    west, north = LEFT + PIXEL * column, TOP - PIXEL * row
    east, south = west + PIXEL * columns, north - PIXEL * rows
    return polygon([(west, north), (east, north), (east, south), (west, south), (west, north)])


def degrees(shape: bytes) -> bytes:
    """A geometry of the CRS of the raster in longitude and latitude."""
    system = osr.SpatialReference()
    system.ImportFromEPSG(32631)
    system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    there = osr.SpatialReference()
    there.ImportFromEPSG(4326)
    there.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    made = ogr.CreateGeometryFromWkb(shape)
    made.Transform(osr.CoordinateTransformation(system, there))
    return bytes(made.ExportToWkb(ogr.wkbNDR))


def layer(squares: Sequence[Square | bytes | None], **columns: Sequence[Any]) -> Table:
    """Rectangles (or other geometries of the CRS of the raster) with columns."""
    shapes = np.empty(len(squares), dtype=object)
    for row, square in enumerate(squares):
        shape = outline(square) if isinstance(square, tuple) else square
        shapes[row] = None if shape is None else degrees(shape)
    made = {}
    for name, values in columns.items():
        texts = any(isinstance(one, str) for one in values)
        made[name] = np.array(values, dtype=object if texts else None)
    return Table(made, "fields.gpkg", shapes, "Polygon")
