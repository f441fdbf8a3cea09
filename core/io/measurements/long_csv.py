# SPDX-License-Identifier: GPL-3.0-or-later
"""A plain CSV table with everything: one row per measurement and band.

``measurement`` counts the measurements of a sensor in the file; the columns of a measurement are
repeated in the rows of its bands. Numbers have all their digits: reading gives what was written.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np

from ...calibration.types import BAND_NUMBERS, ROW_NUMBERS, ROW_TEXTS, Band, Measurements, Sensor
from ...errors import InputError, TableError
from ...progress import Progress, check
from ...table import Table
from ...times import fixed_texts
from ...types import AnyArray
from ..csv_tables import read_csv
from .hints import Hints, required
from .text import number, written

HEADER = ("measurement", "sensor", "time", *ROW_TEXTS, *ROW_NUMBERS, "band", "wavelength_nm",
          *BAND_NUMBERS)  # fmt: skip
KEY = ("version", "site", "time", "product")
_EVERY = 1000


def looks_like_long_csv(line: str) -> bool:
    """Whether a line is the header of such a table."""
    names = {cell.strip().strip('"') for cell in line.replace(";", ",").split(",")}
    return {"time", "band", "mean"} <= names


def write_long_csv(measurements: Measurements, path: Path, progress: Progress) -> None:
    """Write all that is known; raises ``OutputError`` where the disk does not take it."""
    bands = [(band.name, _cell(band.wavelength_nm)) for band in measurements.sensor.bands]
    times = fixed_texts(measurements.time)
    with written(path) as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(HEADER)
        for row in range(len(measurements)):
            if row % _EVERY == 0:
                check(progress)
                progress.report(row / len(measurements))
            head = [row, measurements.sensor.name, times[row]]
            head += [measurements[key][row] for key in ROW_TEXTS]
            head += [_cell(float(measurements[key][row])) for key in ROW_NUMBERS]
            cells = np.column_stack([measurements[key][row] for key in BAND_NUMBERS]).tolist()
            writer.writerows(
                [*head, *band, *map(_cell, values)]
                for band, values in zip(bands, cells, strict=True)
            )


def _cell(value: float) -> str:
    return "" if value != value else number(value)


def read_long_csv(path: Path, hints: Hints, progress: Progress) -> list[Measurements]:
    """The measurements of a table, by sensor.

    Columns that are missing are unknown; without ``measurement`` the rows of one version, site,
    time and product belong together. Raises ``InputError`` where nothing tells the sensor or the
    site, ``TableError`` where rows of one measurement contradict each other.
    """
    table = read_csv(path, None, progress)
    if not len(table):
        raise InputError(f"{path.name} has no row.")
    sensors = table.texts("sensor", default=hints.sensor)
    sensors[sensors == ""] = hints.sensor
    for row in np.flatnonzero(sensors == "")[:1]:
        required("sensor", "", "SENSOR", f"Row {row + 1} of {path.name}")
    return [
        _made(table.select(sensors == name), str(name), hints, progress)
        for name in dict.fromkeys(sensors.tolist())
    ]


def _made(part: Table, name: str, hints: Hints, progress: Progress) -> Measurements:
    times = part.times("time")
    texts = {key: part.texts(key, default="") for key in ROW_TEXTS}
    for key, value in (("site", hints.site), ("version", hints.version)):
        texts[key] = np.array([cell or value for cell in texts[key]], dtype=object)
    for row in np.flatnonzero(texts["site"] == "")[:1]:
        required("site", "", "SITE", f"Row {row + 1} of {part.name} ({name})")
    check(progress)
    first, place = _grouped(part, {**texts, "time": times.astype(np.int64)})
    rows: dict[str, AnyArray] = {}
    for key in (*ROW_TEXTS, *ROW_NUMBERS):
        values = texts[key] if key in ROW_TEXTS else part.floats(key, default=np.nan)
        rows[key] = values[first]
        _check_repeated(part, key, values, (first, place))
    _check_repeated(part, "time", times.astype(np.int64), (first, place))
    sensor, band = _bands(part, name, hints)
    by_band = {}
    for key in BAND_NUMBERS:
        cells = np.full((len(first), len(sensor.bands)), np.nan)
        cells[place, band] = part.floats(key, default=np.nan)
        by_band[key] = cells
    _check_once(part, place, band, len(sensor.bands))
    return Measurements(sensor, times[first], rows, by_band)


def _grouped(part: Table, columns: dict[str, AnyArray]) -> tuple[AnyArray, AnyArray]:
    """The first row of each measurement, in their order, and the measurement of each row."""
    keys: list[Any] = (
        part["measurement"].tolist()
        if "measurement" in part
        else list(zip(*(columns[key].tolist() for key in KEY), strict=True))
    )
    number: dict[Any, int] = {}
    place = np.array([number.setdefault(key, len(number)) for key in keys], dtype=np.int64)
    return np.unique(place, return_index=True)[1], place


def _bands(part: Table, name: str, hints: Hints) -> tuple[Sensor, AnyArray]:
    texts, wavelengths = part.texts("band"), part.floats("wavelength_nm", default=np.nan)
    names = list(dict.fromkeys(texts.tolist()))
    own = {str(band): float(nm) for band, nm in zip(texts, wavelengths, strict=True)}
    if "" in own:
        raise TableError(f"{part.name} has rows without the name of a band.")
    bands = []
    for band in hints.make_sensor(name, names).bands:
        stated = own[band.name] if band.name not in hints.wavelengths else np.nan
        said = "wavelength_nm" in part and band.name not in hints.wavelengths
        bands.append(Band(band.name, stated) if said else band)
    place = {band: i for i, band in enumerate(names)}
    return Sensor(name, tuple(bands)), np.array([place[text] for text in texts], dtype=np.int64)


def _check_repeated(
    part: Table, key: str, values: AnyArray, groups: tuple[AnyArray, AnyArray]
) -> None:
    first, place = groups
    repeated = values[first][place]
    same = values == repeated
    if values.dtype.kind == "f":
        same |= np.isnan(values) & np.isnan(repeated)
    for row in np.flatnonzero(~same)[:1]:
        raise TableError(
            f"Row {row + 1} of {part.name} (of its sensor) says another {key} than the row before "
            f"of the same measurement: '{values[row]}' and '{repeated[row]}'."
        )


def _check_once(part: Table, place: AnyArray, band: AnyArray, bands: int) -> None:
    _, first, count = np.unique(place * bands + band, return_index=True, return_counts=True)
    for row in first[count > 1][:1]:
        raise TableError(
            f"{part.name} has a measurement with one band twice (row {row + 1} of its sensor)."
        )
