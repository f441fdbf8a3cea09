# SPDX-License-Identifier: GPL-3.0-or-later
"""Intervals of shares of independent rows."""

from __future__ import annotations

import math

LEVEL_95 = 0.975  # of a distribution: 95 % lie between its two quantiles of this kind
Z_95 = 1.959963984540054  # of the normal law: 95 % lie within


def score_bounds(share: float, count: float, z: float) -> tuple[float, float]:
    """Bounds of Wilson's score interval of a share (0 to 1) of ``count`` (> 0) rows.

    Source: E. B. Wilson (1927), J. Am. Stat. Assoc. 22, 209-212, 10.1080/01621459.1927.10502953.
    """
    scale = 1.0 + z * z / count
    center = (share + z * z / (2 * count)) / scale
    half = z / scale * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return max(0.0, center - half), min(1.0, center + half)
