# SPDX-License-Identifier: GPL-3.0-or-later
"""From the tables of an older version to those of the present one, step by step.

A step changes version n into version n + 1 and sees the database as version n left it. All steps
are one transaction. Views, registration and styles are made anew after the last one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..errors import DatabaseError
from ..times import now_text
from ..version import plugin_version
from . import ddl
from .schema import SCHEMA_VERSION, TABLES, VERSION_TABLE, VIEWS

if TYPE_CHECKING:
    from .base import Database

Step = Callable[["Database"], None]


def add_column(db: Database, table: str, name: str) -> None:
    """Add a column of the present schema to a table of an older one."""
    definition = next(one for one in TABLES if one.name == table).column(name)
    db.run(f"ALTER TABLE {ddl.quoted(table)} ADD COLUMN {ddl.column(definition, db.dialect)}")


def add_table(db: Database, table: str) -> None:
    """Make a table of the present schema that an older one did not have."""
    for statement in ddl.create_table(next(t for t in TABLES if t.name == table), db.dialect):
        db.run(statement)


def _from_0(db: Database) -> None:
    """Version 0, the draft: no saturated fraction, no records of runs, no parameters."""
    add_column(db, "measurement_bands", "saturated_fraction")
    add_column(db, "runs", "record")
    add_table(db, "calibration_parameters")


STEPS: dict[int, Step] = {0: _from_0}


def stored_version(db: Database) -> int | None:
    """The version of the tables in a database, None where there are none."""
    if not db.has_table(VERSION_TABLE.name):
        return None
    found = db.value(ddl.select(VERSION_TABLE.name, ("version",), 'ORDER BY "id" LIMIT 1'))
    return None if found is None else int(found)


def create(db: Database) -> None:
    """Make all tables, in the open transaction; raises ``DatabaseError`` where one of the names is
    taken.
    """
    db.prepare()
    wanted = [*(one.name for one in TABLES), *(one.name for one in VIEWS)]
    taken = [name for name in wanted if db.has_table(name)]
    if taken:
        raise DatabaseError(
            f"The database {db.name} has tables of other programs under names that are needed "
            f"({', '.join(taken)}). Choose another database."
        )
    for table in (VERSION_TABLE, *TABLES):
        for statement in ddl.create_table(table, db.dialect):
            db.run(statement)
    db.run(ddl.insert(VERSION_TABLE.name, ("id", "version", "changed", "code_version")),
           (1, SCHEMA_VERSION, now_text(), plugin_version()))  # fmt: skip
    _finish(db)


def migrate(db: Database, version: int) -> None:
    """Bring tables of an older ``version`` to the present one, in the open transaction."""
    for view in VIEWS:
        db.run(f"DROP VIEW IF EXISTS {ddl.quoted(view.name)}")
    for step in range(version, SCHEMA_VERSION):
        STEPS[step](db)
    db.run(
        ddl.update(VERSION_TABLE.name, ("version", "changed", "code_version")),
        (SCHEMA_VERSION, now_text(), plugin_version()),
    )
    _finish(db)


def refuse_newer(db: Database, version: int) -> None:
    """Raise ``DatabaseError`` where the tables are of a version that is not known yet."""
    if version > SCHEMA_VERSION:
        raise DatabaseError(
            f"The database {db.name} was made by a newer version of the toolbox (its tables have "
            f"version {version}, this toolbox knows versions up to {SCHEMA_VERSION}). Update the "
            "toolbox; nothing was changed."
        )


def _finish(db: Database) -> None:
    for view in VIEWS:
        db.run(ddl.create_view(view))
    db.describe()
