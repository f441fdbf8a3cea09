# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of measurements: what is written is read again, value by value."""

from __future__ import annotations

import csv
import gzip
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_measurements import MERIS, assert_same, measurements
from osgeo import gdal

from calval_toolbox.core.calibration.types import BAND_NUMBERS, ROW_NUMBERS, Measurements
from calval_toolbox.core.errors import InsufficientDataError, OutputError
from calval_toolbox.core.io.measurements import (
    Hints,
    find_format,
    read_measurements,
    write_measurements,
)
from calval_toolbox.core.io.measurements.sade import HELD

SERIES = sorted(
    (Path(__file__).resolve().parents[5] / "shared/data/calibration/dimitri_timeseries").glob("*")
)


def again(made: Measurements, path: Path, format_: str, hints: Hints | None = None) -> Measurements:
    write_measurements(made, path, format_)
    assert find_format(path) == format_
    (found,) = read_measurements(path, hints=hints)
    return found


@pytest.mark.parametrize(("format_", "name"), [("csv", "a.csv"), ("netcdf", "a.nc"),
                                               ("dimitri", "a.csv")])  # fmt: skip
@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_is_lost(tmp_path: Path, format_: str, name: str, seed: int) -> None:
    made = measurements(40, seed)
    assert_same(made, again(made, tmp_path / name, format_))


def test_moments_that_share_a_decimal_year(tmp_path: Path) -> None:
    """Before midnight of a leap year, and after it."""
    made = measurements(2)
    times = ["2003-12-31T23:58:00.250", "2004-01-01T00:01:30"]
    made = replace(made, time=np.array(times, dtype="datetime64[ms]"))
    assert_same(made, again(made, tmp_path / "a.csv", "dimitri"))


def in_sade(made: Measurements) -> Measurements:
    """What a SADE line holds of measurements."""
    rows = {key: made[key] for key in made.rows if key in HELD}
    rows["product"] = np.array(
        [f"processed 2011-03-04T05:{i:02d}:07.000Z" if i % 3 else "" for i in range(len(made))],
        dtype=object,
    )
    by_band = {key: made[key] for key in made.by_band if key in HELD}
    by_band["count"] = np.repeat(made["count"][:, :1], len(made.sensor.bands), axis=1)
    return replace(made, rows=rows, by_band=by_band)


@pytest.mark.parametrize("seed", [1, 2])
def test_sade_lines_lose_nothing_of_what_they_hold(tmp_path: Path, seed: int) -> None:
    made = in_sade(measurements(40, seed))
    hints = Hints(wavelengths={band.name: band.wavelength_nm for band in MERIS.bands})
    found = again(made, tmp_path / "a.txt", "sade", hints)
    product = [text.replace(".000Z", "Z") for text in made["product"]]
    assert_same(made.with_columns(product=np.array(product, dtype=object)), found)
    text = (tmp_path / "a.txt").read_text()
    write_measurements(found, tmp_path / "b.txt", "sade")
    assert (tmp_path / "b.txt").read_text() == text


def test_sade_says_what_it_does_not_hold(tmp_path: Path) -> None:
    notes = write_measurements(measurements(), tmp_path / "a.txt", "sade")
    assert "median" in notes[0]
    assert "aot" in notes[0]
    assert "product" in notes[0]
    assert "count by band" in notes[0]
    assert "412, 665lo, 865" in notes[-1]
    (note,) = write_measurements(in_sade(measurements()), tmp_path / "a.txt", "sade")
    assert note == "SADE lines do not name their bands: here they are 412, 665lo, 865."


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    site=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).filter(
        lambda text: text.strip() == text and text != "-999"
    ),
    value=st.floats(allow_nan=False, allow_infinity=False, width=64).filter(lambda x: x != -999),
    format_=st.sampled_from(["csv", "dimitri", "sade", "netcdf"]),
)  # fmt: skip
def test_odd_names_and_all_numbers(tmp_path: Path, site: str, value: float, format_: str) -> None:
    made = in_sade(measurements(2))
    made = made.with_columns(
        site=np.array([site, "Libya4"], dtype=object),
        ozone_du=np.array([value, np.nan]),
        mean=np.array([[value, 1.0, np.nan], [0.0, value / 3, -value]]),
        product=np.array(["", ""], dtype=object),
    )
    name = {"netcdf": "a.nc", "sade": "a.txt"}.get(format_, "a.csv")
    hints = Hints(wavelengths={band.name: band.wavelength_nm for band in MERIS.bands})
    assert_same(made, again(made, tmp_path / name, format_, hints))


@pytest.mark.parametrize("path", SERIES, ids=lambda path: path.name.split(".")[0])
def test_real_series(path: Path, tmp_path: Path) -> None:
    (made,) = read_measurements(path)
    site, sensor, version = path.name.removesuffix(".csv.gz").split("_", 2)
    assert set(made["site"]) == {site}
    assert set(made["version"]) == {version}
    assert made.sensor.name == sensor
    check_against_file(made, path)
    again_ = again(made, tmp_path / "a.csv", "dimitri")
    assert_same(made, again_)
    check_cells(path, tmp_path / "a.csv")


def check_against_file(made: Measurements, path: Path) -> None:
    """The numbers are those of the file, read here by other means."""
    with gzip.open(path, "rt") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == len(made)
    for band in made.sensor.bands:
        assert band.wavelength_nm == float(band.name.rstrip("lohi"))
    place = {name: i for i, name in enumerate(made.sensor.band_names)}

    def column(name: str) -> np.ndarray:
        return np.array([float(row[name] or "nan") for row in rows])

    for theirs, mine in (("sza", "sun_zenith_deg"), ("saa", "sun_azimuth_deg"),
                         ("ozone_du", "ozone_du"), ("pressure", "pressure_hpa"),
                         ("wv", "water_vapor_g_cm2")):  # fmt: skip
        np.testing.assert_array_equal(made[mine], column(theirs))
    for name, i in place.items():
        np.testing.assert_array_equal(made["mean"][:, i], column(f"rho_{name}"))
        np.testing.assert_array_equal(made["std"][:, i], column(f"std_{name}"))
        np.testing.assert_array_equal(made["view_zenith_deg"][:, i], column("vza"))
        np.testing.assert_array_equal(made["view_azimuth_deg"][:, i], column("vaa"))


def check_cells(path: Path, other: Path) -> None:
    """All cells of the file are there again, as numbers; decimal years to the letter."""
    with gzip.open(path, "rt") as stream, open(other) as copy:
        for one, two in zip(csv.DictReader(stream), csv.DictReader(copy), strict=True):
            assert one["decimal_year"] == two["decimal_year"]
            for key, text in one.items():
                assert (float(text) == float(two[key])) if text else (two[key] == "")


def test_several_sensors_in_one_file(tmp_path: Path) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    first = measurements(3)
    second = replace(measurements(4, 2), sensor=replace(MERIS, name="AATSR"))
    write_measurements(first, one, "csv")
    write_measurements(second, two, "csv")
    both = tmp_path / "both.csv"
    both.write_text(one.read_text() + two.read_text().split("\n", 1)[1])
    found = read_measurements(both)
    assert_same(first, found[0])
    assert_same(second, found[1])


def test_netcdf_follows_cf(tmp_path: Path) -> None:
    made = measurements(5)
    write_measurements(made, tmp_path / "a.nc", "netcdf")
    group = gdal.OpenEx(str(tmp_path / "a.nc"), gdal.OF_MULTIDIM_RASTER).GetRootGroup()
    assert group.GetAttribute("Conventions").Read() == "CF-1.8"
    assert set(group.GetMDArrayNames()) >= {"time", "band_name", *ROW_NUMBERS, *BAND_NUMBERS}
    mean = group.OpenMDArray("mean")
    assert [d.GetName() for d in mean.GetDimensions()] == ["observation", "band"]
    assert mean.GetAttribute("standard_name").Read() == "toa_bidirectional_reflectance"
    assert group.OpenMDArray("time").GetUnit().startswith("milliseconds since 1970-01-01")
    assert group.OpenMDArray("sun_zenith_deg").GetUnit() == "degree"


@pytest.mark.parametrize("format_", ["csv", "netcdf", "sade", "dimitri"])
def test_nowhere_to_write(tmp_path: Path, format_: str) -> None:
    with pytest.raises(OutputError):
        write_measurements(measurements(3), tmp_path / "none" / "a.nc", format_)
    with pytest.raises(InsufficientDataError):
        write_measurements(measurements(3).select([]), tmp_path / "a.nc", format_)
