# SPDX-License-Identifier: GPL-3.0-or-later
"""When a lasting change of level began, given the sites that it concerns, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ..progress import Progress, Silent
from ..series.types import TimeSeries
from ..types import BoolArray, FloatArray, TimeArray
from .conjunction import combined_p
from .detect import Detection
from .places import Place, votes
from .steps import Level, scan_steps

SENSOR, GROUND = "sensor", "ground"
_FEWEST_PLACES = 2
_LEAST_LIKELY = -np.log(100.0)  # of a common date at a site, against its own best one
_TAIL = 0.025  # of the interval of dates, on either side
_WIDEST = 12  # of the steps in days: where the interval ends in any case
_APART = np.timedelta64(60, "D")  # of two steps


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
class StepSite:
    """A site with the levels that have been tried, by their date and the steps known then;
    ``progress`` is asked before each of them whether to stop.
    """

    series: TimeSeries
    detection: Detection
    tried: dict[tuple[np.datetime64, tuple[np.datetime64, ...]], Level | None]
    progress: Progress = field(default_factory=Silent)

    def levels(self, times: TimeArray, known: tuple[np.datetime64, ...]) -> list[Level | None]:
        """The change at each of the ``times``."""
        new = np.array([time for time in times if (time, known) not in self.tried], times.dtype)
        found = scan_steps(self.series, self.detection, new, known, self.progress)
        self.tried.update(zip([(time, known) for time in new], found, strict=True))
        return [self.tried[time, known] for time in times]


def step_table(
    pairs: Sequence[StepSite],
    candidates: TimeArray,
    known: tuple[np.datetime64, ...],
) -> tuple[FloatArray, list[list[Level | None]]]:
    """p-values (sites, c) and levels of the steps at the candidates that are ``apart`` from those
    known; NaN and None where there are too few dates on either side.
    """
    times = apart(candidates, known)
    levels = [one.levels(times, known) for one in pairs]
    table = np.array([[np.nan if x is None else x.p_value for x in row] for row in levels])
    return table, levels


def apart(candidates: TimeArray, known: tuple[np.datetime64, ...]) -> TimeArray:
    """Candidates not within 60 days of a step that is known already."""
    near = np.zeros(len(candidates), bool)
    for time in known:
        near |= np.abs(candidates - time) < _APART
    return candidates[~near]


def date_step(
    pairs: Sequence[StepSite],
    places: Sequence[Place],
    near: np.datetime64,
    origin: str,
    known: tuple[np.datetime64, ...],
    level: float,
    step_days: int,
) -> CommonStep | None:
    """The step that is best ``near`` a candidate, and which dates it may have begun at.

    Of all dates of the sites that is chosen which has the largest product of the likelihood ratios
    of the sites; as shares of their sum, each weighted by the days since the date before, these
    products say how likely each date is the first one changed (a uniform prior in time; Smith 1975,
    10.1093/biomet/62.2.407). Further dates are taken in while those at the ends are likely.

    Of a step of the sensor only those sites are concerned whose own dates allow the common one (a
    likelihood of 1 % of that of their best date, or more): a change of the ground at some other
    time is no part of it. None where they lie in fewer than two places.
    """
    found = _widened(pairs, places, near, origin, known, step_days)
    best = int(found.shares.argmax())
    own, p_value = _chances(found, places, origin, best)
    with np.errstate(invalid="ignore"):
        chosen: BoolArray = own < level
    owners = sum(bool(chosen[list(place.sites)].any()) for place in places)
    if origin == SENSOR and owners < _FEWEST_PLACES:
        return None
    sites = tuple(one.series.site for one, its in zip(pairs, chosen, strict=True) if its)
    mine = {
        one.series.site: level_of
        for one, row in zip(pairs, found.levels, strict=True)
        if (level_of := row[best]) is not None
    }
    low, high = np.searchsorted(np.cumsum(found.shares), (_TAIL, 1.0 - _TAIL))
    times = found.times
    return CommonStep(
        times[best], origin, sites, p_value, mine, times[low], times[min(high, len(times) - 1)]
    )


@dataclass(frozen=True)
class _Tried:
    """Dates ``times`` (c,) at which a step was tried: ``table`` (sites, c) of p-values and
    ``levels``, as of ``step_table``; ``combined`` p-values (c,); ``shares`` (c,), as of
    ``_shares``.
    """

    times: TimeArray
    table: FloatArray
    levels: list[list[Level | None]]
    combined: FloatArray
    shares: FloatArray


def _widened(
    pairs: Sequence[StepSite],
    places: Sequence[Place],
    near: np.datetime64,
    origin: str,
    known: tuple[np.datetime64, ...],
    step_days: int,
) -> _Tried:
    """The dates around ``near``, as many as it takes until those at the ends are unlikely."""
    every = np.unique(np.concatenate([one.series.times for one in pairs]))
    reach = step_days * np.timedelta64(1, "D")
    first, last = near - reach, near + reach
    while True:
        times = apart(every[(every >= first) & (every <= last)], known)
        table, levels = step_table(pairs, times, known)
        combined = combined_p(votes(table, places)) if origin == SENSOR else table[0]
        shares = _shares(times, levels, np.isfinite(combined))
        before = _open(shares[:2]) and first > every[0]
        after = _open(shares[-2:]) and last < every[-1]
        if not (before or after) or last - first >= _WIDEST * reach:
            return _Tried(times, table, levels, combined, shares)
        first, last = first - before * reach, last + after * reach


def _open(end: FloatArray) -> bool:
    """Whether the dates at an end, by their shares, are too likely to stop there."""
    return not len(end) or bool(end.sum() > _TAIL)


def _chances(
    found: _Tried, places: Sequence[Place], origin: str, best: int
) -> tuple[FloatArray, float]:
    """The p-values (sites,) of the ``best`` date, 1 of sites of a step of the sensor whose own
    dates do not allow it, and that of all sites together.
    """
    own, p_value = found.table[:, best], float(found.combined[best])
    if origin == SENSOR:
        own = np.where(np.isfinite(own) & ~_agree(found.levels, best), 1.0, own)
        p_value = float(combined_p(votes(own[:, None], places))[0])
    return own, p_value


def _agree(levels: list[list[Level | None]], best: int) -> BoolArray:
    """Which sites (s,) may have changed at the ``best`` of the dates, as far as they can tell."""
    evidence = np.array([[np.nan if x is None else x.evidence for x in row] for row in levels])
    most = np.where(np.isfinite(evidence), evidence, -np.inf).max(axis=1)
    with np.errstate(invalid="ignore"):
        return np.asarray(evidence[:, best] - most >= _LEAST_LIKELY)


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
