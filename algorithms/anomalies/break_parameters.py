# SPDX-License-Identifier: GPL-3.0-or-later
"""The advanced parameters of the tests for breaks, and the plan that they make."""

from __future__ import annotations

import numpy as np

from ...core.anomalies.breaks.critical import PERIODS, WINDOWS
from ...core.anomalies.breaks.joint import BreakSettings
from ...core.anomalies.breaks.monitor import MonitorSettings
from ...core.anomalies.breaks.plan import BFASTMONITOR, BreakPlan
from ...core.times import parse_day
from ..base import CalValAlgorithm, Job, make, tr

METHOD, START, INDEX = "METHOD", "START", "INDEX"
HISTORY, HISTORY_START, LEVEL = "HISTORY", "HISTORY_START", "LEVEL"
WINDOW, PERIOD, PROCESS, CLOCK = "WINDOW", "PERIOD", "PROCESS", "CLOCK"
HARMONICS, TREND, SCREENING = "HARMONICS", "TREND", "SCREENING"
SCREENING_SIGMAS, NOISE_FLOOR = "SCREENING_SIGMAS", "NOISE_FLOOR"
CONSECUTIVE, PROBABILITY_LEVEL, WIDEST_ANGLE = "CONSECUTIVE", "PROBABILITY_LEVEL", "WIDEST_ANGLE"


def add_monitoring(algorithm: CalValAlgorithm) -> None:
    """Add the settings of BFASTMonitor."""
    _add_history(algorithm)
    _add_process(algorithm)
    _add_model(algorithm)


def _add_history(algorithm: CalValAlgorithm) -> None:
    """Which observations are learned from, and how often that is wrong."""
    algorithm.add(
        make.choice(
            HISTORY, tr("History"),
            tr(
                "bfastmonitor: all of it, or roc: the part before the start that the "
                "reverse-ordered CUSUM finds stable."
            ),
            ("all", "roc"), "all", advanced=True,
        ),
        make.string(
            HISTORY_START, tr("Start of the history"),
            tr("bfastmonitor: nothing before this day is used, as 2016-01-01. Empty: all is."),
            optional=True, advanced=True,
        ),
        make.number(
            LEVEL, tr("Level of false alarms"),
            tr(
                "bfastmonitor: probability that a stable series is called a break over the whole "
                "monitoring, 0.001 to 0.05."
            ),
            0.05, minimum=0.001, maximum=0.05, advanced=True,
        ),
    )  # fmt: skip


def _add_process(algorithm: CalValAlgorithm) -> None:
    """What is watched, and the boundary that it must not cross."""
    algorithm.add(
        make.choice(
            WINDOW, tr("Window of the moving sum"),
            tr("bfastmonitor: bandwidth as a share of the history; smaller reacts sooner."),
            tuple(f"{one:g}" for one in WINDOWS), "0.25", advanced=True,
        ),
        make.choice(
            PERIOD, tr("Longest monitoring"),
            tr(
                "bfastmonitor: length of history and monitoring together, in lengths of the "
                "history; the critical value is that of it."
            ),
            tuple(str(one) for one in PERIODS), "10", advanced=True,
        ),
        make.choice(
            PROCESS, tr("Process"),
            tr("bfastmonitor: the moving sum (mosum) or the cumulative sum (cusum) is watched."),
            ("mosum", "cusum"), "mosum", advanced=True,
        ),
        make.choice(
            CLOCK, tr("Clock of the boundary"),
            tr(
                "bfastmonitor: the boundary rises with the number of observations, as in "
                "strucchange, or with the days, as in the Python package bfast."
            ),
            ("observations", "days"), "observations", advanced=True,
        ),
    )  # fmt: skip


def _add_model(algorithm: CalValAlgorithm) -> None:
    """The seasonal model, and what is left out before it is fitted."""
    algorithm.add(
        make.number(
            HARMONICS, tr("Harmonics"),
            tr("bfastmonitor: waves of the year in the seasonal model, 0 to 3."),
            3, minimum=0, maximum=3, integer=True, advanced=True,
        ),
        make.switch(
            TREND, tr("Trend"),
            tr(
                "bfastmonitor: the model of the history has a trend, as in BFAST. Only where the "
                "monitoring lasts less than a third of the history: an extrapolated trend raises "
                "false alarms."
            ),
            False, advanced=True,
        ),
        make.switch(
            SCREENING, tr("Screen out spikes"),
            tr(
                "bfastmonitor: leave out single odd dates (clouds that the mask has missed) "
                "before the test; without it 2 % of them double the false alarms."
            ),
            True, advanced=True,
        ),
        make.number(
            SCREENING_SIGMAS, tr("Size of spikes (sigmas)"),
            tr("bfastmonitor: residuals beyond this are spikes where no others follow them."),
            3.5, minimum=2.0, maximum=20.0, advanced=True,
        ),
    )  # fmt: skip


def add_joint(algorithm: CalValAlgorithm) -> None:
    """Add the settings of the joint test, and what both tests have."""
    algorithm.add(
        make.number(
            CONSECUTIVE, tr("Consecutive dates"),
            tr("joint: so many clear dates in a row have to deviate together, 2 to 12."),
            6, minimum=2, maximum=12, integer=True, advanced=True,
        ),
        make.number(
            PROBABILITY_LEVEL, tr("Probability of the joint test"),
            tr("joint: quantile of chi-square that each of these dates has to exceed, 0.5 to 1."),
            0.99, minimum=0.5, maximum=0.999999, advanced=True,
        ),
        make.number(
            WIDEST_ANGLE, tr("Widest angle (degrees)"),
            tr("joint: mean angle between one deviation and the next, so that all point one way."),
            45.0, minimum=1.0, maximum=180.0, advanced=True,
        ),
        make.number(
            NOISE_FLOOR, tr("Smallest noise"),
            tr(
                "Smallest standard deviation believed, in the unit of the values: keeps constant "
                "or coarsely quantized series from being all breaks."
            ),
            0.002, minimum=0.0, maximum=1.0, advanced=True,
        ),
    )  # fmt: skip


def plan_of(job: Job) -> BreakPlan:
    """The plan that was chosen; raises ``InputError`` for a day that is none."""
    start = parse_day(job[START], START) if job[START].strip() else None
    begin = job[HISTORY_START].strip()
    monitor = None
    if start is not None and job[METHOD] == BFASTMONITOR:
        monitor = MonitorSettings(
            start=start,
            history_start=parse_day(begin, HISTORY_START) if begin else None,
            window=float(job[WINDOW]), level=job[LEVEL], period=int(job[PERIOD]),
            harmonics=job[HARMONICS], trend=job[TREND], history=job[HISTORY],
            process=job[PROCESS], clock=job[CLOCK], screening=job[SCREENING],
            screening_sigmas=job[SCREENING_SIGMAS], noise_floor=job[NOISE_FLOOR],
        )  # fmt: skip
    joint = BreakSettings(
        consecutive=job[CONSECUTIVE], probability=job[PROBABILITY_LEVEL],
        widest_angle_deg=job[WIDEST_ANGLE], noise_floor=job[NOISE_FLOOR],
    )  # fmt: skip
    return BreakPlan(job[METHOD], None if start is None else np.datetime64(start, "D"),
                     monitor, joint)  # fmt: skip
