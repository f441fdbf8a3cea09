# SPDX-License-Identifier: GPL-3.0-or-later
"""The range of values that a model was trained on, and how much of a stack lies outside of it: a
stack of another scale (reflectance times 10,000, say) would be classified without a word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..types import AnyArray, FloatArray
from ..wording import listed

RANGES = "ranges"  # in the facts of a model: [low, middle, high] of each of its features
OUTER = 0.5  # percent of the training samples below the range, and as much above
MOST = 0.5  # share of the pixels outside from which on it is told
# Pixels of a map that are looked at, about: one of every 16 in every 16th row costs little beside
# the forests; of small maps more, of large ones fewer.
SPARSE, LEAST_SEEN, SEEN = 16, 100, 5_000
_FACTORS = ((10_000, 4.0, 0.7), (100, 2.0, 0.5))  # with decimal logarithm and tolerance
_SMALLEST = 1e-9
_NAMED = 5


def training_ranges(values: npt.NDArray[np.float32]) -> list[list[float]]:
    """The percentiles 0.5 and 99.5 of each feature of ``values`` (n, features) with the median of
    the magnitudes between them, as numbers that JSON keeps exactly.
    """
    low, high = np.percentile(values, (OUTER, 100.0 - OUTER), axis=0)
    middle = np.median(np.abs(values), axis=0)
    found = np.stack([low, middle, high], axis=1).astype(np.float32)
    return [[float(f"{one:.9g}") for one in row] for row in found]


def ranges_of(facts: Mapping[str, Any], count: int) -> FloatArray:
    """The ranges (``count`` features, 3) that the facts of a model hold; NaN without any."""
    found = facts.get(RANGES)
    if found is None or len(found) != count:
        return np.full((count, 3), np.nan)
    ranges: FloatArray = np.asarray(found, dtype=np.float64).reshape(count, 3)
    return ranges


def common_ranges(known: Sequence[tuple[AnyArray, FloatArray]], count: int) -> FloatArray:
    """The ranges (``count``, 3) of features that several models use: each with the places of its
    features and their ranges. From the lowest to the highest; NaN where a model does not say.
    """
    low, high = np.full(count, np.inf), np.full(count, -np.inf)
    middle = np.full(count, np.nan)
    for places, ranges in known:
        low[places] = np.minimum(low[places], ranges[:, 0])
        high[places] = np.maximum(high[places], ranges[:, 2])
        middle[places] = np.fmax(middle[places], ranges[:, 1])
    found: FloatArray = np.stack([low, middle, high], axis=1)
    found[~np.isfinite(found).all(axis=1)] = np.nan
    return found


def outside(values: npt.NDArray[np.float32], ranges: FloatArray) -> tuple[list[int], list[float]]:
    """How many of the samples ``values`` (features, n) lie outside of the ``ranges``, and the
    decimal logarithm of the median of their magnitudes, times n; 0 for n = 0.
    """
    count = values.shape[1]
    if not count:
        return [0] * len(values), [0.0] * len(values)
    low, high = (ranges[:, side, None].astype(np.float32) for side in (0, 2))
    lost = np.count_nonzero((values < low) | (values > high), axis=1)
    magnitudes = np.abs(values)
    magnitudes.partition(count // 2, axis=1)
    level = np.log10(np.maximum(magnitudes[:, count // 2], _SMALLEST))
    return [int(one) for one in lost], [float(one) * count for one in level]


def outside_shares(names: Sequence[str], counts: Sequence[int], seen: int) -> dict[str, float]:
    """The share of the pixels outside, of the features that most pixels are outside of."""
    shares = {name: count / max(seen, 1) for name, count in zip(names, counts, strict=True)}
    return {name: share for name, share in shares.items() if share > MOST}


def outside_note(
    shares: Mapping[str, float], levels: Mapping[str, float], ranges: Mapping[str, float], all_: int
) -> str:
    """A sentence on features with most pixels outside. ``levels``: decimal logarithms of medians of
    magnitudes in the stack, ``ranges``: medians of magnitudes of the samples, by feature.
    """
    least, most = (round(100.0 * one(shares.values())) for one in (min, max))
    text = f"{least}" if least == most else f"{least} to {most}"
    apart = [levels[name] - np.log10(max(ranges[name], _SMALLEST)) for name in shares]
    return (
        f"In most pixels ({text} %) {len(shares)} of {all_} features lie outside of what the model "
        f"was trained on: {listed(list(shares), _NAMED)}. Classes there are guesses, however "
        f"confident. {_advice(float(np.median(apart)))}"
    )


def _advice(apart: float) -> str:
    for factor, size, tolerance in _FACTORS:
        if abs(abs(apart) - size) < tolerance:
            way = "times as large as" if apart > 0 else "times smaller than"
            return (
                f"The values of the stack are about {factor:,} {way} those of the samples: bring "
                "both to one scale, or state the scale in the file (gdal_edit.py -scale)."
            )
    return "Are stack and samples of the same sensor, unit and season?"
