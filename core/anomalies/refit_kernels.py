# SPDX-License-Identifier: GPL-3.0-or-later
"""Compiled least squares over the dates that are kept, with the leverage of every date."""

from __future__ import annotations

import numpy as np

from ..jit import Kernel
from ..types import BoolArray, FloatArray
from .fit_parts import unpack
from .joint_parts import JointOptions
from .robust_kernels import cholesky, residuals, solve


@Kernel
def inverse_normal(
    products: FloatArray, kept: BoolArray, finite: BoolArray, ridge: float, inverse: FloatArray
) -> int:
    """(X' X + ridge)^-1 over the dates that are kept and observed; returns their number."""
    size, count = len(inverse), 0
    packed = np.zeros(products.shape[1])
    for i in range(len(kept)):
        if kept[i] and finite[i]:
            count += 1
            for j in range(packed.size):
                packed[j] += products[i, j]
    matrix = np.zeros((size, size))
    unpack(packed, matrix)
    for i in range(1, size):
        matrix[i, i] += ridge * count
    if not cholesky(matrix):
        inverse[:] = np.nan
        return count
    inverse[:] = np.eye(size)
    for i in range(size):
        solve(matrix, inverse[i])
    return count


@Kernel
def hat_values(products: FloatArray, inverse: FloatArray, hat: FloatArray) -> None:
    """X' inverse x of each date."""
    packed = np.empty(products.shape[1])
    place = 0
    for i in range(len(inverse)):
        for j in range(i + 1):
            packed[place] = inverse[i, j] * (1.0 if i == j else 2.0)
            place += 1
    for i in range(len(hat)):
        total = 0.0
        for j in range(packed.size):
            total += packed[j] * products[i, j]
        hat[i] = total


@Kernel
def same_dates(first: BoolArray, second: BoolArray) -> bool:
    """Whether two bands are observed on the same dates."""
    for i in range(len(first)):
        if first[i] != second[i]:
            return False
    return True


@Kernel
def fit_bands(
    x: FloatArray,
    products: FloatArray,
    columns: FloatArray,
    y: FloatArray,
    finite: BoolArray,
    kept: BoolArray,
    options: JointOptions,
    beta: FloatArray,
    residual: FloatArray,
    hat: FloatArray,
    freedom: FloatArray,
) -> None:
    """Least squares of each band over the kept dates (where not ``lower``), leverage, freedom."""
    size = x.shape[1]
    inverse, right = np.empty((size, size)), np.empty(size)
    count = 0
    for b in range(len(y)):
        if b == 0 or not same_dates(finite[b], finite[b - 1]):
            count = inverse_normal(products, kept, finite[b], options.ridge, inverse)
            hat_values(products, inverse, hat[b])
        else:
            hat[b] = hat[b - 1]
        freedom[b] = count - size
        if not options.lower:
            right[:] = 0.0
            for i in range(len(kept)):
                if kept[i] and finite[b, i]:
                    for j in range(size):
                        right[j] += y[b, i] * x[i, j]
            for j in range(size):
                total = 0.0
                for k in range(size):
                    total += inverse[j, k] * right[k]
                beta[b, j] = total
            residuals(columns, y[b], beta[b], residual[b])
