# SPDX-License-Identifier: GPL-3.0-or-later
"""The times of layers, as the temporal controller of QGIS takes them."""

from __future__ import annotations

from qgis.core import Qgis, QgsExpression, QgsVectorLayer
from qgis.PyQt.QtCore import QMetaType

DATES = (QMetaType.Type.QDate, QMetaType.Type.QDateTime)


def set_times(layer: QgsVectorLayer, field: str) -> bool:
    """Let each row of ``layer`` be there at the time in its ``field``, a date or ISO 8601 text;
    False where there is no such field. Times that someone has set already stay.
    """
    place = layer.fields().indexOf(field)
    properties = layer.temporalProperties()
    if place < 0 or properties.isActive():
        return False
    if layer.fields().at(place).type() in DATES:
        properties.setMode(Qgis.VectorTemporalMode.FeatureDateTimeInstantFromField)
        properties.setStartField(field)
    else:
        name = QgsExpression.quotedColumnRef(field)
        properties.setMode(Qgis.VectorTemporalMode.FeatureDateTimeStartAndEndFromExpressions)
        properties.setStartExpression(f"to_datetime({name})")
        properties.setEndExpression(f"to_datetime({name})")
    properties.setLimitMode(Qgis.VectorTemporalLimitMode.IncludeBeginIncludeEnd)
    properties.setIsActive(True)
    return True
