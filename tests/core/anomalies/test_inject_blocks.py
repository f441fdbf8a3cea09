# SPDX-License-Identifier: GPL-3.0-or-later
"""Injections block by block: every pixel as in one piece, whatever the blocks, and all metadata."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from scipy import ndimage

from calval_toolbox.core.anomalies import inject_fields
from calval_toolbox.core.anomalies.inject_fields import Place, all_of, cast, weights_of
from calval_toolbox.core.anomalies.inject_files import block_side, inject_files
from calval_toolbox.core.anomalies.inject_shift import shift_image, shift_margin
from calval_toolbox.core.anomalies.inject_stack import Geometry, change, inject, margin, planted
from calval_toolbox.core.anomalies.injections import KINDS, Injection
from calval_toolbox.core.anomalies.scenes import FourSites, write_four_sites
from calval_toolbox.core.anomalies.scenes.settings import SITES
from calval_toolbox.core.errors import Canceled, InputError
from calval_toolbox.core.execution.tiling import tiles
from calval_toolbox.core.io.atomic import Staging
from calval_toolbox.core.io.cache import gdal_cache
from calval_toolbox.core.io.dated_rasters import StackOptions, stack_products
from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.raster_writer import RasterWriter
from calval_toolbox.core.progress import Silent
from calval_toolbox.core.series.extract_files import Source, find_source

BANDS, SHAPE = ("B2", "B4", "B8"), (150, 230)
WAVELENGTHS = np.array([492.4, 664.6, 832.8])
GEOMETRY = Geometry(10.0, 45.0, 150.0, 500.0)
PLAN = (
    Injection("cloud", 0.6, 1, extent=0.15, seed=3),
    Injection("shadow", 0.4, 1, extent=0.2, seed=4),
    Injection("thin_cloud", 0.2, 1, window=(20, 30, 90, 120)),
    Injection("snow", 0.7, 1, extent=0.1, seed=5),
    Injection("aot_under", 0.2, 1),
    Injection("gain", 0.04, 1, extent=0.3, seed=6),
    Injection("stripes", 0.03, 1, bands=("B4",), direction_deg=194.0, period_px=7.0),
    Injection("shift", 1.7, 1, direction_deg=65.0),
    Injection("shift", 3.0, 1, direction_deg=180.0),
)


def _image() -> np.ndarray:
    rng = np.random.default_rng(7)
    image = np.array([0.05, 0.10, 0.30])[:, None, None] + rng.normal(0.0, 0.02, (3, *SHAPE))
    image[:, 60:75, 100:140] = np.nan
    image[:, :, 215:] = np.nan
    return image


def _in_blocks(plan: tuple[Injection, ...], size: int) -> tuple[np.ndarray, list[int]]:
    """The image changed block by block, and how many pixels each injection touched."""
    image, here = _image(), planted(plan, 1, 4, SHAPE)
    result, touched = np.zeros_like(image), [0] * len(plan)
    for tile in tiles(SHAPE[1], SHAPE[0], size, margin(here)):
        place = Place(tile.outer.row, tile.outer.column, tile.outer.height, tile.outer.width, SHAPE)
        part = image[(slice(None), *place.slices)]
        changed, effects = change(part, BANDS, WAVELENGTHS, here, GEOMETRY, place)
        own = Place(tile.own.row, tile.own.column, tile.own.height, tile.own.width, SHAPE)
        result[(slice(None), *own.slices)] = tile.crop(changed)
        touched = [
            n + int(tile.crop(e.touched).sum()) for n, e in zip(touched, effects, strict=True)
        ]
    return result, touched


@pytest.mark.parametrize("coarse", [False, True])
@pytest.mark.parametrize("size", [32, 77])
def test_all_types_are_the_same_whatever_the_blocks(
    monkeypatch: pytest.MonkeyPatch, size: int, coarse: bool
) -> None:
    if coarse:
        monkeypatch.setattr(inject_fields, "EXACT", 100)
        monkeypatch.setattr(inject_fields, "COARSE", 60)
    assert {one.type for one in PLAN} > {"cloud", "shadow", "stripes", "shift"}
    whole, effects = inject(_image(), BANDS, WAVELENGTHS, 1, PLAN, GEOMETRY, 4)
    parts, touched = _in_blocks(PLAN, size)
    assert np.isnan(whole).any()
    assert np.array_equal(parts, whole, equal_nan=True)
    assert touched == [int(effect.touched.sum()) for effect in effects]
    assert all(touched)


@pytest.mark.parametrize("name", sorted(set(KINDS) - {"wrong_date", "shift"}))
def test_only_a_shift_needs_a_margin(name: str) -> None:
    duration = 0 if name == "step" else 1
    plan = (Injection(name, 0.3, 1, duration, 0.3, ("B4",) if name == "stripes" else ()),)
    assert margin(planted(plan, 1, 4, SHAPE)) == 0
    whole, _ = inject(_image(), BANDS, WAVELENGTHS, 1, plan, GEOMETRY, 4)
    assert np.array_equal(_in_blocks(plan, 50)[0], whole, equal_nan=True)


def test_a_margin_that_is_too_small_would_be_seen() -> None:
    image = _image()
    whole = shift_image(image, 0.4, -2.3)
    for cut, same in ((shift_margin(0.4, -2.3), True), (3, False)):
        part = shift_image(image[:, : 50 + cut, : 60 + cut], 0.4, -2.3)[:, :50, :60]
        assert np.array_equal(part, whole[:, :50, :60]) is same


@pytest.mark.parametrize("moved", [(0.3, 0.0), (-1.4, 2.6), (0.0, -5.0), (9.7, -9.2)])
def test_the_shift_is_that_of_cubic_splines(moved: tuple[float, float]) -> None:
    image = np.nan_to_num(_image(), nan=0.1)
    expected = np.stack([ndimage.shift(band, moved, order=3, mode="nearest") for band in image])
    assert shift_image(image, *moved) == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize("offset", [(30.4, -12.7), (0.0, 0.0), (-400.0, 3.0), (5.0, 260.0)])
def test_shadows_fall_as_in_one_piece(offset: tuple[float, float]) -> None:
    weights = weights_of(Injection("cloud", 0.5, 1, extent=0.3), SHAPE)
    expected = ndimage.shift(weights(all_of(SHAPE)), offset, order=1, cval=0.0)
    assert cast(weights, offset, all_of(SHAPE)) == pytest.approx(expected, abs=1e-12)
    part = Place(70, 20, 40, 33, SHAPE)
    assert np.array_equal(
        cast(weights, offset, part), cast(weights, offset, all_of(SHAPE))[part.slices]
    )


def test_patches_of_large_images_keep_their_share_and_stay_small(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = Injection("cloud", 0.5, 1, extent=0.12)
    exact = weights_of(one, (900, 900))(all_of((900, 900)))
    monkeypatch.setattr(inject_fields, "EXACT", 512)
    monkeypatch.setattr(inject_fields, "COARSE", 300)
    coarse = weights_of(one, (900, 900))(all_of((900, 900)))
    for weight in (exact, coarse):
        assert (weight > 0.0).mean() == pytest.approx(0.12, abs=0.003)
        assert (weight.min(), weight.max()) == (0.0, 1.0)
    # Edges fade over as many pixels: the steepest rise is not that of a node.
    assert np.abs(np.diff(coarse, axis=0)).max() < 1.5 * np.abs(np.diff(exact, axis=0)).max()


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> FourSites:
    return write_four_sites(tmp_path_factory.mktemp("site"), 3, (SITES[3],), "2018-06-10")


def _files(source: Source, folder: Path, block_px: int) -> list[bytes]:
    with Staging() as staging:
        made = inject_files(source, PLAN_OF_FILES, folder, staging.stage, BANDS, block_px=block_px)
    return [gdal.Open(str(path)).ReadAsArray().tobytes() for path in made.files]


CARRIED = (
    "sensor", "platform", "level", "site", "orbit", "baseline", "datatake", "sun_zenith_deg",
    "sun_azimuth_deg", "view_zenith_deg", "cloud_percent",
)  # fmt: skip
PLAN_OF_FILES = (
    Injection("cloud", 0.6, 1, 2, extent=0.2),
    Injection("shift", 1.3, 2, direction_deg=30.0),
    Injection("wrong_date", 3, 0),
)


def test_files_are_the_same_and_say_what_the_products_were(
    example: FourSites, tmp_path: Path
) -> None:
    source = Source((str(example.products["Birdsville"]),))
    assert _files(source, tmp_path / "a", 32) == _files(source, tmp_path / "b", 4096)
    before = find_source(source)[0]
    before.sort(key=lambda one: one.time)
    after = stack_products([str(tmp_path / "a")], StackOptions(mask_band="mask"))
    assert len(after) == len(before)
    assert before[0].orbit
    assert before[0].orbit != before[1].orbit
    for one, other in zip(before, after, strict=True):
        for name in CARRIED:
            assert getattr(other, name) == getattr(one, name), name
        assert other.time == one.time.astype("datetime64[s]")
        assert tuple(other.bands) == BANDS
        for name, band in other.bands.items():
            assert band.wavelength_nm == pytest.approx(
                dict(zip(BANDS, WAVELENGTHS, strict=True))[name]
            )
            assert (band.scale, band.offset, band.nodata) == (1.0, 0.0, -9999.0)
    dataset = gdal.Open(after[0].path)
    stored = dataset.GetRasterBand(1)
    first = before[0].bands["B2"]
    assert float(stored.GetMetadataItem("CALVAL_SOURCE_SCALE", "IMAGERY")) == first.scale
    assert float(stored.GetMetadataItem("CALVAL_SOURCE_NODATA", "IMAGERY")) == first.nodata


def test_what_a_changed_stack_says_survives_a_second_change(
    example: FourSites, tmp_path: Path
) -> None:
    source = Source((str(example.products["Birdsville"]),))
    _files(source, tmp_path / "a", 64)
    again = Source(stack=(str(tmp_path / "a"),), options=StackOptions(mask_band="mask"))
    _files(again, tmp_path / "b", 64)
    first, second = (stack_products([str(tmp_path / name)]) for name in ("a", "b"))
    assert [(one.sensor, one.orbit, one.sun_zenith_deg) for one in first] == [
        (one.sensor, one.orbit, one.sun_zenith_deg) for one in second
    ]


@pytest.fixture
def large(tmp_path: Path) -> Source:
    """Three images of 700 x 500 pixels without a name of a sensor."""
    grid = grid_from_epsg(32631, (4e5, 10.0, 0.0, 4.8e6, 0.0, -10.0), 700, 500)
    (tmp_path / "in").mkdir()
    for day in ("20200101", "20200111", "20200121"):
        with RasterWriter(tmp_path / "in" / f"x_{day}.tif", grid, 1, "int16", 0, ("red",)) as to:
            to.write(1, np.full((500, 700), 900, dtype=np.int16))
    return Source(stack=(str(tmp_path / "in"),), options=StackOptions(scale=1e-4))


def test_a_cancel_is_seen_after_every_block_and_nothing_stays(
    large: Source, tmp_path: Path
) -> None:
    class Stop(Silent):
        seen, stopped = 0, False

        def report(self, fraction: float, text: str = "") -> None:
            self.seen += text.startswith("Injecting")

        def canceled(self) -> bool:
            return self.seen >= 4

    stop, out = Stop(), tmp_path / "out"
    with pytest.raises(Canceled), Staging() as staging:
        inject_files(
            large, (Injection("gain", 0.1, 0),), out, staging.stage, progress=stop, block_px=256
        )
    assert stop.seen == 4  # of 6 blocks of the first image
    assert not out.exists()


def test_windows_that_do_not_fit_are_refused_before_anything_is_written(
    large: Source, tmp_path: Path
) -> None:
    plan = (Injection("gain", 0.1, 2, window=(490, 0, 20, 10)),)
    with pytest.raises(InputError, match="reaches beyond the image of 500 x 700"):
        inject_files(large, plan, tmp_path / "out", lambda path: path)
    assert not (tmp_path / "out").exists()


def test_overviews_stop_where_the_user_asks_to(tmp_path: Path) -> None:
    class Asked(Silent):
        def canceled(self) -> bool:
            return True

    grid = grid_from_epsg(32631, (4e5, 10.0, 0.0, 4.8e6, 0.0, -10.0), 600, 600)
    with (
        pytest.raises(Canceled),
        RasterWriter(tmp_path / "o.tif", grid, 1, "uint8", progress=Asked()) as writer,
    ):
        writer.write(1, np.ones((600, 600), dtype=np.uint8))


def test_blocks_are_whole_tiles_of_a_file_and_bounded() -> None:
    assert block_side(4) == 768
    assert block_side(13) == 256
    assert block_side(1000) == 256


def test_the_cache_of_gdal_is_given_back() -> None:
    before = gdal.GetCacheMax()
    with gdal_cache(32):
        assert gdal.GetCacheMax() == 32 * 1024 * 1024
        with gdal_cache(64):
            assert gdal.GetCacheMax() == 32 * 1024 * 1024
    assert gdal.GetCacheMax() == before
    # Two runs at a time, of which the first to begin is the first to end.
    one, other = gdal_cache(64), gdal_cache(32)
    for enter in (one, other):
        enter.__enter__()
    one.__exit__(None, None, None)
    assert gdal.GetCacheMax() == 32 * 1024 * 1024
    other.__exit__(None, None, None)
    assert gdal.GetCacheMax() == before
