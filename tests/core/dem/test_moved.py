# SPDX-License-Identifier: GPL-3.0-or-later
"""A moved model on another grid: strip by strip as in one piece."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.io import dem_moved
from calval_toolbox.core.io.dem_files import read_dem
from calval_toolbox.core.io.dem_moved import Move, write_moved
from calval_toolbox.core.io.grids import Grid, grid_from_epsg
from calval_toolbox.core.io.raster_writer import write_raster
from calval_toolbox.core.progress import Silent

OWN = grid_from_epsg(32631, (600_000.0, 30.0, 0.0, 4_900_000.0, 0.0, -30.0), 120, 100)
OTHERS = {
    "same CRS": grid_from_epsg(32631, (600_107.0, 30.0, 0.0, 4_899_911.0, 0.0, -30.0), 130, 90),
    "degrees": grid_from_epsg(4326, (4.26, 3e-4, 0.0, 44.245, 0.0, -3e-4), 100, 100),
}


@pytest.mark.parametrize("onto", OTHERS.values(), ids=OTHERS)
def test_strips(tmp_path: Path, onto: Grid, monkeypatch: pytest.MonkeyPatch) -> None:
    row, column = np.mgrid[0:100, 0:120]
    height = 300.0 + 40.0 * np.sin(column / 5.0) * np.cos(row / 6.0)
    height[40:50, 60:70] = np.nan
    source = str(tmp_path / "dem.tif")
    write_raster(source, [height.astype(np.float32)], OWN, nodata=float("nan"))
    move = Move(7.0, -11.0, 2.0, (1e-4, -2e-4), (601_000.0, 4_899_000.0))
    found = []
    for rows in (512, 16):
        monkeypatch.setattr(dem_moved, "_ROWS", rows)
        target = tmp_path / f"moved{rows}.tif"
        assert write_moved(source, target, target.name, move, onto, Silent()) == onto
        found.append(read_dem(str(target)).height)
    whole, strips = found
    assert np.isfinite(whole).mean() > 0.5
    np.testing.assert_array_equal(np.isfinite(strips), np.isfinite(whole))
    np.testing.assert_allclose(strips, whole, atol=0.05)
