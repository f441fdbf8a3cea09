# SPDX-License-Identifier: GPL-3.0-or-later
"""Layer styles with a color for each class, made for the classes that there are."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsFillSymbol,
    QgsMarkerSymbol,
    QgsProperty,
    QgsReadWriteContext,
    QgsRendererCategory,
    QgsSymbolLayer,
)
from qgis.PyQt.QtXml import QDomDocument

from ...core.classification.classes import Classes
from ...core.io.class_rasters import with_colors
from ...core.report import palette

_SHAPE = "if(\"split\" = 'test', 'square', 'circle')"
_OUTLINE = {"outline_color": palette.INK, "outline_width": "0.1"}


def samples_style(field: str, labels: Sequence[str]) -> str:
    """The style of samples: a color for each class of the column ``field``; circles train, squares
    are for tests.
    """
    return _categorized(field, [
        QgsRendererCategory(label, _dot(color), label)
        for label, color in zip(labels, palette.cover_colors(labels), strict=True)
    ])  # fmt: skip


def polygon_style(classes: Classes) -> str:
    """The style of polygons with a column ``code``: the colors of the map of ``classes``."""
    return _categorized("code", [
        QgsRendererCategory(
            one.code, QgsFillSymbol.createSimple({"color": one.color, **_OUTLINE}), one.label
        )
        for one in with_colors(classes).items
    ])  # fmt: skip


def _categorized(field: str, categories: Sequence[QgsRendererCategory]) -> str:
    document = QDomDocument("qgis")
    root = document.createElement("qgis")
    root.setAttribute("styleCategories", "Symbology")
    document.appendChild(root)
    renderer = QgsCategorizedSymbolRenderer(field, list(categories))
    root.appendChild(renderer.save(document, QgsReadWriteContext()))
    return str(document.toString(1))


def _dot(color: str) -> QgsMarkerSymbol:
    symbol = QgsMarkerSymbol.createSimple(
        {"name": "circle", "color": color, "size": "1.8", **_OUTLINE}
    )
    shape = QgsProperty.fromExpression(_SHAPE)
    symbol.symbolLayer(0).setDataDefinedProperty(QgsSymbolLayer.Property.Name, shape)
    return symbol
