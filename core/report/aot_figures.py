# SPDX-License-Identifier: GPL-3.0-or-later
"""The further figures of the AOT reports: accuracy per bin, histogram, series, ranking, campaigns.

Each function returns a ``Figure``, or None where there is nothing to draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..aot.expected_errors import half_width
from ..aot.intervals import MIN_BLOCKS
from ..aot.statistics import MIN_GROUP_COUNT
from ..aot.types import (
    CampaignComparison,
    CampaignDifference,
    ExpectedError,
    MatchUps,
    Ranking,
    SiteRank,
    Summary,
)
from ..types import AnyArray, FloatArray
from . import palette
from .aot_names import (
    axis_unit,
    decimals,
    envelope_name,
    envelope_text,
    group_name,
    quantity_name,
)
from .aot_scatter import pairs
from .charts import (
    IntervalRow,
    Panel,
    Series,
    histogram_chart,
    interval_chart,
    matrix_chart,
    series_chart,
)
from .document import Figure
from .figures import canvas, finish, plain
from .numbers import format_count, format_parts

SERIES_SITES = 6
_APU = (
    ("accuracy", "A: accuracy (mean difference)", "o", "-"),
    ("precision", "P: precision (standard deviation)", "^", "--"),
    ("uncertainty", "U: uncertainty (root mean square)", "s", "-."),
)


def apu_figure(
    bins: Sequence[Summary], envelope: ExpectedError | None, quantity: str
) -> Figure | None:
    """Accuracy, precision and uncertainty per bin of the reference, with the expected error."""
    filled = [one for one in bins if one.count > 0 and np.isfinite(one.reference_mean)]
    if not filled:
        return None
    name, unit = quantity_name(quantity), axis_unit(quantity)
    places = np.arange(len(filled), dtype=float)
    with canvas(height=4.2) as (figure, axes):
        for shift, look in enumerate(_APU):
            _bin_line(axes, filled, places + 0.12 * (shift - 1), look)
        if envelope:
            means = np.array([one.reference_mean for one in filled])
            label = f"{envelope_name(envelope)} {envelope_text(envelope, quantity)}"
            axes.plot(places, half_width(envelope, means), ":", color=palette.INK, label=label)
        axes.axhline(0.0, color=palette.INK, linewidth=1.0)
        ticks = [f"{plain(group_name(one))}\nn = {format_count(one.count)}" for one in filled]
        axes.set_xticks(places, ticks)
        axes.set_xlim(-0.4, len(filled) - 0.6)
        axes.set_xlabel(f"bin of AERONET {name} ({unit})")
        axes.set_ylabel(f"A, P, U ({unit})")
        axes.grid(axis="x", visible=False)
        axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, frameon=False)
        caption = (
            "Accuracy, precision and uncertainty per bin, with 95\u00a0% intervals where there are "
            f"at least {MIN_BLOCKS} site-months; hollow: fewer than {MIN_GROUP_COUNT} match-ups."
        )
        alt = f"Accuracy, precision and uncertainty per bin of AERONET {name}."
        return finish(figure, 4 * len(filled), alt, caption)


def histogram_figure(matchups: MatchUps, overall: Summary | None) -> Figure | None:
    """Histogram of the accepted differences."""
    used, _ = pairs(matchups)
    if not used.any():
        return None
    quantity = matchups.settings.quantity
    lines = [(0.0, "no difference", "-")]
    if overall:
        for name, one, style in (("mean", overall.accuracy, "--"), ("median", overall.median, ":")):
            number, _ = format_parts(one.value, one.low, one.high, decimals(quantity))
            lines.append((one.value, f"{name} {number}", style))
    return histogram_chart(
        matchups.difference[used],
        f"satellite − AERONET ({axis_unit(quantity)})",
        f"Histogram of {int(used.sum())} differences.",
        "Differences of the accepted match-ups; the outermost bars also count what lies beyond.",
        lines,
    )


def series_figure(matchups: MatchUps) -> Figure | None:
    """Both series over time at the sites with most match-ups; rejected satellite values in gray."""
    sites = _busiest_sites(matchups)
    if not sites:
        return None
    quantity = matchups.settings.quantity
    name = quantity_name(quantity)
    panels = [Panel(site, _site_series(matchups, matchups.site == site)) for site in sites]
    total = len(np.unique(matchups.site[matchups.accepted].astype(str)))
    caption = "Satellite values, and AERONET means at the overpasses."
    if total > len(sites):
        caption += f" The {len(sites)} sites with most match-ups out of {total}."
    alt = f"Time series of {name} at {', '.join(sites)}."
    return series_chart(panels, f"{name} ({axis_unit(quantity)})", alt, caption)


def ranking_figure(ranking: Ranking) -> Figure | None:
    """Score with its 90 % interval per ranked site, colored by tier."""
    ranked = ranked_sites(ranking)
    if not ranked:
        return None
    rows = [
        IntervalRow(
            site.site,
            site.score.value,
            site.score.low,
            site.score.high,
            palette.tier_color(site.tier),
            f"tier {site.tier}, n = {format_count(site.count)}",
        )
        for site in ranked
    ]
    return interval_chart(
        rows,
        "score (AOT, unitless): smaller is better",
        f"Scores of {len(ranked)} ranked sites with their 90\u00a0% intervals.",
        "Shrunk robust score of each site with its 90\u00a0% interval; color: tier. Sites of one "
        "tier "
        "cannot be told apart.",
    )


def best_figure(ranking: Ranking) -> Figure | None:
    """Probability of each ranked site to be among the best k."""
    ranked = ranked_sites(ranking)
    if len(ranked) < 2:
        return None
    with canvas(height=min(1.0 + 0.3 * len(ranked), 18.0)) as (figure, axes):
        places = range(len(ranked))
        colors = [palette.tier_color(site.tier) for site in ranked]
        heights = [site.p_best for site in ranked]
        axes.barh(places, heights, color=colors, edgecolor=palette.INK, linewidth=0.6, height=0.7)
        axes.set_yticks(places, [plain(site.site, 44) for site in ranked])
        axes.set(ylim=(len(ranked) - 0.4, -0.6), xlim=(0.0, 1.0))
        axes.set_xlabel(f"probability of being among the best {ranking.best_k}")
        axes.grid(axis="y", visible=False)
        text = f"Probability of each site to be among the best {ranking.best_k}"
        return finish(figure, len(ranked), f"{text}.", f"{text}; color: tier.")


def pairwise_figure(ranking: Ranking) -> Figure | None:
    """Heat map of the probability that the site of the row is better than that of the column."""
    ranked = ranked_sites(ranking)
    if len(ranked) < 2 or ranking.p_better.shape != (len(ranked), len(ranked)):
        return None
    return matrix_chart(
        ranking.p_better,
        [site.site for site in ranked],
        "P(row better than column)",
        "Matrix of the probabilities that one site is better than another.",
        "Probability that the site of the row is better than that of the column; white: undecided.",
    )


def ranked_sites(ranking: Ranking) -> list[SiteRank]:
    """The sites that have a rank, best first."""
    return [site for site in ranking.sites if not site.not_ranked]


def forest_figures(comparison: CampaignComparison) -> list[Figure]:
    """One forest plot per quantity: differences of two campaigns with their 95 % intervals."""
    quantities = dict.fromkeys(one.quantity for one in comparison.differences)
    return [_forest(comparison, quantity) for quantity in quantities]


def _forest(comparison: CampaignComparison, quantity: str) -> Figure:
    rows = [
        IntervalRow(
            one.scope,
            one.difference.value,
            one.difference.low,
            one.difference.high,
            remark=_counts(one),
            hollow=not (one.difference.low > 0.0 or one.difference.high < 0.0),
        )
        for one in comparison.differences
        if one.quantity == quantity
    ]
    name = plain(quantity.replace("_", " "), 60)
    unit = _difference_unit(comparison, quantity)
    campaigns = f"{plain(comparison.name_a)} minus {plain(comparison.name_b)}"
    title = f"difference in {name} ({unit}): {campaigns}"
    alt = f"Forest plot of differences in {name}."
    caption = f"Difference in {name} with 95\u00a0% interval; filled: the interval excludes zero."
    return interval_chart(rows, title, alt, caption, zero=0.0)


def _counts(one: CampaignDifference) -> str:
    text = f"n = {format_count(one.count_a)} / {format_count(one.count_b)}"
    return text if np.isfinite(one.difference.value) else f"{text}: too few"


def _difference_unit(comparison: CampaignComparison, quantity: str) -> str:
    """The unit of a difference: logarithms and AOT have none, water vapor says so in its bins."""
    vapor = any(one.scope.startswith("water vapor") for one in comparison.differences)
    return "cm" if vapor and not quantity.startswith("ln") else "unitless"


def _bin_line(
    axes: Any, bins: Sequence[Summary], places: FloatArray, look: tuple[str, str, str, str]
) -> None:
    """One of A, P, U over the bins, with intervals where there are any."""
    key, label, marker, style = look
    color = palette.APU[key]
    intervals = [getattr(one, key) for one in bins]
    values = np.array([one.value for one in intervals])
    sparse = np.array([one.count < MIN_GROUP_COUNT for one in bins])
    axes.plot(places, values, style, color=color, marker=marker, markersize=7, label=label)
    hollow = {"color": color, "markerfacecolor": palette.PAPER, "linestyle": ""}
    axes.plot(places[sparse], values[sparse], marker=marker, markersize=7, **hollow)
    for place, one in zip(places, intervals, strict=True):
        if np.isfinite(one.low) and np.isfinite(one.high):
            bounds = {"color": color, "linestyle": style, "linewidth": 1.3, "zorder": 1}
            axes.plot([place, place], [one.low, one.high], **bounds)


def _busiest_sites(matchups: MatchUps) -> list[str]:
    used, _ = pairs(matchups)
    names, counts = np.unique(matchups.site[used].astype(str), return_counts=True)
    order = np.argsort(-counts, kind="stable")[:SERIES_SITES]
    return sorted(str(name) for name in names[order])


def _site_series(matchups: MatchUps, rows: AnyArray) -> list[Series]:
    here = np.asarray(rows, dtype=bool) & ~np.isnat(matchups.time)
    used = here & pairs(matchups)[0]
    drawable = np.isfinite(matchups.satellite) & (matchups.reason != "implausible")
    rejected = here & ~matchups.accepted & drawable
    time, satellite, reference = matchups.time, matchups.satellite, matchups.reference
    gray = Series("satellite, rejected", time[rejected], satellite[rejected], palette.REJECTED)
    return [
        replace(gray, hollow=True, size=2.8),
        Series("AERONET", time[used], reference[used], palette.REFERENCE, "D", size=3.2),
        Series("satellite, accepted", time[used], satellite[used], palette.ACCEPTED),
    ]
