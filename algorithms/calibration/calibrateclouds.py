# SPDX-License-Identifier: GPL-3.0-or-later
"""Calibration of bands against each other over deep convective clouds."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from ...core.calibration.cloud_tables import (
    cloud_budget_table,
    cloud_run,
    cloud_table,
    cloud_uncertainties,
)
from ...core.calibration.cloud_uncertainty import CloudSizes
from ...core.calibration.clouds import CloudSettings, calibrate_clouds
from ...core.calibration.database_run import CrossRequest, SideReader
from ...core.calibration.pdf_statistics import Statistic
from ...core.calibration.screening import Screening
from ...core.calibration.site_kinds import SiteKind
from ...core.database import open_database
from ...core.database.runs import save_run
from ...core.names import split_names
from ...core.progress import Part
from ...core.report.clouds import clouds_report
from ..base import CalValAlgorithm, Group, Job, make, tr
from ..database import DATABASE, database
from ..inputs import describe
from . import cross_parameters as cross
from .cross_budget import DRAWS, SEED, add_draws


class CalibrateClouds(CalValAlgorithm):
    """Coefficients of the white bands relative to one of them."""

    ID = "calibrateclouds"
    GROUP = Group.CALIBRATION
    TAGS = ("calibration", "cloud", "DCC", "deep convective", "inter-band", "toa reflectance")
    REQUIRES = ("scipy",)

    REFERENCE_BAND, MIN_REFLECTANCE, MAX_COLOR = "REFERENCE_BAND", "MIN_REFLECTANCE", "MAX_COLOR"
    TOP_PRESSURE, KEEP = "TOP_PRESSURE_HPA", "KEEP_RUN"
    OZONE_SIZE, TOP_SIZE = "OZONE_UNCERTAINTY", "TOP_PRESSURE_UNCERTAINTY"
    REFERENCE_SIZE, SPECTRUM_SIZE = "REFERENCE_UNCERTAINTY", "SPECTRUM_UNCERTAINTY"
    RESPONSE_SIZE = "RESPONSE_UNCERTAINTY"
    OUTPUT, BUDGET, REPORT = "OUTPUT", "BUDGET", "REPORT"

    def title(self) -> str:
        return tr("Calibrate bands over clouds")

    def summary(self) -> str:
        return tr(
            "Calibrates the bands of a sensor against one of them over deep convective clouds: "
            "they are white from 0.4 to 0.92 µm and reach so high that only ozone and thin air are "
            "above them. What the reference band measures says what each other band should; mode, "
            "median, mean and inflection of the two distributions are compared, with bootstrap "
            "errors.\n\n"
            "After Fougnie and Bach (2009), 10.1109/TGRS.2008.2001148, and Doelling et al. (2013), "
            "10.1109/TGRS.2012.2225066."
        )

    def define(self) -> None:
        self.add(
            database(),
            cross.target_sensor(),
            make.string(
                self.REFERENCE_BAND, tr("Reference band"),
                tr("The band that all others are compared with, such as B04."),
            ),
        )  # fmt: skip
        cross.add_choice(self)
        self.add(
            make.number(
                self.MIN_REFLECTANCE, tr("Least reflectance of the cloud"),
                tr("In the reference band, corrected for the air above; from 0 to 1.5."),
                0.7, minimum=0.0, maximum=1.5,
            ),
            make.number(
                self.MAX_COLOR, tr("Largest departure from white"),
                tr("Of measured from simulated reflectance in any band, relative."),
                0.1, minimum=0.001, maximum=1.0, advanced=True,
            ),
            cross.max_spread(tr("Standard deviation by mean of one cloud."), 0.03, 1.0),
            cross.max_zenith(tr("Of sun and view."), 40.0, 80.0),
            make.number(
                self.TOP_PRESSURE, tr("Pressure at the cloud top (hPa)"),
                tr("It decides how much air scatters above the clouds."),
                180.0, minimum=20.0, maximum=1000.0, advanced=True,
            ),
            cross.ozone_column(
                tr("Where an observation does not state it; all of it above the clouds."), 270.0
            ),
        )  # fmt: skip
        self._define_sizes()
        add_draws(self, least=20)
        self._define_outputs()

    def _define_sizes(self) -> None:
        for key, label, text, default, most in (
            (self.OZONE_SIZE, tr("Uncertainty of the ozone (%)"),
             tr("Standard uncertainty of the column above the clouds."), 3.0, 100.0),
            (self.TOP_SIZE, tr("Uncertainty of the cloud top (hPa)"),
             tr("Standard uncertainty of the pressure at the cloud top."), 50.0, 500.0),
            (self.REFERENCE_SIZE, tr("Uncertainty of the reference band (%)"),
             tr(
                 "Standard uncertainty of its calibration; what it makes of ratios of bands counts."
             ), 3.0, 50.0),
            (self.SPECTRUM_SIZE, tr("Uncertainty of the cloud's spectrum (%)"),
             tr(
                 "Standard uncertainty of the reflectance of the cloud in a band by that in the "
                 "reference band; 0: not in the budget."
             ), 0.0, 50.0),
            (self.RESPONSE_SIZE, tr("Uncertainty of the spectral response (nm)"),
             tr(
                 "Standard uncertainty of the wavelengths of each band, whether or not the table "
                 "of its spectral response is there: the SMAC coefficients hold the response."
             ), 0.5, 50.0),
        ):  # fmt: skip
            self.add(make.number(key, label, text, default, minimum=0.0, maximum=most,
                                 advanced=True))  # fmt: skip

    def _define_outputs(self) -> None:
        self.add(
            cross.keep_run(self.KEEP, tr("Every cloud and coefficient, with the parameters.")),
            make.table_output(
                self.OUTPUT, tr("Coefficients"),
                tr("A row per band and statistic: coefficient, error, clouds."),
            ),
            make.table_output(
                self.BUDGET, tr("Contributions"),
                tr("A row per band and contributor, percent of A_k by the median."), optional=True,
            ),
            make.report_output(
                self.REPORT, tr("Report"),
                tr(
                    "Coefficients, distributions, dependence on the reflectance, uncertainty by "
                    "contributor."
                ),
            ),
        )  # fmt: skip
        self.add_number("CLOUD_COUNT", tr("Clouds"))
        self.add_number("RUN_ID", tr("Number of the run in the database"))
        self.add_string("COEFFICIENTS", tr("Coefficients by band and statistic (JSON)"))
        self.add_string("UNCERTAINTIES", tr("Combined uncertainty by band (JSON, %, k = 1)"))

    def compute(self, job: Job) -> dict[str, Any]:
        request = CrossRequest(
            job[cross.TARGET_SENSOR], "", split_names(job[cross.SITES]),
            job[cross.TARGET_VERSION], "", job[cross.FIRST_DAY], job[cross.LAST_DAY],
            job[cross.ATMOSPHERE], kind=SiteKind.CLOUD,
        )  # fmt: skip
        screening = Screening(job[cross.MAX_SPREAD], 1.0, 0.0, max_zenith_deg=job[cross.MAX_ZENITH])
        settings = CloudSettings(
            job[self.REFERENCE_BAND], screening, job[self.MIN_REFLECTANCE], job[self.MAX_COLOR],
            job[self.TOP_PRESSURE], job[cross.OZONE], replicates=job[DRAWS],
            seed=job[SEED], sizes=CloudSizes(
                job[self.OZONE_SIZE] / 100.0, job[self.TOP_SIZE],
                job[self.REFERENCE_SIZE] / 100.0, job[self.SPECTRUM_SIZE] / 100.0,
                job[self.RESPONSE_SIZE],
            ),
        )  # fmt: skip
        with open_database(job[DATABASE], progress=job.progress) as db:
            reader = SideReader(db, request)
            side = reader.target()
            made = calibrate_clouds(side, settings, Part(job.progress, 0.1, 0.9))
            found = replace(made, notes=(*reader.notes, *made.notes))
            for note in found.notes:
                job.progress.warn(note)
            job.write_table(self.OUTPUT, cloud_table(found))
            if job.wanted(self.BUDGET):
                job.write_table(self.BUDGET, cloud_budget_table(found))
            if job.wanted(self.REPORT):
                name = side.measurements.sensor.name
                report = clouds_report(found, name, job.context(self.title()))
                job.write_text(self.REPORT, report)
            number = -1
            if job[self.KEEP]:
                number = save_run(db, cloud_run(found, side, describe(job.values)))
        by_band = {one.band: {w.value: one.a_k[w] for w in Statistic} for one in found.bands}
        return {
            "CLOUD_COUNT": len(found.used), "RUN_ID": number, "COEFFICIENTS": json.dumps(by_band),
            "UNCERTAINTIES": json.dumps(cloud_uncertainties(found)),
        }  # fmt: skip
