# SPDX-License-Identifier: GPL-3.0-or-later
"""Bands read on the pixels of another grid, in any coordinate system, block by block.

Every pixel is sampled at its own center and sees nothing of the block that it is read in, so that
blocks of any size give the same numbers.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..types import AnyArray, BandSource, FloatArray
from .grids import Grid, same_crs, transform_points
from .raster_values import scaled
from .rasters import Rasters
from .stacks import OPEN_FILES, Block, ImageStack, same_pixels

Float32 = npt.NDArray[np.float32]
HOW = ("nearest", "bilinear")
_LATTICE = 16  # pixels from one place that is transformed exactly to the next


def read_on_grid(stack: ImageStack, block: Block, how: str) -> Float32:
    """As ``ImageStack.read``, for images that need not lie on the grid of ``stack``."""
    shape = (len(stack), len(stack.bands), block.rows, block.columns)
    values = np.full(shape, np.nan, dtype=np.float32)
    with Rasters(OPEN_FILES) as rasters:
        places: dict[Grid, tuple[FloatArray, FloatArray]] = {}
        for date, product in enumerate(stack.products):
            for band, name in enumerate(stack.bands):
                if name in product.bands:
                    source = product.bands[name]
                    values[date, band] = sampled(rasters, source, stack.grid, block, how, places)
    return values


def sampled(
    rasters: Rasters,
    source: BandSource,
    grid: Grid,
    block: Block,
    how: str,
    places: dict[Grid, tuple[FloatArray, FloatArray]] | None = None,
) -> Float32:
    """Physical values (rows, columns) of ``source`` at the pixel centers of ``block`` of ``grid``.

    ``how``: ``nearest`` or ``bilinear``; of the four pixels around a center those without data take
    no part. NaN where the nearest pixel has no data, or none is there. ``places`` keeps the
    positions of the block on other grids for further bands. Raises ``ProductError`` where the file
    cannot be read, or its coordinate system cannot be joined with that of ``grid``.
    """
    own = rasters.grid_like(source.uri, grid)
    if same_pixels(own, grid):
        dn = rasters.read(source.uri, source.band, *block)
        return scaled(dn, source).astype(np.float32, copy=False)
    places = {} if places is None else places
    if own not in places:
        places[own] = positions(own, grid, block)
    return _sample(rasters, source, own, *places[own], how)


def positions(own: Grid, grid: Grid, block: Block) -> tuple[FloatArray, FloatArray]:
    """Where the pixel centers of ``block`` of ``grid`` lie on ``own``: fractional columns and rows
    (rows, columns), counted from the center of its first pixel.
    """
    if same_crs(own.wkt, grid.wkt):
        columns, rows = np.arange(block.columns), np.arange(block.rows)
        x, y = _center(grid, block.column + columns, block.row + rows)
        column, row = _on(own, x, y)
        wide = np.broadcast_arrays(column[None, :], row[:, None])
        return np.array(wide[0]), np.array(wide[1])
    at_columns, at_rows = (_nodes(block.column, block.columns), _nodes(block.row, block.rows))
    x, y = _center(grid, at_columns, at_rows)
    wide = np.meshgrid(x, y)
    x, y = transform_points(grid.wkt, own.wkt, wide[0].ravel(), wide[1].ravel())
    column, row = (part.reshape(wide[0].shape) for part in _on(own, x, y))
    return _between(column, block), _between(row, block)


def _nodes(first: int, count: int) -> AnyArray:
    """Pixels that are transformed: multiples of the lattice around ``count`` pixels."""
    start = first // _LATTICE * _LATTICE
    return np.arange(start, first + count - 1 + _LATTICE + 1, _LATTICE)


def _between(nodes: FloatArray, block: Block) -> FloatArray:
    """Values at all pixels out of those at the nodes, along rows and then along columns."""
    for axis, (first, count) in enumerate(((block.row, block.rows), (block.column, block.columns))):
        pixels = first + np.arange(count)
        place = pixels // _LATTICE - first // _LATTICE
        share = (pixels % _LATTICE) / _LATTICE
        low, high = np.take(nodes, place, axis=axis), np.take(nodes, place + 1, axis=axis)
        part = share[:, None] if axis == 0 else share[None, :]
        nodes = low + (high - low) * part
    return nodes


def _center(grid: Grid, columns: AnyArray, rows: AnyArray) -> tuple[FloatArray, FloatArray]:
    left, width, _, top, _, height = grid.geotransform
    return left + (columns + 0.5) * width, top + (rows + 0.5) * height


def _on(own: Grid, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    left, width, _, top, _, height = own.geotransform
    return (x - left) / width - 0.5, (y - top) / height - 0.5


def _sample(
    rasters: Rasters,
    source: BandSource,
    own: Grid,
    column: FloatArray,
    row: FloatArray,
    how: str,
) -> Float32:
    inside = (
        (column >= -0.5) & (column < own.width - 0.5) & (row >= -0.5) & (row < own.height - 0.5)
    )
    result = np.full(column.shape, np.nan, dtype=np.float32)
    if not inside.any():
        return result
    column, row = column[inside], row[inside]
    left, top = max(int(np.floor(column.min())), 0), max(int(np.floor(row.min())), 0)
    right = min(int(np.floor(column.max())) + 2, own.width)
    bottom = min(int(np.floor(row.max())) + 2, own.height)
    dn = rasters.read(source.uri, source.band, left, top, right - left, bottom - top)
    values = scaled(dn, source).astype(np.float32, copy=False)
    pick = _bilinear if how == "bilinear" else _nearest
    result[inside] = pick(values, column - left, row - top)
    return result


def _nearest(values: Float32, column: FloatArray, row: FloatArray) -> Float32:
    rows, columns = values.shape
    at_row = np.clip(np.floor(row + 0.5).astype(np.int64), 0, rows - 1)
    at_column = np.clip(np.floor(column + 0.5).astype(np.int64), 0, columns - 1)
    picked: Float32 = values[at_row, at_column]
    return picked


def _bilinear(values: Float32, column: FloatArray, row: FloatArray) -> Float32:
    rows, columns = values.shape
    left, top = np.floor(column), np.floor(row)
    total, weights = np.zeros(len(column)), np.zeros(len(column))
    for down in (0, 1):
        for aside in (0, 1):
            at_row = np.clip(top.astype(np.int64) + down, 0, rows - 1)
            at_column = np.clip(left.astype(np.int64) + aside, 0, columns - 1)
            part = values[at_row, at_column]
            weight = (1.0 - np.abs(row - top - down)) * (1.0 - np.abs(column - left - aside))
            weight[np.isnan(part)] = 0.0
            total += weight * np.where(np.isnan(part), 0.0, part)
            weights += weight
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = total / weights
    return np.where(np.isnan(_nearest(values, column, row)), np.nan, mean).astype(np.float32)
