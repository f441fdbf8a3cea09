# SPDX-License-Identifier: GPL-3.0-or-later
"""GDAL's cache of blocks kept small: by itself it takes up to 5 % of the memory of the computer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from osgeo import gdal

CACHE_MB = 256


@contextmanager
def gdal_cache(most_mb: int = CACHE_MB) -> Iterator[None]:
    """Keep GDAL's cache, which all threads share, within ``most_mb`` (MB) for the block; a smaller
    one stays as it is.
    """
    before = gdal.GetCacheMax()
    gdal.SetCacheMax(min(before, most_mb * 1024 * 1024))
    try:
        yield
    finally:
        gdal.SetCacheMax(before)
