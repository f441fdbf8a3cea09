# SPDX-License-Identifier: GPL-3.0-or-later
"""Compiled intersection of the lines of sight of several images; see ``views``."""

from __future__ import annotations

import numpy as np

from ..jit import Kernel
from ..types import FloatArray
from .rpc_kernels import MOST_STEPS, NEAR_PX, cubic, slope_x, slope_y, slope_z


@Kernel
def intersect_points(
    models: FloatArray, pixels: FloatArray, ground: FloatArray, error: FloatArray
) -> None:
    """Move ``ground`` (3, n: degrees, degrees, m) to where the lines of sight of ``pixels``
    (views, 2, n: column, row; NaN where a view has none) of ``models`` (views, 90) come nearest,
    and set ``error`` (n,) to the root mean square of what is left (pixels); NaN with fewer than
    two views.
    """
    scale = np.array([models[0, 8], models[0, 7], models[0, 9]])
    for n in range(pixels.shape[2]):
        count = 0
        for v in range(len(models)):
            count += 1 if pixels[v, 0, n] - pixels[v, 0, n] == 0.0 else 0
        far = np.inf
        for _ in range(MOST_STEPS):
            if count < 2 or not far > NEAR_PX:
                break
            far = _step(models, pixels, ground, error, n, scale)
            error[n] = np.sqrt(error[n] / count)
        if count < 2 or not far <= NEAR_PX:
            ground[0, n] = ground[1, n] = ground[2, n] = error[n] = np.nan


@Kernel
def _step(
    models: FloatArray,
    pixels: FloatArray,
    ground: FloatArray,
    error: FloatArray,
    n: int,
    scale: FloatArray,
) -> float:
    """One step of the method of Gauss and Newton for one place: how far it goes (pixels)."""
    a00 = a01 = a02 = a11 = a12 = a22 = b0 = b1 = b2 = total = 0.0
    for v in range(len(models)):
        m = models[v]
        if not pixels[v, 0, n] - pixels[v, 0, n] == 0.0:
            continue
        x = (ground[0, n] - m[3]) / m[8]
        y = (ground[1, n] - m[2]) / m[7]
        z = (ground[2, n] - m[4]) / m[9]
        for k in range(2):
            above, below = np.int64(50 - 40 * k), np.int64(70 - 40 * k)
            under = cubic(m, below, x, y, z)
            ratio = cubic(m, above, x, y, z) / under
            factor = m[6 - k] / under
            rest = pixels[v, k, n] - ratio * m[6 - k] - m[1 - k]
            j0 = slope_x(m, above, x, y, z) - ratio * slope_x(m, below, x, y, z)
            j1 = slope_y(m, above, x, y, z) - ratio * slope_y(m, below, x, y, z)
            j2 = slope_z(m, above, x, y, z) - ratio * slope_z(m, below, x, y, z)
            j0 *= factor * scale[0] / m[8]
            j1 *= factor * scale[1] / m[7]
            j2 *= factor * scale[2] / m[9]
            a00 += j0 * j0
            a01 += j0 * j1
            a02 += j0 * j2
            a11 += j1 * j1
            a12 += j1 * j2
            a22 += j2 * j2
            b0 += j0 * rest
            b1 += j1 * rest
            b2 += j2 * rest
            total += rest * rest
    c00, c01, c02 = a11 * a22 - a12 * a12, a02 * a12 - a01 * a22, a01 * a12 - a02 * a11
    c11, c12, c22 = a00 * a22 - a02 * a02, a01 * a02 - a00 * a12, a00 * a11 - a01 * a01
    determinant = a00 * c00 + a01 * c01 + a02 * c02
    d0 = (c00 * b0 + c01 * b1 + c02 * b2) / determinant
    d1 = (c01 * b0 + c11 * b1 + c12 * b2) / determinant
    d2 = (c02 * b0 + c12 * b1 + c22 * b2) / determinant
    ground[0, n] += d0 * scale[0]
    ground[1, n] += d1 * scale[1]
    ground[2, n] += d2 * scale[2]
    # What the step takes away from the squares, and so from the distances.
    gain = d0 * b0 + d1 * b1 + d2 * b2
    error[n] = max(total - gain, 0.0)
    way: float = np.sqrt(max(gain, 0.0))
    return way
