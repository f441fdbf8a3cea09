# SPDX-License-Identifier: GPL-3.0-or-later
"""Triangulation without a compiler. Same results as ``triangulation_kernels``."""

from __future__ import annotations

import numpy as np

from ..types import FloatArray
from .rpc_kernels import MOST_STEPS, NEAR_PX
from .rpc_numpy import CHUNK, differences, monomials


def triangulate_points(
    first: FloatArray, second: FloatArray, start: FloatArray, matches: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Matches (4, n) to ground (3, n) and distance from the epipolar line (n,); see the kernels."""
    ground, across = np.empty((3, matches.shape[1])), np.empty(matches.shape[1])
    slopes = (slopes_of(first), slopes_of(second))
    for begin in range(0, len(across), CHUNK):
        part = slice(begin, begin + CHUNK)
        ground[:, part], across[part] = _chunk((first, second), slopes, start, matches[:, part])
    return ground, across


def _chunk(
    models: tuple[FloatArray, FloatArray],
    slopes: tuple[FloatArray, FloatArray],
    start: FloatArray,
    matches: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Newton's method; each point stops by itself."""
    ground = start[:, :1] + start[:, 1:] @ matches
    across = np.full(matches.shape[1], np.nan)
    todo = np.arange(matches.shape[1])
    for _ in range(MOST_STEPS):
        step, across[todo], far = _step(models, slopes, ground[:, todo], matches[:, todo])
        ground[:, todo] += step
        todo = todo[far > NEAR_PX]
        if not len(todo):
            return ground, across
    ground[:, todo] = across[todo] = np.nan
    return ground, across


def _step(
    models: tuple[FloatArray, FloatArray],
    slopes: tuple[FloatArray, FloatArray],
    ground: FloatArray,
    matches: FloatArray,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """One step of the ground (3, n), the distances across, and the residual before it (pixels)."""
    place, turn = look(models[0], slopes[0], ground)
    right, down = matches[:2] - place
    determinant = turn[0, 0] * turn[1, 1] - turn[0, 1] * turn[1, 0]
    # To the line of sight of the first image, and along it per meter of height.
    to = np.stack([right * turn[1, 1] - down * turn[0, 1], down * turn[0, 0] - right * turn[1, 0]])
    up = np.stack([turn[1, 2] * turn[0, 1] - turn[0, 2] * turn[1, 1],
                   turn[0, 2] * turn[1, 0] - turn[1, 2] * turn[0, 0]])  # fmt: skip
    to, up = to / determinant, up / determinant
    place, turn = look(models[1], slopes[1], ground)
    miss = matches[2:] - place - np.einsum("abn,bn->an", turn[:, :2], to)
    rise = np.einsum("abn,bn->an", turn[:, :2], up) + turn[:, 2]
    length = np.hypot(rise[0], rise[1])
    along = (miss * rise).sum(axis=0) / length
    across = (miss[1] * rise[0] - miss[0] * rise[1]) / length
    height = along / length
    far = np.abs(down) + np.abs(right) + np.abs(along)
    return np.concatenate([to + up * height, height[None]]), across, far


def slopes_of(model: FloatArray) -> FloatArray:
    """Coefficients (16, 20) of the four cubics and of their derivatives along the three axes."""
    coefficients = model[10:].reshape(4, 20)
    return np.concatenate([coefficients, *(coefficients @ one for one in differences())])


def look(
    model: FloatArray, slopes: FloatArray, ground: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Column and row (2, n), and their derivatives (2, 3, n) by degrees, degrees and meters."""
    offsets, scales = model[[3, 2, 4], None], model[[8, 7, 9], None]
    values = (slopes @ monomials(*((ground - offsets) / scales))).reshape(4, 4, -1)
    below = values[:, 1::2]
    ratio = values[0, ::2] / below[0]
    turn = (values[1:, ::2] - ratio * below[1:]) / below[0]
    pixels = ratio * model[5:7, None] + model[:2, None]
    turn = turn * model[5:7, None] / scales[:, None]
    return pixels[::-1], turn.transpose(1, 0, 2)[::-1]
