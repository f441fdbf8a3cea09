# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands beside the plots: models, line, difference, pair and run; of each page its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ...core.dem.matching.match import MATCHERS
from ..check_list import CheckList
from ..names import track_color
from ..text import tr
from ..widgets import choice_box, label
from .model import ElevationModel

MODEL_LINES = 6
LARGEST = 1_000_000  # pixels of an image
SHOWN_MATCHERS = MATCHERS[:2]  # OpenCV's tells no costs


class ElevationControls(QWidget):
    """Signals: ``checked`` (paths of models), ``line`` (whether one is to be drawn), ``cleared``
    (the line), ``compared`` (model, reference), ``paired`` (both images), ``picking`` (whether a
    click on the map is wanted), ``pixel`` (column, row), ``matching`` (settings are others),
    ``folder`` (of a run), ``copy``.
    """

    checked = pyqtSignal(list)
    line = pyqtSignal(bool)
    cleared = pyqtSignal()
    compared = pyqtSignal(str, str)
    paired = pyqtSignal(str, str)
    picking = pyqtSignal(bool)
    pixel = pyqtSignal(int, int)
    matching = pyqtSignal()
    folder = pyqtSignal(str)
    copy = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.parts = {
            "profile": self._profile(), "differences": self._differences(),
            "match": self._match(), "tiles": self._tiles(),
        }  # fmt: skip
        self.copy_button = QPushButton(tr("Copy as command"))
        self.copy_button.setToolTip(tr("Copy the qgis_process line that reproduces what is shown"))
        self.copy_button.clicked.connect(lambda _checked=False: self.copy.emit())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for part in self.parts.values():
            column.addWidget(part)
        column.addWidget(self.copy_button)
        column.addStretch()

    def _profile(self) -> QWidget:
        self.model_list = CheckList(
            tr("Elevation models"), tr("The models whose heights are drawn; six at most"),
            MODEL_LINES,
        )  # fmt: skip
        self.line_button = _tool(
            tr("Draw line"),
            tr("Click along a line on the map; a right click or a double click ends it"), True,
        )  # fmt: skip
        self.clear_button = _tool(tr("Clear"), tr("Take the line away"))
        self.model_list.checked_changed.connect(self.checked)
        self.line_button.toggled.connect(self.line)
        self.clear_button.clicked.connect(lambda _checked=False: self.cleared.emit())
        head = QHBoxLayout()
        head.addWidget(label(tr("Elevation models"), wrap=False, bold=True), 1)
        head.addWidget(self.line_button)
        head.addWidget(self.clear_button)
        return _stacked(head, self.model_list)

    def _differences(self) -> QWidget:
        self.model_box = choice_box(tr("Model"), tr("From its heights the reference is taken off"))
        self.reference_box = choice_box(
            tr("Reference"), tr("What the model is compared with; slopes are its own")
        )
        self.swap_button = _tool(tr("Swap"), tr("Make the model the reference"))
        for box in (self.model_box, self.reference_box):
            box.activated.connect(lambda _index: self._compare())
        self.swap_button.clicked.connect(lambda _checked=False: self._swap())
        head = QHBoxLayout()
        head.addWidget(label(tr("Difference"), wrap=False, bold=True), 1)
        head.addWidget(self.swap_button)
        form = _form((tr("Model"), self.model_box), (tr("Reference"), self.reference_box))
        return _stacked(head, form)

    def _match(self) -> QWidget:
        self.first_box = choice_box(tr("First image"), tr("The image whose pixel is matched"))
        self.second_box = choice_box(tr("Second image"), tr("The image that is searched"))
        self.column_box, self.row_box = (
            _pixel_box(name, tip)
            for name, tip in (
                (tr("Column"), tr("Column of the pixel in the first image, from 0")),
                (tr("Row"), tr("Row of the pixel in the first image, from 0")),
            )
        )
        self.matcher_box = choice_box(tr("Steps"), tr("How far disparities are apart"))
        names = (tr("1 pixel"), tr("half a pixel"))
        for text, name in zip(names, SHOWN_MATCHERS, strict=True):
            self.matcher_box.addItem(text, name)
        self.whole_box = QCheckBox(tr("All heights"))
        self.whole_box.setToolTip(
            tr("Search all heights of the pair, not only those that a coarse match found here")
        )
        self.pick_button = _tool(
            tr("On map"), tr("Click a place on the map to see how it is matched"), True
        )
        for box in (self.first_box, self.second_box):
            box.activated.connect(
                lambda _index: self.paired.emit(
                    self.first_box.currentData() or "", self.second_box.currentData() or ""
                )
            )
        for spin in (self.column_box, self.row_box):
            spin.valueChanged.connect(
                lambda _value: self.pixel.emit(self.column_box.value(), self.row_box.value())
            )
        self.matcher_box.activated.connect(lambda _index: self.matching.emit())
        self.whole_box.toggled.connect(lambda _on: self.matching.emit())
        self.pick_button.toggled.connect(self.picking)
        head = QHBoxLayout()
        head.addWidget(label(tr("Stereo pair"), wrap=False, bold=True), 1)
        head.addWidget(self.pick_button)
        form = _form(
            (tr("First image"), self.first_box), (tr("Second image"), self.second_box),
            (tr("Column, row"), _beside(self.column_box, self.row_box)),
            (tr("Steps"), _beside(self.matcher_box, self.whole_box)),
        )  # fmt: skip
        return _stacked(head, form)

    def _tiles(self) -> QWidget:
        self.run_box = choice_box(tr("Run"), tr("Folders of tiles, that of the latest run first"))
        self.run_box.activated.connect(lambda _index: self.folder.emit(self.run_box.currentData()))
        return _stacked(label(tr("Run"), wrap=False, bold=True), self.run_box)

    def show_parts(self, names: Sequence[str]) -> None:
        """Show the controls of these pages, and hide those of others."""
        for name, part in self.parts.items():
            part.setVisible(name in names)
        self.copy_button.setVisible("tiles" not in names)

    def show_model(self, model: ElevationModel, dark: bool) -> None:
        """Show what ``model`` holds, without signals."""
        shown = model.shown()
        colors = {path: track_color(place, dark) for place, path in enumerate(shown)}
        self.model_list.offer([(name, path) for path, name in model.dems.items()], shown, colors)
        _fill(self.model_box, model.dems, model.model)
        _fill(self.reference_box, model.dems, model.reference)
        _fill(self.first_box, model.images, model.pair[0])
        _fill(self.second_box, model.images, model.pair[1])
        self.matcher_box.setCurrentIndex(max(0, self.matcher_box.findData(model.matcher)))
        self.clear_button.setEnabled(model.line is not None)
        self.whole_box.blockSignals(True)
        self.whole_box.setChecked(model.whole_range)
        self.whole_box.blockSignals(False)
        if model.pixel is not None:
            for box, value in zip((self.column_box, self.row_box), model.pixel, strict=True):
                box.blockSignals(True)
                box.setValue(round(value))
                box.blockSignals(False)

    def show_runs(self, folders: Sequence[str], chosen: str) -> None:
        """Offer folders of tiles."""
        entries = {one: f"{Path(one).parent.name}/{Path(one).name}" for one in folders}
        if chosen and chosen not in entries:
            entries[chosen] = Path(chosen).name
        _fill(self.run_box, entries, chosen)

    def _compare(self) -> None:
        self.compared.emit(
            self.model_box.currentData() or "", self.reference_box.currentData() or ""
        )

    def _swap(self) -> None:
        self.compared.emit(
            self.reference_box.currentData() or "", self.model_box.currentData() or ""
        )


def _tool(text: str, tip: str, checkable: bool = False) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setCheckable(checkable)
    return button


def _pixel_box(name: str, tip: str) -> QSpinBox:
    box = QSpinBox()
    box.setRange(0, LARGEST)
    box.setKeyboardTracking(False)
    box.setAccessibleName(name)
    box.setToolTip(tip)
    return box


def _beside(*widgets: QWidget) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch()
    return made


def _form(*rows: tuple[str, QWidget]) -> QFormLayout:
    form = QFormLayout()
    form.setContentsMargins(0, 0, 0, 0)
    for name, widget in rows:
        form.addRow(name, widget)
    return form


def _stacked(*parts: object) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    for part in parts:
        if isinstance(part, QWidget):
            column.addWidget(part)
        else:
            column.addLayout(part)
    return made


def _fill(box: QComboBox, entries: Mapping[str, str], chosen: str) -> None:
    box.clear()
    for path, name in entries.items():
        box.addItem(name, path)
    box.setCurrentIndex(box.findData(chosen) if chosen else -1)
