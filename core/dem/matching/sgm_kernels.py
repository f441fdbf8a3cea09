# SPDX-License-Identifier: GPL-3.0-or-later
"""Semi-global matching, compiled. Same results as ``sgm_numpy``, bit by bit."""

from __future__ import annotations

import numpy as np

from ...jit import Kernel
from .values import NO_COST, NO_SUM, Costs, Sums

BLOCK = 128  # rows that walk along the lines together: one vector of the processor


@Kernel
def step(
    cost: Costs, before: Costs, before_low: Costs, p1: int, p2: int, after: Costs, after_low: Costs
) -> None:
    """One step of all paths of a line: L = C + min(L', L' at +-1 + P1, min L' + P2) - min L'.

    ``cost`` (candidates, n); ``before`` and ``after`` (candidates + 2, n) with a border at both
    ends that is never chosen; ``before_low`` and ``after_low`` (n,) are the minima of each path.
    """
    small, large = np.uint8(p1), np.uint8(p2)
    count, width = cost.shape
    after_low[:] = 255
    for d in range(count):
        below, same, above = before[d], before[d + 1], before[d + 2]
        now, result = cost[d], after[d + 1]
        for c in range(width):
            side = np.uint8(min(below[c], above[c]) + small)
            jump = np.uint8(before_low[c] + large)
            best = min(min(same[c], side), jump)
            value = np.uint8(np.uint8(now[c] + best) - before_low[c])
            result[c] = value
            after_low[c] = min(after_low[c], value)


@Kernel
def filled(cost: Costs, fill: int, out: Costs) -> None:
    """The costs of a row, with ``fill`` where there are none."""
    value = np.uint8(fill)
    for d in range(cost.shape[0]):
        row, result = cost[d], out[d]
        for c in range(cost.shape[1]):
            result[c] = value if row[c] == NO_COST else row[c]


@Kernel
def turn(costs: Costs, fill: int, turned: Costs) -> None:
    """Turn rows (k, candidates, columns) to (columns, candidates, k), small squares at a time, with
    ``fill`` where there are no costs.
    """
    none = np.uint8(fill)
    height, count, columns = costs.shape
    for d in range(count):
        for first in range(0, columns, BLOCK):
            last = min(first + BLOCK, columns)
            for k in range(height):
                line = costs[k, d]
                for c in range(first, last):
                    turned[c, d, k] = none if line[c] == NO_COST else line[c]


@Kernel
def turn_back(total: Costs, sums: Sums) -> None:
    """Write (columns, candidates, k) to rows (k, candidates, columns)."""
    height, count, columns = sums.shape
    for d in range(count):
        for first in range(0, columns, BLOCK):
            last = min(first + BLOCK, columns)
            for k in range(height):
                line = sums[k, d]
                for c in range(first, last):
                    line[c] = total[c, d, k]


@Kernel
def along_rows(costs: Costs, fill: int, p1: int, p2: int, sums: Sums) -> None:
    """Set ``sums`` to what the two directions along the rows give, some rows at a time."""
    rows, count, columns = costs.shape
    turned = np.empty((columns, count, BLOCK), np.uint8)
    total = np.empty((columns, count, BLOCK), np.uint8)
    paths = np.empty((2, count + 2, BLOCK), np.uint8)
    lows = np.empty((2, BLOCK), np.uint8)
    for first in range(0, rows, BLOCK):
        height = min(BLOCK, rows - first)
        turn(costs[first : first + height], fill, turned)
        for way in range(2):
            paths[:] = np.uint8(255 - p1)
            paths[0, 1:-1] = 0
            lows[0] = 0
            for i in range(columns):
                c = i if way == 0 else columns - 1 - i
                new, old = (i + 1) % 2, i % 2
                step(turned[c], paths[old], lows[old], p1, p2, paths[new], lows[new])
                if way == 0:
                    total[c] = paths[new, 1:-1]
                else:
                    add_small(paths[new, 1:-1], total[c])
        turn_back(total, sums[first : first + height])


@Kernel
def add_small(values: Costs, total: Costs) -> None:
    """Add ``values`` to ``total``."""
    for d in range(values.shape[0]):
        a, b = values[d], total[d]
        for c in range(values.shape[1]):
            b[c] = np.uint8(a[c] + b[c])


@Kernel
def add_three(one: Costs, two: Costs, three: Costs, total: Sums) -> None:
    """Add three paths to the sums of a row."""
    for d in range(total.shape[0]):
        a, b, c, t = one[d], two[d], three[d], total[d]
        for k in range(total.shape[1]):
            t[k] = np.uint16(t[k] + np.uint16(a[k]) + np.uint16(b[k]) + np.uint16(c[k]))


@Kernel
def across_rows(costs: Costs, fill: int, p1: int, p2: int, upward: bool, sums: Sums) -> None:
    """Add the straight and the two diagonal directions down the image, or up.

    Buffers have a column at both ends where paths start: with minimum 0, so that L = C.
    """
    rows, count, columns = costs.shape
    line = np.empty((count, columns), np.uint8)
    paths = np.empty((2, 3, count + 2, columns + 2), np.uint8)
    lows = np.zeros((2, 3, columns + 2), np.uint8)
    paths[:] = np.uint8(255 - p1)
    paths[0, :, 1:-1] = 0
    paths[1, :, 1:-1, 0] = 0
    paths[1, :, 1:-1, -1] = 0
    for i in range(rows):
        row = rows - 1 - i if upward else i
        new, old = (i + 1) % 2, i % 2
        filled(costs[row], fill, line)
        for way in range(3):
            step(
                line,
                paths[old, way, :, way : way + columns],
                lows[old, way, way : way + columns],
                p1,
                p2,
                paths[new, way, :, 1 : columns + 1],
                lows[new, way, 1 : columns + 1],
            )
        inner = paths[new, :, 1:-1, 1 : columns + 1]
        add_three(inner[0], inner[1], inner[2], sums[row])


@Kernel
def mark(costs: Costs, sums: Sums) -> None:
    """Mark the sums of candidates that have no cost."""
    for row in range(costs.shape[0]):
        for d in range(costs.shape[1]):
            cost, total = costs[row, d], sums[row, d]
            for c in range(costs.shape[2]):
                total[c] = np.uint16(NO_SUM) if cost[c] == NO_COST else total[c]
