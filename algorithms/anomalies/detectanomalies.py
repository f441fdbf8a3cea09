# SPDX-License-Identifier: GPL-3.0-or-later
"""Anomalies of single dates in tables of time series, with their types."""

from __future__ import annotations

from typing import Any

from ...core.anomalies.places import NEAR_KM
from ...core.anomalies.run import AnomalyRun, SiteTests, find_anomalies
from ...core.anomalies.step_tables import table_of_steps
from ...core.anomalies.summaries import expectation, type_counts
from ...core.anomalies.tables import table_of_anomalies, table_of_detections
from ...core.progress import Part
from ...core.report.anomalies import anomaly_report
from ...core.report.numbers import expected_count
from ..base import CalValAlgorithm, Group, Job, make, tr
from ..products.series_parameters import VALUE_SCALE, add_columns, columns_of, read_series
from .detection_parameters import add_detection, settings_of, threshold


class DetectAnomalies(CalValAlgorithm):
    """Tests every clear date of every site, and names what it flags."""

    ID = "detectanomalies"
    GROUP = Group.ANOMALIES
    TAGS = (
        "time series", "anomaly", "outlier", "cloud", "shadow", "AOT", "calibration", "harmonic",
        "quality",
    )  # fmt: skip
    REQUIRES = ("scipy",)

    INPUT, OUTPUT, ANOMALIES, STEPS, REPORT = "INPUT", "OUTPUT", "ANOMALIES", "STEPS", "REPORT"
    LEVEL, WINDOW_DAYS, NEAR_KM = "LEVEL", "WINDOW_DAYS", "NEAR_KM"
    SEEK_STEPS, STEP_DAYS = "SEEK_STEPS", "STEP_DAYS"

    def title(self) -> str:
        return tr("Detect anomalies in time series")

    def summary(self) -> str:
        return tr(
            "Finds the dates at which the reflectance of a site is off its season, says of which "
            "type the anomaly is (cloud, thin cloud, shadow, AOT under- or over-corrected, gain, "
            "offset, wrong date), how large and how sure. A seasonal model is fitted robustly to "
            "the clear dates; all bands together give one p-value per date, so that the number of "
            "false alarms is known beforehand. With several sites, dates and lasting changes that "
            "they share are told from those of one ground: they rather come from sensor or "
            "processor.\n\n"
            "After Rousseeuw and Van Driessen (1999), 10.1080/00401706.1999.10485670, and "
            "Benjamini and Heller (2008), 10.1111/j.1541-0420.2007.00984.x."
        )

    def define(self) -> None:
        self.add(
            make.table(
                self.INPUT, tr("Time series"),
                tr(
                    "The output of 'Extract time series', or another table with a row per date and "
                    "band, or a column per band."
                ),
            ),
            threshold(),
        )  # fmt: skip
        add_detection(self)
        self._define_sites()
        add_columns(self)
        self._define_outputs()

    def _define_sites(self) -> None:
        self.add(
            make.number(
                self.LEVEL, tr("Level of shared events"),
                tr(
                    "Chance of seeing any date that sites share where they share none, and false "
                    "discovery rate of steps, between 0 and 1."
                ),
                0.01, minimum=1e-9, maximum=0.5, advanced=True,
            ),
            make.number(
                self.WINDOW_DAYS, tr("Window of shared dates (days)"),
                tr("Dates of two sites that are no farther apart count as one; 0 or more."),
                2.0, minimum=0.0, maximum=60.0, advanced=True,
            ),
            make.number(
                self.NEAR_KM, tr("Distance of sites that count as one (km)"),
                tr(
                    "Sites that are nearer, or seen in the same product, have one vote together on "
                    "shared dates and steps: what they share may be the weather of one image. "
                    "0: only those of one product."
                ),
                NEAR_KM, minimum=0.0, maximum=20000.0, advanced=True,
            ),
            make.switch(
                self.SEEK_STEPS, tr("Seek lasting changes"),
                tr("Look for steps of the level too; takes most of the time."), True, advanced=True,
            ),
            make.number(
                self.STEP_DAYS, tr("Distance of possible steps (days)"),
                tr("Steps are sought at such distances, then at all dates near the best."),
                10, minimum=1, maximum=365, integer=True, advanced=True,
            ),
        )  # fmt: skip

    def _define_outputs(self) -> None:
        self.add(
            make.table_output(
                self.OUTPUT, tr("Observations"),
                tr(
                    "All rows of the input with expected value, residual and z, and the p-value, "
                    "status and type of their date. The panel 'Time series' reads it."
                ),
                optional=True, points=True, offered=True,
            ),
            make.table_output(
                self.ANOMALIES, tr("Anomalies"),
                tr("One point at the site for each date that was flagged."),
                optional=True, points=True, offered=True,
            ),
            make.table_output(
                self.STEPS, tr("Shared dates and lasting changes"),
                tr("Events of sensor or ground, and levels between sensors."),
                optional=True, points=True,
            ),
            make.report_output(
                self.REPORT, tr("Report"),
                tr("Anomalies, series, rates, noise, mask and limits, with figures."),
            ),
        )  # fmt: skip
        self.add_number("OBSERVATION_COUNT", tr("Dates"))
        self.add_number("TESTED_COUNT", tr("Tested dates"))
        self.add_number("ANOMALY_COUNT", tr("Anomalies"))
        self.add_number(
            "FALSE_ALARM_EXPECTED", tr("False alarms expected if every date followed its model")
        )
        self.add_number("SHARED_DATE_COUNT", tr("Dates that sites share"))
        self.add_number("STEP_COUNT", tr("Lasting changes"))
        self.add_number("SENSOR_LEVEL_COUNT", tr("Sensors that differ from another at a site"))
        self.add_number("SITE_COUNT", tr("Sites"))
        self.add_string("MOST_FREQUENT_TYPE", tr("Most frequent type"))

    def compute(self, job: Job) -> dict[str, Any]:
        job.first_wanted(self.OUTPUT, self.ANOMALIES, self.STEPS, self.REPORT)
        tests = SiteTests(
            job[self.LEVEL], job[self.WINDOW_DAYS], job[self.SEEK_STEPS], job[self.STEP_DAYS],
            job[self.NEAR_KM],
        )  # fmt: skip
        settings = settings_of(job)
        table = read_series(job, self.INPUT, Part(job.progress, 0.0, 0.1))
        part = Part(job.progress, 0.1, 0.7)
        run = find_anomalies(table, columns_of(job), job[VALUE_SCALE], settings, tests, part)
        for note in run.notes:
            job.progress.warn(note)
        if run.tested:
            job.progress.info(expectation(run.anomalies, run.tested, run.false_alarm_expected))
        found = (run.series, run.detections, run.common)
        if job.wanted(self.OUTPUT):
            job.write_table(self.OUTPUT, table_of_detections(*found), "anomaly_observations")
        if job.wanted(self.ANOMALIES):
            job.write_table(self.ANOMALIES, table_of_anomalies(*found), "anomalies")
        if job.wanted(self.STEPS):
            job.write_table(self.STEPS, table_of_steps(run), "anomaly_steps")
        if job.wanted(self.REPORT):
            job.progress.report(0.95, tr("Writing the report"))
            job.write_text(self.REPORT, anomaly_report(run, job.context(self.title())))
        return self._numbers(run)

    def _numbers(self, run: AnomalyRun) -> dict[str, Any]:
        return {
            "OBSERVATION_COUNT": run.observations,
            "TESTED_COUNT": run.tested,
            "ANOMALY_COUNT": run.anomalies,
            "FALSE_ALARM_EXPECTED": expected_count(run.false_alarm_expected),
            "SHARED_DATE_COUNT": len(run.dates),
            "STEP_COUNT": len(run.steps),
            "SENSOR_LEVEL_COUNT": len(run.sensor_differences),
            "SITE_COUNT": len(run.series),
            "MOST_FREQUENT_TYPE": next(iter(type_counts(run.detections)), ""),
        }
