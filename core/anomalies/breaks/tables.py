# SPDX-License-Identifier: GPL-3.0-or-later
"""Breaks as tables: of sites one row per break, or one per site without any; of an area one row per
day with breaks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...errors import InputError
from ...execution.background import Background
from ...io.grids import Grid, unproject
from ...io.tables import points
from ...jit import uncompiled
from ...progress import Progress, Silent, each
from ...series.formula import formula_of
from ...series.types import TimeSeries
from ...table import Table, from_rows
from ...types import AnyArray, TimeArray
from ..unvarying import constant_note, constant_pixels
from .clear_dates import clear_of_series
from .early import early_note
from .false_alarms import false_alarm_note
from .joint import detect_breaks, left_out_note
from .pixels import (
    BEGUN,
    BREAK,
    NOTHING_SEEN,
    STABLE,
    STATUS,
    TOO_FEW_SEEN,
    BreakMaps,
    find_breaks,
)
from .plan import BFASTMONITOR, JOINT, BreakPlan
from .untested import refuse_untested, tested_count

NOTHING_CLEAR = (
    "All observations of the table are masked, or hold no value: nothing can be tested. Check "
    "MASK_FIELD, CLEAR_VALUES and VALUE_FIELD, and the table itself."
)
AREA = "area"
# Observations: plain Python takes some ten seconds for the joint test of so many, as long as it
# takes to compile what would take no time after that.
_WORTH_COMPILING = 15_000
FIELDS = {
    "site": "text",
    "tested": "text",
    "status": "text",
    "break_time": "time",
    "magnitude": "float",
    "magnitudes": "text",
    "probability": "float",
    "pixels": "int",
    "observations": "int",
    "method": "text",
}


@dataclass(frozen=True)
class BreakTable:
    """``table`` has the columns of ``FIELDS`` and the points of the sites; ``counts``: sites by
    status.
    """

    table: Table
    counts: Mapping[str, int]


def breaks_of_series(
    series: Sequence[TimeSeries],
    plan: BreakPlan,
    index: str = "",
    progress: Progress | None = None,
) -> BreakTable:
    """Test the clear observations of each site.

    ``index`` (with monitoring): as in ``rasters.open_task``. The joint test gives a row for each
    break from the start of ``plan`` on, and for a change that has begun at the end; ``magnitude``
    is that of the band where it is largest, ``magnitudes`` says it for all. Raises ``InputError``
    for settings that do not fit the series of a site, and for a start of monitoring that has no
    clear observation of any site before or after it; ``InsufficientDataError`` with the reason
    where no site could be tested.
    """
    progress = progress or Silent()
    _check_start(series, plan)
    _tell_left_out(series, plan, progress)
    _warn_of_false_alarms(series, plan, progress)
    rows: list[dict[str, Any]] = []
    counts: Counter[str] = Counter()
    few = sum(int(one.clear.sum()) for one in series) < _WORTH_COMPILING
    with Background(progress) as beside:
        for one in each(list(series), progress, "Testing sites for breaks"):
            clear = one.select(one.clear)
            found = beside.run(_found, clear, plan, index, few)
            counts[found[0]["status"]] += 1
            place = {"site": one.site, "method": plan.method, "observations": len(clear),
                     "longitude": one.longitude, "latitude": one.latitude}  # fmt: skip
            rows += [{**place, **row} for row in found]
    refuse_untested(counts, plan, _most_clear(series, plan), "site", NOTHING_CLEAR)
    _warn_of_sites(series, rows, counts, plan, progress)
    made = from_rows(rows, FIELDS, "breaks")
    places = points(
        np.array([row["longitude"] for row in rows]), np.array([row["latitude"] for row in rows])
    )
    known = {name: counts[name] for name in STATUS.values()}
    return BreakTable(replace(made, geometry=places), known)


def day_sums(maps: BreakMaps) -> dict[str, list[float]]:
    """For each day with breaks, as text of its days since 1970-01-01: the number of pixels, the sum
    of their probabilities, and the sums of their magnitudes, one per value tested.
    """
    broken = np.flatnonzero(maps.status == BREAK)
    days, at = np.unique(maps.day[broken], return_inverse=True)
    lines = [np.ones(len(broken)), maps.probability[broken], *maps.magnitude[:, broken]]
    sums = [np.bincount(at, np.nan_to_num(line), len(days)) for line in lines]
    return {
        str(day): [float(total[place]) for total in sums] for place, day in enumerate(days.tolist())
    }


def area_table(
    summaries: Sequence[Mapping[str, Any]],
    names: Sequence[str],
    method: str,
    grid: Grid,
    tested: Sequence[str] = (),
) -> Table:
    """The breaks of an area by day, out of the ``day_sums`` (key ``days``) of its tiles: number of
    pixels, mean probability, and mean magnitudes of the values ``names``. ``tested``: those of them
    that decide, empty for all.
    """
    total: dict[int, AnyArray] = {}
    for summary in summaries:
        for day, sums in summary["days"].items():
            total[int(day)] = total.get(int(day), 0.0) + np.array(sums)
    rows = []
    for day in sorted(total):
        count, means = total[day][0], total[day][1:] / total[day][0]
        rows.append({
            "site": AREA, "tested": " ".join(tested or names), "status": STATUS[BREAK],
            "method": method, "break_time": _time(day), "pixels": int(count),
            "probability": means[0], "magnitude": _largest(means[1:]),
            "magnitudes": _named(names, means[1:]) if len(names) > 1 else "",
        })  # fmt: skip
    left, bottom, right, top = grid.bounds()
    longitude, latitude = unproject(grid.wkt, (left + right) / 2.0, (bottom + top) / 2.0)
    made = from_rows(rows, FIELDS, "breaks")
    return replace(
        made, geometry=points(np.full(len(made), longitude), np.full(len(made), latitude))
    )


def _found(clear: TimeSeries, plan: BreakPlan, index: str, few: bool) -> list[dict[str, Any]]:
    """The rows of one site; ``few``: uncompiled."""
    with uncompiled() if few else nullcontext():
        if plan.method == BFASTMONITOR:
            return _monitored(clear, plan, index)
        return _joint(clear, plan)


def _monitored(clear: TimeSeries, plan: BreakPlan, index: str) -> list[dict[str, Any]]:
    text = index.strip() or (clear.bands[0] if len(clear.bands) == 1 else "NDVI")
    formula = formula_of(text, clear.bands, clear.wavelengths_nm)
    if not len(clear):
        return [_row(formula.text, NOTHING_SEEN)]
    if plan.start is not None and _one_sided(clear.times, plan.start):
        return [_row(formula.text, TOO_FEW_SEEN)]
    columns = {name: clear.values[:, at] for at, name in enumerate(clear.bands)}
    value = formula.of(columns)
    value = np.where(np.isfinite(value), value, np.nan)
    plan.check(clear.times)
    found = find_breaks(value[:, None, None], clear.times, plan)
    row = _row(formula.text, int(found.status[0]))
    row |= {"magnitude": float(found.magnitude[0, 0]), "observations": int(found.count[0])}
    if found.status[0] == BREAK:
        row |= {"break_time": _time(found.day[0]), "probability": float(found.probability[0]),
                "early": bool(found.early[0])}  # fmt: skip
    return [row]


def _joint(clear: TimeSeries, plan: BreakPlan) -> list[dict[str, Any]]:
    tested = " ".join(clear.bands)
    if not len(clear):
        return [_row(tested, NOTHING_SEEN)]
    plan = replace(plan, wavelengths_nm=tuple(clear.wavelengths_nm))
    plan.check(clear.times)
    result = detect_breaks(clear.values[:, :, None], clear.times, plan.waves, plan.joint)
    tested = " ".join(clear.bands[band] for band in result.tested)
    count = {"observations": int(result.observation_count[0])}
    if result.segment_count[0] == 0:
        return [{**_row(tested, TOO_FEW_SEEN), **count}]
    dated = ~np.isnat(result.break_time[0]) & (result.probability[0] > 0.0)
    if plan.start is not None:
        dated &= result.break_time[0] >= plan.start.astype("datetime64[D]")
    rows = []
    for place in np.flatnonzero(dated):
        share = float(result.probability[0, place])
        sizes = result.magnitude[0, place]
        rows.append({
            **_row(tested, BREAK if share >= 1.0 else BEGUN), **count,
            "break_time": result.break_time[0, place].astype("datetime64[ms]"),
            "probability": share, "magnitude": _largest(sizes),
            "magnitudes": _named(clear.bands, sizes),
        })  # fmt: skip
    return rows or [{**_row(tested, STABLE), **count}]


def _check_start(series: Sequence[TimeSeries], plan: BreakPlan) -> None:
    clear = [one.times[one.clear] for one in series if one.clear.any()]
    if plan.method != BFASTMONITOR or plan.start is None or not clear:
        return
    if not all(_one_sided(times, plan.start) for times in clear):
        return
    times = np.concatenate(clear)
    first, last = (str(one.astype("datetime64[D]")) for one in (times.min(), times.max()))
    side = "before" if (times >= plan.start).all() else "after"
    side = "both before and after" if first < str(plan.start)[:10] <= last else side
    raise InputError(
        f"START ({str(plan.start)[:10]}) has no clear observations {side} it at any site: there "
        f"are {len(times)} from {first} to {last}. bfastmonitor needs a history before START, and "
        "dates from it on to be watched."
    )


def _tell_left_out(series: Sequence[TimeSeries], plan: BreakPlan, progress: Progress) -> None:
    notes = [
        left_out_note(one.bands, one.wavelengths_nm, plan.joint)
        for one in series
        if plan.method == JOINT and one.clear.any()
    ]
    for note in dict.fromkeys(filter(None, notes)):
        progress.info(note)


def _most_clear(series: Sequence[TimeSeries], plan: BreakPlan) -> tuple[int, int]:
    """Clear days before the start and from it on, each of the site that has most; with the joint
    test all, and 0.
    """
    monitor = plan.monitor if plan.method == BFASTMONITOR else None
    most = [(0, 0)]
    for one in series:
        days = np.unique(one.times[one.clear].astype("datetime64[D]"))
        if monitor is not None and monitor.history_start is not None:
            days = days[days >= monitor.history_start]
        past = len(days) if monitor is None else int((days < monitor.start).sum())
        most.append((past, len(days) - past))
    return max(past for past, _ in most), max(after for _, after in most)


def _warn_of_sites(
    series: Sequence[TimeSeries],
    rows: Sequence[Mapping[str, Any]],
    counts: Mapping[str, int],
    plan: BreakPlan,
    progress: Progress,
) -> None:
    """Tell of how many sites the result says less than it seems to."""
    early = sum(bool(row.get("early")) for row in rows)
    tested = tested_count(counts)
    for note in (
        constant_note(_constant(series, rows), tested, "site"),
        early_note(early, counts[STATUS[BREAK]], tested, plan.monitor, "site"),
    ):
        if note:
            progress.warn(note)


def _constant(series: Sequence[TimeSeries], rows: Sequence[Mapping[str, Any]]) -> int:
    """How many of the sites that are tested never vary."""
    untested = (STATUS[TOO_FEW_SEEN], STATUS[NOTHING_SEEN])
    tested = {row["site"] for row in rows if row["status"] not in untested}
    return sum(
        bool(constant_pixels(one.values[one.clear][:, :, None])[0])
        for one in series
        if one.site in tested
    )


def _warn_of_false_alarms(
    series: Sequence[TimeSeries], plan: BreakPlan, progress: Progress
) -> None:
    if plan.monitor is None or plan.method != BFASTMONITOR:
        return
    days, clear = clear_of_series(series)
    if len(days) and not _one_sided(days, plan.monitor.start):
        note = false_alarm_note(plan.monitor, days, clear)
        if note:
            progress.warn(note)


def _one_sided(times: TimeArray, start: np.datetime64) -> bool:
    """Whether there is nothing before the start, or nothing after it."""
    before = times < start
    return bool(before.all() or not before.any())


def _named(names: Sequence[str], sizes: AnyArray) -> str:
    return ", ".join(f"{name} {size:+.4f}" for name, size in zip(names, sizes, strict=True))


def _row(tested: str, status: int) -> dict[str, Any]:
    return {"tested": tested, "status": STATUS[status], "pixels": 1}


def _largest(sizes: AnyArray) -> float:
    """The value of the largest size, with its sign; NaN where there is none."""
    if not np.isfinite(sizes).any():
        return float("nan")
    return float(sizes[int(np.nanargmax(np.abs(sizes)))])


def _time(day: int | np.int32) -> np.datetime64:
    return np.datetime64(int(np.int64(day) * 86_400_000), "ms")
