# SPDX-License-Identifier: GPL-3.0-or-later
"""A map of classes regularized: majority filter, smallest area; tile by tile."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import InputError
from ...execution.results import RasterOutput, write_rasters
from ...execution.runner import TileRun, run_tiles
from ...execution.settings import ExecutionSettings
from ...execution.tiling import Tile, TileOutput, fit_tile_size, tile_memory_mb, tiles
from ...io.class_maps import classes_in, codes_of, codes_present, map_grid, row_areas_ha
from ...io.rasters import Rasters, short
from ...io.sieve import sieve
from ...progress import Part, Progress, Silent
from ..classes import Classes
from .majority import CIRCLE, majority

_BYTES = 80.0  # per pixel at the peak


@dataclass(frozen=True)
class RegularizeRequest:
    """A ``map`` (path); the majority ``radius`` in pixels (0: none) and its ``shape``; areas of
    fewer than ``least_pixels`` or ``least_area_ha`` (0: none) go to their neighbors, seen by
    ``connectedness`` 4 or 8.
    """

    map: str
    radius: int = 1
    shape: str = CIRCLE
    least_pixels: int = 0
    least_area_ha: float = 0.0
    connectedness: int = 4


@dataclass(frozen=True)
class Regularized:
    """What came out: the ``classes``, and how many pixels were changed by the two steps, of all
    that have a class.
    """

    classes: Classes
    pixels: int
    filtered: int
    sieved: int
    run: TileRun


def least_pixels(request: RegularizeRequest) -> int:
    """The smallest area in pixels; raises ``InputError`` for hectares of a map without a CRS."""
    if not request.least_area_ha > 0.0:
        return request.least_pixels
    with Rasters() as rasters:
        grid = map_grid(request.map, rasters)
    if not grid.wkt:
        raise InputError("MINIMUM_AREA needs a map with a coordinate system. Give MINIMUM_PIXELS.")
    pixel = float(row_areas_ha(grid)[grid.height // 2])
    return max(request.least_pixels, math.ceil(request.least_area_ha / pixel - 1e-9))


def regularize_map(
    request: RegularizeRequest,
    target: Path | str,
    shown: str,
    folder: Path | str,
    execution: ExecutionSettings | None = None,
    progress: Progress | None = None,
) -> Regularized:
    """Write the regularized map to ``target`` (called ``shown``); tiles are kept in ``folder``.

    Raises ``InputError`` where the raster is no map of classes.
    """
    progress, execution = progress or Silent(), execution or ExecutionSettings()
    least = least_pixels(request)
    classes = classes_in(request.map, codes_present(request.map, Part(progress, 0.0, 0.05)))
    with Rasters() as rasters:
        grid = map_grid(request.map, rasters)
    margin = request.radius
    size = fit_tile_size(execution.tile_size, _BYTES, execution.memory_cap_mb, margin)
    run = run_tiles(
        filter_tile, tiles(grid.width, grid.height, size, margin), folder,
        {"map": request.map, "radius": request.radius, "shape": request.shape,
         "width": grid.width, "height": grid.height},
        execution, Part(progress, 0.05, 0.5), inputs=[request.map],
        tile_mb=tile_memory_mb(size, _BYTES, margin),
    )  # fmt: skip
    pixels, filtered = (sum(one[key] for one in run.summaries) for key in ("pixels", "changed"))
    sieved = 0
    writing = Part(progress, 0.5, 0.7)
    if least <= 1:
        output = RasterOutput("map", target, 0, ("class",), shown)
        write_rasters(run, [output], grid, writing)
    else:
        with tempfile.TemporaryDirectory(dir=Path(target).parent, prefix=".sieve") as place:
            middle = Path(place) / "filtered.tif"
            write_rasters(run, [RasterOutput("map", middle, 0, ("class",), shown)], grid, writing)
            sieved = sieve(
                str(middle), target, least, request.connectedness, place, shown,
                Part(progress, 0.7, 1.0),
            )  # fmt: skip
    return Regularized(classes, pixels, filtered, sieved, run)


def filter_tile(tile: Tile, parameters: Mapping[str, Any]) -> TileOutput:
    """One tile of the majority filter."""
    outer, radius = tile.outer, parameters["radius"]
    with Rasters() as rasters:
        path = parameters["map"]
        nodata = rasters.dataset(path).GetRasterBand(1).GetNoDataValue()
        values = rasters.read(path, 1, outer.column, outer.row, outer.width, outer.height)
        wide = values.dtype.itemsize > 1
        codes = codes_of(values, nodata, short(path)).astype(np.uint16 if wide else np.uint8)
    own = tile.crop(codes)
    out = own
    if radius:
        beyond = [
            (max(radius - at, 0), max(at + size + radius - whole, 0))
            for at, size, whole in (
                (tile.own.row, tile.own.height, parameters["height"]),
                (tile.own.column, tile.own.width, parameters["width"]),
            )
        ]
        out = majority(np.pad(codes, beyond), radius, parameters["shape"])
    return TileOutput(
        {"map": out},
        {"pixels": int(np.count_nonzero(own)), "changed": int(np.count_nonzero(out != own))},
    )
