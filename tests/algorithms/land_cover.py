# SPDX-License-Identifier: GPL-3.0-or-later
"""A small feature stack and reference polygons, whose samples can be told in advance."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from osgeo import gdal, ogr, osr

LEFT, TOP, PIXEL = 368000.0, 4826000.0, 10.0
COLUMNS, ROWS = 48, 24
CLASSES = ("wheat", "maize")
ACROSS = 4  # polygons of each class
SIDE = 5  # pixels of a polygon


def reference_system() -> osr.SpatialReference:
    """UTM, zone 31."""
    system = osr.SpatialReference()
    system.ImportFromEPSG(32631)
    return system


def write_stack(path: Path) -> None:
    """NDVI (the number of the polygon's column of 12 x 12 pixels) and elevation (the row)."""
    made = gdal.GetDriverByName("GTiff").Create(str(path), COLUMNS, ROWS, 2, gdal.GDT_Float32)
    made.SetProjection(reference_system().ExportToWkt())
    made.SetGeoTransform((LEFT, PIXEL, 0.0, TOP, 0.0, -PIXEL))
    row, column = np.mgrid[:ROWS, :COLUMNS]
    for band, (name, values) in enumerate(
        (("NDVI 2019-01-01", column // 12), ("elevation", row)), start=1
    ):
        made.GetRasterBand(band).SetDescription(name)
        made.GetRasterBand(band).SetNoDataValue(-9999.0)
        made.GetRasterBand(band).WriteArray(values.astype(np.float32))


def write_reference(path: Path) -> None:
    """Squares of 5 x 5 pixels, four of each class: wheat in the upper half, maize below."""
    source = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    layer = source.CreateLayer("reference", reference_system(), ogr.wkbPolygon)
    layer.CreateField(ogr.FieldDefn("class", ogr.OFTString))
    for row, label in enumerate(CLASSES):
        for column in range(ACROSS):
            feature = ogr.Feature(layer.GetLayerDefn())
            feature["class"] = label
            x, y = LEFT + PIXEL * (12 * column + 3), TOP - PIXEL * (12 * row + 3)
            side = PIXEL * SIDE
            feature.SetGeometry(ogr.CreateGeometryFromWkt(
                f"POLYGON(({x} {y},{x + side} {y},{x + side} {y - side},{x} {y - side},{x} {y}))"
            ))  # fmt: skip
            layer.CreateFeature(feature)
