# SPDX-License-Identifier: GPL-3.0-or-later
"""What files say and do not say, and sentences about what is wrong with them."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.calibration.types import Band, Sensor
from calval_toolbox.core.errors import CalValError, InputError, TableError
from calval_toolbox.core.io.csv_tables import read_csv
from calval_toolbox.core.io.measurements import Hints, bands_from_table, read_measurements
from calval_toolbox.core.io.measurements.decimal_years import from_times, to_times
from calval_toolbox.core.progress import Silent
from calval_toolbox.core.table import Table

PLACES = {"Libya4": (28.55, 23.39), "DomeC": (-75.1017, 123.395)}
SADE = (
    "VEGETATION_Calibration_1 23/01/2003-09:08:07 04/03/2011-05:06:07 {site} "
    "0.1 0.2 0.3 0.4 0.01 0.02 0.03 -999 10.5 10.5 10.5 10.5 250 251 252 253 "
    "1234 28.55 23.39 30.25 140.5 1.25 0.2888 1013.25 -999 a.jpg\n"
)
DIMITRI = "decimal_year,vza,vaa,sza,saa,ozone_du,pressure,wv,rho_450,rho_B8A,std_450,std_B8A\n"
ROW = "2003.08871680,3.8,250.58,49.599,154.5,288.8,,0.6,0.22,,0.005,0\n"


def test_sade_line(tmp_path: Path) -> None:
    path = tmp_path / "lines.txt"
    path.write_text("\n" + SADE.format(site='"Site ""A""; north"') + SADE.format(site="Libya4"))
    (found,) = read_measurements(path)
    assert found.sensor.name == "VEGETATION"
    assert found.sensor.band_names == ("450", "645", "835", "1665")
    assert found["site"].tolist() == ['Site "A"; north', "Libya4"]
    assert found["version"].tolist() == ["Calibration_1"] * 2
    assert found["product"].tolist() == ["processed 2011-03-04T05:06:07Z"] * 2
    assert found["quicklook"].tolist() == ["a.jpg"] * 2
    assert found.time[0] == np.datetime64("2003-01-23T09:08:07")
    assert found["mean"][0].tolist() == [0.1, 0.2, 0.3, 0.4]
    assert found["std"][0, :3].tolist() == [0.01, 0.02, 0.03]
    assert np.isnan(found["std"][0, 3])
    assert found["view_azimuth_deg"][0].tolist() == [250, 251, 252, 253]
    assert found["count"][0].tolist() == [1234] * 4
    values = {
        "latitude": 28.55,
        "longitude": 23.39,
        "sun_zenith_deg": 30.25,
        "ozone_du": 288.8,
        "sun_azimuth_deg": 140.5,
        "water_vapor_g_cm2": 1.25,
        "pressure_hpa": 1013.25,
    }
    assert {key: found[key][0] for key in values} == values
    assert np.isnan(found["wind_m_s"]).all()


def test_sade_sensor_and_site_may_be_given(tmp_path: Path) -> None:
    path = tmp_path / "lines.txt"
    path.write_text(SADE.format(site="-999").replace("VEGETATION_Calibration_1", "S2A_MSI_0509"))
    hints = Hints(
        site="Libya4",
        sensor="S2A_MSI",
        wavelengths={"B2": 492.4, "B3": 559.8, "B4": 664.6, "B8A": 864.7},
    )
    (found,) = read_measurements(path, hints=hints)
    assert found.sensor.bands[3] == Band("B8A", 864.7)
    assert (found["site"][0], found["version"][0]) == ("Libya4", "0509")
    known = Hints(site="Libya4", sensors={"S2A": Sensor("S2A", tuple(
        Band(f"B{i}", 400.0 + i) for i in range(4)))})  # fmt: skip
    (found,) = read_measurements(path, hints=known)
    assert found.sensor == known.sensors["S2A"]
    assert found["version"][0] == "MSI_0509"


def test_what_sade_lines_say_counts_more_than_the_parameters(tmp_path: Path) -> None:
    path = tmp_path / "lines.txt"
    path.write_text(
        SADE.format(site="Libya4")
        + SADE.format(site="-999").replace("VEGETATION_Calibration_1", "VEGETATION")
        + SADE.format(site="-999").replace("VEGETATION_Calibration_1", "-999")
    )
    hints = Hints("DomeC", "VGT", "v7", wavelengths=dict.fromkeys("abcd", 500.0))
    first, last = read_measurements(path, hints=hints)
    assert (first.sensor.name, last.sensor.name) == ("VEGETATION", "VGT")
    assert first["site"].tolist() == ["Libya4", "DomeC"]
    assert first["version"].tolist() == ["Calibration_1", "v7"]
    assert last["version"].tolist() == ["v7"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("0.1 0.2", "0.1 0.2 0.3"), "Line 1 of lines.txt has 31 values"),
        (("0.1 0.2", "0.1 O.2"), "Line 1 of lines.txt has a value that is no number"),
        (("04/03/2011", "04/13/2011"), "'04/13/2011-05:06:07' in line 1 of lines.txt is no time"),
        (("VEGETATION", "HYPERION"), "has 4 bands of the sensor HYPERION.*BANDS"),
        ((" Libya4 ", " -999 "), r"Line 1 of lines.txt does not say its site. Give it \(SITE\)"),
        ((" Libya4 ", " My site "), "31 values.*between quotation marks"),
        (("VEGETATION_Calibration_1", "-999"), r"does not say its sensor. Give it \(SENSOR\)"),
    ],
)
def test_sade_lines_that_are_wrong(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    path = tmp_path / "lines.txt"
    path.write_text(SADE.format(site="Libya4").replace(*change))
    with pytest.raises(CalValError, match=words):
        read_measurements(path)


def test_dimitri_file(tmp_path: Path) -> None:
    path = tmp_path / "Libya4_S2A_0509_x.csv"
    path.write_text(DIMITRI + ROW)
    (found,) = read_measurements(path)
    assert (found.sensor.name, found["site"][0], found["version"][0]) == ("S2A", "Libya4", "0509_x")
    assert found.sensor.bands[0] == Band("450", 450.0)
    assert np.isnan(found.sensor.bands[1].wavelength_nm)
    assert np.isnan(found["mean"][0, 1])
    assert found["std"][0].tolist() == [0.005, 0.0]
    hints = Hints(site="Here", sensor="MSI", version="1", wavelengths={"B8A": 864.7})
    (found,) = read_measurements(path, hints=hints)
    assert found.sensor.bands == (Band("450", 450.0), Band("B8A", 864.7))
    assert (found["site"][0], found["version"][0]) == ("Here", "1")


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("mine.csv", DIMITRI + ROW, r"Row 1 of mine.csv does not say its sensor.*\(SENSOR\)"),
        ("A_B_C.csv", DIMITRI, "no column rho_..., or no row"),
        ("A_B_C.csv", DIMITRI + ROW.replace("2003.0", "20030"), "no usable decimal year in row 1"),
        ("A_B_C.csv", DIMITRI + ROW.replace("0.22", "x"), "'rho_450' of A_B_C.csv is not numeric"),
        ("A_B_C.csv", DIMITRI + ROW[:30], "is shorter than its header"),
        ("A_B_C.csv", "", "is empty"),
        ("A_B_C.csv", "a,b\n1,2\n", "no format that is known.*SADE"),
        ("A_B_C.csv.gz", "not gzip", "not a readable gzip file"),
        ("A_B_C.nc", "\x89HDF\r\n\x1a\n" + "x" * 50, "not a NetCDF file of measurements"),
        ("A_B_C.csv", "time,band,mean\n2003-01-01,B1,0.2\n", "does not say its sensor"),
        ("A_B_C.csv", "sensor,time,band,mean\nS,2003-01-01,B1,0.2\n", "does not say its site"),
        ("A_B_C.csv", "sensor,site,time,band,mean\nS,X,2003-01-01,B1,1\nS,X,2003-01-01,B1,2\n",
         "one band twice"),
        ("A_B_C.csv", "sensor,site,time,band,mean,aot\nS,X,2003-01-01,B1,1,1\n"
         "S,X,2003-01-01,B2,2,3\n", "says another aot than the row before"),
    ],
)  # fmt: skip
def test_files_that_are_wrong(tmp_path: Path, name: str, text: str, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises((InputError, TableError), match=words):
        read_measurements(path)


def test_missing_file(tmp_path: Path) -> None:
    for format_ in ("auto", "sade", "netcdf"):
        with pytest.raises(InputError, match=r"none\.txt does not exist"):
            read_measurements(tmp_path / "none.txt", format_)


def test_plain_table_of_somebody_else(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(
        "sensor;site;time;band;mean\nS;X;2003-01-01T08:00:00Z;B2;0,5\n"
        "S;X;2003-01-01T08:00:00Z;B1;0,25\nS;X;2003-01-02T08:00:00Z;B1;0,125\n"
    )
    (found,) = read_measurements(path, hints=Hints(wavelengths={"B1": 443.0}))
    assert found.sensor.band_names == ("B2", "B1")
    assert found.sensor.bands[1].wavelength_nm == 443.0
    np.testing.assert_array_equal(found["mean"], [[0.5, 0.25], [np.nan, 0.125]])


def test_views_of_one_moment_are_told_apart(shared_data: Path) -> None:
    folder = shared_data / "calibration" / "dimitri_timeseries"
    for name, most in (("Libya4_PARASOL_Calibration_1", 16), ("Libya4_AATSR_2nd_Reprocessing", 4)):
        (found,) = read_measurements(folder / f"{name}.csv.gz")
        keys = list(zip(found.time.tolist(), found["product"].tolist(), strict=True))
        views = [int(p.split()[1]) for p in found["product"] if p]
        assert max(views) == most
        assert len(set(keys)) == len(keys)
    (found,) = read_measurements(folder / "Libya4_MERIS_2nd_Reprocessing.csv.gz")
    keys = list(zip(found.time.tolist(), found["product"].tolist(), strict=True))
    assert (len(keys), len(set(keys))) == (815, 811), "rows that are there twice stay the same"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        # Days are counted from 1: 1.5 / 365 is noon on January 1.
        ("2003.00410959", "2003-01-01T12:00:00"),
        ("2004.00409836", "2004-01-01T12:00:00"),
        ("2004.16393443", "2004-02-29T00:00:00"),
        ("2003.16438356", "2003-03-01T00:00:00"),
        ("2004.00136986", "2003-12-31T12:00:00"),
        ("2005.00136612", "2004-12-31T12:00:00"),
        ("2003.00273973", "2003-01-01T00:00:00"),
        ("2004.00273224", "2004-01-01T00:00:00"),
        ("2101.00136986", "2100-12-31T12:00:00"),  # 2100 is no leap year
    ],
)
def test_decimal_years(text: str, moment: str) -> None:
    found = to_times(np.array([float(text)]))
    assert abs(found[0] - np.datetime64(moment)) <= np.timedelta64(200, "ms")
    assert from_times(found)[0][0] == text
    assert np.isnat(to_times(np.array([np.nan]))[0])


def test_decimal_years_of_every_moment() -> None:
    rng = np.random.default_rng(3)
    start = np.datetime64("2002-01-01", "ms").astype(np.int64)
    times = (start + rng.integers(0, 10 * 365 * 86_400_000, 20_000)).astype("datetime64[ms]")
    texts, exact = from_times(times)
    apart = to_times(texts.astype(float)) != times
    assert exact == (not apart.any())
    # Only around the midnight before a leap year begins or ends two days share their numbers.
    assert all(str(time)[5:10] in ("12-31", "01-01") for time in times[apart])


def sun_zenith(times: np.ndarray, latitude: float, longitude: float) -> np.ndarray:
    """Degrees, to about 0.01 (Meeus, Astronomical Algorithms, chapter 25, low accuracy)."""
    days = times.astype("datetime64[ms]").astype(np.int64) / 86_400_000 - 10957.5
    century = days / 36525
    anomaly = np.radians(357.52911 + 35999.05029 * century)
    center = 1.914602 * np.sin(anomaly) + 0.019993 * np.sin(2 * anomaly)
    node = np.radians(125.04 - 1934.136 * century)
    true = 280.46646 + 36000.76983 * century + center - 0.00569 - 0.00478 * np.sin(node)
    apparent, tilt = np.radians(true), np.radians(23.439291 - 0.0130042 * century)
    declination = np.arcsin(np.sin(tilt) * np.sin(apparent))
    ascension = np.arctan2(np.cos(tilt) * np.sin(apparent), np.cos(apparent))
    hour = np.radians(280.46061837 + 360.98564736629 * days + longitude) - ascension
    north = np.radians(latitude)
    cosine = np.sin(north) * np.sin(declination)
    cosine = cosine + np.cos(north) * np.cos(declination) * np.cos(hour)
    return np.degrees(np.arccos(cosine))


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        ("DomeC_MERIS_3rd_Reprocessing", 0.04),
        ("DomeC_MERIS_2nd_Reprocessing", 0.04),
        ("DomeC_AATSR_2nd_Reprocessing", 0.04),
        ("DomeC_ATSR2_Reprocessing_2008", 0.04),
        ("DomeC_VEGETATION_Calibration_1", 0.10),
        ("DomeC_MODISA_Collection_5", 0.13),
        ("DomeC_PARASOL_Calibration_1", 0.14),
        ("Libya4_MERIS_3rd_Reprocessing", 0.11),
    ],
)
def test_the_sun_stands_where_the_series_say(shared_data: Path, name: str, limit: float) -> None:
    (found,) = read_measurements(
        shared_data / "calibration" / "dimitri_timeseries" / f"{name}.csv.gz"
    )
    place = PLACES[name.split("_")[0]]
    off = np.abs(sun_zenith(found.time, *place) - found["sun_zenith_deg"])
    leap = found.time.astype("datetime64[Y]").astype(int) % 4 == 2
    assert np.nanmedian(off) < limit
    assert not leap.any() or np.nanmedian(off[leap]) < limit
    later = np.abs(
        sun_zenith(found.time + np.timedelta64(1, "D"), *place) - found["sun_zenith_deg"]
    )
    assert np.nanmedian(later) > 1.5 * np.nanmedian(off), "a plain decimal year would do as well"


def test_wavelengths_from_a_table() -> None:
    def text(*values: str) -> np.ndarray:
        return np.array(values, dtype=object)

    nominal = Table({"band": text("B2", "B3"), "wavelength_nm": np.array([492.4, 559.8])})
    assert bands_from_table(nominal) == ({"B2": 492.4, "B3": 559.8}, {})
    curve = Table({
        "sensor": text(*"AAAABB"), "band": text("x", "x", "x", "y", "x", "x"),
        "wavelength_nm": np.array([510.0, 500.0, 520.0, 700.0, 1.0, 2.0]),
        "response": np.array([1.0, 0.5, 0.5, 0.3, 1.0, 1.0]),
    }, "curves.csv")  # fmt: skip
    centers, responses = bands_from_table(curve, "A")
    assert centers == {"x": pytest.approx(510.0), "y": pytest.approx(700.0)}
    assert responses["x"][0].tolist() == [500.0, 510.0, 520.0]
    assert responses["x"][1].tolist() == [0.5, 1.0, 0.5]
    with pytest.raises(TableError, match=r"curves\.csv has the bands of several sensors \(A, B\)"):
        bands_from_table(curve)
    twice = Table({"band": text("B2", "B2"), "wavelength_nm": np.array([1.0, 2.0])}, "t.csv")
    with pytest.raises(TableError, match=r"t\.csv names band B2 2 times"):
        bands_from_table(twice)
    none = Table({"band": text("B2"), "wavelength_nm": np.array([np.nan])}, "t.csv")
    with pytest.raises(TableError, match="does not say the wavelength of band B2"):
        bands_from_table(none)


def test_response_of_a_real_band(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "calibration/rsr_dimitri/MERIS/RSR_MERIS_BAND_0.txt"
    lines = source.read_text().replace("; ", ";").splitlines()[1:]
    path = tmp_path / "r.csv"
    path.write_text("band;wavelength_nm;response\n" + "\n".join(f"412;{x}" for x in lines))
    centers, _ = bands_from_table(read_csv(path, None, Silent()))
    assert centers["412"] == pytest.approx(412.5, abs=0.5)


def test_gzip_is_read(tmp_path: Path) -> None:
    path = tmp_path / "lines.txt.gz"
    path.write_bytes(gzip.compress(SADE.format(site="Libya4").encode()))
    assert len(read_measurements(path)[0]) == 1
