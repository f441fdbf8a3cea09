# SPDX-License-Identifier: GPL-3.0-or-later
"""A map made smoother: each pixel gets the class that is most frequent around it.

The same labels as the ClassificationMapRegularization of the Orfeo ToolBox: pixels without a class
stay so and do not count, ties keep the pixel, and beyond its edge the map has no class.
"""

from __future__ import annotations

import numpy as np

from ...jit import runs_compiled
from ...types import AnyArray
from .majority_kernels import slide_majority

SHAPES = CIRCLE, SQUARE = ("circle", "square")


def reach_of_rows(radius: int, shape: str) -> AnyArray:
    """How far a neighborhood reaches to both sides in each of its rows (2 r + 1,).

    A circle holds the pixels whose center is not farther than r + 0.5.
    """
    steps = np.arange(-radius, radius + 1)
    if shape == SQUARE:
        return np.full(len(steps), radius, dtype=np.int64)
    reach = np.floor(np.sqrt((radius + 0.5) ** 2 - steps**2))
    return np.asarray(np.clip(reach, 0, radius), dtype=np.int64)


def majority(padded: AnyArray, radius: int, shape: str, compiled: bool | None = None) -> AnyArray:
    """The filtered map (rows, columns) out of codes ``padded`` by ``radius`` pixels on each side,
    0 where there is no class.
    """
    codes = np.flatnonzero(np.bincount(padded.ravel()))
    codes = codes[codes > 0]
    lookup = np.zeros(int(padded.max(initial=0)) + 1, dtype=np.uint16)
    lookup[codes] = np.arange(1, len(codes) + 1)
    indices = lookup[padded]
    rows, columns = (side - 2 * radius for side in padded.shape)
    out = np.zeros((rows, columns), dtype=np.uint16)
    widths = reach_of_rows(radius, shape)
    if runs_compiled(compiled):
        slide_majority(indices, widths, len(codes), out)
    else:
        out = _plain(indices, widths, len(codes), out)
    return np.concatenate([[0], codes]).astype(padded.dtype)[out]


def _plain(indices: AnyArray, widths: AnyArray, classes: int, out: AnyArray) -> AnyArray:
    """As the kernel, class by class."""
    radius = len(widths) // 2
    rows, columns = out.shape
    own = indices[radius : radius + rows, radius : radius + columns]
    most = np.zeros(out.shape, dtype=np.int64)
    best, tie = np.zeros_like(out), np.zeros(out.shape, dtype=np.bool_)
    for index in range(1, classes + 1):
        counts = _counts(indices == index, widths, (rows, columns))
        more = counts > most
        tie = np.where(more, False, tie | ((counts == most) & (counts > 0)))
        best, most = np.where(more, index, best), np.maximum(counts, most)
    return np.where((own == 0) | tie, own, best)


def _counts(here: AnyArray, widths: AnyArray, shape: tuple[int, int]) -> AnyArray:
    radius = len(widths) // 2
    rows, columns = shape
    sums = np.zeros((here.shape[0], here.shape[1] + 1), dtype=np.int64)
    np.cumsum(here, axis=1, out=sums[:, 1:])
    total = np.zeros(shape, dtype=np.int64)
    for line, reach in enumerate(widths):
        first = radius - reach
        part = sums[line : line + rows]
        total += part[:, first + 2 * reach + 1 :][:, :columns] - part[:, first:][:, :columns]
    return total
