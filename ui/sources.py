# SPDX-License-Identifier: GPL-3.0-or-later
"""The top row of a panel: which table is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from .text import tr
from .widgets import help_button

Choices = Callable[[], Sequence[tuple[str, Callable[[], object]]]]
TABLES = "*.gpkg *.csv *.geojson *.fgb"


@dataclass(frozen=True)
class SourceTexts:
    """What the bar calls its tables: in the empty list, in the tips, and in the file dialog."""

    choose: str
    offered: str
    open: str
    kinds: str


class SourceBar(QWidget):
    """Offers the tables of the project and of files; ``chosen`` carries the source of the one to
    show. ``help_wanted``: the page about the panel.
    """

    chosen = pyqtSignal(str)
    help_wanted = pyqtSignal()

    def __init__(self, texts: SourceTexts) -> None:
        super().__init__()
        self._texts = texts
        self.box = QComboBox()
        self.box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.box.setMinimumContentsLength(10)
        self.box.setPlaceholderText(texts.choose)
        self.box.setToolTip(texts.offered)
        self.open_button = QToolButton()
        self.open_button.setText(tr("Open…"))
        self.open_button.setToolTip(texts.open)
        self.help_button = help_button()
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 4, 4, 0)
        row.addWidget(self.box, 1)
        row.addWidget(self.open_button)
        row.addWidget(self.help_button)
        self.box.activated.connect(lambda _index: self.chosen.emit(self.box.currentData()))
        self.open_button.clicked.connect(lambda _checked=False: self.ask())
        self.help_button.clicked.connect(lambda _checked=False: self.help_wanted.emit())
        self._opened: dict[str, str] = {}
        self._offered: list[tuple[str, str]] = []

    def offer(self, layers: Sequence[tuple[str, str]]) -> None:
        """Offer these (name, source) pairs besides what was opened from files."""
        self._offered = list(layers)
        self._fill(self.box.currentData() or "")

    def show_source(self, source: str, name: str) -> None:
        """Show ``source`` as the current one, under ``name`` unless it is offered already."""
        if source not in [one for _, one in self._offered]:
            self._opened[source] = name
        self._fill(source)

    def keep_source(self, source: str) -> None:
        """Show ``source``, which is among the entries, as the current one again."""
        self._fill(source)

    def add_menu(self, choices: Choices) -> None:
        """More ways to open something than a file: ``choices`` gives (text, action) pairs when
        the menu beside the button is opened.
        """
        menu = QMenu(self.open_button)

        def fill() -> None:
            menu.clear()
            menu.addAction(tr("File…")).triggered.connect(lambda _checked=False: self.ask())
            menu.addSeparator()
            for text, action in choices():
                entry = menu.addAction(text)
                entry.triggered.connect(lambda _checked=False, action=action: action())

        menu.aboutToShow.connect(fill)
        self.open_button.setMenu(menu)
        self.open_button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)

    def ask(self) -> None:
        """Ask for a file."""
        kinds = f"{self._texts.kinds} ({TABLES})"
        path, _ = QFileDialog.getOpenFileName(self, self._texts.open, "", kinds)
        if path:
            self.chosen.emit(path)

    def _fill(self, current: str) -> None:
        self.box.clear()
        offered = {source for _, source in self._offered}
        opened = [(name, source) for source, name in self._opened.items() if source not in offered]
        for name, source in (*self._offered, *opened):
            self.box.addItem(name, source)
        self.box.setCurrentIndex(self.box.findData(current) if current else -1)
