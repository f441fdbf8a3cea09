# SPDX-License-Identifier: GPL-3.0-or-later
"""The answers of the AOT reports in words: headlines with verdicts, and the rule of matching."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..aot.intervals import MIN_BLOCKS
from ..aot.statistics import MIN_GROUP_COUNT
from ..aot.types import (
    CampaignComparison,
    CampaignDifference,
    Fraction,
    Interval,
    MatchUps,
    Ranking,
    SiteRank,
    Summary,
)
from ..wording import listed
from .aot_names import (
    decimals,
    envelope_name,
    envelope_text,
    group_name,
    quantity_name,
    table_unit,
)
from .document import Headline
from .numbers import (
    SPACE,
    format_count,
    format_number,
    format_probability,
    format_share,
    format_value,
)

ONE_SIGMA = 0.683  # an envelope of one standard deviation should hold at least this share


def validation_headline(
    matchups: MatchUps, overall: Summary | None, share: Fraction | None
) -> list[Headline]:
    """Bias, RMSE and share in the expected error, each with interval, count and verdict."""
    accepted = int(np.count_nonzero(matchups.accepted))
    counts = f"n = {format_count(accepted)}, {format_count(len(matchups) - accepted)} rejected"
    if overall is None or overall.count == 0:
        verdict = "No match-up passed the filters: see below what each filter removed."
        return [Headline("Accepted match-ups", format_count(accepted), counts, verdict, "bad")]
    quantity = matchups.settings.quantity
    name, unit = quantity_name(quantity), table_unit(quantity)
    bias, rmse = overall.accuracy, overall.uncertainty
    lines = [
        Headline(
            f"{_capital(name)} bias",
            _with_unit(bias, unit),
            counts,
            *_bias_verdict(bias, no_interval(overall)),
        ),
        Headline(
            "RMSE",
            _with_unit(rmse, unit),
            f"n = {format_count(overall.count)}",
            _relative(overall, quantity),
        ),
    ]
    if share:
        judged = share.block or Interval(share.within.value)
        value = format_share(judged.value, judged.low, judged.high)
        lines.append(
            Headline(
                f"Within {envelope_name(share.envelope)}",
                value,
                f"n = {format_count(overall.count)}",
                *_share_verdict(share, quantity, no_interval(overall)),
            )
        )
    return lines


def matching_sentences(matchups: MatchUps, window_m: float = math.nan) -> list[str]:
    """What was compared and by which rule, in running text."""
    rule = matchups.settings
    accepted = np.asarray(matchups.accepted, dtype=bool)
    sites = len(np.unique(matchups.site[accepted].astype(str))) if accepted.any() else 0
    count = int(accepted.sum())
    first = (
        f"{format_count(count)} of {format_count(len(matchups))} satellite observations could be "
        f"compared, at "
        f"{format_count(sites)} {'site' if sites == 1 else 'sites'}{period(matchups)}."
    )
    second = (
        f"Each is compared with the mean of at least {rule.min_observations} AERONET observations "
        f"within ±{rule.time_window_min:g}{SPACE}min. {_filter_sentence(matchups)}"
    )
    if not math.isfinite(window_m):
        return [first, second]
    third = f"Satellite values are those of the window of {window_m:g}{SPACE}m."
    return [first, second, third]


def period(matchups: MatchUps) -> str:
    """The days of the accepted match-ups, to follow a noun; "" without any."""
    times = matchups.time[np.asarray(matchups.accepted, dtype=bool)]
    times = times[~np.isnat(times)]
    if not len(times):
        return ""
    first, last = (np.datetime_as_string(time, unit="D") for time in (times.min(), times.max()))
    return f" from {first} to {last}"


def bias_range_sentences(bins: Sequence[Summary]) -> list[str]:
    """How the mean difference changes with the reference; [] with fewer than two full bins."""
    full = [
        one for one in bins if one.count >= MIN_GROUP_COUNT and math.isfinite(one.accuracy.value)
    ]
    if len(full) < 2:
        return []
    ordered = sorted(full, key=lambda one: one.accuracy.value)
    ends = [one for one in full if one is ordered[0] or one is ordered[-1]]
    texts = [
        f"{format_value(one.accuracy.value, one.accuracy.low, one.accuracy.high, decimals=3)} in "
        f"the bin {group_name(one)}"
        for one in ends
    ]
    return [f"Over the bins of the reference the mean difference runs from {' to '.join(texts)}."]


def ranking_headline(ranking: Ranking) -> list[Headline]:
    """How many sites were ranked, the best tier, and the best site with its probability."""
    ranked = [site for site in ranking.sites if not site.not_ranked]
    left_out = len(ranking.sites) - len(ranked)
    sites = "site" if len(ranking.sites) == 1 else "sites"
    counts = f"{format_count(len(ranking.sites))} {sites}, {format_count(left_out)} not ranked"
    if not ranked:
        verdict = "No site has enough match-ups to be ranked: the reasons are listed below."
        return [Headline("Ranked sites", "0", counts, verdict, "bad")]
    best = min(site.tier for site in ranked)
    top = [site for site in ranked if site.tier == best]
    first = ranked[0]
    score = format_value(first.score.value, first.score.low, first.score.high)
    return [
        Headline("Ranked sites", format_count(len(ranked)), counts, _tier_sentence(ranked)),
        Headline(
            "Best tier", format_count(len(top)), "sites" if len(top) > 1 else "site", _names(top)
        ),
        Headline(
            f"Smallest score: {first.site}",
            score,
            f"n = {format_count(first.count)}",
            f"90\u00a0% interval, AOT units. Probability of being among the best {ranking.best_k}: "
            f"{format_probability(first.p_best)}.",
        ),
    ]


def campaign_headline(comparison: CampaignComparison) -> list[Headline]:
    """Up to three differences of the first scope listed, each with its verdict."""
    if not comparison.differences:
        return [
            Headline(
                "Differences", "none", "", "The campaigns have nothing that can be compared.", "bad"
            )
        ]
    scope = comparison.differences[0].scope
    leading = [one for one in comparison.differences if one.scope == scope][:3]
    return [
        Headline(
            _capital(f"{one.quantity.replace('_', ' ')}, {one.scope}"),
            format_value(one.difference.value, one.difference.low, one.difference.high),
            f"n = {format_count(one.count_a)} / {format_count(one.count_b)}",
            *_difference_verdict(comparison, one),
        )
        for one in leading
    ]


def power_sentences(comparison: CampaignComparison) -> list[str]:
    """For each comparison that found nothing: how large a difference would have had to be."""
    sentences = []
    for one in comparison.differences:
        if not _excludes_zero(one.difference) and math.isfinite(one.detectable):
            sentences.append(
                f"{_capital(one.quantity.replace('_', ' '))}, {one.scope}: no difference was "
                f"found; with these data one of "
                f"{format_value(one.detectable, decimals=3)} or more would have been found with 80 "
                f"% probability, "
                f"smaller ones may exist."
            )
    return sentences or [
        "Every comparison that could be made found a difference, or could not be made at all."
    ]


def no_interval(summary: Summary) -> str:
    """Why figures of a group have no interval by months."""
    if summary.blocks < MIN_BLOCKS:
        return f"too few months ({count_months(summary.blocks)}, {MIN_BLOCKS} are needed)"
    return "none could be drawn" if _drawn(summary) else "no bootstrap was asked for"


def count_months(count: int) -> str:
    """``1 site-month``, ``47 site-months``: calendar months, counted at each site."""
    return f"{format_count(count)} {'site-month' if count == 1 else 'site-months'}"


def _drawn(summary: Summary) -> bool:
    return any(share.block is not None for share in summary.fractions.values())


def _bias_verdict(bias: Interval, reason: str = "") -> tuple[str, str]:
    if not (math.isfinite(bias.low) and math.isfinite(bias.high)):
        return f"No interval, so it may differ from zero or not: {reason}.", "caution"
    if not _excludes_zero(bias):
        return "No bias found: the 95\u00a0% interval includes zero.", ""
    side = "higher" if bias.low > 0.0 else "lower"
    return f"The satellite is {side} than AERONET: the 95\u00a0% interval excludes zero.", "caution"


def _relative(overall: Summary, quantity: str) -> str:
    mean = overall.reference_mean
    if not (math.isfinite(mean) and mean > 0.0):
        return ""
    percent = format_number(100.0 * overall.uncertainty.value / mean, 0)
    text = format_value(mean, unit=table_unit(quantity), decimals=decimals(quantity))
    return f"{percent}{SPACE}% of the mean AERONET {quantity_name(quantity)}, {text}."


def _share_verdict(share: Fraction, quantity: str, reason: str = "") -> tuple[str, str]:
    """By the interval of the blocks: Wilson's promises more than match-ups of a month can hold."""
    wanted = format_share(ONE_SIGMA)
    formula = envelope_text(share.envelope, quantity).replace("±", "±\u2060")  # never alone
    within = share.block
    if within is None or not (math.isfinite(within.low) and math.isfinite(within.high)):
        return f"No verdict on {formula}: {reason}.", "caution"
    if within.low >= ONE_SIGMA:
        return f"Met: at least {wanted} lie within {formula}.", "good"
    if within.high < ONE_SIGMA:
        return f"Not met: fewer than {wanted} lie within {formula}.", "bad"
    return f"Undecided: the interval includes the required {wanted} within {formula}.", "caution"


def _filter_sentence(matchups: MatchUps) -> str:
    """The filters that were on; those of a column that the table lacks could not act."""
    rule = matchups.settings
    parts = [
        f"level {rule.level} only" if rule.level != "any" else "",
        "stable atmosphere only" if rule.only_stable else "",
        _at_most("gap-filled share", rule.max_gapfilled, 100.0, "%"),
        _at_most("cloud share", rule.max_cloud, 100.0, "%"),
        _at_most("altitude difference", rule.max_altitude_difference_m, 1.0, "m"),
        "one row per site and overpass" if rule.deduplicate and _told(matchups, "datatake") else "",
        "no clipped retrievals"
        if rule.drop_saturated and _told(matchups, "saturated_count")
        else "",
    ]
    active = [part for part in parts if part]
    return f"Filters: {', '.join(active)}." if active else "No further filter was used."


def _told(matchups: MatchUps, column: str) -> bool:
    """Whether any row of the match-ups has a value in ``column``."""
    values = matchups.extra.get(column)
    if values is None:
        return False
    return any(str(value) not in ("", "nan") for value in values)


def _at_most(name: str, limit: float | None, scale: float, unit: str) -> str:
    return "" if limit is None else f"{name} at most {limit * scale:g}{SPACE}{unit}"


def _tier_sentence(ranked: Sequence[SiteRank]) -> str:
    tiers = len({site.tier for site in ranked})
    if tiers == 1:
        return "One tier: the data cannot tell the sites apart."
    return f"{tiers} tiers; sites of one tier cannot be told apart."


def _names(sites: Sequence[SiteRank], most: int = 6) -> str:
    return f"{listed([site.site for site in sites], most)}."


def _difference_verdict(comparison: CampaignComparison, one: CampaignDifference) -> tuple[str, str]:
    if not (math.isfinite(one.difference.low) and math.isfinite(one.difference.high)):
        return "No interval: too few data.", "caution"
    if _excludes_zero(one.difference):
        side = "larger" if one.difference.low > 0.0 else "smaller"
        return f"{side.capitalize()} in {comparison.name_a} than in {comparison.name_b}.", "caution"
    text = "No difference found: the 95\u00a0% interval includes zero."
    if math.isfinite(one.detectable):
        found = format_number(one.detectable, 2 if one.quantity.startswith("ln") else 3)
        text += f" A difference of {found} would have been found with 80\u00a0% probability."
    return text, ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _excludes_zero(interval: Interval) -> bool:
    return interval.low > 0.0 or interval.high < 0.0


def _with_unit(interval: Interval, unit: str) -> str:
    return format_value(interval.value, interval.low, interval.high, unit)
