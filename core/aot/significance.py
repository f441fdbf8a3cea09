# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of differences of estimates whose variances come from a bootstrap of blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import copysign, exp, isfinite, log1p, sqrt
from statistics import NormalDist

from .types import Interval

NORMAL = NormalDist()


@dataclass(frozen=True)
class Estimate:
    """A number with its variance and the degrees of freedom of that variance."""

    value: float
    variance: float
    freedom: float


@dataclass(frozen=True)
class Test:
    """A difference with its interval, two-sided p-value, and smallest detectable difference."""

    difference: Interval
    p_value: float
    detectable: float


def welch(
    a: Estimate, b: Estimate, level: float = 0.05, tests: int = 1, power: float = 0.8
) -> Test:
    """Difference a - b of independent estimates by Welch's t, with Satterthwaite's freedom.

    ``tests``: how many are made together; the detectable difference is that of level / tests, the
    first step of Holm's correction. NaN where a variance is missing.
    Source: B. L. Welch 1947, Biometrika 34, 28-35, 10.1093/biomet/34.1-2.28.
    """
    difference = a.value - b.value
    spread = a.variance + b.variance
    if not isfinite(difference + spread) or spread <= 0.0 or min(a.freedom, b.freedom) < 1.0:
        nan = float("nan")
        return Test(Interval(difference), nan, nan)
    parts = a.variance**2 / a.freedom + b.variance**2 / b.freedom
    freedom = spread**2 / parts
    error = sqrt(spread)
    reach = t_quantile(1.0 - level / 2, freedom) * error
    detectable = (t_quantile(1.0 - level / tests / 2, freedom) + NORMAL.inv_cdf(power)) * error
    interval = Interval(difference, difference - reach, difference + reach)
    return Test(interval, two_sided(difference / error, freedom), detectable)


def two_sided(t: float, freedom: float) -> float:
    """Two-sided p-value of Student's t, by Wallace's transformation to a normal deviate.

    Good to 0.002 from 3 degrees of freedom on.
    Source: D. L. Wallace 1959, Ann. Math. Stat. 30, 1121-1130, 10.1214/aoms/1177706094.
    """
    deviate = _shrink(freedom) * sqrt(freedom * log1p(t * t / freedom))
    return 2.0 * NORMAL.cdf(-deviate)


def t_quantile(probability: float, freedom: float) -> float:
    """Quantile of Student's t: the inverse of the same transformation."""
    deviate = NORMAL.inv_cdf(probability)
    scaled = deviate / _shrink(freedom)
    return copysign(sqrt(freedom * (exp(scaled * scaled / freedom) - 1.0)), deviate)


def holm(p_values: Sequence[float]) -> list[float]:
    """P-values corrected for being tested together; NaN (not tested) stays NaN and is not counted.

    Source: S. Holm 1979, Scandinavian Journal of Statistics 6, 65-70.
    """
    order = sorted((p, place) for place, p in enumerate(p_values) if isfinite(p))
    adjusted = [float("nan")] * len(p_values)
    largest = 0.0
    for rank, (p, place) in enumerate(order):
        largest = max(largest, min(1.0, (len(order) - rank) * p))
        adjusted[place] = largest
    return adjusted


def _shrink(freedom: float) -> float:
    return (8.0 * freedom + 1.0) / (8.0 * freedom + 3.0)
