# SPDX-License-Identifier: GPL-3.0-or-later
"""Beside the plots: run, sites, bands, method, period, and sliders whose limits act at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QFormLayout

from ...core.calibration.selection import Choice
from ..names import band_name, track_color
from ..side_controls import SideControls, SideTips
from ..text import tr
from ..widgets import LabeledSlider
from .model import MOST_BANDS, CalibrationModel
from .names import method_name
from .steps import ALL, AS_TABLE, SIGMAS, limits, months

SITE_LINES, BAND_LINES = 4, 4  # most lines of text that the lists take
ERRORS = (1, 2, 3)


class Controls(SideControls):
    """Signals beside those of ``SideControls``: ``run_picked`` with a number, ``method`` with a
    name, ``errors`` with k.
    """

    run_picked = pyqtSignal(int)
    method = pyqtSignal(str)
    errors = pyqtSignal(int)

    def __init__(self) -> None:
        tips = SideTips(
            tr("The sites whose coefficients are shown and summed up"),
            tr("The bands on the time axis, six at most"),
            tr("Click a site on the map to show it alone"),
            tr("All sites, the whole time, and the limits of the run"),
        )
        super().__init__(tips, SITE_LINES, BAND_LINES)
        self._months: tuple[np.datetime64, ...] = ()
        self.run_box, self.method_box, self.errors_box = _box(), _box(), _box()
        self.distance = LabeledSlider(
            tr("Geometry"), (ALL,), lambda value: _limit(value, "°"),
            tr("Largest difference of geometry between the two observations (degrees)"),
        )  # fmt: skip
        self.days = LabeledSlider(
            tr("Days apart"), (ALL,), lambda value: _limit(value, tr("days")),
            tr("Longest time between the two observations (days)"),
        )  # fmt: skip
        self.sigmas = LabeledSlider(
            tr("Outliers"), SIGMAS,
            lambda value: tr("as in the table") if value == AS_TABLE else f"> {value:g} σ",
            tr(
                "Beyond how many standard deviations a coefficient is an outlier, found anew for "
                "each band; at the left end those of the table are kept"
            ),
        )  # fmt: skip
        self.first = self._month_slider(tr("From"), tr("First month that counts"))
        self.last = self._month_slider(tr("To"), tr("Last month that counts"))
        for k in ERRORS:
            self.errors_box.addItem(tr("± {} standard errors").format(k), k)
        self._form = QFormLayout()
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.addRow(tr("Run"), self.run_box)
        self._form.addRow(tr("Method"), self.method_box)
        self._form.addRow(tr("Intervals"), self.errors_box)
        self.arrange((self._form,), (), self.sliders)
        self._connect()

    @property
    def sliders(self) -> tuple[LabeledSlider, ...]:
        """All sliders, from top to bottom."""
        return (self.distance, self.days, self.sigmas, self.first, self.last)

    def _month_slider(self, name: str, tip: str) -> LabeledSlider:
        return LabeledSlider(name, (0.0,), self._month_text, tip)

    def _month_text(self, step: float) -> str:
        place = int(step)
        return str(self._months[place]) if place < len(self._months) else ""

    def _connect(self) -> None:
        self.run_box.activated.connect(
            lambda _index: self.run_picked.emit(int(self.run_box.currentData()))
        )
        self.method_box.activated.connect(
            lambda _index: self.method.emit(str(self.method_box.currentData()))
        )
        self.errors_box.activated.connect(
            lambda _index: self.errors.emit(int(self.errors_box.currentData()))
        )

    # -- showing ---------------------------------------------------------------------------------

    def offer(self, model: CalibrationModel) -> None:
        """Offer what the table of ``model`` holds, and show its state."""
        inputs, rows = model.inputs, model.rows
        runs = inputs.runs if inputs is not None else ()
        _fill(self.run_box, [(name, number) for number, name in runs])
        methods = rows.distinct("method")
        _fill(self.method_box, [(method_name(one), one) for one in methods])
        self._show_row(self.run_box, len(runs) > 0)
        self._show_row(self.method_box, len(methods) > 1)
        for slider, column, lack in (
            (self.distance, rows["distance_deg"], "distance_deg"), (self.days, rows["days"], "days")
        ):  # fmt: skip
            steps = limits(column)
            slider.set_steps(steps or (ALL,))
            slider.set_lack("" if steps else tr("The table has no values of {}.").format(lack))
        self._months = months(rows.time)
        for slider in (self.first, self.last):
            slider.set_steps(tuple(float(place) for place in range(max(1, len(self._months)))))
        self.show_state(model)

    def show_state(self, model: CalibrationModel) -> None:
        """Move everything to the state of ``model`` without a signal."""
        choice, rows = model.choice, model.rows
        if model.inputs is not None:
            self.run_box.setCurrentIndex(self.run_box.findData(model.inputs.run))
        self.method_box.setCurrentIndex(self.method_box.findData(choice.method))
        self.errors_box.setCurrentIndex(self.errors_box.findData(model.errors))
        self.site_list.offer([(one, one) for one in model.sites], model.shown_sites())
        names = [(band_name(one, rows.wavelength_nm(one)), one) for one in rows.bands]
        dark = self.palette().base().color().lightness() < 128
        colors = {band: track_color(place, dark) for place, band in enumerate(model.bands)}
        self.band_list.offer(names, model.bands, colors)
        self.distance.set_value(min(choice.distance_deg, ALL))
        self.days.set_value(min(choice.days, ALL))
        self.sigmas.set_value(AS_TABLE if choice.clip_sigmas is None else choice.clip_sigmas)
        last = max(0, len(self._months) - 1)
        self.first.set_value(float(self._month_of(choice.first, 0)))
        self.last.set_value(float(self._month_of(choice.last, last)))

    def _month_of(self, day: np.datetime64 | None, default: int) -> int:
        month = None if day is None else day.astype("datetime64[M]")
        return self._months.index(month) if month in self._months else default

    def choice(self, before: Choice) -> Choice:
        """What the sliders say; sites and method stay as they were."""
        distance, days, sigmas = (one.value() for one in (self.distance, self.days, self.sigmas))
        first, last = int(self.first.value()), int(self.last.value())
        end = len(self._months) - 1
        return replace(
            before,
            distance_deg=float("inf") if distance >= ALL else distance,
            days=float("inf") if days >= ALL else days,
            clip_sigmas=None if sigmas == AS_TABLE else sigmas,
            first=self._months[first].astype("datetime64[D]") if first > 0 else None,
            last=_last_day(self._months[last]) if 0 <= last < end else None,
        )

    def _show_row(self, box: QComboBox, shown: bool) -> None:
        box.setVisible(shown)
        self._form.labelForField(box).setVisible(shown)


def _last_day(month: np.datetime64) -> np.datetime64:
    return (month + 1).astype("datetime64[D]") - 1


def _limit(value: float, unit: str) -> str:
    return tr("any") if value >= ALL else f"≤ {value:g} {unit}".replace(" °", "°")


def _box() -> QComboBox:
    box = QComboBox()
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(6)
    return box


def _fill(box: QComboBox, entries: Sequence[tuple[str, object]]) -> None:
    box.clear()
    for text, data in entries:
        box.addItem(text, data)
        box.setItemData(box.count() - 1, text, Qt.ItemDataRole.ToolTipRole)


def most(bands: Sequence[str]) -> list[str]:
    """As many bands as the time axis can show."""
    return list(bands[:MOST_BANDS])
