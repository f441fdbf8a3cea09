# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands beside the plots: files, classes, samples of a cell; of each page its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ...core.classification.views.sample_view import SIDES
from ...core.io.land_cover_layers import CLASSES, CONFIDENCE, DAYS, STACK
from ..check_list import CheckList
from ..text import tr
from ..widgets import choice_box, label
from .model import SAMPLES, SECOND, LandCoverModel
from .sample_list import SampleList

CLASS_LINES = 5
BAND, FIELD, SIDE, MODEL = "band", "field", "side", "model"
PAGES = {
    "signature": (SAMPLES, FIELD, STACK, BAND, DAYS, CLASSES, CONFIDENCE),
    "confusion": (SAMPLES, FIELD, CLASSES, SIDE),
    "validation": (MODEL,),
    "comparison": (CLASSES, SECOND),
}  # the rows of the form, by page


class LandCoverControls(QWidget):
    """Signals: ``chosen`` (kind, source), ``second`` (map), ``field`` and ``band`` (names),
    ``side`` (of the samples), ``classifier`` (path), ``checked`` (labels), ``picking`` (whether a
    click on the map is wanted), ``percents``, ``cleared`` (no cell), ``sample`` (row), ``copy``.
    """

    chosen = pyqtSignal(str, str)
    second = pyqtSignal(str)
    field = pyqtSignal(str)
    band = pyqtSignal(str)
    side = pyqtSignal(str)
    classifier = pyqtSignal(str)
    checked = pyqtSignal(list)
    picking = pyqtSignal(bool)
    percents = pyqtSignal(bool)
    cleared = pyqtSignal()
    sample = pyqtSignal(int)
    copy = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.boxes: dict[str, QComboBox] = {}
        self._rows: dict[str, tuple[QWidget, QWidget]] = {}
        self.samples = SampleList()
        self.samples.picked.connect(self.sample)
        self.class_list = CheckList(
            tr("Classes"),
            tr("The classes whose signatures are drawn; twelve at most"),
            CLASS_LINES,
            flow=True,
        )
        self.class_list.checked_changed.connect(self.checked)
        self.class_title = label(tr("Classes"), wrap=False, bold=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._head())
        column.addLayout(self._form())
        column.addWidget(self.percent_box)
        for part in (self.class_title, self.class_list, self.samples):
            column.addWidget(part)
        self.copy_button = QPushButton(tr("Copy as command"))
        self.copy_button.setToolTip(tr("Copy the qgis_process line that makes what is shown"))
        self.copy_button.clicked.connect(lambda _checked=False: self.copy.emit())
        column.addWidget(self.copy_button)
        column.addStretch()

    def _head(self) -> QHBoxLayout:
        self.pick_button = _tool(
            tr("On map"),
            tr("Click a place on the map: its pixel, the nearest sample, or its pair of classes"),
        )
        self.pick_button.setCheckable(True)
        self.pick_button.toggled.connect(self.picking)
        self.clear_button = _tool(tr("Clear"), tr("Choose no cell, and take the marks off the map"))
        self.clear_button.clicked.connect(lambda _checked=False: self.cleared.emit())
        self.percent_box = QCheckBox(tr("Percent by row"))
        self.percent_box.setToolTip(tr("Percent of the class of the row instead of numbers"))
        self.percent_box.toggled.connect(self.percents)
        head = QHBoxLayout()
        head.addWidget(label(tr("What is shown"), wrap=False, bold=True), 1)
        head.addWidget(self.clear_button)
        head.addWidget(self.pick_button)
        return head

    def _form(self) -> QGridLayout:
        form = QGridLayout()  # one that leaves no room for rows that are hidden
        form.setColumnStretch(1, 1)
        form.setContentsMargins(0, 0, 0, 0)
        for row, (key, name, tip) in enumerate(_entries()):
            box, head = choice_box(name, tip), label(name, wrap=False)
            head.setBuddy(box)
            form.addWidget(head, row, 0)
            form.addWidget(box, row, 1)
            self.boxes[key], self._rows[key] = box, (head, box)
            box.activated.connect(lambda _index, key=key: self._activated(key))
        for side, text in zip(SIDES, (tr("test"), tr("training"), tr("all")), strict=True):
            self.boxes[SIDE].addItem(text, side)
        return form

    def _activated(self, key: str) -> None:
        value = str(self.boxes[key].currentData() or "")
        signals = {
            SECOND: self.second, FIELD: self.field, BAND: self.band, SIDE: self.side,
            MODEL: self.classifier,
        }  # fmt: skip
        if key in signals:
            signals[key].emit(value)
        else:
            self.chosen.emit(key, value)

    def show_pages(self, names: Sequence[str]) -> None:
        """Show the controls of these pages, and hide those of others."""
        wanted = {key for name in names for key in PAGES[name]}
        for key, widgets in self._rows.items():
            for widget in widgets:
                widget.setVisible(key in wanted)
        self._rows[CLASSES][0].setText(
            tr("First map") if "comparison" in names else tr("Map")
        )  # fmt: skip
        matrices = {"confusion", "comparison"} & set(names)
        for widget, shown in (
            (self.percent_box, bool(matrices)), (self.clear_button, bool(matrices)),
            (self.pick_button, names != ["validation"]), (self.samples, "confusion" in names),
            (self.class_title, "signature" in names), (self.class_list, "signature" in names),
        ):  # fmt: skip
            widget.setVisible(shown)

    def show_model(self, model: LandCoverModel, percents: bool, models: Sequence[str]) -> None:
        """Show what ``model`` holds, without signals."""
        for kind, names in model.offered.items():
            optional = kind in (DAYS, CONFIDENCE, CLASSES, STACK, SAMPLES)
            _fill(self.boxes[kind], names, model.chosen[kind], optional)
        others = {
            source: name for source, name in model.offered[CLASSES].items()
            if source != model.chosen[CLASSES]
        }  # fmt: skip
        _fill(self.boxes[SECOND], others, model.second)
        fields = () if model.view is None else model.view.fields
        _fill(self.boxes[FIELD], dict(zip(fields, fields, strict=True)), model.class_field)
        bands = model.all_bands()
        _fill(self.boxes[BAND], dict(zip(bands, bands, strict=True)), model.band)
        known = {one: Path(one).name for one in models}
        _fill(self.boxes[MODEL], known, model.model_path)
        self.boxes[SIDE].setCurrentIndex(max(0, self.boxes[SIDE].findData(model.side)))
        self.percent_box.blockSignals(True)
        self.percent_box.setChecked(percents)
        self.percent_box.blockSignals(False)
        self.samples.show_rows(model)

    def show_classes(self, model: LandCoverModel, colors: Mapping[str, object]) -> None:
        """The classes of the samples with the colors that they are drawn in."""
        labels = () if model.view is None else model.view.classes.labels
        checked = [labels[place] for place in model.shown()]
        self.class_list.offer([(one, one) for one in labels], checked, colors)


def _entries() -> tuple[tuple[str, str, str], ...]:
    """Rows of the form: key, name, tip."""
    return (
        (MODEL, tr("Classifier"), tr("Files of classifiers: beside the layers, or opened")),
        (SAMPLES, tr("Samples"), tr("Layers with samples, as Prepare samples makes them")),
        (FIELD, tr("Class"), tr("The column with the class of the samples")),
        (STACK, tr("Stack"), tr("Features by date, as Compute primitives makes them")),
        (BAND, tr("Band"), tr("The band or index whose signatures are drawn")),
        (DAYS, tr("Clear days"),
         tr("Days to the nearest clear date: which dates of the pixel are gap-filled")),
        (CLASSES, tr("Map"), tr("A map of classes")),
        (SECOND, tr("Second map"), tr("The map that the first is compared with")),
        (CONFIDENCE, tr("Confidence"), tr("How sure the map is, in percent")),
        (SIDE, tr("Side"), tr("Which samples are counted; made ones never are")),
    )  # fmt: skip


def _tool(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    return button


def _fill(box: QComboBox, entries: Mapping[str, str], chosen: str, optional: bool = False) -> None:
    box.clear()
    for source, name in entries.items():
        box.addItem(name, source)
    if optional and entries:
        box.addItem(tr("(none)"), "")
    box.setCurrentIndex(box.findData(chosen) if chosen or (optional and entries) else -1)
