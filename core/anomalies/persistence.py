# SPDX-License-Identifier: GPL-3.0-or-later
"""Noise that persists: generalized least squares where neighbors in time are alike.

The correlation of two dates d days apart is s exp(-d / L), plus 1 - s of white noise (an
Ornstein-Uhlenbeck process with a nugget). Its inverse on sorted dates is a product of tridiagonal
matrices (Rybicki & Press 1995, 10.1103/PhysRevLett.74.1060), so that all is linear in the number of
dates. Share s and length L are not chosen but weighted: each pair of a grid by its restricted
likelihood (REML; Patterson & Thompson 1971, 10.1093/biomet/58.3.545), which carries the doubt about
them into the result. White noise has half of the weight beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import combinations, product
from types import ModuleType

import numpy as np

from ..dependencies import require
from ..types import AnyArray, BoolArray, FloatArray
from .joint_parts import TINY
from .robust import RIDGE, SCALE_FLOOR
from .scores import KEEP_LEVEL, PRIOR_WEIGHT, consistency
from .whitened import Whitened

SHARES = (0.15, 0.3, 0.5, 0.7, 0.85, 0.95, 1.0)
LENGTHS_DAYS = (5.0, 7.0, 10.0, 14.0, 20.0, 28.0, 40.0, 56.0, 80.0, 113.0, 160.0, 226.0, 320.0)
WHITE = (-1, -1)  # place of white noise beside the grid of shares and lengths
_FIRST = (WHITE, *product((1, 4, 6), (3, 9)))  # looked at first; then the neighbors of the likely
_NEGLIGIBLE = 0.003
FEWEST_ASIDE = 6  # clear dates on either side of a change
_LEAST_APART = 0.01  # days: dates that coincide would make the inverse infinite


class Correlation:
    """The correlation matrix of n sorted dates ``days`` (n,), n >= 2, for a ``share`` (0 to 1) of
    noise that persists for ``length_days``. ``log_determinant`` is that of the matrix.
    """

    def __init__(self, days: FloatArray, share: float, length_days: float) -> None:
        self.share = share
        self.log_determinant = 0.0
        if not share:
            return
        squared = np.exp(-2.0 * np.maximum(np.diff(days), _LEAST_APART) / length_days)
        rest = 1.0 - squared
        # The inverse of the exponential part.
        self._diagonal = np.ones(len(days))
        self._diagonal[1:] += squared / rest
        self._diagonal[:-1] += squared / rest
        self._beside = -np.sqrt(squared) / rest
        self._exponential = _factor(self._diagonal, self._beside)
        self._whole = _factor((1.0 - share) * self._diagonal + share, (1.0 - share) * self._beside)
        self.log_determinant = float(np.log(self._whole[0]).sum() + np.log(rest).sum())

    def multiply(self, vectors: FloatArray) -> FloatArray:
        """The matrix times ``vectors`` (n, m)."""
        if not self.share:
            return vectors
        exponential = _solve(self._exponential, vectors)
        return np.asarray((1.0 - self.share) * vectors + self.share * exponential)

    def solve(self, vectors: FloatArray) -> FloatArray:
        """The inverse of the matrix times ``vectors`` (n, m)."""
        if not self.share:
            return vectors
        right = self._diagonal[:, None] * vectors
        right[:-1] += self._beside[:, None] * vectors[1:]
        right[1:] += self._beside[:, None] * vectors[:-1]
        return _solve(self._whole, right)


@dataclass(frozen=True)
class Estimate:
    """A fit for one correlation: ``weights`` (p, n), which make the ``coefficients`` (p, k) of the
    values, what is ``left`` (n, k), the ``scatter`` (k, k) of that, whitened, and the restricted
    ``likelihood`` (k,), its logarithm.
    """

    weights: FloatArray
    coefficients: FloatArray
    left: FloatArray
    scatter: FloatArray
    likelihood: FloatArray


@dataclass(frozen=True)
class PersistentFits:
    """One coefficient for each correlation of the grid (g): the ``weight`` (g,) of that
    correlation, ``change`` (g, k), its ``covariance`` (g, k, k), and the degrees of ``freedom``.
    """

    weight: FloatArray
    change: FloatArray
    covariance: FloatArray
    freedom: float

    @property
    def squared(self) -> FloatArray:
        """The squared distance (g,) of the change from none, T2."""
        solved = np.linalg.solve(self.covariance, self.change[..., None])[..., 0]
        return np.asarray((self.change * solved).sum(axis=1))

    @property
    def p_value(self) -> float:
        """The chance of a change as large where there is none, over all correlations."""
        special = require("scipy.special")
        k, rest = self.change.shape[1], self.freedom - self.change.shape[1] + 1.0
        chance = special.fdtrc(k, rest, self.squared * rest / (self.freedom * k))
        return float(np.clip(self.weight @ chance, 0.0, 1.0))

    @property
    def evidence(self) -> float:
        """The logarithm of the likelihood ratio of the change against none (Wilks)."""
        ratio = 0.5 * self.freedom * np.log1p(self.squared / self.freedom)
        return float(ratio[self.weight.argmax()])


@dataclass(frozen=True)
class _Fit:
    """Change (k,), its covariance (k, k), the likelihoods (k,), and the sum of squares of the
    bands' correlation.
    """

    change: FloatArray
    covariance: FloatArray
    likelihood: FloatArray
    alike: float


def estimate(x: FloatArray, y: FloatArray, correlation: Correlation) -> Estimate:
    """Generalized least squares of ``y`` (n, k), without gaps, on ``x`` (n, p), n > p."""
    size = x.shape[1]
    solved = correlation.solve(np.column_stack((x, y)))
    matrix = x.T @ solved[:, :size]
    matrix[np.arange(1, size), np.arange(1, size)] += RIDGE * len(x)
    weights = np.linalg.solve(matrix, solved[:, :size].T)
    coefficients = weights @ y
    left = y - x @ coefficients
    freedom = len(x) - size
    scatter = left.T @ (solved[:, size:] - solved[:, :size] @ coefficients) / freedom
    variance = np.maximum(np.diag(scatter), SCALE_FLOOR**2)
    logs = freedom * np.log(variance) + correlation.log_determinant
    logs = logs + np.linalg.slogdet(matrix)[1]
    return Estimate(weights, coefficients, left, scatter, -0.5 * logs)


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


def fit_persistent(
    x: FloatArray,
    values: FloatArray,
    days: FloatArray,
    place: int,
    prior: FloatArray,
    whitened: Whitened | None = None,
) -> PersistentFits:
    """Fit the design ``x`` (n, p) to ``values`` (n, k), gaps NaN, and look at one coefficient.

    ``days`` (n,) increase, ``place`` (not 0) is the number of the coefficient, ``prior`` (k, k)
    what is known of the correlation of the bands' noise. Every band needs more than p values. Bands
    that have the same dates are fitted together. ``whitened``: what a fit to the same values, with
    the same other columns, has left behind; it saves most of the work where there are no gaps.
    """
    there = np.isfinite(values)
    groups = _groups(there)
    if there.all() and whitened is None:
        whitened = Whitened(np.delete(x, place, axis=1), values)
    found: dict[tuple[int, int], _Fit] = {}
    wanted = set(_FIRST)
    while wanted:
        new = sorted(wanted)
        if there.all() and whitened is not None:
            fits = _fit_common(whitened, x[:, place], days, prior, [_pair(at) for at in new])
        else:
            fits = [_fit(x, values, groups, days, place, prior, _pair(at)) for at in new]
        found.update(zip(new, fits, strict=True))
        likely = _posterior(found)
        wanted = {
            other for at, share in likely.items() if share > _NEGLIGIBLE for other in _beside(at)
        } - set(found)
    weight = np.array(list(likely.values()))
    return PersistentFits(
        weight,
        np.stack([fit.change for fit in found.values()]),
        np.stack([fit.covariance for fit in found.values()]),
        float(there.sum(axis=0).min() - x.shape[1]),
    )


def _groups(there: BoolArray) -> list[tuple[BoolArray, AnyArray]]:
    """Dates (n,) and bands of the columns of ``there`` (n, k) that are the same."""
    patterns: dict[bytes, list[int]] = {}
    for band in range(there.shape[1]):
        patterns.setdefault(there[:, band].tobytes(), []).append(band)
    return [(there[:, bands[0]], np.array(bands)) for bands in patterns.values()]


def _posterior(found: dict[tuple[int, int], _Fit]) -> dict[tuple[int, int], float]:
    """The share of each pair that was looked at."""
    fits = list(found.values())
    mean = np.array([fit.likelihood for fit in fits]).mean(axis=1)
    # Bands that are alike tell the correlation once: k^2 over the sum of squares of theirs.
    logs = mean * len(fits[0].change) ** 2 / fits[int(mean.argmax())].alike
    # White noise is as likely beforehand as all others together.
    logs += [np.log(len(SHARES) * len(LENGTHS_DAYS)) if at == WHITE else 0.0 for at in found]
    weight = np.exp(logs - logs.max())
    return dict(zip(found, (weight / weight.sum()).tolist(), strict=True))


def _pair(at: tuple[int, int]) -> tuple[float, float]:
    return (0.0, 1.0) if at == WHITE else (SHARES[at[0]], LENGTHS_DAYS[at[1]])


def _beside(at: tuple[int, int]) -> list[tuple[int, int]]:
    """The neighbors in the grid; those of white noise are the smallest shares."""
    i, j = at
    if at == WHITE:
        return [(0, length) for length in range(0, len(LENGTHS_DAYS), 2)]
    around = ((i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1))
    return [(a, b) for a, b in around if 0 <= a < len(SHARES) and 0 <= b < len(LENGTHS_DAYS)]


def _fit_common(
    whitened: Whitened,
    column: FloatArray,
    days: FloatArray,
    prior: FloatArray,
    pairs: list[tuple[float, float]],
) -> list[_Fit]:
    """As ``_fit``, for each of the ``pairs``, where all bands have all dates."""
    for pair in pairs:
        if whitened.solver(pair) is None:
            whitened.add(pair, Correlation(days, *pair))
    found = whitened.fits(column, pairs)
    variance = np.diagonal(found.scatter, axis1=1, axis2=2)
    count = np.full(prior.shape, float(len(days)))
    correlation = _shrunk(found.scatter, variance, count, prior)
    noise = np.maximum(variance * consistency(len(prior), KEEP_LEVEL), SCALE_FLOOR**2)
    covariance = correlation * np.sqrt(noise[:, :, None] * noise[:, None, :])
    covariance *= found.spread[:, None, None]
    alike = np.square(correlation).sum(axis=(1, 2))
    return [
        _Fit(*one)
        for one in zip(found.change, covariance, found.likelihood, alike.tolist(), strict=True)
    ]


def _fit(
    x: FloatArray,
    values: FloatArray,
    groups: list[tuple[BoolArray, AnyArray]],
    days: FloatArray,
    place: int,
    prior: FloatArray,
    pair: tuple[float, float],
) -> _Fit:
    """The fit of all groups of bands that have the same dates, for one correlation in time."""
    bands = values.shape[1]
    rows, left = np.zeros((bands, len(days))), np.zeros((len(days), bands))
    change, likelihood = np.empty(bands), np.empty(bands)
    scatter, count = np.empty((bands, bands)), np.empty((bands, bands))
    for dates, mine in groups:
        found = estimate(x[dates], values[dates][:, mine], Correlation(days[dates], *pair))
        change[mine], likelihood[mine] = found.coefficients[place], found.likelihood
        rows[np.ix_(mine, dates)] = found.weights[place]
        left[np.ix_(dates, mine)] = found.left
        scatter[np.ix_(mine, mine)], count[np.ix_(mine, mine)] = found.scatter, dates.sum()
    variance = np.diag(scatter).copy()
    for (dates, mine), (others, theirs) in combinations(groups, 2):
        _cross(left, days, dates & others, mine, theirs, pair, scatter, count)
    correlation = _shrunk(scatter[None], variance[None], count, prior)[0]
    variance = np.maximum(variance * consistency(bands, KEEP_LEVEL), SCALE_FLOOR**2)
    common = rows @ Correlation(days, *pair).multiply(rows.T)
    covariance = common * correlation * np.sqrt(np.outer(variance, variance))
    return _Fit(change, covariance, likelihood, float(np.square(correlation).sum()))


def _cross(
    left: FloatArray,
    days: FloatArray,
    both: BoolArray,
    mine: AnyArray,
    theirs: AnyArray,
    pair: tuple[float, float],
    scatter: FloatArray,
    count: FloatArray,
) -> None:
    """Write the scatter between bands of two groups, from the dates that ``both`` (n,) have."""
    one, other = np.ix_(mine, theirs), np.ix_(theirs, mine)
    found = np.zeros((len(mine), len(theirs)))
    if both.sum() > 1:
        whitened = Correlation(days[both], *pair).solve(left[both][:, theirs])
        found = left[both][:, mine].T @ whitened / both.sum()
    scatter[one], scatter[other] = found, found.T
    count[one] = count[other] = both.sum()


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


def _factor(diagonal: FloatArray, beside: FloatArray) -> tuple[FloatArray, FloatArray]:
    """L D L' of a tridiagonal matrix that is positive definite: D (n,), L below (n - 1,)."""
    pivots, below, _ = _lapack().dpttrf(diagonal, beside)
    return pivots, below


def _solve(factor: tuple[FloatArray, FloatArray], right: FloatArray) -> FloatArray:
    return np.asarray(_lapack().dpttrs(*factor, right)[0])


@cache
def _lapack() -> ModuleType:
    """LAPACK, looked up once: it is called some ten thousand times for a series."""
    return require("scipy.linalg.lapack")
