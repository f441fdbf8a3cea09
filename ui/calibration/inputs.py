# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel works on: a table of coefficients, a run out of a calibration database, or a study
beside them (the impact of clouds, an uncertainty budget).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from ...core.calibration.budget_view import (
    BudgetView,
    budget_from_tables,
    budget_of_run,
    is_budget,
)
from ...core.calibration.coefficients import Coefficients, coefficients_from_table
from ...core.calibration.impact_curves import ImpactCurves, impact_curves, is_impact
from ...core.calibration.stored_runs import is_calibration_database, read_run
from ...core.database.names import DatabaseName, parse_name
from ...core.database.runs import Run
from ...core.errors import CalValError
from ...core.io.tables import read_table
from ...core.progress import Progress, Silent
from ...core.table import Table
from ...core.types import AnyArray
from ..records import (
    RUN,
    database_text,
    is_database_source,
    read_record,
    split_run,
    split_source,
)

PREFIX = "calval:"
CLOUDS = f"{PREFIX}calibrateclouds"


@dataclass(frozen=True)
class Study:
    """What was opened beside coefficients. ``source``: its table; ``algorithm`` and ``parameters``
    of the run that made it, empty where unknown.
    """

    source: str
    content: ImpactCurves | BudgetView
    algorithm: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Inputs:
    """Loaded coefficients.

    ``source``: path, maybe with ``|layername=`` or ``|run=``, a layer's id, or a database (see
    ``records``). ``sensors``: target and reference, "" where unknown. ``algorithm`` and
    ``parameters``: of the run that made them, empty where unknown. ``database``: where the
    observations are, None where unknown. ``ids``: the results in the database that the rows are
    (None: they are rows of a table). ``runs``: number and name of the runs that there are in the
    database.
    """

    source: str
    rows: Coefficients
    sensors: tuple[str, str] = ("", "")
    algorithm: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    database: DatabaseName | None = None
    ids: AnyArray | None = None
    run: int = -1
    runs: tuple[tuple[int, str], ...] = ()
    budget: BudgetView = field(default_factory=BudgetView)


def run_source(source: str, number: int) -> str:
    """The source of a run in the database that ``source`` is of."""
    return f"{split_run(source)[0]}{RUN}{number}"


def load(
    source: str,
    prepared: Table | DatabaseName | None = None,
    progress: Progress | None = None,
) -> Inputs | Study:
    """Read ``source``: its rows or the name of its database where that is ``prepared``.

    Raises ``CalValError`` where it has no coefficients and is no study.
    """
    progress = progress or Silent()
    if isinstance(prepared, DatabaseName):
        return _from_database(source, prepared, database_text(source), progress)
    path, layer = split_source(source)
    if prepared is None and is_calibration_database(path):
        number = split_run(source)[1]
        source = path if number is None else run_source(path, number)
        return _from_database(source, parse_name(path), path, progress)
    table = read_table(path, layer, progress=progress) if prepared is None else prepared
    record = read_record(path)
    study = _study(source, table, record)
    if study is not None:
        return study
    parameters = dict(record.get("parameters", {}))
    sensors = tuple(str(parameters.get(f"{one}_SENSOR") or "") for one in ("TARGET", "REFERENCE"))
    inputs = Inputs(
        source, coefficients_from_table(table, sensors[0]), (sensors[0], sensors[1]),
        str(record.get("algorithm", "")), parameters,
    )  # fmt: skip
    return _with_database(inputs, record, Path(path).parent)


def is_study(columns: Any) -> bool:
    """Whether something that holds names of columns has those of a study."""
    return is_impact(columns) or is_budget(columns)


def _study(source: str, table: Table, record: Mapping[str, Any]) -> Study | None:
    content: ImpactCurves | BudgetView
    if is_impact(table):
        content = impact_curves(table)
    elif is_budget(table):
        content = budget_from_tables(table, _correlations(source, record))
    else:
        return None
    parameters = dict(record.get("parameters", {}))
    return Study(source, content, str(record.get("algorithm", "")), parameters)


def _correlations(source: str, record: Mapping[str, Any]) -> Table | None:
    """The correlations that the same run wrote, where they are still there."""
    stated = dict(record.get("parameters", {})).get("CORRELATION")
    if not isinstance(stated, str) or not stated:
        return None
    folder = Path(split_source(source)[0]).parent
    for path in (Path(stated), folder / Path(stated).name):
        if path.is_file():
            try:
                return read_table(path)
            except CalValError:  # the budget is shown without them
                return None
    return None


def _from_database(source: str, name: DatabaseName, text: str, progress: Progress) -> Inputs:
    stored, runs = read_run(name, split_run(source)[1], progress)
    run = stored.run
    return Inputs(
        run_source(source, run.id), stored.coefficients, (run.sensor, run.reference),
        PREFIX + run.method, {**run.parameters, "DATABASE": text}, name, stored.ids, run.id,
        tuple((one.id, _run_name(one)) for one in runs), budget_of_run(run),
    )  # fmt: skip


def _run_name(run: Run) -> str:
    sensors = " / ".join(one for one in (run.sensor, run.reference) if one)
    return f"{run.id} · {sensors} · {run.time[:10]} · {run.method}"


def _with_database(inputs: Inputs, record: Mapping[str, Any], folder: Path) -> Inputs:
    """The same with what the database of the run adds, where both are still there. A database on a
    server is not asked: opening a file needs no network.
    """
    stated = str(inputs.parameters.get("DATABASE") or "")
    if not stated or is_database_source(stated):
        return inputs
    found = [one for one in (Path(stated), folder / Path(stated).name) if one.is_file()]
    if not found or not is_calibration_database(found[0]):
        return inputs
    inputs = replace(inputs, database=parse_name(str(found[0])))
    number = dict(record.get("results", {})).get("RUN_ID")
    if not isinstance(number, int) or number < 0:
        return inputs
    try:
        run = read_run(str(found[0]), number)[0].run
    except CalValError:
        return inputs
    same = len(run.results) == len(inputs.rows) and np.array_equal(
        run.results.floats("a_k"), inputs.rows.a_k, equal_nan=True
    )
    return replace(inputs, run=number, budget=budget_of_run(run)) if same else inputs
