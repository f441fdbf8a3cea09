# SPDX-License-Identifier: GPL-3.0-or-later
"""Bands of a product in one file: scaled, on one grid, masked; and as a VRT."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from calval_toolbox.core.errors import Canceled, InputError, OutputError
from calval_toolbox.core.io.products import open_product
from calval_toolbox.core.io.products.loading import NODATA, Targets, block_mean, select, write
from calval_toolbox.core.io.products.synthetic import (
    SafeStyle,
    Scene,
    write_muscate,
    write_n2a,
    write_safe,
)
from calval_toolbox.core.progress import Silent
from calval_toolbox.core.types import Flag, Product

from .conftest import rows_of
from .helpers import zipped


def read(path: Path) -> np.ndarray:
    """All bands (band, row, column), NaN for no data."""
    dataset = gdal.Open(str(path))
    array = dataset.ReadAsArray().astype(np.float64)
    array = array[None] if array.ndim == 2 else array
    for index in range(dataset.RasterCount):
        nodata = dataset.GetRasterBand(index + 1).GetNoDataValue()
        array[index][array[index] == nodata] = np.nan
    return array


@pytest.fixture(scope="module")
def s2(tmp_path_factory: pytest.TempPathFactory, scene: Scene) -> Product:
    return open_product(write_muscate(tmp_path_factory.mktemp("s2"), scene))


def test_bands_in_the_order_asked_for(tmp_path: Path, s2: Product, scene: Scene) -> None:
    out = tmp_path / "out.tif"
    loaded = write(select(s2, ["B4", "B2"]), Targets(out))
    dataset = gdal.Open(str(out))
    names = [dataset.GetRasterBand(i).GetDescription() for i in (1, 2)]
    assert names == ["B4", "B2"]
    assert dataset.GetRasterBand(1).DataType == gdal.GDT_Float32
    assert dataset.GetRasterBand(1).GetNoDataValue() == NODATA
    assert dataset.GetGeoTransform() == (300000.0, 10.0, 0.0, 4900020.0, 0.0, -10.0)
    array = read(out)
    assert np.abs(array[0] - scene.reflectance["B4"]).max() < 1e-4
    assert np.abs(array[1] - scene.reflectance["B2"]).max() < 1e-4
    assert loaded.valid_share == 1.0
    assert loaded.masked_share == 0.0


def test_default_is_all_reflectances_of_the_better_kind(s2: Product) -> None:
    assert set(select(s2).names) == {"B2", "B3", "B4", "B8", "B5", "B7", "B8A", "B11"}


def test_policy_is_burnt_in_and_the_mask_written(tmp_path: Path, s2: Product, scene: Scene) -> None:
    out, mask = tmp_path / "out.tif", tmp_path / "mask.tif"
    loaded = write(select(s2, ["B2"], "clear_land"), Targets(out, mask))
    left_out = read(mask)[0] == 1
    expected = np.zeros((120, 160), dtype=bool)
    for flag in set(scene.flags) - {
        Flag.THIN_CLOUD, Flag.AOT_INTERPOLATED, Flag.WATER_VAPOR_INTERPOLATED,
    }:  # fmt: skip
        expected |= rows_of(flag)
    assert np.array_equal(left_out, expected)
    assert np.array_equal(np.isnan(read(out)[0]), expected)
    assert loaded.masked_share == pytest.approx(expected.mean())
    assert loaded.valid_share == pytest.approx(1 - expected.mean())


def test_coarser_bands_are_repeated_on_the_finest_grid(
    tmp_path: Path, s2: Product, scene: Scene
) -> None:
    out = tmp_path / "out.tif"
    write(select(s2, ["B2", "B8A"]), Targets(out))
    repeated = np.repeat(np.repeat(scene.reflectance["B8A"][::2, ::2], 2, 0), 2, 1)
    assert np.abs(read(out)[1] - repeated).max() < 1e-4


def test_finer_bands_are_averaged_on_the_coarsest_grid(
    tmp_path: Path, s2: Product, scene: Scene
) -> None:
    out = tmp_path / "out.tif"
    write(select(s2, ["B2", "B8A"], resolution="coarsest"), Targets(out))
    array = read(out)
    assert array.shape == (2, 60, 80)
    mean = scene.reflectance["B2"].reshape(60, 2, 80, 2).mean(axis=(1, 3))
    assert np.abs(array[0] - mean).max() < 1e-4
    assert gdal.Open(str(out)).GetGeoTransform()[1] == 20.0


def test_average_uses_valid_pixels_only() -> None:
    values = np.array([[1.0, 3.0, np.nan, np.nan], [np.nan, 5.0, np.nan, np.nan]], np.float32)
    result = block_mean(values, 2)
    assert result[0, 0] == 3.0
    assert np.isnan(result[0, 1])


def test_large_rasters_are_written_in_blocks(
    tmp_path: Path, s2: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, parts = tmp_path / "whole.tif", tmp_path / "parts.tif"
    selection = select(s2, ["B2", "B8A"], "clouds", "coarsest")
    write(selection, Targets(whole))
    monkeypatch.setattr("calval_toolbox.core.io.products.loading.BLOCK", 23)
    write(selection, Targets(parts))
    assert np.array_equal(read(whole), read(parts), equal_nan=True)


def test_aot_and_water_vapor_can_be_loaded(tmp_path: Path, s2: Product, scene: Scene) -> None:
    out = tmp_path / "out.tif"
    write(select(s2, ["aot", "water_vapor"]), Targets(out))
    inside = ~rows_of(Flag.NODATA)[::2, ::2]
    array = read(out)
    assert np.abs(array[0] - scene.aot[::2, ::2])[inside].max() < 0.00251
    assert array[1][inside] == pytest.approx(1.85, abs=0.0251)


@pytest.mark.parametrize("packed", [False, True])
def test_vrt_points_at_the_files_and_gives_the_same_values(
    tmp_path: Path, scene: Scene, packed: bool
) -> None:
    folder = write_safe(tmp_path / "p", scene, SafeStyle("L2A", "05.10", -1000))
    product = open_product(zipped(folder, tmp_path / "p.zip") if packed else folder)
    selection = select(product, ["B2", "B8A", "B1"])
    virtual, copied = tmp_path / "out.vrt", tmp_path / "out.tif"
    loaded = write(selection, Targets(virtual))
    write(selection, Targets(copied))
    assert virtual.stat().st_size < 20_000
    assert ("vsizip" in virtual.read_text()) == packed
    assert np.isnan(loaded.valid_share)
    fast, slow = read(virtual), read(copied)
    assert np.array_equal(np.isnan(fast), np.isnan(slow))
    assert np.nanmax(np.abs(fast - slow)) < 1e-6
    assert gdal.Open(str(virtual)).GetRasterBand(3).GetDescription() == "B1"


def test_vrt_of_a_stack_takes_the_right_band(tmp_path: Path, scene: Scene) -> None:
    product = open_product(write_n2a(tmp_path, scene))
    write(select(product, ["SWIR"]), Targets(tmp_path / "out.vrt"))
    inside = ~rows_of(Flag.NODATA)
    array = read(tmp_path / "out.vrt")[0]
    assert np.abs(array - scene.reflectance["SWIR"])[inside].max() < 1e-3
    assert np.isnan(array[~inside]).all()


def test_vrt_cannot_hold_a_mask(tmp_path: Path, s2: Product) -> None:
    with pytest.raises(InputError, match="no mask can be burnt into it"):
        write(select(s2, ["B2"], "clouds"), Targets(tmp_path / "out.vrt"))
    with pytest.raises(InputError, match="Beside a VRT no mask"):
        write(select(s2, ["B2"]), Targets(tmp_path / "out.vrt", tmp_path / "mask.tif"))


def test_vrt_cannot_average(tmp_path: Path, s2: Product) -> None:
    selection = select(s2, ["B2", "B8A"], resolution="coarsest")
    with pytest.raises(InputError, match="Band B2 is finer than the output"):
        write(selection, Targets(tmp_path / "out.vrt"))


def test_unknown_band_is_a_sentence(s2: Product) -> None:
    with pytest.raises(InputError, match=r"has no band B99\. It has: B2, B3"):
        select(s2, ["B2", "B99"])


def test_writing_stops_when_asked_to(tmp_path: Path, s2: Product) -> None:
    class Impatient(Silent):
        def canceled(self) -> bool:
            return True

    with pytest.raises(Canceled):
        write(select(s2, ["B2"]), Targets(tmp_path / "out.tif"), Impatient())


@pytest.mark.parametrize(
    ("bands", "mask", "sentence"),
    [
        ("o.png", "", r"^Bands cannot be written as 'o\.png'\. Let .*\.tif, \.tiff or \.vrt"),
        ("o", "", r"^Bands cannot be written as 'o'"),
        ("o.tif", "m.vrt", r"^The mask cannot be written as 'm\.vrt'\. Let .*\.tif or \.tiff"),
        ("o.TIFF", "m", r"^The mask cannot be written as 'm'"),
    ],
)
def test_other_formats_are_refused(
    tmp_path: Path, s2: Product, bands: str, mask: str, sentence: str
) -> None:
    targets = Targets(tmp_path / bands, tmp_path / mask if mask else None)
    with pytest.raises(InputError, match=sentence):
        write(select(s2, ["B2"]), targets)
    assert list(tmp_path.iterdir()) == []
    write(select(s2, ["B2"]), Targets(tmp_path / "o.TIFF", tmp_path / "m.tiff"))
    assert gdal.Open(str(tmp_path / "o.TIFF")).GetDriver().ShortName == "GTiff"


@pytest.mark.parametrize("suffix", [".tif", ".vrt"])
def test_messages_name_the_final_file(tmp_path: Path, s2: Product, suffix: str) -> None:
    """The folder vanished (or the disk is full) while the work went on."""
    hidden = tmp_path / "gone" / f".reflectance.0a1b2c3d.part{suffix}"
    final = tmp_path / "gone" / f"reflectance{suffix}"
    with pytest.raises(OutputError) as caught:
        write(select(s2, ["B2"]), Targets(hidden, None, str(final)))
    assert str(caught.value).startswith(f"{final} could not be written completely. Check")
    if suffix == ".tif":
        mask = tmp_path / "gone" / ".mask.0a1b2c3d.part.tif"
        with pytest.raises(OutputError, match=r"^the mask\.tif could not be written"):
            write(
                select(s2, ["B2"]),
                Targets(tmp_path / "bands.tif", mask, "bands.tif", "the mask.tif"),
            )
