# SPDX-License-Identifier: GPL-3.0-or-later
"""What is left of the laws of the joint score with few dates: measured on noise, and taken off.

The dates of a fit are chosen by how well they agree, so that their scatter is too small, the more
so the fewer there are; and the correlation of the bands, pulled to its prior, is not that of the
noise. Both change how often good dates are beyond a limit: with 20 dates in one band three times
as often as they should. As for other reweighted estimators of scatter (Pison, Van Aelst & Willems
2002, 10.1007/s001840200191) a factor that simulated noise gives for each size of sample corrects
the squared distance. It is that of the chance asked for: the share of good dates that are beyond
the limit of a threshold is the threshold.

The factors are a table that is shipped: ``resources/anomalies/small_samples.csv``, made by
``scripts/make_small_samples.py`` from ``noise_simulation``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path

import numpy as np

from ..types import AnyArray, BoolArray, FloatArray
from .law_chance import scaled
from .noise_simulation import LEVELS, unevenness, wavelengths
from .scores import FEWEST_CLEAR, PRIOR_WEIGHT, Scores, prior_correlation

SHIPPED = Path(__file__).resolve().parents[2] / "resources" / "anomalies" / "small_samples.csv"
_SHARE_STEP = 0.25  # so coarse that tiles of one image agree
_BEYOND = (-0.25, 1.5)  # how far below the even and beyond the uneven series the factor goes on
_PLACE, _FIRST = 6, 8  # columns: of the place, and the first of the factors


@dataclass(frozen=True)
class Kind:
    """Which factor: of a model with ``harmonics``, of bands with a ``prior`` (k, k) correlation,
    for p-values that shall be right at ``level``, by the distance alone or with the ``laws`` of
    anomalies.
    """

    harmonics: int
    prior: FloatArray
    level: float
    laws: bool


def calibrated(
    scores: Scores,
    clear: BoolArray,
    prior: FloatArray,
    level: float,
    laws: bool = False,
    lower: bool = False,
    alike: bool = False,
) -> Scores:
    """``scores`` whose p-values are below ``level`` as often as ``level`` says where there is
    nothing but noise: their squared distances are divided by ``inflation``, z by its root.

    ``clear`` (n,[ pixels]) and ``prior`` (k, k) are those that they were made with. ``laws``: the
    p-values are those of ``law_chance``, not of the distance alone. How near the correlation
    of the noise is to the prior each series tells by itself, or, where they are ``alike``, all of
    them together, as the pixels of an image. Series with fewer than 18 clear dates keep
    their distances: they are not tested. So do those with the scale from below (``lower``): the
    dates that it asks for leave 0.7 to 1.3 times the rate (see ``fewest_clear``).
    """
    counts = np.atleast_1d(clear.sum(axis=0))
    enough = counts >= FEWEST_CLEAR
    scored = np.isfinite(scores.noise.reshape(len(prior), -1)).any(axis=1)
    if lower or not enough.any() or not scored.any():
        return scores
    single = scores.noise.ndim == 1
    hat, kept, correlation = scores.leverage, scores.kept, scores.correlation
    if single:
        hat, kept, correlation = hat[..., None], kept[..., None], correlation[..., None]
    prior, correlation = prior[np.ix_(scored, scored)], correlation[np.ix_(scored, scored)]
    share = _shares_of_prior(correlation[..., enough], counts[enough], prior)
    if alike:
        share[:] = round(share.mean() / _SHARE_STEP) * _SHARE_STEP
    kind = Kind((len(scores.coefficients) - 2) // 2, prior, level, laws)
    factor = np.ones(len(counts))
    uneven = unevenness(hat[:, enough], kept[:, enough])
    factor[enough] = inflation(counts[enough], uneven, share, kind)
    return scaled(scores, float(factor[0]) if single else factor)


def inflation(counts: AnyArray, uneven: FloatArray, share: FloatArray, kind: Kind) -> FloatArray:
    """The factors (m,) by which squared distances are too large, of series with ``counts`` (m,) of
    clear dates, 18 or more, whose leverage is so ``uneven`` (m,), and whose noise has so large a
    ``share`` (m,), 0 to 1, of the correlation of the prior.

    Between the places of the table they are linear in 1 / dates, in the unevenness, the share of
    the prior, how strong the prior is (logarithm of the mean of the diagonal of its inverse) and
    the logarithms of the number of bands and of the level. Outside of it (more than 250 dates, more
    than 12 bands, levels beyond 0.01 and 0.0001) they are those of its nearest place.
    """
    grid = _grid(kind.harmonics)
    values, hats = _at_kind(grid, kind)
    at, knots = -1.0 / np.asarray(counts, dtype=np.float64), -1.0 / grid.dates
    low, high = (np.interp(at, knots, hats[:, short]) for short in (0, 1))
    uneven = np.clip((uneven - low) / np.where(high > low, high - low, np.inf), *_BEYOND)
    of_short = np.stack([1.0 - uneven, uneven])
    of_share = np.stack([1.0 - share, share])
    total = np.zeros(len(at))
    for short, part in product((0, 1), (0, 1)):
        total += of_short[short] * of_share[part] * np.interp(at, knots, values[:, short, part])
    return total


@dataclass(frozen=True)
class Grid:
    """The table of one number of harmonics: factors (dates, bands, dense, short, share, laws,
    levels), ``unevenness`` (dates, bands, dense, short) and ``strength`` of the prior (bands,
    dense) at ``dates`` and ``bands``.
    """

    dates: FloatArray
    bands: FloatArray
    factors: FloatArray
    unevenness: FloatArray
    strength: FloatArray


@lru_cache(maxsize=8)
def _grid(harmonics: int) -> Grid:
    rows = _rows()
    rows = rows[rows[:, 0] == harmonics]
    dates, bands = np.unique(rows[:, 1]), np.unique(rows[:, 2])
    factors = np.full((len(dates), len(bands), 2, 2, 2, 2, len(LEVELS)), np.nan)
    uneven = np.full((*factors.shape[:4], 2), np.nan)
    for row in rows:
        _, date, band, dense, short, share = row[:_PLACE].astype(int)
        at = (np.searchsorted(dates, date), np.searchsorted(bands, band), dense, short, share)
        factors[at], uneven[at] = row[_FIRST:].reshape(2, len(LEVELS)), row[_FIRST - 1]
    # One band has no correlation.
    for array in (factors, uneven):
        array[:, bands == 1, 1] = array[:, bands == 1, 0]
        array[:, bands == 1, :, :, 0] = array[:, bands == 1, :, :, 1]
    _fill_short(factors, uneven)
    strength = [
        [_strength(prior_correlation(wavelengths(int(band), dense))) for dense in (False, True)]
        for band in bands
    ]
    return Grid(dates, bands, factors, uneven.mean(axis=4), np.array(strength))


def _fill_short(factors: FloatArray, uneven: FloatArray) -> None:
    """Short series are simulated for one correlation: for the others they are larger by as much.
    Where there are none, there are so many dates that the ends do not matter.
    """
    for array in (factors, uneven):
        ratio = array[:, :, :1, 1:, 1:] / array[:, :, :1, :1, 1:]
        array[:, :, :, 1:] = np.where(np.isfinite(ratio), ratio, 1.0) * array[:, :, :, :1]


@lru_cache(maxsize=1)
def _rows() -> FloatArray:
    return np.loadtxt(SHIPPED, delimiter=",", skiprows=1, ndmin=2)


def _at_kind(grid: Grid, kind: Kind) -> tuple[FloatArray, FloatArray]:
    """Factors (dates, short, share) and unevenness (dates, short) of a ``kind``."""
    levels = _weights(-np.log10(kind.level), -np.log10(LEVELS))
    wide, dense = grid.strength.T
    apart = np.where(dense > wide, dense - wide, np.inf)
    place = np.clip((_strength(kind.prior) - wide) / apart, 0.0, 1.0)
    of_bands = _weights(np.log(len(kind.prior)), np.log(grid.bands))
    weights = np.stack([1.0 - place, place], axis=1) * of_bands[:, None]
    factors = grid.factors[..., int(kind.laws), :] @ levels
    return np.einsum("dbesr,be->dsr", factors, weights), np.einsum(
        "dbes,be->ds", grid.unevenness, weights
    )


def _weights(value: float, knots: FloatArray) -> FloatArray:
    """What each of the ascending ``knots`` counts for at ``value``; the nearest beyond them."""
    return np.array([float(np.interp(value, knots, row)) for row in np.eye(len(knots))])


def _strength(prior: FloatArray) -> float:
    """How strongly a prior (k, k) ties the bands: 0 where it leaves them independent."""
    return float(np.log(np.trace(np.linalg.inv(prior)) / len(prior)))


def _shares_of_prior(correlation: FloatArray, counts: AnyArray, prior: FloatArray) -> FloatArray:
    """How much of the prior the correlations (k, k, m) have, without what was added of it (m,)."""
    apart = np.triu(prior, 1)
    power = float((apart**2).sum())
    if not power:
        return np.zeros(len(counts))
    pull = PRIOR_WEIGHT / np.asarray(counts, dtype=np.float64) ** 2
    seen = correlation + pull * (correlation - prior[..., None])
    known = np.isfinite(correlation).all(axis=(0, 1))
    each = np.einsum("abm,ab->m", np.nan_to_num(seen), apart) / power
    share = np.clip(np.where(known, each, np.nan), 0.0, 1.0)
    return np.where(known, share, share[known].mean() if known.any() else 1.0)
