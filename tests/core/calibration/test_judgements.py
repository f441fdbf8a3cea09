# SPDX-License-Identifier: GPL-3.0-or-later
"""Verdicts by hand: in a table and in a database, all of them or none, and taken back."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.calibration.budget_view import budget_of_run
from calval_toolbox.core.calibration.coefficients import coefficients_from_table, is_by_hand
from calval_toolbox.core.calibration.demo import write_demo
from calval_toolbox.core.calibration.judgements import (
    TAKE_BACK,
    before,
    judge,
    judged,
    keep_in_table,
    why,
)
from calval_toolbox.core.calibration.stored_runs import (
    is_calibration_database,
    keep_in_run,
    read_run,
    seen_pair,
)
from calval_toolbox.core.database import open_database
from calval_toolbox.core.errors import InputError, InsufficientDataError, OutputError
from calval_toolbox.core.io.tables import read_table


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("judged")
    write_demo(folder / "calibration.gpkg", folder / "coefficients.gpkg")
    return folder


@pytest.fixture
def folder(once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(once, tmp_path / "own"))


def coefficients(path: Path) -> Any:
    return coefficients_from_table(read_table(path), "S2B/MSI")


@pytest.mark.parametrize(
    ("status", "reason"), [("accepted", ""), ("rejected", "outlier"), ("rejected", "a (was b)")]
)
def test_what_the_run_said_comes_back(status: str, reason: str) -> None:
    first = judged(status, reason, "rejected", "  cloud\nin the quick look (was seen)")
    assert first[0] == "rejected"
    assert why(first[1]) == "cloud in the quick look (was seen)"
    second = judged(*first, "accepted", "looked again")
    assert second[0] == "accepted"
    assert before(*second) == (status, reason)
    assert judged(*second, TAKE_BACK, "") == (status, reason)
    assert is_by_hand(np.array([second[1], reason])).tolist() == [True, False]


def test_verdicts_need_a_reason_and_a_value(once: Path) -> None:
    with pytest.raises(InputError, match="needs a reason"):
        judged("accepted", "", "rejected", "  ")
    with pytest.raises(InputError, match="no verdict"):
        judged("accepted", "", "maybe", "so")
    rows = coefficients(once / "coefficients.gpkg")
    rows.a_k[3] = np.nan
    with pytest.raises(InputError, match="without a value"):
        judge(rows, np.array([2, 3]), "accepted", "seen")


def test_verdict_is_kept_in_the_table(folder: Path) -> None:
    path = folder / "coefficients.gpkg"
    rows = coefficients(path)
    numbers = np.array([40, 3, 17])
    status, reason = judge(rows, numbers, "rejected", "haze")
    reason[0] = reason[0].replace("haze", "smoke")  # each row has its own
    keep_in_table(path, "", rows, numbers, status, reason)
    found = coefficients(path)
    assert (found.status[numbers] == "rejected").all()
    assert [why(one) for one in found["reason"][numbers]] == ["smoke", "haze", "haze"]
    others = np.setdiff1d(np.arange(len(rows)), numbers)
    assert (found.status[others] == rows.status[others]).all()
    assert (found["reason"][others] == rows["reason"][others]).all()
    keep_in_table(path, "", found, numbers, *judge(found, numbers, TAKE_BACK, ""))
    assert (coefficients(path)["reason"] == rows["reason"]).all()
    assert (coefficients(path).status == rows.status).all()


def test_nothing_is_written_into_a_table_that_has_changed(folder: Path) -> None:
    path = folder / "coefficients.gpkg"
    rows = coefficients(path)
    status, reason = judge(rows, np.array([5, 6]), "rejected", "haze")
    keep_in_table(path, "", rows, np.array([5, 6]), status, reason)
    with pytest.raises(OutputError, match="has changed since it was read"):
        keep_in_table(path, "", rows, np.array([4, 5]), status, reason)
    assert why(coefficients(path)["reason"][4]) == ""


def test_run_and_table_hold_the_same(once: Path) -> None:
    stored, runs = read_run(once / "calibration.gpkg")
    table, run = coefficients(once / "coefficients.gpkg"), stored.coefficients
    assert [one.id for one in runs] == [stored.run.id]
    for key in ("site", "sensor", "time", "band", "status", "reference_time"):
        assert (getattr(table, key) == getattr(run, key)).all(), key
    for key in ("reason", "method", "product", "reference_product", "target_id", "reference_id"):
        assert (table[key] == run[key]).all(), key
    for key in table.numbers:
        wide = 0.5 if key == "wavelength_nm" else 1e-9  # that of the response, in the table
        np.testing.assert_allclose(table[key], run[key], atol=wide, err_msg=key)
    np.testing.assert_allclose(table.a_k, run.a_k)
    np.testing.assert_allclose(table.longitude, run.longitude)
    assert set(budget_of_run(stored.run).combined) == set(run.bands)
    assert all(0.5 < value < 3.0 for value in budget_of_run(stored.run).combined.values())


def test_verdict_is_kept_in_the_database(folder: Path) -> None:
    path = folder / "calibration.gpkg"
    stored, _ = read_run(path)
    rows, numbers = stored.coefficients, np.array([8, 2])
    status, reason = judge(rows, numbers, "rejected", 'o\'clock; "haze"')
    keep_in_run(path, stored.ids[numbers], rows.status[numbers], status, reason)
    found = read_run(path)[0].coefficients
    assert [why(one) for one in found["reason"][numbers]] == ['o\'clock; "haze"'] * 2
    assert (found.status == "rejected").sum() == (rows.status == "rejected").sum() + 2
    more = np.array([9, 8])  # the second one is not as it was
    with pytest.raises(InputError, match="has changed"):
        keep_in_run(path, stored.ids[more], rows.status[more], status, reason)
    assert why(read_run(path)[0].coefficients["reason"][9]) == ""


def test_the_two_observations_of_a_pair(once: Path) -> None:
    stored, _ = read_run(once / "calibration.gpkg")
    rows, row = stored.coefficients, 12
    ids = (int(rows["target_id"][row]), int(rows["reference_id"][row]))
    target, reference = seen_pair(
        once / "calibration.gpkg", ("S2B/MSI", "S2A/MSI"), ids, str(rows.band[row])
    )
    assert target is not None
    assert reference is not None
    assert target.sun_zenith_deg == pytest.approx(rows["sun_zenith_deg"][row])
    difference = target.sun_zenith_deg - reference.sun_zenith_deg
    assert difference == pytest.approx(rows["d_sun_zenith_deg"][row])
    difference = target.relative_azimuth_deg - reference.relative_azimuth_deg
    assert difference == pytest.approx(rows["d_relative_azimuth_deg"][row], abs=1e-6)
    assert seen_pair(once / "calibration.gpkg", ("S2B/MSI", ""), (ids[0], -1), "B02")[1] is None


def test_databases_are_told_from_tables(once: Path, tmp_path: Path) -> None:
    assert is_calibration_database(once / "calibration.gpkg")
    assert not is_calibration_database(once / "coefficients.gpkg")
    assert not is_calibration_database(tmp_path / "missing.gpkg")
    (tmp_path / "broken.gpkg").write_bytes(b"nothing")
    assert not is_calibration_database(tmp_path / "broken.gpkg")


def test_missing_runs_are_said(once: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no coefficients of a run 99"):
        read_run(once / "calibration.gpkg", 99)
    empty = tmp_path / "empty.gpkg"
    open_database(str(empty), create=True).close()
    with pytest.raises(InsufficientDataError, match="Calibrate over deserts"):
        read_run(empty)
