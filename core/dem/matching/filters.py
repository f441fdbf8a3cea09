# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of a disparity map: the median of 3 x 3, and patches too small to be trusted."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...dependencies import require
from ...jit import Kernel, runs_compiled
from ...types import AnyArray, BoolArray
from .values import Float32

SPECKLE_PX = 25
SPECKLE_STEP_PX = 1.0


def median_3(values: Float32) -> Float32:
    """The median of the finite values in 3 x 3 pixels around each finite one; NaN stays NaN.

    The mean of the two in the middle where the number is even. Needs cv2, which does it where all
    nine are finite, in a tenth of the time.
    """
    cv2 = require("cv2")
    known = np.isfinite(values)
    whole = cv2.erode(known.astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=0) > 0
    result = cv2.medianBlur(np.where(known, values, np.float32(0.0)), 3)
    result[~known] = np.nan
    rest = known & ~whole
    result[rest] = median_of_known(values, *np.nonzero(rest))
    return np.asarray(result)


def median_of_known(values: Float32, row: AnyArray, column: AnyArray) -> Float32:
    """As ``median_3``, at the places ``row`` and ``column`` (n,) alone."""
    padded = np.pad(values, 1, constant_values=np.nan)
    around = np.stack([padded[row + r, column + c] for r in range(3) for c in range(3)], axis=-1)
    around.sort(axis=-1)  # NaN last
    count = np.isfinite(around).sum(axis=-1)
    at = np.arange(len(count))
    middle = around[at, (np.maximum(count, 1) - 1) // 2] + around[at, np.minimum(count // 2, 8)]
    return np.asarray(np.float32(0.5) * middle)


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
        done, count = 0, np.int64(1)
        while done < count:
            here = np.int64(patch[done])
            done += 1
            count = spread(flat, here, columns, step_px, seen, patch, count)
        if count < smallest_px:
            for i in range(count):
                small[patch[i]] = True


@Kernel
def spread(
    flat: Float32,
    here: np.int64,
    columns: int,
    step_px: float,
    seen: BoolArray,
    patch: npt.NDArray[np.int32],
    count: np.int64,
) -> np.int64:
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
