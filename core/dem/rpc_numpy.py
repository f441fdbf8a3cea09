# SPDX-License-Identifier: GPL-3.0-or-later
"""Rational polynomials without a compiler: ground to image and back. Same results as
``rpc_kernels``, where the layout of the vectors is told.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from ..types import FloatArray
from .rpc_kernels import MOST_STEPS, NEAR_PX

CHUNK = 4096  # points whose monomials fit into the second cache
# Powers of longitude, latitude and height in the terms of RPC00B.
POWERS = (
    (0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 0, 1), (0, 1, 1), (2, 0, 0),
    (0, 2, 0), (0, 0, 2), (1, 1, 1), (3, 0, 0), (1, 2, 0), (1, 0, 2), (2, 1, 0), (0, 3, 0),
    (0, 1, 2), (2, 0, 1), (0, 2, 1), (0, 0, 3),
)  # fmt: skip


def monomials(x: FloatArray, y: FloatArray, z: FloatArray) -> FloatArray:
    """The terms of RPC00B (20, n) at normalized longitude, latitude and height (n,)."""
    terms = np.empty((len(POWERS), len(x)))
    terms[0] = 1.0
    terms[1], terms[2], terms[3] = x, y, z
    products = ((1, 2), (1, 3), (2, 3), (1, 1), (2, 2), (3, 3), (4, 3), (7, 1), (4, 2), (5, 3),
                (4, 1), (8, 2), (6, 3), (7, 3), (8, 3), (9, 3))  # fmt: skip
    for target, (first, second) in enumerate(products, start=4):
        np.multiply(terms[first], terms[second], out=terms[target])
    return terms


@cache
def differences() -> FloatArray:
    """Matrices (3, 20, 20) that make of coefficients those of the derivative along each axis."""
    matrices = np.zeros((3, len(POWERS), len(POWERS)))
    for axis in range(3):
        for term, powers in enumerate(POWERS):
            if powers[axis]:
                lower = tuple(p - (k == axis) for k, p in enumerate(powers))
                matrices[axis, term, POWERS.index(lower)] = powers[axis]
    return matrices


def project_points(
    model: FloatArray, lon: FloatArray, lat: FloatArray, height: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Ground (degrees, m) to image (columns, rows), all (n,)."""
    column, row = np.empty(len(lon)), np.empty(len(lon))
    for first in range(0, len(lon), CHUNK):
        part = slice(first, first + CHUNK)
        x, y = (lon[part] - model[3]) / model[8], (lat[part] - model[2]) / model[7]
        terms = monomials(x, y, (height[part] - model[4]) / model[9])
        above, below, over, under = model[10:].reshape(4, 20) @ terms
        row[part] = above / below * model[5] + model[0]
        column[part] = over / under * model[6] + model[1]
    return column, row


def locate_points(
    model: FloatArray, start: FloatArray, column: FloatArray, row: FloatArray, height: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Image (pixels) and height (m) to ground (degrees), all (n,); NaN where none is found."""
    lon, lat = np.empty(len(column)), np.empty(len(column))
    for first in range(0, len(lon), CHUNK):
        part = slice(first, first + CHUNK)
        x, y = _newton(model, start, column[part], row[part], (height[part] - model[4]) / model[9])
        lon[part], lat[part] = x * model[8] + model[3], y * model[7] + model[2]
    return lon, lat


def _newton(
    model: FloatArray, start: FloatArray, column: FloatArray, row: FloatArray, z: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Normalized longitude and latitude by Newton's method; each point stops by itself."""
    terms = monomials((column - start[0]) / start[1], (row - start[2]) / start[3], z)
    x, y = start[4:].reshape(2, 20) @ terms
    line, sample = (row - model[0]) / model[5], (column - model[1]) / model[6]
    coefficients = model[10:].reshape(4, 20)
    slopes = np.concatenate([coefficients, *(coefficients @ one for one in differences()[:2])])
    todo = np.arange(len(x))
    for _ in range(MOST_STEPS):
        step_x, step_y, far = _step(slopes, model, x[todo], y[todo], z[todo],
                                    line[todo], sample[todo])  # fmt: skip
        x[todo] += step_x
        y[todo] += step_y
        todo = todo[far > NEAR_PX]
        if not len(todo):
            return x, y
    x[todo] = y[todo] = np.nan
    return x, y


def _step(
    slopes: FloatArray,
    model: FloatArray,
    x: FloatArray,
    y: FloatArray,
    z: FloatArray,
    line: FloatArray,
    sample: FloatArray,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """One step in longitude and latitude, and the residual before it (pixels)."""
    values = (slopes @ monomials(x, y, z)).reshape(3, 4, -1)
    ratio = values[0, ::2] / values[0, 1::2]
    line_x, sample_x = (values[1, ::2] - ratio * values[1, 1::2]) / values[0, 1::2]
    line_y, sample_y = (values[2, ::2] - ratio * values[2, 1::2]) / values[0, 1::2]
    down, right = line - ratio[0], sample - ratio[1]
    determinant = line_x * sample_y - line_y * sample_x
    far = np.abs(down * model[5]) + np.abs(right * model[6])
    return (
        (down * sample_y - right * line_y) / determinant,
        (right * line_x - down * sample_x) / determinant,
        far,
    )
