# SPDX-License-Identifier: GPL-3.0-or-later
"""From products and reference polygons to an assessed land-cover map, in one go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingOutputFile,
    QgsProcessingOutputHtml,
    QgsProcessingOutputRasterLayer,
)

from ...core.classification.chain.configuration import read_configuration
from ...core.classification.chain.keys import STEPS
from ...core.classification.chain.land_cover import ChainRequest, ChainResult, run_chain
from ...core.io.class_rasters import read_classes
from ...core.progress import Part
from ..base import CalValAlgorithm, Group, Job, make, tr
from ..styling import class_style, style_text


class LandCoverChain(CalValAlgorithm):
    """Runs all steps of a land-cover map that are not up to date."""

    ID = "landcoverchain"
    GROUP = Group.CLASSIFICATION
    TAGS = ("land cover", "classification", "chain", "IOTA2", "time series", "Sentinel-2", "map")
    REQUIRES = ("defusedxml", "scipy", "sklearn", "skops", "jinja2")
    WRITES = ("OUTPUT_FOLDER",)

    CONFIGURATION, OUTPUT_FOLDER = "CONFIGURATION", "OUTPUT_FOLDER"
    FIRST_STEP, LAST_STEP, PLAN_ONLY = "FIRST_STEP", "LAST_STEP", "PLAN_ONLY"
    MAP, CONFIDENCE, REPORT, MANIFEST = "MAP", "CONFIDENCE", "REPORT", "MANIFEST"

    def title(self) -> str:
        return tr("Land-cover chain")

    def summary(self) -> str:
        return tr(
            "Makes a land-cover map out of a year of image time series and reference polygons, and "
            "says how good it is: primitives, samples, training, classification, fusion, "
            "regularization and assessment, as the algorithms of these names do one by one "
            "(Inglada et al. 2017, 10.3390/rs9010095). One configuration says what differs from "
            "the defaults; tiles are found in the products, several runs (seeds) give intervals. "
            "The plan is told before anything is done. A step is made again only where what it is "
            "made of has changed; one that fails or is canceled leaves all others as they are."
        )

    def define(self) -> None:
        self.add(
            make.path(
                self.CONFIGURATION, tr("Configuration"),
                tr(
                    "A JSON file, or JSON itself, with products, reference and class_field at "
                    "least; see the help for all keys. Paths in a file are relative to its folder."
                ),
                inline=True,
            ),
            make.path(
                self.OUTPUT_FOLDER, tr("Folder of the results"),
                tr(
                    "Gets maps, models, samples, reports and the manifest chain.json; give the "
                    "same folder again to go on, or after a change."
                ),
                folder=True,
            ),
            make.choice(
                self.FIRST_STEP, tr("First step"),
                tr("Steps before it are not run: their results are taken as they are."),
                STEPS, STEPS[0],
            ),
            make.choice(
                self.LAST_STEP, tr("Last step"), tr("Steps after it are not run."),
                STEPS, STEPS[-1],
            ),
            make.switch(
                self.PLAN_ONLY, tr("Plan only"),
                tr("Only tell what would be done, how long it may take and what memory it needs."),
                False,
            ),
            *make.execution(),
        )  # fmt: skip
        self.addOutput(QgsProcessingOutputRasterLayer(self.MAP, tr("Map of classes")))
        self.addOutput(QgsProcessingOutputRasterLayer(self.CONFIDENCE, tr("Confidence")))
        self.addOutput(QgsProcessingOutputHtml(self.REPORT, tr("Report on the accuracy")))
        self.addOutput(QgsProcessingOutputFile(self.MANIFEST, tr("Manifest (JSON)")))
        self.add_number("OA", tr("Overall accuracy"))
        self.add_number("KAPPA", tr("Kappa"))
        self.add_number("STEPS_RUN", tr("Steps that were run"))
        self.add_number("STEPS_SKIPPED", tr("Steps that were up to date"))

    def problem(self, values: dict[str, Any]) -> str:
        make.execution_settings(values)
        read_configuration(values[self.CONFIGURATION])
        if STEPS.index(values[self.FIRST_STEP]) > STEPS.index(values[self.LAST_STEP]):
            return tr("The first step comes after the last one: exchange them.")
        return ""

    def compute(self, job: Job) -> dict[str, Any]:
        request = ChainRequest(
            job[self.CONFIGURATION], Path(job[self.OUTPUT_FOLDER]).absolute(),
            job[self.FIRST_STEP], job[self.LAST_STEP], job[self.PLAN_ONLY],
        )  # fmt: skip
        made = run_chain(
            request, make.execution_settings(job.values), Part(job.progress, 0.0, 0.98)
        )
        self._dress(job, made)
        files = {
            self.MAP: made.map, self.CONFIDENCE: made.confidence, self.REPORT: made.report,
            self.MANIFEST: made.manifest,
        }  # fmt: skip
        return {
            **{key: path for key, path in files.items() if path},
            "OA": made.facts.get("oa"),
            "KAPPA": made.facts.get("kappa"),
            "STEPS_RUN": made.steps_run,
            "STEPS_SKIPPED": made.steps_skipped,
        }

    def _dress(self, job: Job, made: ChainResult) -> None:
        """Give map and confidence their layer styles, and them and the report their record."""
        for path in (made.map, made.confidence, made.report):
            if path:
                job.record_inside(self.OUTPUT_FOLDER, Path(path))
        if made.map:
            style = class_style(read_classes(made.map))
            job.dress_inside(self.OUTPUT_FOLDER, Path(made.map), style)
        if made.confidence:
            style = style_text("class_confidence")
            job.dress_inside(self.OUTPUT_FOLDER, Path(made.confidence), style)
