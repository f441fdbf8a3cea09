# SPDX-License-Identifier: GPL-3.0-or-later
"""The statistics beside the plots: counts of the picked site, noise of its bands."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from ...core.anomalies.views import SeriesFigures
from ..text import number, percent, tr
from ..widgets import label

COUNTS = ("clear", "masked", "tested", "anomalies", "expected", "harmonics")
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


class StatisticsBox(QWidget):
    """Two small tables of figures."""

    def __init__(self) -> None:
        super().__init__()
        self.title = label(bold=True)
        self.counts: dict[str, QLabel] = {}
        self.bands: list[tuple[QLabel, QLabel, QLabel]] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.title)
        grid = QGridLayout()
        grid.setVerticalSpacing(1)
        for row, (key, (name, tip)) in enumerate(_names().items()):
            caption, value = label(name, wrap=False), _value()
            caption.setToolTip(tip)
            value.setToolTip(tip)
            grid.addWidget(caption, row, 0)
            grid.addWidget(value, row, 1)
            self.counts[key] = value
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        column.addSpacing(4)
        self._grid = QGridLayout()
        self._grid.setVerticalSpacing(1)
        for place, (name, tip) in enumerate(_heads()):
            head = label(name, wrap=False, bold=True)
            head.setToolTip(tip)
            head.setAlignment(RIGHT if place else LEFT)
            self._grid.addWidget(head, 0, place)
            self._grid.setColumnStretch(place, 1 if place else 0)
        column.addLayout(self._grid)
        column.addStretch()

    def show_figures(
        self, site: str, figures: SeriesFigures, bands: Sequence[str], harmonics: int
    ) -> None:
        """Show these statistics."""
        self.title.setText(site)
        masked = sum(figures.masked.values())
        share = f" ({percent(masked / figures.count)})" if figures.count else ""
        texts = {
            "clear": str(figures.clear),
            "masked": f"{masked}{share}",
            "tested": str(figures.tested),
            "anomalies": str(figures.anomalies),
            "expected": number(figures.false_alarm_expected, 2),
            "harmonics": str(harmonics),
        }
        for key, text in texts.items():
            self.counts[key].setText(text)
        while len(self.bands) < len(bands):
            self._add_band()
        for place, row in enumerate(self.bands):
            shown = place < len(bands)
            for cell in row:
                cell.setVisible(shown)
            if shown:
                row[0].setText(bands[place])
                row[1].setText(number(float(figures.rmse[place]), 4))
                row[2].setText(number(float(figures.madogram[place]), 4))

    def _add_band(self) -> None:
        cells = (label(wrap=False), _value(), _value())
        for place, cell in enumerate(cells):
            self._grid.addWidget(cell, len(self.bands) + 1, place)
        self.bands.append(cells)


def _value() -> QLabel:
    made = label(wrap=False)
    made.setAlignment(RIGHT)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def _names() -> dict[str, tuple[str, str]]:
    return {
        "clear": (tr("Clear"), tr("Observations that no mask marks and that have a value")),
        "masked": (tr("Masked"), tr("Observations that a mask marks")),
        "tested": (tr("Tested"), tr("Clear observations that the model could be held against")),
        "anomalies": (tr("Anomalies"), tr("Tested dates whose chance is below the threshold")),
        "expected": (
            tr("Expected false alarms"),
            tr("Threshold times tested dates: how many would be flagged if nothing was wrong"),
        ),
        "harmonics": (tr("Harmonics"), tr("Waves of the year in the model of this site")),
    }


def _heads() -> list[tuple[str, str]]:
    return [
        (tr("Band"), tr("Band")),
        (tr("RMSE"), tr("Root mean square of the residuals of the dates in the model")),
        (
            tr("Madogram"),
            tr("Median absolute difference of clear values that follow each other: needs no model"),
        ),
    ]
