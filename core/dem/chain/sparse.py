# SPDX-License-Identifier: GPL-3.0-or-later
"""Sparse matches of a pair at a cost that does not grow with the scene.

First the whole region is matched at a reduced scale, which tells roughly how high the ground is
everywhere and how far the models are off. Then some blocks, spread over the region, are matched at
full resolution, in the narrow window of the second image that is left: they tell the pointing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...errors import InsufficientDataError
from ...io.rasters import Rasters
from ...io.stereo_images import StereoImage, read_reduced, reader
from ...types import FloatArray
from ..features import match_features
from ..pointing import FEWEST, measure_pointing
from ..rpc import RpcModel
from ..triangulation import height_range, triangulate
from .footprint import LEAST_SIDE, window_in
from .request import Region

REDUCED_SIDE = 512  # pixels of the region at the reduced scale, at most
BLOCK = 160
BLOCKS_APART, FEWEST_BLOCKS, MOST_BLOCKS = 350, 3, 8  # along each side
MOST_IN_BLOCK = 400
POINTING_PX = 100.0  # margin for errors of the models before anything is known
LEFT_PX, LEFT_REDUCED_PX = 12.0, 4.0  # after the reduced scale, and its own pixels
ROUGH_M = 50.0  # beyond the heights of the reduced scale
_OUTER = 0.5


@dataclass(frozen=True)
class Sparse:
    """``matches`` (4, n) of full resolution, some wrong; and of the reduced scale ``rough`` ones
    (4, m; full pixels) that agree with each other, with the ``heights`` (m,) that they give.
    """

    matches: FloatArray
    rough: FloatArray
    heights: FloatArray


def sparse_matches(
    first: StereoImage, second: StereoImage, region: Region, heights: tuple[float, float] | None
) -> Sparse:
    """Matches of ``region`` of ``first`` in ``second``; ``heights`` (m): where they are known.

    Few or none where the images show nothing that can be matched.
    """
    factor = 1
    while max(region[2:]) / factor > REDUCED_SIDE:
        factor *= 2
    wide = heights or height_range(first.model, second.model)
    with Rasters() as rasters:
        if factor == 1:
            found = _matched(first, second, rasters, region, wide, second.model, POINTING_PX)
            return Sparse(found, np.empty((4, 0)), np.empty(0))
        rough = _reduced(first, second, rasters, region, wide, factor)
        shift, sparse, seen = rough or ((0.0, 0.0), np.empty((4, 0)), np.empty(0))
        model, near, margin = second.model, wide, POINTING_PX
        if rough is not None:
            model = second.model.shifted(*shift)
            low, high = np.percentile(seen, [_OUTER, 100.0 - _OUTER])
            near = float(low) - ROUGH_M, float(high) + ROUGH_M
            margin = LEFT_PX + LEFT_REDUCED_PX * factor
        parts = [
            _matched(first, second, rasters, block, near, model, margin) for block in blocks(region)
        ]
    return Sparse(np.concatenate(parts, axis=1), sparse, seen)


def blocks(region: Region) -> list[Region]:
    """Squares spread evenly over a region."""
    places = []
    for start, size in zip(region[:2], region[2:], strict=True):
        side = min(BLOCK, size)
        count = int(np.clip(np.ceil(size / BLOCKS_APART), FEWEST_BLOCKS, MOST_BLOCKS))
        count = min(count, max(1, size // side))
        gap = (size - count * side) / count
        places.append([(int(start + (n + 0.5) * gap + n * side), side) for n in range(count)])
    return [(column, row, width, height)
            for row, height in places[1] for column, width in places[0]]  # fmt: skip


def _matched(
    first: StereoImage,
    second: StereoImage,
    rasters: Rasters,
    block: Region,
    heights: tuple[float, float],
    model: RpcModel,
    margin: float,
) -> FloatArray:
    """Matches of a block in all of the window of the second image that may show it."""
    window = window_in(first.model, model, block, heights, second.size, margin)
    if window is None:
        return np.empty((4, 0))
    one, other = reader(first, rasters)(*block), reader(second, rasters)(*window)
    found = match_features(one, other, MOST_IN_BLOCK if block[2] <= BLOCK else 3 * MOST_IN_BLOCK)
    return found + np.array([[block[0]], [block[1]], [window[0]], [window[1]]], dtype=np.float64)


def _reduced(
    first: StereoImage,
    second: StereoImage,
    rasters: Rasters,
    region: Region,
    heights: tuple[float, float],
    factor: int,
) -> tuple[tuple[float, float], FloatArray, FloatArray] | None:
    """The shift (pixels) of the second model, the matches that agree at a reduced scale, and their
    heights; None where too few agree.
    """
    window = window_in(first.model, second.model, region, heights, second.size, POINTING_PX)
    if window is None or min(region[2:]) // factor < LEAST_SIDE:
        return None
    images, models = [], []
    for image, (column, row, columns, rows) in ((first, region), (second, window)):
        place = column, row, columns // factor * factor, rows // factor * factor
        images.append(read_reduced(image, rasters, place, factor))
        models.append(image.model.cropped(column, row).rescaled(1.0 / factor))
    matches = match_features(images[0], images[1])
    try:
        found = measure_pointing(models[0], models[1], matches, heights)
    except InsufficientDataError:
        return None
    good = matches[:, found.agrees]
    places = triangulate(models[0], found.corrected(models[1]), good, heights).height
    known = np.isfinite(places)
    if np.count_nonzero(known) < FEWEST:
        return None
    # The center of a pixel of the reduced scale lies between those of the image.
    full = (good[:, known] + 0.5) * factor - 0.5
    full += np.array([[region[0]], [region[1]], [window[0]], [window[1]]], dtype=np.float64)
    return (found.column * factor, found.row * factor), full, places[known]
