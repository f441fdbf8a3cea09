# SPDX-License-Identifier: GPL-3.0-or-later
"""Compiled filling of cells from points. Same results as ``rasterize_numpy``."""

from __future__ import annotations

import numpy as np

from ..jit import Kernel
from ..types import AnyArray, FloatArray

MOST = 64  # points of a cell and those around it that count, the first in their order


@Kernel
def fill_cells(
    points: FloatArray,
    starts: AnyArray,
    width: int,
    reach: int,
    limits: FloatArray,
    made: AnyArray,
) -> None:
    """Fill ``made`` (4, rows, columns: height, standard deviation, count, confidence).

    ``points`` (5, n: column, row, height, confidence, weight) are sorted by cell; those of a cell
    of the raster of ``width`` columns, which has ``reach`` more cells on each side, begin at
    ``starts``.
    ``limits``: radius and sigma (cells), step (m).
    """
    heights, weights, sure = np.empty(MOST), np.empty(MOST), np.empty(MOST)
    radius, sigma, step = limits[0], limits[1], limits[2]
    for row in range(made.shape[1]):
        for column in range(made.shape[2]):
            count = np.int64(0)  # a plain 0 is compiled as a constant first
            for r in range(row, row + 2 * reach + 1):
                first = r * width + column
                for n in range(starts[first], starts[first + 2 * reach + 1]):
                    square = (points[0, n] - column) ** 2 + (points[1, n] - row) ** 2
                    if square <= radius * radius and count < MOST:
                        heights[count] = points[2, n]
                        weights[count] = points[4, n] * np.exp(-0.5 * square / (sigma * sigma))
                        sure[count] = points[3, n]
                        count += 1
            if count:
                middle = densest(heights, weights, count, step)
                average(heights, weights, sure, count, middle, step, made[:, row, column])


@Kernel
def densest(heights: FloatArray, weights: FloatArray, count: np.int64, step: float) -> float:
    """The height around which the points within ``step`` have the largest weight; of equally good
    ones the first.
    """
    best, middle = -1.0, float(heights[0])
    for i in range(count):
        total = 0.0
        for j in range(count):
            if abs(heights[j] - heights[i]) <= step:
                total += weights[j]
        if total > best:
            best, middle = total, float(heights[i])
    return middle


@Kernel
def average(
    heights: FloatArray,
    weights: FloatArray,
    sure: FloatArray,
    count: np.int64,
    middle: float,
    step: float,
    cell: FloatArray,
) -> None:
    """Fill ``cell`` (4,) from the points within ``step`` of ``middle``."""
    total, mean, confidence, used = 0.0, 0.0, 0.0, 0
    for i in range(count):
        if abs(heights[i] - middle) <= step:
            total += weights[i]
            mean += weights[i] * (heights[i] - middle)
            confidence += weights[i] * sure[i]
            used += 1
    mean /= total
    spread = 0.0
    for i in range(count):
        if abs(heights[i] - middle) <= step:
            spread += weights[i] * (heights[i] - middle - mean) ** 2
    cell[0] = middle + mean
    cell[1] = np.sqrt(spread / total)
    cell[2] = used
    cell[3] = confidence / total
