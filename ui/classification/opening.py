# SPDX-License-Identifier: GPL-3.0-or-later
"""The top row of the panel: what can be opened, and help."""

from __future__ import annotations

from collections.abc import Callable

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QToolButton, QWidget

from ..text import tr
from ..widgets import ElidedLabel, EmptyState, help_button

KINDS = ("*.npz", "*.gpkg *.geojson *.shp", "*.tif *.tiff *.vrt")


class OpenBar(QWidget):
    """Signals: ``classifier`` (path), ``samples`` and ``rasters`` (paths), ``help_wanted``."""

    classifier = pyqtSignal(str)
    samples = pyqtSignal(list)
    rasters = pyqtSignal(list)
    help_wanted = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.summary = ElidedLabel()
        self.open_button = QToolButton()
        self.open_button.setText(tr("Open…"))
        self.open_button.setToolTip(tr("Open a classifier, or files that are no layers"))
        self.open_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.open_button)
        for text, ask in (
            (tr("Classifier…"), self.ask_classifier), (tr("Samples…"), self.ask_samples),
            (tr("Stack or maps…"), self.ask_rasters),
        ):  # fmt: skip
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

    def ask_classifier(self) -> None:
        """Ask for the file of a classifier."""
        kinds = ";;".join((tr("Classifiers ({})").format(KINDS[0]), tr("All files (*)")))
        path, _ = QFileDialog.getOpenFileName(self, tr("Open a classifier"), "", kinds)
        if path:
            self.classifier.emit(path)

    def ask_samples(self) -> None:
        """Ask for tables of samples."""
        self._ask(tr("Open samples"), tr("Layers ({})").format(KINDS[1]), self.samples)

    def ask_rasters(self) -> None:
        """Ask for stacks and maps."""
        self._ask(tr("Open stacks and maps"), tr("Rasters ({})").format(KINDS[2]), self.rasters)

    def _ask(self, title: str, kind: str, signal: object) -> None:
        kinds = ";;".join((kind, tr("All files (*)")))
        paths, _ = QFileDialog.getOpenFileNames(self, title, "", kinds)
        if paths:
            signal.emit(paths)


def empty_page(bar: OpenBar, example: Callable[[], object] | None) -> EmptyState:
    """What the panel shows while there is nothing to look at; ``example`` asks for the example."""
    more = [(tr("Load example data"), example)] if example is not None else []
    return EmptyState(
        tr("Look at a land-cover map and at what it was made of"),
        tr(
            "Add samples (calval:preparesamples), a feature stack (calval:computeprimitives) and "
            "maps (calval:classifytimeseries) to the project, or open files: see how classes run "
            "through the year, where the map is wrong, what a classifier is worth elsewhere, and "
            "where two maps differ."
        ),
        [
            (tr("Open samples…"), bar.ask_samples),
            *more,
            (tr("Open stack or maps…"), bar.ask_rasters),
            (tr("Open a classifier…"), bar.ask_classifier),
        ],
    )
