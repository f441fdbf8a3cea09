# SPDX-License-Identifier: GPL-3.0-or-later
"""Which runs a report on a period is made of, which it passes over, and what is saturated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..database import Database
from ..database.coefficients import calibration_runs
from ..database.measurements import load_measurements
from ..database.runs import Run
from ..wording import plural
from .report_period import Span

_SHOWN = (
    "SITES", "BANDS", "FIRST_DAY", "LAST_DAY", "MAX_DISTANCE_DEG", "TIME_WINDOW_DAYS", "MAX_SPREAD",
    "MAX_CLOUD", "CLIP_SIGMAS",
)  # fmt: skip
# Where things lie and what is written makes no other coefficients.
_IDLE = frozenset({"DATABASE", "OUTPUT", "REPORT", "KEEP_RUN", "SUMMARY", "PAIRS"})
_MOST = 8


def alike(one: Run) -> tuple[str, str, str]:
    """What runs have in common that could stand for each other: sensor, reference, method."""
    return one.sensor, one.reference, one.method


def passed_over(
    db: Database, taken: Sequence[Run], known: Sequence[int] | None = None
) -> tuple[Run, ...]:
    """Runs that could have been taken instead; ``known``: their numbers where a report is made
    again, since runs that were made after it were no candidates.
    """
    keys, numbers = {alike(one) for one in taken}, {one.id for one in taken}
    found = (
        one for one in calibration_runs(db)
        if alike(one) in keys and one.id not in numbers and (known is None or one.id in known)
    )  # fmt: skip
    return tuple(found)


def settings_shown(one: Run, taken: Run) -> dict[str, object]:
    """The settings of a run in short: of the ``taken`` one the main ones, of another one those that
    differ from it.
    """
    if one.id == taken.id:
        shown = {key: one.parameters[key] for key in _SHOWN if key in one.parameters}
        return {key: value for key, value in shown.items() if value not in ("", None, [])}
    keys = [key for key in (*one.parameters, *taken.parameters) if key not in _IDLE]
    differ = [
        key for key in dict.fromkeys(keys) if one.parameters.get(key) != taken.parameters.get(key)
    ]
    return {key: one.parameters.get(key) for key in differ[:_MOST]}


def saturated(
    db: Database, sensor: str, span: Span, sites: Sequence[str] = ()
) -> tuple[int, Mapping[str, int]]:
    """How many measurements of a sensor the period has, and in how many of them each band is
    saturated (bands without any are left out).
    """
    period = (span.begin, span.end - np.timedelta64(1, "ms"))
    seen = load_measurements(db, sensor, sites, period)
    with np.errstate(invalid="ignore"):
        counts = (seen["saturated_fraction"] > 0.0).sum(axis=0)
    names = seen.sensor.band_names
    return len(seen), {name: int(count) for name, count in zip(names, counts, strict=True) if count}


def others(run: Run, passed: Sequence[Run]) -> list[int]:
    """Numbers of the ``passed`` runs that could stand for a run."""
    return [one.id for one in passed if alike(one) == alike(run)]


def passed_note(run: Run, passed: Sequence[Run]) -> str:
    """A sentence on what a run was taken instead of, and how to choose."""
    numbers = others(run, passed)
    listed = ", ".join(map(str, numbers))
    return (
        f"{run.sensor} ({run.method}): run {run.id} of {run.time[:16].replace('T', ' ')} is "
        f"reported, {plural(len(numbers), 'other run')} ({listed}) passed over. Give the numbers "
        "of the reviewed runs (RUNS) to choose others."
    )


def saturated_words(sensor: str, count: int, bands: Mapping[str, int]) -> str:
    """A sentence on the ``saturated`` measurements of a sensor in the period; "" without any."""
    if not bands:
        return ""
    told = ", ".join(f"{band} in {number}" for band, number in bands.items())
    return (
        f"{sensor} is saturated in {told} of {plural(count, 'measurement')} of the period; "
        "calibrations reject saturated measurements."
    )
