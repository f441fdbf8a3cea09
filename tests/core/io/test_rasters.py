# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows out of rasters: where they lie, what they hold, what happens at edges."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from calval_toolbox.core.errors import OutputError, ProductError
from calval_toolbox.core.io.grids import Grid, frame_around, grid_from_epsg, project, unproject
from calval_toolbox.core.io.raster_values import scaled
from calval_toolbox.core.io.raster_writer import RasterWriter, write_raster
from calval_toolbox.core.io.rasters import Rasters, read_window
from calval_toolbox.core.types import BandSource

LEFT, TOP = 300000.0, 4900000.0


def grid(size: float = 20.0, width: int = 200, height: int = 150, epsg: int = 32631) -> Grid:
    return grid_from_epsg(epsg, (LEFT, size, 0.0, TOP, 0.0, -size), width, height)


@pytest.fixture
def raster(tmp_path: Path) -> str:
    """Each pixel holds its row * 1000 + column."""
    values = (np.arange(150)[:, None] * 1000 + np.arange(200)[None, :]).astype(np.int32)
    path = tmp_path / "codes.tif"
    write_raster(path, [values, values + 1_000_000], grid())
    return str(path)


def place(column: float, row: float, size: float = 20.0) -> tuple[float, float]:
    """Longitude and latitude of a fractional pixel position."""
    return unproject(grid(size).wkt, LEFT + column * size, TOP - row * size)


def test_window_is_centered_on_the_place(raster: str) -> None:
    window = read_window(raster, 1, *place(50.5, 70.5), 100.0)
    assert window is not None
    # 100 m around a pixel center at 20 m: 5 pixels on each side.
    assert window.shape == (11, 11)
    assert (window.column_off, window.row_off) == (45, 65)
    assert window.values[5, 5] == 70 * 1000 + 50
    assert window.expected == 121
    assert window.inside.all()
    assert window.geotransform == (LEFT + 45 * 20, 20.0, 0.0, TOP - 65 * 20, 0.0, -20.0)


def test_band_number_is_used(raster: str) -> None:
    window = read_window(raster, 2, *place(50.5, 70.5), 10.0)
    assert window is not None
    assert window.values.tolist() == [[1_070_050]]


def test_window_between_pixels_takes_centers_within_the_distance(raster: str) -> None:
    # The place lies on a corner: centers at +-10, +-30 m; 30 m holds two on each side, 29 m one.
    corner = place(50.0, 70.0)
    assert read_window(raster, 1, *corner, 30.0).shape == (4, 4)
    assert read_window(raster, 1, *corner, 29.0).shape == (2, 2)


def test_window_smaller_than_a_pixel_takes_the_pixel_of_the_place(raster: str) -> None:
    window = read_window(raster, 1, *place(50.9, 70.1), 1.0)
    assert window is not None
    assert window.values.tolist() == [[70_050]]
    assert window.inside.all()


def test_circle_is_smaller_than_its_square(raster: str) -> None:
    square = read_window(raster, 1, *place(100.5, 75.5), 200.0)
    circle = read_window(raster, 1, *place(100.5, 75.5), 200.0, "circle")
    assert square is not None
    assert circle is not None
    assert circle.shape == square.shape == (21, 21)
    # Gauss's circle problem: 317 lattice points within radius 10.
    assert circle.inside.sum() == circle.expected == 317
    assert not circle.inside[0, 0]
    assert circle.inside[0, 10]


def test_nested_windows_come_out_of_one_read(raster: str) -> None:
    large = read_window(raster, 1, *place(100.5, 75.5), 400.0)
    small = read_window(raster, 1, *place(100.5, 75.5), 100.0)
    assert large is not None
    assert small is not None
    assert np.array_equal(large.values[large.within(100.0)], small.values.ravel())


def test_window_is_clipped_at_the_edge_and_says_so(raster: str) -> None:
    window = read_window(raster, 1, *place(2.5, 149.5), 100.0)
    assert window is not None
    assert window.shape == (6, 8)
    assert window.expected == 121
    assert (window.column_off, window.row_off) == (0, 144)
    assert window.values[-1, 2] == 149_002


def test_place_off_the_raster_gives_none(raster: str) -> None:
    assert read_window(raster, 1, *place(-50.0, 70.0), 100.0) is None
    assert read_window(raster, 1, -120.0, -45.0, 100.0) is None


def test_place_off_the_raster_whose_window_reaches_in_gives_the_part_inside(raster: str) -> None:
    window = read_window(raster, 1, *place(-2.5, 70.5), 100.0)
    assert window is not None
    assert window.shape == (11, 3)


def test_geographic_raster_is_measured_in_meters(tmp_path: Path) -> None:
    # 0.001 degrees at 60 N: 111.2 m north-south, 55.6 m east-west.
    there = Grid(grid_from_epsg(4326, (0, 1, 0, 0, 0, -1), 1, 1).wkt,
                 (10.0, 0.001, 0.0, 60.1, 0.0, -0.001), 300, 300)  # fmt: skip
    path = tmp_path / "degrees.tif"
    write_raster(path, [np.zeros((300, 300), np.uint8)], there)
    window = read_window(str(path), 1, 10.1505, 59.9495, 1000.0)
    assert window is not None
    assert window.shape == (17, 35)


def test_projection_is_that_of_gdal() -> None:
    # Zone 31 central meridian is 3 E: easting 500000 on the equator.
    assert project(grid().wkt, 3.0, 0.0) == pytest.approx((500000.0, 0.0), abs=1e-3)
    there = unproject(grid().wkt, *project(grid().wkt, 1.44, 43.6))
    assert there == pytest.approx((1.44, 43.6), abs=1e-9)


def test_other_grid_is_sampled_at_pixel_centers(tmp_path: Path, raster: str) -> None:
    coarse = (np.arange(50)[:, None] * 100 + np.arange(67)[None, :]).astype(np.int16)
    path = tmp_path / "coarse.tif"
    write_raster(path, [coarse], grid(60.0, 67, 50))
    with Rasters() as rasters:
        window = rasters.window(raster, 1, *place(50.5, 70.5), 100.0)
        assert window is not None
        sampled = rasters.resampled(str(path), 1, window)
    rows = np.arange(65, 76) // 3
    columns = np.arange(45, 56) // 3
    assert np.array_equal(sampled, coarse[np.ix_(rows, columns)])


def test_beyond_the_other_raster_the_outside_value_is_given(tmp_path: Path, raster: str) -> None:
    path = tmp_path / "small.tif"
    write_raster(path, [np.full((10, 10), 7, np.uint8)], grid(20.0, 10, 10))
    source = BandSource("x", str(path), scale=0.5)
    with Rasters() as rasters:
        window = rasters.window(raster, 1, *place(9.5, 9.5), 60.0)
        assert window is not None
        assert rasters.resampled(str(path), 1, window, 255)[3].tolist() == [7] * 4 + [255] * 3
        physical = rasters.source(source, window)
    assert np.array_equal(np.isfinite(physical[3]), [True] * 4 + [False] * 3)
    assert physical[0, 0] == 3.5


def test_rasters_in_other_crs_are_refused(tmp_path: Path, raster: str) -> None:
    path = tmp_path / "other.tif"
    write_raster(path, [np.zeros((10, 10), np.uint8)], grid(20.0, 10, 10, 32632))
    with Rasters() as rasters:
        window = rasters.window(raster, 1, *place(9.5, 9.5), 60.0)
        assert window is not None
        with pytest.raises(ProductError, match="other.tif .*different coordinate systems"):
            rasters.resampled(str(path), 1, window)


def test_nodata_is_tested_before_scaling() -> None:
    # With a scale of 0.1 and an offset the DN 0 would become 5: no data must not depend on it.
    source = BandSource("x", "", scale=0.1, offset=5.0, nodata=0)
    with np.errstate(all="raise"):
        wide = scaled(np.array([[-1.797e308, 1.0]]), BandSource("B4", "f.tif", nodata=-1.797e308))
    assert wide[0, 1] == 1.0
    assert np.isnan(wide[0, 0])
    result = scaled(np.array([[0, 10, 255]], np.uint8), source)
    assert result.dtype == np.float32
    assert np.isnan(result[0, 0])
    assert result[0, 1:].tolist() == pytest.approx([6.0, 30.5])


def test_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ProductError, match=r"absent\.tif cannot be opened as a raster"):
        read_window(str(tmp_path / "absent.tif"), 1, 3.0, 45.0, 10.0)


def test_band_that_the_file_lacks_is_a_sentence(raster: str) -> None:
    with pytest.raises(ProductError, match=r"has 2 band\(s\), but band 3"):
        read_window(raster, 3, *place(5.0, 5.0), 10.0)


def test_truncated_file_is_a_sentence(tmp_path: Path, raster: str) -> None:
    broken = tmp_path / "broken.tif"
    content = Path(raster).read_bytes()
    broken.write_bytes(content[: len(content) // 2])
    with pytest.raises(ProductError, match=r"broken\.tif"), Rasters() as rasters:
        rasters.read(str(broken), 1, 0, 0, 200, 150)


def test_raster_without_georeferencing_is_a_sentence(tmp_path: Path) -> None:
    path = str(tmp_path / "plain.tif")
    gdal.GetDriverByName("GTiff").Create(path, 5, 5, 1).FlushCache()
    with pytest.raises(ProductError, match="no georeferencing"):
        read_window(path, 1, 3.0, 45.0, 10.0)


def test_files_stay_open_up_to_the_limit(tmp_path: Path, raster: str) -> None:
    names = []
    for index in range(4):
        names.append(str(tmp_path / f"{index}.tif"))
        write_raster(names[-1], [np.zeros((5, 5), np.uint8)], grid(20.0, 5, 5))
    with Rasters(limit=3) as rasters:
        first = rasters.dataset(names[0])
        assert rasters.dataset(names[0]) is first
        for name in names[1:]:
            rasters.dataset(name)
        assert rasters.dataset(names[0]) is not first


def test_unknown_shape_is_refused(raster: str) -> None:
    with pytest.raises(ValueError, match="hexagon"):
        read_window(raster, 1, *place(5.0, 5.0), 10.0, "hexagon")


def test_written_raster_is_compressed_tiled_and_named(tmp_path: Path) -> None:
    path = tmp_path / "out.tif"
    values = np.zeros((700, 900), np.float32)
    values[0, 0] = -9999.0
    write_raster(path, [values, values], grid(10.0, 900, 700), -9999.0, ("B2", "B3"))
    dataset = gdal.Open(str(path))
    band = dataset.GetRasterBand(2)
    assert band.GetDescription() == "B3"
    assert band.GetNoDataValue() == -9999.0
    assert band.GetBlockSize() == [256, 256]
    assert band.GetOverviewCount() > 0
    assert dataset.GetMetadataItem("COMPRESSION", "IMAGE_STRUCTURE") == "DEFLATE"


def test_raster_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"out\.tif could not be written"):
        write_raster(tmp_path / "nowhere" / "out.tif", [np.zeros((5, 5))], grid(20.0, 5, 5))


def test_failure_inside_the_block_is_not_hidden(tmp_path: Path) -> None:
    def fail() -> None:
        with RasterWriter(tmp_path / "out.tif", grid(20.0, 5, 5), 1, "uint8"):
            raise KeyError("inside")

    with pytest.raises(KeyError, match="inside"):
        fail()


def test_the_only_pixel_of_a_window_keeps_its_distance() -> None:
    # 0.3 pixels of 20 m from the center, 0.6 pixels reach: one center lies within.
    frame = frame_around(grid(), *place(50.2, 70.8), 12.0)
    assert frame is not None
    assert (frame.column_off, frame.row_off, frame.expected) == (50, 70, 1)
    assert frame.column_distance_m == pytest.approx([6.0], abs=1e-4)
    assert frame.row_distance_m == pytest.approx([6.0], abs=1e-4)


def test_a_window_between_centers_is_the_pixel_of_the_place() -> None:
    # The next center is 9 m away: a reach of 10 m holds it, one of 8 m holds none.
    frame = frame_around(grid(), *place(50.05, 70.5), 10.0)
    assert frame is not None
    assert (frame.column_off, frame.expected) == (50, 1)
    assert frame.column_distance_m == pytest.approx([9.0], abs=1e-4)
    empty = frame_around(grid(), *place(50.05, 70.5), 8.0)
    assert empty is not None
    assert (empty.column_off, empty.expected) == (50, 1)
    assert empty.column_distance_m.tolist() == [0.0]


@pytest.mark.parametrize(
    ("change", "same"),
    [({}, True), ({"geotransform": (LEFT + 20, 20.0, 0.0, TOP, 0.0, -20.0)}, False),
     ({"width": 199}, False)],
)  # fmt: skip
def test_grid_of_another_band_is_shared_only_where_it_is_the_same(
    change: dict, same: bool, raster: str, tmp_path: Path
) -> None:
    """A band moved by one pixel is read where it lies, not where the first one does."""
    from dataclasses import replace

    own = replace(grid(), **change)
    path = tmp_path / "moved.tif"
    write_raster(path, [np.zeros((own.height, own.width), np.int16)], own)
    with Rasters() as rasters:
        known = rasters.grid(raster)
        found = rasters.grid_like(str(path), known)
        assert (found is known) is same
        assert (found.geotransform, found.width) == (own.geotransform, own.width)


def test_each_thread_has_its_own_transformation() -> None:
    """One object of PROJ must not be used by two threads at once."""
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    from calval_toolbox.core.io.grids import _transformation

    wkt, together = grid().wkt, Barrier(4)

    def own(_number: int) -> list[int]:
        together.wait(120)
        made = [id(_transformation(wkt, forward)) for forward in (True, False, True)]
        together.wait(120)
        return made

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(own, range(4)))
    assert all(first == again for first, _, again in found), "made once per thread"
    assert len({one for made in found for one in made}) == 8


def test_the_size_of_a_pixel_is_told_in_meters() -> None:
    utm = grid_from_epsg(32631, (4e5, 10.0, 0.0, 4.8e6, 0.0, -20.0), 20, 20)
    assert utm.pixel_m() == pytest.approx(15.0)
    # At 60 degrees a degree of longitude is half as long as one of latitude.
    degrees = grid_from_epsg(4326, (5.0, 0.001, 0.0, 60.01, 0.0, -0.001), 20, 20)
    assert degrees.pixel_m() == pytest.approx(0.75 * 111.2, rel=1e-3)
