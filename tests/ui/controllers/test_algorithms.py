# SPDX-License-Identifier: GPL-3.0-or-later
"""Algorithms that are started by their id."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import pytest


def test_algorithm_that_cannot_start_is_told(
    app: Any, calval_provider: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from calval_toolbox.ui.controllers.algorithms import AlgorithmRunner
    from calval_toolbox.ui.example import Step

    runner = AlgorithmRunner()

    def told(step: Step) -> list[str]:
        failed: list[str] = []
        runner.run(step, lambda: failed.append("done"), failed.append)
        end = time.monotonic() + 60
        while not failed and time.monotonic() < end:
            app.processEvents()
            time.sleep(0.01)
        return failed

    step = Step("calval:catalogproducts", {"FOLDERS": [str(tmp_path / "absent")]})
    assert told(step) not in ([], ["done"])
    monkeypatch.setitem(sys.modules, "defusedxml", None)
    assert "Missing Python package: defusedxml" in told(step)[0]


def test_algorithm_whose_preparation_fails_is_told(
    app: Any, calval_provider: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """QGIS cancels such a task before it is queued, and never reports back."""
    from qgis.core import QgsApplication

    from calval_toolbox.ui.controllers.algorithms import AlgorithmRunner
    from calval_toolbox.ui.example import Step

    def refuse(self: Any, parameters: Any, context: Any, feedback: Any) -> bool:
        feedback.reportError("not prepared")
        return False

    name = "calval:catalogproducts"
    kind = type(QgsApplication.processingRegistry().algorithmById(name))
    monkeypatch.setattr(kind, "prepareAlgorithm", refuse, raising=False)
    runner, failed = AlgorithmRunner(), []
    runner.run(Step(name, {"FOLDERS": ["absent"]}), lambda: failed.append("done"), failed.append)
    end = time.monotonic() + 60
    while not failed and time.monotonic() < end:
        app.processEvents()
        time.sleep(0.01)
    assert failed == ["not prepared"]
