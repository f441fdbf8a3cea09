# SPDX-License-Identifier: GPL-3.0-or-later
"""Second phase: the cells of each tile of ground, from the points of all tiles that touch it.

A tile takes all points within the radius of a cell beyond its edge, in the order of the tiles of
the first phase: so two tiles side by side give the same cells as one tile over both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from math import floor
from typing import Any

import numpy as np

from ...errors import InsufficientDataError
from ...execution.runner import TileRun
from ...execution.state import EMPTY_KEY
from ...execution.tiling import Rectangle, Tile, TileOutput, tiles
from ...io.dem_files import NODATA, part_of
from ...io.grids import Grid
from ...io.rasters import Rasters
from ...io.vertical_crs import ELLIPSOID
from ...types import AnyArray, BoolArray, FloatArray
from ..datum import undulation
from ..fusion import fuse
from ..placing import exact_cells, places
from ..rasterize import Cells, RasterSettings
from ..rpc import RpcModel
from ..voids import fill_small
from .footprint import lattice_of
from .layer import no_cells, pair_cells
from .plan import pixels_aside
from .request import LARGEST_VOID, StereoPlan
from .seams import seam_counts
from .views_of import image_on_cells, inside_image

DSM, ORTHO = "dsm", "ortho"
BANDS = ("height", "std", "count", "confidence")
STEP_CELLS = 2.0  # heights of one group lie within so many cell sizes, half a meter at least
LEAST_STEP_M = 0.5
BYTES_PER_CELL = 400


@dataclass(frozen=True)
class GroundShift:
    """What is added to all points: columns and rows (cells), and ``up`` (m)."""

    columns: float = 0.0
    rows: float = 0.0
    up: float = 0.0


def ground_grid(
    plan: StereoPlan, runs: Sequence[TileRun], shift: GroundShift | None = None
) -> Grid:
    """The cells of the lattice that hold all points, and the tiles without any that two images
    show, moved by ``shift``; or of them those within the extent asked for.

    Raises ``InsufficientDataError`` where there is no point.
    """
    boxes = np.array(
        [one["bounds"] for run in runs for one in run.summaries if one["count"]]
    ).reshape(-1, 4)
    if not len(boxes):
        reasons = [one[EMPTY_KEY] for run in runs for one in run.summaries]
        raise InsufficientDataError(
            f"Nothing in the images matches in any of {len(reasons)} tiles. {reasons[0]}"
        )
    boxes = np.concatenate([boxes, *_empty_boxes(plan, runs)])
    if shift is not None:
        boxes = boxes + np.array([shift.columns, shift.rows] * 2)
    left, top = (floor(one + 0.5) for one in boxes[:, :2].min(axis=0))
    right, bottom = (floor(one + 0.5) + 1 for one in boxes[:, 2:].max(axis=0))
    if plan.request.extent is not None:
        asked = plan.request.extent.cells(plan.lattice)
        left, top = max(left, asked[0]), max(top, asked[1])
        right, bottom = min(right, asked[2]), min(bottom, asked[3])
        if left >= right or top >= bottom:
            raise InsufficientDataError("Nothing matches within the extent that is asked for.")
    whole = Grid(plan.lattice.wkt, plan.lattice.geotransform, 1, 1)
    return part_of(whole, (left, top, right - left, bottom - top))


def _empty_boxes(plan: StereoPlan, runs: Sequence[TileRun]) -> list[FloatArray]:
    """Boxes (1, 4) on the lattice of the tiles without points, as far as both images show them."""
    found = []
    for pair, run in zip(plan.pairs, runs, strict=True):
        height = float(np.mean(pair.quality.found_heights))
        rows, columns = plan.images[pair.second].size
        for tile, one in zip(run.tiles, run.summaries, strict=True):
            if one["count"]:
                continue
            own = tile.own
            nodes = lattice_of((own.column, own.row, own.width, own.height), 5)
            lon, lat = pair.models[0].locate(*nodes, height, compiled=False)
            level = np.full(lon.shape, height)
            there = inside_image(pair.models[1], (0, 0, columns, rows), lon, lat, level)
            if there.any():
                at = np.array(exact_cells(plan.lattice, lon[there], lat[there]))
                found.append(np.concatenate([at.min(axis=1), at.max(axis=1)])[None])
    return found


def ground_parameters(
    plan: StereoPlan,
    runs: Sequence[TileRun],
    grid: Grid,
    shift: GroundShift,
    ortho: bool,
) -> dict[str, Any]:
    """What ``make_cells`` needs to know, as values that JSON knows."""
    factor = pixels_aside(plan)
    column = round((grid.geotransform[0] - plan.lattice.geotransform[0]) / grid.pixel_width)
    row = round((plan.lattice.geotransform[3] - grid.geotransform[3]) / grid.pixel_height)
    first = plan.images[0]
    seen = [(plan.pairs[0].models[0], first.size)]
    seen += [(pair.models[1], plan.images[pair.second].size) for pair in plan.pairs]
    return {
        "grid": {"wkt": grid.wkt, "geotransform": list(grid.geotransform),
                 "size": [grid.width, grid.height]},
        "corner": [column, row],
        "layers": [_pieces(run) for run in runs],
        "weights": [pair.weight for pair in plan.pairs],
        "raster": asdict(_settings(plan.resolution)),
        "factor": factor,
        "small": asdict(_settings(plan.resolution / factor)),
        "shift": asdict(shift),
        "vertical": plan.request.vertical,
        "largest_void": plan.request.largest_void,
        "views": [
            {"model": model.to_vector().tolist(), "size": list(size)} for model, size in seen
        ],
        "region": list(plan.region),
        "middle": float(np.mean(plan.pairs[0].quality.found_heights)),
        "ortho": {"path": first.path, "missing": list(first.missing)} if ortho else None,
    }  # fmt: skip


def _settings(resolution: float) -> RasterSettings:
    return RasterSettings(step_m=max(LEAST_STEP_M, STEP_CELLS * resolution))


def ground_tiles(grid: Grid, size: int, largest_void: int) -> tuple[Tile, ...]:
    """A grid in tiles; with voids of ``largest_void`` cells to be filled the tiles look as far
    around as such a void can reach, so that all of it is seen.
    """
    return tiles(grid.width, grid.height, size, largest_void + 1 if largest_void else 0)


def make_cells(tile: Tile, parameters: Mapping[str, Any]) -> TileOutput:
    """The bands ``BANDS`` of a tile (float32, no data -32768) and the ortho-image, where wanted.

    The ortho-image is sampled at heights of points and, in small voids, on the membrane between
    their rims, filled or not; it is empty in larger voids, where nobody knows the height.
    """
    layers, owners = [], np.full((tile.outer.height, tile.outer.width), -1, dtype=np.int32)
    for pieces in parameters["layers"]:
        layers.append(pair_cells(tile.outer, parameters, pieces, owners))
    step_m = parameters["raster"]["step_m"]
    cells = _fused(layers, parameters["weights"], step_m, owners.shape)
    grid = _grid(parameters, tile.outer)
    height = cells.height
    if parameters["vertical"] != ELLIPSOID:
        lon, lat = places(grid, 0, grid.height)
        height = (height - undulation(parameters["vertical"], lon, lat)).astype(np.float32)
    filled = np.zeros(height.shape, dtype=np.bool_)
    if parameters["largest_void"]:
        height, filled = fill_small(height, parameters["largest_void"])
    own = tile.crop
    above = own(cells.height)
    # The models know the ground where it was before it was moved, to the sides as upward.
    lon, lat = (own(one) for one in places(_unmoved(grid, parameters), 0, grid.height))
    seen = _seen(parameters, lon, lat, _shown(above, parameters))
    made = np.stack([own(height), own(cells.std), own(cells.count).astype(np.float32),
                     own(cells.confidence)])  # fmt: skip
    missing = ~np.isfinite(made[0])
    made[2:][:, own(filled)] = 0.0
    made[1, own(filled)] = NODATA
    made[:, missing] = NODATA
    made[~np.isfinite(made)] = NODATA
    summary = {
        "cells": int(np.isfinite(above).sum()), "filled": int(own(filled).sum()),
        "void": int((seen & ~np.isfinite(above)).sum()),
        "seams": seam_counts(own(cells.height), own(owners)),
    }  # fmt: skip
    # Not compressed: these tiles live for seconds.
    rasters = {DSM: made.astype(np.float32)}
    if parameters["ortho"]:
        surface, _ = fill_small(cells.height, LARGEST_VOID)
        surface = own(surface) - np.float32(parameters["shift"]["up"])
        rasters[ORTHO] = _ortho(parameters, lon, lat, surface)[None]
    return TileOutput({}, summary, rasters)


def _pieces(run: TileRun) -> list[dict[str, Any]]:
    """The tiles of a run that have points, with the checksum that makes them these points."""
    return [
        {"path": str(run.store.path(tile)), "sum": run.checksums[tile.name],
         "origin": one["origin"], "bounds": one["bounds"]}
        for tile, one in zip(run.tiles, run.summaries, strict=True) if one["count"]
    ]  # fmt: skip


def _fused(
    layers: Sequence[Cells | None], weights: Sequence[float], step_m: float, shape: tuple[int, ...]
) -> Cells:
    there = [(one, weight) for one, weight in zip(layers, weights, strict=True) if one is not None]
    if not there:
        return no_cells(shape)
    return fuse([one for one, _ in there], [weight for _, weight in there], step_m)


def _grid(parameters: Mapping[str, Any], place: Rectangle) -> Grid:
    values = parameters["grid"]
    whole = Grid(values["wkt"], tuple(values["geotransform"]), *values["size"])
    return part_of(whole, (place.column, place.row, place.width, place.height))


def _unmoved(grid: Grid, parameters: Mapping[str, Any]) -> Grid:
    """The cells where their points were before they were moved."""
    shift = parameters["shift"]
    left, width, _, top, _, height = grid.geotransform
    west, north = left - shift["columns"] * width, top - shift["rows"] * height
    return replace(grid, geotransform=(west, width, 0.0, north, 0.0, height))


def _shown(height: AnyArray, parameters: Mapping[str, Any]) -> FloatArray:
    """Heights above the ellipsoid as the models know them: without what was added, and where there
    is none the middle one of the tile: near enough to tell whether an image shows the cell.
    """
    known = np.isfinite(height)
    middle = float(np.median(height[known])) if known.any() else parameters["middle"]
    return np.asarray(np.where(known, height, middle) - parameters["shift"]["up"])


def _seen(
    parameters: Mapping[str, Any], lon: FloatArray, lat: FloatArray, height: FloatArray
) -> BoolArray:
    """The cells that the region of the first image and one of the others show."""
    first, *others = (
        (RpcModel.from_vector(one["model"]), one["size"]) for one in parameters["views"]
    )
    seen = np.zeros(lon.shape, dtype=np.bool_)
    for model, (rows, columns) in others:
        seen |= inside_image(model, (0, 0, columns, rows), lon, lat, height)
    column, row, columns, rows = parameters["region"]
    return seen & inside_image(first[0], (column, row, columns, rows), lon, lat, height)


def _ortho(
    parameters: Mapping[str, Any], lon: FloatArray, lat: FloatArray, height: FloatArray
) -> AnyArray:
    view = parameters["views"][0]
    rows, columns = view["size"]
    with Rasters() as rasters:
        return image_on_cells(
            parameters["ortho"], RpcModel.from_vector(view["model"]), (rows, columns), rasters,
            (lon, lat, height), NODATA,
        )  # fmt: skip
