# SPDX-License-Identifier: GPL-3.0-or-later
"""Outliers of coefficients around a line in time."""

from __future__ import annotations

import numpy as np

from ..times import YEAR_DAYS
from ..types import AnyArray, BoolArray, FloatArray, TimeArray
from .drift import LEAST_YEARS, MIN_TREND
from .summary import clipped, groups_of

_DAY = np.timedelta64(1, "D")
_MOST_FOR_SLOPES = 300  # values of one site, so that their pairs stay few


def clipped_in_time(
    time: TimeArray, values: FloatArray, sites: AnyArray | None = None, sigmas: float = 3.0
) -> BoolArray:
    """Which values (n,) at ``time`` (n,) lie within ``sigmas`` standard deviations of a line in
    time with a level for each of the ``sites`` (n,): a drift is no outlier, and around a constant
    its ends would be cut off, which makes it smaller than it is.

    The slope is the median of those between two values of one site (Theil 1950; Sen 1968,
    10.1080/01621459.1968.10480934), which up to 29 % of outliers do not carry away, the level of a
    site its median; line and standard deviation are found by repetition from the values within.
    Below ``MIN_TREND`` values or half a year there is no line (as ``summary.trend``): all is as in
    ``clipped``. Sites with fewer than ``MIN_TREND`` values have one level together, or that of the
    largest site where they are fewer even so. Unknown values or times are not within.
    """
    known = np.flatnonzero(np.isfinite(values) & ~np.isnat(time))
    keep = np.zeros(len(values), dtype=np.bool_)
    years = (time[known] - time[known].min()) / _DAY / YEAR_DAYS if len(known) else np.empty(0)
    if len(known) < MIN_TREND or np.ptp(years) < LEAST_YEARS:
        return clipped(values, sigmas)
    group = _groups_with_level(groups_of(len(known), None if sites is None else sites[known]))
    keep[known] = _within_line(years, values[known], group, sigmas)
    return keep


def _groups_with_level(group: AnyArray) -> AnyArray:
    """Groups with too few members for a level of their own put into others, numbered from 0."""
    sizes = np.bincount(group)
    few = sizes[group] < MIN_TREND
    home = -1 if few.sum() >= MIN_TREND or few.all() else int(sizes.argmax())
    return np.asarray(np.unique(np.where(few, home, group), return_inverse=True)[1])


def _within_line(
    years: FloatArray, values: FloatArray, group: AnyArray, sigmas: float
) -> BoolArray:
    keep = np.ones(len(values), dtype=np.bool_)
    while keep.sum() > 2:
        away = _away(years, values, group, keep)
        sd = np.sqrt(np.mean(away[keep] ** 2))
        inside = keep & (np.abs(away) <= sigmas * sd + 1e-12 * np.abs(values))
        if inside.sum() == keep.sum():
            break
        keep = inside
    return np.asarray(keep)


def _away(years: FloatArray, values: FloatArray, group: AnyArray, keep: BoolArray) -> FloatArray:
    """The distance of each value from the line through those that are kept (n,)."""
    away = values - _median_slope(years[keep], values[keep], group[keep]) * years
    for one in np.unique(group[keep]):
        away[group == one] -= np.median(away[keep & (group == one)])
    return np.asarray(away)


def _median_slope(years: FloatArray, values: FloatArray, group: AnyArray) -> float:
    """The median of the slopes between two values of one group; of large groups, of a share of
    their values spread evenly in time.
    """
    slopes = []
    for one in range(int(group.max()) + 1):
        rows = np.flatnonzero(group == one)
        rows = rows[np.argsort(years[rows], kind="stable")]
        rows = rows[:: max(1, -(-len(rows) // _MOST_FOR_SLOPES))]
        first, second = np.triu_indices(len(rows), 1)
        far = years[rows[second]] - years[rows[first]]
        apart = far > 0.0
        rise = values[rows[second]] - values[rows[first]]
        slopes.append(rise[apart] / far[apart])
    found = np.concatenate(slopes)
    return float(np.median(found)) if len(found) else 0.0
