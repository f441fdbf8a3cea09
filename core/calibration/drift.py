# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a coefficient drifts: a constant against a line, the quick part of ``trends``.

The one place where a slope and the verdict about it come from: for the summaries of calibrations
and comparisons and the panel here, and with more kinds of models beside, by the same fits and the
same rule, for the report of a period and new parameters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..times import YEAR_DAYS
from ..types import AnyArray, FloatArray, TimeArray
from .trend_models import Kind, Trend, TrendChoice
from .trend_noise import fit_linear, noise_grid
from .trend_terms import terms
from .trends import fit_trends

MIN_TREND = 10
LEAST_YEARS = 0.5  # that a trend needs
_DAY = np.timedelta64(1, "D")


def constant_or_line(
    time: TimeArray, values: FloatArray, sites: AnyArray | None = None
) -> TrendChoice | None:
    """A constant and a line through values (n,) at ``time`` (n,), and which of them is taken.

    Each of several ``sites`` (n,) has a level of its own: sites that are seen more and more often
    instead of others make no drift. None where there are fewer than ``MIN_TREND`` values (and one
    more for each further site) or they span less than half a year.
    """
    named = np.zeros(len(values)) if sites is None else sites
    further = max(len(np.unique(named.astype(str))) - 1, 0)
    if not _enough(time, len(values) - further):
        return None
    beside = terms(time, named, sites is not None, False)
    return fit_trends(time, values, (Kind.CONSTANT, Kind.LINEAR), terms=beside)


@dataclass(frozen=True)
class Noise:
    """How the noise of a series remembers: kinds (g,) of ``trend_noise`` with their ``weights``."""

    memory_days: FloatArray
    white_share: FloatArray
    weights: FloatArray

    def widening(self, time: TimeArray) -> float:
        """By how much memory widens the standard error sd / sqrt(n) of the mean of values at
        ``time`` (n,), ascending, whose own standard deviation is sd; 1 for none, never below.

        With the mean correlation r among them (itself included) the variance of the mean is r of
        that of one value, and their own scatter shows 1 - r of it only: what they have in common
        makes their mean worse, and does not show among them.
        """
        count = len(time)
        if count < 2:
            return 1.0
        shared = float(self.weights @ self._mean_correlation((time - time[0]) / _DAY))
        return float(np.sqrt(max(shared * (count - 1) / (1.0 - shared), 1.0)))

    def _mean_correlation(self, days: FloatArray) -> FloatArray:
        """Of all pairs of values at ``days`` (n,), ascending, by kind of noise (g,)."""
        memory = np.where(self.memory_days > 0.0, self.memory_days, np.inf)
        before, total = np.zeros(len(memory)), np.zeros(len(memory))
        for gap in np.diff(days):
            before = np.exp(-gap / memory) * (before + 1.0)
            total += before
        hidden = np.where(self.memory_days > 0.0, 1.0 - self.white_share, 0.0)
        return np.asarray((len(days) + 2.0 * hidden * total) / len(days) ** 2)


def noise_of(time: TimeArray, values: FloatArray) -> Noise | None:
    """The noise of values (n,) at ``time`` (n,), in any order, about their level, or their line
    where they drift: a drift is no memory. None for so few as ``constant_or_line``.

    Neighbors in time tell too little of such noise: where each value also has an error of its own,
    they hardly look alike, and yet what is common to a season does not average out.
    """
    choice = constant_or_line(time, values)
    if choice is None:
        return None
    order = np.argsort(time, kind="stable")
    time, values = time[order], values[order]
    rest = values - choice.best.at(time)[0]
    grid = noise_grid(np.asarray((time - time[0]) / _DAY))
    fit = fit_linear(grid, np.ones((len(rest), 1)), rest)
    return Noise(grid.memory_days, grid.white_share, fit.weights)


def _enough(time: TimeArray, count: int) -> bool:
    if count < MIN_TREND:
        return False
    return bool((time.max() - time.min()) / _DAY >= LEAST_YEARS * YEAR_DAYS)


def line_of(choice: TrendChoice) -> Trend:
    """The line, whether it was taken or not."""
    return next(one for one in choice.tried if one.kind is Kind.LINEAR)


def slope(choice: TrendChoice) -> tuple[float, float]:
    """The slope of the line per year, and its standard error."""
    line = line_of(choice)
    return float(line.parameters[1]), float(line.errors[1])
