# SPDX-License-Identifier: GPL-3.0-or-later
"""Lasting changes that several sites share: the sensor or the processor, not the ground.

What changes at one site may be its ground. What changes on the same date at two sites or more
cannot be: the hypothesis that at most one site changed is tested (``conjunction``). Dates are many:
the share of false discoveries is held. Sites of one place, such as parcels of one image, have one
vote together (``places``).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..errors import InputError
from ..progress import Progress, Silent, check
from ..series.types import TimeSeries
from ..types import BoolArray, FloatArray, TimeArray
from .conjunction import combined_p, rejected
from .detect import Detection
from .places import NEAR_KM, Place, find_places, votes
from .step_dates import GROUND, SENSOR, CommonStep, StepSite, apart, date_step, step_table
from .step_model import Change
from .step_settling import with_shape
from .steps import Level

LEVEL, STEP_DAYS, MOST_STEPS = 0.01, 10, 4
_LIKELY = 0.05  # p-value of all sites, up to which a date is looked at closely


def common_steps(
    series: Sequence[TimeSeries],
    detections: Sequence[Detection],
    level: float = LEVEL,
    step_days: int = STEP_DAYS,
    progress: Progress | None = None,
    near_km: float = NEAR_KM,
) -> list[CommonStep]:
    """Find lasting changes: those that places share, then those of one site; in order of time.

    One ``Detection`` per series. Steps are sought each ``step_days`` days, then at all dates that
    may be the first one changed; a step that is found joins the model, and the search goes on for
    the next, four of each origin and site at most. Raises ``InputError`` where series and
    detections do not belong together.
    """
    progress = progress or Silent()
    if [one.site for one in series] != [one.site for one in detections]:
        raise InputError("Each series needs the detection of its own site, in the same order.")
    pairs = [StepSite(s, d, progress) for s, d in zip(series, detections, strict=True) if len(s)]
    places = find_places([p.series for p in pairs], [p.detection for p in pairs], near_km)
    candidates = _candidates([one.series for one in pairs], step_days)
    if not len(candidates):
        return []
    return _seek(pairs, places, candidates, level, step_days, progress)


def _seek(
    pairs: Sequence[StepSite],
    places: Sequence[Place],
    candidates: TimeArray,
    level: float,
    step_days: int,
    progress: Progress,
) -> list[CommonStep]:
    shared = (
        _shared(pairs, places, candidates, level, step_days, progress) if len(places) > 1 else []
    )
    known = tuple(Change(step.time) for step in shared)
    found = list(shared)
    for number, pair in enumerate(pairs):
        check(progress)
        progress.report(0.5 + 0.5 * number / len(pairs))
        found += _own(pair, candidates, known, level, step_days)
    return sorted(found, key=lambda step: step.time)


def _candidates(series: Sequence[TimeSeries], step_days: int) -> TimeArray:
    if not series:
        return np.empty(0, "datetime64[ms]")
    first = min(s.times.min() for s in series)
    last = max(s.times.max() for s in series)
    return np.arange(first, last, step_days * np.timedelta64(1, "D")).astype("datetime64[ms]")


def _shared(
    pairs: Sequence[StepSite],
    places: Sequence[Place],
    candidates: TimeArray,
    level: float,
    step_days: int,
    progress: Progress,
) -> list[CommonStep]:
    found: list[CommonStep] = []
    known: tuple[Change, ...] = ()
    unshared: list[np.datetime64] = []
    while len(found) < MOST_STEPS:
        check(progress)
        progress.report(0.5 * len(found) / MOST_STEPS, "Seeking steps that sites share")
        left = apart(candidates, known)
        table, levels = step_table(pairs, left, known)
        combined, good = _rejected(table, levels, places, level)
        if not good.any():  # a weak one
            table = _apart_where_likely(pairs, places, left, known, table)
            combined, good = _rejected(table, levels, places, level)
        good &= ~np.isin(left, unshared)
        if not good.any():
            break
        best = _best(table, combined, good)
        step = date_step(pairs, places, left[best], SENSOR, known, level, step_days)
        if step is None:
            unshared.append(left[best])
        else:
            found.append(step)
            known = (*known, Change(step.time))
    return found


def _rejected(
    table: FloatArray, levels: list[list[Level | None]], places: Sequence[Place], level: float
) -> tuple[FloatArray, BoolArray]:
    """p-values of all sites together (c,), and which of them are discoveries."""
    combined = combined_p(votes(_near_own_best(table, levels), places))
    return combined, rejected(combined, level)


def _apart_where_likely(
    pairs: Sequence[StepSite],
    places: Sequence[Place],
    times: TimeArray,
    known: tuple[Change, ...],
    table: FloatArray,
) -> FloatArray:
    """The p-values (sites, c) with, at the ``times`` (c,) that are not unlikely, those of
    ``StepModel.chances_apart``, which take longer.
    """
    with np.errstate(invalid="ignore"):
        likely = combined_p(votes(table, places)) < _LIKELY
    result = table.copy()
    if likely.any():
        result[:, likely] = [one.model(known).chances_apart(times[likely]) for one in pairs]
    return result


def _near_own_best(table: FloatArray, levels: list[list[Level | None]]) -> FloatArray:
    """The p-values (sites, c), 1 where a site is not beside a date that is more likely than those
    around it: far from its own step any other one is worth something too, and says nothing of the
    date.
    """
    evidence = np.array([[-np.inf if x is None else x.evidence for x in row] for row in levels])
    ends = ((0, 0), (1, 1))
    wide = np.pad(evidence.reshape(table.shape), ends, constant_values=-np.inf)
    peak = (wide[:, 1:-1] >= wide[:, :-2]) & (wide[:, 1:-1] >= wide[:, 2:])
    beside = np.pad(peak, ends)
    near = beside[:, 1:-1] | beside[:, :-2] | beside[:, 2:]
    return np.where(np.isfinite(table) & ~near, 1.0, table)


def _best(table: FloatArray, combined: FloatArray, good: BoolArray) -> int:
    """The best of the ``good`` candidates. Ties at the smallest number that can be told from 0 are
    decided by all sites together.
    """
    every = np.nansum(np.log(np.clip(table, 1e-300, 1.0)), axis=0)
    return int(next(i for i in np.lexsort((every, combined)) if good[i]))


def _own(
    pair: StepSite,
    candidates: TimeArray,
    known: tuple[Change, ...],
    level: float,
    step_days: int,
) -> list[CommonStep]:
    found: list[CommonStep] = []
    place = Place((0,), 1.0)
    while len(found) < MOST_STEPS:
        left = apart(candidates, known)
        table, levels = step_table([pair], left, known)
        if not table.size or not rejected(table[0], level).any():
            break
        evidence = [-np.inf if one is None else one.evidence for one in levels[0]]
        near = left[int(np.argmax(evidence))]
        step = date_step([pair], [place], near, GROUND, known, level, step_days)
        if step is None:
            break
        step, change = with_shape(pair, place, step, known, level, step_days)
        found.append(step)
        known = (*known, change)
    return found
