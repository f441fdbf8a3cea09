# SPDX-License-Identifier: GPL-3.0-or-later
"""Calibration parameters of a sensor: versions with validity intervals; old versions are kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..calibration.types import UNKNOWN_ID
from ..errors import InputError
from ..table import Table
from ..times import fixed_texts, now_text
from ..types import BoolArray
from . import ddl
from .base import Database
from .schema import INTEGER, REAL, TEXT, table
from .sensors import band_ids, sensor_id
from .tables import as_table, completed

_KEY = ("band_id", "name", "version", "valid_from")
_KINDS = {
    "id": INTEGER, "band": TEXT, "name": TEXT, "version": TEXT, "valid_from": TEXT,
    "valid_to": TEXT, "value": REAL, "uncertainty": REAL, "created": TEXT, "comment": TEXT,
    "run_id": INTEGER,
}  # fmt: skip


@dataclass(frozen=True)
class ParameterVersion:
    """A version of the parameters of a sensor.

    ``rows``: band, name ("a_k", ...), value, uncertainty (standard), valid_from and valid_to (times
    or ISO 8601 text with milliseconds; valid_to "" or NaT: until further notice).
    """

    sensor: str
    version: str
    rows: Table
    run_id: int = UNKNOWN_ID
    comment: str = ""


def save_parameters(db: Database, version: ParameterVersion) -> int:
    """Keep a new version of parameters beside the older ones; returns how many rows were added.

    The same rows again are known. Raises ``InputError`` for a row whose interval ends before it
    begins, overlaps with another one of the same version, or is there with other values.
    """
    rows = version.rows
    with db.transaction():
        bands = band_ids(db, sensor_id(db, version.sensor))
        unknown = sorted(set(rows.texts("band").tolist()) - set(bands))
        if unknown:
            raise InputError(
                f"{version.sensor} has no band {', '.join(unknown)} in the database {db.name}."
            )
        if not version.version:
            raise InputError("Calibration parameters need the name of a version.")
        count = len(rows)
        first = db.next_id("calibration_parameters")
        own = {
            "id": np.arange(first, first + count),
            "band_id": np.array([bands[name] for name in rows.texts("band")], dtype=np.int64),
            "version": np.full(count, version.version, dtype=object),
            "run_id": np.full(count, version.run_id),
            "created": np.full(count, now_text(), dtype=object),
            "comment": np.full(count, version.comment, dtype=object),
        }
        named = {key: values for key, values in rows.columns.items() if key != "band"}
        definition = table("calibration_parameters")
        made = completed(Table(named, rows.name), definition, own)
        new = _new_rows(db, version, made)
        _check_intervals(db, version, made)
        if new.any():
            chosen = made.select(new)
            ids = np.arange(first, first + len(chosen))
            db.insert(definition, {**chosen.columns, "id": ids})
        return int(new.sum())


def _new_rows(db: Database, version: ParameterVersion, made: Table) -> BoolArray:
    """Which rows are not there yet."""
    found = db.rows(
        ddl.select("calibration_parameters", (*_KEY, "value", "uncertainty", "valid_to"),
                   "WHERE version = ?"), (version.version,)
    )  # fmt: skip
    known = {tuple(row[:4]): row[4:] for row in found}
    new = np.ones(len(made), dtype=np.bool_)
    for row, key in enumerate(zip(*(made[name].tolist() for name in _KEY), strict=True)):
        if key not in known:
            continue
        new[row] = False
        numbers = [None if np.isnan(x) else float(x)
                   for x in (made["value"][row], made["uncertainty"][row])]  # fmt: skip
        if [*numbers, made["valid_to"][row] or None] != list(known[key]):
            raise InputError(
                f"{made['name'][row]} of {version.sensor}, band {version.rows['band'][row]}, from "
                f"{key[3]} is in version {version.version} of the database {db.name} with other "
                "values. Old versions are kept as they are: give the new values a new version."
            )
    return new


def _check_intervals(db: Database, version: ParameterVersion, made: Table) -> None:
    """No interval ends before it begins, and those of one parameter of a band do not overlap."""
    found = db.rows(
        ddl.select("calibration_parameters", (*_KEY, "valid_to"), "WHERE version = ?"),
        (version.version,),
    )
    rows = {tuple(row[:4]): row[4] or "" for row in found}
    keys = zip(*(made[name].tolist() for name in _KEY), strict=True)
    rows |= dict(zip(keys, made["valid_to"].tolist(), strict=True))
    last: dict[tuple[object, ...], str] = {}
    for key in sorted(rows):
        start, end = str(key[3]), str(rows[key])
        if not start:
            raise InputError("Calibration parameters need the moment from which they are valid.")
        if end and end <= start:
            raise InputError(f"A parameter valid from {start} cannot be valid to {end}.")
        before = last.get(key[:3])
        if before is not None and (not before or before > start):
            raise InputError(
                f"{key[1]} of {version.sensor} would have two values from {start} on in version "
                f"{version.version}: the interval before ends at {before or 'no time'}. Intervals "
                "of one version must not overlap."
            )
        last[key[:3]] = end


def load_parameters(
    db: Database, sensor: str, version: str = "", moment: np.datetime64 | None = None
) -> Table:
    """The parameters of a sensor, of one version or of all in the order in which they were made.

    ``moment``: only those that are valid then. Columns: as in ``ParameterVersion``, and id,
    version, created, comment, run_id.
    """
    where, values = "WHERE b.sensor_id = ?", [sensor_id(db, sensor)]
    conditions: list[object] = [*values]
    if version:
        where += " AND p.version = ?"
        conditions.append(version)
    if moment is not None:
        text = str(fixed_texts(np.array([moment]))[0])
        where += " AND p.valid_from <= ? AND (p.valid_to IS NULL OR p.valid_to > ?)"
        conditions += [text, text]
    columns = ", ".join("b.name" if name == "band" else f"p.{ddl.quoted(name)}" for name in _KINDS)
    found = db.rows(
        " ".join(("SELECT", columns, "FROM calibration_parameters p JOIN bands b "
                  "ON b.id = p.band_id", where, "ORDER BY p.id")), conditions,
    )  # fmt: skip
    return as_table(found, _KINDS, "calibration_parameters")
