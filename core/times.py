# SPDX-License-Identifier: GPL-3.0-or-later
"""Times: always UTC, ``datetime64[ms]`` in memory, ISO 8601 text in tables."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import numpy as np

from .errors import InputError, TableError
from .types import AnyArray, TimeArray

YEAR_DAYS = 365.25

# How tables of all kinds write that a cell is empty: of numbers as of times.
EMPTY_CELLS = frozenset({"", "NA", "N/A", "NaN", "nan", "NULL", "null", "None", "NaT"})


def parse_times(
    values: AnyArray,
    time_format: str = "",
    where: str = "the time column",
    advice: str = "",
) -> TimeArray:
    """Times as UTC ``datetime64[ms]``, empty cells as NaT.

    ``values``: datetime64, datetime objects or text; ``time_format``: a ``strptime`` format such as
    ``%Y%j%H%M`` or ``%d/%m/%Y %H:%M``; empty for ISO 8601 (a zone offset is honored, none means
    UTC). ``where`` names the values in messages, ``advice`` says what to do about a column of a
    table. Raises ``TableError`` with a value that does not fit (and its row, where there is an
    ``advice``), or for a format that cannot be used.
    """
    if values.dtype.kind == "M":
        return values.astype("datetime64[ms]")
    if not time_format:
        quick = _parse_zulu(values)
        if quick is not None:
            return quick
    unique, first, inverse = np.unique(
        np.array([_text(value) for value in values], dtype=str),
        return_index=True,
        return_inverse=True,
    )
    parsed = np.full(len(unique), np.datetime64("NaT"), dtype="datetime64[ms]")
    # In the order of the rows, so that the first one that does not fit is named.
    for place in np.argsort(first):
        spot = f"row {first[place] + 1} of {where}" if advice else where
        parsed[place] = _parse_one(str(unique[place]), time_format, spot, advice)
    return parsed[inverse] if len(unique) else np.array([], dtype="datetime64[ms]")


def parse_day(text: str, key: str) -> np.datetime64:
    """The moment of an ISO date that a user gave as ``key``; raises ``InputError`` where it is
    none.
    """
    try:
        day: np.datetime64 = parse_times(np.array([text], dtype=object), where=key)[0]
    except TableError as error:
        raise InputError(_no_day(text, key)) from error
    if np.isnat(day):
        raise InputError(_no_day(text, key))
    return day


def _no_day(text: str, key: str) -> str:
    return f"{key} ('{text}') is no date. Give year, month and day as in 2020-01-31."


def parse_period(
    start: str, end: str, keys: tuple[str, str] = ("START", "END")
) -> tuple[np.datetime64 | None, np.datetime64 | None]:
    """First and last moment (UTC) of a period that a user gave as ``keys``, "" = no limit.

    Days count as a whole. Raises ``InputError`` for what is no date, and where the end is before
    the start.
    """
    first = parse_day(start, keys[0]) if start.strip() else None
    last = parse_day(end, keys[1]) if end.strip() else None
    if last is not None and len(end.strip()) <= len("2020-01-31"):
        last = last + np.timedelta64(1, "D") - np.timedelta64(1, "ms")
    if first is not None and last is not None and last < first:
        raise InputError(f"{keys[1]} ('{end}') is before {keys[0]} ('{start}'): exchange them.")
    return first, last


def iso_texts(times: TimeArray) -> AnyArray:
    """Times as ISO 8601 UTC text with a trailing Z, seconds resolution unless milliseconds are
    present; NaT as "".
    """
    times = times.astype("datetime64[ms]")
    whole = bool(np.all(np.isnat(times) | (times == times.astype("datetime64[s]"))))
    texts = np.datetime_as_string(times, unit="s" if whole else "ms")
    return np.where(np.isnat(times), "", np.char.add(texts, "Z")).astype(object)


def fixed_texts(times: TimeArray) -> AnyArray:
    """Times as ISO 8601 UTC text with milliseconds in every one, so that the texts sort as the
    times do; NaT as "".
    """
    texts = np.datetime_as_string(times.astype("datetime64[ms]"), unit="ms")
    return np.where(np.isnat(times), "", np.char.add(texts, "Z")).astype(object)


def now_text() -> str:
    """The present second (UTC) as ``fixed_texts`` writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def month_of(seconds: float) -> int:
    """The month (1 to 12) in UTC of ``seconds`` since 1970."""
    return datetime.fromtimestamp(seconds, UTC).month


def _parse_zulu(values: AnyArray) -> TimeArray | None:
    """Texts like 2016-05-01T10:56:00Z at numpy's speed; None where a value looks different."""
    texts = np.array([_text(value) for value in values], dtype=np.str_)
    zulu = np.char.endswith(texts, "Z")
    if not np.all(zulu | (texts == "")):
        return None
    try:
        return np.where(zulu, np.char.rstrip(texts, "Z"), "NaT").astype("datetime64[ms]")
    except ValueError:
        return None


def _text(value: Any) -> str:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _parse_one(text: str, time_format: str, where: str, advice: str) -> np.datetime64:
    if text in EMPTY_CELLS:
        return np.datetime64("NaT", "ms")
    try:
        if time_format:
            moment = datetime.strptime(text, time_format)
        else:
            moment = datetime.fromisoformat(text.replace("Z", "+00:00").replace("/", "-"))
        if moment.tzinfo is not None:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
    except ValueError as error:
        wanted = (
            f"the format '{time_format}'"
            if time_format
            else "ISO 8601 (for example 2016-05-01T10:56:00Z)"
        )
        raise TableError(f"'{text}' in {where} does not fit {wanted}. {advice}".rstrip()) from error
    except re.error as error:
        raise TableError(
            f"The time format '{time_format}' for {where} cannot be used ({error}): name every "
            "part of a time once, as in %Y%j%H%M."
        ) from error
    except OverflowError as error:
        raise TableError(
            f"'{text}' in {where} is outside the years 1 to 9999 in UTC: correct it, or leave the "
            "cell empty."
        ) from error
    return np.datetime64(moment, "ms")
