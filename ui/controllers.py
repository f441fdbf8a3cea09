# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the panels meet QGIS: menu, toolbar button, docks, map and layers. Nothing else in ``ui``
touches them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from qgis.core import (
    NULL,
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsExpression,
    QgsGeometry,
    QgsMapLayer,
    QgsMessageLog,
    QgsPointXY,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
    QgsProviderRegistry,
    QgsRectangle,
    QgsSettings,
    QgsTask,
    QgsVectorLayer,
)
from qgis.gui import QgsMapToolEmitPoint
from qgis.PyQt.QtCore import QObject, Qt, QTimer
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction, QDockWidget, QMenu, QToolButton

from ..core.table import Table, from_rows
from .dock import PanelDock
from .example import Example, ExampleRun, Step
from .tasks import TaskRunner
from .text import tr

PREFIX = "calval"
NAME = "CalVal Toolbox"
ICONS = Path(__file__).parent.parent / "resources" / "icons"
GEOGRAPHIC = "EPSG:4326"
MATCHUP_FIELDS = {"site", "time", "satellite", "reference", "accepted"}
REACH_PIXELS = 15
FIRST_SHARE = 0.42  # of the window's width
MEMORY = "layer:"


def icon(name: str) -> QIcon:
    """An icon of the plugin."""
    return QIcon(str(ICONS / f"{name}.svg"))


class Controllers(QObject):
    """Everything that the plugin adds to the window of QGIS."""

    def __init__(self, iface: Any) -> None:
        super().__init__()
        self.iface = iface
        self.actions: list[QAction] = []
        self.docks: dict[str, PanelDock] = {}
        self.aot: AotController | None = None
        self._button: Any = None
        self._example: ExampleRun | None = None

    def load(self) -> None:
        """Add menu and toolbar button; docks that were open when QGIS was closed come back."""
        entries = (
            (tr("AOT validation"), "aot", lambda: self.toggle("aot")),
            (tr("Load example data"), "example", self.load_example),
        )
        for text, name, action in entries:
            self._add_action(text, name, action)
        self.actions[0].setCheckable(True)
        menu = QMenu(self.iface.mainWindow())
        menu.addActions(self.actions)
        button = QToolButton()
        button.setObjectName("calval_button")
        button.setIcon(icon("calval"))
        button.setToolTip(NAME)
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._button = self.iface.addToolBarWidget(button)
        if self._setting("docks/aot/visible", False):
            self.iface.initializationCompleted.connect(self._reopen)
            if self.iface.mainWindow().isVisible():
                QTimer.singleShot(0, self._reopen)

    def unload(self) -> None:
        """Take everything back."""
        if self._example is not None:
            self._example.stop()
            self._example = None
        if self.aot is not None:
            self.aot.close()
            self.aot = None
        for dock in self.docks.values():
            dock.blockSignals(True)  # taking it away is not the user's closing it
            self.iface.removeDockWidget(dock)
            dock.deleteLater()
        self.docks.clear()
        for action in self.actions:
            self.iface.removePluginMenu(NAME, action)
        self.actions.clear()
        if self._button is not None:
            self.iface.removeToolBarIcon(self._button)
            self._button = None

    def _add_action(self, text: str, name: str, run: Callable[[], None]) -> None:
        action = QAction(icon(name), text, self.iface.mainWindow())
        action.setObjectName(f"calval_{name}")
        action.triggered.connect(lambda _checked=False: run())
        self.iface.addPluginToMenu(NAME, action)
        self.actions.append(action)

    # -- docks -----------------------------------------------------------------------------------

    def toggle(self, name: str) -> None:
        """Open a panel, or close it where it is in front."""
        dock = self.docks.get(name)
        if dock is not None and dock.isVisible():
            dock.hide()
        else:
            self.open(name)

    def open(self, name: str = "aot") -> PanelDock:
        """Show the panel ``name``, made when first asked for."""
        if name not in self.docks:
            self.docks[name] = self._make_dock(name)
        dock = self.docks[name]
        dock.show()
        dock.raise_()
        self._shown(name, dock)
        self._placed(name, self.iface.mainWindow().dockWidgetArea(dock))
        return dock

    def _make_dock(self, name: str) -> PanelDock:
        window = self.iface.mainWindow()
        dock = PanelDock(tr("AOT validation"), name, self._aot_panel, window)
        dock.setWindowIcon(icon(name))
        area = Qt.DockWidgetArea(int(self._setting(f"docks/{name}/area", 2)))
        if not window.restoreDockWidget(dock):
            self.iface.addDockWidget(area, dock)
            self._widen(dock)
        dock.dockLocationChanged.connect(lambda place: self._placed(name, place))
        dock.visibilityChanged.connect(lambda _on: self._shown(name, dock))
        return dock

    def _aot_panel(self) -> Any:
        from .aot.panel import AotPanel

        runner = TaskRunner(QgsTask.fromFunction, QgsApplication.taskManager(), _log)
        panel = AotPanel(runner, fetch_rows)
        self.aot = AotController(self.iface, panel, runner)
        panel.example_wanted.connect(self.load_example)
        panel.state_changed.connect(lambda: self._store("aot/state", json.dumps(panel.state())))
        stored = self._setting("aot/state", "")
        if stored:
            panel.restore(json.loads(stored))
        return panel

    def _placed(self, name: str, place: Qt.DockWidgetArea) -> None:
        if place != Qt.DockWidgetArea.NoDockWidgetArea:
            self._store(f"docks/{name}/area", getattr(place, "value", place))

    def _shown(self, name: str, dock: QDockWidget) -> None:
        # A dock behind another tab, or in a window that is being closed, is not visible but open.
        self._store(f"docks/{name}/visible", not dock.isHidden())
        if name == "aot" and self.actions:
            self.actions[0].setChecked(not dock.isHidden())

    def _reopen(self) -> None:
        if "aot" not in self.docks:
            self.open("aot")

    def _setting(self, key: str, default: Any) -> Any:
        return QgsSettings().value(f"{PREFIX}/{key}", default, type=type(default))

    def _store(self, key: str, value: Any) -> None:
        QgsSettings().setValue(f"{PREFIX}/{key}", value)

    # -- example ---------------------------------------------------------------------------------

    def load_example(self) -> None:
        """Put the example case on the map and into the panel, computing it first where needed."""
        if self._example is not None:
            self._tell(tr("The example is being made already."))
            return
        folder = Path(QgsApplication.qgisSettingsDirPath()) / PREFIX / "example"
        example = Example(folder)
        lack = example.lack()
        if lack:
            self._tell(lack, Qgis.MessageLevel.Warning)
            return
        self._example = ExampleRun(
            example,
            TaskRunner(QgsTask.fromFunction, QgsApplication.taskManager(), _log),
            AlgorithmRunner().run,
        )
        self._example.told.connect(lambda text: self._tell(text))
        self._example.failed.connect(self._example_failed)
        self._example.finished.connect(self._show_example)
        self._example.start()

    def _tell(self, text: str, level: Qgis.MessageLevel = Qgis.MessageLevel.Info) -> None:
        """Say ``text`` in the message bar; what went wrong stays there until it is closed."""
        stays = 0 if level != Qgis.MessageLevel.Info else -1
        self.iface.messageBar().pushMessage(NAME, text, level, stays)

    def _example_failed(self, text: str) -> None:
        self._example = None
        self._tell(text, Qgis.MessageLevel.Critical)

    def _show_example(self, example: Example) -> None:
        self._example = None
        show_layers(self.iface, example)
        dock = self.open("aot")
        self._widen(dock)
        if self.aot is not None:
            self.aot.panel.open(str(example.matchups))

    def _widen(self, dock: QDockWidget) -> None:
        """Give a narrow dock its first width, after the window has laid it out."""
        window = self.iface.mainWindow()
        width = round(FIRST_SHARE * window.width())

        def resize() -> None:
            if not dock.isFloating() and dock.width() < width:
                window.resizeDocks([dock], [width], Qt.Orientation.Horizontal)

        QTimer.singleShot(0, resize)


class AotController(QObject):
    """Links the AOT panel with the map and the layers, both ways."""

    def __init__(self, iface: Any, panel: Any, runner: TaskRunner) -> None:
        super().__init__()
        self.iface, self.panel, self.runner = iface, panel, runner
        self._watched: QgsVectorLayer | None = None
        self._tool: QgsMapToolEmitPoint | None = None
        panel.matchup_picked.connect(self.show_matchup)
        panel.site_picked.connect(self.show_site)
        panel.picking.connect(self.set_picking)
        panel.told.connect(lambda text: iface.messageBar().pushMessage(NAME, text))
        project = QgsProject.instance()
        project.layersAdded.connect(self._offer)
        project.layersRemoved.connect(self._offer)
        iface.currentLayerChanged.connect(self.watch)
        self._offer()
        self.watch(iface.activeLayer())

    def close(self) -> None:
        """Let go of the map and the project."""
        self.runner.cancel()
        self.set_picking(False)
        self.watch(None)
        project = QgsProject.instance()
        project.layersAdded.disconnect(self._offer)
        project.layersRemoved.disconnect(self._offer)
        self.iface.currentLayerChanged.disconnect(self.watch)

    def _offer(self, *_changed: Any) -> None:
        self.panel.offer_layers([(layer.name(), source_of(layer)) for layer in matchup_layers()])

    # -- from the map to the plots

    def watch(self, layer: QgsMapLayer | None) -> None:
        """Follow the selection in ``layer`` where its rows belong to sites."""
        if self._watched is not None and not _gone(self._watched):
            self._watched.selectionChanged.disconnect(self._selected)
        follows = isinstance(layer, QgsVectorLayer) and layer.fields().indexOf("site") >= 0
        self._watched = layer if follows else None
        if self._watched is not None:
            self._watched.selectionChanged.connect(self._selected)

    def _selected(self, *_changed: Any) -> None:
        if self._watched is None or self._watched.selectedFeatureCount() == 0:
            return
        names = {str(feature["site"]) for feature in self._watched.getSelectedFeatures()}
        if len(names) == 1:
            self.panel.pick_site(names.pop())

    def set_picking(self, on: bool) -> None:
        """Take clicks on the map, or give the map back to the tool it had."""
        canvas = self.iface.mapCanvas()
        if on and self._tool is None:
            self._tool = QgsMapToolEmitPoint(canvas)
            self._tool.canvasClicked.connect(self._clicked)
            self._tool.deactivated.connect(self._deactivated)
        if on:
            canvas.setMapTool(self._tool)
        elif self._tool is not None:
            canvas.unsetMapTool(self._tool)

    def _deactivated(self) -> None:
        self.panel.filters.pick_button.setChecked(False)

    def _clicked(self, point: QgsPointXY, _button: Any) -> None:
        canvas = self.iface.mapCanvas()
        transform = self._transform(inverse=True)
        here = transform.transform(point)
        reach = REACH_PIXELS * canvas.mapUnitsPerPixel()
        there = transform.transform(QgsPointXY(point.x() + reach, point.y()))
        if not self.panel.pick_place(here.x(), here.y(), abs(there.x() - here.x())):
            self.iface.messageBar().pushMessage(NAME, tr("There is no site of the match-ups here."))

    # -- from the plots to the map

    def show_matchup(self, picked: Any) -> None:
        """Select and flash a match-up on the map, and show its product where it is loaded."""
        quoted = ", ".join(QgsExpression.quotedValue(text) for text in picked.time_texts())
        where = f'"site" = {QgsExpression.quotedValue(picked.site)} AND "time" IN ({quoted})'
        if np.isfinite(picked.window_m):
            where += f' AND "window_m" = {picked.window_m:g}'
        for layer in matchup_layers():
            if same_source(source_of(layer), picked.source):
                layer.selectByExpression(where)
                self.iface.mapCanvas().flashFeatureIds(layer, layer.selectedFeatureIds())
        self._flash(picked.longitude, picked.latitude)
        self._show_product(picked.product)

    def show_site(self, site: str) -> None:
        """Flash a site that was picked in the panel."""
        if site:
            self._flash(*self.panel.model.place(site))

    def _flash(self, longitude: float, latitude: float) -> None:
        if not (np.isfinite(longitude) and np.isfinite(latitude)):
            return
        canvas = self.iface.mapCanvas()
        point = self._transform().transform(QgsPointXY(longitude, latitude))
        if not canvas.extent().contains(point):
            canvas.setCenter(point)
            canvas.refresh()
        canvas.flashGeometries(
            [QgsGeometry.fromPointXY(point)], canvas.mapSettings().destinationCrs()
        )

    def _show_product(self, product: str) -> None:
        tree = QgsProject.instance().layerTreeRoot()
        for layer in QgsProject.instance().mapLayers().values():
            node = tree.findLayer(layer.id())
            if product and node is not None and product in layer.source():
                node.setItemVisibilityCheckedParentRecursive(True)

    def _transform(self, inverse: bool = False) -> QgsCoordinateTransform:
        crs = self.iface.mapCanvas().mapSettings().destinationCrs()
        ends = (QgsCoordinateReferenceSystem(GEOGRAPHIC), crs)
        return QgsCoordinateTransform(*(reversed(ends) if inverse else ends), QgsProject.instance())


class AlgorithmRunner(QObject):
    """Runs Processing algorithms by their id in QGIS's task manager, one at a time."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: tuple[Any, ...] = ()

    def run(self, step: Step, done: Callable[[], None], failed: Callable[[str], None]) -> None:
        """Start ``step``; ``failed`` gets the last line of its log."""
        algorithm = QgsApplication.processingRegistry().createAlgorithmById(step.algorithm)
        if algorithm is None:
            failed(tr("{} is not in the toolbox").format(step.algorithm))
            return
        able, why = algorithm.canExecute()
        if not able:
            failed(why)
            return
        context, feedback = QgsProcessingContext(), QgsProcessingFeedback()
        task = QgsProcessingAlgRunnerTask(algorithm, step.parameters, context, feedback)

        def executed(good: bool, _results: Any) -> None:
            _log(feedback.textLog())
            lines = feedback.textLog().strip().splitlines() or [step.algorithm]
            # The task still stands on the stack: what follows starts when it has left it.
            QTimer.singleShot(0, done if good else lambda: failed(lines[-1]))

        if task.isCanceled():  # its preparation failed: it never runs, and never reports back
            executed(False, {})
            return
        task.executed.connect(executed)
        # The task holds none of them, and Python would take them away while it runs.
        self._kept = (algorithm, context, feedback, task)
        QgsApplication.taskManager().addTask(task)


def matchup_layers() -> list[QgsVectorLayer]:
    """The match-up tables among the layers of the project."""
    layers = QgsProject.instance().mapLayers().values()
    vectors = [layer for layer in layers if isinstance(layer, QgsVectorLayer) and layer.isValid()]
    return [layer for layer in vectors if set(layer.fields().names()) >= MATCHUP_FIELDS]


def source_of(layer: QgsVectorLayer) -> str:
    """How the panel calls the table behind ``layer``: path with layer name, or the id of a layer
    without a file.
    """
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    path = str(parts.get("path") or "")
    if not Path(path).is_file():
        return MEMORY + layer.id()
    name = parts.get("layerName")
    return f"{path}|layername={name}" if name else path


def same_source(one: str, other: str) -> bool:
    """Whether two sources name the same file (or layer without a file)."""
    return one.split("|")[0] == other.split("|")[0]


def fetch_rows(source: str) -> Table | None:
    """The rows of a layer that has no file; None for files."""
    if not source.startswith(MEMORY):
        return None
    layer = QgsProject.instance().mapLayer(source.removeprefix(MEMORY))
    if layer is None:
        return None
    kinds = {field.name(): "float" if field.isNumeric() else "text" for field in layer.fields()}
    rows = [{name: _plain(feature[name]) for name in kinds} for feature in layer.getFeatures()]
    return from_rows(rows, kinds, layer.name())


def show_layers(iface: Any, example: Example) -> None:
    """Put the layers of the example into a group of their own, over a map of the world, and zoom to
    them.
    """
    project = QgsProject.instance()
    root = project.layerTreeRoot()
    title = tr("AOT validation (simulated example)")
    old = root.findGroup(title)
    if old is not None:
        project.removeMapLayers(old.findLayerIds())
        root.removeChildNode(old)
    group = root.insertGroup(0, title)
    world = Path(QgsApplication.pkgDataPath()) / "resources" / "data" / "world_map.gpkg"
    files = [(shown.path, shown.name, "") for shown in example.layers()]
    files.append((world, tr("Countries"), "|layername=countries"))
    extent = QgsRectangle()
    for path, name, part in files:
        layer = QgsVectorLayer(f"{path}{part}", name, "ogr")
        if path.is_file() and layer.isValid():
            project.addMapLayer(layer, False)
            group.addLayer(layer)
            if path is not world:
                extent.combineExtentWith(layer.extent())
    canvas = iface.mapCanvas()
    project.setCrs(QgsCoordinateReferenceSystem(GEOGRAPHIC))
    canvas.setExtent(extent.buffered(5.0))
    canvas.refresh()


def _plain(value: Any) -> Any:
    return None if value is None or value == NULL else value


def _log(text: str) -> None:
    QgsMessageLog.logMessage(text, NAME, Qgis.MessageLevel.Info)


def _gone(layer: QgsMapLayer) -> bool:
    """Whether the object behind ``layer`` was deleted together with its project."""
    try:
        layer.id()
    except RuntimeError:
        return True
    return False
