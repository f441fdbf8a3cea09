# SPDX-License-Identifier: GPL-3.0-or-later
"""What is left of the laws of the joint score with few dates: measured on noise, and taken off.

The dates of a fit are chosen by how well they agree, so that their scatter is too small, the more
so the fewer there are; and the correlation of the bands, pulled to its prior, is not that of the
noise. Both change how often good dates are beyond a limit: with 20 dates in one band four times as
often as they should. As for other reweighted estimators of scatter (Pison, Van Aelst & Willems
2002, 10.1007/s001840200191) a factor that simulated noise gives for each size of sample corrects
the squared distance. It is that of the chance asked for: the share of good dates that are beyond
the limit of a threshold is the threshold.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from threading import Lock

import numpy as np

from ..jit import runs_compiled
from ..types import AnyArray, BoolArray, FloatArray
from .harmonics import design
from .robust import FitSettings
from .scores import (
    FEWEST_CLEAR,
    MAX_LEVERAGE,
    PRIOR_WEIGHT,
    Scores,
    critical_distances,
    score,
)

# Clear dates that noise is simulated with; between them the factor is linear in 1 / dates, beyond
# the last one as there.
KNOTS = (18, 19, 20, 21, 22, 23, 24, 26, 28, 30, 34, 40, 48, 60, 80, 110, 160, 250, 400)
LEAST_LEVEL = 1e-4  # rarer ones have the factor of this
SHARES = (0.0, 0.5, 1.0)  # of the prior, of which the simulated noise has its correlation
# Dates x pixels that are simulated, more where rarer ones are asked for: a rate of 0.001 is known
# to 5 percent, one of 0.0001 to 10.
_CELLS, _MOST_CELLS, _USUAL_LEVEL = 400_000, 1_000_000, 0.001
_DRAWS = 40  # of dates, where a pixel has not all
_LEVEL, _NOISE = 0.2, 0.01  # reflectance
_SHARE_STEP = 0.25  # so coarse that tiles of one image agree
_SEED = 20020117
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True)
class Noise:
    """What is simulated: dates ``t`` (n) in years, ``harmonics`` of the model, ``prior`` (k by k),
    the ``level`` of the p-values that shall be right, and how it is fitted.
    """

    t: tuple[float, ...]
    harmonics: int
    prior: tuple[tuple[float, ...], ...]
    level: float
    settings: FitSettings


def calibrated(
    scores: Scores,
    t: FloatArray,
    clear: BoolArray,
    harmonics: int,
    prior: FloatArray,
    level: float,
    settings: FitSettings | None = None,
) -> Scores:
    """``scores`` of many pixels whose p-values are below ``level`` as often as ``level`` says where
    there is nothing but noise: their squared distances are divided by ``inflation``.

    ``t`` (n,) years, ``clear`` (n, pixels), ``harmonics``, ``prior`` (k, k) and ``settings`` are
    those that they were made with. The pixels together tell how near the correlation of their noise
    is to the prior. Pixels with fewer than 18 clear dates keep their distances: they are not
    tested.
    """
    counts = clear.sum(axis=0)
    factor = np.ones(len(counts))
    enough = counts >= FEWEST_CLEAR
    if enough.any():
        share = _share_of_prior(scores.correlation[..., enough], counts[enough], prior)
        noise = Noise(
            tuple(np.round(np.sort(t), 3).tolist()), harmonics,
            tuple(map(tuple, np.round(prior, 3).tolist())), round(max(level, LEAST_LEVEL), 6),
            settings or FitSettings(),
        )  # fmt: skip
        factor[enough] = inflation(counts[enough], noise, share)
    return replace(scores, distance=scores.distance / factor)


def inflation(counts: AnyArray, noise: Noise, share: float) -> FloatArray:
    """The factors (m,) by which squared distances are too large, of pixels with ``counts`` (m,) of
    clear dates, 18 or more. ``share`` (0 to 1): of the prior, that the noise has of its
    correlation.
    """
    wanted, place = np.unique(counts, return_inverse=True)
    found = np.array([_between(int(count), share, noise) for count in wanted])
    return np.asarray(found[place])


def _between(count: int, share: float, noise: Noise) -> float:
    """The factor between the knots around ``count``, none of which has more dates than there
    are, and between the shares around ``share``.
    """
    most = min(len(noise.t), KNOTS[-1])
    knots = [*(knot for knot in KNOTS if knot < most), most]
    count = min(count, most)
    upper = next(place for place, knot in enumerate(knots) if knot >= count)
    near = knots[upper : upper + 1] if knots[upper] == count else knots[upper - 1 : upper + 1]
    found = [np.interp(share, SHARES, _at_shares(knot, share, noise)) for knot in near]
    return float(np.interp(-1.0 / count, [-1.0 / knot for knot in near], found))


def _at_shares(count: int, share: float, noise: Noise) -> list[float]:
    """The factors at ``SHARES``; those that do not matter for ``share`` are not simulated."""
    step = SHARES[1] - SHARES[0]
    # Threads that score tiles ask for the same ones: the first one makes them.
    with _ONE_AT_A_TIME:
        return [_simulated(noise, count, one) if abs(one - share) < step else 0.0 for one in SHARES]


def _share_of_prior(correlation: FloatArray, counts: AnyArray, prior: FloatArray) -> float:
    """How much of the prior the correlations (k, k, m) have, without what was added of it."""
    apart = np.triu(prior, 1)
    power = float((apart**2).sum())
    if not power:
        return 0.0
    pull = PRIOR_WEIGHT / np.asarray(counts, dtype=np.float64) ** 2
    seen = correlation + pull * (correlation - prior[..., None])
    each = np.einsum("abm,ab->m", np.nan_to_num(seen), apart) / power
    known = np.isfinite(correlation).all(axis=(0, 1))
    share = float(np.clip(each[known].mean(), 0.0, 1.0)) if known.any() else 1.0
    return round(share / _SHARE_STEP) * _SHARE_STEP


@lru_cache(maxsize=1024)
def _simulated(noise: Noise, count: int, share: float) -> float:
    """The quantile 1 - ``level`` of distances of noise over their limits by the laws, of ``count``
    dates drawn from all.
    """
    t, prior, rng = np.array(noise.t), np.array(noise.prior), np.random.default_rng(_SEED)
    root = np.linalg.cholesky(share * prior + (1.0 - share) * np.eye(len(prior)))
    draws = 1 if count == len(t) else _DRAWS
    cells = min(_CELLS * max(1.0, _USUAL_LEVEL / noise.level), _MOST_CELLS)
    pixels = -int(-cells // (count * _DRAWS))
    ratios = []
    for draw in range(_DRAWS):
        if draw < draws:
            chosen = np.sort(rng.permutation(len(t))[:count])
        ratios.append(_ratios(noise, t[chosen], rng.standard_normal((count, len(prior), pixels)),
                              prior, root))  # fmt: skip
    return float(np.quantile(np.concatenate(ratios), 1.0 - noise.level))


def _ratios(
    noise: Noise, t: FloatArray, white: FloatArray, prior: FloatArray, root: FloatArray
) -> FloatArray:
    """Distances over their limits of all dates that are tested, of noise that is made of ``white``
    (n, k, pixels).
    """
    bands = len(prior)
    values = _LEVEL + _NOISE * np.einsum("ab,nbp->nap", root, white)
    found = score(
        design(t, noise.harmonics), values, np.ones(values[:, 0].shape, bool), prior,
        noise.settings, runs_compiled(),
    )  # fmt: skip
    limits = critical_distances(bands, len(t) + int(PRIOR_WEIGHT), noise.level)
    tested = np.isfinite(found.p_value) & (found.leverage <= MAX_LEVERAGE)
    number, freedom = found.bands[tested].astype(int), found.freedom[tested].astype(int)
    limit = limits[np.where(found.kept[tested], 0, 1), number, freedom]
    return np.asarray(found.distance[tested] / limit)
