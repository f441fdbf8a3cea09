# SPDX-License-Identifier: GPL-3.0-or-later
"""First phase: the points of each tile of the first image, matched with one other image."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from math import ceil, floor
from typing import Any

import numpy as np

from ...errors import InsufficientDataError
from ...execution.settings import SMALLEST_TILE, ExecutionSettings
from ...execution.state import EMPTY_KEY
from ...execution.tiling import Rectangle, Tile, TileOutput
from ...io.grids import Grid
from ...io.rasters import Rasters
from ...io.stereo_images import StereoImage, reader
from ...types import FloatArray
from ..epipolar import Tile as Part
from ..matching.intensity import FITS
from ..matching.match import MatchSettings, RangeTooWide, margin_px, memory_bytes
from ..pair import Pair, TilePoints, View, match_tile
from ..placing import cells_of
from ..pointing import Pointing
from ..rpc import RpcModel
from .request import PlannedPair, Region, StereoPlan

AT_ONCE = 4  # tiles that the memory cap should hold; fixed, so that all computers cut alike
POINTS = "points"
OVERLAP_PX = 8  # beyond a tile on each side, where its points count less and less
LEAST_WEIGHT = 1e-3
BYTES_OF_POINTS = 200  # per pixel: matches, triangulation, placing
_STRAY_M = 0.02  # share of the range beyond which a height is no match of the range searched


def cut(region: Region, size: int) -> tuple[Tile, ...]:
    """A region in tiles of about the same size, none larger than ``size``; their places are pixels
    of the first image. Tiles overlap a little, so that one fades into the next.
    """
    column, row, columns, rows = region
    across, down = ceil(columns / size), ceil(rows / size)
    x = [column + columns * n // across for n in range(across + 1)]
    y = [row + rows * n // down for n in range(down + 1)]
    own = [
        Rectangle(x[c], y[r], x[c + 1] - x[c], y[r + 1] - y[r])
        for r in range(down) for c in range(across)
    ]  # fmt: skip
    return tuple(Tile(one, _grown(one, region)) for one in own)


def _grown(own: Rectangle, region: Region) -> Rectangle:
    left, top = max(own.column - OVERLAP_PX, region[0]), max(own.row - OVERLAP_PX, region[1])
    right = min(own.column + own.width + OVERLAP_PX, region[0] + region[2])
    bottom = min(own.row + own.height + OVERLAP_PX, region[1] + region[3])
    return Rectangle(left, top, right - left, bottom - top)


def tile_budget(
    plan: StereoPlan, pair: PlannedPair, settings: ExecutionSettings
) -> tuple[int, float]:
    """The size of tiles and the memory (MB) that one may take.

    Tiles are as large as wished for unless a quarter of the cap cannot hold even their margins and
    a range of 64 pixels; the range that a tile needs is found in it, and where it is too wide for
    the memory the tile is matched in parts.
    """
    match = MatchSettings(plan.request.matcher)
    cap, size = settings.memory_cap_mb, settings.tile_size
    share = cap / AT_ONCE
    while size > SMALLEST_TILE and _need(size, match, 64) > share:
        size //= 2
    return size, max(share, min(cap, _need(size, match, 64)))


def points_parameters(
    plan: StereoPlan,
    pair: PlannedPair,
    budget_mb: float,
    tile_heights: Mapping[str, tuple[float, float]],
) -> dict[str, Any]:
    """What ``match_points`` needs to know, as values that JSON knows; ``tile_heights``: those (m)
    that are searched in some tiles by their names, where they are not those of the pair.
    """
    images = [plan.images[pair.first], plan.images[pair.second]]
    return {
        "images": [
            {"path": image.path, "size": list(image.size), "missing": list(image.missing),
             "model": model.to_vector().tolist()}
            for image, model in zip(images, pair.models, strict=True)
        ],
        "heights": list(pair.heights),
        "tile_heights": {name: list(one) for name, one in tile_heights.items()},
        "matches": pair.matches.tolist(),
        "match": asdict(MatchSettings(plan.request.matcher, memory_mb=budget_mb)),
        # Only so that tiles made by another fit are not taken for these.
        "fit": asdict(FITS[plan.request.matcher]),
        "lattice": {"wkt": plan.lattice.wkt, "geotransform": list(plan.lattice.geotransform)},
    }  # fmt: skip


def match_points(tile: Tile, parameters: Mapping[str, Any]) -> TileOutput:
    """The points of a tile: (5, n) float32 of column and row on the lattice less ``origin`` (of the
    summary), height (m), confidence, and weight: 1 inside, falling to 0 across the seams.

    ``bounds`` of the summary: least and largest column and row on the lattice. A tile in which
    nothing matches has no points, and says why.
    """
    lattice = Grid(parameters["lattice"]["wkt"], tuple(parameters["lattice"]["geotransform"]), 1, 1)
    settings = MatchSettings(**parameters["match"])
    own = Part(tile.outer.column, tile.outer.row, tile.outer.width, tile.outer.height)
    with Rasters() as rasters:
        pair = pair_of(parameters, rasters)
        if tile.name in parameters["tile_heights"]:
            low, high = parameters["tile_heights"][tile.name]
            pair = replace(pair, heights=(low, high))
        try:
            found = _matched(pair, own, settings)
        except InsufficientDataError as error:
            return _empty(str(error))
    return _output(tile, pair, found, lattice)


def pair_of(parameters: Mapping[str, Any], rasters: Rasters) -> Pair:
    """The pair of ``points_parameters``, its images read through ``rasters``."""
    views = [_view(one, rasters) for one in parameters["images"]]
    matches = np.array(parameters["matches"], dtype=np.float64).reshape(4, -1)
    nothing = Pointing(0.0, 0.0, 0.0, (0.0, 0.0), 0.0, 0.0, 0.0, 0, 0, np.empty(0, np.bool_))
    low, high = parameters["heights"]
    return Pair(views[0], views[1], nothing, matches, (low, high))


def _view(values: Mapping[str, Any], rasters: Rasters) -> View:
    rows, columns = values["size"]
    model = RpcModel.from_vector(values["model"])
    image = StereoImage(values["path"], (rows, columns), model, tuple(values["missing"]), "", "")
    return View((rows, columns), model, reader(image, rasters))


def _matched(pair: Pair, own: Part, settings: MatchSettings) -> list[TilePoints]:
    """The points of a tile, in halves where its range takes more memory than there is."""
    try:
        return [match_tile(pair, own, settings)]
    except RangeTooWide:
        if max(own.width, own.height) < 2 * SMALLEST_TILE:
            raise
    found, told = [], ""
    for half in _halves(own):
        try:
            found += _matched(pair, half, settings)
        except InsufficientDataError as error:
            told = str(error)
    if not found:
        raise InsufficientDataError(told)
    return found


def _halves(own: Part) -> tuple[Part, Part]:
    if own.width >= own.height:
        half = own.width // 2
        return (replace(own, width=half),
                replace(own, column=own.column + half, width=own.width - half))  # fmt: skip
    half = own.height // 2
    return replace(own, height=half), replace(own, row=own.row + half, height=own.height - half)


def _output(tile: Tile, pair: Pair, found: list[TilePoints], lattice: Grid) -> TileOutput:
    lon, lat, height, sure = (
        np.concatenate([getattr(one, name) for one in found])
        for name in ("lon", "lat", "height", "confidence")
    )
    low, high = pair.heights
    stray = _STRAY_M * (high - low) + 1.0
    with np.errstate(invalid="ignore"):
        good = np.isfinite(lon) & (height >= low - stray) & (height <= high + stray)
    if not good.any():
        return _empty("No match of the tile lies between the heights that are searched.")
    column, row = cells_of(lattice, lon[good], lat[good])
    origin = floor(column.min()), floor(row.min())
    pixels = np.concatenate([one.pixels for one in found], axis=1)[:, good]
    weight = _weights(tile, pixels)
    points = np.stack([column - origin[0], row - origin[1], height[good], sure[good], weight])
    across = np.concatenate([one.across for one in found])[good]
    summary = {
        "count": int(good.sum()), "origin": list(origin),
        "bounds": [float(column.min()), float(row.min()), float(column.max()), float(row.max())],
        "disparities": [min(one.disparities[0] for one in found),
                        max(one.disparities[1] for one in found)],
        "matched_share": float(np.mean([one.matched_share for one in found])),
        "across_px": float(np.median(np.abs(across))),
        "heights": [float(one) for one in np.percentile(height[good], [1.0, 50.0, 99.0])],
        "confidence": float(np.median(sure[good])), "parts": len(found),
    }  # fmt: skip
    return TileOutput({}, summary, {POINTS: points.astype(np.float32)})


def _weights(tile: Tile, pixels: FloatArray) -> FloatArray:
    """How much points at ``pixels`` (2, n) of a tile count: those of two tiles at one place sum up
    to 1 where they overlap.
    """
    weight = np.ones(pixels.shape[1])
    own, outer = tile.own, tile.outer
    for at, first, size, begin, whole in (
        (pixels[0], own.column, own.width, outer.column, outer.width),
        (pixels[1], own.row, own.height, outer.row, outer.height),
    ):
        if begin < first:
            weight *= np.clip((at - first + 0.5) / (2 * OVERLAP_PX) + 0.5, LEAST_WEIGHT, 1.0)
        if begin + whole > first + size:
            weight *= np.clip((first + size - 0.5 - at) / (2 * OVERLAP_PX) + 0.5, LEAST_WEIGHT, 1.0)
    return np.maximum(weight, LEAST_WEIGHT)


def _empty(reason: str) -> TileOutput:
    summary = {EMPTY_KEY: reason, "count": 0}
    return TileOutput({}, summary, {POINTS: np.empty((5, 0), dtype=np.float32)})


def _need(size: int, match: MatchSettings, candidates: int) -> float:
    side = size + 2 * margin_px(match)
    return (memory_bytes(side, side, 0, candidates, match) + BYTES_OF_POINTS * size * size) / 1e6
