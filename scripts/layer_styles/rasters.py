# SPDX-License-Identifier: GPL-3.0-or-later
"""Renderers of rasters: stretched numbers, numbers between colors, codes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from osgeo import gdal
from qgis.core import (
    QgsColorRampShader,
    QgsContrastEnhancement,
    QgsMapLayer,
    QgsPalettedRasterRenderer,
    QgsRasterLayer,
    QgsRasterShader,
    QgsSingleBandPseudoColorRenderer,
)
from qgis.PyQt.QtGui import QColor


def raster(folder: Path, bands: int, kind: int) -> QgsRasterLayer:
    """A small raster to hang a style on."""
    path = folder / f"bands{bands}_{kind}.tif"
    data = gdal.GetDriverByName("GTiff").Create(str(path), 4, 4, bands, kind)
    data.SetGeoTransform((0.0, 1.0, 0.0, 4.0, 0.0, -1.0))
    for band in range(bands):
        data.GetRasterBand(band + 1).WriteArray(np.linspace(0, 1, 16).reshape(4, 4))
    data = None
    return QgsRasterLayer(str(path), "raster")


def stretch(layer: QgsRasterLayer, band: int, top: float) -> QgsContrastEnhancement:
    """Linear from 0 to ``top``, the same for all bands and dates."""
    enhancement = QgsContrastEnhancement(layer.dataProvider().dataType(band))
    enhancement.setMinimumValue(0.0)
    enhancement.setMaximumValue(top)
    mode = QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum
    enhancement.setContrastEnhancementAlgorithm(mode)
    return enhancement


def numbers(
    folder: Path, kind: int, steps: Sequence[tuple[float, str, str]], bands: int = 1
) -> QgsMapLayer:
    """Numbers between colors: (value, color, label) from low to high."""
    layer = raster(folder, bands, kind)
    ramp = QgsColorRampShader(steps[0][0], steps[-1][0])
    ramp.setColorRampType(QgsColorRampShader.Type.Interpolated)
    ramp.setColorRampItemList(
        [QgsColorRampShader.ColorRampItem(at, QColor(color), text) for at, color, text in steps]
    )
    shader = QgsRasterShader(steps[0][0], steps[-1][0])
    shader.setRasterShaderFunction(ramp)
    renderer = QgsSingleBandPseudoColorRenderer(layer.dataProvider(), 1, shader)
    renderer.setClassificationMin(steps[0][0])
    renderer.setClassificationMax(steps[-1][0])
    layer.setRenderer(renderer)
    return layer


def graded(
    folder: Path, kind: int, at: Sequence[float], colors: Sequence[str], bands: int = 1
) -> QgsMapLayer:
    """Numbers from light to dark, ``colors`` such as ``palette.HAZE`` at the numbers ``at``."""
    steps = [(value, color, f"{value:g}") for value, color in zip(at, colors, strict=True)]
    return numbers(folder, kind, steps, bands)


def classes(folder: Path, values: Sequence[tuple[int, QColor, str]]) -> QgsMapLayer:
    """Codes with a color each: (value, color, label)."""
    layer = raster(folder, 1, gdal.GDT_Byte)
    kinds = [QgsPalettedRasterRenderer.Class(*value) for value in values]
    layer.setRenderer(QgsPalettedRasterRenderer(layer.dataProvider(), 1, kinds))
    return layer
