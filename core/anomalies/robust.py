# SPDX-License-Identifier: GPL-3.0-or-later
"""Robust and plain fits of the seasonal model, of one series or of whole stacks.

Robust: iteratively reweighted least squares with Tukey's bisquare (Beaton & Tukey 1974,
10.1080/00401706.1974.10489171; Holland & Welsch 1977, 10.1080/03610927708827533). Where a mask lets
more than some tens of percent of clouds through, the median of |r| is taken by the clouds; then the
fit starts from an expectile (Newey & Powell 1987, 10.2307/1911031) and takes its scale from the
residuals below.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..jit import worth_compiling
from ..types import FloatArray
from . import robust_kernels, robust_numpy
from .fit_parts import TUNING, FitOptions, packed_products

SCALE_FLOOR = 0.002  # reflectance: quantized or constant series have no smaller noise
RIDGE = 1e-4
EXPECTILE, EXPECTILE_ROUNDS = 0.1, 30
_CHUNK_CELLS = 100_000  # small enough for the cache of a core


@dataclass(frozen=True)
class FitSettings:
    """How a robust fit is made.

    ``tolerance`` is the largest change of a coefficient (reflectance) at which it stops,
    ``iterations`` the most it makes. ``ridge`` times the number of observations is added to the
    normal matrix (not to the constant), which holds harmonics in long gaps. ``scale_floor`` is the
    smallest scale (reflectance). ``lower`` starts from an expectile and takes the scale from
    below.
    """

    tolerance: float = 1e-5
    iterations: int = 50
    ridge: float = RIDGE
    scale_floor: float = SCALE_FLOOR
    lower: bool = False
    tuning: float = TUNING

    def options(self) -> FitOptions:
        """The numbers that the kernels read."""
        return FitOptions(
            float(self.tolerance),
            self.iterations,
            float(self.ridge),
            float(self.scale_floor),
            float(self.tuning),
            self.lower,
            EXPECTILE,
            EXPECTILE_ROUNDS,
        )


@dataclass(frozen=True)
class Fit:
    """Fitted models: ``coefficients`` (p, ...), ``scale`` (...) in reflectance, ``count`` (...) of
    observations, ``iterations`` (...). NaN where a series could not be fitted.
    """

    coefficients: FloatArray
    scale: FloatArray
    count: FloatArray
    iterations: FloatArray

    def expected(self, x: FloatArray) -> FloatArray:
        """The model (n, ...) at the rows of a design matrix ``x`` (n, p)."""
        return np.tensordot(x, self.coefficients, axes=1)


def fit_robust(
    x: FloatArray,
    values: FloatArray,
    settings: FitSettings | None = None,
    compiled: bool | None = None,
) -> Fit:
    """Fit the design ``x`` (n, p) to ``values`` (n,), (n, k) or (n, k, pixels) by Tukey's bisquare.

    Gaps are NaN (infinite values count as gaps); each series has its own. A series with fewer than
    p + 1 observations, or whose normal matrix is singular with ``ridge`` 0, gives NaN. ``scale`` is
    median|r| / 0.6745, not below the floor. ``compiled``: with numba (None: where it is installed
    and there are many series); both ways agree to 1e-9.
    """
    settings = settings or FitSettings()
    rows, shape = _rows(x, values)
    options, fewest = settings.options(), x.shape[1] + 1
    if worth_compiling(len(rows), compiled):
        found = robust_kernels.irls_many(
            np.ascontiguousarray(x), packed_products(np.ascontiguousarray(x)), rows, options, fewest
        )
    else:
        parts = [robust_numpy.irls_many(x, part, options, fewest) for part in _chunks(rows)]
        found = (
            np.concatenate([part[0] for part in parts]),
            np.concatenate([part[1] for part in parts]),
            np.concatenate([part[2] for part in parts]),
        )
    return _fit(rows, shape, *found)


def fit_plain(x: FloatArray, values: FloatArray, ridge: float = 0.0) -> Fit:
    """Least squares of ``x`` (n, p) for ``values`` (n, ...), whole stacks at once, gaps NaN.

    ``scale`` is the root of the sum of squares over n - p. A series with fewer than p + 1
    observations, or a singular normal matrix, gives NaN. It is made of matrix products (BLAS), so
    it needs no compiled kernel.
    """
    rows, shape = _rows(x, values)
    products = robust_numpy.square_products(x)
    beta, scale = np.empty((len(rows), x.shape[1])), np.empty(len(rows))
    start = 0
    for part in _chunks(rows):
        valid = np.isfinite(part)
        weights = valid.astype(np.float64)
        filled = np.where(valid, part, 0.0)
        span = slice(start, start + len(part))
        beta[span] = robust_numpy.weighted_fits(x, products, filled, weights, ridge)
        left = (filled - beta[span] @ x.T) * weights
        freedom = weights.sum(axis=1) - x.shape[1]
        beta[span][freedom < 1] = np.nan
        squares = np.einsum("ij,ij->i", left, left)
        scale[span] = np.sqrt(np.where(freedom < 1, np.nan, squares / np.maximum(freedom, 1)))
        start += len(part)
    return _fit(rows, shape, beta, scale, np.ones(len(rows)))


def leverage(x: FloatArray, weights: FloatArray, ridge: float = RIDGE) -> FloatArray:
    """X' (X' W X)^-1 x (n,) of each date for ``weights`` (n,): the share of its own observation in
    the fit where its weight is 1, the variance of the prediction over the noise's where it is 0.
    Infinite where the matrix is singular.
    """
    products = robust_numpy.square_products(x)
    matrix = robust_numpy.normal_matrices(products, weights[None], ridge)[0]
    try:
        inverse = np.linalg.inv(matrix)
    except np.linalg.LinAlgError:
        return np.full(len(x), np.inf)
    return np.asarray(products @ inverse.ravel())


def _rows(x: FloatArray, values: FloatArray) -> tuple[FloatArray, tuple[int, ...]]:
    """Series as rows (q, n), and the shape (...) that they came in."""
    if len(x) != len(values):
        raise ValueError(f"{len(x)} rows of the design for {len(values)} dates")
    flat = np.asarray(values, dtype=np.float64).reshape(len(values), int(np.prod(values.shape[1:])))
    return np.ascontiguousarray(flat.T), values.shape[1:]


def _chunks(rows: FloatArray) -> list[FloatArray]:
    """Portions of rows that keep the working arrays small."""
    size = max(1, _CHUNK_CELLS // max(1, rows.shape[1]))
    return [rows[i : i + size] for i in range(0, max(1, len(rows)), size)]


def _fit(
    rows: FloatArray,
    shape: tuple[int, ...],
    beta: FloatArray,
    scale: FloatArray,
    iterations: FloatArray,
) -> Fit:
    count = np.isfinite(rows).sum(axis=1).astype(np.float64)
    return Fit(
        beta.T.reshape(-1, *shape),
        scale.reshape(shape),
        count.reshape(shape),
        iterations.reshape(shape),
    )
