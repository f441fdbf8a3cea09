# SPDX-License-Identifier: GPL-3.0-or-later
"""Confidence of a match: one over the width of the disparities that are about as good.

The ambiguity integral of Pandora (Sarrazin et al. 2021, ISPRS Annals V-2-2021): the number of
candidates within eta of the best, integrated over eta. With whole numbers the integral is a sum of
``max(0, band - (sum - lowest))`` over the candidates. It is scaled by constants alone, where
Pandora scales it between percentiles of the tile, which makes tiles visible; and it is a width in
pixels, so that neither the range of a tile nor the step of the candidates changes it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...jit import Kernel, runs_compiled
from .values import NO_SUM, Float32, Sums

# The band, as a share of the largest sum of costs (8 paths, all bits different).
BAND = 0.7


def confidence(
    sums: Sums, bits: int, steps: int, band: float = BAND, compiled: bool | None = None
) -> Float32:
    """Confidence (rows, columns): 1 where one pixel of disparities is good, 1 / n where n are.

    NaN where there is no candidate. ``bits`` are those of the census, ``steps`` the candidates per
    pixel.
    """
    reach = max(1, int(round(band * 8 * bits)))
    widths = (width if runs_compiled(compiled) else width_numpy)(sums, reach)
    pixels = widths / np.float32(reach * steps)
    with np.errstate(divide="ignore"):
        return np.where(widths > 0, 1 / np.maximum(pixels, 1), np.nan).astype(np.float32)


@Kernel
def width(sums: Sums, reach: int) -> npt.NDArray[np.uint32]:
    """The integral, 0 where there is no candidate."""
    rows, count, columns = sums.shape
    total = np.zeros((rows, columns), np.uint32)
    top = np.empty(columns, np.uint16)
    for row in range(rows):
        out = total[row]
        top[:] = NO_SUM
        for d in range(count):
            line = sums[row, d]
            for c in range(columns):
                top[c] = min(top[c], line[c])
        for c in range(columns):
            top[c] = np.uint16(min(top[c] + reach, NO_SUM))
        for d in range(count):
            line = sums[row, d]
            for c in range(columns):
                out[c] += np.uint32(np.uint16(max(top[c], line[c]) - line[c]))
    return total


def width_numpy(sums: Sums, reach: int) -> npt.NDArray[np.uint32]:
    """As ``width``."""
    top = np.minimum(sums.min(axis=1).astype(np.int64) + reach, NO_SUM).astype(np.uint16)
    total = np.zeros(top.shape, np.uint32)
    for d in range(sums.shape[1]):
        total += np.maximum(top, sums[:, d]) - sums[:, d]
    return total
