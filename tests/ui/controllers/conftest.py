# SPDX-License-Identifier: GPL-3.0-or-later
"""A window with a real map canvas in place of that of QGIS, and the plugin inside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProject,
    QgsRectangle,
    QgsSettings,
    QgsVectorLayer,
)
from qgis.gui import QgsMapCanvas, QgsMessageBar
from qgis.PyQt.QtCore import QObject, pyqtSignal
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
        self.cancel = self.close = InlineRunner().cancel


@pytest.fixture
def window(
    app: Any, errors: list[BaseException], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Window]:
    from calval_toolbox.ui.controllers import common

    monkeypatch.setattr(common, "TaskRunner", Now)
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
    return controllers.docks.controllers["aot"]
