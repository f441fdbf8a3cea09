# SPDX-License-Identifier: GPL-3.0-or-later
"""Anomalies of image stacks: two passes, from files to rasters and the table of dates.

The first pass goes over tiles and all dates; the second one over the dates that matter, one at a
time, and decides types by what the whole image shows. A date needs some 8 bytes per pixel of the
grid then: 1 GB for 10980 x 10980 pixels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...errors import InputError, InsufficientDataError
from ...execution.results import RasterOutput, write_rasters
from ...execution.runner import TileRun, run_tiles
from ...execution.settings import ExecutionSettings
from ...execution.stacks import stack_tiles
from ...io.cache import gdal_cache
from ...io.plain_stacks import stack_inputs, stack_to_plain
from ...io.rasters import Rasters
from ...io.stacks import ImageStack, stack_of
from ...progress import Part, Progress, Silent
from ...series.extract_files import Source, find_source
from ...series.reflectance import NOTHING_CLEAR, check_reflectance, infinite_note
from ...series.wavelengths import wavelength_in
from ...table import Table
from ...types import AnyArray, FloatArray
from ...wording import plural
from ..labels import NONE
from ..scores import FEWEST_CLEAR
from ..unvarying import constant_note
from .date_layers import Target
from .date_table import date_table
from .image_types import LEAST_USED
from .looks import Look, color_bands, dates_to_show, good_date, picture
from .parts import PART, part_count
from .pixels import PixelSettings
from .tiles import score_tile, tile_need
from .verdict import DateVote, vote_dates
from .write_dates import write_dates

MOST_VOTING = 256  # parts of the grid
CACHE_MB = 128  # of GDAL in the second pass, which needs the memory itself


@dataclass(frozen=True)
class AnomalySettings:
    """``pixels``: how pixels are scored. A date matters whose image has a type as a whole, or a
    fifth of which is clear and of whose tested pixels more than ``least_share`` are anomalies, or
    that is one of ``days`` (ISO); of more than ``most_dates`` those with most anomalies are kept.
    ``image_threshold``: p-value of whole images.
    """

    pixels: PixelSettings = PixelSettings()
    least_share: float = 0.05
    days: tuple[str, ...] = ()
    most_dates: int = 60
    image_threshold: float = 0.001


@dataclass(frozen=True)
class AnomalyTask:
    """A stack, the wavelengths (k,) of its bands in nm (NaN where unknown), and what is sought."""

    stack: ImageStack
    nm: FloatArray
    settings: AnomalySettings = AnomalySettings()


@dataclass(frozen=True)
class AnomalyReport:
    """``table``: a row per date (``date_table.FIELDS``); ``votes`` (n,) of the dates; ``layers``:
    index of the dates that matter, in order; pixels ``tested`` and ``flagged`` over all dates, and
    the false alarms expected among them; ``looks``: small pictures of the worst dates;
    ``local_types``: pixels by type after space has decided, of the dates that matter. ``run`` is to
    be discarded once all that is made of this report is in place: a run that fails before goes on
    from its tiles.
    """

    table: Table
    votes: tuple[DateVote, ...]
    layers: tuple[int, ...]
    tested: int
    flagged: int
    false_alarm_expected: float
    run: TileRun = field(repr=False)
    notes: tuple[str, ...] = field(default=())
    looks: tuple[Look, ...] = field(default=())
    local_types: Mapping[int, Mapping[str, int]] = field(default_factory=dict)

    @property
    def checksums(self) -> Mapping[str, str]:
        """SHA-256 of each tile's file by name."""
        return self.run.checksums


def open_anomaly_task(
    source: Source,
    bands: Sequence[str],
    policy: str,
    settings: AnomalySettings,
    progress: Progress | None = None,
) -> tuple[AnomalyTask, tuple[str, ...]]:
    """Find the images of ``source``; also notes on what was left out.

    Raises ``InputError`` for days without an image, values that are no reflectance and grids that
    do not fit, ``InsufficientDataError`` for fewer dates than a model needs.
    """
    progress = progress or Silent()
    products, unreadable = find_source(source, Part(progress, 0.0, 0.5))
    stack = stack_of(products, bands, policy, Part(progress, 0.5, 1.0))
    if len(stack) < FEWEST_CLEAR:
        raise InsufficientDataError(
            f"The stack has {plural(len(stack), 'date')}; a seasonal model needs at least "
            f"{FEWEST_CLEAR}. Give a longer series."
        )
    nm = np.array([wavelength_in(stack.products, name) for name in stack.bands])
    _chosen(stack, settings.days)
    check_reflectance(stack)
    notes = [f"Left out: {path}: {reason}" for path, reason in unreadable]
    if np.isnan(nm).any():
        unknown = ", ".join(
            name for name, one in zip(stack.bands, nm, strict=True) if np.isnan(one)
        )
        notes.append(f"Wavelengths are not known of {unknown}: they tell no type of anomaly.")
    return AnomalyTask(stack, nm, settings), tuple(notes)


def detect_anomaly_rasters(
    task: AnomalyTask,
    targets: Mapping[str, Target],
    folder: Path | str,
    execution: ExecutionSettings | None = None,
    progress: Progress | None = None,
    notes: tuple[str, ...] = (),
    most_looks: int = 0,
) -> AnomalyReport:
    """Score all pixels on all dates, vote on the images, and write the rasters wanted.

    ``targets``: temporary and final path of ``type`` (codes of ``codes.NAMES``, uint8, 255 not
    tested) and ``score`` (-log10 of the p-value, 0 to 25.4, float32, no data -9999), a layer per
    date that matters, and of ``counts`` (anomalies and clear dates of each pixel, uint16).
    ``folder``: of the tiles; ``most_looks``: of how many dates pictures are made. Raises what
    ``run_tiles`` raises, ``InsufficientDataError`` where no pixel is ever clear,
    ``OutputError`` where a raster cannot be written. Finished tiles stay in ``folder`` until the
    run of the report is discarded.
    """
    execution, progress = execution or ExecutionSettings(), progress or Silent()
    stack, settings = task.stack, task.settings
    run = _scored(task, folder, execution, Part(progress, 0.0, 0.85))
    votes = vote_dates(
        run.summaries, stack.times, stack.bands, task.nm, settings.image_threshold,
        settings.pixels.harmonics, [product.orbit for product in stack.products],
    )  # fmt: skip
    layers, more = dates_that_matter(votes, stack, settings)
    pictured = dates_to_show(votes, layers, most_looks)
    with gdal_cache(CACHE_MB):
        made = write_dates(stack, run, votes, layers, targets, pictured, Part(progress, 0.85, 0.97))
        _write_counts(run, targets, stack, Part(progress, 0.97, 1.0))
    numbers = {date: layer for layer, date in enumerate(layers, start=1)}
    tested = sum(one.tested for one in votes)
    return AnomalyReport(
        date_table(votes, stack, numbers, dict(zip(layers, made.spaces, strict=True))),
        tuple(votes), layers, tested, sum(one.flagged for one in votes),
        settings.pixels.threshold * tested, run, notes + _notes_of(run, stack) + more,
        _looks(task, votes, made.small), made.named,
    )  # fmt: skip


def _scored(
    task: AnomalyTask, folder: Path | str, execution: ExecutionSettings, progress: Progress
) -> TileRun:
    """All tiles scored. They go, and ``InsufficientDataError`` says why, where no pixel is ever
    clear.
    """
    per_pixel, fixed_mb = tile_need(task.stack)
    cut, tile_mb = stack_tiles(task.stack, _of_parts(execution), per_pixel, fixed_mb=fixed_mb)
    run = run_tiles(
        score_tile, cut, folder, score_parameters(task), execution, progress,
        inputs=stack_inputs(task.stack), tile_mb=tile_mb,
    )  # fmt: skip
    if not any(one["seen"] for one in run.summaries):
        run.discard()
        raise InsufficientDataError(NOTHING_CLEAR)
    return run


def _notes_of(run: TileRun, stack: ImageStack) -> tuple[str, ...]:
    """Sentences on values that are infinite, and on pixels that never vary."""
    infinite = sum(one["infinite"] for one in run.summaries)
    constant = sum(one.get("constant", 0) for one in run.summaries)
    found = [infinite_note(infinite)] if infinite else []
    if constant:
        found.append(constant_note(constant, stack.grid.width * stack.grid.height))
    return tuple(found)


def _write_counts(
    run: TileRun, targets: Mapping[str, Target], stack: ImageStack, progress: Progress
) -> None:
    if "counts" in targets:
        path, shown = targets["counts"]
        counts = RasterOutput("counts", path, None, ("anomalies", "clear dates"), shown)
        write_rasters(run, [counts], stack.grid, progress)


def _of_parts(execution: ExecutionSettings) -> ExecutionSettings:
    """Tiles that can be halved and still are made of whole parts, none larger than wished for."""
    parts = execution.tile_size // PART
    return replace(execution, tile_size=PART << (parts.bit_length() - 1))


def score_parameters(task: AnomalyTask) -> dict[str, Any]:
    """What ``score_tile`` needs to know, as values that JSON knows.

    Of many parts some, spread evenly, vote on the images: a law for the whole image shows in them.
    """
    grid = task.stack.grid
    columns = part_count(grid.width)
    return {
        "voting": {
            "every": -(-columns * part_count(grid.height) // MOST_VOTING), "columns": columns,
        },
        "stack": stack_to_plain(task.stack),
        "wavelengths_nm": [float(one) if np.isfinite(one) else None for one in task.nm],
        "settings": asdict(task.settings.pixels),
    }  # fmt: skip


def dates_that_matter(
    votes: Sequence[DateVote], stack: ImageStack, settings: AnomalySettings
) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Indices of the dates that get rasters, in order; and notes.

    Where none matters it is the one with most anomalies, so that there is something to look at.
    """
    named = _chosen(stack, settings.days)
    found = {
        date
        for date, one in enumerate(votes)
        if one.kind != NONE or (one.share > settings.least_share and one.used >= LEAST_USED)
    }
    ranked = sorted(found - named, key=lambda date: -votes[date].share)
    kept = ranked[: max(0, settings.most_dates - len(named))]
    notes = []
    if len(kept) < len(ranked):
        notes.append(
            f"{len(found | named)} dates matter; rasters were written of the {settings.most_dates} "
            "with most anomalies. The table has them all."
        )
    chosen = sorted({*named, *kept})
    if not chosen:
        chosen = [max(range(len(votes)), key=lambda date: votes[date].share)]
        notes.append(
            "On no date is the whole image off, or the share of anomalies above "
            f"{100.0 * settings.least_share:g} %; the raster shows the date with most anomalies."
        )
    return tuple(chosen), tuple(notes)


def _chosen(stack: ImageStack, days: Sequence[str]) -> set[int]:
    """The indices of all images of ``days``."""
    known = stack.times.astype("datetime64[D]").astype(str)
    found: set[int] = set()
    for day in days:
        at = np.flatnonzero(known == day)
        if not len(at):
            raise InputError(
                f"There is no image of {day}. The images are of {known[0]} to {known[-1]}; the "
                f"nearest is of {_nearest(known, day)}."
            )
        found |= {int(index) for index in at}
    return found


def _nearest(known: AnyArray, day: str) -> str:
    try:
        wanted = np.datetime64(day, "D")
    except ValueError as error:
        raise InputError(f"'{day}' is no day. Give days as 2020-01-31.") from error
    times = known.astype("datetime64[D]")
    return str(times[int(np.abs(times - wanted).argmin())])


def _looks(
    task: AnomalyTask, votes: Sequence[DateVote], small: Mapping[int, npt.NDArray[np.uint8]]
) -> tuple[Look, ...]:
    """The pictures of the dates whose ``small`` maps are there."""
    bands, found = color_bands(task.nm), []
    with Rasters() as rasters:
        for date, types in small.items():
            near = good_date(votes, date)
            good = None if near is None else picture(task.stack, near, bands, rasters)
            found.append(Look(date, picture(task.stack, date, bands, rasters), near, good, types))
    return tuple(found)
