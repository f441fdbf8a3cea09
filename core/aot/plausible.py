# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that cannot be: fill values such as -999, -9999 and -32768, or another unit."""

from __future__ import annotations

import numpy as np

from ..types import BoolArray, FloatArray

# Clean air may be retrieved a little below zero; the thickest smoke stays below the upper bounds.
PLAUSIBLE: dict[str, tuple[float, float]] = {"aot": (-0.1, 10.0), "water_vapor": (-0.5, 20.0)}


def implausible(values: FloatArray, quantity: str) -> BoolArray:
    """Which values (n,) lie outside the plausible range of a quantity (AOT without unit, water
    vapor in cm), bounds excluded; False for NaN, which is no value at all.
    """
    low, high = PLAUSIBLE[quantity]
    return np.asarray((values < low) | (values > high), dtype=np.bool_)


def range_text(quantity: str) -> str:
    """The plausible range in words, with its unit."""
    low, high = PLAUSIBLE[quantity]
    return f"{low:g} to {high:g}" + (" cm" if quantity == "water_vapor" else "")
