# SPDX-License-Identifier: GPL-3.0-or-later
"""The database in a GeoPackage, through Python's own SQLite.

GeoPackage 1.3 (OGC 12-128r17): the tables that it asks for, polygons with its header, no triggers
that would need functions of a spatial library.
"""

from __future__ import annotations

import os
import sqlite3
import struct
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..errors import DatabaseError
from ..progress import Progress
from ..types import AnyArray
from . import ddl
from .base import WAIT_S, Database
from .names import DatabaseName
from .registration import describe_geopackage, prepare_geopackage
from .schema import POLYGON, TableDefinition

_APPLICATION = 0x47504B47  # "GPKG"
_VERSION = 10300
_READER_WAIT_S = 10.0
_LEAST_BYTES = 512  # the smallest page that SQLite writes; what is shorter it takes for nothing
_MAKING_WAIT_S = 1.0


class GeoPackage(Database):
    """An open GeoPackage; raises ``DatabaseError`` where the file cannot be used as one."""

    dialect = ddl.GeoPackageDialect()

    def __init__(
        self, name: DatabaseName, wait_s: float = WAIT_S, progress: Progress | None = None
    ) -> None:
        super().__init__(name, wait_s, progress)
        self._path = Path(name.path)
        self._logged = False  # whether this connection asked for a write-ahead log
        if not self._path.parent.is_dir():
            raise DatabaseError(
                f"The folder of the database {name} does not exist. Make it, or choose another "
                "place."
            )
        _refuse_other(self._path)
        with self._sentences():
            self._connection = sqlite3.connect(
                name.path, timeout=_READER_WAIT_S, isolation_level=None
            )
        try:
            with self._sentences():
                self._connection.execute("PRAGMA foreign_keys = ON")
                self.value("SELECT COUNT(*) FROM sqlite_master")
            self._file = _identity(self._path)
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        """Close the connection; the file is then whole without others beside it."""
        if self._logged:
            self._journal("DELETE")
        self._connection.close()

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows that a statement gives."""
        with self._sentences():
            return self._connection.execute(statement, values).fetchall()

    def run(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Run a statement that gives no rows."""
        with self._sentences():
            self._connection.execute(statement, values)

    def insert(self, table: TableDefinition, columns: Mapping[str, AnyArray]) -> None:
        """Add rows from columns; see ``Database.insert``."""
        cells = [_cells(table, name, values) for name, values in columns.items()]
        with self._sentences():
            self._connection.executemany(
                ddl.insert(table.name, list(columns)), zip(*cells, strict=True)
            )

    def shape(self, value: Any) -> bytes | None:
        """Well-known binary of a geometry as it is read."""
        return None if value is None else without_header(value)

    def has_table(self, name: str) -> bool:
        """Whether there is a table or view of that name."""
        found = self.value(
            "SELECT COUNT(*) FROM sqlite_master WHERE type IN ('table', 'view') AND name = ?",
            (name,),
        )
        return bool(found)

    def prepare(self) -> None:
        """Make what has to be there before the first table."""
        own = self.value("SELECT COUNT(*) FROM sqlite_master")
        if own and not self.has_table("gpkg_contents"):
            raise DatabaseError(
                f"{self.name} is an SQLite database of another kind, not a GeoPackage. Choose "
                "another file."
            )
        if not own:
            self.run(f"PRAGMA application_id = {_APPLICATION}")
            self.run(f"PRAGMA user_version = {_VERSION}")
        prepare_geopackage(self)

    def describe(self) -> None:
        """Register tables, views and styles."""
        describe_geopackage(self)

    def _journal(self, mode: str) -> None:
        """Ask for a way to protect transactions; the file keeps the one it has where it is in use.

        With a write-ahead log others can read while this program writes.
        """
        try:
            self._connection.execute(f"PRAGMA journal_mode = {mode}").fetchall()
        except sqlite3.Error:
            return

    def _begin_write(self) -> bool:
        self._still_there()
        try:
            # The own loop waits, so that it can be canceled.
            self._connection.execute("PRAGMA busy_timeout = 0")
            if not self._logged:
                self._journal("WAL")
                self._logged = True
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                return False
            raise self._failure(error) from error
        finally:
            self._connection.execute(f"PRAGMA busy_timeout = {int(_READER_WAIT_S * 1000)}")
        return True

    def _begin_read(self) -> None:
        self._still_there()
        self.run("BEGIN")

    def _commit(self) -> None:
        # SQLite would go on writing into a file that is no longer in its folder.
        self._still_there()
        self.run("COMMIT")
        if self._mode == "write":
            # Into the file itself, where others can; a copy of the file alone is then complete.
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _rollback(self) -> None:
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error:
            self._connection.close()

    def _still_there(self) -> None:
        if self._mode != "" or self._file[0]:
            try:
                same = _identity(self._path) == self._file
            except DatabaseError:
                same = False
            if not same:
                raise DatabaseError(
                    f"The database {self.name} was removed or replaced while it was in use. What "
                    "was not finished is not in it: put the file back, and run this again."
                )

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise self._failure(error) from error

    def _failure(self, error: sqlite3.Error) -> DatabaseError:
        text = str(error)
        for part, advice in _ADVICE.items():
            if part in text:
                return DatabaseError(f"The database {self.name} {advice}")
        return DatabaseError(
            f"The database {self.name} cannot be used ({text}). What was not finished was not kept."
        )


_ADVICE = {
    "locked": "is in use by another program that did not finish in time. What was not finished "
    "was not kept: run this again when the other program is done.",
    "not a database": "is a file of another kind: it is not a GeoPackage. Choose another file.",
    "malformed": "is damaged. Take the last copy of it.",
    "unable to open": "cannot be opened. Look at its name and at the rights of its folder.",
    "readonly": "cannot be written: the file or its folder is read-only, or was replaced while it "
    "was in use. What was not finished was not kept.",
    "disk is full": "cannot be written because the disk is full. What was not finished was not "
    "kept.",
    "disk I/O": "was lost, or its disk fails. What was not finished was not kept: look whether "
    "the disk is there.",
}


def _refuse_other(path: Path) -> None:
    """Refuse an existing file that SQLite would silently make a database of: too short or empty.

    An empty one may be a database that another program is just making: that is waited for.
    """
    until = time.monotonic() + _MAKING_WAIT_S
    while path.is_file() and not path.stat().st_size and time.monotonic() < until:
        time.sleep(0.05)
    if not path.is_file():
        return
    size = path.stat().st_size
    if size < _LEAST_BYTES:
        what = "is empty" if not size else "is a file of another kind"
        raise DatabaseError(
            f"The database {path} {what}: it is not a GeoPackage. Choose another file, or remove "
            "it first."
        )


def _identity(path: Path) -> tuple[int, int]:
    try:
        found = os.stat(path)
    except OSError as error:
        raise DatabaseError(f"The database {path} is not there.") from error
    return found.st_ino, found.st_dev


def _cells(table: TableDefinition, name: str, values: AnyArray) -> list[Any]:
    column = table.column(name)
    cells: list[Any] = values.tolist()
    if column.kind == POLYGON:
        return [None if cell is None else with_header(cell) for cell in cells]
    if values.dtype.kind == "i" and not column.required:
        return [None if cell < 0 else cell for cell in cells]
    if values.dtype.kind in "OU" and not column.required:
        return [cell or None for cell in cells]
    return cells  # SQLite itself makes NULL of NaN


def with_header(shape: bytes) -> bytes:
    """Well-known binary as GeoPackage keeps it: header with the reference system, no envelope."""
    return b"GP\x00\x01" + struct.pack("<i", 4326) + shape


def without_header(blob: bytes) -> bytes:
    """Well-known binary of what a GeoPackage keeps, whichever envelope it has."""
    length = (0, 32, 48, 48, 64)[blob[3] >> 1 & 7]
    return blob[8 + length :]
