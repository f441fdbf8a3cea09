# SPDX-License-Identifier: GPL-3.0-or-later
"""``anomalysensitivity`` through the provider and the real ``qgis_process``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsProcessingException

from calval_toolbox.core.io.tables import read_table

Run = Callable[..., dict[str, Any]]


def test_small_study_in_the_real_qgis_process(
    run_process: Callable[..., Any], tmp_path: Path
) -> None:
    names = {"OUTPUT": "s.gpkg", "CONFUSION": "c.csv", "REPORT": "r.html"}
    paths = {key: tmp_path / name for key, name in names.items()}
    inputs = {
        "TYPES": ["cloud", "gain"], "SITES": ["Morocco", "Toulouse"],
        "CONFIGURATIONS": ["default", "least_squares"], "PIXELS": 60, "REPLICATES": 40,
        "AMPLITUDES": "0.02, 0.05, 0.1", **{key: str(path) for key, path in paths.items()},
    }  # fmt: skip
    done = run_process(["run", "calval:anomalysensitivity", "-"], json={"inputs": inputs})
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)["results"]
    assert results["CELL_COUNT"] == 2 * 2 * 2 * 2
    assert results["BEST_CONFIGURATION"] == "default"
    assert 0.0 < results["FALSE_ALARM_RATE"] < 0.003
    table = read_table(paths["OUTPUT"])
    assert len(table) == 16 * 3
    rows = (table["configuration"] == "default") & (table["type"] == "cloud")
    by_amplitude = [
        table["pod"][rows & (table["amplitude"] == a)].mean() for a in (0.02, 0.05, 0.1)
    ]
    assert by_amplitude == sorted(by_amplitude)
    assert by_amplitude[2] > 0.95
    desert = rows & (table["site"] == "Morocco")
    crops = rows & (table["site"] == "Toulouse")
    assert table["mda90"][desert].max() < table["mda90"][crops].min()
    cells = rows & (table["amplitude"] == 0.05)  # one row of each cell
    assert results["MDA90"] == pytest.approx(np.median(table["mda90"][cells]), rel=1e-6)
    assert "Algorithmic improvements" in paths["REPORT"].read_text(encoding="utf-8")
    assert read_table(paths["CONFUSION"])["often"].sum() > 0


def test_grid_of_a_file(run_algorithm: Run, tmp_path: Path) -> None:
    grid = tmp_path / "grid.json"
    grid.write_text(
        '{"types": ["offset"], "amplitudes": [0.1], "sites": ["Beijing"], "pixels": 20, '
        '"contamination": [0], "configurations": {"mine": {"threshold": 0.01}}}'
    )
    output = tmp_path / "s.csv"
    results = run_algorithm("anomalysensitivity", {"GRID": str(grid), "OUTPUT": str(output)})
    table = read_table(output)
    assert results["CELL_COUNT"] == len(table) == 1
    assert table["configuration"][0] == results["BEST_CONFIGURATION"] == "mine"
    assert table["pod"][0] > 0.9
    assert table["far"][0] == pytest.approx(0.01, abs=0.006)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"GAPS": "0.9"}, "between 0 and 0.75"),
        ({"CONTAMINATION": "much"}, "CONTAMINATION must be numbers"),
        ({"AMPLITUDES": "-0.1"}, "positive"),
        ({"GRID": "{folder}/none.json"}, "none.json"),
    ],
)
def test_bad_input_gets_a_sentence(
    run_algorithm: Run, tmp_path: Path, change: dict[str, str], message: str
) -> None:
    change = {key: value.format(folder=tmp_path) for key, value in change.items()}
    with pytest.raises(QgsProcessingException, match=message):
        run_algorithm("anomalysensitivity", {**change, "OUTPUT": str(tmp_path / "s.csv")})
