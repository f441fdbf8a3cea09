# SPDX-License-Identifier: GPL-3.0-or-later
"""The line over the plots of a panel: a sentence, and a button while something is being read."""

from __future__ import annotations

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QHBoxLayout, QToolButton, QWidget

from .text import tr
from .widgets import label


class Notice(QWidget):
    """Hidden without a sentence. Signal ``stopped``: what is being read is not wanted any more."""

    stopped = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self._label = label()
        self.button = QToolButton()
        self.button.setText(tr("Cancel"))
        self.button.setToolTip(tr("Stop reading; what is shown stays"))
        self.button.clicked.connect(lambda _checked=False: self.stopped.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 4, 0)
        row.addWidget(self._label, 1)
        row.addWidget(self.button)
        self.say("")

    def text(self) -> str:
        """The sentence, "" for none."""
        return str(self._label.text())

    def say(self, sentence: str, reading: bool = False) -> None:
        """Show a sentence, with the button while something is ``reading``; "" takes it away."""
        self._label.setText(sentence)
        self.button.setVisible(reading)
        self.setVisible(bool(sentence))
