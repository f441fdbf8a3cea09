# SPDX-License-Identifier: GPL-3.0-or-later
"""What many coefficients say together: mean without outliers, its standard error, trend."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..times import YEAR_DAYS
from ..types import AnyArray, BoolArray, FloatArray, TimeArray

_DAY = np.timedelta64(1, "D")
_SCALE = 1.4826  # median absolute deviation to standard deviation of a normal distribution
MIN_TREND = 10
LEAST_YEARS = 0.5  # that a trend needs


@dataclass(frozen=True)
class Summary:
    """Coefficients of one band (and site, period): how many of them, location and scatter.

    ``sd``: of one coefficient; ``robust_sd``: from the median absolute deviation; ``sem``: standard
    error of the mean with the autocorrelation of the series; ``slope_pct_per_year`` with its
    standard error (autocorrelation included), NaN below ``MIN_TREND`` coefficients or half a year.
    """

    count: int
    mean: float
    median: float
    sd: float
    robust_sd: float
    sem: float
    slope_pct_per_year: float
    slope_se: float


def clipped(values: FloatArray, sigmas: float = 3.0) -> BoolArray:
    """Which values (n,) lie within ``sigmas`` standard deviations of the mean of those that do,
    found by repetition. Unknown values (NaN) do not.
    """
    keep = np.isfinite(values)
    while keep.sum() > 2:
        mean, sd = values[keep].mean(), values[keep].std()
        inside = keep & (np.abs(values - mean) <= sigmas * sd + 1e-12 * abs(mean))
        if inside.sum() == keep.sum():
            break
        keep = inside
    return np.asarray(keep)


def summarize(time: TimeArray, values: FloatArray, sites: AnyArray | None = None) -> Summary:
    """The summary of kept coefficients (n,) at ``time`` (n,); NaN where there are too few.
    ``sites`` (n,): where they are from, see ``trend``.
    """
    count = len(values)
    nan = float("nan")
    if not count:
        return Summary(0, nan, nan, nan, nan, nan, nan, nan)
    order = np.argsort(time, kind="stable")
    values = values[order]
    mean, median = float(values.mean()), float(np.median(values))
    sd = float(values.std(ddof=1)) if count > 1 else nan
    robust = float(_SCALE * np.median(np.abs(values - median))) if count > 1 else nan
    sem = sd / np.sqrt(count) * inflation(values - mean)
    slope, error = trend(time[order], values, None if sites is None else sites[order])
    return Summary(
        count, mean, median, sd, robust, float(sem), 100.0 * slope / mean, 100.0 * error / mean
    )


def trend(
    time: TimeArray, values: FloatArray, sites: AnyArray | None = None
) -> tuple[float, float]:
    """Slope per year by ordinary least squares, and its standard error with autocorrelation.

    The error is widened as in ``inflation`` by the residuals (Santer et al. 2000, JGR 105(D6),
    doi:10.1029/1999JD901105). Each of several ``sites`` (n,) has a level of its own: sites that are
    seen more and more often instead of others make no drift. NaN where there are fewer than
    ``MIN_TREND`` values (and one more for each further site) or they span less than half a year.
    """
    years = (time - time[0]) / _DAY / YEAR_DAYS if len(time) else np.empty(0)
    group = groups_of(len(values), sites)
    free = len(values) - int(group.max(initial=0))
    if free < MIN_TREND or np.ptp(years) < LEAST_YEARS:
        return float("nan"), float("nan")
    centered, deviation = within(years, group), within(values, group)
    moment = float(centered @ centered)
    if not moment:
        return float("nan"), float("nan")
    slope = float(centered @ deviation) / moment
    residual = deviation - slope * centered
    error = np.sqrt(float(residual @ residual) / (free - 2) / moment)
    return slope, float(error * inflation(residual))


def groups_of(count: int, sites: AnyArray | None) -> AnyArray:
    """A number from 0 on for the site of each of ``count`` values; 0 where ``sites`` is None."""
    if sites is None:
        return np.zeros(count, dtype=np.int64)
    return np.asarray(np.unique(sites.astype(str), return_inverse=True)[1])


def within(values: FloatArray, group: AnyArray) -> FloatArray:
    """Values (n,) less the mean of their group."""
    means = np.bincount(group, values) / np.bincount(group)
    return np.asarray(values - means[group])


def inflation(residual: FloatArray) -> float:
    """By how much autocorrelation widens the standard error of a mean: sqrt((1 + r) / (1 - r)) with
    r between neighbors in time, corrected for its bias in short series (Kendall 1954: 1/n more);
    never below 1.
    """
    count = len(residual)
    if count < MIN_TREND or not np.any(residual):
        return 1.0
    centered = residual - residual.mean()
    neighbors = float(centered[1:] @ centered[:-1] / (centered @ centered))
    neighbors = min(max(neighbors + (1.0 + 3.0 * max(neighbors, 0.0)) / count, 0.0), 0.95)
    return float(np.sqrt((1.0 + neighbors) / (1.0 - neighbors)))


def half_years(time: TimeArray) -> AnyArray:
    """The half-year of each time as text, "2004-H1" (n,)."""
    numbers, which = np.unique(half_year_numbers(time), return_inverse=True)
    names = np.array([f"{1970 + one // 2}-H{1 + one % 2}" for one in numbers], dtype=object)
    return names[which]


def half_year_numbers(time: TimeArray) -> AnyArray:
    """How many half-years after 1970-H1 each time is (n,)."""
    return np.asarray(time.astype("datetime64[M]").astype(np.int64) // 6)


def months(time: TimeArray) -> AnyArray:
    """The month of each time as text, "2004-05" (n,)."""
    return time.astype("datetime64[M]").astype(str).astype(object)
