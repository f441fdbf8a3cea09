# SPDX-License-Identifier: GPL-3.0-or-later
"""Styles of land cover."""

from __future__ import annotations

from pathlib import Path

from osgeo import gdal
from qgis.core import QgsMapLayer
from qgis.PyQt.QtGui import QColor

from calval_toolbox.core.report import palette

from .rasters import classes, graded


def class_map(folder: Path) -> QgsMapLayer:
    """The frame of all maps of classes: each run puts its own classes in."""
    return classes(folder, [(1, QColor(palette.GOOD), "class")])


def class_confidence(folder: Path) -> QgsMapLayer:
    """Percent of the votes, from 0 (light) to 100 (dark)."""
    return graded(folder, gdal.GDT_Byte, (0.0, 33.0, 66.0, 100.0), palette.DENSITY)


def class_probabilities(folder: Path) -> QgsMapLayer:
    """From 0 (light) to 1 (dark), the first class."""
    return graded(folder, gdal.GDT_Float32, (0.0, 0.33, 0.66, 1.0), palette.DENSITY, 2)


def fusion_choice(folder: Path) -> QgsMapLayer:
    """Which of two maps a fused class comes from."""
    return classes(folder, [
        (0, QColor(palette.MASKED), "none"), (1, QColor(palette.BLUISH_GREEN), "both"),
        (2, QColor(palette.BLUE), "first map"), (3, QColor(palette.ORANGE), "second map"),
    ])  # fmt: skip


VECTORS = ()
RASTERS = (class_map, class_confidence, class_probabilities, fusion_choice)
