# SPDX-License-Identifier: GPL-3.0-or-later
"""How often monitoring would call a stable pixel a break, on the very dates that are clear.

The critical values of BFASTMonitor are those of a long history and a constant. Of a history that is
short for its coefficients, or of a trend that is extrapolated, they know nothing: the alarms of
stable pixels are then several times the level, and more so where gaps shorten the history further.
Simulated, not derived: white noise with these gaps is monitored.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...types import BoolArray, TimeArray
from ..harmonics import YEAR_DAYS
from .monitor import TOO_FEW, MonitorSettings, monitor

# Standard error 0.0017 of a share of 0.05: six of them are between the level and what is told.
RUNS = 16_000
TOLERATED = 1.2  # times the level
_PART = 2000  # of the runs that are in memory at a time


def false_alarm_share(
    settings: MonitorSettings, times: TimeArray, clear: BoolArray | None = None, runs: int = RUNS
) -> float:
    """The share (0 to 1) of stable pixels that ``settings`` call a break, where all noise is normal
    and forgets the date before; NaN where the history is too short for any test.

    ``times`` (n,) of the stack or series; ``clear`` (n, p) of p pixels or sites, which the runs
    take in turn; None: no gaps. Runs that are not tested do not count. The standard error is
    sqrt(share (1 - share) / ``runs``). The same dates give the same number. Raises what ``monitor``
    raises.
    """
    rng = np.random.default_rng(1)
    plain = replace(settings, noise_floor=0.0)
    tested = alarms = 0
    for begin in range(0, runs, _PART):
        numbers = np.arange(begin, min(begin + _PART, runs))
        noise = rng.standard_normal((len(times), len(numbers)))
        if clear is not None:
            noise[~clear[:, numbers % clear.shape[1]]] = np.nan
        found = monitor(noise, times, plain).break_index
        tested += int((found != TOO_FEW).sum())
        alarms += int((found >= 0).sum())
    return alarms / tested if tested else float("nan")


def false_alarm_note(
    settings: MonitorSettings, times: TimeArray, clear: BoolArray | None = None
) -> str:
    """A sentence where the false alarms on ``times`` (n,), as far as they are ``clear`` (n, p), are
    beyond what the level promises, or nothing can be tested; empty otherwise.
    """
    if clear is not None and not clear.size:
        clear = None
    share = false_alarm_share(settings, times, clear)
    if share <= TOLERATED * settings.level:
        return ""
    about = _history(settings, times, clear)
    if np.isnan(share):
        never = np.isnan(false_alarm_share(settings, times, runs=1))
        return (
            f"{about}: too few for {'any' if never else 'such a'} pixel to be tested. "
            f"{_advice(settings)}."
        )
    return (
        f"{about}. On these dates {100.0 * share:.2g} % of stable pixels are called a break by "
        f"chance, although LEVEL says {100.0 * settings.level:g} %. {_advice(settings)}."
    )


def _advice(settings: MonitorSettings) -> str:
    if settings.trend:
        return "Switch TREND off, or begin later"
    return "Use fewer HARMONICS, or begin later" if settings.harmonics else "Begin later"


def _history(settings: MonitorSettings, times: TimeArray, clear: BoolArray | None) -> str:
    """What the model is fitted to, and what it is used for, in the median of pixels."""
    if clear is None:
        clear = np.ones((len(times), 1), dtype=np.bool_)
    days, at = np.unique(times.astype("datetime64[D]"), return_inverse=True)
    seen = np.zeros((len(days), clear.shape[1]), dtype=np.bool_)
    np.logical_or.at(seen, at, clear)
    if settings.history_start is not None:
        seen = seen[days >= settings.history_start]
        days = days[days >= settings.history_start]
    past = days < settings.start
    before, after = (int(np.median(seen[side].sum(axis=0))) for side in (past, ~past))
    span = (days[past][-1] - days[past][0]) / np.timedelta64(1, "D") / YEAR_DAYS
    size = 1 + settings.trend + 2 * settings.harmonics
    gaps = "" if seen.all() else " clear"
    return (
        f"The history before START has {before}{gaps} dates in {span:.1f} years for a model of "
        f"{size} coefficients{' with a trend' if settings.trend else ''}, and {after}{gaps} dates "
        f"are monitored{' (median)' if gaps else ''}"
    )
