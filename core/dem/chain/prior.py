# SPDX-License-Identifier: GPL-3.0-or-later
"""The heights that are searched in each tile, out of an elevation model that is there already.

What its heights are counted from need not be known, nor has the pointing of the images to be right:
the median difference between the heights of the sparse matches and the model is added to it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...errors import InputError
from ...execution.tiling import Tile
from ...io.dem_files import dem_grid, read_dem
from ...io.grids import Grid
from ...io.rasters import Rasters, short
from ...spread import median_and_nmad
from ...types import FloatArray
from ..placing import exact_cells
from ..rpc import RpcModel
from ..triangulation import triangulate
from .footprint import lattice_of
from .request import PlannedPair, StereoPlan

LEAST_MARGIN_M = 25.0
MARGIN_NMADS = 4.0
FEWEST = 8  # matches on the model
_AROUND = 2  # cells


def prior_heights(
    plan: StereoPlan, pair: PlannedPair, tiles: Sequence[Tile]
) -> dict[str, tuple[float, float]]:
    """The lowest and highest height (m) of each tile by its name; none without a model, or where it
    has no height there.

    Raises ``InputError`` where the model does not show the place.
    """
    path = plan.request.prior
    if not path:
        return {}
    ground = triangulate(*pair.models, pair.matches)
    first, found = pair.models[0], {}
    with Rasters() as rasters:
        grid = dem_grid(path, rasters)
        there = _at(path, rasters, grid, ground.lon, ground.lat)
        known = np.isfinite(there) & np.isfinite(ground.height)
        if np.count_nonzero(known) < FEWEST:
            raise InputError(
                f"{short(path)} has heights at {np.count_nonzero(known)} of {len(known)} matches "
                "of the images: it does not show this place. Give another a-priori model, or none."
            )
        offset, spread = median_and_nmad((ground.height - there)[known])
        margin = max(LEAST_MARGIN_M, MARGIN_NMADS * spread)
        for tile in tiles:
            limits = _limits(path, rasters, grid, first, tile, pair.heights)
            if limits is not None:
                low, high = limits[0] + offset - margin, limits[1] + offset + margin
                found[tile.name] = float(low), float(high)
    return found


def _limits(
    path: str,
    rasters: Rasters,
    grid: Grid,
    first: RpcModel,
    tile: Tile,
    heights: tuple[float, float],
) -> tuple[float, float] | None:
    """The least and largest height of the model where the tile may lie."""
    own = tile.own
    column, row = lattice_of((own.column, own.row, own.width, own.height), 3)
    places = [first.locate(column, row, height, compiled=False) for height in heights]
    lon, lat = np.concatenate([np.array(one) for one in places], axis=1)
    known = np.isfinite(lon) & np.isfinite(lat)
    part = _window(path, rasters, grid, lon[known], lat[known])
    if part is None or not np.isfinite(part[0]).any():
        return None
    return float(np.nanmin(part[0])), float(np.nanmax(part[0]))


def _window(
    path: str, rasters: Rasters, grid: Grid, lon: FloatArray, lat: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray] | None:
    """The heights of the model around places, and their columns and rows in it."""
    column, row = exact_cells(grid, lon, lat)
    good = np.isfinite(column) & np.isfinite(row)
    if not good.any():
        return None
    left = max(int(np.floor(column[good].min())) - _AROUND, 0)
    top = max(int(np.floor(row[good].min())) - _AROUND, 0)
    right = min(int(np.ceil(column[good].max())) + _AROUND + 1, grid.width)
    bottom = min(int(np.ceil(row[good].max())) + _AROUND + 1, grid.height)
    if right <= left or bottom <= top:
        return None
    dem = read_dem(path, (left, top, right - left, bottom - top), rasters=rasters)
    return dem.height.astype(np.float64), column - left, row - top


def _at(path: str, rasters: Rasters, grid: Grid, lon: FloatArray, lat: FloatArray) -> FloatArray:
    """The height of the nearest cell at places (n,); NaN where there is none."""
    found = np.full(len(lon), np.nan)
    known = np.isfinite(lon) & np.isfinite(lat)
    part = _window(path, rasters, grid, lon[known], lat[known]) if known.any() else None
    if part is None:
        return found
    height, column, row = part
    with np.errstate(invalid="ignore"):
        c, r = np.rint(np.nan_to_num(column, nan=-1)), np.rint(np.nan_to_num(row, nan=-1))
    inside = (c >= 0) & (c < height.shape[1]) & (r >= 0) & (r < height.shape[0])
    values = np.full(len(c), np.nan)
    values[inside] = height[r[inside].astype(int), c[inside].astype(int)]
    found[known] = values
    return found
