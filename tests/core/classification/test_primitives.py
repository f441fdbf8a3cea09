# SPDX-License-Identifier: GPL-3.0-or-later
"""Stacks of features: against plain numpy on real products, and on made-up ones whose every pixel
is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from calval_toolbox.core.classification.primitive_files import (
    PrimitiveReport,
    PrimitiveRequest,
    compute_primitives,
)
from calval_toolbox.core.classification.primitive_rasters import PrimitiveTargets
from calval_toolbox.core.errors import InputError, InsufficientDataError
from calval_toolbox.core.execution import stacks
from calval_toolbox.core.execution.settings import ExecutionSettings
from calval_toolbox.core.io.dated_rasters import StackOptions
from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.products.synthetic import (
    SafeStyle,
    Scene,
    write_muscate,
    write_n2a,
    write_safe,
)
from calval_toolbox.core.io.raster_writer import write_raster
from calval_toolbox.core.series.extract_files import Source
from calval_toolbox.core.series.regular_files import RegularGrid
from calval_toolbox.core.types import Flag

SHAPE = (60, 60)
GRID = grid_from_epsg(32631, (368000.0, 10.0, 0.0, 4826500.0, 0.0, -10.0), SHAPE[1], SHAPE[0])
NODATA = -9999.0


class Made:
    """What a run wrote, by name of the layers."""

    def __init__(self, folder: Path, report: PrimitiveReport) -> None:
        self.report = report
        data = gdal.Open(str(folder / "out.tif"))
        names = [data.GetRasterBand(at + 1).GetDescription() for at in range(data.RasterCount)]
        assert names == list(report.names)
        assert data.GetRasterBand(1).GetNoDataValue() == NODATA
        values = data.ReadAsArray()
        values = np.where(values == NODATA, np.nan, values)
        self.layers = dict(zip(names, values, strict=True))
        self.days = gdal.Open(str(folder / "days.tif")).ReadAsArray()
        self.clear = gdal.Open(str(folder / "clear.tif")).ReadAsArray()

    def __getitem__(self, name: str) -> np.ndarray:
        return self.layers[name]


def compute(folder: Path, execution: ExecutionSettings | None = None, hook: Any = None,
            **request: Any) -> Made:  # fmt: skip
    folder.mkdir(exist_ok=True)
    targets = PrimitiveTargets(*(folder / name for name in ("out.tif", "days.tif", "clear.tif")))
    report = compute_primitives(
        PrimitiveRequest(**request), targets, folder / "tiles", execution, hook=hook
    )
    assert report.run is not None
    report.run.discard()
    return Made(folder, report)


def scene(day: str, **fields: Any) -> Scene:
    """Flat reflectances of a day."""
    levels: Mapping[str, float] = fields.pop("levels", {"B4": 0.1, "B8": 0.3})
    given: dict[str, Any] = {
        "site": "T31TCJ", "time": np.datetime64(f"{day}T10:50:31.024", "ms"), "epsg": 32631,
        "left": 368000.0, "top": 4826500.0, "pixel_m": 10.0, "aot": np.full(SHAPE, 0.2),
        "reflectance": {band: np.full(SHAPE, level) for band, level in levels.items()},
    }  # fmt: skip
    return Scene(**{**given, **fields})


def left(columns: int) -> np.ndarray:
    """The first columns."""
    return np.broadcast_to(np.arange(SHAPE[1]) < columns, SHAPE).copy()


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


# -- radar, exogenous rasters, features of the user


def write_radar(folder: Path, name: str, values: np.ndarray, grid: Any = GRID) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    write_raster(path, [values.astype(np.float32)], grid)
    return path


@pytest.fixture
def radar(tmp_path: Path) -> Path:
    """Two descending dates and one ascending, the border of one without data."""
    folder = tmp_path / "radar"
    for day, level in ((8, 0.1), (20, 0.2)):
        values = np.full(SHAPE, level)
        values[:, :10] = 0.0 if day == 8 else level
        name = f"s1a_31TCJ_{{}}_DES_008_202001{day:02d}t055554.tif"
        write_radar(folder, name.format("vv"), values)
        write_radar(folder, name.format("vh"), values / 5.0)
        write_radar(folder, name.format("vv").replace(".tif", "_BorderMask.tif"), values > 0)
    write_radar(folder, "S1B_ASC_20200114_VV.tif", np.full(SHAPE, 0.4))
    return folder


def test_directions_of_orbits_stay_apart(radar: Path, tmp_path: Path) -> None:
    made = compute(
        tmp_path / "out", radar=(str(radar),), ratio=True, radar_unit="linear_to_db",
        dates="2020-01-14, 2020-01-20",
    )  # fmt: skip
    assert made.report.names == tuple(
        f"{name}_202001{day}" for name in ("VV_ASC", "VV_DES", "VH_DES", "VHVV_DES")
        for day in (14, 20)
    )  # fmt: skip
    filled = 0.15  # half way between two dates
    np.testing.assert_allclose(made["VV_DES_20200114"][:, 10:], 10 * np.log10(filled), rtol=1e-5)
    np.testing.assert_allclose(made["VV_DES_20200114"][:, :10], 10 * np.log10(0.2), rtol=1e-5)
    np.testing.assert_allclose(made["VV_ASC_20200120"], 10 * np.log10(0.4), rtol=1e-5)
    np.testing.assert_allclose(made["VHVV_DES_20200120"], 10 * np.log10(0.2), rtol=1e-5)
    assert made.clear[0, [0, 30]].tolist() == [2, 3]


@pytest.mark.parametrize(
    ("name", "value", "unit", "said"),
    [
        ("s1a_vv_008_20200108.tif", 0.1, "linear", "neither ASC nor DES"),
        ("s1a_DES_20200108.tif", 0.1, "linear", "no single polarization"),
        ("s1a_vv_vh_DES_20200108.tif", 0.1, "linear", "no single polarization"),
        ("s1a_vv_DES.tif", 0.1, "linear", "no date"),
        ("s1a_vv_DES_20200108.tif", -12.0, "linear", "RADAR_UNIT=db"),
        ("s1a_vv_DES_20200108.tif", 0.1, "db", "RADAR_UNIT=linear"),
    ],
)
def test_radar_that_does_not_say_what_it_is(
    name: str, value: float, unit: str, said: str, tmp_path: Path
) -> None:
    path = write_radar(tmp_path / "radar", name, np.full(SHAPE, value))
    with pytest.raises(InputError, match=said):
        compute(tmp_path / "out", radar=(str(path),), radar_unit=unit)


def plane(grid: Any) -> np.ndarray:
    """A plane over the ground in meters of UTM: bilinear resampling keeps it."""
    rows, columns = np.indices((grid.height, grid.width))
    x = grid.geotransform[0] + (columns + 0.5) * grid.geotransform[1]
    y = grid.geotransform[3] + (rows + 0.5) * grid.geotransform[5]
    return (x - 368000.0) * 0.1 + (y - 4826500.0) * 0.02


@pytest.fixture
def optical(tmp_path: Path) -> Source:
    """Three dates, the second with clouds on the left, and columns that are always clouded."""
    folder = tmp_path / "products"
    for day, columns in ((1, 5), (11, 30), (21, 5)):
        flags = {Flag.CLOUD: left(columns)}
        levels = {"B4": 0.1, "B8": 0.3 + 0.01 * day}
        write_muscate(folder, scene(f"2020-07-{day:02d}", levels=levels, flags=flags),
                      kinds=("FRE",))  # fmt: skip
    return Source(products=(str(folder),))


def test_exogenous_rasters_are_brought_to_the_grid(optical: Source, tmp_path: Path) -> None:
    coarse = grid_from_epsg(32631, (367500.0, 50.0, 0.0, 4827000.0, 0.0, -50.0), 40, 40)
    write_raster(tmp_path / "elevation.tif", [plane(coarse).astype(np.float32)], coarse)
    codes = np.add.outer(np.arange(40), np.arange(40)).astype(np.uint8)
    write_raster(tmp_path / "two.tif", [codes, codes * 2], coarse, names=("soil", ""))
    moved = gdal.Warp(
        str(tmp_path / "degrees.tif"), str(tmp_path / "elevation.tif"), dstSRS="EPSG:4326",
        resampleAlg="cubic", errorThreshold=0,
    )  # fmt: skip
    del moved
    files = ("elevation.tif", "two.tif", "degrees.tif")
    made = compute(tmp_path / "out", optical=optical, indices="none",
                   exogenous=tuple(str(tmp_path / name) for name in files))  # fmt: skip
    assert made.report.names[-4:] == ("elevation", "soil", "two_2", "degrees")
    np.testing.assert_allclose(made["elevation"], plane(GRID), atol=2e-4)
    np.testing.assert_allclose(made["degrees"], plane(GRID), atol=0.1)  # a pixel is 1 m of it
    rows, columns = np.indices(SHAPE)
    assert np.array_equal(made["soil"], (rows + 50) // 5 + (columns + 50) // 5)
    assert np.array_equal(made["two_2"], 2 * made["soil"])
    far = grid_from_epsg(32631, (100000.0, 50.0, 0.0, 4827000.0, 0.0, -50.0), 40, 40)
    write_raster(tmp_path / "far.tif", [codes], far)
    with pytest.raises(InputError, match="far.tif does not lie on the area"):
        compute(tmp_path / "out", optical=optical, exogenous=(str(tmp_path / "far.tif"),))


def test_features_of_the_user(optical: Source, tmp_path: Path) -> None:
    write_raster(tmp_path / "slope.tif", [np.full(SHAPE, 2.0, np.float32)], GRID)
    made = compute(
        tmp_path / "out", optical=optical, indices="NDVI", exogenous=(str(tmp_path / "slope.tif"),),
        user="savi = 1.5 * (B8 - B4) / (B8 + B4 + 0.5)\n"
        "# the change\nrise = B8_20200721 - B8_20200701; steep = where(slope > 1, savi, NDVI)",
    )  # fmt: skip
    assert made.report.names[-7:] == (
        *(f"savi_202007{day:02d}" for day in (1, 11, 21)), "rise",
        *(f"steep_202007{day:02d}" for day in (1, 11, 21)),
    )  # fmt: skip
    nir = made["B8_20200711"]
    savi = 1.5 * (nir - made["B4_20200711"]) / (nir + made["B4_20200711"] + 0.5)
    np.testing.assert_allclose(made["savi_20200711"], savi, rtol=1e-5)
    np.testing.assert_allclose(made["rise"][:, 5:], 0.2, atol=1e-4)
    assert np.array_equal(made["steep_20200711"], made["savi_20200711"], equal_nan=True)


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        ({"user": "B8 - B4"}, "not written as name = expression"),
        ({"user": "x = B8 - B99"}, r"'B99' in 'B8 - B99' is no band.*x = B8 - B99"),
        ({"user": "x = __import__('os').system('ls')"}, "cannot be computed|is no band"),
        ({"user": "B8 = B4"}, "B8, which is there already"),
        ({"user": "x = B8; x = B4"}, "x, which is there already"),
        ({"indices": "NDVI,NDXI"}, "There is no index NDXI"),
        ({"indices": "NBR"}, "NBR needs a band near 2200 nm"),
        ({"bands": ("B99",)}, "No date has a band B99"),
        ({"dates": "2020-07-01", "grid": RegularGrid("2020-07-01")}, "either DATES, or START"),
        ({"dates": "yesterday"}, "DATES"),
        ({"policy": "odd"}, "no mask policy 'odd'"),
    ],
)
def test_what_cannot_be_is_said(
    request_: dict[str, Any], said: str, optical: Source, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=said):
        compute(tmp_path / "out", optical=optical, **request_)


def test_gaps_and_divisions_by_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "products"
    for day in (1, 11):
        bands = {"B4": np.full(SHAPE, 0.1), "B8": np.full(SHAPE, 0.3)}
        bands["B4"][:, 50:55], bands["B8"][:, 50:55] = 0.0, 0.0
        bands["B8"][:, 55:] = -0.05  # dark water
        write_muscate(folder, scene(f"2020-07-{day:02d}", reflectance=bands,
                                    flags={Flag.CLOUD: left(6)}), kinds=("FRE",))  # fmt: skip
    made = compute(tmp_path / "out", optical=Source(products=(str(folder),)), indices="NDVI",
                   user="ratio = B8 / B4")  # fmt: skip
    ndvi = made["NDVI_20200701"]
    assert np.isnan(made["B4_20200711"][:, :6]).all()
    assert np.isnan(ndvi[:, :6]).all()
    assert np.isnan(ndvi[:, 50:55]).all()
    assert np.isnan(made["ratio_20200711"][:, 50:55]).all()
    assert (ndvi[:, 55:] == -1.0).all()
    assert made.report.never_share == pytest.approx(0.1)
    assert (made.days[:, :, :6] == -1).all()
    assert (made.clear[:, :6] == 0).all()
    notes = " ".join(made.report.notes)
    assert "10 % of the pixels are never clear" in notes
    assert "NDVI does not exist for 8.3 %" in notes


def test_dates_far_from_all_images(optical: Source, tmp_path: Path) -> None:
    with pytest.raises(InsufficientDataError, match="of 2022-01-01 to 2022-01-01.*2020-07-21"):
        compute(tmp_path / "out", optical=optical, dates="2022-01-01")
    made = compute(tmp_path / "out", optical=optical, dates="2022-01-01,2020-07-05")
    assert made.report.names[0] == "B4_20200705"
    assert any("1 of 2 dates have no data anywhere (2022-01-01)" in one
               for one in made.report.notes)  # fmt: skip
    clouded = tmp_path / "clouded"
    write_muscate(clouded, scene("2020-07-01", flags={Flag.CLOUD: left(60)}), kinds=("FRE",))
    with pytest.raises(InsufficientDataError, match="All observations of the images are masked"):
        compute(tmp_path / "out", optical=Source(products=(str(clouded),)))


# -- tiles and the hook


def swing(features: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """A feature of all dates, and one of each."""
    return {"swing": np.ptp(features["NDVI"], axis=0), "twice": 2.0 * features["B8"]}


def test_tiles_workers_and_a_hook_change_no_bit(
    optical: Source, radar: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    coarse = grid_from_epsg(4326, (1.35, 0.0004, 0.0, 43.59, 0.0, -0.0003), 60, 60)
    noise = np.random.default_rng(2).normal(size=SHAPE).astype(np.float32)
    write_raster(tmp_path / "noise.tif", [noise], coarse)
    request: dict[str, Any] = {
        "optical": optical, "radar": (str(radar),), "exogenous": (str(tmp_path / "noise.tif"),),
        "grid": RegularGrid("2020-01-08", "2020-07-21", 13), "user": "half = NDVI / 2",
    }  # fmt: skip
    first = compute(tmp_path / "one", ExecutionSettings("threads:1", 64), swing, **request)
    assert first.report.names[-17:] == tuple(
        ["swing", *(f"twice_{name[-8:]}" for name in first.report.names if name[:3] == "B8_")]
    )
    assert np.isfinite(first["noise"]).all()
    monkeypatch.setattr(stacks, "fit_tile_size", lambda *_: 17)
    second = compute(tmp_path / "two", ExecutionSettings("threads:2"), swing, **request)
    assert first.report.run is not None
    assert second.report.run is not None
    assert (len(first.report.run.tiles), len(second.report.run.tiles)) == (1, 16)
    assert first.report.names == second.report.names
    for name in first.report.names:
        assert first[name].tobytes() == second[name].tobytes(), name
    assert first.days.tobytes() == second.days.tobytes()
    assert first.clear.tobytes() == second.clear.tobytes()


def test_a_hook_has_to_be_found_by_workers(optical: Source, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="top level of a module"):
        compute(tmp_path / "out", optical=optical, hook=lambda _: {})
