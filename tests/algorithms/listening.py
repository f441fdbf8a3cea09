# SPDX-License-Identifier: GPL-3.0-or-later
"""A feedback for tests: it keeps what the user reads, and cancels where it is asked to."""

from __future__ import annotations

from qgis.core import QgsProcessingFeedback


class Feedback(QgsProcessingFeedback):
    """Collects what the user reads; cancels at a share of the progress where asked to."""

    def __init__(self, cancel_at: float | None = None) -> None:
        super().__init__(False)
        self.lines: list[str] = []
        self.cancel_at = cancel_at

    def pushInfo(self, text: str) -> None:
        self.lines.append(text)

    def pushWarning(self, text: str) -> None:
        self.lines.append(text)

    def setProgress(self, value: float) -> None:
        if self.cancel_at is not None and value >= self.cancel_at:
            self.cancel()
