# SPDX-License-Identifier: GPL-3.0-or-later
"""Compiled robust fits: one series after the other. Same results as ``robust_numpy``."""

from __future__ import annotations

import numpy as np

from ..jit import Kernel
from ..types import FloatArray
from .fit_parts import NORMAL, FitOptions, unpack


@Kernel
def select(values: FloatArray, count: int, rank: int) -> float:
    """The value of zero-based ``rank`` among the first ``count``; reorders them (Hoare 1961)."""
    low, high = 0, count - 1
    while low < high:
        pivot = values[(low + high) // 2]
        i, j = low, high
        while i <= j:
            while values[i] < pivot:
                i += 1
            while values[j] > pivot:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i += 1
                j -= 1
        if rank <= j:
            high = j
        elif rank >= i:
            low = i
        else:
            break
    found: float = values[rank]
    return found


@Kernel
def median(values: FloatArray, count: int) -> float:
    """The median of the first ``count`` values, which are reordered; 0 where there are none."""
    if count == 0:
        return 0.0
    middle = count // 2
    upper = select(values, count, middle)
    if count % 2:
        return upper
    lower: float = values[0]
    for i in range(1, middle):
        lower = max(lower, values[i])
    return 0.5 * (lower + upper)


@Kernel
def spread(residual: FloatArray, work: FloatArray, lower: bool) -> float:
    """median|r| / 0.6745, of the residuals below zero only where ``lower``."""
    count = 0
    for value in residual:
        if not lower or value < 0.0:
            work[count] = abs(value)
            count += 1
    return median(work, count) / NORMAL


@Kernel
def cholesky(matrix: FloatArray) -> bool:
    """Replace the lower triangle by its Cholesky factor; False where it is not positive."""
    size = len(matrix)
    for j in range(size):
        total = matrix[j, j]
        for k in range(j):
            total -= matrix[j, k] * matrix[j, k]
        if not total > 1e-14 * matrix[j, j]:
            return False
        root = np.sqrt(total)
        matrix[j, j] = root
        for i in range(j + 1, size):
            total = matrix[i, j]
            for k in range(j):
                total -= matrix[i, k] * matrix[j, k]
            matrix[i, j] = total / root
    return True


@Kernel
def solve(factor: FloatArray, vector: FloatArray) -> None:
    """Replace ``vector`` by the solution of (L L') x = vector."""
    size = len(vector)
    for i in range(size):
        total = vector[i]
        for k in range(i):
            total -= factor[i, k] * vector[k]
        vector[i] = total / factor[i, i]
    for i in range(size - 1, -1, -1):
        total = vector[i]
        for k in range(i + 1, size):
            total -= factor[k, i] * vector[k]
        vector[i] = total / factor[i, i]


@Kernel
def weighted_fit(
    x: FloatArray,
    products: FloatArray,
    y: FloatArray,
    weight: FloatArray,
    ridge: float,
    packed: FloatArray,
    matrix: FloatArray,
    beta: FloatArray,
) -> bool:
    """Weighted least squares into ``beta`` (p,), ``matrix`` gets the Cholesky factor.

    ``products`` (m, p (p + 1) / 2) are the products of the columns of ``x`` (m, p), packed by rows
    of the lower triangle. ``ridge`` times the sum of weights is added to all but the constant.
    """
    size = x.shape[1]
    packed[:] = 0.0
    beta[:] = 0.0
    total = 0.0
    for i in range(len(y)):
        w = weight[i]
        wy = w * y[i]
        total += w
        for j in range(packed.size):
            packed[j] += w * products[i, j]
        for j in range(size):
            beta[j] += wy * x[i, j]
    unpack(packed, matrix)
    for i in range(1, size):
        matrix[i, i] += ridge * total
    if not cholesky(matrix):
        beta[:] = np.nan
        return False
    solve(matrix, beta)
    return True


@Kernel
def residuals(columns: FloatArray, y: FloatArray, beta: FloatArray, out: FloatArray) -> None:
    """Y - X beta; ``columns`` (p, m) is X transposed, so that the loop over dates is innermost."""
    out[:] = y
    for j in range(len(beta)):
        b = beta[j]
        for i in range(len(y)):
            out[i] -= b * columns[j, i]


@Kernel
def start_asymmetric(residual: FloatArray, weight: FloatArray, tau: float) -> bool:
    """Weights of the expectile ``tau``; False where they are those of the last round."""
    changed = False
    for i in range(len(residual)):
        w = tau if residual[i] > 0.0 else 1.0 - tau
        if w != weight[i]:
            changed = True
            weight[i] = w
    return changed


@Kernel
def bisquare(residual: FloatArray, reach: float, weight: FloatArray) -> None:
    """Tukey's weights (1 - (r / reach)^2)^2, 0 beyond ``reach``."""
    factor = 1.0 / (reach * reach)
    for i in range(len(residual)):
        w = max(0.0, 1.0 - residual[i] * residual[i] * factor)
        weight[i] = w * w


@Kernel
def irls_series(
    x: FloatArray,
    products: FloatArray,
    columns: FloatArray,
    y: FloatArray,
    options: FitOptions,
    beta: FloatArray,
) -> tuple[float, int]:
    """Robust fit of one series without gaps into ``beta``; returns the scale and the iterations."""
    size, count = x.shape[1], len(y)
    lower, ridge = options.lower, options.ridge
    packed, matrix = np.empty(products.shape[1]), np.empty((size, size))
    weight, residual, work = np.ones(count), np.empty(count), np.empty(count)
    last = np.empty(size)
    good = weighted_fit(x, products, y, weight, ridge, packed, matrix, beta)
    residuals(columns, y, beta, residual)
    if lower:
        for _ in range(options.rounds):
            if not start_asymmetric(residual, weight, options.tau):
                break
            weighted_fit(x, products, y, weight, ridge, packed, matrix, beta)
            residuals(columns, y, beta, residual)
    scale = max(options.scale_floor, spread(residual, work, lower))
    done = 0
    while good and done < options.iterations:
        done += 1
        last[:] = beta
        bisquare(residual, options.tuning * scale, weight)
        good = weighted_fit(x, products, y, weight, ridge, packed, matrix, beta)
        residuals(columns, y, beta, residual)
        scale = max(options.scale_floor, spread(residual, work, lower))
        change = 0.0
        for j in range(size):
            change = max(change, abs(beta[j] - last[j]))
        if change <= options.tolerance:
            break
    return (scale if good else np.nan), done


@Kernel
def irls_many(
    x: FloatArray, products: FloatArray, y: FloatArray, options: FitOptions, fewest: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Robust fits of the rows of ``y`` (q, n), NaN where a row has no observation.

    Returns coefficients (q, p), scale (q,) and iterations (q,); NaN where a row has fewer than
    ``fewest`` observations or cannot be fitted.
    """
    rows, size = len(y), x.shape[1]
    betas, scales, rounds = np.full((rows, size), np.nan), np.full(rows, np.nan), np.zeros(rows)
    columns = np.ascontiguousarray(x.T)
    for q in range(rows):
        valid = np.isfinite(y[q])
        count = valid.sum()
        if count < fewest:
            continue
        if count == len(x):
            scale, done = irls_series(x, products, columns, y[q], options, betas[q])
        else:
            part = x[valid]
            scale, done = irls_series(
                part,
                products[valid],
                np.ascontiguousarray(part.T),
                y[q][valid],
                options,
                betas[q],
            )
        scales[q], rounds[q] = scale, done
    return betas, scales, rounds
