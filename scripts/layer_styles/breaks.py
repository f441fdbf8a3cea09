# SPDX-License-Identifier: GPL-3.0-or-later
"""Styles of breaks in tables and in images."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from osgeo import gdal
from qgis.core import QgsMapLayer
from qgis.PyQt.QtGui import QColor

from calval_toolbox.core.report import palette

from .rasters import classes, graded, numbers
from .symbols import hollow, marker, points, rules

BREAK_TIP = (
    "<b>[% site %]</b><br>[% status %] [% coalesce(\"break_time\", '') %]<br>[% tested %]: "
    '[% round("magnitude", 4) %], probability [% round("probability", 3) %]'
)


def breaks() -> QgsMapLayer:
    """Sites: breaks, changes that have begun, and the others."""
    layer = points(
        "site:string", "tested:string", "status:string", "break_time:string", "magnitude:double",
        "probability:double",
    )  # fmt: skip
    rules(
        layer,
        [
            ("Break", "\"status\" = 'break'", marker(palette.BAD, 4.0, palette.INK)),
            ("Change that has begun", "\"status\" = 'begun'",
             marker(palette.CAUTION, 3.4, palette.INK)),
            ("Stable", "\"status\" = 'stable'", marker(palette.GOOD, 2.6, palette.INK)),
            ("Not tested", "ELSE", hollow(palette.REJECTED, 3.0)),
        ],
    )  # fmt: skip
    layer.setMapTipTemplate(BREAK_TIP)
    return layer


def break_date(folder: Path) -> QgsMapLayer:
    """Days since 1970-01-01, labeled by year: from 1985 (light) to 2035 (dark)."""
    years = range(1985, 2036, 10)
    days = [int(np.datetime64(f"{year}-01-01", "D").astype(int)) for year in years]
    texts = [str(year) for year in years]
    steps = [(float(day), color, text)
             for day, color, text in zip(days, palette.HAZE, texts, strict=True)]  # fmt: skip
    return numbers(folder, gdal.GDT_Int32, steps)


def break_magnitude(folder: Path) -> QgsMapLayer:
    """Change from down to up, white for none."""
    down, none, up = palette.WORSE_TO_BETTER
    steps = [(-0.3, down, "-0.3"), (0.0, none, "0"), (0.3, up, "+0.3")]
    return numbers(folder, gdal.GDT_Float32, steps)


def break_probability(folder: Path) -> QgsMapLayer:
    """From 0 (light) to 1 (dark)."""
    return graded(folder, gdal.GDT_Float32, (0.0, 0.5, 0.95, 1.0), palette.DENSITY)


def break_status(folder: Path) -> QgsMapLayer:
    """What was found: stable pixels stay clear as glass."""
    nothing = QColor(0, 0, 0, 0)
    return classes(
        folder,
        [
            (0, nothing, "stable"),
            (1, QColor(palette.BAD), "break"),
            (2, QColor(palette.CAUTION), "change that has begun"),
            (3, QColor(palette.MASKED), "too few observations"),
        ],
    )


VECTORS = (breaks,)
RASTERS = (break_date, break_magnitude, break_probability, break_status)
