# SPDX-License-Identifier: GPL-3.0-or-later
"""The model of a site with the changes that are known, to which one more is added for a test.

Which dates are left out of it (clouds that the mask has missed) must not hang on the change that is
tested: else a wrong date explains what it leaves out. So robust fits with a change at some dates
all over the series are made first, and a date is left out where fewer than three of them have a
place for it, and where its neighbors are not off in the same way. What remains are the same dates
for all changes, which then can be compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np

from ..progress import Progress, Silent, check
from ..series.types import TimeSeries
from ..types import AnyArray, BoolArray, FloatArray, TimeArray
from .detect import Detection
from .harmonics import YEAR_DAYS, design, years
from .persistence import FEWEST_ASIDE, PersistentModel, usable_bands
from .robust import FitSettings
from .scores import prior_correlation, score
from .step_scores import kept_dates
from .steps import Level, days_of, levels_of, no_level, rows_in_time, values_of
from .whitening import factors, whiten

_MOST_SCREENED = 12  # changes at so many dates are tried to see which dates fit with any
_FEWEST_FITTING = 3  # of these: what fits with one alone may be what this one was bent to
_BESIDE, _ALIKE = 5, 4  # dates on a side, and how many of them have to be off in the same way
_SAME_WAY = float(np.cos(np.deg2rad(45.0)))


@dataclass(frozen=True)
class Change:
    """A change from ``time`` on. One that settles has another level in the end, which it approaches
    exponentially with the time constant ``settling_days`` (infinite: it stays as it is). With
    ``season`` the yearly wave is another one from then on. ``apart_days``: how far other changes
    are from it at the least.
    """

    time: np.datetime64
    settling_days: float = np.inf
    season: bool = False
    apart_days: float = 60.0

    def columns(self, times: TimeArray) -> list[FloatArray]:
        """What it adds to the model at ``times`` (n,): columns (n,)."""
        step = (times >= self.time).astype(np.float64)
        return [step, *self.beside(times)]

    def beside(self, times: TimeArray) -> list[FloatArray]:
        """The columns (n,) that are not of the step itself."""
        after, wave = times >= self.time, 2.0 * np.pi * self._days(times) / YEAR_DAYS
        found = [] if np.isinf(self.settling_days) else [self.settled(times)]
        return found + ([after * np.cos(wave), after * np.sin(wave)] if self.season else [])

    def settled(self, times: TimeArray) -> FloatArray:
        """How far (n,) it has settled, 0 before and at ``time``, 1 in the end."""
        days = np.maximum(self._days(times), 0.0)
        return np.asarray(-np.expm1(-days / self.settling_days))

    def _days(self, times: TimeArray) -> FloatArray:
        days: FloatArray = (times - self.time) / np.timedelta64(1, "D")
        return days


class StepModel:
    """The model of a site with its seasons and the changes that are ``known``. ``shape``: what the
    change that is sought does beside its step. ``progress`` is asked again and again whether to
    stop.
    """

    def __init__(
        self,
        series: TimeSeries,
        detection: Detection,
        known: tuple[Change, ...] = (),
        shape: Change | None = None,
        progress: Progress | None = None,
    ) -> None:
        columns = [one for change in known for one in change.columns(series.times)]
        columns += shape.beside(series.times) if shape else []
        base = np.column_stack((design(years(series.times), detection.harmonics), *columns))
        self._series, self._progress = series, progress or Silent()
        self._prior = prior_correlation(series.wavelengths_nm)
        check(self._progress)
        self._rows = rows_in_time(series, self._kept(base))
        self._values, self._days = values_of(series)[self._rows], days_of(series, self._rows)
        self._base, self._every = base[self._rows], base
        self._models: dict[bytes, PersistentModel] = {}

    def beside(self, columns: Sequence[FloatArray]) -> StepModel:
        """The same dates and model with some ``columns`` (m,) more."""
        other = copy(self)
        other._base, other._models = np.column_stack((self._base, *columns)), {}
        return other

    @property
    def times(self) -> TimeArray:
        """The dates (m,) in the model, in order of time."""
        return np.asarray(self._series.times[self._rows])

    def levels(self, times: TimeArray) -> list[Level | None]:
        """The change of level from each of the ``times`` (c,) on; None where there are fewer than 6
        dates on either side.
        """
        after = self.times[:, None] >= times
        aside = np.minimum(after.sum(axis=0), (~after).sum(axis=0))
        found: list[Level | None] = [None] * len(times)
        alike: dict[bytes, list[int]] = {}
        for at in np.flatnonzero(aside >= FEWEST_ASIDE).tolist():
            bands = usable_bands(self._values, after[:, at], self._base.shape[1] + 1)
            alike.setdefault(bands.tobytes(), []).append(at)
        for key, places in alike.items():
            levels = self._fit(np.frombuffer(key, bool), after[:, places].astype(np.float64))
            for at, level in zip(places, levels, strict=True):
                found[at] = level
        return found

    def chances_apart(self, times: TimeArray) -> FloatArray:
        """The p-values (c,) of ``levels_apart``; NaN where there is none."""
        return np.array(
            [np.nan if one is None else one.p_value for one in self.levels_apart(times)]
        )

    def levels_apart(self, times: TimeArray) -> list[Level | None]:
        """The changes from each of the ``times`` (c,) on, each with the dates that fit with it:
        evidence of different dates cannot be compared, but no size is biased by dates that fit with
        another one. Sites that share a change have other dates, so that most are tried some days
        beside their own: what lies between is left out there. None where fewer than 6 dates are on
        either side.
        """
        values, clear = values_of(self._series), self._series.clear
        found: list[Level | None] = [None] * len(times)
        if not len(times):
            return found
        added = self._series.times >= times[:, None]
        kept = kept_dates(self._every, added.astype(np.float64), values, clear, self._prior)
        for at, (after, dates) in enumerate(zip(added, kept, strict=True)):
            check(self._progress)
            if min((clear & after).sum(), (clear & ~after).sum()) >= FEWEST_ASIDE:
                found[at] = self._level(after, rows_in_time(self._series, dates))
        return found

    def _level(self, after: BoolArray, rows: AnyArray) -> Level:
        """The change from the dates ``after`` (n,) on, with the dates ``rows``."""
        values = values_of(self._series)[rows]
        bands = usable_bands(values, after[rows], self._every.shape[1] + 1)
        if not bands.any():
            return no_level(len(bands))
        prior, days = self._prior[np.ix_(bands, bands)], days_of(self._series, rows)
        model = PersistentModel(self._every[rows], values[:, bands], days, prior)
        columns = after[rows, None].astype(np.float64)
        (found,) = levels_of(model.fits(columns, self._progress), bands, columns, values)
        return found

    def settlings(self, changes: Sequence[Change]) -> list[Level] | None:
        """How each of the ``changes``, by itself, would settle, as the change until the end; None
        where there are too few dates to tell. Their dates are those of a change that is known.
        """
        columns = np.stack([one.settled(self.times) for one in changes], axis=1)
        bands = usable_bands(self._values, columns[:, 0] > 0, self._base.shape[1] + 1)
        return self._fit(bands, columns) if bands.any() else None

    def _fit(self, bands: BoolArray, columns: FloatArray) -> list[Level]:
        """The levels of the ``columns`` (m, c) in the ``bands`` (k,)."""
        if not bands.any():
            return [no_level(len(bands))] * columns.shape[1]
        key = bands.tobytes()
        if key not in self._models:
            self._models[key] = PersistentModel(
                self._base, self._values[:, bands], self._days, self._prior[np.ix_(bands, bands)]
            )
        fits = self._models[key].fits(columns, self._progress)
        return levels_of(fits, bands, columns, self._values)

    def _kept(self, base: FloatArray) -> BoolArray:
        """The dates (n,) that fit with the model of the columns ``base`` (n, p - 1) and a change at
        some dates.
        """
        series = self._series
        clear = np.sort(series.times[series.clear])
        count = min(_MOST_SCREENED, len(clear) // FEWEST_ASIDE - 1)
        if count < 1:
            return np.asarray(series.clear)
        places = np.linspace(FEWEST_ASIDE, len(clear) - FEWEST_ASIDE, count).astype(int)
        added = (series.times >= clear[places][:, None]).astype(np.float64)
        values = values_of(series)
        tried = kept_dates(base, added, values, series.clear, self._prior)
        kept: BoolArray = tried.sum(axis=0) >= min(_FEWEST_FITTING, count)
        scores = score(base, values, series.clear, self._prior, FitSettings(), compiled=False)
        rows = rows_in_time(series, series.clear)
        kept[rows] |= _in_row(_white(scores.z[rows], scores.correlation))
        return np.asarray(kept)


def _white(z: FloatArray, correlation: FloatArray) -> FloatArray:
    """Residuals ``z`` (m, k) of dates, whitened; 0 where a band has none."""
    known = np.isfinite(correlation).all(axis=1)
    there = np.isfinite(z)
    good: BoolArray = there & known
    part = np.where(known[:, None] & known, correlation, np.eye(len(known)))
    factor = factors(np.broadcast_to(part, (len(z), *part.shape)), good)
    return whiten(factor, np.where(good, z, 0.0)[:, None])[:, 0]


def _in_row(residual: FloatArray) -> BoolArray:
    """Which dates (m,) are no single ones: of the five before or the five after, four or more are
    off in the same direction (within 45 degrees, as in ``breaks.joint``), a third as far or more.
    """
    length = np.sqrt((residual**2).sum(axis=1))
    alike = np.zeros((2, len(residual)), dtype=np.int64)
    for apart in range(1, _BESIDE + 1):
        first, second = residual[:-apart], residual[apart:]
        along = (first * second).sum(axis=1) > _SAME_WAY * length[:-apart] * length[apart:]
        alike[0, :-apart] += along & (length[apart:] > length[:-apart] / 3.0)
        alike[1, apart:] += along & (length[:-apart] > length[apart:] / 3.0)
    return np.asarray((alike >= _ALIKE).any(axis=0))
