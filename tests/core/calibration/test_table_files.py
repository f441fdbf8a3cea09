# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of sensors that are missing are named, and responses of the database are used."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.calibration.database_run import (
    CrossRequest,
    SideReader,
    calibrate_from,
)
from calval_toolbox.core.calibration.desert import Settings
from calval_toolbox.core.calibration.sensor_tables import SensorTables
from calval_toolbox.core.calibration.types import Band, Measurements, Sensor
from calval_toolbox.core.database import Database, open_database
from calval_toolbox.core.database.measurements import save_measurements
from calval_toolbox.core.database.sensors import Response, save_response
from calval_toolbox.core.errors import InputError

MSI = Sensor("S2A/MSI", (Band("B3", 559.8), Band("B4", 664.6)))
AATSR = Sensor("AATSR", (Band("555", 555.0),))


def fill(db: Database, sensor: Sensor) -> None:
    """One clear measurement of a sensor over Libya-4."""
    values = {name: np.full((1, len(sensor.bands)), value) for name, value in (
        ("mean", 0.4), ("std", 0.004), ("view_zenith_deg", 5.0), ("view_azimuth_deg", 100.0),
    )}  # fmt: skip
    rows = {"site": np.array(["Libya4"], dtype=object), "sun_zenith_deg": np.array([30.0]),
            "sun_azimuth_deg": np.array([140.0])}  # fmt: skip
    time = np.array(["2020-01-01"], dtype="datetime64[ms]")
    save_measurements(db, Measurements(sensor, time, rows, values))


def test_responses_of_the_database_are_used(tmp_path: Path) -> None:
    wavelengths = np.arange(640.0, 691.0)
    curve = np.exp(-(((wavelengths - 667.0) / 9.0) ** 2))
    with open_database(str(tmp_path / "c.gpkg"), create=True) as db:
        fill(db, MSI)
        save_response(db, MSI.name, Response("B4", wavelengths, curve, "product"))
        reader = SideReader(db, CrossRequest(MSI.name, MSI.name))
        models = {one.name: one for one in reader.target().bands}
    assert models["B4"].effective_nm == pytest.approx(667.0, abs=0.05)
    assert models["B3"].response is None
    [note] = [note for note in reader.notes if "response" in note]
    assert "no spectral response of B3; they count" in note
    assert "Not shipped: give its folder (ATMOSPHERE): rep6S_S2A_V20171219.dat." in note


def test_absent_file_is_named(tmp_path: Path) -> None:
    tables = SensorTables(tmp_path)
    tables.bands(AATSR)
    assert tables.notes == [
        "AATSR: no SMAC coefficients of 555; these bands are left out. "
        f"Not in {tmp_path}: coef_AATSR_550_DES.dat."
    ]
    with open_database(str(tmp_path / "c.gpkg"), create=True) as db:
        fill(db, AATSR)
        fill(db, MSI)
        request = CrossRequest(AATSR.name, MSI.name, atmosphere=str(tmp_path))
        with pytest.raises(InputError, match=r"No band of AATSR .*coef_AATSR_550_DES\.dat\."):
            calibrate_from(db, request, Settings(), None)
