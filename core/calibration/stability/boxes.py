# SPDX-License-Identifier: GPL-3.0-or-later
"""Boxes of which nearly all pixels pass, and what they cover, row by row: whatever the size of the
box, a few rows are in memory.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...types import BoolArray
from .bit_rows import BitRows


def good_boxes(passed: BitRows, box: tuple[int, int], least: float) -> BitRows:
    """The upper left corners of the boxes of rows x columns of which the share ``least`` passes."""
    found = BitRows(passed.shape)
    (rows, columns), (high, wide) = passed.shape, box
    if high > rows or wide > columns:
        return found
    count = np.zeros(columns, dtype=np.int32)  # of what passes in the last ``high`` rows
    corners = np.zeros((1, columns), dtype=np.bool_)
    for row, line in passed.lines():
        count += line
        if row >= high:
            count -= passed.read(row - high)[0]
        if row >= high - 1:
            share = (_sums(count, wide) / np.float32(high * wide)).astype(np.float32)
            corners[0, : len(share)] = share >= least
            found.write(row - high + 1, corners)
    return found


def covered_by(corners: BitRows, box: tuple[int, int], within: BitRows) -> BitRows:
    """The pixels of ``within`` that any box of rows x columns covers whose upper left ``corners``
    are given.
    """
    found = BitRows(corners.shape)
    high, wide = box
    last = np.full(corners.shape[1], -high, dtype=np.int64)  # row with a corner in each column
    for row, line in corners.lines():
        last[line] = row
        tall = row - last < high
        found.write(row, _stretched(tall, wide)[None] & within.read(row))
    return found


def _sums(values: npt.NDArray[np.int32], length: int) -> npt.NDArray[np.int32]:
    """The sums of ``length`` values from each on, as far as they fit."""
    total = np.zeros(len(values) + 1, dtype=np.int32)
    np.cumsum(values, out=total[1:])
    return total[length:] - total[:-length]


def _stretched(line: BoolArray, length: int) -> BoolArray:
    """Each set pixel and the ``length`` - 1 after it."""
    count = np.cumsum(line, dtype=np.int32)
    before = np.zeros_like(count)
    before[length:] = count[:-length]
    return np.asarray(count > before)
