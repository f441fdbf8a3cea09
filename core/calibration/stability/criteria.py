# SPDX-License-Identifier: GPL-3.0-or-later
"""One figure out of all criteria, by a rule that can be followed by hand.

Each criterion of a pixel is divided by its limit (clear frequency: the limit by it). The largest of
these shares is the score: below 1 every criterion is met, and the one that it belongs to says what
the pixel lacks most.
"""

from __future__ import annotations

import numpy as np

from ...types import AnyArray, FloatArray
from .settings import BandRule, Limits

TEMPORAL, SPATIAL, SPECTRAL, TREND, CLEAR = range(1, 6)
CRITERIA = {
    TEMPORAL: "temporal CV",
    SPATIAL: "spatial CV",
    SPECTRAL: "spectral CV",
    TREND: "trend",
    CLEAR: "clear frequency",
}
SURE = 3.0  # standard errors of a trend that are given the benefit of the doubt


def over_bands(values: FloatArray, rule: BandRule) -> FloatArray:
    """The largest (or mean) of the bands of ``values`` (b, ...); NaN where one band is NaN."""
    found: FloatArray = values.max(axis=0) if rule is BandRule.WORST else values.mean(axis=0)
    return found


def sure_trend(trend: FloatArray, error: FloatArray) -> FloatArray:
    """The part of ``trend`` that is beyond ``SURE`` standard errors, 0 or more, in its unit."""
    found: FloatArray = np.maximum(np.abs(trend) - SURE * error, 0.0)
    return found


def score(shares: dict[int, FloatArray]) -> tuple[FloatArray, AnyArray]:
    """The largest of ``shares`` by criterion, NaN where one is NaN, and its criterion (0: none)."""
    codes = np.array(list(shares))
    stacked = np.stack(list(shares.values()))
    unknown = np.isnan(stacked).any(axis=0)
    worst = codes[np.where(unknown, 0.0, stacked).argmax(axis=0)]
    return np.where(unknown, np.nan, stacked.max(axis=0)), np.where(unknown, 0, worst)


def shares_of(
    temporal: FloatArray,
    spatial: FloatArray,
    spectral: FloatArray | None,
    trend: FloatArray | None,
    clear: FloatArray,
    limits: Limits,
) -> dict[int, FloatArray]:
    """Each criterion as a share of its limit; ``spectral`` and ``trend`` only where they are known
    of the images at all (several bands, a trend in the model). All in percent.
    """
    shares = {TEMPORAL: temporal / limits.temporal_percent,
              SPATIAL: spatial / limits.spatial_percent}  # fmt: skip
    if spectral is not None:
        shares[SPECTRAL] = spectral / limits.spectral_percent
    if trend is not None:
        shares[TREND] = trend / limits.trend_percent_year
    shares[CLEAR] = limits.clear_percent / np.maximum(clear, 1e-6)
    return shares
