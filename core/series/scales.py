# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether numbers are on the scale of reflectance, on another one, or on two at once."""

from __future__ import annotations

import numpy as np

from ..types import BoolArray, FloatArray

LARGEST = 2.0  # reflectance; snow and clouds reach some 1.5
SMALLEST = 2e-4  # what the largest reflectance becomes when 0.0001 is applied once too often
ZERO = 1e-7  # less is what single precision leaves of zero when an offset is added
APART = 50.0  # between the middles of two scales; percent and reflectance are 100 apart
MOST_PERCENT = 110.0  # what the brightest reflectance is in percent


def advised_factor(levels: FloatArray) -> float:
    """The factor to reflectance that scaled ``levels`` (n,) ask for: 0.01 for percent, else
    0.0001.
    """
    return 0.01 if np.quantile(np.abs(levels), 0.99) <= MOST_PERCENT else 0.0001


def larger_scale(levels: FloatArray) -> BoolArray:
    """Which of the absolute ``levels`` (n,) are on the larger of two scales; none where all are on
    one. What is zero (``ZERO``) or NaN is on neither.

    Two scales are parts on either side of the largest or of the smallest reflectance whose medians
    are ``APART``, with next to nothing between them: noise about zero reaches everywhere.
    """
    with np.errstate(invalid="ignore"):
        there = np.isfinite(levels) & (levels > ZERO)
    for cut in (LARGEST, SMALLEST):
        large, small = there & (levels > cut), there & (levels <= cut)
        if _two(levels[large], levels[small], cut):
            return large
    return np.zeros(levels.shape, dtype=np.bool_)


def far_too_small(levels: FloatArray) -> bool:
    """Whether nearly all ``levels`` (n,) other than zero are smaller than any reflectance."""
    known = levels[np.isfinite(levels) & (levels > ZERO)]
    return bool(known.size and np.quantile(known, 0.99) < SMALLEST)


def _two(large: FloatArray, small: FloatArray, cut: float) -> bool:
    if not large.size or not small.size or np.median(large) < APART * np.median(small):
        return False
    if cut == LARGEST and advised_factor(large) > 0.001:
        return True  # percent begins right beyond the largest reflectance
    between = np.count_nonzero(large <= 10.0 * cut)
    return bool(between <= 0.1 * min(large.size, small.size))
