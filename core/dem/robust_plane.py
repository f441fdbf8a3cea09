# SPDX-License-Identifier: GPL-3.0-or-later
"""Robust linear regression on many cells and few columns.

Huber's weights find the way from anywhere; Tukey's bisquare, which gives nothing to what is far
off, then keeps changed ground (trees, ice, clouds) from pulling the fit to its side.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from ..spread import median_and_nmad
from ..types import FloatArray

Values = npt.NDArray[np.floating[Any]]
HUBER = 1.345  # Huber (1964), DOI 10.1214/aoms/1177703732: 95 % efficient for normal errors
BISQUARE = 4.685  # Beaton and Tukey (1974), DOI 10.1080/00401706.1974.10489171: as much
_SMALLEST = 1e-9  # m: a scale is never 0
_ROUNDS = 6
_SETTLED = 1e-4  # of the standard deviation of the residuals
_MOST = 100_000  # cells from which on a regular part of them finds the weights' start


def robust_fit(design: Values, values: Values) -> tuple[FloatArray, float]:
    """Coefficients (k,) of ``values`` (n,) on the rows of ``design`` (k, n), the last of which is
    1, by Tukey's M-estimate after Huber's; and the NMAD of the residuals, its scale.
    """
    every = max(1, values.size // _MOST)
    few, of_few = np.ascontiguousarray(design[:, ::every]), np.ascontiguousarray(values[::every])
    start = np.zeros(len(design))
    start[-1] = float(np.median(of_few))
    found = _iterated(few, of_few, start, huber_weights)
    found = _iterated(few, of_few, found, bisquare_weights)
    left = residuals(design, values, found)
    scale = max(median_and_nmad(left)[1], _SMALLEST)
    found += _change(design, left, bisquare_weights(left, scale))
    return found, scale


def residuals(design: Values, values: Values, coefficients: FloatArray) -> Values:
    """What the fit leaves of ``values`` (n,)."""
    return np.asarray(values - coefficients.astype(design.dtype) @ design)


def huber_weights(left: Values, scale: float) -> Values:
    """1 within 1.345 scales, falling as 1 by distance beyond (n,)."""
    limit = np.asarray(HUBER * scale, dtype=left.dtype)
    return np.asarray(limit / np.maximum(np.abs(left), limit))


def bisquare_weights(left: Values, scale: float) -> Values:
    """(1 - (r / 4.685 scales)^2)^2, 0 beyond (n,)."""
    share = np.square(left * left.dtype.type(1.0 / (BISQUARE * scale)))
    return np.asarray(np.square(np.maximum(1.0 - share, 0.0)))


def bisquare_slopes(left: Values, scale: float) -> Values:
    """The derivative of residual times weight (n,)."""
    share = np.square(left * left.dtype.type(1.0 / (BISQUARE * scale)))
    return np.asarray(np.maximum(1.0 - share, 0.0) * (1.0 - 5.0 * share))


def _iterated(
    design: Values, values: Values, start: FloatArray, weights: Callable[[Values, float], Values]
) -> FloatArray:
    found = start
    for _ in range(_ROUNDS):
        left = residuals(design, values, found)
        scale = max(median_and_nmad(left)[1], _SMALLEST)
        change = _change(design, left, weights(left, scale))
        found = found + change
        if np.abs(change).max() <= _SETTLED * scale:
            break
    return found


def _change(design: Values, left: Values, weights: Values) -> FloatArray:
    """One weighted least-squares step; columns that tell nothing change nothing."""
    weighted = design * weights
    normal = (weighted @ design.T).astype(np.float64)
    return np.asarray(np.linalg.lstsq(normal, (weighted @ left).astype(np.float64), rcond=1e-10)[0])
