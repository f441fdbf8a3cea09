# SPDX-License-Identifier: GPL-3.0-or-later
"""Generalized least squares of one series for many changes and many correlations in time.

Where all bands have the same dates, a fit needs the products of the columns and the values only:
those of the seasonal model, which are the most, are kept for each correlation while one candidate
for a change after the other is looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np

from ..types import FloatArray
from .robust import RIDGE, SCALE_FLOOR


class Solver(Protocol):
    """A correlation matrix, as far as it is needed here (``persistence.Correlation``)."""

    log_determinant: float

    def solve(self, vectors: FloatArray) -> FloatArray:
        """The inverse of the matrix times ``vectors`` (n, m)."""


class ChangeFits(NamedTuple):
    """Fits for g correlations: the ``change`` (g, k), its ``spread`` (g,), the variance where that
    of the noise is 1, the ``scatter`` (g, k, k) of what is left, whitened, and the restricted
    ``likelihood`` (g, k), its logarithm.
    """

    change: FloatArray
    spread: FloatArray
    scatter: FloatArray
    likelihood: FloatArray


class Whitened:
    """The other columns of the model, ``base`` (n, p - 1), and the ``values`` (n, k) without gaps
    that it is fitted to, on sorted dates; the first column is the constant.
    """

    def __init__(self, base: FloatArray, values: FloatArray) -> None:
        self._known = np.column_stack((base, values))
        self._size = base.shape[1]
        self._kept: dict[tuple[float, float], tuple[Solver, FloatArray, FloatArray]] = {}

    def solver(self, pair: tuple[float, float]) -> Solver | None:
        """The correlation of the ``pair``, where it is known already."""
        found = self._kept.get(pair)
        return None if found is None else found[0]

    def add(self, pair: tuple[float, float], solver: Solver) -> None:
        """Whiten what is known by one more correlation."""
        solved = solver.solve(self._known)
        self._kept[pair] = (solver, solved, self._known.T @ solved)

    def fits(self, column: FloatArray, pairs: Sequence[tuple[float, float]]) -> ChangeFits:
        """Fit the model with a ``column`` (n,) more for each of the ``pairs`` (g), all added."""
        kept = [self._kept[pair] for pair in pairs]
        gram, own = self._products(column, kept)
        size, count = self._size + 1, len(column)
        plain, right, power = gram[:, :size, :size], gram[:, :size, size:], gram[:, size:, size:]
        matrix = plain.copy()
        inner = np.arange(1, size)
        matrix[:, inner, inner] += RIDGE * count
        last = np.zeros((len(pairs), size, 1))
        last[:, -1] = 1.0
        solved = np.linalg.solve(matrix, np.concatenate((right, last), axis=2))
        beta, unit = solved[:, :, :-1], solved[:, :, -1]
        cross = beta.transpose(0, 2, 1) @ right
        scatter = power - cross - cross.transpose(0, 2, 1)
        scatter += beta.transpose(0, 2, 1) @ plain @ beta
        scatter /= count - size
        variance = np.maximum(np.diagonal(scatter, axis1=1, axis2=2), SCALE_FLOOR**2)
        logs = (count - size) * np.log(variance) + own[:, None]
        logs = logs + np.linalg.slogdet(matrix)[1][:, None]
        spread = (unit[:, None, :] @ plain @ unit[:, :, None])[:, 0, 0]
        return ChangeFits(beta[:, -1], spread, scatter, -0.5 * logs)

    def _products(
        self, column: FloatArray, kept: Sequence[tuple[Solver, FloatArray, FloatArray]]
    ) -> tuple[FloatArray, FloatArray]:
        """Products (g, p + k, p + k) of all columns, the new one behind the others, and of the
        values; and the logarithms (g,) of the determinants.
        """
        size, width = self._size, self._known.shape[1] + 1
        gram = np.empty((len(kept), width, width))
        old = np.delete(np.arange(width), size)
        inside = np.ix_(old, old)
        for at, (solver, solved, products) in enumerate(kept):
            gram[at][inside] = products
            gram[at, size, old] = gram[at, old, size] = column @ solved
            gram[at, size, size] = column @ solver.solve(column[:, None])[:, 0]
        return gram, np.array([solver.log_determinant for solver, _, _ in kept])
