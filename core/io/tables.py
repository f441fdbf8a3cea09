# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables in and out: GeoPackage, GeoJSON and CSV files as columnar ``Table`` values.

Reading is here; writing and geometries are handed on from their own modules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal, ogr, osr

from ..errors import InputError
from ..progress import Progress, Silent, check
from ..table import Table
from ..types import AnyArray
from .csv_tables import CSV_SUFFIXES, read_csv
from .geometries import points, polygon, positions, wgs84
from .sources import split_source
from .table_writer import write_table

ogr.UseExceptions()
gdal.UseExceptions()

_CHUNK = 20_000
_PLAIN, _MANY = "OGR_GPKG_STREAM_BASE_IMPL", 100
_NO_MOMENT = (0.0,) * 7


def read_table(
    path: str | Path,
    layer: str = "",
    columns: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> Table:
    """Read a table or a layer; ``columns`` limits what is kept (unknown names are ignored).

    CSV files (also ``.gz``) are read by ``read_csv``; other files through OGR, geometry as WKB in
    longitude/latitude, times as UTC (those without a zone are taken to be UTC). Raises
    ``InputError`` for a file that is not a table.
    """
    path = Path(path)
    progress = progress or Silent()
    if not path.exists() and not str(path).startswith("/vsi"):
        raise InputError(f"The table {path} does not exist.")
    if path.name.lower().endswith(CSV_SUFFIXES) and path.is_file():
        return read_csv(path, columns, progress)
    if re.fullmatch(r"\.lev\d\d", path.suffix.lower()):
        raise InputError(
            f"{path.name} is a file of AERONET as it was downloaded, not a table: import it with "
            "'Import AERONET observations' (calval:importaeronet) first, and give its output."
        )
    try:
        return _read_ogr(path, layer, columns, progress)
    except RuntimeError as error:
        if path.is_dir():
            raise InputError(
                f"{path} is a folder: a file is needed. Choose the table in it."
            ) from error
        raise InputError(
            f"{path.name} is not a table that can be read ({str(error).rstrip('.')}). Give a "
            "GeoPackage, GeoJSON or CSV file, or get this one again."
        ) from error


def read_source(
    source: str, columns: Sequence[str] | None = None, progress: Progress | None = None
) -> Table:
    """``read_table`` of a layer as ``sources.split_source`` takes it."""
    path, layer = split_source(source)
    return read_table(path, layer, columns, progress)


def column_names(path: str | Path, layer: str = "") -> list[str]:
    """The columns of a table or a layer, in its order; raises ``InputError`` for a file that is not
    a table.
    """
    try:
        dataset = gdal.OpenEx(str(path), gdal.OF_VECTOR | gdal.OF_READONLY)
    except RuntimeError as error:
        raise InputError(
            f"{Path(path).name} is not a table that can be read. Choose another file."
        ) from error
    definition = _layer_of(dataset, layer, Path(path).name).GetLayerDefn()
    return [definition.GetFieldDefn(at).GetName() for at in range(definition.GetFieldCount())]


def _read_ogr(path: Path, layer: str, columns: Sequence[str] | None, progress: Progress) -> Table:
    dataset = gdal.OpenEx(str(path), gdal.OF_VECTOR | gdal.OF_READONLY)
    source = _layer_of(dataset, layer, path.name)
    definition = source.GetLayerDefn()
    fields = [definition.GetFieldDefn(i) for i in range(definition.GetFieldCount())]
    kept = {one.GetName(): one.GetType() for one in fields}
    kept = {name: kind for name, kind in kept.items() if not columns or name in columns}
    moments = [name for name, kind in kept.items() if kind == ogr.OFTDateTime]
    times = _times(source, moments, progress) if moments else {}
    others = [name for name in kept if name not in times]
    source.SetIgnoredFields([one.GetName() for one in fields if one.GetName() not in others])
    parts: dict[str, list[AnyArray]] = {name: [] for name in others}
    shapes: list[AnyArray] = []
    shape_key = _shape_key(source)
    with _of_any_width(len(fields)):
        for batch in source.GetArrowStreamAsNumPy([f"MAX_FEATURES_IN_BATCH={_CHUNK}"]):
            check(progress)
            for name in others:
                parts[name].append(_typed(batch[name]))
            if shape_key:
                shapes.append(_geographic(batch[shape_key], source))
    table = {name: times[name] if name in times else _joined(parts[name]) for name in kept}
    geometry = _joined(shapes) if shape_key else None
    kind = ogr.GeometryTypeToName(definition.GetGeomType()).replace("3D ", "")
    return Table(table, path.name, geometry, kind)


@contextmanager
def _of_any_width(columns: int) -> Iterator[None]:
    """GDAL's quick way to read a GeoPackage hands all columns to one function of SQLite, which
    takes no more than 127 arguments: go the plain way where there are more.
    """
    if columns < _MANY:
        yield
        return
    before = gdal.GetThreadLocalConfigOption(_PLAIN)
    gdal.SetThreadLocalConfigOption(_PLAIN, "YES")
    try:
        yield
    finally:
        gdal.SetThreadLocalConfigOption(_PLAIN, before)


def _layer_of(dataset: gdal.Dataset, layer: str, name: str) -> ogr.Layer:
    """The layer of that name, or the first one; raises ``InputError`` where it is not there."""
    source = dataset.GetLayerByName(layer) if layer else dataset.GetLayer(0)
    if source is None:
        known = [dataset.GetLayer(i).GetName() for i in range(dataset.GetLayerCount())]
        raise InputError(
            f"{name} has no layer '{layer}'. Its layers are: {', '.join(known) or '(none)'}."
        )
    return source


def _times(source: ogr.Layer, names: list[str], progress: Progress) -> dict[str, AnyArray]:
    """The columns ``names`` as UTC: batches of arrays do not say the zone of a time."""
    definition = source.GetLayerDefn()
    every = [definition.GetFieldDefn(i).GetName() for i in range(definition.GetFieldCount())]
    ignored = [name for name in every if name not in names]
    source.SetIgnoredFields([*ignored, "OGR_GEOMETRY"])
    places = [every.index(name) for name in names]
    moments: list[list[tuple[float, ...]]] = [[] for _ in names]
    source.ResetReading()
    for row, feature in enumerate(source):
        if row % _CHUNK == 0:
            check(progress)
        for place, found in zip(places, moments, strict=True):
            set_ = feature.IsFieldSetAndNotNull(place)
            found.append(tuple(feature.GetFieldAsDateTime(place)) if set_ else _NO_MOMENT)
    source.ResetReading()
    return {name: _utc(found) for name, found in zip(names, moments, strict=True)}


def _utc(moments: list[tuple[float, ...]]) -> AnyArray:
    """Times from rows of year, month, day, hour, minute, second and OGR's flag of the zone."""
    rows = np.array(moments, dtype=np.float64).reshape(-1, 7)
    year, month, day, hour, minute, second, zone = rows.T
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    # 100 is UTC and every step 15 minutes; 0 and 1 are an unknown zone and "local time".
    ahead = np.where(zone > 1, (zone - 100) * 15, 0)
    minutes = ((day - 1) * 24 + hour) * 60 + minute - ahead
    milliseconds = np.rint(minutes * 60_000 + second * 1000).astype("timedelta64[ms]")
    times: AnyArray = months.astype("datetime64[ms]") + milliseconds
    times[month == 0] = np.datetime64("NaT")
    return times


def _shape_key(source: ogr.Layer) -> str:
    """The name under which the batches hold the geometry; empty for a table without one."""
    if source.GetLayerDefn().GetGeomFieldCount() == 0:
        return ""
    return source.GetGeometryColumn() or "wkb_geometry"


def _typed(cells: AnyArray) -> AnyArray:
    """One batch of a column in the kinds of ``Table``: empty numbers NaN, empty text ""."""
    plain, empty = _unmasked(cells)
    if plain.dtype.kind == "M":
        times: AnyArray = plain.astype("datetime64[ms]")
        times[empty] = np.datetime64("NaT")
        return times
    if plain.dtype.kind in "iub" and not empty.any():
        return plain if plain.dtype.kind == "b" else plain.astype(np.int64)
    if plain.dtype.kind in "fiub":
        return np.where(empty, np.nan, plain.astype(np.float64))
    texts = ["" if gone else _text(cell) for cell, gone in zip(plain.tolist(), empty, strict=True)]
    return np.array(texts, dtype=object)


def _unmasked(cells: AnyArray) -> tuple[AnyArray, AnyArray]:
    """Values and "is empty" of a batch, which is a masked array where it holds empty cells."""
    masked: Any = np.ma
    return masked.getdata(cells), masked.getmaskarray(cells)


def _text(cell: Any) -> str:
    return "" if cell is None else cell.decode("utf-8") if isinstance(cell, bytes) else str(cell)


def _joined(parts: list[AnyArray]) -> AnyArray:
    # Whole numbers are float64 in the batches that hold an empty cell: joining settles it.
    return np.concatenate(parts) if parts else np.array([], dtype=object)


def _geographic(cells: AnyArray, source: ogr.Layer) -> AnyArray:
    """Well-known binary in longitude/latitude of one batch of geometries."""
    transform = _to_geographic(source)
    out = np.empty(len(cells), dtype=object)
    values, empty = _unmasked(cells)
    for row, cell in enumerate(values):
        if empty[row] or cell is None:
            continue
        shape = cell if isinstance(cell, bytes) else cell.tobytes()
        if transform is not None:
            geometry = ogr.CreateGeometryFromWkb(shape)
            geometry.Transform(transform)
            # The older spelling puts an empty point at 0, 0.
            shape = bytes(geometry.ExportToIsoWkb(ogr.wkbNDR))
        out[row] = shape
    return out


def _to_geographic(source: ogr.Layer) -> osr.CoordinateTransformation | None:
    own = source.GetSpatialRef()
    geographic = wgs84()
    if own is None or own.IsSame(geographic):
        return None
    own = own.Clone()
    own.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return osr.CoordinateTransformation(own, geographic)


__all__ = ["points", "polygon", "positions", "read_table", "write_table"]
