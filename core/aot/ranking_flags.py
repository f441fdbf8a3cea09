# SPDX-License-Identifier: GPL-3.0-or-later
"""Traffic lights beside the score of a site: they are shown, never added into it.

Every light has its figure and its limits in the detail. What cannot be tested has no light, and the
detail says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from ..types import AnyArray, FloatArray, TimeArray
from .ranking_bootstrap import Estimate, Model, residuals
from .ranking_effects import effective_count, median_and_scatter
from .ranking_network import outside_share
from .ranking_series import Network, column
from .types import Interval, MatchUps

YEAR_MONTHS = 12.0
DRIFT_MONTHS = 12  # distinct months needed, over at least DRIFT_YEARS
DRIFT_YEARS = 1.5
STEP_COUNT = 5  # match-ups needed on both sides of an instrument change
LIGHTS = ("green", "amber", "red")


@dataclass(frozen=True)
class Limits:
    """Where a figure turns amber and red."""

    amber: float
    red: float

    def light(self, value: float) -> str:
        """``green``, ``amber`` or ``red``; "" for NaN."""
        if not np.isfinite(value):
            return ""
        return LIGHTS[int(value > self.amber) + int(value > self.red)]


OUTLIERS = Limits(0.05, 0.10)  # share
DRIFT = Limits(0.005, 0.010)  # AOT per year, where the interval excludes zero
STEP = Limits(0.010, 0.020)  # AOT, where the interval excludes zero
TIME_SPREAD = Limits(0.02, 0.04)  # AOT: median standard deviation of the photometer
WINDOW_SPREAD = Limits(0.02, 0.05)  # AOT: median standard deviation inside the window
GROWTH = Limits(1.2, 1.5)  # RMSE in the largest over that in the smallest window
ALTITUDE = Limits(200.0, 500.0)  # m
OUTSIDE = Limits(0.10, 0.30)  # share of match-ups at AOT that the other sites do not have
PRODUCTS = Limits(0.02, 0.04)  # AOT: largest difference of a product from the site's effect


@dataclass(frozen=True)
class Finding:
    """One flag: its light ("" where it cannot be tested) and the figure in words."""

    light: str
    detail: str


def site_flags(model: Model, matchups: MatchUps, point: Estimate) -> dict[int, dict[str, Finding]]:
    """All flags of every site that has match-ups, by the number of the site.

    ``outliers``: share of |r - median| > 3 S. ``drift``: Theil-Sen slope of the monthly medians.
    ``instrument``: largest step of the median where the photometer changed. ``representativeness``:
    the worst of four figures. ``network``: how much of the site lies at AOT that others lack.
    ``products``: how differently the products behave there.
    """
    values = residuals(model.network, model.grids)
    centered = [one - point.medians[0, index] for index, one in enumerate(values)]
    return {
        site: _flags_of(model, matchups, point, centered, site)
        for site in range(len(model.network.sites))
        if model.network.of_site(site)
    }


def _flags_of(
    model: Model, matchups: MatchUps, point: Estimate, centered: list[FloatArray], site: int
) -> dict[str, Finding]:
    history = _history(model.network, matchups, centered, site)
    return {
        "outliers": _outliers(float(model.outliers[site])),
        "drift": _drift(history),
        "instrument": _instrument(history, matchups),
        "representativeness": _representativeness(model.network, matchups, site),
        "network": _network(model, site),
        "products": _products(model, point, site),
    }


@dataclass(frozen=True)
class _History:
    """Residuals (n,) of a site in time order, each around its product's median."""

    rows: AnyArray
    month: AnyArray
    residual: FloatArray


def _history(
    network: Network, matchups: MatchUps, centered: list[FloatArray], site: int
) -> _History:
    own = network.of_site(site)
    rows = np.concatenate([network.series[index].rows for index in own])
    month = np.concatenate([network.series[index].month for index in own])
    values = np.concatenate([centered[index] for index in own])
    order = np.argsort(matchups.time[rows], kind="stable")
    return _History(rows[order], month[order], values[order])


def _outliers(share: float) -> Finding:
    detail = (
        f"{100 * share:.1f} % of the match-ups lie beyond 3 scatters and are left out of the score"
    )
    return Finding(OUTLIERS.light(share), detail)


def _drift(history: _History) -> Finding:
    months = np.unique(history.month)
    years = (months[-1] - months[0]) / YEAR_MONTHS
    if len(months) < DRIFT_MONTHS or years < DRIFT_YEARS:
        return Finding("", f"not tested: {len(months)} months over {years:.1f} years are too few")
    medians = np.array([np.median(history.residual[history.month == one]) for one in months])
    slope = theil_sen_interval(months / YEAR_MONTHS, medians)
    detail = f"{slope.value:+.4f} AOT per year, 95 % interval {slope.low:+.4f} to {slope.high:+.4f}"
    return Finding(_significant(slope, DRIFT), detail)


def theil_sen_interval(x: FloatArray, y: FloatArray, level: float = 0.95) -> Interval:
    """Theil-Sen slope of y over x (n,) with Sen's interval from the variance of Kendall's S.

    Source: P. K. Sen 1968, 10.1080/01621459.1968.10480934 (no ties of y assumed).
    """
    first, second = np.triu_indices(len(x), 1)
    run = x[second] - x[first]
    slopes = np.sort((y[second] - y[first])[run != 0] / run[run != 0])
    n, count = len(x), len(slopes)
    half = NormalDist().inv_cdf(0.5 + level / 2) * np.sqrt(n * (n - 1) * (2 * n + 5) / 18)
    low = int(np.clip(round((count - half) / 2) - 1, 0, count - 1))
    high = int(np.clip(round((count + half) / 2), 0, count - 1))
    return Interval(float(np.median(slopes)), float(slopes[low]), float(slopes[high]))


def _significant(value: Interval, limits: Limits) -> str:
    if value.low <= 0.0 <= value.high:
        return "green"
    return limits.light(abs(value.value))


def _instrument(history: _History, matchups: MatchUps) -> Finding:
    found = matchups.extra.get("instrument")
    blank = np.full(len(matchups), "", dtype=object)
    names = (blank if found is None else found)[history.rows].astype(str)
    known = names != ""
    if not known.any():
        return Finding("", "not tested: the photometer of the match-ups is not stated")
    changes = np.flatnonzero(names[known][1:] != names[known][:-1]) + 1
    if not len(changes):
        return Finding("green", f"one photometer, number {names[known][0]}")
    steps = _steps(
        _History(history.rows[known], history.month[known], history.residual[known]), changes
    )
    if not steps:
        return Finding("", f"not tested: {len(changes)} changes with too few match-ups around them")
    worst = max(steps, key=lambda one: abs(one[1].value) / (one[1].high - one[1].low))
    when, step = worst
    before, after = names[known][when - 1], names[known][when]
    day = np.datetime_as_string(matchups.time[history.rows[known][when]], unit="D")
    detail = (
        f"largest step of {len(steps)} tested: {step.value:+.3f} AOT on {day} "
        f"(photometer {before} to {after}), interval {step.low:+.3f} to {step.high:+.3f}"
    )
    return Finding(_significant(step, STEP), detail)


def _steps(history: _History, changes: AnyArray) -> list[tuple[int, Interval]]:
    """Step of the median at each change with its interval, 95 % for all changes together."""
    borders = [0, *changes.tolist(), len(history.residual)]
    z = NormalDist().inv_cdf(1.0 - 0.025 / len(changes))
    steps = []
    for start, change, end in zip(borders[:-2], borders[1:-1], borders[2:], strict=True):
        if min(change - start, end - change) < STEP_COUNT:
            continue
        before, first = _median_and_error(history, start, change)
        after, second = _median_and_error(history, change, end)
        reach = z * float(np.hypot(first, second))
        step = after - before
        steps.append((change, Interval(step, step - reach, step + reach)))
    return steps


def _median_and_error(history: _History, start: int, end: int) -> tuple[float, float]:
    values = history.residual[start:end]
    middle, scatter = median_and_scatter(values)
    count = effective_count(values, history.month[start:end])
    return float(middle), float(1.2533 * scatter / np.sqrt(max(count, 1.0)))


def _representativeness(network: Network, matchups: MatchUps, site: int) -> Finding:
    rows = np.concatenate([network.series[index].rows for index in network.of_site(site)])
    figures = (
        ("photometer sd around the overpass", matchups.reference_std[rows], TIME_SPREAD, "AOT"),
        ("sd in the window", column(matchups, "aot_std")[rows], WINDOW_SPREAD, "AOT"),
        (
            "altitude difference",
            np.abs(column(matchups, "altitude_difference_m")[rows]),
            ALTITUDE,
            "m",
        ),
    )
    found = [_figure(name, _median(values), limits, unit) for name, values, limits, unit in figures]
    growth = rmse_growth(matchups, network.sites[site])
    found.append(_figure("RMSE of the largest over the smallest window", growth, GROWTH, ""))
    known = [one for one in found if one.light]
    if not known:
        return Finding("", "not tested: the table has none of the columns it needs")
    worst = max(known, key=lambda one: LIGHTS.index(one.light))
    return Finding(worst.light, "; ".join(one.detail for one in known))


def _figure(name: str, value: float, limits: Limits, unit: str) -> Finding:
    digits = 0 if unit == "m" else 3
    return Finding(limits.light(value), f"{name} {value:.{digits}f} {unit}".strip())


def _median(values: FloatArray) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else float("nan")


def rmse_growth(matchups: MatchUps, site: str) -> float:
    """RMSE in the largest window over RMSE in the smallest one, on the overpasses that have both.

    NaN where the site has no two window sizes in common.
    """
    rows = np.flatnonzero(
        (matchups.site == site) & matchups.accepted & np.isfinite(matchups.difference)
    )
    sizes = column(matchups, "window_m")[rows]
    known = np.unique(sizes[np.isfinite(sizes)])
    if len(known) < 2:
        return float("nan")
    small, large = (_by_time(matchups, rows[sizes == size]) for size in (known[0], known[-1]))
    common, first, second = np.intersect1d(small[0], large[0], return_indices=True)
    if len(common) < STEP_COUNT:
        return float("nan")
    squares = [np.mean(np.square(small[1][first])), np.mean(np.square(large[1][second]))]
    return float(np.sqrt(squares[1] / max(squares[0], 1e-12)))


def _by_time(matchups: MatchUps, rows: AnyArray) -> tuple[TimeArray, FloatArray]:
    return matchups.time[rows], matchups.difference[rows]


def _network(model: Model, site: int) -> Finding:
    shares, weights = [], []
    for grid in model.grids:
        members = [] if grid is None else [part.site for part in grid.members]
        if grid is not None and site in members:
            member = members.index(site)
            shares.append(outside_share(grid, member))
            weights.append(len(grid.members[member]))
    if not shares:
        return Finding("", "not tested: too few sites for a network bias")
    share = float(np.average(shares, weights=weights))
    detail = f"{100 * share:.0f} % of the match-ups at AOT where fewer than 3 other sites have any"
    return Finding(OUTSIDE.light(share), detail)


def _products(model: Model, point: Estimate, site: int) -> Finding:
    own = model.network.of_site(site)
    if len(own) < 2:
        return Finding("", "not tested: one product, site and product effects cannot be separated")
    own_effects = interaction(model, point)[own]
    worst = int(np.argmax(np.abs(own_effects)))
    name = model.network.products[model.network.series[own[worst]].product] or "unnamed product"
    detail = f"{name} differs by {own_effects[worst]:+.3f} AOT from what site and product add up to"
    return Finding(PRODUCTS.light(abs(float(own_effects[worst]))), detail)


def interaction(model: Model, point: Estimate) -> FloatArray:
    """c[p,s] of every series (n,): its median less the effects of its site and its product."""
    sites = len(model.network.sites)
    effects = point.effects[0]
    added = [effects[part.site] + effects[sites + part.product] for part in model.network.series]
    return np.asarray(point.medians[0] - np.array(added))


def lights(findings: dict[str, Finding]) -> dict[str, str]:
    """The lights of the flags that could be tested."""
    return {name: finding.light for name, finding in findings.items() if finding.light}


def details(findings: dict[str, Finding]) -> dict[str, str]:
    """The figures of all flags in words."""
    return {name: finding.detail for name, finding in findings.items()}
