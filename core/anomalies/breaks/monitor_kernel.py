# SPDX-License-Identifier: GPL-3.0-or-later
"""Monitoring of many pixels, one after the other: the compiled kernel."""

from __future__ import annotations

import numpy as np

from ...jit import Kernel
from ...types import AnyArray, FloatArray
from ..fit_parts import packed_products, unpack
from .normal_equations import SMALLEST_PIVOT

NONE, TOO_FEW = -1, -2
FEWEST = 5  # BFAST wants more observations than this before and after the start
LAST_PART = 0.25  # of the history, whose residuals tell how it ends, for the cumulative sum


@Kernel
def solve_normal(matrix: FloatArray, right: FloatArray) -> bool:
    """Solve in place by Cholesky: ``right`` becomes the solution; False where singular."""
    size = len(right)
    for i in range(size):
        pivot = matrix[i, i]
        for j in range(i + 1):
            total = matrix[i, j]
            for k in range(j):
                total -= matrix[i, k] * matrix[j, k]
            if i > j:
                matrix[i, j] = total / matrix[j, j]
            elif total > SMALLEST_PIVOT * pivot:
                matrix[i, i] = np.sqrt(total)
            else:
                return False
    for i in range(size):
        for k in range(i):
            right[i] -= matrix[i, k] * right[k]
        right[i] /= matrix[i, i]
    for i in range(size - 1, -1, -1):
        for k in range(i + 1, size):
            right[i] -= matrix[k, i] * right[k]
        right[i] /= matrix[i, i]
    return True


@Kernel
def fit(design: FloatArray, products: FloatArray, values: FloatArray, rows: AnyArray, first: int,
        last: int, packed: FloatArray, matrix: FloatArray, model: FloatArray) -> bool:  # fmt: skip
    """Least squares on observations ``first`` to ``last`` of ``rows``; solution in ``model``."""
    packed[:] = 0.0
    model[:] = 0.0
    for position in range(first, last):
        date = rows[position]
        value = values[position]
        for place in range(len(packed)):
            packed[place] += products[date, place]
        for i in range(len(model)):
            model[i] += design[date, i] * value
    unpack(packed, matrix)
    return solve_normal(matrix, model)


@Kernel
def expected_of(columns: FloatArray, model: FloatArray, expected: FloatArray) -> None:
    """Fill what the model expects (n,) from the design's ``columns`` (p, n)."""
    expected[:] = 0.0
    for i in range(len(model)):
        factor = model[i]
        for date in range(len(expected)):
            expected[date] += factor * columns[i, date]


@Kernel
def stable_from(design: FloatArray, values: FloatArray, rows: AnyArray, count: int,
                critical: float, matrix: FloatArray, right: FloatArray,
                row: FloatArray, residuals: FloatArray) -> int:  # fmt: skip
    """Where the stable history begins: reverse-ordered CUSUM by Givens rotations."""
    size = design.shape[1]
    matrix[:, :] = 0.0
    right[:] = 0.0
    for step in range(count):
        position = count - 1 - step
        value = values[position]
        row[:] = design[rows[position]]
        for j in range(size):
            length = np.hypot(matrix[j, j], row[j])
            if row[j] == 0.0 or length == 0.0:
                continue
            c, s = matrix[j, j] / length, row[j] / length
            for k in range(j, size):
                upper = matrix[j, k]
                matrix[j, k] = c * upper + s * row[k]
                row[k] = c * row[k] - s * upper
            upper = right[j]
            right[j] = c * upper + s * value
            value = c * value - s * upper
        residuals[step] = value
    number = count - size
    mean = residuals[size:count].mean()
    spread = 0.0
    for step in range(size, count):
        spread += (residuals[step] - mean) ** 2
    scale = np.sqrt(spread / max(number - 1, 1) * number)
    total = 0.0
    for step in range(number):
        total += residuals[size + step]
        if abs(total) > critical * (1.0 + 2.0 * (step + 1) / number) * scale:
            return number - step
    return 0


@Kernel
def boundary_at(critical: float, x: float, cusum: bool) -> float:
    """The boundary at ``x``, the time in units of the history."""
    if cusum:
        result = np.sqrt(x * (x - 1.0) * (critical**2 + np.log(x / (x - 1.0))))
    else:
        result = critical * np.sqrt(2.0 * np.log(max(x, np.e)))
    return float(result)


@Kernel
def gather(line: FloatArray, split: int, rows: AnyArray, kept: FloatArray) -> tuple[int, int]:
    """Move the finite values of ``line`` (n,) and their dates to the front; how many there are, and
    how many of them before ``split``.
    """
    count, history = 0, 0
    for date in range(len(line)):
        if np.isfinite(line[date]):
            rows[count], kept[count] = date, line[date]
            count += 1
            history += date < split
    return count, history


@Kernel
def residual_scale(expected: FloatArray, kept: FloatArray, rows: AnyArray, first: int,
                   history: int, count: int, size: int, errors: FloatArray) -> float:  # fmt: skip
    """Fill ``errors`` from ``first`` on; the standard deviation of those of the history.

    Not less than the rounding errors of the values, so that a constant series is no division by 0.
    """
    largest, squares = 0.0, 0.0
    for position in range(first, count):
        total = kept[position] - expected[rows[position]]
        errors[position] = total
        if position < history:
            squares += total * total
            largest = max(largest, abs(kept[position]))
    return float(max(np.sqrt(squares / (history - first - size)), 1e-9 * largest, 1e-300))


@Kernel
def watch(errors: FloatArray, rows: AnyArray, first: int, history: int, count: int, width: int,
          scale: float, split: int, clock: FloatArray, critical: float,
          cusum: bool) -> tuple[int, float, float]:  # fmt: skip
    """The index of the first date after ``split`` whose process exceeds the boundary, or ``NONE``;
    the mean of the process; and the share of the sum at that date that the history explains, NaN
    without one. Of a moving sum of ``width`` it is what the window still holds of the history; of a
    cumulative one what the mean of the last ``width`` residuals of it would add up to, in as many
    dates at the most.
    """
    found, total, mean, share, last = NONE, 0.0, 0.0, np.nan, 0.0
    for position in range(history - width, history):
        last += errors[position]
    before = last
    for position in range(first if cusum else history - width, history):
        total += errors[position]
    for position in range(history, count):
        total += errors[position]
        if cusum:
            before = last * min(1.0, (position - history + 1.0) / width)
        else:
            total -= errors[position - width]
            before -= errors[position - width] if position - width < history else 0.0
        mean += total / scale
        if found == NONE:
            time = clock[rows[position] - split]
            x = time if time > 0.0 else (position - first + 1) / (history - first)
            if abs(total / scale) > boundary_at(critical, x, cusum):
                found = rows[position] - split
                share = before / total
    return found, mean / (count - history), share


@Kernel
def monitor_pixels(values: FloatArray, design: FloatArray, split: int, clock: FloatArray,
                   critical: float, window: float, cusum: bool, roc: float, floor: float,
                   breaks: AnyArray, numbers: FloatArray) -> None:  # fmt: skip
    """Monitor ``values`` (pixels, n); fill ``breaks`` (pixels, 4) and ``numbers`` (pixels, 4).

    The columns are break index, history count, monitoring count, begin of the history (index of
    its first date); magnitude, sigma, mean of the process, share of its sum at the break that the
    history explains.
    """
    pixels, dates = values.shape
    size = design.shape[1]
    matrix, model = np.empty((size, size)), np.empty(size)
    rows, kept = np.empty(dates, np.int64), np.empty(dates)
    row, errors, expected = np.empty(size), np.empty(dates), np.empty(dates)
    products, columns = packed_products(design), design.T.copy()
    packed = np.empty(products.shape[1])
    fewest = max(FEWEST, size)
    for pixel in range(pixels):
        count, history = gather(values[pixel], split, rows, kept)
        breaks[pixel, 0], breaks[pixel, 3] = TOO_FEW, -1
        breaks[pixel, 1], breaks[pixel, 2] = history, count - history
        numbers[pixel, :] = np.nan
        first = 0
        if history <= fewest or count - history <= FEWEST:
            continue
        if roc > 0.0:
            first = stable_from(design, kept, rows, history, roc, matrix, model, row, errors)
            breaks[pixel, 1] = history - first
            if history - first < 2 * size:
                continue
        if not fit(design, products, kept, rows, first, history, packed, matrix, model):
            continue
        past = history - first
        expected_of(columns, model, expected)
        sigma = residual_scale(expected, kept, rows, first, history, count, size, errors)
        sigma = max(sigma, floor)
        width = max(int(past * (LAST_PART if cusum else window)), 1)
        breaks[pixel, 0], numbers[pixel, 2], numbers[pixel, 3] = watch(
            errors, rows, first, history, count, width, sigma * np.sqrt(past), split, clock,
            critical, cusum)  # fmt: skip
        breaks[pixel, 3] = rows[first]
        numbers[pixel, 0] = np.median(errors[history:count])
        numbers[pixel, 1] = sigma
