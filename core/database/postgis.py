# SPDX-License-Identifier: GPL-3.0-or-later
"""The database in PostgreSQL with PostGIS, through psycopg2, which comes with QGIS.

The tables are in a schema of their own (``calval``, or what the name of the database says).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..dependencies import require
from ..errors import CalValError, DatabaseError
from ..progress import Progress
from ..types import AnyArray, BoolArray
from . import ddl
from .base import WAIT_S, Database
from .copying import HEADER, TRAILER, binary_rows
from .names import DatabaseName, scrubbed
from .registration import SRS, describe_postgis
from .schema import POLYGON, TableDefinition

# A server that is gone without a word is noticed within half a minute.
_DEFAULTS = {
    "connect_timeout": "10", "application_name": "calval_toolbox", "keepalives_idle": "10",
    "keepalives_interval": "5", "keepalives_count": "4", "tcp_user_timeout": "30000",
}  # fmt: skip
_LOCK = 0x63616C76  # "calv": the number of the advisory lock of writers
_FEW = 5  # rows that are not worth a COPY


class Postgis(Database):
    """An open PostgreSQL database; raises ``DatabaseError`` where it cannot be reached."""

    dialect = ddl.PostgisDialect()

    def __init__(
        self, name: DatabaseName, wait_s: float = WAIT_S, progress: Progress | None = None
    ) -> None:
        super().__init__(name, wait_s, progress)
        self._driver: Any = require("psycopg2")
        require("psycopg2.errors")
        try:
            self._connection = self._driver.connect(
                **{**_DEFAULTS, **name.parameters}, client_encoding="utf8"
            )
        except (self._driver.Error, UnicodeError) as error:
            raise DatabaseError(
                f"The database {name} cannot be opened ({_first(error, name)}). Look at its "
                "address and at the user; a password comes from QGIS's authentication manager, "
                "from PGPASSWORD or from a .pgpass file."
            ) from None
        self._connection.autocommit = True
        # Other schemas are not looked at, so that no table of the user is taken for one of ours.
        # PostGIS may be in any of them: its types and functions are found by its own schema.
        home = self.value(
            "SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace "
            "WHERE e.extname = 'postgis'"
        )
        path = [ddl.quoted(name.schema), *([ddl.quoted(home)] if home else [])]
        self.run(f"SET search_path TO {', '.join(path)}")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows that a statement gives."""
        with self._sentences(), self._connection.cursor() as cursor:
            cursor.execute(_marks(statement), tuple(values) or None)
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found

    def run(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Run a statement that gives no rows."""
        with self._sentences(), self._connection.cursor() as cursor:
            cursor.execute(_marks(statement), tuple(values) or None)

    def insert(self, table: TableDefinition, columns: Mapping[str, AnyArray]) -> None:
        """Add rows from columns; see ``Database.insert``."""
        names = list(columns)
        if table.geometry in columns or len(columns[names[0]]) < _FEW:
            self._insert_rows(table, columns)
            return
        values = list(columns.values())
        empty = [_empty(table, name, columns[name]) for name in names]
        stream = io.BytesIO(HEADER + binary_rows(values, empty) + TRAILER)
        statement = f"COPY {ddl.quoted(table.name)} ({ddl.names(names)}) FROM STDIN (FORMAT binary)"
        with self._sentences(), self._connection.cursor() as cursor:
            cursor.copy_expert(statement, stream)

    def _insert_rows(self, table: TableDefinition, columns: Mapping[str, AnyArray]) -> None:
        marks = [f"ST_GeomFromWKB(?, {SRS})" if name == table.geometry else "?" for name in columns]
        statement = _marks(ddl.insert(table.name, list(columns), marks))
        empty = [_empty(table, name, values) for name, values in columns.items()]
        cells = [
            [None if gone else cell for cell, gone in zip(values.tolist(), lost, strict=True)]
            for values, lost in zip(columns.values(), empty, strict=True)
        ]
        with self._sentences(), self._connection.cursor() as cursor:
            cursor.executemany(statement, list(zip(*cells, strict=True)))

    def shape(self, value: Any) -> bytes | None:
        """Well-known binary of a geometry as it is read."""
        if value is None:
            return None
        shape = bytes.fromhex(value)
        order = "<" if shape[0] == 1 else ">"
        kind = int(np.frombuffer(shape, dtype=f"{order}u4", count=1, offset=1)[0])
        if not kind & 0x20000000:
            return shape
        plain = np.array([kind & ~0x20000000], dtype=f"{order}u4").tobytes()
        return shape[:1] + plain + shape[9:]

    def has_table(self, name: str) -> bool:
        """Whether there is a table or view of that name."""
        found = self.value(
            "SELECT COUNT(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = ? AND c.relname = ? AND c.relkind IN ('r', 'v', 'p', 'm')",
            (self.name.schema, name),
        )
        return bool(found)

    def prepare(self) -> None:
        """Make what has to be there before the first table."""
        schema = ddl.quoted(self.name.schema)
        if not self.value("SELECT COUNT(*) FROM pg_namespace WHERE nspname = ?",
                          (self.name.schema,)):  # fmt: skip
            self.run(f"CREATE SCHEMA {schema}")
        if not self.value("SELECT COUNT(*) FROM pg_extension WHERE extname = 'postgis'"):
            try:
                self.run("CREATE EXTENSION postgis SCHEMA public")
            except CalValError as error:
                raise DatabaseError(
                    f"The database {self.name} has no PostGIS, and it could not be added "
                    f"({error}). Ask its administrator for: CREATE EXTENSION postgis."
                ) from error
            self.run(f"SET search_path TO {schema}, public")

    def describe(self) -> None:
        """Register tables, views and styles."""
        self.run("SAVEPOINT styles")
        try:
            describe_postgis(self)
        except DatabaseError:
            # Without the right to write there the layers have no default style: all else works.
            self.run("ROLLBACK TO SAVEPOINT styles")
        self.run("RELEASE SAVEPOINT styles")

    def _begin_write(self) -> bool:
        self.run("BEGIN")
        got = self.value("SELECT pg_try_advisory_xact_lock(?, hashtext(?))",
                         (_LOCK, self.name.schema))  # fmt: skip
        if not got:
            self.run("ROLLBACK")
        return bool(got)

    def _begin_read(self) -> None:
        self.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def _commit(self) -> None:
        self.run("COMMIT")

    def _rollback(self) -> None:
        try:
            with self._connection.cursor() as cursor:
                cursor.execute("ROLLBACK")
        except self._driver.Error:
            self._connection.close()

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        try:
            yield
        except self._driver.Error as error:
            raise self._failure(error) from None

    def _failure(self, error: Exception) -> DatabaseError:
        why = _first(error, self.name)
        errors = self._driver.errors
        if self._connection.closed or isinstance(
            error, self._driver.InterfaceError | errors.AdminShutdown | errors.CrashShutdown
        ):
            return DatabaseError(
                f"The connection to the database {self.name} was lost in the middle of the work "
                f"({why}). What was not finished was not kept: run this again when the database "
                "is back."
            )
        if isinstance(error, errors.InsufficientPrivilege):
            return DatabaseError(
                f"The user may not do this in the database {self.name} ({why}). Ask its "
                "administrator for the right to read and write in the schema "
                f"{self.name.schema}."
            )
        return DatabaseError(
            f"The database {self.name} cannot be used ({why}). What was not finished was not kept."
        )


def _first(error: Exception, name: DatabaseName) -> str:
    """The first line of what the driver says."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return scrubbed(lines[0], name).rstrip(".")


def _marks(statement: str) -> str:
    return statement.replace("%", "%%").replace("?", "%s")


def _empty(table: TableDefinition, name: str, values: AnyArray) -> BoolArray:
    """Where the values of a column are NULL."""
    column = table.column(name)
    if column.kind == POLYGON:
        return np.array([cell is None for cell in values], dtype=np.bool_)
    if values.dtype.kind == "f":
        return np.isnan(values)
    if column.required:
        return np.zeros(len(values), dtype=np.bool_)
    if values.dtype.kind == "i":
        return values < 0
    return np.array([not cell for cell in values.tolist()], dtype=np.bool_)
