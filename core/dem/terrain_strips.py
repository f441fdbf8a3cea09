# SPDX-License-Identifier: GPL-3.0-or-later
"""Slope, aspect and hillshade of heights that are too many for memory, strip by strip."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..io.grids import Grid
from ..types import AnyArray, FloatArray
from .cells import Sides, cell_sides
from .resample import Heights
from .terrain import aspect, hillshade, slope

Method = Callable[[Heights, Sides], FloatArray]
LAYERS: dict[str, Method] = {"slope": slope, "aspect": aspect, "hillshade": hillshade}


def strips(height: AnyArray, grid: Grid, layer: str) -> Callable[[int, int], FloatArray]:
    """How the rows ``row`` to ``row + rows`` of a ``layer`` of ``height`` (rows, columns) are
    computed: as of the whole, to the last bit.
    """
    sides, method = cell_sides(grid), LAYERS[layer]

    def strip(row: int, rows: int) -> FloatArray:
        first, last = max(row - 1, 0), min(row + rows + 1, grid.height)
        found = method(np.asarray(height[first:last]), sides.rows(first, last))
        result = np.asarray(found[row - first : row - first + rows])
        return np.rint(result) if layer == "hillshade" else result

    return strip
