# SPDX-License-Identifier: GPL-3.0-or-later
"""Block bootstrap, vectorized: whole blocks are drawn, statistics come from weighted sums.

What shares a block (a site's month, a pixel) is not independent; intervals that treat it so are too
narrow. Blocks are drawn with replacement (Künsch 1989, 10.1214/aos/1176347265; Efron and
Tibshirani 1993); a replicate is a vector of counts per block, so that all statistics made of sums
cost one matrix product.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from .progress import Progress, Silent, check
from .types import FloatArray

IntArray = npt.NDArray[np.int64]
CHUNK_CELLS = 2_000_000
BISECTIONS = 50
SILENT = Silent()


def block_weights(blocks: int, replicates: int, rng: np.random.Generator) -> IntArray:
    """How often each block is drawn in each replicate (replicates, blocks); every row sums to
    ``blocks``.
    """
    drawn = rng.integers(0, blocks, (replicates, blocks))
    flat = (drawn + np.arange(replicates)[:, None] * blocks).ravel()
    return (
        np.bincount(flat, minlength=replicates * blocks)
        .reshape(replicates, blocks)
        .astype(np.int64)
    )


def replicate_sums(weights: IntArray, blocks: IntArray, columns: FloatArray) -> FloatArray:
    """Weighted sums (replicates, k) of the ``columns`` (n, k) under the block ``weights``."""
    count = weights.shape[1]
    sums = np.column_stack([np.bincount(blocks, column, minlength=count) for column in columns.T])
    return np.asarray(weights.astype(np.float64) @ sums)


def replicate_medians(
    weights: IntArray, blocks: IntArray, values: FloatArray, progress: Progress = SILENT
) -> tuple[FloatArray, FloatArray]:
    """Median and median absolute deviation from it (replicates,) of ``values`` (n,) in each
    replicate.
    """
    order = np.argsort(values, kind="stable")
    ordered, owner = values[order], blocks[order]
    parts = [
        _medians_of(ordered, np.cumsum(chunk[:, owner], axis=1))
        for chunk in _chunks(weights, len(values), progress)
    ]
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def replicate_rank_correlations(
    weights: IntArray,
    blocks: IntArray,
    x: FloatArray,
    y: FloatArray,
    progress: Progress = SILENT,
) -> FloatArray:
    """Spearman's coefficient (replicates,), the ranks made anew (mid-ranks for ties) in each
    replicate.
    """
    ranked_x, ranked_y = _Ranked(x), _Ranked(y)
    result = []
    for chunk in _chunks(weights, len(x), progress):
        rows = chunk[:, blocks].astype(np.float64)
        total = rows.sum(axis=1)
        rank_x = ranked_x.ranks(rows) - (total[:, None] + 1) / 2
        rank_y = ranked_y.ranks(rows) - (total[:, None] + 1) / 2
        weighted = rows * rank_x
        covariance = np.einsum("ij,ij->i", weighted, rank_y)
        variance = np.einsum("ij,ij->i", weighted, rank_x) * np.einsum(
            "ij,ij,ij->i", rows, rank_y, rank_y
        )
        result.append(_divide(covariance, np.sqrt(variance)))
    return np.concatenate(result)


class _Ranked:
    """A column sorted once, whose weighted mid-ranks are then cheap to make."""

    def __init__(self, values: FloatArray) -> None:
        self._order = np.argsort(values, kind="stable")
        _, self._starts, inverse = np.unique(
            values[self._order], return_index=True, return_inverse=True
        )
        self._group = np.empty(len(values), np.int64)
        self._group[self._order] = inverse

    def ranks(self, rows: FloatArray) -> FloatArray:
        """Mid-ranks (replicates, n) for row weights (replicates, n)."""
        shares = rows[:, self._order]
        if len(self._starts) < len(self._order):
            shares = np.add.reduceat(shares, self._starts, axis=1)
        middle = np.cumsum(shares, axis=1) - (shares - 1) / 2
        return np.asarray(middle[:, self._group])


def _chunks(weights: IntArray, length: int, progress: Progress) -> Iterator[IntArray]:
    """Replicates in portions that keep (portion, length) arrays small, and can be stopped after."""
    size = max(1, CHUNK_CELLS // max(1, length))
    for start in range(0, len(weights), size):
        check(progress)
        progress.report(start / len(weights))
        yield weights[start : start + size]


def _medians_of(ordered: FloatArray, cumulative: IntArray) -> tuple[FloatArray, FloatArray]:
    total = cumulative[:, -1]
    lower = _at(ordered, cumulative, (total - 1) // 2)
    upper = _at(ordered, cumulative, total // 2)
    median = (lower + upper) / 2
    return median, _deviation(ordered, cumulative, median)


def _at(ordered: FloatArray, cumulative: IntArray, position: IntArray) -> FloatArray:
    """Value at the zero-based ``position`` (replicates,) of each weighted, sorted sample."""
    stride = int(cumulative.max()) + 1
    offsets = np.arange(len(cumulative)) * stride
    flat = (cumulative + offsets[:, None]).ravel()
    place = np.searchsorted(flat, position + offsets, side="right") - np.arange(
        len(cumulative)
    ) * len(ordered)
    return np.asarray(ordered[np.minimum(place, len(ordered) - 1)])


def _deviation(ordered: FloatArray, cumulative: IntArray, median: FloatArray) -> FloatArray:
    """Smallest r so that half of the weight lies within median +/- r, by bisection."""
    padded = np.concatenate((np.zeros((len(cumulative), 1), np.int64), cumulative), axis=1)
    replicate = np.arange(len(cumulative))
    half = (cumulative[:, -1] + 1) // 2
    low: FloatArray = np.zeros(len(cumulative))
    high = np.maximum(median - ordered[0], ordered[-1] - median)
    for _ in range(BISECTIONS):
        radius = (low + high) / 2
        first = np.searchsorted(ordered, median - radius, side="left")
        last = np.searchsorted(ordered, median + radius, side="right")
        enough = padded[replicate, last] - padded[replicate, first] >= half
        high, low = np.where(enough, radius, high), np.where(enough, low, radius)
    return np.asarray(high)


def _divide(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    result = np.full(len(numerator), np.nan)
    return np.asarray(np.divide(numerator, denominator, out=result, where=denominator > 0))
