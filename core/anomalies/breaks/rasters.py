# SPDX-License-Identifier: GPL-3.0-or-later
"""Breaks in stacks of images, tile by tile, as rasters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import InputError, InsufficientDataError
from ...execution.results import RasterOutput, write_rasters
from ...execution.runner import TileRun, run_tiles
from ...execution.settings import ExecutionSettings
from ...execution.stacks import block_of, stack_tiles
from ...execution.tiling import Tile, TileOutput
from ...io.plain_stacks import stack_from_plain, stack_inputs, stack_to_plain
from ...io.stacks import ImageStack, stack_of
from ...progress import Part, Progress, Silent
from ...series.extract_files import Source, find_source
from ...series.formula import Formula, formula_of
from ...series.reflectance import NOTHING_CLEAR, check_one_scale, check_reflectance
from ...series.wavelengths import wavelength_in
from ...table import Table
from ...types import AnyArray, Product
from ..unvarying import constant_note, constant_pixels
from .clear_dates import clear_of_stack
from .early import early_note
from .false_alarms import false_alarm_note
from .joint import left_out_note, tested_bands
from .pixels import BEGUN, BREAK, NO_DATE, NOTHING_SEEN, STABLE, STATUS, find_breaks
from .plan import BFASTMONITOR, BreakPlan
from .tables import area_table, day_sums
from .untested import refuse_untested, tested_count

MAPS = ("day", "magnitude", "probability", "status")
_NO_DATA = {"day": NO_DATE, "magnitude": -9999.0, "probability": -9999.0, "status": NOTHING_SEEN}


@dataclass(frozen=True)
class BreakReport:
    """What was found: how many pixels have each status (names of ``STATUS``), dates of the stack,
    the bands or the index tested, and notes. ``table``: a row for each day with breaks
    (``tables.FIELDS``), at the middle of the area. ``run`` is to be discarded once all that is made
    of this report is in place: a run that fails before goes on from its tiles.
    """

    table: Table
    counts: Mapping[str, int]
    date_count: int
    tested: tuple[str, ...]
    run: TileRun = field(repr=False)
    notes: tuple[str, ...] = ()

    @property
    def tile_count(self) -> int:
        """How many tiles there were."""
        return len(self.run.tiles)

    @property
    def checksums(self) -> Mapping[str, str]:
        """SHA-256 of each tile's file by name."""
        return self.run.checksums


@dataclass(frozen=True)
class BreakTask:
    """A stack and what is tested of it: with monitoring one ``formula``, else the bands."""

    stack: ImageStack
    plan: BreakPlan
    formula: Formula | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The values tested: the index, or the bands."""
        return (self.formula.text,) if self.formula else self.stack.bands

    @property
    def tested(self) -> tuple[str, ...]:
        """Those of ``names`` that decide; of the others only the magnitude is told."""
        if self.formula:
            return self.names
        chosen = tested_bands(len(self.names), self.plan.waves, self.plan.joint)
        return tuple(self.names[band] for band in chosen)


def open_task(
    source: Source,
    bands: Sequence[str],
    index: str,
    policy: str,
    plan: BreakPlan,
    progress: Progress | None = None,
) -> tuple[BreakTask, tuple[str, ...]]:
    """Find the images of ``source`` and settle what is tested; also notes on what was left out.

    ``bands``: names, empty for all. ``index`` (only with monitoring): a band, the name of an index
    or a formula; empty: the one band named or there is, else NDVI. Raises ``InputError`` for what
    does not fit, ``ProductError`` naming a file that cannot be used.
    """
    progress = progress or Silent()
    products, unreadable = find_source(source, Part(progress, 0.0, 0.4))
    formula = None
    if plan.method == BFASTMONITOR:
        formula = _formula(products, bands, index)
        bands = formula.bands
    stack = stack_of(products, bands, policy, Part(progress, 0.4, 0.8))
    waves = tuple(wavelength_in(stack.products, name) for name in stack.bands)
    plan = replace(plan, wavelengths_nm=waves)
    plan.check(stack.times)
    if formula is None:
        check_reflectance(stack)
        _tell(left_out_note(stack.bands, plan.waves, plan.joint), progress)
    else:
        check_one_scale(stack)
    notes = [f"Left out: {path}: {reason}" for path, reason in unreadable]
    if plan.monitor is not None:
        clear = clear_of_stack(stack, Part(progress, 0.8, 1.0))
        notes.append(false_alarm_note(plan.monitor, stack.times, clear))
    return BreakTask(stack, plan, formula), tuple(note for note in notes if note)


def detect_break_rasters(
    task: BreakTask,
    targets: Mapping[str, tuple[Path | str, str]],
    folder: Path | str,
    settings: ExecutionSettings | None = None,
    progress: Progress | None = None,
    notes: tuple[str, ...] = (),
) -> BreakReport:
    """Test every pixel of the stack and write the rasters wanted.

    ``targets``: for names of ``MAPS`` the temporary path and the final one. ``folder``: of the
    tiles. ``day``: days since 1970-01-01 (int32, no data -9999). ``magnitude``: in the unit of the
    values, one layer per value tested (float32, no data -9999). ``probability``: 0 to 1 (float32,
    no data -9999). ``status``: codes of ``pixels.STATUS`` (uint8, no data 255). Raises what
    ``run_tiles`` and ``write_rasters`` raise, and ``InsufficientDataError`` with the reason where
    no pixel could be tested. Finished tiles stay in ``folder`` until the run of the report is
    discarded.
    """
    settings, progress = settings or ExecutionSettings(), progress or Silent()
    stack = task.stack
    tiles, need_mb = stack_tiles(stack, settings, bytes_per_pixel(task))
    run = run_tiles(
        break_tile, tiles, folder, task_parameters(task), settings, Part(progress, 0.0, 0.9),
        inputs=stack_inputs(stack), tile_mb=need_mb,
    )  # fmt: skip
    counts = _counts(run, task.plan)
    constant, early = (sum(one[of] for one in run.summaries) for of in ("constant", "early"))
    tested, monitor = tested_count(counts), task.plan.monitor
    told = [
        constant_note(constant, tested),
        early_note(early, counts[STATUS[BREAK]], tested, monitor, "pixel"),
    ]
    notes = (*notes, *filter(None, told))
    outputs = [
        RasterOutput(name, path, _NO_DATA[name], _layers(name, task), shown)
        for name, (path, shown) in targets.items()
    ]
    write_rasters(run, outputs, stack.grid, Part(progress, 0.9, 1.0))
    return BreakReport(
        area_table(run.summaries, task.names, task.plan.method, stack.grid, task.tested), counts,
        len(stack), task.names, run, notes,
    )  # fmt: skip


def _counts(run: TileRun, plan: BreakPlan) -> dict[str, int]:
    """Pixels by status. The tiles go, and ``InsufficientDataError`` says why, where none is tested;
    nothing is written yet.
    """
    counts: Counter[str] = Counter()
    for summary in run.summaries:
        counts.update(summary["counts"])
    before, after = np.max([summary["most"] for summary in run.summaries], axis=0)
    try:
        refuse_untested(counts, plan, (int(before), int(after)), "pixel", NOTHING_CLEAR)
    except InsufficientDataError:
        run.discard()
        raise
    return {name: counts[name] for name in STATUS.values()}


def task_parameters(task: BreakTask) -> dict[str, Any]:
    """What ``break_tile`` needs to know, as values that JSON knows."""
    formula = task.formula
    return {
        "stack": stack_to_plain(task.stack),
        "plan": task.plan.to_plain(),
        "formula": None
        if formula is None
        else [formula.text, list(formula.bands), formula.expression],
    }


def break_tile(tile: Tile, parameters: Mapping[str, Any]) -> TileOutput:
    """The maps of one tile: see ``detect_break_rasters``."""
    stack = stack_from_plain(parameters["stack"])
    plan = BreakPlan.from_plain(parameters["plan"])
    block = block_of(tile.own)
    shape, pixels = (block.rows, block.columns), block.rows * block.columns
    values = stack.read(block)
    values[np.broadcast_to(stack.masked(block)[:, None], values.shape)] = np.nan
    flat: AnyArray = values.reshape(len(stack), len(stack.bands), pixels)
    if parameters["formula"] is not None:
        text, bands, expression = parameters["formula"]
        planes = {name: flat[:, at] for at, name in enumerate(stack.bands)}
        index = Formula(text, tuple(bands), expression).of(planes)
        flat = np.where(np.isfinite(index), index, np.nan).astype(np.float32)[:, None]
    found = find_breaks(flat, stack.times, plan)
    codes, numbers = np.unique(found.status, return_counts=True)
    arrays = {
        "day": found.day.reshape(shape),
        "magnitude": _filled(found.magnitude).reshape(-1, *shape),
        "probability": _filled(found.probability).reshape(shape),
        "status": found.status.reshape(shape),
    }
    counts = {STATUS[int(code)]: int(n) for code, n in zip(codes, numbers, strict=True)}
    most = [int(found.history_count.max()), int((found.count - found.history_count).max())]
    tested = np.isin(found.status, (STABLE, BREAK, BEGUN))
    constant = int(np.count_nonzero(tested & constant_pixels(flat)))
    summary = {
        "counts": counts, "days": day_sums(found), "most": most, "constant": constant,
        "early": int(np.count_nonzero(found.early)),
    }  # fmt: skip
    return TileOutput(arrays, summary)


def bytes_per_pixel(task: BreakTask) -> float:
    """The memory that a tile needs for each of its pixels at its peak, in bytes."""
    stack = task.stack
    tested = len(task.names)
    read = stack.bytes_per_pixel() + 4.0 * len(stack) * len(stack.bands)
    days = np.unique(stack.times.astype("datetime64[D]"))
    # Observations of one day are averaged: sums, counts and what is finite of all pixels at once.
    merged = 17.0 * len(stack) * tested if len(days) < len(stack) else 0.0
    formula = 12.0 * len(stack) if task.formula and len(task.formula.bands) > 1 else 0.0
    return read + merged + formula + 16.0 * tested + 200.0


def _formula(products: Sequence[Product], bands: Sequence[str], index: str) -> Formula:
    known = list(dict.fromkeys(name for one in products for name in one.bands))
    waves = [wavelength_in(products, name) for name in known]
    if index.strip():
        return formula_of(index, known, waves)
    if len(bands) > 1:
        raise InputError(
            f"Monitoring tests one value per date, and {len(bands)} bands are named. Name one, or "
            "give an index such as NDVI or (B8 - B4) / (B8 + B4)."
        )
    chosen = list(bands) or known
    if len(chosen) == 1:
        if chosen[0] not in known:
            raise InputError(f"No date has a band {chosen[0]}. There are: {', '.join(known)}.")
        return formula_of(chosen[0], known, waves)
    return formula_of("NDVI", known, waves)


def _tell(note: str, progress: Progress) -> None:
    if note:
        progress.info(note)


def _filled(values: AnyArray) -> AnyArray:
    return np.where(np.isfinite(values), values, np.float32(-9999.0)).astype(np.float32)


def _layers(name: str, task: BreakTask) -> tuple[str, ...]:
    return task.names if name == "magnitude" else ()
