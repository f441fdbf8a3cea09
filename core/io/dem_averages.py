# SPDX-License-Identifier: GPL-3.0-or-later
"""Heights averaged over larger cells, some of which are known in part only."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

import numpy as np

from ..types import AnyArray, FloatArray
from .dem_files import Dem, HeightArray, part_of
from .dem_warp import warped
from .grids import Grid, pixel_sides_m

FINER = 0.9  # cells whose sides are smaller than so much of another's are finer
_HALF = 0.499  # of a cell, rounding aside
_WHOLE = 0.999


def finer(one: Grid, other: Grid) -> bool:
    """Whether cells of ``one`` are averaged over those of ``other``, not interpolated."""
    return sum(pixel_sides_m(one)) < FINER * sum(pixel_sides_m(other))


def resampled(dem: Dem, grid: Grid) -> HeightArray:
    """Heights (rows, columns; NaN = none) on ``grid``: averaged where the cells of ``dem`` are
    finer, else by cubic convolution.
    """
    return averaged(dem, grid) if finer(dem.grid, grid) else warped(dem, grid, "cubic")


def averaged(dem: Dem, grid: Grid) -> HeightArray:
    """Means (rows, columns; NaN = none) of the cells under each cell of ``grid``, known where half
    of it or more is: a few cells at the rim of a void say little about the whole.

    The mean of what is known of a cell is the height of the middle of that part, which on a slope
    is not that of the cell (a quarter of its side times the slope where half is missing): it is
    carried to the middle of the cell along the mean slope of the part.
    """
    around = ceil(sum(pixel_sides_m(grid)) / sum(pixel_sides_m(dem.grid))) + 1
    place = (-around, -around, dem.grid.width + 2 * around, dem.grid.height + 2 * around)
    wide = replace(dem, grid=part_of(dem.grid, place))
    known = np.pad(dem.valid, around)
    cover = _mean(wide, known.astype(np.float32), grid)
    height = warped(dem, grid, "average")
    height[~(cover >= _HALF)] = np.nan
    part = np.isfinite(height) & (cover < _WHOLE)
    if part.any():
        height[part] += _to_the_middle(dem, wide, known, grid, part)
    return height


def _to_the_middle(dem: Dem, wide: Dem, known: AnyArray, grid: Grid, part: AnyArray) -> HeightArray:
    """What heights of cells that are known in ``part`` (n of them) change by up to their middle."""
    change = np.zeros(int(np.count_nonzero(part)), dtype=np.float32)
    for axis in (0, 1):
        at = np.arange(known.shape[axis], dtype=np.float32)
        at = np.broadcast_to(at[:, None] if axis == 0 else at, known.shape)
        away = _mean(wide, at, grid) - _mean(wide, np.where(known, at, np.float32(np.nan)), grid)
        slope = _mean(dem, _slopes(dem.height, axis), grid)
        change += np.nan_to_num(away * slope)[part]
    return change


def _mean(dem: Dem, values: AnyArray, grid: Grid) -> HeightArray:
    """Means of other values on the cells of ``dem``."""
    return warped(replace(dem, height=np.ascontiguousarray(values)), grid, "average")


def _slopes(height: HeightArray, axis: int) -> FloatArray:
    """Rise per cell along an axis, of the one neighbor where the other has no height; NaN where
    neither has.
    """
    values = height if axis == 0 else height.T
    steps = np.diff(values, axis=0)
    ahead, behind = np.full_like(values, np.nan), np.full_like(values, np.nan)
    ahead[:-1] = behind[1:] = steps
    both = np.where(
        np.isnan(ahead), behind, np.where(np.isnan(behind), ahead, (ahead + behind) / 2)
    )
    return np.asarray(both if axis == 0 else both.T)
