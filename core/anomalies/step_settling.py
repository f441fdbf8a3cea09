# SPDX-License-Identifier: GPL-3.0-or-later
"""What a change of the ground does beside its step: it settles, and its seasons are other ones.

What burnt grows again, and what was a forest has no season of leaves: without that one event is two
or three steps, of which all but one did not happen.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .harmonics import YEAR_DAYS
from .places import Place
from .step_dates import GROUND, CommonStep, StepSite, date_step
from .step_model import Change

SETTLING_DAYS = (30.0, 90.0, 270.0, 810.0)  # time constants that are tried
_APART_DAYS = YEAR_DAYS  # of steps of one ground: before, the new seasons are not known
_FEWEST_SEASON = 18  # dates of a year or more after the step that tell its seasons
_ROUNDS = 3  # of dating the change and asking how it settles


def with_shape(
    site: StepSite,
    place: Place,
    step: CommonStep,
    known: tuple[Change, ...],
    level: float,
    step_days: int,
) -> tuple[CommonStep, Change]:
    """The ``step`` of one site with how it settles, where that has a p-value below the ``level``
    (Bonferroni, over the time constants tried), and what it adds to the model. It is dated again:
    what goes back soon looks later or smaller than it was.
    """
    for _ in range(_ROUNDS):
        change, recovered = _shape(site, step, known, level)
        again = date_step([site], [place], step.time, GROUND, known, level, step_days, change)
        done = again is None or again.time == step.time
        days = change.settling_days if np.isfinite(change.settling_days) else np.nan
        step = replace(again or step, settling_days=days, recovered=recovered)
        if done:
            break
    return step, replace(change, time=step.time)


def _shape(
    site: StepSite, step: CommonStep, known: tuple[Change, ...], level: float
) -> tuple[Change, float]:
    """How the ``step`` goes on, and the share that is gone in the end (NaN: it stays)."""
    plain = Change(step.time, np.inf, _has_season(site, step.time), _APART_DAYS)
    changes = [replace(plain, settling_days=days) for days in SETTLING_DAYS]
    model = site.model(known)
    levels = model.beside(plain.columns(model.times)).settlings(changes)
    if levels is None:
        return plain, np.nan
    best = int(np.argmax([one.evidence for one in levels]))
    first = site.model(known, changes[best]).levels(np.array([step.time]))[0]
    if first is None or not levels[best].p_value < level / len(changes):
        return plain, np.nan
    both = np.isfinite(first.change) & np.isfinite(levels[best].change)
    start, lost = first.change[both], -levels[best].change[both]
    return changes[best], float(start @ lost / (start @ start))


def _has_season(site: StepSite, time: np.datetime64) -> bool:
    """Whether the dates after ``time`` tell how the seasons are then."""
    after = site.series.times[site.series.clear & (site.series.times >= time)]
    if len(after) < _FEWEST_SEASON:
        return False
    return bool((after.max() - after.min()) / np.timedelta64(1, "D") > YEAR_DAYS)
