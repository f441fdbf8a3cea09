# SPDX-License-Identifier: GPL-3.0-or-later
"""The legend of a plot: above it, where it hides nothing, in as many lines as it needs."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from pyqtgraph.graphicsItems.LegendItem import ItemSample
from qgis.PyQt.QtCore import QPointF, QRectF
from qgis.PyQt.QtGui import QFont, QFontMetricsF, QLinearGradient

from ..theme import Theme
from .items import RampImage

SAMPLE = 20  # pixels, as pyqtgraph draws its samples
GAP, BETWEEN = 4, 14  # pixels from mark to text, and from one entry to the next
TEXT_SHARE = 0.9  # of the size of the plot's font


class Sample(ItemSample):
    """The mark of an entry. pyqtgraph's hides its item when it is clicked, but not the other lines
    of that name, nor what answers to the mouse: here a legend is for reading.
    """

    def mouseClickEvent(self, event: Any) -> None:
        """Leave the click to what is below."""
        event.ignore()


class RampSample(Sample):
    """The colors of an image, from the least to the largest value."""

    dark = False

    def paint(self, p: Any, *_args: Any) -> None:
        """A small bar of the colors."""
        bar = QRectF(0, 4, SAMPLE, 12)
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        colors = self.item.ramp(self.dark)
        for place, color in enumerate(colors):
            gradient.setColorAt(place / (len(colors) - 1), color)
        p.fillRect(bar, gradient)


class Legend(pg.GraphicsWidget):
    """Entries in the order in which they were added, from left to right, then in the next line.

    pyqtgraph's own legend has a fixed number of columns; this one uses its samples and lets the
    entries flow.
    """

    def __init__(self) -> None:
        super().__init__()
        self._entries: list[tuple[Any, Any]] = []
        self._hidden: set[Any] = set()

    def addItem(self, item: Any, name: str) -> None:
        """Add an entry; plots call this for each named item.

        An item that only the legend shows becomes a child of it: one without a scene would be
        deleted when QGIS ends, after the application that it needs for that.
        """
        if item.scene() is None:
            item.setParentItem(self)
        sample = RampSample(item) if isinstance(item, RampImage) else Sample(item)
        text = pg.LabelItem(name, justify="left")
        for part in (sample, text):
            part.setParentItem(self)
        self._entries.append((sample, text))

    def removeItem(self, _item: Any) -> None:
        """Plots take nothing out: items are emptied or hidden."""

    def set_shown(self, item: Any, shown: bool) -> None:
        """Whether the entry of ``item`` is there; call ``arrange`` afterwards."""
        self._hidden = self._hidden - {item} if shown else self._hidden | {item}

    def rename(self, item: Any, name: str) -> None:
        """Another text for the entry of ``item``; call ``arrange`` afterwards."""
        for sample, text in self._entries:
            if sample.item is item:
                text.setText(name)

    def names(self) -> list[str]:
        """The texts of the entries that are there."""
        return [text.text for sample, text in self._entries if sample.item not in self._hidden]

    def rects(self) -> list[QRectF]:
        """Where marks and letters are, in the coordinates of the legend."""
        rects = []
        for sample, text in self._entries:
            if sample.item in self._hidden:
                continue
            rects.append(sample.boundingRect().translated(sample.pos()))
            room = text.item.document().documentMargin()  # empty, and may lie over other texts
            letters = text.itemRect().adjusted(room, room, -room, -room)
            rects.append(letters.translated(text.pos()))
        return rects

    def dress(self, theme: Theme, font: QFont) -> None:
        """Colors and letters."""
        size = f"{TEXT_SHARE * font.pointSizeF():.1f}pt"
        for sample, text in self._entries:
            text.setText(text.text, color=theme.foreground.name(), size=size)
            if isinstance(sample, RampSample):
                sample.dark = theme.dark
        self.setFont(font)

    def arrange(self, left: float, right: float) -> float:
        """Put the entries between ``left`` and ``right`` (pixels); the height that they take, 0 for
        none.
        """
        line = max(SAMPLE, QFontMetricsF(self.font()).height() + 2)
        x, y = left, 0.0
        for sample, text in self._entries:
            shown = sample.item not in self._hidden
            sample.setVisible(shown)
            text.setVisible(shown)
            if not shown:
                continue
            size = text.itemRect().size()
            if x > left and x + SAMPLE + GAP + size.width() > right:
                x, y = left, y + line
            sample.setPos(QPointF(x, y + (line - SAMPLE) / 2))
            x += SAMPLE + GAP
            text.setGeometry(QRectF(QPointF(x, y + (line - size.height()) / 2), size))
            x += size.width() + BETWEEN
        return y + line if self.names() else 0.0

    def boundingRect(self) -> QRectF:
        """The room that the layout gave."""
        return QRectF(0, 0, self.size().width(), self.size().height())
