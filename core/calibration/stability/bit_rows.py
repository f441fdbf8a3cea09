# SPDX-License-Identifier: GPL-3.0-or-later
"""A yes or no for each pixel of a whole grid, in one bit: 15 MB for 10980 x 10980 pixels."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ...io.grids import Grid
from ...io.rasters import Rasters
from ...progress import Progress, each
from ...types import BoolArray

STRIP = 512  # rows that are looked at at a time


class BitRows:
    """``shape``: rows and columns, all pixels False at first; whole rows are read and written."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self.shape = shape
        self._bits = np.zeros((shape[0], -(-shape[1] // 8)), dtype=np.uint8)

    def read(self, row: int, rows: int = 1) -> BoolArray:
        """Up to ``rows`` rows from ``row`` on (rows, columns)."""
        packed = self._bits[row : row + rows]
        return np.unpackbits(packed, axis=1, count=self.shape[1]).view(np.bool_)

    def write(self, row: int, values: BoolArray) -> None:
        """Put ``values`` (rows, columns) at ``row``."""
        self._bits[row : row + len(values)] = np.packbits(values, axis=1)

    def strips(self) -> list[int]:
        """The first row of each strip."""
        return list(range(0, self.shape[0], STRIP))

    def lines(self) -> Iterator[tuple[int, BoolArray]]:
        """Each row with its number."""
        for first in self.strips():
            yield from enumerate(self.read(first, STRIP), start=first)

    def count(self) -> int:
        """How many pixels are True."""
        return sum(int(self.read(row, STRIP).sum()) for row in self.strips())


def bits_of(values: BoolArray) -> BitRows:
    """``values`` (rows, columns) as bits."""
    found = BitRows((values.shape[0], values.shape[1]))
    found.write(0, values)
    return found


def bits_up_to(
    raster: Path | str, band: int, most: float, nodata: float, grid: Grid, progress: Progress
) -> BitRows:
    """Where a ``band`` (from 1 on) of ``raster`` on ``grid`` has a value of up to ``most``."""
    found = BitRows((grid.height, grid.width))
    with Rasters() as rasters:
        for row in each(found.strips(), progress, "Looking for sites"):
            rows = min(STRIP, grid.height - row)
            values = rasters.read(str(raster), band, 0, row, grid.width, rows)
            found.write(row, (values != nodata) & (values <= most))
    return found
