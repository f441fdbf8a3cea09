# SPDX-License-Identifier: GPL-3.0-or-later
"""The page that asks which columns of a foreign table hold what, with a guess to begin with."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ...core.series.guess import Reading
from ...core.series.long_table import ORDINAL, SeriesColumns
from ...core.table import Table
from ..text import tr
from ..widgets import label

SAMPLE_ROWS, LINE = 4, 1.4
FORMATS = ("", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%d.%m.%Y", "%Y%m%d", "%Y%j", ORDINAL)
SCALES = (1.0, 0.01, 0.001, 0.0001)


class ColumnsPage(QWidget):
    """Signals: ``agreed`` with a ``Reading``, ``left`` where the table is not to be shown."""

    agreed = pyqtSignal(object)
    left = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.title = label(scale=1.15, bold=True)
        self.note = label()
        self.site, self.time, self.band, self.mask = (_box() for _ in range(4))
        self.time_format, self.value, self.scale = (_box(editable=True) for _ in range(3))
        self.clear = QLineEdit()
        self.sample = QTableWidget()
        self.sample.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.sample.setAccessibleName(tr("First rows of the table"))
        self.sample.verticalHeader().hide()
        self.show_button, self.leave_button = QPushButton(tr("Show")), QPushButton(tr("Cancel"))
        self.show_button.setDefault(True)
        self.show_button.clicked.connect(lambda _checked=False: self.agreed.emit(self.reading()))
        self.leave_button.clicked.connect(lambda _checked=False: self.left.emit())
        self._arrange()

    def _arrange(self) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for name, part, tip in (
            (tr("Site"), self.site, tr("Names of the sites")),
            (tr("Time (UTC)"), self.time, tr("Dates or times")),
            (tr("Format of the times"), self.time_format,
             tr("Empty: ISO 8601; a format such as %d/%m/%Y; ordinal: days since the year 1")),
            (tr("Band"), self.band, tr("Names of the bands")),
            (tr("Value"), self.value,
             tr("Reflectance; without a column of bands, the columns of the bands with commas")),
            (tr("Factor to reflectance"), self.scale, tr("0.0001 for integers of 10 000")),
            (tr("Mask"), self.mask, tr("Says which observations are clear")),
            (tr("Clear values of the mask"), self.clear, tr("Separated by commas")),
        ):  # fmt: skip
            part.setToolTip(tip)
            part.setAccessibleName(name)
            form.addRow(name, part)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self.show_button)
        buttons.addWidget(self.leave_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.addWidget(self.title)
        column.addWidget(self.note)
        column.addWidget(self.sample)
        column.addLayout(form)
        column.addLayout(buttons)
        column.addStretch(1)

    def ask(self, table: Table, guess: Reading) -> None:
        """Offer the columns of ``table``, those of ``guess`` chosen."""
        columns, names = guess.columns, list(table.columns)
        self.title.setText(tr("Which columns of {} are which?").format(table.name))
        self.note.setText(tr("The table has names of its own. Check what was guessed from them."))
        one, wide, none = tr("(one site only)"), tr("(a column per band)"), tr("(no mask)")
        _offer(self.site, [(one, ""), *_pairs(names)], columns.site)
        _offer(self.time, _pairs(names), columns.time)
        _offer(self.band, [(wide, ""), *_pairs(names)], columns.band)
        _offer(self.mask, [(none, ""), *_pairs(names)], columns.mask)
        _offer(self.value, _pairs(names), columns.value)
        _offer(self.time_format, _pairs(FORMATS), columns.time_format)
        _offer(self.scale, _pairs([f"{one:g}" for one in SCALES]), f"{guess.scale:g}")
        self.clear.setText(columns.mask_clear)
        self._show_rows(table)

    def _show_rows(self, table: Table) -> None:
        names = list(table.columns)
        rows = min(SAMPLE_ROWS, len(table))
        self.sample.setColumnCount(len(names))
        self.sample.setRowCount(rows)
        self.sample.setHorizontalHeaderLabels(names)
        for place, name in enumerate(names):
            for row in range(rows):
                self.sample.setItem(row, place, QTableWidgetItem(str(table[name][row])))
        self.sample.resizeColumnsToContents()
        line = round(LINE * self.fontMetrics().height())
        self.sample.verticalHeader().setDefaultSectionSize(line)
        head = self.sample.horizontalHeader().sizeHint().height()
        bar = self.sample.horizontalScrollBar().sizeHint().height()
        self.sample.setFixedHeight(head + rows * line + bar + 2 * self.sample.frameWidth())

    def reading(self) -> Reading:
        """What is chosen now."""
        try:
            scale = float(self.scale.currentText().replace(",", "."))
        except ValueError:
            scale = 1.0
        return Reading(
            SeriesColumns(
                site=str(self.site.currentData()),
                time=str(self.time.currentData()),
                band=str(self.band.currentData()),
                value=self.value.currentText().strip(),
                mask=str(self.mask.currentData()),
                mask_clear=self.clear.text(),
                time_format=self.time_format.currentText().strip(),
            ),
            scale if scale > 0.0 else 1.0,
        )


def _box(editable: bool = False) -> QComboBox:
    box = QComboBox()
    box.setEditable(editable)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(10)
    return box


def _pairs(names: Sequence[str]) -> list[tuple[str, str]]:
    return [(name, name) for name in names]


def _offer(box: QComboBox, entries: Sequence[tuple[str, str]], chosen: str) -> None:
    box.clear()
    for text, name in entries:
        box.addItem(text, name)
    place = box.findData(chosen, Qt.ItemDataRole.UserRole)
    box.setCurrentIndex(place)
    if box.isEditable():
        box.setEditText(chosen)
