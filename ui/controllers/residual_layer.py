# SPDX-License-Identifier: GPL-3.0-or-later
"""A layer of sites by their residual on one date, which follows the date that is looked at."""

from __future__ import annotations

from typing import Any

import numpy as np
from qgis.core import QgsFeature, QgsGeometry, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QByteArray

from ...core.table import Table
from ...core.times import iso_texts
from ..text import tr
from .common import STYLES
from .layers import gone

KINDS = {"f": "double", "b": "integer", "i": "integer"}
MARK = "calval/site_residuals"


class ResidualLayer:
    """The layer in memory; made when first needed, and again where someone has removed it."""

    def __init__(self) -> None:
        self._layer: QgsVectorLayer | None = None

    def show(self, table: Table, name: str) -> None:
        """Show the rows of ``table`` under a ``name``."""
        layer = self._there(table)
        rows = [_feature(layer, table, row) for row in range(len(table))]
        provider = layer.dataProvider()
        provider.truncate()
        provider.addFeatures(rows)
        layer.setName(name)
        layer.updateExtents()
        layer.triggerRepaint()

    def close(self) -> None:
        """Take the layer away."""
        if self._layer is not None and not gone(self._layer):
            QgsProject.instance().removeMapLayer(self._layer.id())
        self._layer = None

    def _there(self, table: Table) -> QgsVectorLayer:
        if self._layer is not None and not gone(self._layer):
            return self._layer
        fields = "&".join(
            f"field={key}:{KINDS.get(values.dtype.kind, 'string')}"
            for key, values in table.columns.items()
        )
        layer = QgsVectorLayer(f"Point?crs=EPSG:4326&{fields}", "", "memory")
        layer.loadNamedStyle(str(STYLES / "site_residuals.qml"))
        _name_classes(layer)
        layer.setCustomProperty(MARK, True)
        layer.setCustomProperty("skipMemoryLayersCheck", 1)
        QgsProject.instance().addMapLayer(layer, False)
        QgsProject.instance().layerTreeRoot().insertLayer(0, layer)
        self._layer = layer
        return layer


def _feature(layer: QgsVectorLayer, table: Table, row: int) -> QgsFeature:
    feature = QgsFeature(layer.fields())
    geometry = QgsGeometry()
    if table.geometry is not None:
        geometry.fromWkb(QByteArray(bytes(table.geometry[row])))
    feature.setGeometry(geometry)
    feature.setAttributes([_plain(values, row) for values in table.columns.values()])
    return feature


def _plain(values: Any, row: int) -> Any:
    """A cell as a feature takes it, None where it is empty."""
    if values.dtype.kind == "M":
        return None if np.isnat(values[row]) else str(iso_texts(values[row : row + 1])[0])
    if values.dtype.kind == "f":
        return float(values[row]) if np.isfinite(values[row]) else None
    if values.dtype.kind in "bi":
        return int(values[row])
    return str(values[row])


def _name_classes(layer: QgsVectorLayer) -> None:
    """Classes that have words in the language of the user."""
    names = {"Not tested": tr("Not tested"), "No date near": tr("No date near")}
    for rule in layer.renderer().rootRule().children():
        rule.setLabel(names.get(rule.label(), rule.label()))
