# SPDX-License-Identifier: GPL-3.0-or-later
"""Anomalies of known type, date and size, planted in time series."""

from __future__ import annotations

from typing import Any

from ...core.anomalies.inject import KINDS
from ...core.anomalies.inject_table import InjectionPlan, amplitudes_of, inject_table
from ...core.progress import Part
from ..base import CalValAlgorithm, Group, Job, make, tr
from ..products.series_parameters import VALUE_SCALE, add_columns, columns_of


class InjectAnomalies(CalValAlgorithm):
    """The same table with anomalies in it, and where they are."""

    ID = "injectanomalies"
    GROUP = Group.ANOMALIES
    TAGS = ("anomaly", "injection", "simulation", "truth", "cloud", "AOT", "time series", "test")

    INPUT, TYPES, AMPLITUDE = "INPUT", "TYPES", "AMPLITUDE"
    COUNT, DURATION, SEED = "COUNT", "DURATION", "SEED"
    OUTPUT, TRUTH = "OUTPUT", "TRUTH"

    def title(self) -> str:
        return tr("Inject anomalies into time series")

    def summary(self) -> str:
        return tr(
            "Plants anomalies of known type, date and size in your own time series, so that you "
            "can see what a detection finds there. Clouds, thin clouds, shadows and wrong AOT "
            "follow simple radiative transfer over the ground of the date; gains, offsets, swapped "
            "dates, lasting steps and drifts follow their definition. The table stays as it is but "
            "for the changed values; the truth is a second table.\n\n"
            "Two-stream layers after Coakley and Chylek (1975), coupling of atmosphere and ground "
            "after Tanre et al. (1990), 10.1080/01431169008955048."
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
            make.choice(
                self.TYPES, tr("Types of anomalies"),
                tr(
                    "Each is planted at each site. step and drift begin once and last to the end; "
                    "wrong_date puts the spectrum of another date there."
                ),
                tuple(KINDS), ["cloud"], several=True,
            ),
            make.string(
                self.AMPLITUDE, tr("Amplitude"),
                tr(
                    "Empty: a middling one for each type. One number for all, or pairs such as "
                    "cloud=0.1, shadow=0.4. Reflectance (largest change over the bands); shadow: "
                    "share of the direct sun; gain and drift: share (of a year); wrong_date: days."
                ),
                optional=True,
            ),
            make.number(
                self.COUNT, tr("Anomalies per type and site"),
                tr("Number of anomalies of each type at each site, 1 or more."),
                5, minimum=1, maximum=10000, integer=True,
            ),
            make.number(
                self.DURATION, tr("Duration (clear dates)"),
                tr("How many clear dates in a row each anomaly lasts, 1 or more."),
                1, minimum=1, maximum=1000, integer=True,
            ),
            make.number(
                self.SEED, tr("Seed"),
                tr("Start of the random draws: the same seed plants the same anomalies."),
                1, minimum=0, integer=True, advanced=True,
            ),
        )  # fmt: skip
        add_columns(self)
        self.add(
            make.table_output(
                self.OUTPUT, tr("Time series with anomalies"),
                tr("All columns and rows of the input; only values are changed."), points=True,
            ),
            make.table_output(
                self.TRUTH, tr("Truth"),
                tr("One row per changed date: type, amplitude, and the change of each band."),
                points=True,
            ),
        )  # fmt: skip
        self.add_number("INJECTED_COUNT", tr("Changed dates"))

    def compute(self, job: Job) -> dict[str, Any]:
        kinds = list(job[self.TYPES])
        plan = InjectionPlan(
            amplitudes_of(kinds, job[self.AMPLITUDE]),
            job[self.COUNT], job[self.DURATION], job[self.SEED],
        )  # fmt: skip
        table = job[self.INPUT].read(Part(job.progress, 0.0, 0.3))
        part = Part(job.progress, 0.3, 0.6)
        changed, truth = inject_table(table, columns_of(job), job[VALUE_SCALE], plan, part)
        job.write_table(self.OUTPUT, changed, "time_series")
        job.write_table(self.TRUTH, truth, "anomalies")
        return {"INJECTED_COUNT": len(truth)}
