# SPDX-License-Identifier: GPL-3.0-or-later
"""Joint scores of many pixels at once in numpy; see ``joint_kernels`` for the steps by one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import BoolArray, FloatArray
from .joint_parts import CLIP, DROP, TINY, ZERO, JointArrays, JointOptions, JointTables
from .robust_numpy import Design


@dataclass(frozen=True)
class Problem:
    """What does not change from step to step: the ``design`` of pixels times k rows, ``y`` (pixels,
    k, n) with gaps 0, where it is ``finite``, ``clear`` (pixels, n), ``scale`` (pixels, k) and the
    constants.
    """

    design: Design
    y: FloatArray
    finite: BoolArray
    clear: BoolArray
    scale: FloatArray
    tables: JointTables
    options: JointOptions


def joint_many(
    x: FloatArray | Design,
    y: FloatArray,
    clear: BoolArray,
    tables: JointTables,
    options: JointOptions,
    beta: FloatArray,
    scale: FloatArray,
    out: JointArrays,
) -> None:
    """As ``joint_kernels.joint_many``."""
    finite = np.isfinite(y)
    design = x if isinstance(x, Design) else Design(x)
    problem = Problem(design, np.where(finite, y, 0.0), finite, clear, scale, tables, options)
    residual = problem.y - _models(design, beta)
    kept = out.kept
    kept[:] = _start_set(problem, residual)
    last = options.steps - 1
    for step in range(last + 1):
        residual = _fit_bands(problem, kept, beta, residual, out.hat)
        freedom = _noise(problem, residual, kept, out.noise, out.correlation)
        _distances(residual, problem, freedom, out)
        if step == last:
            break
        new = _keep_within(problem, out.summary, tables.limits, kept)
        if (new == kept).all():
            break
        kept[:] = new


def _models(design: Design, beta: FloatArray) -> FloatArray:
    """The models (pixels, k, n) of ``beta`` (pixels, k, p)."""
    return design.values(beta.reshape(-1, design.size)).reshape(*beta.shape[:2], -1)


def _start_set(problem: Problem, residual: FloatArray) -> BoolArray:
    value = residual / problem.scale[..., None]
    seen = problem.clear[:, None] & problem.finite
    correlation = np.empty((*residual.shape[:2], residual.shape[1]))
    _scatter(np.clip(value, -CLIP, CLIP), seen & (np.abs(value) <= DROP), problem, correlation)
    freedom = seen.sum(axis=2) - float(problem.design.size)
    z, summary = np.empty(residual.shape), np.empty((len(residual), 3, residual.shape[2]))
    none, hat = np.zeros(problem.clear.shape, bool), np.zeros(residual.shape)
    out = JointArrays(problem.scale, correlation, hat, z, summary, none)
    _distances(residual, problem, freedom, out)
    return _keep_within(problem, summary, problem.tables.start, none)


def _fit_bands(
    problem: Problem, kept: BoolArray, beta: FloatArray, residual: FloatArray, hat: FloatArray
) -> FloatArray:
    """Write ``beta`` (where not ``lower``) and leverage ``hat``; returns the residuals."""
    design, options, shape = problem.design, problem.options, residual.shape
    weights = (kept[:, None] & problem.finite).astype(np.float64)
    inverse = _inverse(design.normal(weights.reshape(-1, shape[2]), options.ridge))
    hat[:] = design.leverage(inverse).reshape(shape)
    if options.lower:
        return residual
    right = design.right((weights * problem.y).reshape(-1, shape[2]))
    beta[:] = np.einsum("qij,qj->qi", inverse, right).reshape(beta.shape)
    return np.asarray(problem.y - _models(design, beta))


def _inverse(matrices: FloatArray) -> FloatArray:
    """Inverses; NaN where a matrix is not positive."""
    least = np.linalg.eigvalsh(matrices)
    good = least[:, 0] > 1e-14 * np.maximum(least[:, -1], 1e-300)
    result = np.full(matrices.shape, np.nan)
    result[good] = np.linalg.inv(matrices[good])
    return result


def _noise(
    problem: Problem,
    residual: FloatArray,
    kept: BoolArray,
    noise: FloatArray,
    correlation: FloatArray,
) -> FloatArray:
    """Write ``noise`` (pixels, k) and ``correlation`` (pixels, k, k); returns the freedom."""
    options, size = problem.options, problem.design.size
    use = kept[:, None] & problem.finite
    freedom = use.sum(axis=2) - float(size)
    if options.lower:
        scaled = residual / problem.scale[..., None]
        scaled = np.where(problem.finite & np.isfinite(scaled), scaled, 0.0)
        use = use & (scaled.sum(axis=1) <= ZERO)[:, None]
    squares, counts = _scatter(residual, use, problem, correlation)
    if options.lower:
        freedom = counts - (size + 1) // 2
    with np.errstate(divide="ignore", invalid="ignore"):
        power = np.where(freedom > 0, squares * options.consistency / freedom, np.nan)
    known = np.isfinite(problem.scale) & (freedom > 0)
    noise[:] = np.where(known, np.maximum(options.scale_floor, np.sqrt(power)), np.nan)
    return np.asarray(freedom)


def _scatter(
    residual: FloatArray, use: BoolArray, problem: Problem, correlation: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Sums of squares and counts (pixels, k); writes ``correlation`` shrunk to the prior."""
    value, there = np.where(use, residual, 0.0), use.astype(np.float64)
    cross = value @ value.transpose(0, 2, 1)
    own = (value * value) @ there.transpose(0, 2, 1)
    both = there @ there.transpose(0, 2, 1)
    power = np.sqrt(own * own.transpose(0, 2, 1))
    prior = problem.tables.prior
    known = np.minimum(own, own.transpose(0, 2, 1)) > TINY * both
    found = np.where(known, cross / np.where(known, power, 1.0), prior)
    weight = problem.options.prior_weight / np.maximum(1.0, both)
    correlation[:] = (both * found + weight * prior) / (both + weight)
    diagonal = np.arange(value.shape[1])
    correlation[:, diagonal, diagonal] = 1.0
    return own[:, diagonal, diagonal], both[:, diagonal, diagonal]


def _distances(
    residual: FloatArray, problem: Problem, freedom: FloatArray, out: JointArrays
) -> None:
    """Write z (pixels, k, n) and the summary (pixels, 3, n) of ``out`` from the rest of it."""
    hat, z, summary, correlation = out.hat, out.z, out.summary, out.correlation
    bad = ~_positive(correlation)
    correlation[bad] = problem.tables.prior
    inside = out.kept[:, None] & problem.finite
    variance = np.where(inside, np.maximum(1e-6, 1.0 - hat), 1.0 + hat)
    with np.errstate(invalid="ignore"):
        z[:] = residual / (out.noise[..., None] * np.sqrt(variance))
    there = problem.finite & np.isfinite(z)
    z[~there] = np.nan
    count = there.sum(axis=1)
    summary[:, 2] = count
    least = np.where(there, freedom[..., None], np.inf).min(axis=1)
    least = np.where(count > 0, least, 0.0)
    gain = np.minimum(0.5 * least, 0.5 * problem.options.prior_weight / np.maximum(1.0, least))
    gain *= 1.0 - 1.0 / np.maximum(1, count)
    summary[:, 1] = np.where(count > 0, np.floor(least + gain), 0.0)
    summary[:, 0] = _whiten(z, there, correlation)


def _positive(matrices: FloatArray) -> BoolArray:
    return np.asarray(np.linalg.eigvalsh(matrices)[:, 0] > 1e-14)


def _whiten(z: FloatArray, there: BoolArray, correlation: FloatArray) -> FloatArray:
    """Z' C^-1 z (pixels, n) over the bands that are there, NaN where none is."""
    filled = np.where(there, z, 0.0)
    squared = np.einsum("qkn,qkn->qn", filled, np.linalg.solve(correlation, filled))
    count = there.sum(axis=1)
    squared[count == 0] = np.nan
    pixel, date = np.nonzero((count > 0) & (count < z.shape[1]))
    if pixel.size:
        # A band that is missing becomes independent with z = 0, which leaves the others' sum.
        valid = there[pixel, :, date]
        part = np.where(valid[:, :, None] & valid[:, None], correlation[pixel], 0.0)
        diagonal = np.arange(z.shape[1])
        part[:, diagonal, diagonal] = 1.0
        value = filled[pixel, :, date]
        part[~_positive(part)] = np.eye(z.shape[1])
        solved = np.linalg.solve(part, value[..., None])[..., 0]
        squared[pixel, date] = (value * solved).sum(axis=1)
    return np.asarray(squared)


def _keep_within(
    problem: Problem, summary: FloatArray, limits: FloatArray, kept: BoolArray
) -> BoolArray:
    """The clear dates within their limits, never fewer than the least share, the nearest."""
    freedom = np.clip(summary[:, 1].astype(int), 0, limits.shape[2] - 1)
    known = problem.clear & (summary[:, 2] > 0)
    limit = limits[np.where(kept, 0, 1), summary[:, 2].astype(int), freedom]
    ratio = np.where(known, summary[:, 0] / limit, np.inf)
    count = known.sum(axis=1)
    rank = np.minimum(count - 1, (problem.options.least_kept * count).astype(int))
    nearest = np.sort(ratio, axis=1)[np.arange(len(ratio)), np.maximum(0, rank)]
    cut = np.where(count > 0, np.maximum(1.0, nearest), 1.0)
    return np.asarray(ratio <= cut[:, None])
