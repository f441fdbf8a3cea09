# SPDX-License-Identifier: GPL-3.0-or-later
"""Logistic curves of detection over amplitude, minimal detectable amplitudes, average precision."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..bootstrap import block_weights
from ..types import AnyArray, FloatArray

_STEPS = 40
_PRIOR = 0.05  # weak: keeps curves finite where all or none are found
_INTERVAL = (0.025, 0.975)


@dataclass(frozen=True)
class LogisticCurve:
    """POD = 1 / (1 + exp(-(intercept + slope ln(amplitude)))). ``mda50`` and ``mda90`` are the
    amplitudes found with 50 and 90 %, infinite where the curve does not rise; their intervals are
    (low, high) of 95 %. An MDA outside of the studied amplitudes is an extrapolation.
    """

    intercept: float
    slope: float
    mda50: float
    mda90: float
    mda50_interval: tuple[float, float]
    mda90_interval: tuple[float, float]

    def pod(self, amplitude: FloatArray) -> FloatArray:
        """Probability of detection (...) at amplitudes (...) > 0."""
        return np.asarray(1.0 / (1.0 + np.exp(-(self.intercept + self.slope * np.log(amplitude)))))


def fit_curve(
    amplitudes: FloatArray,
    level: AnyArray,
    hit: AnyArray,
    block: AnyArray,
    blocks: int,
    replicates: int,
    seed: int,
) -> LogisticCurve:
    """Fit the curve to hits (m,) at ``amplitudes`` (a,)[``level`` (m,)], and bootstrap its points
    over ``blocks`` numbered by ``block`` (m,) (pixels: what they hold is not independent).
    """
    count = len(amplitudes)
    place = block * count + level
    hits = np.bincount(place, hit, minlength=blocks * count).reshape(blocks, count)
    total = np.bincount(place, minlength=blocks * count).reshape(blocks, count).astype(float)
    weights = block_weights(blocks, replicates, np.random.default_rng(seed)).astype(float)
    weights = np.vstack((np.ones(blocks), weights))
    beta = _logistic(np.log(amplitudes), weights @ hits, weights @ total)
    mda50, mda90 = (_amplitude_at(beta, share) for share in (0.5, 0.9))
    return LogisticCurve(
        float(beta[0, 0]), float(beta[0, 1]), float(mda50[0]), float(mda90[0]),
        _interval(mda50[1:]), _interval(mda90[1:]),
    )  # fmt: skip


def average_precision(planted: FloatArray, innocent: FloatArray) -> float:
    """Mean precision over all thresholds (the area below precision over recall), for the scores of
    planted and of innocent dates; ties count against the detector. NaN without planted dates.
    """
    if not len(planted):
        return float("nan")
    ordered = np.sort(planted)[::-1]
    # Of equal scores the innocent come first.
    others = len(innocent) - np.searchsorted(np.sort(innocent), ordered, side="left")
    rank = np.arange(1, len(ordered) + 1)
    return float(np.mean(rank / (rank + others)))


def _logistic(x: FloatArray, hits: FloatArray, total: FloatArray) -> FloatArray:
    """Newton's method for many replicates at once: coefficients (replicates, 2)."""
    center = x.mean()
    design = np.stack([np.ones_like(x), x - center], axis=1)
    beta = np.zeros((len(hits), 2))
    for _ in range(_STEPS):
        p = 1.0 / (1.0 + np.exp(-np.clip(beta @ design.T, -30.0, 30.0)))
        gradient = (hits - total * p) @ design - _PRIOR * beta
        weight = total * p * (1.0 - p)
        hessian = np.einsum("ra,ai,aj->rij", weight, design, design) + _PRIOR * np.eye(2)
        step = np.linalg.solve(hessian, gradient[..., None])[..., 0]
        beta += np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < 1e-8:
            break
    beta[:, 0] -= beta[:, 1] * center
    return beta


def _amplitude_at(beta: FloatArray, share: float) -> FloatArray:
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        log = (np.log(share / (1.0 - share)) - beta[:, 0]) / beta[:, 1]
        return np.where(beta[:, 1] > 1e-6, np.exp(np.minimum(log, 700.0)), np.inf)


def _interval(values: FloatArray) -> tuple[float, float]:
    if not len(values):
        return float("nan"), float("nan")
    low, high = np.quantile(values, _INTERVAL, method="nearest")
    return float(low), float(high)
