# SPDX-License-Identifier: GPL-3.0-or-later
"""Robust linear fits of many series at once.

Iteratively reweighted least squares: Huber's weights first, which converge from anywhere, then
Tukey's biweight, which forgets clouds that the mask has missed (Holland and Welsch 1977,
doi:10.1080/03610927708827533). All pixels share the dates, so the normal equations of all of them
are two matrix products.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ...spread import EXACT_TO_SIGMA
from ...types import AnyArray, BoolArray, FloatArray

CLIP = 3.0  # robust standard deviations: residuals beyond are outliers and do not count
# Standard deviation of a normal variable that is cut at +-CLIP.
CUT_FACTOR = 0.98658
_HUBER, _BIWEIGHT = 1.345, 4.685
_HUBER_STEPS, _BIWEIGHT_STEPS = 3, 3
_RIDGE = 1e-10  # keeps the equations of a pixel solvable whose dates do not tell the terms apart


@dataclass(frozen=True)
class RobustFit:
    """Of p series at n dates with k terms: ``coefficients`` (p, k); ``residuals`` (p, n), NaN where
    nothing was seen; ``used`` (p, n): seen and no outlier; ``scatter`` (p,): standard deviation of
    what is used, corrected for the cut and for the terms of the model; ``freedom`` (p,): used dates
    less terms; ``covariance`` (p, k, k) of the coefficients for residuals of standard deviation 1.
    """

    coefficients: FloatArray
    residuals: FloatArray
    used: BoolArray
    scatter: FloatArray
    freedom: FloatArray
    covariance: FloatArray

    def errors(self, term: int) -> FloatArray:
        """The standard error (p,) of the coefficient of a term."""
        found: FloatArray = self.scatter * np.sqrt(np.maximum(self.covariance[:, term, term], 0.0))
        return found


def fit_robustly(columns: FloatArray, values: FloatArray) -> RobustFit:
    """Fit ``columns`` (n, k) to ``values`` (p, n), NaN where nothing is seen.

    Series with fewer than k + 1 values have a scatter of NaN. ``values`` are of the order of 1.
    """
    seen = np.isfinite(values)
    filled = np.where(seen, values, 0.0)
    count = seen.sum(axis=1)
    weights = seen.astype(np.float64)
    coefficients = _solve(columns, filled, weights)
    for step in range(_HUBER_STEPS + _BIWEIGHT_STEPS):
        residuals = filled - coefficients @ columns.T
        if step <= _HUBER_STEPS:  # from then on the scale stays, so that the steps converge
            scale = _scale(residuals, seen, count)[:, None]
        scaled = np.abs(residuals) / scale
        weights = _huber(scaled) if step < _HUBER_STEPS else _biweight(scaled)
        weights *= seen
        coefficients = _solve(columns, filled, weights)
    residuals = filled - coefficients @ columns.T
    used, scatter, freedom = clipped_scatter(residuals, seen, columns.shape[1])
    covariance = np.linalg.inv(_normal(columns, used.astype(np.float64)))
    return RobustFit(
        coefficients, np.where(seen, residuals, np.nan), used, scatter, freedom, covariance
    )


def clipped_scatter(
    residuals: FloatArray, seen: BoolArray, terms: int
) -> tuple[BoolArray, FloatArray, FloatArray]:
    """What of ``residuals`` (p, n) is ``seen`` and within ``CLIP`` robust standard deviations of 0;
    the standard deviation (p,) of that, and its degrees of freedom (p,).

    For normal residuals this loses hardly anything against the plain standard deviation, where the
    median of absolute deviations loses 63 %; its relative standard error is 1 / sqrt(2 freedom).
    """
    count = seen.sum(axis=1)
    # A model follows its own residuals: their median is smaller than that of the errors.
    follows = np.sqrt(count / np.maximum(count - terms, 1.0))
    scale = _scale(residuals, seen, count) * follows
    used = seen & (np.abs(residuals) <= CLIP * scale[:, None])
    freedom = used.sum(axis=1) - float(terms)
    squares = np.where(used, residuals**2, 0.0).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        known = np.where(freedom > 0.0, freedom, np.nan)
        # The root of an unbiased variance is too small by about 1 / (4 freedom) on average.
        scatter = np.sqrt(squares / known) * (1.0 + 0.25 / known) / CUT_FACTOR
    return used, scatter, np.maximum(freedom, 0.0)


def median_of(values: FloatArray, seen: BoolArray) -> FloatArray:
    """The median (p,) of what of ``values`` (p, n) is ``seen``; NaN where nothing is."""
    return _median(np.where(seen, values, np.nan), seen.sum(axis=1))


def _scale(residuals: FloatArray, seen: BoolArray, count: AnyArray) -> FloatArray:
    """The robust standard deviation (p,) about 0, above 0 always."""
    # Single precision is enough for a scale, and sorts faster.
    middle = _median(np.where(seen, np.abs(residuals), np.nan).astype(np.float32), count)
    return np.maximum(np.nan_to_num(EXACT_TO_SIGMA * middle), 1e-12)


def _median(values: AnyArray, count: AnyArray) -> FloatArray:
    ordered = np.sort(values, axis=1)  # NaN last
    rows = np.arange(len(values))
    low, high = np.maximum(count - 1, 0) // 2, count // 2
    last = values.shape[1] - 1
    both = ordered[rows, low] + ordered[rows, np.minimum(high, last)].astype(np.float64)
    found: FloatArray = 0.5 * both
    return found


def _huber(scaled: FloatArray) -> FloatArray:
    ratio: FloatArray = np.divide(_HUBER, np.maximum(scaled, _HUBER))
    return ratio


def _biweight(scaled: FloatArray) -> FloatArray:
    weight = np.maximum(1.0 - (scaled / _BIWEIGHT) ** 2, 0.0)
    squared: FloatArray = np.square(weight)
    return squared


def _solve(columns: FloatArray, values: FloatArray, weights: FloatArray) -> FloatArray:
    right = (weights * values) @ columns
    found: FloatArray = np.linalg.solve(_normal(columns, weights), right[..., None])[..., 0]
    return found


def _normal(columns: FloatArray, weights: FloatArray) -> FloatArray:
    """The matrices (p, k, k) of the normal equations."""
    terms = columns.shape[1]
    rows, places = _triangle(terms)
    products = columns[:, rows] * columns[:, places]
    matrices = np.empty((len(weights), terms, terms))
    packed = weights @ products
    matrices[:, rows, places] = packed
    matrices[:, places, rows] = packed
    matrices[:, np.arange(terms), np.arange(terms)] += _RIDGE
    return matrices


@lru_cache(maxsize=8)
def _triangle(terms: int) -> tuple[AnyArray, AnyArray]:
    rows, places = np.triu_indices(terms)
    return rows, places


__all__ = ["CLIP", "CUT_FACTOR", "RobustFit", "clipped_scatter", "fit_robustly", "median_of"]
