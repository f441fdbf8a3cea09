# SPDX-License-Identifier: GPL-3.0-or-later
"""Elevation models out of raster files: heights in meters, NaN where there is none.

What a file says of its missing values is not always true: a swapped pair of digits (-32678 for
-32768) or no code at all are common. Values that cannot be a height on Earth are therefore taken
as missing, and said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from osgeo import gdal

from ..errors import ProductError
from ..types import AnyArray, BoolArray
from ..wording import plural
from .grids import Geotransform, Grid, grid_of
from .rasters import Rasters, quiet, short

HeightArray = npt.NDArray[np.float32]
Place = tuple[int, int, int, int]  # column, row, columns, rows

NODATA = -32768.0  # of all elevation models and differences that are written
# Trenches reach -10 920 m, summits 8 849 m; geoid undulations stay within 110 m of zero.
LOWEST_M, HIGHEST_M = -11_500.0, 9_200.0
# Codes of missing heights inside that range; believed where nothing else comes near them.
CODES = (-9999.0, -9998.0, -10_000.0)
_NEAR_M = 500.0
_METERS = {
    "": 1.0, "m": 1.0, "meter": 1.0, "meters": 1.0, "metre": 1.0, "metres": 1.0,
    "ft": 0.3048, "foot": 0.3048, "feet": 0.3048,
    "us-ft": 1200.0 / 3937.0, "us survey foot": 1200.0 / 3937.0, "us survey feet": 1200.0 / 3937.0,
    "cm": 0.01, "dm": 0.1, "km": 1000.0,
}  # fmt: skip


@dataclass(frozen=True)
class Dem:
    """An elevation model, or a window of one.

    ``height`` (rows, columns) float32, meters, NaN = none; ``grid``: of exactly these cells, rows
    from north to south; ``nodata``: the code that the file declares; ``notes``: sentences about
    what is odd in the file.
    """

    height: HeightArray
    grid: Grid
    nodata: float | None = None
    notes: tuple[str, ...] = ()
    name: str = ""

    @property
    def valid(self) -> BoolArray:
        """Where there is a height (rows, columns)."""
        return np.isfinite(self.height)


def dem_grid(path: str, rasters: Rasters | None = None) -> Grid:
    """The grid of a file, rows from north to south; raises ``ProductError`` where it has none."""
    with Rasters() as own:
        return _oriented((rasters or own).dataset(path), path)[0]


def read_dem(
    path: str, window: Place | None = None, band: int = 1, rasters: Rasters | None = None
) -> Dem:
    """Read a file, or the ``window`` (column, row, columns, rows) of it, counted from its
    north-western corner.

    Scale, offset and unit (m, ft, US survey foot, cm, dm, km) of the band are applied. Missing are
    the declared code, what the file's own mask leaves out, NaN and infinite, values outside -11500
    to 9200 m, and the codes -9999, -9998 and -10000 where no height lies within 500 m of them.
    ``rasters`` keeps files open over several windows. Raises ``ProductError`` where the file cannot
    be read, has no such band, or no georeferencing.
    """
    with Rasters() as own:
        files = rasters or own
        dataset = files.dataset(path)
        grid, flipped = _oriented(dataset, path)
        column, row, columns, rows = window or (0, 0, grid.width, grid.height)
        _inside(grid, (column, row, columns, rows), path)
        first = grid.height - row - rows if flipped else row
        stored = files.read(path, band, column, first, columns, rows)
        source = dataset.GetRasterBand(band)
        missing = _masked(source, (column, first, columns, rows), stored)
        height, notes = _heights(source, stored, missing, short(path))
        if flipped:
            height = np.ascontiguousarray(height[::-1])
        return Dem(
            height, part_of(grid, (column, row, columns, rows)), source.GetNoDataValue(), notes,
            short(path),
        )  # fmt: skip


def coded(height: AnyArray) -> HeightArray:
    """Heights as they are written: float32, ``NODATA`` where there is none."""
    return np.where(np.isfinite(height), height, np.float32(NODATA)).astype(np.float32)


def part_of(grid: Grid, place: Place) -> Grid:
    """The grid of a window (column, row, columns, rows) of ``grid``."""
    column, row, columns, rows = place
    left, width, _, top, _, height = grid.geotransform
    moved: Geotransform = (left + column * width, width, 0.0, top + row * height, 0.0, height)
    return Grid(grid.wkt, moved, columns, rows)


def _oriented(dataset: gdal.Dataset, path: str) -> tuple[Grid, bool]:
    """The grid with rows from north to south, and whether the file has them the other way."""
    grid = grid_of(dataset, short(path))
    left, width, _, top, _, height = grid.geotransform
    if width <= 0.0:
        raise ProductError(f"{short(path)} runs from east to west. Warp it to a north-up grid.")
    if height < 0.0:
        return grid, False
    turned: Geotransform = (left, width, 0.0, top + grid.height * height, 0.0, -height)
    return Grid(grid.wkt, turned, grid.width, grid.height), True


def _inside(grid: Grid, place: Place, path: str) -> None:
    column, row, columns, rows = place
    good = column >= 0 and row >= 0 and columns > 0 and rows > 0
    if not good or column + columns > grid.width or row + rows > grid.height:
        raise ProductError(
            f"{short(path)} has {grid.width} x {grid.height} cells; columns {column} to "
            f"{column + columns - 1}, rows {row} to {row + rows - 1} are not all on it."
        )


def _masked(source: Any, place: Place, stored: AnyArray) -> BoolArray:
    """What the file itself declares missing: its code, or its mask."""
    missing = np.zeros(stored.shape, dtype=np.bool_)
    nodata = source.GetNoDataValue()
    if nodata is not None:
        # A code is written in double precision and stored in the band's own.
        with np.errstate(over="ignore"):
            missing |= stored == (
                np.float32(nodata) if stored.dtype == np.float32 else np.float64(nodata)
            )
    elif source.GetMaskFlags() & gdal.GMF_PER_DATASET:
        with quiet():
            mask = source.GetMaskBand().ReadAsArray(*place)
        if mask is not None:
            missing |= mask == 0
    return missing


def _heights(
    source: Any, stored: AnyArray, missing: BoolArray, name: str
) -> tuple[HeightArray, tuple[str, ...]]:
    notes: list[str] = []
    if stored.dtype.kind not in "iuf":
        raise ProductError(f"{name} holds {stored.dtype} values, which are no heights.")
    scale, offset = source.GetScale() or 1.0, source.GetOffset() or 0.0
    scale *= _unit(source, name)
    if scale != 1.0 or offset != 0.0:
        offset *= _unit(source, name)
    height = stored.astype(np.float64) * scale + offset if scale != 1.0 or offset else stored
    height = height.astype(np.float32)
    height[missing] = np.nan
    impossible = np.isfinite(height) & ((height < LOWEST_M) | (height > HIGHEST_M))
    impossible |= np.isinf(height)
    if impossible.any():
        notes.append(_odd(stored[impossible], source.GetNoDataValue(), name))
        height[impossible] = np.nan
    for code in CODES:
        found = (stored == code) & ~missing
        if not found.any():
            continue
        others = height[~found]
        near = np.abs(others - code * scale - offset) < _NEAR_M * max(scale, 1e-9)
        if not near.any():
            notes.append(_odd(stored[found], source.GetNoDataValue(), name))
            height[found] = np.nan
    return height, tuple(notes)


def _unit(source: Any, name: str) -> float:
    unit = (source.GetUnitType() or "").strip().lower()
    if unit not in _METERS:
        raise ProductError(
            f"The heights of {name} are in '{unit}'. Give them in meters or feet, or correct the "
            "unit of the band."
        )
    return _METERS[unit]


def _odd(values: AnyArray, nodata: float | None, name: str) -> str:
    """The sentence about values that are taken as missing although the file does not say so."""
    kinds = np.unique(values)
    shown = ", ".join(f"{value:g}" for value in kinds[:3]) + (", ..." if len(kinds) > 3 else "")
    declared = "declares no code of missing heights" if nodata is None else (
        f"declares {nodata:g} as its code of missing heights"
    )  # fmt: skip
    count = plural(values.size, "cell holds", "cells hold")
    return (
        f"{name} {declared}, but {count} {shown}, which is no height: taken as missing. "
        "Correct the file's tag."
    )
