# SPDX-License-Identifier: GPL-3.0-or-later
"""Opening a database: made where it is not there yet, brought up to date where it is older."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
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
    db = _connect(name, wait_s, progress)
    try:
        _make_ready(db, create)
    except BaseException:
        _abandon(db, new)
        raise
    return db


@contextmanager
def writing(
    name: DatabaseName, wait_s: float = WAIT_S, progress: Progress | None = None
) -> Iterator[Database]:
    """A database to write into, all of it one transaction: made where it is not there yet.

    Where the block ends by an exception all is as it was before, and there is no new file.
    """
    new = bool(name.path) and not Path(name.path).exists()
    db = _connect(name, wait_s, progress)
    try:
        with db.transaction():
            _make_ready(db, create=True)
            yield db
    except BaseException:
        _abandon(db, new)
        raise
    db.close()


def _connect(name: DatabaseName, wait_s: float, progress: Progress | None) -> Database:
    return (GeoPackage if name.path else Postgis)(name, wait_s, progress)


def _abandon(db: Database, new: bool) -> None:
    """Close, and remove the file that opening has made, where nobody has written into it since."""
    try:
        empty = new and not db.value("SELECT COUNT(*) FROM sqlite_master")
    except DatabaseError:
        empty = False
    db.close()
    if empty:
        Path(db.name.path).unlink(missing_ok=True)


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
