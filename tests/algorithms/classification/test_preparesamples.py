# SPDX-License-Identifier: GPL-3.0-or-later
"""``preparesamples`` through the provider."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from land_cover import (
    COLUMNS,
    LEFT,
    PIXEL,
    ROWS,
    TOP,
    reference_system,
    write_reference,
    write_stack,
)
from osgeo import ogr
from qgis.core import QgsProcessingException, QgsProcessingFeedback, QgsSymbolLayer, QgsVectorLayer

from calval_toolbox.core.io.grids import unproject
from calval_toolbox.core.io.tables import read_table

Run = Callable[..., dict[str, Any]]


class Told(QgsProcessingFeedback):
    """Keeps the warnings."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def pushWarning(self, warning: str) -> None:
        self.heard.append(warning)


@pytest.fixture
def inputs(tmp_path: Path) -> dict[str, Any]:
    """Two features, four squares of 25 pixels of each of two classes."""
    write_stack(tmp_path / "stack.tif")
    write_reference(tmp_path / "reference.gpkg")
    return {
        "STACK": [str(tmp_path / "stack.tif")], "REFERENCE": str(tmp_path / "reference.gpkg"),
        "CLASS_FIELD": "class", "BLOCK_SIZE_M": 120.0, "OUTPUT": str(tmp_path / "samples.gpkg"),
    }  # fmt: skip


def test_samples_numbers_and_style(
    run_algorithm: Run, inputs: dict[str, Any], tmp_path: Path
) -> None:
    outputs = {
        "SUMMARY": str(tmp_path / "summary.csv"), "REPORT": str(tmp_path / "report.html"),
        "RUNS": 2, "STRATEGY": "counts", "AMOUNT": "maize=20", "AUGMENTATION": "jitter",
        "AUGMENT_TO": "60",
    }  # fmt: skip
    results = run_algorithm("preparesamples", inputs | outputs)
    numbers = ("TRAIN_COUNT", "TEST_COUNT", "CLASS_COUNT", "LEFT_OUT_COUNT")
    # 50 and 20 train, 60 of each with those that are made; 50 test of each.
    assert [results[key] for key in numbers] == [120, 100, 2, 0]
    made = read_table(inputs["OUTPUT"])
    assert results["SAMPLE_COUNT"] == len(made)
    real = made["origin"] == "reference"
    columns = ((made["polygon"] - 1) % 4).astype(float)  # squares are numbered from the left
    assert np.array_equal(made["NDVI_20190101"][real], columns[real])
    upper = made["elevation"] < 12
    assert set(made["class"][upper & real].tolist()) == {"wheat"}
    summary = read_table(tmp_path / "summary.csv")
    assert summary["train"].tolist() == [20, 50, 20, 50]
    assert summary["augmented"].tolist() == [40, 10, 40, 10]
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "70 train, 100 test" in page
    assert "2 of 2 classes" in page
    shown = QgsVectorLayer(inputs["OUTPUT"], "samples", "ogr")
    categories = shown.renderer().categories()
    assert shown.renderer().classAttribute() == "class"
    assert [one.value() for one in categories] == ["maize", "wheat"]
    assert len({one.symbol().color().name() for one in categories}) == 2
    shape = categories[0].symbol().symbolLayer(0).dataDefinedProperties()
    said = shape.property(QgsSymbolLayer.Property.Name).expressionString()
    assert "'test', 'square', 'circle'" in said
    assert shown.crs().authid() == "EPSG:32631"


def test_check_only_writes_the_report_alone(
    run_algorithm: Run, inputs: dict[str, Any], tmp_path: Path
) -> None:
    report = tmp_path / "report.html"
    given = {key: value for key, value in inputs.items() if key != "OUTPUT"}
    told = Told()
    asked = {"CHECK_ONLY": True, "REPORT": str(report), "BLOCK_SIZE_M": 100000.0}
    results = run_algorithm("preparesamples", given | asked, feedback=told)
    assert (results["SAMPLE_COUNT"], results["TEST_COUNT"]) == (0, 100)
    assert "A check only" in report.read_text(encoding="utf-8")
    assert any("one spatial block" in text for text in told.heard)
    assert not Path(inputs["OUTPUT"]).exists()


def test_zones_of_another_system(
    run_algorithm: Run, inputs: dict[str, Any], tmp_path: Path
) -> None:
    """Zones in longitude and latitude: the left and the right half."""
    source = ogr.GetDriverByName("GeoJSON").CreateDataSource(str(tmp_path / "zones.geojson"))
    layer = source.CreateLayer("zones")
    layer.CreateField(ogr.FieldDefn("name", ogr.OFTString))
    system = reference_system().ExportToWkt()
    middle = unproject(system, LEFT + PIXEL * COLUMNS / 2, TOP - PIXEL * ROWS / 2)[0]
    for name, west, east in (("left", 1.3, middle), ("right", middle, 1.4)):
        feature = ogr.Feature(layer.GetLayerDefn())
        feature["name"] = name
        feature.SetGeometry(ogr.CreateGeometryFromWkt(
            f"POLYGON(({west} 43.5,{east} 43.5,{east} 43.6,{west} 43.6,{west} 43.5))"
        ))  # fmt: skip
        layer.CreateFeature(feature)
    source = layer = None
    asked = {"ZONES": str(tmp_path / "zones.geojson"), "ZONE_FIELD": "name",
             "MOVE": "left,right,wheat,7"}  # fmt: skip
    run_algorithm("preparesamples", inputs | asked)
    made = read_table(inputs["OUTPUT"])
    real = made["origin"] == "reference"
    right = (made["polygon"] - 1) % 4 >= 2
    assert set(made["zone"][right & real].tolist()) == {"right"}
    assert set(made["zone"][~right & real].tolist()) == {"left"}
    assert set(made["origin"][~right & ~real].tolist()) == {"moved"}
    assert ((~right & ~real).sum(), (right & ~real).sum()) == (7, 0)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"CLASS_FIELD": "crop"}, "crop"),
        ({"STRATEGY": "counts"}, "takes a number by class"),
        ({"STRATEGY": "counts", "AMOUNT": "wheat"}, "wheat=500,maize=300"),
        ({"STRATEGY": "percent", "AMOUNT": "120"}, "no percentage above 0 to 100"),
        ({"STRATEGY": "equal", "AMOUNT": "2.5"}, "no whole number from 1"),
        ({"AUGMENT_TO": "many"}, "AUGMENT_TO"),
        ({"MOVE": "left"}, "source zone,destination zone,class,count"),
        ({"MOVE": "left,right,wheat,1"}, "MOVE names the zone left"),
        ({"ZONES": "same"}, "ZONE_FIELD"),
        ({"OUTPUT": None}, "OUTPUT"),
        ({"CHECK_ONLY": True}, "REPORT"),
    ],
)
def test_wrong_parameters_are_one_sentence(
    run_algorithm: Run, inputs: dict[str, Any], change: dict[str, Any], sentence: str
) -> None:
    if "ZONES" in change:
        change = {"ZONES": inputs["REFERENCE"]}
    with pytest.raises(QgsProcessingException, match=sentence):
        run_algorithm("preparesamples", inputs | change)
    assert not Path(inputs["OUTPUT"]).exists()


def test_rows_of_one_id_are_one_polygon(run_algorithm: Run, inputs: dict[str, Any]) -> None:
    told = Told()
    results = run_algorithm("preparesamples", inputs | {"ID_FIELD": "class"}, feedback=told)
    assert (results["TRAIN_COUNT"], results["TEST_COUNT"]) == (200, 0)
    assert any("Cannot be validated" in text for text in told.heard)


def test_a_code_of_no_data_that_the_stack_does_not_state(
    run_algorithm: Run, inputs: dict[str, Any]
) -> None:
    """The leftmost squares have an NDVI of 0."""
    told = Told()
    results = run_algorithm("preparesamples", inputs | {"NODATA": 0.0}, feedback=told)
    assert results["LEFT_OUT_COUNT"] == 2
    assert any("50 pixels left out: no data in a feature" in text for text in told.heard)
