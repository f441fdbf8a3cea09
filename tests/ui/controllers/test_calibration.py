# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel of calibrations and the map: selections, clicks, verdicts, the example."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from qgis.core import QgsPointXY, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import Qt


@pytest.fixture
def folder(calibrated_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(calibrated_once, tmp_path / "own"))


@pytest.fixture
def calibration(start: Callable[[], Any], folder: Path) -> Any:
    """The controller with an open panel and the coefficients on the map."""
    controllers = start()
    layer = QgsVectorLayer(str(folder / "coefficients.gpkg"), "Coefficients", "ogr")
    QgsProject.instance().addMapLayer(layer)
    panel = controllers.open("calibration").content
    panel.open(panel.sources.box.itemData(0))
    panel.flush()
    return controllers.docks.controllers["calibration"]


def the_layer() -> QgsVectorLayer:
    return next(iter(QgsProject.instance().mapLayers().values()))


def test_clicked_point_is_selected_on_the_map(calibration: Any, window: Any) -> None:
    panel = calibration.panel
    rows = panel.model.rows
    row = int(np.flatnonzero(rows.site == "Libya4")[12])
    panel.timeline.picked.emit(row)
    selected = list(the_layer().getSelectedFeatures())
    assert {one["site"] for one in selected} == {"Libya4"}
    assert len(selected) == 5  # its bands
    assert {one["product"] for one in selected} == {rows["product"][row]}
    place = calibration.host.map.transform(inverse=True).transform(QgsPointXY(*window.flashed[-1]))
    assert (place.x(), place.y()) == pytest.approx((23.39, 28.55), abs=0.01)


def test_click_on_the_map_filters_the_site(calibration: Any, window: Any) -> None:
    panel = calibration.panel
    panel.controls.pick_button.setChecked(True)
    tool, to_map = window.canvas.mapTool(), calibration.host.map.transform()
    tool.canvasClicked.emit(to_map.transform(QgsPointXY(23.4, 28.6)), Qt.MouseButton.LeftButton)
    assert panel.model.shown_sites() == ["Libya4"]
    tool.canvasClicked.emit(to_map.transform(QgsPointXY(60.0, -40.0)), Qt.MouseButton.LeftButton)
    assert "no site" in window.bar.currentItem().text()
    assert panel.model.shown_sites() == ["Libya4"]


def test_selected_feature_filters_its_site(calibration: Any, window: Any) -> None:
    window.signals.current_layer.emit(the_layer())
    the_layer().selectByExpression("\"site\" = 'Mauritania1'")
    assert calibration.panel.model.shown_sites() == ["Mauritania1"]


def test_verdict_reaches_the_layer(calibration: Any) -> None:
    panel = calibration.panel
    panel.choose(8)
    panel.judge("rejected", "haze")
    reasons = [str(one["reason"]) for one in the_layer().getFeatures()]
    assert [reason for reason in reasons if "haze" in reason] == ["by hand: haze (was accepted)"]


def test_database_behind_a_layer_is_offered(calibration: Any, folder: Path) -> None:
    path = folder / "calibration.gpkg"
    layer = QgsVectorLayer(f"{path}|layername=map_results", "Results", "ogr")
    assert layer.isValid()
    QgsProject.instance().addMapLayer(layer)
    box = calibration.panel.sources.box
    assert [box.itemData(place) for place in range(box.count())].count(str(path)) == 1
    calibration.panel.open(str(path))
    calibration.panel.choose(8)
    site = calibration.panel.model.rows.site[8]
    assert {one["site"] for one in layer.getSelectedFeatures()} == {site}


def test_example_is_simulated_and_shown(start: Callable[[], Any], window: Any) -> None:
    controllers = start()
    panel = controllers.open("calibration").content
    panel.empty.buttons[1].click()
    panel.flush()
    assert panel.model.inputs.run == 1
    assert panel.model.sites == ("Algeria3", "Libya4", "Mauritania1")
    (layer,) = QgsProject.instance().mapLayers().values()
    assert layer.featureCount() == len(panel.model.rows)
    panel.choose(3)
    assert layer.selectedFeatureCount() == 5
