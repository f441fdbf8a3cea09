# SPDX-License-Identifier: GPL-3.0-or-later
"""Import and export through the real ``qgis_process``; a password is nowhere in what it says."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from made_measurements import assert_same, measurements

from calval_toolbox.core.database import open_database
from calval_toolbox.core.database.measurements import save_measurements
from calval_toolbox.core.io.measurements import read_measurements, write_measurements

pytest.importorskip("qgis.core")

ODD = "hunter2"
Run = Callable[..., subprocess.CompletedProcess[str]]


def test_import_and_export(run_process: Run, database_name: str, tmp_path: Path) -> None:
    made = measurements()
    write_measurements(made, tmp_path / "made.csv", "csv")
    inputs = {"INPUT": [str(tmp_path / "made.csv")], "DATABASE": database_name}
    done = run_process(["run", "calval:importmeasurements", "-"], json={"inputs": inputs})
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["results"]["COUNT"] == 40
    arguments = [f"--DATABASE={database_name}", "--SENSOR=MERIS", "--OUTPUT=again.nc"]
    done = run_process(["run", "calval:exportmeasurements", *arguments], cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert_same(made, read_measurements(tmp_path / "again.nc")[0])
    assert (tmp_path / "again.nc.provenance.json").exists()


def test_refused_password_is_not_repeated(run_process: Run, tmp_path: Path) -> None:
    inputs = {"DATABASE": f"postgresql://me:{ODD}@localhost/x", "SENSOR": "MERIS",
              "OUTPUT": str(tmp_path / "o.csv")}  # fmt: skip
    done = run_process(["run", "calval:exportmeasurements", "-"], json={"inputs": inputs})
    assert done.returncode == 1
    assert "holds a password" in done.stderr + done.stdout
    assert ODD not in done.stderr + done.stdout


def test_a_key_given_twice_takes_both(run_process: Run, tmp_path: Path) -> None:
    """QGIS makes a list of a repeated key, and would take nothing for it."""
    made = measurements()
    database = str(tmp_path / "c.gpkg")
    with open_database(database, create=True) as db:
        save_measurements(db, made)
    assert len(set(made["site"])) == 3
    keys = ["SITES=DomeC", "SITES=Libya4"]
    arguments = [f"DATABASE={database}", "SENSOR=MERIS", *keys, "OUTPUT=part.csv"]
    done = run_process(["run", "calval:exportmeasurements", "--", *arguments], cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = read_measurements(tmp_path / "part.csv")[0]
    assert set(found["site"]) == {"DomeC", "Libya4"}
    again = ["SENSOR=MERIS", *(one for one in arguments if not one.startswith("SITES"))]
    done = run_process(["run", "calval:exportmeasurements", "--", *again], cwd=tmp_path)
    assert done.returncode == 1
    assert "SENSOR takes one value and was given a list (MERIS, MERIS)" in done.stderr + done.stdout
