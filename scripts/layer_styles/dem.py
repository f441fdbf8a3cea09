# SPDX-License-Identifier: GPL-3.0-or-later
"""Styles of elevation models: heights, and differences of heights."""

from __future__ import annotations

from pathlib import Path

from osgeo import gdal
from qgis.core import (
    QgsContrastEnhancement,
    QgsMapLayer,
    QgsRasterMinMaxOrigin,
    QgsSingleBandGrayRenderer,
)

from calval_toolbox.core.report import palette

from .rasters import numbers, raster


def elevation(folder: Path) -> QgsMapLayer:
    """Heights from dark to light, stretched anew to what the window shows: no fixed range suits
    both a coast and a mountain.
    """
    layer = raster(folder, 1, gdal.GDT_Float32)
    renderer = QgsSingleBandGrayRenderer(layer.dataProvider(), 1)
    enhancement = QgsContrastEnhancement(layer.dataProvider().dataType(1))
    enhancement.setMinimumValue(0.0)
    enhancement.setMaximumValue(3000.0)
    mode = QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum
    enhancement.setContrastEnhancementAlgorithm(mode)
    renderer.setContrastEnhancement(enhancement)
    origin = QgsRasterMinMaxOrigin()
    origin.setLimits(QgsRasterMinMaxOrigin.Limits.CumulativeCut)
    origin.setExtent(QgsRasterMinMaxOrigin.Extent.UpdatedCanvas)
    renderer.setMinMaxOrigin(origin)
    layer.setRenderer(renderer)
    return layer


def height_difference(folder: Path) -> QgsMapLayer:
    """Differences of heights: blue too low, white none, vermilion too high."""
    low, none, high = palette.LOW_TO_HIGH
    steps = [(-10.0, low, "-10 m and less"), (0.0, none, "0 m"), (10.0, high, "10 m and more")]
    return numbers(folder, gdal.GDT_Float32, steps)


VECTORS = ()


def ortho_image(folder: Path) -> QgsMapLayer:
    """Brightness of an image, stretched to what 2 to 98 % of it are."""
    layer = raster(folder, 1, gdal.GDT_Float32)
    renderer = QgsSingleBandGrayRenderer(layer.dataProvider(), 1)
    enhancement = QgsContrastEnhancement(layer.dataProvider().dataType(1))
    enhancement.setMinimumValue(0.0)
    enhancement.setMaximumValue(1000.0)
    mode = QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum
    enhancement.setContrastEnhancementAlgorithm(mode)
    renderer.setContrastEnhancement(enhancement)
    origin = QgsRasterMinMaxOrigin()
    origin.setLimits(QgsRasterMinMaxOrigin.Limits.CumulativeCut)
    origin.setExtent(QgsRasterMinMaxOrigin.Extent.WholeRaster)
    renderer.setMinMaxOrigin(origin)
    layer.setRenderer(renderer)
    return layer


RASTERS = (elevation, height_difference, ortho_image)
