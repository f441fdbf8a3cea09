# SPDX-License-Identifier: GPL-3.0-or-later
"""The fixed parts of 64 x 64 pixels that tiles of any size are scored in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...execution.settings import SMALLEST_TILE
from ...execution.tiling import Tile
from ...types import BoolArray

PART = SMALLEST_TILE  # pixels on a side


def part_count(pixels: int) -> int:
    """How many parts lie along so many pixels."""
    return -(-pixels // PART)


def parts_of(shape: tuple[int, ...]) -> Iterator[tuple[tuple[int, int], tuple[Any, ...]]]:
    """Of the parts of a tile of ``shape`` (rows, columns): row and column among them, and what
    cuts them out of (..., rows, columns).
    """
    for row in range(part_count(shape[0])):
        for column in range(part_count(shape[1])):
            begins = (row * PART, column * PART)
            yield (row, column), (..., *(slice(begin, begin + PART) for begin in begins))


def voting_parts(tile: Tile, every: int, columns: int) -> BoolArray:
    """Which parts of a tile vote: one in ``every`` of those of the grid, with ``columns`` side by
    side.
    """
    row, column = tile.own.row // PART, tile.own.column // PART
    rows = row + np.arange(part_count(tile.own.height))[:, None]
    number = rows * columns + column + np.arange(part_count(tile.own.width))
    return np.asarray(number % every == every // 2)
