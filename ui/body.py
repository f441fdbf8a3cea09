# SPDX-License-Identifier: GPL-3.0-or-later
"""How filters, statistics and plots share the room: beside each other when wide, under each other
when narrow.
"""

from __future__ import annotations

from enum import Enum

from qgis.PyQt.QtCore import QEvent, QObject, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QResizeEvent
from qgis.PyQt.QtWidgets import (
    QBoxLayout,
    QFrame,
    QScrollArea,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from .text import tr

# In lines of text, so that a larger font changes the layout as a narrower window does.
NARROW = 33
WIDE = 50
VERY_WIDE = 72
SIDE = 20
PLOT_LINES = 18  # below this the axis titles of two plots over each other collide
LEAST_WIDTH, LEAST_HEIGHT = 200, 80  # pixels


class Room(Enum):
    """How much room there is."""

    SLIM = "slim"
    NARROW = "narrow"
    WIDE = "wide"
    VERY_WIDE = "very wide"


class Body(QWidget):
    """``first`` and the other ``pages`` as tabs; with much room ``first`` stands beside the tabs of
    the others. With little, what is at the ``side`` goes under the plots, with ``side_share`` of
    the height at most.
    """

    page_shown = pyqtSignal()
    room_changed = pyqtSignal(object)

    def __init__(
        self,
        first: tuple[str, QWidget],
        pages: list[tuple[str, QWidget]],
        side: list[QWidget],
        side_share: float = 0.5,
    ) -> None:
        super().__init__()
        self._side_share = side_share
        self._first_name, self._first = first
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self._first, self._first_name)
        for name, page in pages:
            self.tabs.addTab(page, name)
        self.plots = QSplitter(Qt.Orientation.Horizontal)
        self.plots.addWidget(self.tabs)
        self.plots.setChildrenCollapsible(False)
        self.side = _side(side)
        self.outer = QSplitter(Qt.Orientation.Vertical)
        self.outer.setChildrenCollapsible(False)
        self.outer.addWidget(self.plots)
        self.outer.addWidget(self.side)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.outer)
        self.room = Room.WIDE
        self.tabs.currentChanged.connect(lambda _index: self.page_shown.emit())

    def page(self) -> QWidget:
        """The page that is in front."""
        return self.tabs.currentWidget()

    def show_page(self, page: QWidget) -> None:
        """Bring ``page`` to the front."""
        if self.tabs.indexOf(page) >= 0:
            self.tabs.setCurrentWidget(page)

    def settle(self) -> None:
        """What is at the side needs another height: arrange anew."""
        if self.room in (Room.SLIM, Room.NARROW):
            self._arrange()

    def minimumSizeHint(self) -> QSize:
        """As narrow as the widest page, however the parts stand now: what is beside the plots goes
        under them when the room shrinks, which the present arrangement must not prevent.
        """
        pages = [self.tabs.widget(place) for place in range(self.tabs.count())]
        widest = max(page.minimumSizeHint().width() for page in (self._first, *pages))
        return QSize(widest, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange anew where the room changed its kind."""
        super().resizeEvent(event)
        lines = self.width() / self.fontMetrics().height()
        room = _room(lines)
        if room is not self.room:
            self.room = room
            self._arrange()
            self.room_changed.emit(room)

    def _arrange(self) -> None:
        narrow = self.room in (Room.SLIM, Room.NARROW)
        beside = self.room is Room.NARROW
        line = self.fontMetrics().height()
        self.outer.setOrientation(Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal)
        self.outer.insertWidget(0, self.plots if narrow else self.side)
        self.side.whole = not narrow
        flow = self.side.widget().layout()
        flow.setDirection(
            QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        )
        for place in range(flow.count() - 1):
            flow.setStretch(place, 1 if beside else 0)
        flow.setStretch(flow.count() - 1, 0 if beside else 1)
        self.outer.setStretchFactor(self.outer.indexOf(self.plots), 1)
        self.outer.setStretchFactor(self.outer.indexOf(self.side), 0)
        self.plots.setMinimumHeight(PLOT_LINES * line)
        if narrow:
            needed = min(flow.sizeHint().height() + line, round(self._side_share * self.height()))
            self.outer.setSizes([self.height() - needed, needed])
        else:
            self.outer.setSizes([SIDE * line, self.width() - SIDE * line])
        self._place_first(self.room is Room.VERY_WIDE)

    def _place_first(self, beside: bool) -> None:
        is_tab = self.tabs.indexOf(self._first) >= 0
        if beside and is_tab:
            self.tabs.removeTab(self.tabs.indexOf(self._first))
            self.plots.insertWidget(0, self._first)
            self._first.show()
            half = self.plots.width() // 2
            self.plots.setSizes([half, half])
        elif not beside and not is_tab:
            current = self.tabs.currentWidget()
            self.tabs.insertTab(0, self._first, self._first_name)
            self.tabs.setCurrentWidget(current)


class Side(QScrollArea):
    """Scrolls up and down only; with ``whole`` it is never narrower than what it holds."""

    whole = False

    def minimumSizeHint(self) -> QSize:
        """Wide enough for the content and a scroll bar."""
        if not self.whole:
            return QSize(LEAST_WIDTH, LEAST_HEIGHT)
        inner = self.widget().minimumSizeHint()
        return QSize(inner.width() + self.verticalScrollBar().sizeHint().width(), LEAST_HEIGHT)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell the splitter when the content needs another width."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return bool(super().eventFilter(watched, event))


def _side(parts: list[QWidget]) -> Side:
    inner = QWidget()
    flow = QBoxLayout(QBoxLayout.Direction.LeftToRight, inner)
    flow.setSpacing(10)
    for part in parts:
        flow.addWidget(part, 1)
    flow.addStretch(0)
    area = Side()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inner)
    area.setAccessibleName(tr("Filters and statistics"))
    return area


def _room(lines: float) -> Room:
    """The kind of room that a width of so many lines of text is."""
    for bound, room in ((NARROW, Room.SLIM), (WIDE, Room.NARROW), (VERY_WIDE, Room.WIDE)):
        if lines < bound:
            return room
    return Room.VERY_WIDE
