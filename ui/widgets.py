# SPDX-License-Identifier: GPL-3.0-or-later
"""Small widgets of every panel: empty state, labeled slider, number table."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QPainter, QPaintEvent
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from .names import band_name
from .text import tr

Button = tuple[str, Callable[[], object]]
BUTTONS_IN_A_ROW = 2  # more would keep the panel from being narrow


def label(text: str = "", wrap: bool = True, scale: float = 1.0, bold: bool = False) -> QLabel:
    """A plain-text label; ``scale`` multiplies the size of the font."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    font = made.font()
    font.setPointSizeF(font.pointSizeF() * scale)
    font.setBold(bold)
    made.setFont(font)
    return made


class ElidedLabel(QLabel):
    """A plain text of one line or more, each ending with an ellipsis where the room ends: a number
    that is cut off without one is another number.
    """

    def __init__(self, text: str = "", bold: bool = False) -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        font = self.font()
        font.setBold(bold)
        self.setFont(font)

    def shown_text(self) -> str:
        """What there is room for."""
        metrics, width = self.fontMetrics(), self.contentsRect().width()
        right = Qt.TextElideMode.ElideRight
        return "\n".join(metrics.elidedText(one, right, width) for one in self.text().split("\n"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what there is room for."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), int(self.alignment()), self.shown_text())


def choice_box(name: str, tip: str) -> QComboBox:
    """An empty list to choose from that may be narrow."""
    box = QComboBox()
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    box.setMinimumContentsLength(6)
    box.setAccessibleName(name)
    box.setToolTip(tip)
    return box


def offer_bands(
    box: QComboBox, bands: Sequence[str], wavelength_nm: Callable[[str], float], chosen: str = ""
) -> None:
    """Offer ``bands`` in a list to choose from; ``chosen``, or else the first, is picked."""
    box.clear()
    for band in bands:
        box.addItem(band_name(band, wavelength_nm(band)), band)
    if bands:
        box.setCurrentIndex(max(0, box.findData(chosen)))


def help_button() -> QToolButton:
    """The button of every panel that opens its help page."""
    button = QToolButton()
    button.setText("?")
    button.setToolTip(tr("Help on this panel: what its filters, plots and figures mean"))
    button.setAccessibleName(tr("Help"))
    return button


class EmptyState(QFrame):
    """What a panel shows while it has nothing to show: what it is for, and what to do next."""

    def __init__(self, title: str, text: str, buttons: Sequence[Button] = ()) -> None:
        super().__init__()
        self.title, self.text = label(title, scale=1.25, bold=True), label(text)
        self.buttons: list[QPushButton] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.addStretch(2)
        for part in (self.title, self.text):
            part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            part.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(part)
            column.addSpacing(8)
        for first in range(0, len(buttons), BUTTONS_IN_A_ROW):
            row = QHBoxLayout()
            row.addStretch()
            for caption, action in buttons[first : first + BUTTONS_IN_A_ROW]:
                row.addWidget(self._button(caption, action))
            row.addStretch()
            column.addLayout(row)
        column.addStretch(3)

    def _button(self, caption: str, action: Callable[[], object]) -> QPushButton:
        button = QPushButton(caption)
        button.clicked.connect(lambda _checked=False: action())
        self.buttons.append(button)
        return button


class LabeledSlider(QWidget):
    """A slider over ``steps`` (values in ascending order) with its name above it and the value's
    text beside.

    Signal ``changed`` comes at every step, ``settled`` when the slider is let go or moved by
    keyboard or wheel.
    """

    changed = pyqtSignal(float)
    settled = pyqtSignal(float)

    def __init__(
        self, name: str, steps: Sequence[float], text: Callable[[float], str], tip: str
    ) -> None:
        super().__init__()
        self._steps, self._text, self._tip = tuple(steps), text, tip
        self._lack = ""
        self.name, self.shown = label(name, wrap=False), label(wrap=False)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, len(self._steps) - 1)
        self.slider.setPageStep(max(1, len(self._steps) // 10))
        self.slider.setAccessibleName(name)
        self.name.setBuddy(self.slider)
        self.setToolTip(tip)
        self.shown.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.shown.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        head = QHBoxLayout()
        head.addWidget(self.name)
        head.addWidget(self.shown)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.slider)
        self.slider.valueChanged.connect(self._moved)
        self.slider.sliderReleased.connect(lambda: self.settled.emit(self.value()))
        self._show()

    def value(self) -> float:
        """The value of the current step."""
        return self._steps[self.slider.value()]

    def set_steps(self, steps: Sequence[float]) -> None:
        """Other values in ascending order; the slider stays as near as it can to where it is,
        without a signal.
        """
        value = self._steps[self.slider.value()]
        self.slider.blockSignals(True)
        self._steps = tuple(steps)
        self.slider.setRange(0, len(self._steps) - 1)
        self.slider.blockSignals(False)
        self.set_value(value)

    def set_value(self, value: float) -> None:
        """Move to the step nearest to ``value`` without a signal."""
        nearest = min(range(len(self._steps)), key=lambda step: abs(self._steps[step] - value))
        self.slider.blockSignals(True)
        self.slider.setValue(nearest)
        self.slider.blockSignals(False)
        self._show()

    def set_lack(self, why: str) -> None:
        """Gray the slider out, with the sentence ``why`` in its tip; "" offers it again."""
        self._lack = why
        self.setToolTip(why or self._tip)
        self.setEnabled(not why)
        self._show()

    def _moved(self) -> None:
        self._show()
        self.changed.emit(self.value())
        if not self.slider.isSliderDown():
            self.settled.emit(self.value())

    def _show(self) -> None:
        self.shown.setText(tr("no values") if self._lack else self._text(self.value()))
