# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of the match-up report, laid out from the value types of ``core.aot``."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from ..aot.filters import REASONS
from ..aot.intervals import MIN_BLOCKS
from ..aot.statistics import MIN_GROUP_COUNT
from ..aot.types import FilterStep, Fraction, Interval, MatchUps, Summary
from .aot_names import (
    FILTERS,
    FITS,
    decimals,
    envelope_name,
    envelope_text,
    group_name,
    quantity_name,
    symbol,
    table_unit,
)
from .aot_text import count_months, no_interval
from .document import Cell, Column, ReportTable
from .numbers import (
    DASH,
    NOT_AVAILABLE,
    format_count,
    format_number,
    format_parts,
    interval_decimals,
    share_decimals,
    share_parts,
    telling_decimals,
)

Row = list[str | Cell]

GROUPINGS: Mapping[str, str] = {
    "site": "Per site",
    "season": "Per season",
    "stability": "Stable and unstable atmosphere",
    "sensor": "Per sensor",
    "window": "Per satellite window",
    "aot_bin": "Per bin of the reference",
}
_SPREADS = ("precision", "uncertainty")
STATISTICS: Mapping[str, str] = {
    "accuracy": "Bias (accuracy A, mean difference)",
    "precision": "Standard deviation (precision P)",
    "uncertainty": "Root-mean-square difference (uncertainty U)",
    "mae": "Mean absolute difference",
    "median": "Median difference",
    "nmad": "Normalized median absolute deviation (NMAD)",
    "correlation": "Pearson correlation R (unitless)",
    "rank_correlation": "Spearman rank correlation (unitless)",
}


def agreement(overall: Summary | None, quantity: str) -> list[ReportTable]:
    """All statistics, shares in envelopes, and fitted lines of all accepted match-ups."""
    if overall is None or overall.count == 0:
        return []
    tables = [_statistics(overall, quantity)]
    if overall.fractions:
        tables.append(_fractions(overall, quantity))
    if overall.regressions:
        tables.append(_regressions(overall, quantity))
    return tables


def groups(
    summaries: Sequence[Summary], bins: Sequence[Summary], envelope: str, quantity: str
) -> list[ReportTable]:
    """One table per grouping that has rows; ``envelope`` is a key of ``Summary.fractions``.

    ``bins`` stand for the summaries of the grouping ``aot_bin``.
    """
    tables = []
    for grouping, title in GROUPINGS.items():
        rows = [one for one in summaries if one.grouping == grouping]
        rows = list(bins) if grouping == "aot_bin" else rows
        if rows:
            tables.append(_group_table(title, rows, envelope, quantity))
    return tables


def left_out(matchups: MatchUps, steps: Sequence[FilterStep]) -> list[ReportTable]:
    """What each filter changed, and how many observations were rejected for which reason."""
    unit = table_unit(matchups.settings.quantity)
    places = decimals(matchups.settings.quantity) + 1  # what a single filter changes is small
    columns = [
        Column("Filter", numeric=False),
        Column("Removed"),
        Column("Left"),
        Column("Bias", unit),
        Column("RMSE", unit),
    ]
    rows: list[Row] = [
        [
            FILTERS.get(step.name, step.name.replace("_", " ")),
            format_count(step.removed),
            format_count(step.count),
            format_number(step.bias, places),
            format_number(step.rmse, places),
        ]
        for step in steps
    ]
    note = (
        "Filters in the order of their use. Bias and RMSE are those of the pairs left after each; "
        "without AERONET value a satellite observation is no pair."
    )
    tables = [ReportTable("What each filter changed", columns, rows, note)] if rows else []
    return [*tables, _reasons(matchups)]


def cell(interval: Interval, places: int | None = None, least: int = -12) -> Cell:
    """A number with its interval below it, of at least so many decimals."""
    return Cell(*format_parts(interval.value, interval.low, interval.high, places, least))


def spread_decimals(summary: Summary, places: int) -> int:
    """Decimals by which standard deviation and RMSE of a group are told apart truly: rounded to
    too few, a standard deviation seems to exceed the RMSE that contains it.
    """
    spreads = (summary.precision, summary.uncertainty)
    own = [interval_decimals(one.value, one.low, one.high, places) for one in spreads]
    return telling_decimals(spreads[0].value, spreads[1].value, max(own))


def _statistics(overall: Summary, quantity: str) -> ReportTable:
    places = decimals(quantity)
    rows: list[Row] = [
        ["Mean of AERONET", format_number(overall.reference_mean, places), ""],
        ["Mean of the satellite", format_number(overall.satellite_mean, places), ""],
    ]
    for key, title in STATISTICS.items():
        one: Interval = getattr(overall, key)
        least = spread_decimals(overall, places) if key in _SPREADS else -12
        value, bounds = format_parts(one.value, one.low, one.high, places, least)
        rows.append([title, value, bounds or DASH])
    unit = table_unit(quantity)
    columns = [
        Column("Statistic", numeric=False),
        Column("Value", unit),
        Column("95\u00a0% interval", unit),
    ]
    note = (
        f"Difference = satellite − AERONET. {format_count(overall.count)} match-ups in "
        f"{count_months(overall.blocks)} (calendar months, counted at each site). "
    )
    note += (
        "Intervals by bootstrap of whole site-months."
        if overall.blocks >= MIN_BLOCKS and math.isfinite(overall.accuracy.low)
        else f"No intervals: {no_interval(overall)}."
    )
    return ReportTable("Statistics of all accepted match-ups", columns, rows, note)


def _fractions(overall: Summary, quantity: str) -> ReportTable:
    columns = [
        Column("Envelope", numeric=False),
        Column("Half width", table_unit(quantity), numeric=False),
        Column("Above", "%"),
        Column("Below", "%"),
        Column("Within", "%"),
        Column("By months", "%"),
        Column("Wilson", "%"),
    ]
    rows = [_fraction_row(share, quantity) for share in overall.fractions.values()]
    note = (
        f"{symbol(quantity)}: AERONET {quantity_name(quantity)}. 95\u00a0% intervals of the share "
        "within: by months, which count match-ups as far as the site-months are independent "
        "(verdicts rest on it); Wilson, as if all match-ups were."
    )
    if not _has_months(overall.fractions.values()):
        note += f" None by months: {no_interval(overall)}."
    return ReportTable("Match-ups in envelopes of expected error", columns, rows, note)


def _fraction_row(share: Fraction, quantity: str) -> Row:
    widest = share.block or share.within
    places = share_decimals(widest.low, widest.high)
    return [
        envelope_name(share.envelope),
        Cell(envelope_text(share.envelope, quantity), share.envelope.source),
        format_number(100.0 * share.above, places),
        format_number(100.0 * share.below, places),
        format_number(100.0 * share.within.value, places),
        _share_bounds(share.block) or DASH,
        _share_bounds(share.within) or DASH,
    ]


def _regressions(overall: Summary, quantity: str) -> ReportTable:
    columns = [
        Column("Method", numeric=False),
        Column("Slope"),
        Column("Intercept", table_unit(quantity)),
    ]
    rows: list[Row] = [
        [FITS.get(line.method, line.method), cell(line.slope, 2), cell(line.intercept, 3)]
        for line in overall.regressions.values()
    ]
    note = (
        "Satellite = intercept + slope × AERONET. Ordinary least squares takes AERONET as free of "
        "error, which makes its slope too small; Deming allows for errors on both sides; Theil-Sen "
        "resists outliers."
    )
    return ReportTable("Straight lines", columns, rows, note)


def _group_table(title: str, rows: Sequence[Summary], envelope: str, quantity: str) -> ReportTable:
    unit = table_unit(quantity)
    shares = [one.fractions[envelope] for one in rows if envelope in one.fractions]
    columns = [
        Column("Group", numeric=False),
        Column("Match-ups"),
        Column("Site-months"),
        Column("Mean of AERONET", unit),
        Column("Bias", unit),
        Column("Standard deviation", unit),
        Column("RMSE", unit),
        Column("Median difference", unit),
        Column("R"),
        Column("Within", "%"),
        Column("Wilson", "%"),
    ]
    notes = []
    if shares:
        formula = envelope_text(shares[0].envelope, quantity)
        notes.append(
            f"Within: {envelope_name(shares[0].envelope)} {formula}, with the 95\u00a0% interval "
            "by months, and Wilson's as if match-ups were independent."
        )
    if any(one.blocks < MIN_BLOCKS for one in rows):
        notes.append(f"Too few months for intervals: fewer than {MIN_BLOCKS} site-months.")
    if any(map(_sparse, rows)):
        notes.append(f"Gray: fewer than {MIN_GROUP_COUNT} match-ups.")
    body = [_group_row(one, envelope, decimals(quantity)) for one in rows]
    return ReportTable(title, columns, body, " ".join(notes))


def _group_row(one: Summary, envelope: str, places: int) -> Row:
    share = one.fractions.get(envelope)
    cells = [
        Cell(group_name(one)),
        Cell(format_count(one.count)),
        Cell(format_count(one.blocks)),
        Cell(format_number(one.reference_mean, places)),
        cell(one.accuracy, places),
        cell(one.precision, places, spread_decimals(one, places)),
        cell(one.uncertainty, places, spread_decimals(one, places)),
        cell(one.median, places),
        cell(one.correlation, 2),
        _share(share) if share else Cell(NOT_AVAILABLE),
        Cell("", _share_bounds(share.within if share else None) or DASH),
    ]
    state = "faint" if _sparse(one) else ""
    return [Cell(entry.text, entry.detail, state) for entry in cells]


def _sparse(one: Summary) -> bool:
    return one.count < MIN_GROUP_COUNT


def _share(share: Fraction) -> Cell:
    """The share with its interval by months."""
    one = share.block or Interval(share.within.value)
    return Cell(*share_parts(one.value, one.low, one.high))


def _share_bounds(one: Interval | None) -> str:
    return share_parts(one.value, one.low, one.high)[1] if one else ""


def _has_months(shares: Iterable[Fraction]) -> bool:
    return any(share.block and math.isfinite(share.block.low) for share in shares)


def _reasons(matchups: MatchUps) -> ReportTable:
    rejected = ~np.asarray(matchups.accepted, dtype=bool)
    names, counts = np.unique(matchups.reason[rejected].astype(str), return_counts=True)
    rows: list[Row] = [
        [
            REASONS.get(str(names[place]), str(names[place]) or "No reason was recorded"),
            format_count(float(counts[place])),
            format_number(100.0 * float(counts[place]) / len(matchups), 1),
        ]
        for place in np.argsort(-counts, kind="stable")
    ]
    columns = [
        Column("Reason", numeric=False),
        Column("Satellite observations"),
        Column("Share of all", "%"),
    ]
    return ReportTable("Reasons of rejection", columns, rows)
