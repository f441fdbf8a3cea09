# SPDX-License-Identifier: GPL-3.0-or-later
"""The accuracy of a map of classes, and the areas that follow from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...core.classification.accuracy.area_accuracy import DESIGNS, NONE
from ...core.classification.accuracy.assess_files import AssessRequest, Columns, assess, plan_sample
from ...core.classification.accuracy.assess_tables import assessment_table
from ...core.classification.accuracy.assessment import Assessment
from ...core.classification.accuracy.sample_sizes import LEAST_IN_CLASS, SampleDesign
from ...core.classification.chain.origin import splits_of
from ...core.errors import InputError
from ...core.io.confusion_files import write_confusion
from ...core.progress import Part
from ...core.report.map_accuracy import accuracy_report
from ...core.report.sample_design import design_report
from ..base import CalValAlgorithm, Group, Job, make, tr


class AssessMap(CalValAlgorithm):
    """Says how good a map of classes is."""

    ID = "assessmap"
    GROUP = Group.CLASSIFICATION
    TAGS = (
        "accuracy", "confusion matrix", "kappa", "F-score", "area", "Olofsson", "stratified",
        "sample size", "land cover", "validation",
    )  # fmt: skip
    REQUIRES = ("scipy",)

    MAP, REFERENCE, CLASS_FIELD = "MAP", "REFERENCE", "CLASS_FIELD"
    MAP_FIELD, SPLIT_FIELD, POLYGON_FIELD = "MAP_FIELD", "SPLIT_FIELD", "POLYGON_FIELD"
    DESIGN, CONFUSIONS = "DESIGN", "CONFUSIONS"
    STRATA, STRATA_CLASS, STRATA_AREA = "STRATA", "STRATA_CLASS_FIELD", "STRATA_AREA_FIELD"
    TARGET_SE, EXPECTED, LEAST = "TARGET_SE", "EXPECTED_USERS", "LEAST_IN_CLASS"
    OUTPUT, CONFUSION, SIZES, REPORT = "OUTPUT", "CONFUSION", "SAMPLE_DESIGN", "REPORT"

    def title(self) -> str:
        return tr("Assess map")

    def summary(self) -> str:
        return tr(
            "Says how good a map of classes is against reference points or polygons: confusion "
            "matrix, precision, recall, F-scores, kappa, and, weighted by the areas of the "
            "classes in the map, the accuracy of the whole map and the true areas, each with its "
            "interval (Olofsson et al. 2014). Pixels of one polygon are not taken for independent. "
            "Takes the matrices of several runs, too, whose intervals have as many degrees of "
            "freedom as runs less one; and plans the sample of a next assessment."
        )

    def define(self) -> None:
        self.add(
            make.raster(
                self.MAP, tr("Map"),
                tr("Codes of classes, 0 is no class; labels are read where the file has them."),
                optional=True,
            ),
            make.table(
                self.REFERENCE, tr("Reference"),
                tr("Points or polygons of known class, not used to make the map."), optional=True,
            ),
            make.field(
                self.CLASS_FIELD, tr("Column of the class"),
                tr("Labels or codes of the reference."), self.REFERENCE, optional=True,
            ),
            make.choice(
                self.DESIGN, tr("How the samples were drawn"),
                tr(
                    "stratified: by chance in each class of the map; simple_random: by chance all "
                    "over it; post_stratified: the same, weighted by the classes of the map "
                    "afterward; none: not by chance, or not known."
                ),
                DESIGNS, NONE,
            ),
            make.files(
                self.CONFUSIONS, tr("Confusion matrices of runs"),
                tr("CSV files of several seeds, in place of a reference."), optional=True,
            ),
        )  # fmt: skip
        self._define_columns()
        self._define_design()
        self._define_outputs()

    def _define_columns(self) -> None:
        self.add(
            make.field(
                self.MAP_FIELD, tr("Column of the map's class"),
                tr("Where the reference has it already; empty: read from the map."),
                self.REFERENCE, optional=True, advanced=True,
            ),
            make.field(
                self.SPLIT_FIELD, tr("Column of the split"),
                tr(
                    "Only rows that say 'test' count, in all columns where several are given; "
                    "empty: all rows do. Of a map made of several runs, as its records say, those "
                    "of all its runs are added."
                ),
                self.REFERENCE, optional=True, advanced=True, several=True,
            ),
            make.field(
                self.POLYGON_FIELD, tr("Column of the polygon"),
                tr("Which polygon a point comes from: points of one are not independent."),
                self.REFERENCE, optional=True, advanced=True,
            ),
            make.table(
                self.STRATA, tr("Areas of the classes"),
                tr("A table, in place of what is counted in the map."), optional=True,
                advanced=True,
            ),
            make.field(
                self.STRATA_CLASS, tr("Column of the class in it"),
                tr("Labels or codes of the classes."),
                self.STRATA, "class", optional=True, advanced=True,
            ),
            make.field(
                self.STRATA_AREA, tr("Column of the area in it"),
                tr("Numbers in hectares, 0 or more."),
                self.STRATA, "area_ha", optional=True, advanced=True,
            ),
        )  # fmt: skip

    def _define_design(self) -> None:
        self.add(
            make.number(
                self.TARGET_SE, tr("Standard error to be reached"),
                tr("Of the overall accuracy (0 to 1), for the plan of a sample."), 0.01,
                minimum=1e-4, maximum=0.4, advanced=True,
            ),
            make.string(
                self.EXPECTED, tr("Expected user's accuracies"),
                tr(
                    "For the plan: one number (0 to 1) for all classes, one for each in the order "
                    "of codes, or forest=0.9,crop=0.7. Empty: those that were found."
                ),
                optional=True, advanced=True, several=True,
            ),
            make.number(
                self.LEAST, tr("Least number in a class"),
                tr("For the mixed way to spread a sample: 50 to 100 are advised."),
                LEAST_IN_CLASS, minimum=2, maximum=100000, integer=True, advanced=True,
            ),
        )  # fmt: skip

    def _define_outputs(self) -> None:
        self.add(
            make.table_output(
                self.OUTPUT, tr("Accuracies"), tr("A row for each class."), optional=True,
                offered=True,
            ),
            make.file_output(
                self.CONFUSION, tr("Confusion matrix"),
                tr("Rows are the reference, columns the map."), ["csv"], optional=True,
            ),
            make.table_output(
                self.SIZES, tr("Sample design"),
                tr("How many samples each class needs, spread in three ways."), optional=True,
            ),
            make.report_output(
                self.REPORT, tr("Report"),
                tr("Accuracies side by side, confusion, areas, limits."),
            ),
        )  # fmt: skip
        self.add_number("SAMPLE_COUNT", tr("Samples"))
        self.add_number("OA", tr("Overall accuracy of the samples"))
        self.add_number("KAPPA", tr("Kappa"))
        self.add_number("MACRO_F1", tr("Mean F-score"))
        self.add_number("OA_HALF_WIDTH", tr("Half width of its interval over runs"))
        self.add_number("KAPPA_HALF_WIDTH", tr("The same of kappa"))
        self.add_number("OA_ADJUSTED", tr("Overall accuracy by area"))
        self.add_number("OA_ADJUSTED_HALF_WIDTH", tr("Half width of its interval"))
        self.add_number("DESIGN_COUNT", tr("Samples of the plan"))

    def problem(self, values: dict[str, Any]) -> str:
        if values[self.CONFUSIONS] and values[self.CLASS_FIELD]:
            return tr("Give a reference or matrices of runs (CONFUSIONS), not both.")
        return ""

    def compute(self, job: Job) -> dict[str, Any]:
        request, found, design = self._request(job), None, None
        if request.reference is not None or request.confusions or not job.wanted(self.SIZES):
            found = assess(request, Part(job.progress, 0.0, 0.8))
            for note in found.notes:
                job.progress.warn(note)
            job.write_table(self.OUTPUT, assessment_table(found))
            if job.wanted(self.CONFUSION):
                write_confusion(
                    job.stage(self.CONFUSION), found.confusion, str(job[self.CONFUSION])
                )
        if job.wanted(self.SIZES):
            design = plan_sample(
                request, found, job[self.TARGET_SE], job[self.EXPECTED], job[self.LEAST],
                Part(job.progress, 0.8, 0.9),
            )  # fmt: skip
            job.write_table(self.SIZES, design.table())
        self._report(job, found, design)
        return self._numbers(found) | {"DESIGN_COUNT": None if design is None else design.total}

    def _request(self, job: Job) -> AssessRequest:
        reference, strata = job[self.REFERENCE], job[self.STRATA]
        if reference is not None and not job[self.CLASS_FIELD]:
            raise InputError(tr("Name the column of the class (CLASS_FIELD)."))
        reading = Part(job.progress, 0.0, 0.1)
        table = None if reference is None else reference.read(reading)
        return AssessRequest(
            job[self.MAP], table, self._columns(job, () if table is None else tuple(table.columns)),
            None if strata is None else strata.read(reading), job[self.STRATA_CLASS],
            job[self.STRATA_AREA], job[self.DESIGN], tuple(job[self.CONFUSIONS] or ()),
        )  # fmt: skip

    def _columns(self, job: Job, names: Sequence[str]) -> Columns:
        """The columns of the reference; with those of the splits of all runs of the map."""
        splits = list(job[self.SPLIT_FIELD])
        if splits and job[self.MAP]:
            splits += [one for one in splits_of(job[self.MAP]) if one in names]
        first, *further = dict.fromkeys(splits) or [""]
        return Columns(
            job[self.CLASS_FIELD], job[self.MAP_FIELD], first, job[self.POLYGON_FIELD],
            tuple(further),
        )  # fmt: skip

    def _report(self, job: Job, found: Assessment | None, design: SampleDesign | None) -> None:
        if not job.wanted(self.REPORT):
            return
        job.progress.report(0.92, tr("Writing the report"))
        context = job.context(self.title())
        if found is not None:
            job.write_text(self.REPORT, accuracy_report(found, context, design))
        elif design is not None:
            job.write_text(self.REPORT, design_report(design, context))

    @staticmethod
    def _numbers(found: Assessment | None) -> Mapping[str, Any]:
        if found is None:
            return {}
        one, runs = found.confusion, found.runs
        mean = runs is not None
        return {
            "SAMPLE_COUNT": one.total,
            "OA": runs.overall.value if mean else one.overall,
            "KAPPA": runs.kappa.value if mean else one.kappa,
            "MACRO_F1": runs.macro_f1.value if mean else one.macro_f1,
            "OA_HALF_WIDTH": runs.overall.half_width if mean else None,
            "KAPPA_HALF_WIDTH": runs.kappa.half_width if mean else None,
            "OA_ADJUSTED": found.overall_adjusted,
            "OA_ADJUSTED_HALF_WIDTH": found.adjusted_half_width,
        }  # fmt: skip
