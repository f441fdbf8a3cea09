# SPDX-License-Identifier: GPL-3.0-or-later
"""Before and after on the map: another image left of a line that the mouse moves, whatever tool is
in use.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qgis.core import QgsMapLayer, QgsMapRendererParallelJob, QgsMapSettings, QgsProject
from qgis.gui import QgsMapCanvas, QgsMapCanvasItem
from qgis.PyQt.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from qgis.PyQt.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

REACH = 8  # pixels around the line that take the mouse
GRIP = 13  # pixels: radius of the handle
LETTERS, ROOM = 1.1, 6  # size of the labels to the font of the window; pixels around them
INK, PAPER = QColor(0, 0, 0, 190), QColor("#FFFFFF")


class SwipeItem(QgsMapCanvasItem):
    """Paints ``image`` left of ``share`` (0 to 1) of the canvas, the line, and two labels."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.image: QImage | None = None
        self.share = 0.5
        self.labels = ("", "")
        self.setZValue(50)

    def boundingRect(self) -> QRectF:
        """All of the canvas."""
        return QRectF(0, 0, self._canvas.width(), self._canvas.height())

    def place(self) -> float:
        """Where the line is, in pixels from the left."""
        return self.share * self._canvas.width()

    def paint(self, painter: QPainter, *_rest: Any) -> None:
        """Image, line and labels."""
        x, box = self.place(), self.boundingRect()
        if self.image is not None:
            painter.save()
            painter.setClipRect(QRectF(0, 0, x, box.height()))
            painter.drawImage(QPointF(0, 0), self.image)
            painter.restore()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for color, width in ((INK, 4.0), (PAPER, 2.0)):
            painter.setPen(QPen(color, width))
            painter.drawLine(QPointF(x, 0), QPointF(x, box.height()))
        middle = QPointF(x, box.height() / 2)
        painter.setPen(QPen(INK, 1.5))
        painter.setBrush(PAPER)
        painter.drawEllipse(middle, GRIP, GRIP)
        for side in (-1, 1):
            tip = middle + QPointF(side * 0.65 * GRIP, 0)
            for up in (-1, 1):
                painter.drawLine(tip, tip + QPointF(-side * 4, up * 4))
        self._label(painter, x, self.labels[0], left=True)
        self._label(painter, x, self.labels[1], left=False)

    def _label(self, painter: QPainter, x: float, text: str, left: bool) -> None:
        if not text:
            return
        font = QFont(self._canvas.font())
        font.setPointSizeF(LETTERS * font.pointSizeF())
        size = QFontMetricsF(font).size(0, text)
        wide, high = size.width() + 2 * ROOM, size.height() + ROOM
        at = x - 2 * ROOM - wide if left else x + 2 * ROOM
        box = QRectF(at, ROOM, wide, high)
        painter.setFont(font)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(INK)
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(PAPER)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


class Swipe(QObject):
    """The line over ``canvas`` while two images are compared."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__()
        self._canvas = canvas
        self.item: SwipeItem | None = None
        self._before = self._after = ""
        self._job: QgsMapRendererParallelJob | None = None
        self._held = False

    def show(self, before: QgsMapLayer, after: QgsMapLayer, labels: tuple[str, str]) -> None:
        """Show ``before`` left of the line, where the map has ``after``, and a label on each."""
        if self.item is None:
            self.item = SwipeItem(self._canvas)
            self._canvas.viewport().installEventFilter(self)
            self._canvas.mapCanvasRefreshed.connect(self.render)
            self._canvas.extentsChanged.connect(self._outdated)
            QgsProject.instance().layersWillBeRemoved.connect(self._removed)
        self._before, self._after, self.item.labels = before.id(), after.id(), labels
        self.item.show()
        self.render()

    def close(self) -> None:
        """Take the line away."""
        if self.item is None:
            return
        self._stop()
        self._canvas.viewport().removeEventFilter(self)
        self._canvas.mapCanvasRefreshed.disconnect(self.render)
        self._canvas.extentsChanged.disconnect(self._outdated)
        QgsProject.instance().layersWillBeRemoved.disconnect(self._removed)
        self._canvas.viewport().unsetCursor()
        self._canvas.scene().removeItem(self.item)
        self.item, self._held = None, False

    def render(self) -> None:
        """Paint the left side anew, for the map as it is now."""
        before = QgsProject.instance().mapLayer(self._before)
        if self.item is None or before is None:
            return
        self._stop()
        settings = QgsMapSettings(self._canvas.mapSettings())
        settings.setLayers(self._layers(before))
        self._job = QgsMapRendererParallelJob(settings)
        self._job.finished.connect(self._rendered)
        self._job.start()

    def _layers(self, before: QgsMapLayer) -> list[QgsMapLayer]:
        """The layers of the map with the one image in the place of the other."""
        layers = [one for one in self._canvas.layers() if one.id() != before.id()]
        ids = [one.id() for one in layers]
        if self._after in ids:
            layers[ids.index(self._after)] = before
        else:
            layers.insert(0, before)
        return layers

    def _rendered(self) -> None:
        if self.item is not None and self._job is not None:
            self.item.image = self._job.renderedImage()
            self.item.update()
        self._job = None

    def _stop(self) -> None:
        """Let go of what is being painted: it is of a map that has passed."""
        if self._job is not None:
            self._job.finished.disconnect(self._rendered)
            self._job.cancelWithoutBlocking()
            self._job = None

    def _outdated(self) -> None:
        self._stop()
        if self.item is not None:
            self.item.image = None
            self.item.update()

    def _removed(self, layers: Sequence[str]) -> None:
        if {self._before, self._after} & set(layers):
            self.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the mouse near the line, and leave the rest to the tool of the map."""
        kind = event.type()
        if self.item is None or kind not in (
            QEvent.Type.MouseButtonPress,
            QEvent.Type.MouseMove,
            QEvent.Type.MouseButtonRelease,
        ):
            return False
        x = event.pos().x()
        near = abs(x - self.item.place()) <= REACH
        if kind == QEvent.Type.MouseButtonPress:
            self._held = near and event.button() == Qt.MouseButton.LeftButton
            return self._held
        if kind == QEvent.Type.MouseButtonRelease:
            held, self._held = self._held, False
            return held
        if self._held:
            self.item.share = min(max(x / max(self._canvas.width(), 1), 0.0), 1.0)
            self.item.update()
        elif near:
            self._canvas.viewport().setCursor(Qt.CursorShape.SplitHCursor)
        elif self._canvas.viewport().cursor().shape() == Qt.CursorShape.SplitHCursor:
            tool = self._canvas.mapTool()
            cursor = Qt.CursorShape.ArrowCursor if tool is None else tool.cursor()
            self._canvas.viewport().setCursor(cursor)
        return self._held
