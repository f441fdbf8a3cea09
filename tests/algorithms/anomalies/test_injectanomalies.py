# SPDX-License-Identifier: GPL-3.0-or-later
"""``injectanomalies`` through the provider and the real ``qgis_process``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsProcessingException

from calval_toolbox.core.anomalies.simulate import SITES, simulate_series
from calval_toolbox.core.io.tables import read_table, write_table
from calval_toolbox.core.series.table import table_from_series

Run = Callable[..., dict[str, Any]]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "series.gpkg"
    series = [simulate_series(SITES[name], 70 + i)[0] for i, name in enumerate(SITES)]
    write_table(table_from_series(series), path)
    return path


def test_planted_then_detected_in_the_real_qgis_process(
    run_process: Callable[..., Any], run_algorithm: Run, table: Path, tmp_path: Path
) -> None:
    output, truth = tmp_path / "planted.gpkg", tmp_path / "truth.gpkg"
    inputs = {
        "INPUT": str(table), "TYPES": ["cloud", "shadow"], "AMPLITUDE": "cloud=0.15, shadow=0.5",
        "COUNT": 4, "OUTPUT": str(output), "TRUTH": str(truth),
    }  # fmt: skip
    done = run_process(["run", "calval:injectanomalies", "-"], json={"inputs": inputs})
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["results"]["INJECTED_COUNT"] == 32
    known = read_table(truth)
    before, after = read_table(table), read_table(output)
    changed = np.flatnonzero(before["value"] != after["value"])
    assert set(zip(after["site"][changed], after["time"][changed], strict=True)) == set(
        zip(known["site"], known["time"], strict=True)
    )
    found = tmp_path / "found.gpkg"
    run_algorithm(
        "detectanomalies",
        {"INPUT": str(output), "SEEK_STEPS": False, "OUTPUT": str(tmp_path / "o.gpkg"),
         "ANOMALIES": str(found)},
    )  # fmt: skip
    flagged = read_table(found)
    names = dict(
        zip(zip(flagged["site"], flagged["time"], strict=True), flagged["type"], strict=True)
    )
    keys = list(zip(known["site"], known["time"], strict=True))
    hit = [key in names for key in keys]
    assert np.mean(hit) >= 0.9
    right = [names[key] == kind for key, kind in zip(keys, known["type"], strict=True)
             if key in names]  # fmt: skip
    assert np.mean(right) >= 0.8
    assert len(flagged) - sum(hit) <= 5


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"COUNT": 5000}, "do not fit into"),
        ({"AMPLITUDE": "a lot"}, "AMPLITUDE cannot be read"),
        ({"AMPLITUDE": "gain=0.1"}, "not among the types chosen"),
        ({"TYPES": ["shadow"], "AMPLITUDE": "2"}, "0 to 1"),
        ({"VALUE_FIELD": "reflectance"}, "no column 'reflectance'"),
    ],
)
def test_bad_input_gets_a_sentence(
    run_algorithm: Run, table: Path, tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    out = tmp_path / "out"
    with pytest.raises(QgsProcessingException, match=message):
        run_algorithm(
            "injectanomalies",
            {"INPUT": str(table), **change, "OUTPUT": str(out / "o.gpkg"),
             "TRUTH": str(out / "t.gpkg")},
        )  # fmt: skip
    assert not out.exists() or not list(out.iterdir())


def test_bands_without_wavelength_are_refused(run_algorithm: Run, tmp_path: Path) -> None:
    path = tmp_path / "bands.csv"
    rows = [
        f"A,2020-{1 + i // 28:02d}-{1 + i % 28:02d},X{b},0.2" for i in range(60) for b in (1, 2)
    ]
    path.write_text("\n".join(["site,time,band,value", *rows]) + "\n")
    with pytest.raises(QgsProcessingException, match="Wavelengths of some bands are unknown"):
        run_algorithm(
            "injectanomalies",
            {"INPUT": str(path), "OUTPUT": str(tmp_path / "o.csv"),
             "TRUTH": str(tmp_path / "t.csv")},
        )  # fmt: skip
