# SPDX-License-Identifier: GPL-3.0-or-later
"""Statistics of match-ups that are functions of sums over rows, for all replicates at once."""

from __future__ import annotations

import numpy as np

from ..types import FloatArray
from .regression import Line, deming, ols

FIELDS = ("n", "x", "y", "xx", "yy", "xy", "absolute")


def columns_of(x: FloatArray, y: FloatArray) -> FloatArray:
    """What is summed over rows (n, 7), see ``FIELDS``: of x = reference and y = satellite (n,)."""
    return np.column_stack((np.ones(len(x)), x, y, x * x, y * y, x * y, np.abs(y - x)))


def _moments(sums: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Counts (b,), means (b, 2) of x, y and central moments (b, 3) xx, yy, xy from sums (b, 7)."""
    count = sums[:, 0]
    scale = np.where(count > 0, count, np.nan)[:, None]
    mean = sums[:, 1:3] / scale
    raw = sums[:, 3:6] / scale
    square = np.column_stack((mean[:, 0] ** 2, mean[:, 1] ** 2, mean[:, 0] * mean[:, 1]))
    moments = raw - square
    moments[:, :2] = np.maximum(moments[:, :2], 0.0)
    return count, mean, moments


def from_sums(sums: FloatArray) -> dict[str, FloatArray]:
    """The statistics (b,) that the sums (b, 7) make, by their names in ``Summary``."""
    count, mean, moments = _moments(sums)
    bias = mean[:, 1] - mean[:, 0]
    variance = np.maximum(moments[:, 0] + moments[:, 1] - 2 * moments[:, 2], 0.0)
    free = np.where(count > 1, count - 1, np.nan)
    both = moments[:, 0] * moments[:, 1]
    correlation = np.full(len(sums), np.nan)
    np.divide(moments[:, 2], np.sqrt(both), out=correlation, where=(both > 0) & (count >= 3))
    return {
        "accuracy": bias,
        "precision": np.sqrt(variance * count / free),
        "uncertainty": np.sqrt(variance + bias * bias),
        "mae": sums[:, 6] / np.where(count > 0, count, np.nan),
        "correlation": np.clip(correlation, -1.0, 1.0),
    }


def lines_of(sums: FloatArray, reference_sd: float) -> dict[str, Line]:
    """The regressions that the sums (b, 7) make."""
    count, mean, moments = _moments(sums)
    return {"ols": ols(count, mean, moments), "deming": deming(count, mean, moments, reference_sd)}
