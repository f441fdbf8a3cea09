# SPDX-License-Identifier: GPL-3.0-or-later
"""The summary beside the plots: the bands that are shown, over what is selected."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from ...core.calibration.selection import BandFigures
from ..text import NOTHING, number, tr
from ..widgets import label

RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
COLUMNS = ("band", "count", "mean", "sd", "trend")


class StatisticsBox(QWidget):
    """A row for each band: pairs, mean with its errors, standard deviation, trend."""

    def __init__(self) -> None:
        super().__init__()
        self.title = label(bold=True)
        self.note = label()
        self.cells: list[dict[str, QLabel]] = []
        self._grid = QGridLayout()
        self._grid.setVerticalSpacing(2)
        self._grid.setHorizontalSpacing(8)
        for place, (name, tip) in enumerate(_heads()):
            head = label(name, wrap=False, bold=True)
            head.setToolTip(tip)
            head.setAlignment(RIGHT if place else LEFT)
            self._grid.addWidget(head, 0, place)
            self._grid.setColumnStretch(place, 1 if place else 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.title)
        column.addLayout(self._grid)
        column.addWidget(self.note)
        column.addStretch()

    def show_figures(self, figures: Sequence[BandFigures], errors: int, selected: int) -> None:
        """Show these summaries; ``errors``: k of the intervals; ``selected``: how many rows a
        rectangle holds, 0 without one.
        """
        self.title.setText(tr("Summary of the selection") if selected else tr("Summary"))
        self.note.setText(
            tr("Small: ± {} standard errors, allowing for noise that remembers.").format(errors)
        )
        while len(self.cells) < len(figures):
            self._add_row()
        for place, cells in enumerate(self.cells):
            for cell in cells.values():
                cell.setVisible(place < len(figures))
            if place < len(figures):
                for key, text in _texts(figures[place], errors).items():
                    cells[key].setText(text)

    def _add_row(self) -> None:
        row = len(self.cells) + 1
        cells = {}
        for place, key in enumerate(COLUMNS):
            made = label(wrap=False)
            made.setTextFormat(Qt.TextFormat.RichText)
            made.setAlignment(RIGHT if place else Qt.AlignmentFlag.AlignTop)
            made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(made, row, place)
            cells[key] = made
        self.cells.append(cells)


def _texts(one: BandFigures, errors: int) -> dict[str, str]:
    found = one.summary
    if not found.count:
        nothing = dict.fromkeys(COLUMNS, NOTHING)
        return nothing | {"band": one.band, "count": _two("0", _rejected(one))}
    return {
        "band": one.band,
        "count": _two(str(found.count), _rejected(one)),
        "mean": _two(number(found.mean, 4), f"± {number(errors * found.sem, 4)}"),
        "sd": number(100.0 * found.sd / found.mean, 2),
        "trend": _two(
            number(found.slope_pct_per_year, 2, True), f"± {number(errors * found.slope_se, 2)}"
        ),
    }


def _rejected(one: BandFigures) -> str:
    return f"({one.rejected})" if one.rejected else ""


def _two(value: str, small: str) -> str:
    """A number with what is said of it in small letters below."""
    return f"{value}<br><small>{small.replace(' ', '&nbsp;')}</small>" if small else value


def _heads() -> list[tuple[str, str]]:
    return [
        (tr("Band"), tr("Band")),
        ("n", tr("Pairs that count; in brackets those that are rejected")),
        ("A_k", tr("Mean of measured by simulated reflectance")),
        (tr("SD %"), tr("Standard deviation of one pair, in percent of the mean")),
        (tr("Trend %/yr"), tr("Slope in percent of the mean per year")),
    ]
