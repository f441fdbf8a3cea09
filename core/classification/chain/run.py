# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of a chain: unit after unit, each complete or not there, the rest kept for next time."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import CalValError, Canceled, OutputError
from ...execution.executors import parse_spec
from ...execution.lock import RunLock
from ...execution.settings import ExecutionSettings
from ...io.atomic import Staging
from ...progress import Part, Progress, Silent, check
from ...wording import listed, plural
from .plan import Plan, Standing, make_plan, why_not
from .stale import ASIDE, put_aside
from .state import Record, State
from .units import Unit, Work

_NAMED = 3


@dataclass(frozen=True)
class Request:
    """What to run: the ``units``, all ``steps`` in their order, the ``first`` and the ``last`` of
    them; ``plan_only``: nothing but look. ``configuration`` is kept in the manifest.
    """

    units: Sequence[Unit]
    steps: Sequence[str]
    first: str
    last: str
    configuration: Mapping[str, Any]
    plan_only: bool = False


@dataclass(frozen=True)
class ChainRun:
    """What was done: ``made``, ``kept`` and, of steps before the first, ``taken``: names of units;
    ``records`` of all that are there, also those that are of an earlier run.
    """

    plan: Plan
    made: tuple[str, ...]
    kept: tuple[str, ...]
    records: Mapping[str, Record]
    taken: tuple[str, ...] = ()

    def record(self, name: str) -> Record | None:
        """The record of a unit that this run stands for; None of one that it did not make, nor
        found as it should be.
        """
        mine = name in (*self.made, *self.kept, *self.taken)
        return self.records.get(name) if mine else None

    def steps(self, units: Sequence[Unit]) -> tuple[int, int]:
        """How many steps had anything to do, and how many were up to date as a whole."""
        run = {one.step for one in units if one.name in self.made}
        return len(run), len({one.step for one in units if one.name in self.kept} - run)


def run_units(
    request: Request,
    folder: Path,
    settings: ExecutionSettings | None = None,
    progress: Progress | None = None,
) -> ChainRun:
    """Run the units of ``request`` that are not up to date, with their files in ``folder``.

    The plan is told to ``progress`` first. Whatever is raised, units that were finished stay, with
    their entry in the manifest, and those that were made anew are either the new or the old ones.
    Raises ``OutputError`` where another run is at work on the folder, and what the units raise.
    """
    settings, progress = settings or ExecutionSettings(), progress or Silent()
    _make(folder)
    with RunLock(folder):
        state = State.read(folder)
        plan = make_plan(
            request.units, state, request.steps, request.first, request.last, settings.resume,
            _workers(settings),
        )  # fmt: skip
        for line in plan.lines():
            progress.info(line)
        if request.plan_only:
            kept = _names(plan, Standing.CURRENT, Standing.TAKEN)
            return ChainRun(plan, (), kept, dict(state.records))
        state.configuration = request.configuration
        try:
            return _run(plan, state, settings, progress)
        finally:
            moved = put_aside(state)
            if moved:
                progress.warn(f"Of an earlier map, moved to {ASIDE}: {listed(moved, _NAMED)}.")


def _run(plan: Plan, state: State, settings: ExecutionSettings, progress: Progress) -> ChainRun:
    made: list[str] = []
    kept = list(_names(plan, Standing.CURRENT))
    whole = sum(one.seconds for one in plan.open()) or 1.0
    done = 0.0
    for planned in plan.open():
        check(progress)
        unit = planned.unit
        part = Part(progress, done / whole, min((done + planned.seconds) / whole, 1.0))
        done += planned.seconds
        # What it reads may have come out as it was before.
        if settings.resume and not why_not(unit, state):
            kept.append(unit.name)
            continue
        progress.info(f"{unit.name} ...")
        try:
            _make_unit(unit, state, settings, part)
        except Canceled as error:
            raise Canceled(f"{_plain(error)} {_told(unit, made, kept, state)}") from error
        except CalValError as error:
            raise type(error)(f"{unit.name}: {error} {_told(unit, made, kept, state)}") from error
        made.append(unit.name)
    taken = _names(plan, Standing.TAKEN)
    return ChainRun(plan, tuple(made), tuple(kept), dict(state.records), taken)


def _make_unit(unit: Unit, state: State, settings: ExecutionSettings, progress: Progress) -> None:
    """Make a unit and enter it; its outputs appear together."""
    identity = state.identity(unit)
    started = time.perf_counter()
    made = {name: record.files for name, record in state.records.items()}
    with Staging() as staging:
        work = Work(unit, made, state.folder, staging, settings, progress)
        facts = unit.work(work)
        check(progress)
    state.enter(unit, identity, work.outputs, facts, time.perf_counter() - started)
    for action in work.afterward:
        action()


def _told(unit: Unit, made: Sequence[str], kept: Sequence[str], state: State) -> str:
    ready = len(made) + len(kept)
    return (
        f"{plural(ready, 'finished part')} of the chain {'stays' if ready == 1 else 'stay'} in "
        f"{state.folder}; the next run "
        f"goes on with {unit.name}."
    )


def _plain(error: Canceled) -> str:
    """Its text, but for the usual one, which would say too little."""
    return "Canceled by the user." if str(error) == str(Canceled()) else str(error)


def _names(plan: Plan, *standings: Standing) -> tuple[str, ...]:
    return tuple(one.unit.name for one in plan.planned if one.standing in standings)


def _workers(settings: ExecutionSettings) -> int:
    """Processors that are used; 1 of a cluster, whose size is not known here."""
    return max(parse_spec(settings.executor).workers, 1)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"The folder {folder} cannot be made ({error.strerror}). Choose another."
        ) from error
