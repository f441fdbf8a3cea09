# SPDX-License-Identifier: GPL-3.0-or-later
"""Pixels of sites counted block by block, against the whole image and a mask of its own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from made_l1c import LEFT, SIZE, TOP, outline, scene_of

from calval_toolbox.core.calibration.extraction.statistics import statistics
from calval_toolbox.core.errors import ProductError
from calval_toolbox.core.io.band_views import fast_view, full_view
from calval_toolbox.core.io.products.synthetic_common import write_tif
from calval_toolbox.core.io.rasters import Rasters
from calval_toolbox.core.io.site_pixels import count_sites
from calval_toolbox.core.progress import Silent
from calval_toolbox.core.types import BandSource

# columns and rows of 10 m pixels: inside one block, across blocks, over the edge, outside
SITES = ((20, 30, 120, 90), (200, 100, 900, 700), (900, 900, 1100, 1100), (1200, 0, 1300, 100))


@pytest.fixture(scope="module")
def dn() -> np.ndarray:
    rng = np.random.default_rng(3)
    values = rng.integers(2000, 6000, (SIZE, SIZE)).astype(np.uint16)
    values[50:60, 40:50] = 0
    values[300:310, 300:340] = 65535
    return values


def source_of(path: Path) -> BandSource:
    return BandSource("B2", str(path), scale=1e-4, offset=-0.1, nodata=0, saturation=65535)


@pytest.mark.parametrize(("dtype", "driver"), [("uint16", "GTiff"), ("uint16", "JP2OpenJPEG"),
                                               ("float32", "GTiff")])  # fmt: skip
def test_statistics_are_those_of_the_pixels(
    tmp_path: Path, dn: np.ndarray, dtype: str, driver: str
) -> None:
    path = tmp_path / "band.img"
    write_tif(path, [dn.astype(dtype)], scene_of(), 1, driver)
    with Rasters() as rasters:
        view = full_view(source_of(path), rasters)
        found = count_sites(view, [outline(*one) for one in SITES], rasters, Silent())
    assert found[3] is None
    for (left, top, right, bottom), counts in zip(SITES[:3], found, strict=False):
        assert counts is not None
        pixels = dn[top:bottom, left:right].ravel()
        good = pixels[(pixels != 0) & (pixels != 65535)] * 1e-4 - 0.1
        stated = statistics(counts, view)
        assert counts.inside == pixels.size
        assert counts.expected == pytest.approx((right - left) * (bottom - top), rel=1e-3)
        assert stated.count == good.size
        assert stated.mean == pytest.approx(good.mean(), rel=1e-9)
        assert stated.median == pytest.approx(np.median(good), rel=1e-9)
        assert stated.std == pytest.approx(good.std(ddof=1), rel=1e-9)
        saturated = np.count_nonzero(pixels == 65535)
        assert stated.saturated_fraction == pytest.approx(saturated / np.count_nonzero(pixels))
        assert stated.data_fraction == pytest.approx(np.count_nonzero(pixels) / counts.expected)


def test_places_are_centers_of_pixels_with_data(tmp_path: Path, dn: np.ndarray) -> None:
    path = tmp_path / "band.tif"
    write_tif(path, [dn], scene_of())
    with Rasters() as rasters:
        view = full_view(source_of(path), rasters)
        counts = count_sites(view, [outline(*SITES[1])], rasters, Silent())[0]
    assert counts is not None
    columns, rows = (counts.x - LEFT) / 10.0 - 0.5, (TOP - counts.y) / 10.0 - 0.5
    assert np.array_equal(columns, np.rint(columns))
    left, top, right, bottom = SITES[1]
    assert (columns.min() >= left, columns.max() < right) == (True, True)
    assert (rows.min() >= top, rows.max() < bottom) == (True, True)
    assert 5000 < len(columns) < 15000
    assert abs(columns.mean() - (left + right - 1) / 2) < 5
    assert (dn[rows.astype(int), columns.astype(int)] != 0).all()


def test_fast_reads_leave_out_what_no_data_and_saturation_spoil(tmp_path: Path) -> None:
    values = np.full((SIZE, SIZE), 3000, dtype=np.uint16)
    values[:, :333] = 0
    values[400:480, 600:680] = 65535
    path = tmp_path / "band.jp2"
    write_tif(path, [values], scene_of(), 1, "JP2OpenJPEG")
    with Rasters() as rasters:
        view = fast_view(source_of(path), rasters)
        counts = count_sites(view, [outline(100, 100, 900, 900)], rasters, Silent())[0]
    assert counts is not None
    assert view.level == 2
    # A flat image has no rounding; only what the wavelet mixed could differ.
    assert set(counts.values.tolist()) == {3000}
    assert counts.saturated == 24 * 24  # two reduced pixels around the 20 x 20
    margin = 2 * 200  # two reduced pixels along the border
    expected = (900 - 333) * 800 / 16 - counts.saturated - margin
    assert counts.count == pytest.approx(expected, abs=200)


def test_damaged_band_is_told(tmp_path: Path, dn: np.ndarray) -> None:
    path = tmp_path / "band.jp2"
    write_tif(path, [dn], scene_of(), 1, "JP2OpenJPEG")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with Rasters() as rasters:
        view = full_view(source_of(path), rasters)
        with pytest.raises(ProductError, match=r"band\.jp2 cannot be read"):
            count_sites(view, [outline(*SITES[1])], rasters, Silent())


def test_each_block_is_decoded_once(
    tmp_path: Path, dn: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "band.tif"
    write_tif(path, [dn], scene_of())
    read: list[tuple[int, ...]] = []
    with Rasters() as rasters:
        view = full_view(source_of(path), rasters)
        kept = type(view).read

        def spy(self: object, files: Rasters, place: tuple[int, int, int, int]) -> np.ndarray:
            read.append(place)
            return kept(self, files, place)

        monkeypatch.setattr(type(view), "read", spy)
        count_sites(view, [outline(*one) for one in (*SITES, *SITES)], rasters, Silent())
    assert len(read) == 1  # 1000 x 1000 pixels in blocks of 256 are put together to 1024
