# SPDX-License-Identifier: GPL-3.0-or-later
"""Slope, aspect and hillshade against GDAL, on stored references and computed on the spot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from calval_toolbox.core.dem.cells import Sides, cell_sides, meters_per_degree, square
from calval_toolbox.core.dem.terrain import Gradient, aspect, gradients, hillshade, slope
from calval_toolbox.core.io.dem_files import read_dem
from calval_toolbox.core.io.grids import grid_from_epsg

GDAL_NAMES = {Gradient.HORN: "Horn", Gradient.ZEVENBERGEN_THORNE: "ZevenbergenThorne"}
STORED = {Gradient.HORN: "Horn", Gradient.ZEVENBERGEN_THORNE: "Zevenberg"}


def hills() -> Any:
    """Rough ground (60, 80) float32 with a hole and a missing corner."""
    rng = np.random.default_rng(3)
    row, column = np.mgrid[0:60, 0:80]
    height = 800.0 + 90.0 * np.sin(row / 9.0) * np.cos(column / 13.0) + rng.normal(0, 3, (60, 80))
    height[20:23, 30:34] = np.nan
    height[0, 0] = np.nan
    return height.astype(np.float32)


def by_gdal(height: Any, what: str, **more: Any) -> Any:
    memory = gdal.GetDriverByName("MEM").Create(
        "", height.shape[1], height.shape[0], 1, gdal.GDT_Float32
    )
    memory.SetGeoTransform((0.0, 20.0, 0.0, 0.0, 0.0, -20.0))
    memory.GetRasterBand(1).SetNoDataValue(-9999.0)
    memory.GetRasterBand(1).WriteArray(np.where(np.isnan(height), -9999.0, height))
    done = gdal.DEMProcessing("", memory, what, format="MEM", **more)
    values = done.ReadAsArray().astype(np.float64)
    values[values == done.GetRasterBand(1).GetNoDataValue()] = np.nan
    return values


@pytest.mark.parametrize("method", list(Gradient))
def test_as_gdal_around_holes(method: Gradient) -> None:
    height, sides, name = hills(), square(20.0), GDAL_NAMES[method]
    for ours, theirs in (
        (slope(height, sides, method), by_gdal(height, "slope", alg=name)),
        (aspect(height, sides, method), by_gdal(height, "aspect", alg=name)),
    ):
        assert np.array_equal(np.isnan(ours), np.isnan(theirs))
        assert np.nanmax(np.abs(ours - theirs)) < 1e-3
    lit = hillshade(height, sides, 300.0, 40.0, 1.5, method)
    theirs = by_gdal(height, "hillshade", alg=name, azimuth=300.0, altitude=40.0, zFactor=1.5)
    assert np.array_equal(np.isnan(lit), np.isnan(theirs))
    assert np.nanmax(np.abs(lit - theirs)) <= 0.501  # theirs are whole numbers


@pytest.mark.parametrize("method", list(Gradient))
def test_stored_references_of_gdal(shared_data: Path, method: Gradient) -> None:
    folder = shared_data / "dem" / "terrain_reference"
    # The model itself is kept only moved by one cell to the east and to the north.
    moved = read_dem(str(folder / "shifted_reprojected_xoff20.0_yoff20.0.tif"))
    height = np.roll(moved.height, (-1, 1), (0, 1))
    sides = cell_sides(moved.grid)
    assert sides.mean() == (20.0, 20.0)
    name = STORED[method]
    for ours, file in (
        (slope(height, sides, method), f"slope_{name}.tif"),
        (aspect(height, sides, method), f"aspect_{name}.tif"),
    ):
        reference = read_dem(str(folder / file)).height
        both = np.isfinite(ours) & np.isfinite(reference)
        assert np.count_nonzero(both) >= 51 * 47
        turn = np.abs(ours - reference)[both]
        assert np.minimum(turn, 360.0 - turn).max() < 1e-3
    stored = gdal.Open(str(folder / f"hillshade_{name}.tif")).ReadAsArray()
    ours = hillshade(height, sides, method=method)
    both = np.isfinite(ours) & (stored > 0)
    assert np.abs(ours - stored)[both].max() <= 0.501


def test_degrees_have_their_length() -> None:
    # Published tables of WGS 84, in km: 111.3195 and 110.5743 at 0, 78.8468 and 111.1318 at 45.
    east, north = meters_per_degree(np.array([0.0, 45.0]))
    assert east == pytest.approx([111_319.5, 78_846.8], abs=0.06)
    assert north == pytest.approx([110_574.3, 111_131.8], abs=0.06)
    grid = grid_from_epsg(4326, (6.0, 0.001, 0.0, 45.05, 0.0, -0.001), 50, 100)
    sides = cell_sides(grid)
    assert sides.east.shape == (100, 1)
    assert sides.east[0, 0] < sides.east[-1, 0]
    # A plane that rises by 0.1 m per m to the east and by 0.2 to the north, drawn in degrees.
    y = np.cumsum(sides.north[:, 0])
    height = 0.1 * np.arange(50)[None, :] * sides.east + 0.2 * -y[:, None]
    rise_east, rise_north = gradients(height, sides)
    assert np.nanmax(np.abs(rise_east - 0.1)) < 1e-9
    assert np.nanmax(np.abs(rise_north[:, 1:2] - 0.2)) < 1e-3


def test_cells_that_are_not_square() -> None:
    row, column = np.mgrid[0:6, 0:7]
    height = 3.0 * column - 4.0 * row  # 3 m per 10 m to the east, 4 m per 20 m to the north
    sides = Sides(np.full((1, 1), 10.0), np.full((1, 1), 20.0))
    for method in Gradient:
        east, north = gradients(height, sides, method)
        assert east[2, 2] == pytest.approx(0.3)
        assert north[2, 2] == pytest.approx(0.2)
        assert aspect(height, sides, method)[2, 2] == pytest.approx(180.0 + 56.30993)


def test_flat_ground_and_small_models() -> None:
    flat = np.zeros((5, 5), dtype=np.float32)
    assert np.isnan(aspect(flat, square(1.0))).all()
    assert slope(flat, square(1.0))[2, 2] == 0.0
    assert hillshade(flat, square(1.0))[2, 2] == pytest.approx(1.0 + 254.0 * np.sqrt(0.5))
    assert np.isnan(slope(np.ones((2, 9)), square(1.0))).all()
