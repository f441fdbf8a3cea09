# SPDX-License-Identifier: GPL-3.0-or-later
"""The elevation model that is being built: heights, and what each of them is worth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

import numpy as np

from ..execution.tiling import Tile, tiles
from ..io.dem_files import part_of
from ..io.grids import Grid
from ..io.scratch import scratch
from ..types import AnyArray
from .voids import Growth

TILE = 1024


class Fill(IntEnum):
    """How a height came about."""

    NONE = 0
    KEPT = 1
    INTERPOLATED = 2
    DELTA = 3
    PASTED = 4
    WATER = 5


@dataclass
class Canvas:
    """On ``grid`` (rows, columns): ``height`` in m (float32, NaN = none), ``source``: number of the
    model from 1 (0 = none), ``fill``: codes of ``Fill``, ``error``: expected error against the
    first model (m; 0 where its heights are kept, NaN = unknown). Large ones lie in a file.
    """

    grid: Grid
    height: AnyArray
    source: AnyArray
    fill: AnyArray
    error: AnyArray

    def tiles(self, margin: int = 0) -> Iterator[tuple[Tile, Any, Any, Grid]]:
        """Tiles, their own cells and those with a margin as slices, and the grid of the latter."""
        for tile in tiles(self.grid.width, self.grid.height, TILE, margin):
            inner, outer = tile.own, tile.outer
            place = (outer.column, outer.row, outer.width, outer.height)
            yield tile, _slices(inner), _slices(outer), part_of(self.grid, place)

    def count(self, code: Fill) -> int:
        """Cells of one kind."""
        return sum(
            int(np.count_nonzero(self.fill[row : row + TILE] == code))
            for row in range(0, self.grid.height, TILE)
        )

    def void_percent(self) -> float:
        """Cells without a height."""
        return 100.0 * self.count(Fill.NONE) / (self.grid.width * self.grid.height)

    def expected_error(self, code: Fill = Fill.DELTA) -> float:
        """Root mean square of the expected error (m) of cells of one kind, NaN where none has any:
        by default of those filled with a delta surface.
        """
        total, count = 0.0, 0
        for row in range(0, self.grid.height, TILE):
            rows = slice(row, row + TILE)
            errors = self.error[rows][self.fill[rows] == code].astype(np.float64)
            errors = errors[np.isfinite(errors)]
            total, count = total + float(np.sum(errors**2)), count + errors.size
        return float(np.sqrt(total / count)) if count else float("nan")


@dataclass(frozen=True)
class FilledFrom:
    """What the delta surface of one model did: ``growth`` of its expected error, ``median`` and
    ``nmad`` of the difference where both have heights (m; NaN without), ``cells`` it filled,
    ``coarse``: cells over which differences were averaged for the wide part of the surface.
    """

    number: int
    growth: Growth
    median: float
    nmad: float
    cells: int
    coarse: int

    def growth_points(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Distances (cells) and expected errors (m)."""
        return self.growth.distance, self.growth.change


def empty_canvas(grid: Grid, folder: Path) -> Canvas:
    """Nothing yet; large arrays go to a file without a name in ``folder``."""
    shape = (grid.height, grid.width)
    return Canvas(
        grid, scratch(shape, "float32", np.nan, folder), scratch(shape, "uint8", 0, folder),
        scratch(shape, "uint8", Fill.NONE, folder), scratch(shape, "float32", np.nan, folder),
    )  # fmt: skip


def _slices(rectangle: Any) -> tuple[slice, slice]:
    return (
        slice(rectangle.row, rectangle.row + rectangle.height),
        slice(rectangle.column, rectangle.column + rectangle.width),
    )
