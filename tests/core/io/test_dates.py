# SPDX-License-Identifier: GPL-3.0-or-later
"""Moments in names, tags and netCDF units, with their offsets to UTC."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from calval_toolbox.core.errors import InputError
from calval_toolbox.core.io.dated_rasters import stack_products
from calval_toolbox.core.io.dates import find_date, tiff_date
from calval_toolbox.core.io.netcdf_dates import netcdf_date


def moment(value: float | str, units: str, calendar: str = "") -> np.datetime64 | None:
    metadata = {"time#units": units, "time#calendar": calendar}
    return netcdf_date(metadata, {"NETCDF_DIM_time": str(value)}, "a/b.nc")


@pytest.mark.parametrize(
    ("value", "units", "expected"),
    [
        (44025, "days since 1900-01-01", "2020-07-15T00:00:00.000"),
        (59045.5, "days since 1858-11-17", "2020-07-15T12:00:00.000"),
        (18458, "days since 1970-1-1", "2020-07-15T00:00:00.000"),
        (1594810231024, "milliseconds since 1970-01-01", "2020-07-15T10:50:31.024"),
        (1594810231024000000, "nanoseconds since 1970-01-01", "2020-07-15T10:50:31.024"),
        (443002.5, "hours since 1970-01-01 00:00:0.0", "2020-07-15T10:30:00.000"),
        (26580150, "Minutes since 1970-01-01T00:00:00Z", "2020-07-15T10:30:00.000"),
        (1, "d since 19700101T103000", "1970-01-02T10:30:00.000"),
        (0, "seconds since 1970-01-01 00:00:00 +02:00", "1969-12-31T22:00:00.000"),
        (0, "seconds since 1992-10-8 15:15:42.5 -6:00", "1992-10-08T21:15:42.500"),
        (0, "seconds since 1992-10-08 15:15:42 -0530", "1992-10-08T20:45:42.000"),
        (0, "hours since 2000-01-01 6:00 UTC", "2000-01-01T06:00:00.000"),
    ],
)
def test_units_of_netcdf_times(value: float, units: str, expected: str) -> None:
    assert str(moment(value, units)) == expected


@pytest.mark.parametrize(
    ("calendar", "day"),
    [("proleptic_gregorian", "2020-07-15"), ("standard", "2020-07-13"), ("", "2020-07-13")],
)
def test_epoch_before_the_reform_of_the_calendar(calendar: str, day: str) -> None:
    """Day 737621 of the proleptic calendar (Python's ordinals) is two days ahead of the mixed one:
    0001-01-01 of the Julian calendar is 0000-12-30 of the Gregorian."""
    ordinal = np.datetime64("2020-07-15") - np.datetime64("0001-01-01")
    found = moment(int(ordinal.astype(int)), "days since 0001-01-01", calendar)
    assert str(found)[:10] == day


@pytest.mark.parametrize(
    ("value", "units", "calendar"),
    [
        (1, "months since 1970-01-01", ""),
        (1, "days since yesterday", ""),
        (1, "days since 1970-13-01", ""),
        (1, "days since 1970-01-01 in Paris", ""),
        (1, "days since 1970-01-01", "noleap"),
        ("nan", "days since 1970-01-01", ""),
        (1, "", ""),
    ],
)
def test_times_not_understood_are_a_sentence(value: float, units: str, calendar: str) -> None:
    with pytest.raises(InputError, match=r"The times of a/b\.nc cannot be read.*'time' holds"):
        moment(value, units, calendar)


def test_other_dimensions_are_no_time() -> None:
    assert netcdf_date({"level#units": "hPa"}, {"NETCDF_DIM_level": "850"}, "b.nc") is None
    assert netcdf_date({}, {"NETCDF_VARNAME": "B4"}, "b.nc") is None
    days = {"t#units": "days since 1970-01-01", "level#units": "hPa"}
    found = netcdf_date(days, {"NETCDF_DIM_level": "850", "NETCDF_DIM_t": "1"}, "b.nc")
    assert found == np.datetime64("1970-01-02")


@pytest.mark.parametrize(
    ("text", "expected", "rest"),
    [
        ("2020-07-15T23:50:31+02:00", "2020-07-15T21:50:31.000", ""),
        ("B4 2020-07-15 01:50:31 +02:00", "2020-07-14T23:50:31.000", "B4 "),
        ("2020-07-15T23:50:31-0530", "2020-07-16T05:20:31.000", ""),
        ("20200715T235031+0200_B4", "2020-07-15T21:50:31.000", "_B4"),
        ("2020-07-15T23:50:31.024Z", "2020-07-15T23:50:31.024", ""),
        ("20200715T105031-0301_B4", "2020-07-15T10:50:31.000", "-0301_B4"),
        ("20200715T105031-20200716", "2020-07-15T10:50:31.000", "-20200716"),
    ],
)
def test_offsets_to_utc_in_names(text: str, expected: str, rest: str) -> None:
    found = find_date(text)
    assert found is not None
    assert (str(found[0]), found[1]) == (expected, rest)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020:07:15 10:50:31", "2020-07-15T10:50:31"),
        ("2020-07-15T23:50:31+02:00", "2020-07-15T21:50:31"),
        ("2020-07-15 23:50:31.5 -05:00", "2020-07-16T04:50:31"),
    ],
)
def test_offsets_to_utc_in_tags(text: str, expected: str) -> None:
    assert tiff_date(text) == np.datetime64(expected)


def write_netcdf(path: Path, units: str) -> Path:
    """A variable of two dates, days 44025 and 44035 in ``units``."""
    if gdal.GetDriverByName("netCDF") is None:
        pytest.skip("GDAL has no netCDF driver here")
    source = gdal.GetDriverByName("MEM").Create("", 4, 3, 2, gdal.GDT_Float32)
    reference = gdal.osr.SpatialReference()
    reference.ImportFromEPSG(32631)
    source.SetProjection(reference.ExportToWkt())
    source.SetGeoTransform((368000.0, 10.0, 0.0, 4826500.0, 0.0, -10.0))
    source.SetMetadata(
        {
            "NETCDF_DIM_EXTRA": "{time}",
            "NETCDF_DIM_time_DEF": "{2,6}",
            "NETCDF_DIM_time_VALUES": "{44025,44035}",
            "time#units": units,
        }
    )
    for index in (1, 2):
        source.GetRasterBand(index).Fill(index / 10)
        source.GetRasterBand(index).SetMetadata({"NETCDF_VARNAME": "red"})
    gdal.GetDriverByName("netCDF").CreateCopy(str(path), source)
    return path


def test_netcdf_of_two_dates_with_a_date_in_its_name(tmp_path: Path) -> None:
    good = write_netcdf(tmp_path / "field_20210101.nc", "days since 1900-01-01")
    times = [str(one.time)[:10] for one in stack_products([str(good)])]
    assert times == ["2020-07-15", "2020-07-25"]
    bad = write_netcdf(tmp_path / "other_20210101.nc", "months since 1900-01-01")
    with pytest.raises(InputError, match=r"times of .*other_20210101\.nc cannot be read"):
        stack_products([str(bad)])
