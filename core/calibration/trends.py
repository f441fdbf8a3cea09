# SPDX-License-Identifier: GPL-3.0-or-later
"""How a coefficient A_k changes with time: models with honest errors.

Constant, linear, exponential decay toward a level, and parts between changes that are level or
sloped (``trend_models``, which also has the choice among them). All are fitted under noise that
remembers its past (``trend_noise``); changes are sought in ``trend_changes``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..errors import InsufficientDataError
from ..progress import Progress, check
from ..times import YEAR_DAYS
from ..types import FloatArray, TimeArray
from .trend_changes import ChangeFit, ChangeSearch, Segments, level_columns, place_interval
from .trend_models import (
    ALL_KINDS,
    DAY,
    MOST,
    PIECEWISE,
    Change,
    Kind,
    Trend,
    TrendChoice,
    chosen,
)
from .trend_noise import LinearFit, NoiseGrid, effective_count, fit_linear, noise_grid
from .trend_terms import Terms, no_terms

LEAST = 5
_DECAYS = 30


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
    days = (time - time[0]) / DAY
    raw = (time, values)
    if len(values) > MOST:
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
    groups = np.array_split(np.arange(len(days)), MOST)
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
