# SPDX-License-Identifier: GPL-3.0-or-later
"""Noise that persists: generalized least squares where neighbors in time are alike.

Share and length of the correlation in time (``correlation_in_time``) are not chosen but weighted:
each pair of a grid by its restricted likelihood (REML; Patterson & Thompson 1971,
10.1093/biomet/58.3.545), which carries the doubt about them into the result. White noise has half
of the weight beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from ..dependencies import require
from ..progress import Progress, Silent, check
from ..types import AnyArray, BoolArray, FloatArray
from .correlation_in_time import Correlation
from .joint_parts import TINY
from .robust import SCALE_FLOOR
from .scores import KEEP_LEVEL, PRIOR_WEIGHT, consistency
from .whitened import ChangeFits, Pair, Whitened

SHARES = (0.15, 0.3, 0.5, 0.7, 0.85, 0.95, 1.0)
LENGTHS_DAYS = (5.0, 7.0, 10.0, 14.0, 20.0, 28.0, 40.0, 56.0, 80.0, 113.0, 160.0, 226.0, 320.0)
WHITE = (-1, -1)  # place of white noise beside the grid of shares and lengths
_FIRST = (WHITE, *product((1, 4, 6), (3, 9)))  # looked at first; then the neighbors of the likely
_NEGLIGIBLE = 0.003
FEWEST_ASIDE = 6  # clear dates on either side of a change
_SMALLEST = 1e-300

_Place = tuple[int, int]


@dataclass(frozen=True)
class PersistentFits:
    """The changes (c) for each correlation of the grid (g): the ``weight`` (c, g) of that
    correlation, ``change`` (c, g, k), its ``covariance`` (c, g, k, k), and the degrees of
    ``freedom``.
    """

    weight: FloatArray
    change: FloatArray
    covariance: FloatArray
    freedom: float

    @property
    def squared(self) -> FloatArray:
        """The squared distance (c, g) of the change from none, T2."""
        solved = np.linalg.solve(self.covariance, self.change[..., None])[..., 0]
        return np.asarray((self.change * solved).sum(axis=-1))

    @property
    def p_value(self) -> FloatArray:
        """The chance (c,) of a change as large where there is none, over all correlations."""
        special = require("scipy.special")
        k, rest = self.change.shape[2], self.freedom - self.change.shape[2] + 1.0
        chance = special.fdtrc(k, rest, self.squared * rest / (self.freedom * k))
        return np.asarray(np.clip((self.weight * chance).sum(axis=1), 0.0, 1.0))

    @property
    def evidence(self) -> FloatArray:
        """The logarithm (c,) of the likelihood ratio of the changes against none (Wilks), over all
        correlations. How likely these are where there is no change is told by the change that
        explains most: it is the same for all, so that the changes can be compared.
        """
        ratio = 0.5 * self.freedom * np.log1p(self.squared / self.freedom)
        best = int((self.weight * ratio).sum(axis=1).argmax())
        nothing = np.log(np.maximum(self.weight[best], _SMALLEST)) - ratio[best]
        nothing -= np.logaddexp.reduce(nothing)
        return np.asarray(np.logaddexp.reduce(nothing + ratio, axis=1))


@dataclass(frozen=True)
class _Fit:
    """Changes (c, k), their covariance (c, k, k), the likelihoods (c, k), and the sums of squares
    (c,) of the bands' correlation.
    """

    change: FloatArray
    covariance: FloatArray
    likelihood: FloatArray
    alike: FloatArray


def usable_bands(values: FloatArray, after: BoolArray, size: int) -> BoolArray:
    """Which bands (k,) of ``values`` (n, k) tell a change between the dates ``after`` (n,) and the
    others: with 6 dates on either side, and with enough degrees of freedom beside a model of
    ``size`` coefficients, twice the number of bands; the bands with fewest are left out.
    """
    there = np.isfinite(values)
    aside = np.minimum(there[after].sum(axis=0), there[~after].sum(axis=0))
    freedom = there.sum(axis=0) - size
    usable = aside >= FEWEST_ASIDE
    while usable.any() and freedom[usable].min() < 2 * usable.sum():
        usable &= freedom > freedom[usable].min()
    return np.asarray(usable)


class PersistentModel:
    """The columns ``base`` (n, p - 1) that all changes have in common, the first one constant, and
    the ``values`` (n, k), gaps NaN, that they are fitted to. ``days`` (n,) increase; ``prior``
    (k, k) is what is known of the correlation of the bands' noise. Every band needs more than p
    values. Bands that have the same dates are fitted together.
    """

    def __init__(
        self, base: FloatArray, values: FloatArray, days: FloatArray, prior: FloatArray
    ) -> None:
        self._days, self._prior = days, prior
        there = np.isfinite(values)
        self._count = there.T.astype(np.float64) @ there
        self._freedom = float(there.sum(axis=0).min() - base.shape[1] - 1)
        self._groups = [
            _Group(dates, bands, Whitened(base[dates], values[dates][:, bands], days[dates]))
            for dates, bands in _alike(there)
        ]

    def fits(self, columns: FloatArray, progress: Progress | None = None) -> PersistentFits:
        """Fit each of the ``columns`` (n, c) by itself behind the others, for all correlations that
        are likely for any; asks ``progress`` between them whether to stop.
        """
        found: dict[_Place, _Fit] = {}
        wanted = set(_FIRST)
        weight = np.empty((0, 0))
        while wanted:
            for at in sorted(wanted):
                check(progress or Silent())
                found[at] = self._fit(columns, _pair(at))
            weight = _posterior(found)
            likely = [
                at for at, its in zip(found, weight.T, strict=True) if its.max() > _NEGLIGIBLE
            ]
            wanted = {other for at in likely for other in _beside(at)} - set(found)
        return PersistentFits(
            weight,
            np.stack([fit.change for fit in found.values()], axis=1),
            np.stack([fit.covariance for fit in found.values()], axis=1),
            self._freedom,
        )

    def _fit(self, columns: FloatArray, pair: Pair) -> _Fit:
        """For one correlation in time."""
        bands, changes = len(self._prior), columns.shape[1]
        change, likelihood = np.empty((changes, bands)), np.empty((changes, bands))
        scatter = np.empty((changes, bands, bands))
        spread = np.empty((changes, bands, bands))
        fits = [group.whitened.fits(columns[group.dates], pair) for group in self._groups]
        for group, fit in zip(self._groups, fits, strict=True):
            mine = group.bands
            change[:, mine], likelihood[:, mine] = fit.change, fit.likelihood
            scatter[:, mine[:, None], mine] = fit.scatter
            spread[:, mine[:, None], mine] = fit.spread[:, None, None]
        if len(self._groups) > 1:
            self._join(columns, pair, fits, scatter, spread)
        variance = np.diagonal(scatter, axis1=1, axis2=2)
        correlation = _shrunk(scatter, variance, self._count, self._prior)
        noise = np.maximum(variance * consistency(bands, KEEP_LEVEL), SCALE_FLOOR**2)
        covariance = correlation * np.sqrt(noise[:, :, None] * noise[:, None, :]) * spread
        return _Fit(change, covariance, likelihood, np.square(correlation).sum(axis=(1, 2)))

    def _join(
        self,
        columns: FloatArray,
        pair: Pair,
        fits: list[ChangeFits],
        scatter: FloatArray,
        spread: FloatArray,
    ) -> None:
        """Write what bands of different dates have in common, of their scatter (c, k, k) from the
        dates that both have, and of the spread (c, k, k) of the changes from all.
        """
        whole, changes = Correlation(self._days, *pair), columns.shape[1]
        weights = np.zeros((len(fits), changes, len(columns)))
        left = []
        for at, (group, fit) in enumerate(zip(self._groups, fits, strict=True)):
            own = columns[group.dates]
            weights[at][:, group.dates] = group.whitened.weights(own, pair, fit)
            left.append(np.zeros((changes, len(columns), len(group.bands))))
            left[at][:, group.dates] = group.whitened.left(own, fit)
        moved = whole.multiply(weights.reshape(-1, len(columns)).T).T.reshape(weights.shape)
        for (a, one), (b, other) in combinations(enumerate(self._groups), 2):
            mine, theirs, both = one.bands, other.bands, one.dates & other.dates
            common = (weights[a] * moved[b]).sum(axis=1)
            found = np.zeros((changes, len(mine), len(theirs)))
            if both.sum() > 1:
                flat = left[b][:, both].transpose(1, 0, 2).reshape(int(both.sum()), -1)
                white = Correlation(self._days[both], *pair).solve(flat)
                white = white.reshape(-1, changes, len(theirs)).transpose(1, 0, 2)
                found = left[a][:, both].transpose(0, 2, 1) @ white / both.sum()
            spread[:, mine[:, None], theirs] = common[:, None, None]
            spread[:, theirs[:, None], mine] = common[:, None, None]
            scatter[:, mine[:, None], theirs] = found
            scatter[:, theirs[:, None], mine] = found.transpose(0, 2, 1)


@dataclass(frozen=True)
class _Group:
    """Bands (numbers) that have the same ``dates`` (n,)."""

    dates: BoolArray
    bands: AnyArray
    whitened: Whitened


def _alike(there: BoolArray) -> list[tuple[BoolArray, AnyArray]]:
    """Dates (n,) and bands of the columns of ``there`` (n, k) that are the same."""
    patterns: dict[bytes, list[int]] = {}
    for band in range(there.shape[1]):
        patterns.setdefault(there[:, band].tobytes(), []).append(band)
    return [(there[:, bands[0]], np.array(bands)) for bands in patterns.values()]


def _posterior(found: dict[_Place, _Fit]) -> FloatArray:
    """The share (c, g) of each pair that was looked at."""
    fits = list(found.values())
    mean = np.stack([fit.likelihood.mean(axis=1) for fit in fits], axis=1)
    alike = np.stack([fit.alike for fit in fits], axis=1)
    # Bands that are alike tell the correlation once: k^2 over the sum of squares of theirs.
    most = np.take_along_axis(alike, mean.argmax(axis=1)[:, None], axis=1)
    logs = mean * fits[0].change.shape[1] ** 2 / most
    # White noise is as likely beforehand as all others together.
    logs += [np.log(len(SHARES) * len(LENGTHS_DAYS)) if at == WHITE else 0.0 for at in found]
    weight = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def _pair(at: tuple[int, int]) -> tuple[float, float]:
    return (0.0, 1.0) if at == WHITE else (SHARES[at[0]], LENGTHS_DAYS[at[1]])


def _beside(at: tuple[int, int]) -> list[tuple[int, int]]:
    """The neighbors in the grid; those of white noise are the smallest shares."""
    i, j = at
    if at == WHITE:
        return [(0, length) for length in range(0, len(LENGTHS_DAYS), 2)]
    around = ((i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1))
    return [(a, b) for a, b in around if 0 <= a < len(SHARES) and 0 <= b < len(LENGTHS_DAYS)]


def _shrunk(
    scatter: FloatArray, variance: FloatArray, count: FloatArray, prior: FloatArray
) -> FloatArray:
    """Correlations (g, k, k) from ``scatter`` (g, k, k) and ``variance`` (g, k), over ``count``
    (k, k) dates, shrunk to the ``prior`` as the scores do; positive definite.
    """
    weight = PRIOR_WEIGHT / np.maximum(1.0, count)
    power = np.sqrt(variance[:, :, None] * variance[:, None, :])
    known = power > TINY
    found = np.where(known, scatter / np.where(known, power, 1.0), prior)
    result = (count * np.clip(found, -1.0, 1.0) + weight * prior) / (count + weight)
    diagonal = np.arange(len(prior))
    result[:, diagonal, diagonal] = 1.0
    if not _positive(result):  # bands with few dates in common may contradict each other
        for one in result:
            if not _positive(one):
                one[:] = prior
    return np.asarray(result)


def _positive(matrices: FloatArray) -> bool:
    """Whether all of the ``matrices`` (..., k, k) are positive definite."""
    try:
        np.linalg.cholesky(matrices)
    except np.linalg.LinAlgError:
        return False
    return True
