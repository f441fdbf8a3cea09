# SPDX-License-Identifier: GPL-3.0-or-later
"""Census transform: each pixel as the bit string "is this neighbor darker than I am".

Zabih and Woodfill 1994 (DOI 10.1007/BFb0028345). Costs made of it do not change with the gain and
offset of either image, and an outlier costs one bit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...jit import Kernel, runs_compiled
from ...types import BoolArray
from .values import Float32

ONE = np.uint64(1)
SIZES = (5, 7)  # 24 and 48 bits
Codes = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Census:
    """``codes`` (rows, columns), and where they are ``valid``: no NaN and no edge of the image in
    the window, and not one value all over it (saturation, filling), of which a code would match any
    other one. Codes elsewhere are 0. ``bits`` in use: the largest Hamming distance.

    Codes of all windows are of one type: each type more is compiled for half a second.
    """

    codes: Codes
    valid: BoolArray
    bits: int


def census(image: Float32, size: int = 7, compiled: bool | None = None) -> Census:
    """The census codes of ``image`` (rows, columns) in windows of ``size`` 5 or 7 pixels."""
    codes, bits = np.zeros(image.shape, np.uint64), size * size - 1
    valid = np.zeros(image.shape, bool)
    half = size // 2
    rows, columns = image.shape
    if rows < size or columns < size:
        return Census(codes, valid, bits)
    if runs_compiled(compiled):
        encode(np.ascontiguousarray(image), half, codes, valid)
    else:
        encode_numpy(image, half, codes, valid)
    inside = (slice(half, rows - half), slice(half, columns - half))
    valid[inside] &= _all_finite(np.isfinite(image), half)
    codes[~valid] = 0
    return Census(codes, valid, bits)


def _all_finite(finite: BoolArray, half: int) -> BoolArray:
    """Whether all of the window is finite, for the pixels whose window is in the image."""
    rows, columns = finite.shape
    size = 2 * half + 1
    across = finite[:, : columns - 2 * half].copy()
    for shift in range(1, size):
        across &= finite[:, shift : columns - 2 * half + shift]
    down = across[: rows - 2 * half].copy()
    for shift in range(1, size):
        down &= across[shift : rows - 2 * half + shift]
    return down


def encode_numpy(image: Float32, half: int, codes: Codes, varied: BoolArray) -> None:
    """Write the codes of the pixels whose window is in the image, and whether any neighbor differs
    from them.
    """
    rows, columns = image.shape
    height, width = rows - 2 * half, columns - 2 * half
    center = image[half : half + height, half : half + width]
    inside = codes[half : half + height, half : half + width]
    differs = varied[half : half + height, half : half + width]
    for down in range(2 * half + 1):
        for right in range(2 * half + 1):
            if down == half and right == half:
                continue
            other = image[down : down + height, right : right + width]
            np.left_shift(inside, ONE, out=inside)
            inside |= (other < center).astype(np.uint64)
            differs |= other != center


@Kernel
def encode(image: Float32, half: int, codes: Codes, varied: BoolArray) -> None:
    """As ``encode_numpy``; both outputs have to be 0 before."""
    rows, columns = image.shape
    for row in range(half, rows - half):
        inside = slice(half, columns - half)
        line, differs, center = codes[row, inside], varied[row, inside], image[row, inside]
        for down in range(row - half, row + half + 1):
            for right in range(2 * half + 1):
                if down == row and right == half:
                    continue
                other = image[down, right : right + columns - 2 * half]
                for c in range(columns - 2 * half):
                    line[c] = (line[c] << ONE) | np.uint64(other[c] < center[c])
                    differs[c] |= other[c] != center[c]
