# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports on a period, kept in the database with what it takes to make them again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..database import Database
from ..database.runs import Run, list_runs, save_run
from ..errors import InputError
from ..version import plugin_version
from .period_report import PeriodReport, ReportRequest

METHOD = "calibrationreport"


def stored_request(db: Database, number: int) -> ReportRequest:
    """The request of a report that was kept; raises ``InputError`` where there is none."""
    kept = {one.id: one for one in list_runs(db, METHOD)}
    if number not in kept:
        raise InputError(
            f"The database {db.name} has no report {number}. There are: "
            f"{', '.join(map(str, kept)) or 'none'}."
        )
    given = kept[number].parameters
    keys = ("PERIOD", "FIRST_DAY", "LAST_DAY", "SENSORS", "SITES", "RUNS")
    passed = kept[number].record.get("passed_over")
    return replace(ReportRequest(*(given[key] for key in keys)), passed=passed)


def parameters_of(report: PeriodReport) -> dict[str, Any]:
    """What has to be given to make the report again."""
    made = report.request
    return {
        "PERIOD": made.period, "FIRST_DAY": made.first_day, "LAST_DAY": made.last_day,
        "SENSORS": list(made.sensors), "SITES": list(made.sites), "RUNS": list(made.runs),
    }  # fmt: skip


def keep_report(db: Database, report: PeriodReport) -> int:
    """Keep the report's parameters and digests as a run; returns its number."""
    record = {
        "coefficients_sha256": {str(key): text for key, text in report.digest.items()},
        "passed_over": [one.id for one in report.passed],
    }
    return save_run(db, Run(METHOD, parameters_of(report), plugin_version(), record=record))
