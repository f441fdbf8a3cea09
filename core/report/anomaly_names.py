# SPDX-License-Identifier: GPL-3.0-or-later
"""How reports call the types of anomalies and their amplitudes."""

from __future__ import annotations

from .numbers import NOT_AVAILABLE, SPACE, format_number

TYPES = {
    "cloud": "cloud",
    "thin_cloud": "thin cloud",
    "shadow": "shadow",
    "aot_under": "AOT under-corrected",
    "aot_over": "AOT over-corrected",
    "gain": "gain",
    "offset": "offset",
    "wrong_date": "wrong date",
    "step": "step",
    "drift": "drift",
    "shift": "shift",
    "stripes": "stripes",
    "stripe": "stripes",
    "unknown": "unknown",
    "none": "not named",
}
_DECIMALS = {"reflectance": 3, "percent": 0, "days": 0, "pixels": 2}
_SIGNS = {"percent": f"{SPACE}%", "days": f"{SPACE}days", "pixels": f"{SPACE}pixels"}


def type_name(name: str) -> str:
    """A type for people; unknown words as they are."""
    return TYPES.get(name, name.replace("_", " "))


def amplitude_text(amplitude: float, unit: str) -> str:
    """An amplitude with its sign and unit; reflectance has none."""
    number = format_number(amplitude, _DECIMALS.get(unit, 3))
    if number == NOT_AVAILABLE:
        return number
    signed = amplitude > 0 and unit != "pixels" and number.strip("0.")
    sign = "+" if signed else ""
    return f"{sign}{number}{_SIGNS.get(unit, '')}"
