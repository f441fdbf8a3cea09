# SPDX-License-Identifier: GPL-3.0-or-later
"""Models whose heights and differences are known, and a simulated stereo pair."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.io.grids import grid_from_epsg, unproject
from calval_toolbox.core.io.raster_writer import write_raster

GRID = grid_from_epsg(32631, (500_000.0, 10.0, 0.0, 4_800_000.0, 0.0, -10.0), 200, 150)
COARSE = grid_from_epsg(4326, (2.995, 0.0005, 0.0, 43.36, 0.0, -0.0005), 80, 60)
OFFSET = 3.0  # meters


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """A rough slope, the same 3 m higher with noise and a hole, and a coarse one in degrees."""
    folder = tmp_path_factory.mktemp("dems")
    rng = np.random.default_rng(3)
    rows, columns = np.indices((150, 200))
    truth = (300.0 + 0.8 * columns + 0.02 * rows**2).astype(np.float32)
    other = truth + OFFSET + rng.normal(0.0, 0.5, truth.shape)
    other[60:75, 90:110] = np.nan
    paths = [str(folder / f"{name}.tif") for name in ("reference", "model", "coarse")]
    write_raster(paths[0], [truth], GRID)
    write_raster(paths[1], [other.astype(np.float32)], GRID, nodata=float("nan"))
    write_raster(paths[2], [np.full((60, 80), 400.0, dtype=np.float32)], COARSE)
    return paths


@pytest.fixture(scope="session")
def line() -> tuple[list[float], list[float]]:
    """A line along a row that crosses the hole."""
    ends = [unproject(GRID.wkt, x, 4_800_000.0 - 675.0) for x in (500_100.0, 501_900.0)]
    return [one[0] for one in ends], [one[1] for one in ends]


@pytest.fixture(scope="session")
def images(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The two images of a simulated pair."""
    pytest.importorskip("cv2", reason="OpenCV is not installed")
    from calval_toolbox.core.dem.simulate import SceneSettings, simulate_scene, write_scene

    folder = tmp_path_factory.mktemp("pair")
    scene = simulate_scene(SceneSettings(terrain="urban", size=320, samples=1))
    paths = write_scene(scene, folder)
    return [str(paths["img_01"]), str(paths["img_02"]), str(paths["truth"])]


@pytest.fixture
def elevation(on_screen: Callable[..., Any]) -> Callable[..., Any]:
    """Makes panels of elevation models that are on the screen."""
    from calval_toolbox.ui.dem.panel import ElevationPanel

    def make(width: int = 1500, height: int = 900, **options: Any) -> Any:
        return on_screen(ElevationPanel, width, height, **options)

    return make
