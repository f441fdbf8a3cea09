# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameters turned into plain Python values, before the work starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from qgis.core import (
    NULL,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeatureRequest,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterNumber,
    QgsProcessingUtils,
)
from qgis.PyQt.QtCore import QDate, QDateTime, Qt, QTime

from ..connections import resolve_database
from ..core.errors import CalValError
from ..core.io.csv_tables import CSV_SUFFIXES, check_head
from ..core.io.sources import split_source
from ..core.io.tables import read_table
from ..core.progress import Progress
from ..core.table import Table, from_rows
from ..i18n import tr
from .database import is_database
from .layer_files import absolute, file_behind, file_list
from .parameters import is_inline, takes_several

Definition = QgsProcessingParameterDefinition


@dataclass(frozen=True)
class TableInput:
    """A table that a parameter names: a file to be read during the run, or rows already taken from
    a layer.
    """

    name: str
    path: str = ""
    layer: str = ""
    rows: Table | None = None

    @property
    def source(self) -> str:
        """The file (and the layer in it), or the name of the layer that the rows came from."""
        if not self.path:
            return self.name
        return f"{self.path}|layername={self.layer}" if self.layer else self.path

    def read(self, progress: Progress | None = None, columns: Sequence[str] | None = None) -> Table:
        """The whole table (or some ``columns`` of it)."""
        if self.rows is not None:
            return self.rows
        return read_table(self.path, self.layer, columns, progress)


def resolve(
    algorithm: QgsProcessingAlgorithm,
    parameters: dict[str, Any],
    context: QgsProcessingContext,
    layers: bool = True,
) -> dict[str, Any]:
    """All parameters as plain values: numbers, words, lists of paths, ``TableInput``s, output paths
    ("" = skipped).

    Called where layers and the project may be touched; what it returns can be used in any thread.
    Without ``layers`` tables, rasters and outputs are left out: enough for checks before the run.
    """
    return {
        definition.name(): _READERS[definition.type()](algorithm, definition, parameters, context)
        for definition in algorithm.parameterDefinitions()
        if layers or definition.type() not in _HEAVY
    }


def _given(definition: Definition, parameters: dict[str, Any]) -> bool:
    value = _raw(definition, parameters)
    return value is not None and value != ""


def _raw(definition: Definition, parameters: dict[str, Any]) -> Any:
    """What was given; the default where nothing was: models hand over inputs left out as NULL."""
    value = parameters.get(definition.name())
    return definition.defaultValue() if value is None or value == NULL else value


def _number(
    alg: Any, definition: Definition, parameters: dict[str, Any], context: Any
) -> float | int | None:
    if not _given(definition, parameters):
        return None
    if definition.dataType() == QgsProcessingParameterNumber.Type.Integer:
        return int(alg.parameterAsInt(parameters, definition.name(), context))
    return float(alg.parameterAsDouble(parameters, definition.name(), context))


def _choice(alg: Any, definition: Definition, parameters: dict[str, Any], context: Any) -> Any:
    if definition.allowMultiple():
        return list(alg.parameterAsEnumStrings(parameters, definition.name(), context))
    return str(alg.parameterAsEnumString(parameters, definition.name(), context))


def _string(alg: Any, definition: Definition, parameters: dict[str, Any], context: Any) -> str:
    value = _raw(definition, parameters)
    if isinstance(value, list | tuple) and takes_several(definition):
        # A key that is given again on the command line makes a list; QGIS itself would drop it.
        return ",".join(str(one) for one in value)
    return _text(alg, definition, parameters, context)


def _field(
    alg: Any, definition: Definition, parameters: dict[str, Any], context: Any
) -> str | list[str]:
    names = alg.parameterAsStrings(parameters, definition.name(), context)
    if definition.allowMultiple():
        return [str(name) for name in names]
    return str(names[0]) if names else ""


def _raster(alg: Any, definition: Definition, parameters: dict[str, Any], context: Any) -> str:
    if not _given(definition, parameters):
        return ""
    layer = alg.parameterAsRasterLayer(parameters, definition.name(), context)
    if layer is None:
        raise QgsProcessingException(
            tr("The raster {} cannot be opened.").format(parameters.get(definition.name()))
        )
    return str(layer.source())


def _extent(
    alg: Any, definition: Definition, parameters: dict[str, Any], context: Any
) -> tuple[tuple[float, float, float, float], str] | None:
    """The box in its own CRS, and that as WKT; degrees (WGS 84) where none is said."""
    if not _given(definition, parameters):
        return None
    box = alg.parameterAsExtent(parameters, definition.name(), context)
    if box.isNull() or not box.isFinite():
        raise QgsProcessingException(
            tr("The extent of parameter {} cannot be brought to the map.").format(definition.name())
        )
    crs = alg.parameterAsExtentCrs(parameters, definition.name(), context)
    if not crs.isValid():
        crs = QgsCoordinateReferenceSystem("EPSG:4326")
    return (box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()), crs.toWkt()


def _table(
    alg: Any, definition: Definition, parameters: dict[str, Any], context: Any
) -> TableInput | None:
    if not _given(definition, parameters):
        return None
    value = _raw(definition, parameters)
    limited = isinstance(value, QgsProcessingFeatureSourceDefinition) and (
        value.selectedFeaturesOnly or value.filterExpression
    )
    layer = alg.parameterAsVectorLayer(parameters, definition.name(), context)
    if layer is not None and not limited:
        found = file_behind(layer)
        if found is not None:
            return TableInput(layer.name(), *found)
    source = alg.parameterAsSource(parameters, definition.name(), context)
    if source is None:
        raise QgsProcessingException(
            tr("The table {} of parameter {} cannot be opened.").format(value, definition.name())
        )
    return TableInput(source.sourceName(), rows=_rows(source, context))


def _rows(source: Any, context: QgsProcessingContext) -> Table:
    names = [item.name() for item in source.fields()]
    request = QgsFeatureRequest()
    transform = QgsCoordinateTransform(
        source.sourceCrs(), QgsCoordinateReferenceSystem("EPSG:4326"), context.transformContext()
    )
    rows, shapes = [], []
    for feature in source.getFeatures(request):
        rows.append({name: _plain(feature[name]) for name in names})
        geometry = feature.geometry()
        if not geometry.isNull() and source.sourceCrs().isValid():
            geometry.transform(transform)
        shapes.append(None if geometry.isNull() else bytes(geometry.asWkb()))
    kinds = {item.name(): "float" if item.isNumeric() else "text" for item in source.fields()}
    made = from_rows(rows, kinds, source.sourceName())
    geometry_column = np.empty(len(shapes), dtype=object)
    geometry_column[:] = shapes
    return Table(made.columns, made.name, geometry_column)


def _plain(value: Any) -> Any:
    """A cell as a Python value: None for QGIS's NULL, ISO text for dates and times, which are UTC.

    A time without a zone is taken to be UTC, whatever zone the computer is in.
    """
    if value is None or value == NULL:
        return None
    if isinstance(value, QDateTime):
        zoned = value.timeSpec() != Qt.TimeSpec.LocalTime
        return (value.toUTC() if zoned else value).toString("yyyy-MM-ddTHH:mm:ss.zzz") + "Z"
    if isinstance(value, QDate):
        return value.toString("yyyy-MM-dd")
    return value.toString("HH:mm:ss.zzz") if isinstance(value, QTime) else value


def table_problem(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> str:
    """Why a file given as a table cannot be read, for files that QGIS only says of that it could
    not load them, and for those that it loads though they are none; "" where there is nothing to
    add.
    """
    for definition in algorithm.parameterDefinitions():
        if definition.type() != "source":
            continue
        value = _raw(definition, parameters)
        try:
            _check_csv(value)
            found = _unloaded(value, context)
            if found is not None:
                read_table(found.path, found.layer, columns=None)
        except CalValError as error:
            return str(error)
    return ""


def _check_csv(value: Any) -> None:
    if isinstance(value, QgsProcessingFeatureSourceDefinition):
        value = value.source.staticValue()
    path = str(value or "").removeprefix("file://")
    if path.lower().endswith(CSV_SUFFIXES) and Path(path).is_file():
        check_head(Path(path))


def _unloaded(value: Any, context: QgsProcessingContext) -> TableInput | None:
    """The file that the value of a table parameter names, where it exists and is no layer."""
    if isinstance(value, QgsProcessingFeatureSourceDefinition):
        value = value.source.staticValue()
    if not isinstance(value, str) or not value:
        return None
    path, layer = split_source(value)
    hint = QgsProcessingUtils.LayerHint.Vector
    if not Path(path).exists() or QgsProcessingUtils.mapLayerFromString(value, context, True, hint):
        return None
    return TableInput(Path(path).name, path, layer)


def _reader(method: str, convert: Callable[[Any], Any]) -> Callable[..., Any]:
    def read(alg: Any, definition: Definition, parameters: dict[str, Any], context: Any) -> Any:
        return convert(getattr(alg, method)(parameters, definition.name(), context))

    return read


def _file(alg: Any, definition: Definition, parameters: dict[str, Any], context: Any) -> Any:
    text = str(alg.parameterAsString(parameters, definition.name(), context))
    if is_database(definition):
        return resolve_database(text) if text else None
    return text if is_inline(definition, text) else absolute(text)


_text: Callable[..., str] = _reader("parameterAsString", str)
_output = _reader("parameterAsOutputLayer", str)

_HEAVY = {
    "source",
    "raster",
    "fileDestination",
    "folderDestination",
    "vectorDestination",
    "rasterDestination",
}
_READERS: dict[str, Callable[..., Any]] = {
    "number": _number,
    "enum": _choice,
    "extent": _extent,
    "field": _field,
    "raster": _raster,
    "source": _table,
    "string": _string,
    "boolean": _reader("parameterAsBool", bool),
    "file": _file,
    "multilayer": file_list,
    "fileDestination": _reader("parameterAsFileOutput", str),
    "folderDestination": _text,
    "vectorDestination": _output,
    "rasterDestination": _output,
}


def file_keys(algorithm: QgsProcessingAlgorithm) -> list[str]:
    """The parameters that name files or folders to be read."""
    kinds = {"source", "raster", "file", "multilayer"}
    return [d.name() for d in algorithm.parameterDefinitions() if d.type() in kinds]


def describe(values: Mapping[str, Any]) -> dict[str, Any]:
    """Resolved parameters as they are recorded: defaults included, tables by their source.

    QGIS's own ``asMap`` would try every file of a list as a layer, and fill the log with errors.
    """
    return {
        key: value.source if isinstance(value, TableInput) else value
        for key, value in values.items()
        if value is not None and value != "" and value != []
    }
