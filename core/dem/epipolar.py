# SPDX-License-Identifier: GPL-3.0-or-later
"""The affine epipolar geometry of a tile, and the pair of transforms that makes its lines rows.

Over a tile two pushbroom images are nearly affine views: a match (x, y), (x', y') fulfills
a x + b y + c x' + d y' + e = 0. The coefficients come from matches that the models themselves give.
Sources: Hartley and Zisserman, Multiple View Geometry (2004), chapter 14; de Franchis et al. 2014
(10.1109/ICIP.2014.7026102).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import InputError
from ..spread import TO_SIGMA
from ..types import FloatArray
from .rpc import RpcModel

NODES = (7, 7, 5)  # columns, rows and heights of virtual matches
LEAST_MATCHES = 6  # below, no shear is fitted
LEAST_PARALLAX_PX = 1e-3  # per meter of height: B/H of 0.0005 at 0.5 m
_STEEPEST = 0.5  # of columns by rows and by columns: more is no terrain


@dataclass(frozen=True)
class Tile:
    """A rectangle of pixels: first ``column`` and ``row``, ``width`` and ``height`` in pixels."""

    column: float
    row: float
    width: float
    height: float

    def corners(self) -> FloatArray:
        """The centers of the four corner pixels (2, 4): columns and rows."""
        right, bottom = self.column + self.width - 1.0, self.row + self.height - 1.0
        return np.array([[self.column, right, right, self.column],
                         [self.row, self.row, bottom, bottom]])  # fmt: skip


@dataclass(frozen=True)
class VirtualMatches:
    """``pixels`` (4, n: column, row in the first image and in the second) of the ``ground`` (3, n:
    degrees, degrees, m); ``parallax``: how far a meter of height moves a match (pixels).
    """

    pixels: FloatArray
    ground: FloatArray
    parallax: float


@dataclass(frozen=True)
class Epipolar:
    """``first`` (a, b), ``second`` (c, d) and ``constant`` e of a x + b y + c x' + d y' + e = 0,
    where (c, d) has length 1, so that its left side is a distance in pixels of the second image.

    ``residual_px``: root mean square of that distance over the matches it was fitted on;
    ``rising``: where matches go in the second image with rising height (unit vector).
    """

    first: tuple[float, float]
    second: tuple[float, float]
    constant: float
    residual_px: float
    rising: tuple[float, float]

    def distance(self, matches: FloatArray) -> FloatArray:
        """Signed distances (n,) of matches (4, n) from their epipolar lines, in pixels of the
        second image along ``second``.
        """
        return np.asarray(np.array([*self.first, *self.second]) @ matches + self.constant)


@dataclass(frozen=True)
class Rectification:
    """Two affine transforms (2, 3) of image coordinates (column, row) to those of a rectified pair,
    in which both rows of a match are the same.

    ``shape``: rows and columns that hold the tile in the first image. Disparity is the column in
    the first minus that in the second image, and grows with height; ``low``, ``high``: its range
    over the heights asked for.
    """

    first: FloatArray
    second: FloatArray
    shape: tuple[int, int]
    low: float
    high: float

    def matches(self, column: FloatArray, row: FloatArray, disparity: FloatArray) -> FloatArray:
        """Image coordinates (4, n) of rectified ``column``, ``row`` (n,) of the first image."""
        return np.concatenate(
            [apply(inverse(self.first), column, row),
             apply(inverse(self.second), column - disparity, row)]
        )  # fmt: skip


def virtual_matches(
    first: RpcModel,
    second: RpcModel,
    tile: Tile,
    low: float,
    high: float,
    nodes: tuple[int, int, int] = NODES,
) -> VirtualMatches:
    """Matches that the models give on a lattice of ``nodes`` over ``tile`` and the heights ``low``
    to ``high`` (m). Raises ``InputError`` where the tile has no place on the ground or in the
    second image.
    """
    if not low < high:
        raise InputError(f"The lowest height ({low:g} m) is not below the highest ({high:g} m).")
    columns = np.linspace(tile.column, tile.column + tile.width - 1.0, nodes[0])
    rows = np.linspace(tile.row, tile.row + tile.height - 1.0, nodes[1])
    heights = np.linspace(low, high, nodes[2])
    height, row, column = (
        one.ravel() for one in np.meshgrid(heights, rows, columns, indexing="ij")
    )
    lon, lat = first.locate(column, row, height, compiled=False)
    there = np.array(second.project(lon, lat, height, compiled=False))
    if not np.isfinite(there).all():
        raise InputError(
            f"The RPC does not tell where the pixels around column {tile.column:.0f}, row "
            f"{tile.row:.0f} lie between {low:g} and {high:g} m. Give heights that fit the scene."
        )
    layer = nodes[0] * nodes[1]
    moved = np.hypot(*(there[:, -layer:] - there[:, :layer])).mean()
    return VirtualMatches(
        np.stack([column, row, *there]), np.stack([lon, lat, height]), float(moved / (high - low))
    )


def check_parallax(virtual: VirtualMatches) -> None:
    """Raise ``InputError`` where both images look from the same direction."""
    if virtual.parallax < LEAST_PARALLAX_PX:
        raise InputError(
            "The two images look from the same direction: a meter of height moves a match by "
            f"{virtual.parallax:.1g} pixels only. Choose two images taken from different places."
        )


def affine_epipolar(virtual: VirtualMatches) -> Epipolar:
    """The affine epipolar geometry of matches: the direction in which they vary least.

    Raises ``InputError`` where both images look from the same direction: then there is none.
    """
    check_parallax(virtual)
    center = virtual.pixels.mean(axis=1)
    around = virtual.pixels - center[:, None]
    values, vectors = np.linalg.eigh(around @ around.T)
    normal = vectors[:, 0] / np.hypot(*vectors[2:, 0])
    heights = virtual.ground[2] - virtual.ground[2].mean()
    # Where matches go with height while the place in the first image stays.
    terms = np.stack([np.ones_like(heights), heights, *around[:2]])
    rising = np.linalg.lstsq(terms.T, around[2:].T, rcond=None)[0][1]
    rising = rising / np.hypot(*rising)
    a, b, c, d = (float(one) for one in normal)
    residual = np.sqrt(max(values[0], 0.0) / around.shape[1]) / np.hypot(*vectors[2:, 0])
    return Epipolar((a, b), (c, d), -float(normal @ center), float(residual),
                    (float(rising[0]), float(rising[1])))  # fmt: skip


def rectify(
    epipolar: Epipolar,
    virtual: VirtualMatches,
    tile: Tile,
    matches: FloatArray | None = None,
) -> Rectification:
    """The transforms that make epipolar lines rows: a similarity of each image, of equal area, and
    in the second a shear and stretch of the columns that takes the mean slope of the ground out.

    ``matches`` (4, m): real matches in the tile that tell its slope; of level ground where there
    are less than ``LEAST_MATCHES``.
    """
    first, second = _similarities(epipolar)
    real = matches if matches is not None and matches.shape[1] >= LEAST_MATCHES else None
    second = _sheared(first, second, _level(virtual) if real is None else real, real is not None)
    corners = apply(first, *tile.corners())
    low, high = np.floor(corners.min(axis=1)), np.ceil(corners.max(axis=1))
    left, right = apply(first, *virtual.pixels[:2]), apply(second, *virtual.pixels[2:])
    disparity = left[0] - right[0]
    first, second = moved(first, -low[0], -low[1]), moved(second, -low[0], -low[1])
    shape = (int(high[1] - low[1]) + 1, int(high[0] - low[0]) + 1)
    return Rectification(first, second, shape, float(disparity.min()), float(disparity.max()))


def apply(transform: FloatArray, column: FloatArray, row: FloatArray) -> FloatArray:
    """An affine transform (2, 3) of points: columns and rows (2, n)."""
    column, row = np.asarray(column, dtype=np.float64), np.asarray(row, dtype=np.float64)
    return np.stack([t[0] * column + t[1] * row + t[2] for t in transform])


def inverse(transform: FloatArray) -> FloatArray:
    """The affine transform (2, 3) back."""
    turn = np.linalg.inv(transform[:, :2])
    return np.column_stack([turn, -turn @ transform[:, 2]])


def moved(transform: FloatArray, column: float, row: float) -> FloatArray:
    """The transform followed by a shift."""
    shift = np.array([[0.0, 0.0, column], [0.0, 0.0, row]])
    return np.asarray(transform + shift)


def _similarities(epipolar: Epipolar) -> tuple[FloatArray, FloatArray]:
    """Rotations that make both normals vertical, at scales that make rows equally far apart; turned
    so that the disparity grows with height.
    """
    (a, b), (c, d) = epipolar.first, epipolar.second
    length = np.hypot(a, b)
    scale = np.sqrt(length)
    down1, down2 = np.array([a, b]) / length * scale, -np.array([c, d]) / scale
    right1, right2 = np.array([down1[1], -down1[0]]), np.array([down2[1], -down2[0]])
    # The column in the second image falls with height where it rises in the disparity.
    sign = -1.0 if right2 @ epipolar.rising > 0.0 else 1.0
    first = np.column_stack([sign * np.stack([right1, down1]), [0.0, 0.0]])
    second = np.column_stack(
        [sign * np.stack([right2, down2]), [0.0, -sign * epipolar.constant / scale]]
    )
    return first, second


def _level(virtual: VirtualMatches) -> FloatArray:
    """The virtual matches of the middle height."""
    heights = np.unique(virtual.ground[2])
    return np.asarray(virtual.pixels[:, virtual.ground[2] == heights[len(heights) // 2]])


def _sheared(
    first: FloatArray, second: FloatArray, matches: FloatArray, robust: bool
) -> FloatArray:
    """The second transform with columns c' = s1 c + s2 r + s3 nearest to those of the first."""
    left, right = apply(first, *matches[:2]), apply(second, *matches[2:])
    center = right.mean(axis=1)
    terms = np.stack([np.ones(right.shape[1]), *(right - center[:, None])]).T
    wanted = left[0] - right[0]
    keep = np.ones(len(wanted), dtype=np.bool_)
    for _ in range(5 if robust else 1):
        found = np.linalg.lstsq(terms[keep], wanted[keep], rcond=None)[0]
        rest = np.abs(wanted - terms @ found)
        keep = rest <= max(3.0 * TO_SIGMA * float(np.median(rest)), 1.0)
        if np.count_nonzero(keep) < LEAST_MATCHES:
            break
    if not (np.abs(found[1:]) <= _STEEPEST).all():
        found = np.array([np.median(wanted), 0.0, 0.0])
    stretch, shear = 1.0 + found[1], found[2]
    change = found[0] - found[1] * center[0] - found[2] * center[1]
    column = stretch * second[0] + shear * second[1] + np.array([0.0, 0.0, change])
    return np.stack([column, second[1]])
