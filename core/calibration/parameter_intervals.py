# SPDX-License-Identifier: GPL-3.0-or-later
"""Trends as values that are valid for a time: what a processing chain can apply."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..times import YEAR_DAYS
from ..types import TimeArray
from .trend_models import Kind, Trend

_FAR = 10.0  # years; nobody keeps a version for longer
_OPEN = np.datetime64("NaT", "ms")


@dataclass(frozen=True)
class Validity:
    """One value, valid from ``begin`` until before ``end`` (NaT: until further notice).

    ``standard_error``: of the model; ``uncertainty``: standard, with what the model changes within
    the interval and with the systematic part of the run's budget.
    """

    begin: np.datetime64
    end: np.datetime64
    value: float
    standard_error: float
    uncertainty: float


def validities(
    trend: Trend, begin: np.datetime64, months: int, systematic: float = 0.0
) -> tuple[Validity, ...]:
    """The values of a trend from ``begin`` on, without a gap; the last one stays valid.

    A level has one value, and one more after each change; a model that changes all the time has one
    each ``months`` (its value in the middle). ``systematic``: relative standard uncertainty that
    all share.
    """
    begin = begin.astype("datetime64[ms]")
    changes = [one.time.astype("datetime64[ms]") for one in trend.changes if one.time > begin]
    edges = [begin, *changes]
    if trend.kind not in (Kind.CONSTANT, Kind.STEPS):
        edges = sorted({*edges, *_calendar(begin, trend.end, months)})
    found: list[Validity] = []
    for number, first in enumerate(edges):
        last = edges[number + 1] if number + 1 < len(edges) else _OPEN
        found.append(_valid(trend, first, last, months, systematic))
    return tuple(found)


def drift_note(trend: Trend, last: Validity) -> str:
    """A warning where a model still moves at the end of the data while its ``last`` value stays
    valid: the drift there, and when the value is off by its standard uncertainty if the drift goes
    on; "" where that takes ``_FAR`` years or more.
    """
    if not np.isnat(last.end) or trend.kind in (Kind.CONSTANT, Kind.STEPS):
        return ""
    step = np.timedelta64(1, "D")
    end = max(trend.end, last.begin)
    before, now = (float(one) for one in trend.at(np.array([end - step, end]))[0])
    slope = (now - before) * YEAR_DAYS
    ahead = (now - last.value) * np.sign(slope)
    years = max(last.uncertainty - ahead, 0.0) / abs(slope) if slope else np.inf
    if years >= _FAR:
        return ""
    moment = end + np.timedelta64(round(years * YEAR_DAYS), "D")
    return (
        f"the model still drifts by {100.0 * slope / now:+.2f} % per year at the end of the data "
        f"({str(end)[:10]}), but its last value stays valid until further notice: if the drift "
        f"goes on, the value is off by more than its standard uncertainty "
        f"({100.0 * last.uncertainty / last.value:.2f} %) from {str(moment)[:10]} on "
        f"({years:.1f} years after the data). Make a new version before."
    )


def _calendar(begin: np.datetime64, end: np.datetime64, months: int) -> list[np.datetime64]:
    """Moments each ``months`` after ``begin``, as far as there is data."""
    month = begin.astype("datetime64[M]")
    within = begin - month.astype("datetime64[ms]")
    found: list[np.datetime64] = []
    number = months
    while True:
        moment = (month + number).astype("datetime64[ms]") + within
        if moment >= end:
            return found
        found.append(moment)
        number += months


def _valid(
    trend: Trend, first: np.datetime64, last: np.datetime64, months: int, systematic: float
) -> Validity:
    nominal = last
    if np.isnat(last):
        month = first.astype("datetime64[M]")
        nominal = (month + months).astype("datetime64[ms]") + (first - month)
    middle = first + (nominal - first) / 2
    inside = np.timedelta64(1, "ms")
    at: TimeArray = np.array([first, middle, nominal - inside], dtype="datetime64[ms]")
    values, errors = trend.at(at)
    within = abs(float(values[2] - values[0])) / np.sqrt(12.0)
    value, error = float(values[1]), float(errors[1])
    total = float(np.sqrt(error**2 + within**2 + (systematic * value) ** 2))
    return Validity(first, last, value, error, total)
