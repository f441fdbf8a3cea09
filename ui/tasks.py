# SPDX-License-Identifier: GPL-3.0-or-later
"""Work in the background: widgets ask a runner, and which runner it is depends on where they live.

Inside QGIS it is a ``QgsTask`` (in the task manager, with its progress and cancel button); without
QGIS, as in tests and scripts, the work is done at once.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Event
from typing import Any, Protocol

from qgis.PyQt.QtCore import QObject, QTimer

from ..core.errors import CalValError, Canceled
from ..core.progress import Progress, Silent
from .text import tr

LONGEST_WAIT_S = 3.0
Work = Callable[[Progress], Any]
Done = Callable[[Any], None]
Failed = Callable[[Exception], None]


class Runner(Protocol):
    """Runs ``work`` somewhere and calls ``done`` or ``failed`` in the thread of the widgets."""

    def run(self, title: str, work: Work, done: Done, failed: Failed) -> None:
        """Start ``work(progress)``; its result goes to ``done``, what it raises to ``failed``."""

    def log(self, text: str) -> None:
        """A line for those who look for the cause of a fault."""

    def cancel(self) -> None:
        """Ask everything that runs to stop; neither ``done`` nor ``failed`` is called for it. What
        somebody stops in QGIS's task manager instead goes to ``failed``, as ``Canceled``.
        """


class InlineRunner:
    """Does the work at once, in the calling thread."""

    def run(self, title: str, work: Work, done: Done, failed: Failed) -> None:
        """Do ``work`` now. Errors that are no ``CalValError`` are bugs and pass through."""
        try:
            result = work(Silent())
        except CalValError as error:
            failed(error)
            return
        done(result)

    def log(self, text: str) -> None:
        """Without QGIS there is no other log than that of Python."""
        logging.getLogger(__name__).error(text)

    def cancel(self) -> None:
        """Nothing can be running."""


class TaskProgress:
    """The progress of a computation, shown by a ``QgsTask``."""

    def __init__(self, task: Any, log: Callable[[str], None]) -> None:
        self._task, self.info, self.warn = task, log, log

    def report(self, fraction: float, text: str = "") -> None:
        """Show ``fraction`` (0 to 1) in the task manager."""
        self._task.setProgress(100.0 * fraction)

    def canceled(self) -> bool:
        """Whether the task was canceled."""
        return bool(self._task.isCanceled())


class TaskRunner:
    """Runs work in QGIS's task manager.

    ``from_function``: ``QgsTask.fromFunction``; ``manager``: ``QgsApplication.taskManager()``;
    ``log``: where lines for the log go. They are handed in so that this module does not import
    QGIS.
    """

    def __init__(self, from_function: Any, manager: Any, log: Callable[[str], None]) -> None:
        self._from_function, self._manager, self._log = from_function, manager, log
        self._running: list[Any] = []
        self._dropped: list[Any] = []
        self._at_work: list[Event] = []

    def run(self, title: str, work: Work, done: Done, failed: Failed) -> None:
        """Queue ``work`` as a task called ``title``."""

        def finished(error: Exception | None, result: Any = None) -> None:
            dropped = any(one is task for one in self._dropped)
            for tasks in (self._running, self._dropped):
                tasks[:] = [one for one in tasks if one is not task]
            if dropped:
                return
            if error is None:
                done(result[0])
            else:
                canceled = isinstance(error, Canceled) or task.isCanceled()
                failed(Canceled(tr("Canceled.")) if canceled else error)

        task = self._from_function(
            # QGIS asks whether the result is true, which an array does not answer: it is packed.
            title,
            lambda own: [self._work(work, TaskProgress(own, self._log))],
            on_finished=finished,
        )
        self._running.append(task)
        self._manager.addTask(task)

    def _work(self, work: Work, progress: Progress) -> Any:
        """Do ``work``, and tell when it has ended: QGIS says so only later, to its main thread."""
        ended = Event()
        self._at_work.append(ended)
        try:
            return work(progress)
        finally:
            self._at_work.remove(ended)
            ended.set()

    def close(self) -> None:
        """Cancel all tasks, and wait for those at work: when QGIS ends, no thread may be inside of
        Python any more.
        """
        self.cancel()
        until = time.monotonic() + LONGEST_WAIT_S
        for ended in tuple(self._at_work):
            ended.wait(max(0.0, until - time.monotonic()))

    def log(self, text: str) -> None:
        """A line in QGIS's log."""
        self._log(text)

    def cancel(self) -> None:
        """Cancel all tasks of this runner."""
        self._dropped += [one for one in self._running if one not in self._dropped]
        for task in tuple(self._running):
            task.cancel()


class LatestAnswers:
    """Asks ``runner`` questions of several kinds; an answer to a question that has passed, because
    another one of its kind was asked or it was forgotten, is dropped.
    """

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._asked: dict[str, int] = {}

    def forget(self, *kinds: str) -> None:
        """Drop what is on its way of these kinds; all without a name."""
        for kind in kinds or tuple(self._asked):
            self._asked[kind] = self._asked.get(kind, 0) + 1

    def run(self, kind: str, title: str, work: Work, done: Done, failed: Failed) -> None:
        """As the runner's ``run``, in place of what was asked of this kind before."""
        self.forget(kind)
        mine = self._asked[kind]
        self._runner.run(
            title, work,
            lambda found: done(found) if self._asked[kind] == mine else None,
            lambda error: failed(error) if self._asked[kind] == mine else None,
        )  # fmt: skip


def single_shot(milliseconds: int, action: Callable[[], None], owner: QObject) -> QTimer:
    """A timer that does ``action`` once when nobody has started it anew for so long; it ends with
    its ``owner``.
    """
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(action)
    return timer
