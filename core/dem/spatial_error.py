# SPDX-License-Identifier: GPL-3.0-or-later
"""How uncertain a mean of differences is whose errors are correlated in space.

The variogram says how differences grow apart with distance. A sum of two spherical models, short
and long range, is fitted to it; the variance of the mean over an area follows from the models
(Rolstad, Haug and Denby 2009, DOI 10.3189/002214309789470950; Hugonnet et al. 2022, DOI
10.1109/JSTARS.2022.3188922).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import pi, sqrt

import numpy as np

from ..types import FloatArray
from .resample import Heights

_LAGS, _PAIRS = 22, 12_000
_LEAST_PAIRS = 300
_RANGES = 28
_SHARED = 2.0  # how much larger shared cells make the variance of a semivariance, about
# Dowd (1984), DOI 10.1007/978-94-009-3699-7_6: variogram from the median of the differences.
_DOWD = 2.198
_DOWD_SCATTER = 5.41  # its variance by its squared mean and times the pairs, of normal differences


@dataclass(frozen=True)
class Variogram:
    """Semivariance (m2) of ``pairs`` pairs at mean ``distance`` (m), and its standard ``error``
    (m2) from how the pairs scatter, all (k,).
    """

    distance: FloatArray
    semivariance: FloatArray
    pairs: FloatArray
    error: FloatArray


@dataclass(frozen=True)
class Correlation:
    """Sum of spherical models: ``sills`` (m2) at ``ranges`` (m), and what is not correlated from
    cell to cell (``nugget``, m2).
    """

    nugget: float
    sills: tuple[float, ...]
    ranges: tuple[float, ...]

    @property
    def total(self) -> float:
        """The variance (m2) of single cells."""
        return self.nugget + sum(self.sills)

    def semivariance(self, distance: FloatArray) -> FloatArray:
        """The model at ``distance`` (k,), m2."""
        found = np.full(distance.shape, self.nugget)
        for sill, reach in zip(self.sills, self.ranges, strict=True):
            found += sill * spherical(distance, reach)
        return found


@dataclass(frozen=True)
class MeanError:
    """The standard error (m) of a mean over ``area`` (m2), and how many independent cells would
    know as much: never more than there are.
    """

    error: float
    effective: float
    area: float


def spherical(distance: FloatArray, reach: float) -> FloatArray:
    """The spherical model of sill 1 and range ``reach``."""
    share = np.minimum(np.asarray(distance) / reach, 1.0)
    return np.asarray(1.5 * share - 0.5 * share**3)


def variogram(
    difference: Heights, sides_m: tuple[float, float], robust: bool = True, seed: int = 0
) -> Variogram:
    """The empirical variogram of ``difference`` (rows, columns, NaN = none).

    Pairs of cells are drawn at 22 distances from one cell to half the diagonal, equally many at
    each. ``robust``: Dowd's estimator, which a few odd cells do not change, else Matheron's.
    """
    rng = np.random.default_rng(seed)
    rows, columns = np.nonzero(np.isfinite(difference))
    east, north = sides_m
    height, width = difference.shape
    longest = 0.5 * float(np.hypot(height * north, width * east))
    lags = np.geomspace(max(east, north), max(longest, 2.0 * max(east, north)), _LAGS)
    found = []
    for lag in lags:
        if not rows.size:
            break
        pick = rng.integers(0, rows.size, _PAIRS)
        angle = rng.uniform(0.0, 2.0 * pi, _PAIRS)
        down = np.rint(lag * np.sin(angle) / north).astype(np.int64)
        right = np.rint(lag * np.cos(angle) / east).astype(np.int64)
        other = rows[pick] + down, columns[pick] + right
        good = (other[0] >= 0) & (other[0] < height) & (other[1] >= 0) & (other[1] < width)
        good &= (down != 0) | (right != 0)
        one = difference[rows[pick[good]], columns[pick[good]]]
        gap = one - difference[other[0][good], other[1][good]]
        known = np.isfinite(gap)
        if np.count_nonzero(known) < _LEAST_PAIRS:
            continue
        far = np.hypot(down[good] * north, right[good] * east)[known]
        value, error = _semivariance(gap[known], robust)
        found.append((float(far.mean()), value, float(far.size), error))
    return Variogram(*np.array(found, dtype=np.float64).reshape(-1, 4).T)


def fit_correlation(found: Variogram) -> Correlation | None:
    """A nugget and up to two spherical models, by least squares over a grid of ranges; None for
    fewer than five distances or no variance at all.

    Each model has to earn its place: of none, one and two of them that is taken whose misfit, in
    units of the sampling error of the variogram, is smallest with the penalty of the Bayesian
    information criterion (Schwarz 1978, DOI 10.1214/aos/1176344136). Else the chance ups and downs
    of white noise would be taken for correlation over the whole area, which a mean does not shed.
    """
    if len(found.distance) < 5 or not found.semivariance.max(initial=0.0) > 0.0:
        return None
    best = [_best_of(found, count) for count in range(3)]
    # The pairs drawn share cells.
    sampling = np.maximum(np.sqrt(_SHARED) * found.error, 1e-9 * found.semivariance.max())
    criteria = [
        float(np.sum(((one.semivariance(found.distance) - found.semivariance) / sampling) ** 2))
        + (1 + 2 * count) * np.log(len(found.distance))
        for count, one in enumerate(best)
    ]
    return best[int(np.argmin(criteria))]


def _best_of(found: Variogram, count: int) -> Correlation:
    """The nugget with ``count`` spherical models that fits best."""
    # All distances count alike: relative differences would let the shortest, where real variograms
    # bend and spherical ones do not, stretch the ranges.
    values = found.semivariance / found.semivariance.max()
    ranges = np.geomspace(found.distance[0], found.distance[-1], _RANGES)
    shapes = [spherical(found.distance, reach) for reach in ranges]
    least, best = np.inf, Correlation(0.0, (), ())
    for chosen in combinations(range(_RANGES), count):
        design = np.column_stack([np.ones(len(values)), *(shapes[one] for one in chosen)])
        parts = _not_negative(design, values)
        misfit = float(np.sum((design @ parts - values) ** 2))
        if misfit < least - 1e-12:
            nugget, *sills = (float(one) for one in parts * found.semivariance.max())
            least = misfit
            best = Correlation(nugget, tuple(sills), tuple(float(ranges[one]) for one in chosen))
    return best


def least_certain(
    found: Sequence[Variogram], variance: float, count: int, cell_m2: float
) -> tuple[Correlation, MeanError] | None:
    """The correlation that makes the mean of ``count`` cells, whose ``variance`` (m2) is given,
    least certain, of those that the variograms of the same differences tell; None without any.

    Odd cells change the mean, and Matheron's estimator alone counts them; but they bury a faint
    correlation of all the others over long distances, which Dowd's shows, and which a mean does
    not shed.
    """
    models = [one for one in map(fit_correlation, found) if one is not None]
    errors = [mean_error(one, count, cell_m2, variance) for one in models]
    both = zip(models, errors, strict=True)
    return max(both, key=lambda one: one[1].error, default=None)


def mean_error(
    correlation: Correlation, count: int, cell_m2: float, total: float | None = None
) -> MeanError:
    """The standard error of the mean of ``count`` cells of ``cell_m2`` each, for a disk of their
    area: sill (1 - L/a + (L/a)^3 / 5) for radii L up to the range a, sill/5 (a/L)^2 beyond.
    ``total``: variance (m2) of the cells; that of the model where it is left out.
    """
    radius = sqrt(count * cell_m2 / pi)
    variance = correlation.nugget / count
    for sill, reach in zip(correlation.sills, correlation.ranges, strict=True):
        share = radius / reach
        part = 1.0 - share + share**3 / 5.0 if share <= 1.0 else 0.2 / share**2
        # Correlated over less than a cell, cells are independent at most.
        variance += sill * max(part, 1.0 / count)
    total = correlation.total if total is None else total
    # A mean is no surer than that of independent cells, whatever part of the variance of a few odd
    # ones the fitted model misses.
    variance = max(variance, total / count)
    effective = total / variance if variance > 0.0 else float("nan")
    return MeanError(sqrt(variance), effective, count * cell_m2)


def _semivariance(gap: Heights, robust: bool) -> tuple[float, float]:
    """Half of the mean square (or Dowd's), and its standard error for independent pairs."""
    if robust:
        value = 0.5 * _DOWD * float(np.median(np.abs(gap))) ** 2
        return value, value * sqrt(_DOWD_SCATTER / gap.size)
    # A few odd cells make a mean square far less certain than that of normal differences is.
    halves = 0.5 * np.square(gap, dtype=np.float64)
    return float(halves.mean()), float(halves.std()) / sqrt(gap.size)


def _not_negative(design: FloatArray, values: FloatArray) -> FloatArray:
    """Least squares with coefficients of zero or more: the best of all subsets of three columns."""
    best = np.zeros(design.shape[1])
    least = float(values @ values)
    for count in range(1, design.shape[1] + 1):
        for columns in combinations(range(design.shape[1]), count):
            part = design[:, columns]
            parts = np.linalg.lstsq(part, values, rcond=None)[0]
            left = values - part @ parts
            if (parts >= 0.0).all() and float(left @ left) < least:
                least = float(left @ left)
                best = np.zeros(design.shape[1])
                best[list(columns)] = parts
    return best
