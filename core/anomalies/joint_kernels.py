# SPDX-License-Identifier: GPL-3.0-or-later
"""Compiled joint scores: one pixel after the other. Same results as ``joint_numpy``."""

from __future__ import annotations

import numpy as np

from ..jit import Kernel
from ..types import BoolArray, FloatArray
from .joint_parts import CLIP, DROP, TINY, ZERO, JointArrays, JointOptions, JointTables
from .refit_kernels import fit_bands
from .robust_kernels import cholesky, residuals, select


@Kernel
def pair_sums(
    residual: FloatArray, use: BoolArray, cross: FloatArray, own: FloatArray, both: FloatArray
) -> None:
    """For pairs of bands, over the dates that both have: sums of products (lower triangle of
    ``cross``), of the first one's squares (``own``), and the number of dates (``both``).
    """
    bands = len(residual)
    value, there, common = np.empty(bands), np.empty(bands), np.zeros(bands)
    whole = 0.0
    for i in range(residual.shape[1]):
        count = 0
        for a in range(bands):
            there[a] = 1.0 if use[a, i] else 0.0
            value[a] = residual[a, i] if use[a, i] else 0.0
            count += use[a, i]
        if count == 0:
            continue
        for a in range(bands):
            for b in range(a + 1):
                cross[a, b] += value[a] * value[b]
        if count == bands:  # most dates: what follows need not be told by pairs
            whole += 1.0
            common += value * value
        else:
            for a in range(bands):
                own[a] += value[a] * value[a] * there
                both[a] += there[a] * there
    both += whole
    for a in range(bands):
        own[a] += common[a]


@Kernel
def scatter(
    residual: FloatArray,
    use: BoolArray,
    prior: FloatArray,
    prior_weight: float,
    squares: FloatArray,
    counts: FloatArray,
    correlation: FloatArray,
) -> None:
    """Sums of squares and counts (k,) and the correlation (k, k), shrunk to the prior.

    Each pair of bands over the dates that both have; ``use`` (k, n).
    """
    bands = len(residual)
    cross, own, both = np.zeros((bands, bands)), np.zeros((bands, bands)), np.zeros((bands, bands))
    pair_sums(residual, use, cross, own, both)
    for a in range(bands):
        squares[a], counts[a] = own[a, a], both[a, a]
        for b in range(a + 1):
            power = np.sqrt(own[a, b] * own[b, a])
            known = min(own[a, b], own[b, a]) > TINY * both[a, b]
            found = cross[a, b] / power if known else prior[a, b]
            weight = prior_weight / max(1.0, both[a, b])
            total = both[a, b] + weight
            correlation[a, b] = (both[a, b] * found + weight * prior[a, b]) / total
            correlation[b, a] = correlation[a, b]
        correlation[a, a] = 1.0


@Kernel
def whiten(z: FloatArray, there: BoolArray, correlation: FloatArray, factor: FloatArray) -> float:
    """Z' C^-1 z over the bands that are there; ``factor`` is the Cholesky factor for all bands."""
    bands = len(z)
    whole = True
    for b in range(bands):
        whole &= there[b]
    used = factor
    if not whole:
        used = np.eye(bands)
        for a in range(bands):
            for b in range(a):
                if there[a] and there[b]:
                    used[a, b] = correlation[a, b]
        if not cholesky(used):
            used = np.eye(bands)
    left = np.zeros(bands)
    total = 0.0
    for a in range(bands):
        value = z[a] if there[a] else 0.0
        for b in range(a):
            value -= used[a, b] * left[b]
        left[a] = value / used[a, a]
        total += left[a] * left[a]
    return total


@Kernel
def distances(
    residual: FloatArray,
    finite: BoolArray,
    hat: FloatArray,
    kept: BoolArray,
    noise: FloatArray,
    freedom: FloatArray,
    correlation: FloatArray,
    prior: FloatArray,
    prior_weight: float,
    z: FloatArray,
    summary: FloatArray,
) -> None:
    """Z (k, n), and ``summary`` (3, n): squared distance, freedom, number of bands."""
    bands = len(residual)
    factor = correlation.copy()
    if not cholesky(factor):
        correlation[:] = prior
        factor = correlation.copy()
        cholesky(factor)
    there = np.empty(bands, np.bool_)
    for i in range(residual.shape[1]):
        count, least = 0, np.inf
        for b in range(bands):
            inside = kept[i] and finite[b, i]
            variance = max(1e-6, 1.0 - hat[b, i]) if inside else 1.0 + hat[b, i]
            z[b, i] = residual[b, i] / (noise[b] * np.sqrt(variance))
            there[b] = finite[b, i] and np.isfinite(z[b, i])
            if there[b]:
                count += 1
                least = min(least, freedom[b])
            else:
                z[b, i] = np.nan
        summary[1, i], summary[2, i], summary[0, i] = 0.0, count, np.nan
        if count:
            # Half of what the prior counts for in the correlation, nothing for a single band.
            gain = min(0.5 * least, 0.5 * prior_weight / max(1.0, least))
            summary[1, i] = np.floor(least + gain * (1.0 - 1.0 / count))
            summary[0, i] = whiten(z[:, i], there, correlation, factor)


@Kernel
def keep_within(
    summary: FloatArray, clear: BoolArray, limits: FloatArray, share: float, kept: BoolArray
) -> bool:
    """Keep the clear dates within ``limits`` (2: kept before or not, k + 1, n + 1), but never fewer
    than a ``share`` of them, the nearest; returns whether any moved.
    """
    dates = len(kept)
    ratio, work = np.empty(dates), np.empty(dates)
    count = 0
    for i in range(dates):
        freedom = min(dates, max(0, int(summary[1, i])))
        limit = limits[0 if kept[i] else 1, int(summary[2, i]), freedom]
        known = clear[i] and summary[2, i] > 0
        ratio[i] = summary[0, i] / limit if known else np.inf
        if known:
            work[count] = ratio[i]
            count += 1
    cut = 1.0
    if count:
        cut = max(cut, select(work, count, min(count - 1, int(share * count))))
    moved = False
    for i in range(dates):
        keep = ratio[i] <= cut
        moved |= keep != kept[i]
        kept[i] = keep
    return moved


@Kernel
def start_set(
    residual: FloatArray,
    finite: BoolArray,
    clear: BoolArray,
    scale: FloatArray,
    size: int,
    tables: JointTables,
    options: JointOptions,
    kept: BoolArray,
) -> None:
    """The first set of dates: within the first limits by the correlation of clipped z values."""
    bands, dates = residual.shape
    prior, weight = tables.prior, options.prior_weight
    clipped, use = np.zeros((bands, dates)), np.zeros((bands, dates), np.bool_)
    freedom = np.zeros(bands)
    for b in range(bands):
        for i in range(dates):
            value = residual[b, i] / scale[b]
            if clear[i] and finite[b, i]:
                freedom[b] += 1.0
                if abs(value) <= DROP:
                    use[b, i] = True
                    clipped[b, i] = max(-CLIP, min(CLIP, value))
        freedom[b] -= size
    correlation, z = np.empty((bands, bands)), np.empty((bands, dates))
    squares, counts, summary = np.empty(bands), np.empty(bands), np.empty((3, dates))
    scatter(clipped, use, prior, weight, squares, counts, correlation)
    hat = np.zeros((bands, dates))
    kept[:] = False
    distances(residual, finite, hat, kept, scale, freedom, correlation, prior, weight, z, summary)
    keep_within(summary, clear, tables.start, options.least_kept, kept)


@Kernel
def below(
    residual: FloatArray, finite: BoolArray, kept: BoolArray, scale: FloatArray, use: BoolArray
) -> None:
    """``use`` (k, n): the kept dates whose mean z over the bands is not above zero."""
    for i in range(len(kept)):
        total = 0.0
        for b in range(len(residual)):
            if finite[b, i] and np.isfinite(scale[b]):
                total += residual[b, i] / scale[b]
        for b in range(len(residual)):
            use[b, i] = kept[i] and finite[b, i] and total <= ZERO


@Kernel
def joint_pixel(
    x: FloatArray,
    products: FloatArray,
    columns: FloatArray,
    y: FloatArray,
    clear: BoolArray,
    tables: JointTables,
    options: JointOptions,
    beta: FloatArray,
    scale: FloatArray,
    out: JointArrays,
) -> None:
    """Reweighted fit and scores of one pixel from its robust ``beta`` (k, p) and ``scale`` (k,)."""
    bands, dates = y.shape
    prior, weight, size = tables.prior, options.prior_weight, x.shape[1]
    kept, noise, correlation = out.kept, out.noise, out.correlation
    finite = np.isfinite(y)
    residual = np.empty((bands, dates))
    for b in range(bands):
        residuals(columns, y[b], beta[b], residual[b])
    freedom, squares, counts = np.zeros(bands), np.zeros(bands), np.zeros(bands)
    use = np.empty((bands, dates), np.bool_)
    start_set(residual, finite, clear, scale, size, tables, options, kept)
    last = options.steps - 1
    for step in range(last + 1):
        fit_bands(x, products, columns, y, finite, kept, options, beta, residual, out.hat, freedom)
        if options.lower:
            below(residual, finite, kept, scale, use)
        else:
            for b in range(bands):
                use[b] = kept & finite[b]
        scatter(residual, use, prior, weight, squares, counts, correlation)
        for b in range(bands):
            if options.lower:
                freedom[b] = counts[b] - (size + 1) // 2
            power = squares[b] * options.consistency / freedom[b] if freedom[b] > 0.0 else np.nan
            known = np.isfinite(scale[b])
            noise[b] = max(options.scale_floor, np.sqrt(power)) if known else np.nan
        distances(
            residual, finite, out.hat, kept, noise, freedom, correlation, prior, weight, out.z,
            out.summary,
        )  # fmt: skip
        # The set that is returned is the one that the scores were made with.
        if step == last or not keep_within(
            out.summary, clear, tables.limits, options.least_kept, kept
        ):
            break


@Kernel
def joint_many(
    x: FloatArray,
    products: FloatArray,
    y: FloatArray,
    clear: BoolArray,
    tables: JointTables,
    options: JointOptions,
    beta: FloatArray,
    scale: FloatArray,
    out: JointArrays,
) -> None:
    """``joint_pixel`` for the pixels of ``y`` (pixels, k, n); all of ``out`` is pixel first."""
    columns = np.ascontiguousarray(x.T)
    for q in range(len(y)):
        one = JointArrays(
            out.noise[q], out.correlation[q], out.hat[q], out.z[q], out.summary[q], out.kept[q]
        )
        joint_pixel(x, products, columns, y[q], clear[q], tables, options, beta[q], scale[q], one)
