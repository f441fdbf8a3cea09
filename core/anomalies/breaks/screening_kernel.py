# SPDX-License-Identifier: GPL-3.0-or-later
"""Robust fits of many pixels, one after the other: the compiled kernel of the screening."""

from __future__ import annotations

import numpy as np

from ...types import AnyArray, FloatArray
from .compiled import Compiled
from .monitor_kernel import gather, solve_normal

ROUNDS = 8  # of reweighting: 7 differ from convergence by some 1e-6 of the values
BISQUARE = 4.685
RUN = 3  # as many residuals of one sign in a row are no spike


@Compiled
def weighted_fit(design: FloatArray, kept: FloatArray, rows: AnyArray, count: int,
                 weights: FloatArray, matrix: FloatArray, model: FloatArray) -> bool:  # fmt: skip
    """Weighted least squares on the first ``count`` of ``rows``; the solution in ``model``."""
    size = len(model)
    matrix[:, :] = 0.0
    model[:] = 0.0
    for position in range(count):
        row = design[rows[position]]
        weight = weights[position]
        for i in range(size):
            product = weight * row[i]
            model[i] += product * kept[position]
            for j in range(i + 1):
                matrix[i, j] += product * row[j]
    return solve_normal(matrix, model)


@Compiled
def robust_fit(design: FloatArray, kept: FloatArray, rows: AnyArray, count: int, floor: float,
               weights: FloatArray, work: FloatArray, matrix: FloatArray,
               model: FloatArray) -> float:  # fmt: skip
    """Bisquare regression; the model in ``model`` and the scale of its residuals, or -1."""
    size = len(model)
    weights[:count] = 1.0
    spread = np.sqrt(count / (count - size)) / 0.6745
    scale = -1.0
    for _ in range(ROUNDS):
        if not weighted_fit(design, kept, rows, count, weights, matrix, model):
            return -1.0
        largest = 0.0
        for position in range(count):
            total = kept[position]
            for i in range(size):
                total -= design[rows[position], i] * model[i]
            weights[position] = total
            work[position] = abs(total)
            largest = max(largest, abs(kept[position]))
        scale = max(np.median(work[:count]) * spread, floor, 1e-9 * largest, 1e-300)
        for position in range(count):
            ratio = (weights[position] / (BISQUARE * scale)) ** 2
            weights[position] = (1.0 - ratio) ** 2 if ratio < 1.0 else 0.0
    return scale


@Compiled
def drop_spikes(line: FloatArray, errors: FloatArray, rows: AnyArray, history: int, count: int,
                limit: float) -> int:  # fmt: skip
    """Make spikes of ``line`` NaN; how many. After the history, only runs shorter than ``RUN``."""
    dropped, position = 0, 0
    while position < count:
        sign = np.sign(errors[position]) if abs(errors[position]) > limit else 0.0
        end = position + 1
        if sign != 0.0 and position >= history:
            while end < count and errors[end] * sign > limit:
                end += 1
        if sign != 0.0 and (position < history or end - position < RUN):
            for inside in range(position, end):
                line[rows[inside]] = np.nan
            dropped += end - position
        position = end
    return dropped


@Compiled
def screen_pixels(values: FloatArray, design: FloatArray, split: int, sigmas: float,
                  floor: float, dropped: AnyArray) -> None:  # fmt: skip
    """Make spikes in ``values`` (pixels, n) NaN, and count them in ``dropped`` (pixels,)."""
    pixels, dates = values.shape
    size = design.shape[1]
    matrix, model = np.empty((size, size)), np.empty(size)
    rows, kept = np.empty(dates, np.int64), np.empty(dates)
    weights, work = np.empty(dates), np.empty(dates)
    for pixel in range(pixels):
        count, history = gather(values[pixel], split, rows, kept)
        dropped[pixel] = 0
        if history <= size + 1:
            continue
        scale = robust_fit(
            design, kept, rows, history, floor, weights, work, matrix, model
        )  # fmt: skip
        if scale < 0.0:
            continue
        for position in range(count):
            total = kept[position]
            for i in range(size):
                total -= design[rows[position], i] * model[i]
            work[position] = total
        dropped[pixel] = drop_spikes(values[pixel], work, rows, history, count, sigmas * scale)
