# SPDX-License-Identifier: GPL-3.0-or-later
"""Accuracy and areas that a probability sample says of a whole map, with standard errors.

Olofsson et al. 2014 (10.1016/j.rse.2014.02.015). The matrices of that paper have the map in rows;
those of this toolbox have it in columns, and are turned here. F-scores get their error by the delta
method, as producer's accuracies do in the paper (eq. 7). All these errors take each sample for
itself: those of samples in polygons are in ``sample_intervals``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ...shares import Z_95
from ...types import FloatArray
from ..confusion import Confusion

STRATIFIED, SIMPLE_RANDOM, POST_STRATIFIED, NONE = DESIGNS = (
    "stratified", "simple_random", "post_stratified", "none",
)  # fmt: skip


@dataclass(frozen=True)
class Estimates:
    """Values (classes,), their standard errors (classes,) and 95 % bounds (classes, 2), NaN where
    there is none.
    """

    values: FloatArray
    errors: FloatArray
    bounds: FloatArray


@dataclass(frozen=True)
class AreaAccuracy:
    """What the sample says of the map: ``overall`` accuracy with its standard error and 95 %
    bounds, ``users`` and ``producers`` accuracies, ``f_scores`` and the ``shares`` of the map that
    each class truly has (all 0 to 1). ``left_out`` (classes,): classes of the map without a sample,
    which are no part of it.
    """

    overall: float
    overall_error: float
    overall_bounds: tuple[float, float]
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
    weights, cells = area_cells(confusion.counts, areas)
    drawn, area = confusion.counts.sum(axis=0), cells.T
    users = ratio(np.diag(confusion.counts), drawn)
    spread = _variances(ratio(confusion.counts, drawn).T, drawn, weights)
    totals, hits = area.sum(axis=0), np.diag(area)
    used = weights > 0.0
    overall = float(hits.sum()) if used.any() else math.nan
    error = float(np.sqrt(np.diag(spread).sum()))
    return AreaAccuracy(
        overall, error, _one(overall, error),
        estimates(users, np.sqrt(ratio(users * (1.0 - users), drawn - 1.0))),
        _ratio(hits, totals, spread, np.ones(len(totals))),
        _ratio(2.0 * hits, weights + totals, spread, np.full(len(totals), 2.0)),
        estimates(totals, np.sqrt(spread.sum(axis=0))),
        tuple(int(one) for one in np.flatnonzero((areas > 0.0) & ~used)),
    )  # fmt: skip


def area_cells(counts: FloatArray, areas: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Shares of the map (..., map) of the classes in which samples lie, and those of each pair of
    classes (..., reference, map), from ``counts`` of this shape (eq. 4 of the paper).
    """
    drawn = counts.sum(axis=-2)
    weights = np.where(drawn > 0.0, areas, 0.0)
    weights = weights / np.maximum(weights.sum(axis=-1, keepdims=True), 1e-300)
    return weights, weights[..., None, :] * np.nan_to_num(ratio(counts, drawn[..., None, :]))


def estimates(values: FloatArray, errors: FloatArray) -> Estimates:
    """Shares (classes,) with their errors and bounds of 1.96 errors, cut at 0 and 1; none where an
    error is zero: samples that all agree do not say how sure they are.
    """
    reach = Z_95 * np.where(errors > 0.0, errors, np.nan)
    bounds = np.stack([values - reach, values + reach], axis=-1)
    return Estimates(values, errors, np.clip(bounds, 0.0, 1.0))


def _one(value: float, error: float) -> tuple[float, float]:
    low, high = estimates(np.array(value), np.array(error)).bounds
    return float(low), float(high)


def simple_random(confusion: Confusion, population: float) -> AreaAccuracy:
    """A simple random sample of ``population`` units without regard to the map.

    Accuracies are shares of the sample with the variance p (1 - p) / (n - 1); the areas' variance
    is that of a share in a finite population with p in its place (Cochran 1977, eq. 3.4).
    """
    counts, total = confusion.counts.T, confusion.total
    hits = np.diag(counts)
    reference, mapped = counts.sum(axis=0), counts.sum(axis=1)
    shares = ratio(reference, np.full(len(reference), total))
    finite = 1.0
    if math.isfinite(population):
        finite = max(population - total, 0.0) / max(population - 1.0, 1.0)
    jaccard = ratio(hits, reference + mapped - hits)
    jaccard_error = np.sqrt(ratio(jaccard * (1.0 - jaccard), reference + mapped - hits - 1.0))
    overall = confusion.overall
    error = math.sqrt(overall * (1.0 - overall) / (total - 1.0)) if total > 1.0 else math.nan
    return AreaAccuracy(
        overall, error, _one(overall, error), _share(hits, mapped), _share(hits, reference),
        estimates(confusion.f_scores, jaccard_error * 2.0 / (1.0 + jaccard) ** 2),
        estimates(shares, np.sqrt(shares * (1.0 - shares) / max(total, 1.0) * finite)),
    )  # fmt: skip


def _variances(shares: FloatArray, drawn: FloatArray, weights: FloatArray) -> FloatArray:
    """Variance of each cell of the matrix of areas (strata, classes), eq. 10; NaN where a stratum
    that counts holds a single sample.
    """
    found = weights[:, None] ** 2 * shares * (1.0 - shares)
    return np.where(weights[:, None] > 0.0, ratio(found, (drawn - 1.0)[:, None]), 0.0)


def _ratio(
    parts: FloatArray, wholes: FloatArray, spread: FloatArray, slopes: FloatArray
) -> Estimates:
    """Ratios of the diagonal (times ``slopes``) to sums that hold it, and their errors.

    In its own stratum a sample that is right raises both; in the others only the sum.
    """
    share = ratio(parts, wholes)
    own = np.diag(spread)
    variance = (slopes - share) ** 2 * own + share**2 * (spread.sum(axis=0) - own)
    return estimates(share, np.sqrt(ratio(variance, wholes**2)))


def _share(hits: FloatArray, of: FloatArray) -> Estimates:
    share = ratio(hits, of)
    return estimates(share, np.sqrt(ratio(share * (1.0 - share), of - 1.0)))


def ratio(parts: FloatArray, wholes: FloatArray) -> FloatArray:
    """Quotients; NaN where there is nothing to divide by."""
    parts, wholes = np.broadcast_arrays(parts, wholes)
    return np.divide(parts, wholes, out=np.full(parts.shape, np.nan), where=wholes > 0.0)
