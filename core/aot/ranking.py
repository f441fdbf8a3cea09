# SPDX-License-Identifier: GPL-3.0-or-later
"""Ranking of AERONET sites by how reliable they are as reference for AOT products.

A site's score is E = sqrt(B^2 + S^2) of its residuals against the bias that all sites share: B the
median (the part that all products have in common), S the scatter. Scores are shrunk toward the
network, months are drawn anew to get intervals, and sites that cannot be told apart share a tier.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..progress import Part, Progress, Silent
from ..types import AnyArray, FloatArray
from .blocks import row_order
from .ranking_bootstrap import Estimate, Model, bootstrap, build_model, calibrated_scores, estimate
from .ranking_flags import Finding, details, lights, site_flags
from .ranking_notes import ranking_notes
from .ranking_series import Network, RankSettings, build_network, column, months_of
from .ranking_stability import leave_one_year_out
from .types import Interval, MatchUps, Ranking, SiteRank

__all__ = ["RankSettings", "rank_sites"]

NAN = float("nan")


@dataclass(frozen=True)
class _Standing:
    """What the replicates say of the ranked sites, best first (k,).

    ``order``: their numbers among all sites.
    """

    order: AnyArray
    score: list[Interval]
    rank: list[Interval]
    tier: list[int]
    p_best: FloatArray
    p_better: FloatArray


def rank_sites(
    matchups: MatchUps, settings: RankSettings | None = None, progress: Progress | None = None
) -> Ranking:
    """Rank the sites of the accepted match-ups; sites that cannot be ranked follow with the reason.

    Raises ``InsufficientDataError`` where there is no accepted match-up at all.
    """
    settings = settings or RankSettings()
    progress = progress or Silent()
    keys = (column(matchups, "window_m"), matchups.satellite, matchups.reference)
    matchups = matchups.select(row_order(matchups.site, matchups.time, *keys))
    network = build_network(matchups, settings)
    if not network.series:
        sites = _unranked(matchups, network, {}, {})
        return Ranking(sites, np.zeros((0, 0)), 0, ranking_notes(None, None, network, settings))
    model = build_model(network)
    point = estimate(model)
    progress.report(0.05, "Bootstrap by months")
    ranked = np.flatnonzero(model.ranked)
    best_k = _group_size(settings.best_k, len(ranked))
    standing = _standing(model, point, settings, best_k, Part(progress, 0.05, 0.9))
    findings = site_flags(model, matchups, point)
    first = [
        _ranked_site(matchups, model, point, standing, place, findings[int(site)])
        for place, site in enumerate(standing.order)
    ]
    figures = {
        site: (float(point.bias[0, site]), float(point.scatter[0, site])) for site in findings
    }
    rest = _unranked(matchups, network, figures, findings)
    by_year = leave_one_year_out(network, point) if len(ranked) else {}
    notes = ranking_notes(model, point, network, settings, by_year)
    progress.report(1.0)
    return Ranking((*first, *rest), standing.p_better, best_k, notes)


def _group_size(wanted: int, ranked: int) -> int:
    """The size of the best group: all sites would be certain to be in it, so it is half of them."""
    return wanted if wanted < ranked else (ranked + 1) // 2


def _standing(
    model: Model, point: Estimate, settings: RankSettings, best_k: int, progress: Progress
) -> _Standing:
    ranked = np.flatnonzero(model.ranked)
    if not len(ranked):
        return _Standing(ranked, [], [], [], np.zeros(0), np.zeros((0, 0)))
    drawn = bootstrap(model, settings.n_bootstrap, settings.seed, progress)
    best_first = np.argsort(point.shrunk[0], kind="stable")
    log = calibrated_scores(model, point, drawn)[:, best_first]
    ranks = 1 + np.argsort(np.argsort(log, axis=1), axis=1)
    tails = (50.0 * (1 - settings.confidence), 50.0 * (1 + settings.confidence))
    bounds = np.exp(np.percentile(log, tails, axis=0))
    rank_bounds = np.percentile(ranks, tails, axis=0, method="nearest")
    scores = point.shrunk[0][best_first]
    places = np.arange(1.0, len(ranked) + 1, dtype=np.float64)
    better = pairwise(log)
    return _Standing(
        ranked[best_first],
        _intervals(scores, bounds),
        _intervals(places, rank_bounds),
        tiers(better, settings.tier_probability),
        np.asarray(np.mean(ranks <= best_k, axis=0)),
        better,
    )


def _intervals(values: FloatArray, bounds: FloatArray) -> list[Interval]:
    """Intervals with ``bounds`` (2, k), which always hold their value."""
    low, high = np.minimum(bounds[0], values), np.maximum(bounds[1], values)
    return [Interval(*map(float, row)) for row in zip(values, low, high, strict=True)]


def pairwise(scores: FloatArray) -> FloatArray:
    """Probability (k, k) that site i has the smaller score than site j, from replicates (r, k)."""
    below = [np.mean(scores[:, [i]] < scores, axis=0) for i in range(scores.shape[1])]
    ties = [np.mean(scores[:, [i]] == scores, axis=0) for i in range(scores.shape[1])]
    return np.asarray(np.array(below) + 0.5 * np.array(ties))


def tiers(better: FloatArray, probability: float) -> list[int]:
    """Tiers of sites in the order of their scores.

    A site starts a new tier where the first site of the tier before is better than it with at least
    ``probability``; else nobody can tell it from that site, and it shares its tier.
    """
    found: list[int] = []
    leader, tier = 0, 1
    for place in range(len(better)):
        if better[leader, place] >= probability and place > leader:
            leader, tier = place, tier + 1
        found.append(tier)
    return found


def _ranked_site(
    matchups: MatchUps,
    model: Model,
    point: Estimate,
    standing: _Standing,
    place: int,
    findings: dict[str, Finding],
) -> SiteRank:
    site = int(standing.order[place])
    return SiteRank(
        site=model.network.sites[site],
        **_facts(matchups, model.network, site),
        score=standing.score[place],
        raw_score=float(point.raw[0, site]),
        bias=float(point.bias[0, site]),
        scatter=float(point.scatter[0, site]),
        rank=standing.rank[place],
        tier=standing.tier[place],
        p_best=float(standing.p_best[place]),
        flags=lights(findings),
        flag_details=details(findings),
    )


def _unranked(
    matchups: MatchUps,
    network: Network,
    figures: dict[int, tuple[float, float]],
    findings: dict[int, dict[str, Finding]],
) -> tuple[SiteRank, ...]:
    """Sites without a rank, by name, each with the reason and what can be said all the same."""
    sites = [site for site, reason in enumerate(network.not_ranked) if reason]
    sites.sort(key=lambda site: network.sites[site])
    return tuple(
        SiteRank(
            site=network.sites[site],
            **_facts(matchups, network, site),
            score=Interval(NAN),
            raw_score=NAN,
            bias=figures.get(site, (NAN, NAN))[0],
            scatter=figures.get(site, (NAN, NAN))[1],
            rank=Interval(NAN),
            tier=0,
            p_best=NAN,
            flags=lights(findings.get(site, {})),
            flag_details=details(findings.get(site, {})),
            not_ranked=network.not_ranked[site],
        )
        for site in sites
    )


def _facts(matchups: MatchUps, network: Network, site: int) -> dict[str, Any]:
    """Position (degrees), number of match-ups that enter, and of their months."""
    here = matchups.site == network.sites[site]
    used = here & network.used
    places = {}
    for key in ("longitude", "latitude"):
        known = column(matchups, key)[here]
        known = known[np.isfinite(known)]
        places[key] = float(np.median(known)) if len(known) else NAN
    months = len(np.unique(months_of(matchups.time[used])))
    return {**places, "count": int(used.sum()), "months": months}
