# SPDX-License-Identifier: GPL-3.0-or-later
"""Neighboring tiles become one raster, pixel by pixel."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from calval_toolbox.core.errors import InputError
from calval_toolbox.core.io import tile_mosaic
from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.raster_writer import write_raster
from calval_toolbox.core.io.tile_mosaic import join_tiles


def tile(path: Path, left: float, top: float, values: np.ndarray, epsg: int = 32631) -> str:
    rows, columns = values.shape
    grid = grid_from_epsg(epsg, (left, 10.0, 0.0, top, 0.0, -10.0), columns, rows)
    write_raster(path, [values, values + 100], grid, 0.0, ("a", "b"))
    return str(path)


@pytest.mark.parametrize("strip", [4_000_000, 25])
def test_the_first_tile_with_a_value_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, strip: int
) -> None:
    monkeypatch.setattr(tile_mosaic, "_STRIP", strip)
    west = np.array([[1, 1, 1], [1, 1, 0], [1, 1, 1]], dtype=np.uint8)
    east = np.full((3, 3), 2, dtype=np.uint8)
    paths = [
        tile(tmp_path / "west.tif", 500000.0, 4800000.0, west),
        tile(tmp_path / "east.tif", 500020.0, 4799990.0, east),
    ]
    grid = join_tiles(paths, tmp_path / "whole.tif", 0.0, ("a", "b"))
    whole = gdal.Open(str(tmp_path / "whole.tif"))
    assert (grid.width, grid.height, whole.RasterCount) == (5, 4, 2)
    expected = [[1, 1, 1, 0, 0], [1, 1, 2, 2, 2], [1, 1, 1, 2, 2], [0, 0, 2, 2, 2]]
    assert whole.GetRasterBand(1).ReadAsArray().tolist() == expected
    assert whole.GetRasterBand(1).GetDescription() == "a"
    assert whole.GetGeoTransform()[0] == 500000.0


@pytest.mark.parametrize(
    ("left", "epsg", "said"),
    [(500025.0, 32631, "do not lie on those"), (500020.0, 32632, "another coordinate system")],
)
def test_tiles_that_do_not_fit_are_refused(
    tmp_path: Path, left: float, epsg: int, said: str
) -> None:
    ones = np.ones((3, 3), dtype=np.uint8)
    paths = [
        tile(tmp_path / "west.tif", 500000.0, 4800000.0, ones),
        tile(tmp_path / "east.tif", left, 4800000.0, ones, epsg),
    ]
    with pytest.raises(InputError, match=said):
        join_tiles(paths, tmp_path / "whole.tif", 0.0)
