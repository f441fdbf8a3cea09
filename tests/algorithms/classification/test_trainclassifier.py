# SPDX-License-Identifier: GPL-3.0-or-later
"""``trainclassifier``: models that read back and classify, zones, test samples, bad input."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")
pytest.importorskip("sklearn")

from osgeo import gdal
from qgis.core import QgsProcessingException
from samples import World, trainclassifier

from calval_toolbox.core.classification.classes import label_text
from calval_toolbox.core.classification.prediction.predict import probabilities
from calval_toolbox.core.io.confusion_files import read_confusion
from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.model_files import read_model
from calval_toolbox.core.io.raster_writer import write_raster
from calval_toolbox.core.io.tables import read_table, write_table
from calval_toolbox.core.table import Table

Run = Callable[[str, dict[str, Any]], dict[str, Any]]
FEATURES = ["B4_20190101", "B8_20190101", "B8_20190201", "elevation"]


@pytest.fixture
def inputs(tmp_path: Path, run_algorithm: Run) -> dict[str, Any]:
    """Three classes, two zones, and where the model goes."""
    given = trainclassifier(World(tmp_path, run_algorithm))
    return given | {"OUTPUT_MODEL": str(tmp_path / "model.npz")}


def changed(inputs: dict[str, Any], folder: Path, **columns: Any) -> dict[str, Any]:
    """The same samples with other columns, as a GeoPackage without geometry."""
    table = read_table(inputs["SAMPLES"])
    path = folder / "changed.gpkg"
    write_table(Table(dict(table.columns) | columns, "changed"), path, "changed")
    return inputs | {"SAMPLES": str(path)}


def test_model_report_and_numbers(
    inputs: dict[str, Any], run_algorithm: Run, tmp_path: Path
) -> None:
    report, matrix = tmp_path / "report.html", tmp_path / "matrix.csv"
    outputs = {"REPORT": str(report), "CONFUSION": str(matrix)}
    found = run_algorithm("trainclassifier", inputs | outputs)
    assert read_confusion(matrix).overall == pytest.approx(found["OA_SPATIAL"])
    assert read_confusion(matrix).total == 120
    model = read_model(found["OUTPUT_MODEL"])
    assert list(model.features) == FEATURES
    assert model.classes.labels == ("oak", "water", "wheat")
    assert json.loads(found["MODELS"]) == [inputs["OUTPUT_MODEL"]]
    assert (found["SAMPLE_COUNT"], found["CLASS_COUNT"], found["FEATURE_COUNT"]) == (120, 3, 4)
    assert found["OA_RANDOM"] > 0.9
    assert found["OA_SPATIAL"] > 0.9
    assert found["OA_TEST"] is None
    assert model.facts["overall_accuracy"]["spatial"] == pytest.approx(
        found["OA_SPATIAL"], abs=1e-4
    )
    table = read_table(inputs["SAMPLES"])
    values = np.stack([table.floats(one) for one in FEATURES], axis=1).astype(np.float32)
    shares = probabilities(model, values)
    told = [model.classes.labels[one] for one in shares.argmax(axis=1)]
    assert (
        np.mean([one == label_text(other) for one, other in zip(told, table["cover"], strict=True)])
        > 0.98
    )
    text = re.sub(r"\s+", " ", report.read_text(encoding="utf-8"))
    assert "Overall accuracy, spatial cross-validation" in text
    assert "blocks of 0.05°; brackets: 95 % interval" in text
    assert text.count("<img") == 3
    assert (tmp_path / "model.npz.provenance.json").is_file()


def test_zones_have_files_of_their_own(inputs: dict[str, Any], run_algorithm: Run) -> None:
    found = run_algorithm("trainclassifier", inputs | {"ZONE_FIELD": "zone"})
    paths = [Path(one) for one in json.loads(found["MODELS"])]
    assert [one.name for one in paths] == ["model_north.npz", "model_south.npz"]
    assert [read_model(one).zone for one in paths] == ["north", "south"]
    whole = read_model(found["OUTPUT_MODEL"])
    assert whole.zone == ""
    assert all(read_model(one).classes == whole.classes for one in paths)


def test_test_samples_are_found_by_the_column_split(
    inputs: dict[str, Any], run_algorithm: Run, tmp_path: Path
) -> None:
    split = np.array((["train"] * 9 + ["test"] * 3) * 10, dtype=object)
    found = run_algorithm("trainclassifier", changed(inputs, tmp_path, split=split))
    assert found["SAMPLE_COUNT"] == 90
    assert found["OA_TEST"] > 0.8
    named = changed(inputs, tmp_path, role=split) | {"SPLIT_FIELD": "role"}
    assert run_algorithm("trainclassifier", named)["OA_TEST"] == found["OA_TEST"]


def test_same_seed_same_file(inputs: dict[str, Any], run_algorithm: Run, tmp_path: Path) -> None:
    run_algorithm("trainclassifier", inputs | {"METHOD": "ensemble"})
    other = inputs | {"METHOD": "ensemble", "OUTPUT_MODEL": str(tmp_path / "again.npz")}
    run_algorithm("trainclassifier", other)
    first, second = ((tmp_path / one).read_bytes() for one in ("model.npz", "again.npz"))
    assert first == second


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"CLASS_FIELD": "kind"}, "kind"),
        ({"FEATURE_FIELDS": "NDVI_*"}, r"no column 'NDVI_\*'"),
        ({"FEATURE_FIELDS": "zone"}, "Column 'zone' of .* is not numeric"),
        ({"ZONE_FIELD": "id"}, "No zone of the column id has enough samples"),
        ({"SPLIT_FIELD": "zone"}, "holds 'north'"),
    ],
)
def test_bad_parameters_get_a_sentence(
    inputs: dict[str, Any], run_algorithm: Run, changes: dict[str, Any], words: str, tmp_path: Path
) -> None:
    with pytest.raises(QgsProcessingException, match=words):
        run_algorithm("trainclassifier", inputs | changes)
    assert not (tmp_path / "model.npz").exists()


def test_bad_samples_get_a_sentence(
    inputs: dict[str, Any], run_algorithm: Run, tmp_path: Path
) -> None:
    def fails(words: str, **columns: Any) -> None:
        with pytest.raises(QgsProcessingException, match=words):
            run_algorithm("trainclassifier", changed(inputs, tmp_path, **columns))

    fails("of one class", cover=np.array(["oak"] * 120, dtype=object))
    fails("differ by case or blanks alone", cover=np.array(["oak", "Oak "] * 60, dtype=object))
    fails("elevation of .* has no value in any row", elevation=np.full(120, -9999.0))
    fails(
        "too few for 3 folds",
        cover=np.array([f"c{row // 2}" for row in range(120)], dtype=object),
    )


def test_without_scikit_learn_it_says_what_is_missing(
    calval_provider: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from calval_toolbox.core import dependencies

    monkeypatch.setattr(dependencies, "available", lambda module: module != "sklearn")
    able, text = calval_provider.algorithm("trainclassifier").canExecute()
    assert not able
    assert "pip install scikit-learn" in text


@pytest.mark.parametrize("method", ["svm", "hist_gradient", "ensemble"])
def test_every_method_classifies_a_raster(
    inputs: dict[str, Any], run_algorithm: Run, tmp_path: Path, method: str
) -> None:
    """The samples laid out as an image, its bands in another order than the table's columns."""
    report = tmp_path / "report.html"
    given = inputs | {"METHOD": method, "TREES": 30, "FOLDS": 2, "REPORT": str(report)}
    run_algorithm("trainclassifier", given)
    members = read_model(inputs["OUTPUT_MODEL"]).members
    told = "Support vectors see 1 difference" in re.sub(r"\s+", " ", report.read_text("utf-8"))
    assert told == any(one.vectors is not None for one in members)
    table = read_table(inputs["SAMPLES"])
    layers = [table.floats(one).astype(np.float32).reshape(10, 12) for one in FEATURES[::-1]]
    grid = grid_from_epsg(32631, (5e5, 10.0, 0.0, 4.9e6, 0.0, -10.0), 12, 10)
    write_raster(tmp_path / "stack.tif", layers, grid, -9999.0, FEATURES[::-1])
    outputs = {
        key: str(tmp_path / f"{key}.tif") for key in ("OUTPUT", "OUTPUT_CONFIDENCE")
    } | {"OUTPUT_PROBABILITIES": str(tmp_path / "shares.tif")}  # fmt: skip
    task = {"STACK": str(tmp_path / "stack.tif"), "MODELS": [inputs["OUTPUT_MODEL"]]}
    run_algorithm("classifytimeseries", task | outputs)
    codes = gdal.Open(outputs["OUTPUT"]).ReadAsArray().ravel()
    names = np.array(["", *read_model(inputs["OUTPUT_MODEL"]).classes.labels])
    assert np.mean(names[codes] == [label_text(one) for one in table["cover"]]) > 0.95
    shares = gdal.Open(outputs["OUTPUT_PROBABILITIES"]).ReadAsArray().reshape(3, -1)
    assert shares.sum(axis=0) == pytest.approx(1.0, abs=1e-5)
    assert (codes == shares.argmax(axis=0) + 1).all()
    sure = gdal.Open(outputs["OUTPUT_CONFIDENCE"]).ReadAsArray().ravel()
    assert (sure == np.rint(100.0 * shares.max(axis=0))).all()
