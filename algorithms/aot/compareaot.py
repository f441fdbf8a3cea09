# SPDX-License-Identifier: GPL-3.0-or-later
"""Satellite AOT or water vapor against AERONET: match-ups, statistics, report."""

from __future__ import annotations

from math import isfinite
from typing import Any

from ...core.aot.comparison import Comparison, compare
from ...core.aot.expected_errors import EXPECTED_ERRORS
from ...core.aot.matchup_tables import (
    VALUE_FIELDS,
    matchups_to_table,
    read_observations,
    summaries_to_table,
)
from ...core.aot.types import MatchSettings, Observations, Summary
from ...core.progress import Part
from ...core.report.aot import validation_report
from ..base import CalValAlgorithm, Group, Job, tr
from . import comparison_parameters as keys


class CompareAot(CalValAlgorithm):
    """Matches satellite rows with photometer means and says how well they agree."""

    ID = "compareaot"
    GROUP = Group.AOT
    TAGS = ("AOT", "AOD", "aerosol", "AERONET", "validation", "match-up", "water vapor", "bias")

    MATCHUPS, STATISTICS, REPORT = "MATCHUPS", "STATISTICS", "REPORT"

    def title(self) -> str:
        return tr("Compare satellite AOT with AERONET")

    def summary(self) -> str:
        return tr(
            "Matches satellite AOT (or water vapor) with the photometer observations around each "
            "overpass and says how well they agree. The match-up table holds accepted and "
            "rejected rows, each rejected one with its reason. Statistics come overall, per site, "
            "season, stability class, AOT bin, sensor and window: bias, standard deviation, RMSE, "
            "robust figures, correlations, shares within expected errors, and OLS, Deming and "
            "Theil-Sen lines, with 95 % intervals by month-block bootstrap.\n\n"
            "Protocol after Ichoku et al. (2002) and Petrenko et al. (2012); accuracy, precision "
            "and uncertainty as in the ACIX exercise (Doxani et al. 2018)."
        )

    def define(self) -> None:
        self.add(*keys.inputs(), *keys.columns(), *keys.filters(), *keys.outputs())
        for key, label in keys.numbers():
            self.add_number(key, label)

    def compute(self, job: Job) -> dict[str, Any]:
        satellite, reference = self._observations(job)
        settings = MatchSettings(**{name: job[key] for name, key in keys.SETTINGS.items()})
        water_vapor = settings.quantity == "water_vapor"
        name = "water_vapor" if water_vapor else job[keys.EXPECTED_ERROR]
        found = compare(
            satellite, reference, settings, EXPECTED_ERRORS[name], job[keys.BOOTSTRAP],
            job[keys.SEED], Part(job.progress, 0.2, 0.8),
        )  # fmt: skip
        job.write_table(self.MATCHUPS, matchups_to_table(found.matchups), "aot_matchups")
        job.write_table(self.STATISTICS, summaries_to_table(found.summaries))
        if job.wanted(self.REPORT):
            job.progress.report(0.85, tr("Writing the report"))
            job.write_text(self.REPORT, self._report(job, found))
        if found.overall.count:
            job.progress.info(_sentence(found.overall, found.rejected_count))
        return _numbers(found)

    def _observations(self, job: Job) -> tuple[Observations, Observations]:
        fields = VALUE_FIELDS[job[keys.QUANTITY]]
        satellite = read_observations(
            job[keys.SATELLITE].read, job[keys.SITE_FIELD], job[keys.TIME_FIELD],
            _value_field(job[keys.AOT_FIELD], "aot_mean", fields[0]), job[keys.TIME_FORMAT],
            job[keys.SITE_NAME], Part(job.progress, 0.0, 0.1),
        )  # fmt: skip
        reference = read_observations(
            job[keys.AERONET].read, job[keys.AERONET_SITE_FIELD], job[keys.AERONET_TIME_FIELD],
            _value_field(job[keys.AERONET_AOT_FIELD], "aot", fields[1]),
            job[keys.AERONET_TIME_FORMAT], job[keys.AERONET_SITE_NAME],
            Part(job.progress, 0.1, 0.2),
        )  # fmt: skip
        return satellite, reference

    def _report(self, job: Job, found: Comparison) -> str:
        context = job.context(self.title())
        return validation_report(
            found.matchups, found.summaries, found.bins, found.steps, context, "ee"
        )


def _value_field(chosen: str, default: str, own: str) -> str:
    """The column of the value; the default follows the quantity."""
    return own if chosen in ("", default) else chosen


def _numbers(found: Comparison) -> dict[str, Any]:
    overall = found.overall
    shares = {key: 100 * share.within.value for key, share in overall.fractions.items()}
    return {
        "COUNT": overall.count,
        "REJECTED_COUNT": found.rejected_count,
        "BIAS": overall.accuracy.value,
        "STD": overall.precision.value,
        "RMSE": overall.uncertainty.value,
        "MAE": overall.mae.value,
        "CORRELATION": overall.correlation.value,
        "EE_PERCENT": shares["ee"],
        "GCOS_PERCENT": shares.get("gcos"),
        "SLOPE_DEMING": overall.regressions["deming"].slope.value,
    }


def _sentence(overall: Summary, rejected: int) -> str:
    bias = overall.accuracy
    known = isfinite(bias.low) and isfinite(bias.high)
    bounds = f" [{bias.low:+.4f}, {bias.high:+.4f}]" if known else ""
    return tr(
        "{count} match-ups ({rejected} rows rejected): bias {bias}, RMSE {rmse:.4f}, {share:.1f} % "
        "within the expected error."
    ).format(
        count=overall.count, rejected=rejected, bias=f"{bias.value:+.4f}{bounds}",
        rmse=overall.uncertainty.value, share=100 * overall.fractions["ee"].within.value,
    )  # fmt: skip
