# SPDX-License-Identifier: GPL-3.0-or-later
"""What GDAL writes beside rasters that are only read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from osgeo import gdal

_SIDE_FILES = "GDAL_PAM_ENABLED"


@contextmanager
def no_side_files() -> Iterator[None]:
    """Keep whatever opens rasters in this thread from leaving ``NAME.aux.xml`` beside them, where
    QGIS has GDAL put the statistics of each layer that it makes; nor is one read.
    """
    before = gdal.GetThreadLocalConfigOption(_SIDE_FILES)
    gdal.SetThreadLocalConfigOption(_SIDE_FILES, "NO")
    try:
        yield
    finally:
        gdal.SetThreadLocalConfigOption(_SIDE_FILES, before)
