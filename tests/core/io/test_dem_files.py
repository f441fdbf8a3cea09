# SPDX-License-Identifier: GPL-3.0-or-later
"""Elevation models out of files: heights, missing values and what files say wrongly of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal, osr

from calval_toolbox.core.errors import ProductError
from calval_toolbox.core.io.dem_files import dem_grid, part_of, read_dem

UTM = (500_000.0, 10.0, 0.0, 4_000_000.0, 0.0, -10.0)


def write(path: Path, values: Any, kind: int = gdal.GDT_Int16, **more: Any) -> str:
    """A raster of ``values``: nodata, unit, scale, offset and geotransform as given."""
    rows, columns = values.shape
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), columns, rows, 1, kind)
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32631)
    dataset.SetProjection(reference.ExportToWkt())
    dataset.SetGeoTransform(more.get("geotransform", UTM))
    band = dataset.GetRasterBand(1)
    if "nodata" in more:
        band.SetNoDataValue(more["nodata"])
    if "unit" in more:
        band.SetUnitType(more["unit"])
    if "scale" in more:
        band.SetScale(more["scale"])
        band.SetOffset(more["offset"])
    band.WriteArray(values)
    return str(path)


def ramp() -> Any:
    return np.arange(30, dtype=np.float64).reshape(5, 6) * 10.0 + 100.0


def test_declared_code(tmp_path: Path) -> None:
    values = ramp()
    values[1, 2] = -32768
    dem = read_dem(write(tmp_path / "a.tif", values, nodata=-32768.0))
    assert dem.height.dtype == np.float32
    assert np.argwhere(~dem.valid).tolist() == [[1, 2]]
    assert dem.height[4, 5] == 390.0
    assert (dem.nodata, dem.notes) == (-32768.0, ())


def test_wrong_tag_is_found_and_said(tmp_path: Path) -> None:
    values = ramp()
    values[0, :3] = -32768
    dem = read_dem(write(tmp_path / "a.tif", values, nodata=-32678.0))
    assert np.count_nonzero(~dem.valid) == 3
    (note,) = dem.notes
    assert "declares -32678" in note
    assert "3 cells hold -32768" in note


def test_code_inside_the_range_of_heights(tmp_path: Path) -> None:
    values = ramp()
    values[0, 0] = -9999
    dem = read_dem(write(tmp_path / "a.tif", values))
    assert not dem.valid[0, 0]
    assert "declares no code" in dem.notes[0]
    # The floor of a trench is no code.
    deep = np.linspace(-10_200.0, -9_800.0, 30).reshape(5, 6)
    deep[2, 2] = -9999
    dem = read_dem(write(tmp_path / "b.tif", deep))
    assert dem.valid.all()
    assert dem.notes == ()


def test_infinite_and_absurd_values_of_floats(tmp_path: Path) -> None:
    values = ramp()
    values[0, 0], values[0, 1], values[0, 2] = np.inf, np.nan, -3.4028235e38
    dem = read_dem(
        write(tmp_path / "a.tif", values, gdal.GDT_Float32, nodata=-3.4028234663852886e38)
    )
    assert np.argwhere(~dem.valid).tolist() == [[0, 0], [0, 1], [0, 2]]


def test_feet_scale_and_offset(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tif", ramp(), unit="ft", scale=0.5, offset=100.0)
    assert read_dem(path).height[0, 0] == pytest.approx(150.0 * 0.3048, abs=1e-4)
    with pytest.raises(ProductError, match="fathom"):
        read_dem(write(tmp_path / "b.tif", ramp(), unit="fathom"))


def test_rows_from_south_to_north_are_turned(tmp_path: Path) -> None:
    south_up = (500_000.0, 10.0, 0.0, 3_999_950.0, 0.0, 10.0)
    path = write(tmp_path / "a.tif", ramp()[::-1], geotransform=south_up)
    straight = write(tmp_path / "b.tif", ramp())
    for window in (None, (1, 1, 3, 2)):
        turned, other = read_dem(path, window), read_dem(straight, window)
        assert np.array_equal(turned.height, other.height)
        assert turned.grid.geotransform == pytest.approx(other.grid.geotransform)


def test_window(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tif", ramp())
    whole, part = read_dem(path), read_dem(path, (2, 1, 3, 4))
    assert np.array_equal(part.height, whole.height[1:5, 2:5])
    assert part.grid == part_of(dem_grid(path), (2, 1, 3, 4))
    assert part.grid.geotransform[0] == 500_020.0
    assert part.grid.geotransform[3] == 3_999_990.0
    with pytest.raises(ProductError, match="not all on it"):
        read_dem(path, (4, 0, 3, 2))


def test_file_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.tif").write_bytes(b"not a raster")
    with pytest.raises(ProductError, match="a.tif cannot be opened"):
        read_dem(str(tmp_path / "a.tif"))


def test_real_tile_and_a_copy_with_holes(shared_data: Path) -> None:
    folder = shared_data / "dem" / "void_dem"
    tile = read_dem(str(folder / "N44E005.hgt"))
    assert np.count_nonzero(~tile.valid) == 4822
    assert tile.notes == ()
    # It declares the odd code -32678, and holds it.
    holes = read_dem(str(folder / "N44E005_big_hole.tif"))
    assert (holes.nodata, holes.notes) == (-32678.0, ())
    assert np.count_nonzero(~holes.valid) == 490_473


def test_real_tile_under_a_wrong_tag(shared_data: Path, tmp_path: Path) -> None:
    tile = gdal.Open(str(shared_data / "dem" / "void_dem" / "N44E005.hgt")).ReadAsArray()
    dem = read_dem(write(tmp_path / "a.tif", tile, nodata=-32678.0))
    assert np.count_nonzero(~dem.valid) == 4822
    assert "4,822 cells hold -32768" in dem.notes[0]
