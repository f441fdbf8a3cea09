# SPDX-License-Identifier: GPL-3.0-or-later
"""From the plots to the map and back: layers, selections, clicks."""

from __future__ import annotations

from typing import Any

import pytest
from qgis.core import (
    QgsFeatureRequest,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
)
from qgis.PyQt.QtCore import Qt


def test_project_layers_are_offered(linked: Any) -> None:
    panel = linked.panel
    assert panel.sources.box.itemText(0) == "Match-ups"
    assert panel.model.inputs.can_rematch
    QgsProject.instance().removeAllMapLayers()
    assert panel.sources.box.findText("Match-ups") < 0


def test_layer_in_memory_is_read_from_its_features(linked: Any) -> None:
    panel, project = linked.panel, QgsProject.instance()
    layer = next(iter(project.mapLayers().values()))
    layer.selectByExpression("\"site\" = 'Beijing'")
    part = layer.materialize(QgsFeatureRequest(layer.selectedFeatureIds()))
    part.setName("Part")
    project.addMapLayer(part)
    panel.sources.chosen.emit(panel.sources.box.itemData(panel.sources.box.findText("Part")))
    assert panel.model.sites == ("Beijing",)
    assert len(panel.model.matchups) == 60
    assert not panel.model.can_rematch


def test_selection_on_the_map_picks_the_site(linked: Any, window: Any) -> None:
    layer = next(iter(QgsProject.instance().mapLayers().values()))
    window.currentLayerChanged.emit(layer)
    layer.selectByExpression("\"site\" = 'Toulouse'")
    assert linked.panel.model.site == "Toulouse"
    layer.selectByExpression("\"site\" in ('Toulouse', 'Beijing')")
    assert linked.panel.model.site == "Toulouse"
    window.currentLayerChanged.emit(None)
    layer.selectByExpression("\"site\" = 'Beijing'")
    assert linked.panel.model.site == "Toulouse"


def test_click_on_the_map_picks_the_site(linked: Any, window: Any) -> None:
    panel = linked.panel
    before = window.canvas.mapTool()
    panel.filters.pick_button.setChecked(True)
    tool = window.canvas.mapTool()
    assert tool is not before
    to_map = linked.host.map.transform()
    tool.canvasClicked.emit(to_map.transform(QgsPointXY(-6.8, 30.9)), Qt.MouseButton.LeftButton)
    assert panel.model.site == "Ouarzazate"
    assert panel.body.page() is panel.series
    tool.canvasClicked.emit(to_map.transform(QgsPointXY(60.0, -40.0)), Qt.MouseButton.LeftButton)
    assert panel.model.site == "Ouarzazate"
    assert "no site" in window.bar.currentItem().text()
    panel.filters.pick_button.setChecked(False)
    assert window.canvas.mapTool() is not tool


def test_click_in_the_plot_selects_and_flashes_on_the_map(linked: Any, window: Any) -> None:
    panel = linked.panel
    layer = next(iter(QgsProject.instance().mapLayers().values()))
    row = int((panel.model.matchups.site == "Beijing").nonzero()[0][7])
    panel.scatter.picked.emit(row)
    selected = list(layer.getSelectedFeatures())
    assert len(selected) == 1
    assert selected[0]["site"] == "Beijing"
    assert selected[0]["satellite"] == pytest.approx(panel.model.matchups.satellite[row])
    place = linked.host.map.transform(inverse=True).transform(QgsPointXY(*window.flashed[-1]))
    assert (place.x(), place.y()) == pytest.approx((116.38, 39.98))


def test_map_moves_to_a_site_that_is_out_of_sight(linked: Any, window: Any) -> None:
    window.canvas.setExtent(QgsRectangle(0, 0, 1000, 1000))
    linked.panel.pick_site("Beijing")
    assert window.canvas.extent().contains(QgsPointXY(*window.flashed[-1]))
