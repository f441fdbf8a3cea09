# SPDX-License-Identifier: GPL-3.0-or-later
"""Times of netCDF variables, as the CF conventions (section 4.4) write them: units since a date."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime

import numpy as np

from ..errors import InputError
from .dates import zone_minutes

_SINCE = re.compile(r"\s*(?P<unit>[a-z]+)\s+since\s+(?P<epoch>.*\S)\s*", re.IGNORECASE)
_EPOCH = re.compile(
    r"(?P<year>\d{1,4})(?P<s>-?)(?P<month>(?(s)\d{1,2}|\d\d))(?P=s)(?P<day>\d{1,2})"
    r"(?:[T\s]\s*(?P<hour>\d{1,2})(?::?(?P<minute>\d{1,2})(?::?(?P<second>\d{1,2}(?:\.\d*)?))?)?)?"
    r"\s*(?P<zone>UTC|GMT|Z|[+-]\d{1,2}(?::?\d\d)?)?",
    re.IGNORECASE,
)
_MILLISECONDS = {
    **dict.fromkeys(("week", "weeks"), 604_800_000.0),
    **dict.fromkeys(("day", "days", "d"), 86_400_000.0),
    **dict.fromkeys(("hour", "hours", "hr", "hrs", "h"), 3_600_000.0),
    **dict.fromkeys(("minute", "minutes", "min", "mins"), 60_000.0),
    **dict.fromkeys(("second", "seconds", "sec", "secs", "s"), 1000.0),
    **dict.fromkeys(("millisecond", "milliseconds", "msec", "msecs", "ms"), 1.0),
    **dict.fromkeys(("microsecond", "microseconds", "us"), 1e-3),
    **dict.fromkeys(("nanosecond", "nanoseconds", "ns"), 1e-6),
}
_MIXED = ("", "standard", "gregorian")  # Julian before 1582-10-15, by the conventions
_PROLEPTIC = "proleptic_gregorian"
_REFORM = datetime(1582, 10, 15)
_DIMENSION = "NETCDF_DIM_"


def netcdf_date(
    dataset: Mapping[str, str], band: Mapping[str, str], where: str
) -> np.datetime64 | None:
    """The moment (UTC, ``datetime64[ms]``) of one band of a netCDF variable, None without a time.

    ``dataset`` and ``band`` are the metadata that GDAL gives of them. Units from weeks to
    nanoseconds since a date with or without padding, clock and offset to UTC. Raises ``InputError``
    naming the file ``where`` for a time whose units, epoch, value or calendar is not understood:
    its dates would else be taken for bands of one image.
    """
    for key, value in band.items():
        dimension = key.removeprefix(_DIMENSION)
        if dimension == key or not _is_time(dataset, dimension):
            continue
        units = dataset.get(f"{dimension}#units", "")
        calendar = dataset.get(f"{dimension}#calendar", "").strip().lower()
        moment = _moment(value, units, calendar)
        if moment is None:
            raise InputError(
                f"The times of {where} cannot be read: dimension '{dimension}' holds {value} in "
                f"units '{units}' of the calendar '{calendar or 'standard'}'. Correct the units, "
                "as in 'days since 1970-01-01' of the standard calendar, or write a file per date."
            )
        return moment
    return None


def _is_time(dataset: Mapping[str, str], dimension: str) -> bool:
    said = (dataset.get(f"{dimension}#standard_name", ""), dataset.get(f"{dimension}#axis", ""))
    since = " since " in dataset.get(f"{dimension}#units", "").lower()
    return since or said[0] == "time" or said[1] == "T" or dimension.lower() == "time"


def _moment(value: str, units: str, calendar: str) -> np.datetime64 | None:
    said = _SINCE.fullmatch(units)
    scale = _MILLISECONDS.get(said["unit"].lower()) if said else None
    epoch = _epoch(said["epoch"], calendar) if said else None
    try:
        amount = float(value)
    except ValueError:
        return None
    if scale is None or epoch is None or not math.isfinite(amount):
        return None
    moment: np.datetime64 = epoch + np.timedelta64(round(amount * scale), "ms")
    return moment


def _epoch(text: str, calendar: str) -> np.datetime64 | None:
    """The date that times are counted from, None where it or its calendar is not known."""
    match = _EPOCH.fullmatch(text)
    if match is None or calendar not in (*_MIXED, _PROLEPTIC):
        return None
    try:
        day = datetime(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None
    clock = float(match["hour"] or 0) * 3600.0 + float(match["minute"] or 0) * 60.0
    seconds = clock + float(match["second"] or 0) - 60.0 * zone_minutes(match["zone"])
    moment = np.datetime64(day, "ms") + np.timedelta64(round(1000.0 * seconds), "ms")
    if calendar in _MIXED and day < _REFORM:
        moment += np.timedelta64(_julian_days(day), "D")
    return moment


def _julian_days(day: datetime) -> int:
    """Days to add to a date of the Julian calendar for the same day of the Gregorian one."""
    year = day.year - (day.month < 3)
    return year // 100 - year // 400 - 2
