# SPDX-License-Identifier: GPL-3.0-or-later
"""The span of time that a report is about, the one before it, and the same months a year before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import InputError
from ..times import parse_day
from ..types import BoolArray, TimeArray
from .summary import half_years

_NAMED = re.compile(r"(?P<year>[12]\d{3})(?:-(?P<kind>[HQ]?)(?P<part>\d{1,2}))?")
_MONTHS = {"H": 6, "Q": 3, "": 1}
_MOST = 12
FORMS = "Give it as 2009-H1 (half-year), 2009-Q3 (quarter), 2009-05 (month) or 2009 (year)."


@dataclass(frozen=True)
class Span:
    """Moments from ``begin`` until before ``end``; ``before``: the begin of the period before."""

    name: str
    begin: np.datetime64
    end: np.datetime64
    before: np.datetime64

    def holds(self, time: TimeArray) -> BoolArray:
        """Which times (n,) are in it."""
        return np.asarray((time >= self.begin) & (time < self.end))

    def holds_before(self, time: TimeArray) -> BoolArray:
        """Which times (n,) are in the period before."""
        return np.asarray((time >= self.before) & (time < self.begin))

    @property
    def year_before(self) -> tuple[np.datetime64, np.datetime64]:
        """Begin and end of the same days one year before (as many years as the period is long)."""
        years = max(1, int(np.ceil((self.end - self.begin) / np.timedelta64(366, "D"))))
        return _years_before(self.begin, years), _years_before(self.end, years)

    def holds_year_before(self, time: TimeArray) -> BoolArray:
        """Which times (n,) are in the same days one year before."""
        begin, end = self.year_before
        return np.asarray((time >= begin) & (time < end))

    @property
    def days(self) -> tuple[str, str]:
        """First and last day as ISO dates."""
        return str(self.begin)[:10], str(self.end - np.timedelta64(1, "ms"))[:10]


def _years_before(moment: np.datetime64, years: int) -> np.datetime64:
    month = moment.astype("datetime64[M]")
    earlier = (month - 12 * years).astype("datetime64[ms]")
    return np.datetime64(earlier + (moment - month.astype("datetime64[ms]")), "ms")


def named_span(name: str) -> Span:
    """The span of a name such as 2009-H1; raises ``InputError`` for what is none."""
    found = _NAMED.fullmatch(name.strip().upper())
    months, first = 12, 0
    if found and found["part"]:
        months = _MONTHS[found["kind"]]
        first = (int(found["part"]) - 1) * months
    if not found or not 0 <= first <= 12 - months:
        raise InputError(f"PERIOD ('{name}') is no period. {FORMS}")
    start = np.datetime64(f"{found['year']}-01", "M") + first
    begin, end, before = (
        one.astype("datetime64[ms]") for one in (start, start + months, start - months)
    )
    return Span(name.strip().upper(), begin, end, before)


def span_of_days(first_day: str, last_day: str) -> Span:
    """The span of two days, both included; the one before has the same length. Raises
    ``InputError`` where a day is missing or none, or the last is before the first.
    """
    if not (first_day and last_day):
        raise InputError("Give both FIRST_DAY and LAST_DAY, or a PERIOD such as 2009-H1.")
    begin = parse_day(first_day, "FIRST_DAY")
    end = parse_day(last_day, "LAST_DAY") + np.timedelta64(1, "D")
    if end <= begin:
        raise InputError(
            f"LAST_DAY ('{last_day}') is before FIRST_DAY ('{first_day}'): exchange them."
        )
    return Span(f"{first_day} to {last_day}", begin, end, begin - (end - begin))


def half_year_of(moment: np.datetime64) -> Span:
    """The half-year that holds a moment."""
    month = int(moment.astype("datetime64[M]").astype(int))
    return named_span(f"{1970 + month // 12}-H{1 + month % 12 // 6}")


def coefficient_times(times: Sequence[TimeArray]) -> str:
    """A sentence on the half-years that hold any of several ``times`` (n,)."""
    known = np.unique(np.concatenate([half_years(one) for one in times]).astype(str)).tolist()
    shown = (
        f"{', '.join(known[:_MOST])} ... {known[-1]}" if len(known) > _MOST else ", ".join(known)
    )
    return f"There are coefficients in {shown}."
