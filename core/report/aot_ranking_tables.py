# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of the reports on site ranking and on campaigns."""

from __future__ import annotations

from ..aot.types import CampaignComparison, CampaignDifference, Ranking, SiteRank
from .aot_tables import Row, cell
from .document import Cell, Column, ReportTable
from .numbers import format_count, format_number, format_p_value, format_probability

_LIGHTS = {"green": "good", "amber": "caution", "red": "bad"}


def ranked_sites(ranking: Ranking) -> list[ReportTable]:
    """The ranked sites, best first."""
    columns = [
        Column("Tier"),
        Column("Site", numeric=False),
        Column("Match-ups"),
        Column("Months"),
        Column("Score", "AOT"),
        Column("Raw score", "AOT"),
        Column("Bias", "AOT"),
        Column("Scatter", "AOT"),
        Column("Rank"),
        Column(f"Among best {ranking.best_k}", "probability"),
    ]
    rows = [_site_row(site) for site in ranking.sites if not site.not_ranked]
    note = (
        "Brackets: 90\u00a0% intervals. Score: raw score sqrt(bias² + scatter²) shrunk to the "
        "mean of "
        "the network according to its uncertainty. Sites of one tier cannot be told apart."
    )
    return [ReportTable("Ranked sites", columns, rows, note)] if rows else []


def flags(ranking: Ranking) -> list[ReportTable]:
    """The traffic lights of all sites, each with its figure; color and word say the same."""
    names = list(dict.fromkeys(name for site in ranking.sites for name in site.flags))
    if not names:
        return []
    titles = [name.replace("_", " ").capitalize() for name in names]
    columns = [Column("Site", numeric=False), *(Column(title, numeric=False) for title in titles)]
    rows: list[Row] = [
        [site.site, *(_flag(site, name) for name in names)] for site in ranking.sites if site.flags
    ]
    return [ReportTable("Flags per site", columns, rows, _flag_note(ranking))]


def _flag_note(ranking: Ranking) -> str:
    """What a red network flag of all sites means: it is one of the network, not of a site."""
    found = [site.flags["network"] for site in ranking.sites if "network" in site.flags]
    if not found or set(found) != {"red"}:
        return ""
    return (
        f"Network is red at all {len(found)} sites: there are too few of them at the same AOT to "
        "tell the product's bias from that of a site. This is no fault of a site; more sites, or "
        "more match-ups where their AOT overlap, turn it green."
    )


def not_ranked(ranking: Ranking) -> list[ReportTable]:
    """The sites with too little to be ranked, and why."""
    columns = [
        Column("Site", numeric=False),
        Column("Match-ups"),
        Column("Months"),
        Column("Why", numeric=False),
    ]
    rows: list[Row] = [
        [site.site, format_count(site.count), format_count(site.months), site.not_ranked]
        for site in ranking.sites
        if site.not_ranked
    ]
    return [ReportTable("Sites without a rank", columns, rows)] if rows else []


def campaigns(comparison: CampaignComparison) -> list[ReportTable]:
    """All differences of two campaigns, with what could have been detected."""
    a, b = comparison.name_a, comparison.name_b
    columns = [
        Column("Scope", numeric=False),
        Column("Quantity", numeric=False),
        Column("Match-ups", f"{a} / {b}"),
        Column(a),
        Column(b),
        Column("Difference"),
        Column("p-value"),
        Column("Detectable", "80\u00a0% power"),
    ]
    rows = [_campaign_row(one) for one in comparison.differences]
    note = (
        f"Difference: {a} minus {b}, with its 95\u00a0% interval. Detectable: the smallest "
        f"difference "
        "that would have been found with 80\u00a0% power. Holm: p-value corrected for the number "
        "of "
        "bins tested together."
    )
    return [ReportTable("Differences", columns, rows, note)] if rows else []


def _site_row(site: SiteRank) -> Row:
    rank = site.rank
    ranks = [format_number(value, 0) for value in (rank.value, rank.low, rank.high)]
    return [
        str(site.tier),
        site.site,
        format_count(site.count),
        format_count(site.months),
        cell(site.score, 3),
        format_number(site.raw_score, 3),
        format_number(site.bias, 3),
        format_number(site.scatter, 3),
        Cell(ranks[0], f"[{ranks[1]}, {ranks[2]}]" if rank.low == rank.low else ""),
        format_probability(site.p_best),
    ]


def _flag(site: SiteRank, name: str) -> Cell:
    light, detail = site.flags.get(name, ""), site.flag_details.get(name, "")
    if not light:
        return Cell("not tested", detail.removeprefix("not tested").removeprefix(": "), "faint")
    return Cell(light, detail, _LIGHTS.get(light, ""))


def _campaign_row(one: CampaignDifference) -> Row:
    places = 2 if one.quantity.startswith("ln") else 3
    return [
        one.scope,
        one.quantity.replace("_", " "),
        f"{format_count(one.count_a)} / {format_count(one.count_b)}",
        format_number(one.value_a, places),
        format_number(one.value_b, places),
        cell(one.difference, places),
        Cell(format_p_value(one.p_value), "Holm" if one.adjusted else ""),
        format_number(one.detectable, places),
    ]
