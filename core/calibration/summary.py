# SPDX-License-Identifier: GPL-3.0-or-later
"""What many coefficients say together: mean without outliers, its standard error, trend."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..spread import TO_SIGMA
from ..types import AnyArray, BoolArray, FloatArray, TimeArray
from .drift import MIN_TREND, Noise, constant_or_line, noise_of, slope
from .trend_models import Kind


@dataclass(frozen=True)
class Summary:
    """Coefficients of one band (and site, period): how many of them, location and scatter.

    ``sd``: of one coefficient; ``robust_sd``: from the median absolute deviation; ``sem``: standard
    error of the mean under noise that remembers (``drift.Noise``; below ``MIN_TREND``
    coefficients or half a year: ``inflation``); ``slope_pct_per_year`` with its standard error
    under such noise, and whether it ``drifts``: whether the line is taken rather than a constant
    (``trends.chosen``). NaN and False below ``MIN_TREND`` coefficients or half a year.
    """

    count: int
    mean: float
    median: float
    sd: float
    robust_sd: float
    sem: float
    slope_pct_per_year: float
    slope_se: float
    drifts: bool = False


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


def summarize(
    time: TimeArray,
    values: FloatArray,
    sites: AnyArray | None = None,
    noise: Noise | None = None,
    trended: bool = True,
) -> Summary:
    """The summary of kept coefficients (n,) at ``time`` (n,); NaN where there are too few.

    ``sites`` (n,): where they are from, each with a level of its own beside the slope; ``noise``:
    that of a longer series which these are a part of, and cannot show by themselves (None: their
    own); without ``trended`` there is no slope.
    """
    count = len(values)
    nan = float("nan")
    if not count:
        return Summary(0, nan, nan, nan, nan, nan, nan, nan)
    order = np.argsort(time, kind="stable")
    time, values = time[order], values[order]
    mean, median = float(values.mean()), float(np.median(values))
    sd = float(values.std(ddof=1)) if count > 1 else nan
    robust = float(TO_SIGMA * np.median(np.abs(values - median))) if count > 1 else nan
    sem = sd / np.sqrt(count)
    noise = noise or noise_of(time, values)
    sem *= inflation(values - mean) if noise is None else noise.widening(time)
    made = Summary(count, mean, median, sd, robust, float(sem), nan, nan)
    own = None if sites is None else sites[order]
    choice = constant_or_line(time, values, own) if trended else None
    if choice is None:
        return made
    size, uncertain = (100.0 * one / mean for one in slope(choice))
    return replace(
        made, slope_pct_per_year=size, slope_se=uncertain, drifts=choice.best.kind is Kind.LINEAR
    )


def groups_of(count: int, sites: AnyArray | None) -> AnyArray:
    """A number from 0 on for the site of each of ``count`` values; 0 where ``sites`` is None."""
    if sites is None:
        return np.zeros(count, dtype=np.int64)
    return np.asarray(np.unique(sites.astype(str), return_inverse=True)[1])


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
