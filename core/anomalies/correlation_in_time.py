# SPDX-License-Identifier: GPL-3.0-or-later
"""How alike the noise of two dates is.

The correlation of two dates d days apart is s exp(-d / L), plus 1 - s of white noise (an
Ornstein-Uhlenbeck process with a nugget). Its inverse on sorted dates is a product of tridiagonal
matrices (Rybicki & Press 1995, 10.1103/PhysRevLett.74.1060), so that all is linear in the number of
dates.
"""

from __future__ import annotations

from functools import cache
from types import ModuleType

import numpy as np

from ..dependencies import require
from ..types import FloatArray

_LEAST_APART = 0.01  # days: dates that coincide would make the inverse infinite


class Correlation:
    """The correlation matrix of n sorted dates ``days`` (n,), n >= 2, for a ``share`` (0 to 1) of
    noise that persists for ``length_days``. ``log_determinant`` is that of the matrix.
    """

    def __init__(self, days: FloatArray, share: float, length_days: float) -> None:
        self.share = share
        self.log_determinant = 0.0
        if not share:
            return
        squared = np.exp(-2.0 * np.maximum(np.diff(days), _LEAST_APART) / length_days)
        rest = 1.0 - squared
        # The inverse of the exponential part.
        self._diagonal = np.ones(len(days))
        self._diagonal[1:] += squared / rest
        self._diagonal[:-1] += squared / rest
        self._beside = -np.sqrt(squared) / rest
        self._exponential = _factor(self._diagonal, self._beside)
        self._whole = _factor((1.0 - share) * self._diagonal + share, (1.0 - share) * self._beside)
        self.log_determinant = float(np.log(self._whole[0]).sum() + np.log(rest).sum())

    def multiply(self, vectors: FloatArray) -> FloatArray:
        """The matrix times ``vectors`` (n, m)."""
        if not self.share:
            return vectors
        exponential = _solve(self._exponential, vectors)
        return np.asarray((1.0 - self.share) * vectors + self.share * exponential)

    def solve(self, vectors: FloatArray) -> FloatArray:
        """The inverse of the matrix times ``vectors`` (n, m)."""
        if not self.share:
            return vectors
        right = self._diagonal[:, None] * vectors
        right[:-1] += self._beside[:, None] * vectors[1:]
        right[1:] += self._beside[:, None] * vectors[:-1]
        return _solve(self._whole, right)


def _factor(diagonal: FloatArray, beside: FloatArray) -> tuple[FloatArray, FloatArray]:
    """L D L' of a tridiagonal matrix that is positive definite: D (n,), L below (n - 1,)."""
    pivots, below, _ = _lapack().dpttrf(diagonal, beside)
    return pivots, below


def _solve(factor: tuple[FloatArray, FloatArray], right: FloatArray) -> FloatArray:
    return np.asarray(_lapack().dpttrs(*factor, right)[0])


@cache
def _lapack() -> ModuleType:
    """LAPACK, looked up once: it is called some thousand times for a series."""
    return require("scipy.linalg.lapack")
