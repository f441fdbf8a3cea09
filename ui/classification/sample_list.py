# SPDX-License-Identifier: GPL-3.0-or-later
"""The samples of a cell of the matrix, as a list whose rows go to the map."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ..text import grouped, number, tr
from ..widgets import label
from .model import LandCoverModel

MOST_ROWS = 500  # listed
LINES = 7


class SampleList(QWidget):
    """``picked`` carries the row of the view of a sample that was clicked."""

    picked = pyqtSignal(int)

    def __init__(self) -> None:
        super().__init__()
        self.title = label(tr("Samples of the cell"), bold=True)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Samples of the cell"))
        self.list.setToolTip(tr("Click a sample to see it on the map"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFixedHeight(LINES * (self.fontMetrics().height() + 4))
        self.list.itemClicked.connect(self._clicked)
        self.list.itemActivated.connect(self._clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.title)
        column.addWidget(self.list)

    def show_rows(self, model: LandCoverModel) -> None:
        """List the samples in the chosen cell."""
        rows, view = model.samples_in_cell(), model.view
        self.list.clear()
        if view is None or model.cell is None:
            self.title.setText(tr("Click a cell to see its samples here and on the map."))
            return
        more = tr(" (the first {})").format(MOST_ROWS) if len(rows) > MOST_ROWS else ""
        self.title.setText(tr("Samples of the cell: {}").format(grouped(len(rows))) + more)
        for row in rows[:MOST_ROWS]:
            parts = [tr("polygon {}").format(view.polygon[row])] if view.polygon[row] else []
            parts += [tr("zone {}").format(view.zone[row])] if view.zone[row] else []
            place = f"{number(view.latitude[row], 5)}°, {number(view.longitude[row], 5)}°"
            item = QListWidgetItem(", ".join([*parts, place]))
            item.setData(Qt.ItemDataRole.UserRole, int(row))
            self.list.addItem(item)

    def pick(self, row: int) -> None:
        """Mark a sample as the current one."""
        for place in range(self.list.count()):
            if self.list.item(place).data(Qt.ItemDataRole.UserRole) == row:
                self.list.setCurrentRow(place)

    def _clicked(self, item: QListWidgetItem) -> None:
        self.picked.emit(int(item.data(Qt.ItemDataRole.UserRole)))
