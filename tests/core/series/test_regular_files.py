# SPDX-License-Identifier: GPL-3.0-or-later
"""Regular rasters and tables from stacks with planted values and gaps."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from local_cluster import Cluster
from osgeo import gdal

from calval_toolbox.core.errors import Canceled, InputError, InsufficientDataError
from calval_toolbox.core.execution.settings import ExecutionSettings
from calval_toolbox.core.execution.tiling import tiles
from calval_toolbox.core.io.dated_rasters import StackOptions, stack_products
from calval_toolbox.core.io.plain_stacks import stack_to_plain
from calval_toolbox.core.io.stacks import Block, stack_of
from calval_toolbox.core.io.tables import points
from calval_toolbox.core.progress import Silent
from calval_toolbox.core.series.extract_files import Source, extract_series_files
from calval_toolbox.core.series.extraction import SeriesSettings
from calval_toolbox.core.series.reflectance import infinite_note
from calval_toolbox.core.series.regular_files import (
    RegularGrid,
    regularize_stack,
)
from calval_toolbox.core.series.regular_rasters import (
    RasterTargets,
    bytes_per_pixel,
    regular_tile,
    regularize_block,
)
from calval_toolbox.core.series.regularize import GapFilling
from calval_toolbox.core.table import Table

LEFT, TOP = 368000.0, 4826500.0
Write = Callable[..., Path]
DAYS = (1, 6, 11, 21, 31)


@pytest.fixture
def source(land: SimpleNamespace, write_stack: Write, tmp_path: Path) -> Source:
    """Reflectance rising by 0.01 a day from a ramp, two bands; pixel (0, 0) is never clear, the
    image of day 11 is covered by absurd values that the mask leaves out.
    """
    for day in DAYS:
        values = np.stack([land.ramp(0.1) + 0.01 * day, land.ramp(0.3) - 0.005 * day])
        mask = np.zeros((1, 60, 60), dtype=np.uint8)
        mask[0, 0, 0] = 1
        if day == 11:
            values[:] = 50.0
            mask[:] = 1
        write_stack(
            tmp_path / "i" / f"i_202007{day:02d}.tif", values.astype(np.float32), ("B4", "B8")
        )
        write_stack(tmp_path / "m" / f"m_202007{day:02d}.tif", mask)
    return Source((), (str(tmp_path / "i"),), StackOptions(masks=(str(tmp_path / "m"),)))


FILLING = GapFilling(max_gap_days=3.0)


def run(source: Source, folder: Path, grid: RegularGrid, executor: str = "threads:1", **more):
    targets = RasterTargets(folder / "out.tif", folder / "quality.tif")
    execution = ExecutionSettings(executor, 64)
    tiles = folder / "out.tiles"
    report = regularize_stack(
        source, (), "clouds", grid, FILLING, targets, tiles, execution, **more
    )
    report.run.discard()
    assert not tiles.exists()
    return report


@pytest.fixture
def large(write_stack: Write, tmp_path: Path) -> Source:
    """Noise of several tiles, a third of it masked."""
    rng = np.random.default_rng(6)
    for day in DAYS:
        values = rng.uniform(0.0, 0.5, (2, 130, 150)).astype(np.float32)
        mask = (rng.random((1, 130, 150)) < 0.35).astype(np.uint8)
        write_stack(tmp_path / "i" / f"i_202007{day:02d}.tif", values, ("B4", "B8"))
        write_stack(tmp_path / "m" / f"m_202007{day:02d}.tif", mask)
    return Source((), (str(tmp_path / "i"),), StackOptions(masks=(str(tmp_path / "m"),)))


def test_planted_line_is_found_again(source: Source, land: SimpleNamespace, tmp_path: Path) -> None:
    report = run(source, tmp_path, RegularGrid("2020-06-26", "2020-07-31", 5))
    out, quality = gdal.Open(str(tmp_path / "out.tif")), gdal.Open(str(tmp_path / "quality.tif"))
    names = [out.GetRasterBand(n).GetDescription() for n in range(1, out.RasterCount + 1)]
    assert names[:2] == ["B4 2020-06-26", "B4 2020-07-01"]
    assert names[8] == "B8 2020-06-26"
    values = out.ReadAsArray().reshape(2, 8, 60, 60)
    assert (values[:, 0] == -9999).all(), "five days before the first image, three are allowed"
    for date in range(1, 8):
        day = 5 * date - 4
        for band, (base, slope) in enumerate(((0.1, 0.01), (0.3, -0.005))):
            expected = land.ramp(base) + slope * day
            error = np.abs(values[band, date] - expected)
            assert error.ravel()[1:].max() < 1e-6
            assert values[band, date, 0, 0] == -9999
    days = quality.ReadAsArray()
    assert days[:, 5, 5].tolist() == [5, 0, 0, 5, 5, 0, 5, 0]
    assert (days[:, 0, 0] == -1).all()
    assert report.date_count == 8
    assert report.input_count == 5
    assert report.never_share == pytest.approx(1 / 3600)
    assert report.filled_share == pytest.approx(7 / 8 * 3599 / 3600)


@pytest.mark.parametrize(
    ("factors", "scale", "sentence"),
    [
        ((1.0, 1.0, 1e4, 1.0, 1.0), None, r"1 image \(2020-07-11\) have values"),
        ((1e4, 1e4, 1e4, 1e4, 1.0), 1e-4, r"mixes scales: 1 image \(2020-07-31\)"),
        ((1.0,) * 5, 1e-4, "far too small.*Leave SCALE empty"),
    ],
)
def test_dates_of_other_scales_are_named(
    factors: tuple[float, ...], scale: float | None, sentence: str,
    land: SimpleNamespace, write_stack: Write, tmp_path: Path,
) -> None:  # fmt: skip
    for day, factor in zip(DAYS, factors, strict=True):
        values = (land.ramp(0.1)[None] * factor).astype(np.float32)
        write_stack(tmp_path / "i" / f"i_202007{day:02d}.tif", values, ("B4",))
    source = Source((), (str(tmp_path / "i"),), StackOptions(scale=scale))
    with pytest.raises(InputError, match=sentence):
        run(source, tmp_path, RegularGrid(step_days=5))
    (longitude, latitude) = land.place(5.5, 5.5)
    sites = Table(
        {"name": np.array(["P"], dtype=object)},
        "sites",
        points(np.array([longitude]), np.array([latitude])),
    )
    with pytest.raises(InputError, match=sentence):
        extract_series_files(source, sites, "name", SeriesSettings())


def test_images_and_bands_that_give_no_row_are_named(
    land: SimpleNamespace, write_stack: Write, tmp_path: Path
) -> None:
    image = land.ramp(0.1)[None].astype(np.float32)
    both = np.concatenate([image, image])
    write_stack(tmp_path / "i" / "i_20200701.tif", both, ("B4", "B8"))
    write_stack(tmp_path / "i" / "i_20200706.tif", image, ("B4",))
    far = (LEFT + 1e5, 10.0, 0.0, TOP, 0.0, -10.0)
    write_stack(tmp_path / "i" / "i_20200711.tif", both, ("B4", "B8"), geotransform=far)
    (longitude, latitude) = land.place(5.5, 5.5)
    sites = Table(
        {"name": np.array(["P"], dtype=object)},
        "sites",
        points(np.array([longitude]), np.array([latitude])),
    )
    source = Source((), (str(tmp_path / "i"),))
    notes = " ".join(extract_series_files(source, sites, "name", SeriesSettings()).notes)
    assert "1 of the 3 images gave no row" in notes
    assert "i_20200711.tif (2020-07-11)" in notes
    assert "Band B8 is missing in 1 of the 3 images, which have no row of it: i_20200706" in notes


def test_band_called_mask_is_the_mask(
    land: SimpleNamespace, write_stack: Write, tmp_path: Path
) -> None:
    image = np.stack([land.ramp(0.1), land.ramp(0.0) * 0]).astype(np.float32)
    path = write_stack(tmp_path / "i_20200701.tif", image, ("B4", "mask"))
    (one,) = stack_products([str(path)])
    assert (list(one.bands), list(one.masks)) == (["B4"], ["mask"])


def test_table_of_the_area_is_the_mean_of_the_raster(source: Source, tmp_path: Path) -> None:
    table = run(source, tmp_path, RegularGrid("2020-07-01", "2020-07-31", 10)).table
    values = gdal.Open(str(tmp_path / "out.tif")).ReadAsArray().astype(float).reshape(2, 4, 3600)
    values[values == -9999] = np.nan
    assert table["value"] == pytest.approx(np.nanmean(values, axis=2).ravel())
    assert table["std"] == pytest.approx(np.nanstd(values, axis=2, ddof=1).ravel(), rel=1e-4)
    assert list(table["band"]) == ["B4"] * 4 + ["B8"] * 4
    assert table["days_to_clear"][:4] == pytest.approx([0, 5, 0, 0])


def test_images_without_a_clear_pixel_are_refused(write_stack: Write, tmp_path: Path) -> None:
    for day in DAYS:
        values = np.full((1, 60, 60), np.nan, dtype=np.float32)
        write_stack(tmp_path / "i" / f"i_202007{day:02d}.tif", values, ("B4",))
    nothing = Source((), (str(tmp_path / "i"),), StackOptions())
    with pytest.raises(InsufficientDataError, match="All observations of the images are masked"):
        run(nothing, tmp_path, RegularGrid())
    assert [path.name for path in tmp_path.iterdir()] == ["i"], "nothing is left behind"


def test_infinite_pixels_are_gaps_and_told(
    land: SimpleNamespace, write_stack: Write, tmp_path: Path
) -> None:
    for day in DAYS:
        values = land.ramp(0.1)[None].astype(np.float32)
        if day == DAYS[0]:
            values[0, 2, 3:6] = np.inf
        write_stack(tmp_path / "i" / f"i_202007{day:02d}.tif", values, ("B4",))
    report = run(Source((), (str(tmp_path / "i"),), StackOptions()), tmp_path, RegularGrid())
    wanted = "3 values of the images are infinite and were taken for gaps."
    assert wanted in report.notes
    assert infinite_note(1).startswith("1 value of the images is infinite and was taken for a gap")


def test_tiles_give_the_pixels_of_the_whole_everywhere(
    large: Source, cluster: Cluster, tmp_path: Path
) -> None:
    grid = RegularGrid("2020-07-01", "2020-07-31", 7)
    stack = stack_of(stack_products(large.stack, large.options), (), "clouds")
    times = grid.times(stack.times[0], stack.times[-1])
    filled, quality = regularize_block(stack, Block(0, 0, 150, 130), times, FILLING)
    assert np.isnan(filled).any()
    expected = np.where(np.isnan(filled), -9999, filled).transpose(1, 0, 2, 3)
    for executor in ("threads:1", "threads:2", cluster.address):
        folder = tmp_path / executor.partition(":")[2].replace("/", "").replace(":", "")
        folder.mkdir()
        run(large, folder, grid, executor)
        made = gdal.Open(str(folder / "out.tif")).ReadAsArray()
        assert np.array_equal(made, expected.reshape(-1, 130, 150))
        days = gdal.Open(str(folder / "quality.tif")).ReadAsArray()
        assert np.array_equal(days, np.where(np.isinf(quality), -1, np.rint(quality)))


def test_tiles_need_the_memory_that_is_said(large: Source) -> None:
    stack = stack_of(stack_products(large.stack, large.options), (), "clouds")
    times = RegularGrid("2020-07-01", "2020-07-31", 1).times(stack.times[0], stack.times[-1])
    parameters = {
        "stack": stack_to_plain(stack), "times": times.astype(str).tolist(),
        "settings": asdict(FILLING),
    }  # fmt: skip
    (tile,) = tiles(150, 130, 512)
    regular_tile(tile, parameters)  # compiles
    tracemalloc.start()
    regular_tile(tile, parameters)
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    said = bytes_per_pixel(stack, len(times)) * tile.pixels
    assert 0.3 * said < used < said


def test_output_is_a_stack_again(source: Source, tmp_path: Path) -> None:
    run(source, tmp_path, RegularGrid("2020-07-01", "2020-07-31", 10))
    stack = stack_of(stack_products([str(tmp_path / "out.tif")]))
    assert (stack.bands, len(stack)) == (("B4", "B8"), 4)
    assert np.isnan(stack.read(Block(0, 0, 1, 1))).all()


def test_cancel_between_tiles_and_resume(large: Source, tmp_path: Path) -> None:
    class Stops(Silent):
        stopped = False

        def report(self, fraction: float, text: str = "") -> None:
            self.stopped = fraction > 0.5

        def canceled(self) -> bool:
            return self.stopped

    with pytest.raises(Canceled, match="tiles are kept"):
        run(large, tmp_path, RegularGrid(), progress=Stops())
    assert not (tmp_path / "out.tif").exists()
    assert 0 < len(list((tmp_path / "out.tiles").glob("r*.npz"))) < 9
    assert run(large, tmp_path, RegularGrid()).date_count == 4


def test_no_or_two_sources_are_a_sentence(tmp_path: Path) -> None:
    for source in (Source(), Source(("a",), ("b",))):
        with pytest.raises(InputError, match="Give either products or a stack"):
            run(source, tmp_path, RegularGrid())


def test_real_field_keeps_its_clear_values(shared_data: Path, tmp_path: Path) -> None:
    """On the dates of clear images the filled raster is the image itself."""
    path = shared_data / "anomalies" / "fusets_raw_s2_ndvi_field.nc"
    options = StackOptions(mask_band="SCL", mask_clear="SCL", scale=1e-4)
    run(Source((), (str(path),), options), tmp_path, RegularGrid(step_days=5))
    stack = stack_of(stack_products([str(path)], options), (), "clouds")
    made = stack_of(stack_products([str(tmp_path / "out.tif")]), stack.bands)
    block = Block(0, 0, 56, 57)
    before, masked, after = stack.read(block), stack.masked(block), made.read(block)
    compared = 0
    for date, time in enumerate(stack.times):
        at = np.flatnonzero(made.times == time)
        good = np.isfinite(before[date]) & ~masked[date][None]
        if len(at) and good.any():
            assert np.abs(after[at[0]] - before[date])[good].max() < 1e-6
            compared += int(good.sum())
    assert compared > 100_000
