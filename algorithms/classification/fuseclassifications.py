# SPDX-License-Identifier: GPL-3.0-or-later
"""Several maps of classes made one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.classification.classes import UNDECIDED as TIE
from ...core.classification.limits import within
from ...core.classification.maps.fuse_files import FuseRequest, fuse_files
from ...core.classification.maps.fusion import MAJORITY, MASSES, METHODS
from ...core.execution.runner import tile_folder
from ...core.progress import Part
from ..base import CalValAlgorithm, Group, Job, make, tr
from .class_outputs import keep_classes


class FuseClassifications(CalValAlgorithm):
    """Joins maps by votes, by Dempster-Shafer, or by confidence."""

    ID = "fuseclassifications"
    GROUP = Group.CLASSIFICATION
    TAGS = (
        "fusion", "majority", "vote", "Dempster-Shafer", "confidence", "SAR", "optical",
        "land cover",
    )  # fmt: skip

    MAPS, METHOD, CONFUSIONS, MASS = "MAPS", "METHOD", "CONFUSIONS", "MASS"
    CONFIDENCES, UNDECIDED = "CONFIDENCES", "UNDECIDED"
    NODATA_VOTES = "NODATA_VOTES"
    OUTPUT, CHOICE, CONFIDENCE = "OUTPUT", "OUTPUT_CHOICE", "OUTPUT_CONFIDENCE"

    def title(self) -> str:
        return tr("Fuse classifications")

    def summary(self) -> str:
        return tr(
            "Makes one map out of several of the same classes and place, of several seeds or of "
            "optical and radar images: by the majority of votes, by Dempster-Shafer with masses "
            "of belief from the confusion matrix of each map (Xu et al. 1992), or weighted by the "
            "confidence of each pixel. Where maps tie, the pixel is undecided."
        )

    def define(self) -> None:
        self.add(
            make.files(
                self.MAPS, tr("Maps"),
                tr("Two or more rasters of classes on one grid; 0 and no data are no class."),
            ),
            make.choice(
                self.METHOD, tr("Method"),
                tr(
                    "majority: the class with most votes; dempster_shafer: needs CONFUSIONS; "
                    "confidence_weighted: votes count as their confidence, needs CONFIDENCES."
                ),
                METHODS, MAJORITY,
            ),
            make.files(
                self.CONFUSIONS, tr("Confusion matrices"),
                tr("One CSV file for each map, in the same order."), optional=True,
            ),
            make.choice(
                self.MASS, tr("Mass of belief"),
                tr(
                    "What is believed of a map that says a class: its precision or recall, or the "
                    "overall accuracy or kappa of the map for all classes."
                ),
                MASSES, "precision", advanced=True,
            ),
            make.files(
                self.CONFIDENCES, tr("Confidences"),
                tr("One raster (percent) for each map, in the same order."), optional=True,
            ),
            make.number(
                self.UNDECIDED, tr("Code of undecided pixels"),
                tr("No class may have it; 0: they have no class."), TIE, integer=True,
                advanced=True, **within(self.ID, self.UNDECIDED),
            ),
            make.switch(
                self.NODATA_VOTES, tr("Pixels without a class vote"),
                tr(
                    "In the majority, a map without a class votes for none, as in the Orfeo "
                    "ToolBox; off: only the other maps vote."
                ),
                True, advanced=True,
            ),
            *make.execution(1024),
        )  # fmt: skip
        self._define_outputs()

    def _define_outputs(self) -> None:
        self.add(
            make.raster_output(
                self.OUTPUT, tr("Fused map"), tr("Codes of classes, with names and colors."),
            ),
            make.raster_output(
                self.CHOICE, tr("Which map was taken"),
                tr("Of two maps: 0 none, 1 both, 2 the first, 3 the second."), optional=True,
            ),
            make.raster_output(
                self.CONFIDENCE, tr("Confidence"),
                tr(
                    "Percent: the largest confidence of maps that say the class; without "
                    "CONFIDENCES the share of votes or the belief. 255: none."
                ),
                optional=True,
            ),
        )  # fmt: skip
        self.add_number("DECIDED_PERCENT", tr("Pixels with a class (percent)"))
        self.add_number("UNDECIDED_PERCENT", tr("Undecided pixels (percent)"))

    def problem(self, values: dict[str, Any]) -> str:
        make.execution_settings(values)
        self._request(values).check()
        return ""

    def compute(self, job: Job) -> dict[str, Any]:
        names = {
            "map": (self.OUTPUT, ""), "choice": (self.CHOICE, "fusion_choice"),
            "confidence": (self.CONFIDENCE, "class_confidence"),
        }  # fmt: skip
        targets = {
            name: (job.stage(key, style), str(job[key]))
            for name, (key, style) in names.items() if job.wanted(key)
        }  # fmt: skip
        found = fuse_files(
            self._request(job.values), targets, tile_folder(job[self.OUTPUT]),
            make.execution_settings(job.values), Part(job.progress, 0.0, 0.95),
        )  # fmt: skip
        for note in found.notes:
            job.progress.warn(note)
        job.afterward(found.run.discard)
        keep_classes(job, self.OUTPUT, found.classes)
        total = found.decided + found.undecided + found.empty
        return {
            "DECIDED_PERCENT": 100.0 * found.decided / total,
            "UNDECIDED_PERCENT": 100.0 * found.undecided / total,
        }

    def _request(self, values: Mapping[str, Any]) -> FuseRequest:
        lists = (tuple(values[key] or ()) for key in
                 (self.MAPS, self.CONFUSIONS, self.CONFIDENCES))  # fmt: skip
        maps, confusions, confidences = lists
        return FuseRequest(
            maps, values[self.METHOD], confusions, values[self.MASS], confidences,
            values[self.UNDECIDED], values[self.NODATA_VOTES],
        )  # fmt: skip
