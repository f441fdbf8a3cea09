# SPDX-License-Identifier: GPL-3.0-or-later
"""From the plots to the map and back: layers, selections, clicks."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
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


def at_share(canvas: Any, across: float, down: float) -> QgsPointXY:
    """The place (degrees) at a share of the view."""
    point = canvas.getCoordinateTransform().toMapCoordinates(
        round(across * canvas.width()), round(down * canvas.height())
    )
    to_map = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem("EPSG:4326"),
        canvas.mapSettings().destinationCrs(),
        QgsProject.instance(),
    )
    return to_map.transform(point, Qgis.TransformDirection.Reverse)


@pytest.mark.parametrize("rotation", [0.0, 35.0])
@pytest.mark.parametrize(
    ("across", "down", "moves"),
    [(0.5, 0.5, False), (0.2, 0.8, False), (0.97, 0.5, True), (0.5, 0.03, True), (1.4, 0.5, True)],
)
def test_map_moves_where_a_place_is_near_the_border(
    linked: Any, window: Any, rotation: float, across: float, down: float, moves: bool
) -> None:
    canvas = window.canvas
    canvas.setExtent(QgsRectangle(-1e6, 4e6, 1e6, 6e6))
    canvas.setRotation(rotation)
    before, scale = canvas.center(), canvas.scale()
    place = at_share(canvas, across, down)
    assert linked.show_place(place.x(), place.y())
    assert (canvas.center() != before) is moves
    assert canvas.scale() == pytest.approx(scale)
    if moves:
        spot = canvas.getCoordinateTransform().transform(QgsPointXY(*window.flashed[-1]))
        assert spot.x() == pytest.approx(canvas.width() / 2, abs=2)
        assert spot.y() == pytest.approx(canvas.height() / 2, abs=2)


def test_map_stays_where_it_was_clicked(linked: Any, window: Any) -> None:
    """Only what is picked in a plot moves the map; who clicks on the map looks there already."""
    canvas, to_map = window.canvas, linked.host.map.transform()
    beijing = to_map.transform(QgsPointXY(116.38, 39.98))
    canvas.setExtent(QgsRectangle(beijing.x() - 1e5, 4e6, beijing.x() + 4e6, 6e6))
    before = canvas.center()
    linked.panel.filters.pick_button.setChecked(True)
    canvas.mapTool().canvasClicked.emit(beijing, Qt.MouseButton.LeftButton)
    assert linked.panel.model.site == "Beijing"
    assert len(window.flashed) == 1
    assert canvas.center() == before
    row = int((linked.panel.model.matchups.site == "Beijing").nonzero()[0][0])
    linked.panel.series.picked.emit(row)
    assert canvas.center().x() == pytest.approx(beijing.x(), rel=1e-3)


def test_place_that_is_not_on_the_map_is_left_out(linked: Any, window: Any) -> None:
    before = window.canvas.center()
    assert not linked.show_place(float("nan"), 10.0)
    assert not linked.show_place(10.0, 95.0)
    assert window.flashed == []
    assert window.canvas.center() == before


def test_match_up_without_columns_of_its_place_is_found_by_its_point(
    linked: Any, window: Any
) -> None:
    panel = linked.panel
    row = int((panel.model.matchups.site == "Beijing").nonzero()[0][3])
    picked = replace(panel.model.picked(row), longitude=math.nan, latitude=math.nan)
    window.canvas.setExtent(QgsRectangle(0, 0, 1e6, 1e6))
    linked.show_matchup(picked)
    there = linked.host.map.transform().transform(QgsPointXY(116.38, 39.98))
    assert window.canvas.extent().contains(there)


def arc(first: QgsPointXY, second: QgsPointXY) -> float:
    """Degrees between two places on the sphere (haversine)."""
    x0, y0, x1, y1 = map(math.radians, (first.x(), first.y(), second.x(), second.y()))
    half = math.sin((y1 - y0) / 2) ** 2
    half += math.cos(y0) * math.cos(y1) * math.sin((x1 - x0) / 2) ** 2
    return math.degrees(2 * math.asin(math.sqrt(half)))


@pytest.mark.parametrize(
    ("crs", "place"),
    [
        ("EPSG:3031", (123.35, -75.1)),
        ("EPSG:3031", (0.3, -80.0)),
        ("EPSG:3031", (-90.0, -89.95)),
        ("EPSG:3857", (25.0, 62.0)),
        ("EPSG:3857", (179.9999, 10.0)),
        ("EPSG:32631", (1.4, 43.6)),
        ("EPSG:4326", (25.0, 62.0)),
    ],
)
def test_reach_of_a_click_is_that_of_15_pixels_on_the_ground(
    window: Any, crs: str, place: tuple[float, float]
) -> None:
    from calval_toolbox.ui.controllers.map import MapLink, PickTool

    clicks: list[tuple[float, float, float]] = []
    canvas = window.canvas
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem(crs))
    link = MapLink(window)
    point = link.transform().transform(QgsPointXY(*place))
    half = 0.05 if crs == "EPSG:4326" else 5000.0
    canvas.setExtent(
        QgsRectangle(point.x() - half, point.y() - half, point.x() + half, point.y() + half)
    )
    tool = PickTool(link, lambda *click: clicks.append(click), lambda: None)
    tool.set_on(True)
    canvas.mapTool().canvasClicked.emit(point, Qt.MouseButton.LeftButton)
    ((longitude, latitude, reach),) = clicks
    assert arc(QgsPointXY(longitude, latitude), QgsPointXY(*place)) < 1e-6
    step, back = 15 * canvas.mapUnitsPerPixel(), link.transform(inverse=True)
    around = [
        back.transform(QgsPointXY(point.x() + step * math.cos(a), point.y() + step * math.sin(a)))
        for a in (0, math.pi / 2, math.pi, 3 * math.pi / 2)
    ]
    arcs = [arc(one, QgsPointXY(*place)) for one in around]
    assert reach == pytest.approx(max(arcs), rel=0.01)
