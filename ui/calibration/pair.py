# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of the pair that is looked at: its two observations, and its bands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ...core.calibration.stored_runs import Seen
from ..names import band_name, when
from ..text import NOTHING, number, tr
from ..widgets import label
from .model import CalibrationModel
from .names import status_name

Pair = tuple[Seen | None, Seen | None]
NOTHING_SEEN: Pair = (None, None)


class PairPage(QWidget):
    """Two small tables; what only the database knows comes later, with ``show_seen``."""

    def __init__(self, model: CalibrationModel) -> None:
        super().__init__()
        self._model = model
        self._seen: Pair = NOTHING_SEEN
        self.title = label(bold=True)
        self.observations = _table(tr("The two observations"))
        self.bands = _table(tr("The bands of the pair"))
        self.hint = label(tr("Click a coefficient to see the two observations that made it."))
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.addWidget(self.title)
        column.addWidget(self.hint, 1)
        column.addWidget(self.observations, 3)
        column.addWidget(self.bands, 2)
        column.addStretch()
        self.draw()

    def minimumSizeHint(self) -> QSize:
        """Narrow: the tables scroll."""
        return QSize(200, 120)

    def show_seen(self, seen: Pair) -> None:
        """Add the directions and versions that the database knows."""
        self._seen = seen
        self.draw()

    def forget_seen(self) -> None:
        """Another pair is looked at."""
        self._seen = NOTHING_SEEN

    def draw(self) -> None:
        """Show the pair of the model."""
        row = self._model.row
        there = row is not None and self._model.inputs is not None
        for part in (self.title, self.observations, self.bands):
            part.setVisible(there)
        self.hint.setVisible(not there)
        if row is None or not there:
            return
        rows = self._model.rows
        text = tr("{site}, {days} days apart, geometry {distance}° apart").format(
            site=rows.site[row], days=number(abs(float(rows["days"][row])), 1),
            distance=number(float(rows["distance_deg"][row]), 1),
        )  # fmt: skip
        if rows["reciprocal"][row] == 1.0:
            text = tr("{}; sun and view are exchanged (reciprocity)").format(text)
        self.title.setText(text)
        heads = [tr("Target"), tr("Reference"), tr("Difference")]
        _fill(self.observations, heads, self._observations(row), (0, 1))
        heads = [tr("Measured"), tr("Simulated"), "A_k", tr("Status")]
        _fill(self.bands, heads, self._bands(), (3,))

    def _observations(self, row: int) -> list[tuple[str, list[str]]]:
        rows, (target, reference) = self._model.rows, self._seen
        sensors = self._model.inputs.sensors if self._model.inputs is not None else ("", "")
        first = target.sun_zenith_deg if target else float(rows["sun_zenith_deg"][row])
        names = [str(rows.sensor[row]) or sensors[0], sensors[1]]
        days = tr("{} days").format(number(float(rows["days"][row]), 2, True))
        return [
            (tr("Sensor"), [one or NOTHING for one in names]),
            (tr("Time (UTC)"), [when(rows.time[row]), when(rows.reference_time[row]), days]),
            (tr("Sun zenith"), [
                _degrees(first), _degrees(reference.sun_zenith_deg if reference else np.nan),
                _degrees(float(rows["d_sun_zenith_deg"][row]), True)]),
            (tr("View zenith"), [
                *(_degrees(one.view_zenith_deg if one else np.nan) for one in self._seen),
                _degrees(float(rows["d_view_zenith_deg"][row]), True)]),
            (tr("Relative azimuth"), [
                *(_degrees(one.relative_azimuth_deg if one else np.nan) for one in self._seen),
                _degrees(float(rows["d_relative_azimuth_deg"][row]), True)]),
            (tr("Version"), [(one.version if one else "") or NOTHING for one in self._seen]),
            (tr("Product"), [
                str(rows[key][row]) or NOTHING for key in ("product", "reference_product")]),
        ]  # fmt: skip

    def _bands(self) -> list[tuple[str, list[str]]]:
        model, rows = self._model, self._model.rows
        reasons, found = model.visible().reason, []
        numbers = model.pair_rows()
        order = {band: place for place, band in enumerate(rows.bands)}
        for row in sorted(numbers.tolist(), key=lambda one: order[str(rows.band[one])]):
            reason = str(reasons[row])
            status = status_name(
                str(rows.status[row]), reason or str(rows["reason"][row]), not reason
            )
            band = str(rows.band[row])
            found.append((band_name(band, rows.wavelength_nm(band)), [
                number(float(rows["measured"][row]), 4), number(float(rows["simulated"][row]), 4),
                number(float(rows.a_k[row]), 4), status,
            ]))  # fmt: skip
        return found


def _degrees(value: float, signed: bool = False) -> str:
    text = number(value, 1, signed)
    return text if text == NOTHING else f"{text}°"


def _table(name: str) -> QTableWidget:
    made = QTableWidget()
    made.setAccessibleName(name)
    made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    made.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    made.setWordWrap(False)
    made.setMinimumHeight(60)
    made.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    return made


def _fill(
    table: QTableWidget,
    heads: Sequence[str],
    lines: Sequence[tuple[str, Sequence[str]]],
    wide: Sequence[int],
) -> None:
    """Rows of cells with names; the ``wide`` columns share the room that the others leave."""
    table.setColumnCount(len(heads))
    table.setRowCount(len(lines))
    table.setHorizontalHeaderLabels(list(heads))
    table.setVerticalHeaderLabels([name for name, _ in lines])
    for row, (_, cells) in enumerate(lines):
        for column in range(len(heads)):
            text = cells[column] if column < len(cells) else ""
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            table.setItem(row, column, item)
    header, modes = table.horizontalHeader(), QHeaderView.ResizeMode
    for column in range(len(heads)):
        header.setSectionResizeMode(
            column, modes.Stretch if column in wide else modes.ResizeToContents
        )
    lines_height = sum(table.rowHeight(row) for row in range(len(lines)))
    bar = table.horizontalScrollBar().sizeHint().height()
    table.setMaximumHeight(header.sizeHint().height() + lines_height + bar)
