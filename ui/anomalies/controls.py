# SPDX-License-Identifier: GPL-3.0-or-later
"""Beside the plots: sites, bands, mask classes, and the sliders that detect anew at once."""

from __future__ import annotations

from dataclasses import replace

from qgis.PyQt.QtCore import Qt, pyqtSignal

from ...core.anomalies.detect import DetectionSettings
from ...core.anomalies.harmonics import MAX_HARMONICS
from ..check_list import CheckList
from ..side_controls import SideControls, SideTips
from ..text import tr
from ..widgets import LabeledSlider, label
from .map_bar import MapBar
from .readout import LEAST_CHANCE

AUTO = -1.0
HARMONICS = (AUTO, *(float(one) for one in range(MAX_HARMONICS + 1)))
THRESHOLDS = (LEAST_CHANCE, 1e-7, 1e-6, 1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.05)
SITE_LINES, FLOW_LINES = 5, 4  # most lines of text that the lists take


class Controls(SideControls):
    """Signals beside those of ``SideControls``: ``masks`` with the names that are checked,
    ``picked`` with a site.
    """

    masks = pyqtSignal(list)
    picked = pyqtSignal(str)

    def __init__(self) -> None:
        tips = SideTips(
            tr("Check the sites on the time axis; click one to see its model and statistics"),
            tr("Bands and indices that are shown, six at most"),
            tr("Click a site on the map to show it here"),
            tr("Back to the settings that the table was made with"),
        )
        super().__init__(tips, SITE_LINES, FLOW_LINES)
        self._settings = DetectionSettings()
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
        self.mask_title = label(tr("Masked"), wrap=False)
        self.map_bar = MapBar()
        middle = (self.mask_title, self.mask_list, self.map_bar)
        self.arrange((), middle, (self.harmonics, self.threshold))
        self.site_list.currentItemChanged.connect(
            lambda item, _before: (
                self.picked.emit(str(item.data(Qt.ItemDataRole.UserRole)))
                if item is not None
                else None
            )
        )
        self.mask_list.checked_changed.connect(self.masks)

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
