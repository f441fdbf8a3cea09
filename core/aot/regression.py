# SPDX-License-Identifier: GPL-3.0-or-later
"""Straight lines satellite = intercept + slope * reference: OLS, Deming and Theil-Sen.

OLS takes the photometer as free of error and is reported beside the others only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import AnyArray, FloatArray

# Standard uncertainty of one match-up's photometer value: AOT 0.015 (Giles et al. 2019,
# 10.5194/amt-12-169-2019: 0.01 visible to 0.02 ultraviolet); water vapor 0.1 cm (10 % at 1 cm).
REFERENCE_SD = {"aot": 0.015, "water_vapor": 0.1}
LEAST_RELIABILITY = 0.65  # true share of the reference's variance
ALL_PAIRS_ROWS = 1500
RANDOM_PAIRS = 1_000_000
DENSITY_SHARE = 0.1


@dataclass(frozen=True)
class Line:
    """Slope and intercept; arrays where lines of bootstrap replicates are made together."""

    slope: FloatArray
    intercept: FloatArray


@dataclass(frozen=True)
class TheilSen:
    """A Theil-Sen line with ``influence`` (n,): what one row's weight changes in the slope."""

    slope: float
    intercept: float
    influence: FloatArray


def ols(count: FloatArray, mean: FloatArray, moments: FloatArray) -> Line:
    """Ordinary least squares from means (..., 2) of x, y and central moments (..., 3) xx, yy, xy.

    All divided by n; ``count`` (...) only serves to blank lines of fewer than 3 rows.
    """
    slope = _divide(moments[..., 2], moments[..., 0], count >= 3)
    return Line(slope, mean[..., 1] - slope * mean[..., 0])


def deming(count: FloatArray, mean: FloatArray, moments: FloatArray, reference_sd: float) -> Line:
    """Deming's line with lambda = var_sat / var_ref, from the same sums as ``ols``.

    ``var_ref`` = ``reference_sd`` squared is known; ``var_sat`` is the satellite's own error
    variance as the residuals tell it. That lambda makes Deming's line the moment estimator
    b = S_xy / (S_xx - var_ref), bounded by S_yy / S_xy where no satellite error is left (lambda 0).
    There is no line (NaN) where the reference varies so little that its own uncertainty makes more
    than 1 - ``LEAST_RELIABILITY`` of its variance: the correction would then be mostly noise.
    Source: W. A. Fuller (1987), Measurement Error Models, section 1.2, 10.1002/9780470316665.
    """
    scale = _divide(count, count - 1, count >= 3)
    xx, yy, xy = (moments[..., i] * scale for i in range(3))
    reliable = xx * (1.0 - LEAST_RELIABILITY) >= reference_sd**2
    corrected = _divide(np.abs(xy), xx - reference_sd**2, reliable)
    steepest = _divide(yy, np.abs(xy), np.abs(xy) > 0)
    slope = np.sign(xy) * np.where(reliable, np.fmin(corrected, steepest), np.nan)
    return Line(slope, mean[..., 1] - slope * mean[..., 0])


def theil_sen(x: FloatArray, y: FloatArray, seed: int = 0) -> TheilSen:
    """Median of the slopes between pairs of points (n,); intercept median(y) - slope * median(x).

    All pairs up to 1500 rows; above, a million pairs drawn at random (seeded), which leaves the
    slope uncertain by about 0.001. The influence values follow from Hoeffding's projection of the
    sign statistic, divided by the density of the pair slopes at their median: the mean influence of
    a bootstrap replicate is the change of its slope.
    Source: P. K. Sen (1968), J. Am. Stat. Assoc. 63, 1379-1389, 10.1080/01621459.1968.10480934.
    """
    first, second = _pairs(len(x), seed)
    run = x[second] - x[first]
    first, second, run = first[run != 0], second[run != 0], run[run != 0]
    if len(x) < 3 or len(run) == 0:
        return TheilSen(np.nan, np.nan, np.full(len(x), np.nan))
    slopes = (y[second] - y[first]) / run
    slope = float(np.median(slopes))
    intercept = float(np.median(y) - slope * np.median(x))
    return TheilSen(slope, intercept, _influence(slopes, slope, first, second, len(x)))


def _pairs(count: int, seed: int) -> tuple[AnyArray, AnyArray]:
    if count <= ALL_PAIRS_ROWS:
        first, second = np.triu_indices(count, 1)
        return first, second
    rng = np.random.default_rng(seed)
    first = rng.integers(0, count, RANDOM_PAIRS)
    second = (first + rng.integers(1, count, RANDOM_PAIRS)) % count
    return first, second


def _influence(
    slopes: FloatArray, slope: float, first: AnyArray, second: AnyArray, count: int
) -> FloatArray:
    offset = slopes - slope
    sign = np.sign(offset)
    pairs = np.bincount(first, minlength=count) + np.bincount(second, minlength=count)
    total = np.bincount(first, sign, count) + np.bincount(second, sign, count)
    width = float(np.quantile(np.abs(offset), DENSITY_SHARE))
    if width == 0:
        return np.zeros(count)
    density = np.count_nonzero(np.abs(offset) <= width) / len(offset) / (2 * width)
    influence = _divide(total, pairs.astype(np.float64), pairs > 0) / density
    return np.asarray(np.nan_to_num(influence))


def _divide(numerator: AnyArray, denominator: AnyArray, where: AnyArray) -> FloatArray:
    numerator, denominator = np.asarray(numerator, float), np.asarray(denominator, float)
    where = np.asarray(where) & (denominator != 0)
    result = np.full(np.broadcast_shapes(numerator.shape, denominator.shape), np.nan)
    return np.asarray(np.divide(numerator, denominator, out=result, where=where))
