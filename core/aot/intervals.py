# SPDX-License-Identifier: GPL-3.0-or-later
"""95 % intervals from replicates of a bootstrap of blocks, honest with few blocks.

Plain percentiles of B blocks are too narrow twice over: replicates vary by (B - 1) / B too little,
and Student's t is wider than the normal deviate. Replicates of a standard deviation are too small
besides. What each interval covers is measured by ``tests/benchmarks/bench_coverage.py``.
"""

from __future__ import annotations

from math import exp, isfinite, log, nan, sqrt
from statistics import NormalDist

import numpy as np

from ..shares import score_bounds
from ..types import FloatArray
from .significance import NORMAL, t_quantile
from .types import Interval

MIN_BLOCKS = 6  # with fewer, no correction is known to hold: there are no bounds
ONE_SD = (100.0 * NORMAL.cdf(-1.0), 50.0, 100.0 * NORMAL.cdf(1.0))  # percentiles


def interval(value: float, replicates: FloatArray, blocks: int, level: float = 0.95) -> Interval:
    """``value`` with the expanded percentile interval of its replicates (r,).

    The percentiles are those of the normal deviate t * sqrt(B / (B - 1)), t Student's quantile with
    B - 1 degrees of freedom. No bounds below ``MIN_BLOCKS``. Replicates in which the statistic does
    not exist (NaN) are left out; with more than half of them gone there are no bounds.
    Source: T. C. Hesterberg (2015), The American Statistician 69, 371-386,
    10.1080/00031305.2015.1089789.
    """
    finite = _usable(value, replicates, blocks)
    if not len(finite):
        return Interval(value)
    tail = 100.0 * NormalDist().cdf(-_reach(blocks, level))
    low, high = np.percentile(finite, (tail, 100.0 - tail))
    return Interval(value, float(low), float(high))


def scale_interval(
    value: float, replicates: FloatArray, blocks: int, level: float = 0.95
) -> Interval:
    """A measure of spread (> 0) with Student's t interval of its logarithm.

    The standard error is that of the logarithms of the replicates (r,), times sqrt(B / (B - 1)); it
    is read from their percentiles, since a replicate made of one block many times over has next to
    no spread. Their median tells the bias of the estimate, which is taken off, as far as the bounds
    still hold the value. No bounds as in ``interval``, and none for a spread of 0.
    Source: Efron and Tibshirani (1993), An Introduction to the Bootstrap, 10.1201/9780429246593,
    chapters 10 and 12 (bias, intervals of transformed values).
    """
    positive = replicates[replicates > 0]
    gone = np.full(len(replicates) - len(positive), nan)
    finite = _usable(value, np.append(positive, gone), blocks)
    if not len(finite) or value <= 0:
        return Interval(value)
    low, middle, high = np.log(np.percentile(finite, ONE_SD))
    reach = _reach(blocks, level) * float(high - low) / 2.0
    center = 2.0 * log(value) - float(middle)
    return Interval(value, min(value, exp(center - reach)), max(value, exp(center + reach)))


def share_interval(
    share: float, replicates: FloatArray, count: int, blocks: int, level: float = 0.95
) -> Interval:
    """A share (0 to 1) of ``count`` rows with Wilson's interval for as many independent rows as
    they are worth.

    That number follows from the variance of the replicates (r,), and Student's t stands for the
    normal deviate. Shares of 0 and 1 do not vary: their rows are worth no more than the blocks. No
    bounds below ``MIN_BLOCKS``.
    Source: Franco et al. (2019), J. Survey Statistics and Methodology 7, 334-364,
    10.1093/jssam/smy019.
    """
    finite = _usable(share, replicates, blocks)
    if not len(finite):
        return Interval(share)
    binomial, variance = share * (1.0 - share), float(finite.var()) * blocks / (blocks - 1)
    worth = float(blocks)
    if binomial > 0:
        worth = count if variance == 0 else min(count, binomial / variance)
    low, high = score_bounds(share, worth, t_quantile((1.0 + level) / 2.0, blocks - 1))
    return Interval(share, low, high)


def _usable(value: float, replicates: FloatArray, blocks: int) -> FloatArray:
    """Replicates that exist; none where there can be no bounds."""
    finite = replicates[np.isfinite(replicates)]
    enough = blocks >= MIN_BLOCKS and 2 * len(finite) >= max(2, len(replicates))
    return np.asarray(finite if enough and isfinite(value) else finite[:0])


def _reach(blocks: int, level: float) -> float:
    return t_quantile((1.0 + level) / 2.0, blocks - 1) * sqrt(blocks / (blocks - 1))
