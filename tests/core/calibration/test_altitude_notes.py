# SPDX-License-Identifier: GPL-3.0-or-later
"""Altitudes of sites that are not known are told, with what is taken instead."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.calibration.database_run import CrossRequest, SideReader
from calval_toolbox.core.calibration.types import Band, Measurements, Sensor
from calval_toolbox.core.database import open_database
from calval_toolbox.core.database.measurements import save_measurements
from calval_toolbox.core.database.sites import shipped_site


@pytest.mark.parametrize(
    ("sites", "told"),
    [
        (("Libya4", "Mali1", "DomeC"), "no altitude of Libya4, Mali1: 500 m is taken"),
        (("DomeC",), ""),
    ],
)
def test_unknown_altitudes_are_told(tmp_path: Path, sites: tuple[str, ...], told: str) -> None:
    sensor = Sensor("S2A/MSI", (Band("B04", 665.0),))
    time = np.datetime64("2020-01-01", "ms") + np.arange(len(sites)).astype("timedelta64[D]")
    rows = {"site": np.array(sites, dtype=object)}
    with open_database(str(tmp_path / "c.gpkg"), create=True) as db:
        save_measurements(db, Measurements(sensor, time, rows, {}))
        reader = SideReader(db, CrossRequest(sensor.name, sensor.name, altitude_m=500.0))
        altitude = dict(zip(sites, reader.target().altitude.tolist(), strict=False))
    assert altitude["DomeC"] == 3200.0
    assert altitude.get("Libya4", 500.0) == 500.0
    assert len(reader.altitude_notes) == bool(told)
    assert all(told in note and "954 hPa" in note for note in reader.altitude_notes)


def test_shipped_altitudes_are_only_those_that_are_known() -> None:
    found = {name: shipped_site(name) for name in ("DomeC", "Libya4", "Moby", "ClimMoby")}
    altitudes = {name: site.altitude_m for name, site in found.items() if site is not None}
    assert altitudes["DomeC"] == 3200.0
    assert altitudes["Moby"] == altitudes["ClimMoby"] == 0.0
    assert np.isnan(altitudes["Libya4"])
