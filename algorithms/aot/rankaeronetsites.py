# SPDX-License-Identifier: GPL-3.0-or-later
"""Which AERONET sites are the most reliable reference, with tiers instead of a false order."""

from __future__ import annotations

from typing import Any

from ...core.aot.ranking import RankSettings, rank_sites
from ...core.aot.ranking_tables import ranking_to_table, read_matchups
from ...core.aot.types import Ranking
from ...core.progress import Part
from ...core.report.aot import ranking_report
from ..base import CalValAlgorithm, Group, Job, make, tr


class RankAeronetSites(CalValAlgorithm):
    """One point per site: score with interval, tier, flags, or why it is not ranked."""

    ID = "rankaeronetsites"
    GROUP = Group.AOT
    TAGS = ("AERONET", "AOT", "AOD", "site", "ranking", "reliability", "validation", "bootstrap")

    MATCHUPS, OUTPUT, REPORT = "MATCHUPS", "OUTPUT", "REPORT"
    BEST_K, BOOTSTRAP, SEED, LEVEL = "BEST_K", "BOOTSTRAP", "SEED", "LEVEL"
    MIN_MATCHUPS, MIN_MONTHS, MIN_SEASONS = "MIN_MATCHUPS", "MIN_MONTHS", "MIN_SEASONS"
    WINDOW_M = "WINDOW_M"

    def title(self) -> str:
        return tr("Rank AERONET sites")

    def summary(self) -> str:
        return tr(
            "Ranks AERONET sites by how reliable they are as reference for AOT products. The score "
            "of a site, in AOT units, joins the median and the scatter of its residuals; the bias "
            "that all sites share at the same AOT is taken off first. Scores are shrunk toward the "
            "network, and months are drawn anew to get 90 % intervals. Sites that cannot be told "
            "apart share a tier. Outliers, drift, steps at instrument changes and poor "
            "representativeness are flags beside the score. Sites with too little data are kept, "
            "with the reason.\n\n"
            "Shrinkage after Efron and Morris (1975), 10.1080/01621459.1975.10479864."
        )

    def define(self) -> None:
        self.add(
            make.table(self.MATCHUPS, tr("Match-ups"), tr(
                "The match-up table of the AOT comparison, best with many sites: the bias that is "
                "common to all sites needs at least four.")),
            make.number(self.BEST_K, tr("Size of the best group"), tr(
                "The probability of being among so many best sites is given for each site. Where "
                "no more sites than that are ranked, half of them make the group."),
                5, 1, 1000, integer=True, advanced=True),
            make.number(self.MIN_MATCHUPS, tr("Least number of match-ups"), tr(
                "Sites with fewer match-ups are not ranked. With few match-ups the score mostly "
                "repeats the mean of the network."), 20, 4, integer=True, advanced=True),
            make.number(self.MIN_MONTHS, tr("Least number of months"), tr(
                "Sites with match-ups in fewer calendar months are not ranked."),
                8, 1, integer=True, advanced=True),
            make.number(self.MIN_SEASONS, tr("Least number of seasons"), tr(
                "Sites with match-ups in fewer seasons are not ranked. 1 to 4."),
                2, 1, 4, integer=True, advanced=True),
            make.choice(self.LEVEL, tr("Quality level"), tr(
                "AERONET level that is used; match-ups of unknown level are always used."),
                ["2.0", "1.5", "any"], "2.0", advanced=True),
            make.number(self.WINDOW_M, tr("Satellite window (m)"), tr(
                "Size of the satellite window that is ranked, nearest size present. Empty: the one "
                "of the comparison that made the match-ups."), None, 0.0, optional=True,
                advanced=True),
            make.number(self.BOOTSTRAP, tr("Bootstrap replicates"), tr(
                "Draws of months for intervals and probabilities, 100 or more. More give steadier "
                "intervals and take longer."), 1000, 100, 100000, integer=True, advanced=True),
            make.number(self.SEED, tr("Seed"), tr(
                "Start of the random draws: the same seed gives the same result."),
                1, 0, integer=True, advanced=True),
            make.table_output(self.OUTPUT, tr("Ranked sites"), tr(
                "One point per site, ranked ones first."), points=True),
            make.report_output(self.REPORT, tr("Report"), tr(
                "Ranking with intervals, tiers, flags, and the limits of what it says.")),
        )  # fmt: skip
        self.add_number("SITE_COUNT", tr("Sites"))
        self.add_number("RANKED_COUNT", tr("Ranked sites"))
        self.add_string("BEST_SITE", tr("Site with the smallest score"))

    def compute(self, job: Job) -> dict[str, Any]:
        matchups = read_matchups(job[self.MATCHUPS].read(Part(job.progress, 0.0, 0.1)))
        settings = RankSettings(
            job[self.MIN_MATCHUPS], job[self.MIN_MONTHS], job[self.MIN_SEASONS], job[self.LEVEL],
            job[self.WINDOW_M], job[self.BEST_K], job[self.BOOTSTRAP], job[self.SEED],
        )  # fmt: skip
        ranking = rank_sites(matchups, settings, Part(job.progress, 0.1, 0.8))
        job.write_table(self.OUTPUT, ranking_to_table(ranking), "sites_ranking")
        if job.wanted(self.REPORT):
            job.progress.report(0.85, tr("Writing the report"))
            job.write_text(self.REPORT, ranking_report(ranking, job.context(self.title())))
        return self._say(job, ranking)

    def _say(self, job: Job, ranking: Ranking) -> dict[str, Any]:
        ranked = [site for site in ranking.sites if not site.not_ranked]
        for site in ranking.sites[len(ranked) :]:
            job.progress.info(tr("{} is not ranked: {}.").format(site.site, site.not_ranked))
        if not ranked:
            job.progress.warn(tr("No site has enough match-ups to be ranked; the table says why."))
        return {
            "SITE_COUNT": len(ranking.sites),
            "RANKED_COUNT": len(ranked),
            "BEST_SITE": ranked[0].site if ranked else "",
        }
