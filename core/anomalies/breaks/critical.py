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

# Simulated quantiles of max |M(t)| / sqrt(2 log+ t) for OLS-MOSUM monitoring, by window and period,
# at LEVELS: Zeileis, Leisch, Kleiber & Hornik 2005 (10.1002/jae.776), after Leisch, Hornik & Kuan
# 2000 (10.1017/S0266466600166022), with the digits that strucchange ships. ``simulate_mosum``
# draws them again.
_MOSUM: dict[tuple[float, int], tuple[float, ...]] = {
    (0.25, 2): (
        1.2276266582,
        1.2582293323,
        1.2977431611,
        1.3502727495,
        1.4332629474,
        1.5072996447,
        1.6739767654,
    ),
    (0.25, 4): (
        1.3362310539,
        1.3637254981,
        1.3984363773,
        1.4454397388,
        1.5198367928,
        1.5969560436,
        1.7455094889,
    ),
    (0.25, 6): (
        1.3410868519,
        1.3682768112,
        1.4026541481,
        1.4481231849,
        1.5215998819,
        1.5979711138,
        1.7455094889,
    ),
    (0.25, 8): (
        1.3416568150,
        1.3685046030,
        1.4030743472,
        1.4482282415,
        1.5216285063,
        1.5979711138,
        1.7455094889,
    ),
    (0.25, 10): (
        1.3418245101,
        1.3688632096,
        1.4031877326,
        1.4482360880,
        1.5216449728,
        1.5979711138,
        1.7455094889,
    ),
    (0.5, 2): (
        1.6873232833,
        1.7363215241,
        1.8022227520,
        1.8869525279,
        2.0314633936,
        2.1519148601,
        2.4345758506,
    ),
    (0.5, 4): (
        1.8863309010,
        1.9332432457,
        1.9947065504,
        2.0755334634,
        2.2011699589,
        2.3205197747,
        2.5688615196,
    ),
    (0.5, 6): (
        1.8995844506,
        1.9472427855,
        2.0048187582,
        2.0824475162,
        2.2085351651,
        2.3252548908,
        2.5702552915,
    ),
    (0.5, 8): (
        1.9012985098,
        1.9488829278,
        2.0065028207,
        2.0828482466,
        2.2087537737,
        2.3255218307,
        2.5702552915,
    ),
    (0.5, 10): (
        1.9020031790,
        1.9492072743,
        2.0069853136,
        2.0828702764,
        2.2090728282,
        2.3255218307,
        2.5702552915,
    ),
    (1.0, 2): (
        2.2240881823,
        2.3103977923,
        2.4205130318,
        2.5599294517,
        2.7996159172,
        3.0294581990,
        3.4547268130,
    ),
    (1.0, 4): (
        2.7044367631,
        2.7880129238,
        2.8942293549,
        3.0302174106,
        3.2528296363,
        3.4602513439,
        3.9353569619,
    ),
    (1.0, 6): (
        2.7371480759,
        2.8162252396,
        2.9183036689,
        3.0457331020,
        3.2740063288,
        3.4733926437,
        3.9410291609,
    ),
    (1.0, 8): (
        2.7428792436,
        2.8213224513,
        2.9208870019,
        3.0484422100,
        3.2748597378,
        3.4742265449,
        3.9410291609,
    ),
    (1.0, 10): (
        2.7459276132,
        2.8242703370,
        2.9223400156,
        3.0492886214,
        3.2769324569,
        3.4742265449,
        3.9410291609,
    ),
}


def mosum_critical(window: float, period: int, level: float) -> float:
    """The critical value of OLS-MOSUM monitoring; the boundary is it times sqrt(2 log+ t).

    ``window`` is the bandwidth as a fraction of the history (0.25, 0.5 or 1), ``period`` the length
    of history and monitoring together in units of the history (2, 4, 6, 8, 10), ``level`` the
    probability of a false alarm over the whole period, 0.001 to 0.05 (linear between the table's
    levels). Raises ``InputError`` for anything else.
    """
    if (window, period) not in _MOSUM:
        raise InputError(
            f"There is no critical value for a window of {window:g} of the history and a period of "
            f"{period:g}: choose a window of 0.25, 0.5 or 1 and a period of 2, 4, 6, 8 or 10."
        )
    if not LEVELS[-1] <= level <= LEVELS[0]:
        raise InputError(
            f"There is no critical value for a level of {level:g}: choose one from 0.001 to 0.05."
        )
    return float(np.interp(level, LEVELS[::-1], _MOSUM[window, period][::-1]))


def cusum_critical(level: float) -> float:
    """The critical value c of OLS-CUSUM monitoring at ``level`` (0 to 1, both excluded).

    It solves 2 (1 - F(c) + c f(c)) = level with the normal distribution F and its density f (Chu,
    Stinchcombe & White 1996, 10.2307/2171955): 2.7955 at 0.05.
    """
    return _root(lambda c: 2.0 * (_tail(c) + c * _density(c)), level)


def recursive_cusum_critical(level: float) -> float:
    """The critical value of the CUSUM of recursive residuals at ``level`` (0 to 1, excluded).

    The boundary is it times 1 + 2 t (Brown, Durbin & Evans 1975, 10.1111/j.2517-6161.1975.tb01532.x;
    crossing probability of Brownian motion as in strucchange): 0.9479 at 0.05.
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
