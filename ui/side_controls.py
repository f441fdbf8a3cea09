# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands beside the plots of every panel of series: lists of sites and bands, sliders that act
at once, and buttons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QHBoxLayout,
    QLayout,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from .check_list import CheckList
from .text import tr
from .widgets import LabeledSlider, label


@dataclass(frozen=True)
class SideTips:
    """What the lists and buttons of a panel do."""

    sites: str
    bands: str
    pick: str
    reset: str


class SideControls(QWidget):
    """Signals: ``sites`` and ``bands`` with the names that are checked, ``changed`` while a slider
    moves, ``picking`` (whether a click on the map is wanted), ``copy``, ``reset``.
    """

    sites = pyqtSignal(list)
    bands = pyqtSignal(list)
    changed = pyqtSignal()
    picking = pyqtSignal(bool)
    copy = pyqtSignal()
    reset = pyqtSignal()

    def __init__(self, tips: SideTips, site_lines: int, band_lines: int) -> None:
        super().__init__()
        self.site_list = CheckList(tr("Sites"), tips.sites, site_lines)
        self.band_list = CheckList(tr("Bands"), tips.bands, band_lines, True)
        self.pick_button = QToolButton()
        self.pick_button.setText(tr("On map"))
        self.pick_button.setToolTip(tips.pick)
        self.pick_button.setCheckable(True)
        self.reset_button = QPushButton(tr("Reset"))
        self.reset_button.setToolTip(tips.reset)
        self.copy_button = QPushButton(tr("Copy as command"))
        self.copy_button.setToolTip(tr("Copy the qgis_process line that reproduces what is shown"))
        self.site_list.checked_changed.connect(self.sites)
        self.band_list.checked_changed.connect(self.bands)
        self.pick_button.toggled.connect(self.picking)
        self.reset_button.clicked.connect(lambda _checked=False: self.reset.emit())
        self.copy_button.clicked.connect(lambda _checked=False: self.copy.emit())

    def arrange(
        self,
        top: Sequence[QWidget | QLayout] = (),
        middle: Sequence[QWidget] = (),
        sliders: Sequence[LabeledSlider] = (),
    ) -> None:
        """Put everything under each other: what is at the ``top``, sites, bands, what is in the
        ``middle``, ``sliders``, buttons.
        """
        head, tail = QHBoxLayout(), QHBoxLayout()
        head.addWidget(label(tr("Sites"), wrap=False), 1)
        head.addWidget(self.pick_button)
        tail.addWidget(self.reset_button)
        tail.addWidget(self.copy_button)
        bands = label(tr("Bands"), wrap=False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        parts = (*top, head, self.site_list, bands, self.band_list, *middle, *sliders, tail)
        for part in parts:
            if isinstance(part, QLayout):
                column.addLayout(part)
            else:
                column.addWidget(part)
        column.addStretch()
        for slider in sliders:
            slider.changed.connect(lambda _value: self.changed.emit())
