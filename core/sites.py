# SPDX-License-Identifier: GPL-3.0-or-later
"""Sites on the ground: points or polygons of a layer, or one point per site of an AERONET table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .errors import InsufficientDataError, TableError
from .io.shapes import joined, places
from .io.tables import positions
from .table import Table
from .types import AnyArray, BoolArray, FloatArray

SITE_FIELDS = ("site", "name", "Site", "Name", "AERONET_Site", "AERONET_Site_Name", "site_name")
MOVED_M = 500.0
ALTITUDE_FIELD = "altitude_m"
_ALTITUDES_M = (-500.0, 9000.0)


@dataclass(frozen=True)
class Site:
    """A named place; degrees, WGS 84. ``polygon``: its outline as well-known binary, None of a
    point; then the place is a point inside.
    """

    name: str
    longitude: float
    latitude: float
    polygon: bytes | None = None


def sites_from_table(
    table: Table, field: str = "", polygons: bool = False
) -> tuple[tuple[Site, ...], tuple[str, ...]]:
    """The distinct sites of ``table`` with the place of their last row, and notes about oddities.

    ``field`` names the column of the site names (empty: the first of ``SITE_FIELDS`` that is
    there). Places come from the geometry, or else from columns ``longitude`` and ``latitude``.
    With ``polygons`` these are taken too, those of one name as one site.
    Raises ``TableError`` without a usable column, ``InsufficientDataError`` without any site.
    """
    names = table.texts(_site_field(table, field))
    found = _places(table, polygons)
    usable = found.known & (names != "")
    if not usable.any():
        raise InsufficientDataError(_why_none(table.name, found, polygons))
    notes = [] if usable.all() else _left_out(table.name, found, int(np.count_nonzero(~usable)))
    sites = []
    rows = np.flatnonzero(usable)
    unique, inverse = np.unique(names[rows].astype(str), return_inverse=True)
    for number, name in enumerate(unique):
        site, note = _site(str(name), found, rows[inverse == number], table.name)
        sites.append(site)
        notes += [note] if note else []
    return tuple(sites), tuple(notes)


def altitudes_from_table(table: Table, field: str = "") -> dict[str, float]:
    """The altitude (m above the sea) of each site by its column ``altitude_m``, the last one where
    several rows state it; of sites that state none there is none. ``field``: as
    ``sites_from_table``. Raises ``TableError`` for one that no ground has.
    """
    if ALTITUDE_FIELD not in table:
        return {}
    names, values = table.texts(_site_field(table, field)), table.floats(ALTITUDE_FIELD)
    known = np.isfinite(values) & (names != "")
    beyond = known & ((values < _ALTITUDES_M[0]) | (values > _ALTITUDES_M[1]))
    if beyond.any():
        row = int(np.flatnonzero(beyond)[0])
        raise TableError(
            f"{table.name} states {values[row]:g} m as the altitude of {names[row]}: give meters "
            f"above the sea, from {_ALTITUDES_M[0]:g} to {_ALTITUDES_M[1]:g} ({ALTITUDE_FIELD})."
        )
    return dict(zip(names[known].tolist(), values[known].tolist(), strict=True))


@dataclass(frozen=True)
class _Places:
    """Longitude and latitude (n,) of rows, their polygons or None, and what kinds of geometries
    could not be used.
    """

    longitude: FloatArray
    latitude: FloatArray
    shapes: AnyArray
    reasons: tuple[str, ...] = ()

    @property
    def known(self) -> BoolArray:
        """Which rows (n,) have a place on the globe."""
        there: BoolArray = np.isfinite(self.longitude) & np.isfinite(self.latitude)
        there &= (np.abs(self.latitude) <= 90.0) & (np.abs(self.longitude) <= 360.0)
        return there


def _site(name: str, found: _Places, rows: AnyArray, table: str) -> tuple[Site, str]:
    """The site of ``rows``, and a note about several polygons or places."""
    longitude, latitude = found.longitude[rows], found.latitude[rows]
    outlines = [shape for shape in found.shapes[rows] if shape is not None]
    # Photometers are moved now and then; the last place is where recent data were taken.
    site = Site(
        name, float(longitude[-1]), float(latitude[-1]), joined(outlines) if outlines else None
    )
    if len(outlines) > 1:
        return site, f"Site {name} of {table} has {len(outlines)} polygons: joined."
    if _spread_m(longitude, latitude) > MOVED_M:
        return site, f"Site {name} has several places in {table}: its last one is used."
    return site, ""


def _left_out(table: str, found: _Places, count: int) -> list[str]:
    """Notes about the ``count`` rows without a name or a place."""
    why = f" ({', '.join(found.reasons)})" if found.reasons else ""
    impossible = _impossible(found.longitude, found.latitude)[:1]
    return [
        f"{count} row(s) of {table} have no name or no place: left out{why}.",
        *(f"{table}, {one}" for one in impossible),
    ]


def _why_none(table: str, found: _Places, polygons: bool) -> str:
    """A sentence about a table without any site."""
    impossible = _impossible(found.longitude, found.latitude)
    if impossible:
        return f"No site of {table} has a place: {impossible[0]}"
    holds = f" but {', '.join(found.reasons)}" if found.reasons else ""
    kind = "point or polygon" if polygons else "point"
    return (
        f"{table} holds no named {kind}{holds}. Give a layer of single {kind}s with a column of "
        "site names, or the output of the AERONET import."
    )


def _impossible(longitude: FloatArray, latitude: FloatArray) -> list[str]:
    """A sentence for each row whose coordinates lie on no globe."""
    found = []
    for name, values, limit in (("latitude", latitude, 90.0), ("longitude", longitude, 360.0)):
        found += [
            f"row {row + 1}: the {name} {values[row]:g} is impossible. Give degrees (WGS 84), "
            "latitudes from -90 to 90 and longitudes from -180 to 360, and see that the two are "
            "not swapped."
            for row in np.flatnonzero(np.isfinite(values) & (np.abs(values) > limit))
        ]
    return found


def _site_field(table: Table, field: str) -> str:
    if field:
        if field not in table:
            raise TableError(
                f"{table.name} has no column '{field}'. Its columns are: "
                f"{', '.join(table.columns) or '(none)'}."
            )
        return field
    found = [name for name in SITE_FIELDS if name in table]
    if not found:
        raise TableError(
            f"{table.name} has no column named 'site' or 'name'. Say which column holds the names "
            f"of the sites; there are: {', '.join(table.columns) or '(none)'}."
        )
    return found[0]


def _places(table: Table, polygons: bool) -> _Places:
    """The places of the rows, from the geometry or from columns."""
    none = np.full(len(table), None, dtype=object)
    if table.geometry is not None and any(shape is not None for shape in table.geometry):
        if polygons:
            longitude, latitude, reasons, none = places(table.geometry)
        else:
            longitude, latitude, reasons = positions(table.geometry)
        unusable = sorted(set(reasons.tolist()) - {"", "no geometry"})
        return _Places(longitude, latitude, none, tuple(unusable))
    if "longitude" in table and "latitude" in table:
        return _Places(table.floats("longitude"), table.floats("latitude"), none)
    raise TableError(
        f"{table.name} has neither points nor columns 'longitude' and 'latitude': the places of "
        "its sites are not known."
    )


def _spread_m(longitude: AnyArray, latitude: AnyArray) -> float:
    scale = np.cos(np.radians(float(latitude[-1])))
    east = np.abs(longitude - longitude[-1]).max() * scale
    north = np.abs(latitude - latitude[-1]).max()
    return float(max(east, north) * 111_195.0)
