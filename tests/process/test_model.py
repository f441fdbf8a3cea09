# SPDX-License-Identifier: GPL-3.0-or-later
"""The shipped models: valid, up to date; that of AOT runs through the real ``qgis_process``."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsProcessingModelAlgorithm

from calval_toolbox.core.aot.simulate import DemoScenario, write_demo
from calval_toolbox.core.aot.simulate_plan import CAMPAIGNS
from calval_toolbox.core.io.tables import read_table

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "resources" / "models" / "aot_validation.model3"
SHORT = (replace(CAMPAIGNS[0], last="2018-04-10", sites=("Toulouse", "Beijing")),)

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoScenario:
    return write_demo(tmp_path_factory.mktemp("demo"), campaigns=SHORT)


def _inputs(demo: DemoScenario, folder: Path) -> dict[str, Any]:
    return {
        "AERONET_FILES": [str(demo.aeronet)],
        "PRODUCTS": [str(path) for path in demo.products.values()],
        "aeronet_observations": str(folder / "aeronet.gpkg"),
        "satellite_aot": str(folder / "satellite.gpkg"),
        "matchups": str(folder / "matchups.gpkg"),
        "statistics": str(folder / "statistics.csv"),
        "validation_report": str(folder / "validation.html"),
        "site_ranking": str(folder / "ranking.gpkg"),
        "ranking_report": str(folder / "ranking.html"),
    }


def test_it_runs_from_import_to_ranking(
    demo: DemoScenario, run_process: Run, tmp_path: Path
) -> None:
    inputs = _inputs(demo, tmp_path)
    done = run_process(["run", MODEL, "-"], json={"inputs": inputs})
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)["results"]
    outputs = {key: value for key, value in inputs.items() if key.islower()}
    assert {key: results[key] for key in outputs} == outputs
    matchups = read_table(tmp_path / "matchups.gpkg")
    satellite = read_table(tmp_path / "satellite.gpkg")
    assert len(matchups) == len(satellite) == 3 * (len(demo.truth) - 1)  # one is damaged
    assert (matchups.floats("accepted") == 1).sum() >= 10
    ranking = read_table(tmp_path / "ranking.gpkg")
    assert sorted(ranking["site"]) == ["Beijing", "Toulouse"]
    for name in ("validation.html", "ranking.html"):
        assert "</html>" in (tmp_path / name).read_text("utf-8")


def test_its_parameters_reach_the_steps(
    demo: DemoScenario, run_process: Run, tmp_path: Path
) -> None:
    inputs = _inputs(demo, tmp_path) | {"WINDOWS_M": "2000", "MASK_POLICY": "none"}
    inputs["TIME_WINDOW_MIN"] = 16
    done = run_process(["run", MODEL, "-"], json={"inputs": inputs})
    assert done.returncode == 0, done.stderr
    satellite = read_table(tmp_path / "satellite.gpkg")
    assert set(satellite.floats("window_m")) == {2000.0}
    assert satellite.floats("valid_fraction").min() == 1.0
    # the simulated photometers look every quarter of an hour, give or take three minutes
    counts = read_table(tmp_path / "matchups.gpkg").floats("reference_count")
    assert 2 <= counts.max() <= 3


def test_a_bad_input_ends_with_its_sentence(
    demo: DemoScenario, run_process: Run, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    inputs = _inputs(demo, tmp_path) | {"PRODUCTS": [str(empty)]}
    done = run_process(["run", MODEL, "-"], json={"inputs": inputs})
    assert done.returncode == 1
    assert "No product was found" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "satellite.gpkg").exists()


def _made(path: Path, name: str) -> Any:
    """A child algorithm's parameters need the provider, which the caller has loaded."""
    spec = importlib.util.spec_from_file_location("make_model", ROOT / "scripts" / "make_model.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(ROOT / "scripts"))  # as where the script itself is run
    try:
        spec.loader.exec_module(script)
    finally:
        sys.path.remove(str(ROOT / "scripts"))
    assert {chain.file for chain in script.CHAINS} == {one.stem for one in path.parent.iterdir()}
    return script.build(next(chain for chain in script.CHAINS if chain.file == name)).toVariant()


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        (
            "aot_validation",
            ["importaeronet", "extractaot", "compareaot", "rankaeronetsites"],
        ),
        (
            "timeseries_anomalies",
            ["extracttimeseries", "detectanomalies", "extracttimeseries", "detectanomalies"],
        ),
    ],
)
def test_the_file_is_valid_and_what_its_script_makes(
    calval_provider: Any, name: str, steps: list[str]
) -> None:
    path = MODEL.with_name(f"{name}.model3")
    stored = QgsProcessingModelAlgorithm()
    assert stored.fromFile(str(path))
    good, problems = stored.validate()
    assert good, problems
    children = stored.childAlgorithms().values()
    assert sorted(step.algorithmId() for step in children) == sorted(f"calval:{s}" for s in steps)
    made, kept = _made(path, name), stored.toVariant()
    assert list(made["parameterDefinitions"]) == list(kept["parameterDefinitions"])
    for part in ("children", "parameterOrder"):
        assert made[part] == kept[part], f"run scripts/make_model.py: {part} have changed"
