# SPDX-License-Identifier: GPL-3.0-or-later
"""The layers of the project as the panels see them: tables by their columns, and their rows."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from qgis.core import (
    NULL,
    QgsMapLayer,
    QgsProject,
    QgsProviderRegistry,
    QgsRasterLayer,
    QgsVectorLayer,
)

from ...core.table import Table, from_rows

MEMORY = "layer:"
CATALOG_FIELDS = {"path", "reader", "status", "time"}


def tables_with(fields: Iterable[str]) -> list[QgsVectorLayer]:
    """The vector layers of the project that have all these columns."""
    wanted = set(fields)
    layers = QgsProject.instance().mapLayers().values()
    vectors = [layer for layer in layers if isinstance(layer, QgsVectorLayer) and layer.isValid()]
    return [layer for layer in vectors if set(layer.fields().names()) >= wanted]


def source_of(layer: QgsVectorLayer) -> str:
    """How the panels call the table behind ``layer``: path with layer name, or the id of a layer
    without a file.
    """
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    path = str(parts.get("path") or "")
    if not Path(path).is_file():
        return MEMORY + layer.id()
    name = parts.get("layerName")
    return f"{path}|layername={name}" if name else path


def foreign_tables() -> list[QgsVectorLayer]:
    """The vector layers whose columns may hold time series under other names."""
    from ...core.series.guess import guess_by_names, is_own  # not while QGIS starts

    names = {layer: layer.fields().names() for layer in tables_with(())}
    return [one for one, own in names.items() if not is_own(own) and guess_by_names(own)]


def image_sources() -> list[tuple[str, Any]]:
    """(Name, ``Source``) of the layers that images can be read from: catalogs of products, and
    rasters in files.
    """
    from ...core.series.extract_files import Source  # not while QGIS starts

    catalogs = [
        (layer.name(), Source(products=(source_of(layer),)))
        for layer in tables_with(CATALOG_FIELDS)
    ]
    found = [pair for pair in catalogs if not pair[1].products[0].startswith(MEMORY)]
    for layer in QgsProject.instance().mapLayers().values():
        path = layer.source().split("|")[0]
        if isinstance(layer, QgsRasterLayer) and Path(path).is_file():
            found.append((layer.name(), Source(stack=(path,))))
    return found


def same_source(one: str, other: str) -> bool:
    """Whether two sources name the same file (or layer without a file)."""
    return one.split("|")[0] == other.split("|")[0]


def fetch_rows(source: str) -> Table | None:
    """The rows of a layer that has no file; None for files."""
    if not source.startswith(MEMORY):
        return None
    layer = QgsProject.instance().mapLayer(source.removeprefix(MEMORY))
    if layer is None:
        return None
    kinds = {field.name(): "float" if field.isNumeric() else "text" for field in layer.fields()}
    rows = [{name: plain(feature[name]) for name in kinds} for feature in layer.getFeatures()]
    return from_rows(rows, kinds, layer.name())


def plain(value: Any) -> Any:
    """A value of a feature, None where it is empty."""
    return None if value is None or value == NULL else value


def gone(layer: QgsMapLayer) -> bool:
    """Whether the object behind ``layer`` was deleted together with its project."""
    try:
        layer.id()
    except RuntimeError:
        return True
    return False
