# SPDX-License-Identifier: GPL-3.0-or-later
"""The co-registration of a file onto another one: read, find the shift, write the moved model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from ..io.dem_files import dem_grid
from ..io.dem_moved import Level, Move, write_moved
from ..io.dem_pairs import DemPair
from ..io.grids import Grid
from ..progress import Part, Progress
from .alike import conversion, open_alike
from .cells import cell_sides
from .coregister import coregister
from .resample import Heights, moved
from .shift import Pair, Shift


class Method(StrEnum):
    """What is allowed to change."""

    SHIFT = "nuth_kaab"
    TILTED = "nuth_kaab_tilt"
    VERTICAL = "vertical_shift"
    VERTICAL_TILTED = "vertical_tilt"


@dataclass(frozen=True)
class Request:
    """Files, ``masks`` of what does not count, and the method; ``resample``: write the result on
    the grid of the reference instead of moving its own cells.
    """

    model: str
    reference: str
    masks: Sequence[str] = ()
    method: Method = Method.SHIFT
    resample: bool = False


@dataclass(frozen=True)
class Coregistered:
    """The shift, the pair it was found on, and where the result lies."""

    request: Request
    pair: DemPair
    shift: Shift
    grid: Grid

    def differences(self, after: bool) -> Heights:
        """Reference minus model (rows, columns) before, or after the move, on the pair's grid."""
        pair, shift = self.pair, self.shift
        shape = (pair.grid.height, pair.grid.width)
        if not after:
            return pair.reference - moved(pair.model, pair.columns, pair.rows, shape)
        model = moved(pair.model, pair.columns + shift.columns, pair.rows + shift.rows, shape)
        return np.asarray(pair.reference - model - shift.up - _plane(pair, shift))


def coregister_files(
    request: Request, target: Path, shown: str, progress: Progress
) -> Coregistered:
    """Write the model, moved onto the reference, to ``target`` (a temporary name of ``shown``)."""
    progress.report(0.0, "Reading both models")
    pair = open_alike(request.model, request.reference, request.masks)
    for note in pair.notes:
        progress.warn(note)
    progress.report(0.2, "Finding the shift")
    arrays = Pair(
        pair.model, pair.reference, cell_sides(pair.grid), pair.columns, pair.rows, pair.excluded
    )
    horizontal = request.method in (Method.SHIFT, Method.TILTED)
    tilt = request.method in (Method.TILTED, Method.VERTICAL_TILTED)
    shift = coregister(arrays, horizontal, tilt, Part(progress, 0.2, 0.7), forgiving=True)
    for note in shift.notes:
        progress.warn(note)
    progress.report(0.7, "Writing the moved model")
    onto = dem_grid(request.reference) if request.resample else None
    convert = conversion(*pair.vertical, request.model, request.reference)
    level = None if convert is None else Level(convert, pair.vertical[1])
    grid = write_moved(
        request.model, target, shown, move_of(pair, shift), onto, Part(progress, 0.7, 1.0), level
    )
    return Coregistered(request, pair, shift, grid)


def move_of(pair: DemPair, shift: Shift) -> Move:
    """The shift in units of the CRS."""
    east, north = cell_sides(pair.grid).mean()
    width, height = pair.grid.pixel_width, pair.grid.pixel_height
    left, bottom, right, top = pair.grid.bounds()
    plane = (
        shift.tilt.east * 1e-3 * east / width, shift.tilt.north * 1e-3 * north / height,
    )  # fmt: skip
    middle = ((left + right) / 2.0, (bottom + top) / 2.0)
    return Move(shift.columns * width, -shift.rows * height, shift.up, plane, middle)


def _plane(pair: DemPair, shift: Shift) -> Heights:
    """What the tilt adds (rows, columns), 0 in the middle of the pair's grid."""
    east, north = cell_sides(pair.grid).mean()
    x = (np.arange(pair.grid.width) - 0.5 * (pair.grid.width - 1)) * east * 1e-3
    y = (0.5 * (pair.grid.height - 1) - np.arange(pair.grid.height)) * north * 1e-3
    added = shift.tilt.east * x[None, :] + shift.tilt.north * y[:, None]
    return np.asarray(added, dtype=np.float32)
