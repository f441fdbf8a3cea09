# SPDX-License-Identifier: GPL-3.0-or-later
"""What panels leave behind when they are closed: nothing that would outlive QGIS."""

from __future__ import annotations

import gc
import importlib
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from qgis.core import QgsApplication, QgsTask
from qgis.PyQt.QtCore import Qt, QThread
from qgis.PyQt.QtWidgets import QGraphicsItem

PANELS = (
    ("aot", "AotPanel"), ("anomalies", "SeriesPanel"), ("calibration", "CalibrationPanel"),
    ("dem", "ElevationPanel"), ("classification", "LandCoverPanel"),
)  # fmt: skip


def _items() -> list[Any]:
    # By their type: a weak reference to what is gone cannot be asked for its class.
    return [one for one in gc.get_objects() if issubclass(type(one), QGraphicsItem)]


@pytest.mark.parametrize(("folder", "name"), PANELS)
def test_every_item_of_a_plot_has_a_scene(
    on_screen: Callable[..., Any], folder: str, name: str
) -> None:
    """One without is deleted by Python when QGIS ends, without an application: that crashes."""
    module = importlib.import_module(f"calval_toolbox.ui.{folder}.panel")
    before = {id(one) for one in _items()}
    panel = on_screen(getattr(module, name), 1000, 800)
    made = [one for one in _items() if id(one) not in before]
    assert len(made) > 50
    assert panel.isVisible()
    lost = {type(one).__name__ for one in made if one.scene() is None}
    assert lost == set()


def test_timers_end_with_their_panel(on_screen: Callable[..., Any]) -> None:
    from calval_toolbox.ui.calibration.panel import CalibrationPanel

    panel = on_screen(CalibrationPanel, 600, 600)
    assert panel._soon.parent() is panel
    assert panel._rest.parent() is panel


def test_closing_waits_for_work_and_tells_nobody(qgis_app: Any, errors: list[Any]) -> None:
    from calval_toolbox.ui.tasks import TaskRunner

    runner = TaskRunner(QgsTask.fromFunction, QgsApplication.taskManager(), lambda text: None)
    started, ended, told = threading.Event(), threading.Event(), []

    def work(progress: Any) -> None:
        started.set()
        while not progress.canceled():
            time.sleep(0.01)
        time.sleep(0.1)
        ended.set()

    runner.run("slow", work, told.append, told.append)
    while not started.is_set():
        qgis_app.processEvents()
    runner.close()
    assert ended.is_set()
    qgis_app.processEvents()
    assert told == []


def test_work_that_is_canceled_elsewhere_is_said(qgis_app: Any, errors: list[Any]) -> None:
    from calval_toolbox.core.errors import Canceled
    from calval_toolbox.core.progress import check
    from calval_toolbox.ui.tasks import TaskRunner

    runner = TaskRunner(QgsTask.fromFunction, QgsApplication.taskManager(), lambda text: None)
    told: list[Any] = []

    def work(progress: Any) -> None:
        while True:
            check(progress)
            time.sleep(0.005)

    runner.run("slow", work, told.append, told.append)
    (task,) = runner._running
    until = time.monotonic() + 20.0
    while not told and time.monotonic() < until:
        qgis_app.processEvents()
        if task.status() == task.TaskStatus.Running:
            task.cancel()
    assert [type(one) for one in told] == [Canceled]


def test_threads_of_tasks_end_before_qgis_does(qgis_app: Any) -> None:
    from calval_toolbox.ui.controllers.common import end_idle_threads, task_runner

    ended, done = threading.Event(), []

    def work(progress: Any) -> None:
        QThread.currentThread().finished.connect(ended.set, Qt.ConnectionType.DirectConnection)

    task_runner().run("short", work, done.append, done.append)
    until = time.monotonic() + 20.0
    while not done and time.monotonic() < until:
        qgis_app.processEvents()
    assert done == [None]
    assert not ended.is_set()
    end_idle_threads()
    assert ended.is_set()
