# SPDX-License-Identifier: GPL-3.0-or-later
"""The docks of the panels: made when asked for, where they were, and back after a restart."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import QObject, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QDockWidget, QWidget

from ..dock import PanelDock
from .common import icon, store, stored
from .host import Host
from .panel import PanelController

FIRST_SHARE = 0.42  # of the window's width


class Docks(QObject):
    """The docks by the keys of their panels. Signal ``shown``: key, whether the panel is open."""

    shown = pyqtSignal(str, bool)

    def __init__(self, host: Host, panels: tuple[type[PanelController], ...]) -> None:
        super().__init__()
        self._host = host
        self.panels = {panel.KEY: panel for panel in panels}
        self.made: dict[str, PanelDock] = {}
        self.controllers: dict[str, PanelController] = {}

    @property
    def _window(self) -> Any:
        return self._host.iface.mainWindow()

    def toggle(self, key: str) -> None:
        """Open a panel, or close it where it is in front."""
        dock = self.made.get(key)
        if dock is not None and dock.isVisible():
            dock.hide()
        else:
            self.open(key)

    def open(self, key: str) -> PanelDock:
        """Show the panel ``key``, made when first asked for."""
        if key not in self.made:
            self.made[key] = self._make(key)
        dock = self.made[key]
        dock.show()
        dock.raise_()
        self._shown(key, dock)
        self._placed(key, self._window.dockWidgetArea(dock))
        return dock

    def reopen(self) -> None:
        """Bring back the panels that were open when QGIS was closed."""
        for key in self.panels:
            if key not in self.made and stored(f"docks/{key}/visible", False):
                self.open(key)

    def close(self) -> None:
        """Take all docks away."""
        for controller in self.controllers.values():
            controller.close()
        self.controllers.clear()
        for dock in self.made.values():
            dock.blockSignals(True)  # taking it away is not the user's closing it
            self._host.iface.removeDockWidget(dock)
            dock.deleteLater()
        self.made.clear()

    def widen(self, dock: QDockWidget) -> None:
        """Give a narrow dock its first width, after the window has laid it out."""
        window = self._window
        width = round(FIRST_SHARE * window.width())

        def resize() -> None:
            if not dock.isFloating() and dock.width() < width:
                window.resizeDocks([dock], [width], Qt.Orientation.Horizontal)

        QTimer.singleShot(0, resize)

    def _make(self, key: str) -> PanelDock:
        window = self._window
        dock = PanelDock(self.panels[key].title(), key, lambda: self._content(key), window)
        dock.setWindowIcon(icon(key))
        area = Qt.DockWidgetArea(int(stored(f"docks/{key}/area", 2)))
        if not window.restoreDockWidget(dock):
            self._add(dock, area)
        dock.dockLocationChanged.connect(lambda place: self._placed(key, place))
        dock.visibilityChanged.connect(lambda _on: self._shown(key, dock))
        return dock

    def _add(self, dock: PanelDock, area: Qt.DockWidgetArea) -> None:
        """Into ``area``, as a tab of another panel of ours that is there."""
        self._host.iface.addDockWidget(area, dock)
        for other in self.made.values():
            if other.isVisible() and self._window.dockWidgetArea(other) == area:
                self._window.tabifyDockWidget(other, dock)
                return
        self.widen(dock)

    def _content(self, key: str) -> QWidget:
        controller = self.panels[key](self._host)
        self.controllers[key] = controller
        return controller.panel

    def _placed(self, key: str, place: Qt.DockWidgetArea) -> None:
        if place != Qt.DockWidgetArea.NoDockWidgetArea:
            store(f"docks/{key}/area", getattr(place, "value", place))

    def _shown(self, key: str, dock: QDockWidget) -> None:
        # A dock behind another tab, or in a window that is being closed, is not visible but open.
        store(f"docks/{key}/visible", not dock.isHidden())
        self.shown.emit(key, not dock.isHidden())
