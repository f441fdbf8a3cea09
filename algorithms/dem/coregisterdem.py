# SPDX-License-Identifier: GPL-3.0-or-later
"""An elevation model moved onto a reference."""

from __future__ import annotations

from typing import Any

from ...core.dem.coregistration import Method, Request, coregister_files
from ...core.progress import Part
from ...core.report.dem_coregistration import coregistration_report
from ..base import CalValAlgorithm, Group, Job, make, tr
from .dem_parameters import DEM, EXCLUSION_MASK, REFERENCE, exclusion_mask, model, reference


class CoregisterDem(CalValAlgorithm):
    """Finds by how much an elevation model is displaced, and moves it."""

    ID = "coregisterdem"
    GROUP = Group.DEM
    TAGS = (
        "DEM", "DSM", "elevation", "co-registration", "Nuth and Kääb", "shift", "alignment", "tilt",
    )  # fmt: skip

    METHOD, RESAMPLE = "METHOD", "RESAMPLE"
    OUTPUT, REPORT = "OUTPUT", "REPORT"

    def title(self) -> str:
        return tr("Co-register elevation model")

    def summary(self) -> str:
        return tr(
            "Finds by how many meters to the east, to the north and upward an elevation model has "
            "to be moved to lie on a reference, to hundredths of a cell and with standard errors "
            "that know of correlated differences; moves it, by default without interpolating any "
            "height. The method is that of Nuth and Kääb (2011), 10.5194/tc-5-271-2011, in its "
            "linear form with robust weights, coarse to fine: shifts of many cells, holes and "
            "changed ground are no obstacle. A run in which the differences do not shrink stops "
            "with a sentence."
        )

    def define(self) -> None:
        self.add(
            model(),
            reference(),
            exclusion_mask(),
            make.choice(
                self.METHOD, tr("What may change"),
                tr(
                    "nuth_kaab: position and height; nuth_kaab_tilt: a plane besides; "
                    "vertical_shift: the height alone; vertical_tilt: height and plane."
                ),
                [one.value for one in Method], Method.SHIFT.value,
            ),
            make.switch(
                self.RESAMPLE, tr("Onto the grid of the reference"),
                tr(
                    "On: heights are brought onto the cells of the reference by cubic convolution. "
                    "Off: the cells of the model itself are moved, and no height is interpolated."
                ),
                False, advanced=True,
            ),
            make.raster_output(
                self.OUTPUT, tr("Moved elevation model"),
                tr("Heights in meters, 32 bit floating point, no data -32768."),
            ),
            make.report_output(
                self.REPORT, tr("Report"),
                tr("Shift with errors, maps and histograms of the differences, every step."),
            ),
        )  # fmt: skip
        self.add_number("DX_M", tr("Shift to the east (m)"))
        self.add_number("DY_M", tr("Shift to the north (m)"))
        self.add_number("DZ_M", tr("Vertical shift (m)"))
        self.add_number("DX_ERROR_M", tr("Standard error of the shift to the east (m)"))
        self.add_number("DY_ERROR_M", tr("Standard error of the shift to the north (m)"))
        self.add_number("DZ_ERROR_M", tr("Standard error of the vertical shift (m)"))
        self.add_number("TILT_EAST_M_KM", tr("Tilt taken off, to the east (m per km)"))
        self.add_number("TILT_NORTH_M_KM", tr("Tilt taken off, to the north (m per km)"))
        self.add_number("NMAD_BEFORE", tr("NMAD of the differences before (m)"))
        self.add_number("NMAD_AFTER", tr("NMAD of the differences after (m)"))
        self.add_number("CELL_COUNT", tr("Cells compared"))

    def compute(self, job: Job) -> dict[str, Any]:
        request = Request(
            job[DEM], job[REFERENCE], tuple(job[EXCLUSION_MASK]), Method(job[self.METHOD]),
            job[self.RESAMPLE],
        )  # fmt: skip
        found = coregister_files(
            request, job.stage(self.OUTPUT, "elevation"), job[self.OUTPUT],
            Part(job.progress, 0.0, 0.9),
        )  # fmt: skip
        if job.wanted(self.REPORT):
            job.progress.report(0.92, tr("Writing the report"))
            job.write_text(self.REPORT, coregistration_report(found, job.context(self.title())))
        shift = found.shift
        return {
            "DX_M": shift.east, "DY_M": shift.north, "DZ_M": shift.up,
            "DX_ERROR_M": shift.east_error, "DY_ERROR_M": shift.north_error,
            "DZ_ERROR_M": shift.up_error, "TILT_EAST_M_KM": shift.tilt.east,
            "TILT_NORTH_M_KM": shift.tilt.north, "NMAD_BEFORE": shift.before,
            "NMAD_AFTER": shift.after, "CELL_COUNT": shift.count,
        }  # fmt: skip
