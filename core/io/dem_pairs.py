# SPDX-License-Identifier: GPL-3.0-or-later
"""Two elevation models brought onto cells of one size, with as little resampling as can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from ..errors import InputError
from ..types import BoolArray
from .dem_files import Dem, HeightArray, dem_grid, read_dem
from .dem_warp import bounds_beside, flat_wkt, place_under, read_masks, warped
from .grids import Geotransform, Grid, pixel_sides_m, same_crs
from .rasters import Rasters, short

_ALIKE = 1e-6  # relative difference of cell sizes that are one
_MOST_CELLS = 36_000_000
_MARGIN = 64  # cells of the reference beyond the model


@dataclass(frozen=True)
class DemPair:
    """``model`` and ``reference`` (rows, columns; NaN = none) on cells of one size: the cell (r, c)
    of the reference, on ``grid``, lies where the cell (r - ``rows``, c - ``columns``) of the model
    is. ``excluded``: on ``grid``. ``unit``: side of a cell by the side of one of the model's own.
    ``vertical``: what the files state that their heights are counted from ("" = nothing).
    """

    model: HeightArray
    reference: HeightArray
    grid: Grid
    model_grid: Grid
    columns: float
    rows: float
    excluded: BoolArray | None
    notes: tuple[str, ...]
    vertical: tuple[str, str] = ("", "")


def open_pair(model: str, reference: str, masks: Sequence[str] = ()) -> DemPair:
    """Read both files where they overlap, and 64 cells around.

    Of cells of one size and one CRS nothing is resampled. Otherwise the finer model is averaged
    over the cells of the coarser one, and the reference is brought into the CRS of the model. Above
    36 million cells both are averaged. Vertical references are not looked at (``core.dem.alike``
    does). Raises ``InputError`` where they do not overlap.
    """
    with Rasters() as rasters:
        grids = dem_grid(model, rasters), dem_grid(reference, rasters)
        check_overlap(*grids, short(model), short(reference))
        # A small model over a reference of a continent needs little of it.
        first = read_dem(model, place_under(*grids, _MARGIN), rasters=rasters)
        second = read_dem(reference, place_under(*grids[::-1], _MARGIN), rasters=rasters)
    notes = (*first.notes, *second.notes)
    if not same_crs(flat_wkt(first.grid), flat_wkt(second.grid)):
        notes += (
            f"{second.name} was brought into the coordinate system of {first.name}; only "
            "horizontal coordinates were transformed, no heights.",
        )
    factor = ceil((first.grid.width * first.grid.height / _MOST_CELLS) ** 0.5)
    if factor > 1:
        notes += (f"Both models were averaged over {factor} x {factor} cells.",)
    one, two = _on_cells_of_one_size(first, second, factor)
    columns = (one.grid.geotransform[0] - two.grid.geotransform[0]) / two.grid.pixel_width
    rows = (two.grid.geotransform[3] - one.grid.geotransform[3]) / two.grid.pixel_height
    excluded = read_masks(masks, two.grid)
    return DemPair(
        one.height, two.height, two.grid, one.grid, columns, rows, excluded, notes
    )  # fmt: skip


def check_overlap(first: Grid, second: Grid, name: str, other: str) -> None:
    """Raise ``InputError`` where two grids have no ground in common."""
    left, bottom, right, top = first.bounds()
    own = bounds_beside(second, first)
    if min(right, own[2]) <= max(left, own[0]) or min(top, own[3]) <= max(bottom, own[1]):
        raise InputError(
            f"{name} and {other} do not overlap. Check their extents and coordinate systems, or "
            "take the reference of the same place."
        )


def _on_cells_of_one_size(first: Dem, second: Dem, factor: int) -> tuple[Dem, Dem]:
    """Both models, the second on the extent of the first and a margin around it."""
    same = same_crs(flat_wkt(first.grid), flat_wkt(second.grid))
    if same and factor == 1 and _alike(first.grid, second.grid):
        return first, second
    coarse = _coarser_lattice(first.grid, second.grid, same, factor)
    second_how = "average" if _finer(second.grid, coarse) else "cubic"
    whole = Dem(warped(second, coarse, second_how), coarse, name=second.name)
    if factor == 1 and _alike(first.grid, coarse):
        return first, whole
    how = "average" if _finer(first.grid, coarse) else "cubic"
    return Dem(warped(first, coarse, how), coarse, name=first.name), whole


def _alike(one: Grid, other: Grid) -> bool:
    pairs = ((one.pixel_width, other.pixel_width), (one.pixel_height, other.pixel_height))
    # A difference that grows to a tenth of a cell over the whole model is none.
    size = max(one.width, one.height)
    return all(abs(a / b - 1.0) < max(_ALIKE, 0.1 / size / 10.0) for a, b in pairs)


def _finer(one: Grid, other: Grid) -> bool:
    return sum(pixel_sides_m(one)) < 0.9 * sum(pixel_sides_m(other))


def _coarser_lattice(first: Grid, second: Grid, same: bool, factor: int) -> Grid:
    """Cells in the CRS of the first model, of the size of the coarser one times ``factor``, over
    the first model; those of the second itself where it is coarser and in the same CRS.
    """
    if same and _finer(first, second) and factor == 1:
        return second
    coarser = max(1.0, sum(pixel_sides_m(second)) / sum(pixel_sides_m(first)))
    scale = factor * (coarser if coarser > 1.1 else 1.0)
    left, width, _, top, _, height = first.geotransform
    made: Geotransform = (left, width * scale, 0.0, top, 0.0, height * scale)
    return Grid(
        first.wkt, made, max(1, ceil(first.width / scale)), max(1, ceil(first.height / scale))
    )
