# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel of elevation models on a real map canvas: line, marks, clicks, layers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsPointXY, QgsProject, QgsRasterLayer
from qgis.gui import QgsMapMouseEvent
from qgis.PyQt.QtCore import QEvent, QPoint, Qt

from calval_toolbox.core.io.grids import Grid, grid_from_epsg
from calval_toolbox.core.io.raster_writer import write_raster

GRID: Grid = grid_from_epsg(32631, (500_000.0, 10.0, 0.0, 4_800_000.0, 0.0, -10.0), 200, 150)


@pytest.fixture
def models(tmp_path: Path) -> list[str]:
    rows, columns = np.indices((150, 200)).astype(np.float32)
    paths = [str(tmp_path / f"{name}.tif") for name in ("low", "high", "classes")]
    write_raster(paths[0], [300.0 + columns], GRID)
    write_raster(paths[1], [302.0 + columns + 0.0 * rows], GRID)
    write_raster(paths[2], [np.ones((150, 200), np.uint8)], GRID)
    return paths


@pytest.fixture
def linked(start: Callable[[], Any], window: Any, models: list[str], app: Any) -> Any:
    """The controller of an open panel; both models are on the map."""
    controllers = start()
    layers = [QgsRasterLayer(path, Path(path).stem) for path in models]
    QgsProject.instance().addMapLayers(layers)
    window.canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:32631"))
    window.canvas.setExtent(layers[0].extent())
    controllers.open("dem")
    app.processEvents()
    return controllers.docks.controllers["dem"]


def press(window: Any, x: float, y: float, button: Any = Qt.MouseButton.LeftButton) -> None:
    """A click of the tool in use at map coordinates."""
    pixel = window.canvas.getCoordinateTransform().transform(QgsPointXY(x, y))
    place = QPoint(round(pixel.x()), round(pixel.y()))
    event = QgsMapMouseEvent(window.canvas, QEvent.Type.MouseButtonRelease, place, button)
    window.canvas.mapTool().canvasReleaseEvent(event)


def draw(window: Any, linked: Any) -> None:
    linked.panel.controls.line_button.click()
    for x, y in ((500_205.0, 4_799_505.0), (501_005.0, 4_799_205.0)):
        press(window, x, y)
    press(window, 0.0, 0.0, Qt.MouseButton.RightButton)


def test_layers_of_the_project_are_offered(linked: Any, models: list[str]) -> None:
    """Heights are, a raster of classes is not; names are those of the layers."""
    assert linked.panel.model.dems == {models[0]: "low", models[1]: "high"}
    assert linked.panel.model.images == {}


def test_a_line_is_drawn_on_the_map_and_stays(linked: Any, window: Any) -> None:
    draw(window, linked)
    panel = linked.panel
    assert not panel.controls.line_button.isChecked()
    length = np.hypot(800.0, 300.0) / 0.9996
    assert panel.model.places.distance[-1] == pytest.approx(length, abs=12.0)
    high, low = panel.model.profiles
    assert high.height - low.height == pytest.approx(2.0, abs=1e-3)
    assert low.height[0] == pytest.approx(320.0, abs=1.0)
    assert linked.line._band.numberOfVertices() > 2
    panel.controls.clear_button.click()
    assert linked.line._band.numberOfVertices() == 0
    assert panel.model.places is None


def test_mouse_on_the_map_and_mouse_in_the_plot_are_linked(linked: Any, window: Any) -> None:
    draw(window, linked)
    panel, marker = linked.panel, linked.line
    middle = QgsPointXY(500_605.0, 4_799_355.0)
    window.canvas.xyCoordinates.emit(middle)
    assert marker._marker.isVisible()
    assert marker._marker.center().distance(middle) < 30.0
    at = panel.profile._at
    half = panel.model.places.distance[-1] / 2.0
    assert panel.model.places.distance[at] == pytest.approx(half, abs=30.0)
    window.canvas.xyCoordinates.emit(QgsPointXY(500_605.0, 4_799_955.0))
    assert not marker._marker.isVisible()
    panel.profile.pointed.emit(0)
    assert marker._marker.center().x() == pytest.approx(500_205.0, abs=10.0)
    panel.profile.pointed.emit(-1)
    assert not marker._marker.isVisible()


def test_an_unfinished_line_is_none(linked: Any, window: Any) -> None:
    linked.panel.controls.line_button.click()
    press(window, 500_205.0, 4_799_505.0)
    linked.panel.controls.line_button.click()
    assert window.canvas.mapTool() is None or window.canvas.mapTool() is not linked.line._tool
    assert linked.panel.model.line is None
    assert linked.line._band.numberOfVertices() == 0


def test_the_line_follows_the_system_of_the_map(linked: Any, window: Any) -> None:
    draw(window, linked)
    before = QgsPointXY(linked.line._band.getPoint(0, 0))
    window.canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    after = QgsPointXY(linked.line._band.getPoint(0, 0))
    assert before.x() > 500_000.0
    assert after.x() == pytest.approx(3.0025, abs=0.001)


def test_a_click_without_a_pair_says_what_to_do(linked: Any, window: Any) -> None:
    linked.panel.controls.pick_button.click()
    window.canvas.mapTool().canvasClicked.emit(
        QgsPointXY(500_205.0, 4_799_505.0), Qt.MouseButton.LeftButton
    )
    assert "no stereo pair" in window.bar.currentItem().text()


def test_a_click_in_the_map_of_differences_moves_the_map(linked: Any, window: Any) -> None:
    linked.panel.place_picked.emit(3.01, 43.35)
    assert window.flashed


def test_closing_takes_everything_from_the_map(linked: Any, window: Any) -> None:
    draw(window, linked)
    window.canvas.xyCoordinates.emit(QgsPointXY(500_605.0, 4_799_355.0))
    count = len(window.canvas.scene().items())
    linked.close()
    assert len(window.canvas.scene().items()) <= count - 2
    window.canvas.xyCoordinates.emit(QgsPointXY(500_605.0, 4_799_355.0))


def test_layer_of_a_model_that_is_removed_is_no_longer_offered(
    linked: Any, models: list[str]
) -> None:
    project = QgsProject.instance()
    (layer,) = project.mapLayersByName("high")
    project.removeMapLayer(layer.id())
    assert list(linked.panel.model.dems) == models[:1]
    assert linked.panel.model.model == ""
