# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run of the chain will do: which units are up to date, which are made, and at what cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ...errors import InputError
from ...wording import listed, plural
from .state import State
from .units import Unit

_NAMED = 3
_MINUTE, _HOUR = 60.0, 3600.0


class Standing(StrEnum):
    """How a unit stands before a run."""

    CURRENT = "up to date"
    DUE = "to do"
    DEPENDS = "to do, or up to date after all"  # what it reads is made anew
    TAKEN = "taken as it is"  # before the first step
    LATER = "not asked for"  # after the last step


@dataclass(frozen=True)
class Planned:
    """A unit, how it stands, and why."""

    unit: Unit
    standing: Standing
    reason: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Plan:
    """All units of a chain in their order; ``workers``: how many processors are used."""

    planned: tuple[Planned, ...]
    workers: int = 1

    def open(self) -> tuple[Planned, ...]:
        """The units that may have to be made."""
        return tuple(
            one for one in self.planned if one.standing in (Standing.DUE, Standing.DEPENDS)
        )

    @property
    def seconds(self) -> float:
        """Expected time of a run, in seconds."""
        return sum(one.seconds for one in self.open()) / max(self.workers, 1)

    @property
    def megabytes(self) -> float:
        """Memory expected to be needed at most."""
        return max((one.unit.cost.megabytes for one in self.open()), default=0.0)

    def lines(self) -> list[str]:
        """The plan as text, a line per unit, and what it will cost."""
        width = max(len(one.unit.name) for one in self.planned)
        lines = [
            f"  {one.unit.name:<{width}}  {one.standing.value}"
            + (f" ({one.reason})" if one.reason else "")
            for one in self.planned
        ]
        count, steps = len(self.open()), len({one.unit.step for one in self.open()})
        if not count:
            return [*lines, "Everything that is asked for is up to date."]
        return [
            *lines,
            f"To do: {plural(count, 'part')} of {len(self.planned)}, in {plural(steps, 'step')}; "
            f"about {duration(self.seconds)} and {self.megabytes:,.0f} MB of memory.",
        ]


def make_plan(
    units: Sequence[Unit],
    state: State,
    steps: Sequence[str],
    first: str,
    last: str,
    resume: bool = True,
    workers: int = 1,
) -> Plan:
    """How the ``units`` stand for a run of the ``steps`` from ``first`` to ``last``.

    Raises ``InputError`` where a result of an earlier step, that is not to be run, is not there.
    """
    low, high = steps.index(first), steps.index(last)
    if low > high:
        raise InputError(
            f"The first step, {first}, comes after the last one, {last}. Exchange them."
        )
    found: dict[str, Planned] = {}
    for unit in units:
        place = steps.index(unit.step)
        if place < low:
            found[unit.name] = _taken(unit, state)
        elif place > high:
            found[unit.name] = Planned(unit, Standing.LATER)
        else:
            found[unit.name] = _standing(unit, state, found, resume)
    _check_taken(found.values(), first)
    return Plan(tuple(found.values()), workers)


def why_not(unit: Unit, state: State) -> str:
    """Why ``unit`` has to be made; "" where it is up to date. What it uses must be there."""
    record = state.records.get(unit.name)
    if record is None:
        return "not made yet"
    identity = state.identity(unit)
    if identity.digest != record.identity.digest:
        return identity.difference(record.identity)
    damaged = state.damaged(unit, record)
    return f"{damaged} is not there, or was changed" if damaged else ""


def duration(seconds: float) -> str:
    """A time in words: "20 s", "5 min", "3.5 h"."""
    if seconds < _MINUTE:
        return f"{max(seconds, 1.0):.0f} s"
    if seconds < _HOUR:
        return f"{seconds / _MINUTE:.0f} min"
    return f"{seconds / _HOUR:.1f} h"


def _standing(unit: Unit, state: State, found: Mapping[str, Planned], resume: bool) -> Planned:
    seconds = _seconds(unit, state)
    if not resume:
        return Planned(unit, Standing.DUE, "started again", seconds)
    made = [
        name for name in unit.uses
        if found[name].standing in (Standing.DUE, Standing.DEPENDS)
    ]  # fmt: skip
    if made:
        known = unit.name in state.records
        standing = Standing.DEPENDS if known else Standing.DUE
        return Planned(unit, standing, f"after {listed(made, _NAMED)}", seconds)
    reason = why_not(unit, state)
    if reason:
        return Planned(unit, Standing.DUE, reason, seconds)
    return Planned(unit, Standing.CURRENT)


def _taken(unit: Unit, state: State) -> Planned:
    """A unit of a step before the first; LATER where it is not there, which may not matter."""
    if not state.is_there(unit):
        return Planned(unit, Standing.LATER, "not there")
    used = all(name in state.records for name in unit.uses)
    reason = why_not(unit, state) if used else ""
    return Planned(unit, Standing.TAKEN, f"but {reason}" if reason else "")


def _check_taken(planned: Iterable[Planned], first: str) -> None:
    """Raise where a unit that is run uses one that is not run and not there."""
    found = {one.unit.name: one for one in planned}
    for one in found.values():
        if one.standing in (Standing.TAKEN, Standing.LATER):
            continue
        lacking = [name for name in one.unit.uses if found[name].standing is Standing.LATER]
        if lacking:
            step = found[lacking[0]].unit.step
            raise InputError(
                f"{one.unit.name} needs {listed(lacking, _NAMED)}, which was not made yet or was "
                f"changed. Begin with an earlier step than {first} (FIRST_STEP={step})."
            )


def _seconds(unit: Unit, state: State) -> float:
    """What it took the last time, or what it is expected to."""
    record = state.records.get(unit.name)
    return record.seconds if record is not None and record.seconds else unit.cost.seconds
