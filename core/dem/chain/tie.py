# SPDX-License-Identifier: GPL-3.0-or-later
"""The tie of a result to a reference: the shift that a pair of images cannot know by itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ...execution.results import RasterOutput, write_rasters
from ...execution.runner import TileRun
from ...io.dem_pairs import open_pair
from ...io.grids import Grid
from ...progress import Part, Progress
from ..cells import cell_sides
from ..coregister import Pair, Shift, coregister
from .ground import BANDS, DSM, NODATA

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
    sides = cell_sides(pair.grid)
    arrays = Pair(pair.model, pair.reference, sides, pair.columns, pair.rows, pair.excluded)
    shift = coregister(arrays, progress=Part(progress, 0.3, 1.0))
    return _in_cells(shift, pair.notes, grid)


def _in_cells(shift: Shift, notes: tuple[str, ...], grid: Grid) -> Shift:
    east, north = cell_sides(grid).mean()
    return replace(
        shift, columns=shift.east / east, rows=-shift.north / north, notes=(*notes, *shift.notes)
    )
