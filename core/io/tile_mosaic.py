# SPDX-License-Identifier: GPL-3.0-or-later
"""Rasters of neighboring tiles as one: pixels stay where they are, nothing is resampled."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..errors import InputError
from ..progress import Progress, Silent, each
from ..types import AnyArray
from .grids import Grid, same_crs
from .raster_writer import RasterWriter
from .rasters import Rasters, short

_STRIP = 4_000_000  # pixels that are held at a time
_EDGE = 1e-3  # share of a pixel by which grids may be off


def grid_of_tiles(paths: Sequence[str], rasters: Rasters) -> tuple[Grid, list[tuple[int, int]]]:
    """The grid that holds all rasters, and the column and row at which each begins in it.

    Raises ``InputError`` where their pixels do not lie on one grid.
    """
    grids = [rasters.grid(path) for path in paths]
    first = grids[0]
    _, width, _, _, _, height = first.geotransform
    for path, grid in zip(paths, grids, strict=True):
        if not same_crs(first.wkt, grid.wkt):
            raise InputError(
                f"{short(path)} is in another coordinate system than {short(paths[0])}. Bring the "
                "tiles to one system first; tiles of one zone of UTM have one."
            )
    left = min(grid.geotransform[0] for grid in grids)
    top = max(grid.geotransform[3] for grid in grids)
    corners = []
    for path, grid in zip(paths, grids, strict=True):
        place = (grid.geotransform[0] - left) / width, (grid.geotransform[3] - top) / height
        sizes = abs(grid.geotransform[1] / width - 1.0), abs(grid.geotransform[5] / height - 1.0)
        off = [abs(one - round(one)) for one in place]
        if max(off) > _EDGE or max(sizes) * max(grid.width, grid.height) > _EDGE:
            raise InputError(
                f"The pixels of {short(path)} do not lie on those of {short(paths[0])}: tiles of "
                "one map need pixels of one size that fit together."
            )
        corners.append((round(place[0]), round(place[1])))
    columns = max(at + grid.width for (at, _), grid in zip(corners, grids, strict=True))
    rows = max(at + grid.height for (_, at), grid in zip(corners, grids, strict=True))
    transform = (left, width, 0.0, top, 0.0, height)
    return Grid(first.wkt, transform, columns, rows), corners


def join_tiles(
    paths: Sequence[str],
    target: Path | str,
    nodata: float,
    names: tuple[str, ...] = (),
    shown: str = "",
    progress: Progress | None = None,
) -> Grid:
    """Write the rasters ``paths``, of one type and number of bands, as one; returns its grid.

    Where several have a value the first one of them is taken; ``nodata`` where none has one.
    ``target``: the temporary name of ``atomic.Staging``; ``shown``: the final one. Raises
    ``InputError`` where they do not fit together, ``OutputError`` where it cannot be written.
    """
    progress = progress or Silent()
    with Rasters() as rasters:
        grid, corners = grid_of_tiles(paths, rasters)
        bands = {rasters.dataset(path).RasterCount for path in paths}
        if len(bands) > 1:
            raise InputError(f"{short(paths[0])} and its neighbors have other numbers of bands.")
        count = bands.pop()
        kind = rasters.read(paths[0], 1, 0, 0, 1, 1).dtype.name
        rows = max(1, _STRIP // grid.width)
        with RasterWriter(
            target, grid, count, kind, nodata, names, shown, progress=progress
        ) as writer:
            for row in each(list(range(0, grid.height, rows)), progress, "Joining tiles"):
                height = min(rows, grid.height - row)
                for band in range(1, count + 1):
                    strip = _strip(
                        paths, corners, rasters, band, (row, height, grid.width), kind, nodata
                    )
                    writer.write(band, strip, 0, row)
    return grid


def _strip(
    paths: Sequence[str],
    corners: Sequence[tuple[int, int]],
    rasters: Rasters,
    band: int,
    place: tuple[int, int, int],
    kind: str,
    nodata: float,
) -> AnyArray:
    """Some rows (first row, number of rows, columns) of the whole."""
    first, height, width = place
    strip = np.full((height, width), nodata, dtype=kind)
    for path, (column, row) in reversed(list(zip(paths, corners, strict=True))):
        own = rasters.grid(path)
        low, high = max(first, row), min(first + height, row + own.height)
        if low >= high:
            continue
        values = rasters.read(path, band, 0, low - row, own.width, high - low)
        into = strip[low - first : high - first, column : column + own.width]
        np.copyto(into, values.astype(kind, copy=False), where=values != nodata)
    return strip
