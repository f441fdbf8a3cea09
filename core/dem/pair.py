# SPDX-License-Identifier: GPL-3.0-or-later
"""A stereo pair: its geometry once pointed, and the points that one tile of it gives."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..errors import InsufficientDataError
from ..types import AnyArray, FloatArray
from .epipolar import (
    LEAST_MATCHES,
    Rectification,
    Tile,
    affine_epipolar,
    apply,
    inverse,
    moved,
    rectify,
    virtual_matches,
)
from .matching.coarse import coarse_range
from .matching.match import MatchSettings, margin_px, match_pair
from .pointing import Pointing, measure_pointing
from .rpc import RpcModel
from .triangulation import triangulate
from .warping import source_window, warp

LEAST_MARGIN_M, MARGIN_SHARE = 20.0, 0.2  # of the heights beyond those of the sparse matches
_OUTER = 0.5  # percent of the matches on either side whose heights do not count
_AROUND_PX = 50  # how far outside a tile matches tell of its slope


@dataclass(frozen=True)
class View:
    """An image that is read by windows: ``size`` (rows, columns), its ``model``, and ``read``
    (column, row, columns, rows), which gives float32 with NaN for no data.
    """

    size: tuple[int, int]
    model: RpcModel
    read: Callable[[int, int, int, int], AnyArray]


@dataclass(frozen=True)
class Pair:
    """Two views that fit: the second has its corrected model; ``matches`` (4, n) are the sparse
    ones that agree, ``heights`` (m) what is to be searched.
    """

    first: View
    second: View
    pointing: Pointing
    matches: FloatArray
    heights: tuple[float, float]


@dataclass(frozen=True)
class TilePoints:
    """Points (n,) of a tile: ``lon``, ``lat`` (degrees), ``height`` (m above the ellipsoid),
    ``confidence`` (0 to 1) and ``across`` (pixels), how far the lines of sight miss each other.

    ``pixels`` (2, n: column, row) of the first image they are of; ``disparities``: the range that
    was searched (pixels); ``matched_share``: of the pixels that could have matched.
    """

    lon: FloatArray
    lat: FloatArray
    height: FloatArray
    confidence: FloatArray
    across: FloatArray
    pixels: FloatArray
    disparities: tuple[int, int]
    matched_share: float


@dataclass(frozen=True)
class Parts:
    """Both images of a tile (rows, columns), rectified: a match has the same row in both.

    ``left_way``, ``right_way`` (2, 3): from image coordinates to rectified ones, whose disparities
    lie from ``low`` to ``high`` (pixels). The right part begins ``high`` pixels to the left of its
    way, so that all of the range lies in it.
    """

    left: AnyArray
    right: AnyArray
    left_way: FloatArray
    right_way: FloatArray
    low: int
    high: int


def view_of(image: AnyArray, model: RpcModel) -> View:
    """A view of an array (rows, columns) in memory."""

    def read(column: int, row: int, columns: int, rows: int) -> AnyArray:
        return image[row : row + rows, column : column + columns]

    return View((image.shape[0], image.shape[1]), model, read)


def orient(
    first: View, second: View, matches: FloatArray, heights: tuple[float, float] | None = None
) -> Pair:
    """Point the second view at the first by sparse ``matches`` (4, n) and find the range of heights
    where none is given: that of the matches, and a fifth (20 m at least) beyond.

    Errors as ``measure_pointing``.
    """
    pointing = measure_pointing(first.model, second.model, matches, heights)
    good = np.asarray(matches[:, pointing.agrees])
    model = pointing.corrected(second.model)
    heights = heights or height_limits(first.model, model, good)
    return Pair(first, View(second.size, model, second.read), pointing, good, heights)


def height_limits(first: RpcModel, second: RpcModel, matches: FloatArray) -> tuple[float, float]:
    """The heights (m) to search: those of ``matches`` (4, n) and a fifth (20 m at least) beyond."""
    found = triangulate(first, second, matches).height
    low, high = (float(one) for one in np.nanpercentile(found, [_OUTER, 100.0 - _OUTER]))
    margin = max(LEAST_MARGIN_M, MARGIN_SHARE * (high - low))
    return low - margin, high + margin


def match_tile(pair: Pair, tile: Tile, settings: MatchSettings | None = None) -> TilePoints:
    """The points of the pixels of ``tile`` (of the first view), matched with a margin around it.

    Raises ``InsufficientDataError`` where nothing in it matches, ``InputError`` as ``match_pair``.
    """
    settings = settings or MatchSettings()
    parts = rectified_parts(pair, tile, settings)
    left_way, right_way, high = parts.left_way, parts.right_way, parts.high
    found = match_pair(parts.left, parts.right, parts.low - high, 0, settings)
    row, column = np.nonzero(np.isfinite(found.disparity))
    pixels = apply(inverse(left_way), column.astype(np.float64), row.astype(np.float64))
    own = _inside(pixels, tile)
    row, column = row[own], column[own]
    disparity = found.disparity[row, column].astype(np.float64) + high
    matches = np.concatenate(
        [pixels[:, own], apply(inverse(right_way), column - disparity, row.astype(np.float64))]
    )
    ground = triangulate(pair.first.model, pair.second.model, matches, pair.heights)
    return TilePoints(
        ground.lon, ground.lat, ground.height, found.confidence[row, column].astype(np.float64),
        ground.across, matches[:2], (parts.low, high), found.matched_share,
    )  # fmt: skip


def rectified_parts(
    pair: Pair,
    tile: Tile,
    settings: MatchSettings,
    whole_range: bool = False,
) -> Parts:
    """Both images of ``tile`` as they are matched, with a margin around it, and the disparities to
    search: those that a coarse match finds, or those of all heights. Errors as ``match_tile``.
    """
    margin = margin_px(settings)
    rectified = _rectified(pair, tile)
    left_way = moved(rectified.first, margin, margin)
    right_way = moved(rectified.second, margin, margin)
    shape = rectified.shape[0] + 2 * margin, rectified.shape[1] + 2 * margin
    left = _warped(pair.first, left_way, shape)
    if whole_range:
        low = math.floor(rectified.low)
        high = max(math.ceil(rectified.high), low + 2)
    else:
        low, high = _searched(pair, left, right_way, rectified, settings)
    right = _warped(pair.second, moved(right_way, high, 0.0), (shape[0], shape[1] + high - low))
    return Parts(left, right, left_way, right_way, low, high)


def _rectified(pair: Pair, tile: Tile) -> Rectification:
    virtual = virtual_matches(pair.first.model, pair.second.model, tile, *pair.heights)
    return rectify(affine_epipolar(virtual), virtual, tile, near_matches(pair.matches, tile))


def near_matches(matches: FloatArray, tile: Tile) -> FloatArray:
    """The ``matches`` (4, n) in a tile and a little around it; where these are too few to tell its
    slope, those up to a tile away.
    """
    column, row = matches[:2]
    around = float(_AROUND_PX)
    while True:
        near = (column > tile.column - around) & (column < tile.column + tile.width + around)
        near &= (row > tile.row - around) & (row < tile.row + tile.height + around)
        if np.count_nonzero(near) >= LEAST_MATCHES or around >= max(tile.width, tile.height):
            return np.asarray(matches[:, near])
        around *= 2.0


def _searched(
    pair: Pair,
    left: AnyArray,
    right_way: FloatArray,
    rectified: Rectification,
    settings: MatchSettings,
) -> tuple[int, int]:
    """The disparities to search: of all the heights those that a coarse match finds."""
    low, high = math.floor(rectified.low), math.ceil(rectified.high)
    wide = (left.shape[0], left.shape[1] + high - low)
    right = _warped(pair.second, moved(right_way, high, 0.0), wide)
    if not (np.isfinite(left).any() and np.isfinite(right).any()):
        raise InsufficientDataError("The tile has no data in one of the two images.")
    found = coarse_range(left, right, low - high, 0, settings)
    if found is None:
        raise InsufficientDataError(
            "Nothing in the tile matches: clouds, water, no texture, or no data in one of the two "
            "images."
        )
    return found.low + high, max(found.high + high, found.low + high + 2)


def _warped(view: View, way: FloatArray, shape: tuple[int, int]) -> AnyArray:
    column, row, columns, rows = source_window(way, shape, view.size)
    if columns < 1 or rows < 1:
        return np.full(shape, np.nan, dtype=np.float32)
    return warp(view.read(column, row, columns, rows), way, shape, (column, row))


def _inside(pixels: FloatArray, tile: Tile) -> AnyArray:
    """Which image coordinates (2, n) belong to the tile, so that tiles share none."""
    column, row = pixels
    inside = (column >= tile.column - 0.5) & (column < tile.column + tile.width - 0.5)
    inside &= (row >= tile.row - 0.5) & (row < tile.row + tile.height - 0.5)
    return np.asarray(inside)
