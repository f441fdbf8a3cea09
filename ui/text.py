# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers as people read them, and the translation of texts, for the user interface."""

from __future__ import annotations

import math

from ..i18n import tr

__all__ = ["grouped", "interval", "number", "percent", "tr"]

MINUS = "\N{MINUS SIGN}"
NOTHING = "\N{EN DASH}"


def number(value: float, decimals: int = 3, signed: bool = False) -> str:
    """``value`` with a fixed number of decimals and a true minus sign; a dash where it is not
    finite.
    """
    if not math.isfinite(value):
        return NOTHING
    text = f"{abs(value):.{decimals}f}"
    if float(text) == 0:
        return text
    if value < 0:
        return MINUS + text
    return f"+{text}" if signed else text


def interval(low: float, high: float, decimals: int = 3, signed: bool = False) -> str:
    """The bounds of an interval in brackets, empty where there are none."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    return f"[{number(low, decimals, signed)}, {number(high, decimals, signed)}]"


def percent(share: float, decimals: int = 0) -> str:
    """A share of 0 to 1 in percent; a dash where it is not finite."""
    return NOTHING if not math.isfinite(share) else f"{100 * share:.{decimals}f} %"


def grouped(count: int) -> str:
    """A count with its thousands set apart."""
    return f"{count:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
