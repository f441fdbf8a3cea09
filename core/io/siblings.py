# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files of a crowded folder belong to a raster."""

from __future__ import annotations

import os
from functools import lru_cache

CROWDED = 100


def beside(uri: str) -> list[str] | None:
    """The files in a crowded folder that belong to the raster ``uri`` by their names, None where
    GDAL may look by itself: for every file it reads the whole folder.
    """
    folder, _, name = uri.rpartition("/")
    try:
        changed = os.stat(folder).st_mtime_ns if folder and not uri.startswith("/vsi") else 0
    except OSError:
        changed = 0
    names = _by_stem(folder, changed) if changed else {}
    return names.get(name.partition(".")[0])


@lru_cache(maxsize=8)
def _by_stem(folder: str, changed: int) -> dict[str, list[str]]:
    """The files of a crowded folder by their names up to the first point; else nothing."""
    names = os.listdir(folder)
    found: dict[str, list[str]] = {}
    for name in names if len(names) > CROWDED else ():
        found.setdefault(name.partition(".")[0], []).append(name)
    return found
