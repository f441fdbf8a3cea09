# SPDX-License-Identifier: GPL-3.0-or-later
"""Symbols, labels and rules of point and polygon layers, in the colors of the palette."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.core import (
    Qgis,
    QgsFillSymbol,
    QgsMarkerSymbol,
    QgsPalLayerSettings,
    QgsRuleBasedRenderer,
    QgsSymbol,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtGui import QColor

from calval_toolbox.core.report import palette


def marker(
    color: str, size: float, outline: str = palette.PAPER, shape: str = "circle", alpha: int = 255
) -> QgsMarkerSymbol:
    """A marker of ``size`` mm, outlined so that it stays visible on every background."""
    fill = QColor(color)
    fill.setAlpha(alpha)
    return QgsMarkerSymbol.createSimple(
        {
            "name": shape,
            "color": f"{fill.red()},{fill.green()},{fill.blue()},{fill.alpha()}",
            "size": str(size),
            "outline_color": outline,
            "outline_width": "0.25",
        }
    )


def hollow(color: str, size: float, shape: str = "circle") -> QgsMarkerSymbol:
    """A ring of ``size`` mm."""
    symbol = marker(color, size, color, shape, 0)
    symbol.symbolLayer(0).setStrokeWidth(0.4)
    return symbol


def outline(color: str, dashed: bool = False) -> QgsFillSymbol:
    """A polygon that hides nothing below it."""
    fill = QColor(color)
    return QgsFillSymbol.createSimple(
        {
            "color": f"{fill.red()},{fill.green()},{fill.blue()},20",
            "outline_color": color,
            "outline_width": "0.5",
            "outline_style": "dash" if dashed else "solid",
        }
    )


def points(*fields: str) -> QgsVectorLayer:
    """An empty point layer with the columns that a style looks at."""
    columns = "&".join(f"field={field}" for field in fields)
    return QgsVectorLayer(f"Point?crs=EPSG:4326&{columns}", "points", "memory")


def label(
    layer: QgsVectorLayer, field: str, around_mm: float = 0.0, expression: bool = False
) -> None:
    """Labels in ink with a white halo, shown once there is room for them: beside the points, or
    ``around_mm`` away from the middle of polygons. ``expression``: ``field`` is one.
    """
    halo = QgsTextBufferSettings()
    halo.setEnabled(True)
    halo.setSize(0.8)
    halo.setColor(QColor(palette.PAPER))
    text = QgsTextFormat()
    text.setSize(8.5)
    text.setColor(QColor(palette.INK))
    text.setBuffer(halo)
    settings = QgsPalLayerSettings()
    settings.fieldName, settings.isExpression = field, expression
    settings.placement = Qgis.LabelPlacement.OrderedPositionsAroundPoint
    settings.dist = 0.6
    settings.offsetType = Qgis.LabelOffsetType.FromSymbolBounds
    if around_mm:
        settings.placement = Qgis.LabelPlacement.AroundPoint
        settings.dist = around_mm
    settings.setFormat(text)
    settings.setCallout(None)
    layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    layer.setLabelsEnabled(True)


def rules(layer: QgsVectorLayer, choices: Sequence[tuple[str, str, QgsSymbol]]) -> None:
    """Rules (label, expression, symbol); the first is drawn on top of the later ones."""
    root = QgsRuleBasedRenderer.Rule(None)
    for place, (title, expression, symbol) in enumerate(choices):
        for index in range(symbol.symbolLayerCount()):
            symbol.symbolLayer(index).setRenderingPass(len(choices) - place)
        root.appendChild(QgsRuleBasedRenderer.Rule(symbol, 0, 0, expression, title))
    renderer = QgsRuleBasedRenderer(root)
    renderer.setUsingSymbolLevels(True)
    layer.setRenderer(renderer)
