# SPDX-License-Identifier: GPL-3.0-or-later
"""What both kinds of databases have in common: transactions, and rows in and out.

All that a run writes is one transaction: a run that is canceled, fails or is killed leaves the
database as it was before. There is one writer at a time; another one waits for it.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from ..errors import DatabaseError
from ..progress import Progress, Silent, check
from ..types import AnyArray
from .ddl import Dialect, largest_id, select
from .names import DatabaseName
from .schema import TableDefinition

_PAUSE_S = 0.1
WAIT_S = 30.0


class Database(ABC):
    """An open database; use it as a context manager, in the thread that opened it."""

    dialect: Dialect

    def __init__(
        self, name: DatabaseName, wait_s: float = WAIT_S, progress: Progress | None = None
    ) -> None:
        self.name = name
        self.wait_s = wait_s
        self.progress = progress or Silent()
        self._mode = ""  # "", "read" or "write": the transaction that is open
        self._spoiled = False

    def __enter__(self) -> Database:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # -- said by each kind

    @abstractmethod
    def close(self) -> None:
        """Close the connection; what was not committed is lost."""

    @abstractmethod
    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows that a statement gives."""

    @abstractmethod
    def run(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Run a statement that gives no rows."""

    @abstractmethod
    def insert(self, table: TableDefinition, columns: Mapping[str, AnyArray]) -> None:
        """Add rows from columns of equal length, as fast as the database takes them.

        float64: NaN is NULL; in columns that need not be filled int64 below 0 and the text "" are
        NULL; geometries: well-known binary or None.
        """

    @abstractmethod
    def shape(self, value: Any) -> bytes | None:
        """Well-known binary of a geometry as it is read from the database."""

    @abstractmethod
    def has_table(self, name: str) -> bool:
        """Whether there is a table or view of that name."""

    @abstractmethod
    def prepare(self) -> None:
        """Make what has to be there before the first table, in the open transaction."""

    @abstractmethod
    def describe(self) -> None:
        """Register the tables and views with their extents and styles, for the map."""

    @abstractmethod
    def _begin_write(self) -> bool:
        """Start a transaction as the only writer; False where there is another one."""

    @abstractmethod
    def _begin_read(self) -> None:
        """Start a transaction that sees one state of the database."""

    @abstractmethod
    def _commit(self) -> None:
        """Keep what the transaction has written."""

    @abstractmethod
    def _rollback(self) -> None:
        """Forget what the transaction has written; never raises."""

    # -- transactions

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is kept together at the end, or not at all.

        Transactions inside belong to the outer one. Raises ``DatabaseError`` where another writer
        does not finish within ``wait_s`` seconds.
        """
        if self._mode == "read":
            raise RuntimeError("a transaction that reads cannot write")
        with self._scope("write"):
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        """All that is read inside belongs to one state of the database."""
        with self._scope("read"):
            yield

    @contextmanager
    def _scope(self, mode: str) -> Iterator[None]:
        if self._mode:
            try:
                yield
            except BaseException:
                self._spoiled = True
                raise
            return
        self._wait_to_write() if mode == "write" else self._begin_read()
        self._mode, self._spoiled = mode, False
        try:
            yield
            if self._spoiled:
                raise RuntimeError("a part of the transaction failed, so the whole cannot be kept")
            self._commit()
        except BaseException:
            self._rollback()
            raise
        finally:
            self._mode = ""

    def _wait_to_write(self) -> None:
        until = time.monotonic() + self.wait_s
        while not self._begin_write():
            check(self.progress)
            if time.monotonic() >= until:
                raise DatabaseError(
                    f"Another program is writing into the database {self.name}, and did not finish "
                    f"within {self.wait_s:g} s. Nothing was written: run this again when it has, "
                    "and end edits that are open in QGIS."
                )
            time.sleep(_PAUSE_S)

    # -- helpers

    def value(self, statement: str, values: Sequence[Any] = ()) -> Any:
        """The first value of the first row, None without rows."""
        found = self.rows(statement, values)
        return found[0][0] if found else None

    def next_id(self, table: str) -> int:
        """The first number after those of the rows of ``table``; only inside a transaction."""
        return int(self.value(largest_id(table))) + 1

    def ids(self, table: str, column: str = "name") -> dict[str, int]:
        """The numbers of all rows by their names."""
        return {str(name): int(id_) for id_, name in self.rows(select(table, ("id", column)))}
