# SPDX-License-Identifier: GPL-3.0-or-later
"""Sites on the ground: points of a layer, or one point per site of an AERONET table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import InsufficientDataError, TableError
from ..io.tables import positions
from ..table import Table
from ..types import AnyArray, FloatArray

SITE_FIELDS = ("site", "name", "Site", "Name", "AERONET_Site", "AERONET_Site_Name", "site_name")
MOVED_M = 500.0


@dataclass(frozen=True)
class Site:
    """A named place; degrees, WGS 84."""

    name: str
    longitude: float
    latitude: float


def sites_from_table(table: Table, field: str = "") -> tuple[tuple[Site, ...], tuple[str, ...]]:
    """The distinct sites of ``table`` with the place of their last row, and notes about oddities.

    ``field`` names the column of the site names (empty: the first of ``SITE_FIELDS`` that is
    there). Places come from the geometry, or else from columns ``longitude`` and ``latitude``.
    Raises ``TableError`` without a usable column, ``InsufficientDataError`` without any site.
    """
    names = table.texts(_site_field(table, field))
    longitude, latitude, reasons = _places(table)
    known = np.isfinite(longitude) & np.isfinite(latitude) & (np.abs(latitude) <= 90.0)
    known &= np.abs(longitude) <= 360.0
    usable = known & (names != "")
    notes: list[str] = []
    if not usable.all():
        left_out = int(np.count_nonzero(~usable))
        why = f" ({', '.join(reasons)})" if reasons else ""
        notes.append(f"{left_out} row(s) of {table.name} have no name or no place: left out{why}.")
    if not usable.any():
        holds = f" but {', '.join(reasons)}" if reasons else ""
        raise InsufficientDataError(
            f"{table.name} holds no named point{holds}. Give a layer of single points with a "
            "column of site names, or the output of the AERONET import."
        )
    sites = []
    rows = np.flatnonzero(usable)
    unique, inverse = np.unique(names[rows].astype(str), return_inverse=True)
    for number, name in enumerate(unique):
        own = rows[inverse == number]
        # Photometers are moved now and then; the last place is where recent data were taken.
        site = Site(str(name), float(longitude[own[-1]]), float(latitude[own[-1]]))
        if _spread_m(longitude[own], latitude[own]) > MOVED_M:
            notes.append(f"Site {name} has several places in {table.name}: its last one is used.")
        sites.append(site)
    return tuple(sites), tuple(notes)


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


def _places(table: Table) -> tuple[FloatArray, FloatArray, list[str]]:
    """Longitude and latitude per row, and which geometries other than single points there are."""
    if table.geometry is not None and any(shape is not None for shape in table.geometry):
        longitude, latitude, reasons = positions(table.geometry)
        return longitude, latitude, sorted(set(reasons.tolist()) - {"", "no geometry"})
    if "longitude" in table and "latitude" in table:
        return table.floats("longitude"), table.floats("latitude"), []
    raise TableError(
        f"{table.name} has neither points nor columns 'longitude' and 'latitude': the places of "
        "its sites are not known."
    )


def _spread_m(longitude: AnyArray, latitude: AnyArray) -> float:
    scale = np.cos(np.radians(float(latitude[-1])))
    east = np.abs(longitude - longitude[-1]).max() * scale
    north = np.abs(latitude - latitude[-1]).max()
    return float(max(east, north) * 111_195.0)
