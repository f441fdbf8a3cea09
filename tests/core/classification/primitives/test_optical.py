# SPDX-License-Identifier: GPL-3.0-or-later
"""Optical features: against plain numpy on real products, and the traps of bands."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from calval_toolbox.core.errors import InputError
from calval_toolbox.core.io.dated_rasters import StackOptions
from calval_toolbox.core.io.products.synthetic import (
    SafeStyle,
    write_muscate,
    write_n2a,
    write_safe,
)
from calval_toolbox.core.series.extract_files import Source
from calval_toolbox.core.series.regular_files import RegularGrid
from calval_toolbox.core.types import Flag

from .made import compute, left, scene

# -- real products


def test_ndvi_of_real_landsat_is_that_of_numpy(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "classification" / "iota2_testdata" / "L8_50x50" / "D0005H0002"
    made = compute(tmp_path, optical=Source(products=(str(folder),)), grid=RegularGrid(step_days=8))
    values, usable = [], []
    for day in ("20160330", "20160415"):
        (product,) = folder.glob(f"*{day}*")
        dn = gdal.Open(str(next(product.glob("*PENTE*.TIF")))).ReadAsArray().astype(np.float64)
        masks = {code: gdal.Open(str(next(product.glob(f"MASK/*_{code}.TIF")))).ReadAsArray()
                 for code in ("DIV", "NUA", "SAT")}  # fmt: skip
        values.append(dn / 1000.0)
        usable.append((masks["DIV"] & 1 == 0) & (masks["NUA"] == 0) & (masks["SAT"] == 0))
    first, last = usable
    assert made.clear.tolist() == (first.astype(int) + last).tolist()
    red, nir = ([one[place] for one in values] for place in (3, 4))  # B4 and B5 of OLI
    for share, day in ((0.0, "20160330"), (0.5, "20160407"), (1.0, "20160415")):
        bands = [
            np.where(first & last, (1 - share) * one[0] + share * one[1],
                     np.where(first, one[0], np.where(last, one[1], np.nan)))
            for one in (red, nir)
        ]  # fmt: skip
        expected = (bands[1] - bands[0]) / (bands[1] + bands[0])
        np.testing.assert_allclose(made[f"NDVI_{day}"], expected, atol=2e-6)
        np.testing.assert_allclose(made[f"B4_{day}"], bands[0], atol=1e-6)
    assert made.report.never_share == pytest.approx(1.0 - (first | last).mean())


def test_dated_ndvi_of_sinop_is_that_of_interp(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "classification" / "sits_sinop_mod13q1"
    files = tuple(sorted(str(path) for path in folder.glob("*.jp2")))
    options = StackOptions(scale=0.0001, nodata=-3000)
    made = compute(
        tmp_path, optical=Source(stack=files, options=options), grid=RegularGrid(step_days=16)
    )
    assert {name.rpartition("_")[0] for name in made.report.names} == {"NDVI"}
    raw = np.array([gdal.Open(path).ReadAsArray() for path in files]) * 0.0001
    days = np.array([np.datetime64(Path(path).stem[-10:]) for path in files])
    days = (days - days[0]).astype(int)
    pixels = np.random.default_rng(1).integers(0, raw[0].size, 200)
    for at, name in enumerate(made.report.names):
        expected = [np.interp(16.0 * at, days, raw.reshape(len(raw), -1)[:, one]) for one in pixels]
        np.testing.assert_allclose(made[name].ravel()[pixels], expected, atol=1e-4)


# -- the traps of bands


@pytest.mark.parametrize(
    ("platform", "red", "nir"), [("LANDSAT5", "B3", "B4"), ("LANDSAT8", "B4", "B5")]
)
def test_bands_of_indices_are_found_by_wavelength(
    platform: str, red: str, nir: str, tmp_path: Path
) -> None:
    levels = {f"B{number}": 0.02 * number for number in range(1, 8)} | {red: 0.1, nir: 0.3}
    folder = tmp_path / "products"
    for day in ("2010-07-01", "2010-07-11"):
        write_n2a(folder, scene(day, levels=levels), platform)
    made = compute(tmp_path / "out", optical=Source(products=(str(folder),)), indices="NDVI,NDWI")
    np.testing.assert_allclose(made["NDVI_20100701"], 0.5, atol=1e-6)
    green = {"LANDSAT5": levels["B2"], "LANDSAT8": levels["B3"]}[platform]
    expected = (green - 0.3) / (green + 0.3)
    np.testing.assert_allclose(made["NDWI_MCFEETERS_20100711"], expected, atol=1e-6)
    assert not any("ENV" in name for name in made.report.names)


def test_sensors_whose_numbers_differ_are_refused_or_joined_by_color(tmp_path: Path) -> None:
    folder = tmp_path / "products"
    write_n2a(folder, scene("2013-07-01", levels={"B3": 0.1, "B4": 0.3}), "LANDSAT5")
    write_n2a(folder, scene("2013-07-11", levels={"B4": 0.2, "B5": 0.5}), "LANDSAT8")
    source = Source(products=(str(folder),))
    with pytest.raises(InputError, match="Band B4 lies at 654 nm on 2013-07-11.*830 nm"):
        compute(tmp_path / "out", optical=source, bands=("B4",))
    made = compute(tmp_path / "out", optical=source, bands=("RED", "NIR"), indices="NDVI",
                   grid=RegularGrid(step_days=5))  # fmt: skip
    for name, value in (("RED_20130701", 0.1), ("RED_20130706", 0.15), ("NIR_20130711", 0.5),
                        ("NDVI_20130701", 0.5), ("NDVI_20130711", 3.0 / 7.0)):  # fmt: skip
        np.testing.assert_allclose(made[name], value, atol=1e-5)


def test_maja_and_sen2cor_in_one_stack(tmp_path: Path) -> None:
    folder = tmp_path / "products"
    levels = {"B2": 0.05, "B4": 0.1, "B8": 0.3, "B11": 0.2}
    write_muscate(folder, scene("2022-07-01", levels=levels))
    clouds = {Flag.CLOUD: left(20)}
    offset = scene("2022-07-11", levels=levels | {"B8": 0.5}, flags=clouds)
    write_safe(folder, offset, SafeStyle(baseline="04.00", offset=-1000))
    before = SafeStyle(baseline="03.01", offset=0)
    write_safe(folder, scene("2022-07-21", levels=levels, flags={Flag.CLOUD: left(40)}), before)
    made = compute(tmp_path / "out", optical=Source(products=(str(folder),)), indices="NDVI")
    bands = {name.rpartition("_")[0] for name in made.report.names}
    assert bands == {"B2", "B4", "B8", "B11", "NDVI"}
    for day in ("20220701", "20220711", "20220721"):  # the offset is taken off
        np.testing.assert_allclose(made[f"B4_{day}"], 0.1, atol=1e-4)
    nir = made["B8_20220711"]
    np.testing.assert_allclose(nir[:, 20:], 0.5, atol=1e-4)
    np.testing.assert_allclose(nir[:, :20], 0.3, atol=1e-4)  # clouded: held from the first date
    assert made.clear[0, [0, 30, 50]].tolist() == [1, 2, 3]
    assert made.days[:, 0, 30].tolist() == [0, 0, 10]


def test_two_images_of_one_day(tmp_path: Path) -> None:
    """As of two orbits: the last clear one counts, and the day once."""
    folder = tmp_path / "products"
    for hour, level, columns in (("10", 0.1, 0), ("11", 0.2, 20)):
        time = np.datetime64(f"2020-07-01T{hour}:00:00.000", "ms")
        flags = {Flag.CLOUD: left(columns)}
        write_muscate(folder, scene("2020-07-01", time=time, levels={"B4": level}, flags=flags),
                      kinds=("FRE",))  # fmt: skip
    made = compute(tmp_path / "out", optical=Source(products=(str(folder),)))
    np.testing.assert_allclose(made["B4_20200701"][:, :20], 0.1, atol=1e-6)
    np.testing.assert_allclose(made["B4_20200701"][:, 20:], 0.2, atol=1e-6)
    assert (made.clear == 1).all()


def test_saturated_pixels_and_thin_clouds_are_gaps_and_water_is_none(tmp_path: Path) -> None:
    folder = tmp_path / "products"
    flags = {Flag.SATURATED: left(10), Flag.THIN_CLOUD: left(20) & ~left(10),
             Flag.WATER: left(30) & ~left(20), Flag.SNOW: left(40) & ~left(30)}  # fmt: skip
    write_n2a(folder, scene("2013-07-01", levels={"B3": 0.1}, flags=flags), "LANDSAT7")
    write_n2a(folder, scene("2013-07-11", levels={"B3": 0.2}), "LANDSAT7")
    made = compute(tmp_path / "out", optical=Source(products=(str(folder),)), bands=("B3",))
    assert (made.clear[:, :20] == 1).all()
    assert (made.clear[:, 20:] == 2).all()
    np.testing.assert_allclose(made["B3_20130701"], np.where(left(20), 0.2, 0.1), atol=1e-6)


def test_products_of_two_tiles_are_told_apart(tmp_path: Path) -> None:
    folder = tmp_path / "products"
    write_muscate(folder, scene("2020-07-01"))
    write_muscate(folder, scene("2020-07-01", site="T31TDJ", left=468000.0))
    with pytest.raises(InputError, match=r"of 2 tiles \(T31TCJ, T31TDJ\).*those of one tile"):
        compute(tmp_path / "out", optical=Source(products=(str(folder),)))
