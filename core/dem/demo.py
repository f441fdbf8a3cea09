# SPDX-License-Identifier: GPL-3.0-or-later
"""A small simulated case of elevation models: a stereo pair, the model made of it, the truth."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..io.atomic import Staging
from ..io.dem_files import dem_grid
from ..io.geoid_grids import VERTICAL_ITEM
from ..io.grids import Grid, unproject
from ..io.raster_writer import write_raster
from ..io.stereo_views import file_view
from ..io.vertical_crs import ELLIPSOID
from ..progress import Part, Progress, Silent
from .epipolar import Tile
from .local_pair import local_pair
from .pair import match_tile
from .placing import cells_of
from .rasterize import rasterize
from .simulate import SceneSettings, simulate_scene, write_scene

SETTINGS = SceneSettings(terrain="urban", size=512, pointing_px=((1.7, -2.2),))
_MARGIN = 8  # pixels at the rim of the first image that the model leaves out
_LINE = ((0.3, 0.35), (0.7, 0.6))  # shares of the width and height of the truth
_DSM = "dsm.tif"


@dataclass(frozen=True)
class DemoFiles:
    """Paths of the two images, the model and the truth; a line (longitudes, latitudes; degrees)
    and a ``pixel`` of the first image that are worth a look.
    """

    first: str
    second: str
    dsm: str
    truth: str
    line: tuple[list[float], list[float]]
    pixel: tuple[float, float]


def write_demo(folder: Path, progress: Progress | None = None) -> DemoFiles:
    """The case in ``folder``, made where it is not there. Needs OpenCV for the model."""
    progress = progress or Silent()
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: folder / f"{name}.tif" for name in ("img_01", "img_02", "truth")}
    if not all(path.is_file() for path in paths.values()):
        scene = simulate_scene(SETTINGS, Part(progress, 0.0, 0.6))
        write_scene(scene, folder)
    grid = dem_grid(str(paths["truth"]))
    dsm = folder / _DSM
    if not dsm.is_file():
        _write_dsm(paths["img_01"], paths["img_02"], grid, dsm, Part(progress, 0.6, 1.0))
    middle = SETTINGS.size / 2.0
    return DemoFiles(
        str(paths["img_01"]), str(paths["img_02"]), str(dsm), str(paths["truth"]), _line(grid),
        (middle, middle),
    )  # fmt: skip


def _write_dsm(first: Path, second: Path, grid: Grid, target: Path, progress: Progress) -> None:
    middle = SETTINGS.size / 2.0
    local = local_pair(
        file_view(str(first)), file_view(str(second)), middle, middle, Part(progress, 0.0, 0.5)
    )
    size = SETTINGS.size - 2.0 * _MARGIN
    found = match_tile(local.pair, Tile(_MARGIN, _MARGIN, size, size))
    column, row = cells_of(grid, found.lon, found.lat)
    cells = rasterize(column, row, found.height, found.confidence, (grid.height, grid.width))
    with Staging() as staging:
        write_raster(
            staging.stage(target),
            [cells.height.astype(np.float32)],
            grid,
            float("nan"),
            about=[(VERTICAL_ITEM, ELLIPSOID)],
        )


def _line(grid: Grid) -> tuple[list[float], list[float]]:
    left, bottom, right, top = grid.bounds()
    places = [
        unproject(grid.wkt, left + x * (right - left), top - y * (top - bottom)) for x, y in _LINE
    ]
    return [one[0] for one in places], [one[1] for one in places]
