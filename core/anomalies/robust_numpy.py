# SPDX-License-Identifier: GPL-3.0-or-later
"""Robust and plain fits of many series at once in numpy, for where numba is not installed."""

from __future__ import annotations

import numpy as np

from ..types import AnyArray, BoolArray, FloatArray
from .fit_parts import NORMAL, FitOptions


def square_products(x: FloatArray) -> FloatArray:
    """Products (n, p p) of the columns of ``x`` (n, p): one matrix product makes all normal
    matrices.
    """
    return np.asarray((x[:, :, None] * x[:, None, :]).reshape(len(x), x.shape[1] ** 2))


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


class Design:
    """A design ``x`` (n, p) and what is made of it, for the rows (q) of many series."""

    def __init__(self, x: FloatArray) -> None:
        self.x, self.size, self.products = x, x.shape[1], square_products(x)

    def part(self, rows: AnyArray) -> Design:
        """The design of some of the series."""
        return self

    def normal(self, weights: FloatArray, ridge: float) -> FloatArray:
        """X' W X (q, p, p), as ``normal_matrices``."""
        return normal_matrices(self.products, weights, ridge)

    def right(self, weighted: FloatArray) -> FloatArray:
        """X' v (q, p) of the rows v of ``weighted`` (q, n)."""
        return np.asarray(weighted @ self.x)

    def values(self, beta: FloatArray) -> FloatArray:
        """The models (q, n) of coefficients ``beta`` (q, p)."""
        return np.asarray(beta @ self.x.T)

    def leverage(self, inverse: FloatArray) -> FloatArray:
        """X' M x (q, n) of each date for matrices M (q, p, p)."""
        return np.asarray(inverse.reshape(len(inverse), inverse.shape[1] ** 2) @ self.products.T)

    def fits(self, y: FloatArray, weights: FloatArray, ridge: float) -> FloatArray:
        """Weighted least squares (q, p) of rows ``y`` (q, n), whose gaps are 0 with weight 0."""
        return _solve(self.normal(weights, ridge), self.right(weights * y))


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
    x: FloatArray | Design, y: FloatArray, options: FitOptions, fewest: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """As ``robust_kernels.irls_many``: coefficients (q, p), scale (q,), iterations (q,)."""
    design = x if isinstance(x, Design) else Design(x)
    betas = np.full((len(y), design.size), np.nan)
    scales, rounds = np.full(len(y), np.nan), np.zeros(len(y))
    finite = np.isfinite(y)
    rows = np.flatnonzero(finite.sum(axis=1) >= fewest)
    if rows.size:
        valid = finite[rows]
        filled = np.where(valid, y[rows], 0.0)
        found = _irls(design.part(rows), filled, valid, options)
        betas[rows], scales[rows], rounds[rows] = found
    return betas, scales, rounds


def _irls(
    design: Design, y: FloatArray, valid: BoolArray, options: FitOptions
) -> tuple[FloatArray, FloatArray, FloatArray]:
    floor, lower = options.scale_floor, options.lower
    beta = _start(design, y, valid, options)
    residual = y - design.values(beta)
    scale = np.maximum(floor, _spread(residual, valid, lower))
    rounds = np.zeros(len(y))
    active = np.flatnonzero(np.isfinite(beta[:, 0]))
    for _ in range(options.iterations):
        if not active.size:
            break
        here, good, mine = y[active], valid[active], design.part(active)
        u = residual[active] / (options.tuning * scale[active])[:, None]
        weights = np.where(good, np.maximum(0.0, 1.0 - u * u) ** 2, 0.0)
        new = mine.fits(here, weights, options.ridge)
        left = here - mine.values(new)
        residual[active] = left
        scale[active] = np.maximum(floor, _spread(left, good, lower))
        change = np.abs(new - beta[active]).max(axis=1)
        beta[active] = new
        rounds[active] += 1
        active = active[change > options.tolerance]
    scale[~np.isfinite(beta[:, 0])] = np.nan
    return beta, scale, rounds


def _start(design: Design, y: FloatArray, valid: BoolArray, options: FitOptions) -> FloatArray:
    """Least squares, or the expectile fit for masks that let clouds through."""
    weights = valid.astype(np.float64)
    beta = design.fits(y, weights, options.ridge)
    if not options.lower:
        return beta
    active = np.arange(len(y))
    for _ in range(options.rounds):
        above = y[active] - design.part(active).values(beta[active]) > 0.0
        new = np.where(valid[active], np.where(above, options.tau, 1.0 - options.tau), 0.0)
        moved = (new != weights[active]).any(axis=1)
        weights[active] = new
        active = active[moved]
        if not active.size:
            break
        mine = design.part(active)
        beta[active] = mine.fits(y[active], weights[active], options.ridge)
    return beta
