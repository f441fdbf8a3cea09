# SPDX-License-Identifier: GPL-3.0-or-later
"""By how much the squared distances of noise are too large: simulated, for the shipped table.

``scripts/make_small_samples.py`` asks for the points of the table, ``small_samples`` reads it;
nothing is simulated where anomalies are sought.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..jit import runs_compiled
from ..types import AnyArray, BoolArray, FloatArray
from .harmonics import design
from .law_chance import FEWEST_BANDS, chance, chances_at
from .scores import MAX_LEVERAGE, PRIOR_WEIGHT, Scores, critical_distances, prior_correlation, score

LEVELS = (0.01, 0.001, 1e-4)
SEED = 20020117
# Steps of the logarithm of wavelength between bands: the far ones of an imager, and a dense comb.
WIDE_NM, DENSE_STEP = (450.0, 2250.0), 0.06
SPANS_YEARS, SHORT_YEARS = (1.6, 3.0), 1.0
_GAPS = 0.3  # share of the dates that is missing in every other draw; in the others none is
DRAWS = 20
_NOISE = 0.01  # reflectance
_FACTORS = np.geomspace(0.6, 3.4, 41)  # between them chances are straight in their logarithms
_TOP = 4.0  # how many times as many dates as the largest level names are looked at closely


@dataclass(frozen=True)
class Point:
    """A place of the table: ``harmonics`` of the model, clear ``dates``, ``bands``; whether these
    are ``dense`` in wavelength; whether the series is ``short``, so that the model hangs on its
    ends; the ``share`` (0 or 1) that the noise has of the prior's correlation.
    """

    harmonics: int
    dates: int
    bands: int
    dense: bool
    short: bool
    share: int


@dataclass(frozen=True)
class Factors:
    """By what squared distances of good dates have to be divided so that a share ``LEVELS`` of them
    is below it: of the ``distance`` (levels,) alone, and of the chance with the ``laws`` (levels,)
    of anomalies. ``unevenness``: see ``unevenness``; the mean of all series.
    """

    unevenness: float
    distance: FloatArray
    laws: FloatArray


def wavelengths(bands: int, dense: bool) -> FloatArray:
    """Wavelengths (k,) in nm of the simulated bands, evenly apart in their logarithm."""
    if dense:
        return np.asarray(490.0 * np.exp(DENSE_STEP * np.arange(bands)))
    return np.geomspace(*WIDE_NM, bands) if bands > 1 else np.array([665.0])


def unevenness(leverage: FloatArray, kept: BoolArray) -> FloatArray:
    """How unevenly (pixels,) the dates hold the model: the relative variance of the ``leverage``
    (n, pixels) of the dates ``kept`` (n, pixels) in the fit.
    """
    hat, count = np.where(kept, leverage, 0.0), np.maximum(1, kept.sum(axis=0))
    mean = np.maximum(1e-9, hat.sum(axis=0) / count)
    return np.asarray((hat**2).sum(axis=0) / count / mean**2 - 1.0)


def simulated_factors(point: Point, cells: int, seed: int = SEED, draws: int = DRAWS) -> Factors:
    """The factors of a ``point``, from ``cells`` dates x pixels of noise.

    The noise is Gaussian and independent in time, over the spectrum of a plant, on ``draws``
    drawings of dates: regular over 1.6 and 3 years (1 year where short), and with 30 percent of
    them missing.
    """
    key = (seed, *(int(value) for value in vars(point).values()))
    rng, nm = np.random.default_rng(key), wavelengths(point.bands, point.dense)
    prior = prior_correlation(nm)
    root = np.linalg.cholesky(point.share * prior + (1.0 - point.share) * np.eye(point.bands))
    ground = 0.05 + 0.35 / (1.0 + np.exp(-(nm - 700.0) / 60.0))
    pixels = max(1, round(cells / point.dates / draws))
    plain, laws, uneven = [], [], []
    for draw in range(draws):
        t = _dates(point, draw, rng)
        white = rng.standard_normal((point.dates, point.bands, pixels))
        values = ground[None, :, None] + _NOISE * np.einsum("ab,nbp->nap", root, white)
        clear = np.ones((point.dates, pixels), bool)
        scores = score(design(t, point.harmonics), values, clear, prior, None, runs_compiled())
        tested = np.isfinite(scores.p_value) & (scores.leverage <= MAX_LEVERAGE)
        plain.append(_by_distance(scores, tested))
        laws.append(_with_laws(scores, tested, nm) if point.bands >= FEWEST_BANDS else plain[-1])
        uneven.append(float(unevenness(scores.leverage, scores.kept).mean()))
    return Factors(float(np.mean(uneven)), _quantiles(plain), _quantiles(laws))


def _dates(point: Point, draw: int, rng: np.random.Generator) -> FloatArray:
    gaps, long = draw % 2, draw // 2 % 2
    total = round(point.dates / (1.0 - _GAPS)) if gaps else point.dates
    grid = np.linspace(-0.5, 0.5, total) * (SHORT_YEARS if point.short else SPANS_YEARS[long])
    return np.asarray(np.sort(rng.permutation(grid)[: point.dates]))


def _quantiles(parts: list[FloatArray]) -> FloatArray:
    every = np.concatenate(parts, axis=1)
    return np.array(
        [np.quantile(row, 1.0 - level) for row, level in zip(every, LEVELS, strict=True)]
    )


def _by_distance(scores: Scores, tested: AnyArray) -> FloatArray:
    """Distances over their limits (levels, m)."""
    bands, dates = scores.z.shape[1], len(scores.z)
    place = (
        np.where(scores.kept[tested], 0, 1),
        scores.bands[tested].astype(int),
        scores.freedom[tested].astype(int),
    )
    limits = [
        critical_distances(bands, dates + int(PRIOR_WEIGHT), level)[place] for level in LEVELS
    ]
    return np.asarray(scores.distance[tested] / np.array(limits))


def _with_laws(scores: Scores, tested: AnyArray, nm: FloatArray) -> FloatArray:
    """The factors (levels, m) at which the chance with the laws is each level; 0 where far off."""
    p = np.where(tested, chance(scores, nm), 2.0)
    most = min(p.size - 1, int(_TOP * LEVELS[0] * p.size))
    rows = np.nonzero(p <= np.partition(p.ravel(), most)[most])
    logs = np.log(np.maximum(1e-300, chances_at(scores, nm, rows, _FACTORS)))
    result = np.zeros((len(LEVELS), int(tested.sum())))
    for level, row in zip(LEVELS, result, strict=True):
        at = [np.interp(np.log(level), column, np.log(_FACTORS)) for column in logs.T]
        row[: len(at)] = np.exp(at)
    return result
