# SPDX-License-Identifier: GPL-3.0-or-later
"""``detectanomalies`` through the provider and the real ``qgis_process``."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsProcessingException

from calval_toolbox.core.anomalies.inject import inject
from calval_toolbox.core.anomalies.simulate import SITES, simulate_series
from calval_toolbox.core.anomalies.tables import DETECTED, detections_from_table
from calval_toolbox.core.io.tables import positions, read_table, write_table
from calval_toolbox.core.report.numbers import expected_count
from calval_toolbox.core.series.table import table_from_series
from calval_toolbox.core.series.types import TimeSeries

Run = Callable[..., dict[str, Any]]
START = np.datetime64("2019-01-01T10:30", "ms")


@pytest.fixture(scope="module")
def planted() -> list[TimeSeries]:
    """Two sites of two years: three clouds the mask does not know, and one offset that both have
    on the same date.
    """
    series = []
    for number, name in enumerate(("Morocco", "Toulouse")):
        one, _ = simulate_series(SITES[name], 40 + number, years=2)
        one, _ = inject(one, "cloud", 0.15, 3, seed=number)
        shared = np.flatnonzero(one.clear & (one.times > np.datetime64("2020-03-01")))[0]
        values = np.array(one.values)
        # The same calendar date at both sites, so that the mask has to let it through.
        date = int(np.searchsorted(one.times, np.datetime64("2020-03-27")))
        values[date] = values[shared] + 0.1
        state = one.mask_state.copy()
        state[date] = "clear"
        series.append(replace(one, values=values, mask_state=state))
    return series


@pytest.fixture
def table(planted: list[TimeSeries], tmp_path: Path) -> Path:
    path = tmp_path / "series.gpkg"
    write_table(table_from_series(planted), path)
    return path


def foreign(path: Path, rows: list[str], head: str = "when,band,dn,qa") -> Path:
    path.write_text("\n".join([head, *rows]) + "\n")
    return path


def rows_of(series: TimeSeries, scale: float = 10_000.0) -> list[str]:
    """A table of somebody else: integers, codes of a mask, days first."""
    return [
        f"{np.datetime64(time, 'D').astype(object):%d/%m/%Y},{band},{value * scale:.0f},"
        f"{0 if state == 'clear' else 4}"
        for time, values, state in zip(series.times, series.values, series.mask_state, strict=True)
        for band, value in zip(series.bands, values, strict=True)
    ]


FOREIGN = {
    "SITE_FIELD": "", "TIME_FIELD": "when", "TIME_FORMAT": "%d/%m/%Y", "VALUE_FIELD": "dn",
    "MASK_FIELD": "qa", "CLEAR_VALUES": "0", "VALUE_SCALE": 0.0001, "SEEK_STEPS": False,
}  # fmt: skip


def test_planted_anomalies_in_the_real_qgis_process(
    run_process: Callable[..., Any], table: Path, planted: list[TimeSeries], tmp_path: Path
) -> None:
    names = {"OUTPUT": "all.gpkg", "ANOMALIES": "found.gpkg", "STEPS": "steps.gpkg",
             "REPORT": "report.html"}  # fmt: skip
    paths = {key: tmp_path / name for key, name in names.items()}
    # Two places with some 20 dates in a season meet on one of them with 5 %.
    inputs = {"INPUT": str(table), "LEVEL": 0.1, **{k: str(path) for k, path in paths.items()}}
    done = run_process(["run", "calval:detectanomalies", "-"], json={"inputs": inputs})
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)["results"]
    found = read_table(paths["ANOMALIES"])
    assert results["ANOMALY_COUNT"] == len(found)
    assert results["OBSERVATION_COUNT"] == sum(len(one) for one in planted)
    # To the digits that chance leaves.
    assert results["FALSE_ALARM_EXPECTED"] == expected_count(0.001 * results["TESTED_COUNT"])
    assert results["SITE_COUNT"] == 2
    clouds = found["type"] == "cloud"
    assert [int((clouds & (found["site"] == one.site)).sum()) for one in planted] == [3, 3]
    assert results["MOST_FREQUENT_TYPE"] == "cloud"
    shared = found["common"] == "sensor"
    assert set(found["site"][shared]) == {"Morocco", "Toulouse"}
    assert {str(time)[:10] for time in found["time"][shared]} == {"2020-03-27"}
    assert results["SHARED_DATE_COUNT"] == 1
    longitude, _, _ = positions(found.geometry)
    assert set(np.round(longitude, 3)) == {round(one.longitude, 3) for one in planted}
    back = detections_from_table(read_table(paths["OUTPUT"]))
    assert sum(int(one.flagged.sum()) for one in back) == len(found)
    events = read_table(paths["STEPS"])
    assert (events["event"] == "date").sum() == 2
    assert {"S2A", "S2B"} == set(events["sensor"][events["event"] == "sensor_level"]) | set(
        events["reference"][events["event"] == "sensor_level"]
    )
    for key in ("OUTPUT", "ANOMALIES", "STEPS"):
        assert paths[key].with_suffix(".qml").is_file()
    assert "AOT" in paths["REPORT"].read_text(encoding="utf-8")


def test_foreign_table(run_algorithm: Run, planted: list[TimeSeries], tmp_path: Path) -> None:
    path = foreign(tmp_path / "other.csv", rows_of(planted[0]))
    found = tmp_path / "found.csv"
    output = tmp_path / "all.csv"
    results = run_algorithm(
        "detectanomalies",
        {"INPUT": str(path), **FOREIGN, "ANOMALIES": str(found), "OUTPUT": str(output)},
    )
    assert results["ANOMALY_COUNT"] >= 4
    table = read_table(output)
    assert set(DETECTED) <= set(table.columns)
    # No wavelengths are known of these names without a sensor: nothing is named after colors.
    clear = table["status"] == "tested"
    assert np.nanmedian(np.abs(table["z"][clear])) == pytest.approx(0.67, abs=0.12)


def test_order_and_repetition_change_nothing(
    run_algorithm: Run, planted: list[TimeSeries], tmp_path: Path
) -> None:
    rows = rows_of(planted[0])
    shuffled = [rows[i] for i in np.random.default_rng(1).permutation(len(rows))]
    ways = {}
    for name, some in (("plain", rows), ("shuffled", shuffled), ("twice", [*rows, *rows])):
        path = foreign(tmp_path / f"{name}.csv", some)
        target = tmp_path / f"{name}_found.csv"
        run_algorithm(
            "detectanomalies",
            {"INPUT": str(path), **FOREIGN, "ANOMALIES": str(target),
             "OUTPUT": str(tmp_path / f"{name}_all.csv")},
        )  # fmt: skip
        ways[name] = read_table(target)["time"].astype(str).tolist()
    assert ways["plain"] == ways["shuffled"] == ways["twice"]
    twice = read_table(tmp_path / "twice_all.csv")
    assert (twice["status"] == "duplicate").sum() == len(twice) // 2


def short(count: int, **change: Any) -> list[str]:
    """Rows of one band, five days apart."""
    rng = np.random.default_rng(0)
    values = change.get("values", 0.2 + 0.005 * rng.normal(size=count))
    state = change.get("state", "clear")
    return [
        f"{(START + np.timedelta64(5 * i, 'D')).astype('datetime64[D]')},B4,{values[i]},{state}"
        for i in range(count)
    ]


PLAIN = {"SITE_FIELD": "", "TIME_FIELD": "when", "VALUE_FIELD": "dn", "MASK_FIELD": "qa",
         "SEEK_STEPS": False}  # fmt: skip


def test_where_no_date_can_be_tested_nothing_is_written(run_algorithm: Run, tmp_path: Path) -> None:
    path = foreign(tmp_path / "short.csv", short(17))
    out = tmp_path / "out"
    values = {"INPUT": str(path), **PLAIN, "OUTPUT": str(out / "all.csv"),
              "ANOMALIES": str(out / "a.csv"), "REPORT": str(out / "r.html")}  # fmt: skip
    message = "No date could be tested at the one site: fewer than 18 clear.*has 17 clear"
    with pytest.raises(QgsProcessingException, match=message):
        run_algorithm("detectanomalies", values)
    assert not out.exists() or not list(out.iterdir())
    foreign(path, short(18))
    assert run_algorithm("detectanomalies", values)["TESTED_COUNT"] > 9


def test_a_site_with_one_date_is_kept_beside_others(
    run_algorithm: Run, planted: list[TimeSeries], tmp_path: Path
) -> None:
    path, output, report = (tmp_path / name for name in ("two.gpkg", "all.csv", "r.html"))
    first = np.flatnonzero(planted[0].clear)[:1]
    single = replace(planted[0].select(first), site="single")
    write_table(table_from_series([planted[0], single]), path)
    results = run_algorithm(
        "detectanomalies",
        {"INPUT": str(path), "SEEK_STEPS": False, "OUTPUT": str(output),
         "ANOMALIES": str(tmp_path / "a.csv"), "REPORT": str(report)},
    )  # fmt: skip
    found = read_table(output)
    assert set(found["status"][found["site"] == "single"]) == {"too_few"}
    assert results["OBSERVATION_COUNT"] == len(planted[0]) + 1
    assert results["SITE_COUNT"] == 2
    assert ": 1 clear observation is too few" in report.read_text(encoding="utf-8")


def test_constant_series_has_no_anomaly_but_the_one_it_has(
    run_algorithm: Run, tmp_path: Path
) -> None:
    values = np.full(120, 0.3)
    values[60] = 0.36
    path = foreign(tmp_path / "constant.csv", short(120, values=values))
    found = tmp_path / "a.csv"
    run_algorithm(
        "detectanomalies",
        {"INPUT": str(path), **PLAIN, "OUTPUT": str(tmp_path / "o.csv"), "ANOMALIES": str(found)},
    )
    wanted = (START + np.timedelta64(300, "D")).astype("datetime64[D]")
    assert [str(time)[:10] for time in read_table(found)["time"]] == [str(wanted)]


def test_a_series_that_never_changes_is_not_judged(run_algorithm: Run, tmp_path: Path) -> None:
    path = foreign(tmp_path / "constant.csv", short(120, values=np.full(120, 0.3)))
    output = tmp_path / "o.csv"
    with pytest.raises(QgsProcessingException, match="the clear values are all the same"):
        run_algorithm("detectanomalies", {"INPUT": str(path), **PLAIN, "OUTPUT": str(output)})
    assert not output.exists()


def test_a_report_alone_is_enough_and_nothing_at_all_is_refused(
    run_algorithm: Run, tmp_path: Path
) -> None:
    path = foreign(tmp_path / "short.csv", short(40))
    values = {"INPUT": str(path), **PLAIN, "SEEK_STEPS": False}
    run_algorithm("detectanomalies", {**values, "REPORT": str(tmp_path / "r.html")})
    names = {one.name for one in tmp_path.iterdir()}
    assert names == {"short.csv", "r.html", "r.html.provenance.json"}
    with pytest.raises(QgsProcessingException, match="at least one result goes: OUTPUT, ANOM"):
        run_algorithm("detectanomalies", values)


BAD: dict[str, tuple[list[str], str]] = {
    "all masked": (short(40, state="cloud"), "All observations of .* are masked"),
    "infinite": (
        [*short(40), "2020-12-01,B4,inf,clear"], "infinite values, the first at 2020-12-01",
    ),
    "mixed scales": (
        [*short(40), *(row.replace("0.", "2", 1) for row in short(12))], "mixes scales",
    ),
    "integers": (short(40, values=np.full(40, 2100)), "VALUE_SCALE"),
    "unreadable date": ([*short(40), "the 5th of May,B4,0.2,clear"], "the 5th of May"),
    "no number": ([*short(40), "2020-12-01,B4,cloudy,clear"], "not numeric"),
    "no value": ([row.split(",")[0] + ",B4,,clear" for row in short(40)], "holds no value"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(BAD))
def test_bad_input_gets_a_sentence(run_algorithm: Run, tmp_path: Path, name: str) -> None:
    rows, message = BAD[name]
    path = foreign(tmp_path / "bad.csv", rows)
    out = tmp_path / "out"
    with pytest.raises(QgsProcessingException, match=message):
        run_algorithm(
            "detectanomalies",
            {"INPUT": str(path), **PLAIN, "OUTPUT": str(out / "o.gpkg"),
             "ANOMALIES": str(out / "a.gpkg")},
        )  # fmt: skip
    assert not out.exists() or not list(out.iterdir())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"VALUE_FIELD": "reflectance"}, "no column 'reflectance'"),
        ({"TIME_FIELD": "date"}, "no column 'date'"),
        ({"MASK_FIELD": "cloud"}, "no column 'cloud'"),
    ],
)
def test_absent_columns_are_named(
    run_algorithm: Run, tmp_path: Path, change: dict[str, str], message: str
) -> None:
    path = foreign(tmp_path / "bad.csv", short(40))
    with pytest.raises(QgsProcessingException, match=message):
        run_algorithm(
            "detectanomalies",
            {"INPUT": str(path), **PLAIN, **change, "OUTPUT": str(tmp_path / "o.gpkg"),
             "ANOMALIES": str(tmp_path / "a.gpkg")},
        )  # fmt: skip


def test_a_band_that_is_missing_for_a_while(
    run_algorithm: Run, planted: list[TimeSeries], tmp_path: Path
) -> None:
    """Dates without it are tested in the other bands, and raise no alarms for it."""
    one = planted[0]
    values = np.array(one.values)
    values[:60, 0] = np.nan
    path = tmp_path / "gap.gpkg"
    write_table(table_from_series([replace(one, values=values)]), path)
    output = tmp_path / "o.gpkg"
    run_algorithm(
        "detectanomalies",
        {"INPUT": str(path), "SEEK_STEPS": False, "OUTPUT": str(output),
         "ANOMALIES": str(tmp_path / "a.gpkg")},
    )  # fmt: skip
    back = detections_from_table(read_table(output))[0]
    assert np.isfinite(back.p_value[:60]).sum() > 30
    assert back.flagged.sum() <= 6


def test_the_offset_of_the_baseline_shows_up_as_a_step(
    run_algorithm: Run, planted: list[TimeSeries], tmp_path: Path
) -> None:
    late = [one.times >= np.datetime64("2020-01-25") for one in planted]
    mixed = [
        replace(one, values=one.values + 0.1 * rows[:, None])
        for one, rows in zip(planted, late, strict=True)
    ]
    path, steps = tmp_path / "mixed.gpkg", tmp_path / "steps.csv"
    write_table(table_from_series(mixed), path)
    results = run_algorithm(
        "detectanomalies",
        {"INPUT": str(path), "OUTPUT": str(tmp_path / "o.gpkg"), "STEPS": str(steps),
         "ANOMALIES": str(tmp_path / "a.gpkg")},
    )  # fmt: skip
    assert results["STEP_COUNT"] >= 1
    table = read_table(steps)
    rows = (table["event"] == "step") & (table["origin"] == "sensor")
    assert set(table["site"][rows]) == {"Morocco", "Toulouse"}
    assert list(table["kind"][rows]) == ["offset", "offset"]
    assert table["amplitude"][rows] == pytest.approx(0.1, abs=0.01)
    assert {str(t)[:7] for t in table["time"][rows]} <= {"2020-01", "2020-02"}
