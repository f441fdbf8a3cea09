# SPDX-License-Identifier: GPL-3.0-or-later
"""Radar by direction of orbit, and rasters without a date."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from calval_toolbox.core.errors import InputError
from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.raster_writer import write_raster
from calval_toolbox.core.series.extract_files import Source

from .made import GRID, SHAPE, compute, write_radar


def test_directions_of_orbits_stay_apart(radar: Path, tmp_path: Path) -> None:
    made = compute(
        tmp_path / "out", radar=(str(radar),), ratio=True, radar_unit="linear_to_db",
        dates="2020-01-14, 2020-01-20",
    )  # fmt: skip
    assert made.report.names == tuple(
        f"{name}_202001{day}" for name in ("VV_ASC", "VV_DES", "VH_DES", "VHVV_DES")
        for day in (14, 20)
    )  # fmt: skip
    filled = 0.15  # half way between two dates
    np.testing.assert_allclose(made["VV_DES_20200114"][:, 10:], 10 * np.log10(filled), rtol=1e-5)
    np.testing.assert_allclose(made["VV_DES_20200114"][:, :10], 10 * np.log10(0.2), rtol=1e-5)
    np.testing.assert_allclose(made["VV_ASC_20200120"][:, :57], 10 * np.log10(0.4), rtol=1e-5)
    assert np.isnan(made["VV_ASC_20200120"][:, 57:]).all()
    np.testing.assert_allclose(made["VHVV_DES_20200120"], 10 * np.log10(0.2), rtol=1e-5)
    assert made.clear[0, [0, 30]].tolist() == [2, 3]


@pytest.mark.parametrize(
    ("name", "value", "unit", "said"),
    [
        ("s1a_vv_008_20200108.tif", 0.1, "linear", "neither ASC nor DES"),
        ("s1a_DES_20200108.tif", 0.1, "linear", "no single polarization"),
        ("s1a_vv_vh_DES_20200108.tif", 0.1, "linear", "no single polarization"),
        ("s1a_vv_DES.tif", 0.1, "linear", "no date"),
        ("s1a_vv_DES_20200108.tif", -12.0, "linear", "RADAR_UNIT=db"),
        ("s1a_vv_DES_20200108.tif", 0.1, "db", "RADAR_UNIT=linear"),
    ],
)
def test_radar_that_does_not_say_what_it_is(
    name: str, value: float, unit: str, said: str, tmp_path: Path
) -> None:
    path = write_radar(tmp_path / "radar", name, np.full(SHAPE, value))
    with pytest.raises(InputError, match=said):
        compute(tmp_path / "out", radar=(str(path),), radar_unit=unit)


def plane(grid: Any) -> np.ndarray:
    """A plane over the ground in meters of UTM: bilinear resampling keeps it."""
    rows, columns = np.indices((grid.height, grid.width))
    x = grid.geotransform[0] + (columns + 0.5) * grid.geotransform[1]
    y = grid.geotransform[3] + (rows + 0.5) * grid.geotransform[5]
    return (x - 368000.0) * 0.1 + (y - 4826500.0) * 0.02


def test_exogenous_rasters_are_brought_to_the_grid(optical: Source, tmp_path: Path) -> None:
    coarse = grid_from_epsg(32631, (367500.0, 50.0, 0.0, 4827000.0, 0.0, -50.0), 40, 40)
    write_raster(tmp_path / "elevation.tif", [plane(coarse).astype(np.float32)], coarse)
    codes = np.add.outer(np.arange(40), np.arange(40)).astype(np.uint8)
    write_raster(tmp_path / "two.tif", [codes, codes * 2], coarse, names=("soil", ""))
    moved = gdal.Warp(
        str(tmp_path / "degrees.tif"), str(tmp_path / "elevation.tif"), dstSRS="EPSG:4326",
        resampleAlg="cubic", errorThreshold=0,
    )  # fmt: skip
    del moved
    files = ("elevation.tif", "two.tif", "degrees.tif")
    made = compute(tmp_path / "out", optical=optical, indices="none",
                   exogenous=tuple(str(tmp_path / name) for name in files))  # fmt: skip
    assert made.report.names[-4:] == ("elevation", "soil", "two_2", "degrees")
    np.testing.assert_allclose(made["elevation"], plane(GRID), atol=2e-4)
    np.testing.assert_allclose(made["degrees"], plane(GRID), atol=0.1)  # a pixel is 1 m of it
    rows, columns = np.indices(SHAPE)
    assert np.array_equal(made["soil"], (rows + 50) // 5 + (columns + 50) // 5)
    assert np.array_equal(made["two_2"], 2 * made["soil"])
    far = grid_from_epsg(32631, (100000.0, 50.0, 0.0, 4827000.0, 0.0, -50.0), 40, 40)
    write_raster(tmp_path / "far.tif", [codes], far)
    with pytest.raises(InputError, match="far.tif does not lie on the area"):
        compute(tmp_path / "out", optical=optical, exogenous=(str(tmp_path / "far.tif"),))
