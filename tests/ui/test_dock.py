# SPDX-License-Identifier: GPL-3.0-or-later
"""The dock around a panel: with pyqtgraph, and with the page that says how to get it."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest


def test_missing_pyqtgraph_is_explained(
    app: Any, errors: list[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    from qgis.PyQt.QtGui import QGuiApplication
    from qgis.PyQt.QtWidgets import QLabel

    from calval_toolbox.ui.dock import PanelDock

    made = []

    def factory() -> QLabel:
        made.append(True)
        return QLabel("content")

    monkeypatch.setitem(sys.modules, "pyqtgraph", None)
    monkeypatch.setitem(sys.modules, "defusedxml", None)
    dock = PanelDock("AOT validation", "aot", factory)
    page = dock.widget()
    assert not made
    assert dock.content is None
    assert "defusedxml (metadata of products)" in page.text.text()
    assert "pip install pyqtgraph defusedxml" in page.text.text()
    assert "python3-pyqtgraph" in page.text.text()
    page.buttons[0].click()
    assert QGuiApplication.clipboard().text() == "python3 -m pip install pyqtgraph defusedxml"
    page.buttons[1].click()
    assert dock.content is None
    monkeypatch.undo()
    dock.widget().buttons[1].click()
    assert dock.content is not None
    assert dock.widget().text() == "content"


def test_broken_package_is_explained(app: Any, errors: list[BaseException]) -> None:
    from calval_toolbox.ui.dock import PanelDock

    def factory() -> Any:
        raise ImportError("numpy.core.multiarray failed to import")

    dock = PanelDock("AOT validation", "aot", factory)
    assert "numpy.core.multiarray failed to import" in dock.widget().text.text()


def test_background_task_reports_back(app: Any, errors: list[BaseException]) -> None:
    """The runner of the desktop, with QGIS's own tasks: results, sentences and cancellation."""
    import time

    from qgis.core import QgsApplication, QgsTask

    from calval_toolbox.core.errors import InputError
    from calval_toolbox.core.progress import check
    from calval_toolbox.ui.tasks import TaskRunner

    runner = TaskRunner(QgsTask.fromFunction, QgsApplication.taskManager(), lambda text: None)
    done: list[Any] = []
    failed: list[Exception] = []

    def wait(until: Any) -> None:
        end = time.monotonic() + 60
        while not until() and time.monotonic() < end:
            app.processEvents()
            time.sleep(0.01)

    def wrong(progress: Any) -> None:
        raise InputError("no such table")

    def endless(progress: Any) -> None:
        while True:
            check(progress)
            time.sleep(0.01)

    runner.run("add", lambda progress: 1 + 1, done.append, failed.append)
    wait(lambda: done)
    assert done == [2]
    runner.run("none", lambda progress: None, done.append, failed.append)
    wait(lambda: len(done) == 2)
    runner.run("array", lambda progress: np.zeros(3), done.append, failed.append)
    wait(lambda: len(done) == 3)
    assert done[1] is None
    assert done[2].tolist() == [0.0, 0.0, 0.0]
    runner.run("wrong", wrong, done.append, failed.append)
    wait(lambda: failed)
    assert str(failed[0]) == "no such table"
    runner.run("endless", endless, done.append, failed.append)
    wait(lambda: QgsApplication.taskManager().countActiveTasks() > 0)
    runner.cancel()
    wait(lambda: QgsApplication.taskManager().countActiveTasks() == 0)
    assert QgsApplication.taskManager().countActiveTasks() == 0
    assert (len(done), len(failed)) == (3, 1)


def test_text_that_is_cut_off_ends_with_an_ellipsis(app: Any) -> None:
    """A number that is cut off without one is another number: 7e-39 would read 7e-3."""
    from calval_toolbox.ui.widgets import ElidedLabel

    text = ElidedLabel("p 7e-39\nsecond")
    text.resize(400, 40)
    assert text.shown_text() == "p 7e-39\nsecond"
    text.resize(text.fontMetrics().horizontalAdvance("p 7e-3") + 2, 40)
    assert text.shown_text().split("\n")[0].endswith("…")
    assert text.text() == "p 7e-39\nsecond"
