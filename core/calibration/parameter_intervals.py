# SPDX-License-Identifier: GPL-3.0-or-later
"""Trends as values that are valid for a time: what a processing chain can apply."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import TimeArray
from .trends import Kind, Trend

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
