# SPDX-License-Identifier: GPL-3.0-or-later
"""A matrix of two sets of classes as a picture whose cells can be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyqtgraph as pg
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QKeyEvent

from ..plots.frame import PlotFrame
from .cells import CellsItem, CellTable

STEPS = {
    Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0),
}  # fmt: skip
LONGEST = 16  # letters of a label beside the picture
BETWEEN = 4  # pixels between names of columns


class MatrixPlot(PlotFrame):
    """Base of matrices. ``cell_chosen`` carries row and column; a column of figures at the right
    counts as the whole row (column -1), figures below as the whole column (row -1).
    """

    cell_chosen = pyqtSignal(int, int)

    def __init__(self, title: str, rows: str, columns: str) -> None:
        self._labels: tuple[Sequence[str], Sequence[str]] = ((), ())
        self._further: tuple[Sequence[str], Sequence[str]] = ((), ())
        self._table: CellTable | None = None
        self.chosen: tuple[int, int] | None = None
        super().__init__(title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.plot = self.add_plot(rows, columns)
        box = self.plot.getViewBox()
        box.invertY(True)
        box.setMouseEnabled(x=False, y=False)
        self.cells = CellsItem()
        self.plot.addItem(self.cells)
        self.ready()
        self.plot.showGrid(x=False, y=False)
        self.view.scene().sigMouseMoved.connect(self._moved)
        self.view.scene().sigMouseClicked.connect(self._clicked)
        box.sigResized.connect(lambda *_box: self._name_cells())

    def _dress(self, plot: pg.PlotItem) -> None:
        """Names of classes need more room than numbers."""
        super()._dress(plot)
        plot.showGrid(x=False, y=False)
        plot.getAxis("left").setWidth(None)
        for side in ("left", "bottom"):
            plot.getAxis(side).setStyle(tickLength=0, autoExpandTextSpace=True)

    def show_cells(
        self, table: CellTable | None, labels: tuple[Sequence[str], Sequence[str]],
        further: tuple[Sequence[str], Sequence[str]],
    ) -> None:  # fmt: skip
        """Paint a table with ``labels`` of rows and columns; ``further``: of the figures below (as
        rows) and at the right (as columns).
        """
        self._table, self._labels, self._further = table, labels, further
        self.cells.put(table, self.theme, self.font(), self.chosen)
        self._name_cells()

    def _name_cells(self) -> None:
        if self._table is None:
            return
        rows, columns = (
            [*own, *more] for own, more in zip(self._labels, self._further, strict=True)
        )
        self.plot.getAxis("left").setTicks([_ticks([short_label(one) for one in rows])])
        width = self.plot.getViewBox().width() / max(len(columns), 1)
        room, right = max(1, int(width) - BETWEEN), Qt.TextElideMode.ElideRight
        texts = [self.fontMetrics().elidedText(short_label(one), right, room) for one in columns]
        self.plot.getAxis("bottom").setTicks([_ticks(texts)])

    def fit(self) -> None:
        """All cells."""
        bounds = self.cells.boundingRect()
        self.plot.getViewBox().setRange(bounds, padding=0.0)
        self._name_cells()

    def choose(self, cell: tuple[int, int] | None) -> None:
        """Frame a cell, without a signal."""
        self.chosen = cell
        self.cells.put(self._table, self.theme, self.font(), cell)

    def _cell(self, position: Any) -> tuple[int, int] | None:
        box = self.plot.getViewBox()
        if self._table is None or not box.sceneBoundingRect().contains(position):
            return None
        at = box.mapSceneToView(position)
        row, column = int(at.y() // 1), int(at.x() // 1)
        rows, columns = self._table.shares.shape
        row, column = (row if row < rows else -1), (column if column < columns else -1)
        bounds = self.cells.boundingRect()
        inside = 0.0 <= at.x() < bounds.width() and 0.0 <= at.y() < bounds.height()
        return (row, column) if inside and (row, column) != (-1, -1) else None

    def _moved(self, position: Any) -> None:
        cell = self._cell(position)
        self._read_out(self.describe(cell if cell is not None else self.chosen))

    def _clicked(self, event: Any) -> None:
        cell = self._cell(event.scenePos())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self.cell_chosen.emit(*cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys go from cell to cell."""
        step = STEPS.get(Qt.Key(event.key()))
        if step is None or self._table is None:
            super().keyPressEvent(event)
            return
        rows, columns = self._table.shares.shape
        row, column = self.chosen or (0, 0)
        row = min(max(row + step[0], 0), rows - 1)
        column = min(max(column + step[1], 0), columns - 1)
        self.cell_chosen.emit(row, column)


def short_label(text: str, letters: int = LONGEST) -> str:
    """A label that is cut where it is longer than so many letters."""
    return text if len(text) <= letters else text[: max(1, letters - 1)] + "…"


def _ticks(texts: Sequence[str]) -> list[tuple[float, str]]:
    return [(place + 0.5, text) for place, text in enumerate(texts)]
