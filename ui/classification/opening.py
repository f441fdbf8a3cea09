# SPDX-License-Identifier: GPL-3.0-or-later
"""The top row of the panel: what can be opened, and help."""

from __future__ import annotations

from collections.abc import Callable

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QFileDialog

from ..open_bar import OpenBar, filters
from ..text import tr
from ..widgets import EmptyState

KINDS = ("*.npz", "*.gpkg *.geojson *.shp", "*.tif *.tiff *.vrt")


class LandCoverBar(OpenBar):
    """Signals: ``classifier`` (path), ``samples`` and ``rasters`` (paths), ``help_wanted``."""

    classifier = pyqtSignal(str)
    samples = pyqtSignal(list)
    rasters = pyqtSignal(list)

    def __init__(self) -> None:
        super().__init__(
            tr("Open a classifier, or files that are no layers"),
            (
                (tr("Classifier…"), self.ask_classifier), (tr("Samples…"), self.ask_samples),
                (tr("Stack or maps…"), self.ask_rasters),
            ),
        )  # fmt: skip

    def ask_classifier(self) -> None:
        """Ask for the file of a classifier."""
        kinds = filters(tr("Classifiers ({})").format(KINDS[0]))
        path, _ = QFileDialog.getOpenFileName(self, tr("Open a classifier"), "", kinds)
        if path:
            self.classifier.emit(path)

    def ask_samples(self) -> None:
        """Ask for tables of samples."""
        self.ask_files(tr("Open samples"), tr("Layers ({})").format(KINDS[1]), self.samples)

    def ask_rasters(self) -> None:
        """Ask for stacks and maps."""
        kind = tr("Rasters ({})").format(KINDS[2])
        self.ask_files(tr("Open stacks and maps"), kind, self.rasters)


def empty_page(bar: LandCoverBar, example: Callable[[], object] | None) -> EmptyState:
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
