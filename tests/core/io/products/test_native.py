# SPDX-License-Identifier: GPL-3.0-or-later
"""MAJA's native format: Earth-Explorer headers, factors instead of divisors, other cloud bits."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.io.products import find_products, open_product
from calval_toolbox.core.io.products.earth_explorer import CLOUD_BITS
from calval_toolbox.core.io.products.masks import MaskSource, decode
from calval_toolbox.core.io.products.synthetic import Scene, write_native
from calval_toolbox.core.types import Flag

from .conftest import rows_of
from .helpers import flags, values


@pytest.mark.parametrize(
    ("satellite", "platform", "sensor", "size"),
    [("S2A", "SENTINEL2A", "MSI", 20.0), ("VE", "VENUS", "VSSC", 10.0)],
)
def test_product(
    tmp_path: Path, scene: Scene, satellite: str, platform: str, sensor: str, size: float
) -> None:
    product = open_product(write_native(tmp_path, scene, satellite))
    assert (product.reader, product.platform, product.sensor) == (
        "earth_explorer", platform, sensor,
    )  # fmt: skip
    assert product.site == "31TCJ"
    assert product.time == np.datetime64("2020-07-15T10:50:31.024")
    assert (product.sun_zenith_deg, product.view_zenith_deg) == pytest.approx((28.5, 7.5))
    assert product.aot is not None
    assert product.water_vapor is not None
    # Trap 1: 0.005 multiplies.
    assert product.aot.scale == 0.005
    assert product.water_vapor.scale == 0.05
    assert (product.aot.band, product.water_vapor.band) == (2, 1)
    assert product.aot.resolution_m == size
    assert product.aot.saturation == 255
    step = round(size / 10)
    inside = ~rows_of(Flag.NODATA)[::step, ::step]
    read = values(product.aot)
    assert np.abs(read - scene.aot[::step, ::step])[inside].max() <= 0.0025 + 1e-6
    assert np.nanmean(values(product.water_vapor)) == pytest.approx(1.85, abs=0.025)
    band = values(product.bands["B3"])
    assert np.abs(band - scene.reflectance["B3"])[~rows_of(Flag.NODATA)].max() < 1e-4


def test_bands_follow_the_lists_of_the_header(tmp_path: Path, scene: Scene) -> None:
    product = open_product(write_native(tmp_path, scene))
    assert (product.bands["B8"].band, product.bands["B8"].resolution_m) == (4, 10.0)
    assert (product.bands["B8A"].band, product.bands["B8A"].resolution_m) == (4, 20.0)
    assert product.bands["SRE_B2"].uri.endswith("_SRE_R1.DBL.TIF")
    red_edge = values(product.bands["B8A"])
    inside = ~rows_of(Flag.NODATA)[::2, ::2]
    assert np.abs(red_edge - scene.reflectance["B8A"][::2, ::2])[inside].max() < 1e-4


def test_cloud_bits_are_those_of_the_native_format() -> None:
    """Trap 5: 19 = 10011b of MAJA's manual is a cloud found by its reflectance."""
    mask = MaskSource("CLD", "", CLOUD_BITS)
    manual = decode(np.array([19]), mask)
    assert manual[Flag.CLOUD].all()
    assert manual[Flag.CLOUD_OR_SHADOW].all()
    assert not manual[Flag.CLOUD_SHADOW].any()
    assert not manual[Flag.THIN_CLOUD].any()
    # 7, which is that cloud in MUSCATE products, would be a shadow here.
    assert decode(np.array([7]), mask)[Flag.CLOUD_SHADOW].all()


def test_flags_are_where_they_were_planted(tmp_path: Path, scene: Scene) -> None:
    product = open_product(write_native(tmp_path, scene))
    assert product.aot is not None
    found = flags(product, product.aot)
    for flag in (
        Flag.NODATA, Flag.CLOUD, Flag.CLOUD_SHADOW, Flag.THIN_CLOUD, Flag.CIRRUS, Flag.SNOW,
        Flag.WATER, Flag.TERRAIN, Flag.LOW_SUN, Flag.TANGENT_SUN, Flag.SATURATED,
    ):  # fmt: skip
        assert np.array_equal(found[flag], rows_of(flag)[::2, ::2]), flag


def test_products_of_one_folder_are_told_apart(tmp_path: Path, scene: Scene) -> None:
    for satellite in ("S2A", "VE"):
        write_native(tmp_path, scene, satellite)
    products, unreadable = find_products([tmp_path])
    assert unreadable == []
    assert sorted(product.platform for product in products) == ["SENTINEL2A", "VENUS"]
    for product in products:
        satellite = {"SENTINEL2A": "/S2A_", "VENUS": "/VE_"}[product.platform]
        assert all(satellite in band.uri for band in product.bands.values())
        assert open_product(product.path).platform == product.platform


def test_atmosphere_alone_is_enough(tmp_path: Path, scene: Scene) -> None:
    """Only the ATB header and raster, as they are passed around for AOT validation."""
    header = write_native(tmp_path / "full", scene, "VE")
    data = header.with_suffix(".DBL.DIR")
    alone = tmp_path / "alone"
    alone.mkdir()
    for path in data.glob("*_ATB*"):
        shutil.copy(path, alone)
    product = open_product(alone)
    assert product.aot is not None
    assert product.bands == {}
    assert product.time == np.datetime64("2020-07-15T10:50:31.024")


def test_real_header_template_is_read(tmp_path: Path, shared_data: Path, scene: Scene) -> None:
    header = write_native(tmp_path, scene, "VE")
    template = (shared_data / "aot" / "maja" / "VENUS_PDTANX_ATB_template.HDR").read_text()
    own = next(header.with_suffix(".DBL.DIR").glob("*_ATB.HDR"))
    own.write_text(template.replace("NOT_INITIALIZED ", ""))
    product = open_product(header)
    assert product.aot is not None
    assert product.water_vapor is not None
    assert (product.aot.scale, product.aot.nodata, product.aot.band) == (0.005, 0.0, 2)
    assert (product.water_vapor.scale, product.water_vapor.band) == (0.05, 1)


def test_header_that_is_missing_leaves_aot_out(tmp_path: Path, scene: Scene) -> None:
    header = write_native(tmp_path, scene)
    for path in header.with_suffix(".DBL.DIR").glob("*_ATB_R2.HDR"):
        path.unlink()
    product = open_product(header)
    assert product.aot is None
    assert "header of its ATB raster" in product.notes[0]


def test_the_gap_filled_share_is_said_to_be_unknown(tmp_path: Path, scene: Scene) -> None:
    product = open_product(write_native(tmp_path, scene))
    assert any("gap-filled share is empty" in note for note in product.notes)
    assert Flag.AOT_INTERPOLATED not in {
        flag for mask in product.masks.values() for flag in mask.meaning.values()
    }
