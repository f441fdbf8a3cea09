# SPDX-License-Identifier: GPL-3.0-or-later
"""Anomalies of known type, date and size, planted in time series and image stacks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ...core.anomalies.inject import KINDS
from ...core.anomalies.inject_files import inject_files
from ...core.anomalies.inject_table import InjectionPlan, amplitudes_of, inject_table
from ...core.anomalies.injections_json import read_plan
from ...core.errors import InputError
from ...core.names import split_names
from ...core.progress import Part
from ..base import CalValAlgorithm, Group, Job, make, tr
from ..extraction_parameters import MASK_POLICY, mask_policy
from ..products.series_parameters import VALUE_SCALE, add_columns, columns_of, read_series
from ..products.stack_parameters import (
    BANDS,
    PRODUCTS,
    STACK,
    add_sources,
    add_stack_details,
    source_of,
    stack_problem,
)


class InjectAnomalies(CalValAlgorithm):
    """The same table, or the same images, with anomalies in them, and where they are."""

    ID = "injectanomalies"
    GROUP = Group.ANOMALIES
    TAGS = ("anomaly", "injection", "simulation", "truth", "cloud", "AOT", "time series", "stack")
    WRITES = ("OUTPUT_FOLDER",)

    INPUT, TYPES, AMPLITUDE = "INPUT", "TYPES", "AMPLITUDE"
    COUNT, DURATION, SEED = "COUNT", "DURATION", "SEED"
    PLAN, OUTPUT_FOLDER = "PLAN", "OUTPUT_FOLDER"
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
            "Products and stacks of dated rasters are changed by a plan in JSON, which says what "
            "happens on which date, where, and how strongly; also snow, burnt ground, harvests, "
            "shifts and stripes. The changed images are a stack again.\n\n"
            "Two-stream layers after Coakley and Chylek (1975), coupling of atmosphere and ground "
            "after Tanre et al. (1990), 10.1080/01431169008955048."
        )

    def define(self) -> None:
        self.add(
            make.table(
                self.INPUT, tr("Time series"),
                tr(
                    "The output of 'Extract time series', or another table with a row per date and "
                    "band, or a column per band. Give this, or products, or a stack."
                ),
                optional=True,
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
                optional=True, several=True,
            ),
            make.number(
                self.COUNT, tr("Anomalies per type and site"),
                tr("Number of anomalies of each type at each site, 1 or more."),
                5, minimum=1, maximum=10000, integer=True,
            ),
            make.number(
                self.DURATION, tr("Duration (clear dates)"),
                tr("How many clear dates in a row each anomaly lasts, 1 or more."),
                1, minimum=1, maximum=1000, integer=True, advanced=True,
            ),
            make.number(
                self.SEED, tr("Seed"),
                tr("Start of the random draws: the same seed plants the same anomalies."),
                1, minimum=0, integer=True, advanced=True,
            ),
        )  # fmt: skip
        self._define_images()
        add_columns(self)
        self.add(
            make.table_output(
                self.OUTPUT, tr("Time series with anomalies"),
                tr("Of a table: all its columns and rows; only values are changed."),
                optional=True, points=True,
            ),
            make.table_output(
                self.TRUTH, tr("Truth"),
                tr("One row per changed date: type, amplitude, and the change of each band."),
                points=True,
            ),
        )  # fmt: skip
        self.add_number("INJECTED_COUNT", tr("Changed dates"))
        self.add_string("FOLDER", tr("Folder of the changed images"))

    def _define_images(self) -> None:
        add_sources(self)
        self.add(
            make.path(
                self.PLAN, tr("Plan of injections (JSON)"),
                tr(
                    "For products and stacks: what is planted, by type, amplitude, date (number of "
                    "the image, from 0), duration, extent or window."
                ),
                optional=True,
            ),
            make.path(
                self.OUTPUT_FOLDER, tr("Folder for the changed images"),
                tr(
                    "For products and stacks: gets one GeoTIFF per date, reflectance as 32 bit "
                    "floating point, with a band 'mask' (0 is clear) where there are masks."
                ),
                folder=True, optional=True,
            ),
            mask_policy(advanced=True),
        )  # fmt: skip
        add_stack_details(self)

    def problem(self, values: dict[str, Any]) -> str:
        images = values[PRODUCTS] or values[STACK]
        if images and not (values[self.PLAN] and values[self.OUTPUT_FOLDER]):
            return tr("Images need a plan of injections, and a folder for the changed images.")
        if not images and (values[self.PLAN] or values[self.OUTPUT_FOLDER]):
            return tr("A plan and a folder are for images: give products or a stack too.")
        return stack_problem(values)

    def compute(self, job: Job) -> dict[str, Any]:
        images = job[PRODUCTS] or job[STACK]
        if bool(job[self.INPUT]) == bool(images):
            raise InputError(tr("Give one of these: a table of time series, products, or a stack."))
        return self._of_images(job) if images else self._of_table(job)

    def _of_images(self, job: Job) -> dict[str, Any]:
        plan = read_plan(job[self.PLAN])
        folder = Path(job[self.OUTPUT_FOLDER]).absolute()
        made = inject_files(
            source_of(job), plan, folder, lambda path: job.stage_inside(self.OUTPUT_FOLDER, path),
            split_names(job[BANDS]), job[MASK_POLICY], Part(job.progress, 0.0, 0.9),
        )  # fmt: skip
        for note in made.notes:
            job.progress.warn(note)
        job.write_table(self.TRUTH, made.truth)
        return {"INJECTED_COUNT": len(set(made.truth["file"])), "FOLDER": str(folder)}

    def _of_table(self, job: Job) -> dict[str, Any]:
        if not job.wanted(self.OUTPUT):
            raise InputError(tr("Say where the table with anomalies is to be written: OUTPUT."))
        kinds = list(job[self.TYPES])
        plan = InjectionPlan(
            amplitudes_of(kinds, job[self.AMPLITUDE]),
            job[self.COUNT], job[self.DURATION], job[self.SEED],
        )  # fmt: skip
        table = read_series(job, self.INPUT, Part(job.progress, 0.0, 0.3), "left as they are")
        part = Part(job.progress, 0.3, 0.6)
        changed, truth = inject_table(table, columns_of(job), job[VALUE_SCALE], plan, part)
        job.write_table(self.OUTPUT, changed, "time_series")
        job.write_table(self.TRUTH, truth, "anomalies")
        return {"INJECTED_COUNT": len(truth), "FOLDER": ""}
