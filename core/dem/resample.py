# SPDX-License-Identifier: GPL-3.0-or-later
"""Heights moved by fractions of a cell and averaged over cells, where some of them are missing.

A missing height never enters a sum: a result is known where all cells that its weights touch are.
"""

from __future__ import annotations

from math import floor
from typing import Any

import numpy as np
import numpy.typing as npt

from ..types import BoolArray, FloatArray

Heights = npt.NDArray[np.floating[Any]]
_NOTHING = 1e-9
_CUBIC = -0.5  # Keys (1981), DOI 10.1109/TASSP.1981.1163711: exact for parabolas


def moved(
    height: Heights,
    columns: float,
    rows: float,
    shape: tuple[int, int] | None = None,
    to_the_edge: bool = True,
) -> Heights:
    """``height`` (rows, columns) moved by so many cells to higher columns and rows.

    The result has ``shape`` (default: that of ``height``): its cell (r, c) holds the height at
    (r - ``rows``, c - ``columns``), by cubic convolution, by bilinear interpolation beside missing
    cells and edges (not unless ``to_the_edge``), NaN where even that meets one.
    """
    target = shape or (height.shape[0], height.shape[1])
    smooth = _sampled(height, columns, rows, target, _cubic)
    open_cells = np.isnan(smooth) if to_the_edge else np.zeros(0, dtype=np.bool_)
    if open_cells.any():
        plain = _sampled(height, columns, rows, target, _linear)
        smooth[open_cells] = plain[open_cells]
    return smooth


def halved(height: Heights) -> Heights:
    """Means of squares of 2 x 2 cells, of the known ones; NaN where less than two are. An odd last
    row or column is left out.
    """
    quarters = _quarters(height)
    total = quarters[0] + quarters[1] + quarters[2] + quarters[3]
    total *= height.dtype.type(0.25)
    open_cells = np.isnan(total)
    if open_cells.any():
        four = np.stack([one[open_cells] for one in quarters])
        count = np.isfinite(four).sum(axis=0)
        means = np.where(np.isfinite(four), four, 0.0).sum(axis=0) / np.maximum(count, 1)
        total[open_cells] = np.where(count >= 2, means, np.nan)
    return np.asarray(total)


def halved_mask(mask: BoolArray) -> BoolArray:
    """Squares of 2 x 2 cells of which any is set."""
    one, two, three, four = _quarters(mask)
    return np.asarray(one | two | three | four)


def _quarters(values: Any) -> tuple[Any, Any, Any, Any]:
    """The upper left, upper right, lower left and lower right cells of squares of 2 x 2."""
    rows, columns = (size // 2 * 2 for size in values.shape)
    whole = values[:rows, :columns]
    return whole[::2, ::2], whole[::2, 1::2], whole[1::2, ::2], whole[1::2, 1::2]


def _linear(share: float) -> tuple[int, FloatArray]:
    return 0, np.array([1.0 - share, share])


def _cubic(share: float) -> tuple[int, FloatArray]:
    """Offset of the first of four cells and their weights, ``share`` (0 to 1) past the second."""
    near = np.array([share, 1.0 - share])
    far = near + 1.0
    inner = ((_CUBIC + 2.0) * near - (_CUBIC + 3.0)) * near**2 + 1.0
    outer = ((_CUBIC * far - 5.0 * _CUBIC) * far + 8.0 * _CUBIC) * far - 4.0 * _CUBIC
    return -1, np.array([outer[0], inner[0], inner[1], outer[1]])


def _sampled(
    height: Heights, columns: float, rows: float, shape: tuple[int, int], kernel: Any
) -> Heights:
    along = _axis(height, -rows, shape[0], kernel)
    return _axis(along.T, -columns, shape[1], kernel).T


def _axis(values: Heights, offset: float, size: int, kernel: Any) -> Heights:
    """``values`` (n, m) at positions ``offset`` + 0, 1, ... ``size`` - 1 along the first axis."""
    whole = floor(offset + _NOTHING)
    first, weights = kernel(min(max(offset - whole, 0.0), 1.0))
    result = np.full((size, values.shape[1]), np.nan, dtype=values.dtype)
    taps = [
        (whole + first + at, weight)
        for at, weight in enumerate(weights)
        if abs(weight) > _NOTHING
    ]  # fmt: skip
    # Positions whose cells all exist.
    low = max(0, -taps[0][0])
    high = min(size, len(values) - taps[-1][0])
    if high <= low:
        return result
    part = result[low:high]
    part[...] = 0.0
    for start, weight in taps:
        part += values[low + start : high + start] * values.dtype.type(weight)
    return result
