# SPDX-License-Identifier: GPL-3.0-or-later
"""THEIA N2A: SPOT Take5 and Landsat, with and without metadata, and real Landsat-8 folders."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.io.products import ReaderOptions, find_products, open_product
from calval_toolbox.core.io.products.masks import MaskSource, decode
from calval_toolbox.core.io.products.n2a import MASKS
from calval_toolbox.core.io.products.reader import NO_TIME_OF_DAY, utc
from calval_toolbox.core.io.products.synthetic import Scene, write_n2a
from calval_toolbox.core.types import Flag

from .conftest import rows_of
from .helpers import flags, values


@pytest.mark.parametrize(
    ("platform", "sensor", "campaign"),
    [("SPOT4", "HRVIR1", "SPOT4-Take5"), ("SPOT5", "HRG2", "SPOT5-Take5")],
)
def test_take5_product(
    tmp_path: Path, scene: Scene, platform: str, sensor: str, campaign: str
) -> None:
    product = open_product(write_n2a(tmp_path, scene, platform))
    assert (product.reader, product.platform, product.sensor) == ("n2a", platform, sensor)
    assert (product.campaign, product.site, product.level) == (campaign, "T31TCJ", "L2A")
    assert product.time == np.datetime64("2020-07-15T10:50:31")
    assert (product.sun_zenith_deg, product.view_azimuth_deg) == (28.5, 104.0)
    assert list(product.bands)[:4] == ["XS1", "XS2", "XS3", "SWIR"]
    assert product.bands["XS1"].uri.endswith("_ORTHO_SURF_CORR_PENTE_T31TCJ.TIF")
    assert product.bands["ENV_XS1"].uri.endswith("_ORTHO_SURF_CORR_ENV_T31TCJ.TIF")
    assert product.footprint[0] == pytest.approx((0.495928592903789, 44.22596415476343), abs=1e-7)
    swir = values(product.bands["SWIR"])
    inside = ~rows_of(Flag.NODATA)
    assert np.isnan(swir[~inside]).all()
    assert np.abs(swir - scene.reflectance["SWIR"])[inside].max() < 1e-3


@pytest.mark.parametrize("in_xml", [True, False])
def test_aot_is_found_listed_or_only_lying_there(
    tmp_path: Path, scene: Scene, in_xml: bool
) -> None:
    """Trap 6: reprocessed products leave ORTHO_SURF_AOT empty though the file is there."""
    folder = write_n2a(tmp_path, scene, aot_in_xml=in_xml)
    assert ("N2A_AOT_" in next(folder.glob("*.xml")).read_text()) == in_xml
    product = open_product(folder)
    assert product.aot is not None
    inside = ~rows_of(Flag.NODATA)
    read = values(product.aot)
    assert np.abs(read - scene.aot)[inside].max() < 6e-4
    assert np.isnan(read[~inside]).all()


def test_product_without_aot_says_so(tmp_path: Path, scene: Scene) -> None:
    product = open_product(write_n2a(tmp_path, scene, aot_file=False))
    assert product.aot is None
    assert "Product without AOT" in product.notes[0]


def test_assumed_scale_is_noted_and_can_be_given(tmp_path: Path, scene: Scene) -> None:
    folder = write_n2a(tmp_path, scene, aot_factor=100.0)
    assumed = open_product(folder)
    assert "scale 0.001 is assumed" in assumed.notes[0]
    given = open_product(folder, ReaderOptions(n2a_aot_scale=0.01))
    assert given.aot is not None
    assert np.nanmax(values(given.aot)) == pytest.approx(0.895, abs=0.006)


@pytest.mark.parametrize("scale", [0.1, 1e-5])
def test_impossible_aot_is_warned_of(tmp_path: Path, scene: Scene, scale: float) -> None:
    product = open_product(write_n2a(tmp_path, scene), ReaderOptions(n2a_aot_scale=scale))
    assert "hardly possible" in " ".join(product.notes)


def test_flags_are_where_they_were_planted(tmp_path: Path, scene: Scene) -> None:
    product = open_product(write_n2a(tmp_path, scene))
    found = flags(product, product.bands["XS1"])
    for flag in (
        Flag.NODATA, Flag.CLOUD, Flag.THIN_CLOUD, Flag.CIRRUS, Flag.CLOUD_SHADOW, Flag.WATER,
        Flag.SNOW, Flag.LOW_SUN, Flag.TANGENT_SUN, Flag.SATURATED,
    ):  # fmt: skip
        assert np.array_equal(found[flag], rows_of(flag)), flag


@pytest.mark.parametrize(
    ("bit", "flag"),
    [
        (0, Flag.CLOUD_OR_SHADOW), (1, Flag.CLOUD), (2, Flag.CLOUD), (3, Flag.CLOUD),
        (4, Flag.THIN_CLOUD), (5, Flag.CIRRUS), (6, Flag.CLOUD_SHADOW), (7, Flag.CLOUD_SHADOW),
    ],
)  # fmt: skip
def test_cloud_bits_of_the_product_page(bit: int, flag: Flag) -> None:
    decoded = decode(np.array([1 << bit]), MaskSource("NUA", "", MASKS["NUA"]))
    assert [found for found, where in decoded.items() if where.any()] == [flag]


def test_landsat_without_metadata_knows_the_day_only(tmp_path: Path, scene: Scene) -> None:
    product = open_product(write_n2a(tmp_path, scene, "LANDSAT8", metadata=False))
    assert product.time == np.datetime64("2020-07-15T00:00:00")
    assert NO_TIME_OF_DAY in product.notes
    assert product.sensor == "OLI"
    assert list(product.bands)[:7] == [f"B{n}" for n in range(1, 8)]


def test_real_landsat8_folders(shared_data: Path) -> None:
    folder = shared_data / "classification" / "iota2_testdata" / "L8_50x50"
    products, unreadable = find_products([folder])
    assert unreadable == []
    assert all(NO_TIME_OF_DAY in product.notes for product in products)
    assert [(p.site[-10:], str(p.time)[:10]) for p in products] == [
        ("D0005H0002", "2016-03-30"), ("D0005H0003", "2016-03-30"),
        ("D0005H0002", "2016-04-15"), ("D0005H0003", "2016-04-15"),
    ]  # fmt: skip
    first = products[0]
    assert (first.platform, first.sensor, first.reader) == ("LANDSAT8", "OLI", "n2a")
    # Corners of the raster in Lambert-93, as gdalinfo gives them (43 28' 0.43", 1 23' 57.41").
    assert first.footprint[0] == pytest.approx((1.399281, 43.466786), abs=2e-5)
    # Statistics of the real file: mean DN of band 5 is 322.8296.
    near_infrared = values(first.bands["B5"])
    assert np.nanmean(near_infrared) == pytest.approx(0.3228296, abs=1e-6)
    assert np.isfinite(near_infrared).all()
    found = flags(first, first.bands["B5"])
    assert not any(where.any() for where in found.values())


def test_real_masks_stored_as_real_numbers_are_read(shared_data: Path) -> None:
    folder = shared_data / "classification" / "iota2_testdata" / "L8_50x50" / "D0005H0003"
    products, _ = find_products([folder])
    found = flags(products[0], products[0].bands["B1"])
    assert not any(where.any() for where in found.values())


@pytest.mark.parametrize(
    ("text", "time", "known"),
    [
        ("2014-02-01 08:30:12.5", "2014-02-01T08:30:12.500", True),
        ("UTC=2014-02-01T08:30:12", "2014-02-01T08:30:12.000", True),
        ("2014-02-01T08:30Z", "2014-02-01T08:30:00.000", True),
        ("2014-02-01", "2014-02-01T00:00:00.000", False),
        ("2014-02-01T?", "2014-02-01T00:00:00.000", False),
    ],
)
def test_a_day_is_no_time_of_day(text: str, time: str, known: bool) -> None:
    notes: list[str] = []
    assert utc(text, "here", notes) == np.datetime64(time)
    assert notes == ([] if known else [NO_TIME_OF_DAY])
