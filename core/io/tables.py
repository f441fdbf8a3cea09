# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables in and out: GeoPackage, GeoJSON, FlatGeobuf and CSV files as columnar ``Table`` values."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal, ogr, osr

from ..errors import InputError, OutputError, TableError
from ..progress import Progress, Silent, check
from ..table import Table
from ..times import iso_texts
from ..types import AnyArray, FloatArray
from .formats import TABLE_DRIVERS

ogr.UseExceptions()
gdal.UseExceptions()

_CSV_SUFFIXES = (".csv", ".txt", ".tsv", ".csv.gz", ".txt.gz", ".tsv.gz")
_CHUNK = 20_000

# OGR field type of each numpy kind, and how a cell is handed over.
_FIELDS: dict[str, tuple[int, Callable[[Any], Any]]] = {
    "f": (ogr.OFTReal, float),
    "i": (ogr.OFTInteger64, int),
    "u": (ogr.OFTInteger64, int),
    "b": (ogr.OFTInteger, int),
    "U": (ogr.OFTString, str),
    "O": (ogr.OFTString, str),
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


def read_table(
    path: str | Path,
    layer: str = "",
    columns: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> Table:
    """Read a table or a layer; ``columns`` limits what is kept (unknown names are ignored).

    CSV files (also ``.gz``) are read as text, with the separator found out; other files through
    OGR, geometry as WKB in longitude/latitude. Raises ``InputError`` for a file that is not a
    table.
    """
    path = Path(path)
    progress = progress or Silent()
    if not path.exists() and not str(path).startswith("/vsi"):
        raise InputError(f"The table {path} does not exist.")
    if path.name.lower().endswith(_CSV_SUFFIXES):
        return _read_csv(path, columns)
    return _read_ogr(path, layer, columns, progress)


def _read_csv(path: Path, columns: Sequence[str] | None) -> Table:
    raw = path.read_bytes()
    try:
        data = gzip.decompress(raw) if path.suffix.lower() == ".gz" else raw
    except (OSError, EOFError) as error:
        raise InputError(f"{path.name} is not a readable gzip file ({error}).") from error
    if b"\x00" in data[:4096]:
        raise InputError(f"{path.name} holds binary data, not a table of text.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    if text.lstrip()[:1] == "<":
        raise InputError(f"{path.name} holds a web page, not a table: download it again.")
    if not text.strip():
        raise InputError(f"{path.name} is empty.")
    rows = list(csv.reader(io.StringIO(text), delimiter=_separator(text)))
    names = [name.strip() for name in rows[0]]
    short = [number for number, row in enumerate(rows[1:], 2) if row and len(row) < len(names)]
    if short:
        raise TableError(
            f"Line {short[0]} of {path.name} is shorter than its header ({len(names)} columns): the file is "
            "truncated. Get it again, or remove the line."
        )
    cells = np.array([row[: len(names)] for row in rows[1:] if row], dtype=object).reshape(
        -1, len(names)
    )
    kept = {name: cells[:, i] for i, name in enumerate(names) if not columns or name in columns}
    return Table(kept, path.name)


def _separator(text: str) -> str:
    first = text[: text.find("\n")] if "\n" in text else text
    return max((",", ";", "\t"), key=first.count)


def _read_ogr(path: Path, layer: str, columns: Sequence[str] | None, progress: Progress) -> Table:
    try:
        dataset = gdal.OpenEx(str(path), gdal.OF_VECTOR | gdal.OF_READONLY)
        source = dataset.GetLayerByName(layer) if layer else dataset.GetLayer(0)
    except RuntimeError as error:
        raise InputError(f"{path.name} is not a table that can be read: {error}.") from error
    if source is None:
        raise InputError(f"{path.name} has no layer '{layer}'.")
    definition = source.GetLayerDefn()
    fields = [definition.GetFieldDefn(i) for i in range(definition.GetFieldCount())]
    wanted = [i for i, field in enumerate(fields) if not columns or field.GetName() in columns]
    rows: list[tuple[Any, ...]] = []
    shapes: list[bytes | None] = []
    transform = _to_geographic(source)
    spatial = definition.GetGeomFieldCount() > 0
    for number, feature in enumerate(source):
        if number % _CHUNK == 0:
            check(progress)
        rows.append(tuple(feature.GetField(i) for i in wanted))
        if spatial:
            shapes.append(_wkb(feature.GetGeometryRef(), transform))
    values = list(zip(*rows, strict=True)) if rows else [() for _ in wanted]
    table = {
        fields[i].GetName(): _typed(cells, fields[i].GetType())
        for i, cells in zip(wanted, values, strict=True)
    }
    geometry = None
    if spatial:
        geometry = np.empty(len(shapes), dtype=object)
        geometry[:] = shapes
    kind = ogr.GeometryTypeToName(definition.GetGeomType()).replace("3D ", "")
    return Table(table, path.name, geometry, kind)


def _typed(cells: tuple[Any, ...], kind: int) -> AnyArray:
    if kind == ogr.OFTReal:
        return np.array([np.nan if cell is None else cell for cell in cells], dtype=np.float64)
    if kind in (ogr.OFTInteger, ogr.OFTInteger64):
        if any(cell is None for cell in cells):
            return np.array([np.nan if cell is None else cell for cell in cells], dtype=np.float64)
        return np.array(cells, dtype=np.int64)
    if kind in (ogr.OFTDateTime, ogr.OFTDate):
        cells = tuple("" if c is None else c.replace("/", "-").replace("+00", "") for c in cells)
    return np.array(["" if cell is None else str(cell) for cell in cells], dtype=object)


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


def _wkb(
    geometry: ogr.Geometry | None, transform: osr.CoordinateTransformation | None
) -> bytes | None:
    if geometry is None:
        return None
    if transform is not None:
        geometry.Transform(transform)
    return bytes(geometry.ExportToWkb(ogr.wkbNDR))


def write_table(
    table: Table, path: str | Path, layer: str = "", progress: Progress | None = None
) -> None:
    """Write ``table`` to a new file whose format follows the suffix, and verify it by counting its
    rows.

    Times become ISO 8601 UTC text, truth values 0/1, NaN and NaT empty cells. ``layer`` is the name
    inside a GeoPackage (default: the file's stem). Raises ``OutputError`` for an unknown suffix or
    an incomplete file.
    """
    path = Path(path)
    driver = TABLE_DRIVERS.get(path.suffix.lower())
    if driver is None:
        raise OutputError(
            f"Tables cannot be written as '{path.suffix}'. Use one of: {', '.join(TABLE_DRIVERS)}."
        )
    try:
        _write_ogr(table, path, driver, layer or path.stem, progress or Silent())
        written = _count(path)
    except RuntimeError as error:
        raise OutputError(f"{path.name} could not be written: {error}.") from error
    if written != len(table):
        raise OutputError(f"{path.name} holds {written} of {len(table)} rows: is the disk full?")


def _write_ogr(table: Table, path: Path, driver: str, layer: str, progress: Progress) -> None:
    # OGR's layer takes the file's name, which for a staged file is a temporary one: it is given
    # explicitly.
    dataset = ogr.GetDriverByName(driver).CreateDataSource(str(path))
    kind = ogr.wkbNone
    if table.geometry is not None:
        kind = getattr(ogr, "wkb" + table.geometry_type.replace(" ", ""), ogr.wkbUnknown)
    target = dataset.CreateLayer(layer, _wgs84(), kind)
    columns = {key: _writable(values) for key, values in table.columns.items()}
    for key, values in columns.items():
        target.CreateField(ogr.FieldDefn(key, _FIELDS[values.dtype.kind][0]))
    target.StartTransaction()
    definition = target.GetLayerDefn()
    for number, (shape, cells) in enumerate(_rows(table, columns)):
        if number % _CHUNK == 0:
            check(progress)
            progress.report(number / max(len(table), 1))
        feature = ogr.Feature(definition)
        for index, cell in cells:
            feature.SetField(index, cell)
        if shape is not None:
            feature.SetGeometryDirectly(ogr.CreateGeometryFromWkb(shape))
        target.CreateFeature(feature)
    target.CommitTransaction()
    target.SyncToDisk()
    dataset.FlushCache()


def _writable(values: AnyArray) -> AnyArray:
    return iso_texts(values) if values.dtype.kind == "M" else values


def _rows(
    table: Table, columns: dict[str, AnyArray]
) -> Iterable[tuple[bytes | None, list[tuple[int, Any]]]]:
    """Geometry and (field index, value) pairs per row; empty cells are left out, so that they stay
    NULL.
    """
    converted = []
    for values in columns.values():
        convert = _FIELDS[values.dtype.kind][1]
        empty = np.isnan(values) if values.dtype.kind == "f" else values == ""
        cells = values.tolist()
        converted.append((cells, np.broadcast_to(empty, len(cells)), convert))
    shapes: Any = table.geometry if table.geometry is not None else [None] * len(table)
    for row in range(len(table)):
        yield (
            shapes[row],
            [
                (index, convert(cells[row]))
                for index, (cells, empty, convert) in enumerate(converted)
                if not empty[row] and cells[row] is not None
            ],
        )


def _count(path: Path) -> int:
    dataset = gdal.OpenEx(str(path), gdal.OF_VECTOR | gdal.OF_READONLY)
    return int(dataset.GetLayer(0).GetFeatureCount(1))
