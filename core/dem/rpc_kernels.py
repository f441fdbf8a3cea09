# SPDX-License-Identifier: GPL-3.0-or-later
"""Compiled rational polynomials: ground to image and back. Same results as ``rpc_numpy``.

A model comes as a vector (90,): line, sample, latitude, longitude and height offsets (0 to 4),
their scales (5 to 9), then 20 coefficients each of the line's numerator (10) and denominator (30)
and of the sample's (50, 70). The loops over points hold no calls that cannot be inlined and no
branches, so that the compiler works on several points at a time.
"""

from __future__ import annotations

import numpy as np

from ..jit import Kernel
from ..types import BoolArray, FloatArray

BLOCK = 512  # points that are iterated together: they fit into the first cache
NEAR_PX = 1e-4  # a residual that one more step of Newton's method makes as good as zero
MOST_STEPS = 20
# Where cubics begin, as numbers of numpy: plain ones are constants to numba, for each of which it
# compiles ``cubic`` and its slopes anew.
LINE, LINE_BELOW, SAMPLE, SAMPLE_BELOW = (np.int64(one) for one in (10, 30, 50, 70))
FIRST, SECOND = np.int64(4), np.int64(24)


@Kernel
def cubic(c: FloatArray, k: np.int64, x: float, y: float, z: float) -> float:
    """The cubic of RPC00B whose coefficients begin at ``c[k]``, at longitude ``x``, latitude ``y``
    and height ``z`` (normalized). Order of the terms: 1, x, y, z, xy, xz, yz, x2, y2, z2, xyz, x3,
    xy2, xz2, x2y, y3, yz2, x2z, y2z, z3.
    """
    constant = c[k] + z * (c[k + 3] + z * (c[k + 9] + z * c[k + 19]))
    mixed = c[k + 4] + z * c[k + 10] + x * c[k + 14] + y * c[k + 12]
    along_x = c[k + 1] + z * (c[k + 5] + z * c[k + 13]) + y * mixed
    along_x += x * (c[k + 7] + z * c[k + 17] + x * c[k + 11])
    along_y = c[k + 2] + z * (c[k + 6] + z * c[k + 16])
    along_y += y * (c[k + 8] + z * c[k + 18] + y * c[k + 15])
    value: float = constant + x * along_x + y * along_y
    return value


@Kernel
def slope_x(c: FloatArray, k: np.int64, x: float, y: float, z: float) -> float:
    """The derivative of ``cubic`` along ``x``."""
    constant = c[k + 1] + z * (c[k + 5] + z * c[k + 13])
    constant += y * (c[k + 4] + z * c[k + 10] + y * c[k + 12])
    linear = c[k + 7] + z * c[k + 17] + y * c[k + 14]
    value: float = constant + x * (2.0 * linear + 3.0 * x * c[k + 11])
    return value


@Kernel
def slope_y(c: FloatArray, k: np.int64, x: float, y: float, z: float) -> float:
    """The derivative of ``cubic`` along ``y``."""
    constant = c[k + 2] + z * (c[k + 6] + z * c[k + 16])
    constant += x * (c[k + 4] + z * c[k + 10] + x * c[k + 14])
    linear = c[k + 8] + z * c[k + 18] + x * c[k + 12]
    value: float = constant + y * (2.0 * linear + 3.0 * y * c[k + 15])
    return value


@Kernel
def slope_z(c: FloatArray, k: np.int64, x: float, y: float, z: float) -> float:
    """The derivative of ``cubic`` along ``z``."""
    constant = c[k + 3] + x * (c[k + 5] + y * c[k + 10] + x * c[k + 17])
    constant += y * (c[k + 6] + y * c[k + 18])
    linear = c[k + 9] + x * c[k + 13] + y * c[k + 16]
    value: float = constant + z * (2.0 * linear + 3.0 * z * c[k + 19])
    return value


@Kernel
def project_points(
    model: FloatArray,
    lon: FloatArray,
    lat: FloatArray,
    height: FloatArray,
    column: FloatArray,
    row: FloatArray,
) -> None:
    """Ground (degrees, m) to image (pixels), all (n,)."""
    for i in range(len(lon)):
        x = (lon[i] - model[3]) / model[8]
        y = (lat[i] - model[2]) / model[7]
        z = (height[i] - model[4]) / model[9]
        line = cubic(model, LINE, x, y, z) / cubic(model, LINE_BELOW, x, y, z)
        sample = cubic(model, SAMPLE, x, y, z) / cubic(model, SAMPLE_BELOW, x, y, z)
        row[i] = line * model[5] + model[0]
        column[i] = sample * model[6] + model[1]


@Kernel
def locate_points(
    model: FloatArray,
    start: FloatArray,
    column: FloatArray,
    row: FloatArray,
    height: FloatArray,
    lon: FloatArray,
    lat: FloatArray,
) -> None:
    """Image (pixels) and height (m) to ground (degrees), all (n,); NaN where none is found.

    Newton's method from a cubic in the image coordinates, ``start`` (44,): offset and scale of the
    column and of the row, 20 coefficients of the longitude and of the latitude (normalized). Each
    point goes its own way, whatever the others in its block need.
    """
    for first in range(0, len(lon), BLOCK):
        last = min(first + BLOCK, len(lon))
        _begin(model, start, column[first:last], row[first:last], height[first:last],
               lon[first:last], lat[first:last])  # fmt: skip
        _refine(model, column[first:last], row[first:last], height[first:last],
                lon[first:last], lat[first:last])  # fmt: skip


@Kernel
def _begin(
    model: FloatArray,
    start: FloatArray,
    column: FloatArray,
    row: FloatArray,
    height: FloatArray,
    lon: FloatArray,
    lat: FloatArray,
) -> None:
    """First guess, normalized."""
    for i in range(len(lon)):
        x = (column[i] - start[0]) / start[1]
        y = (row[i] - start[2]) / start[3]
        z = (height[i] - model[4]) / model[9]
        lon[i] = cubic(start, FIRST, x, y, z)
        lat[i] = cubic(start, SECOND, x, y, z)


@Kernel
def _refine(
    model: FloatArray,
    column: FloatArray,
    row: FloatArray,
    height: FloatArray,
    lon: FloatArray,
    lat: FloatArray,
) -> None:
    """Newton's method for one block; normalized guesses become degrees."""
    todo = np.ones(len(lon), dtype=np.bool_)
    left = len(lon)
    for _ in range(MOST_STEPS):
        if left == 0:
            break
        left = _step(model, column, row, height, lon, lat, todo)
    for i in range(len(lon)):
        lon[i] = np.nan if todo[i] else lon[i] * model[8] + model[3]
        lat[i] = np.nan if todo[i] else lat[i] * model[7] + model[2]


@Kernel
def _step(
    model: FloatArray,
    column: FloatArray,
    row: FloatArray,
    height: FloatArray,
    lon: FloatArray,
    lat: FloatArray,
    todo: BoolArray,
) -> int:
    """One step of Newton's method for those points of a block ``todo``; how many need another."""
    left = 0
    for i in range(len(lon)):
        x, y, z = lon[i], lat[i], (height[i] - model[4]) / model[9]
        below = cubic(model, LINE_BELOW, x, y, z)
        line = cubic(model, LINE, x, y, z) / below
        line_x = (
            slope_x(model, LINE, x, y, z) - line * slope_x(model, LINE_BELOW, x, y, z)
        ) / below
        line_y = (
            slope_y(model, LINE, x, y, z) - line * slope_y(model, LINE_BELOW, x, y, z)
        ) / below
        under = cubic(model, SAMPLE_BELOW, x, y, z)
        sample = cubic(model, SAMPLE, x, y, z) / under
        sample_x = (
            slope_x(model, SAMPLE, x, y, z) - sample * slope_x(model, SAMPLE_BELOW, x, y, z)
        ) / under
        sample_y = (
            slope_y(model, SAMPLE, x, y, z) - sample * slope_y(model, SAMPLE_BELOW, x, y, z)
        ) / under
        down = (row[i] - model[0]) / model[5] - line
        right = (column[i] - model[1]) / model[6] - sample
        determinant = line_x * sample_y - line_y * sample_x
        better_x = x + (down * sample_y - right * line_y) / determinant
        better_y = y + (right * line_x - down * sample_x) / determinant
        far = abs(down * model[5]) + abs(right * model[6])
        active = todo[i]
        lon[i] = better_x if active else x
        lat[i] = better_y if active else y
        more = active & (far > NEAR_PX)
        todo[i] = more
        left += more
    return left
