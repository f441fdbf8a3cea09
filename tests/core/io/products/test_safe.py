# SPDX-License-Identifier: GPL-3.0-or-later
"""Sentinel-2 SAFE: scales and offsets of all baselines, scene classes, real metadata."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from calval_toolbox.core.errors import ProductError
from calval_toolbox.core.io.products import find_products, open_product
from calval_toolbox.core.io.products.synthetic import SafeStyle, Scene, write_safe
from calval_toolbox.core.types import Flag

from .conftest import rows_of
from .helpers import flags, values

STYLES = {
    "L2A 05.10": SafeStyle("L2A", "05.10", -1000),
    "L2A 02.11": SafeStyle("L2A", "02.11", 0),
    "L2A 02.05, prefixed": SafeStyle("L2A", "02.05", 0, prefixed=True),
    "L2A, 2000": SafeStyle("L2A", "02.01", 0, quantification=2000.0, prefixed=True),
    "L1C 05.10": SafeStyle("L1C", "05.10", -1000),
    "L1C 02.06": SafeStyle("L1C", "02.06", 0),
}


@pytest.mark.parametrize("name", STYLES)
def test_reflectance_of_all_baselines(tmp_path: Path, scene: Scene, name: str) -> None:
    style = STYLES[name]
    product = open_product(write_safe(tmp_path, scene, style))
    assert (product.reader, product.sensor, product.platform) == ("safe", "MSI", "SENTINEL2A")
    assert (product.level, product.baseline, product.site) == (
        style.level, style.baseline, "T31TCJ",
    )  # fmt: skip
    assert product.time == np.datetime64("2020-07-15T10:50:31.024")
    for band, step in (("B2", 1), ("B8A", 2), ("B1", 6)):
        read, truth = values(product.bands[band]), scene.reflectance[band][::step, ::step]
        inside = ~rows_of(Flag.NODATA)[::step, ::step]
        assert np.isnan(read[~inside]).all(), band
        assert np.abs(read - truth)[inside].max() <= 0.5001 / style.quantification, band
    assert product.bands["B8A"].wavelength_nm == 864.7
    assert product.bands["B2"].saturation == 65535


@pytest.mark.parametrize("name", [name for name in STYLES if name.startswith("L2A")])
def test_offset_never_touches_aot_and_water_vapor(tmp_path: Path, scene: Scene, name: str) -> None:
    product = open_product(write_safe(tmp_path, scene, STYLES[name]))
    assert product.aot is not None
    assert product.water_vapor is not None
    assert product.aot.offset == product.water_vapor.offset == 0
    inside = ~rows_of(Flag.NODATA)[::2, ::2]
    assert np.abs(values(product.aot) - scene.aot[::2, ::2])[inside].max() < 6e-4
    assert values(product.water_vapor)[inside] == pytest.approx(1.85)
    assert product.water_vapor.unit == "cm"
    assert product.aot.resolution_m == 20


def test_aot_of_the_grid_of_its_retrieval_is_taken(tmp_path: Path, scene: Scene) -> None:
    """Products carry AOT at 10, 20 and 60 m; it is retrieved at 20 m."""
    folder = write_safe(tmp_path, scene)
    middle = next(folder.rglob("*_AOT_20m.jp2"))
    for size in (10, 60):
        other = middle.parents[1] / f"R{size}m" / middle.name.replace("20m", f"{size}m")
        other.parent.mkdir(exist_ok=True)
        shutil.copy(middle, other)
    product = open_product(folder)
    assert product.aot is not None
    assert (product.aot.resolution_m, product.aot.uri) == (20.0, str(middle))
    middle.unlink()
    product = open_product(folder)
    assert product.aot is not None
    assert product.aot.resolution_m == 10.0


def test_scale_of_aot_is_read(tmp_path: Path, scene: Scene) -> None:
    style = SafeStyle(aot_quantification=500.0, water_vapor_quantification=100.0)
    product = open_product(write_safe(tmp_path, scene, style))
    assert product.aot is not None
    assert product.aot.scale == 1 / 500
    # 0.89 is the last value of the 20 m grid; the code is 0.002 wide.
    assert np.nanmax(values(product.aot)) == pytest.approx(0.89, abs=1.01e-3)


def test_offsets_may_differ_between_bands(tmp_path: Path, scene: Scene) -> None:
    folder = write_safe(tmp_path, scene)
    document = folder / "MTD_MSIL2A.xml"
    text = document.read_text().replace('band_id="3">-1000<', 'band_id="3">-500<')
    document.write_text(text)
    bands = open_product(folder).bands
    assert bands["B3"].offset == pytest.approx(-0.1)
    # Number 3 is B4: the bands are counted from B1 = 0.
    assert bands["B4"].offset == pytest.approx(-0.05)


def test_baseline_and_name_decide_nothing(tmp_path: Path, scene: Scene) -> None:
    """A reprocessed product of an old date may carry the offset, one named new may not."""
    folder = write_safe(tmp_path, scene, SafeStyle("L2A", "02.11", -1000))
    assert open_product(folder).bands["B2"].offset == pytest.approx(-0.1)


def test_scene_classes(tmp_path: Path, scene: Scene) -> None:
    product = open_product(write_safe(tmp_path, scene))
    assert product.aot is not None
    found = flags(product, product.aot)
    for flag in (
        Flag.NODATA, Flag.CLOUD, Flag.CLOUD_SHADOW, Flag.CIRRUS, Flag.SNOW, Flag.WATER,
        Flag.SATURATED,
    ):  # fmt: skip
        assert np.array_equal(found[flag], rows_of(flag)[::2, ::2]), flag
    meaning = product.masks["SCL_20m"].meaning
    assert meaning[8] is meaning[9] is Flag.CLOUD
    assert (meaning[2], meaning[4], meaning[5], meaning[7]) == (
        Flag.DARK, Flag.VEGETATION, Flag.BARE, Flag.UNCLASSIFIED,
    )  # fmt: skip


def test_first_file_names_of_sen2cor(tmp_path: Path, scene: Scene) -> None:
    folder = write_safe(tmp_path, scene, SafeStyle("L2A", "02.04", 0, prefixed=True))
    granule = next((folder / "GRANULE").iterdir())
    names = {
        "AOT": "IMG_DATA/R20m/S2A_USER_AOT_L2A_TL_SGS__20160101T000000_A002_T31TCJ_20m.jp2",
        "SCL": "IMG_DATA/S2A_USER_SCL_L2A_TL_SGS__20160101T000000_A002_T31TCJ_20m.jp2",
    }
    for code, name in names.items():
        shutil.move(next(granule.glob(f"IMG_DATA/R20m/*_{code}_20m.jp2")), granule / name)
    (folder / "MTD_MSIL2A.xml").rename(folder / "S2A_USER_MTD_SAFL2A_PDMC_20160101T000000.xml")
    product = open_product(folder)
    assert product.aot is not None
    assert "USER_AOT" in product.aot.uri
    assert np.array_equal(flags(product, product.aot)[Flag.SNOW], rows_of(Flag.SNOW)[::2, ::2])


def test_classification_raster_of_new_l1c(tmp_path: Path, scene: Scene) -> None:
    folder = write_safe(tmp_path, scene, SafeStyle("L1C"))
    granule = next((folder / "GRANULE").iterdir())
    (granule / "QI_DATA").mkdir()
    from calval_toolbox.core.io.products.synthetic_common import write_tif

    planes = [rows_of(flag).astype(np.uint8) for flag in (Flag.CLOUD, Flag.CIRRUS, Flag.SNOW)]
    write_tif(granule / "QI_DATA" / "MSK_CLASSI_B00.jp2", planes, scene, 1, "JP2OpenJPEG")
    product = open_product(folder)
    found = flags(product, product.bands["B2"])
    for flag in (Flag.CLOUD, Flag.CIRRUS, Flag.SNOW):
        assert np.array_equal(found[flag], rows_of(flag)), flag


def test_several_tiles_in_one_product(tmp_path: Path, scene: Scene) -> None:
    folder = write_safe(tmp_path, scene, SafeStyle("L1C", "02.02", 0))
    granule = next((folder / "GRANULE").iterdir())
    second = granule.with_name(granule.name.replace("T31TCJ", "T31TCH"))
    shutil.copytree(granule, second)
    with pytest.raises(ProductError, match="several tiles.*T31TCH, T31TCJ"):
        open_product(folder)
    assert open_product(f"{folder}#T31TCH").site == "T31TCH"
    products, unreadable = find_products([folder])
    assert unreadable == []
    assert {p.site: p.path for p in products} == {
        "T31TCH": f"{folder}#T31TCH", "T31TCJ": f"{folder}#T31TCJ",
    }  # fmt: skip
    for product in products:
        assert all(product.site in band.uri.split("GRANULE")[1] for band in product.bands.values())


def test_product_without_granule_is_refused(tmp_path: Path, scene: Scene) -> None:
    folder = write_safe(tmp_path, scene)
    shutil.rmtree(folder / "GRANULE")
    with pytest.raises(ProductError, match="no granule"):
        open_product(folder)


def test_real_l1c(shared_data: Path) -> None:
    folder = next((shared_data / "calibration" / "s2_l1c").glob("*.SAFE"))
    product = open_product(folder)
    assert (product.level, product.platform, product.site) == ("L1C", "SENTINEL2A", "T36RXU")
    assert product.baseline == "02.06"
    # The tile's own sensing time, not the start of the datatake (08:16:01).
    assert product.time == np.datetime64("2018-05-26T08:19:19.284")
    assert product.datatake == "GS2A_20180526T081601_015276_N02.06"
    assert sorted(product.bands) == ["B2", "B3", "B4", "B8"]
    blue = product.bands["B2"]
    assert (blue.scale, blue.offset, blue.nodata, blue.wavelength_nm) == (1e-4, 0.0, 0.0, 492.4)
    assert product.sun_zenith_deg == pytest.approx(17.5462195044692)
    assert product.aot is None
    stored = gdal.Open(blue.uri).ReadAsArray()
    assert np.nanmedian(values(blue)) == pytest.approx(np.median(stored[stored > 0]) / 1e4)


@pytest.mark.parametrize(
    ("day", "platform", "baseline"),
    [("20190501", "SENTINEL2B", "02.11"), ("20190506", "SENTINEL2A", "02.12")],
)
def test_real_l2a_metadata(
    tmp_path: Path, shared_data: Path, scene: Scene, day: str, platform: str, baseline: str
) -> None:
    """Real metadata over made-up rasters."""
    folder = write_safe(tmp_path, scene, SafeStyle("L2A", "02.11", 0))
    source = shared_data / "classification" / "iota2_testdata" / f"MTD_MSIL2A_{day}.xml"
    shutil.copy(source, folder / "MTD_MSIL2A.xml")
    product = open_product(folder)
    assert product.aot is not None
    assert product.water_vapor is not None
    assert (product.platform, product.baseline) == (platform, baseline)
    assert (product.aot.scale, product.water_vapor.scale) == (1e-3, 1e-3)
    assert (product.bands["B2"].scale, product.bands["B2"].offset) == (1e-4, 0.0)
    assert product.bands["B2"].wavelength_nm == pytest.approx(492, abs=1.5)
    if day == "20190501":
        assert product.cloud_percent == 2.626449
        assert product.footprint[0] == (0.495928592903789, 44.22596415476343)
        assert product.datatake == "GS2B_20190501T105039_011231_N02.11"


def test_real_metadata_of_baseline_0510(tmp_path: Path, shared_data: Path, scene: Scene) -> None:
    folder = write_safe(tmp_path, scene, SafeStyle("L1C", "05.10", -1000))
    shutil.copy(
        shared_data / "calibration" / "s2_l1c" / "PB0510" / "MTD_MSIL1C_S2A_N0510.xml",
        folder / "MTD_MSIL1C.xml",
    )
    bands = open_product(folder).bands
    assert {band.offset for band in bands.values()} == {-0.1}
    inside = ~rows_of(Flag.NODATA)
    assert np.abs(values(bands["B2"]) - scene.reflectance["B2"])[inside].max() < 1e-4


def test_metadata_without_scale_are_refused(tmp_path: Path, scene: Scene) -> None:
    folder = write_safe(tmp_path, scene)
    document = folder / "MTD_MSIL2A.xml"
    document.write_text(re.sub(r"<BOA_QUANTIFICATION_VALUE.*?</BOA.*?>", "", document.read_text()))
    with pytest.raises(ProductError, match=r"MTD_MSIL2A\.xml does not say BOA_QUANTIFICATION"):
        open_product(folder)


@pytest.mark.parametrize("level", ["L1C", "L2A"])
def test_offsets_that_are_missing_are_refused(tmp_path: Path, scene: Scene, level: str) -> None:
    """Without its offset a band would be 0.1 too bright, beside others that are right."""
    folder = write_safe(tmp_path, scene, SafeStyle(level, "05.10", -1000))
    document = folder / f"MTD_MSI{level}.xml"
    text = document.read_text()
    some = re.sub(r'<(RADIO|BOA)_ADD_OFFSET band_id="3">.*?</(RADIO|BOA)_ADD_OFFSET>', "", text)
    assert some != text
    document.write_text(some)
    with pytest.raises(ProductError, match=rf"MTD_MSI{level}\.xml states no .*ADD_OFFSET for B4:"):
        open_product(folder)
    none = re.sub(r"<(RADIO|BOA)_ADD_OFFSET .*?</(RADIO|BOA)_ADD_OFFSET>", "", text)
    document.write_text(none)
    with pytest.raises(ProductError, match=r"although its baseline is 05\.10: reflectance cannot"):
        open_product(folder)
    document.write_text(none.replace(">05.10<", ">03.01<"))
    assert {band.offset for band in open_product(folder).bands.values()} == {0.0}
