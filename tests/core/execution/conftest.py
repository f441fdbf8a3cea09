# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of tiled runs share: a stack of rasters, and a watched progress."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np
import pytest
from local_cluster import (
    Cluster,
    environment,
    start_cluster,
    stop_cluster,
    wait_until,
)

from calval_toolbox.core.io.grids import Grid, grid_from_epsg
from calval_toolbox.core.io.raster_writer import write_raster

__all__ = ["Cluster", "environment", "start_cluster", "stop_cluster", "wait_until"]
WIDTH, HEIGHT, DATES = 230, 170, 4


@dataclass
class Watched:
    """A progress that remembers, and cancels once a share is done."""

    cancel_at: float = 2.0
    fractions: list[float] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    canceled_since: float = 0.0

    def report(self, fraction: float, text: str = "") -> None:
        self.fractions.append(fraction)

    def info(self, text: str) -> None:
        pass

    def warn(self, text: str) -> None:
        self.warnings.append(text)

    def canceled(self) -> bool:
        asked = bool(self.fractions) and self.fractions[-1] >= self.cancel_at
        if asked and not self.canceled_since:
            self.canceled_since = time.monotonic()
        return asked


@pytest.fixture
def watched() -> Watched:
    return Watched()


@pytest.fixture(scope="session")
def grid() -> Grid:
    return grid_from_epsg(32631, (300000.0, 10.0, 0.0, 4900020.0, 0.0, -10.0), WIDTH, HEIGHT)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, grid: Grid) -> list[str]:
    """Dated rasters of one band."""
    folder, noise = tmp_path_factory.mktemp("stack"), np.random.default_rng(3)
    paths = []
    for date in range(DATES):
        path = folder / f"d{date}.tif"
        write_raster(path, [noise.integers(0, 10_000, (HEIGHT, WIDTH)).astype(np.uint16)], grid)
        paths.append(str(path))
    return paths
