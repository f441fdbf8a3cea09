# SPDX-License-Identifier: GPL-3.0-or-later
"""The science talks to a small protocol; this is its QGIS end."""

from __future__ import annotations

from qgis.core import QgsProcessingFeedback


class FeedbackProgress:
    """``core.progress.Progress`` on top of a Processing feedback."""

    def __init__(self, feedback: QgsProcessingFeedback) -> None:
        self._feedback = feedback
        self._text = ""
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
        return bool(self._feedback.isCanceled())
