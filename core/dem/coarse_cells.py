# SPDX-License-Identifier: GPL-3.0-or-later
"""Cells much larger than the pixels: means of small cells, without blending across steps of height.

A large cell holds thousands of points, denser where the ground faces the image. Small cells of
about a pixel take the points first (``rasterize``); the mean over the area of the large cell is
that of the small ones whose heights lie together, the largest such group of them.
"""

from __future__ import annotations

import numpy as np

from ..types import AnyArray, FloatArray
from .rasterize import Cells

LEAST_KNOWN = 0.5  # of the small cells: a few at the rim of a void say little about the whole
_LARGEST_COUNT = 65535


def means_of(small: Cells, factor: int, step_m: float, points: AnyArray) -> Cells:
    """Cells (rows, columns) of ``factor`` x ``factor`` of the ``small`` ones each.

    Known where half of the small cells or more are. ``height`` is the mean of the largest group
    whose heights differ by no more than ``step_m`` (m) from its middle (of equally large ones the
    lowest), ``std`` the spread of its points around that mean, ``confidence`` its mean, ``count``
    the ``points`` (rows, columns) of the cell, one at least where there is a height.
    """
    height, std, sure = (_blocks(one, factor) for one in (small.height, small.std,
                                                          small.confidence))  # fmt: skip
    known = np.isfinite(height)
    enough = known.sum(axis=2) >= LEAST_KNOWN * factor**2
    used = _largest_groups(height, known, step_m) & enough[..., None]
    size = np.maximum(used.sum(axis=2), 1)
    mean, confidence = _mean(height, used, size), _mean(sure, used, size)
    spread = np.sqrt(_mean(std**2 + (height - mean[..., None]) ** 2, used, size))
    found = (np.where(enough, one, np.nan).astype(np.float32) for one in (mean, spread, confidence))
    count = np.where(enough, np.clip(points, 1, _LARGEST_COUNT), 0).astype(np.uint16)
    high, wide, certain = found
    return Cells(high, wide, count, certain)


def _blocks(values: AnyArray, factor: int) -> FloatArray:
    """Values (rows * factor, columns * factor) as (rows, columns, factor * factor)."""
    rows, columns = values.shape[0] // factor, values.shape[1] // factor
    cut = values.reshape(rows, factor, columns, factor).swapaxes(1, 2)
    return np.asarray(cut.reshape(rows, columns, factor * factor), dtype=np.float64)


def _mean(values: FloatArray, used: AnyArray, size: AnyArray) -> FloatArray:
    return np.asarray(np.where(used, values, 0.0).sum(axis=2) / size)


def _largest_groups(height: FloatArray, known: AnyArray, step_m: float) -> AnyArray:
    """The members (rows, columns, n) of the largest group of each cell: all known ones in most."""
    used = known.copy()
    low = np.where(known, height, np.inf).min(axis=2)
    high = np.where(known, height, -np.inf).max(axis=2)
    for row, column in np.argwhere(high - low > step_m):
        own, there = height[row, column], known[row, column]
        rising = np.sort(own[there])
        first = np.searchsorted(rising, rising - step_m, side="left")
        last = np.searchsorted(rising, rising + step_m, side="right")
        middle = rising[np.argmax(last - first)]
        used[row, column] = there & (np.abs(own - middle) <= step_m)
    return used
