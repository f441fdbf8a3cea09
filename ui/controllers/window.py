# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that the plugin adds to the window of QGIS: menu, toolbar button, docks, example."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from qgis.PyQt.QtCore import QObject, QTimer
from qgis.PyQt.QtWidgets import QAction, QMenu, QToolButton

from ..dock import PanelDock
from ..text import tr
from .common import NAME, end_idle_threads, icon, stored
from .docks import Docks
from .example import ExampleController
from .host import Host
from .registry import PANELS

EXAMPLE_PANEL = "aot"


class Controllers(QObject):
    """Adds one entry per panel of the registry, and the example."""

    def __init__(self, iface: Any) -> None:
        super().__init__()
        self.iface = iface
        self.actions: dict[str, QAction] = {}
        self.host = Host(iface, self.load_example)
        self.docks = Docks(self.host, PANELS)
        self.example = ExampleController(iface, self.host.tell)
        self.docks.shown.connect(self._check)
        self.example.shown.connect(self._show_example)
        self._button: Any = None

    def load(self) -> None:
        """Add menu and toolbar button; docks that were open when QGIS was closed come back."""
        for key, panel in self.docks.panels.items():
            self._add_action(panel.title(), key, partial(self.docks.toggle, key)).setCheckable(True)
        self._add_action(tr("Load example data"), "example", self.load_example)
        menu = QMenu(self.iface.mainWindow())
        menu.addActions(self.actions.values())
        button = QToolButton()
        button.setObjectName("calval_button")
        button.setIcon(icon("calval"))
        button.setToolTip(NAME)
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._button = self.iface.addToolBarWidget(button)
        if any(stored(f"docks/{key}/visible", False) for key in self.docks.panels):
            self.iface.initializationCompleted.connect(self._reopen)
            if self.iface.mainWindow().isVisible():
                QTimer.singleShot(0, self._reopen)

    def unload(self) -> None:
        """Take everything back."""
        self.example.stop()
        self.host.products.close()
        self.docks.close()
        end_idle_threads()
        for action in self.actions.values():
            self.iface.removePluginMenu(NAME, action)
        self.actions.clear()
        if self._button is not None:
            self.iface.removeToolBarIcon(self._button)
            self._button = None

    def open(self, key: str) -> PanelDock:
        """Show the panel ``key``."""
        return self.docks.open(key)

    def load_example(self) -> None:
        """Put the example case on the map and into the panel, computing it first where needed."""
        self.example.load()

    def _add_action(self, text: str, name: str, run: Callable[[], None]) -> QAction:
        action = QAction(icon(name), text, self.iface.mainWindow())
        action.setObjectName(f"calval_{name}")
        action.triggered.connect(lambda _checked=False: run())
        self.iface.addPluginToMenu(NAME, action)
        self.actions[name] = action
        return action

    def _check(self, key: str, open_now: bool) -> None:
        if key in self.actions:
            self.actions[key].setChecked(open_now)

    def _reopen(self) -> None:
        if self.actions:  # not taken away meanwhile
            self.docks.reopen()

    def _show_example(self, example: Any) -> None:
        dock = self.open(EXAMPLE_PANEL)
        self.docks.widen(dock)
        controller = self.docks.controllers.get(EXAMPLE_PANEL)
        if controller is not None:
            controller.show_example(example)
