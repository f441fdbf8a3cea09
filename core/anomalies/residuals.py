# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether residuals are as the tests take them to be: of a normal law, and independent."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from ..dependencies import require
from ..types import AnyArray, FloatArray, TimeArray

LEVEL = 0.95
MOST_LAGS = 40
FEWEST_PAIRS = 10
DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class Quantiles:
    """Points of a quantile-quantile plot against the standard normal law.

    ``order`` (n,): the places of the finite values, from the least to the largest. ``normal``
    (n,): the quantiles of the normal law that they are expected at; ``value`` (n,): the values.
    ``low``, ``high`` (n,): where each lies with a chance of ``LEVEL``, if the law holds.
    """

    order: AnyArray
    normal: FloatArray
    value: FloatArray
    low: FloatArray
    high: FloatArray


@dataclass(frozen=True)
class Autocorrelation:
    """Correlation of values with those some time later.

    ``lag_days`` (m,), ``value`` (m,) -1 to 1, ``pairs`` (m,): how many pairs of dates each is made
    of; ``limit`` (m,): independent values stay within +/- this with a chance of ``LEVEL``. Lags
    with fewer than ``FEWEST_PAIRS`` are left out.
    """

    lag_days: FloatArray
    value: FloatArray
    pairs: FloatArray
    limit: FloatArray


def normal_quantiles(values: FloatArray) -> Quantiles:
    """The finite of ``values`` (n,), in any unit of standard deviations, against the normal law.

    The expected places are the medians of the order statistics (Filliben 1975,
    10.1080/00401706.1975.10489279), the limits their quantiles: the i-th of n uniform values has
    the law Beta(i, n - i + 1). The limits hold for each value by itself, not for all together.
    """
    values = np.asarray(values, dtype=np.float64)
    finite = np.flatnonzero(np.isfinite(values))
    order = finite[np.argsort(values[finite], kind="stable")]
    count = len(order)
    if not count:
        nothing = np.empty(0)
        return Quantiles(np.empty(0, dtype=np.int64), nothing, nothing, nothing, nothing)
    rank = np.arange(1, count + 1, dtype=np.float64)
    middle = (rank - 0.3175) / (count + 0.365)
    middle[-1] = 0.5 ** (1.0 / count)
    middle[0] = 1.0 - middle[-1]
    special = require("scipy.special")
    tail = 0.5 * (1.0 - LEVEL)
    low = special.betaincinv(rank, count - rank + 1.0, tail)
    high = special.betaincinv(rank, count - rank + 1.0, 1.0 - tail)
    return Quantiles(
        order, special.ndtri(middle), values[order], special.ndtri(low), special.ndtri(high)
    )


def autocorrelation(
    times: TimeArray, values: FloatArray, step_days: float = 0.0, most_lags: int = MOST_LAGS
) -> Autocorrelation:
    """The autocorrelation of the finite ``values`` (n,) at ``times`` (n,), in any order and with
    any gaps.

    Pairs of dates are collected in slots of ``step_days`` (0: the median distance of dates that
    follow each other) around its multiples (the discrete correlation function of Edelson & Krolik
    1988, 10.1086/166773, with the mean and variance of all values). For dates that are evenly
    spaced it is the usual estimate with the number of pairs in the denominator. The limits are
    those of independent values, 1.96 / sqrt(pairs).
    """
    good = np.isfinite(values) & ~np.isnat(times)
    days = np.asarray((times[good] - times[good].min()) / DAY if good.any() else [], dtype=float)
    y = np.asarray(values[good], dtype=np.float64)
    order = np.argsort(days, kind="stable")
    days, y = days[order], y[order]
    step = step_days or _step(days)
    spread = float(np.mean((y - y.mean()) ** 2)) if len(y) else 0.0
    if not step or spread <= 0.0:
        nothing = np.empty(0)
        return Autocorrelation(nothing, nothing, nothing, nothing)
    pairs, total = _slots(days, y - y.mean(), step, most_lags)
    lags = step * np.arange(1, most_lags + 1)
    kept = pairs >= FEWEST_PAIRS
    limit = NormalDist().inv_cdf(0.5 + 0.5 * LEVEL) / np.sqrt(pairs[kept])
    return Autocorrelation(lags[kept], total[kept] / (pairs[kept] * spread), pairs[kept], limit)


def _slots(
    days: FloatArray, apart: FloatArray, step: float, most_lags: int
) -> tuple[FloatArray, FloatArray]:
    """Number of pairs and sum of their products in the slots 1 to ``most_lags`` of ``step``."""
    pairs, total = np.zeros(most_lags + 1), np.zeros(most_lags + 1)
    for offset in range(1, len(days)):
        slot = np.rint((days[offset:] - days[:-offset]) / step).astype(np.int64)
        if slot.min() > most_lags:  # farther ones are farther still
            break
        near = (slot >= 1) & (slot <= most_lags)
        product = (apart[:-offset] * apart[offset:])[near]
        pairs += np.bincount(slot[near], minlength=most_lags + 1)
        total += np.bincount(slot[near], product, minlength=most_lags + 1)
    return pairs[1:], total[1:]


def _step(days: FloatArray) -> float:
    """The median distance (days) of dates that follow each other, 0 where there are none."""
    steps = np.diff(days)
    steps = steps[steps > 0.0]
    return float(np.median(steps)) if len(steps) else 0.0
