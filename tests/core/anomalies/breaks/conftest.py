# SPDX-License-Identifier: GPL-3.0-or-later
"""A stack of images with a planted break in half of its pixels."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.io.grids import Grid, grid_from_epsg
from calval_toolbox.core.io.raster_writer import write_raster

WIDTH, HEIGHT = 150, 90
BREAK_DAY = np.datetime64("2019-05-17")
DAYS = np.datetime64("2016-01-03") + 16 * np.arange(92)
CENTERS = {"B3": 0.08, "B4": 0.06, "B8": 0.35, "B11": 0.20}


@dataclass(frozen=True)
class BrokenStack:
    """Where the images are (integers of 10 000, 0 = no data), and which pixels break (rows,
    columns): on ``day``, their B8 by -0.15 and their B4 by +0.06. The lowest row is never seen.
    """

    folder: Path
    grid: Grid
    broken: np.ndarray
    day: np.datetime64


@pytest.fixture(scope="session")
def broken_stack(tmp_path_factory: pytest.TempPathFactory) -> BrokenStack:
    folder = tmp_path_factory.mktemp("broken")
    grid = grid_from_epsg(32631, (300000.0, 10.0, 0.0, 4900020.0, 0.0, -10.0), WIDTH, HEIGHT)
    rng = np.random.default_rng(11)
    broken = np.zeros((HEIGHT, WIDTH), dtype=bool)
    broken[:, WIDTH // 2 :] = True
    season = np.cos(2.0 * np.pi * (DAYS - DAYS[0]) / np.timedelta64(1, "D") / 365.25)
    day = DAYS[DAYS >= BREAK_DAY][0]
    for number, date in enumerate(DAYS):
        bands = []
        for name, level in CENTERS.items():
            image = level + 0.1 * level * season[number] + rng.normal(0.0, 0.006, broken.shape)
            if date >= day:
                image += broken * {"B8": -0.15, "B4": 0.06}.get(name, 0.0)
            cloud = rng.random(broken.shape) < 0.01
            image = np.where(cloud, image + 0.25, image)
            bands.append(np.rint(image * 10_000.0))
        gap = rng.random(broken.shape) < 0.2
        gap[-1] = True
        images = [np.where(gap, 0, band).clip(0).astype(np.int16) for band in bands]
        path = folder / f"image_{str(date).replace('-', '')}.tif"
        write_raster(path, images, grid, nodata=0, names=tuple(CENTERS))
    return BrokenStack(folder, grid, broken, day)
