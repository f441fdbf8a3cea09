# SPDX-License-Identifier: GPL-3.0-or-later
"""Critical values of the fluctuation tests: how far a stable process may stray.

The conventions are those of strucchange (Zeileis, Leisch, Hornik & Kleiber 2002,
10.18637/jss.v007.i02), so that numbers can be compared with it digit by digit.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from ...errors import InputError
from ...types import FloatArray

WINDOWS = (0.25, 0.5, 1.0)
PERIODS = (2, 4, 6, 8, 10)
LEVELS = (0.05, 0.04, 0.03, 0.02, 0.01, 0.005, 0.001)

# Simulated quantiles of max |M(t)| / sqrt(2 log+ t) for OLS-MOSUM monitoring, by window, PERIODS
# (rows) and LEVELS (columns): Zeileis, Leisch, Kleiber & Hornik 2005 (10.1002/jae.776), after
# Leisch, Hornik & Kuan 2000 (10.1017/S0266466600166022), with the digits that strucchange ships.
# ``simulate_mosum`` draws them again.
_MOSUM: dict[float, tuple[tuple[float, ...], ...]] = {
    0.25: (
        (1.22762666, 1.25822933, 1.29774316, 1.35027275, 1.43326295, 1.50729964, 1.67397677),
        (1.33623105, 1.36372550, 1.39843638, 1.44543974, 1.51983679, 1.59695604, 1.74550949),
        (1.34108685, 1.36827681, 1.40265415, 1.44812318, 1.52159988, 1.59797111, 1.74550949),
        (1.34165681, 1.36850460, 1.40307435, 1.44822824, 1.52162851, 1.59797111, 1.74550949),
        (1.34182451, 1.36886321, 1.40318773, 1.44823609, 1.52164497, 1.59797111, 1.74550949),
    ),
    0.5: (
        (1.68732328, 1.73632152, 1.80222275, 1.88695253, 2.03146339, 2.15191486, 2.43457585),
        (1.88633090, 1.93324325, 1.99470655, 2.07553346, 2.20116996, 2.32051977, 2.56886152),
        (1.89958445, 1.94724279, 2.00481876, 2.08244752, 2.20853517, 2.32525489, 2.57025529),
        (1.90129851, 1.94888293, 2.00650282, 2.08284825, 2.20875377, 2.32552183, 2.57025529),
        (1.90200318, 1.94920727, 2.00698531, 2.08287028, 2.20907283, 2.32552183, 2.57025529),
    ),
    1.0: (
        (2.22408818, 2.31039779, 2.42051303, 2.55992945, 2.79961592, 3.02945820, 3.45472681),
        (2.70443676, 2.78801292, 2.89422935, 3.03021741, 3.25282964, 3.46025134, 3.93535696),
        (2.73714808, 2.81622524, 2.91830367, 3.04573310, 3.27400633, 3.47339264, 3.94102916),
        (2.74287924, 2.82132245, 2.92088700, 3.04844221, 3.27485974, 3.47422654, 3.94102916),
        (2.74592761, 2.82427034, 2.92234002, 3.04928862, 3.27693246, 3.47422654, 3.94102916),
    ),
}


def mosum_critical(window: float, period: int, level: float) -> float:
    """The critical value of OLS-MOSUM monitoring; the boundary is it times sqrt(2 log+ t).

    ``window`` is the bandwidth as a fraction of the history (0.25, 0.5 or 1), ``period`` the length
    of history and monitoring together in units of the history (2, 4, 6, 8, 10), ``level`` the
    probability of a false alarm over the whole period, 0.001 to 0.05 (linear between the table's
    levels). Raises ``InputError`` for anything else.
    """
    if window not in WINDOWS or period not in PERIODS:
        raise InputError(
            f"There is no critical value for a window of {window:g} of the history and a period of "
            f"{period:g}: choose a window of 0.25, 0.5 or 1 and a period of 2, 4, 6, 8 or 10."
        )
    if not LEVELS[-1] <= level <= LEVELS[0]:
        raise InputError(
            f"There is no critical value for a level of {level:g}: choose one from 0.001 to 0.05."
        )
    return float(np.interp(level, LEVELS[::-1], _MOSUM[window][PERIODS.index(period)][::-1]))


def cusum_critical(level: float) -> float:
    """The critical value c of OLS-CUSUM monitoring at ``level`` (0 to 1, both excluded).

    It solves 2 (1 - F(c) + c f(c)) = level with the normal distribution F and its density f (Chu,
    Stinchcombe & White 1996, 10.2307/2171955): 2.7955 at 0.05.
    """
    return _root(lambda c: 2.0 * (_tail(c) + c * _density(c)), level)


def recursive_cusum_critical(level: float) -> float:
    """The critical value of the CUSUM of recursive residuals at ``level`` (0 to 1, excluded).

    The boundary is it times 1 + 2 t (Brown, Durbin & Evans 1975,
    10.1111/j.2517-6161.1975.tb01532.x; crossing probability of Brownian motion as in strucchange):
    0.9479 at 0.05.
    """
    return _root(recursive_cusum_p_value, level)


def recursive_cusum_p_value(statistic: float) -> float:
    """The probability that max |W(t)| / (1 + 2 t) of Brownian motion exceeds ``statistic``."""
    x = statistic
    if x < 0.3:  # where the series below converges too slowly, strucchange takes a line
        return 1.0 - 0.1464 * x
    middle = math.exp(-4.0 * x * x) * (1.0 - _tail(x) - _tail(5.0 * x))
    return 2.0 * (_tail(3.0 * x) + middle - math.exp(-16.0 * x * x) * _tail(x))


def simulate_mosum(
    window: float, period: int, levels: tuple[float, ...], runs: int, history: int, seed: int
) -> FloatArray:
    """Critical values (levels,) of OLS-MOSUM monitoring by Monte Carlo: where ``_MOSUM`` is from.

    ``runs`` series of ``history`` normal numbers with a constant as the model are monitored up to
    ``period`` times the history. The values carry the sampling error of a quantile of ``runs``
    numbers, and those of a history shorter than some hundred observations are not yet the limit.
    """
    rng = np.random.default_rng(seed)
    width, count = int(window * history), period * history
    k = np.arange(history + 1, count + 1)
    boundary = np.sqrt(2.0 * log_plus(k / history))
    largest = np.empty(runs)
    for run in range(runs):
        noise = rng.standard_normal(count)
        noise -= noise[:history].mean()
        sums = np.concatenate(([0.0], np.cumsum(noise)))
        process = (sums[k] - sums[k - width]) / noise[:history].std(ddof=1) / math.sqrt(history)
        largest[run] = np.max(np.abs(process) / boundary)
    return np.asarray(np.quantile(largest, 1.0 - np.asarray(levels)))


def log_plus(t: FloatArray) -> FloatArray:
    """1 up to e, the logarithm beyond."""
    result: FloatArray = np.log(np.maximum(t, math.e))
    return result


def _tail(x: float) -> float:
    """The probability that a normal number exceeds ``x``."""
    return 0.5 * math.erfc(x / math.sqrt(2.0))


def _density(x: float) -> float:
    return math.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi)


def _root(probability: Callable[[float], float], level: float) -> float:
    """Where a falling probability equals ``level``, by bisection to the last digits."""
    if not 0.0 < level < 1.0:
        raise InputError(f"A level of {level:g} is no probability: choose one between 0 and 1.")
    low, high = 0.0, 20.0
    for _ in range(100):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if probability(middle) > level else (low, middle)
    return 0.5 * (low + high)
