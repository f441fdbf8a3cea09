# SPDX-License-Identifier: GPL-3.0-or-later
"""Gap-filled time series on regular dates, as rasters or as a table."""

from __future__ import annotations

from typing import Any

from ...core.errors import InputError
from ...core.execution.runner import tile_folder
from ...core.names import split_names
from ...core.progress import Part
from ...core.series.regular_files import (
    RegularGrid,
    RegularReport,
    regularize_stack,
    regularize_table,
)
from ...core.series.regular_rasters import RasterTargets
from ...core.series.regularize import METHODS, GapFilling
from ..base import CalValAlgorithm, Group, Job, make, tr
from ..extraction_parameters import MASK_POLICY, mask_policy
from .series_parameters import (
    TABLE,
    VALUE_SCALE,
    add_columns,
    columns_of,
    read_series,
    require_table_alone,
    table_instead,
)
from .stack_parameters import (
    BANDS,
    add_sources,
    add_stack_details,
    source_of,
    stack_problem,
)


class RegularizeTimeSeries(CalValAlgorithm):
    """Fills gaps and brings series to a regular grid of dates."""

    ID = "regularizetimeseries"
    GROUP = Group.PRODUCTS
    TAGS = ("time series", "gap filling", "interpolation", "Whittaker", "Savitzky-Golay", "regular")
    REQUIRES = ("defusedxml",)

    START, END, STEP_DAYS = "START", "END", "STEP_DAYS"
    METHOD, MAX_GAP_DAYS, SMOOTHING = "METHOD", "MAX_GAP_DAYS", "SMOOTHING"
    WINDOW_STEPS, ORDER = "WINDOW_STEPS", "ORDER"
    OUTPUT, QUALITY, OUTPUT_TABLE = "OUTPUT", "QUALITY", "OUTPUT_TABLE"

    def title(self) -> str:
        return tr("Regularize time series")

    def summary(self) -> str:
        return tr(
            "Fills what clouds and missing dates leave open, and brings images or series to dates "
            "at equal steps: by linear interpolation between the clear dates, by the Whittaker "
            "smoother (Eilers 2003, 10.1021/ac034173t) or by a Savitzky-Golay filter. Takes "
            "products, a stack of dated rasters, or a table of time series. Beside the values come "
            "the days to the nearest clear date. Before the first and after the last clear date "
            "values are held for a limited time only; pixels that are never clear stay empty. "
            "Rasters are worked on tile by tile; a run that was stopped goes on where it was."
        )

    def define(self) -> None:
        add_sources(self)
        self.add(
            table_instead(),
            make.number(
                self.STEP_DAYS, tr("Step (days)"),
                tr("From one date of the output to the next, in whole days, 1 or more."),
                10, minimum=1, maximum=3660, integer=True,
            ),
            make.choice(
                self.METHOD, tr("Method"),
                tr(
                    "linear: the line between clear dates; whittaker: a smooth curve, also through "
                    "noise; savitzky_golay: the line, then a moving polynomial."
                ),
                METHODS, "linear",
            ),
        )  # fmt: skip
        self._define_details()
        add_stack_details(self)
        add_columns(self)
        self.add(
            make.raster_output(
                self.OUTPUT, tr("Regular images"),
                tr(
                    "Of products and stacks: one layer per band and date, named by them; 32 bit "
                    "floating point, no data -9999."
                ),
                optional=True,
            ),
            make.raster_output(
                self.QUALITY, tr("Days to the nearest clear date"),
                tr("Of products and stacks: one layer per date, -1 where a pixel is never clear."),
                optional=True,
            ),
            make.table_output(
                self.OUTPUT_TABLE, tr("Regular time series"),
                tr(
                    "Of a table: the filled series of each site. Of products and stacks: the mean "
                    "over the area."
                ),
                optional=True, points=True,
            ),
        )  # fmt: skip
        self.add_number("DATE_COUNT", tr("Regular dates"))
        self.add_number("INPUT_COUNT", tr("Dates or observations of the input"))
        self.add_number("FILLED_PERCENT", tr("Output values that exist, clear or filled (percent)"))
        self.add_number("NEVER_CLEAR_PERCENT", tr("Pixels or series never clear (percent)"))

    def _define_details(self) -> None:
        self.add(
            make.string(
                self.START, tr("Start"),
                tr("First date of the output, as 2020-01-01. Empty: the first day of the data."),
                optional=True, advanced=True,
            ),
            make.string(
                self.END, tr("End"),
                tr("No date of the output lies after it. Empty: the last day of the data."),
                optional=True, advanced=True,
            ),
            mask_policy(advanced=True),
            make.number(
                self.MAX_GAP_DAYS, tr("Longest hold at the ends (days)"),
                tr(
                    "How long the first and the last clear value are held before and after their "
                    "dates; beyond that the output is empty. Gaps between clear dates are filled "
                    "whatever their length: see the days to the nearest clear date."
                ),
                30.0, minimum=0.0, advanced=True,
            ),
            make.number(
                self.SMOOTHING, tr("Whittaker smoothing"),
                tr(
                    "Lambda for daily steps, more than 0: 100 follows every bend, 100000 only the "
                    "season."
                ),
                1000.0, minimum=1e-6, advanced=True,
            ),
            make.number(
                self.WINDOW_STEPS, tr("Savitzky-Golay window (steps)"),
                tr("Odd number of output dates that a polynomial is fitted to, 3 or more."),
                7, minimum=3, maximum=999, integer=True, advanced=True,
            ),
            make.number(
                self.ORDER, tr("Savitzky-Golay order"),
                tr("Degree of the polynomials, 1 to 5, less than the window."),
                2, minimum=1, maximum=5, integer=True, advanced=True,
            ),
            *make.execution(),
        )  # fmt: skip

    def problem(self, values: dict[str, Any]) -> str:
        make.execution_settings(values)
        return stack_problem(values)

    def compute(self, job: Job) -> dict[str, Any]:
        settings = GapFilling(
            job[self.METHOD], job[self.MAX_GAP_DAYS], job[self.SMOOTHING],
            job[self.WINDOW_STEPS], job[self.ORDER],
        )  # fmt: skip
        grid = RegularGrid(job[self.START], job[self.END], job[self.STEP_DAYS])
        made = (self._of_table if job[TABLE] else self._of_stack)(job, grid, settings)
        if made.run is not None:
            job.afterward(made.run.discard)
        for note in made.notes:
            job.progress.warn(note)
        job.write_table(self.OUTPUT_TABLE, made.table, "time_series")
        return {
            "DATE_COUNT": made.date_count,
            "INPUT_COUNT": made.input_count,
            "FILLED_PERCENT": 100.0 * made.filled_share,
            "NEVER_CLEAR_PERCENT": 100.0 * made.never_share,
        }

    def _of_stack(self, job: Job, grid: RegularGrid, settings: GapFilling) -> RegularReport:
        if not job.wanted(self.OUTPUT):
            raise InputError(tr("Say where the regular images go (OUTPUT)."))
        targets = RasterTargets(
            job.stage(self.OUTPUT, "reflectance_gray"),
            job.stage(self.QUALITY, "days_to_clear") if job.wanted(self.QUALITY) else "",
            job[self.OUTPUT],
            job[self.QUALITY],
        )
        return regularize_stack(
            source_of(job), split_names(job[BANDS]), job[MASK_POLICY], grid, settings, targets,
            tile_folder(job[self.OUTPUT]), make.execution_settings(job.values),
            Part(job.progress, 0.0, 0.95),
        )  # fmt: skip

    def _of_table(self, job: Job, grid: RegularGrid, settings: GapFilling) -> RegularReport:
        require_table_alone(job)
        if job.wanted(self.OUTPUT) or job.wanted(self.QUALITY):
            raise InputError(
                tr("A table gives no rasters: leave OUTPUT and QUALITY out, ask for OUTPUT_TABLE.")
            )
        if not job.wanted(self.OUTPUT_TABLE):
            raise InputError(tr("Say where the regular time series go (OUTPUT_TABLE)."))
        table = read_series(job, TABLE)
        return regularize_table(
            table, columns_of(job), job[VALUE_SCALE], grid, settings, job.progress
        )
