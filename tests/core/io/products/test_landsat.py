# SPDX-License-Identifier: GPL-3.0-or-later
"""Landsat: Collection 2 Level 2 (made up) and real Level-1 metadata."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from calval_toolbox.core.errors import ProductError
from calval_toolbox.core.io.products import open_product
from calval_toolbox.core.io.products.synthetic import Scene, write_landsat
from calval_toolbox.core.types import Flag

from .conftest import SHAPE, rows_of
from .helpers import flags, tarred, values


@pytest.fixture
def landsat_scene(changed: Callable[..., Scene], scene: Scene) -> Scene:
    levels = np.arange(SHAPE[1]) // 40
    named = (Flag.AEROSOL_CLIMATOLOGY, Flag.AEROSOL_LOW, Flag.AEROSOL_MEDIUM, Flag.AEROSOL_HIGH)
    planted = {flag: np.broadcast_to(levels == n, SHAPE) for n, flag in enumerate(named)}
    return changed(site="198030", pixel_m=30.0, flags={**scene.flags, **planted})


def test_product(tmp_path: Path, landsat_scene: Scene) -> None:
    product = open_product(write_landsat(tmp_path, landsat_scene, 9))
    assert (product.reader, product.platform, product.sensor) == ("landsat", "LANDSAT9", "OLI")
    assert (product.level, product.site) == ("L2SP", "198030")
    assert product.time == np.datetime64("2020-07-15T10:50:31.000")
    assert product.sun_zenith_deg == pytest.approx(28.5)
    assert product.aot is None
    assert "no AOT" in product.notes[0]
    blue = product.bands["B2"]
    # Level-2 scales, not those of Level 1 that stand under the same keys.
    assert (blue.scale, blue.offset, blue.nodata) == (2.75e-5, -0.2, 0.0)
    read = values(blue)
    outside = rows_of(Flag.NODATA)
    assert np.isnan(read[outside]).all()
    assert np.abs(read - landsat_scene.reflectance["B2"])[~outside].max() < 2e-5


def test_quality_bits(tmp_path: Path, landsat_scene: Scene) -> None:
    product = open_product(write_landsat(tmp_path, landsat_scene))
    found = flags(product, product.bands["B2"])
    for flag in (
        Flag.NODATA, Flag.CLOUD, Flag.CIRRUS, Flag.CLOUD_SHADOW, Flag.SNOW, Flag.WATER,
        Flag.SATURATED, Flag.AOT_INTERPOLATED,
    ):  # fmt: skip
        assert np.array_equal(found[flag], rows_of(flag)), flag


def test_collection_1_quality_assessment(tmp_path: Path, landsat_scene: Scene) -> None:
    folder = write_landsat(tmp_path, landsat_scene)
    quality = folder / f"{folder.name}_QA_PIXEL.TIF"
    codes = {  # low, medium and high confidence of shadow, snow and cirrus; cloud; saturation; fill
        0b1: Flag.NODATA, 0b1000: Flag.SATURATED, 0b10000: Flag.CLOUD, 1 << 7: None,
        0b11 << 7: Flag.CLOUD_SHADOW, 0b10 << 9: Flag.SNOW, 0b11 << 11: Flag.CIRRUS, 1 << 11: None,
    }  # fmt: skip
    rows = np.zeros(SHAPE, dtype=np.uint16)
    rows[: len(codes)] = np.array(list(codes), dtype=np.uint16)[:, None]
    dataset = gdal.Open(str(quality), gdal.GA_Update)
    dataset.GetRasterBand(1).WriteArray(rows)
    dataset = None
    metadata = folder / f"{folder.name}_MTL.txt"
    text = metadata.read_text().replace("FILE_NAME_QUALITY_L1_PIXEL", "FILE_NAME_BAND_QUALITY")
    metadata.write_text(text)
    (folder / f"{folder.name}_QA_RADSAT.TIF").unlink()
    product = open_product(folder)
    found = flags(product, product.bands["B2"])
    for flag in filter(None, codes.values()):
        if flag is not Flag.NODATA:
            assert np.flatnonzero(found[flag][:, 0]).tolist() == codes_place(codes, flag), flag


def codes_place(codes: dict[int, Flag | None], flag: Flag | None) -> list[int]:
    return [row for row, one in enumerate(codes.values()) if one is flag]


def test_quality_rasters_that_are_not_there_are_named(tmp_path: Path, landsat_scene: Scene) -> None:
    folder = write_landsat(tmp_path, landsat_scene)
    for path in folder.glob("*QA*.TIF"):
        path.unlink()
    product = open_product(folder)
    named = next(note for note in product.notes if "not there" in note)
    assert named.count("QA_PIXEL.TIF") == named.count("QA_AEROSOL.TIF") == 1
    assert any("nothing can be masked" in note for note in product.notes)
    assert not product.masks


def test_aerosol_levels(tmp_path: Path, landsat_scene: Scene) -> None:
    product = open_product(write_landsat(tmp_path, landsat_scene))
    found = flags(product, product.bands["B2"])
    filled = rows_of(Flag.NODATA)
    for flag in (
        Flag.AEROSOL_CLIMATOLOGY, Flag.AEROSOL_LOW, Flag.AEROSOL_MEDIUM, Flag.AEROSOL_HIGH,
    ):  # fmt: skip
        assert np.array_equal(found[flag], landsat_scene.flags[flag] & ~filled), flag


def test_dilated_clouds_are_clouds(tmp_path: Path, landsat_scene: Scene) -> None:
    product = open_product(write_landsat(tmp_path, landsat_scene))
    assert product.masks["QA_PIXEL"].meaning[1] is Flag.CLOUD


def test_tar_as_it_is_distributed(tmp_path: Path, landsat_scene: Scene) -> None:
    folder = write_landsat(tmp_path / "folder", landsat_scene)
    product = open_product(tarred(folder, tmp_path / f"{folder.name}.tar", flat=True))
    assert np.array_equal(
        values(product.bands["B4"]), values(open_product(folder).bands["B4"]), equal_nan=True
    )


def test_incomplete_metadata_are_refused(tmp_path: Path, landsat_scene: Scene) -> None:
    folder = write_landsat(tmp_path, landsat_scene)
    mtl = next(folder.glob("*_MTL.txt"))
    mtl.write_text(mtl.read_text()[:900])
    with pytest.raises(ProductError, match=r"MTL\.txt is not complete"):
        open_product(folder)


def test_real_level1(shared_data: Path) -> None:
    product = open_product(next((shared_data / "calibration" / "landsat8").iterdir()))
    assert (product.level, product.platform, product.site) == ("L1TP", "LANDSAT8", "174039")
    assert product.time == np.datetime64("2018-05-15T08:10:30.922")
    assert product.cloud_percent == 0.04
    assert product.sun_zenith_deg == pytest.approx(90 - 67.45934698)
    assert product.footprint[0] == (33.83377, 31.35729)
    assert sorted(product.bands) == ["B2", "B3", "B4", "B5"]
    # Reflectance = (2e-5 DN - 0.1) / sin(sun elevation).
    lighting = np.sin(np.radians(67.45934698))
    assert product.bands["B2"].scale == pytest.approx(2e-5 / lighting)
    assert product.bands["B2"].offset == pytest.approx(-0.1 / lighting)
    assert "B1.TIF" in product.notes[0]
    assert 0.05 < np.nanmedian(values(product.bands["B2"])) < 0.4
