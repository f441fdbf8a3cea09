# SPDX-License-Identifier: GPL-3.0-or-later
"""A small simulated land-cover case: a year of Sentinel-2 and Sentinel-1 over two tiles, reference
polygons, zones, and the truth.

Products carry the names, metadata and masks of THEIA and of Sen2Cor; what they hold is simulated.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..io.grids import Grid, grid_from_epsg
from ..io.raster_writer import write_raster
from ..io.tables import write_table
from ..progress import Part, Progress, Silent, each
from ..simulation.folder import NOTE, claim, clear
from ..simulation.places import corner
from ..types import FloatArray
from .simulation.ground import SIZE, Ground, draw_ground
from .simulation.images import PIXEL_M, PLACE, TILES, plan_shots, shoot, tile_columns, write_shot
from .simulation.radar import write_radar
from .simulation.reference import reference_polygons, validation_points, zone_polygons

SEED = 20220114
SAMPLE = 400  # points of the probability sample
COARSE_M = 20.0  # pixels of the elevation model
FIRST_LINE = "A simulated land-cover case for the CalVal Toolbox. Nothing in it is real.\n"
FOLDERS = (*(f"optical/{tile}" for tile in TILES), *(f"radar/{tile}" for tile in TILES))
FILES = ("elevation.tif", "truth.tif", "reference.gpkg", "validation.gpkg", "zones.gpkg")
CHAIN = "land_cover.json"
CONFIGURATION = {
    "products": "optical", "radar": "radar", "exogenous": "elevation.tif",
    "reference": "reference.gpkg", "class_field": "class",
    "zones": "zones.gpkg", "zone_field": "zone",
    "validation": "validation.gpkg", "runs": 2, "seed": 1,
    "steps": {
        "computeprimitives": {"STEP_DAYS": 30},
        "preparesamples": {"BLOCK_SIZE_M": 300},
        "trainclassifier": {"TREES": 50, "FOLDS": 2},
        "regularizemap": {"MAJORITY_RADIUS": 1},
        "assessmap": {"DESIGN": "post_stratified"},
    },
}  # fmt: skip
READ_ME = """
optical/TILE     a year of Sentinel-2 products, of THEIA and of Sen2Cor by turns
radar/TILE       Sentinel-1 backscatter (VV and VH, both directions), names as of S1Tiling
elevation.tif    heights in meters, pixels of 20 m
reference.gpkg   polygons with their class (column class) and the zone that they lie in
zones.gpkg       two zones: all seasons are 24 days later in the hills
validation.gpkg  a simple random sample of pixels with their true class
truth.tif        the class of every pixel: broad-leaved forest 1, built-up 2, coniferous forest 3,
                 grassland 4, maize 5, sunflower 6, water 7, wheat 8
land_cover.json  a configuration of the land-cover chain for all of it

A few reference polygons have a wrong class (column planted).
Made with seed {seed}; the same seed gives the same pixels.
"""


@dataclass(frozen=True)
class LandCoverCase:
    """Where everything is: folders of products by tile, files, and the simulated ``ground`` on its
    ``grid`` of 10 m.
    """

    folder: Path
    optical: Mapping[str, Path]
    radar: Mapping[str, Path]
    elevation: Path
    truth: Path
    reference: Path
    validation: Path
    zones: Path
    ground: Ground
    grid: Grid
    product_count: int


def write_case(
    folder: Path | str,
    seed: int = SEED,
    size: int = SIZE,
    traps: bool = False,
    progress: Progress | None = None,
) -> LandCoverCase:
    """Write the case into ``folder``: ``size`` x ``size`` pixels of 10 m (a multiple of 4).

    ``traps``: the reference also has a class with a single polygon and a polygon beside the images.
    The same ``seed`` gives the same case. Raises ``OutputError`` where ``folder`` holds something
    else or cannot be written; a run that is canceled or fails leaves nothing behind.
    """
    folder = Path(folder)
    owned = ("optical", "radar", *FILES, CHAIN)
    claim(folder, FIRST_LINE, owned)
    try:
        case = _write(folder, seed, size, traps, progress or Silent())
        (folder / NOTE).write_text(FIRST_LINE + READ_ME.format(seed=seed), "utf-8")
        (folder / CHAIN).write_text(json.dumps(CONFIGURATION, indent=2) + "\n", "utf-8")
        return case
    except BaseException:
        clear(folder, (*owned, NOTE))
        raise


def simulated_ground(seed: int = SEED, size: int = SIZE) -> tuple[Ground, Grid]:
    """The landscape of the case, and its grid."""
    left, top = corner(PLACE, size * PIXEL_M)
    grid = grid_from_epsg(PLACE.epsg, (left, PIXEL_M, 0.0, top, 0.0, -PIXEL_M), size, size)
    return draw_ground(size, np.random.default_rng([seed, 0])), grid


def _write(folder: Path, seed: int, size: int, traps: bool, progress: Progress) -> LandCoverCase:
    ground, grid = simulated_ground(seed, size)
    paths = [folder / name for name in FOLDERS]
    for path in paths:
        path.mkdir(parents=True)
    optical = dict(zip(TILES, paths[:2], strict=True))
    radar = dict(zip(TILES, paths[2:], strict=True))
    shots = plan_shots(np.random.default_rng([seed, 1]))
    part = Part(progress, 0.0, 0.9)
    count = sum(
        write_shot(optical, shoot(ground, shot), shot)
        for shot in each(shots, part, "Simulating images")
    )
    write_radar(radar, ground, grid, tile_columns(size), np.random.default_rng([seed, 2]))
    rng = np.random.default_rng([seed, 3])
    elevation, truth, *tables = (folder / name for name in FILES)
    coarse = _coarse(ground.elevation_m)
    write_raster(elevation, [coarse], _coarse_grid(grid), -9999.0, ("elevation",))
    write_raster(truth, [ground.codes()], grid, 0.0, ("class",))
    made = (
        reference_polygons(ground, grid, rng, traps),
        validation_points(ground, grid, SAMPLE, rng),
        zone_polygons(grid),
    )
    for table, path in zip(made, tables, strict=True):
        write_table(table, path)
    reference, validation, zones = tables
    return LandCoverCase(
        folder, optical, radar, elevation, truth, reference, validation, zones, ground, grid, count
    )


def _coarse(values: FloatArray) -> FloatArray:
    step = round(COARSE_M / PIXEL_M)
    rows, columns = (length // step for length in values.shape)
    means = values.reshape(rows, step, columns, step).mean(axis=(1, 3))
    return np.asarray(means, dtype=np.float32)


def _coarse_grid(grid: Grid) -> Grid:
    step = round(COARSE_M / PIXEL_M)
    left, width, _, top, _, height = grid.geotransform
    transform = (left, width * step, 0.0, top, 0.0, height * step)
    return Grid(grid.wkt, transform, grid.width // step, grid.height // step)
