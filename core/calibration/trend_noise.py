# SPDX-License-Identifier: GPL-3.0-or-later
"""Straight-line algebra of trends whose noise remembers its past, at dates with uneven gaps.

The noise of two values ``d`` days apart has the correlation ``(1 - w) exp(-d / T)``: an AR(1)
process seen at uneven dates (Robinson 1977, Stoch. Proc. Appl. 6, 10.1016/0304-4149(77)90013-8),
and a share ``w`` that each value has for itself. Neither ``T`` nor ``w`` is known: they are taken
from a grid, and the parameters are averaged over it with the restricted likelihood (Patterson &
Thompson 1971, Biometrika 58, 10.1093/biomet/58.3.545) as weight, so that their errors also hold
that the noise is not known.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import FloatArray

_WHITE_SHARES = (0.02, 0.4, 0.75)
_MEMORIES = 7
_LONGEST = 0.15  # of the span: noise that remembers longer is a trend
_LOG_2_PI = float(np.log(2.0 * np.pi))


@dataclass(frozen=True)
class NoiseGrid:
    """Kinds of noise that a series may have: ``memory_days`` and ``white_share`` (g,), the matrices
    ``whiten`` (g, n, n) that make the noise of each kind independent with one variance, and the
    logarithms ``log_volume`` (g,) of the determinants of the correlation matrices. ``log_prior``
    (g,): each white share, that of 1 too, is as likely as the others before the data are seen.
    """

    memory_days: FloatArray
    white_share: FloatArray
    whiten: FloatArray
    log_volume: FloatArray
    log_prior: FloatArray


@dataclass(frozen=True)
class LinearFit:
    """Parameters (p,) of a linear model with their ``covariance`` (p, p); ``log_likelihood``: the
    largest over the kinds of noise; ``sd``: of one value; ``weights`` (g,) of the kinds of noise.
    """

    parameters: FloatArray
    covariance: FloatArray
    log_likelihood: float
    sd: float
    weights: FloatArray


def noise_grid(days: FloatArray, errors: FloatArray | None = None) -> NoiseGrid:
    """The kinds of noise for values at ``days`` (n,), ascending; ``errors`` (n,): their relative
    standard errors, None for equal ones.
    """
    count = len(days)
    scale = np.ones(count) if errors is None else errors / np.sqrt(np.mean(errors**2))
    span = max(float(days[-1] - days[0]), 1e-6)
    shortest = max(0.7 * span / count, 1e-6)
    memories = np.geomspace(shortest, max(_LONGEST * span, 1.01 * shortest), _MEMORIES)
    kinds = [(0.0, 1.0), *((float(m), w) for w in _WHITE_SHARES for m in memories)]
    apart = np.abs(days[:, None] - days[None, :])
    whiten = np.empty((len(kinds), count, count))
    volume = np.empty(len(kinds))
    for number, (memory, white) in enumerate(kinds):
        correlation = (1.0 - white) * np.exp(-apart / memory) if memory else np.zeros_like(apart)
        np.fill_diagonal(correlation, 1.0)
        lower = np.linalg.cholesky(correlation * scale[:, None] * scale[None, :])
        whiten[number] = np.linalg.inv(lower)
        volume[number] = 2.0 * float(np.log(np.diag(lower)).sum())
    memory_days, shares = (np.array(one) for one in zip(*kinds, strict=True))
    prior = np.where(memory_days > 0.0, -np.log(_MEMORIES), 0.0)
    return NoiseGrid(memory_days, shares, whiten, volume, prior)


def fit_linear(grid: NoiseGrid, design: FloatArray, values: FloatArray) -> LinearFit:
    """Generalized least squares of ``values`` (n,) on ``design`` (n, p), averaged over the grid.

    The columns of the design must not depend on each other.
    """
    count, width = design.shape
    columns, target = grid.whiten @ design, grid.whiten @ values
    normal = np.swapaxes(columns, 1, 2) @ columns
    inverse = np.linalg.inv(normal)
    found = np.einsum("gpq,gnq,gn->gp", inverse, columns, target)
    rest = target - np.einsum("gnp,gp->gn", columns, found)
    squares = np.maximum(np.einsum("gn,gn->g", rest, rest), _least(values))
    likelihood = log_likelihood(squares, grid.log_volume, count)
    restricted = -0.5 * (
        (count - width) * np.log(squares) + grid.log_volume + np.linalg.slogdet(normal)[1]
    )
    restricted += grid.log_prior
    weights = np.exp(restricted - restricted.max())
    weights /= weights.sum()
    variance = squares / (count - width)
    mean = weights @ found
    away = found - mean
    covariance = np.einsum("g,gpq->pq", weights * variance, inverse)
    covariance += np.einsum("g,gp,gq->pq", weights, away, away)
    return LinearFit(
        mean, covariance, float(likelihood.max()), float(np.sqrt(weights @ variance)), weights
    )


def log_likelihood(squares: FloatArray, log_volume: FloatArray, count: int) -> FloatArray:
    """Of ``count`` values with the whitened sum of ``squares``, at the best variance."""
    volume = log_volume.reshape((-1,) + (1,) * (squares.ndim - 1))
    return np.asarray(-0.5 * (count * (np.log(squares / count) + 1.0 + _LOG_2_PI) + volume))


def effective_count(grid: NoiseGrid, weights: FloatArray) -> float:
    """How many independent values would give a mean as well known as these do."""
    ones = grid.whiten.sum(axis=2)
    return float(1.0 / (weights @ (1.0 / np.einsum("gn,gn->g", ones, ones))))


def _least(values: FloatArray) -> float:
    """A sum of squares below which values are the same but for rounding."""
    return float(len(values) * (1e-12 * max(np.abs(values).max(), 1e-300)) ** 2)
