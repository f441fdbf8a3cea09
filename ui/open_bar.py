# SPDX-License-Identifier: GPL-3.0-or-later
"""The top row of panels that files are opened in: a summary, what can be opened, and help."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QToolButton, QWidget

from .text import tr
from .widgets import ElidedLabel, help_button


class OpenBar(QWidget):
    """``entries``: texts of the menu of the button *Open…*, and what they do; ``tip``: what the
    button says of them. Signal: ``help_wanted``.
    """

    help_wanted = pyqtSignal()

    def __init__(self, tip: str, entries: Sequence[tuple[str, Callable[[], None]]]) -> None:
        super().__init__()
        self.summary = ElidedLabel()
        self.open_button = QToolButton()
        self.open_button.setText(tr("Open…"))
        self.open_button.setToolTip(tip)
        self.open_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.open_button)
        for text, ask in entries:
            action = menu.addAction(text)
            action.triggered.connect(lambda _checked=False, ask=ask: ask())
        self.open_button.setMenu(menu)
        self.help_button = help_button()
        self.help_button.clicked.connect(lambda _checked=False: self.help_wanted.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 4, 4, 0)
        row.addWidget(self.summary, 1)
        row.addWidget(self.open_button)
        row.addWidget(self.help_button)

    def ask_files(self, title: str, kind: str, signal: Any) -> None:
        """Ask for files of a ``kind`` (a filter of the dialog); ``signal`` carries their paths."""
        paths, _ = QFileDialog.getOpenFileNames(self, title, "", filters(kind))
        if paths:
            signal.emit(paths)


def filters(kind: str) -> str:
    """The filters of a dialog: files of a ``kind``, or all."""
    return ";;".join((kind, tr("All files (*)")))
