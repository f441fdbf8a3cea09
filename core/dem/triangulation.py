# SPDX-License-Identifier: GPL-3.0-or-later
"""From matches of two images to places on the ground, and how far the lines of sight miss.

A place lies exactly on the line of sight of the first image, where its projection into the second
one comes nearest to the match. What is left there is across the epipolar line: the intersection
error. Newton's method for h += (u.v) / (v.v), where u is the difference between the match and the
projection in the second image, v the derivative of the projection along the line of sight of the
first (the condition of de Franchis et al. 2014, 10.5194/isprsannals-II-3-49-2014).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import FloatArray
from . import triangulation_kernels, triangulation_numpy
from .epipolar import Tile, check_parallax, virtual_matches
from .rpc import RpcModel, runs_compiled


@dataclass(frozen=True)
class Ground:
    """Places (n,): ``lon``, ``lat`` (degrees, WGS 84), ``height`` (m above the ellipsoid), and
    ``across`` (pixels of the second image), the signed distance of the match from the epipolar
    line, positive towards the right-hand side of rising height; NaN where no place was found.
    """

    lon: FloatArray
    lat: FloatArray
    height: FloatArray
    across: FloatArray


def triangulate(
    first: RpcModel,
    second: RpcModel,
    matches: FloatArray,
    heights: tuple[float, float] | None = None,
    compiled: bool | None = None,
) -> Ground:
    """Places of ``matches`` (4, n: column and row in the first image, then in the second).

    ``heights``: lowest and highest that are likely (m), of the models where None: they speed up the
    search and bound nothing. ``compiled``: as for ``RpcModel.project``. Raises ``InputError`` where
    both images look from the same direction.
    """
    matches = np.ascontiguousarray(matches, dtype=np.float64)
    ground, across = np.full((3, matches.shape[1]), np.nan), np.full(matches.shape[1], np.nan)
    if np.isfinite(matches).all(axis=0).any():
        start = _start(first, second, matches, heights or height_range(first, second))
        vectors = first.to_vector(), second.to_vector()
        if runs_compiled(compiled, len(across)):
            triangulation_kernels.triangulate_points(*vectors, start, matches, ground, across)
        else:
            with np.errstate(all="ignore"):
                ground, across = triangulation_numpy.triangulate_points(*vectors, start, matches)
    return Ground(ground[0], ground[1], ground[2], across)


def height_range(first: RpcModel, second: RpcModel) -> tuple[float, float]:
    """The heights (m) that both models were made for; of the first alone where there are none."""
    low = max(one.height_offset - abs(one.height_scale) for one in (first, second))
    high = min(one.height_offset + abs(one.height_scale) for one in (first, second))
    if low < high:
        return low, high
    reach = abs(first.height_scale)
    return first.height_offset - reach, first.height_offset + reach


def _start(
    first: RpcModel, second: RpcModel, matches: FloatArray, heights: tuple[float, float]
) -> FloatArray:
    """An affine guess (3, 5) of the ground, fitted on matches of the models alone."""
    low, high = np.nanmin(matches[:2], axis=1), np.nanmax(matches[:2], axis=1)
    size = np.maximum(high - low, 1.0)
    tile = Tile(float(low[0]), float(low[1]), float(size[0]) + 1.0, float(size[1]) + 1.0)
    virtual = virtual_matches(first, second, tile, *heights)
    check_parallax(virtual)
    # Matches of models fill three of the four dimensions: what lies across the epipolar lines must
    # not count, or a pointing error would be blown up without bounds.
    middle, center = virtual.ground.mean(axis=1), virtual.pixels.mean(axis=1)
    left, sizes, right = np.linalg.svd(virtual.pixels.T - center, full_matrices=False)
    turned = (left.T @ (virtual.ground.T - middle))[:3] / sizes[:3, None]
    linear = turned.T @ right[:3]
    return np.column_stack([middle - linear @ center, linear])
