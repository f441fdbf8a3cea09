# SPDX-License-Identifier: GPL-3.0-or-later
"""Anomalies of single dates in image stacks: rasters of the dates that matter, a table of all."""

from __future__ import annotations

from typing import Any

from ...core.anomalies.detect import LOWER
from ...core.anomalies.spatial.looks import MOST_LOOKS
from ...core.anomalies.spatial.pixels import PixelSettings
from ...core.anomalies.spatial.rasters import (
    AnomalySettings,
    detect_anomaly_rasters,
    open_anomaly_task,
)
from ...core.anomalies.summaries import expectation
from ...core.execution.runner import tile_folder
from ...core.names import split_list, split_names
from ...core.progress import Part
from ...core.report.anomaly_images import anomaly_images_report
from ...core.report.numbers import expected_count
from ..base import CalValAlgorithm, Group, Job, make, tr
from ..extraction_parameters import MASK_POLICY, mask_policy
from ..products.stack_parameters import (
    BANDS,
    add_sources,
    add_stack_details,
    source_of,
    stack_problem,
)
from .detection_parameters import THRESHOLD, harmonics, harmonics_of, noise_scale, threshold


class DetectAnomaliesRaster(CalValAlgorithm):
    """Finds odd images and odd parts of images."""

    ID = "detectanomaliesraster"
    GROUP = Group.ANOMALIES
    TAGS = (
        "anomaly", "time series", "cloud", "shadow", "AOT", "registration", "stripes", "outlier",
    )  # fmt: skip
    REQUIRES = ("scipy", "defusedxml")

    IMAGE_THRESHOLD, SHARE, NOISE_SCALE = "IMAGE_THRESHOLD", "SHARE_PERCENT", "NOISE_SCALE"
    DATES, MAX_DATES = "DATES", "MAX_DATES"
    OUTPUT, SCORE, COUNTS, DATE_TABLE = "OUTPUT", "SCORE", "COUNTS", "DATE_TABLE"
    REPORT = "REPORT"
    # output, name of the raster, style
    RASTERS = (
        (OUTPUT, "type", "anomaly_types"),
        (SCORE, "score", "anomaly_score"),
        (COUNTS, "counts", "anomaly_counts"),
    )

    def title(self) -> str:
        return tr("Detect anomalies in images")

    def summary(self) -> str:
        return tr(
            "Finds what is odd in a series of images: every pixel is compared with its own robust "
            "seasonal model in all bands together, and every image is voted on as a whole. Tells "
            "clouds and shadows that the mask has missed from a wrong aerosol correction, gain or "
            "offset, a shift, stripes, and a wrong date: what holds for all of an image is the "
            "image's, what a part has alone is local. Gives the type and the score of each pixel "
            "for the dates that matter, counts per pixel, and a table of all dates with p-values "
            "and amplitudes. Works tile by tile, resumes where it was stopped."
        )

    def define(self) -> None:
        add_sources(self)
        self.add(
            threshold(),
            make.number(
                self.SHARE, tr("Share that matters (percent)"),
                tr(
                    "A date gets rasters where more than this share of its tested pixels are "
                    "anomalies, or where the whole image is off; 0 to 100."
                ),
                5.0, minimum=0.0, maximum=100.0,
            ),
        )  # fmt: skip
        self._define_details()
        add_stack_details(self)
        self.add(*make.execution())
        self._define_outputs()

    def _define_details(self) -> None:
        self.add(
            make.string(
                self.DATES, tr("Dates"),
                tr("Days that get rasters in any case, separated by commas, as 2020-01-31."),
                optional=True, advanced=True, several=True,
            ),
            make.number(
                self.MAX_DATES, tr("Most dates"),
                tr("Of more dates that matter, those with most anomalies get rasters; 1 or more."),
                60, minimum=1, maximum=1000, integer=True, advanced=True,
            ),
            make.number(
                self.IMAGE_THRESHOLD, tr("Threshold of whole images (p-value)"),
                tr(
                    "An image whose mean deviates, or that is displaced, with a p-value below is "
                    "off as a whole."
                ),
                0.001, minimum=1e-12, maximum=0.5, advanced=True,
            ),
            harmonics(),
            noise_scale(self.NOISE_SCALE),
            mask_policy(advanced=True),
        )  # fmt: skip

    def _define_outputs(self) -> None:
        self.add(
            make.raster_output(
                self.OUTPUT, tr("Types of anomalies"),
                tr(
                    "A layer per date that matters: 0 none, 1 cloud, 2 thin cloud, 3 shadow, 4 AOT "
                    "under-corrected, 5 over-corrected, 6 gain, 7 offset, 8 wrong date, 9 unknown, "
                    "10 shift, 11 stripes, 255 not tested."
                ),
                optional=True,
            ),
            make.raster_output(
                self.SCORE, tr("Scores"),
                tr(
                    "A layer per date that matters: minus the logarithm (base 10) of the p-value "
                    "of all bands together, 0 to 25.4; no data -9999."
                ),
                optional=True,
            ),
            make.raster_output(
                self.COUNTS, tr("Counts"),
                tr("Two layers: anomalies of each pixel over all dates, and its clear dates."),
                optional=True,
            ),
            make.table_output(
                self.DATE_TABLE, tr("Table of dates"),
                tr("A row per date: verdict on the image, p-values, amplitudes, spatial tests."),
                optional=True, points=True,
            ),
            make.report_output(
                self.REPORT, tr("Report"),
                tr(
                    "Verdicts with their reasons, timeline, quick looks of the worst dates, types, "
                    "parameters and limits."
                ),
            ),
        )  # fmt: skip
        self.add_number("DATE_COUNT", tr("Dates"))
        self.add_number("LAYER_COUNT", tr("Dates that matter"))
        self.add_number("IMAGE_COUNT", tr("Dates on which the whole image is off"))
        self.add_number("TESTED_COUNT", tr("Pixels tested, over all dates"))
        self.add_number("ANOMALY_COUNT", tr("Anomalous pixels, over all dates"))
        self.add_number(
            "FALSE_ALARM_EXPECTED", tr("False alarms expected if every pixel followed its model")
        )

    def problem(self, values: dict[str, Any]) -> str:
        make.execution_settings(values)
        return stack_problem(values)

    def compute(self, job: Job) -> dict[str, Any]:
        first = job.first_wanted(
            self.OUTPUT, self.SCORE, self.COUNTS, self.DATE_TABLE, self.REPORT
        )  # fmt: skip
        pixels = PixelSettings(harmonics_of(job), job[THRESHOLD], job[self.NOISE_SCALE] == LOWER)
        days = split_list(job[self.DATES])
        settings = AnomalySettings(
            pixels, job[self.SHARE] / 100.0, days, job[self.MAX_DATES], job[self.IMAGE_THRESHOLD]
        )
        task, notes = open_anomaly_task(
            source_of(job), split_names(job[BANDS]), job[MASK_POLICY], settings,
            Part(job.progress, 0.0, 0.05),
        )  # fmt: skip
        targets = {
            name: (job.stage(key, style), job[key])
            for key, name, style in self.RASTERS if job.wanted(key)
        }  # fmt: skip
        report = detect_anomaly_rasters(
            task, targets, tile_folder(first), make.execution_settings(job.values),
            Part(job.progress, 0.05, 0.97), notes, MOST_LOOKS if job.wanted(self.REPORT) else 0,
        )  # fmt: skip
        job.afterward(report.run.discard)
        for note in report.notes:
            job.progress.warn(note)
        if report.tested:
            counts = (report.flagged, report.tested, report.false_alarm_expected)
            job.progress.info(expectation(*counts, of="pixels tested over all dates"))
        job.write_table(self.DATE_TABLE, report.table, "anomaly_dates")
        if job.wanted(self.REPORT):
            job.progress.report(0.98, tr("Writing the report"))
            job.write_text(
                self.REPORT, anomaly_images_report(task, report, job.context(self.title()))
            )
        return {
            "DATE_COUNT": len(report.votes),
            "LAYER_COUNT": len(report.layers),
            "IMAGE_COUNT": sum(one.kind != "none" for one in report.votes),
            "TESTED_COUNT": report.tested,
            "ANOMALY_COUNT": report.flagged,
            "FALSE_ALARM_EXPECTED": expected_count(report.false_alarm_expected),
        }
