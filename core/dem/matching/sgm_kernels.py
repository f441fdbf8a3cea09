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
    for c in range(width):
        after_low[c] = np.uint8(255)
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
    """Turn rows (k, candidates, columns) to (columns, candidates or more, k), small squares at a
    time, with ``fill`` where there are no costs.
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
    """Write (columns, candidates or more, k) to rows (k, candidates, columns)."""
    height, count, columns = sums.shape
    for d in range(count):
        for first in range(0, columns, BLOCK):
            last = min(first + BLOCK, columns)
            for k in range(height):
                line = sums[k, d]
                for c in range(first, last):
                    line[c] = total[c, d, k]


def along_rows(costs: Costs, fill: int, p1: int, p2: int, sums: Sums) -> None:
    """Set ``sums`` to what the two directions along the rows give, some rows at a time."""
    rows, count, columns = costs.shape
    # An odd number of blocks between columns: powers of two would meet in few lines of the cache,
    # which takes several times as long to turn.
    turned, total = (np.empty((columns, count | 1, BLOCK), np.uint8) for _ in range(2))
    for first in range(0, rows, BLOCK):
        part = slice(first, min(first + BLOCK, rows))
        turn(costs[part], fill, turned)
        total[:] = 0
        for backward in (False, True):
            paths, lows = buffers((2,), count, BLOCK, p1)
            walk(turned, p1, p2, backward, paths, lows, total)
        turn_back(total, sums[part])


def across_rows(costs: Costs, fill: int, p1: int, p2: int, upward: bool, sums: Sums) -> None:
    """Add the straight and the two diagonal directions down the image, or up.

    Buffers have a column at both ends where paths start: with minimum 0, so that L = C.
    """
    _, count, columns = costs.shape
    paths, lows = buffers((2, 3), count, columns + 2, p1)
    walk_across(
        costs, fill, p1, p2, upward, paths, lows, np.empty((count, columns), np.uint8), sums
    )


def buffers(ways: tuple[int, ...], count: int, width: int, p1: int) -> tuple[Costs, Costs]:
    """Paths (..., candidates + 2, width) that start, between borders that are never chosen; and
    their minima (..., width).
    """
    paths = np.full((*ways, count + 2, width), 255 - p1, np.uint8)
    paths[..., 1:-1, :] = 0
    return paths, np.zeros((*ways, width), np.uint8)


@Kernel
def walk(
    turned: Costs, p1: int, p2: int, backward: bool, paths: Costs, lows: Costs, total: Costs
) -> None:
    """Add the paths of one direction along the first axis to ``total``."""
    columns, count = len(turned), paths.shape[1] - 2
    for i in range(columns):
        c = columns - 1 - i if backward else i
        new, old = (i + 1) % 2, i % 2
        step(turned[c][:count], paths[old], lows[old], p1, p2, paths[new], lows[new])
        add_small(paths[new], total[c][:count])


@Kernel
def add_small(values: Costs, total: Costs) -> None:
    """Add paths (candidates + 2, n) to ``total`` (candidates, n)."""
    for d in range(total.shape[0]):
        a, b = values[d + 1], total[d]
        for c in range(total.shape[1]):
            b[c] = np.uint8(a[c] + b[c])


@Kernel
def add_three(paths: Costs, total: Sums) -> None:
    """Add three paths (3, candidates + 2, n + 2) to the sums of a row (candidates, n)."""
    for d in range(total.shape[0]):
        a, b, c, t = paths[0, d + 1], paths[1, d + 1], paths[2, d + 1], total[d]
        for k in range(total.shape[1]):
            three = np.uint16(a[k + 1]) + np.uint16(b[k + 1]) + np.uint16(c[k + 1])
            t[k] = np.uint16(t[k] + np.uint16(three))


@Kernel
def walk_across(
    costs: Costs,
    fill: int,
    p1: int,
    p2: int,
    upward: bool,
    paths: Costs,
    lows: Costs,
    line: Costs,
    sums: Sums,
) -> None:
    """As ``across_rows``, with its buffers."""
    rows, columns = len(costs), costs.shape[2]
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
        add_three(paths[new], sums[row])


@Kernel
def mark(costs: Costs, sums: Sums) -> None:
    """Mark the sums of candidates that have no cost."""
    for row in range(costs.shape[0]):
        for d in range(costs.shape[1]):
            cost, total = costs[row, d], sums[row, d]
            for c in range(costs.shape[2]):
                total[c] = np.uint16(NO_SUM) if cost[c] == NO_COST else total[c]
