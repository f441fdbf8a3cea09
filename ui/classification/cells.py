# SPDX-License-Identifier: GPL-3.0-or-later
"""The drawn cells of a matrix: colors, texts where they fit, and a frame around the chosen one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyqtgraph as pg
from qgis.PyQt.QtCore import QPointF, QRectF, Qt
from qgis.PyQt.QtGui import QColor, QFont, QFontMetricsF, QPen

from ...core.types import AnyArray, BoolArray, FloatArray
from ..theme import Theme, mix

DARK_BELOW = 120  # lightness of cells (0 to 255) on which letters are white
_WHITE, _BLACK = QColor("#FFFFFF"), QColor("#222222")


@dataclass(frozen=True)
class CellTable:
    """``shares`` (rows, columns) from 0 to 1 give the colors, ``good`` cells those of agreement;
    ``texts`` (rows, columns). ``row_texts``: for each row the figures right of it, as columns;
    ``column_texts``: for each column those below, as rows.
    """

    shares: FloatArray
    good: BoolArray
    texts: AnyArray
    row_texts: tuple[Sequence[str], ...] = ()
    column_texts: tuple[Sequence[str], ...] = ()


class CellsItem(pg.GraphicsObject):
    """Cells of 1 by 1, (0, 0) at the top left, rows going down; figures in further cells."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[CellTable, Theme] | None = None
        self._font = QFont()
        self._chosen: tuple[int, int] | None = None

    def put(
        self, table: CellTable | None, theme: Theme, font: QFont, chosen: tuple[int, int] | None
    ) -> None:
        """Show ``table`` with a frame around the cell ``chosen``, whose -1 is a whole line."""
        self.prepareGeometryChange()
        self._shown = None if table is None else (table, theme)
        self._font, self._chosen = font, chosen
        self.informViewBoundsChanged()
        self.update()

    def boundingRect(self) -> QRectF:
        """All cells and figures."""
        if self._shown is None:
            return QRectF()
        table = self._shown[0]
        rows, columns = table.shares.shape
        return QRectF(0.0, 0.0, columns + len(table.row_texts), rows + len(table.column_texts))

    def paint(self, p: Any, *_args: Any) -> None:
        """The cells, then all texts in the letters of the screen."""
        if self._shown is None:
            return
        table, theme = self._shown
        rows, columns = table.shares.shape
        p.setRenderHint(p.RenderHint.Antialiasing, False)
        lines = QPen(mix(theme.background, theme.muted, 0.5))
        lines.setCosmetic(True)
        p.setPen(lines)
        for row in range(rows):
            for column in range(columns):
                p.setBrush(cell_color(table, theme, row, column))
                p.drawRect(QRectF(column, row, 1.0, 1.0))
        self._frame(p, theme, rows, columns)
        self._write(p, table, theme)

    def _frame(self, p: Any, theme: Theme, rows: int, columns: int) -> None:
        if self._chosen is None:
            return
        row, column = self._chosen
        pen = QPen(theme.picked, 3)
        pen.setCosmetic(True)
        p.setPen(pen)
        p.setBrush(Qt.BrushStyle.NoBrush)
        left, width = (0, columns) if column < 0 else (column, 1)
        top, height = (0, rows) if row < 0 else (row, 1)
        p.drawRect(QRectF(left, top, width, height))

    def _write(self, p: Any, table: CellTable, theme: Theme) -> None:
        """Texts in the middle of their cells, left out where they do not fit."""
        across, down = self.pixelVectors()
        if across is None or down is None:
            return
        to_scene = self.sceneTransform()
        metrics = QFontMetricsF(self._font)
        if metrics.height() * abs(down.y()) > 1.0:
            return
        p.save()
        # The painter may draw on a picture of another size: its way from the scene is kept.
        p.setWorldTransform(to_scene.inverted()[0] * p.worldTransform())
        p.setFont(self._font)
        for row, column, text, ink in _texts(table, theme):
            width = metrics.horizontalAdvance(text)
            if width * abs(across.x()) > 1.0:
                continue
            middle = to_scene.map(QPointF(column + 0.5, row + 0.5))
            p.setPen(ink)
            p.drawText(
                QPointF(middle.x() - width / 2.0, middle.y() + metrics.capHeight() / 2.0), text
            )
        p.restore()


def cell_color(table: CellTable, theme: Theme, row: int, column: int) -> QColor:
    """The color of a cell: bluer where more agree, more orange where more do not."""
    share = float(table.shares[row, column])
    if not share > 0.0:
        return theme.background
    strong = theme.accepted if table.good[row, column] else theme.reference
    return mix(theme.background, strong, 0.12 + 0.88 * min(share, 1.0))


def _texts(table: CellTable, theme: Theme) -> Iterator[tuple[int, int, str, QColor]]:
    """Row, column, text and color of all that is written."""
    rows, columns = table.shares.shape
    for row in range(rows):
        for column in range(columns):
            dark = cell_color(table, theme, row, column).lightness() < DARK_BELOW
            yield row, column, str(table.texts[row, column]), _WHITE if dark else _BLACK
        for place, texts in enumerate(table.row_texts):
            yield row, columns + place, texts[row], theme.foreground
    for place, texts in enumerate(table.column_texts):
        for column in range(columns):
            yield rows + place, column, texts[column], theme.foreground
