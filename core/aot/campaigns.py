# SPDX-License-Identifier: GPL-3.0-or-later
"""Two campaigns compared without pairing, such as SPOT4 (Take5) 2013 and SPOT5 (Take5) 2015.

The campaigns saw other days, and partly other sites and other AOT. So only sites that both have
make the headline, each site counting the same in both, and every figure is averaged over AOT bins
with the AOT distribution of both campaigns together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from ..errors import InputError, InsufficientDataError
from ..progress import Progress, Silent, each
from ..types import BoolArray, FloatArray
from .campaign_samples import (
    INSIDE_SITES,
    QUANTITIES,
    SITE_MONTHS,
    WHOLE_SITES,
    Sample,
    as_estimate,
    block_counts,
    build_sample,
    counts,
    freedom,
    per_bin,
    standardized,
)
from .groups import EDGES
from .significance import Estimate, holm, welch
from .types import CampaignComparison, CampaignDifference, MatchUps

COMMON, ALL = "common sites", "all sites"
LEAST_AT_SITE = 3  # match-ups that a site needs in both campaigns to be common
LEAST_IN_BIN = 10  # match-ups, and
LEAST_BLOCKS = 4  # site months that a bin needs in both campaigns
LEAST_SITES = 8  # in both campaigns, for whole sites to be drawn
LABELS = {"aot": "AOT {low:g}-{high:g}", "water_vapor": "water vapor {low:g}-{high:g} cm"}


@dataclass(frozen=True)
class _Scope:
    """Two samples that are compared, and what is drawn for their intervals."""

    name: str
    a: Sample
    b: Sample
    draw: str


def compare_campaigns(
    a: MatchUps,
    b: MatchUps,
    name_a: str = "campaign A",
    name_b: str = "campaign B",
    edges: FloatArray | None = None,
    n_bootstrap: int = 1000,
    seed: int = 1,
    progress: Progress | None = None,
    window_m: float | None = None,
) -> CampaignComparison:
    """Differences a - b of bias, of the logarithm of precision, and of the mean |d - median|.

    Scopes: common sites (first, where there are any), all sites, the AOT bins (with Holm's
    correction), classes of gap-filled share, stable and unstable atmosphere. ``edges`` of the AOT
    bins, ascending. ``window_m``: the satellite window that is compared (the nearest size present;
    None: the one of the comparison that made the match-ups). Raises ``InsufficientDataError`` where
    a campaign has no match-up or no bin has enough of both, ``InputError`` where one is of AOT and
    the other of water vapor.
    """
    if a.settings.quantity != b.settings.quantity:
        raise InputError(
            f"{name_a} holds {a.settings.quantity} and {name_b} {b.settings.quantity}: compare "
            "match-ups of one quantity."
        )
    a, b = _at_window(a, window_m), _at_window(b, window_m)
    edges = np.asarray(EDGES[a.settings.quantity] if edges is None else edges, dtype=np.float64)
    sample_a, sample_b = build_sample(a, name_a, edges), build_sample(b, name_b, edges)
    scopes = list(_scopes(sample_a, sample_b))
    rng = np.random.default_rng(seed)
    in_bins = _compare_bins(scopes[0], edges, LABELS[a.settings.quantity], n_bootstrap, rng)
    differences: list[CampaignDifference] = []
    for scope in each(scopes, progress or Silent(), "Comparing the campaigns"):
        differences += _compare(scope, len(edges) - 1, n_bootstrap, rng)
    if not differences:
        raise InsufficientDataError(
            f"No AOT bin has at least {LEAST_IN_BIN} match-ups of both {name_a} and {name_b} in "
            f"{LEAST_BLOCKS} months at sites, so the campaigns cannot be compared. Use more "
            "match-ups or fewer, wider AOT bins."
        )
    main = [one for one in differences if one.scope in (COMMON, ALL)]
    classes = [one for one in differences if one.scope not in (COMMON, ALL)]
    notes = _notes(scopes, sample_a, sample_b)
    return CampaignComparison(name_a, name_b, (*main, *in_bins, *classes), notes)


def _at_window(matchups: MatchUps, window_m: float | None) -> MatchUps:
    if window_m is None:
        return matchups
    return replace(matchups, settings=replace(matchups.settings, window_m=window_m))


def balanced(a: Sample, b: Sample) -> tuple[Sample, Sample] | None:
    """The match-ups at common sites, weighted so that each site counts the same in both campaigns.

    Without this, a site that is good and often seen in one campaign would look like a better
    campaign. None where no site has ``LEAST_AT_SITE`` match-ups in both.
    """
    sites = sorted(set(a.site.tolist()) & set(b.site.tolist()))
    own = {site: (np.sum(a.site == site), np.sum(b.site == site)) for site in sites}
    common = [site for site in sites if min(own[site]) >= LEAST_AT_SITE]
    if not common:
        return None
    totals = np.sum([own[site] for site in common], axis=0)
    found = []
    for number, sample in enumerate((a, b)):
        weight = np.zeros(len(sample))
        for site in common:
            pooled = sum(own[site]) / totals.sum()
            weight[sample.site == site] = pooled / (own[site][number] / totals[number])
        found.append(sample.select(weight > 0, weight))
    return found[0], found[1]


def pooled_shares(a: Sample, b: Sample, bins: int) -> FloatArray:
    """Share (bins,) of the match-ups of both campaigns in each bin that has enough of both."""
    share = (counts(a, bins) + counts(b, bins)) * enough(a, b, bins)
    return np.asarray(share / share.sum()) if share.sum() > 0 else share


def enough(a: Sample, b: Sample, bins: int) -> BoolArray:
    """Which bins (bins,) have enough match-ups and site months in both campaigns."""
    few = np.minimum(counts(a, bins), counts(b, bins))
    blocks = np.minimum(block_counts(a, bins), block_counts(b, bins))
    return np.asarray((few >= LEAST_IN_BIN) & (blocks >= LEAST_BLOCKS))


def _scopes(a: Sample, b: Sample) -> Iterator[_Scope]:
    common = balanced(a, b)
    if common is not None:
        yield _Scope(COMMON, *common, INSIDE_SITES)
    sites = min(len(np.unique(a.site)), len(np.unique(b.site)))
    free = WHOLE_SITES if sites >= LEAST_SITES else SITE_MONTHS
    yield _Scope(ALL, a, b, free)
    base_a, base_b = common or (a, b)
    draw = INSIDE_SITES if common else free
    for name, chosen in _classes():
        rows_a, rows_b = chosen(base_a), chosen(base_b)
        if rows_a.any() and rows_b.any():
            yield _Scope(name, base_a.select(rows_a), base_b.select(rows_b), draw)


def _classes() -> list[tuple[str, Callable[[Sample], BoolArray]]]:
    """Names of the classes and the rows (n,) of a sample that belong to them."""
    return [
        ("gap-filled < 20 %", lambda one: np.asarray(one.gapfilled < 0.2)),
        (
            "gap-filled 20-60 %",
            lambda one: np.asarray((one.gapfilled >= 0.2) & (one.gapfilled < 0.6)),
        ),
        ("stable", lambda one: one.stable),
        ("unstable", lambda one: ~one.stable),
    ]


def _compare(
    scope: _Scope, bins: int, replicates: int, rng: np.random.Generator
) -> list[CampaignDifference]:
    """The three quantities averaged over the bins; nothing where no bin has enough."""
    shares = pooled_shares(scope.a, scope.b, bins)
    if not shares.any():
        return []
    sides = []
    for sample in (scope.a, scope.b):
        averaged = standardized(per_bin(sample, bins, replicates, scope.draw, rng), shares)
        size = freedom(sample, scope.draw)
        sides.append([as_estimate(averaged[:, q], *size) for q in range(len(QUANTITIES))])
    sizes = (len(scope.a), len(scope.b))
    return [
        _difference(scope.name, name, sizes, sides[0][q], sides[1][q])
        for q, name in enumerate(QUANTITIES)
    ]


def _compare_bins(
    scope: _Scope, edges: FloatArray, label: str, replicates: int, rng: np.random.Generator
) -> list[CampaignDifference]:
    """The three quantities in every bin that both campaigns have, corrected for their number."""
    tested = enough(scope.a, scope.b, len(edges) - 1)
    sizes = [counts(one, len(edges) - 1).astype(int) for one in (scope.a, scope.b)]
    present = np.flatnonzero(np.minimum(*sizes) > 0)
    sides = []
    for sample in (scope.a, scope.b):
        drawn = per_bin(sample, len(edges) - 1, replicates, scope.draw, rng)
        size = {
            one: freedom(sample, scope.draw, sample.bins == one) if tested[one] else (0, 0)
            for one in present
        }
        sides.append(
            [
                [as_estimate(drawn[:, q, one], *size[one]) for one in present]
                for q in range(len(QUANTITIES))
            ]
        )
    found = []
    for q, name in enumerate(QUANTITIES):
        rows = [
            _difference(
                label.format(low=edges[one], high=edges[one + 1]), name,
                (int(sizes[0][one]), int(sizes[1][one])), left, right, max(1, int(tested.sum())),
            )
            for one, left, right in zip(present, sides[0][q], sides[1][q], strict=True)
        ]  # fmt: skip
        adjusted = holm([row.p_value for row in rows])
        found += [
            replace(row, p_value=p, adjusted=True) for row, p in zip(rows, adjusted, strict=True)
        ]
    return found


def _difference(
    scope: str, quantity: str, sizes: tuple[int, int], a: Estimate, b: Estimate, tests: int = 1
) -> CampaignDifference:
    test = welch(a, b, tests=tests)
    return CampaignDifference(
        scope, quantity, *sizes, a.value, b.value, test.difference, test.p_value, False,
        test.detectable,
    )  # fmt: skip


def _notes(scopes: list[_Scope], a: Sample, b: Sample) -> tuple[str, ...]:
    notes = []
    if scopes[0].name == COMMON:
        common = len(np.unique(scopes[0].a.site))
        notes.append(
            f"{common} sites have at least {LEAST_AT_SITE} match-ups in both campaigns: they make "
            "the headline, the AOT bins and the classes, each site counting the same in both."
        )
    else:
        notes.append(
            "The campaigns have no site in common: differences between the sites and between the "
            "products cannot be told apart."
        )
    every = next(scope for scope in scopes if scope.name == ALL)
    drawn = "whole sites, since the sites differ" if every.draw == WHOLE_SITES else "site months"
    notes.append(
        "Intervals and p-values come from Welch's t with variances from draws of months inside "
        f"each common site (for all sites: {drawn})."
    )
    if a.window_m == b.window_m:
        notes.append(f"All figures are those of the satellite window of {a.window_m:g} m.")
    elif not np.isnan(a.window_m + b.window_m):
        notes.append(
            f"The satellite windows differ: {a.window_m:g} m for {a.name}, {b.window_m:g} m for "
            f"{b.name}. Part of a difference in precision may come from that."
        )
    return (
        *notes,
        "Bias: mean of d = satellite - AERONET. Precision: standard deviation of d, compared as "
        "natural logarithm: a difference of 0.1 is about 10 %. Deviation: mean |d - median|, the "
        "variable of the test of Brown and Forsythe.",
        f"All but the bins are averaged over the AOT bins that have at least {LEAST_IN_BIN} "
        "match-ups of both campaigns, with the AOT distribution of both together. P-values of the "
        "bins are corrected by Holm's method; their intervals stand for each bin alone.",
        "Detectable difference: the smallest true difference that would be found with 80 % "
        "probability. Where nothing was found, smaller differences may exist.",
        "The campaigns differ in season, year and sites: part of a difference may come from what "
        "was observed, not from the product.",
    )
