# SPDX-License-Identifier: GPL-3.0-or-later
"""The statistics beside the plots: all shown match-ups and, where one is picked, the site."""

from __future__ import annotations

from qgis.PyQt.QtCore import QEvent, Qt
from qgis.PyQt.QtWidgets import QGridLayout, QLabel, QWidget

from ...core.aot.types import Interval, Summary
from ..text import NOTHING, interval, number, percent, tr
from ..widgets import label
from .model import Figures

# The widest interval in the small type of rich text.
WIDEST = "[0.00, 0.00]" + 2 * "\N{MINUS SIGN}"
ROWS = ("count", "rejected", "bias", "sd", "rmse", "r", "ee", "gcos", "slope")


class StatisticsBox(QWidget):
    """A small table of figures; intervals (95 %) appear under the numbers when they have been
    computed.
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: Figures | None = None
        self._narrow = False
        self.values: dict[tuple[str, int], QLabel] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(1)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(2, 1)
        self.heads = (label(tr("All sites"), bold=True), label(bold=True))
        names = _names()
        for column, head in enumerate(self.heads, 1):
            head.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom)
            self._grid.addWidget(head, 0, column)
        for row, key in enumerate(ROWS, 1):
            name, tip = names[key]
            caption = label(name, wrap=False)
            caption.setToolTip(tip)
            self._grid.addWidget(caption, row, 0, Qt.AlignmentFlag.AlignTop)
            for column in (1, 2):
                self.values[key, column] = self._value(row, column, tip)
        self._grid.setRowStretch(len(ROWS) + 1, 1)

    def _value(self, row: int, column: int, tip: str) -> QLabel:
        made = label()
        made.setTextFormat(Qt.TextFormat.RichText)
        made.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        made.setToolTip(tip)
        self._grid.addWidget(made, row, column)
        return made

    def set_room(self, narrow: bool) -> None:
        """Show, where there is little room, only the picked site instead of both columns."""
        self._narrow = narrow
        if self._shown is not None:
            self.show_figures(self._shown)

    def event(self, event: QEvent) -> bool:
        """Keep the columns as wide as an interval is in the font."""
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.Polish):
            width = self.fontMetrics().horizontalAdvance(WIDEST)
            for value in self.values.values():
                value.setMinimumWidth(width)
        return bool(super().event(event))

    def show_figures(self, figures: Figures) -> None:
        """Show these statistics."""
        self._shown = figures
        site = figures.site
        self._fill(1, figures.overall, figures.rejected)
        self._show_column(1, site is None or not self._narrow)
        self._show_column(2, site is not None)
        if site is not None:
            self.heads[1].setText(site.group)
            self._fill(2, site, figures.rejected_at_site)

    def _show_column(self, column: int, shown: bool) -> None:
        self.heads[column - 1].setVisible(shown)
        self._grid.setColumnStretch(column, 1 if shown else 0)
        for key in ROWS:
            self.values[key, column].setVisible(shown)

    def _fill(self, column: int, summary: Summary, rejected: int) -> None:
        for key, (value, bounds) in _texts(summary, rejected).items():
            parts = [value, f"<small>{bounds}</small>"] if bounds else [value]
            self.values[key, column].setText(
                " ".join(part.replace(" ", "&nbsp;") for part in parts)
            )


def _names() -> dict[str, tuple[str, str]]:
    return {
        "count": (tr("Match-ups"), tr("Accepted match-ups")),
        "rejected": (
            tr("Rejected"),
            tr("Match-ups that a filter left out, or without a value on one side"),
        ),
        "bias": (tr("Bias"), tr("Accuracy: mean of satellite minus AERONET")),
        "sd": (tr("SD"), tr("Precision: standard deviation of the differences")),
        "rmse": (tr("RMSE"), tr("Uncertainty: root mean square of the differences")),
        "r": (tr("R"), tr("Pearson's correlation")),
        "ee": (tr("Within EE"), tr("Share within the expected error")),
        "gcos": (tr("Within GCOS"), tr("Share within max(0.03, 10 %)")),
        "slope": (tr("Deming slope"), tr("Slope of the line that allows for errors on both sides")),
    }


def _texts(summary: Summary, rejected: int) -> dict[str, tuple[str, str]]:
    """Number and interval of each row."""
    deming = summary.regressions.get("deming")
    return {
        "count": (str(summary.count), ""),
        "rejected": (str(rejected), ""),
        "bias": _bounded(summary.accuracy, 3, True),
        "sd": _bounded(summary.precision, 3),
        "rmse": _bounded(summary.uncertainty, 3),
        "r": _bounded(summary.correlation, 2),
        "ee": _share(summary, "ee"),
        "gcos": _share(summary, "gcos"),
        "slope": _bounded(deming.slope, 2) if deming else (NOTHING, ""),
    }


def _bounded(value: Interval, decimals: int, signed: bool = False) -> tuple[str, str]:
    return number(value.value, decimals, signed), interval(value.low, value.high, decimals, signed)


def _share(summary: Summary, key: str) -> tuple[str, str]:
    if key not in summary.fractions:
        return NOTHING, ""
    share = summary.fractions[key]
    if share.block is None:  # not drawn yet, like all other intervals
        return percent(share.within.value, 1), ""
    low, high = 100 * share.block.low, 100 * share.block.high
    return percent(share.within.value, 1), interval(low, high, 0)
