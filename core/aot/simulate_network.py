# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated match-ups of a network of photometer sites whose true errors are planted.

They are the truth for the ranking of sites and the comparison of campaigns, and let a user find out
how many match-ups, months or sites a study needs. Everything is reproducible from the seed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import AnyArray, FloatArray, TimeArray
from .types import MatchUps

DAY_MS = 86_400_000
OVERPASS_MS = 38_700_000  # 10:45 UTC


@dataclass(frozen=True)
class NetworkScenario:
    """What is planted; AOT units unless said otherwise.

    ``counts``: fewest and most match-ups of a site (even on a log scale). ``outliers``: smallest
    and largest share of undetected clouds, which add ``outlier_low`` to ``outlier_high`` to the
    satellite's AOT. ``bias_sd``: standard deviation of the sites' biases. ``scatter``,
    ``scatter_spread``: median of the sites' scatter, standard deviation of its logarithm.
    ``memory_share``: share of the scatter's variance that is correlated in time and fades over
    ``memory_days``. ``network_offset`` + ``network_slope`` * AOT: bias common to all sites.
    ``aot_median``; ``aot_site_spread``, ``aot_time_spread``: standard deviations of ln AOT between
    and inside sites. ``products``: names; each has its own offset (``product_sd``) and its own
    further bias at every site (``interaction_sd``). ``start``, ``days``: period of the overpasses.

    With the defaults plain RMSE reaches a Kendall tau of about 0.38 to the true errors, RMSE over
    sqrt(n) 0.25 and the number of match-ups none: a network in which ranking by RMSE misleads.
    """

    sites: int = 20
    counts: tuple[int, int] = (6, 200)
    outliers: tuple[float, float] = (0.0, 0.12)
    outlier_low: float = 0.1
    outlier_high: float = 0.35
    bias_sd: float = 0.03
    scatter: float = 0.04
    scatter_spread: float = 0.55
    memory_share: float = 0.3
    memory_days: float = 20.0
    network_offset: float = 0.02
    network_slope: float = -0.15
    aot_median: float = 0.15
    aot_site_spread: float = 0.6
    aot_time_spread: float = 0.5
    products: tuple[str, ...] = ("S2",)
    product_sd: float = 0.0
    interaction_sd: float = 0.0
    start: str = "2017-01-01"
    days: int = 1095


@dataclass(frozen=True)
class SimulatedNetwork:
    """Match-ups and, per site (k,), what was planted: ``error`` = sqrt(``bias``^2 + ``scatter``^2).

    ``interaction`` (products, k): the further bias of each product at each site.
    """

    matchups: MatchUps
    names: tuple[str, ...]
    bias: FloatArray
    scatter: FloatArray
    outlier_share: FloatArray
    error: FloatArray
    interaction: FloatArray


@dataclass(frozen=True)
class CampaignScenario:
    """One campaign; AOT units unless said otherwise.

    ``sites``: names; each has ``count`` match-ups. ``bias`` + ``slope`` * AOT and ``scatter`` of
    the product; ``site_sd``: standard deviation of what sites add (drawn from the name, so that two
    campaigns share it). ``gapfilled``, ``unstable``: shares of match-ups with more than 20 % of the
    window gap-filled, and under a variable atmosphere. ``aot_median``, ``aot_spread``, memory and
    period as in ``NetworkScenario``.
    """

    name: str
    sites: tuple[str, ...]
    count: int = 25
    bias: float = 0.0
    slope: float = 0.0
    scatter: float = 0.05
    site_sd: float = 0.0
    gapfilled: float = 0.3
    unstable: float = 0.3
    aot_median: float = 0.15
    aot_spread: float = 0.7
    memory_share: float = 0.3
    memory_days: float = 10.0
    start: str = "2013-02-01"
    days: int = 140


def simulate_network(scenario: NetworkScenario | None = None, seed: int = 0) -> SimulatedNetwork:
    """Draw a network: per site a bias, a scatter, a share of clouds and a number of match-ups."""
    scenario = scenario or NetworkScenario()
    rng = np.random.default_rng(seed)
    sites, products = scenario.sites, len(scenario.products)
    bias = rng.normal(0.0, scenario.bias_sd, sites)
    scatter = scenario.scatter * np.exp(rng.normal(0.0, scenario.scatter_spread, sites))
    clouds = rng.uniform(*scenario.outliers, sites)
    level = scenario.aot_median * np.exp(rng.normal(0.0, scenario.aot_site_spread, sites))
    offset = rng.normal(0.0, scenario.product_sd, products)
    interaction = rng.normal(0.0, scenario.interaction_sd, (products, sites))
    fewest, most = np.log(scenario.counts)
    counts = np.exp(rng.uniform(fewest, most, (products, sites))).round()
    names = tuple(f"Site_{site + 1:02d}" for site in range(sites))
    parts = []
    for site, name in enumerate(names):
        for product, sensor in enumerate(scenario.products):
            part = _overpasses(scenario, rng, int(counts[product, site]), level[site])
            shift = bias[site] + offset[product] + interaction[product, site]
            error = shift + scatter[site] * part["noise"]
            error = error + _clouds(scenario, rng, clouds[site], len(error))
            error = error + scenario.network_offset + scenario.network_slope * part["reference"]
            part["satellite"] = part["reference"] + error
            parts.append(part | _labels(len(error), site=name, sensor=sensor))
    columns = {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
    error = np.sqrt(bias**2 + scatter**2)
    matchups = _matchups(columns)
    return SimulatedNetwork(matchups, names, bias, scatter, clouds, error, interaction)


def simulate_campaign(scenario: CampaignScenario, seed: int = 0) -> MatchUps:
    """Draw the match-ups of one campaign; another seed is another campaign under the same rules."""
    rng = np.random.default_rng(seed)
    shape = NetworkScenario(
        memory_share=scenario.memory_share,
        memory_days=scenario.memory_days,
        aot_time_spread=scenario.aot_spread,
        start=scenario.start,
        days=scenario.days,
    )
    parts = []
    for name in scenario.sites:
        part = _overpasses(shape, rng, scenario.count, scenario.aot_median)
        own = np.random.default_rng([ord(letter) for letter in name]).normal(0.0, scenario.site_sd)
        error = own + scenario.bias + scenario.slope * part["reference"]
        part["satellite"] = part["reference"] + error + scenario.scatter * part["noise"]
        part["gapfilled_fraction"] = np.where(
            rng.random(scenario.count) < scenario.gapfilled,
            rng.uniform(0.21, 0.59, scenario.count),
            rng.uniform(0.0, 0.19, scenario.count),
        )
        part["stable"] = rng.random(scenario.count) >= scenario.unstable
        labels = _labels(scenario.count, site=name, sensor=scenario.name, campaign=scenario.name)
        parts.append(part | labels)
    return _matchups({key: np.concatenate([part[key] for part in parts]) for key in parts[0]})


def correlated_noise(
    times: TimeArray, share: float, memory_days: float, rng: np.random.Generator
) -> FloatArray:
    """Noise of unit variance at sorted ``times`` (n,).

    ``share`` of the variance has a correlation that decays exponentially over ``memory_days``, the
    rest is white.
    """
    gaps = np.diff(times.astype("datetime64[ms]").astype(np.int64)) / DAY_MS
    kept = np.concatenate(([0.0], np.exp(-gaps / memory_days)))
    slow = rng.normal(size=len(times))
    for index in range(1, len(times)):
        new = np.sqrt(1.0 - kept[index] ** 2) * slow[index]
        slow[index] = kept[index] * slow[index - 1] + new
    white = rng.normal(size=len(times))
    return np.asarray(np.sqrt(share) * slow + np.sqrt(1.0 - share) * white)


def _overpasses(
    scenario: NetworkScenario, rng: np.random.Generator, count: int, level: float
) -> dict[str, AnyArray]:
    days = np.sort(rng.choice(scenario.days, size=count, replace=count > scenario.days))
    start = np.datetime64(scenario.start, "ms").astype(np.int64)
    times = (start + days.astype(np.int64) * DAY_MS + OVERPASS_MS).astype("datetime64[ms]")
    return {
        "time": times,
        "reference": level * np.exp(rng.normal(0.0, scenario.aot_time_spread, count)),
        "noise": correlated_noise(times, scenario.memory_share, scenario.memory_days, rng),
    }


def _clouds(
    scenario: NetworkScenario, rng: np.random.Generator, share: float, count: int
) -> FloatArray:
    size = rng.uniform(scenario.outlier_low, scenario.outlier_high, count)
    return np.where(rng.random(count) < share, size, 0.0)


def _labels(count: int, **texts: str) -> dict[str, AnyArray]:
    return {key: np.full(count, text, dtype=object) for key, text in texts.items()}


def _matchups(columns: dict[str, AnyArray]) -> MatchUps:
    n = len(columns["time"])
    _, index = np.unique(columns["site"].astype(str), return_inverse=True)
    further: dict[str, AnyArray] = {
        key: columns[key] for key in ("campaign", "gapfilled_fraction") if key in columns
    }
    return MatchUps(
        site=columns["site"],
        time=columns["time"],
        satellite=columns["satellite"],
        reference=columns["reference"],
        reference_count=np.full(n, 4),
        reference_std=np.full(n, 0.005),
        time_offset_min=np.zeros(n),
        stable=columns.get("stable", np.ones(n, dtype=np.bool_)),
        accepted=np.ones(n, dtype=np.bool_),
        reason=np.full(n, "", dtype=object),
        extra={
            "sensor": columns["sensor"],
            "level": np.full(n, "2.0", dtype=object),
            "longitude": (index * 137.508) % 360.0 - 180.0,
            "latitude": (index * 47.3) % 120.0 - 60.0,
            **further,
        },
    )
