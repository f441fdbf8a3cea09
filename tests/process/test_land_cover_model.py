# SPDX-License-Identifier: GPL-3.0-or-later
"""The shipped model of land cover through the real ``qgis_process``: the map is right."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("qgis.core")
pytest.importorskip("sklearn")

from osgeo import gdal

from calval_toolbox.core.classification.simulate import LandCoverCase
from calval_toolbox.core.io.class_rasters import read_classes

MODEL = Path(__file__).resolve().parents[2] / "resources" / "models" / "land_cover.model3"
Run = Callable[..., subprocess.CompletedProcess[str]]


def test_a_tile_from_products_to_the_accuracy(
    land_cover_case: LandCoverCase, run_process: Run, tmp_path: Path
) -> None:
    case = land_cover_case
    outputs = {
        "features": "features.tif", "samples": "samples.gpkg", "sample_report": "samples.html",
        "model": "model.npz", "training_report": "training.html",
        "classification": "raw.tif", "confidence": "confidence.tif", "map": "map.tif",
        "accuracy_report": "accuracy.html",
    }  # fmt: skip
    inputs = {
        "PRODUCTS": [str(case.optical["T31TCJ"])], "REFERENCE": str(case.reference),
        "CLASS_FIELD": "class", "STEP_DAYS": 45,
        **{key: str(tmp_path / name) for key, name in outputs.items()},
    }  # fmt: skip
    done = run_process(["run", MODEL, "-"], json={"inputs": inputs})
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)["results"]
    assert results["map"] == str(tmp_path / "map.tif")
    mapped = gdal.Open(results["map"]).ReadAsArray()
    truth = case.ground.codes()[:, : mapped.shape[1]]
    assert float(np.mean(mapped == truth)) > 0.8
    assert read_classes(results["map"]).labels[-1] == "wheat"
    assert "</html>" in (tmp_path / "accuracy.html").read_text("utf-8")
