# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of trend, clouds, impact of clouds, and of a budget that was opened: what they show is
what core computes, and their commands make it.
"""

from __future__ import annotations

import json
import shlex
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.calibration.cloud_tables import cloud_run
from calval_toolbox.core.calibration.clouds import CloudSettings, calibrate_clouds
from calval_toolbox.core.calibration.database_run import CrossRequest, SideReader
from calval_toolbox.core.calibration.parameter_update import (
    KINDS,
    Model,
    UpdateSettings,
    propose,
)
from calval_toolbox.core.calibration.pdf_statistics import Statistic
from calval_toolbox.core.calibration.sensor_tables import SensorTables
from calval_toolbox.core.calibration.simulate import simulate_clouds
from calval_toolbox.core.calibration.stored_runs import read_run
from calval_toolbox.core.calibration.trend_terms import terms
from calval_toolbox.core.calibration.trends import fit_trends
from calval_toolbox.core.calibration.types import Band, Sensor
from calval_toolbox.core.database import open_database
from calval_toolbox.core.database.coefficients import load_coefficients
from calval_toolbox.core.database.measurements import save_measurements
from calval_toolbox.core.database.runs import save_run
from calval_toolbox.core.errors import Canceled
from calval_toolbox.core.io.tables import write_table
from calval_toolbox.core.table import Table
from calval_toolbox.ui.calibration import commands
from calval_toolbox.ui.text import number

SENSOR = "S2A/MSI"
SHIFT_A_SITE = """
    UPDATE results SET a_k = 1.03 * a_k WHERE target_id IN (
        SELECT m.id FROM measurements m JOIN sites s ON s.id = m.site_id WHERE s.name = 'Libya4')
"""


def record(path: Path, algorithm: str, parameters: Mapping[str, Any]) -> None:
    text = json.dumps({"algorithm": f"calval:{algorithm}", "parameters": parameters})
    Path(f"{path}.provenance.json").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def cloud_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a run over simulated clouds."""
    path = tmp_path_factory.mktemp("clouds") / "clouds.gpkg"
    sensor = Sensor(SENSOR, (Band("B02", 490.0), Band("B03", 560.0), Band("B04", 665.0)))
    bands = SensorTables().bands(sensor)
    with open_database(str(path), create=True) as db:
        save_measurements(db, simulate_clouds(sensor, bands, 250, {"B02": 1.02}, seed=5))
        side = SideReader(db, CrossRequest(SENSOR, "")).target()
        found = calibrate_clouds(side, CloudSettings("B04", replicates=80, seed=7))
        given = {"TARGET_SENSOR": SENSOR, "REFERENCE_BAND": "B04", "DRAWS": 80, "SEED": 7}
        save_run(db, cloud_run(found, side, given))
    return path


@pytest.fixture
def impact_table(tmp_path: Path) -> Path:
    """Two tests over AATSR; the band 1610 has no pair."""
    test = np.repeat(np.array(["spread", "outlier"], dtype=object), 6)
    threshold = np.array([0.005, 0.005, 0.01, 0.01, 0.02, 0.02, 2.0, 2.0, 3.0, 3.0, 4.0, 4.0])
    band = np.tile(np.array(["865", "1610"], dtype=object), 6)
    there = band == "865"
    a_k = np.where(there, 1.02 + 0.1 * np.minimum(threshold, 0.02), np.nan)
    columns = {
        "test": test, "threshold": threshold, "band": band,
        "pairs": np.where(there, 40, 0), "a_k": a_k, "median": a_k,
        "pair_sd_percent": np.where(there, 0.8, np.nan),
        "robust_sd_percent": np.where(there, 0.7, np.nan),
        "standard_error_percent": np.where(there, 0.1, np.nan),
        "change_percent": 100.0 * (a_k / 1.0215 - 1.0),
        "target_passed": np.full(12, 77), "reference_passed": np.full(12, 88),
    }  # fmt: skip
    path = tmp_path / "impact.gpkg"
    write_table(Table(columns, "impact"), path, "impact")
    record(path, "antarcticcloudimpact", {
        "DATABASE": "/data/c.gpkg", "TARGET_SENSOR": "AATSR", "REFERENCE_SENSOR": "MERIS",
        "OUTPUT": str(path), "SITES": "DomeC",
    })  # fmt: skip
    return path


@pytest.fixture
def budget_table(tmp_path: Path) -> Path:
    """A budget of two bands, and their correlation beside it."""
    names = ["aot", "scatter", "combined"]
    columns = {
        "band": np.repeat(np.array(["B02", "B03"], dtype=object), 3),
        "contributor": np.array(names * 2, dtype=object),
        "kind": np.array(["systematic", "random", ""] * 2, dtype=object),
        "analytic_percent": np.array([0.3, 0.4, 0.5] * 2),
        "monte_carlo_percent": np.array([0.31, 0.41, 0.52] * 2),
    }
    path, other = tmp_path / "budget.gpkg", tmp_path / "correlation.csv"
    write_table(Table(columns, "budget"), path, "budget")
    both = np.array(["B02", "B03"], dtype=object)
    pairs = {"band": both, "other": both[::-1], "correlation": np.array([0.83, 0.83])}
    write_table(Table(pairs, "correlation"), other, "correlation")
    record(path, "desertuncertainty", {
        "DATABASE": "/data/c.gpkg", "TARGET_SENSOR": "S2B/MSI", "REFERENCE_SENSOR": SENSOR,
        "OUTPUT": str(path), "CORRELATION": str(other),
    })  # fmt: skip
    return path


def values_of(line: str) -> dict[str, str]:
    words = shlex.split(line)
    return dict(word.removeprefix("--").split("=", 1) for word in words[3:])


# -- trend ---------------------------------------------------------------------------------------


def show_step(panel: Any) -> None:
    """Put a step of 3 % into the middle of the band B03, and look at it."""
    from dataclasses import replace

    inputs = panel.model.inputs
    rows = inputs.rows
    own = np.flatnonzero(rows.band == "B03")
    late = own[np.argsort(rows.time[own], kind="stable")][len(own) // 2 :]
    values = rows.a_k.copy()
    values[late] *= 1.03
    panel.show_inputs(replace(inputs, rows=replace(rows, a_k=values)))
    panel.body.show_page(panel.trend)
    panel.show_band("B03")
    panel.flush()


def test_trend_is_that_of_core(calibration_panel: Any) -> None:
    panel = calibration_panel
    show_step(panel)
    rows = panel.model.rows
    kept = np.flatnonzero((rows.band == "B03") & rows.accepted)
    beside = terms(rows.time[kept], rows.site[kept], True, False)
    wanted = fit_trends(rows.time[kept], rows.a_k[kept], KINDS[Model.AUTO], terms=beside).best
    found = panel.trend.trend
    assert found.kind is wanted.kind
    assert [one.time for one in found.changes] == [one.time for one in wanted.changes]
    np.testing.assert_allclose(found.parameters, wanted.parameters)
    (change, *_) = wanted.changes
    assert str(change.time.astype("datetime64[D]")) in panel.trend.words.text()
    shown = [line.value() for line in panel.trend.lines if line.isVisible()]
    assert len(shown) == len(wanted.changes)
    assert shown[0] == pytest.approx(change.time.astype("datetime64[ms]").astype(int) / 1000.0)
    low, high = panel.trend.spans[0].getRegion()
    assert low <= shown[0] <= high
    assert "%" in panel.trend.describe(("change", 0))
    row = int(kept[3])
    assert str(rows["product"][row]) in panel.trend.describe(row)  # the pair
    columns = panel.trend.columns()
    levels = beside.columns @ wanted.sizes
    np.testing.assert_allclose(columns["site_level"], levels)
    np.testing.assert_allclose(panel.trend.points.getData()[1], rows.a_k[kept] - levels)
    np.testing.assert_allclose(columns["fitted"], wanted.at(rows.time[kept])[0])
    assert set(columns["changes_before"]) == set(range(len(wanted.changes) + 1))


def test_trend_follows_model_and_selection(calibration_panel: Any) -> None:
    panel = calibration_panel
    show_step(panel)
    panel.trend.model_picked.emit("constant")
    assert panel.trend.trend.kind.value == "constant"
    assert not any(line.isVisible() for line in panel.trend.lines)
    before = panel.trend.trend.count
    panel.pick_site("Libya4")
    assert "Fitting" in panel.trend.words.text()  # until the sliders rest
    panel.flush()
    assert panel.trend.trend.count < before
    panel.select([0, 1, 2])
    panel.flush()
    assert panel.trend.trend is None
    assert "A trend needs 5 coefficients" in panel.trend.words.text()


def test_a_fit_that_was_stopped_is_not_waited_for(
    calibration_panel: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = calibration_panel

    def stopped(*_values: Any, **_options: Any) -> None:
        raise Canceled()

    with monkeypatch.context() as patch:
        patch.setattr("calval_toolbox.ui.calibration.trend.fit_trends", stopped)
        panel.body.show_page(panel.trend)
        panel.flush()
        assert panel.trend.words.text() == "Fit models of the trend: stopped."
    panel.show_band("B03")  # the next look tries again
    assert panel.trend.trend is not None
    assert panel.trend.words.text().startswith("Model: ")


def test_command_of_the_trend(calibration_panel: Any, folder: Path) -> None:
    panel = calibration_panel
    panel.body.show_page(panel.trend)
    values = values_of(commands.trend(panel.model, windows=False))
    assert values["RUN"] == "1"
    assert values["BANDS"] == panel.model.band
    assert values["WRITE"] == "false"
    assert values["DATABASE"] == panel.model.inputs.parameters["DATABASE"]
    assert Path(values["OUTPUT"]).parent == folder
    told: list[str] = []
    panel.told.connect(told.append)
    menu = panel.trend.export_button.menu()
    menu.actions()[-1].trigger()
    assert told == ["The command is on the clipboard."]


def test_command_of_the_trend_makes_what_is_shown(calibration_panel: Any, folder: Path) -> None:
    """Sites of different levels: the fit that the command starts is the one of the page."""
    database = folder / "calibration.gpkg"
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(SHIFT_A_SITE)
    panel = calibration_panel
    panel.open(f"{database}|run=1")
    panel.body.show_page(panel.trend)
    panel.flush()
    values = values_of(commands.trend(panel.model, windows=False))
    settings = UpdateSettings(
        (values["BANDS"],), Model(values["MODEL"]), float(values["HOLDOUT"]),
        site_offsets=values["SITE_OFFSETS"] == "true", season=values["SEASON"] == "true",
    )  # fmt: skip
    with open_database(str(database)) as db:
        wanted = propose(load_coefficients(db, int(values["RUN"])), settings).bands[0].choice.best
    found = panel.trend.trend
    assert found.kind is wanted.kind
    assert found.terms == wanted.terms
    assert len(found.terms) == len(panel.model.sites) - 1 > 0
    assert np.abs(found.sizes).max() > 0.02
    np.testing.assert_allclose(found.parameters, wanted.parameters)
    assert "level of its own" in panel.trend.words.text()


# -- clouds --------------------------------------------------------------------------------------


def test_cloud_page_shows_what_the_run_found(
    make_calibration_panel: Any, cloud_database: Path
) -> None:
    panel = make_calibration_panel()
    panel.open(str(cloud_database))
    panel.body.show_page(panel.clouds)
    panel.flush()
    run = read_run(cloud_database)[0].run
    found = panel.clouds.ratios()
    table = run.summaries
    for which in Statistic:
        (row,) = np.flatnonzero((table.texts("band") == "B02") & (table.texts("method") == which))
        assert found.a_k[which] == pytest.approx(table.floats("mean")[row], rel=1e-9)
        assert found.error[which] == pytest.approx(table.floats("standard_error")[row], rel=1e-6)
        line = panel.clouds.lines[which]
        assert line.value() == pytest.approx(found.measured.value[which])
        low, high = panel.clouds.spans[which].getRegion()
        assert high - low == pytest.approx(4.0 * found.measured.error[which])
        assert number(found.a_k[which], 4) in panel.clouds.words.text()
    rows = panel.model.rows
    counted = (rows.band == "B02") & rows.accepted
    assert panel.clouds.columns()["count"][len(Statistic) :].sum() == counted.sum()
    panel.show_band("B03")
    panel.flush()
    assert "B03" in panel.clouds.title.text()
    panel.select(np.flatnonzero(rows.band == "B03")[:20].tolist())
    assert "20 clouds" in panel.clouds.note.text() or "needed" in panel.clouds.note.text()


def test_command_of_a_run_over_clouds(make_calibration_panel: Any, cloud_database: Path) -> None:
    panel = make_calibration_panel()
    panel.open(str(cloud_database))
    line = panel.command()
    assert line.startswith("qgis_process run calval:calibrateclouds")
    values = values_of(line)
    assert values["REFERENCE_BAND"] == "B04"
    assert values["KEEP_RUN"] == "false"
    assert "CLIP_SIGMAS" not in values
    assert "SUMMARY" not in values


def test_cloud_page_says_what_it_is_for(calibration_panel: Any) -> None:
    calibration_panel.body.show_page(calibration_panel.clouds)
    calibration_panel.flush()
    assert "Calibrate bands over clouds" in calibration_panel.clouds.note.text()
    assert not calibration_panel.clouds.export_button.isEnabled()


# -- studies -------------------------------------------------------------------------------------


def test_impact_alone(make_calibration_panel: Any, impact_table: Path) -> None:
    panel = make_calibration_panel()
    panel.open(str(impact_table))
    panel.flush()
    assert panel.body.page() is panel.impact
    assert "AATSR / MERIS · DomeC" in panel.impact.title.text()
    assert "1610" in panel.impact.words.text()
    x, y = panel.impact.marks[0][0].getData()
    np.testing.assert_allclose(10.0**x, [0.005, 0.01, 0.02])
    np.testing.assert_allclose(y, [1.0205, 1.021, 1.022])
    assert panel.impact.levels[0].value() == pytest.approx(1.0215)
    assert "40 pairs" in panel.impact.describe((0, 0, 1))
    assert "77 observations" in panel.impact.describe((0, 0, 1))
    panel.impact.show_test("outlier")
    assert panel.impact.marks[2][0].getData()[1].tolist() == [40, 40, 40]
    assert len(panel.impact.columns()["band"]) == 6
    panel.body.tabs.setCurrentIndex(0)
    assert "Open coefficients" in panel.timeline.note.text()
    values = values_of(commands.impact(panel.model, windows=False))
    assert values["TARGET_SENSOR"] == "AATSR"
    assert values["OUTPUT"] == str(impact_table.with_name("impact_panel_output.gpkg"))
    for action in (panel.forget, panel._reset, panel.copy_command, panel._apply):
        action()


def test_studies_stay_beside_coefficients_and_come_back(
    calibration_panel: Any, make_calibration_panel: Any, impact_table: Path, budget_table: Path
) -> None:
    panel = calibration_panel
    for path in (impact_table, budget_table):
        panel.open(str(path))
        panel.flush()
    assert panel.body.page() is panel.budget
    assert panel.sources.box.currentText() == "coefficients.gpkg"
    state = json.loads(json.dumps(panel.state()))
    other = make_calibration_panel()
    other.restore(state)
    other.flush()
    assert other.model.inputs.source == panel.model.inputs.source
    assert other.impact.box.count() == 2
    assert other.model.budget_view().combined == {"B02": 0.52, "B03": 0.52}
    alone = make_calibration_panel()
    alone.restore({"source": "", "impact": str(impact_table)})
    assert alone.model.inputs is None
    assert alone.content.isVisible()
    assert alone.state()["impact"] == str(impact_table)


def test_budget_that_was_opened(calibration_panel: Any, budget_table: Path) -> None:
    panel = calibration_panel
    panel.open(str(budget_table))
    panel.flush()
    columns = panel.budget.columns()
    rows = zip(columns["contributor"], columns["band"], strict=True)
    found = dict(zip(rows, columns["value_percent"], strict=True))
    assert found["combined", "B02"] == 0.52
    assert found["aot", "B03"] == 0.31
    assert "0.83 to 0.83" in panel.budget.words.text()
    assert "B02 0.52 %" in panel.budget.words.text()
    assert "analytic 0.300 %" in panel.budget.describe(0)
    values = values_of(commands.budget(panel.model, windows=False))
    assert values["CORRELATION"].endswith("budget_panel_correlation.csv")
    Path(f"{budget_table}.provenance.json").unlink()
    panel.open(str(budget_table))
    assert "not known here" in panel.budget.words.text()
    assert commands.budget(panel.model, windows=False) == ""
