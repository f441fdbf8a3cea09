# SPDX-License-Identifier: GPL-3.0-or-later
"""NetCDF-4 files of the measurements of a sensor, by the CF conventions, through GDAL.

Dimensions ``observation`` and ``band``; all columns of measurements are variables of the same
name; times are whole milliseconds. Reading gives what was written.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal

from ...calibration.types import BAND_NUMBERS, ROW_NUMBERS, ROW_TEXTS, Band, Measurements, Sensor
from ...errors import InputError, InsufficientDataError
from ...progress import Progress, check
from ...types import AnyArray
from ...version import plugin_version
from ..atomic import not_written
from .hints import Hints

gdal.UseExceptions()

TIME_UNIT = "milliseconds since 1970-01-01T00:00:00Z"
# CF standard name ("" = none) and unit
MEANING = {
    "sun_zenith_deg": ("solar_zenith_angle", "degree"),
    "sun_azimuth_deg": ("solar_azimuth_angle", "degree"),
    "latitude": ("latitude", "degrees_north"),
    "longitude": ("longitude", "degrees_east"),
    "ozone_du": ("", "DU"),
    "water_vapor_g_cm2": ("", "g cm-2"),
    "pressure_hpa": ("air_pressure", "hPa"),
    "wind_m_s": ("wind_speed", "m s-1"),
    "aot": ("atmosphere_optical_thickness_due_to_ambient_aerosol_particles", "1"),
    "mean": ("toa_bidirectional_reflectance", "1"),
    "view_zenith_deg": ("sensor_zenith_angle", "degree"),
    "view_azimuth_deg": ("sensor_azimuth_angle", "degree"),
    "wavelength_nm": ("radiation_wavelength", "nm"),
}


def looks_like_netcdf(start: bytes) -> bool:
    """Whether a file begins like NetCDF-3 or NetCDF-4."""
    return start.startswith((b"CDF", b"\x89HDF"))


def write_netcdf(measurements: Measurements, path: Path, progress: Progress) -> None:
    """Write all that is known; raises ``OutputError`` where it cannot be written completely."""
    if not len(measurements):
        raise InsufficientDataError("There is no measurement to write.")
    try:
        data = gdal.GetDriverByName("netCDF").CreateMultiDimensional(str(path))
        _fill(data.GetRootGroup(), measurements, progress)
        data = None
        found = _read(path)
    except RuntimeError as error:
        raise not_written(path.name) from error
    if len(found) != len(measurements):
        raise not_written(path.name)


def _fill(group: Any, made: Measurements, progress: Progress) -> None:
    observation = group.CreateDimension("observation", "", "", len(made))
    band = group.CreateDimension("band", "", "", len(made.sensor.bands))
    heading = {
        "Conventions": "CF-1.8",
        "title": "Top-of-atmosphere reflectance over calibration sites",
        "source": made.sensor.name,
        "history": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} CalVal Toolbox {plugin_version()}",
        "sensor": made.sensor.name,
    }
    for key, text in heading.items():
        _attribute(group, key, text)
    time = group.CreateMDArray("time", [observation], _type(gdal.GDT_Int64))
    time.SetUnit(TIME_UNIT)
    _attribute(time, "standard_name", "time")
    _attribute(time, "calendar", "standard")
    time.WriteArray(made.time.astype("datetime64[ms]").astype(np.int64))
    _texts(group, "band_name", band, np.array(made.sensor.band_names, dtype=object))
    _numbers(group, "wavelength_nm", [band], made.sensor.wavelengths_nm)
    for key in ROW_TEXTS:
        _texts(group, key, observation, made[key])
    for key in (*ROW_NUMBERS, *BAND_NUMBERS):
        check(progress)
        dimensions = [observation] if key in ROW_NUMBERS else [observation, band]
        _numbers(group, key, dimensions, made[key])


def _type(kind: int) -> Any:
    return gdal.ExtendedDataType.Create(kind)


def _attribute(owner: Any, key: str, text: str) -> None:
    owner.CreateAttribute(key, [], gdal.ExtendedDataType.CreateString()).Write(text)


def _texts(group: Any, key: str, dimension: Any, values: AnyArray) -> None:
    made = group.CreateMDArray(key, [dimension], gdal.ExtendedDataType.CreateString())
    made.Write([str(value) for value in values])


def _numbers(group: Any, key: str, dimensions: list[Any], values: AnyArray) -> None:
    made = group.CreateMDArray(key, dimensions, _type(gdal.GDT_Float64))
    standard, unit = MEANING.get(key, ("", "degree" if key.endswith("_deg") else "1"))
    made.SetUnit(unit)
    if standard:
        _attribute(made, "standard_name", standard)
    if len(dimensions) == 2:
        _attribute(made, "coordinates", "time latitude longitude band_name")
    made.SetNoDataValueDouble(float("nan"))
    made.WriteArray(np.ascontiguousarray(values, dtype=np.float64))


def read_netcdf(path: Path, hints: Hints, progress: Progress) -> list[Measurements]:
    """The measurements of a file that ``write_netcdf`` made; raises ``InputError`` for others."""
    try:
        found = _read(path)
    except (RuntimeError, AttributeError, KeyError, ValueError) as error:
        raise InputError(
            f"{path.name} is not a NetCDF file of measurements as this toolbox exports them "
            f"({str(error) or 'something is missing'})."
        ) from error
    check(progress)
    return [found]


def _read(path: Path) -> Measurements:
    data = gdal.OpenEx(str(path), gdal.OF_MULTIDIM_RASTER)
    group = data.GetRootGroup()
    there = set(group.GetMDArrayNames())
    time = group.OpenMDArray("time")
    if time.GetUnit() != TIME_UNIT:
        raise ValueError(f"its times are not in {TIME_UNIT}")
    names = [str(name) for name in group.OpenMDArray("band_name").Read()]
    wavelengths = group.OpenMDArray("wavelength_nm").ReadAsArray()
    bands = (Band(name, float(nm)) for name, nm in zip(names, wavelengths, strict=True))
    rows: dict[str, AnyArray] = {}
    for key in there & set(ROW_TEXTS):
        texts = group.OpenMDArray(key).Read()
        rows[key] = np.array(["" if text is None else str(text) for text in texts], dtype=object)
    for key in there & set(ROW_NUMBERS):
        rows[key] = group.OpenMDArray(key).ReadAsArray()
    by_band = {key: group.OpenMDArray(key).ReadAsArray() for key in there & set(BAND_NUMBERS)}
    sensor = Sensor(str(group.GetAttribute("sensor").Read()), tuple(bands))
    times = time.ReadAsArray().astype(np.int64).astype("datetime64[ms]")
    return Measurements(sensor, times, rows, by_band)
