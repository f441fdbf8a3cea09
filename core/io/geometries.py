# SPDX-License-Identifier: GPL-3.0-or-later
"""Geometries as well-known binary: made of degrees, and read back."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np
from osgeo import ogr, osr

from ..table import Table
from ..types import AnyArray, FloatArray

_COORDINATES = (("longitude", "latitude"), ("lon", "lat"))


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


def row_geometry(table: Table) -> AnyArray | None:
    """The geometries (n,) of the rows, as well-known binary; of a table without any, points of its
    columns of longitude and latitude (any case, also lon and lat); None without those.
    """
    if table.geometry is not None:
        return table.geometry
    known = {name.casefold(): name for name in table.columns}
    for longitude, latitude in _COORDINATES:
        if longitude in known and latitude in known:
            return points(table.floats(known[longitude]), table.floats(known[latitude]))
    return None


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


def reference_of(wkt: str) -> osr.SpatialReference:
    """The CRS ``wkt``, x before y; longitude and latitude of WGS 84 for ""."""
    if not wkt:
        return wgs84()
    reference = osr.SpatialReference()
    reference.ImportFromWkt(wkt)
    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return reference


def wgs84() -> osr.SpatialReference:
    """Longitude and latitude, in this order."""
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(4326)
    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return reference
