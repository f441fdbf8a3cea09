# SPDX-License-Identifier: GPL-3.0-or-later
"""New calibration sites: stable places in a stack of images."""

from __future__ import annotations

from typing import Any

from ...core.calibration.stability.run import find_stable_sites, open_stability_task
from ...core.names import split_names
from ...core.progress import Part
from ...core.report.stability import stability_report
from ..base import CalValAlgorithm, Group, Job, make, tr
from ..extraction_parameters import MASK_POLICY, mask_policy
from ..products.stack_parameters import (
    BANDS,
    add_sources,
    add_stack_details,
    source_of,
    stack_problem,
)
from .stability_parameters import ANGLES, add_limits, add_model, settings_of


class FindStableSites(CalValAlgorithm):
    """Looks for pseudo-invariant calibration sites."""

    ID = "findstablesites"
    GROUP = Group.CALIBRATION
    TAGS = (
        "calibration", "PICS", "pseudo-invariant", "desert", "stable site", "BRDF", "uniformity",
        "coefficient of variation",
    )  # fmt: skip
    REQUIRES = ("scipy", "defusedxml")

    OUTPUT, CANDIDATES, REPORT = "OUTPUT", "CANDIDATES", "REPORT"

    def title(self) -> str:
        return tr("Find stable sites")

    def summary(self) -> str:
        return tr(
            "Looks for new calibration sites in a series of images: places whose reflectance is "
            "stable in time after the effect of the directions of sun and view is taken off, "
            "uniform in space, stable in color, without drift and often clear. Each pixel gets its "
            "temporal CV (robust kernel model Ross-Li or Roujean), trend with error, spectral CV, "
            "clear frequency, the spatial CV in a moving window, and a score: the largest of these "
            "by its limit. Connected places that pass and hold a square of the smallest size "
            "become polygons, ready for 'Extract calibration sites'. Works tile by tile, resumes "
            "where it was stopped."
        )

    def define(self) -> None:
        add_sources(self)
        add_model(self)
        add_limits(self)
        self.add(mask_policy(advanced=True))
        add_stack_details(self)
        self.add(
            *make.execution(),
            make.raster_output(
                self.OUTPUT, tr("Stability"),
                tr(
                    "Layers: score (1 and below passes), what limits it, clear frequency and "
                    "dates, temporal, spatial and spectral CV, trend, then the figures of each "
                    "band with standard errors. Percent; 32 bit floating point, no data -9999."
                ),
            ),
            make.table_output(
                self.CANDIDATES, tr("Candidate sites"),
                tr(
                    "Polygons, the best first: area, center, clear dates, mean, CVs and trends by "
                    "band with standard errors, score."
                ),
                optional=True, polygons=True,
            ),
            make.report_output(
                self.REPORT, tr("Report"),
                tr("Maps, the best candidates, what pixels fail by, settings and limits."),
            ),
        )  # fmt: skip
        self.add_number("CANDIDATE_COUNT", tr("Candidate sites"))
        self.add_number("CANDIDATE_AREA_KM2", tr("Area of all candidates (km2)"))
        self.add_number("DATE_COUNT", tr("Dates used"))
        self.add_number("TESTED_COUNT", tr("Pixels measured"))
        self.add_number("PASSED_COUNT", tr("Pixels that pass"))
        self.add_number("BEST_SCORE", tr("Score of the best candidate"))

    def problem(self, values: dict[str, Any]) -> str:
        make.execution_settings(values)
        settings_of(values).check()
        return stack_problem(values)

    def compute(self, job: Job) -> dict[str, Any]:
        angles = job[ANGLES]
        task, notes = open_stability_task(
            source_of(job), split_names(job[BANDS]), job[MASK_POLICY], settings_of(job),
            None if angles is None else angles.read(), Part(job.progress, 0.0, 0.05),
        )  # fmt: skip
        for note in notes:
            job.progress.warn(note)
        found = find_stable_sites(
            task, job.stage(self.OUTPUT, "stability_score"), job[self.OUTPUT],
            make.execution_settings(job.values), Part(job.progress, 0.05, 0.95), notes,
        )  # fmt: skip
        job.afterward(found.discard)
        for note in found.notes[len(notes) :]:
            job.progress.warn(note)
        job.write_table(self.CANDIDATES, found.table, "stable_sites")
        if job.wanted(self.REPORT):
            job.progress.report(0.98, tr("Writing the report"))
            job.write_text(self.REPORT, stability_report(task, found, job.context(self.title())))
        scores = found.table.floats("score")
        return {
            "CANDIDATE_COUNT": len(found.table),
            "CANDIDATE_AREA_KM2": round(float(found.table.floats("area_km2").sum()), 6),
            "DATE_COUNT": len(task.stack),
            "TESTED_COUNT": found.tested,
            "PASSED_COUNT": found.passed,
            "BEST_SCORE": float(scores[0]) if len(scores) else None,
        }
