# SPDX-License-Identifier: GPL-3.0-or-later
"""``classifytimeseries``: a map that QGIS shows with the names and colors of its classes."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from osgeo import gdal
from qgis.core import QgsProcessingException, QgsRasterLayer, QgsVectorLayer
from samples import features_and_model

from calval_toolbox.core.io.class_rasters import read_classes

Run = Callable[[str, dict[str, Any]], dict[str, Any]]


@pytest.fixture
def inputs(tmp_path: Path) -> dict[str, Any]:
    stack, model = features_and_model(tmp_path / "in")
    return {
        "STACK": str(stack), "MODELS": [str(model)], "OUTPUT": str(tmp_path / "map.tif"),
        "OUTPUT_CONFIDENCE": str(tmp_path / "confidence.tif"),
    }  # fmt: skip


def test_the_map_is_right_and_named(
    inputs: dict[str, Any], run_algorithm: Run, tmp_path: Path
) -> None:
    found = run_algorithm("classifytimeseries", inputs)
    codes = gdal.Open(inputs["OUTPUT"]).ReadAsArray()
    truth = np.where(np.arange(100) <= 24, 2, 1) * np.ones((90, 1), int)
    truth[0] = 0
    assert (codes == truth).all()
    confidence = gdal.Open(inputs["OUTPUT_CONFIDENCE"]).ReadAsArray()
    assert (confidence == np.where(truth == 0, 255, np.where(truth == 2, 80, 90))).all()
    assert json.loads(found["CLASS_COUNTS"]) == {"wheat <dry>": 89 * 75, "water": 89 * 25}
    assert found["CLASSIFIED_PERCENT"] == pytest.approx(100.0 * 89 / 90)
    assert found["MEAN_CONFIDENCE"] == pytest.approx(0.75 * 90 + 0.25 * 80)
    assert read_classes(inputs["OUTPUT"]).labels == ("wheat <dry>", "water")
    layer = QgsRasterLayer(inputs["OUTPUT"], "map")
    shown = [(one.value, one.label, one.color.name()) for one in layer.renderer().classes()]
    assert shown == [(1.0, "wheat <dry>", "#f0e442"), (2.0, "water", "#0072b2")]
    assert layer.renderer().type() == "paletted"


def test_a_second_run_replaces_the_style_of_the_first(
    inputs: dict[str, Any], run_algorithm: Run
) -> None:
    run_algorithm("classifytimeseries", inputs)
    style = Path(inputs["OUTPUT"]).with_suffix(".qml")
    text = style.read_text(encoding="utf-8")
    run_algorithm("classifytimeseries", inputs)
    assert style.read_text(encoding="utf-8") == text
    style.write_text("<qgis>mine</qgis>", encoding="utf-8")
    run_algorithm("classifytimeseries", inputs)
    assert style.read_text(encoding="utf-8") == "<qgis>mine</qgis>"


def test_zones_of_a_layer(inputs: dict[str, Any], run_algorithm: Run, tmp_path: Path) -> None:
    model = features_and_model(tmp_path / "in", "west")[1]
    layer = QgsVectorLayer("Polygon?crs=EPSG:32631&field=name:string", "zones", "memory")
    from qgis.core import QgsFeature, QgsGeometry, QgsRectangle

    feature = QgsFeature(layer.fields())
    feature["name"] = "west"
    feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(499900, 4899000, 500400, 4900100)))
    layer.dataProvider().addFeatures([feature])
    zoned = inputs | {"MODELS": [str(model)], "ZONES": layer, "ZONE_FIELD": "name"}
    run_algorithm("classifytimeseries", zoned)
    codes = gdal.Open(inputs["OUTPUT"]).ReadAsArray()
    assert (codes[1:, :40] > 0).all()
    assert (codes[:, 40:] == 0).all()
    with pytest.raises(QgsProcessingException, match="ZONE_FIELD"):
        run_algorithm("classifytimeseries", zoned | {"ZONE_FIELD": None})


def test_bad_input_gets_a_sentence(
    inputs: dict[str, Any], run_algorithm: Run, tmp_path: Path
) -> None:
    other = tmp_path / "other.tif"
    shutil.copy(inputs["STACK"], other)
    dataset = gdal.OpenEx(str(other), gdal.OF_UPDATE)
    dataset.GetRasterBand(2).SetDescription("slope")
    dataset = None
    with pytest.raises(QgsProcessingException, match="lacks 1 of 2 features: elevation"):
        run_algorithm("classifytimeseries", inputs | {"STACK": str(other)})
    pickle = tmp_path / "model.pkl"
    pickle.write_bytes(b"\x80\x04N.")
    with pytest.raises(QgsProcessingException, match=r"model\.pkl is not a model of"):
        run_algorithm("classifytimeseries", inputs | {"MODELS": [str(pickle)]})
    assert not (tmp_path / "map.tif").exists()


def test_a_real_table_that_numbers_its_dates_maps_real_images(
    run_algorithm: Run, tmp_path: Path, shared_data: Path
) -> None:
    """Sinop: 12 dated MODIS images, a table with NDVI_00 to NDVI_11, and 18 places
    whose class is known.
    """
    pytest.importorskip("sklearn")
    folder = shared_data / "classification" / "sits_sinop_mod13q1"
    if not folder.is_dir():
        pytest.skip("no sits_sinop_mod13q1 among the shared data")
    table = tmp_path / "samples.csv"
    table.write_bytes(gzip.decompress((folder / "samples_modis_ndvi.csv.gz").read_bytes()))
    days = sorted(path.stem[-10:] for path in folder.glob("*.jp2"))
    stack = {"STACK": [str(folder)], "SCALE": 0.0001, "DATES": ",".join(days)}
    features, model, image = (str(tmp_path / one) for one in ("f.tif", "m.npz", "map.tif"))
    run_algorithm("computeprimitives", {**stack, "OUTPUT": features})
    training = {"SAMPLES": str(table), "CLASS_FIELD": "label", "TREES": 100, "FOLDS": 2}
    run_algorithm("trainclassifier", {**training, "OUTPUT_MODEL": model})
    task = {"STACK": features, "MODELS": [model], "OUTPUT": image}
    with pytest.raises(QgsProcessingException, match="lacks 12 of 12 features: NDVI_00"):
        run_algorithm("classifytimeseries", task)
    run_algorithm("classifytimeseries", {**task, "DATE_MATCHING": "order"})
    check = {"MAP": image, "REFERENCE": str(folder / "samples_sinop_crop.csv")}
    found = run_algorithm("assessmap", {**check, "CLASS_FIELD": "label"})
    assert found["SAMPLE_COUNT"] == 18
    assert found["OA"] >= 12 / 18
