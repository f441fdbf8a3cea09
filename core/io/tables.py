# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables in and out: GeoPackage, GeoJSON and CSV files as columnar ``Table`` values."""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal, ogr, osr

from ..errors import InputError, OutputError
from ..progress import Progress, Silent, check
from ..table import Table
from ..times import iso_texts
from ..types import AnyArray, FloatArray
from .atomic import not_written
from .csv_tables import CSV_SUFFIXES, read_csv
from .formats import TABLE_DRIVERS

ogr.UseExceptions()
gdal.UseExceptions()

_CHUNK = 20_000
_NO_MOMENT = (0.0,) * 7

# OGR field type of each numpy kind.
_FIELDS = {
    "f": ogr.OFTReal,
    "i": ogr.OFTInteger64,
    "u": ogr.OFTInteger64,
    "b": ogr.OFTInteger,
    "U": ogr.OFTString,
    "O": ogr.OFTString,
}


def points(longitude: FloatArray, latitude: FloatArray) -> AnyArray:
    """Well-known binary of points (n,) from degrees; None where a coordinate is NaN."""
    head = np.frombuffer(b"\x01\x01\x00\x00\x00", dtype=np.uint8)
    packed = np.empty((len(longitude), 21), dtype=np.uint8)
    packed[:, :5] = head
    packed[:, 5:13] = np.ascontiguousarray(longitude, "<f8").view(np.uint8).reshape(-1, 8)
    packed[:, 13:] = np.ascontiguousarray(latitude, "<f8").view(np.uint8).reshape(-1, 8)
    known = np.isfinite(longitude) & np.isfinite(latitude)
    out = np.empty(len(longitude), dtype=object)
    out[:] = [row.tobytes() if good else None for row, good in zip(packed, known, strict=True)]
    return out


def polygon(ring: Sequence[tuple[float, float]]) -> bytes:
    """Well-known binary of a polygon from its closed ring of (longitude, latitude)."""
    return struct.pack("<BIII", 1, 3, 1, len(ring)) + b"".join(
        struct.pack("<2d", *corner) for corner in ring
    )


def positions(geometry: AnyArray) -> tuple[FloatArray, FloatArray, AnyArray]:
    """Longitude and latitude (n,) in degrees of points as well-known binary, the inverse of
    ``points``, and why a row has none.

    Either byte order, Z and M in all spellings, and collections "MultiPoint" of a single point are
    taken. Other rows are NaN, with a text such as "MultiPoint of 3 points" or "Polygon" (n,); the
    text of rows without a geometry is "no geometry", that of good rows "".
    """
    places = np.full((len(geometry), 2), np.nan)
    reasons = np.full(len(geometry), "", dtype=object)
    for row, shape in enumerate(geometry):
        place = _position(shape)
        if isinstance(place, str):
            reasons[row] = place
        else:
            places[row] = place
    return places[:, 0], places[:, 1], reasons


def _position(shape: bytes | None) -> tuple[float, float] | str:
    """The place of one geometry, or why it has none."""
    if not shape or len(shape) < 9:
        return "no geometry"
    order = "<" if shape[0] == 1 else ">"
    kind, members = struct.unpack_from(order + "2I", shape, 1)
    # The upper bits are flags of extended spellings: Z, M, and a number of the reference system.
    shift = 4 if kind & 0x20000000 else 0
    kind &= 0xFFFF
    if kind % 1000 == 1 and len(shape) >= 21 + shift:
        x, y = struct.unpack_from(order + "2d", shape, 5 + shift)
        return (x, y) if np.isfinite(x) and np.isfinite(y) else "empty point"
    if kind % 1000 == 4 and len(shape) >= 9 + shift:
        members = struct.unpack_from(order + "I", shape, 5 + shift)[0]
        if members == 1:
            return _position(shape[9 + shift :])
        return f"MultiPoint of {members} points"
    return str(ogr.GeometryTypeToName(kind))


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
    geographic = _wgs84()
    if own is None or own.IsSame(geographic):
        return None
    own = own.Clone()
    own.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return osr.CoordinateTransformation(own, geographic)


def _wgs84() -> osr.SpatialReference:
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(4326)
    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return reference


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
    target = dataset.CreateLayer(layer, _wgs84(), kind)
    try:
        _fill_layer(table, target, progress)
        dataset.FlushCache()
    finally:
        # Closed here, also on the way of an exception: whoever removes the file then removes it
        # for good, and no driver writes its last lines afterwards.
        target = dataset = None


def _fill_layer(table: Table, target: ogr.Layer, progress: Progress) -> None:
    columns = {key: _writable(values) for key, values in table.columns.items()}
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


def _count(path: Path) -> int:
    dataset = gdal.OpenEx(str(path), gdal.OF_VECTOR | gdal.OF_READONLY)
    return int(dataset.GetLayer(0).GetFeatureCount(1))
