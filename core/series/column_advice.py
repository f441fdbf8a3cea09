# SPDX-License-Identifier: GPL-3.0-or-later
"""What to say of a table that lacks the columns it is read by: how it may be read instead."""

from __future__ import annotations

from ..errors import TableError
from ..names import split_list
from ..table import Table
from .guess import guess_reading
from .long_table import SeriesColumns

# The parameters of the algorithms, by the attributes of ``SeriesColumns``.
KEYS = {
    "site": "SITE_FIELD",
    "time": "TIME_FIELD",
    "time_format": "TIME_FORMAT",
    "band": "BAND_FIELD",
    "value": "VALUE_FIELD",
    "mask": "MASK_FIELD",
    "mask_clear": "CLEAR_VALUES",
}
_EMPTY = {"site": "one site", "band": "a column per band", "mask": "no mask"}


def check_columns(table: Table, columns: SeriesColumns, scale: float = 1.0) -> None:
    """Raise ``TableError`` where ``table`` lacks any of the ``columns``: it names those that are
    absent, those that there are, and the parameters with which the table can be read, as far as
    its names and values tell. ``scale``: what its values are multiplied by.
    """
    absent = [f"'{name}'" for name in _needed(columns) if name not in table]
    if not absent:
        return
    named = f"{'columns' if len(absent) > 1 else 'column'} {', '.join(absent)}"
    known = ", ".join(table.columns) or "(none)"
    raise TableError(
        f"{table.name} has no {named}. Its columns are: {known}. {_advice(table, columns, scale)}"
    )


def _needed(columns: SeriesColumns) -> list[str]:
    values = list(split_list(columns.value))
    band = columns.band if len(values) < 2 else ""
    mask = columns.mask if columns.mask != SeriesColumns.mask else ""
    return [one for one in (columns.site, columns.time, band, *values, mask) if one]


def _advice(table: Table, columns: SeriesColumns, scale: float) -> str:
    try:
        guess = guess_reading(table)
    except TableError:
        guess = None
    if guess is None:
        return (
            "Say which of them hold what: SITE_FIELD (empty for a table of one site), TIME_FIELD, "
            "VALUE_FIELD (several, separated by commas, for a table with a column per band), "
            "BAND_FIELD and MASK_FIELD."
        )
    parts, empty = [], []
    for field, key in KEYS.items():
        found = getattr(guess.columns, field)
        if found != getattr(columns, field):
            parts.append(f"{key}={found}")
            if not found and field in _EMPTY:
                empty.append(f"{key} empty: {_EMPTY[field]}")
    if guess.scale != scale:
        parts.append(f"VALUE_SCALE={guess.scale:g}")
    if not parts:
        return "Check their names."
    why = f" ({'; '.join(empty)})" if empty else ""
    return f"It may be read with {' '.join(parts)}{why}."
