# SPDX-License-Identifier: GPL-3.0-or-later
"""The files behind layers of the project, and lists of files in which such layers are named."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingUtils,
    QgsProviderRegistry,
    QgsVectorLayer,
)

from ..core.errors import InputError
from ..i18n import tr

IN_LAYER = "|layername="


def absolute(path: str) -> str:
    """``path`` from the root on, so that a record of it means the same from any folder."""
    return os.path.abspath(path) if path and not path.startswith("/vsi") else path


def file_behind(layer: QgsVectorLayer) -> tuple[str, str] | None:
    """The file behind a layer and the layer's name in it, where the whole of it is shown; None for
    memory layers, databases and filters, and for delimited text, which only the layer itself knows
    how to read.
    """
    if layer.providerType() != "ogr" or layer.subsetString() or layer.isEditable():
        return None
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    found = str(parts.get("path") or "")
    if not found or not Path(found).is_file():
        return None
    return absolute(found), str(parts.get("layerName") or "")


def file_list(alg: Any, definition: Any, parameters: dict[str, Any], context: Any) -> list[str]:
    """The files and folders of a list, where a layer of the project (itself, its id or its name)
    stands for its file.

    Raises ``InputError`` for a layer that has no file, or shows only a part of it.
    """
    given = parameters.get(definition.name())
    values = given if isinstance(given, list | tuple) else [given]
    layers = [one for one in values if isinstance(one, QgsMapLayer)]
    if layers:  # QGIS would make empty texts of them
        paths = [one.id() if isinstance(one, QgsMapLayer) else str(one) for one in values]
    else:
        paths = alg.parameterAsFileList(parameters, definition.name(), context)
    # QGIS makes a list of one empty text of an optional list that is not given.
    return [_file(one, context) for one in paths if one]


def _file(value: str, context: QgsProcessingContext) -> str:
    if value.startswith("/vsi") or Path(value).exists():
        return absolute(value)
    layer = QgsProcessingUtils.mapLayerFromString(value, context, False)
    if layer is None:
        return absolute(value)
    if not isinstance(layer, QgsVectorLayer):
        return absolute(str(layer.source()))
    found = file_behind(layer)
    if found is None:
        raise InputError(
            tr(
                "The layer {} cannot stand for a file: it has none, is filtered or is being "
                "edited. Give the file itself, or save the layer to one."
            ).format(layer.name())
        )
    path, name = found
    return f"{path}{IN_LAYER}{name}" if name else path
