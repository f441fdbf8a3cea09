# SPDX-License-Identifier: GPL-3.0-or-later
"""A reference elevation model and its layers, written strip by strip."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from ..progress import Progress, each
from ..types import AnyArray
from .dem_files import NODATA, coded
from .geoid_grids import UNKNOWN, VERTICAL_ITEM
from .grids import Grid
from .raster_writer import RasterWriter
from .vertical_crs import with_reference

_ROWS = 512
Strip = Callable[[int, int], AnyArray]  # first row, rows -> values (rows, columns)


def write_heights(
    path: Path, shown: str, grid: Grid, height: AnyArray, vertical: str, progress: Progress
) -> None:
    """Heights (float32, m, no data -32768).

    ``vertical`` is written into the CRS where GeoTIFF keeps it there, and as an item of metadata in
    any case. Raises ``OutputError`` where the file cannot be written completely.
    """
    own = replace(grid, wkt=with_reference(grid.wkt, vertical)) if vertical else grid
    with RasterWriter(path, own, 1, "float32", NODATA, ("height",), shown, progress=progress) as to:
        to.describe(VERTICAL_ITEM, vertical or UNKNOWN)
        to.describe("UNITS", "m")
        for row in each(list(range(0, grid.height, _ROWS)), progress):
            to.write(1, coded(height[row : row + _ROWS]), 0, row)


def write_layer(
    path: Path, shown: str, grid: Grid, kind: tuple[str, str, float | None], strip: Strip,
    progress: Progress, items: Mapping[str, str] | None = None,
) -> None:  # fmt: skip
    """A layer on ``grid``: ``kind`` is its name, type and code of no data (which NaN becomes)."""
    name, dtype, nodata = kind
    with RasterWriter(path, grid, 1, dtype, nodata, (name,), shown, progress=progress) as to:
        for key, text in (items or {}).items():
            to.describe(key, text)
        for row in each(list(range(0, grid.height, _ROWS)), progress):
            values = strip(row, min(_ROWS, grid.height - row))
            if nodata is not None and values.dtype.kind == "f":
                values = np.where(np.isfinite(values), values, nodata)
            to.write(1, values.astype(dtype), 0, row)
