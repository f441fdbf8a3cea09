# SPDX-License-Identifier: GPL-3.0-or-later
"""MUSCATE L2A and L3A: identity, scales from the metadata, masks, and the traps of the format."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.errors import ProductError
from calval_toolbox.core.io.products import open_product
from calval_toolbox.core.io.products.masks import MaskSource, decode
from calval_toolbox.core.io.products.muscate import CLOUD_BITS
from calval_toolbox.core.io.products.synthetic import Scene, write_l3a, write_muscate
from calval_toolbox.core.types import Flag

from .conftest import ROWS, rows_of
from .helpers import flags, values

PLATFORMS = {
    "SENTINEL2A": ("MSI", "SENTINEL2A", "R2", 20.0),
    "LANDSAT8": ("OLI", "LANDSAT8", "XS", 10.0),
    "VENUS": ("VSSC", "VENUS", "XS", 10.0),
}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_identity_comes_from_the_metadata(tmp_path: Path, scene: Scene, platform: str) -> None:
    folder = write_muscate(tmp_path, scene, platform)
    # The folder's name must not matter.
    product = open_product(folder.rename(tmp_path / "renamed by its user"))
    sensor, name, group, size = PLATFORMS[platform]
    assert (product.reader, product.sensor, product.platform) == ("muscate", sensor, name)
    assert (product.level, product.site, product.baseline) == ("L2A", "T31TCJ", "3.0")
    assert product.time == np.datetime64("2020-07-15T10:50:31.024")
    assert product.datatake == f"{name}_20200715_51"
    assert product.sun_zenith_deg == 28.5
    assert product.sun_azimuth_deg == 144.25
    assert product.view_zenith_deg == pytest.approx(7.5)
    assert product.view_azimuth_deg == pytest.approx(104.0)
    assert product.cloud_percent == pytest.approx(100 * 10 / 120, abs=1e-3)
    assert product.notes == ()
    assert product.aot is not None
    assert product.aot.uri.endswith(f"_ATB_{group}.tif")
    assert product.aot.resolution_m == size


def test_footprint_is_the_ring_of_the_corners(tmp_path: Path, scene: Scene) -> None:
    ring = open_product(write_muscate(tmp_path, scene)).footprint
    assert len(ring) == 5
    assert ring[0] == ring[-1]
    # Upper left corner of the tile 31TCJ as its Sentinel-2 metadata state it.
    assert ring[0] == pytest.approx((0.495928592903789, 44.22596415476343), abs=1e-7)
    assert ring[1][0] > ring[0][0]
    assert ring[2][1] < ring[1][1]


def test_values_come_back(tmp_path: Path, scene: Scene) -> None:
    product = open_product(write_muscate(tmp_path, scene))
    aot, vapor = product.aot, product.water_vapor
    assert aot is not None
    assert vapor is not None
    read, truth = values(aot), scene.aot[::2, ::2]
    outside = rows_of(Flag.NODATA)[::2, ::2]
    assert np.isnan(read[outside]).all()
    # Half a step of the 0.005 code.
    assert np.abs(read - truth)[~outside].max() <= 0.0025 + 1e-6
    assert np.nanmean(values(vapor)) == pytest.approx(1.85, abs=0.025)
    assert vapor.unit == "cm"
    band = values(product.bands["B8A"])
    assert np.abs(band - scene.reflectance["B8A"][::2, ::2]).max() < 1e-4


def test_flat_reflectance_is_preferred_and_the_other_kept(tmp_path: Path, scene: Scene) -> None:
    folder = write_muscate(tmp_path, scene)
    product = open_product(folder)
    assert product.bands["B2"].uri.endswith("_FRE_B2.tif")
    assert product.bands["SRE_B2"].uri.endswith("_SRE_B2.tif")
    for path in folder.glob("*_FRE_*"):
        path.unlink()
    product = open_product(folder)
    assert product.bands["B2"].uri.endswith("_SRE_B2.tif")
    assert "SRE_B2" not in product.bands
    assert "FRE_B2.tif" in product.notes[0]


def test_reflectance_scale_and_nodata_are_read(tmp_path: Path, scene: Scene) -> None:
    folder = write_muscate(tmp_path, scene, reflectance_quantification=1462.0)
    _edit(folder, 'name="nodata">-10000<', 'name="nodata">-321<')
    band = open_product(folder).bands["B3"]
    assert band.scale == pytest.approx(1 / 1462)
    assert band.nodata == -321
    assert np.abs(values(band) - scene.reflectance["B3"]).max() < 1 / 1462


# -- trap 1: the same tag holds a divisor or a factor


@pytest.mark.parametrize(("aot", "vapor"), [(200.0, 20.0), (0.005, 0.05)])
def test_quantification_divides_or_multiplies(
    tmp_path: Path, scene: Scene, aot: float, vapor: float
) -> None:
    folder = write_muscate(
        tmp_path, scene, "LANDSAT8", aot_quantification=aot, water_vapor_quantification=vapor
    )
    product = open_product(folder)
    assert product.aot is not None
    assert product.water_vapor is not None
    assert product.aot.scale == pytest.approx(0.005)
    assert product.water_vapor.scale == pytest.approx(0.05)
    assert np.nanmax(values(product.aot)) == pytest.approx(0.895, abs=0.0026)
    assert product.notes == ()


def test_impossible_aot_range_is_warned_of(tmp_path: Path, scene: Scene) -> None:
    product = open_product(write_muscate(tmp_path, scene, aot_quantification=20.0))
    assert "AOT reach 12.75" in " ".join(product.notes)


def test_quantification_of_zero_is_refused(tmp_path: Path, scene: Scene) -> None:
    folder = write_muscate(tmp_path, scene)
    tag = "AEROSOL_OPTICAL_THICKNESS_QUANTIFICATION_VALUE"
    _edit(folder, f"<{tag}>200.0<", f"<{tag}>0<")
    with pytest.raises(ProductError, match="quantification value 0"):
        open_product(folder)


# -- trap 2: DN 0 means "no data" and "below 0.0025"; only the edge mask tells


def test_zero_inside_the_image_is_told_apart_from_its_edge(
    tmp_path: Path, changed: Callable[..., Scene]
) -> None:
    aot = np.full((120, 160), 0.3)
    aot[50:60] = 0.001
    product = open_product(write_muscate(tmp_path, changed(aot=aot), "VENUS"))
    assert product.aot is not None
    assert product.aot.nodata == 0
    found = flags(product, product.aot)
    missing = np.isnan(values(product.aot))
    zero = missing & ~found[Flag.NODATA]
    assert np.array_equal(found[Flag.NODATA], rows_of(Flag.NODATA))
    assert zero.sum() == 10 * 160
    assert zero[50:60].all()


# -- trap 3: a byte saturates at 1.275


def test_clipped_aot_is_recognized(tmp_path: Path, changed: Callable[..., Scene]) -> None:
    aot = np.full((120, 160), 0.3)
    aot[:, 100:] = 2.4
    product = open_product(write_muscate(tmp_path, changed(aot=aot, flags={})))
    assert product.aot is not None
    assert product.aot.saturation == 255
    read = values(product.aot)
    clipped = np.isclose(read, product.aot.saturation * product.aot.scale)
    assert np.nanmax(read) == pytest.approx(1.275)
    assert np.array_equal(clipped, aot[::2, ::2] > 1.275)


def test_16_bit_aot_does_not_saturate_at_255(tmp_path: Path, changed: Callable[..., Scene]) -> None:
    scene = changed(aot=np.full((120, 160), 2.4), flags={})
    product = open_product(write_muscate(tmp_path, scene, wide=True))
    assert product.aot is not None
    assert product.aot.saturation is None
    assert np.nanmean(values(product.aot)) == pytest.approx(2.4)


# -- trap 4: bits 5 and 6 of MG2 are swapped by the writer


@pytest.mark.parametrize("bit", [4, 5])
def test_both_terrain_bits_mean_terrain(tmp_path: Path, scene: Scene, bit: int) -> None:
    product = open_product(write_muscate(tmp_path, scene))
    mask = product.masks["MG2_R1"]
    assert mask.meaning[bit] is Flag.TERRAIN
    assert decode(np.array([1 << bit]), mask)[Flag.TERRAIN].all()


def test_one_listed_terrain_bit_is_enough(tmp_path: Path, scene: Scene) -> None:
    folder = write_muscate(tmp_path, scene)
    text = _document(folder).read_text()
    without = re.sub(
        r"<Mask><Mask_Properties><NATURE>Hidden_Surface.*?</Mask>\n", "", text, flags=re.S
    )
    assert without != text
    _document(folder).write_text(without)
    meaning = open_product(folder).masks["MG2_R1"].meaning
    assert meaning[4] is meaning[5] is Flag.TERRAIN


# -- trap 5: the bit order of CLM is not that of the native format


def test_cloud_bits_are_those_of_muscate() -> None:
    mask = MaskSource("CLM", "", CLOUD_BITS)
    by_reflectance = decode(np.array([0b111]), mask)
    assert by_reflectance[Flag.CLOUD].all()
    assert not by_reflectance[Flag.CLOUD_SHADOW].any()
    assert not by_reflectance[Flag.THIN_CLOUD].any()
    # The code 19 of MAJA's manual belongs to the native order; here bit 4 is the thinnest cloud.
    assert decode(np.array([19]), mask)[Flag.THIN_CLOUD].all()


def test_last_cloud_bit_depends_on_the_mission(tmp_path: Path, scene: Scene) -> None:
    s2 = open_product(write_muscate(tmp_path, scene))
    venus = open_product(write_muscate(tmp_path, scene, "VENUS"))
    assert s2.masks["CLM_R1"].meaning[7] is Flag.CIRRUS
    assert venus.masks["CLM_XS"].meaning[7] is Flag.CLOUD


@pytest.mark.parametrize("flag", [flag for flag in ROWS if flag is not Flag.SATURATED])
def test_each_flag_is_where_it_was_planted(s2_flags: dict[Flag, np.ndarray], flag: Flag) -> None:
    assert np.array_equal(s2_flags[flag], rows_of(flag)[::2, ::2])


def test_saturation_of_any_band_counts(s2_flags: dict[Flag, np.ndarray]) -> None:
    assert np.array_equal(s2_flags[Flag.SATURATED], rows_of(Flag.SATURATED)[::2, ::2])


def test_cloud_or_shadow_is_the_union(s2_flags: dict[Flag, np.ndarray]) -> None:
    union = rows_of(Flag.CLOUD) | rows_of(Flag.CLOUD_SHADOW)
    assert np.array_equal(s2_flags[Flag.CLOUD_OR_SHADOW], union[::2, ::2])


@pytest.fixture(scope="module")
def s2_flags(tmp_path_factory: pytest.TempPathFactory, scene: Scene) -> dict[Flag, np.ndarray]:
    product = open_product(write_muscate(tmp_path_factory.mktemp("s2"), scene))
    assert product.aot is not None
    return flags(product, product.aot)


# -- incomplete products


def test_product_without_atmosphere_says_so(tmp_path: Path, scene: Scene) -> None:
    folder = write_muscate(tmp_path, scene)
    for path in folder.glob("*_ATB_*"):
        path.unlink()
    product = open_product(folder)
    assert product.aot is None
    assert product.water_vapor is None
    assert "Product without AOT" in product.notes[0]
    assert "B2" in product.bands


def test_product_without_rasters_is_refused(tmp_path: Path, scene: Scene) -> None:
    folder = write_muscate(tmp_path, scene)
    for path in folder.glob("*.tif"):
        path.unlink()
    with pytest.raises(ProductError, match="none of the rasters that its metadata list is there"):
        open_product(folder)


def test_missing_scale_leaves_aot_out(tmp_path: Path, scene: Scene) -> None:
    folder = write_muscate(tmp_path, scene)
    tag = "AEROSOL_OPTICAL_THICKNESS_QUANTIFICATION_VALUE"
    _edit(folder, f"<{tag}>200.0</{tag}>", "")
    product = open_product(folder)
    assert product.aot is None
    assert product.water_vapor is not None
    assert "do not state its scale" in product.notes[0]


def test_text_for_a_number_is_a_sentence(tmp_path: Path, scene: Scene) -> None:
    folder = write_muscate(tmp_path, scene)
    _edit(
        folder, "<REFLECTANCE_QUANTIFICATION_VALUE>10000.0<", "<REFLECTANCE_QUANTIFICATION_VALUE>x<"
    )
    with pytest.raises(ProductError, match=r"MTD_ALL\.xml gives 'x' for REFLECTANCE"):
        open_product(folder)


@pytest.mark.parametrize(
    ("template", "platform", "clouds"),
    [
        ("SENTINEL2", "SENTINEL2A", 0),
        ("LANDSAT8", "LANDSAT8", 28),
        ("VENUS", "VENUS", 0),
    ],
)
def test_real_metadata_structure_is_read(
    tmp_path: Path, shared_data: Path, scene: Scene, template: str, platform: str, clouds: int
) -> None:
    """The templates that MAJA fills in, with their placeholders turned into values."""
    source = shared_data / "aot" / "maja" / f"{template}_MUSCATE_L2A_MTD_template.xml"
    folder = write_muscate(tmp_path, scene, platform)
    text = source.read_text(encoding="utf-8").replace("NOT_INITIALIZED", "")
    text = text.replace("INITIALIZED MASKS", "MASKS")
    group = {"SENTINEL2": "", "LANDSAT8": "_XS.tif", "VENUS": "_XS.tif"}[template]
    text = re.sub(r"[A-Z0-9-]+_\d{8}-\d{6}-\d{3}_L2A_\w+_C_V1-0", folder.name, text)
    text = text.replace("_ALL.tif", group or "_ALL.tif")
    if template == "SENTINEL2":
        text = re.sub(r"_(WTR|SNW|SHD|HID|STL|TGS)_R", "_MG2_R", text)
        text = re.sub(r"SENTINEL2B_20171008-105012-463_L2A_T31TCH_C_V1-0", folder.name, text)
    _document(folder).write_text(text, encoding="utf-8")
    product = open_product(folder)
    assert product.aot is not None
    assert product.water_vapor is not None
    # Divided by 200 (S2, VENuS), multiplied by 0.005 (L8): the same scale.
    assert product.aot.scale == pytest.approx(0.005)
    assert product.water_vapor.scale == pytest.approx(0.05 if template == "LANDSAT8" else 0.1)
    assert product.aot.nodata == 0
    assert product.bands["B2"].nodata == -10000
    assert product.bands["B2"].uri.endswith("_FRE_B2.tif")
    found = flags(product, product.aot)
    step = 2 if template == "SENTINEL2" else 1
    expected = {Flag.CLOUD, Flag.CLOUD_SHADOW, Flag.SNOW, Flag.TERRAIN, Flag.AOT_INTERPOLATED}
    if template == "VENUS":  # has no shortwave infrared, so no snow mask
        expected.remove(Flag.SNOW)
        assert Flag.SNOW not in found
    for flag in expected:
        assert np.array_equal(found[flag], rows_of(flag)[::step, ::step]), flag
    assert product.cloud_percent == clouds


# -- L3A


def test_synthesis_has_bands_and_status_but_no_aot(tmp_path: Path, scene: Scene) -> None:
    product = open_product(write_l3a(tmp_path, scene))
    assert (product.reader, product.level, product.platform) == ("l3a", "L3A", "SENTINEL2X")
    assert product.aot is None
    assert "neither AOT nor water vapor" in product.notes[0]
    band = product.bands["B2"]
    assert band.uri.endswith("_FRC_B2.tif")
    assert np.abs(values(band) - scene.reflectance["B2"]).max() < 1e-4
    found = flags(product, band)
    for flag in (Flag.NODATA, Flag.CLOUD, Flag.SNOW, Flag.WATER):
        assert np.array_equal(found[flag], rows_of(flag)), flag
    assert set(found) == {Flag.NODATA, Flag.CLOUD, Flag.SNOW, Flag.WATER}


def test_unknown_level_is_refused(tmp_path: Path, scene: Scene) -> None:
    folder = write_muscate(tmp_path, scene)
    _edit(folder, "<PRODUCT_LEVEL>L2A<", "<PRODUCT_LEVEL>L1C<")
    with pytest.raises(ProductError, match="kind or level that cannot be read"):
        open_product(folder)


def _document(folder: Path) -> Path:
    return next(folder.glob("*_MTD_ALL.xml"))


def _edit(folder: Path, old: str, new: str) -> None:
    text = _document(folder).read_text(encoding="utf-8")
    assert old in text
    _document(folder).write_text(text.replace(old, new), encoding="utf-8")
