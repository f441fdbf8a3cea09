# SPDX-License-Identifier: GPL-3.0-or-later
"""A raster cut into tiles, with margins, and how large they may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..errors import InputError
from ..types import AnyArray
from .settings import SMALLEST_TILE

MEGABYTE = 1e6


@dataclass(frozen=True)
class Rectangle:
    """Pixels of a raster: first column and row, width and height."""

    column: int
    row: int
    width: int
    height: int


@dataclass(frozen=True)
class Tile:
    """A part of a raster: ``own`` are the pixels that it computes, ``outer`` those that it reads,
    which is ``own`` with its margin as far as the raster reaches.
    """

    own: Rectangle
    outer: Rectangle

    @property
    def name(self) -> str:
        """A name that is a good file name and sorts in reading order."""
        return f"r{self.own.row:06d}_c{self.own.column:06d}"

    @property
    def pixels(self) -> int:
        """How many pixels it computes."""
        return self.own.width * self.own.height

    def crop(self, values: AnyArray) -> AnyArray:
        """The pixels of ``own`` out of values (..., rows, columns) on ``outer``."""
        if values.shape[-2:] != (self.outer.height, self.outer.width):
            raise ValueError(f"{values.shape} does not fit the outer rectangle {self.outer}")
        row, column = self.own.row - self.outer.row, self.own.column - self.outer.column
        return values[..., row : row + self.own.height, column : column + self.own.width]


@dataclass(frozen=True)
class TileOutput:
    """What a tile function returns.

    ``arrays``: for each raster (rows, columns) or (bands, rows, columns) on the tile's ``own``
    pixels; the types are those of ``core.io.raster_writer``. ``summary``: figures of the tile for a
    table, made of what JSON knows (numpy's numbers and arrays included). ``lists``: arrays of any
    shape that belong to the tile and are no raster, such as points; they are not compressed.
    """

    arrays: Mapping[str, AnyArray]
    summary: Mapping[str, Any] = field(default_factory=dict)
    lists: Mapping[str, AnyArray] = field(default_factory=dict)


def tiles(width: int, height: int, size: int, margin: int = 0) -> tuple[Tile, ...]:
    """Cut ``width`` x ``height`` pixels into tiles of ``size`` x ``size``, row by row.

    Those at the right and lower edges are smaller. ``margin``: pixels that are read on each side
    beyond what is computed. Raises ``InputError`` where a number cannot be used.
    """
    if width < 1 or height < 1:
        raise InputError(f"A raster of {width} x {height} pixels cannot be cut into tiles.")
    if size < 1 or margin < 0:
        raise InputError(f"Tiles of {size} pixels with a margin of {margin} cannot be made.")
    return tuple(
        _tile(width, height, Rectangle(column, row, min(size, width - column), rows), margin)
        for row in range(0, height, size)
        for rows in (min(size, height - row),)
        for column in range(0, width, size)
    )


def fit_tile_size(
    size: int, bytes_per_pixel: float, cap_mb: float, margin: int = 0, fixed_mb: float = 0.0
) -> int:
    """``size``, halved until a tile with its margin needs no more than ``cap_mb``.

    ``bytes_per_pixel``: what the algorithm needs at its peak for each pixel that it reads;
    ``fixed_mb``: what it needs whatever the size. Not below 64 pixels: raises ``InputError`` with
    the figures where even that is too much.
    """
    while tile_memory_mb(size, bytes_per_pixel, margin, fixed_mb) > cap_mb:
        if size // 2 < SMALLEST_TILE:
            raise InputError(
                too_large(tile_memory_mb(size, bytes_per_pixel, margin, fixed_mb), cap_mb, size)
            )
        size //= 2
    return size


def tile_memory_mb(
    size: int, bytes_per_pixel: float, margin: int = 0, fixed_mb: float = 0.0
) -> float:
    """Memory (MB) that a tile of ``size`` x ``size`` pixels with its margin needs at its peak."""
    return fixed_mb + (size + 2 * margin) ** 2 * bytes_per_pixel / MEGABYTE


def too_large(need_mb: float, cap_mb: float, size: int) -> str:
    """That a tile cannot be computed within the cap, and what to do: smaller tiles are advised only
    where there are any.
    """
    smaller = " choose smaller tiles," if size > SMALLEST_TILE else ""
    return (
        f"A tile of {size} x {size} pixels needs about {np.ceil(need_mb):.0f} MB, cap "
        f"{cap_mb:g} MB: raise the memory cap,{smaller} or give fewer dates or bands."
    )


def _tile(width: int, height: int, own: Rectangle, margin: int) -> Tile:
    left, top = max(own.column - margin, 0), max(own.row - margin, 0)
    right = min(own.column + own.width + margin, width)
    bottom = min(own.row + own.height + margin, height)
    return Tile(own, Rectangle(left, top, right - left, bottom - top))
