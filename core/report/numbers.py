# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers as text: as many digits as their uncertainty allows, with their unit.

The digits follow the rounding rule of the Particle Data Group (Review of Particle Physics, section
5.3; DOI 10.1103/PhysRevD.110.030001): the half width of the interval keeps two digits where its
three highest ones lie between 100 and 354, one digit where they lie between 355 and 949, and is
rounded up to 1000 (two digits) above.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..shares import Z_95, score_bounds

NOT_AVAILABLE = "not available"
SPACE = "\u00a0"  # between number and unit: never broken at the end of a line
DASH = "\u2013"
_MOST_DECIMALS = 12


def decimals_for(uncertainty: float) -> int:
    """Decimal places that an uncertainty (> 0) allows; negative for tens, hundreds and so on."""
    exponent = math.floor(math.log10(uncertainty))
    leading = round(uncertainty / 10.0**exponent * 100.0)
    digits = 2 if leading < 355 or leading >= 950 else 1
    exponent += 1 if leading >= 950 else 0
    return min(digits - 1 - exponent, _MOST_DECIMALS)


def format_number(value: float, decimals: int) -> str:
    """``value`` rounded to ``decimals`` places (negative: tens ...), never "-0.00"; not finite:
    "not available".
    """
    if not _finite(value):
        return NOT_AVAILABLE
    rounded = round(float(value), decimals)
    text = f"{rounded:,.{max(decimals, 0)}f}"
    return text.lstrip("-") if not text.strip("-0.,") else text


def format_value(
    value: float,
    low: float = math.nan,
    high: float = math.nan,
    unit: str = "",
    decimals: int | None = None,
) -> str:
    """A number with its interval and unit: ``-0.042 [-0.053, -0.031]``, ``1.93 [1.87, 1.99] cm``.

    Without a usable interval the value keeps ``decimals`` places, or three significant digits. A
    value that is not finite gives "not available", whatever its bounds are.
    """
    number, interval = format_parts(value, low, high, decimals)
    if number == NOT_AVAILABLE:
        return number
    return (f"{number} {interval}" if interval else number) + (f"{SPACE}{unit}" if unit else "")


def format_parts(
    value: float,
    low: float = math.nan,
    high: float = math.nan,
    decimals: int | None = None,
    least: int = -_MOST_DECIMALS,
) -> tuple[str, str]:
    """Number and bracketed interval as two texts (two lines of a table cell); "" without interval.

    ``decimals``: as in ``format_value``; ``least``: so many decimals at least.
    """
    if not _finite(value):
        return NOT_AVAILABLE, ""
    if not _is_interval(low, high):
        places = _significant(value, 3) if decimals is None else decimals
        return format_number(value, max(places, least)), ""
    return _with_bounds(value, low, high, max(decimals_for((high - low) / 2.0), least))


def telling_decimals(one: float, other: float, places: int) -> int:
    """Decimals by which two numbers that belong together do not look farther apart than they are.

    Rounded to ``places``, 0.0850 and 0.0842 become 0.09 and 0.08, a whole step apart: they get one
    decimal more. Numbers that round alike, or that are half a step apart or more, keep ``places``.
    """
    if not (_finite(one) and _finite(other)):
        return places
    step = 10.0**-places
    apart = abs(round(one, places) - round(other, places)) > 0.5 * step
    return places + 1 if apart and abs(one - other) < 0.5 * step else places


def interval_decimals(value: float, low: float, high: float, decimals: int | None = None) -> int:
    """The decimals that ``format_parts`` gives a number with this interval."""
    if _is_interval(low, high):
        return decimals_for((high - low) / 2.0)
    if decimals is not None or not _finite(value):
        return decimals or 0
    return _significant(value, 3)


def format_share(value: float, low: float = math.nan, high: float = math.nan) -> str:
    """A share (0 to 1) in percent, with its interval: ``70 [66, 73] %``."""
    number, interval = share_parts(value, low, high)
    if number == NOT_AVAILABLE:
        return number
    return (f"{number} {interval}" if interval else number) + f"{SPACE}%"


def share_parts(value: float, low: float = math.nan, high: float = math.nan) -> tuple[str, str]:
    """A share (0 to 1) as percent number and bracketed interval, without the percent sign.

    Whole percents where the interval is wider than +/-1 %, so that the shares of a table agree in
    their digits; else as many as the interval allows; one decimal without interval.
    """
    if not _finite(value):
        return NOT_AVAILABLE, ""
    if not _is_interval(low, high):
        return format_number(100.0 * value, 1), ""
    return _with_bounds(100.0 * value, 100.0 * low, 100.0 * high, share_decimals(low, high))


def counted_parts(share: float, count: float) -> tuple[str, str]:
    """A share (0 to 1) of ``count`` independent rows as ``share_parts``, with its 95 % interval
    (Wilson's), which says how many digits it has.
    """
    if not count or not _finite(share):
        return NOT_AVAILABLE, ""
    return share_parts(share, *score_bounds(share, count, Z_95))


def format_counted_share(share: float, count: float) -> str:
    """``counted_parts`` as one text: ``89 [86, 92] %``."""
    number, interval = counted_parts(share, count)
    return f"{number} {interval}{SPACE}%" if interval else number


def with_brackets(text: str, number: str) -> str:
    """``text`` beside a ``number``, with what its brackets are where it has some."""
    return f"{text}; brackets: 95 % interval" if "[" in number else text


def share_decimals(low: float, high: float) -> int:
    """Decimal places, in percent, that the interval of a share (0 to 1) allows; else 1."""
    if not _is_interval(low, high):
        return 1
    half = 50.0 * (high - low)
    return 0 if half >= 1.0 else decimals_for(half)


def format_count(count: float) -> str:
    """A count with thousands separated: ``15,821``."""
    return format_number(count, 0)


def expected_count(count: float) -> float:
    """A number (>= 0) of events that are expected, to the digits that chance leaves it: those that
    happen scatter by its square root (Poisson). 406.052 is 406, 4.8123 is 4.8.
    """
    if not _finite(count) or count <= 0.0:
        return count
    places = decimals_for(math.sqrt(count))
    return round(count, places) if places > 0 else int(round(count, places))


def format_expected(count: float) -> str:
    """``expected_count`` as text: ``406``, ``4.8``."""
    places = decimals_for(math.sqrt(count)) if _finite(count) and count > 0.0 else 0
    return format_number(count, places)


def format_probability(probability: float) -> str:
    """A probability (0 to 1) with two decimals, and bounds instead of a false 0 or 1."""
    if not _finite(probability):
        return NOT_AVAILABLE
    if probability < 0.005:
        return "< 0.01"
    return "> 0.99" if probability >= 0.995 else format_number(probability, 2)


def format_p_value(p_value: float) -> str:
    """A p-value (0 to 1): three decimals below 0.1, two above, and never a false 0 or 1."""
    if not _finite(p_value):
        return NOT_AVAILABLE
    if p_value < 0.001:
        return "< 0.001"
    return format_number(p_value, 3) if p_value < 0.0995 else format_probability(p_value)


def format_size(size: int) -> str:
    """A file size in bytes, kB, MB or GB (powers of 1000)."""
    for unit, scale in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= scale:
            return f"{format_number(size / scale, _significant(size / scale, 3))}{SPACE}{unit}"
    return f"{size}{SPACE}bytes"


def format_setting(value: Any) -> str:
    """The value of a parameter as a reader expects it: yes/no, "not used" for None, lists with
    commas.
    """
    if value is None or value == "":
        return "not used"
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, (float, np.floating)):
        return f"{float(value):.10g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {format_setting(item)}" for key, item in value.items())
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return ", ".join(format_setting(item) for item in value) or "none"
    return str(value)


def _with_bounds(value: float, low: float, high: float, places: int) -> tuple[str, str]:
    bounds = f"[{format_number(low, places)}, {format_number(high, places)}]"
    return format_number(value, places), bounds


def _is_interval(low: float, high: float) -> bool:
    return _finite(low) and _finite(high) and high > low


def _finite(value: float) -> bool:
    return value is not None and math.isfinite(value)


def _significant(value: float, digits: int) -> int:
    """Decimal places that leave ``digits`` significant digits, and at most as many decimals as make
    sense.
    """
    if value == 0.0:
        return digits
    places = digits - 1 - math.floor(math.log10(abs(value)))
    return max(min(places, _MOST_DECIMALS), 0)
