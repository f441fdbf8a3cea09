# SPDX-License-Identifier: GPL-3.0-or-later
"""New versions of parameters: what is planted is corrected, and older versions stay."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_runs import BANDS, START, A, B, filled, years

from calval_toolbox.core.calibration import trend_models
from calval_toolbox.core.calibration.parameter_database import (
    check_table,
    parameters_table,
    previous_version,
    write_version,
)
from calval_toolbox.core.calibration.parameter_update import (
    Model,
    Update,
    UpdateSettings,
    gains_at,
    held_out,
    propose,
)
from calval_toolbox.core.calibration.trend_models import Kind
from calval_toolbox.core.database import open_database
from calval_toolbox.core.database.coefficients import (
    candidate_runs,
    chosen_run,
    last_run,
    last_run_note,
    load_coefficients,
)
from calval_toolbox.core.database.parameters import load_parameters
from calval_toolbox.core.database.runs import Run, list_runs, save_run
from calval_toolbox.core.errors import DatabaseError, InputError, InsufficientDataError
from calval_toolbox.core.report.document import ReportContext
from calval_toolbox.core.report.parameter_update import parameter_report
from calval_toolbox.core.table import Table

COUNT = 150
STEP_AT = 2.2  # years after the start


def shapes() -> dict[str, np.ndarray]:
    at = years(COUNT)
    return {"B04": 1.02 - 0.005 * at, "B8A": np.where(at < STEP_AT, 0.99, 1.01)}


def proposal(database: str, settings: UpdateSettings | None = None) -> Update:
    with open_database(database, create=True) as db:
        if not list_runs(db):
            filled(db, shapes())
        return propose(load_coefficients(db, last_run(db).id), settings or UpdateSettings())


def test_planted_drift_and_step_become_parameters(tmp_path: Path) -> None:
    found = proposal(str(tmp_path / "c.gpkg"))
    drift, step = found.bands
    assert (drift.choice.best.kind, step.choice.best.kind) == (Kind.LINEAR, Kind.STEPS)
    assert 100.0 * drift.choice.best.parameters[1] == pytest.approx(-0.5, abs=0.1)
    # A line: a value each half-year, without a gap, near what was planted in the middle of each.
    assert len(drift.validities) == 9
    for one, after in zip(drift.validities[:-1], drift.validities[1:], strict=True):
        assert one.end == after.begin
        middle = (one.begin + (one.end - one.begin) / 2 - START) / np.timedelta64(1, "D") / 365.25
        assert one.value == pytest.approx(1.02 - 0.005 * middle, abs=0.002)
    assert np.isnat(drift.validities[-1].end)
    # A step: two values.
    first, last = step.validities
    assert (first.value, last.value) == pytest.approx((0.99, 1.01), abs=0.002)
    at = START + np.timedelta64(round(STEP_AT * 365.25), "D")
    assert abs(first.end - at) < np.timedelta64(15, "D")
    assert first.uncertainty == pytest.approx(np.hypot(0.0099, first.standard_error), rel=0.01)


def test_the_check_uses_what_the_fit_did_not_see(tmp_path: Path) -> None:
    found = proposal(str(tmp_path / "c.gpkg"))
    for one in found.bands:
        assert one.check is not None
        assert one.check.count == one.held.sum() == pytest.approx(0.2 * COUNT, abs=5)
        assert one.choice.best.count == (~one.held).sum()
        assert one.check.holds
        rest = one.values[one.held] / gains_at(one.validities, one.time[one.held])
        assert one.check.bias_after == pytest.approx(100.0 * (rest.mean() - 1.0))
        assert one.check.bias_before == pytest.approx(100.0 * (one.values[one.held].mean() - 1.0))
    drift, step = (one.check for one in found.bands)
    assert step.scatter_after < 0.6 * step.scatter_before
    assert abs(drift.bias_after) < abs(drift.bias_before)
    assert "holds on data it was not fitted to" in check_table(found)["words"][0]


def test_a_wrong_model_fails_the_check(tmp_path: Path) -> None:
    """A constant for a step, checked on the months after it, does not hold."""
    found = proposal(
        str(tmp_path / "c.gpkg"), UpdateSettings(("B8A",), Model.CONSTANT, holdout_months=18)
    )
    check = found.bands[0].check
    assert check is not None
    assert not check.holds
    assert "more is left" in check.words() or "does not hold" in check.words()
    assert (found.bands[0].time[found.bands[0].held] > found.bands[0].time[~found.bands[0].held][-1]
            ).all()  # fmt: skip


def test_dates_are_held_out_together() -> None:
    time = np.repeat(START + (np.arange(100) * 5).astype("timedelta64[D]"), 3)
    held = held_out(time, UpdateSettings(holdout=0.25)).reshape(100, 3)
    assert (held == held[:, :1]).all()
    assert held.mean() == pytest.approx(0.25, abs=0.03)
    assert held[:50].any()
    assert held[50:].any()
    assert not held_out(time, UpdateSettings(holdout=0.0)).any()
    last = time[held_out(time, UpdateSettings(holdout_months=3))]
    assert len(set(last.tolist())) in (18, 19)


def test_valid_from_is_heeded(tmp_path: Path) -> None:
    database = str(tmp_path / "c.gpkg")
    found = proposal(database, UpdateSettings(valid_from="2021-01-01"))
    drift, step = found.bands
    assert str(drift.validities[0].begin)[:10] == "2021-01-01"
    assert len(step.validities) == 1
    assert step.validities[0].value == pytest.approx(1.01, abs=0.002)
    with pytest.raises(InputError, match="VALID_FROM"):
        proposal(database, UpdateSettings(valid_from="soon"))


def test_versions_are_written_and_kept(database_name: str) -> None:
    first = proposal(database_name)
    second = proposal(database_name, UpdateSettings(model=Model.CONSTANT))
    with open_database(database_name) as db:
        assert not len(load_parameters(db, "S2B/MSI"))
        count = write_version(db, first, "gain", "2022-01", {"MODEL": "auto"})
        assert count == 11
        kept = load_parameters(db, "S2B/MSI", "2022-01")
        run = list_runs(db, "updatecalibration")[0]
        assert set(kept["run_id"]) == {run.id}
        assert run.record["source_run"] == 1
        assert "corrected reflectance = measured / A_k" in kept["comment"][0]
        # The same again is known; other values under the same version are refused.
        assert write_version(db, first, "gain", "2022-01", {}) == 0
        with pytest.raises(InputError, match=r"Version 2022-01 of gain of S2B/MSI is in .* since"):
            write_version(db, second, "gain", "2022-01", {})
        assert len(list_runs(db, "updatecalibration")) == 1
        # A newer version beside the older one, which is shown with it.
        previous = previous_version(db, "S2B/MSI", "gain", "2022-07")
        table = parameters_table(second, "gain", "2022-07", previous)
        assert set(table["previous_version"]) == {"2022-01"}
        old = first.bands[0].validities[0].value
        assert table["change_percent"][0] == pytest.approx(100.0 * (table["value"][0] / old - 1.0))
        assert write_version(db, second, "gain", "2022-07", {}) == 2
        assert len(load_parameters(db, "S2B/MSI", "2022-01")) == 11
        now = load_parameters(db, "S2B/MSI", "2022-01", np.datetime64("2021-06-01"))
        assert sorted(now["band"]) == list(BANDS)


def test_two_writers(database_name: str) -> None:
    found = proposal(database_name)
    with (
        open_database(database_name) as busy,
        open_database(database_name, wait_s=0.2) as db,
        busy.transaction(),
    ):
        busy.run("DELETE FROM calibration_parameters WHERE id = -5")
        with pytest.raises(DatabaseError, match="Another program is writing"):
            write_version(db, found, "gain", "1", {})
    with open_database(database_name) as db:
        assert not len(load_parameters(db, "S2B/MSI"))
        assert not list_runs(db, "updatecalibration")


def test_what_cannot_be_updated(tmp_path: Path) -> None:
    database = str(tmp_path / "c.gpkg")
    with open_database(database, create=True) as db:
        with pytest.raises(InsufficientDataError, match="no run with coefficients"):
            last_run(db)
        few = {"B04": np.ones(9), "B8A": np.ones(9)}
        number = filled(db, few)
        source = load_coefficients(db, number)
        with pytest.raises(InsufficientDataError, match="too few coefficients.*Band B04"):
            propose(source, UpdateSettings())
        with pytest.raises(InputError, match=r"in the band B11\. Its bands are: B04, B8A"):
            propose(source, UpdateSettings(bands=("B11",)))
        with pytest.raises(InputError, match="no run 77"):
            load_coefficients(db, 77)
        with pytest.raises(InputError, match=r"no calibration of S3A.*S2B/MSI"):
            last_run(db, "S3A")
        with pytest.raises(InsufficientDataError, match="calibrateantarctic of S2B/MSI"):
            last_run(db, "S2B/MSI", "calibrateantarctic")


def test_a_run_over_clouds_is_taken_only_where_it_is_named(tmp_path: Path) -> None:
    with open_database(str(tmp_path / "c.gpkg"), create=True) as db:
        few = {"B04": np.ones(9)}
        clouds = filled(db, few, method="calibrateclouds", alone=True)
        with pytest.raises(InsufficientDataError, match=r"over sites.*calibrateclouds of S2B"):
            last_run(db)
        desert = filled(db, few)
        snow = filled(db, few, method="calibrateantarctic")
        filled(db, few, method="calibrateclouds", alone=True)
        assert chosen_run(db).id == snow
        assert chosen_run(db, method="calibratedesert").id == desert
        assert chosen_run(db, clouds).id == clouds
        for asked, words in (
            ({"method": "calibratedesert"}, "but calibratedesert is asked for"),
            ({"sensor": "S3A"}, "but a run of S3A is asked for"),
        ):
            with pytest.raises(InputError, match=f"Run {clouds} is calibrateclouds.*{words}"):
                chosen_run(db, clouds, **asked)


def test_the_last_run_is_named_with_those_that_are_passed_over(tmp_path: Path) -> None:
    with open_database(str(tmp_path / "c.gpkg"), create=True) as db:
        few = {"B04": np.ones(9)}
        desert = filled(db, few)
        assert last_run_note(candidate_runs(db)) == ""
        snow = filled(db, few, method="calibrateantarctic")
        filled(db, few, method="calibrateclouds", alone=True)  # no candidate
        told = last_run_note(candidate_runs(db))
        made = chosen_run(db).time[:16].replace("T", " ")
    assert f"is taken, run {snow} (calibrateantarctic against S2A/MSI) of {made}" in told
    assert f"1 other run is passed over: {desert} (calibratedesert)." in told


def test_sensors_are_not_mixed(tmp_path: Path) -> None:
    with open_database(str(tmp_path / "c.gpkg"), create=True) as db:
        filled(db, {"B04": np.ones(9)})
        other = Run("calibratedesert", {}, "0.1.0", A.name, B.name, results=Table({
            "band": np.array(["B04"], dtype=object), "a_k": np.ones(1),
            "target_id": np.array([1]), "reference_id": np.array([-1]),
            "flag": np.array(["accepted"], dtype=object),
            "method": np.array(["spline"], dtype=object),
        }))  # fmt: skip
        number = save_run(db, other)
        with pytest.raises(InputError, match="of S2A/MSI, S2B/MSI. Name the sensor"):
            chosen_run(db)
        assert chosen_run(db, sensor="S2A/MSI").id == number


def test_report_says_what_to_do(tmp_path: Path) -> None:
    database = str(tmp_path / "c.gpkg")
    found = proposal(database)
    with open_database(database) as db:
        previous = previous_version(db, "S2B/MSI", "gain", "1")
    table = parameters_table(found, "gain", "1", previous)
    page = parameter_report(found, table, -1, ReportContext("Update"), "gain", "1")
    assert "corrected reflectance = measured / A_k" in page
    assert "Proposed only: nothing was written." in page
    assert "steps between levels" in page
    assert page.count('<img src="data:image') == 2
    assert "(k = 2)" in page
    bare = replace(found.source, contributions=Table({"kind": np.array([], dtype=object)}))
    page = parameter_report(
        replace(found, source=bare), table, -1, ReportContext("Update"), "gain", "1"
    )
    assert "(k = 2, no systematic part)" in page
    assert "without a systematic part: the run has no budget" in page


def test_a_drift_that_ends_in_a_constant_is_warned_of(tmp_path: Path) -> None:
    """-0.5 % per year, a standard uncertainty of 1 %: off by it about two years after the data."""
    found = proposal(str(tmp_path / "c.gpkg"))
    (note,) = found.notes
    drift = found.bands[0]
    last = drift.validities[-1]
    assert note.startswith("Band B04: the model still drifts by -0.")
    assert "until further notice" in note
    slope = drift.choice.best.parameters[1]
    middle = last.begin + np.timedelta64(round(365.25 / 4.0), "D")  # the value is right there
    at = middle + np.timedelta64(round(last.uncertainty / abs(slope) * 365.25), "D")
    told = np.datetime64(note.split(" from ")[1][:10])
    assert abs(told - at.astype("datetime64[D]")) < np.timedelta64(5, "D")


def test_of_models_that_hardly_differ_the_simpler_makes_the_parameters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With all differences taken as small, a clear drift is a constant: the limit is heeded."""
    monkeypatch.setattr(trend_models, "HARDLY", 1e9)
    found = proposal(str(tmp_path / "c.gpkg"), UpdateSettings(("B04",)))
    assert found.bands[0].choice.best.kind is Kind.CONSTANT
    assert found.bands[0].choice.preferred
    assert len(found.bands[0].validities) == 1
