# SPDX-License-Identifier: GPL-3.0-or-later
"""A trend model as a curve to be drawn, with its intervals and without bridges over its steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import FloatArray, TimeArray
from .trend_models import Trend

_POINTS = 200


@dataclass(frozen=True)
class TrendCurve:
    """A model at ``time`` (m,): ``mean``, its 95 % interval (``low``, ``high``), and the interval
    that holds one new coefficient with 95 % (``new_low``, ``new_high``).
    """

    time: TimeArray
    mean: FloatArray
    low: FloatArray
    high: FloatArray
    new_low: FloatArray
    new_high: FloatArray


def trend_curve(trend: Trend, time: TimeArray | None = None) -> TrendCurve:
    """The curve from the first to the last of ``time`` (None: of the values that were fitted); at
    each change there is a point just before and one just after.
    """
    first, last = trend.start, trend.end
    if time is not None and len(time):
        first, last = min(time.min(), first), max(time.max(), last)
    at = first + (last - first) * np.linspace(0.0, 1.0, _POINTS)
    at = np.sort(np.concatenate([at, *([one.time, one.time - 1] for one in trend.changes)]))
    return trend_at(trend, at)


def trend_at(trend: Trend, time: TimeArray) -> TrendCurve:
    """The model and its intervals at ``time`` (m,)."""
    mean, error = trend.at(time)
    _, new_low, new_high = trend.prediction(time)
    half = trend.factor * error
    return TrendCurve(time, mean, mean - half, mean + half, new_low, new_high)
