# SPDX-License-Identifier: GPL-3.0-or-later
"""Robust and plain fits of many series at once in numpy, for where numba is not installed."""

from __future__ import annotations

import numpy as np

from ..types import BoolArray, FloatArray
from .fit_parts import NORMAL, FitOptions


def square_products(x: FloatArray) -> FloatArray:
    """Products (n, p p) of the columns of ``x`` (n, p): one matrix product makes all normal
    matrices.
    """
    return np.asarray((x[:, :, None] * x[:, None, :]).reshape(len(x), -1))


def normal_matrices(products: FloatArray, weights: FloatArray, ridge: float) -> FloatArray:
    """X' W X (q, p, p) for weights (q, n), with ``ridge`` times the sum of weights on all but the
    constant's diagonal.
    """
    size = int(round(np.sqrt(products.shape[1])))
    matrices = (weights @ products).reshape(-1, size, size)
    if ridge:
        diagonal = np.arange(1, size)
        matrices[:, diagonal, diagonal] += ridge * weights.sum(axis=1)[:, None]
    return matrices


def _solve(matrices: FloatArray, vectors: FloatArray) -> FloatArray:
    """Solutions (q, p); NaN where a matrix is singular."""
    try:
        return np.asarray(np.linalg.solve(matrices, vectors[..., None])[..., 0])
    except np.linalg.LinAlgError:
        return _solve_positive(matrices, vectors)


def _solve_positive(matrices: FloatArray, vectors: FloatArray) -> FloatArray:
    least = np.linalg.eigvalsh(matrices)
    good = least[:, 0] > 1e-14 * least[:, -1]
    result = np.full(vectors.shape, np.nan)
    if good.any():
        result[good] = np.linalg.solve(matrices[good], vectors[good][..., None])[..., 0]
    return result


def weighted_fits(
    x: FloatArray, products: FloatArray, y: FloatArray, weights: FloatArray, ridge: float
) -> FloatArray:
    """Weighted least squares (q, p) of rows ``y`` (q, n), whose gaps are 0 with weight 0."""
    return _solve(normal_matrices(products, weights, ridge), (weights * y) @ x)


def medians(values: FloatArray) -> FloatArray:
    """Medians (q,) of the finite values of each row, 0 where there are none; infinite = absent."""
    count = np.isfinite(values).sum(axis=1)
    if count.size and count[0] > 0 and (count == count[0]).all():
        middle = [(int(count[0]) - 1) // 2, int(count[0]) // 2]
        return np.asarray(np.partition(values, middle, axis=1)[:, middle].mean(axis=1))
    ordered = np.sort(values, axis=1)
    row = np.arange(len(values))
    upper = ordered[row, np.minimum(count // 2, values.shape[1] - 1)]
    lower = ordered[row, np.maximum(count - 1, 0) // 2]
    return np.where(count > 0, 0.5 * (np.where(count > 0, lower, 0.0) + upper), 0.0)


def _spread(residual: FloatArray, valid: BoolArray, lower: bool) -> FloatArray:
    used = valid & (residual < 0.0) if lower else valid
    return medians(np.where(used, np.abs(residual), np.inf)) / NORMAL


def irls_many(
    x: FloatArray, y: FloatArray, options: FitOptions, fewest: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """As ``robust_kernels.irls_many``: coefficients (q, p), scale (q,), iterations (q,)."""
    betas = np.full((len(y), x.shape[1]), np.nan)
    scales, rounds = np.full(len(y), np.nan), np.zeros(len(y))
    finite = np.isfinite(y)
    rows = np.flatnonzero(finite.sum(axis=1) >= fewest)
    if rows.size:
        valid = finite[rows]
        filled = np.where(valid, y[rows], 0.0)
        betas[rows], scales[rows], rounds[rows] = _irls(x, filled, valid, options)
    return betas, scales, rounds


def _irls(
    x: FloatArray, y: FloatArray, valid: BoolArray, options: FitOptions
) -> tuple[FloatArray, FloatArray, FloatArray]:
    floor, lower = options.scale_floor, options.lower
    products = square_products(x)
    beta = _start(x, products, y, valid, options)
    residual = y - beta @ x.T
    scale = np.maximum(floor, _spread(residual, valid, lower))
    rounds = np.zeros(len(y))
    active = np.flatnonzero(np.isfinite(beta[:, 0]))
    for _ in range(options.iterations):
        if not active.size:
            break
        here, good = y[active], valid[active]
        u = residual[active] / (options.tuning * scale[active])[:, None]
        weights = np.where(good, np.maximum(0.0, 1.0 - u * u) ** 2, 0.0)
        new = weighted_fits(x, products, here, weights, options.ridge)
        left = here - new @ x.T
        residual[active] = left
        scale[active] = np.maximum(floor, _spread(left, good, lower))
        change = np.abs(new - beta[active]).max(axis=1)
        beta[active] = new
        rounds[active] += 1
        active = active[change > options.tolerance]
    scale[~np.isfinite(beta[:, 0])] = np.nan
    return beta, scale, rounds


def _start(
    x: FloatArray, products: FloatArray, y: FloatArray, valid: BoolArray, options: FitOptions
) -> FloatArray:
    """Least squares, or the expectile fit for masks that let clouds through."""
    weights = valid.astype(np.float64)
    beta = weighted_fits(x, products, y, weights, options.ridge)
    if not options.lower:
        return beta
    active = np.arange(len(y))
    for _ in range(options.rounds):
        above = y[active] - beta[active] @ x.T > 0.0
        new = np.where(valid[active], np.where(above, options.tau, 1.0 - options.tau), 0.0)
        moved = (new != weights[active]).any(axis=1)
        weights[active] = new
        active = active[moved]
        if not active.size:
            break
        beta[active] = weighted_fits(x, products, y[active], weights[active], options.ridge)
    return beta
