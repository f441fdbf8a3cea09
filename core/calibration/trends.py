# SPDX-License-Identifier: GPL-3.0-or-later
"""How a coefficient A_k changes with time: models with honest errors, and the choice among them.

Constant, linear, exponential decay toward a level, and parts between changes that are level or
sloped. All are fitted under noise that remembers its past (``trend_noise``); changes are sought in
``trend_changes``. ``chosen`` is the one rule by which a model is taken, in the panel, the reports
and for parameters alike: the simplest one whose Bayesian information criterion (Schwarz 1978, Ann.
Statist. 6, 10.1214/aos/1176344136; for changes its modified form) is less than 2 above the
smallest. So little is "not worth more than a bare mention" (Kass & Raftery 1995, J. Am. Stat.
Assoc. 90, 10.1080/01621459.1995.10476572). The others are kept beside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from ..errors import InsufficientDataError
from ..progress import Progress, check
from ..times import YEAR_DAYS
from ..types import FloatArray, TimeArray
from .trend_changes import ChangeFit, ChangeSearch, Segments, level_columns, place_interval
from .trend_noise import LinearFit, NoiseGrid, effective_count, fit_linear, noise_grid
from .trend_terms import Terms, no_terms

LEAST = 5
HARDLY = 2.0  # a difference of the criterion that counts; see the module
_MOST = 300  # values that are fitted; more are averaged with their neighbors first
_DAY = np.timedelta64(1, "D")
_DECAYS = 30


class Kind(StrEnum):
    """How A_k goes with time."""

    CONSTANT = "constant"
    LINEAR = "linear"
    EXPONENTIAL = "exponential"
    STEPS = "piecewise_constant"
    SLOPES = "piecewise_linear"


ALL_KINDS = tuple(Kind)
PIECEWISE = (Kind.STEPS, Kind.SLOPES)


@dataclass(frozen=True)
class Change:
    """A lasting change: when (between two values), the 95 % interval of when, and the step there
    with its standard error (the date taken as known).
    """

    time: np.datetime64
    earliest: np.datetime64
    latest: np.datetime64
    step: float
    step_se: float


@dataclass(frozen=True)
class Trend:
    """A fitted model of A_k(t).

    ``names`` and ``parameters`` (p,) with their ``covariance`` (p, p); years count from ``start``.
    ``terms``: what else was fitted (``trend_terms``), with the ``sizes`` and ``size_errors`` (e,).
    ``criterion``: smaller is better; ``sd``: of one value about the model; ``memory_days``: of the
    noise (0: none); ``effective_count``: of independent values; ``count``: of values.
    """

    kind: Kind
    names: tuple[str, ...]
    parameters: FloatArray
    covariance: FloatArray
    start: np.datetime64
    end: np.datetime64
    changes: tuple[Change, ...]
    criterion: float
    sd: float
    memory_days: float
    effective_count: float
    count: int
    terms: tuple[str, ...] = ()
    sizes: FloatArray = field(default_factory=lambda: np.empty(0))
    size_errors: FloatArray = field(default_factory=lambda: np.empty(0))

    @property
    def errors(self) -> FloatArray:
        """Standard errors of the parameters (p,)."""
        return np.asarray(np.sqrt(np.maximum(np.diag(self.covariance), 0.0)))

    @property
    def size(self) -> int:
        """How many numbers were fitted: parameters and dates of changes."""
        return len(self.names) + len(self.changes)

    @property
    def factor(self) -> float:
        """How many standard errors a 95 % interval has to either side (Student's t)."""
        from scipy.stats import t

        fitted = len(self.parameters) + len(self.terms)
        free = max(min(self.count, _MOST) - fitted, 1)
        return float(t.ppf(0.975, free))

    def at(self, time: TimeArray) -> tuple[FloatArray, FloatArray]:
        """The model and its standard error at times (m,)."""
        years = (np.atleast_1d(time) - self.start) / _DAY / YEAR_DAYS
        if self.kind is Kind.EXPONENTIAL:
            level, size, decay = self.parameters
            shape = np.exp(-years / decay)
            slopes = np.stack([np.ones_like(shape), shape, size * years / decay**2 * shape], axis=1)
            return level + size * shape, self._error(slopes)
        columns = self._columns(years)
        return columns @ self.parameters, self._error(columns)

    def prediction(self, time: TimeArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """The model at times (m,), and the bounds that hold one new value with 95 %."""
        mean, error = self.at(time)
        half = self.factor * np.hypot(error, self.sd)
        return mean, mean - half, mean + half

    def _columns(self, years: FloatArray) -> FloatArray:
        sloped = self.kind in (Kind.LINEAR, Kind.SLOPES)
        columns = [np.ones_like(years), *([years] if sloped else [])]
        for change in self.changes:
            since = years - (change.time - self.start) / _DAY / YEAR_DAYS
            columns.append((since >= 0.0).astype(np.float64))
            if sloped:
                columns.append(np.maximum(since, 0.0))
        return np.stack(columns, axis=1)

    def _error(self, slopes: FloatArray) -> FloatArray:
        variance = np.einsum("mp,pq,mq->m", slopes, self.covariance, slopes)
        return np.asarray(np.sqrt(np.maximum(variance, 0.0)))


@dataclass(frozen=True)
class TrendChoice:
    """The model ``best`` that ``chosen`` takes, and all that were ``tried``, by their criterion:
    the first has the smallest.
    """

    best: Trend
    tried: tuple[Trend, ...]

    @property
    def preferred(self) -> bool:
        """Whether ``best`` is taken for being simpler than the one with the smallest criterion."""
        return self.best is not self.tried[0]

    def excess(self, one: Trend) -> float:
        """By how much the criterion of a model is above the smallest one."""
        return one.criterion - self.tried[0].criterion

    def behind(self, kind: Kind) -> float:
        """The excess of the model of a ``kind``, NaN where it was not tried."""
        return next((self.excess(one) for one in self.tried if one.kind is kind), float("nan"))


def chosen(tried: Sequence[Trend]) -> Trend:
    """The simplest of models (fewest numbers fitted) whose criterion is less than ``HARDLY`` above
    the smallest; of equally simple ones that with the smaller criterion.
    """
    least = min(one.criterion for one in tried)
    close = [one for one in tried if one.criterion - least < HARDLY]
    return min(close, key=lambda one: (one.size, one.criterion))


@dataclass(frozen=True)
class _Data:
    days: FloatArray
    values: FloatArray
    start: np.datetime64
    end: np.datetime64
    grid: NoiseGrid
    raw: tuple[TimeArray, FloatArray]
    terms: Terms  # of the raw values
    extra: FloatArray  # the columns of the terms, averaged as the values are

    def with_terms(self, columns: FloatArray) -> FloatArray:
        """Columns of a model with those of the terms behind."""
        return np.concatenate([columns, self.extra], axis=1)


def fit_trends(
    time: TimeArray,
    values: FloatArray,
    kinds: Sequence[Kind] = ALL_KINDS,
    errors: FloatArray | None = None,
    least: Segments | None = None,
    terms: Terms | None = None,
    progress: Progress | None = None,
) -> TrendChoice:
    """Fit models to values (n,) at UTC ``time`` (n,), in any order; NaN are left out.

    ``errors`` (n,): relative standard errors, None for equal weights; ``terms`` (n rows): what is
    fitted beside each model. Piecewise kinds without a change are the constant and the line: they
    are tried as those. Raises ``InsufficientDataError`` below ``LEAST`` values or where all have
    one date.
    """
    data = _prepared(time, values, errors, no_terms(len(values)) if terms is None else terms)
    least = least or Segments()
    made: dict[Kind, Trend] = {}
    for number, kind in enumerate(kinds):
        if progress is not None:
            check(progress)
            progress.report(number / len(kinds), str(kind))
        if kind in PIECEWISE:
            found = _piecewise(data, kind, least)
        elif kind is Kind.EXPONENTIAL:
            found = _exponential(data)
        else:
            found = _plain(data, kind)
        if found is not None:
            made.setdefault(found.kind, found)
    if not made:
        made[Kind.CONSTANT] = _plain(data, Kind.CONSTANT)
    tried = tuple(sorted(made.values(), key=lambda one: one.criterion))
    return TrendChoice(chosen(tried), tried)


def _prepared(
    time: TimeArray, values: FloatArray, errors: FloatArray | None, terms: Terms
) -> _Data:
    known = np.isfinite(values) & ~np.isnat(time)
    if errors is not None:
        known &= np.isfinite(errors) & (errors > 0.0)
    order = np.flatnonzero(known)[np.argsort(time[known], kind="stable")]
    time, values = time[order].astype("datetime64[ms]"), values[order]
    weights = None if errors is None else errors[order]
    needed = LEAST + len(terms.names)
    if len(values) < needed or time[0] == time[-1]:
        raise InsufficientDataError(
            f"A trend needs {needed} coefficients on several dates; there are {len(values)}."
        )
    terms = terms.select(order)
    extra = terms.columns
    days = (time - time[0]) / _DAY
    raw = (time, values)
    if len(values) > _MOST:
        days, together, weights = _averaged(days, np.column_stack([values, extra]), weights)
        values, extra = together[:, 0], together[:, 1:]
    grid = noise_grid(days, weights)
    return _Data(days, values, raw[0][0], raw[0][-1], grid, raw, terms, extra)


def _averaged(
    days: FloatArray, values: FloatArray, errors: FloatArray | None
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Groups of neighbors in time, averaged by weight, with the relative errors of the means;
    ``values`` (n, c).
    """
    groups = np.array_split(np.arange(len(days)), _MOST)
    weight = np.ones(len(days)) if errors is None else errors**-2.0
    sums = np.array([weight[one].sum() for one in groups])
    mean_days = np.array([weight[one] @ days[one] for one in groups]) / sums
    means = np.array([weight[one] @ values[one] for one in groups]) / sums[:, None]
    return mean_days, means, sums**-0.5


def _plain(data: _Data, kind: Kind) -> Trend:
    sloped = kind is Kind.LINEAR
    columns = data.with_terms(level_columns(data.days, sloped))
    fit = fit_linear(data.grid, columns, data.values)
    names = ("level", "slope_per_year")[: 2 if sloped else 1]
    criterion = -2.0 * fit.log_likelihood + len(names) * np.log(len(data.days))
    return _trend(data, kind, names, fit, float(criterion))


def _exponential(data: _Data) -> Trend | None:
    """Level + size exp(-years / decay): the decay by search, its error by linearization."""
    years = data.days / YEAR_DAYS
    ones = np.ones_like(years)
    best: tuple[float, float] | None = None
    for decay in np.geomspace(years[-1] / 20.0, 2.0 * years[-1], _DECAYS):
        design = data.with_terms(np.stack([ones, np.exp(-years / decay)], axis=1))
        likelihood = fit_linear(data.grid, design, data.values).log_likelihood
        if best is None or likelihood > best[0]:
            best = (likelihood, float(decay))
    if best is None or len(years) <= LEAST + data.extra.shape[1]:
        return None
    decay = best[1]
    shape = np.exp(-years / decay)
    columns = data.with_terms(np.stack([ones, shape], axis=1))
    plain = fit_linear(data.grid, columns, data.values)
    size = float(plain.parameters[1]) or 1e-12
    slope = size * years / decay**2 * shape
    design = data.with_terms(np.stack([ones, shape, slope], axis=1))
    fit = fit_linear(data.grid, design, data.values)
    parameters = np.array([*plain.parameters[:2], decay, *plain.parameters[2:]])
    criterion = float(-2.0 * best[0] + 3.0 * np.log(len(years)))
    made = LinearFit(parameters, fit.covariance, best[0], plain.sd, plain.weights)
    return _trend(data, Kind.EXPONENTIAL, ("level", "size", "decay_years"), made, criterion)


def _piecewise(data: _Data, kind: Kind, least: Segments) -> Trend | None:
    sloped = kind is Kind.SLOPES
    search = ChangeSearch(data.grid, data.days, data.values, sloped, least, data.extra)
    found: ChangeFit = min(search.best(), key=lambda one: one.criterion)
    if not found.places:
        return None if not sloped else _plain(data, Kind.LINEAR)
    middles = [(data.days[place - 1] + data.days[place]) / 2.0 for place in found.places]
    columns = [level_columns(data.days, sloped)]
    names = ["level", *(["slope_per_year"] if sloped else [])]
    for number, middle in enumerate(middles, 1):
        since = (data.days - middle) / YEAR_DAYS
        columns.append((since >= 0.0).astype(np.float64)[:, None])
        names.append(f"step_{number}")
        if sloped:
            columns.append(np.maximum(since, 0.0)[:, None])
            names.append(f"slope_change_{number}")
    fit = fit_linear(data.grid, data.with_terms(np.concatenate(columns, axis=1)), data.values)
    errors = np.sqrt(np.diag(fit.covariance))
    changes = []
    for number, middle in enumerate(middles):
        first, last = place_interval(search, found.places, number)
        at = names.index(f"step_{number + 1}")
        changes.append(
            Change(
                _moment(data, middle), _moment(data, float(data.days[max(first - 1, 0)])),
                _moment(data, float(data.days[last])), float(fit.parameters[at]),
                float(errors[at]),
            )
        )  # fmt: skip
    return _trend(data, kind, tuple(names), fit, found.criterion, tuple(changes))


def _trend(
    data: _Data,
    kind: Kind,
    names: tuple[str, ...],
    fit: LinearFit,
    criterion: float,
    changes: tuple[Change, ...] = (),
) -> Trend:
    memory = float(fit.weights @ data.grid.memory_days)
    effective = effective_count(data.grid, fit.weights)
    time, values = data.raw
    own = len(names)
    errors = np.sqrt(np.maximum(np.diag(fit.covariance)[own:], 0.0))
    made = Trend(
        kind, names, fit.parameters[:own], fit.covariance[:own, :own], data.start, data.end,
        changes, criterion, fit.sd, memory, effective, len(values), data.terms.names,
        fit.parameters[own:], errors,
    )  # fmt: skip
    if len(values) == len(data.values):
        return made
    # The values were averaged: the scatter is that of single ones about the model.
    rest = values - made.at(time)[0] - data.terms.columns @ made.sizes
    sd = float(np.sqrt(rest @ rest / max(len(rest) - len(fit.parameters), 1)))
    return replace(made, sd=sd)


def _moment(data: _Data, days: float) -> np.datetime64:
    return data.start + np.timedelta64(round(days * 86_400e3), "ms")
