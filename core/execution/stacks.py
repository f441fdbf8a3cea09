# SPDX-License-Identifier: GPL-3.0-or-later
"""Image stacks in tiles: how large tiles may be, and which pixels of the stack they are."""

from __future__ import annotations

from ..errors import InputError
from ..io.grids import Grid
from ..io.stacks import Block, ImageStack
from .settings import ExecutionSettings
from .tiling import Rectangle, Tile, fit_tile_size, tile_memory_mb, tiles

AT_ONCE = 4  # tiles that the memory cap should hold; fixed, so that all computers cut alike


def stack_tiles(
    stack: ImageStack,
    settings: ExecutionSettings,
    bytes_per_pixel: float,
    margin: int = 0,
    fixed_mb: float = 0.0,
) -> tuple[tuple[Tile, ...], float]:
    """The grid of ``stack`` in tiles, and the memory (MB) that the largest one needs.

    Tiles are of the size wished for, or smaller, so that four of them fit into the memory cap where
    that is possible: the same on every executor. ``bytes_per_pixel``, ``fixed_mb``: what a tile
    needs at its peak. Raises ``InputError`` where not even one small tile fits.
    """
    return grid_tiles(stack.grid, settings, bytes_per_pixel, margin, fixed_mb)


def grid_tiles(
    grid: Grid,
    settings: ExecutionSettings,
    bytes_per_pixel: float,
    margin: int = 0,
    fixed_mb: float = 0.0,
) -> tuple[tuple[Tile, ...], float]:
    """As ``stack_tiles``, of any ``grid``."""
    cap = settings.memory_cap_mb
    try:
        size = fit_tile_size(settings.tile_size, bytes_per_pixel, cap / AT_ONCE, margin, fixed_mb)
    except InputError:
        size = fit_tile_size(settings.tile_size, bytes_per_pixel, cap, margin, fixed_mb)
    cut = tiles(grid.width, grid.height, size, margin)
    # A grid smaller than a tile needs less than a tile would.
    side = min(size, max(grid.width, grid.height))
    return cut, tile_memory_mb(side, bytes_per_pixel, margin, fixed_mb)


def block_of(place: Rectangle) -> Block:
    """The pixels of a tile (its ``own`` or its ``outer`` rectangle) as a block of a stack."""
    return Block(place.column, place.row, place.width, place.height)
