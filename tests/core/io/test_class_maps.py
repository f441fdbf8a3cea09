# SPDX-License-Identifier: GPL-3.0-or-later
"""Maps of classes as files: codes, areas, places, and small areas that go."""

from __future__ import annotations

from math import cos, radians
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from calval_toolbox.core.errors import InputError
from calval_toolbox.core.io.class_maps import codes_present, map_areas, sample_map
from calval_toolbox.core.io.class_polygons import check_georeferenced
from calval_toolbox.core.io.geometries import points
from calval_toolbox.core.io.grids import Grid, grid_from_epsg, unproject
from calval_toolbox.core.io.raster_writer import write_raster
from calval_toolbox.core.io.sieve import sieve
from calval_toolbox.core.table import Table


@pytest.fixture
def grid() -> Grid:
    return grid_from_epsg(32631, (5e5, 20.0, 0.0, 4.8e6, 0.0, -20.0), 60, 50)


def test_no_data_of_any_code_and_unnamed_255_are_no_class(grid: Grid, tmp_path: Path) -> None:
    codes = np.full((50, 60), 4, np.float32)
    codes[:10], codes[10:20], codes[20:30] = 9, 255, np.nan
    path = str(tmp_path / "map.tif")
    write_raster(path, [codes], grid, 9)
    assert codes_present(path).tolist() == [0, 4, 255]
    areas = map_areas(path)
    assert areas.classes.labels == ("4",)
    assert areas.pixels.tolist() == [20 * 60]
    assert areas.hectares.tolist() == [20 * 60 * 0.04]
    places = [unproject(grid.wkt, 5e5 + 30.0, 4.8e6 - 20.0 * row - 10.0) for row in (5, 25, 40)]
    at = sample_map(path, Table({"a": np.arange(3)}, "r", points(*np.array(places).T)))
    assert (at.rows.tolist(), at.codes.tolist(), at.unclassified) == ([2], [4], 2)


def test_areas_of_degrees_follow_the_latitude(tmp_path: Path) -> None:
    grid = grid_from_epsg(4326, (10.0, 0.01, 0.0, 60.0, 0.0, -0.01), 40, 1000)
    codes = np.ones((1000, 40), np.uint8)
    codes[500:] = 2
    path = str(tmp_path / "map.tif")
    write_raster(path, [codes], grid, 0)
    north, south = map_areas(path).hectares
    assert south / north == pytest.approx(cos(radians(52.5)) / cos(radians(57.5)), rel=1e-3)
    assert north == pytest.approx(500 * 40 * 1.11195**2 * 100 * cos(radians(57.5)), rel=1e-3)


def test_a_map_without_a_place_has_no_polygons(grid: Grid, tmp_path: Path) -> None:
    codes, path = np.ones((50, 60), np.uint8), str(tmp_path / "map.tif")
    write_raster(path, [codes], grid, 0)
    check_georeferenced(path)
    plain = gdal.GetDriverByName("GTiff").Create(str(tmp_path / "plain.tif"), 60, 50, 1)
    plain.GetRasterBand(1).WriteArray(codes)
    plain = None
    with pytest.raises(InputError, match=r"plain\.tif has no georeferencing: polygons"):
        check_georeferenced(str(tmp_path / "plain.tif"))


def test_decimals_are_no_classes(grid: Grid, tmp_path: Path) -> None:
    path = str(tmp_path / "map.tif")
    write_raster(path, [np.full((50, 60), 0.5, np.float32)], grid)
    with pytest.raises(InputError, match="numbers with decimals"):
        map_areas(path)
    write_raster(path, [np.zeros((50, 60), np.uint8)], grid)
    with pytest.raises(InputError, match="holds no class"):
        map_areas(path)


def test_many_small_areas_beside_each_other_go_in_the_end(grid: Grid, tmp_path: Path) -> None:
    """A chessboard, all of whose inner squares have small neighbors only."""
    codes = np.full((50, 60), 3, np.uint8)
    row, column = np.mgrid[0:30, 0:30]
    codes[10:40, 10:40] = 1 + (row + column) % 2
    codes[0, :20] = 0
    source, target = str(tmp_path / "map.tif"), tmp_path / "out.tif"
    write_raster(source, [codes], grid, 0)
    changed = sieve(source, target, 5, 4, tmp_path)
    found = gdal.Open(str(target)).ReadAsArray()
    assert changed == 900
    np.testing.assert_array_equal(found, np.where(codes == 0, 0, 3))
