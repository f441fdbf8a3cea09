# SPDX-License-Identifier: GPL-3.0-or-later
"""The search for stable sites in a stack of images, from files to raster and candidates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ...errors import InsufficientDataError
from ...execution.runner import TileRun, run_tiles, tile_folder
from ...execution.settings import ExecutionSettings
from ...execution.stacks import stack_tiles
from ...io.plain_stacks import stack_inputs
from ...io.stacks import ImageStack, stack_of
from ...progress import Part, Progress, Silent
from ...series.extract_files import Source, find_source
from ...series.reflectance import check_reflectance
from ...series.wavelengths import wavelength_in
from ...table import Table
from ...types import FloatArray
from ...wording import listed, plural
from .bit_rows import bits_up_to
from .candidates import find_sites
from .criteria import SURE
from .design import years_of
from .directions import date_angles
from .layers import HEAD, NO_DATA, LayerPlan, Written, write_layers
from .scale import Scale, scale_of
from .settings import Removal, StabilitySettings
from .sites_table import candidates_table, column_ends
from .tiles import design_of, stability_tile, tile_need, tile_parameters

SIDE = 360  # pixels of the small maps, at most
_LEAST_ANGLED = 0.5  # of the dates: with angles of fewer the season is taken
_SHORT_YEARS = 1.0


@dataclass(frozen=True)
class StabilityTask:
    """A stack with ``angles`` (n, 3: sun zenith, view zenith, relative azimuth in degrees; None
    where they are not needed), settings whose ``removal`` can be done, what was ``asked`` for, and
    the sizes of window and site on this grid.
    """

    stack: ImageStack
    angles: FloatArray | None
    settings: StabilitySettings
    asked: Removal
    scale: Scale
    nm: FloatArray

    @property
    def columns(self) -> tuple[str, ...]:
        """How the columns of the candidates that belong to each band end."""
        return column_ends(self.stack.bands)


@dataclass(frozen=True)
class StabilityReport:
    """``table``: the candidates; ``small``: small maps of all layers, ``sites`` of the candidates'
    numbers by rank, every ``step`` pixels; pixels of the grid, those ``tested`` and ``passed``.
    """

    table: Table
    small: Mapping[str, npt.NDArray[np.float32]]
    sites: npt.NDArray[np.int32]
    step: int
    pixels: int
    tested: int
    passed: int
    tile_count: int
    run: TileRun = field(repr=False)
    notes: tuple[str, ...] = ()

    @property
    def checksums(self) -> Mapping[str, str]:
        """SHA-256 of each tile's file by name."""
        return self.run.checksums

    def discard(self) -> None:
        """Remove the tiles: to be called once all that is made of this report is written, because
        a run that fails before goes on from them.
        """
        self.run.discard()


def open_stability_task(
    source: Source,
    bands: Sequence[str],
    policy: str,
    settings: StabilitySettings,
    angles: Table | None = None,
    progress: Progress | None = None,
) -> tuple[StabilityTask, tuple[str, ...]]:
    """Find the images of ``source`` and their angles; also notes on what differs from what was
    asked for.

    Dates without angles are left out where half of the dates or more have them; else the season
    takes the place of the directions. Raises ``InputError`` for settings, grids and values that do
    not fit, ``InsufficientDataError`` for fewer dates than a pixel needs.
    """
    progress = progress or Silent()
    settings.check()
    products, unreadable = find_source(source, Part(progress, 0.0, 0.4))
    stack = stack_of(products, bands, policy, Part(progress, 0.4, 0.8))
    _require_dates(len(stack), settings, "")
    scale = scale_of(stack.grid, settings)
    check_reflectance(stack)
    notes = [f"Left out: {path}: {reason}" for path, reason in unreadable]
    asked, known = settings.removal, None
    if asked.directional:
        known = date_angles(stack.products, stack.grid, angles, Part(progress, 0.8, 1.0))
        stack, known, settings, more = _with_angles(stack, known, settings)
        notes += more
    elif angles is not None:
        notes.append(f"The table of angles is not used: what is taken off is '{asked}' (BRDF).")
    notes += _about_series(stack, known, settings)
    nm = np.array([wavelength_in(stack.products, name) for name in stack.bands])
    return StabilityTask(stack, known, settings, asked, scale, nm), tuple(notes)


def find_stable_sites(
    task: StabilityTask,
    path: Path | str,
    shown: str,
    execution: ExecutionSettings | None = None,
    progress: Progress | None = None,
    notes: tuple[str, ...] = (),
) -> StabilityReport:
    """Measure all pixels, write the raster to ``path`` (finally ``shown``), and find the sites.

    Raises what ``run_tiles`` raises, ``OutputError`` where the raster cannot be written. Finished
    tiles stay beside the raster, until the report is told to discard them.
    """
    execution, progress = execution or ExecutionSettings(), progress or Silent()
    stack, settings = task.stack, task.settings
    per_pixel, fixed_mb = tile_need(stack)
    cut, tile_mb = stack_tiles(stack, execution, per_pixel, fixed_mb=fixed_mb)
    run = run_tiles(
        stability_tile, cut, tile_folder(shown), tile_parameters(stack, task.angles, settings),
        execution, Part(progress, 0.0, 0.8), inputs=stack_inputs(stack), tile_mb=tile_mb,
    )  # fmt: skip
    grid = stack.grid
    step = max(1, -(-max(grid.width, grid.height) // SIDE))
    plan = LayerPlan(grid, stack.bands, settings, task.scale.window, step)
    written = write_layers(run, plan, path, Path(shown).name, Part(progress, 0.8, 0.92))
    passed = bits_up_to(
        path, 1 + HEAD.index("score"), 1.0, NO_DATA, grid, Part(progress, 0.92, 0.925)
    )
    sites = find_sites(
        passed, task.scale.box, settings.tolerance_percent / 100.0, Part(progress, 0.925, 0.94)
    )
    rows, columns = task.scale.window
    table, ranks = candidates_table(
        sites, path, stack, design_of(stack, task.angles, settings), settings, rows * columns,
        Part(progress, 0.94, 1.0),
    )  # fmt: skip
    return StabilityReport(
        table, written.small, ranks[sites.thinned(step)], step, grid.width * grid.height,
        written.tested, passed.count(), len(cut), run, (*notes, *_about_result(written, task)),
    )  # fmt: skip


def _require_dates(count: int, settings: StabilitySettings, which: str) -> None:
    if count < settings.least_dates:
        raise InsufficientDataError(
            f"The stack has {plural(count, 'date')}{which}, and each pixel needs "
            f"{settings.least_dates} clear ones (MIN_DATES). Give a longer series, or ask for "
            "fewer dates."
        )


def _with_angles(
    stack: ImageStack, angles: FloatArray, settings: StabilitySettings
) -> tuple[ImageStack, FloatArray | None, StabilitySettings, list[str]]:
    """The dates whose angles are known, or all of them with the season."""
    there = np.isfinite(angles).all(axis=1)
    if there.mean() < _LEAST_ANGLED or there.sum() < settings.least_dates:
        note = (
            f"The directions of sun and view are known of {int(there.sum())} of {len(stack)} dates "
            f"only: what they do could NOT be removed by the {settings.removal} model. One "
            "harmonic of the year was removed instead, which leaves the effect of the view "
            "direction in the temporal CV. Give a table of angles (ANGLES)."
        )
        return stack, None, replace(settings, removal=Removal.SEASON), [note]
    if there.all():
        return stack, angles, settings, []
    kept = tuple(one for one, good in zip(stack.products, there, strict=True) if good)
    days = [str(one.time.astype("datetime64[D]"))
            for one, good in zip(stack.products, there, strict=True) if not good]  # fmt: skip
    some = listed(days, 5)
    note = f"Left out for lack of angles: {len(days)} date(s): {some}."
    return replace(stack, products=kept), angles[there], settings, [note]


def _about_series(
    stack: ImageStack, angles: FloatArray | None, settings: StabilitySettings
) -> list[str]:
    notes = []
    if settings.removal.directional and design_of(stack, angles, settings).removed == 0:
        notes.append(
            "All dates have the same directions of sun and view: there is nothing that a "
            "directional model could remove."
        )
    years = years_of(stack.times)
    span = float(np.ptp(years))
    if span < _SHORT_YEARS and (settings.trend or settings.removal is Removal.SEASON):
        notes.append(
            f"The series covers {span:.2f} years: within less than one year a trend and the season "
            "cannot be told apart. Read the standard errors of the trends."
        )
    return notes


def _about_result(written: Written, task: StabilityTask) -> list[str]:
    notes = []
    if not written.tested:
        notes.append(
            f"No pixel has {task.settings.least_dates} clear dates (MIN_DATES): nothing was "
            "measured. Look at the masks and at MASK_POLICY, or ask for fewer dates."
        )
    limit = task.settings.limits.trend_percent_year
    if task.settings.trend and written.tested:
        worst = SURE * _typical_error(written)
        if worst > limit:
            notes.append(
                f"A drift of {limit:g} % per year cannot be told in this series: {SURE:g} standard "
                f"errors of a typical pixel are {worst:.2g} % per year. Pixels are refused for "
                "what exceeds their limit and that together."
            )
    return notes


def _typical_error(written: Written) -> float:
    """The standard error (percent per year) of the trend of the worst band: the median of the
    pixels that pass, or of all where none does.
    """
    with np.errstate(invalid="ignore"):
        good = written.small["score"] <= 1.0
    errors = []
    for name, values in written.small.items():
        if name.startswith("trend_se"):
            chosen = values[good] if good.any() else values[np.isfinite(values)]
            errors.append(float(np.median(chosen)) if chosen.size else 0.0)
    return max(errors, default=0.0)
