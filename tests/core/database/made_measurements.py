# SPDX-License-Identifier: GPL-3.0-or-later
"""Measurements with something in every column, for the tests of the database and of files."""

from __future__ import annotations

from typing import Any

import numpy as np

from calval_toolbox.core.calibration.types import (
    BAND_NUMBERS,
    ROW_NUMBERS,
    ROW_TEXTS,
    Band,
    Measurements,
    Sensor,
)

MERIS = Sensor("MERIS", (Band("412", 412.0), Band("665lo", 665.25), Band("865", 865.0)))


def measurements(
    count: int = 40, seed: int = 1, sensor: Sensor = MERIS, gaps: bool = True
) -> Measurements:
    """Random numbers with all their digits, gaps in all columns, three sites, odd texts."""
    rng = np.random.default_rng(seed)
    bands = len(sensor.bands)
    step = np.arange(count) * np.timedelta64(86_400_123, "ms")
    rows: dict[str, Any] = {name: rng.normal(50.0, 30.0, count) for name in ROW_NUMBERS}
    rows |= {name: np.array([f"{name} {i}" for i in range(count)], dtype=object)
             for name in ROW_TEXTS}  # fmt: skip
    sites = ["Libya4", "DomeC", 'A "quoted"; site, with Ünicode']
    rows["site"] = np.array([sites[i % 3] for i in range(count)], dtype=object)
    rows["version"] = np.array(["3rd_Reprocessing", "2nd"], dtype=object)[np.arange(count) % 2]
    rows["latitude"] = np.array([28.55, -75.1, 3.0])[np.arange(count) % 3]
    by_band = {name: rng.normal(0.5, 0.2, (count, bands)) for name in BAND_NUMBERS}
    if gaps:
        for name in ROW_NUMBERS:
            if name != "latitude":
                rows[name][rng.random(count) < 0.2] = np.nan
        for name in [name for name in ROW_TEXTS if name not in ("site", "version")]:
            rows[name][rng.random(count) < 0.2] = ""
        for name in BAND_NUMBERS:
            by_band[name][rng.random((count, bands)) < 0.2] = np.nan
        for values in by_band.values():
            values[0, -1] = np.nan  # nothing is known of this band
    time = np.datetime64("2002-05-01T08:52:59.987", "ms") + step
    return Measurements(sensor, time, rows, by_band)


def assert_same(one: Measurements, two: Measurements, skip: tuple[str, ...] = ()) -> None:
    """Every value is the same, bit by bit."""
    assert one.sensor == two.sensor
    np.testing.assert_array_equal(one.time, two.time)
    for name in (*ROW_NUMBERS, *ROW_TEXTS, *BAND_NUMBERS):
        if name not in skip:
            np.testing.assert_array_equal(one[name], two[name], err_msg=name)
