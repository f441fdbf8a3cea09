# SPDX-License-Identifier: GPL-3.0-or-later
"""Normal equations of many pixels at once, in numpy."""

from __future__ import annotations

import numpy as np

from ...types import BoolArray, FloatArray

SMALLEST_PIVOT = 1e-8  # of a diagonal element: below, the model is not determined by the dates


def solve(matrix: FloatArray, right: FloatArray) -> tuple[BoolArray, FloatArray]:
    """Solutions (m, p) of symmetric systems ``matrix`` (m, p, p), ``right`` (m, p), and which of
    them are determined (m,): NaN where not. By Cholesky, step by step as the compiled kernel.
    """
    factor, result = matrix.copy(), right.copy()
    size = right.shape[1]
    good = np.ones(len(right), bool)
    for i in range(size):
        pivot = matrix[:, i, i]
        for j in range(i):
            product = (factor[:, i, :j] * factor[:, j, :j]).sum(axis=1)
            factor[:, i, j] = (factor[:, i, j] - product) / factor[:, j, j]
        left = pivot - (factor[:, i, :i] ** 2).sum(axis=1)
        good &= left > SMALLEST_PIVOT * pivot
        factor[:, i, i] = np.sqrt(np.where(good, left, 1.0))
    for i in range(size):
        result[:, i] -= (factor[:, i, :i] * result[:, :i]).sum(axis=1)
        result[:, i] /= factor[:, i, i]
    for i in range(size - 1, -1, -1):
        result[:, i] -= (factor[:, i + 1 :, i] * result[:, i + 1 :]).sum(axis=1)
        result[:, i] /= factor[:, i, i]
    result[~good] = np.nan
    return good, result
