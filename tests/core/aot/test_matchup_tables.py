# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables in many shapes become observations, and come back as the contract says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from calval_toolbox.core.aot.filters import headline_rows
from calval_toolbox.core.aot.matchup import match
from calval_toolbox.core.aot.matchup_tables import (
    matchups_from_table,
    matchups_to_table,
    observations_from_table,
    read_observations,
    summaries_to_table,
)
from calval_toolbox.core.aot.types import MatchSettings, Observations
from calval_toolbox.core.errors import TableError
from calval_toolbox.core.io.tables import points
from calval_toolbox.core.progress import Progress, Silent
from calval_toolbox.core.table import Table

MATCHUP_COLUMNS = (
    "site,time,satellite,reference,difference,reference_count,reference_std,time_offset_min,"
    "stable,accepted,reason,headline,quantity,season,window_m,sensor,campaign,product,datatake,level,"
    "instrument,angstrom_440_870,aot_std,aot_gradient,valid_fraction,cloud_fraction,"
    "gapfilled_fraction,saturated_count,zero_count,altitude_difference_m,neighborhood_cloud,"
    "status,longitude,latitude"
)


def text(*values: str) -> np.ndarray:
    return np.array(values, dtype=object)


def foreign() -> Table:
    """Everything as text, as a CSV file gives it; the position is only in the geometry."""
    columns = {
        "when": text("20201211200", "20201221200", ""),
        "tau": text("0.25", "NA", "0.1"),
        "cloud_fraction": text("0.5", "", "0"),
    }
    shapes = points(np.array([1.5, np.nan, 2.0]), np.array([43.5, 1.0, 44.0]))
    return Table(columns, "mine.csv", shapes)


def test_foreign_table_with_one_site_name() -> None:
    found = observations_from_table(foreign(), "site", "when", "tau", "%Y%j%H%M", "Toulouse")
    assert found.site.tolist() == ["Toulouse"] * 3
    assert found.time[0] == np.datetime64("2020-04-30T12:00")
    assert np.isnat(found.time[2])
    np.testing.assert_array_equal(found.value, [0.25, np.nan, 0.1])
    np.testing.assert_array_equal(found.extra["cloud_fraction"], [0.5, np.nan, 0.0])
    np.testing.assert_array_equal(found.extra["longitude"], [1.5, np.nan, 2.0])
    np.testing.assert_array_equal(found.extra["latitude"], [43.5, np.nan, 44.0])


def test_positions_of_points_with_a_height_are_kept() -> None:
    shapes = np.empty(3, dtype=object)
    shapes[:] = [bytes.fromhex(head) for head in ("01e9030000", "0000000001", "00")]
    shapes[:] = [
        shapes[0] + np.array([1.5, 43.5, 100.0], "<f8").tobytes(),
        shapes[1] + np.array([1.5, 43.5], ">f8").tobytes(),
        None,
    ]
    table = Table(foreign().columns, "mine.csv", shapes)
    found = observations_from_table(table, "site", "when", "tau", "%Y%j%H%M", "Toulouse")
    np.testing.assert_array_equal(found.extra["longitude"], [1.5, 1.5, np.nan])
    np.testing.assert_array_equal(found.extra["latitude"], [43.5, 43.5, np.nan])


def test_missing_columns_are_named() -> None:
    with pytest.raises(TableError, match=r"mine\.csv has no column 'site'.*when, tau"):
        observations_from_table(foreign(), "site", "when", "tau", "%Y%j%H%M")
    asked: list[object] = []

    def read(progress: Progress, columns: Sequence[str] | None) -> Table:
        asked.append(columns)
        whole = foreign()
        if columns is None:
            return whole
        return Table({k: v for k, v in whole.columns.items() if k in columns}, whole.name)

    with pytest.raises(TableError, match="when, tau, cloud_fraction"):
        read_observations(read, "", "when", "aod", "%Y%j%H%M", "T", Silent())
    assert asked[1] is None
    found = read_observations(read, "", "when", "tau", "%Y%j%H%M", "T", Silent())
    assert found.value[0] == 0.25


def test_matchup_table_has_the_columns_of_the_contract() -> None:
    reference = Observations(
        text("A", "A"), np.array(["2020-05-01", "2020-05-01"], "M8[ms]"), np.array([0.1, 0.2])
    )
    satellite = Observations(text("A"), np.array(["2020-05-01"], "M8[ms]"), np.array([0.2]))
    table = matchups_to_table(match(satellite, reference, MatchSettings(quantity="aot")))
    assert list(table.columns) == MATCHUP_COLUMNS.split(",")
    assert table["accepted"].tolist() == [1]
    assert table.floats("difference")[0] == pytest.approx(0.05)
    assert np.isnan(table.floats("window_m")[0])  # absent in the inputs: empty
    assert table.texts("sensor")[0] == ""
    assert table.geometry[0] is None


def test_table_remembers_the_window_of_the_figures_and_the_site_of_the_satellite() -> None:
    stamp = np.array(["2020-05-01"] * 3, "M8[ms]")
    reference = Observations(text("A", "A", "A"), stamp, np.array([0.1, 0.2, 0.3]))
    extra = {"window_m": np.array([1000.0, 5000.0, 20000.0]), "status": text("", "remark", "")}
    satellite = Observations(text("a", "a", "A"), stamp, np.array([0.2, 0.2, 0.2]), extra)
    for chosen, marks in ((None, [0, 1, 0]), (900.0, [1, 0, 0]), (20000.0, [0, 0, 1])):
        table = matchups_to_table(match(satellite, reference, MatchSettings(window_m=chosen)))
        assert table["headline"].tolist() == marks
        found = matchups_from_table(table)
        assert found.settings.window_m == extra["window_m"][marks.index(1)]
        assert headline_rows(found).tolist() == [bool(mark) for mark in marks]
    assert found.site.tolist() == ["A"] * 3
    assert found.extra["satellite_site"].tolist() == ["a", "a", "A"]
    assert found.extra["status"].tolist() == ["", "remark", ""]
    plain = {key: values for key, values in table.columns.items() if key != "headline"}
    assert matchups_from_table(Table(plain)).settings.window_m is None
    # Without window sizes all rows are those of the figures.
    without = matchups_to_table(match(replace(satellite, extra={}), reference))
    assert without["headline"].tolist() == [1, 1, 1]
    assert matchups_from_table(without).settings.window_m is None


def test_mixed_quantities_are_refused() -> None:
    columns = {
        "site": text("A", "A"),
        "time": np.array(["2020-05-01", "2020-05-01"], "M8[ms]"),
        "satellite": np.array([0.1, 1.0]),
        "reference": np.array([0.1, 1.0]),
        "reference_count": np.array([3, 0]),
        "accepted": np.array([1, 0]),
        "quantity": text("aot", "water_vapor"),
    }
    with pytest.raises(TableError, match="aot, water_vapor"):
        matchups_from_table(Table(columns, "both.gpkg"))
    single = Table({**columns, "quantity": text("water_vapor", "water_vapor")})
    found = matchups_from_table(single)
    assert found.settings.quantity == "water_vapor"
    assert found.accepted.tolist() == [True, False]
    with pytest.raises(TableError, match="'accepted'"):
        matchups_from_table(Table({k: v for k, v in single.columns.items() if k != "accepted"}))


def test_statistics_table_has_the_columns_of_the_contract() -> None:
    names = list(summaries_to_table([]).columns)
    assert names[:6] == [
        "grouping",
        "group",
        "count",
        "blocks",
        "reference_mean",
        "satellite_mean",
    ]
    for stem in ("bias", "std", "rmse", "mae", "median", "nmad", "correlation", "rank_correlation"):
        assert {stem, f"{stem}_low", f"{stem}_high"} <= set(names)
    for stem in ("ee", "gcos", "gaw_goal", "gaw_threshold"):
        assert {f"{stem}_percent", f"{stem}_low", f"{stem}_high"} <= set(names)
    for method in ("ols", "deming", "theil_sen"):
        assert {f"slope_{method}", f"slope_{method}_low", f"intercept_{method}"} <= set(names)


@pytest.mark.parametrize(
    ("time", "value", "parameter"),
    [("time", "tau", "TIME_FIELD"), ("when", "aot_mean", "AOT_FIELD")],
)
def test_a_missing_column_comes_with_the_parameter_that_names_it(
    time: str, value: str, parameter: str
) -> None:
    with pytest.raises(
        TableError, match=rf"has no column.*Its columns are.*\({parameter}; AERONET_"
    ):
        observations_from_table(foreign(), "site", time, value, "%Y%j%H%M", "Toulouse")
