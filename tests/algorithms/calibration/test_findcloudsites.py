# SPDX-License-Identifier: GPL-3.0-or-later
"""The search for clouds as users meet it: layers, report, the chain to a calibration, bad input."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsFeatureRequest, QgsProcessingException, QgsVectorLayer

from calval_toolbox.core.calibration.cloudsites.cells import outline
from calval_toolbox.core.calibration.cloudsites.simulate import (
    AGGREGATE_M,
    CLOUD,
    SEA,
    plan_of,
    write_tile,
)
from calval_toolbox.core.io.tables import read_table, write_table
from calval_toolbox.core.table import Table

Run = Callable[..., dict[str, Any]]
GAINS = {"B2": 1.03}
COUNTS = ("PRODUCT_COUNT", "CANDIDATE_COUNT", "KNOWN_COUNT", "FAILED_COUNT", "AREA_COUNT")


@pytest.fixture(scope="module")
def products(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four tiles, three of them clouded."""
    folder = tmp_path_factory.mktemp("tiles")
    for month, kind in ((1, CLOUD), (2, CLOUD), (3, SEA), (4, CLOUD)):
        plan = plan_of(
            np.full((20, 20), kind), seed=month, gains=GAINS, cloud_percent=60.0,
            time=np.datetime64(f"2024-{month:02d}-06T09:20:31", "ms"),
            bands=("B2", "B4", "B8A", "B10", "B11"),
        )  # fmt: skip
        write_tile(folder, plan, seed=month)
    return folder


def inputs(products: Path, folder: Path) -> dict[str, Any]:
    return {
        "PRODUCTS": [str(products)], "DATABASE": str(folder / "a.gpkg"), "CELL_SIZE_DEG": 0.005,
        "AGGREGATE_M": AGGREGATE_M, "MIN_SCENES": 3, "DRAWS": 20,
        "FREQUENCY": str(folder / "frequency.gpkg"), "AREAS": str(folder / "areas.gpkg"),
        "REPORT": str(folder / "report.html"),
    }  # fmt: skip


def test_from_products_to_coefficients(run_algorithm: Run, products: Path, tmp_path: Path) -> None:
    found = run_algorithm("findcloudsites", inputs(products, tmp_path))
    assert [found[key] for key in COUNTS] == [4, 3, 0, 0, 1]
    assert found["MEASUREMENT_COUNT"] > 30
    again = run_algorithm("findcloudsites", inputs(products, tmp_path))
    assert [again[key] for key in COUNTS] == [4, 3, 3, 0, 1]
    assert again["MEASUREMENT_COUNT"] == 0
    frequency = read_table(found["FREQUENCY"])
    whole = frequency["month"] == "all"
    assert set(frequency["scenes"][whole]) == {4}
    assert frequency["frequency"][whole].max() == pytest.approx(0.75)
    areas = read_table(found["AREAS"])
    assert areas["rank"].tolist() == [1]
    for key in ("FREQUENCY", "AREAS"):
        layer = QgsVectorLayer(found[key], key, "ogr")
        assert layer.isValid()
        assert layer.renderer().type() == "RuleRenderer"
        assert Path(found[key]).with_suffix(".qml").is_file()
    text = Path(found["REPORT"]).read_text("utf-8")
    for word in ("Where and when", "How pixels were left out", "inflection", "10 % looser"):
        assert word in text
    calibrated = run_algorithm("calibrateclouds", {
        "DATABASE": found.get("DATABASE", str(tmp_path / "a.gpkg")), "TARGET_SENSOR": "S2A/MSI",
        "REFERENCE_BAND": "B4", "DRAWS": 40, "OUTPUT": str(tmp_path / "coefficients.gpkg"),
    })  # fmt: skip
    by_band = json.loads(calibrated["COEFFICIENTS"])
    assert by_band["B2"]["mean"] == pytest.approx(1.03, abs=2e-3)
    assert by_band["B8A"]["mean"] == pytest.approx(1.0, abs=2e-3)


def drawn(layer: QgsVectorLayer) -> dict[str, int]:
    """How many features each rule of the style of a layer draws."""
    found = {}
    for rule in layer.renderer().rootRule().children():
        if not rule.isElse():
            request = QgsFeatureRequest().setFilterExpression(rule.filterExpression())
            found[rule.label()] = len(list(layer.getFeatures(request)))
    return found


def test_styles_draw_each_cell_once_and_tell_new_areas(
    run_algorithm: Run, products: Path, tmp_path: Path
) -> None:
    values = {key: value for key, value in inputs(products, tmp_path).items() if key != "REPORT"}
    found = run_algorithm("findcloudsites", values)
    cells = int((read_table(found["FREQUENCY"])["month"] == "all").sum())
    shown = drawn(QgsVectorLayer(found["FREQUENCY"], "frequency", "ogr"))
    assert sum(shown.values()) == cells
    assert (shown["Too few scenes"], shown["40 % and more"] > 0) == (0, True)
    assert drawn(QgsVectorLayer(found["AREAS"], "areas", "ogr")) == {"New area": 0}
    few = run_algorithm("findcloudsites", values | {"MIN_SCENES": 9})
    shown = drawn(QgsVectorLayer(few["FREQUENCY"], "frequency", "ogr"))
    assert (shown["Too few scenes"], sum(shown.values())) == (cells, cells)
    # An area in no zone that is known: the text is empty, which files may keep as NULL.
    areas = tmp_path / "new.gpkg"
    table = read_table(values["AREAS"])
    assert len(table) == 0
    columns = {"rank": np.array([1]), "known_zone": np.array([""], dtype=object)}
    shape = np.array([outline((0, 0), 1.0), None], dtype=object)[:1]
    write_table(Table(columns, "new", shape, "Polygon"), areas)
    layer = QgsVectorLayer(str(areas), "new", "ogr")
    layer.loadNamedStyle(str(Path(values["AREAS"]).with_suffix(".qml")))
    assert drawn(layer) == {"New area": 1}


def test_no_cloud_is_a_result(run_algorithm: Run, products: Path, tmp_path: Path) -> None:
    values = inputs(products, tmp_path) | {"MIN_CIRRUS": 0.9}
    found = run_algorithm("findcloudsites", values)
    assert (found["CANDIDATE_COUNT"], found["MEASUREMENT_COUNT"], found["AREA_COUNT"]) == (3, 0, 0)
    page = Path(found["REPORT"]).read_text("utf-8")
    assert "None under these limits in 3 products whose bands were read" in page
    assert len(read_table(found["AREAS"])) == 0
    assert set(read_table(found["FREQUENCY"])["frequency"]) == {0.0}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"MIN_LATITUDE": 10.0, "MAX_LATITUDE": 0.0}, r"MIN_LATITUDE \(10\) has to be smaller"),
        ({"MIN_ICE_RATIO": 0.7}, r"MIN_ICE_RATIO \(0\.7\) has to be smaller"),
        ({"FIRST_DAY": "2030-01-01"}, "is in range: 4 not in the period"),
        ({"FIRST_DAY": "someday"}, "FIRST_DAY"),
        ({"CELL_SIZE_DEG": 0.005, "AGGREGATE_M": 1000.0}, "smaller than the pixels"),
        ({"PRODUCTS": ["/nowhere/at_all"]}, "does not exist"),
    ],
)
def test_bad_input_is_told(
    run_algorithm: Run, products: Path, tmp_path: Path, changes: dict[str, Any], problem: str
) -> None:
    with pytest.raises(QgsProcessingException, match=problem):
        run_algorithm("findcloudsites", inputs(products, tmp_path) | changes)
    assert not list(tmp_path.iterdir())
