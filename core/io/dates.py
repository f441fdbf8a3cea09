# SPDX-License-Identifier: GPL-3.0-or-later
"""Dates of rasters: in file names, band descriptions and metadata."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

import numpy as np

from ..errors import InputError

# A calendar date, or a year and a day of the year, with a time of day if there is one.
_DATE = re.compile(
    r"(?<!\d)(?P<year>19[5-9]\d|20\d\d)"
    r"(?:(?P<s>[-_.]?)(?P<month>0[1-9]|1[0-2])(?P=s)(?P<day>0[1-9]|[12]\d|3[01])|(?P<doy>[0-3]\d\d))"
    r"(?:[T_ -]?(?P<hour>[01]\d|2[0-3]):?(?P<minute>[0-5]\d):?(?P<second>[0-5]\d)Z?)?(?!\d)"
)
_DIRECTIVES = {
    "Y": r"\d{4}", "m": r"\d{2}", "d": r"\d{2}", "j": r"\d{3}", "H": r"\d{2}", "M": r"\d{2}",
    "S": r"\d{2}", "y": r"\d{2}", "b": r"[A-Za-z]{3}", "B": r"[A-Za-z]+", "f": r"\d{1,6}", "%": "%",
}  # fmt: skip
_UNITS = re.compile(r"\s*(second|minute|hour|day)s?\s+since\s+(.+)", re.IGNORECASE)
_SECONDS = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86400.0}
_TIFF = "%Y:%m:%d %H:%M:%S"


def find_date(text: str, pattern: str = "") -> tuple[np.datetime64, str] | None:
    """The first date in ``text`` as UTC (``datetime64[ms]``), and the text without it; else None.

    ``pattern``: a ``strptime`` format that fits a part of the text, such as ``%Y%m%d`` or
    ``%d.%m.%Y``; empty for dates such as 20200715, 2020-07-15, 2020_07_15T105031 or 2020197 (year
    and day of the year). Raises ``InputError`` for a pattern that cannot be used.
    """
    if pattern:
        return _by_pattern(text, pattern)
    for match in _DATE.finditer(text):
        moment = _calendar(match)
        if moment is not None:
            return moment, text[: match.start()] + text[match.end() :]
    return None


def check_pattern(pattern: str) -> None:
    """Raise ``InputError`` where ``pattern`` is no format of a date."""
    _expression(pattern)


def _by_pattern(text: str, pattern: str) -> tuple[np.datetime64, str] | None:
    for match in re.finditer(_expression(pattern), text):
        try:
            moment = datetime.strptime(match[0], pattern)
        except ValueError:
            continue
        rest = text[: match.start()] + text[match.end() :]
        return np.datetime64(moment.replace(tzinfo=None), "ms"), rest
    return None


def _expression(pattern: str) -> str:
    """The regular expression of a ``strptime`` format."""
    parts = re.split(r"%(.)", pattern)
    directives = parts[1::2]
    dated = {"Y", "y"} & set(directives) and ({"m", "b", "B", "j"} & set(directives))
    unknown = [one for one in directives if one not in _DIRECTIVES]
    if unknown or not dated or len(directives) != len(set(directives)):
        raise InputError(
            f"'{pattern}' is not a pattern of dates in file names. Use each of %Y, %m, %d (or %j, "
            "the day of the year), %H, %M, %S once, as in %Y%m%d or %Y-%m-%d."
        )
    pieces = [
        _DIRECTIVES[part] if index % 2 else re.escape(part) for index, part in enumerate(parts)
    ]
    return "".join(pieces)


def _calendar(match: re.Match[str]) -> np.datetime64 | None:
    """The moment of a match of ``_DATE``, None where there is no such day."""
    clock = [int(match[name] or 0) for name in ("hour", "minute", "second")]
    try:
        if match["doy"]:
            day = datetime.strptime(f"{match['year']}{match['doy']}", "%Y%j")
        else:
            day = datetime(int(match["year"]), int(match["month"]), int(match["day"]))
        moment = day.replace(hour=clock[0], minute=clock[1], second=clock[2])
    except ValueError:
        return None
    return np.datetime64(moment, "ms")


def tiff_date(text: str) -> np.datetime64 | None:
    """The moment of a TIFF's tag DateTime or of GDAL's ACQUISITIONDATETIME, None for others."""
    for style in (_TIFF, "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"):
        try:
            return np.datetime64(datetime.strptime(text.strip()[:19], style), "ms")
        except ValueError:
            continue
    return None


def netcdf_date(dataset: Mapping[str, str], band: Mapping[str, str]) -> np.datetime64 | None:
    """The moment of one band of a netCDF variable, from its time dimension (CF conventions).

    ``dataset`` and ``band`` are the metadata that GDAL gives of them; None without a time.
    """
    for key, value in band.items():
        if not key.startswith("NETCDF_DIM_"):
            continue
        match = _UNITS.match(dataset.get(f"{key[len('NETCDF_DIM_') :]}#units", ""))
        since = match and find_date(match[2])
        if not match or not since:
            continue
        milliseconds = round(float(value) * _SECONDS[match[1].lower()] * 1000.0)
        moment: np.datetime64 = since[0] + np.timedelta64(milliseconds, "ms")
        return moment
    return None
