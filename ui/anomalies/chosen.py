# SPDX-License-Identifier: GPL-3.0-or-later
"""The bar under the plots: the date that is looked at, the way to the next, and the verdict."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from ...core.anomalies.labels import ALL_TYPES
from ...core.anomalies.tables import CONFIRMED, REJECTED
from ..text import tr
from ..widgets import ElidedLabel
from .model import SeriesModel
from .names import type_name
from .readout import state_text


class ChosenBar(QWidget):
    """Signals: ``stepped`` (1 next, -1 previous), ``judged`` with a verdict ("" takes it back),
    ``forgotten`` (nothing is to be selected any more).
    """

    forgotten = pyqtSignal()

    stepped = pyqtSignal(int)
    judged = pyqtSignal(str)

    def __init__(self, model: SeriesModel) -> None:
        super().__init__()
        self._model = model
        self.previous = _button("◀", tr("Previous anomaly (key P)"))
        self.next = _button("▶", tr("Next anomaly (key N)"))
        self.text = ElidedLabel()
        self.confirm = _button(tr("Confirm"), tr("The anomaly is real and its type is right"))
        self.reject = _button(tr("Reject"), tr("There is no anomaly"))
        self.other = _button(tr("Other"), tr("The date has an anomaly of another type"))
        self.other.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.other)
        for kind in ALL_TYPES:
            action = menu.addAction(type_name(kind))
            action.triggered.connect(lambda _checked=False, kind=kind: self.judged.emit(kind))
        menu.addSeparator()
        menu.addAction(tr("Take the verdict back")).triggered.connect(
            lambda _checked=False: self.judged.emit("")
        )
        self.other.setMenu(menu)
        self.clear = _button("✕", tr("Forget the selection (Escape)"))
        self.clear.clicked.connect(lambda _checked=False: self.forgotten.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 4, 4)
        for part in (self.previous, self.next):
            row.addWidget(part)
        row.addWidget(self.text, 1)
        row.addWidget(self.clear)
        for part in (self.confirm, self.reject, self.other):
            row.addWidget(part)
        self.previous.clicked.connect(lambda _checked=False: self.stepped.emit(-1))
        self.next.clicked.connect(lambda _checked=False: self.stepped.emit(1))
        self.confirm.clicked.connect(lambda _checked=False: self.judged.emit(CONFIRMED))
        self.reject.clicked.connect(lambda _checked=False: self.judged.emit(REJECTED))
        self.draw()

    def draw(self) -> None:
        """Say what is looked at."""
        chosen = self._model.chosen
        selection = self._model.selection
        self.clear.setVisible(bool(selection))
        for part in (self.confirm, self.reject, self.other):
            part.setEnabled(bool(self._model.judged_dates()))
        there = bool(self._model.entries) and bool(self._model.anomalies())
        for part in (self.previous, self.next):
            part.setEnabled(there)
        if selection:
            text = _selection_text(selection)
            self.text.setText(text)
            self.text.setToolTip(text)
            return
        if chosen is None:
            count = len(self._model.anomalies()) if self._model.entries else 0
            text = tr("Click a date, or go through {} anomalies").format(count)
            self.text.setText(text if count else tr("Click a date to look at it"))
            self.text.setToolTip("")
            return
        site, row = chosen
        day = str(self._model.series(site).times[row].astype("datetime64[D]"))
        text = f"{day} · {site} · {state_text(self._model, site, row)}"
        self.text.setText(text)
        self.text.setToolTip(text)


def _selection_text(selection: Sequence[tuple[str, int]]) -> str:
    sites = list(dict.fromkeys(site for site, _ in selection))
    dates = tr("1 date selected") if len(selection) == 1 else tr("{} dates selected")
    where = ", ".join(sites) if len(sites) < 4 else tr("{} sites").format(len(sites))
    return f"{dates.format(len(selection))} · {where} · " + tr("a verdict is for all of them")


def _button(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    return button
