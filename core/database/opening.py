# SPDX-License-Identifier: GPL-3.0-or-later
"""Opening a database: made where it is not there yet, brought up to date where it is older."""

from __future__ import annotations

from pathlib import Path

from ..errors import DatabaseError
from ..progress import Progress
from .base import WAIT_S, Database
from .geopackage import GeoPackage
from .migrations import create as create_tables
from .migrations import migrate, refuse_newer, stored_version
from .names import DatabaseName, parse_name
from .postgis import Postgis
from .schema import SCHEMA_VERSION


def open_database(
    name: str | DatabaseName,
    create: bool = False,
    wait_s: float = WAIT_S,
    progress: Progress | None = None,
) -> Database:
    """Open the database that ``name`` says: the path of a GeoPackage, or a ``postgresql://`` URL.

    ``create``: make the file and the tables where they are missing. Tables of an older version are
    migrated. ``wait_s``: how long to wait for another writer; a user's wish to stop ends the
    wait. Raises ``InputError`` for a name that is none, ``DatabaseError`` where there is no usable
    database, or one of a newer version.
    """
    if isinstance(name, str):
        name = parse_name(name)
    path = Path(name.path) if name.path else None
    if path is not None and not create and not path.is_file():
        raise DatabaseError(
            f"The database {name} does not exist. Import or extract measurements into it first, or "
            "choose another one."
        )
    new = path is not None and not path.exists()
    db = (GeoPackage if name.path else Postgis)(name, wait_s, progress)
    try:
        _make_ready(db, create)
    except BaseException:
        db.close()
        if new and path is not None and path.exists() and path.stat().st_size == 0:
            path.unlink()
        raise
    return db


def _make_ready(db: Database, create: bool) -> None:
    version = stored_version(db)
    if version == SCHEMA_VERSION:
        return
    if version is None and not create:
        raise DatabaseError(
            f"The database {db.name} holds no calibration measurements. Import or extract some "
            "into it first, or choose another one."
        )
    refuse_newer(db, version or 0)
    with db.transaction():
        # Another program may have done it while this one waited.
        version = stored_version(db)
        if version is None:
            create_tables(db)
        elif version < SCHEMA_VERSION:
            migrate(db, version)
        else:
            refuse_newer(db, version)
