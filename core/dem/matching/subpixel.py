# SPDX-License-Identifier: GPL-3.0-or-later
"""Disparities between the candidates, from the sums of the best one and its two neighbors.

Two lines of equal and opposite slope (V-fit, equiangular) suit costs that grow with the distance,
as those of the census do; a parabola pulls twice as hard to whole pixels (Shimizu and Okutomi 2005,
DOI 10.1007/s11263-005-3878-2, for both).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...types import FloatArray
from .values import NO_SUM, Candidates, Float32, Indices, Sums


def v_fit(before: FloatArray, best: FloatArray, after: FloatArray) -> FloatArray:
    """The lowest point, in candidates from the best one: -0.5 to 0.5; 0 where all are equal."""
    height = 2.0 * (np.maximum(before, after) - best)
    return np.divide(before - after, height, out=np.zeros_like(best), where=height > 0)


def parabola(before: FloatArray, best: FloatArray, after: FloatArray) -> FloatArray:
    """As ``v_fit``."""
    height = 2.0 * (before - 2.0 * best + after)
    return np.divide(before - after, height, out=np.zeros_like(best), where=height > 0)


REFINEMENTS: dict[str, Callable[[FloatArray, FloatArray, FloatArray], FloatArray]] = {
    "v_fit": v_fit,
    "parabola": parabola,
}


def refined(sums: Sums, index: Indices, candidates: Candidates, refinement: str) -> Float32:
    """Disparities (rows, columns) in pixels, NaN where ``index`` is -1.

    A best candidate that lacks a neighbor (end of the range, edge of the right image) is kept as it
    is.
    """
    rows, count, columns = sums.shape
    inner = np.clip(index, 1, max(1, count - 2))
    flat = sums.reshape(-1)
    at = inner.astype(np.int64) * columns + np.arange(columns)
    at += (np.arange(rows) * (count * columns))[:, None]
    before, best, after = (flat[at + shift].astype(np.float64) for shift in (-columns, 0, columns))
    offset = REFINEMENTS[refinement](before, best, after)
    whole = (inner != index) | (before == NO_SUM) | (after == NO_SUM)
    offset[whole] = 0.0
    disparity = candidates.first + (index + offset) / candidates.steps
    return np.where(index < 0, np.nan, disparity).astype(np.float32)
