# SPDX-License-Identifier: GPL-3.0-or-later
"""Dates of rasters: in file names, band descriptions and metadata."""

from __future__ import annotations

import os
import re
from datetime import datetime
from pathlib import Path

import numpy as np

from ..errors import InputError

# An offset to UTC. A minus needs colons: in names of files "-0301" is another number.
_ZONE = r"Z|\s?[+-]\d\d:[0-5]\d|\+\d{4}|(?<=:\d\d)-\d{4}"
# A calendar date, or a year and a day of the year, with a time of day if there is one.
_DATE = re.compile(
    r"(?<!\d)(?P<year>19[5-9]\d|20\d\d)"
    r"(?:(?P<s>[-_.]?)(?P<month>0[1-9]|1[0-2])(?P=s)(?P<day>0[1-9]|[12]\d|3[01])|(?P<doy>[0-3]\d\d))"
    r"(?:[T_ -]?(?P<hour>[01]\d|2[0-3])(?P<c>:?)(?P<minute>[0-5]\d)(?P=c)(?P<second>[0-5]\d)"
    rf"(?:\.(?P<fraction>\d+)(?=Z|[+-]\d\d:|\s|$))?(?P<zone>{_ZONE})?)?(?!\d)"
)
_DIRECTIVES = {
    "Y": r"\d{4}", "m": r"\d{2}", "d": r"\d{2}", "j": r"\d{3}", "H": r"\d{2}", "M": r"\d{2}",
    "S": r"\d{2}", "y": r"\d{2}", "b": r"[A-Za-z]{3}", "B": r"[A-Za-z]+", "f": r"\d{1,6}", "%": "%",
}  # fmt: skip
_STYLES = ("%Y:%m:%d %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")
_REST = re.compile(r"(?:\.\d*)?\s*(?P<zone>Z|[+-]\d\d:?\d\d)?")


def find_date(text: str, pattern: str = "") -> tuple[np.datetime64, str] | None:
    """The first date in ``text`` as UTC (``datetime64[ms]``), and the text without it; else None.

    ``pattern``: a ``strptime`` format that fits a part of the text, such as ``%Y%m%d`` or
    ``%d.%m.%Y``; empty for dates such as 20200715, 2020-07-15, 2020_07_15T105031 or 2020197 (year
    and day of the year), where an offset to UTC (+02:00) is honored and none means UTC. Raises
    ``InputError`` for a pattern that cannot be used.
    """
    if pattern:
        return _by_pattern(text, pattern)
    for match in _DATE.finditer(text):
        moment = _calendar(match)
        if moment is not None:
            return moment, text[: match.start()] + text[match.end() :]
    return None


def listed_dates(
    text: str, repeated: bool = False, key: str = "dates"
) -> tuple[np.datetime64, ...]:
    """The dates (``datetime64[ms]``) in ``text``, separated by commas, blanks or lines, or in the
    text file that it names.

    Raises ``InputError`` where the file cannot be read, one is no date, or a date is there twice
    (unless ``repeated``); ``key`` is how messages call them.
    """
    where = ""
    if text.strip() and os.path.isfile(text.strip()):
        where = f" of {os.path.basename(text.strip())}"
        try:
            text = Path(text.strip()).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"The list of dates {text.strip()} is no text file.") from error
    parts = [part for part in re.split(r"[,;\s\"']+", text) if part]
    found = [find_date(part) for part in parts]
    for part, one in zip(parts, found, strict=True):
        if one is None or one[1]:
            raise InputError(
                f"'{part[:40]}'{where} is no date. Give {key} as 2020-07-15, separated by commas, "
                "or a text file with a date in each line."
            )
    times = tuple(one[0] for one in found if one is not None)
    twice = sorted({time for time in times if times.count(time) > 1})
    if twice and not repeated:
        raise InputError(f"The date {twice[0]}{where} is there twice: each band has its own.")
    return times


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
    fraction = round(1000.0 * float(f"0.{match['fraction'] or 0}"))
    return np.datetime64(moment, "ms") + np.timedelta64(fraction, "ms") - _offset(match["zone"])


def zone_minutes(zone: str | None) -> int:
    """Minutes that local time is ahead of UTC, of an offset such as Z, +02:00, -0530 or +2."""
    match = re.search(r"([+-])(\d{1,2}):?(\d\d)?$", zone or "")
    if match is None:
        return 0
    minutes = 60 * int(match[2]) + int(match[3] or 0)
    return -minutes if match[1] == "-" else minutes


def _offset(zone: str | None) -> np.timedelta64:
    return np.timedelta64(zone_minutes(zone), "m")


def tiff_date(text: str) -> np.datetime64 | None:
    """The moment of a TIFF's tag DateTime or of GDAL's ACQUISITIONDATETIME, None for others; an
    offset to UTC behind it is honored.
    """
    text = text.strip()
    for style in _STYLES:
        try:
            moment = np.datetime64(datetime.strptime(text[:19], style), "ms")
        except ValueError:
            continue
        rest = _REST.fullmatch(text[19:])
        return moment - _offset(rest and rest["zone"])
    return None
