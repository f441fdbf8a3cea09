# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of anomalies: date, site, type, size, chance, and what an expert says."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    Qt,
    pyqtSignal,
)
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ...core.anomalies.labels import ALL_TYPES
from ..text import tr
from ..theme import theme_of
from ..widgets import label
from .model import Anomaly, SeriesModel
from .names import amplitude_text, type_color, type_name, verdict_name
from .readout import chance, sureness

COLUMNS = ("date", "site", "type", "amplitude", "confidence", "p", "verdict")


class EventsModel(QAbstractTableModel):
    """The anomalies of the model as Qt's views want them."""

    def __init__(self, model: SeriesModel) -> None:
        super().__init__()
        self._model = model
        self.events: list[Anomaly] = []
        self.colors: dict[str, QColor] = {}

    def renew(self) -> None:
        """The anomalies may be others."""
        self.beginResetModel()
        self.events = self._model.anomalies()
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """How many anomalies there are."""
        return 0 if parent is not None and parent.isValid() else len(self.events)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        """How many columns there are."""
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Any, role: int = 0) -> Any:
        """Names of the columns."""
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        return _heads()[section]

    def data(self, index: QModelIndex, role: int = 0) -> Any:
        """Text and color of a cell."""
        event, column = self.events[index.row()], COLUMNS[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._text(event, column)
        if role == Qt.ItemDataRole.DecorationRole and column == "type":
            return self.colors.get(event.type)
        return None

    def _text(self, event: Anomaly, column: str) -> str:
        found = self._model.detection(event.site)
        if column == "date":
            return str(event.time.astype("datetime64[D]"))
        if column == "site":
            return event.site
        if column == "type":
            return type_name(event.type)
        if column == "amplitude":
            return amplitude_text(found, event.row)
        if column == "confidence":
            return sureness(float(found.confidence[event.row]))
        if column == "p":
            return chance(float(found.p_value[event.row]))
        return verdict_name(str(self._model.entries[event.site].verdict[event.row]))


class EventList(QWidget):
    """The list with its filter by type. Signals: ``picked`` (site, row), ``selected`` with several
    (site, row) pairs, ``filtered``.
    """

    selected = pyqtSignal(list)
    picked = pyqtSignal(str, int)
    filtered = pyqtSignal()

    def __init__(self, model: SeriesModel) -> None:
        super().__init__()
        self._model = model
        self.rows = EventsModel(model)
        self.title = label(bold=True)
        self.view = QTableView()
        self.view.setModel(self.rows)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.verticalHeader().hide()
        self.view.setWordWrap(False)
        self.view.setAccessibleName(tr("Anomalies"))
        header = self.view.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        self.filter_button = self._filter()
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.filter_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.addLayout(head)
        column.addWidget(self.view, 1)
        self.view.clicked.connect(self._clicked)

    def _filter(self) -> QToolButton:
        button = QToolButton()
        button.setText(tr("Types"))
        button.setToolTip(tr("Which types are shown, here and in the plots"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        self.actions_by_type = {}
        for kind in ALL_TYPES:
            action = menu.addAction(type_name(kind))
            action.setCheckable(True)
            action.setChecked(True)
            action.toggled.connect(lambda on, kind=kind: self._toggle(kind, on))
            self.actions_by_type[kind] = action
        menu.addSeparator()
        menu.addAction(tr("All types")).triggered.connect(lambda _checked=False: self.show_all())
        button.setMenu(menu)
        return button

    def show_all(self) -> None:
        """Show every type."""
        for action in self.actions_by_type.values():
            action.setChecked(True)

    def _toggle(self, kind: str, on: bool) -> None:
        self._model.types = self._model.types | {kind} if on else self._model.types - {kind}
        self.filtered.emit()

    def draw(self) -> None:
        """Show the anomalies of the model."""
        theme = theme_of(self.palette())
        self.rows.colors = {kind: type_color(kind, theme) for kind in ALL_TYPES}
        for kind, action in self.actions_by_type.items():
            action.blockSignals(True)
            action.setChecked(kind in self._model.types)
            action.blockSignals(False)
        self.rows.renew()
        hidden = len(ALL_TYPES) - len(self._model.types)
        count = len(self.rows.events)
        text = tr("{} anomalies").format(count) if count != 1 else tr("1 anomaly")
        self.title.setText(f"{text} · " + tr("{} types hidden").format(hidden) if hidden else text)
        several = len(self._model.shown) > 1
        self.view.setColumnHidden(COLUMNS.index("site"), not several)
        self.choose()

    def choose(self) -> None:
        """Select the dates that are selected, or else the one that is looked at."""
        wanted = set(self._model.judged_dates())
        places = [i for i, one in enumerate(self.rows.events) if (one.site, one.row) in wanted]
        chosen = QItemSelection()
        for place in places:
            chosen.select(self.rows.index(place, 0), self.rows.index(place, len(COLUMNS) - 1))
        self.view.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if places:
            self.view.scrollTo(self.rows.index(places[0], 0))

    def _clicked(self, index: QModelIndex) -> None:
        rows = sorted({one.row() for one in self.view.selectionModel().selectedRows()})
        events = [self.rows.events[row] for row in rows]
        if len(events) > 1:
            self.selected.emit([(one.site, one.row) for one in events])
            return
        event = self.rows.events[index.row()]
        self.picked.emit(event.site, event.row)


def _heads() -> list[str]:
    return [
        tr("Date"), tr("Site"), tr("Type"), tr("Amplitude"), tr("Confidence"), tr("p"),
        tr("Verdict"),
    ]  # fmt: skip
