# SPDX-License-Identifier: GPL-3.0-or-later
"""Robust fits of many pixels, one after the other: the compiled kernel of the screening."""

from __future__ import annotations

import numpy as np

from ...jit import Kernel
from ...types import AnyArray, FloatArray
from ..fit_parts import NORMAL, TUNING, packed_products, unpack
from .monitor_kernel import expected_of, gather, solve_normal

ROUNDS = 8  # of reweighting: 7 differ from convergence by some 1e-6 of the values
RUN = 3  # as many residuals of one sign in a row are no spike


@Kernel
def weighted_fit(design: FloatArray, products: FloatArray, kept: FloatArray, rows: AnyArray,
                 count: int, weights: FloatArray, packed: FloatArray, matrix: FloatArray,
                 model: FloatArray) -> bool:  # fmt: skip
    """Weighted least squares on the first ``count`` of ``rows``; the solution in ``model``."""
    packed[:] = 0.0
    model[:] = 0.0
    for position in range(count):
        date, weight = rows[position], weights[position]
        for place in range(len(packed)):
            packed[place] += weight * products[date, place]
        value = weight * kept[position]
        for i in range(len(model)):
            model[i] += design[date, i] * value
    unpack(packed, matrix)
    return solve_normal(matrix, model)


@Kernel
def robust_fit(design: FloatArray, products: FloatArray, columns: FloatArray, kept: FloatArray,
               rows: AnyArray, count: int, floor: float, weights: FloatArray, work: FloatArray,
               expected: FloatArray, packed: FloatArray, matrix: FloatArray,
               model: FloatArray) -> float:  # fmt: skip
    """Bisquare regression: ``expected`` is filled; the scale of the residuals, -1 for no fit."""
    weights[:count] = 1.0
    spread = np.sqrt(count / (count - len(model))) / NORMAL
    scale = -1.0
    for _ in range(ROUNDS):
        if not weighted_fit(design, products, kept, rows, count, weights, packed, matrix, model):
            return -1.0
        expected_of(columns, model, expected)
        largest = 0.0
        for position in range(count):
            weights[position] = kept[position] - expected[rows[position]]
            work[position] = abs(weights[position])
            largest = max(largest, abs(kept[position]))
        scale = max(np.median(work[:count]) * spread, floor, 1e-9 * largest, 1e-300)
        for position in range(count):
            ratio = (weights[position] / (TUNING * scale)) ** 2
            weights[position] = (1.0 - ratio) ** 2 if ratio < 1.0 else 0.0
    return scale


@Kernel
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


@Kernel
def screen_pixels(values: FloatArray, design: FloatArray, split: int, sigmas: float,
                  floor: float, dropped: AnyArray) -> None:  # fmt: skip
    """Make spikes in ``values`` (pixels, n) NaN, and count them in ``dropped`` (pixels,)."""
    pixels, dates = values.shape
    size = design.shape[1]
    matrix, model = np.empty((size, size)), np.empty(size)
    rows, kept, expected = np.empty(dates, np.int64), np.empty(dates), np.empty(dates)
    weights, work = np.empty(dates), np.empty(dates)
    products, columns = packed_products(design), design.T.copy()
    packed = np.empty(products.shape[1])
    for pixel in range(pixels):
        count, history = gather(values[pixel], split, rows, kept)
        dropped[pixel] = 0
        if history <= size + 1:
            continue
        scale = robust_fit(
            design, products, columns, kept, rows, history, floor, weights, work, expected,
            packed, matrix, model,
        )  # fmt: skip
        if scale < 0.0:
            continue
        for position in range(count):
            work[position] = kept[position] - expected[rows[position]]
        dropped[pixel] = drop_spikes(values[pixel], work, rows, history, count, sigmas * scale)
