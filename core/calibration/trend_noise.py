# SPDX-License-Identifier: GPL-3.0-or-later
"""Straight-line algebra of trends whose noise remembers its past, at dates with uneven gaps.

The noise of two values ``d`` days apart has the correlation ``(1 - w) exp(-d / T)``: an AR(1)
process seen at uneven dates (Robinson 1977, Stoch. Proc. Appl. 6, 10.1016/0304-4149(77)90013-8),
and a share ``w`` that each value has for itself. Neither ``T`` nor ``w`` is known: they are taken
from a grid, and the parameters are averaged over it with the restricted likelihood (Patterson &
Thompson 1971, Biometrika 58, 10.1093/biomet/58.3.545) as weight, so that their errors also hold
that the noise is not known. The series are made independent in one pass over their dates (Kalman
1960, J. Basic Eng. 82, 10.1115/1.3662552).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..types import FloatArray

_WHITE_SHARES = (0.02, 0.4, 0.75)
_MEMORIES = 7
_LONGEST = 0.15  # of the span: noise that remembers longer is a trend
_LOG_2_PI = float(np.log(2.0 * np.pi))


@dataclass(frozen=True)
class NoiseGrid:
    """Kinds of noise (g,) that a series at ``days`` (n,), ascending, may have: ``memory_days`` and
    ``white_share`` (g,), with relative standard errors ``scale`` (n,) of the values. ``log_prior``
    (g,): each white share, that of 1 too, is as likely as the others before the data are seen.
    """

    days: FloatArray
    scale: FloatArray
    memory_days: FloatArray
    white_share: FloatArray
    log_prior: FloatArray

    @cached_property
    def whiten(self) -> FloatArray:
        """The matrices (g, n, n) that make the noise of each kind independent with variance 1."""
        return self._sequential(np.diag(1.0 / self.scale))

    @cached_property
    def log_volume(self) -> FloatArray:
        """The logarithms (g,) of the determinants of the covariance matrices."""
        spread = self._steps[1]
        return np.asarray(2.0 * (np.log(spread).sum(axis=0) + np.log(self.scale).sum()))

    def whitened(self, columns: FloatArray) -> FloatArray:
        """``whiten @ columns``, (g, n, p) of (n, p), without the matrices where nobody needed them
        yet: a trend is fitted in a few milliseconds then.
        """
        if "whiten" in self.__dict__:
            return np.asarray(self.whiten @ columns)
        return self._sequential(columns / self.scale[:, None])

    def _sequential(self, columns: FloatArray) -> FloatArray:
        """What is new in each value, given all before it, by its standard deviation: the noise is a
        hidden AR(1) process with white noise upon it, so that one pass does (Kalman 1960).
        """
        kept, spread, gain = self._steps
        count, width = columns.shape
        found = np.empty((len(self.memory_days), count, width))
        hidden = np.zeros((len(self.memory_days), width))
        for place in range(count):
            hidden *= kept[place][:, None]
            new = columns[place] - hidden
            found[:, place] = new / spread[place][:, None]
            hidden += gain[place][:, None] * new
        return found

    @cached_property
    def _steps(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """By value and kind of noise (n, g): what is left of the hidden process since the value
        before, the standard deviation of what is new, and the share of that which is hidden.
        """
        hidden, white = 1.0 - self.white_share, self.white_share
        memory = np.where(self.memory_days > 0.0, self.memory_days, 1.0)
        gaps = np.r_[0.0, np.diff(self.days)]
        kept = np.exp(-gaps[:, None] / memory) * (self.memory_days > 0.0)
        spread, gain = np.empty_like(kept), np.empty_like(kept)
        variance = hidden.copy()
        for place in range(len(self.days)):
            if place:
                variance = kept[place] ** 2 * variance + hidden * (1.0 - kept[place] ** 2)
            total = variance + white
            spread[place], gain[place] = np.sqrt(total), variance / total
            variance = variance * white / total
        return kept, spread, gain


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
    memory_days, shares = (np.array(one) for one in zip(*kinds, strict=True))
    prior = np.where(memory_days > 0.0, -np.log(_MEMORIES), 0.0)
    return NoiseGrid(days, scale, memory_days, shares, prior)


def fit_linear(grid: NoiseGrid, design: FloatArray, values: FloatArray) -> LinearFit:
    """Generalized least squares of ``values`` (n,) on ``design`` (n, p), averaged over the grid.

    The columns of the design must not depend on each other.
    """
    count, width = design.shape
    both = grid.whitened(np.column_stack([design, values]))
    columns, target = both[:, :, :-1], both[:, :, -1]
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
    ones = grid.whitened(np.ones((len(grid.days), 1)))[:, :, 0]
    return float(1.0 / (weights @ (1.0 / np.einsum("gn,gn->g", ones, ones))))


def _least(values: FloatArray) -> float:
    """A sum of squares below which values are the same but for rounding."""
    return float(len(values) * (1e-12 * max(np.abs(values).max(), 1e-300)) ** 2)
