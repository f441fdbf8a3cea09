# SPDX-License-Identifier: GPL-3.0-or-later
"""Compiled refinement of disparities by intensities; see ``intensity``.

Sums are taken row by row, one pixel of the window after the other, so that the loops over the
columns fill the vectors of the processor; three short loops, as a compiler does not see through
many arrays at once.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...jit import Kernel
from .values import Float32

ZERO, HALF, ONE, TWO, THREE = (np.float32(one) for one in (0.0, 0.5, 1.0, 2.0, 3.0))
FIVE_HALVES, THREE_HALVES = np.float32(2.5), np.float32(1.5)
SMALLEST = np.float32(1e-6)
FEWEST = np.float32(8.0)  # pixels of a window, for three unknowns


@Kernel
def smooth(disparity: Float32, half: int, gate: np.float32, out: Float32) -> None:
    """Write the mean of each disparity and of the pairs opposite to it, up to ``half`` pixels away,
    whose sum is less than ``gate`` from twice its own.
    """
    rows, columns = disparity.shape
    total, count = np.empty(columns, np.float32), np.empty(columns, np.float32)
    for row in range(rows):
        middle = disparity[row]
        for c in range(columns):  # slices assigned to slices take 2 s to compile
            total[c], count[c] = middle[c], ONE
        for i in range(half + 1):
            if row - i < 0 or row + i >= rows:
                continue
            for j in range(-half, half + 1):
                m = abs(j)
                if (i == 0 and j <= 0) or columns <= 2 * m:
                    continue
                add_pair(
                    disparity[row + i, m + j : columns - m + j],
                    disparity[row - i, m - j : columns - m - j],
                    middle[m : columns - m],
                    gate,
                    total[m : columns - m],
                    count[m : columns - m],
                )
        for c in range(columns):
            out[row, c] = total[c] / count[c]


@Kernel
def add_pair(
    one: Float32, other: Float32, middle: Float32, gate: np.float32, total: Float32, count: Float32
) -> None:
    """Add the pairs (n,) that are near to the middle ones."""
    for c in range(len(middle)):
        both = one[c] + other[c]
        near = abs(both - TWO * middle[c]) < gate
        total[c] += both if near else ZERO
        count[c] += TWO if near else ZERO


@Kernel
def cubic(before: Any, at: Any, after: Any, last: Any, t: Any) -> Any:
    """The value at ``t`` (0 to 1) after the second of four pixels (Keys, a = -0.5)."""
    one = HALF * (after - before)
    two = before - FIVE_HALVES * at + TWO * after - HALF * last
    three = HALF * (last - before) + THREE_HALVES * (at - after)
    return at + t * (one + t * (two + t * three))


@Kernel
def meet(right: Float32, place: Float32, value: Float32) -> None:
    """Fill ``value`` (0 where there is none) of the right image at the disparities ``place``, which
    become NaN where there is none.
    """
    rows, columns = place.shape
    for row in range(rows):
        line = right[row]
        for c in range(columns):
            if not np.isfinite(place[row, c]):
                continue
            # Split before the column comes in: the same disparity gives the same bits everywhere.
            whole = np.ceil(place[row, c])
            j, t = c - int(whole), whole - place[row, c]
            if j < 1 or j > len(line) - 3:
                place[row, c] = np.nan
                continue
            found = cubic(line[j - 1], line[j], line[j + 1], line[j + 2], t)
            if not np.isfinite(found):
                place[row, c] = np.nan
                continue
            value[row, c] = found


@Kernel
def fit(
    left: Float32,
    value: Float32,
    slope: Float32,
    place: Float32,
    half: int,
    gate: np.float32,
    prior: np.float32,
    step: Float32,
    deviation: Float32,
) -> None:
    """Write the steps (at most one pixel) that fit the right image best to the left one in windows
    of ``half`` pixels on either side, and their standard deviations (pixels).
    """
    rows, columns = place.shape
    sums, parts = np.empty((10, columns), np.float32), np.empty((4, columns), np.float32)
    for row in range(rows):
        sums[:] = ZERO
        for i in range(max(-half, -row), min(half, rows - 1 - row) + 1):
            for j in range(-half, half + 1):
                first, last = max(0, -j), columns - max(0, j)
                if last <= first:
                    continue
                here, there = slice(first, last), slice(first + j, last + j)
                weigh(
                    place[row, here], place[row + i, there], gate, slope[row + i, there],
                    parts[0, : last - first], parts[1, : last - first],
                )  # fmt: skip
                apart(
                    value[row, here], value[row + i, there], left[row, here], left[row + i, there],
                    parts[0, : last - first], parts[2, : last - first], parts[3, : last - first],
                )  # fmt: skip
                add_sums(parts[:, : last - first], sums[:, here])
                add_squares(parts[:, : last - first], sums[:, here])
        for c in range(columns):
            if np.isfinite(place[row, c]) and sums[0, c] >= FEWEST:
                by, sure = solved(sums[:, c], prior)
                step[row, c] = min(max(by, -ONE), ONE)
                deviation[row, c] = sure


@Kernel
def weigh(
    place: Float32, other: Float32, gate: np.float32, slope: Float32, w: Float32, g: Float32
) -> None:
    """Weights (n,): 1 where both are one surface; and the weighted slopes."""
    for c in range(len(place)):
        w[c] = ONE if abs(other[c] - place[c]) < gate else ZERO
        g[c] = w[c] * slope[c]


@Kernel
def apart(
    value: Float32, value_there: Float32, left: Float32, left_there: Float32,
    w: Float32, a: Float32, b: Float32,
) -> None:  # fmt: skip
    """Weighted intensities (n,), counted from those of the middle."""
    for c in range(len(value)):
        a[c] = w[c] * (value_there[c] - value[c])
        b[c] = w[c] * (left_there[c] - left[c])


@Kernel
def add_sums(parts: Float32, sums: Float32) -> None:
    """Add the parts (4, n) to the first four sums."""
    for k in range(4):
        part, total = parts[k], sums[k]
        for c in range(len(part)):
            total[c] += part[c]


@Kernel
def add_squares(parts: Float32, sums: Float32) -> None:
    """Add the products of the last three parts to the last six sums."""
    index = 4
    for k in range(1, 4):
        for m in range(k, 4):
            one, other, total = parts[k], parts[m], sums[index]
            index += 1
            for c in range(len(one)):
                total[c] += one[c] * other[c]


@Kernel
def solved(sums: Float32, prior: np.float32) -> Any:
    """Step and standard deviation (pixels) from the ten sums (10, ...) over a window: n pixels,
    slopes g of the left image, values a of the right and b of the left one, and gg, ga, gb, aa, ab,
    bb.

    b = offset + gain a - step g, where a step of 0 has the standard deviation ``prior``.
    """
    n, g, a, b = sums[0], sums[1], sums[2], sums[3]
    gg, ga, gb = sums[4] - g * g / n, sums[5] - g * a / n, sums[6] - g * b / n
    aa, ab, bb = sums[7] - a * a / n + SMALLEST, sums[8] - a * b / n, sums[9] - b * b / n
    free = gg - ga * ga / aa + SMALLEST
    side = gb - ab / aa * ga
    rest = bb - ab * ab / aa - side * side / free
    noise = (abs(rest) + rest) * HALF / (n - THREE) + SMALLEST
    held = free + noise / (prior * prior)
    return -side / held, np.sqrt(noise / held)
