# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of calibration methods, with all that they found: every coefficient can be traced to the
pair of observations, the parameters and the code that made it.

The tables of a run have the columns of the schema (``schema.TABLES``) with these differences:
``band`` (the name of a band of the target sensor) stands for ``band_id``, ``site`` ("" = all
sites) for ``site_id``, and ``pair`` (a row of ``pairs`` counted from 0, -1 = none) for ``pair_id``;
``id`` and ``run_id`` are given by the database. Columns that are left out are unknown.

- ``pairs``: target_id, reference_id (ids of measurements), the differences in angles and time,
  reciprocal, accepted (0 or 1), reason.
- ``results``: band, method (spectral), pair, target_id, reference_id (-1 = none), a_k (measured by
  simulated), simulated (reflectance), uncertainty (of a_k, standard), flag ("accepted",
  "rejected", ...), reason.
- ``summaries``: band, site, method, period_start, period_end, count, mean, median, robust_sd,
  standard_error, slope_percent_per_year, slope_standard_error, uncertainty.
- ``contributions``: band, contributor, kind ("random", "systematic"), value_percent, distribution,
  degrees_of_freedom.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..calibration.types import UNKNOWN_ID
from ..errors import InputError, TableError
from ..progress import Progress, Silent, check
from ..table import Table
from ..times import now_text
from ..types import AnyArray
from . import ddl
from .base import Database
from .schema import TableDefinition, table
from .sensors import band_ids, sensor_id
from .tables import completed, load_table

PARTS = ("pairs", "results", "summaries", "contributions")
# In the record of a run: sentences, and the effective wavelengths of the bands as it knew them.
NOTES, WAVELENGTHS = "notes", "wavelengths_nm"
_COLUMNS = ("method", "time", "parameters", "code_version", "record")
_ROWS_AT_ONCE = 20_000


def _nothing() -> Table:
    return Table({})


@dataclass(frozen=True)
class Run:
    """One run of a method and what it found; see the module for the columns.

    ``parameters`` and ``record`` (provenance) are anything that JSON can hold; they must not hold
    passwords. ``sensor``: the one that is calibrated, ``reference``: the one it is compared with
    ("" = none). ``id`` and ``time`` (ISO 8601 UTC) are given by the database.
    """

    method: str
    parameters: Mapping[str, Any]
    code_version: str
    sensor: str = ""
    reference: str = ""
    pairs: Table = field(default_factory=_nothing)
    results: Table = field(default_factory=_nothing)
    summaries: Table = field(default_factory=_nothing)
    contributions: Table = field(default_factory=_nothing)
    record: Mapping[str, Any] = field(default_factory=dict)
    id: int = UNKNOWN_ID
    time: str = ""

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences that the run told its user, for those who go on with its results."""
        return tuple(str(note) for note in self.record.get(NOTES, ()))

    @property
    def wavelengths_nm(self) -> dict[str, float]:
        """The effective wavelengths of the bands, by their spectral responses where those were
        known; empty for runs that did not keep them.
        """
        return {band: float(nm) for band, nm in self.record.get(WAVELENGTHS, {}).items()}


def save_run(db: Database, run: Run, progress: Progress | None = None) -> int:
    """Keep a run with all its rows, or nothing of it; returns its number.

    Raises ``InputError`` for a sensor, band or site that is not in the database, ``TableError`` for
    columns that the schema does not have or a pair that is not there.
    """
    progress = progress or Silent()
    with db.transaction():
        number = _save_head(db, run)
        bands = band_ids(db, sensor_id(db, run.sensor)) if run.sensor else {}
        sites = db.ids("sites")
        first_pair = UNKNOWN_ID
        for name in PARTS:
            part, definition = getattr(run, name), table(name)
            if not len(part):
                continue
            first = db.next_id(name)
            own = {"id": np.arange(first, first + len(part)), "run_id": np.full(len(part), number)}
            own |= _numbers(part, definition, (bands, sites), (first_pair, len(run.pairs)))
            if name == "pairs":
                first_pair = first
            named = {key: part[key] for key in part.columns if key not in ("band", "site", "pair")}
            _insert(db, completed(Table(named, part.name), definition, own), definition, progress)
    return number


def _save_head(db: Database, run: Run) -> int:
    number = db.next_id("runs")
    sensors = [sensor_id(db, name) if name else None for name in (run.sensor, run.reference)]
    head = (run.method, run.time or now_text(), to_json(run.parameters), run.code_version,
            to_json(run.record))  # fmt: skip
    db.run(
        ddl.insert("runs", ("id", *_COLUMNS, "target_sensor_id", "reference_sensor_id")),
        (number, *head, *sensors),
    )
    return number


def _numbers(
    part: Table,
    definition: TableDefinition,
    names: tuple[Mapping[str, int], Mapping[str, int]],
    pairs: tuple[int, int],
) -> dict[str, AnyArray]:
    """The ids that stand for the names of bands and sites and for the rows of pairs."""
    found = {}
    for key, known in zip(("band", "site"), names, strict=True):
        if key in part:
            found[f"{key}_id"] = _looked_up(part, key, known)
    if "pair" in part:
        rows = part["pair"].astype(np.int64)
        first, count = pairs
        if len(rows) and (rows.max() >= count or rows.min() < UNKNOWN_ID):
            raise TableError(f"{definition.name} name pairs that are not among the {count} pairs.")
        found["pair_id"] = np.where(rows < 0, UNKNOWN_ID, rows + first)
    if "band_id" in {one.name for one in definition.columns} and "band" not in part:
        raise TableError(f"The {definition.name} of a run need the column 'band'.")
    return found


def _looked_up(part: Table, key: str, known: Mapping[str, int]) -> AnyArray:
    names = part.texts(key)
    unknown = sorted(set(names.tolist()) - set(known) - ({""} if key == "site" else set()))
    if unknown:
        raise InputError(
            f"The database has no {key} {', '.join(map(repr, unknown))}. There are: "
            f"{', '.join(known) or 'none'}."
        )
    return np.array([known.get(name, UNKNOWN_ID) for name in names], dtype=np.int64)


def _insert(db: Database, rows: Table, definition: TableDefinition, progress: Progress) -> None:
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        check(progress)
        part = slice(start, start + _ROWS_AT_ONCE)
        db.insert(definition, {key: values[part] for key, values in rows.columns.items()})


def load_run(db: Database, number: int) -> Run:
    """A run with all its rows; the tables have the columns that ``save_run`` takes, and ``id``.

    Raises ``InputError`` where there is no such run.
    """
    with db.reading():
        found = _heads(db, "r.id = ?", (number,))
        if not found:
            raise InputError(f"The database {db.name} has no run {number}.")
        return _with_parts(db, found[0])


def list_runs(db: Database, method: str = "") -> tuple[Run, ...]:
    """All runs (of a method) without their rows, in the order in which they were made."""
    return tuple(_heads(db, "r.method = ?", (method,)) if method else _heads(db, "r.id > 0", ()))


def _heads(db: Database, where: str, values: Sequence[Any]) -> list[Run]:
    columns = ", ".join(f"r.{name}" for name in _COLUMNS)
    found = db.rows(
        " ".join(("SELECT r.id,", columns, ", t.name, f.name FROM runs r "
                  "LEFT JOIN sensors t ON t.id = r.target_sensor_id "
                  "LEFT JOIN sensors f ON f.id = r.reference_sensor_id "
                  "WHERE", where, "ORDER BY r.id")), values,
    )  # fmt: skip
    return [
        Run(method, json.loads(parameters or "{}"), version or "", sensor or "", reference or "",
            record=json.loads(record or "{}"), id=int(id_), time=time)
        for id_, method, time, parameters, version, record, sensor, reference in found
    ]  # fmt: skip


def _with_parts(db: Database, run: Run) -> Run:
    bands = {int(id_): name for id_, name in db.rows(ddl.select("bands", ("id", "name")))}
    sites = {id_: name for name, id_ in db.ids("sites").items()}
    tables = {name: load_table(db, table(name), "run_id = ?", (run.id,)) for name in PARTS}
    first_pair = int(tables["pairs"]["id"][0]) if len(tables["pairs"]) else 0
    named = {name: _named(part, bands, sites, first_pair) for name, part in tables.items()}
    return Run(
        run.method, run.parameters, run.code_version, run.sensor, run.reference,
        named["pairs"], named["results"], named["summaries"], named["contributions"],
        run.record, run.id, run.time,
    )  # fmt: skip


def _named(
    part: Table, bands: Mapping[int, str], sites: Mapping[int, str], first_pair: int
) -> Table:
    columns: dict[str, AnyArray] = {}
    for key, values in part.columns.items():
        if key == "run_id":
            continue
        if key in ("band_id", "site_id"):
            known = bands if key == "band_id" else sites
            out = np.empty(len(values), dtype=object)
            out[:] = [known.get(int(one), "") for one in values]
            columns[key.removesuffix("_id")] = out
        elif key == "pair_id":
            columns["pair"] = np.where(values < 0, UNKNOWN_ID, values - first_pair)
        else:
            columns[key] = values
    return Table(columns, part.name)


def to_json(value: Mapping[str, Any]) -> str:
    """Readable JSON; what JSON does not know is written as its text."""
    return json.dumps(dict(value), ensure_ascii=False, default=str, sort_keys=True)
