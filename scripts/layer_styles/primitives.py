# SPDX-License-Identifier: GPL-3.0-or-later
"""Styles of stacks of features: any feature in gray, numbers of clear dates."""

from __future__ import annotations

from pathlib import Path

from osgeo import gdal
from qgis.core import QgsMapLayer, QgsRasterMinMaxOrigin, QgsSingleBandGrayRenderer

from calval_toolbox.core.report import palette

from .rasters import numbers, raster, stretch

CLEAR_STEPS = (1.0, 10.0, 30.0, 80.0)  # dates


def primitives(folder: Path) -> QgsMapLayer:
    """One feature in gray, whatever its unit: stretched to what the map shows of it."""
    layer = raster(folder, 1, gdal.GDT_Float32)
    renderer = QgsSingleBandGrayRenderer(layer.dataProvider(), 1)
    renderer.setContrastEnhancement(stretch(layer, 1, 1.0))
    origin = QgsRasterMinMaxOrigin()
    origin.setLimits(QgsRasterMinMaxOrigin.Limits.CumulativeCut)
    origin.setExtent(QgsRasterMinMaxOrigin.Extent.UpdatedCanvas)
    renderer.setMinMaxOrigin(origin)
    layer.setRenderer(renderer)
    return layer


def clear_dates(folder: Path) -> QgsMapLayer:
    """Numbers of clear dates, from few (light) to many (dark); none stands out."""
    steps = [(0.0, palette.BAD, "0: never clear")]
    shades = zip(CLEAR_STEPS, palette.DENSITY, strict=True)
    return numbers(
        folder, gdal.GDT_UInt16, [*steps, *((at, color, f"{at:g}") for at, color in shades)]
    )


VECTORS = ()
RASTERS = (primitives, clear_dates)
