# SPDX-License-Identifier: GPL-3.0-or-later
"""Menu, docks, map and layers: the panel inside a window with a real map canvas."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFeatureRequest,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsSettings,
    QgsVectorLayer,
)
from qgis.gui import QgsMapCanvas, QgsMessageBar
from qgis.PyQt.QtCore import QObject, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QAction, QDockWidget, QMainWindow, QMenu, QToolBar, QWidget


class Signals(QObject):
    """The signals of ``iface``."""

    completed = pyqtSignal()
    current_layer = pyqtSignal(object)


class Window:
    """What the plugin uses of ``iface``, around a main window of its own."""

    def __init__(self) -> None:
        self.signals = Signals()
        self.initializationCompleted = self.signals.completed
        self.currentLayerChanged = self.signals.current_layer
        self.window = QMainWindow()
        self.canvas = QgsMapCanvas(self.window)
        self.window.setCentralWidget(self.canvas)
        self.bar = QgsMessageBar()
        self.menus: dict[str, QMenu] = {}
        self.tools = QToolBar()
        self.window.addToolBar(self.tools)
        self.window.resize(1500, 900)
        self.window.show()
        self.flashed: list[tuple[float, float]] = []
        vars(self.canvas)["flashGeometries"] = self._flash

    def _flash(self, geometries: list[Any], _crs: Any) -> None:
        self.flashed += [(one.asPoint().x(), one.asPoint().y()) for one in geometries]

    def mainWindow(self) -> QMainWindow:
        return self.window

    def mapCanvas(self) -> QgsMapCanvas:
        return self.canvas

    def messageBar(self) -> QgsMessageBar:
        return self.bar

    def activeLayer(self) -> Any:
        return None

    def addDockWidget(self, area: Any, dock: QDockWidget) -> None:
        self.window.addDockWidget(area, dock)

    def removeDockWidget(self, dock: QDockWidget) -> None:
        self.window.removeDockWidget(dock)

    def addPluginToMenu(self, name: str, action: QAction) -> None:
        self.menus.setdefault(name, QMenu(name)).addAction(action)

    def removePluginMenu(self, name: str, action: QAction) -> None:
        self.menus[name].removeAction(action)

    def addToolBarWidget(self, widget: QWidget) -> QAction:
        return self.tools.addWidget(widget)

    def removeToolBarIcon(self, action: QAction) -> None:
        self.tools.removeAction(action)


class Now:
    """A runner that works at once, in place of QGIS's tasks."""

    def __init__(self, *_ignored: Any) -> None:
        from calval_toolbox.ui.tasks import InlineRunner

        self.run = InlineRunner().run
        self.cancel = InlineRunner().cancel


@pytest.fixture
def window(
    app: Any, errors: list[BaseException], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Window]:
    from calval_toolbox.ui import controllers

    monkeypatch.setattr(controllers, "TaskRunner", Now)
    QgsSettings().remove("calval")
    QgsProject.instance().clear()
    made = Window()
    made.canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    made.canvas.setExtent(QgsRectangle(-2e7, -1e7, 2e7, 1e7))
    yield made
    QgsProject.instance().clear()
    QgsSettings().remove("calval")
    made.window.close()


@pytest.fixture
def start(window: Window) -> Iterator[Callable[[], Any]]:
    """Starts the plugin's window part; what was started is taken away at the end."""
    from calval_toolbox.ui.controllers import Controllers

    started: list[Any] = []

    def run() -> Any:
        controllers = Controllers(window)
        controllers.load()
        started.append(controllers)
        return controllers

    yield run
    for one in started:
        one.unload()


@pytest.fixture
def linked(start: Callable[[], Any], case: Path) -> Any:
    """The controllers with an open panel and the match-ups on the map."""
    controllers = start()
    layer = QgsVectorLayer(str(case), "Match-ups", "ogr")
    assert layer.isValid()
    QgsProject.instance().addMapLayer(layer)
    panel = controllers.open("aot").content
    panel.open(panel.sources.box.itemData(0))
    panel.flush()
    return controllers


def test_load_and_unload_leave_nothing(start: Callable[[], Any], window: Window) -> None:
    controllers = start()
    assert len(window.menus["CalVal Toolbox"].actions()) == 2
    assert len(window.tools.actions()) == 1
    assert controllers.docks == {}
    dock = controllers.open("aot")
    assert dock.isVisible()
    assert controllers.actions[0].isChecked()
    controllers.unload()
    assert window.menus["CalVal Toolbox"].actions() == []
    assert window.tools.actions() == []
    controllers.load()
    controllers.open("aot")


def test_action_opens_and_closes_the_dock(start: Callable[[], Any]) -> None:
    controllers = start()
    controllers.actions[0].trigger()
    assert controllers.docks["aot"].isVisible()
    controllers.actions[0].trigger()
    assert not controllers.docks["aot"].isVisible()
    assert not controllers.actions[0].isChecked()


def test_project_layers_are_offered(linked: Any) -> None:
    panel = linked.aot.panel
    assert panel.sources.box.itemText(0) == "Match-ups"
    assert panel.model.inputs.can_rematch
    QgsProject.instance().removeAllMapLayers()
    assert panel.sources.box.findText("Match-ups") < 0


def test_layer_in_memory_is_read_from_its_features(linked: Any) -> None:
    panel, project = linked.aot.panel, QgsProject.instance()
    layer = next(iter(project.mapLayers().values()))
    layer.selectByExpression("\"site\" = 'Beijing'")
    part = layer.materialize(QgsFeatureRequest(layer.selectedFeatureIds()))
    part.setName("Part")
    project.addMapLayer(part)
    panel.sources.chosen.emit(panel.sources.box.itemData(panel.sources.box.findText("Part")))
    assert panel.model.sites == ("Beijing",)
    assert len(panel.model.matchups) == 60
    assert not panel.model.can_rematch


def test_selection_on_the_map_picks_the_site(linked: Any, window: Window) -> None:
    layer = next(iter(QgsProject.instance().mapLayers().values()))
    window.currentLayerChanged.emit(layer)
    layer.selectByExpression("\"site\" = 'Toulouse'")
    assert linked.aot.panel.model.site == "Toulouse"
    layer.selectByExpression("\"site\" in ('Toulouse', 'Beijing')")
    assert linked.aot.panel.model.site == "Toulouse"
    window.currentLayerChanged.emit(None)
    layer.selectByExpression("\"site\" = 'Beijing'")
    assert linked.aot.panel.model.site == "Toulouse"


def test_click_on_the_map_picks_the_site(linked: Any, window: Window) -> None:
    panel = linked.aot.panel
    before = window.canvas.mapTool()
    panel.filters.pick_button.setChecked(True)
    tool = window.canvas.mapTool()
    assert tool is not before
    to_map = linked.aot._transform()
    tool.canvasClicked.emit(to_map.transform(QgsPointXY(-6.8, 30.9)), Qt.MouseButton.LeftButton)
    assert panel.model.site == "Ouarzazate"
    assert panel.body.page() is panel.series
    tool.canvasClicked.emit(to_map.transform(QgsPointXY(60.0, -40.0)), Qt.MouseButton.LeftButton)
    assert panel.model.site == "Ouarzazate"
    assert "no site" in window.bar.currentItem().text()
    panel.filters.pick_button.setChecked(False)
    assert window.canvas.mapTool() is not tool


def test_click_in_the_plot_selects_and_flashes_on_the_map(linked: Any, window: Window) -> None:
    panel = linked.aot.panel
    layer = next(iter(QgsProject.instance().mapLayers().values()))
    row = int((panel.model.matchups.site == "Beijing").nonzero()[0][7])
    panel.scatter.picked.emit(row)
    selected = list(layer.getSelectedFeatures())
    assert len(selected) == 1
    assert selected[0]["site"] == "Beijing"
    assert selected[0]["satellite"] == pytest.approx(panel.model.matchups.satellite[row])
    place = linked.aot._transform(inverse=True).transform(QgsPointXY(*window.flashed[-1]))
    assert (place.x(), place.y()) == pytest.approx((116.38, 39.98))


def test_map_moves_to_a_site_that_is_out_of_sight(linked: Any, window: Window) -> None:
    window.canvas.setExtent(QgsRectangle(0, 0, 1000, 1000))
    linked.aot.panel.pick_site("Beijing")
    assert window.canvas.extent().contains(QgsPointXY(*window.flashed[-1]))


def test_place_and_inputs_survive_a_restart(
    start: Callable[[], Any], window: Window, case: Path
) -> None:
    controllers = start()
    dock = controllers.open("aot")
    window.window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
    panel = dock.content
    panel.open(str(case))
    panel.filters.gapfilled.slider.setValue(8)
    panel.flush()
    panel.pick_site("Beijing")
    stored = json.loads(QgsSettings().value("calval/aot/state"))
    assert stored["source"] == str(case)
    controllers.unload()
    again = start()
    assert again.docks == {} or again.docks["aot"].isVisible()
    window.initializationCompleted.emit()
    dock = again.docks["aot"]
    assert dock.isVisible()
    assert window.window.dockWidgetArea(dock) == Qt.DockWidgetArea.LeftDockWidgetArea
    assert dock.content.model.site == "Beijing"
    assert dock.content.model.settings.max_gapfilled == pytest.approx(0.4)


def test_closed_dock_stays_closed(start: Callable[[], Any], window: Window) -> None:
    controllers = start()
    controllers.open("aot").close()
    controllers.unload()
    again = start()
    window.initializationCompleted.emit()
    assert again.docks == {}


def test_dock_is_made_only_when_asked_for(start: Callable[[], Any]) -> None:
    controllers = start()
    assert controllers.aot is None
    assert controllers.docks == {}


def test_example_is_computed_and_shown(
    start: Callable[[], Any],
    window: Window,
    calval_provider: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    app: Any,
) -> None:
    """The whole menu entry: simulated data, the real algorithms, layers, panel."""
    from calval_toolbox.ui import controllers as module

    monkeypatch.setattr(module.QgsApplication, "qgisSettingsDirPath", lambda: str(tmp_path))
    controllers = start()
    controllers.load_example()
    end = time.monotonic() + 240
    while controllers.aot is None and time.monotonic() < end:
        app.processEvents()
        time.sleep(0.02)
    panel = controllers.aot.panel
    panel.flush()
    assert panel.model.figures().overall.count > 100
    assert panel.model.can_rematch
    names = {layer.name() for layer in QgsProject.instance().mapLayers().values()}
    assert {"Match-ups", "AERONET sites, ranked", "Satellite products"} <= names
    groups = QgsProject.instance().layerTreeRoot().findGroups()
    assert len(groups) == 1
    layer = QgsProject.instance().mapLayersByName("Match-ups")[0]
    assert layer.renderer().type() != "singleSymbol"
    controllers.load_example()
    app.processEvents()
    assert len(QgsProject.instance().layerTreeRoot().findGroups()) == 1


def test_example_says_which_package_it_lacks(
    start: Callable[[], Any], window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from calval_toolbox.ui import controllers as module

    monkeypatch.setattr(module.QgsApplication, "qgisSettingsDirPath", lambda: str(tmp_path))
    monkeypatch.setitem(sys.modules, "defusedxml", None)
    controllers = start()
    controllers.load_example()
    item = window.bar.currentItem()
    assert "Missing Python package: defusedxml" in item.text()
    assert item.level() == Qgis.MessageLevel.Warning
    assert item.duration() == 0
    assert not (tmp_path / "calval").exists()
    controllers.load_example()
    assert "Missing Python package: defusedxml" in window.bar.currentItem().text()


def test_failed_example_is_told(
    start: Callable[[], Any], window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from calval_toolbox.core.errors import InputError
    from calval_toolbox.ui import controllers as module

    def full(self: Any, progress: Any) -> None:
        raise InputError("The disk is full.")

    monkeypatch.setattr(module.QgsApplication, "qgisSettingsDirPath", lambda: str(tmp_path))
    monkeypatch.setattr(module.Example, "write_data", full)
    start().load_example()
    item = window.bar.currentItem()
    assert "The disk is full." in item.text()
    assert item.duration() == 0


def test_algorithm_that_cannot_start_is_told(
    app: Any, calval_provider: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from calval_toolbox.ui.controllers import AlgorithmRunner
    from calval_toolbox.ui.example import Step

    runner = AlgorithmRunner()

    def told(step: Step) -> list[str]:
        failed: list[str] = []
        runner.run(step, lambda: failed.append("done"), failed.append)
        end = time.monotonic() + 10
        while not failed and time.monotonic() < end:
            app.processEvents()
            time.sleep(0.01)
        return failed

    step = Step("calval:catalogproducts", {"FOLDERS": [str(tmp_path / "absent")]})
    assert told(step) not in ([], ["done"])
    monkeypatch.setitem(sys.modules, "defusedxml", None)
    assert "Missing Python package: defusedxml" in told(step)[0]


def test_algorithm_whose_preparation_fails_is_told(
    app: Any, calval_provider: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """QGIS cancels such a task before it is queued, and never reports back."""
    from qgis.core import QgsApplication

    from calval_toolbox.ui.controllers import AlgorithmRunner
    from calval_toolbox.ui.example import Step

    def refuse(self: Any, parameters: Any, context: Any, feedback: Any) -> bool:
        feedback.reportError("not prepared")
        return False

    name = "calval:catalogproducts"
    kind = type(QgsApplication.processingRegistry().algorithmById(name))
    monkeypatch.setattr(kind, "prepareAlgorithm", refuse, raising=False)
    runner, failed = AlgorithmRunner(), []
    runner.run(Step(name, {"FOLDERS": ["absent"]}), lambda: failed.append("done"), failed.append)
    end = time.monotonic() + 5
    while not failed and time.monotonic() < end:
        app.processEvents()
        time.sleep(0.01)
    assert failed == ["not prepared"]
