# SPDX-License-Identifier: GPL-3.0-or-later
"""The shipped model of anomalies through the real ``qgis_process``: it finds what was planted."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from calval_toolbox.core.anomalies.scenes import FourSites, compare, write_four_sites
from calval_toolbox.core.anomalies.scenes.settings import SITES, STEP_DAY, STEP_GAIN
from calval_toolbox.core.io.tables import read_table

MODEL = Path(__file__).resolve().parents[2] / "resources" / "models" / "timeseries_anomalies.model3"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> FourSites:
    """The two dry sites."""
    return write_four_sites(tmp_path_factory.mktemp("sites") / "data", settings=SITES[2:])


def _inputs(example: FourSites, folder: Path) -> dict[str, Any]:
    return {
        "PRODUCTS": [str(path) for path in example.products.values()],
        "SITES": str(example.polygons),
        "STEADY_SITES": str(example.steady),
        "time_series": str(folder / "series.gpkg"),
        "observations": str(folder / "observations.gpkg"),
        "anomalies": str(folder / "anomalies.gpkg"),
        "anomaly_report": str(folder / "anomalies.html"),
        "steady_series": str(folder / "steady.gpkg"),
        "steady_observations": str(folder / "steady_observations.gpkg"),
        "steady_anomalies": str(folder / "steady_anomalies.gpkg"),
        "lasting_changes": str(folder / "changes.csv"),
        "change_report": str(folder / "changes.html"),
    }


def test_it_finds_what_was_planted(example: FourSites, run_process: Run, tmp_path: Path) -> None:
    inputs = _inputs(example, tmp_path)
    done = run_process(["run", MODEL, "-"], json={"inputs": inputs})
    assert done.returncode == 0, done.stderr
    outputs = {key: value for key, value in inputs.items() if key.islower()}
    results = json.loads(done.stdout)["results"]
    assert {key: results[key] for key in outputs} == outputs
    assert all("</html>" in (tmp_path / f"{n}.html").read_text() for n in ("anomalies", "changes"))
    series = read_table(tmp_path / "series.gpkg")
    # The bands that the model chooses where nobody does.
    assert set(series["band"]) == {"B2", "B3", "B4", "B8", "B11", "B12"}

    made = compare(example.truth, example.site_truth, read_table(tmp_path / "observations.gpkg"))
    planted = made.planted
    large = np.isin(planted["type"], ["offset", "cloud"]) | (
        (planted["type"] == "aot_over") & (planted["place"] == "Ouarzazate")
    )
    assert large.sum() >= 4
    assert planted["found"][large].sum() >= 0.9 * planted["concerned"][large].sum()
    assert planted["named"][large].sum() >= 0.9 * planted["found"][large].sum()
    hidden = np.isin(planted["type"], ["stripes"]) | (planted["amplitude"] == 0.03)
    assert planted["found"][hidden].sum() == 0
    assert made.false_alarms <= 0.006 * made.clean

    changes = read_table(tmp_path / "changes.csv")
    steps = changes["event"] == "step"
    assert set(changes["origin"][steps]) == {"sensor"}
    first, last = (
        np.array([text[:10] for text in changes.texts(key)[steps]], dtype="datetime64[D]")
        for key in ("earliest", "latest")
    )
    planted_day = np.datetime64(STEP_DAY)
    assert ((first <= planted_day) & (planted_day <= last)).all()
    assert (last - first <= np.timedelta64(30, "D")).all()
    gains = changes["kind"][steps] == "gain"
    percent = changes["amplitude"][steps][gains].astype(float)
    assert np.abs(percent - 100.0 * STEP_GAIN).max() < 4.0


def test_a_stricter_threshold_reaches_both_detections(
    example: FourSites, run_process: Run, tmp_path: Path
) -> None:
    inputs = _inputs(example, tmp_path) | {
        "THRESHOLD": 1e-8, "BANDS": "B2,B4,B8", "MASK_POLICY": "none",
        "PRODUCTS": [str(example.products["Ouarzazate"])],
    }  # fmt: skip
    done = run_process(["run", MODEL, "-"], json={"inputs": inputs})
    assert done.returncode == 0, done.stderr
    for name in ("observations", "steady_observations"):
        table = read_table(tmp_path / f"{name}.gpkg")
        assert set(table["band"]) == {"B2", "B4", "B8"}
        assert set(table.floats("threshold")) == {1e-8}
        assert set(table["mask_state"]) == {"clear"}


def test_a_bad_input_ends_with_its_sentence(
    example: FourSites, run_process: Run, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    inputs = _inputs(example, tmp_path) | {"PRODUCTS": [str(empty)]}
    done = run_process(["run", MODEL, "-"], json={"inputs": inputs})
    assert done.returncode == 1
    assert "No product was found" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "series.gpkg").exists()
