# SPDX-License-Identifier: GPL-3.0-or-later
"""Empirical fluctuation processes of one series, in the conventions of strucchange.

Zeileis, Leisch, Hornik & Kleiber 2002 (10.18637/jss.v007.i02); monitoring: Chu, Stinchcombe & White
1996 (10.2307/2171955) for the CUSUM, Leisch, Hornik & Kuan 2000 (10.1017/S0266466600166022) for the
MOSUM; reverse-ordered CUSUM: Pesaran & Timmermann 2002 (10.1016/S0927-5398(02)00007-5), used by
Verbesselt et al. 2012 (10.1016/j.rse.2012.02.022). The stacks have kernels of their own
(``monitor``), which give the same numbers; these are for one series, a plot, and a check.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...errors import InsufficientDataError
from ...types import FloatArray
from .critical import cusum_critical, log_plus, mosum_critical, recursive_cusum_critical


@dataclass(frozen=True)
class Fluctuation:
    """A monitored process: one value and one boundary (m,) per observation after the history.

    ``sigma`` is the standard deviation of the residuals of the history, in the unit of the values;
    ``history`` the number of its observations.
    """

    process: FloatArray
    boundary: FloatArray
    sigma: float
    history: int

    @property
    def crossing(self) -> int:
        """The index of the first observation whose process exceeds the boundary; -1 if none."""
        found = np.flatnonzero(np.abs(self.process) > self.boundary)
        return int(found[0]) if len(found) else -1


def mosum(
    design: FloatArray,
    values: FloatArray,
    history: int,
    window: float = 0.25,
    period: int = 10,
    level: float = 0.05,
) -> Fluctuation:
    """OLS-MOSUM monitoring of ``values`` (n,), without NaN, with the model ``design`` (n, p).

    The first ``history`` observations are the stable past. The process is the sum of the last
    floor(window x history) residuals over sigma sqrt(history), the boundary c sqrt(2 log+ (k /
    history)) at the k-th observation. Raises ``InsufficientDataError`` where the history has not
    more observations than the model has columns, ``InputError`` for a window, period or level
    without a critical value.
    """
    critical = mosum_critical(window, period, level)
    scaled, sigma = _scaled_residuals(design, values, history)
    sums = np.concatenate(([0.0], np.cumsum(scaled)))
    k = np.arange(history + 1, len(values) + 1)
    process = sums[k] - sums[k - max(int(window * history), 1)]
    boundary = critical * np.sqrt(2.0 * log_plus(k / history))
    return Fluctuation(process, boundary, sigma, history)


def cusum(design: FloatArray, values: FloatArray, history: int, level: float = 0.05) -> Fluctuation:
    """OLS-CUSUM monitoring: arguments and errors as for ``mosum``.

    The process is the sum of all residuals over sigma sqrt(history), the boundary
    sqrt(x (x - 1) (c^2 + log(x / (x - 1)))) with x = k / history.
    """
    critical = cusum_critical(level)
    scaled, sigma = _scaled_residuals(design, values, history)
    x = np.arange(history + 1, len(values) + 1) / history
    process = np.cumsum(scaled)[history:]
    boundary = np.sqrt(x * (x - 1.0) * (critical**2 + np.log(x / (x - 1.0))))
    return Fluctuation(process, boundary, sigma, history)


def recursive_residuals(design: FloatArray, values: FloatArray) -> FloatArray:
    """Standardized one-step prediction errors (n - p,) of ``values`` (n,) with ``design`` (n, p).

    By Givens rotations of one row after the other into a triangle (Gentleman 1974,
    10.2307/2347147): the remainder of the rotated value is the recursive residual of Brown, Durbin
    & Evans, without any inverse. Observations that still build up the model give 0 and are left
    out. Raises ``InsufficientDataError`` for n <= p.
    """
    count, columns = design.shape
    _require(count, columns)
    triangle, target = np.zeros((columns, columns)), np.zeros(columns)
    result = np.empty(count)
    for index in range(count):
        row, value = design[index].copy(), float(values[index])
        for j in range(columns):
            length = np.hypot(triangle[j, j], row[j])
            if row[j] == 0.0 or length == 0.0:
                continue
            c, s = triangle[j, j] / length, row[j] / length
            upper = triangle[j, j:].copy()
            triangle[j, j:] = c * upper + s * row[j:]
            row[j:] = c * row[j:] - s * upper
            target[j], value = c * target[j] + s * value, c * value - s * target[j]
        result[index] = value
    return result[columns:]


def recursive_cusum(residuals: FloatArray) -> FloatArray:
    """The CUSUM process (n + 1,) of recursive ``residuals`` (n,), which starts at 0."""
    sigma = residuals.std(ddof=1) * np.sqrt(len(residuals))
    process: FloatArray = np.concatenate(([0.0], np.cumsum(residuals))) / sigma
    return process


def stable_start(design: FloatArray, values: FloatArray, level: float = 0.05) -> int:
    """The index of the first observation of the stable history that ends with the last one.

    The CUSUM of recursive residuals runs backwards in time; the history begins after the first
    observation at which it crosses its boundary, and with the series where it never does.
    Arguments and errors as for ``recursive_residuals``.
    """
    residuals = recursive_residuals(design[::-1], values[::-1])
    return stable_start_of(residuals, len(values), level)


def stable_start_of(reversed_residuals: FloatArray, count: int, level: float = 0.05) -> int:
    """``stable_start`` from the recursive residuals of the reversed series of ``count`` values."""
    process = recursive_cusum(reversed_residuals)[1:]
    t = np.arange(1, len(process) + 1) / len(process)
    boundary = recursive_cusum_critical(level) * (1.0 + 2.0 * t)
    crossed = np.flatnonzero(np.abs(process) > boundary)
    return len(process) - int(crossed[0]) if len(crossed) else 0


def _scaled_residuals(
    design: FloatArray, values: FloatArray, history: int
) -> tuple[FloatArray, float]:
    """Residuals (n,) from the fit of the history over sigma sqrt(history), and sigma."""
    columns = design.shape[1]
    _require(history, columns)
    fit = np.linalg.lstsq(design[:history], values[:history], rcond=None)[0]
    residuals = values - design @ fit
    sigma = float(np.sqrt(np.sum(residuals[:history] ** 2) / (history - columns)))
    return residuals / (sigma * np.sqrt(history)), sigma


def _require(count: int, columns: int) -> None:
    if count <= columns:
        raise InsufficientDataError(
            f"A model with {columns} coefficients needs more than {columns} observations, but the "
            f"history has {count}: begin monitoring later, or use fewer harmonics."
        )
