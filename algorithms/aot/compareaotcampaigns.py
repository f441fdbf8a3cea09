# SPDX-License-Identifier: GPL-3.0-or-later
"""Two campaigns without common overpasses, such as SPOT4 (Take5) and SPOT5 (Take5)."""

from __future__ import annotations

from math import exp
from typing import Any

from ...core.aot.campaigns import compare_campaigns
from ...core.aot.ranking_tables import comparison_to_table, read_matchups
from ...core.aot.types import CampaignComparison
from ...core.progress import Part
from ...core.report.aot import campaign_report
from ..base import CalValAlgorithm, Group, Job, make, tr


class CompareAotCampaigns(CalValAlgorithm):
    """Differences of bias and precision with intervals, p-values and what could be detected."""

    ID = "compareaotcampaigns"
    GROUP = Group.AOT
    TAGS = ("AOT", "AOD", "SPOT4", "SPOT5", "Take5", "campaign", "comparison", "Holm", "AERONET")

    MATCHUPS_A, MATCHUPS_B = "MATCHUPS_A", "MATCHUPS_B"
    NAME_A, NAME_B = "NAME_A", "NAME_B"
    BOOTSTRAP, SEED, OUTPUT, REPORT = "BOOTSTRAP", "SEED", "OUTPUT", "REPORT"
    WINDOW_M = "WINDOW_M"

    def title(self) -> str:
        return tr("Compare AOT campaigns")

    def summary(self) -> str:
        return tr(
            "Compares the AOT errors of two campaigns that share no overpass, such as SPOT4 "
            "(Take5) 2013 and SPOT5 (Take5) 2015. Differences of bias, precision and spread come "
            "for common sites (the headline), for all sites, per AOT bin, and in equal classes of "
            "gap-filled share and stability. Figures are averaged with the AOT distribution of "
            "both campaigns together. Each difference has a 95 % interval from draws of months, a "
            "p-value (corrected by Holm's method over the bins), and the smallest difference that "
            "could have been found.\n\n"
            "Test of spread after Brown and Forsythe (1974), 10.1080/01621459.1974.10482955."
        )

    def define(self) -> None:
        self.add(
            make.table(self.MATCHUPS_A, tr("Match-ups of campaign A"), tr(
                "A match-up table of the AOT comparison; differences are A minus B.")),
            make.table(self.MATCHUPS_B, tr("Match-ups of campaign B"), tr(
                "The match-up table of the other campaign, made with the same settings.")),
            make.string(self.NAME_A, tr("Name of campaign A"), tr(
                "What tables and report call the first campaign."), "SPOT4 (Take5)"),
            make.string(self.NAME_B, tr("Name of campaign B"), tr(
                "What tables and report call the second campaign."), "SPOT5 (Take5)"),
            make.number(self.WINDOW_M, tr("Satellite window (m)"), tr(
                "Size of the satellite window that is compared, nearest size present. Empty: the "
                "one of the comparison that made the match-ups."), None, 0.0, optional=True,
                advanced=True),
            make.number(self.BOOTSTRAP, tr("Bootstrap replicates"), tr(
                "Draws of months for the variances, 100 or more."),
                1000, 100, 100000, integer=True, advanced=True),
            make.number(self.SEED, tr("Seed"), tr(
                "Start of the random draws: the same seed gives the same result."),
                1, 0, integer=True, advanced=True),
            make.table_output(self.OUTPUT, tr("Differences"), tr(
                "One row per scope and quantity, headline first.")),
            make.report_output(self.REPORT, tr("Report"), tr(
                "Differences with intervals, power, and the limits of what they say.")),
        )  # fmt: skip
        for key, label in (
            ("COUNT_A", tr("Match-ups of campaign A in the headline")),
            ("COUNT_B", tr("Match-ups of campaign B in the headline")),
            ("BIAS_DIFFERENCE", tr("Difference of bias, A minus B")),
            ("BIAS_DIFFERENCE_LOW", tr("Lower bound of the difference of bias")),
            ("BIAS_DIFFERENCE_HIGH", tr("Upper bound of the difference of bias")),
            ("P_VALUE", tr("Two-sided p-value of the difference of bias")),
            ("DETECTABLE_DIFFERENCE", tr("Smallest detectable difference of bias")),
            ("PRECISION_RATIO", tr("Ratio of precision, A over B")),
            ("PRECISION_P_VALUE", tr("Two-sided p-value of the ratio of precision")),
        ):
            self.add_number(key, label)
        self.add_string("SCOPE", tr("Scope of the headline numbers"))

    def problem(self, values: dict[str, Any]) -> str:
        if values[self.NAME_A] == values[self.NAME_B]:
            return tr("The two campaigns have the same name: give each its own.")
        return ""

    def compute(self, job: Job) -> dict[str, Any]:
        first = read_matchups(job[self.MATCHUPS_A].read(Part(job.progress, 0.0, 0.1)))
        second = read_matchups(job[self.MATCHUPS_B].read(Part(job.progress, 0.1, 0.2)))
        found = compare_campaigns(
            first, second, job[self.NAME_A], job[self.NAME_B], n_bootstrap=job[self.BOOTSTRAP],
            seed=job[self.SEED], progress=Part(job.progress, 0.2, 0.8),
            window_m=job[self.WINDOW_M],
        )  # fmt: skip
        job.write_table(self.OUTPUT, comparison_to_table(found))
        if job.wanted(self.REPORT):
            job.progress.report(0.85, tr("Writing the report"))
            job.write_text(self.REPORT, campaign_report(found, job.context(self.title())))
        return _numbers(found)


def _numbers(found: CampaignComparison) -> dict[str, Any]:
    bias, precision = found.differences[:2]
    return {
        "COUNT_A": bias.count_a,
        "COUNT_B": bias.count_b,
        "BIAS_DIFFERENCE": bias.difference.value,
        "BIAS_DIFFERENCE_LOW": bias.difference.low,
        "BIAS_DIFFERENCE_HIGH": bias.difference.high,
        "P_VALUE": bias.p_value,
        "DETECTABLE_DIFFERENCE": bias.detectable,
        "PRECISION_RATIO": exp(precision.difference.value),
        "PRECISION_P_VALUE": precision.p_value,
        "SCOPE": bias.scope,
    }
