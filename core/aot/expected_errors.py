# SPDX-License-Identifier: GPL-3.0-or-later
"""Envelopes of expected error, and the share of match-ups within them."""

from __future__ import annotations

import math

import numpy as np

from ..shares import Z_95, score_bounds
from ..types import BoolArray, FloatArray
from .types import ExpectedError, Fraction, Interval

EXPECTED_ERRORS: dict[str, ExpectedError] = {
    "dark_target": ExpectedError("dark_target", 0.05, 0.15, source="MODIS Dark Target over land"),
    "sentinel2": ExpectedError(
        "sentinel2", 0.03, 0.10, source="Sentinel-2 Level-2A requirement on AOT"
    ),
    "gaw_goal": ExpectedError("gaw_goal", 0.02, 0.05, source="WMO GAW, goal (OSCAR 955)"),
    "gaw_threshold": ExpectedError(
        "gaw_threshold", 0.03, 0.20, source="WMO GAW, threshold (OSCAR 955)"
    ),
    "gcos": ExpectedError("gcos", 0.03, 0.10, maximum=True, source="GCOS, max(0.03, 10 %)"),
    "water_vapor": ExpectedError(
        "water_vapor", 0.2, 0.1, source="Sentinel-2 Level-2A requirement on water vapor"
    ),
}
QUANTITY_ENVELOPES = {"aot": ("gcos", "gaw_goal", "gaw_threshold"), "water_vapor": ()}
DEFAULT_ENVELOPE = {"aot": "dark_target", "water_vapor": "water_vapor"}


def half_width(envelope: ExpectedError, reference: FloatArray) -> FloatArray:
    """Half width of the envelope at the reference values (n,), in their unit; negative references
    count as 0.
    """
    sloped = envelope.slope * np.maximum(reference, 0.0)
    if envelope.maximum:
        return np.maximum(envelope.offset, sloped)
    return np.asarray(envelope.offset + sloped, dtype=np.float64)


def within(envelope: ExpectedError, reference: FloatArray, difference: FloatArray) -> BoolArray:
    """Whether each difference (n,) lies in the envelope, bounds included."""
    return np.asarray(np.abs(difference) <= half_width(envelope, reference), dtype=np.bool_)


def wilson(successes: int, count: int, z: float = Z_95) -> Interval:
    """Share ``successes / count`` with its Wilson score interval, as of independent rows.

    NaN for count 0.
    """
    if count <= 0:
        return Interval(math.nan)
    share = successes / count
    return Interval(share, *score_bounds(share, count, z))


def fraction(envelope: ExpectedError, reference: FloatArray, difference: FloatArray) -> Fraction:
    """Shares above, within and below the envelope; ``reference`` and ``difference`` (n,) without
    NaN.
    """
    count = len(difference)
    inside = within(envelope, reference, difference)
    if count == 0:
        return Fraction(envelope, Interval(math.nan), math.nan, math.nan)
    above = int(np.count_nonzero(~inside & (difference > 0)))
    below = int(np.count_nonzero(~inside & (difference < 0)))
    return Fraction(envelope, wilson(int(inside.sum()), count), above / count, below / count)
