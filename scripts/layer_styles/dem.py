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
from qgis.PyQt.QtGui import QColor

from calval_toolbox.core.report import palette

from .rasters import classes, graded, numbers, raster


def elevation(folder: Path) -> QgsMapLayer:
    """Heights from dark to light, stretched anew to what the window shows: no fixed range suits
    both a coast and a mountain.
    """
    return _stretched(folder, 3000.0, QgsRasterMinMaxOrigin.Extent.UpdatedCanvas)


def height_difference(folder: Path) -> QgsMapLayer:
    """Differences of heights: blue too low, white none, vermilion too high."""
    low, none, high = palette.LOW_TO_HIGH
    steps = [(-10.0, low, "-10 m and less"), (0.0, none, "0 m"), (10.0, high, "10 m and more")]
    return numbers(folder, gdal.GDT_Float32, steps)


def dem_source(folder: Path) -> QgsMapLayer:
    """Which of the models, in the order in which they were given."""
    colors = (palette.BLUE, palette.ORANGE, palette.BLUISH_GREEN, palette.REDDISH_PURPLE,
              palette.SKY_BLUE, palette.VERMILLION, palette.YELLOW, palette.INK)  # fmt: skip
    return classes(folder, [
        (number, QColor(color), f"model {number}") for number, color in enumerate(colors, start=1)
    ])  # fmt: skip


def dem_fill(folder: Path) -> QgsMapLayer:
    """How each height came about; kept ones are pale, so that the others show."""
    return classes(folder, [
        (code, QColor(color), label) for code, color, label in palette.DEM_FILL
    ])  # fmt: skip


def dem_error(folder: Path) -> QgsMapLayer:
    """Expected error: nothing where a height was kept, darker the larger."""
    return graded(folder, gdal.GDT_Float32, (0.0, 1.0, 3.0, 10.0, 30.0, 100.0), palette.HAZE)


def slope(folder: Path) -> QgsMapLayer:
    """Slopes in degrees, from light to dark."""
    return graded(folder, gdal.GDT_Float32, (0.0, 5.0, 10.0, 20.0, 35.0, 60.0), palette.HAZE)


def aspect(folder: Path) -> QgsMapLayer:
    """Directions of descent on a wheel of colors: north and 360 degrees are the same."""
    wheel = ((0.0, palette.BLUE, "N"), (90.0, palette.BLUISH_GREEN, "E"),
             (180.0, palette.YELLOW, "S"), (270.0, palette.VERMILLION, "W"),
             (360.0, palette.BLUE, "N"))  # fmt: skip
    return numbers(folder, gdal.GDT_Float32, list(wheel))


def hillshade(folder: Path) -> QgsMapLayer:
    """From shade to light, as it is."""
    return graded(folder, gdal.GDT_Byte, (1.0, 255.0), ("#000000", "#FFFFFF"))


def ortho_image(folder: Path) -> QgsMapLayer:
    """Brightness of an image, stretched to what 2 to 98 % of it are."""
    return _stretched(folder, 1000.0, QgsRasterMinMaxOrigin.Extent.WholeRaster)


def _stretched(folder: Path, top: float, extent: QgsRasterMinMaxOrigin.Extent) -> QgsMapLayer:
    """Numbers from dark to light; which of them is said by the part of the raster in ``extent``."""
    layer = raster(folder, 1, gdal.GDT_Float32)
    renderer = QgsSingleBandGrayRenderer(layer.dataProvider(), 1)
    enhancement = QgsContrastEnhancement(layer.dataProvider().dataType(1))
    enhancement.setMinimumValue(0.0)
    enhancement.setMaximumValue(top)
    mode = QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum
    enhancement.setContrastEnhancementAlgorithm(mode)
    renderer.setContrastEnhancement(enhancement)
    origin = QgsRasterMinMaxOrigin()
    origin.setLimits(QgsRasterMinMaxOrigin.Limits.CumulativeCut)
    origin.setExtent(extent)
    renderer.setMinMaxOrigin(origin)
    layer.setRenderer(renderer)
    return layer


VECTORS = ()
RASTERS = (
    elevation, height_difference, dem_source, dem_fill, dem_error, slope, aspect, hillshade,
    ortho_image,
)  # fmt: skip
