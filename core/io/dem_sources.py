# SPDX-License-Identifier: GPL-3.0-or-later
"""Elevation models read where they are wanted: a tile of another grid at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..errors import ProductError
from .dem_averages import resampled
from .dem_files import Dem, HeightArray, Place, dem_grid, read_dem
from .dem_moved import Move
from .dem_warp import flat_wkt, place_under
from .grids import Grid, same_crs
from .rasters import Rasters, short
from .vertical_crs import named, shown_reference, stated_reference

_WIDEST = 40_000_000  # cells of a file that are read for one tile


@dataclass
class DemSource:
    """A file of heights: its ``grid``, the vertical ``reference`` ("" = unknown), how it is moved,
    and ``notes`` about what was odd, one for each kind.
    """

    path: str
    grid: Grid
    reference: str
    move: Move | None = None
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The file's name as users know it."""
        return short(self.path)

    def on(
        self, grid: Grid, rasters: Rasters, convert: Callable[[HeightArray, Grid], Any]
    ) -> HeightArray:
        """Heights (rows, columns; NaN = none) on a tile: averaged where the cells of the file are
        finer, else by cubic convolution, copied where they are the same; then converted.
        """
        place = self._place(grid)
        if place is None:
            return np.full((grid.height, grid.width), np.nan, dtype=np.float32)
        if place[2] * place[3] > _WIDEST:
            raise ProductError(
                f"The cells of {self.name} are too fine for the grid that is asked for: a tile "
                f"of it needs {place[2]} x {place[3]} of them. Average the file first "
                "(gdalwarp -r average)."
            )
        dem = read_dem(self.path, place, rasters=rasters)
        for note in dem.notes:
            self.notes.setdefault(note.split(" cell")[0].rstrip("0123456789 "), note)
        if self.move is not None:
            dem = replace(dem, grid=self.move.grid(dem.grid))
            dem = replace(dem, height=self.move.raised(dem))
        return np.asarray(convert(_brought(dem, grid), grid), dtype=np.float32)

    def _place(self, grid: Grid) -> Place | None:
        """The cells of the file under a tile and around it; None where there are none."""
        own = self.grid if self.move is None else self.move.grid(self.grid)
        return place_under(own, grid)


def open_source(path: str, reference: str = "") -> DemSource:
    """A file; its vertical reference is ``reference``, else what its CRS or its tags state."""
    with Rasters() as rasters:
        grid = dem_grid(path, rasters)
        stated = named(reference) or stated_reference(grid.wkt, rasters.dataset(path))
    return DemSource(path, grid, stated)


def file_reference(path: str) -> str:
    """What a file states that its heights are counted from: a reference that is known by name, a
    grid of PROJ, the name of another vertical datum as its CRS has it, or nothing.
    """
    with Rasters() as rasters:
        return shown_reference(dem_grid(path, rasters).wkt, rasters.dataset(path))


def _brought(dem: Dem, grid: Grid) -> HeightArray:
    """The heights on a tile; copied, not interpolated, where its cells are those of the file."""
    place = _same_cells(dem.grid, grid)
    if place is None:
        return resampled(dem, grid)
    column, row = place
    result = np.full((grid.height, grid.width), np.nan, dtype=np.float32)
    rows = slice(max(row, 0), min(row + grid.height, dem.grid.height))
    columns = slice(max(column, 0), min(column + grid.width, dem.grid.width))
    part = dem.height[rows, columns]
    top, left = rows.start - row, columns.start - column
    result[top : top + part.shape[0], left : left + part.shape[1]] = part
    return result


def _same_cells(own: Grid, other: Grid) -> tuple[int, int] | None:
    """Where (column, row) of ``own`` the cells of ``other`` begin, None where they are not its."""
    if not same_crs(flat_wkt(own), flat_wkt(other)):
        return None
    width, height = own.geotransform[1], own.geotransform[5]
    longest = max(other.width, other.height)
    sides = (other.geotransform[1] / width, other.geotransform[5] / height)
    if any(abs(one - 1.0) * longest > 1e-3 for one in sides):
        return None
    column = (other.geotransform[0] - own.geotransform[0]) / width
    row = (other.geotransform[3] - own.geotransform[3]) / height
    if abs(column - round(column)) > 1e-3 or abs(row - round(row)) > 1e-3:
        return None
    return round(column), round(row)
