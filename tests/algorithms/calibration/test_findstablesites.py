# SPDX-License-Identifier: GPL-3.0-or-later
"""The search for stable sites as users meet it: the real command, the chain to extraction, bad
input, products.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from osgeo import gdal
from qgis.core import QgsProcessingException

from calval_toolbox.core.calibration.stability.simulate import (
    STABLE,
    Ground,
    Plan,
    Scene,
    simulate_scene,
    write_scene,
)
from calval_toolbox.core.database import open_database
from calval_toolbox.core.database.measurements import load_measurements
from calval_toolbox.core.errors import OutputError
from calval_toolbox.core.io.products import synthetic
from calval_toolbox.core.io.tables import read_table

Run = Callable[..., dict[str, Any]]
PLAN = Plan(
    (44, 60), dates=30, step_days=30.0,
    planted={"stable": ((6, 5, 28, 25), STABLE), "drifting": ((6, 32, 28, 25), Ground(drift=0.04))},
)  # fmt: skip


@pytest.fixture(scope="module")
def scene() -> Scene:
    return simulate_scene(PLAN)


@pytest.fixture(scope="module")
def desert(scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desert")
    write_scene(folder, scene)
    return folder


def inputs(desert: Path, folder: Path, **more: Any) -> dict[str, Any]:
    given = {
        "STACK": [str(desert / "images")], "ANGLES": str(desert / "angles.csv"), "SIZE_M": 6000.0,
        "OUTPUT": str(folder / "stability.tif"), "CANDIDATES": str(folder / "candidates.gpkg"),
    }  # fmt: skip
    return {key: value for key, value in (given | more).items() if value is not None}


def test_the_real_command_finds_the_planted_site(
    run_process: Callable[..., Any], run_algorithm: Run, scene: Scene, desert: Path, tmp_path: Path
) -> None:
    report = tmp_path / "report.html"
    given = inputs(desert, tmp_path, REPORT=str(report), TILE_SIZE=64)
    done = run_process(["run", "calval:findstablesites", "-"], json={"inputs": given})
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)["results"]
    assert (results["CANDIDATE_COUNT"], results["DATE_COUNT"]) == (1, 30)
    assert 0.3 < results["BEST_SCORE"] < 0.9
    assert results["CANDIDATE_AREA_KM2"] == pytest.approx(26 * 23 * 0.25, rel=0.03)
    raster = gdal.Open(given["OUTPUT"])
    score = raster.GetRasterBand(1).ReadAsArray()
    passed = (score != -9999.0) & (score <= 1.0)
    assert results["PASSED_COUNT"] == passed.sum()
    assert passed[9:31, 8:27].mean() > 0.98
    assert not passed[scene.planted("drifting")].any()
    for name in ("stability.qml", "candidates.qml", "stability.tif.provenance.json"):
        assert (tmp_path / name).is_file()
    assert not list(tmp_path.glob("*.tiles"))
    text = report.read_text("utf-8")
    for part in ("candidate_01", "Raw temporal CV", "data:image/png", "10.3390/rs11101166"):
        assert part in text
    _extract(run_algorithm, given["CANDIDATES"], scene, tmp_path)


def _extract(run_algorithm: Run, candidates: str, scene: Scene, folder: Path) -> None:
    """The candidates are sites of 'Extract calibration sites' as they are."""
    made = synthetic.Scene(
        "T34RCS", scene.times[3], 32634, 400_000.0, 3_180_000.0, 500.0,
        np.full(PLAN.shape, 0.1), reflectance={"B4": scene.level[0]},
    )  # fmt: skip
    product = synthetic.write_safe(folder, made, synthetic.SafeStyle("L1C", "05.10", -1000))
    database = str(folder / "calibration.gpkg")
    found = run_algorithm("extractcalibrationsites", {
        "PRODUCTS": [str(product)], "SITES": "", "SITE_LAYER": candidates, "DATABASE": database,
    })  # fmt: skip
    assert found["COUNT"] == 1
    with open_database(database) as db:
        rows = load_measurements(db, "S2A/MSI", ["candidate_01"])
    table = read_table(candidates)
    mean, count = rows["mean"].ravel(), rows["count"].ravel()
    assert count == pytest.approx(table["pixels"])
    assert mean == pytest.approx(table["mean_red"], rel=1e-3)
    spread = 100.0 * rows["std"].ravel() / mean
    assert spread == pytest.approx(table["site_spatial_cv_percent_red"], rel=0.05)


def test_products_bring_their_angles(run_algorithm: Run, tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    level = 0.4 * (1.0 + 0.005 * rng.standard_normal((40, 40)))
    for number in range(16):
        day = np.datetime64("2020-01-05T10:50:31", "ms") + np.timedelta64(30 * number, "D")
        made = synthetic.Scene(
            "T31TCJ", day, 32631, 368000.0, 4826500.0, 10.0, np.full((40, 40), 0.1),
            reflectance={"B4": level * (1.0 + 0.01 * rng.standard_normal((40, 40)))},
            view_zenith_deg=float(2.0 + number % 4), sun_zenith_deg=float(30.0 + 3.0 * number),
        )  # fmt: skip
        synthetic.write_muscate(tmp_path / "products", made)
    results = run_algorithm("findstablesites", {
        "PRODUCTS": [str(tmp_path / "products")], "BANDS": "B4", "MIN_DATES": 8,
        "OUTPUT": str(tmp_path / "stability.tif"), "CANDIDATES": str(tmp_path / "c.gpkg"),
    })  # fmt: skip
    assert (results["CANDIDATE_COUNT"], results["TESTED_COUNT"]) == (1, 1600)
    table = read_table(tmp_path / "c.gpkg")
    assert table.texts("brdf")[0] == "ross_li"
    assert table["temporal_cv_percent"][0] == pytest.approx(1.0, abs=0.2)
    assert table["mean_B4"][0] == pytest.approx(0.4, abs=0.002)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"STACK": []}, "either products or a stack"),
        ({"SIZE_M": 90.0}, r"\(SIZE_M\) is 90 m, less than a pixel"),
        ({"WINDOW_M": 80_000.0}, r"\(WINDOW_M\) of 80000 m is larger than the images"),
        ({"MIN_DATES": 5}, "5 clear dates are too few for a model of 4 terms"),
        ({"MIN_DATES": 40}, "The stack has 30 dates, and each pixel needs 40"),
        ({"BANDS": "swir"}, "No date has a band swir. There are: red, nir"),
        ({"ANGLES": "names"}, "has no column 'date'.*sza, saa"),
        ({"EXECUTOR": "turbo"}, "'turbo' is unknown"),
        ({"DATE_PATTERN": "%d-%m-%Y"}, "holds no date as '%d-%m-%Y'"),
    ],
)
def test_wrong_parameters_are_one_sentence(
    change: dict[str, Any], sentence: str, run_algorithm: Run, desert: Path, tmp_path: Path
) -> None:
    if change.get("ANGLES"):
        change = {"ANGLES": str(tmp_path / "names.csv")}
        (tmp_path / "names.csv").write_text("day,zenith\n2020-01-01,30\n")
    folder = tmp_path / "out"
    with pytest.raises(QgsProcessingException, match=sentence):
        run_algorithm("findstablesites", inputs(desert, folder, **change))
    assert not folder.exists() or not list(folder.iterdir())


def test_no_candidate_is_no_error_and_a_failed_report_leaves_the_tiles(
    run_algorithm: Run, desert: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from calval_toolbox.algorithms.calibration import findstablesites

    def no_room(*_: Any) -> str:
        raise OutputError("There is no room for the report.")

    report = tmp_path / "report.html"
    given = inputs(desert, tmp_path, MAX_TEMPORAL_CV_PERCENT=0.1, REPORT=str(report))
    with monkeypatch.context() as patch:
        patch.setattr(findstablesites, "stability_report", no_room)
        with pytest.raises(QgsProcessingException, match="no room for the report"):
            run_algorithm("findstablesites", given)
    assert list(tmp_path.glob("*.tiles/r*.npz"))
    results = run_algorithm("findstablesites", given)
    assert not list(tmp_path.glob("*.tiles"))
    assert (results["CANDIDATE_COUNT"], results["PASSED_COUNT"]) == (0, 0)
    assert results["BEST_SCORE"] is None
    assert len(read_table(given["CANDIDATES"])) == 0
    assert "There is none." in report.read_text("utf-8")
