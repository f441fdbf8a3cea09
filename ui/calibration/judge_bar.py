# SPDX-License-Identifier: GPL-3.0-or-later
"""The bar under the plots: what is looked at or selected, and the verdict on it."""

from __future__ import annotations

import numpy as np
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtGui import QPalette
from qgis.PyQt.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from ...core.calibration.judgements import TAKE_BACK
from ...core.database.schema import ACCEPTED, REJECTED
from ..text import tr
from ..theme import theme_of
from ..widgets import ElidedLabel
from .model import CalibrationModel
from .names import describe


class JudgeBar(QWidget):
    """Signals: ``judged`` with a verdict and its reason, ``forgotten`` (nothing is to be selected
    any more).
    """

    judged = pyqtSignal(str, str)
    forgotten = pyqtSignal()

    def __init__(self, model: CalibrationModel) -> None:
        super().__init__()
        self._model = model
        self.text = ElidedLabel()
        self.clear = _button("✕", tr("Forget the selection (Escape)"))
        policy = self.clear.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # nothing moves when it comes
        self.clear.setSizePolicy(policy)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(tr("Reason, kept in the table"))
        self.reason.setAccessibleName(tr("Reason of the verdict"))
        self.reason.setClearButtonEnabled(True)
        self.reject = _button(tr("Reject"), tr("These coefficients do not count; say why"))
        self.accept = _button(tr("Accept"), tr("These coefficients count; say why"))
        self.back = _button(tr("Take back"), tr("Back to what the run said of them"))
        top, bottom = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.text, 1)
        top.addWidget(self.clear)
        bottom.addWidget(self.reason, 1)
        for part in (self.reject, self.accept, self.back):
            bottom.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 0, 4, 4)
        column.setSpacing(2)
        column.addLayout(top)
        column.addLayout(bottom)
        for button, verdict in (
            (self.reject, REJECTED), (self.accept, ACCEPTED), (self.back, TAKE_BACK)
        ):  # fmt: skip
            button.clicked.connect(
                lambda _checked=False, verdict=verdict: self.judged.emit(
                    verdict, self.reason.text()
                )
            )
        self.reason.textChanged.connect(lambda _text: self.draw())
        self.clear.clicked.connect(lambda _checked=False: self.forgotten.emit())
        self.draw()

    def draw(self) -> None:
        """Say what a verdict would be for, and offer those that there can be."""
        model = self._model
        rows = model.judged_rows() if model.inputs is not None else np.array([], dtype=np.int64)
        there, said = len(rows) > 0, bool(self.reason.text().strip())
        self.reason.setEnabled(there)
        self._dress()
        for button in (self.reject, self.accept):
            button.setEnabled(there and said)
        by_hand = bool(there and model.rows.by_hand[rows].any())
        self.back.setEnabled(by_hand)
        self.clear.setVisible(model.selection is not None)
        text = self._said(len(rows))
        self.text.setText(text)
        self.text.setToolTip(text)

    def _dress(self) -> None:
        """What asks for a reason is to be read in a floating window, too, where Qt pales it."""
        palette, muted = self.reason.palette(), theme_of(self.palette()).muted
        if palette.color(QPalette.ColorRole.PlaceholderText) != muted:
            palette.setColor(QPalette.ColorRole.PlaceholderText, muted)
            self.reason.setPalette(palette)

    def _said(self, count: int) -> str:
        model = self._model
        if model.inputs is None:
            return ""
        if model.selection is not None:
            if count == 1:
                return tr("1 coefficient selected")
            return tr("{} coefficients selected; a verdict is for all of them").format(count)
        if model.row is None:
            return tr("Click a coefficient, or draw a rectangle, to look at it or judge it")
        reason = str(model.visible().reason[model.row])
        return describe(model, model.row, reason).split("\n", 1)[0]


def _button(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    return button
