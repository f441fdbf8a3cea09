# SPDX-License-Identifier: GPL-3.0-or-later
"""What links any panel with QGIS: its state, tasks, messages, help, and clicks on the map."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar, Protocol

from qgis.core import QgsMapLayer, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QObject

from ..tasks import TaskRunner
from ..text import tr
from .common import store, stored, task_runner
from .host import Host
from .layers import gone
from .map import PickTool


class Panel(Protocol):
    """What a panel's widget offers to its controller. Signals: ``told`` (a sentence for the message
    bar), ``state_changed``, ``picking`` (whether a click on the map is wanted), ``help_wanted``,
    ``example_wanted``.
    """

    told: Any
    state_changed: Any
    picking: Any
    help_wanted: Any
    example_wanted: Any

    def state(self) -> dict[str, Any]:
        """What is to survive a restart, as plain JSON values."""

    def restore(self, state: Mapping[str, Any]) -> None:
        """Show again what ``state`` says."""

    def stop_picking(self) -> None:
        """The map has gone to another tool."""

    def pick_site(self, site: str) -> None:
        """Show the site that was selected on the map."""

    def pick_place(self, longitude: float, latitude: float, reach_deg: float) -> bool:
        """Show what is within ``reach_deg`` degrees of a click; False where nothing is."""


class PanelController(QObject):
    """Base of the controllers, one per open panel.

    A subclass names itself (``KEY``: of its state, icon and help page ``panels/<KEY>``; ``title``),
    makes its widget in ``make`` and adds in ``link`` what is its own. All signals that it connects
    through ``follow`` are let go by ``close``.
    """

    KEY: ClassVar[str]

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.host = host
        self.runner: TaskRunner = task_runner()
        self._followed: list[tuple[Any, Callable[..., Any]]] = []
        self._watched: QgsVectorLayer | None = None
        self._from_map = False
        self.panel: Any = self.make()
        self.tool = PickTool(host.map, self._clicked, self.panel.stop_picking)
        self._connect()
        self.link()
        text = stored(f"{self.KEY}/state", "")
        if text:
            self.panel.restore(json.loads(text))

    # -- said by each panel

    @staticmethod
    def title() -> str:
        """What the dock and the menu call the panel."""
        raise NotImplementedError

    def make(self) -> Panel:
        """The widget, which ``runner`` may serve; imports it here, since it needs pyqtgraph."""
        raise NotImplementedError

    def link(self) -> None:
        """Connect what is this panel's own."""

    def layers_changed(self) -> None:
        """Layers came or went."""

    def show_example(self, example: Any) -> None:
        """Show the example that was computed."""

    def load_example(self) -> None:
        """Put an example on the map and into the panel: by default, that of the plugin's menu."""
        self.host.load_example()

    def nothing_here(self) -> str:
        """What is said where a click on the map meets nothing."""
        return tr("There is no site here.")

    # -- the same for all

    def _connect(self) -> None:
        panel, host = self.panel, self.host
        panel.told.connect(host.tell)
        panel.picking.connect(self.tool.set_on)
        panel.help_wanted.connect(lambda: host.show_help(f"panels/{self.KEY}"))
        panel.example_wanted.connect(self.load_example)
        panel.state_changed.connect(lambda: store(f"{self.KEY}/state", json.dumps(panel.state())))
        project = QgsProject.instance()
        self.follow(project.layersAdded, self._changed)
        self.follow(project.layersRemoved, self._changed)
        self.follow(host.iface.currentLayerChanged, self.watch)
        self.layers_changed()
        self.watch(host.iface.activeLayer())

    def follow(self, signal: Any, slot: Callable[..., Any]) -> None:
        """Connect a signal of QGIS until the panel is closed."""
        signal.connect(slot)
        self._followed.append((signal, slot))

    def close(self) -> None:
        """Let go of the map and the project."""
        self.runner.close()
        self.tool.set_on(False)
        self.watch(None)
        for signal, slot in self._followed:
            signal.disconnect(slot)
        self._followed.clear()

    def _changed(self, *_layers: Any) -> None:
        self.layers_changed()

    def watch(self, layer: QgsMapLayer | None) -> None:
        """Follow the selection in ``layer`` where its rows belong to sites."""
        if self._watched is not None and not gone(self._watched):
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
            with self._picked_on_map():
                self.panel.pick_site(names.pop())

    def _clicked(self, longitude: float, latitude: float, reach_deg: float) -> None:
        with self._picked_on_map():
            found = self.panel.pick_place(longitude, latitude, reach_deg)
        if not found:
            self.host.tell(self.nothing_here())

    @contextmanager
    def _picked_on_map(self) -> Iterator[None]:
        """Who clicks on the map looks there already: it stays where it is."""
        before, self._from_map = self._from_map, True
        try:
            yield
        finally:
            self._from_map = before

    def show_place(self, longitude: float, latitude: float) -> bool:
        """Flash a place, and move the map there unless it was picked on the map; False where it is
        not known.
        """
        return self.host.map.show_place(longitude, latitude, move=not self._from_map)
