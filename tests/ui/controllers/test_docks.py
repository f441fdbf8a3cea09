# SPDX-License-Identifier: GPL-3.0-or-later
"""Menu and docks: what is added and taken back, and what survives a restart."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest
from qgis.core import (
    QgsPointXY,
    QgsSettings,
)
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QWidget

from calval_toolbox.ui.controllers.registry import PANELS


def test_load_and_unload_leave_nothing(start: Callable[[], Any], window: Any) -> None:
    controllers = start()
    # One entry for each panel, and the example.
    assert len(window.menus["CalVal Toolbox"].actions()) == len(PANELS) + 1
    assert len(window.tools.actions()) == 1
    assert controllers.docks.made == {}
    dock = controllers.open("aot")
    assert dock.isVisible()
    assert controllers.actions["aot"].isChecked()
    controllers.unload()
    assert window.menus["CalVal Toolbox"].actions() == []
    assert window.tools.actions() == []
    controllers.load()
    controllers.open("aot")


def test_action_opens_and_closes_the_dock(start: Callable[[], Any]) -> None:
    controllers = start()
    controllers.actions["aot"].trigger()
    assert controllers.docks.made["aot"].isVisible()
    controllers.actions["aot"].trigger()
    assert not controllers.docks.made["aot"].isVisible()
    assert not controllers.actions["aot"].isChecked()


def test_place_and_inputs_survive_a_restart(
    start: Callable[[], Any], window: Any, case: Path
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
    assert again.docks.made == {} or again.docks.made["aot"].isVisible()
    window.initializationCompleted.emit()
    dock = again.docks.made["aot"]
    assert dock.isVisible()
    assert window.window.dockWidgetArea(dock) == Qt.DockWidgetArea.LeftDockWidgetArea
    assert dock.content.model.site == "Beijing"
    assert dock.content.model.settings.max_gapfilled == pytest.approx(0.4)


def test_closed_dock_stays_closed(start: Callable[[], Any], window: Any) -> None:
    controllers = start()
    controllers.open("aot").close()
    controllers.unload()
    again = start()
    window.initializationCompleted.emit()
    assert again.docks.made == {}


def test_dock_is_made_only_when_asked_for(start: Callable[[], Any]) -> None:
    controllers = start()
    assert controllers.docks.controllers == {}
    assert controllers.docks.made == {}


def test_second_panel_needs_a_class_and_nothing_else(
    window: Any, monkeypatch: pytest.MonkeyPatch, app: Any
) -> None:
    """Menu entry, dock, state, help and clicks on the map come with the registry."""
    from calval_toolbox.ui.controllers import window as module
    from calval_toolbox.ui.controllers.panel import PanelController
    from calval_toolbox.ui.controllers.registry import PANELS

    class Widget(QWidget):
        told, picking = pyqtSignal(str), pyqtSignal(bool)
        state_changed, help_wanted, example_wanted = pyqtSignal(), pyqtSignal(), pyqtSignal()
        places: ClassVar[list[Any]] = []
        shown: ClassVar[dict[str, Any]] = {}

        def state(self) -> dict[str, Any]:
            return {"date": "2016-05-01"}

        def restore(self, state: Any) -> None:
            self.shown.update(state)

        def stop_picking(self) -> None:
            self.places.append("stopped")

        def pick_site(self, site: str) -> None:
            self.places.append(site)

        def pick_place(self, *place: float) -> bool:
            self.places.append(tuple(round(part, 3) for part in place[:2]))
            return False

    class Second(PanelController):
        KEY = "second"

        @staticmethod
        def title() -> str:
            return "Second panel"

        def make(self) -> Any:
            return Widget()

    asked: list[str] = []
    monkeypatch.setattr(module, "PANELS", (*PANELS, Second))
    controllers = module.Controllers(window)
    monkeypatch.setattr(controllers.host, "show_help", asked.append)
    controllers.load()
    controllers.actions["second"].trigger()
    panel = controllers.docks.made["second"].content
    assert panel.isVisible()
    assert controllers.actions["second"].isChecked()
    assert not controllers.actions["aot"].isChecked()
    panel.help_wanted.emit()
    assert asked == ["panels/second"]
    panel.picking.emit(True)
    point = controllers.host.map.transform().transform(QgsPointXY(5.0, 45.0))
    window.canvas.mapTool().canvasClicked.emit(point, Qt.MouseButton.LeftButton)
    assert panel.places == [(5.0, 45.0)]
    assert "no site here" in window.bar.currentItem().text()
    panel.picking.emit(False)
    assert panel.places[-1] == "stopped"
    panel.state_changed.emit()
    controllers.open("aot")
    assert window.window.tabifiedDockWidgets(controllers.docks.made["aot"]) == [
        controllers.docks.made["second"]
    ]
    controllers.unload()
    app.processEvents()
    again = module.Controllers(window)
    again.load()
    window.initializationCompleted.emit()
    assert set(again.docks.made) == {"aot", "second"}
    assert Widget.shown == {"date": "2016-05-01"}
    again.unload()


def test_help_button_opens_the_page_offline(
    start: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from calval_toolbox.ui.controllers import host

    opened: list[Any] = []
    monkeypatch.setattr(host.QDesktopServices, "openUrl", opened.append)
    panel = start().open("aot").content
    panel.sources.help_button.click()
    (url,) = opened
    assert url.isLocalFile()
    text = Path(url.toLocalFile()).read_text(encoding="utf-8")
    assert "AOT validation" in text
