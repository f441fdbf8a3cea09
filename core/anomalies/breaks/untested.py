# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs in which nothing could be tested are refused, with the reason and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil

from ...errors import InsufficientDataError
from ...wording import plural
from .joint_kernel import FEWEST as FEWEST_OF_YEAR
from .monitor import MonitorSettings
from .monitor_kernel import FEWEST
from .pixels import BEGUN, BREAK, STABLE, STATUS, TOO_FEW_SEEN
from .plan import JOINT, BreakPlan


def tested_count(counts: Mapping[str, int]) -> int:
    """How many pixels or sites could be tested, of their ``counts`` by the names of ``STATUS``."""
    return sum(counts.get(STATUS[code], 0) for code in (STABLE, BREAK, BEGUN))


def refuse_untested(
    counts: Mapping[str, int], plan: BreakPlan, most: tuple[int, int], what: str, nothing: str
) -> None:
    """Raise ``InsufficientDataError`` where no pixel or site (``what``) could be tested.

    ``counts``: by the names of ``STATUS``. ``most``: clear dates before the start and from it on,
    each of the pixel that has most (with the joint test: all, 0). ``nothing``: the sentence where
    there is no clear value at all.
    """
    if tested_count(counts):
        return
    if not counts.get(STATUS[TOO_FEW_SEEN], 0):
        raise InsufficientDataError(nothing)
    if plan.method == JOINT or plan.monitor is None:
        reason = _joint_reason(most[0])
    else:
        reason = _reason(plan.monitor, *most)
    raise InsufficientDataError(f"No {what} could be tested: {reason}")


def fewest_history(settings: MonitorSettings) -> int:
    """Clear dates that monitoring needs before the start: more than ``FEWEST`` and than the model
    has coefficients, and ``observations_per_coefficient`` for each of these.
    """
    size = _size(settings)
    return max(FEWEST + 1, size + 1, ceil(settings.observations_per_coefficient * size))


def _size(settings: MonitorSettings) -> int:
    return 1 + settings.trend + 2 * settings.harmonics


def _reason(settings: MonitorSettings, before: int, after: int) -> str:
    need, size = fewest_history(settings), _size(settings)
    start = str(settings.start.astype("datetime64[D]"))
    if before < need:
        ways = [
            *(["fewer HARMONICS"] if settings.harmonics else []),
            *(["no TREND"] if settings.trend else []),
            "a later START",
            *(["an earlier HISTORY_START"] if settings.history_start is not None else []),
        ]
        return (
            f"there are at most {plural(before, 'clear date')} in the history before START "
            f"({start}), and a model of {plural(size, 'coefficient')} "
            f"(HARMONICS={settings.harmonics}) needs {need}. Choose {', '.join(ways)}, or give a "
            "longer series."
        )
    if after <= FEWEST:
        return (
            f"there are at most {plural(after, 'clear date')} from START ({start}) on, and "
            f"{FEWEST + 1} are needed. Choose an earlier START, or give a longer series."
        )
    return (
        f"none has {need} clear dates in the history before START ({start}) and {FEWEST + 1} from "
        "it on, over seasons to which the model can be fitted. Choose fewer HARMONICS, "
        "HISTORY=all, or another START."
    )


def _joint_reason(most: int) -> str:
    return f"the joint test begins with a stable year of {FEWEST_OF_YEAR} clear dates, and " + (
        f"there are at most {plural(most, 'clear date')}. Give a longer series, or check the mask."
        if most < FEWEST_OF_YEAR
        else f"none of the years has one (at most {plural(most, 'clear date')} in all). Give a "
        "denser series, or check the mask."
    )
