# SPDX-License-Identifier: GPL-3.0-or-later
"""Maps of land cover out of a stack of features and trained models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ...core.classification.limits import within
from ...core.classification.maps.map_files import MapTarget, MapTask, make_map
from ...core.classification.maps.map_tiles import STATES
from ...core.execution.runner import tile_folder
from ...core.io.class_rasters import SIDE_FILE
from ...core.progress import Part
from ..base import CalValAlgorithm, Group, Job, make, tr
from ..styling import class_style
from .date_matching import BY_ORDER, DATE_MATCHING, date_matching


class ClassifyTimeSeries(CalValAlgorithm):
    """Classifies a stack of features."""

    ID = "classifytimeseries"
    GROUP = Group.CLASSIFICATION
    TAGS = ("land cover", "classification", "random forest", "extra trees", "map", "confidence")

    STACK, MODELS, ZONES, ZONE_FIELD = "STACK", "MODELS", "ZONES", "ZONE_FIELD"
    BLEND_WIDTH_M, MAP_AREA = "BLEND_WIDTH_M", "MAP_AREA"
    OUTPUT, CONFIDENCE = "OUTPUT", "OUTPUT_CONFIDENCE"
    PROBABILITIES, STATE = "OUTPUT_PROBABILITIES", "OUTPUT_STATE"
    # output, name of the raster, style
    RASTERS = (
        (OUTPUT, "codes", ""),
        (CONFIDENCE, "confidence", "class_confidence"),
        (PROBABILITIES, "shares", "class_probabilities"),
        (STATE, "state", ""),
    )

    def title(self) -> str:
        return tr("Classify time series")

    def summary(self) -> str:
        return tr(
            "Makes a map of land cover out of a stack of features, as calval:computeprimitives "
            "makes it, by one or several models of 'Train a classifier': the class of each pixel, "
            "the share of the votes for it, and the probabilities of all classes. The bands of the "
            "stack are matched to the features of the models by name, in whatever order. With a "
            "layer of zones each zone is classified by its own models; several models of one zone "
            "vote, and zones may be blended smoothly at their borders. Forests give the labels of "
            "scikit-learn, several times faster, and do without it. Works tile by tile; a run that "
            "was stopped goes on where it was."
        )

    def define(self) -> None:
        self.add(
            make.raster(
                self.STACK, tr("Stack of features"),
                tr("A raster whose band descriptions are the names of the features."),
            ),
            make.files(
                self.MODELS, tr("Models"),
                tr("Files of 'Train a classifier' (.npz), or folders of them, one or several."),
            ),
            make.table(
                self.ZONES, tr("Zones"),
                tr("Polygons, each with the name of its zone: models are used in their own zone."),
                optional=True,
            ),
            make.field(
                self.ZONE_FIELD, tr("Zone field"), tr("The column of the names of the zones."),
                self.ZONES, optional=True,
            ),
            make.number(
                self.BLEND_WIDTH_M, tr("Width of blended borders (m)"),
                tr(
                    "Probabilities of neighboring zones go over into each other within this width "
                    "around their border, half of it on each side; 0: a sharp border. Needs scipy."
                ),
                0.0, advanced=True, **within(self.ID, self.BLEND_WIDTH_M),
            ),
            date_matching(
                tr(
                    "name: features have the dates of the model; order: the first date of each "
                    "band stands for the model's first one and so on, as for another year, or for "
                    "models of tables that number their dates (NDVI_00, NDVI_01)."
                )
            ),
            make.raster(
                self.MAP_AREA, tr("Area to be mapped"),
                tr("Pixels where it is 0 or has no data get no class; in the CRS of the stack."),
                optional=True, advanced=True,
            ),
            *make.execution(),
        )  # fmt: skip
        self._define_outputs()

    def _define_outputs(self) -> None:
        self.add(
            make.raster_output(
                self.OUTPUT, tr("Map of classes"),
                tr("Codes of the classes with their names and colors; 0: no class."),
            ),
            make.raster_output(
                self.CONFIDENCE, tr("Confidence"),
                tr("Share of the votes for the class, 0 to 100 percent; 255: no class."),
                optional=True,
            ),
            make.raster_output(
                self.PROBABILITIES, tr("Probabilities"),
                tr("A layer per class, 0 to 1, named by it; no data -9999."),
                optional=True, advanced=True,
            ),
            make.raster_output(
                self.STATE, tr("What became of each pixel"),
                tr("1 classified, 2 features missing, 3 outside the area, 4 no model of the zone."),
                optional=True, advanced=True,
            ),
        )  # fmt: skip
        self.add_number("CLASSIFIED_PERCENT", tr("Pixels with a class (percent)"))
        self.add_number("MEAN_CONFIDENCE", tr("Mean confidence (percent)"))
        self.add_string("CLASS_COUNTS", tr("Pixels of each class (JSON)"))
        self.add_string(
            "OUTSIDE_RANGE", tr("Share of pixels outside of what models were trained on (JSON)")
        )

    def problem(self, values: dict[str, Any]) -> str:
        make.execution_settings(values)
        return ""

    def compute(self, job: Job) -> dict[str, Any]:
        zones = job[self.ZONES]
        task = MapTask(
            job[self.STACK], tuple(job[self.MODELS]),
            None if zones is None else zones.read(Part(job.progress, 0.0, 0.02)),
            job[self.ZONE_FIELD], job[self.BLEND_WIDTH_M], job[self.MAP_AREA],
            job[DATE_MATCHING] == BY_ORDER,
        )  # fmt: skip
        keys = {name: key for key, name, _ in self.RASTERS if job.wanted(key)}
        targets = {
            name: MapTarget(job.stage(key, style), Path(job[key]).name)
            for key, name, style in self.RASTERS if job.wanted(key)
        }  # fmt: skip
        report = make_map(
            task, targets, tile_folder(job[self.OUTPUT]), make.execution_settings(job.values),
            Part(job.progress, 0.02, 0.98),
        )  # fmt: skip
        job.afterward(report.run.discard)
        for note in report.notes:
            job.progress.warn(note)
        for name, classes in (("codes", report.classes), ("state", STATES)):
            if name in report.side_files:
                job.keep_beside(keys[name], report.side_files[name], SIDE_FILE)
                job.dress(keys[name], class_style(classes))
        return {
            "CLASSIFIED_PERCENT": 100.0 * report.classified_share,
            "MEAN_CONFIDENCE": report.mean_confidence,
            "CLASS_COUNTS": json.dumps(report.counts, ensure_ascii=False),
            "OUTSIDE_RANGE": json.dumps(report.outside, ensure_ascii=False),
        }
