# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel does on the map: pixels under the mouse, and the images that they are from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtGui import QActionGroup, QCursor
from qgis.PyQt.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..text import tr


class MapBar(QWidget):
    """Signals: ``live`` (whether pixels follow the mouse), ``images`` (a ``Source`` of the project,
    its name), ``folder`` (a folder of images), ``swipe`` (whether two dates are compared),
    ``kept`` (whether the date that is chosen now stays on the left), ``residuals`` (whether the
    map shows the sites by their residuals).
    """

    live = pyqtSignal(bool)
    images = pyqtSignal(object, str)
    folder = pyqtSignal(str)
    swipe = pyqtSignal(bool)
    kept = pyqtSignal(bool)
    residuals = pyqtSignal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._offered: list[tuple[str, Any]] = []
        self.live_button = _toggle(
            tr("Live pixel"),
            tr("The series of the pixel under the mouse on the map; a click keeps it"),
        )
        self.live_button.setEnabled(False)
        self.images_button = QToolButton()
        self.images_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.images_button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.menu = QMenu(self.images_button)
        self.images_button.setMenu(self.menu)
        self.integers = self.menu.addAction(tr("Values are 10 000 times the reflectance"))
        self.integers.setCheckable(True)
        self.show_images("", 0)
        self.swipe_button = self._swipe()
        self.residual_button = _toggle(
            tr("Residual map"),
            tr("A layer of the sites, colored by how far they are off on the chosen date"),
        )
        self.residual_button.toggled.connect(self.residuals)
        row = QHBoxLayout()
        row.addWidget(self.live_button)
        row.addWidget(self.images_button, 1)
        tail = QHBoxLayout()
        tail.addWidget(self.swipe_button)
        tail.addWidget(self.residual_button)
        tail.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addLayout(tail)
        self.live_button.toggled.connect(self.live)
        self.offer([])

    def _swipe(self) -> QToolButton:
        button = _toggle(
            tr("Swipe"),
            tr(
                "On the map: the image of another date left of a line, that of the chosen date "
                "right of it"
            ),
        )
        button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        menu = QMenu(button)
        group = QActionGroup(menu)
        for text, keep in (
            (tr("Left: the nearest date as expected"), False),
            (tr("Left: keep the date that is chosen now"), True),
        ):
            action = group.addAction(text)
            action.setCheckable(True)
            action.setChecked(not keep)
            action.triggered.connect(lambda _checked=False, keep=keep: self.kept.emit(keep))
            menu.addAction(action)
        button.setMenu(menu)
        button.toggled.connect(self.swipe)
        return button

    def offer(self, images: Sequence[tuple[str, Any]]) -> None:
        """Offer images of the project as (name, ``Source``) pairs, and folders."""
        self._offered = list(images)
        for action in self.menu.actions():
            if action is not self.integers:
                self.menu.removeAction(action)
        self.menu.removeAction(self.integers)
        for name, source in self._offered:
            action = self.menu.addAction(name)
            action.triggered.connect(
                lambda _checked=False, one=source, name=name: self.images.emit(one, name)
            )
        self.menu.addSeparator()
        self.menu.addAction(tr("Images in a folder…")).triggered.connect(
            lambda _checked=False: self.ask()
        )
        self.menu.addAction(self.integers)

    def pop_up(self) -> None:
        """Offer the images at the mouse."""
        self.menu.popup(QCursor.pos())

    def ask(self) -> None:
        """Ask for a folder of products or dated rasters."""
        folder = QFileDialog.getExistingDirectory(self, tr("Products or dated images"))
        if folder:
            self.folder.emit(folder)

    def show_images(self, name: str, dates: int) -> None:
        """Say which images are read; "": none are chosen."""
        text = tr("{} ({} dates)").format(name, dates) if name else tr("Choose images…")
        self.images_button.setText(text)
        self.images_button.setToolTip(
            f"{text}\n" + tr("Images that the pixels are read from: a layer, a catalog or a folder")
        )
        self.live_button.setEnabled(bool(name))


def _toggle(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setCheckable(True)
    return button
