# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on a period as a table."""

from __future__ import annotations

from ..table import Table, from_rows
from .period_report import PeriodReport

_FIELDS = {
    "run_id": "int", "sensor": "text", "reference": "text", "method": "text", "band": "text",
    "wavelength_nm": "float", "site": "text", "period": "text", "first_day": "text",
    "last_day": "text", "pairs": "int", "a_k": "float", "standard_error_percent": "float",
    "uncertainty_percent": "float", "pair_sd_percent": "float", "pairs_before": "int",
    "a_k_before": "float", "standard_error_before_percent": "float",
    "change_before_percent": "float", "change_before_standard_error": "float",
    "pairs_year_before": "int", "a_k_year_before": "float",
    "standard_error_year_before_percent": "float", "change_percent": "float",
    "change_standard_error": "float", "change_since": "text", "change_p_value": "float",
    "words": "text",
}  # fmt: skip


def period_table(report: PeriodReport, name: str = "period") -> Table:
    """One row per run, band and site ("" = all): the period, the one before, and the change."""
    first, last = report.span.days
    rows = []
    for chain in report.chains:
        run = chain.run
        for one in (*chain.bands, *chain.sites):
            now, before, year = one.now, one.before, one.year_before
            rows.append({
                "run_id": run.id, "sensor": run.sensor, "reference": run.reference,
                "method": run.method, "band": one.band, "wavelength_nm": one.wavelength_nm,
                "site": one.site, "period": report.span.name, "first_day": first, "last_day": last,
                "pairs": now.count, "a_k": now.mean,
                "standard_error_percent": 100.0 * now.sem / now.mean,
                "uncertainty_percent": None if one.site else chain.uncertainty(one),
                "pair_sd_percent": 100.0 * now.sd / now.mean, "pairs_before": before.count,
                "a_k_before": before.mean,
                "standard_error_before_percent": 100.0 * before.sem / before.mean,
                "change_before_percent": one.change_before.percent,
                "change_before_standard_error": one.change_before.error,
                "pairs_year_before": year.count, "a_k_year_before": year.mean,
                "standard_error_year_before_percent": 100.0 * year.sem / year.mean,
                "change_percent": one.change_percent, "change_standard_error": one.change_error,
                "change_since": one.since, "change_p_value": one.p_adjusted,
                "words": one.words(run.sensor),
            })  # fmt: skip
    return from_rows(rows, _FIELDS, name)
