# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel works on: a table of coefficients, or a run out of a calibration database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from ...core.calibration.coefficients import Coefficients, coefficients_from_table
from ...core.calibration.stored_runs import combined_percent, is_calibration_database, read_run
from ...core.database.runs import Run
from ...core.errors import CalValError
from ...core.io.tables import read_table
from ...core.progress import Progress, Silent
from ...core.table import Table
from ...core.types import AnyArray
from ..records import read_record, split_source

RUN = "run="
PREFIX = "calval:"


@dataclass(frozen=True)
class Budget:
    """The uncertainty by contributor: a table with ``band``, ``contributor``, ``kind`` and
    ``value_percent``, and the ``combined`` percent by band.
    """

    table: Table = field(default_factory=lambda: Table({}))
    combined: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Inputs:
    """Loaded coefficients.

    ``source``: path, maybe with ``|layername=`` or ``|run=``, or a layer's id. ``sensors``: target
    and reference, "" where unknown. ``algorithm`` and ``parameters``: of the run that made them,
    empty where unknown. ``database``: where the observations are, "" where unknown. ``ids``: the
    results in the database that the rows are (None: they are rows of a table). ``runs``: number
    and name of the runs that there are in the database.
    """

    source: str
    rows: Coefficients
    sensors: tuple[str, str] = ("", "")
    algorithm: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    database: str = ""
    ids: AnyArray | None = None
    run: int = -1
    runs: tuple[tuple[int, str], ...] = ()
    budget: Budget = field(default_factory=Budget)


def run_source(path: str, number: int) -> str:
    """The source of a run in a database."""
    return f"{path}|{RUN}{number}"


def run_of(source: str) -> int | None:
    """The number of the run that a source names, None where it names none."""
    for option in source.split("|")[1:]:
        if option.startswith(RUN) and option.removeprefix(RUN).isdigit():
            return int(option.removeprefix(RUN))
    return None


def load(source: str, table: Table | None = None, progress: Progress | None = None) -> Inputs:
    """Read ``source`` (or take ``table``); raises ``CalValError`` where it has no coefficients."""
    progress = progress or Silent()
    path, layer = split_source(source)
    if table is None and is_calibration_database(path):
        return _from_database(path, run_of(source))
    if table is None:
        table = read_table(path, layer, progress=progress)
    record = read_record(path)
    parameters = dict(record.get("parameters", {}))
    sensors = tuple(str(parameters.get(f"{one}_SENSOR") or "") for one in ("TARGET", "REFERENCE"))
    inputs = Inputs(
        source, coefficients_from_table(table, sensors[0]), (sensors[0], sensors[1]),
        str(record.get("algorithm", "")), parameters,
    )  # fmt: skip
    return _with_database(inputs, record, Path(path).parent)


def _from_database(path: str, number: int | None) -> Inputs:
    stored, runs = read_run(path, number)
    run = stored.run
    return Inputs(
        run_source(path, run.id), stored.coefficients, (run.sensor, run.reference),
        PREFIX + run.method, {**run.parameters, "DATABASE": path}, path, stored.ids, run.id,
        tuple((one.id, _run_name(one)) for one in runs), _budget(run),
    )  # fmt: skip


def _run_name(run: Run) -> str:
    sensors = " / ".join(one for one in (run.sensor, run.reference) if one)
    return f"{run.id} · {sensors} · {run.time[:10]} · {run.method}"


def _budget(run: Run) -> Budget:
    return Budget(run.contributions, combined_percent(run))


def _with_database(inputs: Inputs, record: Mapping[str, Any], folder: Path) -> Inputs:
    """The same with what the database of the run adds, where both are still there."""
    stated = str(inputs.parameters.get("DATABASE") or "")
    found = [one for one in (Path(stated), folder / Path(stated).name) if stated and one.is_file()]
    if not found or not is_calibration_database(found[0]):
        return inputs
    inputs = replace(inputs, database=str(found[0]))
    number = dict(record.get("results", {})).get("RUN_ID")
    if not isinstance(number, int) or number < 0:
        return inputs
    try:
        run = read_run(inputs.database, number)[0].run
    except CalValError:
        return inputs
    same = len(run.results) == len(inputs.rows) and np.array_equal(
        run.results.floats("a_k"), inputs.rows.a_k, equal_nan=True
    )
    return replace(inputs, budget=_budget(run)) if same else inputs
