# SPDX-License-Identifier: GPL-3.0-or-later
"""Menu and docks: what is added and taken back, and what survives a restart."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from qgis.core import (
    QgsSettings,
)
from qgis.PyQt.QtCore import Qt


def test_load_and_unload_leave_nothing(start: Callable[[], Any], window: Any) -> None:
    controllers = start()
    assert len(window.menus["CalVal Toolbox"].actions()) == 2
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
