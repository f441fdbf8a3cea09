# SPDX-License-Identifier: GPL-3.0-or-later
"""Beside the plots: sites, bands, mask classes, and the sliders that detect anew at once."""

from __future__ import annotations

from dataclasses import replace

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from ...core.anomalies.detect import DetectionSettings
from ...core.anomalies.harmonics import MAX_HARMONICS
from ..check_list import CheckList
from ..text import tr
from ..widgets import LabeledSlider, label
from .map_bar import MapBar

AUTO = -1.0
HARMONICS = (AUTO, *(float(one) for one in range(MAX_HARMONICS + 1)))
THRESHOLDS = (1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.05)
SITE_LINES, FLOW_LINES = 5, 4  # most lines of text that the lists take


class Controls(QWidget):
    """Signals: ``sites`` and ``bands`` and ``masks`` with the names that are checked, ``picked``
    with a site, ``changed`` while a slider moves, ``picking``, ``copy``, ``reset``.
    """

    sites = pyqtSignal(list)
    bands = pyqtSignal(list)
    masks = pyqtSignal(list)
    picked = pyqtSignal(str)
    changed = pyqtSignal()
    picking = pyqtSignal(bool)
    copy = pyqtSignal()
    reset = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self._settings = DetectionSettings()
        self.site_list = CheckList(
            tr("Sites"),
            tr("Check the sites on the time axis; click one to see its model and statistics"),
            SITE_LINES,
        )
        self.band_list = CheckList(
            tr("Bands"), tr("Bands and indices that are shown, six at most"), FLOW_LINES, True
        )
        self.mask_list = CheckList(
            tr("Masked observations"),
            tr("Reasons of masked observations that are shown, hollow and gray"),
            FLOW_LINES,
            True,
        )
        self.harmonics = LabeledSlider(
            tr("Harmonics"),
            HARMONICS,
            lambda value: tr("automatic") if value == AUTO else f"{value:.0f}",
            tr("Waves of the year in the model; automatic: by the number of clear observations"),
        )
        self.threshold = LabeledSlider(
            tr("Threshold"),
            THRESHOLDS,
            lambda value: f"p < {value:g}",
            tr("Dates whose chance is smaller are anomalies; smaller finds fewer"),
        )
        self.pick_button = QToolButton()
        self.pick_button.setText(tr("On map"))
        self.pick_button.setToolTip(tr("Click a site on the map to show it here"))
        self.pick_button.setCheckable(True)
        self.reset_button = QPushButton(tr("Reset"))
        self.reset_button.setToolTip(tr("Back to the settings that the table was made with"))
        self.copy_button = QPushButton(tr("Copy as command"))
        self.copy_button.setToolTip(tr("Copy the qgis_process line that reproduces what is shown"))
        self.mask_title = label(tr("Masked"), wrap=False)
        self.map_bar = MapBar()
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.addWidget(label(tr("Sites"), wrap=False), 1)
        head.addWidget(self.pick_button)
        tail = QHBoxLayout()
        tail.addWidget(self.reset_button)
        tail.addWidget(self.copy_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(self.site_list)
        column.addWidget(label(tr("Bands"), wrap=False))
        column.addWidget(self.band_list)
        column.addWidget(self.mask_title)
        column.addWidget(self.mask_list)
        column.addWidget(self.map_bar)
        column.addWidget(self.harmonics)
        column.addWidget(self.threshold)
        column.addLayout(tail)
        column.addStretch()

    def _connect(self) -> None:
        self.site_list.checked_changed.connect(self.sites)
        self.site_list.currentItemChanged.connect(
            lambda item, _before: (
                self.picked.emit(str(item.data(Qt.ItemDataRole.UserRole)))
                if item is not None
                else None
            )
        )
        self.band_list.checked_changed.connect(self.bands)
        self.mask_list.checked_changed.connect(self.masks)
        for slider in (self.harmonics, self.threshold):
            slider.changed.connect(lambda _value: self.changed.emit())
        self.pick_button.toggled.connect(self.picking)
        self.reset_button.clicked.connect(lambda _checked=False: self.reset.emit())
        self.copy_button.clicked.connect(lambda _checked=False: self.copy.emit())

    def show_settings(self, settings: DetectionSettings) -> None:
        """Move the sliders without a signal."""
        self._settings = settings
        self.harmonics.set_value(AUTO if settings.harmonics is None else float(settings.harmonics))
        self.threshold.set_steps(sorted({*THRESHOLDS, settings.threshold}))
        self.threshold.set_value(settings.threshold)

    def settings(self) -> DetectionSettings:
        """The settings that the sliders say; what no slider says stays as it was."""
        waves = self.harmonics.value()
        return replace(
            self._settings,
            harmonics=None if waves == AUTO else int(waves),
            threshold=float(self.threshold.value()),
        )
