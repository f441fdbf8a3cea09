# SPDX-License-Identifier: GPL-3.0-or-later
"""Sites on the ground: points or polygons of a layer, or one point per site of an AERONET table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .errors import InsufficientDataError, TableError
from .io.shapes import joined, places
from .io.tables import positions
from .table import Table
from .types import AnyArray, FloatArray

SITE_FIELDS = ("site", "name", "Site", "Name", "AERONET_Site", "AERONET_Site_Name", "site_name")
MOVED_M = 500.0


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
    longitude, latitude, reasons, shapes = _places(table, polygons)
    known = np.isfinite(longitude) & np.isfinite(latitude) & (np.abs(latitude) <= 90.0)
    known &= np.abs(longitude) <= 360.0
    usable = known & (names != "")
    impossible = _impossible(longitude, latitude)
    notes: list[str] = []
    if not usable.all():
        left_out = int(np.count_nonzero(~usable))
        why = f" ({', '.join(reasons)})" if reasons else ""
        notes.append(f"{left_out} row(s) of {table.name} have no name or no place: left out{why}.")
        notes += [f"{table.name}, {one}" for one in impossible[:1]]
    if not usable.any() and impossible:
        raise InsufficientDataError(f"No site of {table.name} has a place: {impossible[0]}")
    if not usable.any():
        holds = f" but {', '.join(reasons)}" if reasons else ""
        kind = "point or polygon" if polygons else "point"
        raise InsufficientDataError(
            f"{table.name} holds no named {kind}{holds}. Give a layer of single {kind}s with a "
            "column of site names, or the output of the AERONET import."
        )
    sites = []
    rows = np.flatnonzero(usable)
    unique, inverse = np.unique(names[rows].astype(str), return_inverse=True)
    for number, name in enumerate(unique):
        own = rows[inverse == number]
        # Photometers are moved now and then; the last place is where recent data were taken.
        outlines = [shapes[row] for row in own if shapes[row] is not None]
        site = Site(
            str(name),
            float(longitude[own[-1]]),
            float(latitude[own[-1]]),
            joined(outlines) if outlines else None,
        )
        if len(outlines) > 1:
            notes.append(f"Site {name} of {table.name} has {len(outlines)} polygons: joined.")
        elif _spread_m(longitude[own], latitude[own]) > MOVED_M:
            notes.append(f"Site {name} has several places in {table.name}: its last one is used.")
        sites.append(site)
    return tuple(sites), tuple(notes)


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


def _places(table: Table, polygons: bool) -> tuple[FloatArray, FloatArray, list[str], AnyArray]:
    """Longitude and latitude per row, which geometries cannot be used, and polygons (or None)."""
    none = np.full(len(table), None, dtype=object)
    if table.geometry is not None and any(shape is not None for shape in table.geometry):
        if polygons:
            longitude, latitude, reasons, none = places(table.geometry)
        else:
            longitude, latitude, reasons = positions(table.geometry)
        return longitude, latitude, sorted(set(reasons.tolist()) - {"", "no geometry"}), none
    if "longitude" in table and "latitude" in table:
        return table.floats("longitude"), table.floats("latitude"), [], none
    raise TableError(
        f"{table.name} has neither points nor columns 'longitude' and 'latitude': the places of "
        "its sites are not known."
    )


def _spread_m(longitude: AnyArray, latitude: AnyArray) -> float:
    scale = np.cos(np.radians(float(latitude[-1])))
    east = np.abs(longitude - longitude[-1]).max() * scale
    north = np.abs(latitude - latitude[-1]).max()
    return float(max(east, north) * 111_195.0)
