# SPDX-License-Identifier: GPL-3.0-or-later
"""Processing algorithms started by their id, in the background."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeedback,
)
from qgis.PyQt.QtCore import QObject, QTimer

from ..example import Step
from ..text import tr
from .common import log


class AlgorithmRunner(QObject):
    """Runs Processing algorithms by their id in QGIS's task manager, one at a time."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: tuple[Any, ...] = ()

    def run(self, step: Step, done: Callable[[], None], failed: Callable[[str], None]) -> None:
        """Start ``step``; ``failed`` gets the last line of its log."""
        algorithm = QgsApplication.processingRegistry().createAlgorithmById(step.algorithm)
        if algorithm is None:
            failed(tr("{} is not in the toolbox").format(step.algorithm))
            return
        able, why = algorithm.canExecute()
        if not able:
            failed(why)
            return
        context, feedback = QgsProcessingContext(), QgsProcessingFeedback()
        task = QgsProcessingAlgRunnerTask(algorithm, step.parameters, context, feedback)

        def executed(good: bool, _results: Any) -> None:
            log(feedback.textLog())
            lines = feedback.textLog().strip().splitlines() or [step.algorithm]
            # The task still stands on the stack: what follows starts when it has left it.
            QTimer.singleShot(0, done if good else lambda: failed(lines[-1]))

        if task.isCanceled():  # its preparation failed: it never runs, and never reports back
            executed(False, {})
            return
        task.executed.connect(executed)
        # The task holds none of them, and Python would take them away while it runs.
        self._kept = (algorithm, context, feedback, task)
        QgsApplication.taskManager().addTask(task)
