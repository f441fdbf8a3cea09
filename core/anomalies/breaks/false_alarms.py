# SPDX-License-Identifier: GPL-3.0-or-later
"""How often monitoring would call a stable pixel a break, on the very dates that there are.

The critical values of BFASTMonitor are those of a long history and a constant. Of a history that is
short for its coefficients, or of a trend that is extrapolated, they know nothing: the alarms of
stable pixels are then several times the level. Simulated, not derived: white noise is monitored.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...types import TimeArray
from ..harmonics import YEAR_DAYS
from .monitor import TOO_FEW, MonitorSettings, monitor

RUNS = 4000
TOLERATED = 1.2  # times the level


def false_alarm_share(settings: MonitorSettings, times: TimeArray, runs: int = RUNS) -> float:
    """The share (0 to 1) of stable pixels without gaps that ``settings`` call a break, where all
    noise is normal and forgets the date before; NaN where the history is too short for any test.

    ``times`` (n,) of the stack or series. The standard error is sqrt(share (1 - share) / ``runs``).
    The same dates give the same number. Raises what ``monitor`` raises.
    """
    noise = np.random.default_rng(1).standard_normal((len(times), runs))
    found = monitor(noise, times, replace(settings, noise_floor=0.0)).break_index
    tested = found != TOO_FEW
    return float(np.mean(found[tested] >= 0)) if tested.any() else float("nan")


def false_alarm_note(settings: MonitorSettings, times: TimeArray) -> str:
    """A sentence where the false alarms on ``times`` (n,) are beyond what the level promises, or
    nothing can be tested; empty otherwise.
    """
    share = false_alarm_share(settings, times)
    chance = 3.0 * np.sqrt(settings.level / RUNS)
    if share <= TOLERATED * settings.level + chance:
        return ""
    about = f"The history before START has {_history(settings, times)}"
    if np.isnan(share):
        return (
            f"{about}: too few for any pixel to be tested. Use fewer HARMONICS, switch TREND off, "
            "or begin later."
        )
    return (
        f"{about}. On these dates {100.0 * share:.2g} % of stable pixels are called a break by "
        f"chance, although LEVEL says {100.0 * settings.level:g} %. "
        + ("Switch TREND off" if settings.trend else "Use fewer HARMONICS")
        + ", or begin later."
    )


def _history(settings: MonitorSettings, times: TimeArray) -> str:
    """What the model is fitted to, and what it is used for."""
    days = np.unique(times.astype("datetime64[D]"))
    if settings.history_start is not None:
        days = days[days >= settings.history_start]
    past = days[days < settings.start]
    span = (past[-1] - past[0]) / np.timedelta64(1, "D") / YEAR_DAYS
    size = 1 + settings.trend + 2 * settings.harmonics
    return (
        f"{len(past)} dates in {span:.1f} years for a model of {size} coefficients"
        f"{' with a trend' if settings.trend else ''}, and {len(days) - len(past)} dates are "
        "monitored"
    )
