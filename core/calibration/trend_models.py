# SPDX-License-Identifier: GPL-3.0-or-later
"""Models of how a coefficient A_k changes with time, as ``trends`` fits them, and the choice among
them.

``chosen`` is the one rule by which a model is taken, in the panel, the reports and for parameters
alike: the simplest one whose Bayesian information criterion (Schwarz 1978, Ann. Statist. 6,
10.1214/aos/1176344136; for changes its modified form) is less than 2 above the smallest. So little
is "not worth more than a bare mention" (Kass & Raftery 1995, J. Am. Stat. Assoc. 90,
10.1080/01621459.1995.10476572). The others are kept beside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from ..times import YEAR_DAYS
from ..types import FloatArray, TimeArray

HARDLY = 2.0  # a difference of the criterion that counts; see the module
MOST = 300  # values that are fitted; of more, means of neighbors are
DAY = np.timedelta64(1, "D")


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
        free = max(min(self.count, MOST) - fitted, 1)
        return float(t.ppf(0.975, free))

    def at(self, time: TimeArray) -> tuple[FloatArray, FloatArray]:
        """The model and its standard error at times (m,)."""
        years = (np.atleast_1d(time) - self.start) / DAY / YEAR_DAYS
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
            since = years - (change.time - self.start) / DAY / YEAR_DAYS
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
