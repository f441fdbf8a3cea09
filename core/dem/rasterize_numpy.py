# SPDX-License-Identifier: GPL-3.0-or-later
"""Filling of cells from points in numpy, for where numba is not installed. Same results as
``rasterize_kernels``.
"""

from __future__ import annotations

import numpy as np

from ..types import AnyArray, FloatArray
from .rasterize_kernels import MOST

_CELLS_AT_ONCE = 20_000


def fill_cells(
    points: FloatArray,
    starts: AnyArray,
    width: int,
    reach: int,
    limits: FloatArray,
    made: AnyArray,
) -> None:
    """As ``rasterize_kernels.fill_cells``."""
    rows = max(_CELLS_AT_ONCE // made.shape[2], 1)
    for row in range(0, made.shape[1], rows):
        part = made[:, row : row + rows]
        gathered = _gathered(
            points, starts, width, reach, limits, (row, part.shape[1], part.shape[2])
        )
        part[:] = _averaged(*gathered, limits[2], part)


def _gathered(
    points: FloatArray,
    starts: AnyArray,
    width: int,
    reach: int,
    limits: FloatArray,
    part: tuple[int, int, int],
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Heights, weights (0: none) and confidence (cells, k) of the points near each cell of some
    rows: ``part`` is the first row, how many, and the columns.
    """
    first, rows, columns = part
    row, column = (one.ravel() for one in np.mgrid[first : first + rows, 0:columns])
    lists: list[AnyArray] = []
    for r in range(2 * reach + 1):
        begin = (row + r) * width + column
        low, high = starts[begin], starts[begin + 2 * reach + 1]
        steps = np.arange(int((high - low).max(initial=0)))
        index = low[:, None] + steps
        lists.append(np.where(index < high[:, None], index, -1))
    index = np.concatenate(lists, axis=1)
    place = points[:, np.maximum(index, 0)]
    square = (place[0] - column[:, None]) ** 2 + (place[1] - row[:, None]) ** 2
    near = (index >= 0) & (square <= limits[0] * limits[0])
    near &= np.cumsum(near, axis=1) <= MOST
    weights = np.where(near, place[4] * np.exp(-0.5 * square / (limits[1] * limits[1])), 0.0)
    # The near ones to the front, in their order.
    order = np.argsort(~near, axis=1, kind="stable")[:, : max(int(near.sum(axis=1).max()), 1)]
    taken = (np.take_along_axis(one, order, 1) for one in (place[2], weights, place[3]))
    heights, weights, sure = taken
    return heights, weights, sure


def _averaged(
    heights: FloatArray, weights: FloatArray, sure: FloatArray, step: float, made: AnyArray
) -> AnyArray:
    near = weights > 0.0
    alike = (np.abs(heights[:, :, None] - heights[:, None, :]) <= step) & near[:, None, :]
    total = np.where(near, (alike * weights[:, None, :]).sum(axis=2), -1.0)
    best = np.argmax(total, axis=1)[:, None]
    middle = np.take_along_axis(heights, best, 1)
    used = near & (np.abs(heights - middle) <= step)
    weights = np.where(used, weights, 0.0)
    with np.errstate(invalid="ignore"):
        total = weights.sum(axis=1)
        mean = (weights * (heights - middle)).sum(axis=1) / total
        spread = (weights * (heights - middle - mean[:, None]) ** 2).sum(axis=1) / total
        found = [middle[:, 0] + mean, np.sqrt(spread), used.sum(axis=1).astype(float),
                 (weights * sure).sum(axis=1) / total]  # fmt: skip
    found[2] = np.where(near.any(axis=1), found[2], 0.0)
    return np.asarray(np.stack(found).reshape(made.shape))
