# SPDX-License-Identifier: GPL-3.0-or-later
"""Layer styles with a color for each class, made for the classes that there are."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsMarkerSymbol,
    QgsProperty,
    QgsReadWriteContext,
    QgsRendererCategory,
    QgsSymbolLayer,
)
from qgis.PyQt.QtXml import QDomDocument

from ...core.report import palette

_SHAPE = "if(\"split\" = 'test', 'square', 'circle')"


def samples_style(field: str, labels: Sequence[str]) -> str:
    """The style of samples: a color for each class of the column ``field``; circles train, squares
    are for tests.
    """
    categories = [
        QgsRendererCategory(label, _dot(color), label)
        for label, color in zip(labels, palette.cover_colors(labels), strict=True)
    ]
    document = QDomDocument("qgis")
    root = document.createElement("qgis")
    root.setAttribute("styleCategories", "Symbology")
    document.appendChild(root)
    renderer = QgsCategorizedSymbolRenderer(field, categories)
    root.appendChild(renderer.save(document, QgsReadWriteContext()))
    return str(document.toString(1))


def _dot(color: str) -> QgsMarkerSymbol:
    symbol = QgsMarkerSymbol.createSimple(
        {"name": "circle", "color": color, "size": "1.8", "outline_color": palette.INK,
         "outline_width": "0.1"}
    )  # fmt: skip
    shape = QgsProperty.fromExpression(_SHAPE)
    symbol.symbolLayer(0).setDataDefinedProperty(QgsSymbolLayer.Property.Name, shape)
    return symbol
