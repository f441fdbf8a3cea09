# SPDX-License-Identifier: GPL-3.0-or-later
"""What each uncertain input makes of the coefficients over deserts."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from ...core.calibration.budget_types import Sizes
from ...core.calibration.cross_tables import budget_table, correlation_table, uncertainties
from ...core.calibration.database_run import calibrate_from
from ...core.database import open_database
from ...core.progress import Part
from ...core.report.uncertainty import uncertainty_report
from ..base import CalValAlgorithm, Group, Job, make, tr
from ..database import DATABASE, database
from . import cross_parameters as cross
from .calibratedesert import CalibrateDesert
from .cross_budget import add_draws
from .cross_spectral import SPECTRA, add_brdf, add_spectral, with_brdf

AOT, AOT_DIFFERENCE = "AOT_UNCERTAINTY", "AOT_DIFFERENCE_UNCERTAINTY"
WATER, WATER_DIFFERENCE = "WATER_UNCERTAINTY", "WATER_DIFFERENCE_UNCERTAINTY"
OZONE, PRESSURE = "OZONE_UNCERTAINTY", "PRESSURE_UNCERTAINTY"
RESPONSE, REFERENCE = "RESPONSE_UNCERTAINTY", "REFERENCE_UNCERTAINTY"


class DesertUncertainty(CalValAlgorithm):
    """The budget of the coefficients, by contributor and band."""

    ID = "desertuncertainty"
    GROUP = Group.CALIBRATION
    TAGS = ("calibration", "desert", "uncertainty", "budget", "GUM", "Monte Carlo", "sensitivity")
    REQUIRES = ("scipy",)
    DEFAULTS = CalibrateDesert.DEFAULTS

    OUTPUT, CORRELATION, REPORT = "OUTPUT", "CORRELATION", "REPORT"

    def title(self) -> str:
        return tr("Budget the uncertainty over deserts")

    def summary(self) -> str:
        return tr(
            "Calibrates a sensor over deserts and says what each uncertain input makes of the "
            "coefficients, band by band: AOT and water vapor of both dates and their differences, "
            "ozone, pressure, spectral interpolation, spectral response, matching, reference "
            "sensor, scatter of the pairs. Analytic and Monte Carlo figures stand side by side; "
            "what is common to all dates and bands is kept apart from what averages out.\n\n"
            "After JCGM 100:2008 and 101:2008."
        )

    def define(self) -> None:
        self.add(database())
        cross.add_sensors(self)
        cross.add_matching(self, self.DEFAULTS)
        add_brdf(self)
        cross.add_screening(self, self.DEFAULTS)
        cross.add_atmosphere(self, self.DEFAULTS)
        add_spectral(self)
        self._define_sizes()
        self.add(
            make.table_output(
                self.OUTPUT, tr("Contributions"),
                tr(
                    "A row per band and contributor, percent of A_k, analytic and Monte Carlo, of "
                    "the main spectral method."
                ),
            ),
            make.table_output(
                self.CORRELATION, tr("Correlation between bands"),
                tr("A row per pair of bands."), optional=True,
            ),
            make.report_output(
                self.REPORT, tr("Report"), tr("Contributors by band, and how bands go together."),
            ),
        )  # fmt: skip
        self.add_number("PAIR_COUNT", tr("Pairs"))
        self.add_string("UNCERTAINTIES", tr("Combined uncertainty by band (JSON, %, k = 1)"))

    def _define_sizes(self) -> None:
        common = tr("Standard uncertainty of its level, common to both dates.")
        between = tr("Standard uncertainty of its difference between the two dates of a pair.")
        for key, label, text, default, most in (
            (AOT, tr("AOT"), common, 0.1, 2.0),
            (AOT_DIFFERENCE, tr("AOT between dates"), between, 0.1, 2.0),
            (WATER, tr("Water vapor (%)"), common, 20.0, 100.0),
            (WATER_DIFFERENCE, tr("Water vapor between dates (%)"), between, 20.0, 100.0),
            (OZONE, tr("Ozone (%)"), common, 3.0, 100.0),
            (PRESSURE, tr("Pressure (%)"), common, 1.0, 20.0),
            (RESPONSE, tr("Spectral response (nm)"),
             tr(
                 "Standard uncertainty of the wavelengths of the sensor to calibrate; ten times "
                 "that of bands without a spectral response, whose nominal wavelength is taken."
             ), 0.5, 50.0),
            (REFERENCE, tr("Reference sensor (%)"),
             tr("Standard uncertainty of its calibration, common to its bands."), 1.0, 50.0),
        ):  # fmt: skip
            self.add(make.number(key, label, text, default, minimum=0.0, maximum=most,
                                 advanced=key not in (AOT, REFERENCE)))  # fmt: skip
        add_draws(self, least=20)

    def compute(self, job: Job) -> dict[str, Any]:
        sizes = Sizes(
            job[AOT], job[AOT_DIFFERENCE], job[WATER] / 100.0, job[WATER_DIFFERENCE] / 100.0,
            job[OZONE] / 100.0, job[PRESSURE] / 100.0, job[RESPONSE], job[REFERENCE] / 100.0,
        )  # fmt: skip
        settings = with_brdf(cross.settings_of(job, self.DEFAULTS), job)
        with open_database(job[DATABASE], progress=job.progress) as db:
            request = cross.request_of(job, summed=False, kind=self.DEFAULTS.kind)
            request = replace(request, spectra=job[SPECTRA])
            run = calibrate_from(db, request, settings, sizes, Part(job.progress, 0.0, 0.9))
        for note in run.notes:
            job.progress.warn(note)
        job.write_table(self.OUTPUT, budget_table(run))
        if job.wanted(self.CORRELATION):
            job.write_table(self.CORRELATION, correlation_table(run))
        if job.wanted(self.REPORT):
            job.write_text(self.REPORT, uncertainty_report(run, job.context(self.title())))
        return {
            "PAIR_COUNT": len(run.result.pairs),
            "UNCERTAINTIES": json.dumps(uncertainties(run)),
        }
