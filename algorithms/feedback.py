# SPDX-License-Identifier: GPL-3.0-or-later
"""The science talks to a small protocol; this is its QGIS end."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from qgis import utils
from qgis.core import QgsProcessingFeedback
from qgis.PyQt.QtCore import QCoreApplication, QThread

_LISTEN_S = 0.2


class FeedbackProgress:
    """``core.progress.Progress`` on top of a Processing feedback."""

    def __init__(self, feedback: QgsProcessingFeedback) -> None:
        self._feedback = feedback
        self._text = ""
        self._heard = 0.0
        self._headless = _headless()
        self._terminated = False
        self.done = 0.0

    def report(self, fraction: float, text: str = "") -> None:
        """Show ``fraction`` (0 to 1) on the progress bar, and ``text`` where it changed.

        A share below what was shown already is not shown: the bar never goes back.
        """
        self.done = max(self.done, fraction)
        self._feedback.setProgress(100.0 * self.done)
        if text and text != self._text:
            self._text = text
            self._feedback.setProgressText(text)

    def info(self, text: str) -> None:
        """A line in the log."""
        self._feedback.pushInfo(text)

    def warn(self, text: str) -> None:
        """A highlighted line in the log."""
        self._feedback.pushWarning(text)

    def canceled(self) -> bool:
        """Whether the user pressed Cancel (or interrupted the headless command)."""
        self._listen()
        return self._terminated or bool(self._feedback.isCanceled())

    @contextmanager
    def heeding_termination(self) -> Iterator[None]:
        """While the block runs headless, a request to end the process (SIGTERM) cancels the run, so
        that nothing half-written is left; elsewhere it does what it always does.
        """
        if not self._headless or threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.signal(signal.SIGTERM, lambda *_: self._terminate())
        try:
            yield
        finally:
            signal.signal(signal.SIGTERM, signal.SIG_DFL if before is None else before)

    def _terminate(self) -> None:
        self._terminated = True

    def _listen(self) -> None:
        """Let a headless QGIS hear an interrupt: it runs the work in its only thread, and without
        a moment for its own events it would go on to the end.
        """
        now = monotonic()
        if not self._headless or now - self._heard < _LISTEN_S:
            return
        self._heard = now
        QCoreApplication.processEvents()


def is_command() -> bool:
    """Whether this process is the command ``qgis_process``."""
    return Path(QCoreApplication.applicationFilePath()).name.startswith("qgis_process")


def _headless() -> bool:
    """Whether there is no window, and this is the main thread."""
    application = QCoreApplication.instance()
    if utils.iface is not None or application is None:
        return False
    return bool(application.thread() == QThread.currentThread())
