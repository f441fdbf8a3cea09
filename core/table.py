# SPDX-License-Identifier: GPL-3.0-or-later
"""A small columnar table: what the algorithms pass on and what is written as a layer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .errors import TableError
from .times import EMPTY_CELLS, parse_times
from .types import AnyArray, BoolArray, FloatArray, TimeArray

TIME_ADVICE = (
    "Write the times as 2020-07-15T10:50:31, or give their format where there is a parameter for "
    "it (TIME_FORMAT), for example %d/%m/%Y %H:%M."
)


@dataclass(frozen=True)
class Table:
    """Columns of equal length, with an optional geometry per row.

    Kinds of columns: float64 (NaN = empty), int64, bool, datetime64 (UTC; NaT = empty) and text
    (dtype ``U`` or object). ``geometry`` holds WKB bytes per row (None = none) in
    longitude/latitude of WGS 84, or in the CRS ``wkt`` where one is given. ``name`` is how messages
    call the table (mostly the file it came from).
    """

    columns: Mapping[str, AnyArray]
    name: str = "table"
    geometry: AnyArray | None = None
    geometry_type: str = "Point"
    notes: tuple[str, ...] = field(default=())
    wkt: str = ""

    def __post_init__(self) -> None:
        lengths = {key: len(values) for key, values in self.columns.items()}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"columns of unequal length in {self.name}: {lengths}")

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()))) if self.columns else 0

    def __contains__(self, key: object) -> bool:
        return key in self.columns

    def __getitem__(self, key: str) -> AnyArray:
        """The column ``key``; raises ``TableError`` naming the table and its columns where it is
        absent.
        """
        if key not in self.columns:
            known = ", ".join(self.columns) or "(none)"
            raise TableError(f"{self.name} has no column '{key}'. Its columns are: {known}.")
        return self.columns[key]

    def floats(self, key: str, default: float | None = None) -> FloatArray:
        """Column ``key`` as float64, text parsed, empty cells NaN; where absent, ``default``
        repeated.
        """
        if key not in self.columns and default is not None:
            return np.full(len(self), default)
        values = self[key]
        if values.dtype.kind in "fiub":
            return values.astype(np.float64)
        numbers = np.empty(len(values), dtype=np.float64)
        for row, value in enumerate(values):
            try:
                numbers[row] = _number(value)
            except (TypeError, ValueError) as error:
                raise TableError(
                    f"Column '{key}' of {self.name} is not numeric: row {row + 1} holds '{value}'. "
                    "Numbers need a decimal point, as in 1.374, and no other signs; or choose "
                    "another column."
                ) from error
        return numbers

    def texts(self, key: str, default: str | None = None) -> AnyArray:
        """Column ``key`` as text (object dtype, empty cells ""); where absent, ``default``
        repeated.
        """
        if key not in self.columns and default is not None:
            return np.full(len(self), default, dtype=object)
        values = self[key]
        texts = np.array(["" if value is None else str(value) for value in values], dtype=object)
        if values.dtype.kind in "fM":
            texts[np.isnan(values) if values.dtype.kind == "f" else np.isnat(values)] = ""
        return texts

    def cells(self, key: str) -> AnyArray:
        """Column ``key`` as objects (n,), "" where a cell is empty."""
        values = self[key]
        if values.dtype.kind not in "fM":
            return np.array(["" if one is None else one for one in values], dtype=object)
        # As objects: a column of whole numbers with an empty cell is one of decimal numbers.
        found = values.astype(object)
        found[np.isnat(values) if values.dtype.kind == "M" else np.isnan(values)] = ""
        return found

    def times(self, key: str, time_format: str = "") -> TimeArray:
        """Column ``key`` as UTC ``datetime64[ms]``; ``time_format`` as in
        ``core.times.parse_times``.
        """
        where = f"column '{key}' of {self.name}"
        return parse_times(self[key], time_format, where, TIME_ADVICE)

    def select(self, rows: BoolArray | AnyArray) -> Table:
        """The rows of a boolean mask or an index array."""
        geometry = None if self.geometry is None else self.geometry[rows]
        columns = {key: values[rows] for key, values in self.columns.items()}
        return Table(columns, self.name, geometry, self.geometry_type, self.notes, self.wkt)


def from_rows(
    rows: Iterable[Mapping[str, Any]], fields: Mapping[str, str], name: str = "table"
) -> Table:
    """A table from dictionaries.

    ``fields`` maps each column to its kind: ``float``, ``int``, ``bool``, ``time`` or ``text``; a
    missing key or None becomes NaN, 0, False, NaT or "".
    """
    rows = list(rows)
    columns = {key: _column([row.get(key) for row in rows], kind) for key, kind in fields.items()}
    return Table(columns, name)


def _column(values: list[Any], kind: str) -> AnyArray:
    if kind == "float":
        return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    if kind == "int":
        return np.array([value or 0 for value in values], dtype=np.int64)
    if kind == "bool":
        return np.array([bool(value) for value in values], dtype=np.bool_)
    if kind == "time":
        return np.array(
            ["NaT" if value is None else value for value in values], dtype="datetime64[ms]"
        )
    return np.array(["" if value is None else str(value) for value in values], dtype=object)


def _number(value: Any) -> float:
    if value is None or (isinstance(value, str) and value.strip() in EMPTY_CELLS):
        return float("nan")
    return float(value)
