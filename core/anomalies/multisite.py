# SPDX-License-Identifier: GPL-3.0-or-later
"""Events that several sites share: the sensor or the processor, not the ground.

What changes at one site may be its ground. What changes on the same date at two sites or more
cannot be: the hypothesis that at most one site changed is tested by leaving out the site with the
smallest p-value and combining the others (partial conjunction: Benjamini & Heller 2008,
10.1111/j.1541-0420.2007.00984.x; Fisher's combination). Dates are many: the share of false
discoveries is held by Benjamini & Hochberg (1995, 10.1111/j.2517-6161.1995.tb02031.x). Sites of one
place, such as parcels of one image, have one vote together (``places``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..dependencies import require
from ..errors import InputError
from ..progress import Progress, Silent, check
from ..series.types import TimeSeries
from ..types import BoolArray, FloatArray, TimeArray
from .alike import largest_group, residual_near
from .detect import Detection
from .places import NEAR_KM, Place, find_places, votes
from .steps import Level, scan_steps

SENSOR, GROUND = "sensor", "ground"
LEVEL, STEP_DAYS, MOST_STEPS = 0.01, 30, 4
DATE_WINDOW_DAYS = 2.0
_TAIL = 0.025  # of the interval of dates, on either side
_WIDEST = 12  # of the steps in days: where the interval ends in any case


@dataclass(frozen=True)
class CommonStep:
    """A lasting change of level from ``time`` on: ``origin`` is ``sensor`` (at two places or
    more) or ``ground`` (at one site). ``sites`` are those with their own p-value below the level;
    ``levels`` maps every tested site to its change; ``p_value`` is the combined one. ``earliest``
    and ``latest`` hold the first changed date with 95 %.
    """

    time: np.datetime64
    origin: str
    sites: tuple[str, ...]
    p_value: float
    levels: dict[str, Level]
    earliest: np.datetime64 = np.datetime64("NaT")
    latest: np.datetime64 = np.datetime64("NaT")


@dataclass(frozen=True)
class CommonDate:
    """A single date on which the ``sites`` of several places were off their models; ``p_value``
    combined.
    """

    time: np.datetime64
    sites: tuple[str, ...]
    p_value: float


@dataclass(frozen=True)
class _Site:
    """A site with the levels that have been tried, by their date and the steps known then."""

    series: TimeSeries
    detection: Detection
    tried: dict[tuple[np.datetime64, tuple[np.datetime64, ...]], Level | None]

    def levels(self, times: TimeArray, known: tuple[np.datetime64, ...]) -> list[Level | None]:
        """The change at each of the ``times``."""
        new = np.array([time for time in times if (time, known) not in self.tried], times.dtype)
        found = scan_steps(self.series, self.detection, new, known)
        self.tried.update(zip([(time, known) for time in new], found, strict=True))
        return [self.tried[time, known] for time in times]


def combined_p(p_values: FloatArray, sites: int = 2) -> FloatArray:
    """p-values (c,) of "fewer than ``sites`` sites changed", from those of each (sites, c); NaN
    where a site was not tested. NaN where fewer than ``sites`` were tested.
    """
    special = require("scipy.special")
    ordered = np.sort(np.where(np.isfinite(p_values), p_values, np.inf), axis=0)[sites - 1 :]
    tested = np.isfinite(ordered)
    with np.errstate(divide="ignore"):
        logs = np.where(tested, -2.0 * np.log(np.clip(ordered, 1e-300, 1.0)), 0.0)
    count = tested.sum(axis=0)
    combined = special.chdtrc(2.0 * np.maximum(count, 1), logs.sum(axis=0))
    return np.where(count > 0, combined, np.nan)


def rejected(p_values: FloatArray, level: float) -> BoolArray:
    """Which of the p-values (c,) are discoveries at a false discovery rate ``level``; NaN never."""
    known = np.flatnonzero(np.isfinite(p_values))
    result = np.zeros(len(p_values), bool)
    order = known[np.argsort(p_values[known])]
    below = p_values[order] <= level * np.arange(1, len(order) + 1) / max(1, len(order))
    if below.any():
        result[order[: np.flatnonzero(below)[-1] + 1]] = True
    return result


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
    pairs = [_Site(s, d, {}) for s, d in zip(series, detections, strict=True) if len(s)]
    places = find_places([p.series for p in pairs], [p.detection for p in pairs], near_km)
    candidates = _candidates([one.series for one in pairs], step_days)
    if not len(candidates):
        return []
    shared = (
        _shared(pairs, places, candidates, level, step_days, progress) if len(places) > 1 else []
    )
    known = tuple(step.time for step in shared)
    found = list(shared)
    for number, pair in enumerate(pairs):
        check(progress)
        progress.report(0.5 + 0.5 * number / len(pairs))
        found += _own(pair, candidates, known, level, step_days)
    return sorted(found, key=lambda step: step.time)


def common_dates(
    series: Sequence[TimeSeries],
    detections: Sequence[Detection],
    level: float = LEVEL,
    window_days: float = DATE_WINDOW_DAYS,
    near_km: float = NEAR_KM,
) -> list[CommonDate]:
    """Dates (UTC days) near which two places or more were off their models in the same direction
    (``alike``), within ``window_days``.

    Sites of one product, or nearer than ``near_km``, are one place. Of several dates of a site in a
    window the smallest p-value counts, corrected for their number (Sidak).
    """
    tested = [d.tested & np.isfinite(d.p_value) for d in detections]
    places = find_places(series, detections, near_km)
    if len(places) < 2 or not any(rows.any() for rows in tested):
        return []
    days = [s.times.astype("datetime64[D]") for s in series]
    every = np.unique(np.concatenate([day[rows] for day, rows in zip(days, tested, strict=True)]))
    table = np.full((len(series), len(every)), np.nan)
    for row, (day, rows, found) in enumerate(zip(days, tested, detections, strict=True)):
        apart = np.abs((day[rows][None] - every[:, None]) / np.timedelta64(1, "D"))
        near = apart <= window_days
        least = np.where(near, found.p_value[rows][None], np.inf).min(axis=1, initial=np.inf)
        count = near.sum(axis=1)
        seen = count > 0
        table[row, seen] = -np.expm1(count[seen] * np.log1p(-np.minimum(least[seen], 1 - 1e-16)))
    combined = combined_p(votes(table, places))
    shared = []
    for i in _peaks(every, combined, rejected(combined, level), window_days):
        off = [
            residual_near(one, every[i], window_days) if p < level else {}
            for one, p in zip(detections, table[:, i], strict=True)
        ]
        sites = tuple(series[site].site for site in largest_group(off, places))
        if sites:
            shared.append(CommonDate(every[i], sites, float(combined[i])))
    return shared


def _peaks(
    days: TimeArray, p_values: FloatArray, chosen: BoolArray, window_days: float
) -> list[int]:
    """The best of each run of chosen days that are within the window of each other."""
    peaks: list[int] = []
    for i in np.flatnonzero(chosen):
        near = peaks and (days[i] - days[peaks[-1]]) / np.timedelta64(1, "D") <= window_days
        if near and p_values[i] < p_values[peaks[-1]]:
            peaks[-1] = int(i)
        elif not near:
            peaks.append(int(i))
    return peaks


def _candidates(series: Sequence[TimeSeries], step_days: int) -> TimeArray:
    if not series:
        return np.empty(0, "datetime64[ms]")
    first = min(s.times.min() for s in series)
    last = max(s.times.max() for s in series)
    return np.arange(first, last, step_days * np.timedelta64(1, "D")).astype("datetime64[ms]")


def _table(
    pairs: Sequence[_Site],
    candidates: TimeArray,
    known: tuple[np.datetime64, ...],
) -> tuple[FloatArray, list[list[Level | None]]]:
    times = _apart(candidates, known)
    levels = [one.levels(times, known) for one in pairs]
    table = np.array([[np.nan if x is None else x.p_value for x in row] for row in levels])
    return table, levels


def _apart(candidates: TimeArray, known: tuple[np.datetime64, ...]) -> TimeArray:
    """Candidates not within 60 days of a step that is known already."""
    near = np.zeros(len(candidates), bool)
    for time in known:
        near |= np.abs(candidates - time) < np.timedelta64(60, "D")
    return candidates[~near]


def _shared(
    pairs: Sequence[_Site],
    places: Sequence[Place],
    candidates: TimeArray,
    level: float,
    step_days: int,
    progress: Progress,
) -> list[CommonStep]:
    found: list[CommonStep] = []
    known: tuple[np.datetime64, ...] = ()
    while len(found) < MOST_STEPS:
        check(progress)
        progress.report(0.5 * len(found) / MOST_STEPS, "Seeking steps that sites share")
        left = _apart(candidates, known)
        table, _ = _table(pairs, candidates, known)
        combined = combined_p(votes(table, places))
        good = rejected(combined, level)
        if not good.any():
            break
        best = _best(table, combined, good)
        found.append(_step(pairs, places, left[best], SENSOR, known, level, step_days))
        known = (*known, found[-1].time)
    return found


def _best(table: FloatArray, combined: FloatArray, good: BoolArray) -> int:
    """The best of the ``good`` candidates. Ties at the smallest number that can be told from 0 are
    decided by all sites together.
    """
    every = np.nansum(np.log(np.clip(table, 1e-300, 1.0)), axis=0)
    return int(next(i for i in np.lexsort((every, combined)) if good[i]))


def _own(
    pair: _Site,
    candidates: TimeArray,
    known: tuple[np.datetime64, ...],
    level: float,
    step_days: int,
) -> list[CommonStep]:
    found: list[CommonStep] = []
    while len(found) < MOST_STEPS:
        left = _apart(candidates, known)
        table, _ = _table([pair], candidates, known)
        if not table.size or not rejected(table[0], level).any():
            break
        best = int(np.nanargmin(table[0]))
        found.append(_step([pair], [Place((0,), 1.0)], left[best], GROUND, known, level, step_days))
        known = (*known, found[-1].time)
    return found


def _step(
    pairs: Sequence[_Site],
    places: Sequence[Place],
    near: np.datetime64,
    origin: str,
    known: tuple[np.datetime64, ...],
    level: float,
    step_days: int,
) -> CommonStep:
    """The step that is best ``near`` a candidate, and which dates it may have begun at.

    Of all dates of the sites that is chosen which has the largest product of the likelihood ratios
    of the sites; as shares of their sum, each weighted by the days since the date before, these
    products say how likely each date is the first one changed (a uniform prior in time; Smith 1975,
    10.1093/biomet/62.2.407). Further dates are taken in while those at the ends are likely.
    """
    every = np.unique(np.concatenate([one.series.times for one in pairs]))
    reach = step_days * np.timedelta64(1, "D")
    first, last = near - reach, near + reach
    while True:
        times = _apart(every[(every >= first) & (every <= last)], known)
        table, levels = _table(pairs, times, known)
        combined = combined_p(votes(table, places)) if origin == SENSOR else table[0]
        shares = _shares(times, levels, np.isfinite(combined))
        unsure = not len(shares)
        before = (unsure or shares[:2].sum() > _TAIL) and first > every[0]
        after = (unsure or shares[-2:].sum() > _TAIL) and last < every[-1]
        if not (before or after) or last - first >= _WIDEST * reach:
            break
        first, last = first - before * reach, last + after * reach
    best = int(shares.argmax())
    mine = {
        one.series.site: found
        for one, row in zip(pairs, levels, strict=True)
        if (found := row[best]) is not None
    }
    sites = tuple(site for site, found in mine.items() if found.p_value < level)
    low, high = np.searchsorted(np.cumsum(shares), (_TAIL, 1.0 - _TAIL))
    return CommonStep(
        times[best], origin, sites, float(combined[best]), mine,
        times[low], times[min(high, len(times) - 1)],
    )  # fmt: skip


def _shares(times: TimeArray, levels: list[list[Level | None]], allowed: BoolArray) -> FloatArray:
    """How likely each of the ``times`` (c,) is the first one changed, of those ``allowed``; 1 in
    all, or empty where none is.
    """
    if not allowed.any():
        return np.empty(0)
    evidence = np.array([[np.nan if x is None else x.evidence for x in row] for row in levels])
    tested = np.isfinite(evidence)
    # Where a site has no test, its dates tell as much as those of its least likely test.
    least = np.where(tested, evidence, np.inf).min(axis=1, keepdims=True)
    total = np.where(tested, evidence, np.where(np.isfinite(least), least, 0.0)).sum(axis=0)
    total[~allowed] = -np.inf
    days = np.diff(times) / np.timedelta64(1, "D")
    width = np.append(days[:1], days) if len(days) else np.ones(1)
    shares = np.exp(total - total.max()) * width
    return np.asarray(shares / shares.sum())
