# SPDX-License-Identifier: GPL-3.0-or-later
"""The real series of the data folder as measurements, and the tables that belong to them."""

from __future__ import annotations

import csv
import gzip
import re
from pathlib import Path

import numpy as np

from calval_toolbox.core.calibration.sensor_tables import SensorTables
from calval_toolbox.core.calibration.transfer import Side
from calval_toolbox.core.calibration.types import Band, Measurements, Sensor

ALTITUDES = {"Libya4": 118.0, "DomeC": 3230.0}
MERIS = ("MERIS", "3rd_Reprocessing")


def load(folder: Path, site: str, sensor: str, version: str) -> Measurements:
    """One file, read with the standard library alone."""
    path = folder / "calibration" / "dimitri_timeseries" / f"{site}_{sensor}_{version}.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        head, *lines = csv.reader(stream)
    table = np.array([[float(cell) if cell else np.nan for cell in line] for line in lines])
    column = {name: table[:, number] for number, name in enumerate(head)}
    names = [name[4:] for name in head if name.startswith("rho_")]
    bands = tuple(Band(name, float(re.sub(r"\D", "", name))) for name in names)
    count = len(table)
    year = column["decimal_year"].astype(int)
    starts = np.array([f"{one}-01-01" for one in year], dtype="datetime64[ms]")
    ends = np.array([f"{one + 1}-01-01" for one in year], dtype="datetime64[ms]")
    passed = (column["decimal_year"] - year) * (ends - starts).astype(float)
    per_band = {
        "mean": np.stack([column[f"rho_{name}"] for name in names], axis=1),
        "std": np.stack([column[f"std_{name}"] for name in names], axis=1),
        "view_zenith_deg": np.repeat(column["vza"][:, None], len(names), axis=1),
        "view_azimuth_deg": np.repeat(column["vaa"][:, None], len(names), axis=1),
    }
    rows = {
        "site": np.full(count, site, dtype=object),
        "version": np.full(count, version, dtype=object),
        "sun_zenith_deg": column["sza"],
        "sun_azimuth_deg": column["saa"],
        "ozone_du": column["ozone_du"],
        "water_vapor_g_cm2": column["wv"],
        "pressure_hpa": column["pressure"],
    }
    # These series count the days of the year from 1.
    time = starts + passed.astype("timedelta64[ms]") - np.timedelta64(1, "D")
    return Measurements(Sensor(sensor, bands), time, rows, per_band)


def side(folder: Path, site: str, sensor: str, version: str) -> Side:
    """A sensor over a site, with the coefficients and responses of the data folder."""
    measurements = load(folder, site, sensor, version)
    tables = SensorTables(folder / "calibration")
    return Side(measurements, tables.bands(measurements.sensor), ALTITUDES)
