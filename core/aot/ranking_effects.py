# SPDX-License-Identifier: GPL-3.0-or-later
"""From residuals to the score of a site: effects of site and product, E = sqrt(B^2 + S^2), and its
shrinkage toward the network.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..spread import TO_SIGMA
from ..types import AnyArray, FloatArray
from .ranking_series import Series

ROBUST_PENALTY = 1.2  # standard error of ln E: 1.2 / sqrt(2 n_eff)
FLOOR = 1e-4  # AOT; keeps the logarithm of a perfect simulated site finite
HALF_WEIGHT = 10.0  # match-ups at which a series has half of its full weight


def median_and_scatter(residual: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Median and 1.4826 MAD along the last axis."""
    middle = np.median(residual, axis=-1)
    scatter = TO_SIGMA * np.median(np.abs(residual - middle[..., None]), axis=-1)
    return np.asarray(middle), np.asarray(scatter)


def effect_operator(series: Sequence[Series], sites: int, products: int) -> FloatArray:
    """Matrix (sites + products, series) that fits m[p,s] = mu[p] + b[s] + c[p,s] to medians m.

    Weighted least squares. A series' weight grows with its length but saturates: however long, it
    is one product at one site, whose c[p,s] does not average out. A level that could
    belong to either goes to the sites (smallest mu), so that with one product b = m.
    """
    weight = np.array([len(part) / (len(part) + HALF_WEIGHT) for part in series])
    design = np.zeros((len(series), sites + products))
    for row, part in enumerate(series):
        design[row, part.site] = 1.0
        design[row, sites + part.product] = 1.0
    ridge = np.hstack((np.zeros((products, sites)), 1e-4 * np.eye(products)))
    root = np.sqrt(weight)
    solve = np.linalg.pinv(np.vstack((design * root[:, None], ridge)))
    return np.asarray(solve[:, : len(series)] * root)


def score(bias: FloatArray, scatter: FloatArray) -> FloatArray:
    """E = sqrt(B^2 + S^2) in AOT units."""
    return np.asarray(np.maximum(np.hypot(bias, scatter), FLOOR))


def effective_count(residual: FloatArray, month: AnyArray) -> float:
    """How many independent match-ups a series is worth: n over the design effect of its months.

    The correlation inside months is the one-way analysis-of-variance estimate (Kish 1965, Survey
    Sampling, ch. 5) on residuals (n,) cut at three scatters, so that single clouds do not hide it.
    """
    n = len(residual)
    _, group, size = np.unique(month, return_inverse=True, return_counts=True)
    if len(size) < 2 or n <= len(size):
        return float(len(size))
    middle, scatter = median_and_scatter(residual)
    cut = np.clip(residual, middle - 3 * scatter, middle + 3 * scatter)
    mean = np.bincount(group, weights=cut) / size
    between = float(np.sum(size * (mean - cut.mean()) ** 2)) / (len(size) - 1)
    within = float(np.sum((cut - mean[group]) ** 2)) / (n - len(size))
    typical = (n - np.sum(size**2) / n) / (len(size) - 1)
    spread = between + (typical - 1.0) * within
    share = float(np.clip((between - within) / spread, 0.0, 1.0)) if spread > 0 else 0.0
    return float(n / (1.0 + (np.sum(size**2) / n - 1.0) * share))


def log_error(effective: FloatArray) -> FloatArray:
    """Standard error of ln E from the effective number of match-ups."""
    return np.asarray(ROBUST_PENALTY / np.sqrt(2.0 * np.maximum(effective, 1.0)))


def shrink(raw: FloatArray, error: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Shrunk scores E' (..., sites) and what is kept of a site's distance to the network, k.

    ln E' = m + k (ln E - m), k = v / (v + se^2): ``raw`` (..., sites) is E, ``error`` (sites,) the
    standard error se of ln E; v, the variance between sites, is the variance of ln E less the mean
    se^2; m is the mean weighted by 1 / (v + se^2). Below three sites nothing is shrunk.
    Source: Efron and Morris 1975, 10.1080/01621459.1975.10479864.
    """
    if raw.shape[-1] < 3:
        return raw, np.ones_like(raw)
    log = np.log(raw)
    variance = np.maximum(log.var(axis=-1, ddof=1, keepdims=True) - np.mean(error**2), 1e-6)
    weight = 1.0 / (variance + error**2)
    middle = np.sum(weight * log, axis=-1, keepdims=True) / np.sum(weight, axis=-1, keepdims=True)
    kept = variance * weight
    return np.asarray(np.exp(middle + kept * (log - middle))), np.asarray(kept)
