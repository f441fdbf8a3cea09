# SPDX-License-Identifier: GPL-3.0-or-later
"""What the compiled fits and their numpy twins share: constants of the bisquare, options by name,
and the products of a design's columns, packed so that one sweep adds them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..jit import Kernel
from ..types import FloatArray

NORMAL = 0.6745  # the median of |x| of a standard normal variable
TUNING = 4.685  # Tukey's bisquare: 95 % efficiency with normal errors


class FitOptions(NamedTuple):
    """What ``robust.FitSettings`` says, and the expectile ``tau`` with its most ``rounds``."""

    tolerance: float
    iterations: int
    ridge: float
    scale_floor: float
    tuning: float
    lower: bool
    tau: float
    rounds: int


@Kernel
def packed_products(design: FloatArray) -> FloatArray:
    """Products (n, p (p + 1) / 2) of each row's elements: the lower triangle, row by row."""
    dates, size = design.shape
    result = np.empty((dates, size * (size + 1) // 2))
    for date in range(dates):
        place = 0
        for i in range(size):
            for j in range(i + 1):
                result[date, place] = design[date, i] * design[date, j]
                place += 1
    return result


@Kernel
def unpack(packed: FloatArray, matrix: FloatArray) -> None:
    """Fill the lower triangle of ``matrix`` (p, p)."""
    place = 0
    for i in range(len(matrix)):
        for j in range(i + 1):
            matrix[i, j] = packed[place]
            place += 1
