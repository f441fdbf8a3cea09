# SPDX-License-Identifier: GPL-3.0-or-later
"""A list of entries with boxes, as high as it has to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qgis.PyQt.QtCore import QEvent, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QIcon, QPixmap
from qgis.PyQt.QtWidgets import QListView, QListWidget, QListWidgetItem

CHECKED, UNCHECKED = Qt.CheckState.Checked, Qt.CheckState.Unchecked


class CheckList(QListWidget):
    """Entries with boxes; ``flow`` puts them beside each other. ``checked_changed`` carries the
    names that are checked.
    """

    checked_changed = pyqtSignal(list)

    def __init__(self, name: str, tip: str, lines: int, flow: bool = False) -> None:
        super().__init__()
        self._lines, self._quiet = lines, False
        self.setAccessibleName(name)
        self.setToolTip(tip)
        if flow:
            self.setFlow(QListView.Flow.LeftToRight)
            self.setWrapping(True)
            self.setResizeMode(QListView.ResizeMode.Adjust)
            self.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemChanged.connect(lambda _item: self._changed())

    def offer(
        self,
        entries: Sequence[tuple[str, str]],
        checked: Sequence[str],
        colors: Mapping[str, QColor] | None = None,
    ) -> None:
        """Offer (text, name) pairs, of which some are ``checked`` and some have ``colors``."""
        self._quiet = True
        if [self.item(i).data(Qt.ItemDataRole.UserRole) for i in range(self.count())] != [
            name for _, name in entries
        ]:
            self.clear()
            for _, name in entries:
                item = QListWidgetItem()
                item.setData(Qt.ItemDataRole.UserRole, name)
                self.addItem(item)
        for place, (text, name) in enumerate(entries):
            item = self.item(place)
            item.setText(text)
            item.setCheckState(CHECKED if name in checked else UNCHECKED)
            color = (colors or {}).get(name)
            item.setIcon(_square(color) if color is not None else QIcon())
        self._quiet = False
        self._size()

    def checked(self) -> list[str]:
        """The names that are checked."""
        items = [self.item(i) for i in range(self.count())]
        return [
            str(one.data(Qt.ItemDataRole.UserRole)) for one in items if one.checkState() == CHECKED
        ]

    def pick(self, name: str) -> None:
        """Mark an entry as the current one, without a signal."""
        self.blockSignals(True)
        for place in range(self.count()):
            if self.item(place).data(Qt.ItemDataRole.UserRole) == name:
                self.setCurrentRow(place)
        self.blockSignals(False)

    def event(self, event: QEvent) -> bool:
        """As high as its entries need, in whatever font."""
        handled = bool(super().event(event))
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.Polish, QEvent.Type.Resize):
            self._size()
        return handled

    def sizeHint(self) -> QSize:
        """Narrow: the lists take the width that there is."""
        return QSize(120, self.height())

    def _changed(self) -> None:
        if not self._quiet:
            self.checked_changed.emit(self.checked())

    def _size(self) -> None:
        if not self.count():
            return
        line = max(1, self.sizeHintForRow(0))
        if self.isWrapping():
            self.doItemsLayout()
            needed = max(self.visualItemRect(self.item(i)).bottom() for i in range(self.count()))
            needed += self.verticalScrollBar().value() + 1
        else:
            needed = sum(self.sizeHintForRow(row) for row in range(self.count()))
        most = line * self._lines
        fits = needed <= most
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAlwaysOff if fits else policy.ScrollBarAsNeeded
        )
        frame = max(2 * self.frameWidth(), self.height() - self.viewport().height())
        height = min(needed, most) + frame + 2
        if height != self.height() or self.maximumHeight() != height:
            self.setFixedHeight(height)
            self.update()  # its frame, too
        if fits:
            self.scrollToTop()


def _square(color: QColor) -> QIcon:
    pixels = QPixmap(12, 12)
    pixels.fill(color)
    return QIcon(pixels)
