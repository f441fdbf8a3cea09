# SPDX-License-Identifier: GPL-3.0-or-later
"""The land-cover chain as a whole: from a configuration to an assessed map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...execution.settings import ExecutionSettings
from ...progress import Part, Progress, Silent
from .blueprint import Blueprint, fused_run
from .columns import check_columns
from .configuration import read_configuration
from .keys import ASSESSMENT, FUSION, REGULARIZATION, STEPS
from .plan import Plan
from .run import Request, run_units
from .state import NAME, Record
from .steps.assessment import REPORT, assessment_units
from .steps.fusion import fusion_units
from .steps.maps import CONFIDENCE, MAP, map_units
from .steps.primitives import primitive_units
from .steps.regularization import regularization_units
from .steps.samples import samples_unit
from .steps.training import training_units
from .tiles import find_tiles
from .units import Unit


@dataclass(frozen=True)
class ChainRequest:
    """``configuration``: JSON, or the path of a file of it; results go into ``folder``. The steps
    from ``first`` to ``last`` are run, or only planned.
    """

    configuration: str
    folder: Path
    first: str = STEPS[0]
    last: str = STEPS[-1]
    plan_only: bool = False


@dataclass(frozen=True)
class ChainResult:
    """Paths of what this run made or found up to date ("" of what it did not): ``map``,
    ``confidence``, ``report``, ``manifest``; ``facts`` of the assessment; how many steps were run,
    and were up to date.
    """

    plan: Plan
    map: str
    confidence: str
    report: str
    manifest: str
    facts: Mapping[str, Any]
    steps_run: int
    steps_skipped: int


def run_chain(
    request: ChainRequest,
    execution: ExecutionSettings | None = None,
    progress: Progress | None = None,
) -> ChainResult:
    """Run what is not up to date; see ``run.run_units`` for what is told, kept and raised."""
    execution, progress = execution or ExecutionSettings(), progress or Silent()
    configuration = read_configuration(request.configuration)
    check_columns(configuration)
    tiles, notes = find_tiles(configuration, Part(progress, 0.0, 0.02))
    for note in notes:
        progress.warn(note)
    plan = Blueprint(configuration, tiles, execution)
    units = chain_units(plan)
    run = run_units(
        Request(units, STEPS, request.first, request.last, configuration.given, request.plan_only),
        request.folder, execution, Part(progress, 0.02, 1.0),
    )  # fmt: skip
    steps_run, skipped = run.steps(units)
    assessed = run.record(ASSESSMENT)
    manifest = request.folder / NAME
    return ChainResult(
        run.plan,
        _path(request.folder, run.record(final_map(plan)), MAP),
        _path(request.folder, run.record(_confident(plan)), CONFIDENCE),
        _path(request.folder, assessed, REPORT),
        str(manifest) if manifest.is_file() else "",
        {} if assessed is None else assessed.facts,
        steps_run,
        skipped,
    )


def chain_units(plan: Blueprint) -> list[Unit]:
    """All units of a chain, in the order of its steps."""
    return [
        *primitive_units(plan),
        samples_unit(plan),
        *training_units(plan),
        *map_units(plan),
        *fusion_units(plan),
        *regularization_units(plan, _confident(plan)),
        *assessment_units(plan, final_map(plan)),
    ]


def final_map(plan: Blueprint) -> str:
    """The name of the unit that gives the final map."""
    return REGULARIZATION if plan.configuration.regularized else _confident(plan)


def _confident(plan: Blueprint) -> str:
    """The unit of the final map before it is regularized, which has a confidence."""
    return FUSION if plan.configuration.runs > 1 else fused_run(plan, 0)


def _path(folder: Path, record: Record | None, key: str) -> str:
    path = "" if record is None else record.files.get(key, "")
    return str(folder / path) if path and (folder / path).is_file() else ""
