# SPDX-License-Identifier: GPL-3.0-or-later
"""The menu entry that computes the example and shows it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from qgis.core import (
    Qgis,
    QgsProject,
)


def test_example_is_computed_and_shown(
    start: Callable[[], Any],
    window: Any,
    calval_provider: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    app: Any,
) -> None:
    """The whole menu entry: simulated data, the real algorithms, layers, panel."""
    from calval_toolbox.ui.controllers import example as module

    monkeypatch.setattr(module.QgsApplication, "qgisSettingsDirPath", lambda: str(tmp_path))
    controllers = start()
    controllers.load_example()
    end = time.monotonic() + 900
    while not controllers.docks.controllers and time.monotonic() < end:
        app.processEvents()
        time.sleep(0.02)
    panel = controllers.docks.controllers["aot"].panel
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
    start: Callable[[], Any], window: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from calval_toolbox.ui.controllers import example as module

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
    start: Callable[[], Any], window: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from calval_toolbox.core.errors import InputError
    from calval_toolbox.ui.controllers import example as module

    def full(self: Any, progress: Any) -> None:
        raise InputError("The disk is full.")

    monkeypatch.setattr(module.QgsApplication, "qgisSettingsDirPath", lambda: str(tmp_path))
    monkeypatch.setattr(module.Example, "write_data", full)
    start().load_example()
    item = window.bar.currentItem()
    assert "The disk is full." in item.text()
    assert item.duration() == 0
