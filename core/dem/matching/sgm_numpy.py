# SPDX-License-Identifier: GPL-3.0-or-later
"""Semi-global matching in numpy, for where numba is not installed: line by line, all paths of a
line at once. Same results as ``sgm_kernels``, bit by bit.
"""

from __future__ import annotations

import numpy as np

from .values import NO_COST, NO_SUM, Costs, Sums

BLOCK = 64


class Paths:
    """The paths of one direction that walk from line to line: (candidates + 2, n + 2).

    The border across is never chosen; in the border along, paths start (minimum 0, so that L = C).
    """

    def __init__(self, count: int, width: int, p1: int, p2: int) -> None:
        self.p1, self.p2 = np.uint8(p1), np.uint8(p2)
        self.paths = np.full((count + 2, width + 2), 255 - p1, np.uint8)
        self.paths[1:-1] = 0
        self.low = np.zeros(width + 2, np.uint8)
        self.width = width

    def step(self, cost: Costs, shift: int) -> Costs:
        """Go on with ``cost`` (candidates, n) from the place ``shift`` - 1 before; returns L."""
        before = self.paths[:, shift : shift + self.width]
        low = self.low[shift : shift + self.width]
        best = np.minimum(before[:-2], before[2:])
        best += self.p1
        np.minimum(best, before[1:-1], out=best)
        np.minimum(best, low + self.p2, out=best)
        best += cost
        best -= low
        self.paths[1:-1, 1:-1] = best
        self.low[1:-1] = best.min(axis=0)
        return best


def filled(cost: Costs, fill: int) -> Costs:
    """The costs, with ``fill`` where there are none."""
    return np.where(cost == NO_COST, np.uint8(fill), cost)


def along_rows(costs: Costs, fill: int, p1: int, p2: int, sums: Sums) -> None:
    """Set ``sums`` to what the two directions along the rows give."""
    rows, count, columns = costs.shape
    for first in range(0, rows, BLOCK):
        part = slice(first, min(first + BLOCK, rows))
        turned = np.ascontiguousarray(filled(costs[part], fill).transpose(2, 1, 0))
        total = np.zeros(turned.shape, np.uint16)
        for order in (range(columns), range(columns - 1, -1, -1)):
            paths = Paths(count, turned.shape[2], p1, p2)
            for column in order:
                total[column] += paths.step(turned[column], 1)
        sums[part] = total.transpose(2, 1, 0)


def across_rows(costs: Costs, fill: int, p1: int, p2: int, upward: bool, sums: Sums) -> None:
    """Add the straight and the two diagonal directions down the image, or up."""
    rows, count, columns = costs.shape
    ways = [Paths(count, columns, p1, p2) for _ in range(3)]
    for row in range(rows - 1, -1, -1) if upward else range(rows):
        line = filled(costs[row], fill)
        for shift, way in enumerate(ways):
            sums[row] += way.step(line, shift)


def mark(costs: Costs, sums: Sums) -> None:
    """Mark the sums of candidates that have no cost."""
    sums[costs == NO_COST] = NO_SUM
