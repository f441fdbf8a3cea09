# SPDX-License-Identifier: GPL-3.0-or-later
"""The cells of one pair, from the points of all of its tiles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np

from ...execution.tiling import Rectangle
from ...io.tile_files import read_arrays
from ...types import AnyArray, FloatArray
from ..coarse_cells import means_of
from ..rasterize import Cells, RasterSettings, rasterize
from .points import POINTS

SMALL_AT_ONCE = 512  # small cells of the side of a block: as many as a tile has at their own size
Pieces = Sequence[Mapping[str, Any]]


def pair_cells(
    place: Rectangle, parameters: Mapping[str, Any], pieces: Pieces, owners: AnyArray
) -> Cells | None:
    """The cells of ``place``; marks in ``owners`` (rows, columns) the tile that each cell's points
    are of. Where no point is near, it is None, or of large cells one without any.

    Cells of several pixels are means of small ones (``parameters``: ``factor`` of them along each
    side, made with ``small``), block by block, so that memory stays that of a tile.
    """
    factor, settings = parameters["factor"], RasterSettings(**parameters["raster"])
    if factor == 1:
        points = _points(place, parameters, pieces, ceil(settings.radius) + 0.5, owners)
        return None if points is None else _rasterized(points, place, settings)
    small = RasterSettings(**parameters["small"])
    whole = no_cells(owners.shape)
    for block, own in _blocks(place, max(1, SMALL_AT_ONCE // factor)):
        points = _points(block, parameters, pieces, ceil(small.radius) / factor, owners[own])
        if points is None:
            continue
        cells = _coarse(points, block, factor, small, settings.step_m)
        for name in ("height", "std", "count", "confidence"):
            getattr(whole, name)[own] = getattr(cells, name)
    return whole


def no_cells(shape: tuple[int, ...]) -> Cells:
    """Cells of ``shape`` (rows, columns) that hold no point."""
    height, std, sure = (np.full(shape, np.nan, dtype=np.float32) for _ in range(3))
    return Cells(height, std, np.zeros(shape, dtype=np.uint16), sure)


def _blocks(place: Rectangle, side: int) -> Iterator[tuple[Rectangle, tuple[slice, slice]]]:
    """Parts of a rectangle, and where they are in its arrays."""
    for row in range(0, place.height, side):
        for column in range(0, place.width, side):
            width, height = min(side, place.width - column), min(side, place.height - row)
            part = Rectangle(place.column + column, place.row + row, width, height)
            yield part, (slice(row, row + height), slice(column, column + width))


def _points(
    place: Rectangle,
    parameters: Mapping[str, Any],
    pieces: Pieces,
    beyond: float,
    owners: AnyArray,
) -> FloatArray | None:
    """Points (5, n) in ``place`` and so many cells ``beyond``, their columns and rows counted from
    the center of its first cell; None where no tile comes near.
    """
    reach = 0.5 + beyond
    corner = np.array(parameters["corner"]) + [place.column, place.row]
    shift = parameters["shift"]
    moved = np.array([shift["columns"], shift["rows"]]) - corner
    size = np.array([place.width, place.height])
    parts = []
    for number, piece in enumerate(pieces):
        low = np.array(piece["bounds"][:2]) + moved
        high = np.array(piece["bounds"][2:]) + moved
        if (high < -reach).any() or (low > size - 1 + reach).any():
            continue
        stored = read_arrays(Path(piece["path"]), [POINTS])[POINTS]
        spots = stored[:2] + (np.array(piece["origin"]) + moved)[:, None]
        near = (spots >= -reach).all(axis=0) & (spots <= (size - 1 + reach)[:, None]).all(axis=0)
        which = np.flatnonzero(near)
        points = np.concatenate([np.take(one, which, axis=1) for one in (spots, stored[2:])])
        points[2] += shift["up"]
        at = np.rint(points[:2]).astype(np.int64)
        inside = (at >= 0).all(axis=0) & (at < size[:, None]).all(axis=0)
        mainly = inside & (points[4] >= 0.5)
        owners[at[1, mainly], at[0, mainly]] = number
        parts.append(points)
    return np.concatenate(parts, axis=1) if parts else None


def _rasterized(points: FloatArray, place: Rectangle, settings: RasterSettings) -> Cells:
    column, row, height, sure, weight = points
    shape = place.height, place.width
    return rasterize(column, row, height, sure, shape, settings, weight=weight)


def _coarse(
    points: FloatArray, place: Rectangle, factor: int, small: RasterSettings, step_m: float
) -> Cells:
    """The cells of a block, over small ones."""
    at = np.rint(points[:2]).astype(np.int64)
    inside = (at >= 0).all(axis=0) & (at < [[place.width], [place.height]]).all(axis=0)
    inside &= np.isfinite(points[2])
    held = np.bincount(
        at[1, inside] * place.width + at[0, inside], minlength=place.width * place.height
    ).reshape(place.height, place.width)
    closer = points.copy()
    closer[:2] = (points[:2] + 0.5) * factor - 0.5
    wide = Rectangle(0, 0, place.width * factor, place.height * factor)
    return means_of(_rasterized(closer, wide, small), factor, step_m, held)
