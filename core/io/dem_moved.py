# SPDX-License-Identifier: GPL-3.0-or-later
"""An elevation model written where it belongs: moved, raised, and tilted back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..progress import Progress, each
from ..types import FloatArray
from .dem_files import NODATA, Dem, HeightArray, Place, coded, dem_grid, part_of, read_dem
from .dem_warp import place_under, warped
from .geoid_grids import UNKNOWN, VERTICAL_ITEM
from .grids import Grid
from .raster_writer import RasterWriter
from .rasters import Rasters
from .vertical_crs import in_meters, shown_reference, with_reference

_ROWS = 512


@dataclass(frozen=True)
class Move:
    """What is added to a model: ``x`` and ``y`` in units of its CRS, ``up`` in meters, and a plane
    (m per unit of the CRS, to the east and to the north) that is 0 at ``middle`` (x, y, after the
    move).
    """

    x: float
    y: float
    up: float
    plane: tuple[float, float] = (0.0, 0.0)
    middle: tuple[float, float] = (0.0, 0.0)

    def grid(self, grid: Grid) -> Grid:
        """``grid`` at its new place."""
        left, width, skew, top, turn, height = grid.geotransform
        return replace(grid, geotransform=(left + self.x, width, skew, top + self.y, turn, height))

    def raised(self, dem: Dem) -> HeightArray:
        """The heights of ``dem``, whose grid is at the new place already."""
        added: FloatArray | float = self.up
        if any(self.plane):
            left, width, _, top, _, height = dem.grid.geotransform
            x = left + (np.arange(dem.grid.width) + 0.5) * width - self.middle[0]
            y = top + (np.arange(dem.grid.height) + 0.5) * height - self.middle[1]
            added = self.up + self.plane[0] * x[None, :] + self.plane[1] * y[:, None]
        return np.asarray(dem.height + added, dtype=np.float32)


@dataclass(frozen=True)
class Level:
    """What heights are counted from in the result: ``convert`` takes heights (rows, columns) as
    they are read, and their grid; ``vertical`` is its name.
    """

    convert: Callable[[HeightArray, Grid], HeightArray]
    vertical: str


def write_moved(
    source: str,
    target: Path,
    shown: str,
    move: Move,
    onto: Grid | None,
    progress: Progress,
    level: Level | None = None,
) -> Grid:
    """Write the model of the file ``source`` to ``target`` (float32, no data -32768).

    Without ``onto`` no height is interpolated: the cells themselves move. With it the heights are
    brought onto that grid by cubic convolution. ``level``: heights are converted. What the heights
    are counted from is written as far as it is known: in the CRS, unless that has another unit than
    meters, and as an item of metadata. Returns the grid of the result; raises ``OutputError`` where
    it cannot be written completely.
    """
    with Rasters() as rasters:
        own = dem_grid(source, rasters)
        grid = onto or move.grid(own)
        if level is None:
            vertical = shown_reference(grid.wkt, rasters.dataset(source))
            grid = replace(grid, wkt=in_meters(grid.wkt))
        else:
            vertical = level.vertical
            grid = replace(grid, wkt=with_reference(grid.wkt, vertical))
        if onto is not None:
            with _writer(target, grid, shown, vertical, progress) as writer:
                for row in each(list(range(0, onto.height, _ROWS)), progress):
                    rows = min(_ROWS, onto.height - row)
                    strip = part_of(onto, (0, row, onto.width, rows))
                    writer.write(1, coded(_on(strip, source, own, move, rasters, level)), 0, row)
            return grid
        with _writer(target, grid, shown, vertical, progress) as writer:
            for row in each(list(range(0, own.height, _ROWS)), progress):
                rows = min(_ROWS, own.height - row)
                part = _read(source, (0, row, own.width, rows), rasters, level)
                part = replace(part, grid=move.grid(part.grid))
                writer.write(1, coded(move.raised(part)), 0, row)
    return grid


def _read(source: str, place: Place, rasters: Rasters, level: Level | None) -> Dem:
    part = read_dem(source, place, rasters=rasters)
    if level is None:
        return part
    return replace(part, height=level.convert(part.height, part.grid))


def _on(
    strip: Grid, source: str, own: Grid, move: Move, rasters: Rasters, level: Level | None
) -> HeightArray:
    """The moved heights on a strip of another grid."""
    place = place_under(move.grid(own), strip)
    if place is None:
        return np.full((strip.height, strip.width), np.nan, dtype=np.float32)
    part = _read(source, place, rasters, level)
    part = replace(part, grid=move.grid(part.grid))
    return warped(replace(part, height=move.raised(part)), strip, "cubic")


def _writer(
    target: Path, grid: Grid, shown: str, vertical: str, progress: Progress
) -> RasterWriter:
    writer = RasterWriter(
        target, grid, 1, "float32", NODATA, ("height",), shown, progress=progress
    )  # fmt: skip
    writer.describe(VERTICAL_ITEM, vertical or UNKNOWN)
    return writer
