# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters beside the plots: site, expected error, and sliders that act at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ...core.aot.expected_errors import EXPECTED_ERRORS
from ...core.aot.types import ExpectedError, MatchSettings
from ..text import number, percent, tr
from ..widgets import LabeledSlider, label
from .envelopes import envelope_text

WINDOWS_MIN = (1, 2, 3, 5, 10, 15, 20, 25, 30, 40, 45, 50, 60, 75, 90, 105, 120, 150, 180)
SPREADS = (0.0, 0.005, 0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05, 0.075, 0.1, 0.15, 0.2)
ANY_SPREAD = 1.0
SHARES = tuple(step / 20 for step in range(21))


class FilterBox(QWidget):
    """Widgets for ``MatchSettings``; ``changed`` comes while a slider moves, ``settled`` when it
    rests.

    ``site_picked`` carries the name of a site ("" for all), ``envelope_picked`` the key of an
    expected error.
    """

    changed = pyqtSignal()
    settled = pyqtSignal()
    site_picked = pyqtSignal(str)
    envelope_picked = pyqtSignal(str)
    reset = pyqtSignal()
    picking = pyqtSignal(bool)
    copy = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self._settings = MatchSettings()
        self.site, self.envelope, self.window = QComboBox(), QComboBox(), QComboBox()
        self.time_window = self._time_slider(WINDOWS_MIN)
        self.stability = LabeledSlider(
            tr("Stability"),
            (*SPREADS, ANY_SPREAD),
            _spread_text,
            tr(
                "Largest standard deviation of AERONET around the overpass that counts as a stable "
                "atmosphere. A share of the AOT itself (10 % unless the run said otherwise) is "
                "always allowed."
            ),
        )
        self.gapfilled = LabeledSlider(
            tr("Gap-filled share"),
            SHARES,
            _share_text,
            tr("Largest gap-filled share of the satellite window"),
        )
        self.cloud = LabeledSlider(
            tr("Cloud share"),
            SHARES,
            _share_text,
            tr("Largest cloudy share of the satellite window"),
        )
        self.note = label()
        self.reset_button = QPushButton(tr("Reset"))
        self.reset_button.setToolTip(tr("Back to the settings of the run that made the table"))
        self.copy_button = QPushButton(tr("Copy as command"))
        self.copy_button.setToolTip(tr("Copy the qgis_process line that reproduces what is shown"))
        self.pick_button = QToolButton()
        self.pick_button.setText(tr("On map"))
        self.pick_button.setToolTip(tr("Click a site on the map to show it here"))
        self.pick_button.setCheckable(True)
        self._arrange()
        self._connect()

    @property
    def sliders(self) -> tuple[LabeledSlider, ...]:
        """All sliders, from top to bottom."""
        return (self.time_window, self.stability, self.gapfilled, self.cloud)

    def _time_slider(self, steps: Sequence[float]) -> LabeledSlider:
        return LabeledSlider(
            tr("Time window"),
            steps,
            lambda minutes: tr("± {} min").format(f"{minutes:g}"),
            tr("Half width of the time window around the overpass, in which AERONET is averaged"),
        )

    def _arrange(self) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        site_row = QHBoxLayout()
        site_row.addWidget(self.site, 1)
        site_row.addWidget(self.pick_button)
        form.addRow(tr("Site"), site_row)
        form.addRow(tr("Expected error"), self.envelope)
        form.addRow(tr("Satellite window"), self.window)
        self._form = form
        for box in (self.site, self.envelope, self.window):
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setMinimumContentsLength(3)
        tail = QHBoxLayout()
        tail.addWidget(self.reset_button)
        tail.addWidget(self.copy_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        for slider in self.sliders:
            column.addWidget(slider)
        column.addWidget(self.note)
        column.addLayout(tail)
        column.addStretch()

    def _connect(self) -> None:
        for slider in self.sliders:
            slider.changed.connect(lambda _value: self.changed.emit())
            slider.settled.connect(lambda _value: self.settled.emit())
        self.window.activated.connect(lambda _index: self._jump())
        self.site.activated.connect(lambda _index: self.site_picked.emit(self.site.currentData()))
        self.envelope.activated.connect(
            lambda _index: self.envelope_picked.emit(self.envelope.currentData())
        )
        self.reset_button.clicked.connect(lambda _checked=False: self.reset.emit())
        self.copy_button.clicked.connect(lambda _checked=False: self.copy.emit())
        self.pick_button.toggled.connect(self.picking)

    def _jump(self) -> None:
        self.changed.emit()
        self.settled.emit()

    def offer(
        self, sites: Sequence[str], windows: Sequence[float], widest_min: float | None
    ) -> None:
        """Offer these sites and satellite windows (m).

        ``widest_min``: the widest time window that the table can show without its inputs; None
        where they are there.
        """
        self._fill(self.site, [(tr("All sites"), ""), *((name, name) for name in sites)])
        self._fill(self.window, [(_length(size), size) for size in windows])
        self._show_row(self.window, len(windows) > 1)
        steps = [step for step in WINDOWS_MIN if widest_min is None or step <= widest_min]
        if widest_min is not None and widest_min not in steps:
            steps.append(widest_min)
        self.time_window.set_steps(steps or [1])

    def offer_envelopes(self, quantity: str) -> None:
        """Offer the expected errors of a quantity."""
        keys = [
            key for key in EXPECTED_ERRORS if (key == "water_vapor") == (quantity == "water_vapor")
        ]
        self._fill(self.envelope, [(envelope_text(EXPECTED_ERRORS[key]), key) for key in keys])

    def _fill(self, box: QComboBox, entries: Sequence[tuple[str, object]]) -> None:
        box.clear()
        for text, data in entries:
            box.addItem(text, data)
            box.setItemData(box.count() - 1, text, Qt.ItemDataRole.ToolTipRole)

    def _show_row(self, box: QComboBox, shown: bool) -> None:
        box.setVisible(shown)
        self._form.labelForField(box).setVisible(shown)

    def show_settings(self, settings: MatchSettings, envelope: ExpectedError, site: str) -> None:
        """Move everything to ``settings`` without a signal."""
        self._settings = settings
        self.time_window.set_value(settings.time_window_min)
        self.stability.set_value(settings.stable_sd if settings.only_stable else ANY_SPREAD)
        self.gapfilled.set_value(1.0 if settings.max_gapfilled is None else settings.max_gapfilled)
        self.cloud.set_value(1.0 if settings.max_cloud is None else settings.max_cloud)
        self.envelope.setCurrentIndex(self.envelope.findData(envelope.name))
        self.site.setCurrentIndex(max(0, self.site.findData(site)))

    def show_lacks(self, lacks: Mapping[str, str]) -> None:
        """Gray out the sliders (by their names here) that have nothing to act on, and say which
        column would be needed.
        """
        sentences = {
            key: tr(
                "The match-up table has no column “{}”, or no value in it: there is nothing that "
                "this filter could act on."
            ).format(column)
            for key, column in lacks.items()
        }
        for key in ("stability", "gapfilled", "cloud"):
            getattr(self, key).set_lack(sentences.get(key, ""))

    def show_window(self, size: float) -> None:
        """The satellite window (m) that is shown."""
        self.window.setCurrentIndex(self.window.findData(size))

    def settings(self) -> MatchSettings:
        """The settings that the widgets say; what no widget says stays as it was."""
        spread = self.stability.value()
        only_stable = spread < ANY_SPREAD
        size = self.window.currentData()
        return replace(
            self._settings,
            time_window_min=float(self.time_window.value()),
            only_stable=only_stable,
            stable_sd=spread if only_stable else self._settings.stable_sd,
            max_gapfilled=_limit(self.gapfilled.value()),
            max_cloud=_limit(self.cloud.value()),
            window_m=self._settings.window_m if size is None else float(size),
        )


def _limit(share: float) -> float | None:
    return None if share >= 1.0 else share


def _share_text(share: float) -> str:
    return tr("any") if share >= 1.0 else f"≤ {percent(share)}"


def _spread_text(spread: float) -> str:
    return tr("any") if spread >= ANY_SPREAD else tr("sd ≤ {}").format(number(spread))


def _length(meters: float) -> str:
    return f"{meters / 1000:g} km" if meters >= 1000 else f"{meters:g} m"
