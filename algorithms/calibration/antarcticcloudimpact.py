# SPDX-License-Identifier: GPL-3.0-or-later
"""What screening for clouds does to the coefficients over Antarctic sites."""

from __future__ import annotations

from typing import Any

from ...core.calibration.cloud_impact import THRESHOLDS, CloudTest, cloud_impact, impact_table
from ...core.calibration.database_run import SideReader
from ...core.database import open_database
from ...core.names import split_numbers
from ...core.progress import Part
from ...core.report.cloud_impact import cloud_impact_report
from ..base import CalValAlgorithm, Group, Job, make, tr
from ..database import DATABASE, database
from . import cross_parameters as cross
from .calibrateantarctic import CalibrateAntarctic

KEYS = {
    CloudTest.SPREAD: "SPREAD_THRESHOLDS", CloudTest.RESIDUAL: "RESIDUAL_THRESHOLDS",
    CloudTest.COLOR: "COLOR_THRESHOLDS", CloudTest.OUTLIER: "OUTLIER_THRESHOLDS",
}  # fmt: skip


class AntarcticCloudImpact(CalValAlgorithm):
    """Coefficients over the thresholds of four cloud tests."""

    ID = "antarcticcloudimpact"
    GROUP = Group.CALIBRATION
    TAGS = ("calibration", "antarctic", "snow", "cloud", "screening", "sensitivity", "dome c")
    REQUIRES = ("scipy",)
    DEFAULTS = CalibrateAntarctic.DEFAULTS

    OUTPUT, REPORT = "OUTPUT", "REPORT"

    def title(self) -> str:
        return tr("Study the impact of clouds on Antarctic calibration")

    def summary(self) -> str:
        return tr(
            "Calibrates a sensor over Antarctic sites again and again, with other thresholds of "
            "four cloud tests: the spread over the site (which does not see an even cloud over "
            "snow), the residual of a directional model of the series, the color against its "
            "month, and outliers of the coefficients. Coefficients, scatter and number of pairs "
            "over each threshold show what the screening decides, and what it leaves as it is."
        )

    def define(self) -> None:
        self.add(database())
        cross.add_sensors(self)
        cross.add_matching(self, self.DEFAULTS)
        cross.add_screening(self, self.DEFAULTS)
        cross.add_atmosphere(self, self.DEFAULTS)
        labels = {
            CloudTest.SPREAD: tr("Thresholds of the spread"),
            CloudTest.RESIDUAL: tr("Thresholds of the residual"),
            CloudTest.COLOR: tr("Thresholds of the color"),
            CloudTest.OUTLIER: tr("Thresholds of outliers"),
        }
        for test, key in KEYS.items():
            self.add(
                make.string(
                    key, labels[test],
                    tr("Numbers above 0, separated by commas; empty: this test is not swept."),
                    ", ".join(f"{value:g}" for value in THRESHOLDS[test]), optional=True,
                    advanced=True, several=True,
                )
            )  # fmt: skip
        self.add(
            make.table_output(
                self.OUTPUT, tr("Coefficients by threshold"),
                tr("A row per test, threshold and band: mean, scatter, pairs, change."),
            ),
            make.report_output(
                self.REPORT, tr("Report"), tr("Curves and tables of each test."),
            ),
        )  # fmt: skip
        self.add_number("PAIR_COUNT", tr("Pairs with the screening as set"))
        self.add_number("POINT_COUNT", tr("Thresholds"))

    def problem(self, values: dict[str, Any]) -> str:
        if not any(str(values.get(key) or "").strip() for key in KEYS.values()):
            return tr("There is no threshold at all: give those of at least one test.")
        return ""

    def compute(self, job: Job) -> dict[str, Any]:
        thresholds = {test: split_numbers(job[key], key, fewest=0) for test, key in KEYS.items()}
        with open_database(job[DATABASE], progress=job.progress) as db:
            kind = self.DEFAULTS.kind
            request = cross.request_of(job, summed=False, drawn=False, kind=kind)
            reader = SideReader(db, request)
            target, reference = reader.both()
        for note in reader.notes:
            job.progress.warn(note)
        impact = cloud_impact(
            target, reference, cross.settings_of(job, self.DEFAULTS, spectral=False),
            {test: values for test, values in thresholds.items() if values},
            progress=Part(job.progress, 0.1, 0.9),
        )  # fmt: skip
        job.write_table(self.OUTPUT, impact_table(impact))
        if job.wanted(self.REPORT):
            names = (target.measurements.sensor.name, reference.measurements.sensor.name)
            report = cloud_impact_report(impact, *names, job.context(self.title()), reader.notes)
            job.write_text(self.REPORT, report)
        return {"PAIR_COUNT": len(impact.base.pairs), "POINT_COUNT": len(impact.points)}
