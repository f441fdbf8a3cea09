# SPDX-License-Identifier: GPL-3.0-or-later
"""The title inside the picture, there only while a plot is exported: on the screen it stands above
the plot, beside its buttons.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyqtgraph as pg
from qgis.PyQt.QtCore import QRectF
from qgis.PyQt.QtGui import QFont

from ..theme import Theme

SCALE = 1.15  # of the size of the plot's font


class Heading:
    """A line of text over the content of ``view``."""

    def __init__(self, view: pg.GraphicsLayoutWidget) -> None:
        self._view = view
        self._label = pg.LabelItem("", justify="left")
        self._label.setParentItem(view.ci)
        self._label.setVisible(False)

    def dress(self, theme: Theme, font: QFont) -> None:
        """Color and letters."""
        size = f"{SCALE * font.pointSizeF():.1f}pt"
        self._label.setText("", color=theme.foreground.name(), size=size, bold=True)

    @contextmanager
    def shown(self, text: str) -> Iterator[None]:
        """Have ``text`` above the plot for a while."""
        layout = self._view.ci.layout
        left, top, right, bottom = layout.getContentsMargins()
        self._label.setText(text)
        size = self._label.itemRect().size()
        self._label.setGeometry(QRectF(left, top, size.width(), size.height()))
        self._set(True, (left, top + size.height(), right, bottom))
        try:
            yield
        finally:
            self._label.setText("")
            self._set(False, (left, top, right, bottom))

    def _set(self, shown: bool, margins: tuple[float, float, float, float]) -> None:
        self._label.setVisible(shown)
        layout = self._view.ci.layout
        layout.setContentsMargins(*margins)
        layout.activate()
