# SPDX-License-Identifier: GPL-3.0-or-later
"""Columnar ``Table`` values as GeoPackage, GeoJSON and CSV files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from osgeo import gdal, ogr

from ..errors import OutputError
from ..progress import Progress, Silent, check
from ..table import Table
from ..times import iso_texts
from ..types import AnyArray
from .atomic import not_written
from .formats import TABLE_DRIVERS
from .geometries import reference_of

ogr.UseExceptions()
gdal.UseExceptions()

_CHUNK = 20_000
# OGR field type of each numpy kind.
_FIELDS = {
    "f": ogr.OFTReal,
    "i": ogr.OFTInteger64,
    "u": ogr.OFTInteger64,
    "b": ogr.OFTInteger,
    "U": ogr.OFTString,
    "O": ogr.OFTString,
}


def write_table(
    table: Table,
    path: str | Path,
    layer: str = "",
    progress: Progress | None = None,
    shown: str | Path = "",
) -> None:
    """Write ``table`` to a new file whose format follows the suffix, and verify it by counting its
    rows.

    Times become ISO 8601 UTC text, truth values 0/1, NaN and NaT empty cells. ``layer`` is the name
    inside a GeoPackage (default: the file's stem); ``shown`` is how messages call a file that is
    written under a temporary name. Raises ``OutputError`` for an unknown suffix or an incomplete
    file.
    """
    path = Path(path)
    name = Path(shown or path).name
    driver = TABLE_DRIVERS.get(path.suffix.lower())
    if driver is None:
        raise OutputError(
            f"Tables cannot be written as '{path.suffix}'. Use one of: {', '.join(TABLE_DRIVERS)}."
        )
    try:
        _write_ogr(table, path, driver, layer or path.stem, progress or Silent())
        written = _count(path)
    except RuntimeError as error:
        raise not_written(name) from error
    if written != len(table):
        raise not_written(name)


def _write_ogr(table: Table, path: Path, driver: str, layer: str, progress: Progress) -> None:
    # OGR's layer takes the file's name, which for a staged file is a temporary one: it is given
    # explicitly.
    dataset = ogr.GetDriverByName(driver).CreateDataSource(str(path))
    kind = ogr.wkbNone
    if table.geometry is not None:
        kind = getattr(ogr, "wkb" + table.geometry_type.replace(" ", ""), ogr.wkbUnknown)
    target = dataset.CreateLayer(layer, reference_of(table.wkt), kind)
    try:
        _fill_layer(table, target, driver == "CSV", progress)
        dataset.FlushCache()
    finally:
        # Closed here, also on the way of an exception: whoever removes the file then removes it
        # for good, and no driver writes its last lines afterwards.
        target = dataset = None


def _fill_layer(table: Table, target: ogr.Layer, text: bool, progress: Progress) -> None:
    columns = {key: _writable(values) for key, values in table.columns.items()}
    if text:
        columns = {key: _unquoted(values) for key, values in columns.items()}
    for key, values in columns.items():
        target.CreateField(ogr.FieldDefn(key, _FIELDS[values.dtype.kind]))
    target.StartTransaction()
    for start in range(0, len(table), _CHUNK):
        check(progress)
        progress.report(start / len(table))
        part = slice(start, start + _CHUNK)
        shapes = None if table.geometry is None else table.geometry[part]
        _write_rows(target, shapes, [values[part] for values in columns.values()])
    target.CommitTransaction()
    target.SyncToDisk()


def _write_rows(target: ogr.Layer, shapes: AnyArray | None, columns: list[AnyArray]) -> None:
    definition = target.GetLayerDefn()
    spatial = definition.GetGeomFieldCount() > 0
    features = [ogr.Feature(definition) for _ in range(len(columns[0]))]
    for index, values in enumerate(columns):
        whole = values.dtype.kind in "iub"
        setter = ogr.Feature.SetFieldInteger64 if whole else ogr.Feature.SetField
        filled = _filled(values)
        for feature, cell, full in zip(features, values.tolist(), filled.tolist(), strict=True):
            if full:  # an empty cell is not set at all, so that it stays NULL
                setter(feature, index, cell)
    for row, feature in enumerate(features):
        if spatial and shapes is not None and shapes[row] is not None:
            feature.SetGeometry(ogr.CreateGeometryFromWkb(shapes[row]))
        target.CreateFeature(feature)


def _filled(values: AnyArray) -> AnyArray:
    if values.dtype.kind == "f":
        return np.isfinite(values)
    if values.dtype.kind in "UO":
        return np.array([value is not None and value != "" for value in values], dtype=np.bool_)
    return np.ones(len(values), dtype=np.bool_)


def _writable(values: AnyArray) -> AnyArray:
    return iso_texts(values) if values.dtype.kind == "M" else values


def _unquoted(values: AnyArray) -> AnyArray:
    """Whole numbers as OGR's CSV driver writes them without quotes: some of its versions quote
    integers, and who reads the file takes those for text.
    """
    if values.dtype.kind not in "iub" or np.abs(values.astype(np.float64)).max(initial=0.0) >= 1e15:
        return values
    return values.astype(np.float64)


def _count(path: Path) -> int:
    dataset = gdal.OpenEx(str(path), gdal.OF_VECTOR | gdal.OF_READONLY)
    return int(dataset.GetLayer(0).GetFeatureCount(1))
