# SPDX-License-Identifier: GPL-3.0-or-later
"""What the calibrations of a sensor against another one over sites share."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from ...core.calibration.cross_tables import coefficients, results_table, summary_table
from ...core.calibration.database_run import calibrate_from, keep, places_of
from ...core.database import open_database
from ...core.progress import Part
from ...core.report.calibration import cross_calibration_report
from ..base import CalValAlgorithm, Group, Job, make, tr
from ..database import DATABASE, database
from ..inputs import describe
from . import cross_parameters as cross
from .cross_budget import add_results, sizes_of
from .cross_spectral import SPECTRA, add_brdf, with_brdf


class CrossCalibration(CalValAlgorithm):
    """A_k of each band against a reference sensor; a subclass says over which sites."""

    GROUP = Group.CALIBRATION
    REQUIRES = ("scipy",)
    DEFAULTS = cross.Defaults()

    OUTPUT, SUMMARY, REPORT, KEEP = "OUTPUT", "SUMMARY", "REPORT", "KEEP_RUN"

    def define(self) -> None:
        self.add(database())
        cross.add_sensors(self)
        cross.add_matching(self, self.DEFAULTS)
        add_brdf(self)
        cross.add_screening(self, self.DEFAULTS)
        cross.add_atmosphere(self, self.DEFAULTS)
        add_results(self)
        self.add(
            cross.keep_run(
                self.KEEP, tr("Every pair, coefficient and contributor, with the parameters.")
            ),
            make.table_output(
                self.OUTPUT, tr("Coefficients"),
                tr(
                    "A row per pair, band and spectral method: measured and simulated reflectance, "
                    "A_k, differences of geometry, and whether it is kept or why not."
                ),
                points=True,
            ),
            make.table_output(
                self.SUMMARY, tr("Summary"),
                tr("A row per band, method, site and period: mean, errors, trend."), optional=True,
            ),
            make.report_output(
                self.REPORT, tr("Report"),
                tr("Coefficients, series, uncertainty by contributor, and what was left out."),
            ),
        )  # fmt: skip
        self.add_number("PAIR_COUNT", tr("Pairs"))
        self.add_number("RUN_ID", tr("Number of the run in the database"))
        self.add_string("COEFFICIENTS", tr("Coefficients by band (JSON)"))

    def compute(self, job: Job) -> dict[str, Any]:
        request = replace(cross.request_of(job, kind=self.DEFAULTS.kind), spectra=job[SPECTRA])
        with open_database(job[DATABASE], progress=job.progress) as db:
            settings = with_brdf(cross.settings_of(job, self.DEFAULTS), job)
            part = Part(job.progress, 0.0, 0.85)
            run = calibrate_from(db, request, settings, sizes_of(job), part)
            for note in run.notes:
                job.progress.warn(note)
            table = results_table(run, places_of(db))
            job.write_table(self.OUTPUT, table, "calibration_coefficients")
            if job.wanted(self.SUMMARY):
                job.write_table(self.SUMMARY, summary_table(run))
            if job.wanted(self.REPORT):
                job.progress.report(0.9, tr("Writing the report"))
                report = cross_calibration_report(run, job.context(self.title()))
                job.write_text(self.REPORT, report)
            number = keep(db, run, self.ID, describe(job.values)) if job[self.KEEP] else -1
        return {
            "PAIR_COUNT": len(run.result.pairs),
            "RUN_ID": number,
            "COEFFICIENTS": json.dumps(coefficients(run)),
        }
