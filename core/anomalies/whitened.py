# SPDX-License-Identifier: GPL-3.0-or-later
"""Generalized least squares of one series for many changes and many correlations in time.

A fit needs the products of the columns and the values only: those of the columns that all changes
have in common, which are the most, are kept for each correlation, and many changes are fitted at
once.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..types import FloatArray
from .correlation_in_time import Correlation
from .robust import RIDGE, SCALE_FLOOR

Pair = tuple[float, float]  # share and length (days) of a correlation


class ChangeFits(NamedTuple):
    """Fits of c changes: the ``change`` (c, k), its ``spread`` (c,), the variance where that of the
    noise is 1, the ``scatter`` (c, k, k) of what is left, whitened, and the restricted
    ``likelihood`` (c, k), its logarithm. ``coefficients`` (c, p, k) of the whole model, and
    ``unit`` (c, p), the row of the inverse of its normal matrix that belongs to the change.
    """

    change: FloatArray
    spread: FloatArray
    scatter: FloatArray
    likelihood: FloatArray
    coefficients: FloatArray
    unit: FloatArray


class _Known(NamedTuple):
    """A correlation, the columns and values that it whitens (n, p - 1 + k), and their products."""

    correlation: Correlation
    solved: FloatArray
    products: FloatArray


class Whitened:
    """The columns ``base`` (n, p - 1) that all changes have in common, the first one constant, and
    the ``values`` (n, k) without gaps that they are fitted to, at sorted ``days`` (n,), n > p.
    """

    def __init__(self, base: FloatArray, values: FloatArray, days: FloatArray) -> None:
        self._data = np.column_stack((base, values))
        self._size, self._days = base.shape[1], days
        self._kept: dict[Pair, _Known] = {}

    def correlation(self, pair: Pair) -> Correlation:
        """The one of the dates."""
        return self._known(pair).correlation

    def fits(self, columns: FloatArray, pair: Pair) -> ChangeFits:
        """Fit the model with each of the ``columns`` (n, c) by itself behind the others."""
        known = self._known(pair)
        size, count = self._size + 1, len(columns)
        gram = self._products(columns, known)
        plain, right, power = gram[:, :size, :size], gram[:, :size, size:], gram[:, size:, size:]
        matrix = plain.copy()
        inner = np.arange(1, size)
        matrix[:, inner, inner] += RIDGE * count
        last = np.zeros((len(gram), size, 1))
        last[:, -1] = 1.0
        solved = np.linalg.solve(matrix, np.concatenate((right, last), axis=2))
        beta, unit = solved[:, :, :-1], solved[:, :, -1]
        cross = beta.transpose(0, 2, 1) @ right
        scatter = power - cross - cross.transpose(0, 2, 1)
        scatter += beta.transpose(0, 2, 1) @ plain @ beta
        scatter /= count - size
        variance = np.maximum(np.diagonal(scatter, axis1=1, axis2=2), SCALE_FLOOR**2)
        logs = (count - size) * np.log(variance) + known.correlation.log_determinant
        logs = logs + np.linalg.slogdet(matrix)[1][:, None]
        spread = (unit[:, None, :] @ plain @ unit[:, :, None])[:, 0, 0]
        return ChangeFits(beta[:, -1], spread, scatter, -0.5 * logs, beta, unit)

    def weights(self, columns: FloatArray, pair: Pair, fits: ChangeFits) -> FloatArray:
        """What the values are weighted with (c, n) to give the changes of the ``fits``."""
        known = self._known(pair)
        base = known.solved[:, : self._size]
        own = known.correlation.solve(columns)
        return np.asarray(fits.unit[:, :-1] @ base.T + fits.unit[:, -1:] * own.T)

    def left(self, columns: FloatArray, fits: ChangeFits) -> FloatArray:
        """What the ``fits`` leave (c, n, k) of the values."""
        base, values = self._data[:, : self._size], self._data[:, self._size :]
        own = columns.T[:, :, None] * fits.coefficients[:, None, -1]
        return np.asarray(values - base @ fits.coefficients[:, :-1] - own)

    def _known(self, pair: Pair) -> _Known:
        found = self._kept.get(pair)
        if found is None:
            correlation = Correlation(self._days, *pair)
            solved = correlation.solve(self._data)
            found = self._kept[pair] = _Known(correlation, solved, self._data.T @ solved)
        return found

    def _products(self, columns: FloatArray, known: _Known) -> FloatArray:
        """Products (c, p + k, p + k) of all columns, the new one behind the others, and of the
        values.
        """
        size, width = self._size, self._data.shape[1] + 1
        gram = np.empty((columns.shape[1], width, width))
        old = np.delete(np.arange(width), size)
        gram[(slice(None), *np.ix_(old, old))] = known.products
        gram[:, size, old] = gram[:, old, size] = columns.T @ known.solved
        gram[:, size, size] = (columns * known.correlation.solve(columns)).sum(axis=0)
        return gram
