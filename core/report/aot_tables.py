# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of the AOT reports, laid out from the value types of ``core.aot``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..aot.filters import REASONS
from ..aot.types import (
    CampaignComparison,
    FilterStep,
    Fraction,
    Interval,
    MatchUps,
    Ranking,
    SiteRank,
    Summary,
)
from .aot_figures import FIT_STYLES, envelope_name, envelope_text, quantity_label
from .document import Cell, Column, ReportTable
from .numbers import (
    format_count,
    format_number,
    format_parts,
    format_probability,
    format_share,
    format_value,
)

GROUPINGS: Mapping[str, str] = {
    "site": "Per site",
    "season": "Per season",
    "stability": "Stable and unstable atmosphere",
    "sensor": "Per sensor",
    "window": "Per satellite window",
}
FILTERS: Mapping[str, str] = {
    "all": "All satellite observations",
    "no_retrieval": "With a satellite value",
    "no_site": "At a site of the reference",
    "no_reference_in_window": "AERONET inside the time window",
    "level": "Quality level",
    "too_few_observations": "Enough AERONET observations",
    "saturated": "Not clipped",
    "gap_filled": "Gap-filled share",
    "cloudy": "Cloud share",
    "unstable": "Stable atmosphere",
    "altitude": "Altitude difference",
    "duplicate": "One row per overpass",
}
STATISTICS: Mapping[str, str] = {
    "accuracy": "Bias (accuracy A, mean difference)",
    "precision": "Standard deviation (precision P)",
    "uncertainty": "Root-mean-square difference (uncertainty U)",
    "mae": "Mean absolute difference",
    "median": "Median difference",
    "nmad": "Normalized median absolute deviation (NMAD)",
    "correlation": "Pearson correlation R",
    "rank_correlation": "Spearman rank correlation",
}
_WITHOUT_UNIT = ("correlation", "rank_correlation")
_LIGHTS = {"green": "good", "amber": "caution", "red": "bad"}


def agreement(overall: Summary | None, quantity: str) -> list[ReportTable]:
    """All statistics, shares in envelopes, and regression lines of all accepted match-ups."""
    if overall is None:
        return []
    return [
        _statistics(overall, quantity),
        _fractions(overall, quantity),
        _regressions(overall, quantity),
    ]


def groups(
    summaries: Sequence[Summary], bins: Sequence[Summary], envelope: str, quantity: str
) -> list[ReportTable]:
    """One table per grouping that has rows, and one of the bins; ``envelope`` is a key of
    ``Summary.fractions``.
    """
    tables = []
    for grouping, title in GROUPINGS.items():
        rows = [one for one in summaries if one.grouping == grouping]
        if rows:
            tables.append(_group_table(title, rows, envelope, quantity))
    if bins:
        tables.append(_group_table("Per bin of the reference", bins, envelope, quantity))
    return tables


def left_out(matchups: MatchUps, steps: Sequence[FilterStep]) -> list[ReportTable]:
    """What each filter changed, and how many match-ups were rejected for which reason."""
    _, unit = _units(matchups.settings.quantity)
    columns = [
        Column("Filter", numeric=False),
        Column("Removed"),
        Column("Left"),
        Column("Bias", unit),
        Column("RMSE", unit),
    ]
    rows = [
        [
            FILTERS.get(step.name, step.name.replace("_", " ")),
            format_count(step.removed),
            format_count(step.count),
            format_number(step.bias, 4),
            format_number(step.rmse, 4),
        ]
        for step in steps
    ]
    note = "Filters in the order of their use; bias and RMSE are those of what is left after each."
    tables = [ReportTable("What each filter changed", columns, rows, note)] if rows else []
    return [*tables, _reasons(matchups)]


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
        Column("Rank", "90 % interval"),
        Column(f"P(best {ranking.best_k})"),
    ]
    rows = [_site_row(site) for site in ranking.sites if not site.not_ranked]
    note = (
        "Score: shrunk robust error with its 90 % interval. Sites of one tier cannot be told apart."
    )
    return [ReportTable("Ranked sites", columns, rows, note)]


def flags(ranking: Ranking) -> list[ReportTable]:
    """The traffic lights of all sites, each with its figure; light and text say the same."""
    names = list(dict.fromkeys(name for site in ranking.sites for name in site.flags))
    if not names:
        return []
    columns = [
        Column("Site", numeric=False),
        *(Column(name.replace("_", " "), numeric=False) for name in names),
    ]
    rows = [
        [site.site, *(_flag(site, name) for name in names)] for site in ranking.sites if site.flags
    ]
    return [ReportTable("Flags per site", columns, rows)]


def not_ranked(ranking: Ranking) -> list[ReportTable]:
    """The sites with too little to be ranked, and why."""
    columns = [
        Column("Site", numeric=False),
        Column("Match-ups"),
        Column("Months"),
        Column("Why", numeric=False),
    ]
    rows = [
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
        Column(f"n {a}"),
        Column(f"n {b}"),
        Column(a),
        Column(b),
        Column("Difference", "95 % interval"),
        Column("p-value"),
        Column("Detectable difference", "80 % power"),
    ]
    rows = [
        [
            one.scope,
            one.quantity,
            format_count(one.count_a),
            format_count(one.count_b),
            format_value(one.value_a),
            format_value(one.value_b),
            _cell(one.difference),
            Cell(format_probability(one.p_value), "Holm" if one.adjusted else ""),
            format_value(one.detectable, digits=2),
        ]
        for one in comparison.differences
    ]
    note = "Holm: p-value corrected for the number of bins tested together."
    return [ReportTable(f"{a} minus {b}", columns, rows, note)]


def _statistics(overall: Summary, quantity: str) -> ReportTable:
    _, unit = _units(quantity)
    rows: list[list[str | Cell]] = [
        ["Mean of AERONET", unit, format_value(overall.reference_mean), ""],
        ["Mean of the satellite", unit, format_value(overall.satellite_mean), ""],
    ]
    for key, title in STATISTICS.items():
        interval: Interval = getattr(overall, key)
        number, bounds = format_parts(interval.value, interval.low, interval.high)
        rows.append([title, "" if key in _WITHOUT_UNIT else unit, number, bounds])
    columns = [
        Column("Statistic", numeric=False),
        Column("Unit", numeric=False),
        Column("Value"),
        Column("95 % interval"),
    ]
    note = (
        f"Difference = satellite - AERONET; {format_count(overall.count)} match-ups in "
        f"{format_count(overall.blocks)} months; intervals by bootstrap of whole months."
    )
    return ReportTable("Statistics of all accepted match-ups", columns, rows, note)


def _fractions(overall: Summary, quantity: str) -> ReportTable:
    symbol, unit = _units(quantity)
    columns = [
        Column("Envelope", numeric=False),
        Column("Half width", unit, numeric=False),
        Column("Above", "%"),
        Column("Within", "%"),
        Column("Below", "%"),
    ]
    rows = [
        [
            envelope_name(share.envelope),
            Cell(envelope_text(share.envelope, symbol), share.envelope.source),
            format_number(100.0 * share.above, 1),
            _share_cell(share),
            format_number(100.0 * share.below, 1),
        ]
        for share in overall.fractions.values()
    ]
    note = f"{symbol}: {_symbol_meaning(quantity)}. Wilson 95 % intervals, which take match-ups as independent."
    return ReportTable("Match-ups in envelopes of expected error", columns, rows, note)


def _regressions(overall: Summary, quantity: str) -> ReportTable:
    _, unit = _units(quantity)
    columns = [Column("Method", numeric=False), Column("Slope"), Column("Intercept", unit)]
    rows = [
        [
            FIT_STYLES.get(line.method, (line.method, ""))[0],
            _cell(line.slope),
            _cell(line.intercept),
        ]
        for line in overall.regressions.values()
    ]
    note = (
        "Satellite = intercept + slope x AERONET. Ordinary least squares takes AERONET as free "
        "of error and its "
        "slope is too small; Deming allows for errors on both sides, Theil-Sen resists outliers."
    )
    return ReportTable("Straight lines", columns, rows, note)


def _group_table(title: str, rows: Sequence[Summary], envelope: str, quantity: str) -> ReportTable:
    _, unit = _units(quantity)
    named = next(
        (
            envelope_name(one.fractions[envelope].envelope)
            for one in rows
            if envelope in one.fractions
        ),
        "envelope",
    )
    columns = [
        Column("Group", numeric=False),
        Column("Match-ups"),
        Column("Months"),
        Column("Mean of AERONET", unit),
        Column("Bias", unit),
        Column("Standard deviation", unit),
        Column("RMSE", unit),
        Column("Median difference", unit),
        Column("R"),
        Column(f"Within {named}", "%"),
    ]
    return ReportTable(title, columns, [_group_row(one, envelope) for one in rows])


def _group_row(one: Summary, envelope: str) -> list[str | Cell]:
    share = one.fractions.get(envelope)
    return [
        one.group,
        format_count(one.count),
        format_count(one.blocks),
        format_value(one.reference_mean),
        _cell(one.accuracy),
        _cell(one.precision),
        _cell(one.uncertainty),
        _cell(one.median),
        _cell(one.correlation),
        _share_cell(share) if share else format_number(float("nan"), 1),
    ]


def _reasons(matchups: MatchUps) -> ReportTable:
    rejected = ~np.asarray(matchups.accepted, dtype=bool)
    names, counts = np.unique(matchups.reason[rejected].astype(str), return_counts=True)
    order = np.argsort(-counts, kind="stable")
    rows = [
        [
            REASONS.get(str(names[i]), str(names[i]) or "No reason was recorded"),
            format_count(float(counts[i])),
            format_number(100.0 * counts[i] / len(matchups), 1),
        ]
        for i in order
    ]
    columns = [
        Column("Reason", numeric=False),
        Column("Satellite observations"),
        Column("Share of all", "%"),
    ]
    return ReportTable("Reasons of rejection", columns, rows)


def _site_row(site: SiteRank) -> list[str | Cell]:
    ranks = (
        format_number(site.rank.value, 0),
        format_number(site.rank.low, 0),
        format_number(site.rank.high, 0),
    )
    return [
        str(site.tier),
        site.site,
        format_count(site.count),
        format_count(site.months),
        _cell(site.score),
        format_value(site.raw_score, digits=2),
        format_value(site.bias, digits=2),
        format_value(site.scatter, digits=2),
        Cell(ranks[0], f"[{ranks[1]}, {ranks[2]}]"),
        format_probability(site.p_best),
    ]


def _flag(site: SiteRank, name: str) -> str | Cell:
    light = site.flags.get(name, "")
    if not light:
        return Cell("not tested", site.flag_details.get(name, ""))
    return Cell(light, site.flag_details.get(name, ""), _LIGHTS.get(light, ""))


def _cell(interval: Interval) -> Cell:
    return Cell(*format_parts(interval.value, interval.low, interval.high))


def _share_cell(share: Fraction) -> Cell:
    within = share.within
    number, bounds = format_parts(100.0 * within.value, 100.0 * within.low, 100.0 * within.high)
    return Cell(number if bounds else format_number(100.0 * within.value, 1), bounds)


def _units(quantity: str) -> tuple[str, str]:
    """Symbol of the quantity in formulas, and unit for table heads ("" for AOT, which has none)."""
    return ("w", "cm") if quantity == "water_vapor" else ("\u03c4", "")


def _symbol_meaning(quantity: str) -> str:
    name, unit = quantity_label(quantity)
    return f"{name} of AERONET ({unit})"


def share_text(share: Fraction) -> str:
    """The share within an envelope with its interval, for running text."""
    return format_share(share.within.value, share.within.low, share.within.high)
