# SPDX-License-Identifier: GPL-3.0-or-later
"""Intervals of accuracies whose samples come in polygons.

Pixels of a polygon are alike, so that many of them know little more than one: whole polygons are
drawn anew (see ``core.bootstrap``), not pixels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...bootstrap import block_weights, replicate_sums
from ...types import AnyArray, FloatArray

REPLICATES = 2000
FEWEST_POLYGONS = 10
LEVEL = (2.5, 97.5)  # percentiles
Bounds = tuple[float, float]


@dataclass(frozen=True)
class ClusterIntervals:
    """95 % bounds from a bootstrap over ``polygons``; by class (classes, 2), NaN where there are
    none.
    """

    polygons: int
    overall: Bounds
    kappa: Bounds
    macro_f1: Bounds
    weighted: Bounds
    precision: FloatArray
    recall: FloatArray
    f_scores: FloatArray


def cluster_intervals(
    classes: int,
    reference: AnyArray,
    mapped: AnyArray,
    polygons: AnyArray,
    weights: FloatArray,
    seed: int,
    replicates: int = REPLICATES,
) -> ClusterIntervals | None:
    """Bounds for samples (n,) given by the indices of their classes and of their ``polygons``.

    ``weights`` (classes,): shares of the map, for the accuracy by area. None with fewer than ten
    polygons, or where each sample has its own.
    """
    _, blocks = np.unique(polygons, return_inverse=True)
    count = int(blocks.max(initial=-1)) + 1
    if count < FEWEST_POLYGONS or count == len(blocks):
        return None
    pair = np.asarray(reference) * classes + np.asarray(mapped)
    size = classes * classes
    cells = np.bincount(blocks * size + pair, minlength=count * size).reshape(count, size)
    drawn = block_weights(count, replicates, np.random.default_rng(seed))
    sums = replicate_sums(drawn, np.arange(count), cells.astype(np.float64))
    matrices = sums.reshape(-1, classes, classes)
    return _bounds(matrices, weights, count)


def _bounds(matrices: FloatArray, weights: FloatArray, polygons: int) -> ClusterIntervals:
    hits = np.einsum("rii->ri", matrices)
    rows, columns = matrices.sum(axis=2), matrices.sum(axis=1)
    total = matrices.sum(axis=(1, 2))
    overall = hits.sum(axis=1) / total
    chance = (rows * columns).sum(axis=1) / total**2
    precision, recall = _over(hits, columns), _over(hits, rows)
    f_scores = _over(2.0 * hits, rows + columns)
    used = np.where(np.isfinite(precision), weights, 0.0)
    weighted = _over(np.nansum(used * precision, axis=1), used.sum(axis=1))
    kappa = _over(overall - chance, 1.0 - chance)
    macro = _over(np.nansum(f_scores, axis=1), np.isfinite(f_scores).sum(axis=1).astype(float))
    return ClusterIntervals(
        polygons, _one(overall), _one(kappa), _one(macro), _one(weighted),
        _each(precision), _each(recall), _each(f_scores),
    )  # fmt: skip


def _one(values: FloatArray) -> Bounds:
    known = values[np.isfinite(values)]
    if not len(known):
        return float("nan"), float("nan")
    low, high = np.percentile(known, LEVEL)
    return float(low), float(high)


def _each(values: FloatArray) -> FloatArray:
    return np.array([_one(column) for column in values.T]).reshape(-1, 2)


def _over(parts: FloatArray, wholes: FloatArray) -> FloatArray:
    return np.divide(parts, wholes, out=np.full(parts.shape, np.nan), where=wholes > 0.0)
