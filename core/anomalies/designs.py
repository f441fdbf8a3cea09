# SPDX-License-Identifier: GPL-3.0-or-later
"""Design matrices of many series at once: the same one for all, or with a column that each has for
itself, as a step on a date of its own.
"""

from __future__ import annotations

import numpy as np

from ..types import AnyArray, FloatArray
from .robust_numpy import Design


class AddedColumn(Design):
    """The columns ``base`` (n, p - 1) of all series, and behind them ``own`` (q, n), one for each.

    Every product is one of matrices with what is common, and a sum along the dates with what is
    not.
    """

    def __init__(self, base: FloatArray, own: FloatArray) -> None:
        super().__init__(base)
        self.base, self.own, self.size = base, own, base.shape[1] + 1

    def part(self, rows: AnyArray) -> AddedColumn:
        """The design of some of the series, with their own columns."""
        found = AddedColumn.__new__(AddedColumn)
        found.base, found.products, found.size = self.base, self.products, self.size
        found.x, found.own = self.base, self.own[rows]
        return found

    def normal(self, weights: FloatArray, ridge: float) -> FloatArray:
        """As ``Design.normal``: the own column is the last row and column."""
        inner = self.size - 1
        mine = weights * self.own
        result = np.empty((len(weights), self.size, self.size))
        result[:, :inner, :inner] = super().normal(weights, ridge)
        result[:, inner, :inner] = result[:, :inner, inner] = mine @ self.base
        result[:, inner, inner] = (mine * self.own).sum(axis=1) + ridge * weights.sum(axis=1)
        return result

    def right(self, weighted: FloatArray) -> FloatArray:
        """As ``Design.right``."""
        return np.column_stack((weighted @ self.base, (weighted * self.own).sum(axis=1)))

    def values(self, beta: FloatArray) -> FloatArray:
        """As ``Design.values``."""
        return np.asarray(beta[:, :-1] @ self.base.T + beta[:, -1:] * self.own)

    def leverage(self, inverse: FloatArray) -> FloatArray:
        """As ``Design.leverage``, for symmetric matrices."""
        cross = inverse[:, -1, :-1] @ self.base.T
        common = super().leverage(np.ascontiguousarray(inverse[:, :-1, :-1]))
        return np.asarray(common + self.own * (2.0 * cross + inverse[:, -1, -1:] * self.own))
