# SPDX-License-Identifier: GPL-3.0-or-later
"""How small an anomaly the detection finds, and what each of its ingredients is worth."""

from __future__ import annotations

from typing import Any

from ...core.anomalies.sensitivity import AMPLITUDES, TYPES, StudySettings
from ...core.anomalies.simulate import SITES
from ...core.anomalies.study import Study, run_study, table_of_confusion, table_of_study
from ...core.anomalies.study_grid import configurations_of, study_from_file
from ...core.anomalies.variants import INGREDIENTS
from ...core.names import split_numbers
from ...core.progress import Part
from ...core.report.sensitivity import sensitivity_report
from ..base import CalValAlgorithm, Group, Job, make, tr


class AnomalySensitivity(CalValAlgorithm):
    """Plants anomalies in simulated series over a grid of conditions, and counts what is found."""

    ID = "anomalysensitivity"
    GROUP = Group.ANOMALIES
    TAGS = (
        "sensitivity", "probability of detection", "POD", "false alarm", "MDA", "simulation",
        "anomaly", "benchmark",
    )  # fmt: skip
    REQUIRES = ("scipy",)

    TYPES, SITES, CONFIGURATIONS, PIXELS = "TYPES", "SITES", "CONFIGURATIONS", "PIXELS"
    AMPLITUDES, GAPS, CONTAMINATION = "AMPLITUDES", "GAPS", "CONTAMINATION"
    REPLICATES, SEED, RULES, GRID = "REPLICATES", "SEED", "RULES", "GRID"
    OUTPUT, CONFUSION, REPORT = "OUTPUT", "CONFUSION", "REPORT"

    def title(self) -> str:
        return tr("Study the sensitivity of anomaly detection")

    def summary(self) -> str:
        return tr(
            "Plants anomalies of known type and amplitude in simulated series of four sites (a "
            "desert, crops, a city, a savanna), runs the detection, and counts what is found: "
            "probability of detection, false alarms, precision, the amplitudes found with 50 and "
            "90 % (MDA50, MDA90) with their intervals, and how often the type is named right. "
            "Several configurations are run on the same cases: among them the detector without "
            "one of its ingredients, so that the worth of each is measured. Raw blue reflectance "
            "stands beside them as baseline.\n\n"
            "Curves of detection after Berens (1989), ASM Handbook 17."
        )

    def define(self) -> None:
        self.add(
            make.choice(
                self.TYPES, tr("Types of anomalies"),
                tr("What is planted. Each type is a factor of the grid."),
                TYPES, list(TYPES), several=True,
            ),
            make.choice(
                self.SITES, tr("Simulated sites"),
                tr(
                    "Morocco: desert; Toulouse: crops; Beijing: city; Australia: savanna. Two or "
                    "more are needed for the test of dates that sites share."
                ),
                tuple(SITES), list(SITES), several=True,
            ),
            make.choice(
                self.CONFIGURATIONS, tr("Configurations"),
                tr(
                    "default: the detector; the others lack its robust fit, its joint score, its "
                    "whitening or the laws of known anomalies, or take the scale of the noise from "
                    "below."
                ),
                tuple(INGREDIENTS), list(INGREDIENTS), several=True,
            ),
            make.number(
                self.PIXELS, tr("Pixels per cell"),
                tr(
                    "Simulated pixels of each cell of the grid, with four anomalies each, 10 or "
                    "more. Intervals are narrower with more, and the study takes longer."
                ),
                100, minimum=10, maximum=100000, integer=True,
            ),
        )  # fmt: skip
        self._define_details()
        self.add(
            make.table_output(
                self.OUTPUT, tr("Sensitivity"),
                tr("One row per cell of the grid and amplitude, with all figures."),
                optional=True, points=True, offered=True,
            ),
            make.table_output(
                self.CONFUSION, tr("Confusion of types"),
                tr("How the detected anomalies of each cell were named."),
                optional=True, points=True, advanced=True,
            ),
            make.report_output(
                self.REPORT, tr("Report"),
                tr("Curves, ranking, algorithmic improvements, names, MDA, and limits."),
            ),
        )  # fmt: skip
        self.add_number("CELL_COUNT", tr("Cells of the grid"))
        self.add_number("FALSE_ALARM_RATE", tr("False alarms per clear date"))
        self.add_number("MDA90", tr("Median MDA90 (reflectance)"))
        self.add_number("NAMED_RIGHT_PERCENT", tr("Named right (percent)"))
        self.add_string("BEST_CONFIGURATION", tr("Configuration that finds most"))

    def _define_details(self) -> None:
        self.add(
            make.string(
                self.AMPLITUDES, tr("Amplitudes (reflectance)"),
                tr(
                    "More than 0, separated by commas. Shadow gets four times as much of the "
                    "direct sun, gain twice as much of the signal."
                ),
                ", ".join(f"{value:g}" for value in AMPLITUDES), advanced=True, several=True,
            ),
            make.string(
                self.GAPS, tr("Shares of masked dates"),
                tr("0 to 0.75, separated by commas; clouds come in runs of three dates."),
                "0.3", advanced=True, several=True,
            ),
            make.string(
                self.CONTAMINATION, tr("Shares of missed clouds"),
                tr("Of the dates that the mask calls clear, 0 to 0.5, separated by commas."),
                "0, 0.03", advanced=True, several=True,
            ),
            make.number(
                self.REPLICATES, tr("Bootstrap replicates"),
                tr("Draws of pixels for the intervals of MDA50 and MDA90, 20 or more."),
                200, minimum=20, maximum=10000, integer=True, advanced=True,
            ),
            make.number(
                self.SEED, tr("Seed"),
                tr("Start of the random draws: the same seed gives the same result."),
                1, minimum=0, integer=True, advanced=True,
            ),
            make.switch(
                self.RULES, tr("Test over sites and second opinions"),
                tr("Measure these two as well; takes a fifth of the time."), True, advanced=True,
            ),
            make.path(
                self.GRID, tr("Grid (JSON)"),
                tr(
                    "A file with any of types, amplitudes, gaps, contamination, sites, "
                    "configurations, pixels, replicates, seed: replaces the parameters here, and "
                    "takes configurations of your own."
                ),
                optional=True, advanced=True,
            ),
        )  # fmt: skip

    def compute(self, job: Job) -> dict[str, Any]:
        job.first_wanted(self.OUTPUT, self.CONFUSION, self.REPORT)
        settings = StudySettings(
            types=tuple(job[self.TYPES]),
            amplitudes=split_numbers(job[self.AMPLITUDES], self.AMPLITUDES),
            gaps=split_numbers(job[self.GAPS], self.GAPS),
            contamination=split_numbers(job[self.CONTAMINATION], self.CONTAMINATION),
            configurations=configurations_of(list(job[self.CONFIGURATIONS]), self.CONFIGURATIONS),
            sites=tuple(job[self.SITES]),
            pixels=job[self.PIXELS],
            replicates=job[self.REPLICATES],
            seed=job[self.SEED],
        )
        if job[self.GRID]:
            settings = study_from_file(job[self.GRID], settings)
        found = run_study(settings, job[self.RULES], Part(job.progress, 0.0, 0.85))
        if job.wanted(self.OUTPUT):
            job.write_table(self.OUTPUT, table_of_study(found), "sensitivity")
        if job.wanted(self.CONFUSION):
            job.write_table(self.CONFUSION, table_of_confusion(found), "sensitivity")
        if job.wanted(self.REPORT):
            job.progress.report(0.95, tr("Writing the report"))
            job.write_text(self.REPORT, sensitivity_report(found, job.context(self.title())))
        return self._numbers(found)

    def _numbers(self, found: Study) -> dict[str, Any]:
        return {
            "CELL_COUNT": len(found.cells),
            "FALSE_ALARM_RATE": found.far,
            "MDA90": found.mda90,
            "NAMED_RIGHT_PERCENT": 100.0 * found.named_right,
            "BEST_CONFIGURATION": found.best,
        }
