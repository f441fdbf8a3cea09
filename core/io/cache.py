# SPDX-License-Identifier: GPL-3.0-or-later
"""GDAL's cache of blocks kept small: by itself it takes up to 5 % of the memory of the computer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from osgeo import gdal

CACHE_MB = 512

_lock = threading.Lock()
_limits: list[int] = []  # of the blocks that are open, in any thread
_usual: list[int] = []  # what is given back when the last of them is left


@contextmanager
def gdal_cache(most_mb: int = CACHE_MB) -> Iterator[None]:
    """Keep GDAL's cache, which all threads share, within ``most_mb`` (MB) for the block; a smaller
    one stays as it is. Blocks may be nested and overlap; after the last one all is as before.
    """
    limit = most_mb * 1024 * 1024
    with _lock:
        if not _limits:
            _usual[:] = [gdal.GetCacheMax()]
        _limits.append(limit)
        gdal.SetCacheMax(min(*_usual, *_limits))
    try:
        yield
    finally:
        with _lock:
            _limits.remove(limit)
            gdal.SetCacheMax(min(*_usual, *_limits) if _limits else _usual[0])
