# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of a disparity map: the median of 3 x 3, and patches too small to be trusted."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...dependencies import require
from ...jit import Kernel, runs_compiled
from ...types import BoolArray
from .values import Float32

SPECKLE_PX = 25
SPECKLE_STEP_PX = 1.0


def median_3(values: Float32, compiled: bool | None = None) -> Float32:
    """The median of the finite values in 3 x 3 pixels around each finite one; NaN stays NaN.

    The mean of the two in the middle where the number is even.
    """
    if runs_compiled(compiled):
        return median_compiled(np.ascontiguousarray(values))
    return median_numpy(values)


def median_numpy(values: Float32) -> Float32:
    """As ``median_3``."""
    rows, columns = values.shape
    padded = np.pad(values, 1, constant_values=np.nan)
    around = np.stack(
        [padded[r : r + rows, c : c + columns] for r in range(3) for c in range(3)], axis=-1
    )
    around.sort(axis=-1)  # NaN last
    count = np.isfinite(around).sum(axis=-1)
    low = np.take_along_axis(around, (np.maximum(count - 1, 0) // 2)[..., None], -1)[..., 0]
    high = np.take_along_axis(around, (np.minimum(count // 2, 8))[..., None], -1)[..., 0]
    middle = np.float32(0.5) * (low + high)
    return np.where(np.isfinite(values), middle, np.float32(np.nan))


@Kernel
def median_compiled(values: Float32) -> Float32:
    """As ``median_3``."""
    rows, columns = values.shape
    result = np.full((rows, columns), np.nan, np.float32)
    kept = np.empty(9, np.float32)
    for row in range(rows):
        for column in range(columns):
            if not np.isfinite(values[row, column]):
                continue
            count = 0
            for r in range(max(row - 1, 0), min(row + 2, rows)):
                for c in range(max(column - 1, 0), min(column + 2, columns)):
                    value = values[r, c]
                    if np.isfinite(value):
                        place = count
                        while place > 0 and kept[place - 1] > value:
                            kept[place] = kept[place - 1]
                            place -= 1
                        kept[place] = value
                        count += 1
            middle = kept[(count - 1) // 2] + kept[count // 2]
            result[row, column] = np.float32(0.5) * middle
    return result


def speckles(
    values: Float32,
    smallest_px: int = SPECKLE_PX,
    step_px: float = SPECKLE_STEP_PX,
    compiled: bool | None = None,
) -> BoolArray:
    """Where finite pixels are in a patch of fewer than ``smallest_px``.

    A patch joins neighbors (along rows and columns) that differ by at most ``step_px``.
    """
    if runs_compiled(compiled):
        small, seen = np.zeros(values.size, bool), np.zeros(values.size, bool)
        patch = np.empty(values.size, np.int32)
        flood(values.ravel(), values.shape[1], smallest_px, step_px, seen, patch, small)
        return small.reshape(values.shape)
    return speckles_scipy(values, smallest_px, step_px)


def speckles_scipy(values: Float32, smallest_px: int, step_px: float) -> BoolArray:
    """As ``speckles``; needs scipy."""
    sparse, graph = require("scipy.sparse"), require("scipy.sparse.csgraph")
    number = np.arange(values.size).reshape(values.shape)
    with np.errstate(invalid="ignore"):
        down = abs(np.diff(values, axis=0)) <= step_px
        along = abs(np.diff(values, axis=1)) <= step_px
    one = np.concatenate([number[:-1][down], number[:, :-1][along]])
    two = np.concatenate([number[1:][down], number[:, 1:][along]])
    links = sparse.coo_matrix((np.ones(one.size, bool), (one, two)), (values.size,) * 2)
    _, label = graph.connected_components(links, directed=False)
    small = np.bincount(label)[label].reshape(values.shape) < smallest_px
    return np.asarray(small & np.isfinite(values))


@Kernel
def flood(
    flat: Float32,
    columns: int,
    smallest_px: int,
    step_px: float,
    seen: BoolArray,
    patch: npt.NDArray[np.int32],
    small: BoolArray,
) -> None:
    """As ``speckles``: patches are flooded one after the other. The last three are for ``flat``."""
    for start in range(flat.size):
        if seen[start] or not np.isfinite(flat[start]):
            continue
        seen[start] = True
        patch[0] = start
        done, count = 0, 1
        while done < count:
            here = patch[done]
            done += 1
            count = spread(flat, here, columns, step_px, seen, patch, count)
        if count < smallest_px:
            for i in range(count):
                small[patch[i]] = True


@Kernel
def spread(
    flat: Float32,
    here: int,
    columns: int,
    step_px: float,
    seen: BoolArray,
    patch: npt.NDArray[np.int32],
    count: int,
) -> int:
    """Append the neighbors of a pixel that belong to its patch; the new length of the patch."""
    column = here % columns
    for side in range(4):
        inside = (here >= columns, here + columns < flat.size, column > 0, column < columns - 1)
        there = here + (-columns, columns, -1, 1)[side]
        if inside[side] and not seen[there] and abs(flat[there] - flat[here]) <= step_px:
            seen[there] = True
            patch[count] = there
            count += 1
    return count
