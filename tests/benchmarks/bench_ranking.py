# SPDX-License-Identifier: GPL-3.0-or-later
"""Ranking of sites: order and intervals against planted truth over many seeds, beside the plain
scores that people use, and time at full size. Comparison of campaigns: rate of false alarms.

Run with ``PYTHONPATH=build/plugins build/venv/bin/python tests/benchmarks/bench_ranking.py``.
"""

from __future__ import annotations

import time

import numpy as np
from scipy.stats import kendalltau

from calval_toolbox.core.aot.campaigns import compare_campaigns
from calval_toolbox.core.aot.ranking import RankSettings, rank_sites
from calval_toolbox.core.aot.simulate_network import (
    CampaignScenario,
    NetworkScenario,
    SimulatedNetwork,
    simulate_campaign,
    simulate_network,
)

OPEN_GATE = RankSettings(min_matchups=6, min_months=1, min_seasons=1, n_bootstrap=40)
SCENARIOS = {
    "default": NetworkScenario(),
    "long memory": NetworkScenario(memory_share=0.6, memory_days=30.0),
    "no clouds": NetworkScenario(outliers=(0.0, 0.0)),
    "20 to 60 match-ups": NetworkScenario(counts=(20, 60)),
    "200 to 1000 match-ups": NetworkScenario(counts=(200, 1000), memory_share=0.5),
    "8 sites": NetworkScenario(sites=8),
    "40 sites": NetworkScenario(sites=40),
    "3 products": NetworkScenario(
        products=("SPOT4", "SPOT5", "S2"), product_sd=0.02, interaction_sd=0.02
    ),
}


def plain_scores(network: SimulatedNetwork) -> dict[str, np.ndarray]:
    """What others rank by, per site (k,); smaller is better."""
    d, site = network.matchups.difference, network.matchups.site
    rows = [d[site == name] for name in network.names]
    rmse = np.array([np.sqrt(np.mean(one**2)) for one in rows])
    count = np.array([len(one) for one in rows])
    return {"RMSE": rmse, "RMSE / sqrt(n)": rmse / np.sqrt(count), "number of match-ups": -count}


def orders(seeds: int = 200) -> dict[str, float]:
    """Mean Kendall tau of each score to the planted error."""
    found: dict[str, list[float]] = {}
    for seed in range(seeds):
        network = simulate_network(seed=seed)
        for name, score in plain_scores(network).items():
            found.setdefault(name, []).append(kendalltau(score, network.error)[0])
        truth = dict(zip(network.names, network.error, strict=True))
        sites = rank_sites(network.matchups, OPEN_GATE).sites
        error = [truth[one.site] for one in sites]
        for name, score in (
            ("E", [one.raw_score for one in sites]),
            ("E shrunk (ours)", [one.score.value for one in sites]),
        ):
            found.setdefault(name, []).append(kendalltau(score, error)[0])
    return {name: float(np.mean(values)) for name, values in found.items()}


def coverage(scenario: NetworkScenario, seeds: int = 40) -> tuple[float, int]:
    """Share of the 90 % intervals that hold the planted error, and their number."""
    hits = []
    for seed in range(1000, 1000 + seeds):
        network = simulate_network(scenario, seed)
        truth = dict(zip(network.names, network.error, strict=True))
        for one in rank_sites(network.matchups, RankSettings(n_bootstrap=200)).sites:
            if not one.not_ranked:
                hits.append(one.score.low <= truth[one.site] <= one.score.high)
    return float(np.mean(hits)), len(hits)


def false_alarms(seeds: int = 400) -> dict[str, float]:
    """Share of p < 0.05 of the headline for campaigns that do not differ."""
    sites = tuple(f"Site {number}" for number in range(10))
    a = CampaignScenario("A", sites, count=20, site_sd=0.03, slope=-0.1)
    b = CampaignScenario(
        "B", (*sites, "Further"), count=30, site_sd=0.03, slope=-0.1, start="2015-04-01",
        aot_median=0.2,
    )  # fmt: skip
    small: dict[str, list[bool]] = {}
    for seed in range(seeds):
        campaigns = simulate_campaign(a, seed), simulate_campaign(b, seed + 10_000)
        for one in compare_campaigns(*campaigns, n_bootstrap=200).differences[:3]:
            small.setdefault(one.quantity, []).append(one.p_value < 0.05)
    return {name: float(np.mean(values)) for name, values in small.items()}


def main() -> int:
    """Print all figures; 1 where a goal is missed."""
    found = orders()
    for name, tau in found.items():
        print(f"Kendall tau to the planted error, 20 sites: {name:<22} {tau:+.3f}")
    good = found["E shrunk (ours)"] >= 0.65
    for name, scenario in SCENARIOS.items():
        share, count = coverage(scenario)
        print(f"90 % intervals hold the planted error: {name:<22} {100 * share:.1f} % of {count}")
        good = good and (name != "default" or 0.85 <= share <= 0.95)
    for name, share in false_alarms().items():
        print(f"campaigns without difference, p < 0.05: {name:<20} {100 * share:.1f} %")
    full = simulate_network(NetworkScenario(counts=(1000, 1000), days=3650), 1)
    start = time.perf_counter()
    rank_sites(full.matchups)
    print(f"20 sites x 1000 match-ups x 1000 draws: {time.perf_counter() - start:.2f} s")
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
