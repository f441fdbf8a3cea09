# SPDX-License-Identifier: GPL-3.0-or-later
"""Verdicts of an expert in a GeoPackage: all rows or none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.anomalies.verdicts import keep_verdict
from calval_toolbox.core.errors import OutputError
from calval_toolbox.core.io import cells
from calval_toolbox.core.io.tables import points, read_table, write_table
from calval_toolbox.core.table import Table

TIME = np.datetime64("2020-03-05T10:30", "ms")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    times = TIME + np.repeat(np.arange(4), 2) * np.timedelta64(1, "D")
    table = Table(
        {
            "site": np.array(["a", "a", "it's", "it's"] * 2, dtype=object),
            "time": times,
            "band": np.array(["B02", "B04"] * 4, dtype=object),
            "value": np.arange(8) / 10.0,
        },
        "t",
        points(np.full(8, 1.0), np.full(8, 2.0)),
    )
    write_table(table, tmp_path / "t.gpkg")
    return tmp_path / "t.gpkg"


def test_rows_get_the_verdict_and_others_stay(path: Path) -> None:
    keep_verdict(path, "", np.array([2, 3]), "it's", TIME + np.timedelta64(1, "D"), "thin_cloud")
    assert read_table(path)["verdict"].tolist() == ["", "", "thin_cloud", "thin_cloud", *[""] * 4]
    keep_verdict(path, "t", np.array([2]), "it's", TIME + np.timedelta64(1, "D"), "")
    table = read_table(path)
    assert table["verdict"].tolist() == ["", "", "", "thin_cloud", *[""] * 4]
    np.testing.assert_array_equal(table["value"], np.arange(8) / 10.0)
    assert table.geometry is not None


def test_dates_of_several_sites_get_it_together(path: Path) -> None:
    rows = np.array([1, 7])
    sites = np.array(["a", "it's"], dtype=object)
    times = TIME + np.array([0, 3]) * np.timedelta64(1, "D")
    for wrong in (["it's", "it's"], ["a", "a"]):  # the first row, the last row
        with pytest.raises(OutputError, match="has changed"):
            keep_verdict(path, "", rows, np.array(wrong, dtype=object), times, "confirmed")
    assert "verdict" not in read_table(path)
    keep_verdict(path, "", rows, sites, times, "confirmed")
    verdicts = read_table(path)["verdict"].tolist()
    assert [place for place, one in enumerate(verdicts) if one] == [1, 7]


@pytest.mark.parametrize(
    ("rows", "site", "days"), [([2, 3], "a", 1), ([2, 3], "it's", 0), ([98, 99], "it's", 1)]
)
def test_rows_of_another_date_are_refused(
    path: Path, rows: list[int], site: str, days: int
) -> None:
    time = TIME + days * np.timedelta64(1, "D")
    with pytest.raises(OutputError, match="has changed"):
        keep_verdict(path, "", np.array(rows), site, time, "confirmed")
    assert "verdict" not in read_table(path)


def test_failure_in_the_middle_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from osgeo import ogr

    count, real = [0], ogr.Layer.SetFeature

    def fail(layer: ogr.Layer, feature: ogr.Feature) -> int:
        count[0] += 1
        if count[0] == 2:
            raise RuntimeError("disk I/O error")
        return int(real(layer, feature))

    monkeypatch.setattr(cells.ogr.Layer, "SetFeature", fail)
    with pytest.raises(OutputError, match=r"disk I/O error.*as it was"):
        keep_verdict(path, "", np.array([0, 1]), "a", TIME, "confirmed")
    assert count[0] == 2
    assert "verdict" not in read_table(path)


def test_what_cannot_keep_verdicts_is_named(path: Path, tmp_path: Path) -> None:
    write_table(read_table(path), tmp_path / "t.csv")
    rows = np.array([0, 1])
    with pytest.raises(OutputError, match="as a GeoPackage"):
        keep_verdict(tmp_path / "t.csv", "", rows, "a", TIME, "confirmed")
    with pytest.raises(OutputError, match="not there any more"):
        keep_verdict(tmp_path / "gone.gpkg", "", rows, "a", TIME, "confirmed")
    with pytest.raises(OutputError, match="no table 'other'"):
        keep_verdict(path, "other", rows, "a", TIME, "confirmed")
    with pytest.raises(OutputError, match="is no verdict"):
        keep_verdict(path, "", rows, "a", TIME, "perhaps")
