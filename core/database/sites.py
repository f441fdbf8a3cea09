# SPDX-License-Identifier: GPL-3.0-or-later
"""Sites: those shipped with the toolbox, and those that measurements name."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from ..errors import InputError
from ..io.tables import polygon
from . import ddl
from .base import Database
from .registration import update_extent
from .schema import table

SHIPPED = Path(__file__).parents[2] / "resources" / "sites" / "calibration_sites.geojson"
_COLUMNS = ("name", "type", "longitude", "latitude", "altitude_m", "reference", "geom")


@dataclass(frozen=True)
class CalibrationSite:
    """A site: its ``type`` ("desert", "snow", "ocean", "cloud", ... or "" where it is not known),
    center in degrees (NaN: not known), and outline as well-known binary (None: not known);
    ``group``: the set of shipped sites that it belongs to, which the database does not keep.
    """

    name: str
    type: str = ""
    longitude: float = math.nan
    latitude: float = math.nan
    outline: bytes | None = None
    altitude_m: float = math.nan
    reference: str = ""
    group: str = ""


@cache
def shipped_sites() -> Mapping[str, CalibrationSite]:
    """The sites of ``resources/sites/calibration_sites.geojson`` by name."""
    made = {}
    for feature in json.loads(SHIPPED.read_text(encoding="utf-8"))["features"]:
        of, ring = feature["properties"], feature["geometry"]["coordinates"][0]
        made[of["name"]] = CalibrationSite(
            of["name"], of["type"], of["longitude"], of["latitude"],
            polygon([(x, y) for x, y in ring]), of.get("altitude_m", math.nan), of["source"],
            of["set"],
        )  # fmt: skip
    return made


def shipped_site(name: str) -> CalibrationSite | None:
    """The shipped site of that name; capitals, spaces, - and _ do not matter."""
    wanted = plain_name(name)
    return next((site for key, site in shipped_sites().items() if plain_name(key) == wanted), None)


def plain_name(name: str) -> str:
    """A name as names are compared."""
    return "".join(letter for letter in name.lower() if letter not in " _-")


def site_names(db: Database) -> tuple[str, ...]:
    """The names of all sites of the database, sorted."""
    return tuple(sorted(db.ids("sites")))


def load_sites(db: Database) -> tuple[CalibrationSite, ...]:
    """All sites of the database, sorted by name."""
    found = db.rows(ddl.select("sites", _COLUMNS, "ORDER BY name"))
    return tuple(
        CalibrationSite(
            name, kind or "", _number(longitude), _number(latitude), db.shape(shape),
            _number(altitude), reference or "",
        )
        for name, kind, longitude, latitude, altitude, reference, shape in found
    )  # fmt: skip


def site_types(db: Database) -> dict[str, str]:
    """The type of each site of the database by its name, "" where it is not known."""
    found = db.rows(ddl.select("sites", ("name", "type")))
    return {str(name): str(kind or "") for name, kind in found}


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def save_sites(db: Database, sites: Iterable[CalibrationSite]) -> dict[str, int]:
    """The numbers of all sites by name, after those of ``sites`` that are missing were added.

    What is not said of a site is taken from the shipped one of the same name. A site that is there
    stays as it is.
    """
    with db.transaction():
        known = db.ids("sites")
        new = [_completed(site) for site in sites if site.name not in known]
        if any(not site.name.strip() for site in new):
            raise InputError("A site without a name cannot be kept: give its name (SITE).")
        if new:
            first = db.next_id("sites")
            outlines = np.empty(len(new), dtype=object)
            outlines[:] = [site.outline for site in new]
            numbers = ("longitude", "latitude", "altitude_m")
            texts = ("name", "type", "reference")
            columns = {"id": np.arange(first, first + len(new)), "geom": outlines}
            columns |= {key: np.array([getattr(one, key) for one in new]) for key in numbers}
            columns |= {
                key: np.array([getattr(one, key) for one in new], dtype=object) for key in texts
            }
            db.insert(table("sites"), columns)
            update_extent(db)
            known = db.ids("sites")
        return known


def _completed(site: CalibrationSite) -> CalibrationSite:
    known = shipped_site(site.name)
    if known is None or site.outline is not None:
        return site
    # What was measured somewhere else under the same name is not at the shipped site.
    away = abs(site.latitude - known.latitude) > 1.0  # False where the latitude is not known
    return site if away else replace(known, name=site.name, type=site.type or known.type)
