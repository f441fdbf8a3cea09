# SPDX-License-Identifier: GPL-3.0-or-later
"""Versions of everything below QGIS that can change a number."""

from __future__ import annotations

import platform

import numpy
from osgeo import gdal

from ..version import plugin_version


def core_versions() -> dict[str, str]:
    """Versions of the plugin, GDAL, numpy and Python in this process."""
    return {
        "calval_toolbox": plugin_version(),
        "gdal": str(gdal.VersionInfo("RELEASE_NAME")),
        "numpy": numpy.__version__,
        "python": platform.python_version(),
    }
