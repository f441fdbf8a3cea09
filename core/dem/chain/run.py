# SPDX-License-Identifier: GPL-3.0-or-later
"""A stereo run from images to rasters: plan, points, cells, tie, files."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ...errors import CalValError
from ...execution.ahead import ready_ahead
from ...execution.results import RasterOutput, write_rasters
from ...execution.runner import TileRun, run_tiles
from ...execution.settings import SMALLEST_TILE, ExecutionSettings
from ...execution.state import EMPTY_KEY
from ...execution.tiling import fit_tile_size
from ...io.cache import gdal_cache
from ...io.dem_files import NODATA
from ...io.geoid_grids import VERTICAL_ITEM
from ...io.grids import Grid
from ...io.stereo_points import write_points
from ...io.vertical_crs import ELLIPSOID, with_reference
from ...progress import Part, Progress, Silent
from ..datum import check_reference
from .ground import (
    BANDS,
    BYTES_PER_CELL,
    DSM,
    ORTHO,
    GroundShift,
    ground_grid,
    ground_parameters,
    ground_tiles,
    make_cells,
)
from .kernels import STEREO_KERNELS
from .layer import SMALL_AT_ONCE
from .plan import pixels_aside, plan_stereo
from .points import cut, match_points, points_parameters, tile_budget
from .prior import prior_heights
from .request import LARGEST_VOID, PlannedPair, StereoPlan, StereoRequest
from .seams import SeamTest, seam_test
from .tie import Tie, check_place, tie_model, tie_to
from .usage import Usage

Target = tuple[Path | str, str]  # temporary and final path
# A third of the time for files a few percent larger; bands apart: a fifth less, and smaller files.
FAST = ("ZLEVEL=1", "INTERLEAVE=BAND")
OUTPUT, ORTHO_IMAGE, POINT_CLOUD = "dsm", "ortho", "points"


@dataclass(frozen=True)
class StereoResult:
    """What a run gave, besides its files: the ``plan``, the summaries of all tiles of its ``pairs``
    (runs) and of the ground, the ``grid`` of the result, the ``tie`` to the reference, if any, and
    what it took. ``discard`` the tiles once all files are in place.
    """

    plan: StereoPlan
    pairs: tuple[TileRun, ...]
    ground: TileRun
    grid: Grid
    seams: SeamTest
    usage: Usage
    notes: tuple[str, ...] = ()
    tie: Tie | None = None
    folder: Path = field(default_factory=Path)
    rejected: tuple[TileRun, ...] = ()

    @property
    def coverage_percent(self) -> float:
        """Cells with a height, of those that the region of the first image and another one show."""
        there = sum(one["cells"] for one in self.ground.summaries)
        void = sum(one["void"] for one in self.ground.summaries)
        return 100.0 * there / (there + void) if there else 0.0

    @property
    def filled(self) -> int:
        """Cells of small voids that were filled."""
        return sum(int(one["filled"]) for one in self.ground.summaries)

    @property
    def pointing_px(self) -> float:
        """The largest median distance (pixels) of matches from their epipolar lines that is left
        over the pairs.
        """
        return max(pair.quality.pointing.after_px for pair in self.plan.pairs)

    @property
    def computed_megapixels(self) -> float:
        """Of the first image, over all pairs, without tiles kept from an earlier run."""
        done = [run.computed / max(1, len(run.tiles)) for run in self.pairs]
        return self.plan.megapixels * sum(done) / len(done)

    @property
    def cpu_per_megapixel(self) -> float:
        """Processor seconds per million pixels of the first image; NaN where none was computed."""
        done = self.computed_megapixels
        return self.usage.cpu_s / done if done > 0.0 else float("nan")

    @property
    def checksums(self) -> dict[str, str]:
        """SHA-256 of each file of cells by the name of its tile."""
        return dict(self.ground.checksums)

    def discard(self) -> None:
        """Remove all tiles."""
        for run in (*self.pairs, *self.rejected, self.ground):
            run.discard()
        with suppress(OSError):
            self.folder.rmdir()


def stereo_dsm(
    request: StereoRequest,
    targets: Mapping[str, Target],
    folder: Path | str,
    execution: ExecutionSettings | None = None,
    progress: Progress | None = None,
) -> StereoResult:
    """Make the elevation model that ``request`` asks for.

    ``targets``: temporary and final path of ``dsm`` (bands height, std, count, confidence; float32,
    no data -32768), and where wanted of ``ortho`` (the first image on the cells) and ``points``
    (PLY). ``folder``: of the tiles, which stay there until the result is discarded; a run that
    failed goes on from them. Heights and counts are the same on
    any executor, deviations and confidence but for rounding. Raises what
    ``plan_stereo``, ``run_tiles`` and ``coregister`` raise, ``OutputError`` where a file cannot be
    written completely.
    """
    execution, progress = execution or ExecutionSettings(), progress or Silent()
    folder, usage = Path(folder), Usage()
    try:
        with gdal_cache():
            return _run(request, targets, folder, execution, progress, usage)
    except CalValError:
        with suppress(OSError):  # it stays where tiles are in it
            folder.rmdir()
        raise


def _run(
    request: StereoRequest,
    targets: Mapping[str, Target],
    folder: Path,
    execution: ExecutionSettings,
    progress: Progress,
    usage: Usage,
) -> StereoResult:
    request = replace(request, vertical=check_reference(request.vertical))
    reference = None
    if request.reference:
        reference = tie_model(request.reference, request.vertical, request.reference_vertical)
    with ready_ahead(STEREO_KERNELS, execution.executor) as kernels:
        with usage.step("Reading, sparse matches, pointing"):
            plan = plan_stereo(request, Part(progress, 0.0, 0.15))
            if reference:
                check_place(reference, plan)
        with usage.step("Kernels"):
            kernels.wait(progress)
    for note in plan.notes:
        progress.warn(note)
    with usage.step("Dense matching, triangulation"):
        pairs = _match_all(plan, folder, execution, Part(progress, 0.15, 0.75))
    grid = ground_grid(plan, pairs)
    with usage.step("Cells"):
        ground = _cells(
            plan, pairs, grid, GroundShift(), folder / "ground", ORTHO_IMAGE in targets, execution,
            Part(progress, 0.75, 0.85),
        )  # fmt: skip
    notes, tie = list(plan.notes), None
    rejected: tuple[TileRun, ...] = ()
    if reference:
        with usage.step("Tie to the reference"):
            tie = tie_to(reference, ground, grid, folder, Part(progress, 0.85, 0.9))
            for note in tie.notes:
                progress.warn(note)
            notes += tie.notes
            rejected = (ground,)
            shift = GroundShift(tie.columns, tie.rows, tie.up)
            grid = ground_grid(plan, pairs, shift)  # no rim stays outside of it
            ground = _cells(
                plan, pairs, grid, shift, folder / "tied", ORTHO_IMAGE in targets, execution,
                Part(progress, 0.9, 0.93),
            )  # fmt: skip
    with usage.step("Writing"):
        _write(plan, pairs, ground, grid, targets, tie, Part(progress, 0.93, 1.0))
    notes += _status_notes(plan, pairs, progress)
    return StereoResult(
        plan, tuple(pairs), ground, grid, seam_test(ground.summaries), usage, tuple(notes), tie,
        folder, rejected,
    )  # fmt: skip


def _match_all(
    plan: StereoPlan, folder: Path, execution: ExecutionSettings, progress: Progress
) -> list[TileRun]:
    runs = []
    for number, pair in enumerate(plan.pairs):
        part = Part(progress, number / len(plan.pairs), (number + 1) / len(plan.pairs))
        size, budget = tile_budget(plan, pair, execution)
        tiles = cut(plan.region, size)
        heights = prior_heights(plan, pair, tiles)
        inputs = [plan.images[pair.first].path, plan.images[pair.second].path]
        runs.append(run_tiles(
            match_points, tiles, folder / f"pair_{pair.first + 1}_{pair.second + 1}",
            points_parameters(plan, pair, budget, heights), execution, part, inputs, budget,
        ))  # fmt: skip
    return runs


def _cells(
    plan: StereoPlan,
    pairs: list[TileRun],
    grid: Grid,
    shift: GroundShift,
    folder: Path,
    ortho: bool,
    execution: ExecutionSettings,
    progress: Progress,
) -> TileRun:
    factor = pixels_aside(plan)
    size = fit_tile_size(execution.tile_size, BYTES_PER_CELL, execution.memory_cap_mb)
    size = max(SMALLEST_TILE, size // factor)  # cells of many pixels hold as many more points
    voids = LARGEST_VOID if ortho else plan.request.largest_void
    tiles = ground_tiles(grid, size, voids)
    cells = max(one.outer.width * one.outer.height for one in tiles)
    need = max(cells, SMALL_AT_ONCE**2 if factor > 1 else 0) * BYTES_PER_CELL / 1e6
    return run_tiles(
        make_cells, tiles, folder, ground_parameters(plan, pairs, grid, shift, ortho), execution,
        progress, tile_mb=min(need, execution.memory_cap_mb),
    )  # fmt: skip


def _write(
    plan: StereoPlan,
    pairs: list[TileRun],
    ground: TileRun,
    grid: Grid,
    targets: Mapping[str, Target],
    tie: Tie | None,
    progress: Progress,
) -> None:
    if OUTPUT in targets:
        path, shown = targets[OUTPUT]
        vertical = plan.request.vertical
        about = ((VERTICAL_ITEM, "WGS 84 ellipsoid" if vertical == ELLIPSOID else vertical),)
        dsm = RasterOutput(DSM, path, NODATA, BANDS, Path(shown).name, FAST, about)
        # GDAL tells a projected CRS of three axes to few programs: the ellipsoid is in the metadata
        # alone, a geoid in the CRS too.
        upright = grid
        if vertical != ELLIPSOID:
            upright = replace(grid, wkt=with_reference(grid.wkt, vertical))
        write_rasters(ground, [dsm], upright, Part(progress, 0.0, 0.6))
    if ORTHO_IMAGE in targets:
        path, shown = targets[ORTHO_IMAGE]
        ortho = RasterOutput(ORTHO, path, NODATA, ("brightness",), Path(shown).name, FAST)
        write_rasters(ground, [ortho], grid, Part(progress, 0.6, 0.8))
    if POINT_CLOUD in targets:
        path, shown = targets[POINT_CLOUD]
        shift = (tie.east, tie.north, tie.up) if tie else (0.0, 0.0, 0.0)
        pieces = [
            (run.store.path(tile), one["origin"], one["count"])
            for run in pairs
            for tile, one in zip(run.tiles, run.summaries, strict=True)
            if one["count"]
        ]
        write_points(
            path, pieces, plan.lattice, shift, Path(shown).name, Part(progress, 0.8, 1.0),
            None if plan.request.extent is None else grid.bounds(),
        )  # fmt: skip


def _status_notes(plan: StereoPlan, pairs: list[TileRun], progress: Progress) -> list[str]:
    """A sentence for each pair that has tiles without any match."""
    notes = []
    for pair, run in zip(plan.pairs, pairs, strict=True):
        empty = [
            (tile, one) for tile, one in zip(run.tiles, run.summaries, strict=True)
            if not one["count"]
        ]  # fmt: skip
        if empty:
            tile, one = empty[0]
            notes.append(
                f"{len(empty)} of {len(run.tiles)} tiles of {plan.images[pair.second].name} have "
                f"no points, the first at column {tile.own.column}, row {tile.own.row}: "
                f"{one[EMPTY_KEY]}"
            )
            progress.warn(notes[-1])
    return notes


def pair_name(plan: StereoPlan, pair: PlannedPair) -> str:
    """Both images of a pair, for tables."""
    return f"{plan.images[pair.first].name} - {plan.images[pair.second].name}"


def as_numbers(result: StereoResult) -> dict[str, Any]:
    """The numbers that a run answers with."""
    return {
        "COVERAGE_PERCENT": result.coverage_percent,
        "POINTING_RESIDUAL_PX": result.pointing_px,
        "CPU_SECONDS_PER_MPX": result.cpu_per_megapixel,
    }
