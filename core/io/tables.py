# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables in and out: GeoPackage, GeoJSON and CSV files as columnar ``Table`` values."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Sequence
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
    text = _csv_text(path)
    header, *rows = csv.reader(io.StringIO(text), delimiter=_separator(text))
    names = [name.strip() for name in header]
    if len(names) > 1 and not names[-1]:
        names.pop()  # a separator at the end of the header, as OGR writes for a single column
    short = [number for number, row in enumerate(rows, 2) if row and len(row) < len(names)]
    if short:
        raise TableError(
            f"Line {short[0]} of {path.name} is shorter than its header ({len(names)} columns): "
            "the file is truncated. Get it again, or remove the line."
        )
    full = [row[: len(names)] for row in rows if row]
    cells = np.array(full, dtype=object).reshape(-1, len(names))
    kept: dict[str, AnyArray] = {}
    for place, name in enumerate(names):
        if not columns or name in columns:
            kept.setdefault(name, cells[:, place])  # of two columns with one name the first counts
    return Table(kept, path.name)


def _csv_text(path: Path) -> str:
    """The text of a file; raises ``InputError`` where it can be no table."""
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
    return text


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
    names = [definition.GetFieldDefn(i).GetName() for i in range(definition.GetFieldCount())]
    kept = [name for name in names if not columns or name in columns]
    if len(kept) < len(names):
        source.SetIgnoredFields([name for name in names if name not in kept])
    parts: dict[str, list[AnyArray]] = {name: [] for name in kept}
    shapes: list[AnyArray] = []
    shape_key = _shape_key(source)
    for batch in source.GetArrowStreamAsNumPy([f"MAX_FEATURES_IN_BATCH={_CHUNK}"]):
        check(progress)
        for name in kept:
            parts[name].append(_typed(batch[name]))
        if shape_key:
            shapes.append(_geographic(batch[shape_key], source))
    table = {name: _joined(parts[name]) for name in kept}
    geometry = _joined(shapes) if shape_key else None
    kind = ogr.GeometryTypeToName(definition.GetGeomType()).replace("3D ", "")
    return Table(table, path.name, geometry, kind)


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
            shape = bytes(geometry.ExportToWkb(ogr.wkbNDR))
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
    dataset.FlushCache()


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
