# SPDX-License-Identifier: GPL-3.0-or-later
"""What was extracted from products already, so that it is not read again."""

from __future__ import annotations

from pathlib import Path

from ..progress import Progress
from .base import Database
from .names import DatabaseName
from .opening import open_database
from .sensors import load_sensor

Extracted = tuple[str, str, str, str]


def extracted(name: DatabaseName, progress: Progress | None = None) -> set[Extracted]:
    """Sensor, product, version and site of all measurements that name a product; nothing where the
    database is not there yet.
    """
    if name.path and not Path(name.path).exists():
        return set()
    with open_database(name, create=True, progress=progress) as db:
        rows = db.rows(
            "SELECT n.name, m.product, m.version, s.name FROM measurements m "
            "JOIN sites s ON s.id = m.site_id JOIN sensors n ON n.id = m.sensor_id "
            "WHERE m.product <> ''"
        )
    return {(str(a), str(b), str(c), str(d)) for a, b, c, d in rows}


def product_metadata(
    name: DatabaseName, progress: Progress | None = None
) -> dict[tuple[str, str, str], str]:
    """What is kept of the metadata (JSON text) of all products, by sensor, name and version;
    nothing where the database is not there yet.
    """
    if name.path and not Path(name.path).exists():
        return {}
    with open_database(name, create=True, progress=progress) as db:
        rows = db.rows(
            "SELECT n.name, p.name, p.version, p.meta_json FROM products p "
            "JOIN sensors n ON n.id = p.sensor_id"
        )
    return {(str(a), str(b), str(c)): str(d or "") for a, b, c, d in rows}


def known_wavelengths(db: Database, sensor: str) -> dict[str, float]:
    """The wavelengths (nm) of the bands that the database has of a sensor; none for a new one."""
    if sensor not in db.ids("sensors"):
        return {}
    return {band.name: band.wavelength_nm for band in load_sensor(db, sensor).bands}
