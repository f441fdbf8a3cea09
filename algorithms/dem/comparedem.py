# SPDX-License-Identifier: GPL-3.0-or-later
"""An elevation model compared with a reference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.dem.comparison import THRESHOLDS, CompareRequest, compare_files
from ...core.dem.differences import SLOPES
from ...core.names import split_numbers
from ...core.progress import Part
from ...core.report.dem_comparison import comparison_report
from ..base import CalValAlgorithm, Group, Job, make, tr
from .dem_parameters import DEM, EXCLUSION_MASK, REFERENCE, exclusion_mask, model, reference


class CompareDem(CalValAlgorithm):
    """Says how good an elevation model is."""

    ID = "comparedem"
    GROUP = Group.DEM
    TAGS = (
        "DEM", "DSM", "elevation", "accuracy", "NMAD", "LE90", "variogram", "difference", "waves",
    )  # fmt: skip

    CLASSES, FIELD, SLOPES = "CLASSES", "FIELD", "SLOPES_DEG"
    ELEVATIONS, THRESHOLDS, OUTLIERS = "ELEVATIONS_M", "THRESHOLDS_M", "OUTLIERS"
    SEED = "SEED"
    OUTPUT, TABLE, REPORT = "OUTPUT", "TABLE", "REPORT"

    def title(self) -> str:
        return tr("Compare elevation models")

    def summary(self) -> str:
        return tr(
            "Says how good an elevation model is against a reference: mean, median, standard "
            "deviation, RMSE, NMAD, LE90 with and without bias, LE95, percentiles, shares above "
            "thresholds and completeness, over all and by slope, elevation and land cover. The "
            "error of the mean knows that neighboring cells err together (variogram, two spherical "
            "models; Rolstad et al. 2009, Hugonnet et al. 2022); waves along rows and columns are "
            "sought and told with their significance. Co-register first where the models may be "
            "displaced."
        )

    def define(self) -> None:
        self.add(
            model(),
            reference(),
            exclusion_mask(),
            make.files(
                self.CLASSES, tr("Classes"),
                tr("A raster of whole numbers (land cover) or polygons; one file."), optional=True,
            ),
            make.string(
                self.FIELD, tr("Column of the classes"),
                tr("Of polygons: the column that names the class; empty: all are one class."),
                optional=True, advanced=True,
            ),
            make.string(
                self.SLOPES, tr("Edges of slope classes (degrees)"),
                tr("Rising numbers by commas; the first and the last class are open. Empty: none."),
                _text(SLOPES), optional=True, advanced=True, several=True,
            ),
            make.string(
                self.ELEVATIONS, tr("Edges of elevation classes (m)"),
                tr("Rising numbers by commas; the first and the last class are open. Empty: none."),
                optional=True, advanced=True, several=True,
            ),
            make.string(
                self.THRESHOLDS, tr("Thresholds (m)"),
                tr("Sizes of differences of which the share above is given, by commas."),
                _text(THRESHOLDS), optional=True, advanced=True, several=True,
            ),
            make.number(
                self.OUTLIERS, tr("Outlier limit (standard deviations)"),
                tr(
                    "Differences farther from the mean do not count anywhere; 0: all count, which "
                    "is what robust statistics are for."
                ),
                0.0, minimum=0.0, maximum=100.0, advanced=True,
            ),
            make.number(
                self.SEED, tr("Seed"), tr("The same seed gives the same pairs of the variogram."),
                0, minimum=0, maximum=2**31 - 1, integer=True, advanced=True,
            ),
        )  # fmt: skip
        self._define_outputs()

    def _define_outputs(self) -> None:
        self.add(
            make.raster_output(
                self.OUTPUT, tr("Differences"),
                tr("Model minus reference in meters, 32 bit floating point, no data -32768."),
            ),
            make.table_output(
                self.TABLE, tr("Statistics"),
                tr("A row for all cells and one for each class."), optional=True,
            ),
            make.report_output(
                self.REPORT, tr("Report"),
                tr("Map, histogram, statistics by class, variogram, waves."),
            ),
        )  # fmt: skip
        self.add_number("CELL_COUNT", tr("Cells compared"))
        self.add_number("MEAN_M", tr("Mean difference (m)"))
        self.add_number("MEAN_ERROR_M", tr("Standard error of the mean (m)"))
        self.add_number("EFFECTIVE_COUNT", tr("Independent cells that know as much"))
        self.add_number("MEDIAN_M", tr("Median difference (m)"))
        self.add_number("STD_M", tr("Standard deviation (m)"))
        self.add_number("RMSE_M", tr("RMSE (m)"))
        self.add_number("NMAD_M", tr("NMAD (m)"))
        self.add_number("LE90_M", tr("LE90 (m)"))
        self.add_number("LE90_UNBIASED_M", tr("LE90 without the mean (m)"))
        self.add_number("LE95_M", tr("LE95 (m)"))
        self.add_number("COMPLETENESS_PERCENT", tr("Completeness (percent)"))
        self.add_number("WAVE_COUNT", tr("Directions with a wave"))

    def problem(self, values: dict[str, Any]) -> str:
        if len(values[self.CLASSES] or []) > 1:
            return tr("CLASSES takes one file.")
        self._request(values | {DEM: "", REFERENCE: ""}).check()
        return ""

    def compute(self, job: Job) -> dict[str, Any]:
        found = compare_files(
            self._request(job.values), job.stage(self.OUTPUT, "height_difference"),
            job[self.OUTPUT], Part(job.progress, 0.0, 0.85),
        )  # fmt: skip
        for note in found.notes[len(found.pair.notes) :]:
            job.progress.warn(note)
        job.write_table(self.TABLE, found.table())
        if job.wanted(self.REPORT):
            job.progress.report(0.92, tr("Writing the report"))
            job.write_text(self.REPORT, comparison_report(found, job.context(self.title())))
        one, error = found.overall, found.mean_error
        return {
            "CELL_COUNT": one.count, "MEAN_M": one.mean,
            "MEAN_ERROR_M": None if error is None else error.error,
            "EFFECTIVE_COUNT": None if error is None else error.effective,
            "MEDIAN_M": one.median, "STD_M": one.std, "RMSE_M": one.rmse, "NMAD_M": one.nmad,
            "LE90_M": one.le90, "LE90_UNBIASED_M": one.le90_unbiased, "LE95_M": one.le95,
            "COMPLETENESS_PERCENT": 100.0 * one.completeness,
            "WAVE_COUNT": sum(wave.significant for wave in found.waves),
        }  # fmt: skip

    def _request(self, values: Mapping[str, Any]) -> CompareRequest:
        classes = values[self.CLASSES] or [""]
        edges = (split_numbers(values[key], key, fewest=0) for key in
                 (self.SLOPES, self.ELEVATIONS, self.THRESHOLDS))  # fmt: skip
        return CompareRequest(
            values[DEM], values[REFERENCE], tuple(values[EXCLUSION_MASK] or ()), classes[0],
            values[self.FIELD], *edges, values[self.OUTLIERS], values[self.SEED],
        )  # fmt: skip


def _text(numbers: tuple[float, ...]) -> str:
    return ",".join(f"{one:g}" for one in numbers)
