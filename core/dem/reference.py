# SPDX-License-Identifier: GPL-3.0-or-later
"""A reference elevation model out of several: the first one where it has heights, its voids filled.

Heights of the first model are only placed on the grid and counted from the wanted vertical
reference. Voids take the relief of the next model with the delta surface, then of the one after;
small ones in which no model has a height are interpolated. So the first model alone says how high
the ground is wherever its rims are near, and seams have no step. Lakes get one level each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ..errors import InputError, InsufficientDataError
from ..io.dem_pairs import check_overlap, open_pair
from ..io.dem_sources import DemSource, open_source
from ..io.dem_warp import read_masks
from ..io.grids import Grid
from ..io.rasters import Rasters
from ..io.scratch import scratch
from ..io.vertical_crs import named
from ..progress import Part, Progress, each
from ..wording import plural
from .canvas import Canvas, Fill, FilledFrom, empty_canvas
from .cells import cell_sides
from .coregister import coregister
from .coregistration import move_of
from .datum import check_reference, to_reference
from .patching import MOST_COARSE, Reader, fill_from, interpolate_small
from .resample import Heights
from .shift import Pair, Shift
from .water import Lake, flatten

AUTO = "auto"


@dataclass(frozen=True)
class ReferenceRequest:
    """``models``: files in the order in which they are believed; ``grid``: where; ``vertical``: the
    reference of the result ("" = that of the first model); ``references``: of the models, one for
    all or one each, ``auto`` or nothing = what the file states; ``small_cells``: largest void that
    is interpolated where no model has heights; ``align``: move later models onto the first;
    ``water``: masks of lakes.
    """

    models: Sequence[str]
    grid: Grid
    vertical: str = ""
    references: Sequence[str] = ()
    small_cells: int = 16
    align: bool = False
    water: Sequence[str] = ()
    most_coarse: int = MOST_COARSE


@dataclass
class ReferenceDem:
    """What was built: ``canvas``, the vertical reference ("" = unknown), and all that the report
    says. ``shifts``: of the models from the second, None where one was not moved.
    """

    request: ReferenceRequest
    canvas: Canvas
    vertical: str
    sources: list[DemSource]
    kept: int = 0
    void_before: float = 0.0
    interpolated: int = 0
    filled: list[FilledFrom] = field(default_factory=list)
    lakes: tuple[Lake, ...] = ()
    shifts: list[Shift | None] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def level_lakes(self) -> int:
        """How many lakes got one level."""
        return sum(bool(np.isfinite(one.level)) for one in self.lakes)


def build(request: ReferenceRequest, folder: Path, progress: Progress) -> ReferenceDem:
    """Build it; large arrays lie in ``folder`` until they are forgotten. Raises ``InputError``
    where models, references or grids do not go together.
    """
    sources = _opened(request)
    vertical, notes = _common(request, sources)
    made = ReferenceDem(request, empty_canvas(request.grid, folder), vertical, sources, notes=notes)
    if request.align:
        _align(made, Part(progress, 0.0, 0.15))
    with Rasters() as rasters:
        _keep_first(made, _reader(made, 0, rasters), Part(progress, 0.15, 0.3))
        for at in range(1, len(sources)):
            start = 0.3 + 0.45 * (at - 1) / max(len(sources) - 1, 1)
            part = Part(progress, start, start + 0.45 / max(len(sources) - 1, 1))
            progress.report(start, f"Filling from {sources[at].name}")
            made.filled.append(fill_from(
                made.canvas, at + 1, _reader(made, at, rasters), part, request.most_coarse
            ))  # fmt: skip
    progress.report(0.75, "Filling small voids")
    made.interpolated = interpolate_small(
        made.canvas, request.small_cells, Part(progress, 0.75, 0.85)
    )
    if request.water:
        progress.report(0.85, "Leveling lakes")
        _level(made, folder)
    _tell(made)
    for note in made.notes:
        progress.warn(note)
    return made


def _opened(request: ReferenceRequest) -> list[DemSource]:
    if not request.models:
        raise InputError("DEMS names no elevation model. Give one or more, the best first.")
    given = list(request.references) or [""]
    if len(given) == 1:
        given *= len(request.models)
    if len(given) != len(request.models):
        raise InputError(
            f"DEM_REFERENCES has {len(given)} entries for {plural(len(request.models), 'model')}: "
            "give one for all, or one each in their order (auto: what the file says)."
        )
    pairs = zip(request.models, given, strict=True)
    return [open_source(path, "" if one.strip().lower() == AUTO else one) for path, one in pairs]


def _common(request: ReferenceRequest, sources: list[DemSource]) -> tuple[str, list[str]]:
    """The vertical reference of the result, and what is odd about those of the models."""
    vertical = named(request.vertical) or sources[0].reference
    silent = [one.name for one in sources if not one.reference]
    if len(silent) == len(sources) and not vertical:
        return "", [
            "No model says what its heights are counted from: they were taken as alike, and "
            "nothing was converted. Give DEM_REFERENCES where you know better."
        ]
    if silent:
        raise InputError(
            f"{', '.join(silent)} does not say what its heights are counted from. Give it in "
            "DEM_REFERENCES: ellipsoid, EGM96, EGM2008 or a grid of PROJ."
        )
    if any(one.reference != vertical for one in sources):
        for one in (vertical, *(source.reference for source in sources)):
            check_reference(one)
    return vertical, []


def _reader(made: ReferenceDem, at: int, rasters: Rasters) -> Reader:
    """How the heights of a model come onto a tile."""
    source, target = made.sources[at], made.vertical

    def read(grid: Grid) -> Heights:
        return source.on(grid, rasters, lambda height, here: _counted(height, here, source, target))

    return read


def _keep_first(made: ReferenceDem, read: Reader, progress: Progress) -> None:
    canvas = made.canvas
    for _, own, _, grid in each(list(canvas.tiles()), progress):
        height = read(grid)
        known = np.isfinite(height)
        canvas.height[own] = height
        canvas.source[own] = known
        canvas.fill[own] = np.where(known, Fill.KEPT, Fill.NONE)
        canvas.error[own] = np.where(known, 0.0, np.nan)
        made.kept += int(np.count_nonzero(known))
    made.void_before = canvas.void_percent()
    if not made.kept:
        raise InputError(
            f"{made.sources[0].name} has no height on the grid that is asked for. Check TARGET and "
            "EXTENT, or put the model that covers it first."
        )


def _align(made: ReferenceDem, progress: Progress) -> None:
    """Find how the later models have to be moved onto the first."""
    first = made.sources[0]
    for source in each(made.sources[1:], progress, "Aligning the models"):
        try:
            pair = open_pair(source.path, first.path)
            sides = cell_sides(pair.grid)
            arrays = Pair(
                _counted(pair.model, pair.model_grid, source, made.vertical),
                _counted(pair.reference, pair.grid, first, made.vertical),
                sides, pair.columns, pair.rows,
            )  # fmt: skip
            shift = coregister(arrays, True, False, progress)
        except (InputError, InsufficientDataError) as error:
            made.shifts.append(None)
            made.notes.append(f"{source.name} was not moved onto {first.name}: {error}")
            continue
        made.shifts.append(shift)
        source.move = move_of(pair, shift)


def _counted(heights: Heights, grid: Grid, source: DemSource, vertical: str) -> Heights:
    """Heights of a model as counted from the reference of the result, where both are known."""
    return to_reference(heights, grid, source.reference, vertical) if vertical else heights


def _level(made: ReferenceDem, folder: Path) -> None:
    canvas = made.canvas
    shape = (canvas.grid.height, canvas.grid.width)
    water = scratch(shape, "uint8", 0, folder)
    for _, own, _, grid in canvas.tiles():
        found = read_masks(made.request.water, grid)
        if found is not None:
            water[own] = found
    made.lakes = flatten(canvas, water, scratch(shape, "int32", 0, folder))


def _tell(made: ReferenceDem) -> None:
    """Sentences about what a user must not overlook."""
    for source in made.sources:
        made.notes.extend(source.notes.values())
    for source in made.sources[1:]:
        try:
            check_overlap(source.grid, made.request.grid, source.name, "")
        except InputError:
            made.notes.append(
                f"{source.name} lies beside the grid of the result and took no part. Check its "
                "extent and its coordinate system, or leave it out."
            )
    pasted = made.canvas.count(Fill.PASTED)
    if pasted:
        made.notes.append(
            f"{plural(pasted, 'cell')} come from a model that nowhere meets the first one: nothing "
            "ties their heights to it."
        )
    level = [one for one in made.lakes if np.isfinite(one.level)]
    if made.lakes:
        largest = max((one.change for one in level), default=0.0)
        made.notes.append(
            f"{plural(len(level), 'lake')} got one level each; the largest change of a height is "
            f"{largest:.1f} m. Left as they were: {len(made.lakes) - len(level)} (rivers, or no "
            "heights around)."
        )
    left = made.canvas.count(Fill.NONE)
    if left:
        made.notes.append(
            f"{plural(left, 'cell')} have no height in any model and stay void. Give a further "
            "model that covers them."
        )
