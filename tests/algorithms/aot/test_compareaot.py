# SPDX-License-Identifier: GPL-3.0-or-later
"""``compareaot`` on the project's own tables, on real foreign ones, and on bad ones."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from listening import Feedback
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProject,
)

from calval_toolbox.algorithms.aot.compareaot import CompareAot
from calval_toolbox.core.aot.status import DEFAULT_AOT
from calval_toolbox.core.io.tables import read_table, write_table
from calval_toolbox.core.table import Table

pytestmark = pytest.mark.usefixtures("qgis_app")

Run = Callable[..., dict[str, Any]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def go(feedback: Feedback | None = None, **parameters: Any) -> dict[str, Any]:
        context = QgsProcessingContext()
        context.setProject(QgsProject.instance())
        base = {"MATCHUPS": str(tmp_path / "out" / "m.gpkg"), "BOOTSTRAP": 50}
        given = {key: str(v) if isinstance(v, Path) else v for key, v in parameters.items()}
        results, good = (
            CompareAot()
            .create()
            .run({**base, **given}, context, feedback or Feedback(), catchExceptions=False)
        )
        assert good
        return results

    return go


START = np.datetime64("2020-01-01T10:00", "ms")


def tables(folder: Path, months: int = 6, days: float = 0.0) -> tuple[Path, Path]:
    """Two sites; the satellite is 0.03 too high at A and 0.01 too low at B; three windows."""
    rng = np.random.default_rng(1)
    count = months * 10
    when = START + np.arange(count) * np.timedelta64(3, "D")
    aot = rng.uniform(0.05, 0.6, count)
    site = np.where(np.arange(count) % 2, "A", "B").astype(object)
    bias = np.where(site == "A", 0.03, -0.01)
    sizes = [1000.0, 5000.0, 20000.0]
    satellite = Table(
        {
            "site": np.repeat(site, 3),
            "time": np.repeat(when + np.timedelta64(int(days * 86400), "s"), 3),
            "window_m": np.tile(sizes, count),
            "aot_mean": np.repeat(aot + bias, 3) + np.tile([0.05, 0.0, 0.1], count),
            "cloud_fraction": np.repeat(np.where(np.arange(count) < 4, 0.9, 0.0), 3),
            "water_vapor_mean_cm": np.repeat(1.0 + aot, 3) + 0.15,
        },
        "satellite",
    )
    around = np.array([-20, -5, 5, 20]) * np.timedelta64(1, "m")
    reference = Table(
        {
            "site": np.repeat(site, 4),
            "time": (when[:, None] + around).ravel(),
            "aot": np.repeat(aot, 4),
            "water_vapor_cm": np.repeat(1.0 + aot, 4),
            "level": np.full(count * 4, "2.0", dtype=object),
            "longitude": np.where(np.repeat(site, 4) == "A", 1.5, 116.0),
            "latitude": np.where(np.repeat(site, 4) == "A", 43.5, 40.0),
        },
        "aeronet",
    )
    paths = folder / "satellite.gpkg", folder / "aeronet.csv"
    for table, path in zip((satellite, reference), paths, strict=True):
        write_table(table, path)
    return paths


def test_planted_biases_come_out_with_tables_and_report(run: Run, tmp_path: Path) -> None:
    satellite, reference = tables(tmp_path)
    feedback = Feedback()
    results = run(
        feedback,
        SATELLITE=satellite,
        AERONET=reference,
        MAX_CLOUD=0.5,
        STATISTICS=tmp_path / "out" / "s.csv",
        REPORT=tmp_path / "out" / "r.html",
    )
    assert results["COUNT"] == 56
    assert results["REJECTED_COUNT"] == 4
    assert results["BIAS"] == pytest.approx(0.01, abs=1e-9)
    assert results["RMSE"] == pytest.approx(np.sqrt((0.03**2 + 0.01**2) / 2))
    assert results["EE_PERCENT"] == 100
    assert 0.9 < results["SLOPE_DEMING"] < 1.1
    assert any("5000 m window" in line for line in feedback.lines)

    rows = read_table(results["MATCHUPS"])
    assert len(rows) == 180  # every window, rejected rows too
    assert set(rows["reason"]) == {"", "cloudy"}
    assert all(shape is not None for shape in rows.geometry)
    groups = read_table(results["STATISTICS"])
    biases = dict(zip(zip(groups["grouping"], groups["group"], strict=True),
                      groups.floats("bias"), strict=True))  # fmt: skip
    assert biases["site", "A"] == pytest.approx(0.03)
    assert biases["site", "B"] == pytest.approx(-0.01)
    assert biases["window", "20000 m"] == pytest.approx(0.11)
    html = Path(results["REPORT"]).read_text(encoding="utf-8")
    assert "56" in html
    assert "satellite.gpkg" in html
    record = json.loads((tmp_path / "out" / "m.gpkg.provenance.json").read_text())
    assert {entry["parameter"] for entry in record["inputs"]} == {"SATELLITE", "AERONET"}
    assert (tmp_path / "out" / "m.qml").exists()


def test_water_vapor_takes_its_own_columns(run: Run, tmp_path: Path) -> None:
    satellite, reference = tables(tmp_path)
    results = run(
        SATELLITE=satellite,
        AERONET=reference,
        QUANTITY="water_vapor",
        WINDOW_M=1000,
        REPORT=tmp_path / "out" / "r.html",
    )
    assert results["BIAS"] == pytest.approx(0.15)
    assert results["EE_PERCENT"] == 100
    assert results["GCOS_PERCENT"] is None
    assert set(read_table(results["MATCHUPS"])["quantity"]) == {"water_vapor"}


def test_seed_and_parameters_reproduce_the_table(run: Run, tmp_path: Path) -> None:
    satellite, reference = tables(tmp_path)
    texts = []
    for name in ("a.csv", "b.csv"):
        run(SATELLITE=satellite, AERONET=reference, STATISTICS=tmp_path / name, SEED=3)
        texts.append((tmp_path / name).read_text())
    assert texts[0] == texts[1]


@pytest.mark.parametrize(
    ("site", "window", "count", "bias", "ee"),
    [("SP", 1, 329, -0.0535, 69.30), ("MD", 25, 317, 0.0069, 66.56)],
)
def test_real_maiac_tables_are_accepted_as_they_are(
    run: Run, shared_data: Path, site: str, window: int, count: int, bias: float, ee: float
) -> None:
    folder = shared_data / "aot" / "maiac_c61"
    reference = next(folder.glob(f"{site}_*_AERONET_L2.csv.gz"))
    results = run(
        SATELLITE=folder / f"{site}_C61_{window}KM.csv.gz",
        SITE_NAME=site,
        TIME_FIELD="timestamp",
        TIME_FORMAT="%Y%j%H%M",
        AOT_FIELD="AOD_055",
        AERONET=reference,
        AERONET_SITE_NAME=site,
        AERONET_TIME_FIELD="date",
        AERONET_TIME_FORMAT="%d/%m/%Y %H:%M",
        AERONET_AOT_FIELD="aod_550_mod",
    )
    assert results["COUNT"] == count
    assert results["BIAS"] == pytest.approx(bias, abs=5.1e-5)
    assert results["EE_PERCENT"] == pytest.approx(ee, abs=5.1e-3)
    assert len(read_table(results["MATCHUPS"])) == results["COUNT"] + results["REJECTED_COUNT"]


def failing(run: Run, tmp_path: Path, **parameters: Any) -> str:
    with pytest.raises(QgsProcessingException) as caught:
        run(**parameters)
    assert not list(tmp_path.glob("out/*"))
    assert "Traceback" not in str(caught.value)
    return str(caught.value)


def test_wrong_column_is_named_with_those_that_are_there(run: Run, tmp_path: Path) -> None:
    satellite, reference = tables(tmp_path)
    text = failing(run, tmp_path, SATELLITE=satellite, AERONET=reference, AOT_FIELD="tau")
    assert "'tau'" in text
    assert "aot_mean" in text
    other = tmp_path / "other.csv"
    other.write_text("date,tau\n2020-01-01T10:00:00Z,0.1\n")
    text = failing(run, tmp_path, SATELLITE=other, AERONET=reference)
    assert "'site'" in text
    assert "date, tau" in text
    text = failing(
        run, tmp_path, SATELLITE=other, AERONET=reference, SITE_NAME="A", TIME_FIELD="date",
        TIME_FORMAT="%Y%j", AOT_FIELD="tau",
    )  # fmt: skip
    assert "%Y%j" in text
    assert "2020-01-01T10:00:00Z" in text


def test_no_site_in_common_names_both_sides(run: Run, tmp_path: Path) -> None:
    satellite, reference = tables(tmp_path)
    text = failing(run, tmp_path, SATELLITE=satellite, AERONET=reference, SITE_NAME="Toulouse")
    assert "Toulouse" in text
    assert "A, B" in text


def test_no_time_in_common_gives_both_periods(run: Run, tmp_path: Path) -> None:
    satellite, reference = tables(tmp_path, days=1000)
    text = failing(run, tmp_path, SATELLITE=satellite, AERONET=reference)
    assert "2022-09-27" in text
    assert "2020-01-01" in text


def test_table_without_values_is_said_to_be_so(run: Run, tmp_path: Path) -> None:
    _, reference = tables(tmp_path)
    empty = tmp_path / "empty.csv"
    empty.write_text("site,time,aot_mean\nA,2020-01-01T10:00:00Z,\n")
    text = failing(run, tmp_path, SATELLITE=empty, AERONET=reference)
    assert "no row with a time and a value" in text


def test_all_rejected_still_shows_the_reasons(run: Run, tmp_path: Path) -> None:
    satellite, reference = tables(tmp_path)
    feedback = Feedback()
    page = tmp_path / "out" / "r.html"
    results = run(feedback, SATELLITE=satellite, AERONET=reference, MIN_OBSERVATIONS=9, REPORT=page)
    assert results["COUNT"] == 0
    assert results["BIAS"] is None
    assert any("too_few_observations: 180" in line for line in feedback.lines)
    assert not any("nan" in line for line in feedback.lines)
    assert page.exists()
    assert set(read_table(results["MATCHUPS"])["reason"]) == {"too_few_observations"}


def test_filter_without_a_column_is_announced(run: Run, tmp_path: Path) -> None:
    satellite, reference = tables(tmp_path)
    feedback = Feedback()
    run(feedback, SATELLITE=satellite, AERONET=reference, MAX_GAPFILLED=0.2)
    assert any("gapfilled_fraction" in line for line in feedback.lines)


def test_cancel_raises_and_leaves_nothing(run: Run, tmp_path: Path) -> None:
    satellite, reference = tables(tmp_path)
    with pytest.raises(QgsProcessingException):
        run(Feedback(cancel_at=40), SATELLITE=satellite, AERONET=reference)
    assert not list(tmp_path.glob("out/*"))


def test_fill_values_are_said_and_have_no_part_in_the_figures(run: Run, tmp_path: Path) -> None:
    satellite, reference = tables(tmp_path)
    clean = run(SATELLITE=satellite, AERONET=reference)
    rows = read_table(satellite)
    values = rows.floats("aot_mean")
    values[1:30:3] = -999.0  # ten overpasses in the window of the figures
    bad = tmp_path / "bad.gpkg"
    write_table(Table({**rows.columns, "aot_mean": values}, "bad"), bad)
    feedback = Feedback()
    results = run(feedback, SATELLITE=bad, AERONET=reference)
    assert results["COUNT"] == clean["COUNT"] - 10
    assert results["REJECTED_COUNT"] == 10
    assert abs(results["BIAS"] - 0.01) < 0.01
    assert any("10 values of bad" in line and "implausible" in line for line in feedback.lines)
    matchups = read_table(results["MATCHUPS"])
    assert (matchups.floats("satellite") == -999.0).sum() == 10
    assert set(matchups["reason"]) == {"", "implausible"}

    filled = read_table(reference)
    photometer = filled.floats("aot")
    photometer[::4] = -9999.0
    other = tmp_path / "filled.csv"
    write_table(Table({**filled.columns, "aot": photometer}, "filled"), other)
    feedback = Feedback()
    results = run(feedback, SATELLITE=satellite, AERONET=other)
    assert results["BIAS"] == pytest.approx(clean["BIAS"])
    assert any("60 values of filled" in line and "left out" in line for line in feedback.lines)
    every = tmp_path / "every.gpkg"
    write_table(Table({**rows.columns, "aot_mean": np.full(len(rows), -999.0)}, "every"), every)
    with pytest.raises(QgsProcessingException, match="180 of them outside -0.1 to 10"):
        run(SATELLITE=every, AERONET=reference)


def test_bias_without_interval_is_said_without_brackets(run: Run, tmp_path: Path) -> None:
    satellite, reference = tables(tmp_path)
    lines = []
    for replicates in (0, 100):
        feedback = Feedback()
        run(feedback, SATELLITE=satellite, AERONET=reference, BOOTSTRAP=replicates)
        lines += [line for line in feedback.lines if "rows rejected" in line]
    assert len(lines) == 2
    assert "bias +0.0100, RMSE" in lines[0]
    assert re.search(r"bias \+0\.0100 \[[+-]0\.\d{4}, \+0\.\d{4}\], RMSE", lines[1])


def test_default_values_can_be_kept(run: Run, tmp_path: Path) -> None:
    satellite, reference = tables(tmp_path)
    rows = read_table(satellite)
    status = np.where(np.arange(len(rows)) < 6, DEFAULT_AOT, "").astype(object)
    flagged = tmp_path / "flagged.gpkg"
    write_table(Table({**rows.columns, "status": status}, "flagged"), flagged)
    results = run(SATELLITE=flagged, AERONET=reference)
    assert results["REJECTED_COUNT"] == 2
    matchups = read_table(results["MATCHUPS"])
    assert (matchups["reason"] == "default_aot").sum() == 6
    assert matchups["status"].tolist() == status.tolist()
    kept = run(SATELLITE=flagged, AERONET=reference, KEEP_DEFAULT_AOT=True)
    assert kept["REJECTED_COUNT"] == 0


def test_clouds_around_make_the_air_unstable(run: Run, tmp_path: Path) -> None:
    satellite, reference = tables(tmp_path)  # the first four overpasses are cloudy
    results = run(SATELLITE=satellite, AERONET=reference, ONLY_STABLE=True)
    assert results["REJECTED_COUNT"] == 4
    anyhow = run(SATELLITE=satellite, AERONET=reference, ONLY_STABLE=True, STABLE_MAX_CLOUD=1.0)
    assert anyhow["REJECTED_COUNT"] == 0
    rows = read_table(satellite)
    near = rows.select(rows.floats("window_m") < 10_000)
    path, feedback = tmp_path / "near.gpkg", Feedback()
    write_table(near, path)
    results = run(feedback, SATELLITE=path, AERONET=reference, ONLY_STABLE=True)
    assert results["REJECTED_COUNT"] == 0
    assert any("the photometer alone decides" in line for line in feedback.lines)


def test_several_campaigns_are_compared_together(run: Run, tmp_path: Path) -> None:
    """The same rows under two campaigns count twice: no campaign is a duplicate of another."""
    satellite, reference = tables(tmp_path)
    rows = read_table(satellite)
    take = np.array([f"T{time}" for time in rows["time"]], dtype=object)
    both = {key: np.concatenate([values, values]) for key, values in rows.columns.items()}
    both["datatake"] = np.concatenate([take, take])
    both["campaign"] = np.repeat(np.array(["SPOT4", "SPOT5"], dtype=object), len(rows))
    both["sensor"] = np.repeat(np.array(["S4", "S5"], dtype=object), len(rows))
    both["aot_mean"] = both["aot_mean"] + np.repeat([0.0, 0.1], len(rows))
    path = tmp_path / "campaigns.gpkg"
    write_table(Table(both, "campaigns"), path)
    statistics = tmp_path / "out" / "s.csv"
    results = run(SATELLITE=path, AERONET=reference, STATISTICS=statistics)
    assert (results["COUNT"], results["REJECTED_COUNT"]) == (120, 0)
    assert results["BIAS"] == pytest.approx(0.06)
    matchups = read_table(results["MATCHUPS"])
    assert sorted(set(matchups["campaign"])) == ["SPOT4", "SPOT5"]
    groups = read_table(statistics)
    sensors = {
        group: bias
        for grouping, group, bias in zip(
            groups["grouping"], groups["group"], groups.floats("bias"), strict=True
        )
        if grouping == "sensor"
    }
    assert sensors == pytest.approx({"S4": 0.01, "S5": 0.11})
    # A campaign with windows of other sizes has no row in the figures, and the log says so.
    both["window_m"] = both["window_m"] + np.repeat([0.0, 7.0], len(rows))
    write_table(Table(both, "campaigns"), path)
    feedback = Feedback()
    results = run(feedback, SATELLITE=path, AERONET=reference, WINDOW_M=5000)
    assert results["COUNT"] == 60
    assert [line for line in feedback.lines if "No row of SPOT5 has a window of 5000 m" in line]
    assert not any("No row of SPOT4" in line for line in feedback.lines)
