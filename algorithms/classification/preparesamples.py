# SPDX-License-Identifier: GPL-3.0-or-later
"""Training and test samples for a land-cover map."""

from __future__ import annotations

from typing import Any

from ...core.classification.samples.reference import ReferenceFields
from ...core.classification.samples.run import SampleTask, prepare_samples
from ...core.classification.samples.settings import settings_from
from ...core.progress import Part
from ...core.report.samples import samples_report
from ..base import CalValAlgorithm, Group, Job, make, tr
from .class_styles import samples_style
from .date_matching import BY_ORDER, DATE_MATCHING, date_matching
from .samples_parameters import add_details, add_split


class PrepareSamples(CalValAlgorithm):
    """Reference polygons and a feature stack to samples."""

    ID = "preparesamples"
    GROUP = Group.CLASSIFICATION
    TAGS = ("land cover", "classification", "samples", "training", "reference", "SMOTE", "polygons")
    REQUIRES = ("scipy",)

    STACK, REFERENCE, CLASS_FIELD = "STACK", "REFERENCE", "CLASS_FIELD"
    ZONES, ZONE_FIELD, ID_FIELD, DATE_FIELD = "ZONES", "ZONE_FIELD", "ID_FIELD", "DATE_FIELD"
    VALIDITY, NODATA, CHECK_ONLY = "VALIDITY", "NODATA", "CHECK_ONLY"
    OUTPUT, SUMMARY, REPORT = "OUTPUT", "SUMMARY", "REPORT"

    def title(self) -> str:
        return tr("Prepare samples")

    def summary(self) -> str:
        return tr(
            "Takes the features of the pixels in reference polygons, and says which of them train "
            "a classifier and which test it. Whole polygons are on one side, by class and zone; a "
            "class with a single polygon trains and is named, as it cannot be validated. Rare "
            "classes can be augmented (copies, noise, SMOTE: Chawla et al. 2002, "
            "10.1613/jair.953), for training only. Folds of spatial blocks (Roberts et al. 2017, "
            "10.1111/ecog.02881) are given for cross-validation. The report tells polygons and "
            "samples by class and zone, what was left out and why, and what to beware of; a check "
            "only (CHECK_ONLY) tells it before any feature is read."
        )

    def define(self) -> None:
        self.add(
            make.files(
                self.STACK, tr("Feature stack"),
                tr(
                    "Raster with a feature in each band, named by the band descriptions, or "
                    "several tiles with the same features, in one coordinate system; of several "
                    "years too (DATE_MATCHING=order)."
                ),
            ),
            make.table(
                self.REFERENCE, tr("Reference polygons"),
                tr(
                    "Polygons with their class, in any coordinate system. Of points, also those of "
                    "a table with longitude and latitude, the pixel that holds them is taken."
                ),
            ),
            make.field(
                self.CLASS_FIELD, tr("Class field"),
                tr("Column of the classes: text or whole numbers."),
                self.REFERENCE,
            ),
            make.table(
                self.ZONES, tr("Zones"),
                tr(
                    "Polygons of zones that get a model of their own, such as climates. A "
                    "reference polygon belongs to the zone that holds the largest part of it."
                ),
                optional=True,
            ),
        )  # fmt: skip
        add_split(self)
        self._define_details()
        add_details(self)
        self.add(
            make.table_output(
                self.OUTPUT, tr("Samples"),
                tr(
                    "Points at the pixels, with class, polygon, zone, split, fold, origin and a "
                    "column for each feature. Left out for a check only."
                ),
                optional=True, points=True, offered=True,
            ),
            make.table_output(
                self.SUMMARY, tr("Samples by class"),
                tr("Polygons, pixels and samples of each run, zone and class."),
                optional=True, advanced=True,
            ),
            make.report_output(
                self.REPORT, tr("Report"),
                tr("Polygons and samples by class and zone, what was left out, and warnings."),
            ),
        )  # fmt: skip
        self.add_number("SAMPLE_COUNT", tr("Samples"))
        self.add_number("TRAIN_COUNT", tr("Training samples of the first run"))
        self.add_number("TEST_COUNT", tr("Test samples of the first run"))
        self.add_number("CLASS_COUNT", tr("Classes"))
        self.add_number("LEFT_OUT_COUNT", tr("Polygons left out"))

    def _define_details(self) -> None:
        self.add(
            make.field(
                self.ZONE_FIELD, tr("Zone field"),
                tr("Column of the names of the zones; needed where zones are given."),
                self.ZONES, optional=True, advanced=True,
            ),
            make.field(
                self.ID_FIELD, tr("Polygon field"),
                tr(
                    "Column that says which rows are one polygon, such as a field of several "
                    "parts. Empty: each row is a polygon, counted from 1."
                ),
                self.REFERENCE, optional=True, advanced=True,
            ),
            make.field(
                self.DATE_FIELD, tr("Date field"),
                tr(
                    "Column of the year or date of the reference: classes of one year are named. "
                    "With stacks of several years, polygons count in their own year alone; empty: "
                    "in all."
                ),
                self.REFERENCE, optional=True, advanced=True,
            ),
            make.files(
                self.VALIDITY, tr("Number of clear dates"),
                tr(
                    "Raster (or tiles) with the number of clear dates of each pixel; of several "
                    "years one for each of the stacks, in the same order."
                ),
                optional=True, advanced=True,
            ),
            date_matching(
                tr(
                    "Where there are several rasters. name: they have the same dates; order: they "
                    "may be of other years, whose n-th date of a band stands for the n-th of the "
                    "first raster. A pixel then gives a sample for each year, and the column year "
                    "says which."
                )
            ),
            make.number(
                self.NODATA, tr("No data"),
                tr("Value that means no data where the stack does not state it. Empty: none."),
                None, optional=True, advanced=True,
            ),
            make.switch(
                self.CHECK_ONLY, tr("Check only"),
                tr(
                    "Only count polygons and pixels by class, zone and side, and warn; features "
                    "are not read, and no samples are written."
                ),
                False,
            ),
        )  # fmt: skip

    def problem(self, values: dict[str, Any]) -> str:
        settings_from(values)
        return ""

    def compute(self, job: Job) -> dict[str, Any]:
        check_only = job[self.CHECK_ONLY]
        if check_only:
            job.first_wanted(self.REPORT, self.SUMMARY)
        else:
            job.first_wanted(self.OUTPUT)
        task = self._task(job)
        found = prepare_samples(task, Part(job.progress, 0.0, 0.9))
        for note in found.notes:
            job.progress.warn(note)
        if found.table is not None:
            job.write_table(self.OUTPUT, found.table)
            labels = found.reference.classes.labels
            job.dress(self.OUTPUT, samples_style(job[self.CLASS_FIELD], labels))
        job.write_table(self.SUMMARY, found.summary)
        if job.wanted(self.REPORT):
            job.write_text(self.REPORT, samples_report(task, found, job.context(self.title())))
        return {
            "SAMPLE_COUNT": 0 if found.table is None else len(found.table),
            "TRAIN_COUNT": found.train_count,
            "TEST_COUNT": found.count("test"),
            "CLASS_COUNT": len(found.reference.classes),
            "LEFT_OUT_COUNT": len(found.reference.left_out),
        }

    def _task(self, job: Job) -> SampleTask:
        fields = ReferenceFields(job[self.CLASS_FIELD], job[self.ID_FIELD], job[self.DATE_FIELD])
        zones = job[self.ZONES]
        return SampleTask(
            tuple(job[self.STACK]), job[self.REFERENCE].read(job.progress), fields,
            settings_from(job.values), zones.read(job.progress) if zones else None,
            job[self.ZONE_FIELD], tuple(job[self.VALIDITY]), job[self.NODATA],
            job[self.CHECK_ONLY], job[DATE_MATCHING] == BY_ORDER,
        )  # fmt: skip
