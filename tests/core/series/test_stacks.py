# SPDX-License-Identifier: GPL-3.0-or-later
"""Dated rasters: where their dates come from, one grid, masks, and blocks with known pixels."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from osgeo import gdal, osr

from calval_toolbox.core.errors import CalValError, InputError, ProductError
from calval_toolbox.core.io.dated_rasters import StackOptions, stack_products
from calval_toolbox.core.io.dates import find_date, listed_dates
from calval_toolbox.core.io.products import open_product
from calval_toolbox.core.io.products.synthetic import write_muscate, write_safe
from calval_toolbox.core.io.stacks import Block, stack_of
from calval_toolbox.core.types import Flag

Write = Callable[..., Path]
WHOLE = Block(0, 0, 60, 60)


def image(land: SimpleNamespace, *bases: float) -> np.ndarray:
    return np.stack([land.ramp(base) for base in bases]).astype(np.float32)


@pytest.mark.parametrize(
    ("text", "pattern", "day"),
    [
        ("S2A_20200715_B4", "", "2020-07-15T00:00:00"),
        ("NDVI_2013-09-14", "", "2013-09-14T00:00:00"),
        ("X2000.02.18", "", "2000-02-18T00:00:00"),
        ("T31TCJ_20200715T105031_B04_10m", "", "2020-07-15T10:50:31"),
        ("HLS.L30.T17SLU.2024083T160000", "", "2024-03-23T16:00:00"),
        ("LC08_L2SP_198030_20200715_20210801", "", "2020-07-15T00:00:00"),
        ("scene_15.07.20_v2", "%d.%m.%y", "2020-07-15T00:00:00"),
        ("scene_20200715", "%Y%d%m", None),
        ("scene_99999999", "", None),
        ("scene_20201345", "", None),
        ("tile_198030", "", None),
    ],
)
def test_dates_in_names(text: str, pattern: str, day: str | None) -> None:
    found = find_date(text, pattern)
    assert (found and str(found[0])[:19]) == day


@pytest.mark.parametrize("pattern", ["%Y%q", "no date", "%Y", "%Y%m%Y", "%H%M"])
def test_pattern_that_is_none_is_a_sentence(pattern: str) -> None:
    with pytest.raises(InputError, match="not a pattern of dates"):
        find_date("scene_20200715", pattern)


def test_image_per_date_with_bands_by_description(
    land: SimpleNamespace, write_stack: Write, tmp_path: Path
) -> None:
    for day in (23, 3, 13):
        write_stack(
            tmp_path / f"s_202007{day:02d}.tif", image(land, day / 100, day / 50), ("red", "nir")
        )
    stack = stack_of(stack_products([str(tmp_path)]))
    assert stack.bands == ("red", "nir")
    assert [str(time)[8:10] for time in stack.times] == ["03", "13", "23"]
    block = Block(10, 20, 7, 5)
    values = stack.read(block)
    assert values.shape == (3, 2, 5, 7)
    for date, day in enumerate((3, 13, 23)):
        expected = image(land, day / 100, day / 50)[:, 20:25, 10:17]
        assert np.array_equal(values[date], expected)


def test_file_per_band_and_date(land: SimpleNamespace, write_stack: Write, tmp_path: Path) -> None:
    for day in ("20200703", "20200713"):
        for band, base in (("B04", 0.1), ("B08", 0.3)):
            write_stack(tmp_path / f"T31TCJ_{day}_{band}_10m.tif", image(land, base))
    stack = stack_of(stack_products([str(tmp_path)]), ("B08",))
    assert len(stack) == 2
    assert np.array_equal(stack.read(WHOLE)[1, 0], image(land, 0.3)[0])


def test_dates_as_bands_and_band_names_before_dates(
    land: SimpleNamespace, write_stack: Write, tmp_path: Path
) -> None:
    names = ("B4 2020-07-03", "B4 2020-07-13", "B8 2020-07-03", "B8 2020-07-13")
    path = write_stack(tmp_path / "all.tif", image(land, 0.1, 0.2, 0.3, 0.4), names)
    stack = stack_of(stack_products([str(path)]))
    assert (stack.bands, len(stack)) == (("B4", "B8"), 2)
    values = stack.read(Block(0, 0, 1, 1))[:, :, 0, 0]
    assert values == pytest.approx(np.array([[0.1, 0.3], [0.2, 0.4]]))


def test_acquisition_beats_name_and_name_beats_the_time_of_processing(
    land: SimpleNamespace, write_stack: Write, tmp_path: Path
) -> None:
    processed = {"TIFFTAG_DATETIME": "2024:01:01 00:00:00"}
    one = write_stack(tmp_path / "a_20200703.tif", image(land, 0.1), metadata=processed)
    two = write_stack(
        tmp_path / "b_20200101.tif", image(land, 0.1),
        metadata={**processed, "ACQUISITIONDATETIME": "2020-07-13 10:50:31"},
    )  # fmt: skip
    three = write_stack(tmp_path / "c.tif", image(land, 0.1), metadata=processed)
    times = [str(stack_products([str(path)])[0].time)[:19] for path in (one, two, three)]
    assert times == ["2020-07-03T00:00:00", "2020-07-13T10:50:31", "2024-01-01T00:00:00"]
    by_name = stack_products([str(two)], StackOptions(date_pattern="%Y%m%d"))
    assert str(by_name[0].time)[:10] == "2020-01-01"


def test_scale_offset_and_no_data_of_the_file_or_as_given(
    land: SimpleNamespace, write_stack: Write, tmp_path: Path
) -> None:
    stored = np.full((1, 60, 60), 2500, dtype=np.int16)
    stored[0, 0, 0] = -999
    path = write_stack(tmp_path / "s_20200703.tif", stored, nodata=-999, scaling=(1e-4, -0.1))
    own = stack_of(stack_products([str(path)])).read(WHOLE)[0, 0]
    assert np.isnan(own[0, 0])
    assert own[5, 5] == pytest.approx(0.15)
    given = StackOptions(scale=1e-3, offset=0.0, nodata=2500)
    assert np.isnan(stack_of(stack_products([str(path)], given)).read(WHOLE)[0, 0, 5, 5])


@pytest.mark.parametrize(
    ("clear", "flag", "policy", "masked"),
    [
        ("SCL", Flag.CLOUD, "clouds", {9, 3}),
        ("4,5", Flag.MASKED, "clouds", {9, 3, 6, 0}),
        ("4;5;6", Flag.MASKED, "clear_land", {9, 3, 0}),
        ("4", Flag.MASKED, "none", set()),
    ],
)
def test_masks_by_coding_or_by_what_is_clear(
    clear: str, flag: Flag, policy: str, masked: set[int],
    land: SimpleNamespace, write_stack: Write, tmp_path: Path,
) -> None:  # fmt: skip
    classes = np.resize(np.array([4, 5, 9, 3, 6, 0], dtype=np.uint8), (1, 60, 60))
    image_file = write_stack(tmp_path / "image" / "i_20200703.tif", image(land, 0.1))
    mask_file = write_stack(tmp_path / "mask" / "scl_20200703.tif", classes)
    options = StackOptions(masks=(str(mask_file),), mask_clear=clear)
    stack = stack_of(stack_products([str(image_file)], options), policy=policy)
    wanted = masked | ({0} if clear == "SCL" else set())
    assert np.array_equal(stack.masked(WHOLE)[0], np.isin(classes[0], list(wanted)))
    assert flag in stack.flags(0, WHOLE)


def test_rotated_moved_resized_and_reprojected_images_are_named(
    land: SimpleNamespace, write_stack: Write, tmp_path: Path
) -> None:
    good = write_stack(tmp_path / "good_20200703.tif", image(land, 0.1))
    other = osr.SpatialReference()
    other.ImportFromEPSG(32632)
    cases = {
        "rotated": {"geotransform": (368000.0, 10.0, 0.5, 4826500.0, 0.0, -10.0)},
        "corners": {"geotransform": (368010.0, 10.0, 0.0, 4826500.0, 0.0, -10.0)},
        "coordinate system": {"wkt": other.ExportToWkt()},
    }
    for words, change in cases.items():
        bad = write_stack(tmp_path / f"bad_{words}_20200713.tif", image(land, 0.1), **change)
        with pytest.raises(ProductError, match=f"bad_{words}_20200713.tif.*{words}"):
            stack_of(stack_products([str(good), str(bad)], StackOptions()), ())
    small = write_stack(tmp_path / "small_20200713.tif", image(land, 0.1)[:, :50, :50])
    with pytest.raises(ProductError, match=r"small_20200713.tif has another size than .*good_"):
        stack_of(stack_products([str(good), str(small)]))


def test_bad_stacks_are_a_sentence(
    land: SimpleNamespace, write_stack: Write, tmp_path: Path
) -> None:
    undated = write_stack(tmp_path / "undated" / "image.tif", image(land, 0.1))
    dated = write_stack(tmp_path / "i_20200703.tif", image(land, 0.1), ("red",))
    twice = write_stack(tmp_path / "two" / "i_20200703.tif", image(land, 0.2), ("red",))
    text = tmp_path / "t_20200703.tif"
    text.write_text("no raster")
    late = write_stack(tmp_path / "mask" / "m_20200803.tif", np.zeros((1, 60, 60), np.uint8))
    cases: list[tuple[list[Path], StackOptions, str]] = [
        ([undated], StackOptions(), "undated/image.tif has no date"),
        ([dated], StackOptions("%d_%m_%Y"), "i_20200703.tif holds no date as '%d_%m_%Y'"),
        ([dated, twice], StackOptions(), "both hold band red of 2020-07-03"),
        ([text], StackOptions(), "t_20200703.tif cannot be opened"),
        ([tmp_path / "absent"], StackOptions(), "absent does not exist"),
        ([dated], StackOptions(masks=(str(late),)), r"1 date\(s\) have no mask"),
        ([dated], StackOptions(mask_band="SCL"), "have no mask 'SCL'"),
        ([dated], StackOptions(masks=(str(late),), mask_clear="x"), "'x' does not say which"),
    ]
    for paths, options, sentence in cases:
        with pytest.raises(CalValError, match=sentence):
            stack_products([str(path) for path in paths], options)
    with pytest.raises(InputError, match="No date has a band blue. There are: red"):
        stack_of(stack_products([str(dated)]), ("blue",))


def test_products_of_two_resolutions_make_one_stack(
    land: SimpleNamespace, scene: Callable, tmp_path: Path
) -> None:
    cloud = np.zeros(land.shape, dtype=bool)
    cloud[:30] = True
    paths = [
        write_muscate(tmp_path, scene(3, flags={Flag.CLOUD: cloud})),
        write_safe(tmp_path, scene(13)),
    ]
    stack = stack_of([open_product(path) for path in paths], ("B4", "B11"), "clouds")
    values, masked = stack.read(WHOLE), stack.masked(WHOLE)
    assert values[1, 0] == pytest.approx(land.ramp(0.1), abs=5.1e-5)
    coarse = np.repeat(np.repeat(land.ramp(0.2)[::2, ::2], 2, axis=0), 2, axis=1)
    assert values[0, 1] == pytest.approx(coarse, abs=5.1e-5)
    assert np.array_equal(masked[0], cloud)
    assert not masked[1].any()


def test_stack_travels_and_is_read_by_threads(
    land: SimpleNamespace, write_stack: Write, tmp_path: Path
) -> None:
    for day in range(1, 29):
        write_stack(tmp_path / f"s_202007{day:02d}.tif", image(land, day / 100), ("red",))
    stack = copy.deepcopy(stack_of(stack_products([str(tmp_path)])))
    assert len(pickle.dumps(stack)) < 50_000, "only places of files are held"
    blocks = [Block(column, row, 20, 15) for row in range(0, 60, 15) for column in range(0, 60, 20)]
    with ThreadPoolExecutor(4) as pool:
        parts = list(pool.map(stack.read, blocks * 3))
    for block, part in zip(blocks * 3, parts, strict=True):
        rows = slice(block.row, block.row + block.rows)
        columns = slice(block.column, block.column + block.columns)
        assert np.array_equal(part[4, 0], image(land, 0.05)[0][rows, columns])


def test_side_files_count_in_crowded_folders_too(
    land: SimpleNamespace, write_stack: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No data stated by a file beside the image, in a folder where GDAL does not look around."""
    from calval_toolbox.core.io import siblings

    monkeypatch.setattr(siblings, "CROWDED", 1)
    stored = np.full((1, 60, 60), 7, dtype=np.int16)
    for day in range(1, 6):
        path = write_stack(tmp_path / f"s_202007{day:02d}.tif", stored)
        if day == 3:
            note = "<PAMDataset><PAMRasterBand band='1'><NoDataValue>7</NoDataValue>"
            Path(f"{path}.aux.xml").write_text(note + "</PAMRasterBand></PAMDataset>")
    assert siblings.beside(str(tmp_path / "s_20200703.tif")) is not None
    missing = np.isnan(stack_of(stack_products([str(tmp_path)])).read(WHOLE)).all(axis=(1, 2, 3))
    assert missing.tolist() == [False, False, True, False, False]


def test_open_files_are_bounded(
    land: SimpleNamespace, write_stack: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from calval_toolbox.core.io import rasters, stacks

    monkeypatch.setattr(stacks, "OPEN_FILES", 3)
    for day in range(1, 11):
        write_stack(tmp_path / f"s_202007{day:02d}.tif", image(land, day / 100), ("red",))
    stack = stack_of(stack_products([str(tmp_path)]))
    most: list[int] = []
    before = rasters.Rasters.dataset

    def counted(self: rasters.Rasters, uri: str) -> gdal.Dataset:
        found = before(self, uri)
        most.append(len(self._open))
        return found

    monkeypatch.setattr(rasters.Rasters, "dataset", counted)
    stack.read(WHOLE)
    assert max(most) == 3


def test_real_netcdf_with_scene_classes(shared_data: Path) -> None:
    path = shared_data / "anomalies" / "fusets_raw_s2_ndvi_field.nc"
    options = StackOptions(mask_band="SCL", mask_clear="SCL")
    stack = stack_of(stack_products([str(path)], options), ("B04", "B08"), "clouds")
    assert (len(stack), stack.grid.width, stack.grid.height) == (33, 56, 57)
    # Days since 1990-01-01 in the file: 10618 and 10953.
    assert str(stack.times[0])[:10] == "2019-01-27"
    assert str(stack.times[-1])[:10] == "2019-12-28"
    block = Block(0, 0, 56, 57)
    values, masked = stack.read(block), stack.masked(block)
    classes = gdal.Open(f'NETCDF:"{path}":SCL').ReadAsArray()
    # Without a class there is no data.
    cloudy = np.isin(classes, [0, 3, 8, 9, 10]) | np.isnan(classes)
    assert np.array_equal(masked, cloudy)
    red = gdal.Open(f'NETCDF:"{path}":B04').ReadAsArray()
    assert np.array_equal(values[:, 0], red, equal_nan=True)


def test_real_jpeg2000_files_with_dates_in_names(shared_data: Path) -> None:
    for folder in ("anomalies/sits_mod13q1", "classification/sits_sinop_mod13q1"):
        stack = stack_of(stack_products([str(shared_data / folder)], StackOptions(scale=1e-4)))
        assert (len(stack), stack.bands) == (12, ("NDVI",))
        assert str(stack.times[0])[:10] == "2013-09-14"
        values = stack.read(Block(100, 70, 20, 20))
        assert 0.0 < np.nanmedian(values) < 1.0


def test_real_tif_of_275_dates_as_bands(shared_data: Path) -> None:
    stack = stack_of(stack_products([str(shared_data / "anomalies" / "bfast_modisraster.tif")]))
    assert len(stack) == 275
    assert str(stack.times[1])[:10] == "2000-03-05"
    assert stack.read(Block(0, 0, 5, 5)).shape == (275, 1, 5, 5)


def test_real_tif_without_dates_is_named(shared_data: Path) -> None:
    path = shared_data / "classification" / "dtwSat_lucc_MT" / "blue.tif"
    with pytest.raises(InputError, match=r"dtwSat_lucc_MT/blue.tif has no date"):
        stack_products([str(path)])


def test_dates_of_bands_from_a_list(tmp_path: Path, shared_data: Path) -> None:
    """Real series without dates in their files, and the list that came with them."""
    folder = shared_data / "classification" / "dtwSat_lucc_MT"
    if not folder.is_dir():
        pytest.skip("no dtwSat_lucc_MT among the shared data")
    files = [str(folder / "ndvi.tif"), str(folder / "evi.tif")]
    dates = listed_dates(str(folder / "timeline"))
    assert (len(dates), str(dates[1])[:10]) == (137, "2007-09-30")
    products = stack_products(files, StackOptions(band_dates=dates))
    assert [str(one.time)[:10] for one in products[:2]] == ["2007-09-14", "2007-09-30"]
    assert set(products[1].bands) == {"ndvi", "evi"}
    assert products[1].bands["ndvi"].band == 2
    with pytest.raises(InputError, match="ndvi.tif has 137 bands, and 136 dates are given"):
        stack_products(files, StackOptions(band_dates=dates[1:]))
    for text, words in (("2020-01-01,x", "'x' is no date"), ("20200101 20200101", "there twice")):
        with pytest.raises(InputError, match=words):
            listed_dates(text)
