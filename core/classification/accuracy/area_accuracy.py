# SPDX-License-Identifier: GPL-3.0-or-later
"""Accuracy and areas that a probability sample says of a whole map, with standard errors.

Olofsson et al. 2014 (10.1016/j.rse.2014.02.015). The matrices of that paper have the map in rows;
those of this toolbox have it in columns, and are turned here. F-scores get their error by the delta
method, as producer's accuracies do in the paper (eq. 7).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ...types import FloatArray
from ..confusion import Confusion

Z_95 = 1.96  # as the paper writes it
STRATIFIED, SIMPLE_RANDOM, POST_STRATIFIED, NONE = DESIGNS = (
    "stratified", "simple_random", "post_stratified", "none",
)  # fmt: skip


@dataclass(frozen=True)
class Estimates:
    """Values (classes,) and their standard errors (classes,), NaN where there is none."""

    values: FloatArray
    errors: FloatArray


@dataclass(frozen=True)
class AreaAccuracy:
    """What the sample says of the map: ``overall`` accuracy and its standard error, ``users`` and
    ``producers`` accuracies, ``f_scores`` and the ``shares`` of the map that each class truly has
    (all 0 to 1). ``left_out`` (classes,): classes of the map without a sample, which are no part of
    it.
    """

    overall: float
    overall_error: float
    users: Estimates
    producers: Estimates
    f_scores: Estimates
    shares: Estimates
    left_out: tuple[int, ...] = ()


def area_accuracy(
    confusion: Confusion, areas: FloatArray, design: str, population: float = math.inf
) -> AreaAccuracy:
    """Estimates of ``design`` (of ``DESIGNS``) from a sample.

    ``areas`` (classes,): of the classes in the map, in any unit. Where a stratum of the map holds
    no sample it is left out, and the others count as the whole map. ``population``: how many pixels
    there are to be drawn.
    """
    if design == SIMPLE_RANDOM:
        return simple_random(confusion, population)
    return stratified(confusion, areas)


def stratified(confusion: Confusion, areas: FloatArray) -> AreaAccuracy:
    """The classes of the map are the strata of the sample, before or after it was drawn.

    Overall accuracy and its error: eq. 1, 5; user's: 2, 6; producer's: 3, 7; areas: 8 to 11. An
    error needs two samples in each stratum that counts; else it is NaN.
    """
    counts = confusion.counts.T
    drawn = counts.sum(axis=1)
    usable = (drawn > 0.0) & (areas > 0.0)
    weights = np.where(usable, areas, 0.0) / max(float(areas[usable].sum()), 1e-300)
    shares = np.divide(counts, drawn[:, None], out=np.zeros_like(counts), where=drawn[:, None] > 0)
    spread = _variances(shares, drawn, weights)
    area = weights[:, None] * shares
    users = np.where(drawn > 0.0, np.diag(shares), np.nan)
    users_error = np.sqrt(_over(users * (1.0 - users), drawn - 1.0))
    totals, hits = area.sum(axis=0), np.diag(area)
    return AreaAccuracy(
        float(hits.sum()) if usable.any() else float("nan"),
        float(np.sqrt(np.diag(spread).sum())),
        Estimates(users, users_error),
        _ratio(hits, totals, spread, np.ones(len(totals))),
        _ratio(2.0 * hits, weights + totals, spread, np.full(len(totals), 2.0)),
        Estimates(totals, np.sqrt(spread.sum(axis=0))),
        tuple(int(one) for one in np.flatnonzero((areas > 0.0) & ~usable)),
    )


def simple_random(confusion: Confusion, population: float) -> AreaAccuracy:
    """A simple random sample of ``population`` units without regard to the map.

    Accuracies are shares of the sample with the variance p (1 - p) / (n - 1); the areas' variance
    is that of a share in a finite population with p in its place (Cochran 1977, eq. 3.4).
    """
    counts, total = confusion.counts.T, confusion.total
    hits = np.diag(counts)
    reference, mapped = counts.sum(axis=0), counts.sum(axis=1)
    shares = _over(reference, np.full(len(reference), total))
    finite = 1.0
    if math.isfinite(population):
        finite = max(population - total, 0.0) / max(population - 1.0, 1.0)
    jaccard = _over(hits, reference + mapped - hits)
    jaccard_error = np.sqrt(_over(jaccard * (1.0 - jaccard), reference + mapped - hits - 1.0))
    overall = confusion.overall
    return AreaAccuracy(
        overall,
        float(np.sqrt(_over(np.array([overall * (1.0 - overall)]), np.array([total - 1.0]))[0])),
        _share(hits, mapped),
        _share(hits, reference),
        Estimates(confusion.f_scores, jaccard_error * 2.0 / (1.0 + jaccard) ** 2),
        Estimates(shares, np.sqrt(shares * (1.0 - shares) / max(total, 1.0) * finite)),
    )


def _variances(shares: FloatArray, drawn: FloatArray, weights: FloatArray) -> FloatArray:
    """Variance of each cell of the matrix of areas (strata, classes), eq. 10; NaN where a stratum
    that counts holds a single sample.
    """
    found = weights[:, None] ** 2 * shares * (1.0 - shares)
    return np.where(weights[:, None] > 0.0, _over(found, (drawn - 1.0)[:, None]), 0.0)


def _ratio(
    parts: FloatArray, wholes: FloatArray, spread: FloatArray, slopes: FloatArray
) -> Estimates:
    """Ratios of the diagonal (times ``slopes``) to sums that hold it, and their errors.

    In its own stratum a sample that is right raises both; in the others only the sum.
    """
    ratio = _over(parts, wholes)
    own = np.diag(spread)
    variance = (slopes - ratio) ** 2 * own + ratio**2 * (spread.sum(axis=0) - own)
    return Estimates(ratio, np.sqrt(_over(variance, wholes**2)))


def _share(hits: FloatArray, of: FloatArray) -> Estimates:
    share = _over(hits, of)
    return Estimates(share, np.sqrt(_over(share * (1.0 - share), of - 1.0)))


def _over(parts: FloatArray, wholes: FloatArray) -> FloatArray:
    """Quotients; NaN where there is nothing to divide by."""
    wholes = np.broadcast_to(wholes, parts.shape)
    return np.divide(parts, wholes, out=np.full(parts.shape, np.nan), where=wholes > 0.0)
