# SPDX-License-Identifier: GPL-3.0-or-later
"""Breaks in image stacks, as rasters, and in time series, as a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.anomalies.breaks.plan import BFASTMONITOR, METHODS
from ...core.anomalies.breaks.rasters import detect_break_rasters, open_task
from ...core.anomalies.breaks.tables import breaks_of_series
from ...core.errors import InputError
from ...core.execution.runner import tile_folder
from ...core.names import split_names
from ...core.progress import Part
from ...core.series.duplicates import series_without_repeats
from ..base import CalValAlgorithm, Group, Job, make, tr
from ..extraction_parameters import MASK_POLICY, mask_policy
from ..products.series_parameters import (
    TABLE,
    VALUE_SCALE,
    add_columns,
    columns_of,
    read_series,
    require_table_alone,
    table_instead,
)
from ..products.stack_parameters import (
    BANDS,
    PRODUCTS,
    STACK,
    add_sources,
    add_stack_details,
    source_of,
    stack_problem,
)
from .break_parameters import INDEX, METHOD, START, add_joint, add_monitoring, plan_of


class DetectBreaks(CalValAlgorithm):
    """Tests for lasting changes."""

    ID = "detectbreaks"
    GROUP = Group.ANOMALIES
    TAGS = (
        "break", "change detection", "BFAST", "MOSUM", "COLD", "CCDC", "time series", "disturbance",
    )  # fmt: skip
    REQUIRES = ("scipy", "defusedxml")

    OUTPUT, MAGNITUDE, PROBABILITY = "OUTPUT", "MAGNITUDE", "PROBABILITY"
    STATUS, OUTPUT_TABLE = "STATUS", "OUTPUT_TABLE"
    # output, name of the map, style
    MAPS = (
        (OUTPUT, "day", "break_date"),
        (MAGNITUDE, "magnitude", "break_magnitude"),
        (PROBABILITY, "probability", "break_probability"),
        (STATUS, "status", "break_status"),
    )

    def title(self) -> str:
        return tr("Detect breaks")

    def summary(self) -> str:
        return tr(
            "Finds lasting changes in every pixel of an image stack, or in the time series of "
            "sites. bfastmonitor: a seasonal model of the history, and a moving sum of residuals "
            "after the start that must not cross a boundary (Verbesselt et al. 2012, "
            "10.1016/j.rse.2012.02.022), for one band or an index such as NDVI. joint: all bands "
            "together, six consecutive clear dates that deviate in one direction (after COLD, Zhu "
            "et al. 2020, 10.1016/j.rse.2019.03.009). Both leave out clouds that the mask has "
            "missed first. Gives date, magnitude and probability of the break, and a status that "
            "says where there was too little to tell. Works tile by tile, resumes where it was "
            "stopped."
        )

    def define(self) -> None:
        add_sources(self)
        self.add(
            table_instead(),
            make.choice(
                METHOD, tr("Method"),
                tr(
                    "bfastmonitor: one band or index, watched from the start on; joint: all bands "
                    "together, over the whole series."
                ),
                METHODS, BFASTMONITOR,
            ),
            make.string(
                START, tr("Start of monitoring"),
                tr(
                    "First day that may hold a break, as 2020-01-31. bfastmonitor needs it: what "
                    "is before is the history. joint: earlier breaks are not told; empty: all are."
                ),
                optional=True,
            ),
            make.string(
                INDEX, tr("Index"),
                tr(
                    "bfastmonitor: a band, NDVI, NBR, NDMI, NDWI, or a formula of bands such as "
                    "(B8 - B4) / (B8 + B4). Empty: the band named in BANDS, else NDVI."
                ),
                optional=True, advanced=True,
            ),
            mask_policy(advanced=True),
        )  # fmt: skip
        add_monitoring(self)
        add_joint(self)
        add_stack_details(self)
        add_columns(self)
        self.add(*make.execution())
        self._define_outputs()

    def _define_outputs(self) -> None:
        self.add(
            make.raster_output(
                self.OUTPUT, tr("Break date"),
                tr(
                    "Of products and stacks: day of the break in days since 1970-01-01 (18262 is "
                    "2020-01-01), 32 bit integer, no data -9999."
                ),
                optional=True,
            ),
            make.raster_output(
                self.MAGNITUDE, tr("Magnitude of the change"),
                tr(
                    "In the unit of the values, 32 bit floating point, no data -9999. "
                    "bfastmonitor: median residual after the start; joint: change at the break, "
                    "one layer per band."
                ),
                optional=True,
            ),
            make.raster_output(
                self.PROBABILITY, tr("Probability of the break"),
                tr(
                    "0 to 1, no data -9999. bfastmonitor: 1 minus the smallest level at which the "
                    "break is found; joint: share of the consecutive dates that changed."
                ),
                optional=True,
            ),
            make.raster_output(
                self.STATUS, tr("Status"),
                tr(
                    "0 stable, 1 break, 2 change that has begun (joint), 3 too few observations, "
                    "255 none at all."
                ),
                optional=True,
            ),
            make.table_output(
                self.OUTPUT_TABLE, tr("Table of breaks"),
                tr(
                    "Of a table: a row per break, or per site without any, with the site's point. "
                    "Of images: a row per day with breaks, with the number of pixels."
                ),
                optional=True, points=True,
            ),
        )  # fmt: skip
        self.add_number("BREAK_COUNT", tr("Pixels or sites with a break"))
        self.add_number("BEGUN_COUNT", tr("Pixels or sites where a change has begun"))
        self.add_number("TESTED_COUNT", tr("Pixels or sites tested"))
        self.add_number("TOO_FEW_COUNT", tr("Pixels or sites with too few observations"))
        self.add_number("DATE_COUNT", tr("Dates or observations of the input"))

    def problem(self, values: dict[str, Any]) -> str:
        if (values[PRODUCTS] or values[STACK]) and self._lacks_start(values):
            return self._start_needed()
        make.execution_settings(values)
        return stack_problem(values)

    def _lacks_start(self, values: Any) -> bool:
        return values[METHOD] == BFASTMONITOR and not values[START].strip()

    def _start_needed(self) -> str:
        return tr(
            "bfastmonitor needs the start of monitoring: the first day that may hold a break."
        )

    def compute(self, job: Job) -> dict[str, Any]:
        return self._of_table(job) if job[TABLE] else self._of_stack(job)

    def _of_stack(self, job: Job) -> dict[str, Any]:
        wanted = [one for one in self.MAPS if job.wanted(one[0])]
        if not wanted:
            raise InputError(
                tr("Say where the rasters go: OUTPUT, MAGNITUDE, PROBABILITY or STATUS.")
            )
        task, notes = open_task(
            source_of(job), split_names(job[BANDS]), job[INDEX], job[MASK_POLICY],
            plan_of(job), Part(job.progress, 0.0, 0.1),
        )  # fmt: skip
        for note in notes:
            job.progress.warn(note)
        targets = {name: (job.stage(key, style), job[key]) for key, name, style in wanted}
        report = detect_break_rasters(
            task, targets, tile_folder(job[wanted[0][0]]), make.execution_settings(job.values),
            Part(job.progress, 0.1, 0.95),
        )  # fmt: skip
        job.afterward(report.run.discard)
        for note in report.notes:
            job.progress.warn(note)
        job.write_table(self.OUTPUT_TABLE, report.table, "breaks")
        return _numbers(report.counts, report.date_count)

    def _of_table(self, job: Job) -> dict[str, Any]:
        if self._lacks_start(job):
            raise InputError(self._start_needed())
        require_table_alone(job)
        if any(job.wanted(key) for key, _, _ in self.MAPS):
            raise InputError(tr("A table gives no rasters: ask for OUTPUT_TABLE only."))
        if not job.wanted(self.OUTPUT_TABLE):
            raise InputError(tr("Say where the table of breaks goes (OUTPUT_TABLE)."))
        table = read_series(job, TABLE)
        series = series_without_repeats(table, columns_of(job), job[VALUE_SCALE], job.progress)
        made = breaks_of_series(series, plan_of(job), job[INDEX], job.progress)
        job.write_table(self.OUTPUT_TABLE, made.table, "breaks")
        return _numbers(made.counts, sum(len(one) for one in series))


def _numbers(counts: Mapping[str, int], dates: int) -> dict[str, Any]:
    return {
        "BREAK_COUNT": counts["break"],
        "BEGUN_COUNT": counts["begun"],
        "TESTED_COUNT": counts["break"] + counts["begun"] + counts["stable"],
        "TOO_FEW_COUNT": counts["too_few"],
        "DATE_COUNT": dates,
    }
