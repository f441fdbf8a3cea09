# SPDX-License-Identifier: GPL-3.0-or-later
"""The tie of a result to a reference: the shift that a pair of images cannot know by itself."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np

from ...errors import InputError, InsufficientDataError
from ...execution.results import RasterOutput, write_rasters
from ...execution.runner import TileRun
from ...io.dem_files import NODATA, dem_grid
from ...io.dem_pairs import DemPair, open_pair
from ...io.dem_sources import open_source
from ...io.grids import Grid, pixel_sides_m
from ...io.rasters import short
from ...progress import Part, Progress
from ...types import FloatArray
from ..cells import Sides, cell_sides
from ..coregister import LEAST_CELLS, coregister
from ..datum import check_reference, to_reference
from ..placing import exact_cells
from ..resample import halved
from ..shift import Pair, Shift
from .footprint import lattice_of
from .ground import BANDS, DSM
from .request import StereoPlan

HALVINGS, SMALLEST_SIDE = 2, 60  # cells
GIVEN = "REFERENCE_VERTICAL"
_NAME = "untied.tif"


@dataclass(frozen=True)
class Tie(Shift):
    """A shift, its ``columns`` and ``rows`` in cells of the result; ``cell_m``: mean side of the
    averaged cells on which it was found, and which ``before``, ``after`` and ``count`` are of.
    """

    cell_m: float = float("nan")


@dataclass(frozen=True)
class TieModel:
    """A reference by its ``path``, what its heights are counted from (``source``), who says so
    (``told``: ``REFERENCE_VERTICAL``, ``it``, or nobody), and what those of the result are counted
    from (``target``).
    """

    path: str
    source: str
    told: str
    target: str

    @property
    def note(self) -> str:
        """What was made of its heights, for the user."""
        if not self.told:
            return (
                f"{short(self.path)} does not say what its heights are counted from: taken as "
                f"{self.target}, as those of the result are. Give {GIVEN} where you know better."
            )
        if self.source == self.target:
            return ""
        return (
            f"Heights of {short(self.path)} are counted from {self.source}, as {self.told} says: "
            f"they were converted to {self.target} for the tie."
        )


def tie_model(path: str, target: str, given: str = "") -> TieModel:
    """A reference whose heights are counted from what is ``given``, else from what its coordinate
    system or its tags state.

    Raises ``InputError`` where its vertical reference is not known or PROJ's grid of it is missing,
    ``ProductError`` where it cannot be read.
    """
    try:
        source = open_source(path, given).reference
    except InputError as error:
        raise InputError(f"{short(path)}: {error} {GIVEN} takes it.") from error
    told = "" if not source else GIVEN if given.strip() else "it"
    return TieModel(path, check_reference(source or target), told, target)


def check_place(model: TieModel, plan: StereoPlan) -> None:
    """Raise ``InputError`` where a reference does not show the part that is asked for, or too
    little of it to be tied to.
    """
    grid = dem_grid(model.path)
    first, heights = plan.pairs[0].models[0], plan.pairs[0].quality.found_heights
    ground = [first.locate(*lattice_of(plan.region), one, compiled=False) for one in heights]
    column, row = exact_cells(grid, *np.concatenate(np.array(ground), axis=1))
    known = np.isfinite(column) & np.isfinite(row)
    column, row = column[known] + 0.5, row[known] + 0.5
    if (
        not known.any() or column.max() <= 0.0 or row.max() <= 0.0
        or column.min() >= grid.width or row.min() >= grid.height
    ):  # fmt: skip
        raise InputError(
            f"{short(model.path)} does not show the part of {plan.images[0].name} that is asked "
            "for. Give a reference elevation model of the same place (REFERENCE_DEM), or none."
        )
    common = (min(column.max(), grid.width) - max(column.min(), 0.0)) * (
        min(row.max(), grid.height) - max(row.min(), 0.0)
    )
    side = float(np.mean(pixel_sides_m(grid)))
    common *= min(1.0, (side / plan.resolution) ** 2)  # of the cells that are larger
    if common < LEAST_CELLS:
        raise InputError(
            f"{short(model.path)} (REFERENCE_DEM) has only some {common:.0f} cells in common with "
            f"the part that is asked for; {LEAST_CELLS} are needed to tie the result to it. Make a "
            "larger part, take a finer reference, or none."
        )


def tie_to(model: TieModel, ground: TileRun, grid: Grid, folder: Path, progress: Progress) -> Tie:
    """What has to be added to the cells of ``ground`` so that they lie on a reference (Nuth and
    Kääb 2011), its ``columns`` and ``rows`` in cells of ``grid``.

    Raises ``InputError`` where both do not overlap, ``InsufficientDataError`` as ``coregister``.
    """
    path = folder / _NAME
    try:
        write_rasters(
            ground, [RasterOutput(DSM, path, NODATA, BANDS, _NAME)], grid, Part(progress, 0.0, 0.3)
        )
        pair = open_pair(str(path), model.path)
    finally:
        path.unlink(missing_ok=True)
    pair = replace(
        pair, reference=to_reference(pair.reference, pair.grid, model.source, model.target),
        notes=tuple(one for one in (model.note, *pair.notes) if one),
    )  # fmt: skip
    return _in_cells(*_shift(pair, Part(progress, 0.3, 1.0)), pair.notes, grid)


def _shift(pair: DemPair, progress: Progress) -> tuple[Shift, float]:
    """The shift on averages of cells, and their mean side (m); where that fails, as it may on
    models that lie on each other already, on smaller averages; raises what the last of them does.
    """
    for halvings in range(HALVINGS, -1, -1):
        try:
            level = averaged(pair, halvings)
            return coregister(level, progress=progress), float(np.mean(level.sides.mean()))
        except InsufficientDataError:
            if not halvings:
                raise
    raise AssertionError("the last level gives or raises")


def averaged(pair: DemPair, halvings: int = HALVINGS) -> Pair:
    """A pair of models over squares of 2 x 2, then 4 x 4 cells, where so many are left.

    Matched heights are noisy from cell to cell: halfway between cells, where interpolation smooths
    them, they look closest to anything.
    """
    model, reference, sides = pair.model, pair.reference, cell_sides(pair.grid)
    columns, rows = pair.columns, pair.rows
    for _ in range(halvings):
        if min(*model.shape, *reference.shape) < 2 * SMALLEST_SIDE:
            break
        model, reference = halved(model), halved(reference)
        columns, rows = columns / 2.0, rows / 2.0
        sides = Sides(2.0 * _thinned(sides.east), 2.0 * _thinned(sides.north))
    return Pair(model, reference, sides, columns, rows)


def _thinned(side: FloatArray) -> FloatArray:
    """Sides (rows, 1) of every other row, where rows have their own."""
    return side if len(side) == 1 else side[: len(side) // 2 * 2 : 2]


def _in_cells(shift: Shift, cell_m: float, notes: tuple[str, ...], grid: Grid) -> Tie:
    east, north = cell_sides(grid).mean()
    same = {one.name: getattr(shift, one.name) for one in fields(shift)}
    own = {
        "columns": shift.east / east, "rows": -shift.north / north, "cell_m": cell_m,
        "notes": (*notes, *shift.notes),
    }  # fmt: skip
    return Tie(**{**same, **own})
