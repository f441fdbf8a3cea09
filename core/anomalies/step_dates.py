# SPDX-License-Identifier: GPL-3.0-or-later
"""When a lasting change of level began, given the sites that it concerns, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ..progress import Progress, Silent
from ..series.types import TimeSeries
from ..types import BoolArray, FloatArray, TimeArray
from .conjunction import combined_p
from .detect import Detection
from .persistence import FEWEST_ASIDE
from .places import Place, votes
from .step_model import Change, StepModel
from .steps import Level

SENSOR, GROUND = "sensor", "ground"
_FEWEST_PLACES = 2
_LEAST_LIKELY = -np.log(100.0)  # of a common date at a site, against its own best one
_TAIL = 0.025  # of the interval of dates, on either side
_LEAST_REACH = 30  # days: how far from a candidate dates are looked at, at first
_WIDEST = 12  # times as far: where the interval ends in any case


@dataclass(frozen=True)
class CommonStep:
    """A lasting change of level: ``time`` is the first date changed; ``origin`` is ``sensor`` (at
    two places or more) or ``ground`` (at one site). ``sites`` are those with their own p-value
    below the level; ``levels`` maps every tested site to its change; ``p_value`` is the combined
    one. What happened did so after ``earliest``, at ``latest`` at the latest, with 95 %: these are
    dates in order, the last one before and the first one after.

    A change of the ground may settle: ``recovered`` is the share of it that is gone in the end
    (negative: that has come on top), with the time constant ``settling_days``; NaN where nothing of
    the kind is seen.
    """

    time: np.datetime64
    origin: str
    sites: tuple[str, ...]
    p_value: float
    levels: dict[str, Level]
    earliest: np.datetime64 = np.datetime64("NaT")
    latest: np.datetime64 = np.datetime64("NaT")
    settling_days: float = float("nan")
    recovered: float = float("nan")


@dataclass(frozen=True)
class StepSite:
    """A site with its models, by the changes known then and the shape of the one that is sought;
    ``progress`` is asked again and again whether to stop.
    """

    series: TimeSeries
    detection: Detection
    progress: Progress = field(default_factory=Silent)
    models: dict[tuple[tuple[Change, ...], Change | None], StepModel] = field(default_factory=dict)

    def model(self, known: tuple[Change, ...], shape: Change | None = None) -> StepModel:
        """The model with the changes that are ``known``."""
        if (known, shape) not in self.models:
            made = StepModel(self.series, self.detection, known, shape, self.progress)
            self.models[known, shape] = made
        return self.models[known, shape]


def step_table(
    pairs: Sequence[StepSite],
    times: TimeArray,
    known: tuple[Change, ...],
    shape: Change | None = None,
) -> tuple[FloatArray, list[list[Level | None]]]:
    """p-values (sites, c) and levels of the steps at the ``times``; NaN and None where there are
    too few dates on either side.
    """
    levels = [one.model(known, shape).levels(times) for one in pairs]
    table = np.array([[np.nan if x is None else x.p_value for x in row] for row in levels])
    return table.reshape(len(pairs), len(times)), levels


def apart(candidates: TimeArray, known: tuple[Change, ...]) -> TimeArray:
    """Candidates that are far enough from the steps that are known already."""
    near = np.zeros(len(candidates), bool)
    for one in known:
        near |= np.abs(candidates - one.time) < one.apart_days * np.timedelta64(1, "D")
    return candidates[~near]


def date_step(
    pairs: Sequence[StepSite],
    places: Sequence[Place],
    near: np.datetime64,
    origin: str,
    known: tuple[Change, ...],
    level: float,
    step_days: int,
    shape: Change | None = None,
) -> CommonStep | None:
    """The step that is best ``near`` a candidate, and when it happened; ``shape``: what it does
    beside that.

    Of all dates of the sites that are in order that is chosen which has the largest product of the
    likelihood ratios of the sites; as shares of their sum, each weighted by the days since the date
    before, these products say how likely it is that the change happened between the two (a uniform
    prior in time; Smith 1975, 10.1093/biomet/62.2.407). Further dates are taken in while those at
    the ends are likely.

    Of a step of the sensor only those sites are concerned whose own dates allow the common one (a
    likelihood of 1 % of that of their best date, or more): a change of the ground at some other
    time is no part of it. None where they lie in fewer than two places, or where no date can be
    tested.
    """
    found = _widened(pairs, places, near, origin, known, step_days, shape)
    if found is None:
        return None
    best = int(found.shares.argmax())
    models = [one.model(known, shape) for one in pairs]
    own, p_value = _chances(found, models, places, origin, best)
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
    if origin == SENSOR:
        mine = {
            name: _sized(mine[name], model, found.times[best])
            for name, model in zip((one.series.site for one in pairs), models, strict=True)
            if name in mine
        }
    low, high = np.searchsorted(np.cumsum(found.shares), (_TAIL, 1.0 - _TAIL))
    last = len(found.times) - 1
    return CommonStep(
        found.times[best], origin, sites, p_value, mine,
        found.before[min(low, last)], found.times[min(high, last)],
    )  # fmt: skip


@dataclass(frozen=True)
class _Tried:
    """Dates ``times`` (c,) at which a step was tried, and those ``before`` (c,) them: ``table``
    (sites, c) of p-values and ``levels``, as of ``step_table``; ``combined`` p-values (c,);
    ``shares`` (c,), as of ``_shares``.
    """

    times: TimeArray
    before: TimeArray
    table: FloatArray
    levels: list[list[Level | None]]
    combined: FloatArray
    shares: FloatArray


def _widened(
    pairs: Sequence[StepSite],
    places: Sequence[Place],
    near: np.datetime64,
    origin: str,
    known: tuple[Change, ...],
    step_days: int,
    shape: Change | None,
) -> _Tried | None:
    """The dates around ``near``, as many as it takes until those at the ends are unlikely; None
    where none can be tested.
    """
    models = [one.model(known, shape) for one in pairs]
    every = np.unique(np.concatenate([one.times for one in models]))
    reach = max(step_days, _LEAST_REACH) * np.timedelta64(1, "D")
    first, last = near - reach, near + reach
    while True:
        times = apart(every[1:][(every[1:] >= first) & (every[1:] <= last)], known)
        before = every[np.searchsorted(every, times) - 1]
        table, levels = step_table(pairs, times, known, shape)
        combined = combined_p(votes(table, places)) if origin == SENSOR else table[0]
        shares = _shares((times - before) / np.timedelta64(1, "D"), levels, np.isfinite(combined))
        sooner = _open(shares[:2]) and first > every[0]
        later = _open(shares[-2:]) and last < every[-1]
        if not (sooner or later) or last - first >= _WIDEST * reach:
            found = _Tried(times, before, table, levels, combined, shares)
            return found if len(shares) else None
        first, last = first - sooner * reach, last + later * reach


def _sized(level: Level, model: StepModel, time: np.datetime64) -> Level:
    """``level`` with the size and kind that the dates which fit with a step at ``time`` give it:
    those in common to all trial dates hold some that fit another one better, and lack some of its
    own.
    """
    (apart_from,) = model.levels_apart(np.array([time]))
    if apart_from is None:
        return level
    change, kind, amplitude = apart_from.change, apart_from.kind, apart_from.amplitude
    return replace(level, change=change, kind=kind, amplitude=amplitude)


def _open(end: FloatArray) -> bool:
    """Whether the dates at an end, by their shares, are too likely to stop there."""
    return not len(end) or bool(end.sum() > _TAIL)


def _chances(
    found: _Tried,
    models: Sequence[StepModel],
    places: Sequence[Place],
    origin: str,
    best: int,
) -> tuple[FloatArray, float]:
    """The p-values (sites,) of the ``best`` date, 1 of sites of a step of the sensor whose own
    dates do not allow it, and that of all sites together.
    """
    own, p_value = found.table[:, best], float(found.combined[best])
    if origin == SENSOR:
        agree = [_agrees(model, found.times, best) for model in models]
        own = np.where(np.isfinite(own) & ~np.array(agree), 1.0, own)
        p_value = float(combined_p(votes(own[:, None], places))[0])
    return own, p_value


def _agrees(model: StepModel, times: TimeArray, best: int) -> bool:
    """Whether a site may have changed at the ``best`` of the ``times`` (c,), as far as its dates
    among them and the six on either side can tell: where it has none for months its own date may
    be far away.
    """
    own = model.times
    first, last = np.searchsorted(own, (times[0], times[-1]))
    around = own[max(0, first - FEWEST_ASIDE) : last + 1 + FEWEST_ASIDE]
    levels = model.levels(np.concatenate((times[best : best + 1], around)))
    evidence = np.array([-np.inf if one is None else one.evidence for one in levels])
    return bool(np.isfinite(evidence[0]) and evidence[0] - evidence.max() >= _LEAST_LIKELY)


def _shares(days: FloatArray, levels: list[list[Level | None]], allowed: BoolArray) -> FloatArray:
    """How likely it is that the change happened in the ``days`` (c,) before each of the dates, of
    those ``allowed``; 1 in all, or empty where none is.
    """
    if not allowed.any():
        return np.empty(0)
    evidence = np.array([[np.nan if x is None else x.evidence for x in row] for row in levels])
    tested = np.isfinite(evidence)
    # Where a site has no test, its dates tell as much as those of its least likely test.
    least = np.where(tested, evidence, np.inf).min(axis=1, keepdims=True)
    total = np.where(tested, evidence, np.where(np.isfinite(least), least, 0.0)).sum(axis=0)
    total[~allowed] = -np.inf
    shares = np.exp(total - total.max()) * days
    return np.asarray(shares / shares.sum())
