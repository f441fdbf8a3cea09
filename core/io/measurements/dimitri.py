# SPDX-License-Identifier: GPL-3.0-or-later
"""CSV files like those of DIMITRI: one observation a row, ``rho_BAND`` and ``std_BAND`` a band.

Columns: decimal_year (see ``decimal_years``), vza, vaa, sza, saa (degrees), ozone_du, pressure
(hPa), wv (g/cm2), rho_412 ..., std_412 ...; empty cells are unknown. What the original does not
have follows in further columns, so that nothing is lost: sensor, site, version, other columns of
measurements by their own names, time where a decimal year is not exact, and vza_BAND, vaa_BAND,
median_BAND, count_BAND, saturated_fraction_BAND where bands differ in them, wavelength_nm_BAND
where the name of the band does not say it. Sensor, site and version of a file without those
columns come from its name, ``SITE_SENSOR_VERSION.csv``.
"""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path

import numpy as np

from ...calibration.types import ROW_NUMBERS, ROW_TEXTS, Measurements
from ...errors import InputError, TableError
from ...progress import Progress, check
from ...table import Table
from ...times import fixed_texts
from ...types import AnyArray, FloatArray
from ..csv_tables import read_csv
from .decimal_years import from_times, to_times
from .hints import Hints, nominal, required, told_apart
from .text import number, written

NAMES = {
    "sza": "sun_zenith_deg", "saa": "sun_azimuth_deg", "ozone_du": "ozone_du",
    "pressure": "pressure_hpa", "wv": "water_vapor_g_cm2",
}  # fmt: skip
VIEW = {"vza": "view_zenith_deg", "vaa": "view_azimuth_deg"}
BANDS = {
    "rho": "mean", "std": "std", **VIEW, "median": "median", "count": "count",
    "saturated_fraction": "saturated_fraction",
}  # fmt: skip
CENTER = "wavelength_nm"
_OTHERS = tuple(name for name in (*ROW_TEXTS, *ROW_NUMBERS) if name not in NAMES.values())
_FILE = re.compile(r"([^_]+)_([^_]+)_(.+)")
_EVERY = 5000


def looks_like_dimitri(line: str) -> bool:
    """Whether a line is the header of such a file."""
    return bool(re.search(r'(^|[,;\t"])decimal_year([,;\t"]|\r?$)', line)) and "rho_" in line


def read_dimitri(path: Path, hints: Hints, progress: Progress) -> list[Measurements]:
    """The measurements of a file, by sensor.

    Raises ``InputError`` where nothing tells the sensor or the site, ``TableError`` for a column
    that is missing or not numeric.
    """
    table = read_csv(path, None, progress)
    bands = [name.removeprefix("rho_") for name in table.columns if name.startswith("rho_")]
    if not bands or not len(table):
        raise InputError(f"{path.name} has no column rho_..., or no row.")
    site, sensor, version = _from_name(path, hints)
    sensors = table.texts("sensor", default=sensor)
    sites = table.texts("site", default=site)
    for name, values, key in (("sensor", sensors, "SENSOR"), ("site", sites, "SITE")):
        for row in np.flatnonzero(values == "")[:1]:
            required(name, "", key, f"Row {row + 1} of {path.name}")
    columns = {"site": sites, "version": table.texts("version", default=version)}
    made = []
    for name in dict.fromkeys(sensors.tolist()):
        chosen = sensors == name
        own = {key: values[chosen] for key, values in columns.items()}
        made.append(_made(table.select(chosen), hints, (str(name), bands), own))
    return made


def _from_name(path: Path, hints: Hints) -> tuple[str, str, str]:
    """Site, sensor and version: as given, or else from the name of the file."""
    stem = path.name.removesuffix(".gz").removesuffix(".csv").removesuffix(".txt")
    found = _FILE.fullmatch(stem)
    site, sensor, version = found.groups() if found else ("", "", "")
    return hints.site or site, hints.sensor or sensor, hints.version or version


def _made(
    part: Table, hints: Hints, of: tuple[str, list[str]], own: dict[str, AnyArray]
) -> Measurements:
    name, bands = of
    rows: dict[str, AnyArray] = dict(own)
    for theirs, mine in NAMES.items():
        rows[mine] = part.floats(theirs, default=np.nan)
    for key in _OTHERS:
        if key not in rows and key in part:
            rows[key] = part.texts(key) if key in ROW_TEXTS else part.floats(key)
    by_band = {mine: _by_band(part, theirs, bands) for theirs, mine in BANDS.items()}
    stated = {
        band: float(part.floats(f"{CENTER}_{band}")[0])
        for band in bands
        if f"{CENTER}_{band}" in part
    }
    hints = replace(hints, wavelengths={**stated, **hints.wavelengths})
    made = Measurements(hints.make_sensor(name, bands), _times(part), rows, by_band)
    return told_apart(made)


def _times(part: Table) -> AnyArray:
    years = part.floats("decimal_year")
    bad = np.flatnonzero(~((years >= 1900) & (years < 2200)))
    if len(bad):
        raise TableError(
            f"{part.name} has no usable decimal year in row {bad[0] + 1} (of its sensor): numbers "
            "such as 2002.71231187 are expected."
        )
    return part.times("time") if "time" in part else to_times(years)


def _by_band(part: Table, name: str, bands: list[str]) -> FloatArray:
    """Values (n, b): of the band where it has a column of its own, else of the whole row."""
    whole = part.floats(name, default=np.nan) if name in VIEW else np.full(len(part), np.nan)
    cells = [part.floats(f"{name}_{band}") if f"{name}_{band}" in part else whole for band in bands]
    return np.column_stack(cells)


def write_dimitri(measurements: Measurements, path: Path, progress: Progress) -> None:
    """Write one row per measurement, with all that is known of it.

    Raises ``OutputError`` where the disk does not take it.
    """
    columns = _columns(measurements)
    with written(path) as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        for start in range(0, len(measurements), _EVERY):
            check(progress)
            progress.report(start / len(measurements))
            part = slice(start, start + _EVERY)
            cells = [_texts(values[part]) for values in columns.values()]
            writer.writerows(zip(*cells, strict=True))


def _columns(measurements: Measurements) -> dict[str, AnyArray]:
    years, exact = from_times(measurements.time)
    columns: dict[str, AnyArray] = {"decimal_year": years}
    shared = {theirs: _shared(measurements[mine]) for theirs, mine in VIEW.items()}
    for theirs, values in shared.items():
        columns[theirs] = np.full(len(years), np.nan) if values is None else values
    columns |= {theirs: measurements[mine] for theirs, mine in NAMES.items()}
    bands = measurements.sensor.band_names
    for theirs, mine in BANDS.items():
        cells = measurements[mine]
        needed = theirs in ("rho", "std") or (theirs in VIEW and shared[theirs] is None)
        if needed or (theirs not in VIEW and not np.isnan(cells).all()):
            columns |= {f"{theirs}_{band}": cells[:, i] for i, band in enumerate(bands)}
    columns["sensor"] = np.full(len(years), measurements.sensor.name, dtype=object)
    for key in ("site", "version"):
        columns[key] = measurements[key]
    columns |= {key: measurements[key] for key in _OTHERS
                if key not in columns and _says_something(measurements[key])}  # fmt: skip
    for band in measurements.sensor.bands:
        expected = nominal(band.name)
        same = band.wavelength_nm == expected or np.isnan([band.wavelength_nm, expected]).all()
        if not same:
            columns[f"{CENTER}_{band.name}"] = np.full(len(years), band.wavelength_nm)
    if not exact:
        columns["time"] = fixed_texts(measurements.time)
    return columns


def _shared(angles: FloatArray) -> FloatArray | None:
    """The angle of each row where all its bands have the same, else None."""
    first = angles[:, :1]
    same = (angles == first) | (np.isnan(angles) & np.isnan(first))
    return first[:, 0] if same.all() else None


def _says_something(values: AnyArray) -> bool:
    return bool(np.any(values != "") if values.dtype.kind == "O" else np.any(~np.isnan(values)))


def _texts(values: AnyArray) -> list[str]:
    if values.dtype.kind == "O":
        return [str(cell) for cell in values]
    return ["" if cell != cell else number(cell) for cell in values.tolist()]
