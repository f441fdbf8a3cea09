# SPDX-License-Identifier: GPL-3.0-or-later
"""The example on the map: computed where needed, then shown as a group of layers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..example import Example, ExampleRun
from ..text import tr
from .algorithms import AlgorithmRunner
from .common import own_folder, task_runner
from .map import GEOGRAPHIC

Tell = Callable[..., None]


class ExampleController(QObject):
    """Makes the example and puts it on the map. Signal ``shown`` carries it when it is there."""

    shown = pyqtSignal(object)

    def __init__(self, iface: Any, tell: Tell) -> None:
        super().__init__()
        self._iface, self._tell = iface, tell
        self._run: ExampleRun | None = None

    def load(self) -> None:
        """Put the example case on the map and into the panel, computing it first where needed."""
        if self._run is not None:
            self._tell(tr("The example is being made already."))
            return
        example = Example(own_folder("example"))
        lack = example.lack()
        if lack:
            self._tell(lack, Qgis.MessageLevel.Warning)
            return
        self._run = ExampleRun(example, task_runner(), AlgorithmRunner().run)
        self._run.told.connect(lambda text: self._tell(text))
        self._run.failed.connect(self._failed)
        self._run.finished.connect(self._show)
        self._run.start()

    def stop(self) -> None:
        """Ask what runs to stop."""
        if self._run is not None:
            self._run.stop()
            self._run = None

    def _failed(self, text: str) -> None:
        self._run = None
        self._tell(text, Qgis.MessageLevel.Critical)

    def _show(self, example: Example) -> None:
        self._run = None
        show_layers(self._iface, example)
        self.shown.emit(example)


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
