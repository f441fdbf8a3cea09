# SPDX-License-Identifier: GPL-3.0-or-later
"""Which corners of a line stay, compiled.

Douglas and Peucker 1973 (10.3138/FM57-6770-U75U-7727).
"""

from __future__ import annotations

import numpy as np

from ...jit import Kernel
from ...types import AnyArray


@Kernel
def keep_corners(line: AnyArray, tolerance: float, keep: AnyArray) -> None:
    """Set ``keep`` (n,) where a corner of ``line`` (n, 2) lies farther than ``tolerance`` from the
    line through its neighbors that stay; both ends stay.
    """
    count = len(line)
    stack = np.empty((count + 1, 2), np.int64)
    keep[0] = keep[count - 1] = True
    stack[0, 0], stack[0, 1], depth = 0, count - 1, 1
    while depth > 0:
        depth -= 1
        first, last = stack[depth, 0], stack[depth, 1]
        x0, y0 = line[first, 0], line[first, 1]
        dx, dy = line[last, 0] - x0, line[last, 1] - y0
        length = dx * dx + dy * dy
        worst, at = tolerance * tolerance, -1
        for place in range(first + 1, last):
            px, py = line[place, 0] - x0, line[place, 1] - y0
            if length > 0.0:
                share = min(max((px * dx + py * dy) / length, 0.0), 1.0)
                px, py = px - share * dx, py - share * dy
            away = px * px + py * py
            if away > worst:
                worst, at = away, place
        if at >= 0:
            keep[at] = True
            stack[depth, 0], stack[depth, 1] = first, at
            stack[depth + 1, 0], stack[depth + 1, 1] = at, last
            depth += 2
