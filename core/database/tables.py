# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of the schema as ``Table`` values: completed, checked, written and read by column.

In memory a row of another table is named as users know it (``band``, ``site``) or by its id;
unknown numbers are NaN, unknown ids -1, unknown texts "".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..calibration.types import UNKNOWN_ID
from ..errors import TableError
from ..table import Table
from ..times import fixed_texts
from ..types import AnyArray
from . import ddl
from .base import Database
from .schema import INTEGER, REAL, TableDefinition


def completed(given: Table, definition: TableDefinition, own: Mapping[str, AnyArray]) -> Table:
    """The columns of ``definition`` from ``given`` and ``own`` (which count first), those that
    neither has as unknown.

    Raises ``TableError`` for a column that the schema does not have.
    """
    wanted = {one.name: one for one in definition.columns}
    foreign = [name for name in given.columns if name not in wanted and name not in own]
    if foreign:
        raise TableError(
            f"{given.name} has columns that {definition.name} of the database do not have: "
            f"{', '.join(foreign)}. Its columns are: {', '.join(wanted)}."
        )
    count = len(next(iter(own.values()))) if own else len(given)
    columns = {}
    for name, column in wanted.items():
        if name in own:
            columns[name] = own[name]
        elif name in given:
            columns[name] = _typed(given, name, column.kind)
        else:
            columns[name] = _unknown(count, column.kind)
    return Table(columns, definition.name)


def _typed(given: Table, name: str, kind: str) -> AnyArray:
    values = given[name]
    if kind == INTEGER:
        return values.astype(np.int64)
    if kind == REAL:
        return given.floats(name)
    return fixed_texts(values) if values.dtype.kind == "M" else given.texts(name)


def _unknown(count: int, kind: str) -> AnyArray:
    if kind == REAL:
        return np.full(count, np.nan)
    if kind == INTEGER:
        return np.full(count, UNKNOWN_ID, dtype=np.int64)
    return np.full(count, "", dtype=object)


def as_table(rows: list[tuple[Any, ...]], kinds: Mapping[str, str], name: str) -> Table:
    """Rows that were read as a table; ``kinds``: of the columns, in their order."""
    columns = list(zip(*rows, strict=True)) or [()] * len(kinds)
    return Table(
        {
            key: _read(cells, kind)
            for (key, kind), cells in zip(kinds.items(), columns, strict=True)
        },
        name,
    )


def _read(cells: Sequence[Any], kind: str) -> AnyArray:
    if kind == REAL:
        return np.array(cells, dtype=np.float64)
    if kind == INTEGER:
        return np.array([UNKNOWN_ID if one is None else one for one in cells], dtype=np.int64)
    out = np.empty(len(cells), dtype=object)
    out[:] = ["" if one is None else str(one) for one in cells]
    return out


def load_table(
    db: Database, definition: TableDefinition, where: str, values: Sequence[Any]
) -> Table:
    """The rows of a table that fulfill ``where``, in the order of their ids."""
    kinds = {one.name: INTEGER if one.name == "id" else one.kind for one in definition.columns}
    rest = f"WHERE {where} ORDER BY id"
    return as_table(
        db.rows(ddl.select(definition.name, list(kinds), rest), values), kinds, definition.name
    )
