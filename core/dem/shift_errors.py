# SPDX-License-Identifier: GPL-3.0-or-later
"""Standard errors of a shift whose differences of heights are correlated in space.

Millions of cells that are wrong together know less than millions of independent ones. The cells are
grouped into square blocks wider than the correlation; only the sums of the blocks are taken as
independent (cluster-robust covariance, Liang and Zeger 1986, DOI 10.1093/biomet/73.1.13; blocks:
Lahiri 2003, DOI 10.1007/978-1-4757-3803-2). The widest errors of several block sizes count.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..types import BoolArray, FloatArray
from .resample import Heights
from .robust_plane import (
    BISQUARE,
    Values,
    bisquare_slopes,
    bisquare_weights,
    residuals,
    robust_fit,
)

_FINEST = 42  # blocks along the longer side
_JOINED = (2, 3, 4, 6)  # so many of them to each side make one block
_LEAST_BLOCKS = 12


def shift_errors(
    difference: Heights,
    known: BoolArray,
    design: Values,
    model: Sequence[Heights],
    reference: Sequence[Heights],
) -> tuple[float, float, float]:
    """Standard errors of columns, rows (cells) and of the median (m); NaN for what is not fitted.

    ``difference`` (rows, columns) as left by the fit, ``known`` (n of them) those that counted,
    ``design`` (k, n) the regressors, the last of them 1. ``model`` and ``reference``: rise per cell
    to higher columns and rows of each (none where no shift was fitted): only what both agree on is
    ground that answers to a shift, the rest of the gradients is noise.
    """
    values = difference[known]
    found, scale = robust_fit(design, values)
    left = residuals(design, values, found)
    answer, teller = _own(design, model, known), _own(design, reference, known)
    near = np.abs(left) < BISQUARE * scale
    middle = np.where(near, values - np.median(values[near]), 0.0)
    density = _density(middle[near])
    # Equations of the regression, and one of the median; unknowns: coefficients, and the median.
    size = len(design)
    bread = np.zeros((size + 1, size + 1))
    bread[:size, :size] = (teller * bisquare_slopes(left, scale)) @ answer.T
    slope_sums = answer[: size - 1] @ near.astype(answer.dtype)
    bread[size, : size - 1] = 2.0 * density * slope_sums
    bread[size, size] = 2.0 * density * np.count_nonzero(near)
    sums = np.vstack([design * (left * bisquare_weights(left, scale)), np.sign(middle)[None, :]])
    inverse = np.linalg.pinv(bread)
    blocks = _block_sums(sums, known)
    errors = np.zeros(size + 1)
    for joined in _JOINED:
        cover = _covariance(_joined(blocks, joined), inverse)
        errors = np.fmax(errors, np.sqrt(np.diag(cover)))
    both = (float(errors[0]), float(errors[1])) if model else (float("nan"), float("nan"))
    return (*both, float(errors[size]))


def _own(design: Values, slopes: Sequence[Heights], known: BoolArray) -> Values:
    """The regressors with the gradients of one model alone."""
    made = design.copy()
    for row, slope in enumerate(slopes):
        own = -slope[known]
        made[row] = np.where(np.isfinite(own), own, design[row])
    return made


def _block_sums(sums: Values, known: BoolArray) -> FloatArray:
    """Sums of the scores (k, n) of the ``known`` cells over square blocks, and how many they are:
    (k + 1, blocks down, blocks across).
    """
    rows, columns = known.shape
    side = -(-max(rows, columns) // _FINEST)
    down, across = -(-rows // side), -(-columns // side)
    numbers = (np.arange(rows) // side)[:, None] * across + (np.arange(columns) // side)[None, :]
    owner = numbers[known]
    size = down * across
    found = [np.bincount(owner, one, minlength=size).astype(np.float64) for one in sums]
    found.append(np.bincount(owner, minlength=size).astype(np.float64))
    return np.stack(found).reshape(-1, down, across)


def _joined(blocks: FloatArray, count: int) -> FloatArray:
    """Blocks made of ``count`` x ``count`` of the small ones, (k + 1, blocks)."""
    _, down, across = blocks.shape
    wide = np.add.reduceat(blocks, np.arange(0, down, count), axis=1)
    wide = np.add.reduceat(wide, np.arange(0, across, count), axis=2)
    return np.asarray(wide.reshape(len(blocks), -1))


def _covariance(blocks: FloatArray, inverse: FloatArray) -> FloatArray:
    """The covariance of the unknowns with blocks (k + 1, blocks) as independent units; the last
    row counts their cells.
    """
    scores, cells = blocks[:-1], blocks[-1]
    count = int(np.count_nonzero(cells))
    if count < _LEAST_BLOCKS:
        return np.full(inverse.shape, np.nan)
    scores = scores - scores.sum(axis=1, keepdims=True) * (cells / cells.sum())
    middle = scores @ scores.T * (count / (count - 1.0))
    return np.asarray(inverse @ middle @ inverse.T)


def _density(middle: Values) -> float:
    """The density of differences at their median (per m), from the central third of them."""
    reach = float(np.quantile(np.abs(middle), 1.0 / 3.0))
    if reach == 0.0:  # whole meters, most of them equal
        reach = max(float(np.abs(middle).mean()), 1e-6)
    return float(np.count_nonzero(np.abs(middle) <= reach)) / (2.0 * reach * middle.size)
