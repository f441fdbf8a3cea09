# SPDX-License-Identifier: GPL-3.0-or-later
"""Decimal years as DIMITRI counts them.

The decimal year is the year plus (day of the year, counted from 1, plus fraction of the day)
divided by the days of the year: noon on January 1 of a common year is .00410959 = 1.5 / 365, a day
more than a plain decimal year says, and the last day of December reaches into the next year. This
was found with the sun: the sun zenith angles that the series themselves state fit those computed
for these moments to 0.03 degrees (MERIS, Dome C, leap years too), and are off by 0.25 degrees when
days are counted from 0; the tests repeat it.
"""

from __future__ import annotations

import numpy as np

from ...types import AnyArray, FloatArray, TimeArray

DAY_MS = 86_400_000
_DECIMALS = (8, 12)  # of the files, and enough for milliseconds
_SAME_DAYS = 1e-6  # of the rounding to 8 decimals


def to_times(decimal_years: FloatArray) -> TimeArray:
    """UTC (``datetime64[ms]``) of decimal years, NaT of NaN; exact to what the decimals hold."""
    known = np.isfinite(decimal_years)
    filled = np.where(known, decimal_years, 2000.0)
    year = np.floor(filled)
    fraction = filled - year
    days = fraction * days_of(year)
    before = days < 1.0 - _SAME_DAYS  # the last day of the year before
    late = fraction * days_of(year - 1) + days_of(year - 1)
    days = np.where(before, late, np.maximum(days, 1.0)) - 1.0
    start = (year - before - 1970).astype(np.int64).astype("datetime64[Y]")
    times: TimeArray = start.astype("datetime64[ms]") + np.rint(days * DAY_MS).astype(
        "timedelta64[ms]"
    )
    times[~known] = np.datetime64("NaT")
    return times


def from_times(times: TimeArray) -> tuple[AnyArray, bool]:
    """Decimal years of UTC times as text with 8 decimals, or 12 where they are needed; and whether
    all of them read back as the same milliseconds.

    They do not in the four minutes around midnight before a leap year begins or ends, which two
    days share.
    """
    start = times.astype("datetime64[Y]")
    year = start.astype(np.int64) + 1970
    since = times.astype("datetime64[ms]").astype(np.int64)
    since -= start.astype("datetime64[ms]").astype(np.int64)
    days = since / DAY_MS + 1.0
    decimal_years = year + days / days_of(year.astype(np.float64))
    texts = np.full(len(times), "", dtype=object)
    wanted = np.ones(len(times), dtype=np.bool_)
    for decimals in _DECIMALS:
        for row in np.flatnonzero(wanted):
            texts[row] = f"{decimal_years[row]:.{decimals}f}"
        wanted = to_times(texts.astype(np.float64)) != times
    return texts, not wanted.any()


def days_of(year: FloatArray) -> FloatArray:
    """Days of the years."""
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    return np.where(leap, 366.0, 365.0)
