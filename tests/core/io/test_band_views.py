# SPDX-License-Identifier: GPL-3.0-or-later
"""Reduced resolutions of JPEG 2000 files: where samples lie, and how far the mean is off."""

from __future__ import annotations

import numpy as np
import pytest

from calval_toolbox.core.io.band_views import BandView, fast_view, full_view
from calval_toolbox.core.io.products.synthetic_common import Scene, write_tif
from calval_toolbox.core.io.rasters import Rasters
from calval_toolbox.core.types import BandSource

SIZE = 1400
SCENE = Scene(
    "T36RXU", np.datetime64("2024-01-01", "ms"), 32636, 600000.0, 3400020.0, 10.0,
    np.zeros((SIZE, SIZE)),
)  # fmt: skip


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A desert of dunes with noise, and a slope that tells where a sample lies."""
    folder = tmp_path_factory.mktemp("views")
    rows, columns = np.indices((SIZE, SIZE)).astype(float)
    rng = np.random.default_rng(4)
    dunes = 1500.0 + 200 * np.sin(columns / 23) * np.cos(rows / 31)
    dunes += 150 * rng.standard_normal((SIZE, SIZE))
    slope = 1000.0 + 8.0 * columns + 2.0 * rows
    made = {"dunes": dunes, "slope": slope}
    for name, values in made.items():
        for suffix, driver in (("jp2", "JP2OpenJPEG"), ("tif", "GTiff")):
            write_tif(folder / f"{name}.{suffix}", [np.rint(values).astype(np.uint16)], SCENE, 1,
                      driver)  # fmt: skip
    return {path.name: str(path) for path in folder.iterdir()}


def whole(view: BandView, rasters: Rasters) -> np.ndarray:
    return view.read(rasters, (0, 0, view.grid.width, view.grid.height)).astype(float)


def test_samples_lie_where_the_grid_says(files: dict[str, str]) -> None:
    with Rasters() as rasters:
        view = fast_view(BandSource("slope", files["slope.jp2"]), rasters)
        assert (view.level, view.grid.pixel_width, view.grid.width) == (2, 40.0, 350)
        values = whole(view, rasters)[10:-10, 10:-10]
        left, width, _, top, _, height = view.grid.geotransform
        x = left + (np.arange(10, 340) + 0.5) * width
        y = top + (np.arange(10, 340) + 0.5) * height
        columns, rows = (x - 600005.0) / 10.0, (3400015.0 - y) / 10.0
        expected = 1000.0 + 8.0 * columns[None, :] + 2.0 * rows[:, None]
    # Half a pixel of 10 m is 4 in this slope. Whole numbers in a plane are not rounded, but at the
    # border of the tiles of 1024 pixels the transform goes on with a mirror image.
    assert np.mean(values == expected) > 0.98
    assert np.abs(values - expected).max() <= 6.0


def test_mean_of_fast_reads_is_that_of_full_reads(files: dict[str, str]) -> None:
    with Rasters() as rasters:
        full = full_view(BandSource("dunes", files["dunes.jp2"]), rasters)
        fast = fast_view(BandSource("dunes", files["dunes.jp2"]), rasters)
        inner, reduced = (
            whole(full, rasters)[40:1360, 40:1360],
            whole(fast, rasters)[10:340, 10:340],
        )
        truth, found = inner.mean(), reduced.mean() - fast.raised_dn
    assert fast.raised_dn == 1.0
    assert found == pytest.approx(truth, rel=1e-4)
    # What is taken off is needed: without it dark scenes miss the 0.05 % that is promised.
    assert reduced.mean() > truth * 1.0005


def test_only_jpeg_2000_is_read_fast(files: dict[str, str]) -> None:
    with Rasters() as rasters:
        source = BandSource("dunes", files["dunes.tif"])
        assert fast_view(source, rasters) == full_view(source, rasters)


@pytest.mark.parametrize("name", ["dunes.jp2", "dunes.tif"])
def test_blocks_cover_each_pixel_once_along_the_blocks_of_the_file(
    files: dict[str, str], name: str
) -> None:
    with Rasters() as rasters:
        view = full_view(BandSource("dunes", files[name]), rasters)
        wide, high = view.raster(rasters).GetBlockSize()
        seen = np.zeros((SIZE, SIZE), dtype=int)
        for column, row, columns, rows in view.blocks(rasters):
            seen[row : row + rows, column : column + columns] += 1
            assert column % wide == row % high == 0
            assert columns * rows <= 2048 * 1024
    assert (seen == 1).all()
