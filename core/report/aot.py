# SPDX-License-Identifier: GPL-3.0-or-later
"""The three reports of AOT validation: match-up statistics, ranking of sites, comparison of
campaigns.

They only lay out what matching, statistics and ranking have computed; no statistic is made here.
All three return HTML text, and raise ``MissingPackageError`` where jinja2 is absent; without
matplotlib they have no figures.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..aot.filters import headline_rows, headline_window
from ..aot.types import CampaignComparison, FilterStep, MatchUps, Ranking, Summary
from . import aot_figures, aot_limits, aot_ranking_tables, aot_scatter, aot_tables, aot_text
from .aot_names import quantity_name
from .assemble import assemble
from .document import ReportContext, Section
from .figures import drawn

FLAG_TEXT = (
    "Flags are warnings beside the score and are not added into it. Green: nothing found; amber: "
    "look at it; red: do "
    "not use the site without knowing why."
)


def validation_report(
    matchups: MatchUps,
    summaries: Sequence[Summary],
    bins: Sequence[Summary],
    steps: Sequence[FilterStep],
    context: ReportContext,
    expected_error: str = "",
) -> str:
    """The report of a comparison with AERONET.

    ``summaries``: all groups (``statistics.summarize``); ``bins``: summaries per bin of the
    reference; ``steps``: the waterfall of filters; ``expected_error``: key in ``Summary.fractions``
    of the envelope that headline, figures and group tables use (empty or unknown: the first one
    there is).
    """
    everything, matchups = matchups, _headline_part(matchups)
    quantity = matchups.settings.quantity
    bins = _bins(summaries, bins)
    overall = next((one for one in summaries if one.grouping == "overall"), None)
    key = _envelope_key(overall, expected_error)
    share = overall.fractions.get(key) if overall else None
    envelope = share.envelope if share else None
    figures = drawn(
        lambda: aot_scatter.scatter_figure(matchups, overall, envelope),
        lambda: aot_scatter.difference_figure(matchups, bins, envelope),
        lambda: aot_figures.apu_figure(bins, envelope, quantity),
        lambda: aot_figures.histogram_figure(matchups, overall),
    )
    series = drawn(lambda: aot_figures.series_figure(matchups))
    sections = [
        Section(
            "Agreement",
            [
                *aot_text.matching_sentences(matchups, headline_window(everything)),
                *aot_text.bias_range_sentences(bins),
            ],
            figures,
            aot_tables.agreement(overall, quantity),
        ),
        Section("Time series", (), series),
        Section("Groups", (), (), aot_tables.groups(summaries, bins, key, quantity)),
        Section("What was left out", (), (), aot_tables.left_out(matchups, steps)),
    ]
    subtitle = f"Satellite {quantity_name(quantity)} against AERONET{aot_text.period(matchups)}"
    headline = aot_text.validation_headline(matchups, overall, share)
    return assemble(
        context,
        subtitle,
        headline,
        sections,
        aot_limits.validation_limits(quantity),
        aot_limits.VALIDATION_SOURCES,
    )


def ranking_report(ranking: Ranking, context: ReportContext) -> str:
    """The report of a ranking of AERONET sites."""
    figures = drawn(
        lambda: aot_figures.ranking_figure(ranking),
        lambda: aot_figures.best_figure(ranking),
        lambda: aot_figures.pairwise_figure(ranking),
    )
    flags = aot_ranking_tables.flags(ranking)
    sections = [
        Section("Ranking", (), figures, aot_ranking_tables.ranked_sites(ranking)),
        Section("Flags", (FLAG_TEXT,) if flags else (), (), flags),
        Section("Sites without a rank", (), (), aot_ranking_tables.not_ranked(ranking)),
    ]
    subtitle = "Reliability of AERONET sites as reference for the products compared"
    headline = aot_text.ranking_headline(ranking)
    return assemble(
        context, subtitle, headline, sections, ranking.notes, aot_limits.RANKING_SOURCES
    )


def campaign_report(comparison: CampaignComparison, context: ReportContext) -> str:
    """The report of an unpaired comparison of two campaigns."""
    figures = drawn(lambda: aot_figures.forest_figures(comparison))
    sections = [
        Section("Differences", comparison.notes, figures, aot_ranking_tables.campaigns(comparison)),
        Section("What could have been found", aot_text.power_sentences(comparison)),
    ]
    subtitle = f"{comparison.name_a} minus {comparison.name_b}, unpaired"
    headline = aot_text.campaign_headline(comparison)
    return assemble(
        context,
        subtitle,
        headline,
        sections,
        aot_limits.CAMPAIGN_LIMITS,
        aot_limits.CAMPAIGN_SOURCES,
    )


def _headline_part(matchups: MatchUps) -> MatchUps:
    """The rows of the satellite window that the headline uses: all groups but "window" are about
    them.
    """
    rows = headline_rows(matchups)
    return matchups if rows.all() else matchups.select(rows)


def _bins(summaries: Sequence[Summary], bins: Sequence[Summary]) -> list[Summary]:
    """The bins, each with its intervals where the summaries hold the same bin with them."""
    known = {(one.group, one.count): one for one in summaries if one.grouping == "aot_bin"}
    return [known.get((one.group, one.count), one) for one in bins] or list(known.values())


def _envelope_key(overall: Summary | None, wanted: str) -> str:
    keys = list(overall.fractions) if overall else []
    return wanted if wanted in keys else next(iter(keys), "")
