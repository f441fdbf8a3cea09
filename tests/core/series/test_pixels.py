# SPDX-License-Identifier: GPL-3.0-or-later
"""Single pixels of stacks: the series is that of the extraction, read once per block."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from calval_toolbox.core.errors import Canceled, InputError
from calval_toolbox.core.io.dated_rasters import StackOptions
from calval_toolbox.core.io.products.synthetic import Scene, write_muscate
from calval_toolbox.core.io.rasters import Rasters
from calval_toolbox.core.progress import Silent
from calval_toolbox.core.series.extract_files import Source, find_source
from calval_toolbox.core.series.extraction import SeriesSettings, extract_series, series_table
from calval_toolbox.core.series.pixels import WORKERS, PixelReader, open_pixels
from calval_toolbox.core.series.table import series_from_table
from calval_toolbox.core.sites import Site
from calval_toolbox.core.types import Flag

DATES = [f"2021{month:02d}05" for month in range(1, 13)]


@pytest.fixture
def dated(tmp_path: Path, write_stack: Callable[..., Path]) -> Source:
    """Twelve dates of two bands (int16, scale 0.0001); their mask is 4 in the first columns."""
    rng = np.random.default_rng(1)
    for place, day in enumerate(DATES):
        values = rng.integers(500, 4000, (2, 20, 36)).astype(np.int16)
        mask = np.zeros((1, 20, 36), np.uint8)
        mask[:, :, : 2 * place] = 4
        write_stack(tmp_path / f"image_{day}.tif", np.concatenate([values, mask.astype(np.int16)]),
                    ("red", "nir", "mask"), nodata=-9999)  # fmt: skip
    options = StackOptions(scale=0.0001, mask_band="mask", mask_clear="0")
    return Source(stack=(str(tmp_path),), options=options)


@pytest.mark.parametrize(("column", "row"), [(0, 0), (17, 3), (35, 19)])
def test_pixel_is_that_of_the_extraction(
    dated: Source, land: SimpleNamespace, column: int, row: int
) -> None:
    reader = open_pixels(dated)
    longitude, latitude = land.place(column + 0.5, row + 0.5)
    assert reader.pixel(longitude, latitude) == (column, row)
    series = reader.series(column, row, "P")
    products, _ = find_source(dated)
    rows = extract_series(products, [Site("P", longitude, latitude)], SeriesSettings()).rows
    (truth,) = series_from_table(series_table(rows))
    np.testing.assert_array_equal(series.values, truth.values)
    np.testing.assert_array_equal(series.times, truth.times)
    assert series.mask_state.tolist() == truth.mask_state.tolist()
    assert series.bands == truth.bands
    np.testing.assert_array_equal(series.wavelengths_nm, truth.wavelengths_nm)
    assert (series.mask_state == "masked").sum() == sum(column < 2 * k for k in range(12))
    assert series.longitude == pytest.approx(longitude, abs=1e-7)
    assert series.latitude == pytest.approx(latitude, abs=1e-7)


def test_masks_of_products_are_told_apart(scene: Callable[..., Scene], tmp_path: Path) -> None:
    flags = {(3, 4): Flag.CLOUD, (5, 6): Flag.CLOUD_SHADOW}
    paths = []
    for day in (1, 2, 3):
        where = {flag: np.zeros(scene(day).shape, bool) for flag in flags.values()}
        for (x, y), flag in flags.items():
            where[flag][y, x] = day == 2
            where[flag][30, 30] = day == 2  # both: the extraction calls it a cloud
        paths.append(write_muscate(tmp_path, scene(day, flags=where)))
    reader = open_pixels(Source(products=tuple(str(one) for one in paths)))
    for (x, y), flag in flags.items():
        assert reader.series(x, y, "P").mask_state.tolist() == ["clear", str(flag), "clear"]
    assert reader.series(30, 30, "P").mask_state.tolist() == ["clear", "cloud", "clear"]


def test_block_is_read_once_and_the_oldest_is_let_go(
    dated: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    source = Rasters.source
    monkeypatch.setattr(
        Rasters, "source", lambda own, *args: opened.append("") or source(own, *args)
    )
    reader = PixelReader(open_pixels(dated).stack, edge=8, most_bytes=12 * (2 * 4 + 1) * 64 * 2)
    first = reader.series(1, 1, "a")
    count = len(opened)
    assert count == 24
    np.testing.assert_array_equal(reader.series(1, 1, "a").values, first.values)
    reader.series(7, 7, "a")
    assert len(opened) == count
    reader.series(9, 1, "b")
    reader.series(17, 1, "c")
    assert len(opened) == 3 * count
    reader.series(9, 1, "b")
    assert len(opened) == 3 * count
    reader.series(1, 1, "a")
    assert len(opened) == 4 * count


def test_reading_stops_between_two_dates(dated: Source) -> None:
    class Moved(Silent):
        asked = 0

        def canceled(self) -> bool:
            self.asked += 1
            return self.asked > 3

    reader = open_pixels(dated)
    moved = Moved()
    with pytest.raises(Canceled):
        reader.series(2, 2, "P", moved)
    assert 4 <= moved.asked <= 3 + WORKERS  # three dates were read, then every worker stopped
    assert len(reader.series(2, 2, "P")) == 12


def test_numbers_that_are_no_reflectance_are_named(dated: Source) -> None:
    reader = open_pixels(Source(stack=dated.stack))
    with pytest.raises(InputError, match="no reflectance"):
        reader.series(2, 2, "P")


def test_place_beside_the_images_has_no_pixel(dated: Source) -> None:
    assert open_pixels(dated).pixel(120.0, -30.0) is None
