# SPDX-License-Identifier: GPL-3.0-or-later
"""A model written at its new place: position, height and plane, with and without interpolation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from osgeo import osr

from calval_toolbox.core.dem.alike import open_alike
from calval_toolbox.core.io.dem_files import dem_grid, read_dem
from calval_toolbox.core.io.dem_moved import Move, write_moved
from calval_toolbox.core.io.dem_pairs import open_pair
from calval_toolbox.core.io.dem_sources import open_source
from calval_toolbox.core.io.dem_warp import read_masks
from calval_toolbox.core.io.grids import Grid, grid_from_epsg
from calval_toolbox.core.io.raster_writer import RasterWriter, write_raster
from calval_toolbox.core.io.vertical_crs import with_reference
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


def high(path: Path, grid: Grid, wkt: str, value: float = 100.0) -> str:
    height = np.full((grid.height, grid.width), value, dtype=np.float32)
    write_raster(path, [height], replace(grid, wkt=wkt))
    return str(path)


def test_feet_of_the_vertical_system_are_meters_after(
    source: tuple[str, Grid], tmp_path: Path
) -> None:
    """A CRS in feet would make the meters that are written feet again."""
    feet = osr.SpatialReference()
    feet.SetFromUserInput("EPSG:32631+6360")  # NAVD88 height, US survey feet
    path = high(tmp_path / "feet.tif", source[1], feet.ExportToWkt(), 3937.0 / 12.0)
    assert read_dem(path).height[0, 0] == pytest.approx(100.0, abs=1e-4)
    out = tmp_path / "out.tif"
    write_moved(path, out, "out.tif", Move(0.0, 0.0, 1.0), None, Silent())
    assert read_dem(str(out)).height[0, 0] == pytest.approx(101.0, abs=1e-4)
    assert not dem_grid(str(out)).reference().IsCompound()


@pytest.mark.parametrize("vertical", ["EGM96", "EGM2008", "ellipsoid"])
def test_what_heights_are_counted_from_is_kept(
    source: tuple[str, Grid], tmp_path: Path, vertical: str
) -> None:
    grid = source[1]
    one = tmp_path / "one.tif"
    with RasterWriter(
        one, replace(grid, wkt=with_reference(grid.wkt, vertical)), 1, "float32"
    ) as to:
        to.write(1, np.full((30, 40), 5.0, dtype=np.float32))
        to.describe("VERTICAL_REFERENCE", vertical)
    write_moved(str(one), tmp_path / "out.tif", "out.tif", Move(1.0, 0.0, 0.0), None, Silent())
    assert open_source(str(tmp_path / "out.tif")).reference == vertical


def test_only_the_common_ground_is_read(tmp_path: Path) -> None:
    whole = grid_from_epsg(32631, (500_000.0, 10.0, 0.0, 4_000_000.0, 0.0, -10.0), 600, 500)
    left, width, _, top, _, height = whole.geotransform
    small = replace(
        whole, geotransform=(left + 2000.0, width, 0.0, top - 1500.0, 0.0, height),
        width=50, height=40,
    )  # fmt: skip
    big = high(tmp_path / "big.tif", whole, whole.wkt)
    part = high(tmp_path / "part.tif", small, whole.wkt)
    assert open_pair(part, big).reference.shape == (40 + 128, 50 + 128)
    pair = open_pair(big, part)
    assert pair.model.shape == (40 + 128, 50 + 128)
    assert (pair.columns, pair.rows) == (-64.0, -64.0)


def test_what_the_files_of_a_pair_hide_is_told(tmp_path: Path) -> None:
    grid = grid_from_epsg(32631, (500_000.0, 10.0, 0.0, 4_000_000.0, 0.0, -10.0), 60, 50)
    height = 800.0 + np.random.default_rng(1).normal(0.0, 5.0, (50, 60)).astype(np.float32)
    good, holes, mask = (str(tmp_path / f"{name}.tif") for name in ("good", "holes", "mask"))
    write_raster(Path(good), [height], grid)
    height[10:14, 20:30] = 0.0
    write_raster(Path(holes), [height], grid)
    away = replace(grid, geotransform=(900_000.0, 10.0, 0.0, 4_000_000.0, 0.0, -10.0))
    write_raster(Path(mask), [np.ones((50, 60), dtype=np.uint8)], away)
    notes = open_alike(holes, good, [mask]).notes
    assert any("mask.tif (EXCLUSION_MASK) excludes no cell" in one for one in notes)
    assert any(one.startswith("1.3 % ") and "holes.tif are 0 m high" in one for one in notes)
    assert not open_alike(good, good).notes


def test_masks_of_shares_and_negative_codes(source: tuple[str, Grid], tmp_path: Path) -> None:
    """All values but 0 and no data leave cells out, whatever their size and sign."""
    grid = source[1]
    mask = np.zeros((30, 40), dtype=np.float32)
    mask[3, 4], mask[5, 6], mask[7, 8], mask[9, 10] = 0.3, -1.0, -9999.0, np.nan
    write_raster(tmp_path / "mask.tif", [mask], grid, nodata=-9999.0)
    found = read_masks([str(tmp_path / "mask.tif")], grid)
    assert found is not None
    assert sorted(zip(*np.nonzero(found), strict=True)) == [(3, 4), (5, 6)]
