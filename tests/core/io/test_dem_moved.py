# SPDX-License-Identifier: GPL-3.0-or-later
"""A model written at its new place: position, height and plane, with and without interpolation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.io.dem_files import read_dem
from calval_toolbox.core.io.dem_moved import Move, write_moved
from calval_toolbox.core.io.grids import Grid, grid_from_epsg
from calval_toolbox.core.io.raster_writer import write_raster
from calval_toolbox.core.progress import Silent


@pytest.fixture
def source(tmp_path: Path) -> tuple[str, Grid]:
    """A plane that rises by 1 m per cell to the east and by 2 m to the south; a hole."""
    grid = grid_from_epsg(32631, (500_000.0, 10.0, 0.0, 4_000_000.0, 0.0, -10.0), 40, 30)
    row, column = np.mgrid[0:30, 0:40]
    height = (100.0 + column + 2.0 * row).astype(np.float32)
    height[4, 7] = np.nan
    write_raster(tmp_path / "model.tif", [height], grid)
    return str(tmp_path / "model.tif"), grid


def test_cells_move_and_heights_stay(source: tuple[str, Grid], tmp_path: Path) -> None:
    path, grid = source
    middle = (500_203.0, 3_999_846.0)
    move = Move(3.0, -4.0, 5.0, (0.1, 0.02), middle)
    write_moved(path, tmp_path / "out.tif", "out.tif", move, None, Silent())
    before, after = read_dem(path), read_dem(str(tmp_path / "out.tif"))
    assert after.grid.geotransform[0] == 500_003.0
    assert after.grid.geotransform[3] == 3_999_996.0
    assert np.array_equal(after.valid, before.valid)
    # The plane is 0 in the middle, after the move.
    x = 500_003.0 + 10.0 * (np.arange(40) + 0.5) - middle[0]
    y = 3_999_996.0 - 10.0 * (np.arange(30) + 0.5) - middle[1]
    added = after.height - before.height
    assert np.nanmax(np.abs(added - (5.0 + 0.1 * x[None, :] + 0.02 * y[:, None]))) < 1e-4


def test_onto_another_grid(source: tuple[str, Grid], tmp_path: Path) -> None:
    path, grid = source
    write_moved(path, tmp_path / "out.tif", "out.tif", Move(5.0, -20.0, 0.0), grid, Silent())
    after = read_dem(str(tmp_path / "out.tif"))
    assert after.grid == grid
    # Half a cell to the east and two cells to the south on the plane: 0.5 and 4 m lower.
    inner = (after.height - read_dem(path).height)[8:-4, 12:-4]
    assert np.nanmax(np.abs(inner + 4.5)) < 1e-3
