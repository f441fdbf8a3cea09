# SPDX-License-Identifier: GPL-3.0-or-later
"""The majority filter compiled: counts of classes that slide along the rows."""

from __future__ import annotations

import numpy as np

from ...jit import Kernel
from ...types import AnyArray


@Kernel
def most_frequent(counts: AnyArray, own: int) -> int:
    """The index from 1 with the largest of ``counts``; ``own`` where there are several."""
    best, most, tie = own, counts[own], False
    for index in range(1, len(counts)):
        if index != own and counts[index] >= most:
            tie = counts[index] == most
            best, most = index, counts[index]
    return own if tie else best


@Kernel
def slide_majority(padded: AnyArray, widths: AnyArray, classes: int, out: AnyArray) -> None:
    """The most frequent index around each pixel of ``out`` (rows, columns).

    ``padded`` (rows + 2 r, columns + 2 r): indices from 1, 0 is no class and stays so; ``widths``
    (2 r + 1,): how far the neighborhood reaches to both sides in each of its rows. A tie keeps the
    pixel.
    """
    rows, columns = out.shape
    span = len(widths)
    radius = span // 2
    counts = np.zeros(classes + 1, np.int64)
    for row in range(rows):
        counts[:] = 0
        for line in range(span):
            reach = widths[line]
            for column in range(radius - reach, radius + reach + 1):
                counts[padded[row + line, column]] += 1
        for column in range(columns):
            if column > 0:
                for line in range(span):
                    reach = widths[line]
                    middle = column + radius
                    counts[padded[row + line, middle + reach]] += 1
                    counts[padded[row + line, middle - reach - 1]] -= 1
            own = padded[row + radius, column + radius]
            out[row, column] = own if own == 0 else most_frequent(counts, own)
