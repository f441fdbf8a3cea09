# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on a period of calibration out of the runs in the database."""

from __future__ import annotations

from typing import Any

from ...core.calibration.period_report import ReportRequest, gather
from ...core.calibration.period_store import keep_report, stored_request
from ...core.calibration.period_tables import period_table
from ...core.database import open_database
from ...core.errors import InputError
from ...core.names import split_names
from ...core.progress import Part
from ...core.report.calibration_period import period_report
from ..base import CalValAlgorithm, Group, Job, make, tr
from ..database import DATABASE, database


class CalibrationReport(CalValAlgorithm):
    """Coefficients, trends, budgets and changes of a half-year on one page."""

    ID = "calibrationreport"
    GROUP = Group.CALIBRATION
    TAGS = ("calibration", "report", "half-yearly", "trend", "desert", "pics", "html")
    REQUIRES = ("scipy", "jinja2")

    PERIOD, SENSORS, SITES, RUNS = "PERIOD", "SENSORS", "SITES", "RUNS"
    FIRST_DAY, LAST_DAY, AGAIN = "FIRST_DAY", "LAST_DAY", "AGAIN"
    KEEP, OUTPUT, REPORT = "KEEP_RUN", "OUTPUT", "REPORT"

    def title(self) -> str:
        return tr("Calibration report")

    def summary(self) -> str:
        return tr(
            "The half-yearly report in one step, out of the calibration runs in the database: "
            "coefficients A_k of the period by band and site with their uncertainty, the change "
            "since the period before with its error and in words, series with trend models, the "
            "budget, and the list of the measurements used, on one page that needs nothing else. "
            "Its parameters are kept in the database, so that the same report can be made again."
            "\n\nTrends after Schwarz (1978), 10.1214/aos/1176344136, and Zhang and Siegmund "
            "(2007), 10.1111/j.1541-0420.2006.00662.x."
        )

    def define(self) -> None:
        self.add(
            database(),
            make.string(
                self.PERIOD, tr("Period"),
                tr(
                    "2009-H1 (half-year), 2009-Q3 (quarter), 2009-05 (month) or 2009; empty: the "
                    "half-year of the last coefficient. The period before is compared with it."
                ),
                optional=True,
            ),
            make.string(
                self.SENSORS, tr("Sensors"),
                tr("Calibrated sensors, separated by commas; empty: all."),
                optional=True, several=True,
            ),
            make.string(
                self.SITES, tr("Sites"), tr("Separated by commas; empty: all."),
                optional=True, several=True,
            ),
            make.string(
                self.FIRST_DAY, tr("First day"), tr("Instead of a period, as 2009-01-31 (UTC)."),
                optional=True, advanced=True,
            ),
            make.string(
                self.LAST_DAY, tr("Last day"),
                tr("Instead of a period, as 2009-06-30 (UTC), included."),
                optional=True, advanced=True,
            ),
            make.string(
                self.RUNS, tr("Numbers of the runs"),
                tr(
                    "Separated by commas; empty: the last run of each sensor, reference and method."
                ),
                optional=True, advanced=True, several=True,
            ),
            make.number(
                self.AGAIN, tr("Report to make again"),
                tr(
                    "Number of a report that the database has kept: its parameters are taken, "
                    "those above are not. 0: a new report."
                ),
                0, minimum=0, integer=True, advanced=True,
            ),
            make.switch(
                self.KEEP, tr("Keep the parameters in the database"),
                tr("So that the report can be made again."), True, advanced=True,
            ),
            make.report_output(
                self.REPORT, tr("Report"), tr("The page, with all figures in it."), optional=False,
            ),
            make.table_output(
                self.OUTPUT, tr("Coefficients"),
                tr("A row per run, band and site: the period, the one before, the change."),
                optional=True,
            ),
        )  # fmt: skip
        self.add_number("REPORT_ID", tr("Number of the report in the database"))
        self.add_number("RUN_COUNT", tr("Runs"))
        self.add_number("COEFFICIENT_COUNT", tr("Coefficients of the period"))

    def problem(self, values: dict[str, Any]) -> str:
        self._request(values).span()
        return ""

    def compute(self, job: Job) -> dict[str, Any]:
        with open_database(job[DATABASE], progress=job.progress) as db:
            again = job[self.AGAIN]
            request = stored_request(db, again) if again else self._request(job.values)
            found = gather(db, request, Part(job.progress, 0.0, 0.8))
            for note in found.notes:
                job.progress.warn(note)
            job.write_table(self.OUTPUT, period_table(found))
            job.progress.report(0.9, tr("Writing the report"))
            versions = job.record["versions"]
            page = period_report(found, self.title(), str(job[DATABASE]), versions)
            job.write_text(self.REPORT, page)
            number = again or (keep_report(db, found) if job[self.KEEP] else -1)
        return {
            "REPORT_ID": number, "RUN_COUNT": len(found.chains), "COEFFICIENT_COUNT": found.count,
        }  # fmt: skip

    def _request(self, values: dict[str, Any]) -> ReportRequest:
        numbers = split_names(values[self.RUNS])
        if not all(number.isdecimal() for number in numbers):
            raise InputError(
                f"RUNS ('{values[self.RUNS]}') holds other things than numbers of runs."
            )
        return ReportRequest(
            values[self.PERIOD].strip(), values[self.FIRST_DAY].strip(),
            values[self.LAST_DAY].strip(), split_names(values[self.SENSORS]),
            split_names(values[self.SITES]), [int(number) for number in numbers],
        )  # fmt: skip
