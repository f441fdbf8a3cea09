# SPDX-License-Identifier: GPL-3.0-or-later
"""The tie of a result to a reference: the shift that a pair of images cannot know by itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ...errors import InsufficientDataError
from ...execution.results import RasterOutput, write_rasters
from ...execution.runner import TileRun
from ...io.dem_pairs import DemPair, open_pair
from ...io.grids import Grid
from ...progress import Part, Progress
from ...types import FloatArray
from ..cells import Sides, cell_sides
from ..coregister import Pair, Shift, coregister
from ..resample import halved
from .ground import BANDS, DSM, NODATA

HALVINGS, SMALLEST_SIDE = 2, 60  # cells
_NAME = "untied.tif"


def tie_to(reference: str, ground: TileRun, grid: Grid, folder: Path, progress: Progress) -> Shift:
    """What has to be added to the cells of ``ground`` so that they lie on ``reference`` (Nuth and
    Kääb 2011), its ``columns`` and ``rows`` in cells of ``grid``.

    Raises ``InputError`` where both do not overlap, ``InsufficientDataError`` as ``coregister``.
    """
    path = folder / _NAME
    try:
        write_rasters(
            ground, [RasterOutput(DSM, path, NODATA, BANDS, _NAME)], grid, Part(progress, 0.0, 0.3)
        )
        pair = open_pair(str(path), reference)
    finally:
        path.unlink(missing_ok=True)
    return _in_cells(_shift(pair, Part(progress, 0.3, 1.0)), pair.notes, grid)


def _shift(pair: DemPair, progress: Progress) -> Shift:
    """The shift on averages of cells; where that fails, as it may on models that lie on each other
    already, on smaller averages; raises what the last of them does.
    """
    for halvings in range(HALVINGS, 0, -1):
        try:
            return coregister(averaged(pair, halvings), progress=progress)
        except InsufficientDataError:
            continue
    return coregister(averaged(pair, 0), progress=progress)


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


def _in_cells(shift: Shift, notes: tuple[str, ...], grid: Grid) -> Shift:
    east, north = cell_sides(grid).mean()
    return replace(
        shift, columns=shift.east / east, rows=-shift.north / north, notes=(*notes, *shift.notes)
    )
