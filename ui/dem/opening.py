# SPDX-License-Identifier: GPL-3.0-or-later
"""The top row of the panel: what can be opened, and help."""

from __future__ import annotations

from collections.abc import Callable

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QFileDialog

from ..open_bar import OpenBar
from ..text import tr
from ..widgets import EmptyState

RASTERS = "*.tif *.tiff *.vrt *.hgt *.dt1 *.dt2 *.img *.asc *.jp2"


class ElevationBar(OpenBar):
    """Signals: ``models`` and ``images`` (paths), ``folder`` (of a run), ``help_wanted``."""

    models = pyqtSignal(list)
    images = pyqtSignal(list)
    folder = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__(
            tr("Open files that are no layers of the project, or the tiles of a run"),
            (
                (tr("Elevation models…"), self.ask_models),
                (tr("Images of a stereo pair…"), self.ask_images),
                (tr("Tiles of a run…"), self.ask_folder),
            ),
        )

    def ask_models(self) -> None:
        """Ask for elevation models."""
        self._ask(tr("Open elevation models"), self.models)

    def ask_images(self) -> None:
        """Ask for images with RPC."""
        self._ask(tr("Open the images of a stereo pair"), self.images)

    def ask_folder(self) -> None:
        """Ask for the folder of a run."""
        path = QFileDialog.getExistingDirectory(self, tr("Open the tiles of a run"))
        if path:
            self.folder.emit(path)

    def _ask(self, title: str, signal: object) -> None:
        self.ask_files(title, tr("Rasters ({})").format(RASTERS), signal)


def empty_page(bar: ElevationBar, example: Callable[[], object]) -> EmptyState:
    """What the panel shows while there is nothing to look at; ``example`` asks for the example."""
    return EmptyState(
        tr("Look at elevation models and how they were made"),
        tr(
            "Add elevation models to the project, or open files: draw a profile through them, "
            "compare two, see how a pixel of a stereo pair is matched, and follow the tiles of "
            "a run."
        ),
        [
            (tr("Open elevation models…"), bar.ask_models),
            (tr("Load example data"), example),
            (tr("Open a stereo pair…"), bar.ask_images),
            (tr("Open the tiles of a run…"), bar.ask_folder),
        ],
    )
