# SPDX-License-Identifier: GPL-3.0-or-later
"""The answers of the AOT reports in words: headlines with verdicts, the rule of matching, limits,
sources.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..aot.types import (
    CampaignComparison,
    CampaignDifference,
    Fraction,
    Interval,
    MatchSettings,
    MatchUps,
    Ranking,
    SiteRank,
    Summary,
)
from .aot_figures import envelope_name, envelope_text, quantity_label
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

VALIDATION_LIMITS = (
    "Only clear skies are compared, on both sides: nothing is said about AOT beside clouds.",
    "One overpass hour per sensor: errors that change over the day stay unseen.",
    "Intervals come from a bootstrap of whole months and hold for the sites and the period "
    "compared; with few months "
    "they are still too narrow. Wilson intervals of shares take match-ups as independent and are "
    "too narrow as well.",
    "The reference has its own uncertainty, about 0.01 in AOT for field instruments; it is part "
    "of every difference.",
    "AERONET sites often lie in cities or mountains: a difference also holds what the air above "
    "the site and the mean "
    "over the satellite window do not have in common.",
    "AERONET may have been used to tune the aerosol models of the satellite processor; the "
    "comparison is then not "
    "fully independent.",
    "A bias that depends on AOT is not described by one number: read the accuracy per bin.",
)
RANKING_LIMITS = (
    "A site is judged with the products compared here; a site that is bad for one product may "
    "show an error of that "
    "product over its surface.",
    "How well a site stands for its surroundings weighs more than the quality of its photometer.",
    "Level 2.0 arrives up to a year late: recent sites look worse or are absent.",
    "The order inside a tier carries no information.",
)
CAMPAIGN_LIMITS = (
    "The campaigns differ in season, year and sites: the comparison is unpaired, and part of a "
    "difference can come "
    "from what was observed instead of from the product.",
    "Weighting to the pooled AOT distribution removes the effect of different AOT, not that of "
    "different aerosol "
    "types or surfaces.",
)
AERONET_SOURCES = (
    "Giles et al. 2019, AERONET Version 3 database: DOI 10.5194/amt-12-169-2019",
    "AERONET data: acknowledge the principal investigators named in the files, as AERONET's data "
    "policy asks.",
)
VALIDATION_SOURCES = (
    "Levy et al. 2013, expected error of AOT over land: DOI 10.5194/amt-6-2989-2013",
    "Hagolle et al. 2015, AOT from time series over land: DOI 10.3390/rs70302668",
    "Wilson 1927, interval of a share: DOI 10.1080/01621459.1927.10502953",
    "Sen 1968, Theil-Sen slope: DOI 10.1080/01621459.1968.10480934",
    "Kuensch 1989, bootstrap of blocks: DOI 10.1214/aos/1176347265",
    *AERONET_SOURCES,
)
RANKING_SOURCES = (
    "Efron and Morris 1975, shrinkage of many estimates: DOI 10.1080/01621459.1975.10479864",
    "Kuensch 1989, bootstrap of blocks: DOI 10.1214/aos/1176347265",
    *AERONET_SOURCES,
)
CAMPAIGN_SOURCES = (
    "Brown and Forsythe 1974, test of equal spread: DOI 10.1080/01621459.1974.10482955",
    "Holm 1979, correction for many tests: Scandinavian Journal of Statistics 6, 65-70",
    "Kuensch 1989, bootstrap of blocks: DOI 10.1214/aos/1176347265",
    *AERONET_SOURCES,
)


def validation_headline(
    matchups: MatchUps, overall: Summary | None, share: Fraction | None
) -> list[Headline]:
    """Bias, RMSE and share in the expected error, each with interval, count and verdict."""
    accepted = int(np.count_nonzero(matchups.accepted))
    counts = f"n = {format_count(accepted)}, {format_count(len(matchups) - accepted)} rejected"
    if overall is None or overall.count == 0:
        verdict = "No match-up passed the filters: see below what each filter removed."
        return [Headline("Accepted match-ups", format_count(accepted), counts, verdict, "bad")]
    name, unit = quantity_label(matchups.settings.quantity)
    unit = "" if unit == "unitless" else unit
    bias, rmse = overall.accuracy, overall.uncertainty
    lines = [
        Headline(f"{name} bias", _with_unit(bias, unit), counts, *_bias_verdict(bias)),
        Headline(
            "RMSE",
            _with_unit(rmse, unit),
            f"n = {format_count(overall.count)}",
            _relative(overall, name, unit),
        ),
    ]
    if share:
        value = format_share(share.within.value, share.within.low, share.within.high)
        lines.append(
            Headline(
                f"Within {envelope_name(share.envelope)}",
                value,
                f"n = {format_count(overall.count)}",
                *_share_verdict(share),
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
        f"within "
        f"±{rule.time_window_min:g}{SPACE}min. {_filter_sentence(rule)}"
    )
    if not math.isfinite(window_m):
        return [first, second]
    third = f"Satellite values are those of the window of {window_m:g}{SPACE}m; other window sizes have their own table."
    return [first, second, third]


def period(matchups: MatchUps) -> str:
    """ " from 2015-01-02 to 2017-12-30", of the accepted match-ups; "" without any."""
    times = matchups.time[np.asarray(matchups.accepted, dtype=bool)]
    times = times[~np.isnat(times)]
    if not len(times):
        return ""
    first, last = (np.datetime_as_string(time, unit="D") for time in (times.min(), times.max()))
    return f" from {first} to {last}"


def ranking_headline(ranking: Ranking) -> list[Headline]:
    """How many sites were ranked, the best tier, and the best site with its probability."""
    ranked = [site for site in ranking.sites if not site.not_ranked]
    left_out = len(ranking.sites) - len(ranked)
    counts = f"{format_count(len(ranking.sites))} sites, {format_count(left_out)} not ranked"
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
            f"90 % interval, AOT units. Probability of being among the best {ranking.best_k}: "
            f"{format_probability(first.p_best)}.",
        ),
    ]


def campaign_headline(comparison: CampaignComparison) -> list[Headline]:
    """Up to three differences of the leading scope (the first one listed), each with its verdict."""
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
            f"{one.quantity}, {one.scope}",
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
                f"{one.quantity}, {one.scope}: no difference was found; with these data one of "
                f"{format_value(one.detectable, digits=2)} or more would have been found with 80 "
                f"% probability, "
                f"smaller ones may exist."
            )
    return sentences or [
        "Every comparison that could be made found a difference, or could not be made at all."
    ]


def _bias_verdict(bias: Interval) -> tuple[str, str]:
    if not (math.isfinite(bias.low) and math.isfinite(bias.high)):
        return "No interval: too few months to say whether it differs from zero.", "caution"
    if not _excludes_zero(bias):
        return "No bias found: the 95 % interval includes zero.", "good"
    side = "higher" if bias.low > 0.0 else "lower"
    return f"The satellite is {side} than AERONET: the 95 % interval excludes zero.", "caution"


def _relative(overall: Summary, name: str, unit: str) -> str:
    mean = overall.reference_mean
    if not (math.isfinite(mean) and mean > 0.0):
        return ""
    percent = format_number(100.0 * overall.uncertainty.value / mean, 0)
    return f"{percent}{SPACE}% of the mean AERONET {name}, {format_value(mean, unit=unit)}."


def _share_verdict(share: Fraction) -> tuple[str, str]:
    wanted = format_share(ONE_SIGMA)
    formula = envelope_text(share.envelope)
    within = share.within
    if not (math.isfinite(within.low) and math.isfinite(within.high)):
        return f"No verdict on {formula}: too few match-ups.", "caution"
    if within.low >= ONE_SIGMA:
        return f"Met: at least {wanted} lie within {formula}.", "good"
    if within.high < ONE_SIGMA:
        return f"Not met: fewer than {wanted} lie within {formula}.", "bad"
    return f"Undecided: the interval includes the required {wanted} within {formula}.", "caution"


def _filter_sentence(rule: MatchSettings) -> str:
    parts = [
        f"level {rule.level} only" if rule.level != "any" else "",
        "stable atmosphere only" if rule.only_stable else "",
        _at_most("gap-filled share", rule.max_gapfilled, 100.0, "%"),
        _at_most("cloud share", rule.max_cloud, 100.0, "%"),
        _at_most("altitude difference", rule.max_altitude_difference_m, 1.0, "m"),
        "one row per site and overpass" if rule.deduplicate else "",
        "no clipped retrievals" if rule.drop_saturated else "",
    ]
    active = [part for part in parts if part]
    return f"Filters: {', '.join(active)}." if active else "No further filter was used."


def _at_most(name: str, limit: float | None, scale: float, unit: str) -> str:
    return "" if limit is None else f"{name} at most {limit * scale:g}{SPACE}{unit}"


def _tier_sentence(ranked: Sequence[SiteRank]) -> str:
    tiers = len({site.tier for site in ranked})
    if tiers == 1:
        return "One tier: the data cannot tell the sites apart."
    return f"{tiers} tiers; sites of one tier cannot be told apart."


def _names(sites: Sequence[SiteRank], most: int = 6) -> str:
    names = ", ".join(site.site for site in sites[:most])
    return f"{names} and {len(sites) - most} more." if len(sites) > most else f"{names}."


def _difference_verdict(comparison: CampaignComparison, one: CampaignDifference) -> tuple[str, str]:
    if not (math.isfinite(one.difference.low) and math.isfinite(one.difference.high)):
        return "No interval: too few data.", "caution"
    if _excludes_zero(one.difference):
        side = "larger" if one.difference.low > 0.0 else "smaller"
        return f"{side.capitalize()} in {comparison.name_a} than in {comparison.name_b}.", "caution"
    text = "No difference found: the 95 % interval includes zero."
    if math.isfinite(one.detectable):
        text += f" One of {format_value(one.detectable, digits=2)} would have been found with 80 % probability."
    return text, ""


def _excludes_zero(interval: Interval) -> bool:
    return interval.low > 0.0 or interval.high < 0.0


def _with_unit(interval: Interval, unit: str) -> str:
    return format_value(interval.value, interval.low, interval.high, unit)
