# SPDX-License-Identifier: GPL-3.0-or-later
"""Compiled triangulation of matches of two images. Same results as ``triangulation_numpy``."""

from __future__ import annotations

import numpy as np

from ..jit import Kernel
from ..types import FloatArray
from .rpc_kernels import (
    LINE,
    LINE_BELOW,
    MOST_STEPS,
    NEAR_PX,
    SAMPLE,
    SAMPLE_BELOW,
    cubic,
    slope_x,
    slope_y,
    slope_z,
)

# Points that are iterated together. All that belongs to a block lies in one array, one quantity
# after the other: of many arrays the compiler would have to find out whether they overlap.
SIZE = 256
COLUMN1, ROW1, COLUMN2, ROW2 = 0, SIZE, 2 * SIZE, 3 * SIZE
LON, LAT, HEIGHT, ACROSS, BUSY = 4 * SIZE, 5 * SIZE, 6 * SIZE, 7 * SIZE, 8 * SIZE
QUANTITIES = 9


@Kernel
def triangulate_points(
    first: FloatArray,
    second: FloatArray,
    start: FloatArray,
    matches: FloatArray,
    ground: FloatArray,
    across: FloatArray,
) -> None:
    """Matches (4, n: column and row in the first and the second image) to ground (3, n: degrees,
    degrees, m) and the distance ``across`` (n,) from the epipolar line; NaN where none is found.

    ``start`` (3, 5): an affine first guess of the ground by the four coordinates. Newton's method;
    each point stops by itself.
    """
    w = np.empty(QUANTITIES * SIZE)
    for begin in range(0, len(across), SIZE):
        count = min(SIZE, len(across) - begin)
        _begin(start, matches, begin, count, w)
        left = count
        for _ in range(MOST_STEPS):
            if left == 0:
                break
            left = _step(first, second, w)
        for i in range(count):
            lost = w[BUSY + i] > 0.0
            ground[0, begin + i] = np.nan if lost else w[LON + i]
            ground[1, begin + i] = np.nan if lost else w[LAT + i]
            ground[2, begin + i] = np.nan if lost else w[HEIGHT + i]
            across[begin + i] = np.nan if lost else w[ACROSS + i]


@Kernel
def _begin(start: FloatArray, matches: FloatArray, begin: int, count: int, w: FloatArray) -> None:
    """Put ``count`` matches and their first guess into a block; what is left of it rests."""
    for i in range(SIZE):
        place = begin + min(i, count - 1)
        w[BUSY + i] = 1.0 if i < count else 0.0
        for k in range(4):
            w[k * SIZE + i] = matches[k, place]
        for k in range(3):
            near = start[k, 0] + start[k, 1] * matches[0, place] + start[k, 2] * matches[1, place]
            near += start[k, 3] * matches[2, place] + start[k, 4] * matches[3, place]
            w[LON + k * SIZE + i] = near


@Kernel
def _step(first: FloatArray, second: FloatArray, w: FloatArray) -> int:
    """One step for those points of a block that are not done; how many need another.

    The ground goes to the line of sight of the first image, and along it to where it comes nearest
    to the match in the second one.

    Each quotient and its slopes are written out: behind a function that gives all of them the
    compiler no longer works on several points at once, and it takes seven times as long.
    """
    left = 0
    for i in range(SIZE):
        lon, lat, height = w[LON + i], w[LAT + i], w[HEIGHT + i]
        x = (lon - first[3]) / first[8]
        y = (lat - first[2]) / first[7]
        z = (height - first[4]) / first[9]
        below = cubic(first, LINE_BELOW, x, y, z)
        line = cubic(first, LINE, x, y, z) / below
        factor = first[5] / below
        line_x = (
            slope_x(first, LINE, x, y, z) - line * slope_x(first, LINE_BELOW, x, y, z)
        ) * factor
        line_y = (
            slope_y(first, LINE, x, y, z) - line * slope_y(first, LINE_BELOW, x, y, z)
        ) * factor
        line_z = (
            slope_z(first, LINE, x, y, z) - line * slope_z(first, LINE_BELOW, x, y, z)
        ) * factor
        below = cubic(first, SAMPLE_BELOW, x, y, z)
        sample = cubic(first, SAMPLE, x, y, z) / below
        factor = first[6] / below
        sample_x = (
            slope_x(first, SAMPLE, x, y, z) - sample * slope_x(first, SAMPLE_BELOW, x, y, z)
        ) * factor
        sample_y = (
            slope_y(first, SAMPLE, x, y, z) - sample * slope_y(first, SAMPLE_BELOW, x, y, z)
        ) * factor
        sample_z = (
            slope_z(first, SAMPLE, x, y, z) - sample * slope_z(first, SAMPLE_BELOW, x, y, z)
        ) * factor
        down = w[ROW1 + i] - line * first[5] - first[0]
        right = w[COLUMN1 + i] - sample * first[6] - first[1]
        determinant = line_x * sample_y - line_y * sample_x
        # To the line of sight, and along it per unit of normalized height; degrees and meters.
        to_x = (down * sample_y - right * line_y) / determinant * first[8]
        to_y = (right * line_x - down * sample_x) / determinant * first[7]
        up_x = (sample_z * line_y - line_z * sample_y) / determinant * first[8] / first[9]
        up_y = (line_z * sample_x - sample_z * line_x) / determinant * first[7] / first[9]

        x = (lon - second[3]) / second[8]
        y = (lat - second[2]) / second[7]
        z = (height - second[4]) / second[9]
        below = cubic(second, LINE_BELOW, x, y, z)
        line = cubic(second, LINE, x, y, z) / below
        factor = second[5] / below
        slope = (
            slope_x(second, LINE, x, y, z) - line * slope_x(second, LINE_BELOW, x, y, z)
        ) * factor
        other = (
            slope_y(second, LINE, x, y, z) - line * slope_y(second, LINE_BELOW, x, y, z)
        ) * factor
        third = (
            slope_z(second, LINE, x, y, z) - line * slope_z(second, LINE_BELOW, x, y, z)
        ) * factor
        down2 = w[ROW2 + i] - line * second[5] - second[0]
        down2 -= slope * to_x / second[8] + other * to_y / second[7]
        up_down = slope * up_x / second[8] + other * up_y / second[7] + third / second[9]
        below = cubic(second, SAMPLE_BELOW, x, y, z)
        sample = cubic(second, SAMPLE, x, y, z) / below
        factor = second[6] / below
        slope = (
            slope_x(second, SAMPLE, x, y, z) - sample * slope_x(second, SAMPLE_BELOW, x, y, z)
        ) * factor
        other = (
            slope_y(second, SAMPLE, x, y, z) - sample * slope_y(second, SAMPLE_BELOW, x, y, z)
        ) * factor
        third = (
            slope_z(second, SAMPLE, x, y, z) - sample * slope_z(second, SAMPLE_BELOW, x, y, z)
        ) * factor
        right2 = w[COLUMN2 + i] - sample * second[6] - second[1]
        right2 -= slope * to_x / second[8] + other * to_y / second[7]
        up_right = slope * up_x / second[8] + other * up_y / second[7] + third / second[9]

        length = np.sqrt(up_right * up_right + up_down * up_down)
        along = (right2 * up_right + down2 * up_down) / length
        rise = along / length
        far = abs(down) + abs(right) + abs(along)
        active = w[BUSY + i] > 0.0
        distance = (down2 * up_right - right2 * up_down) / length
        w[LON + i] = lon + to_x + up_x * rise if active else lon
        w[LAT + i] = lat + to_y + up_y * rise if active else lat
        w[HEIGHT + i] = height + rise if active else height
        w[ACROSS + i] = distance if active else w[ACROSS + i]
        more = active & (far > NEAR_PX)
        w[BUSY + i] = 1.0 if more else 0.0
        left += more
    return left
