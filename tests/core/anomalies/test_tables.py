# SPDX-License-Identifier: GPL-3.0-or-later
"""Detections written as tables and read back hold the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.anomalies.detect import Detection, detect
from calval_toolbox.core.anomalies.inject import inject
from calval_toolbox.core.anomalies.simulate import SITES, simulate_series
from calval_toolbox.core.anomalies.tables import (
    BAND_FLOATS,
    DATE_FLOATS,
    detections_from_table,
    table_of_anomalies,
    table_of_detections,
)
from calval_toolbox.core.errors import TableError
from calval_toolbox.core.io.tables import positions, read_table, write_table
from calval_toolbox.core.series.table import series_from_table
from calval_toolbox.core.series.types import TimeSeries

Pair = tuple[list[TimeSeries], list[Detection]]


@pytest.fixture(scope="module")
def found() -> Pair:
    """Two sites with planted clouds; one with a band missing on some dates, and a second
    observation at the same time.
    """
    series = []
    for number, name in enumerate(("Morocco", "Toulouse")):
        one, _ = simulate_series(SITES[name], number + 1, years=2)
        one, _ = inject(one, "cloud", 0.1, 4, seed=number)
        one, _ = inject(one, "shadow", 0.6, 2, seed=number + 5)
        values = np.array(one.values)
        if number:
            values[10:20, 2] = np.nan
            values[30:40, 0] = np.nan
        series.append(replace(one, values=values))
    return series, [detect(one) for one in series]


def test_round_trip_through_a_file(found: Pair, tmp_path: Path) -> None:
    series, detections = found
    common = [np.where(d.flagged, "sensor", "").astype(object) for d in detections]
    table = table_of_detections(series, detections, common)
    path = tmp_path / "detections.gpkg"
    write_table(table, path)
    back = detections_from_table(read_table(path))
    assert [one.series.site for one in back] == ["Morocco", "Toulouse"]
    for one, was, detection, marks in zip(back, series, detections, common, strict=True):
        assert (one.series.times == was.times).all()
        np.testing.assert_allclose(one.series.values, was.values)
        there = np.isfinite(was.values)
        for key in BAND_FLOATS:
            wanted = np.where(there, getattr(detection, key), np.nan)
            np.testing.assert_allclose(getattr(one, key), wanted)
        for key in (*DATE_FLOATS, "noise"):
            np.testing.assert_allclose(getattr(one, key), getattr(detection, key))
        for key in ("status", "type", "unit", "flagged", "kept", "agreement"):
            assert (getattr(one, key) == getattr(detection, key)).all(), key
        assert (one.common == marks).all()
        assert (one.verdict == "").all()
        assert (one.harmonics, one.threshold) == (detection.harmonics, 0.001)
        assert not one.flagged.all()
        assert one.flagged.sum() >= 4


def test_a_row_knows_its_place(found: Pair) -> None:
    series, detections = found
    table = table_of_detections(series, detections)
    for one in detections_from_table(table):
        for date in (0, 12, len(one.series) - 1):
            rows = one.rows_of(date)
            assert (table["site"][rows] == one.series.site).all()
            assert (table["time"][rows] == one.series.times[date]).all()
            bands = [b for b, row in zip(one.series.bands, one.row[date], strict=True) if row >= 0]
            assert list(table["band"][rows]) == bands
    toulouse = detections_from_table(table)[1]
    assert toulouse.row[12, 2] == -1
    assert len(toulouse.rows_of(12)) == 5


def test_the_long_table_is_a_table_of_time_series(found: Pair) -> None:
    series, detections = found
    again = series_from_table(table_of_detections(series, detections))
    assert [one.site for one in again] == [one.site for one in series]
    np.testing.assert_array_equal(again[1].values, series[1].values)


def test_anomalies(found: Pair) -> None:
    series, detections = found
    table = table_of_anomalies(series, detections)
    assert len(table) == sum(int(d.flagged.sum()) for d in detections)
    longitude, latitude, _ = positions(table.geometry)
    for row in range(len(table)):
        number = [one.site for one in series].index(table["site"][row])
        one, detection = series[number], detections[number]
        date = int(np.flatnonzero((one.times == table["time"][row]) & detection.flagged)[0])
        assert table["type"][row] == detection.type[date] != "none"
        band = one.bands.index(table["largest_band"][row])
        assert np.abs(table["largest_z"][row]) == np.nanmax(np.abs(detection.z[date]))
        assert table["largest_residual"][row] == detection.residual[date, band]
        np.testing.assert_array_equal(
            [table[f"residual_{name}"][row] for name in one.bands], detection.residual[date]
        )
        assert (longitude[row], latitude[row]) == (one.longitude, one.latitude)
    assert (table["largest_z"] < 0).any()


def test_no_anomaly_gives_an_empty_table(found: Pair, tmp_path: Path) -> None:
    series, detections = found
    quiet = [replace(d, flagged=np.zeros(len(d.times), bool)) for d in detections]
    table = table_of_anomalies(series, quiet)
    assert len(table) == 0
    write_table(table, tmp_path / "none.gpkg")
    assert len(read_table(tmp_path / "none.gpkg")) == 0


def test_another_table_is_refused(found: Pair) -> None:
    table = table_of_detections(*found)
    columns = {key: value for key, value in table.columns.items() if key != "expected"}
    with pytest.raises(TableError, match="no column 'expected'"):
        detections_from_table(replace(table, columns=columns))
