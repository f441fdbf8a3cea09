# SPDX-License-Identifier: GPL-3.0-or-later
"""Resampling of a tile into a rectified pair, by cubic convolution.

Kernel of Keys (1981, 10.1109/TASSP.1981.1163711) with a = -0.5. Pixels that any of the 16 taps
would take from outside the image or from no data are no data.
"""

from __future__ import annotations

import numpy as np

from ..jit import Kernel, runs_compiled
from ..types import AnyArray, FloatArray
from .epipolar import apply, inverse

TAPS = 2  # pixels on either side that a resampled value takes
_STRIP = 64


def source_window(
    transform: FloatArray, shape: tuple[int, int], size: tuple[int, int]
) -> tuple[int, int, int, int]:
    """The pixels (column, row, columns, rows) of an image of ``size`` (rows, columns) that its
    rectified part of ``shape`` (rows, columns) takes; no columns or rows where it takes none.

    ``transform`` (2, 3): from the image to the rectified part.
    """
    rows, columns = shape
    corners = np.array(
        [[0.0, columns - 1.0, columns - 1.0, 0.0], [0.0, 0.0, rows - 1.0, rows - 1.0]]
    )
    found = apply(inverse(transform), *corners)
    low = np.maximum(np.floor(found.min(axis=1)).astype(int) - TAPS, 0)
    high = np.minimum(np.ceil(found.max(axis=1)).astype(int) + TAPS, [size[1] - 1, size[0] - 1])
    width, height = np.maximum(high - low + 1, 0)
    return int(low[0]), int(low[1]), int(width), int(height)


def warp(
    image: AnyArray,
    transform: FloatArray,
    shape: tuple[int, int],
    corner: tuple[int, int] = (0, 0),
    compiled: bool | None = None,
) -> AnyArray:
    """The rectified part (float32; ``shape``: rows, columns) of ``image`` (float32), NaN where it
    takes no data.

    ``transform`` (2, 3): from image coordinates (column, row) to rectified ones. ``corner``: column
    and row of the first pixel of ``image``, where it is a window only.
    """
    back = inverse(transform)
    back[:, 2] -= corner
    image = np.ascontiguousarray(image, dtype=np.float32)
    result = np.full(shape, np.nan, dtype=np.float32)
    if min(image.shape) < 2 * TAPS:
        return result
    if runs_compiled(compiled):
        _warp(image, back, result)
    else:
        _warp_numpy(image, back, result)
    return result


@Kernel
def _warp(image: AnyArray, back: FloatArray, result: AnyArray) -> None:
    """Fill ``result``; ``back`` maps its pixels to those of ``image``."""
    rows, columns = image.shape
    for r in range(result.shape[0]):
        for c in range(result.shape[1]):
            x = back[0, 0] * c + back[0, 1] * r + back[0, 2]
            y = back[1, 0] * c + back[1, 1] * r + back[1, 2]
            if not (1.0 <= x <= columns - 2.0 and 1.0 <= y <= rows - 2.0):
                continue
            j, i = min(int(x), columns - 3), min(int(y), rows - 3)
            p, q = y - i, x - j
            w0, w1, w2, w3 = _weights(q)
            v0, v1, v2, v3 = _weights(p)
            total = v0 * _row(image, i - 1, j, w0, w1, w2, w3)
            total += v1 * _row(image, i, j, w0, w1, w2, w3)
            total += v2 * _row(image, i + 1, j, w0, w1, w2, w3)
            total += v3 * _row(image, i + 2, j, w0, w1, w2, w3)
            result[r, c] = total


@Kernel
def _row(image: AnyArray, i: int, j: int, w0: float, w1: float, w2: float, w3: float) -> float:
    value: float = (
        w0 * image[i, j - 1] + w1 * image[i, j] + w2 * image[i, j + 1] + w3 * image[i, j + 2]
    )
    return value


@Kernel
def _weights(t: float) -> tuple[float, float, float, float]:
    """The weights of the pixels before, at, after, and two after a place, ``t`` (0 to 1) after."""
    w0 = -0.5 * t * (1.0 - t) * (1.0 - t)
    w1 = 1.0 + t * t * (1.5 * t - 2.5)
    w3 = -0.5 * t * t * (1.0 - t)
    return w0, w1, 1.0 - w0 - w1 - w3, w3


def _warp_numpy(image: AnyArray, back: FloatArray, result: AnyArray) -> None:
    rows, columns = image.shape
    values = image.astype(np.float64)
    for first in range(0, result.shape[0], _STRIP):
        part = result[first : first + _STRIP]
        r, c = np.mgrid[first : first + part.shape[0], 0 : part.shape[1]]
        x, y = (one[0] * c + one[1] * r + one[2] for one in back)
        inside = (x >= 1.0) & (x <= columns - 2.0) & (y >= 1.0) & (y <= rows - 2.0)
        x, y = x[inside], y[inside]
        j = np.minimum(x.astype(np.int64), columns - 3)
        i = np.minimum(y.astype(np.int64), rows - 3)
        along, down = _weights.python(x - j), _weights.python(y - i)
        total = sum(
            v * sum(w * values[i + k - 1, j + m - 1] for m, w in enumerate(along))
            for k, v in enumerate(down)
        )
        part[inside] = total
