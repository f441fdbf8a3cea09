# SPDX-License-Identifier: GPL-3.0-or-later
"""Residuals, effects, scores and shrinkage, for the data as they are and for the replicates of the
bootstrap.

Three things are drawn. Months within each series, not match-ups: errors of one month resemble each
other, and intervals that ignore this are two to three times too narrow. And the weights of the
sites in the network bias (Rubin 1981, 10.1214/aos/1176345338): the other sites are themselves a
sample, and without this the intervals of long series are far too narrow. And, where sites have
several products, what a product adds at a site: the products are a sample of all products.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..progress import Progress, check
from ..types import AnyArray, BoolArray, FloatArray
from .ranking_effects import (
    effect_operator,
    effective_count,
    log_error,
    median_and_scatter,
    score,
    shrink,
)
from .ranking_network import BiasGrid, Place, at_places, build_grid, network_bias
from .ranking_series import Network, Series

CHUNK = 40  # replicates worked on together; bounds memory and the time to answer "cancel"
OUTLIER = 3.0  # scatters from the median of a series beyond which a residual is an outlier
LEAST_SCATTER = 0.002  # AOT; quantized products can have a scatter of zero


@dataclass(frozen=True)
class Model:
    """What stays the same in all replicates.

    ``network``: its series without outliers; ``outliers`` (sites,) share taken out; ``grids`` per
    product, None where too few sites have it; ``operator`` gives effects from medians; ``ranked``
    (sites,) bool; ``error`` (k,) standard error of ln E of the ranked sites; ``months`` (k,);
    ``interaction_sd``: standard deviation of what single products add at single sites, AOT.
    """

    network: Network
    outliers: FloatArray
    grids: tuple[BiasGrid | None, ...]
    operator: FloatArray
    ranked: BoolArray
    error: FloatArray
    months: FloatArray
    interaction_sd: float


@dataclass(frozen=True)
class Estimate:
    """Replicates (first axis, r) of what the data say.

    ``medians`` (r, series); ``effects`` (r, sites + products); ``bias``, ``scatter``, ``raw``
    (r, sites), NaN for sites without match-ups; ``shrunk``, ``kept`` (r, ranked sites).
    """

    medians: FloatArray
    effects: FloatArray
    bias: FloatArray
    scatter: FloatArray
    raw: FloatArray
    shrunk: FloatArray
    kept: FloatArray


def build_model(network: Network) -> Model:
    """Take the outliers out, then prepare what all replicates share.

    Residuals farther than three scatters from the median of their series (mostly undetected clouds)
    are counted and shown, but have no part in bias and scatter: a few percent of one-sided clouds
    inflate even median and MAD.
    """
    series = network.series
    lone = [median_and_scatter(residual) for residual in residuals(network, _grids(network))]
    inside = [
        np.abs(residual - middle) <= OUTLIER * max(float(scatter), LEAST_SCATTER)
        for residual, (middle, scatter) in zip(
            residuals(network, _grids(network)), lone, strict=True
        )
    ]
    clean = replace(
        network,
        series=tuple(part.keep(mask) for part, mask in zip(series, inside, strict=True)),
    )
    grids = _grids(clean)
    sites = len(network.sites)
    ranked = np.array([not reason for reason in network.not_ranked], dtype=np.bool_)
    operator = effect_operator(clean.series, sites, len(network.products))
    own = residuals(clean, grids)
    effective = np.array(
        [effective_count(one, part.month) for one, part in zip(own, clean.series, strict=True)]
    )
    of_site = np.bincount([part.site for part in clean.series], effective, sites)
    return Model(
        clean,
        _outlier_shares(network, inside),
        grids,
        operator,
        ranked,
        log_error(np.asarray(of_site[ranked], dtype=np.float64)),
        _month_counts(clean)[ranked],
        _interaction_sd(clean, operator, own, effective),
    )


def residuals(network: Network, grids: Sequence[BiasGrid | None]) -> list[FloatArray]:
    """Residuals r = d - A(AOT) of every series (n,), A estimated without the site."""
    return [values[0] for values in _residuals(network, grids, None, None)]


def estimate(model: Model) -> Estimate:
    """The data as they are: one replicate."""
    return _estimate(model, None, None)


def bootstrap(model: Model, replicates: int, seed: int, progress: Progress) -> Estimate:
    """``replicates`` draws of months and of the sites' weights."""
    rng = np.random.default_rng(seed)
    parts: list[Estimate] = []
    for start in range(0, replicates, CHUNK):
        check(progress)
        progress.report(start / replicates, "Bootstrap by months")
        size = min(CHUNK, replicates - start)
        drawn = [draw_months(part, size, rng) for part in model.network.series]
        parts.append(_estimate(model, drawn, rng))
    names = list(Estimate.__annotations__)
    return Estimate(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def calibrated_scores(model: Model, point: Estimate, drawn: Estimate) -> FloatArray:
    """Replicates of ln E' (r, ranked sites) widened by what the bootstrap of a shrunk score misses.

    Shrinking makes replicates alike: the distance (1 - k) sqrt(v) between the network's mean and
    the site that is shrunk to it is added (Morris 1983, 10.1080/01621459.1983.10477920). And m
    months drawn from m vary by (m - 1) / m too little.
    """
    log = np.log(drawn.shrunk)
    middle, variance = np.median(log, axis=0), np.maximum(log.var(axis=0), 1e-12)
    kept = point.kept[0]
    missing = (1.0 - kept) * model.error**2 * kept
    months = np.maximum(model.months, 2.0)
    factor = np.sqrt((1.0 + missing / variance) * months / (months - 1.0))
    return np.asarray(middle + (log - middle) * factor)


def draw_months(part: Series, replicates: int, rng: np.random.Generator) -> AnyArray:
    """Indices (replicates, n) of whole months drawn with replacement until n match-ups are there.

    The last month is cut, so that all replicates are as long as the series.
    """
    n, starts = len(part), part.starts()
    lengths = np.diff(np.append(starts, n))
    picked = rng.integers(0, len(starts), (replicates, 2 * len(starts) + 4))
    while lengths[picked].sum(axis=1).min() < n:
        picked = np.hstack((picked, rng.integers(0, len(starts), picked.shape)))
    size = lengths[picked]
    before = np.cumsum(size, axis=1) - size
    used = np.clip(n - before, 0, size).ravel()
    first = np.repeat((starts[picked] - before).ravel(), used)
    return np.asarray(first.reshape(replicates, n) + np.arange(n))


def _grids(network: Network) -> tuple[BiasGrid | None, ...]:
    return tuple(
        build_grid([part for part in network.series if part.product == product])
        for product in range(len(network.products))
    )


def _interaction_sd(
    network: Network, operator: FloatArray, own: Sequence[FloatArray], effective: FloatArray
) -> float:
    """Standard deviation of c[p,s]: what the medians scatter around site + product beyond their
    own standard errors; 0 where no site has several products.
    """
    sites = {part.site for part in network.series}
    free = len(network.series) - len(sites) - (len(network.products) - 1)
    if free < 1:
        return 0.0
    centers = [median_and_scatter(residual) for residual in own]
    medians = np.array([float(middle) for middle, _ in centers])
    errors = 1.2533 * np.array([float(one) for _, one in centers]) / np.sqrt(effective)
    effects = operator @ medians
    fitted = [
        effects[part.site] + effects[len(network.sites) + part.product] for part in network.series
    ]
    variance = np.sum((medians - fitted) ** 2) / free - np.mean(errors**2)
    return float(np.sqrt(max(variance, 0.0)))


def _outlier_shares(network: Network, inside: Sequence[BoolArray]) -> FloatArray:
    total, kept = np.zeros(len(network.sites)), np.zeros(len(network.sites))
    for part, mask in zip(network.series, inside, strict=True):
        total[part.site] += len(mask)
        kept[part.site] += mask.sum()
    return np.asarray(1.0 - kept / np.maximum(total, 1.0))


def _month_counts(network: Network) -> FloatArray:
    found = [
        np.concatenate([network.series[i].month for i in network.of_site(site)] or [np.zeros(0)])
        for site in range(len(network.sites))
    ]
    return np.array([len(np.unique(month)) for month in found], dtype=np.float64)


def _residuals(
    network: Network,
    grids: Sequence[BiasGrid | None],
    drawn: Sequence[AnyArray] | None,
    rng: np.random.Generator | None,
) -> list[FloatArray]:
    """Residuals (replicates, n) of every series."""
    output = [
        part.difference[None, :] if drawn is None else part.difference[drawn[index]]
        for index, part in enumerate(network.series)
    ]
    for product, grid in enumerate(grids):
        if grid is None:
            continue
        own = [i for i, part in enumerate(network.series) if part.product == product]
        picked = None if drawn is None else [drawn[i] for i in own]
        shape = (len(own), 1 if picked is None else len(picked[0]))
        votes = np.ones(shape) if rng is None else rng.exponential(size=shape)
        bias = network_bias(grid, picked, votes)
        for member, index in enumerate(own):
            place, aot = grid.places[member], grid.members[member].aot
            if picked is not None:
                rows = picked[member]
                place, aot = Place(place.low[rows], place.share[rows]), aot[rows]
            output[index] = output[index] - at_places(bias[member], place) - grid.slope * aot
    return output


def _estimate(
    model: Model, drawn: Sequence[AnyArray] | None, rng: np.random.Generator | None
) -> Estimate:
    values = _residuals(model.network, model.grids, drawn, rng)
    replicates, sites = len(values[0]), len(model.network.sites)
    medians = np.stack([np.median(residual, axis=1) for residual in values], axis=1)
    shaken = medians
    if rng is not None and model.interaction_sd > 0.0:
        shaken = medians + rng.normal(0.0, model.interaction_sd, medians.shape)
    effects = shaken @ model.operator.T
    bias, scatter = np.full((replicates, sites), np.nan), np.full((replicates, sites), np.nan)
    for site in range(sites):
        own = model.network.of_site(site)
        if own:
            centered = np.hstack([values[index] - medians[:, index, None] for index in own])
            bias[:, site] = effects[:, site]
            scatter[:, site] = median_and_scatter(centered)[1]
    raw = score(bias, scatter)
    shrunk, kept = shrink(raw[:, model.ranked], model.error)
    return Estimate(medians, effects, bias, scatter, raw, shrunk, kept)
