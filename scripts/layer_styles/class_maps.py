# SPDX-License-Identifier: GPL-3.0-or-later
"""Styles of what lies beside maps of classes: confidence, and which map was taken."""

from __future__ import annotations

from pathlib import Path

from osgeo import gdal
from qgis.core import QgsMapLayer
from qgis.PyQt.QtGui import QColor

from calval_toolbox.core.report import palette

from .rasters import classes, numbers


def class_confidence(folder: Path) -> QgsMapLayer:
    """Confidence in percent: vermilion where the class is a guess, dark blue where it is sure."""
    steps = [(0.0, palette.VERMILLION, "0 %"), (50.0, palette.DENSITY[0], "50 %"),
             (100.0, palette.DENSITY[-1], "100 %")]  # fmt: skip
    return numbers(folder, gdal.GDT_Byte, steps)


def fusion_choice(folder: Path) -> QgsMapLayer:
    """Which of two maps a fused class comes from."""
    return classes(folder, [
        (0, QColor(palette.MASKED), "none"), (1, QColor(palette.BLUISH_GREEN), "both"),
        (2, QColor(palette.BLUE), "first map"), (3, QColor(palette.ORANGE), "second map"),
    ])  # fmt: skip


VECTORS = ()
RASTERS = (class_confidence, fusion_choice)
