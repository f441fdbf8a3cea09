# SPDX-License-Identifier: GPL-3.0-or-later
"""AOT around sites, out of L2A products of all supported formats."""

from __future__ import annotations

from typing import Any

from ...core.aot.extract_files import extract_files
from ...core.aot.extraction import ExtractionSettings, parse_windows
from ...core.errors import CalValError
from ..base import CalValAlgorithm, Group, Job, make, tr
from ..extraction_parameters import (
    MASK_POLICY,
    SITE_FIELD,
    UNREADABLE,
    mask_policy,
    site_field,
    unreadable_output,
)


class ExtractAot(CalValAlgorithm):
    """One row per product, site and window."""

    ID = "extractaot"
    GROUP = Group.AOT
    TAGS = ("AOT", "AOD", "aerosol", "water vapor", "MAJA", "THEIA", "Sen2Cor", "window", "site")
    REQUIRES = ("defusedxml",)

    PRODUCTS, SITES, WINDOWS_M = "PRODUCTS", "SITES", "WINDOWS_M"
    ELEVATION, N2A_AOT_SCALE, OUTPUT = "ELEVATION", "N2A_AOT_SCALE", "OUTPUT"

    def title(self) -> str:
        return tr("Extract AOT at sites")

    def summary(self) -> str:
        return tr(
            "Reads the AOT and water vapor of L2A products around sites: mean, median, spread and "
            "gradient in square windows, and what the windows are made of (valid, cloudy and "
            "gap-filled shares, clipped and zero pixels). Products are found in folders, zip and "
            "tar archives: THEIA/MUSCATE, MAJA, SPOT Take5, Sen2Cor. Only the windows are read. "
            "Products that cannot be read are listed with the reason; products without AOT get "
            "rows that say so. The output goes into the AOT comparison.\n\n"
            "Window statistics after Petrenko et al. (2012), 10.5194/amt-5-913-2012."
        )

    def define(self) -> None:
        self.add(
            make.files(
                self.PRODUCTS, tr("Products"),
                tr("L2A product folders or archives (zip, tar, tgz), or folders that hold them."),
            ),
            make.table(
                self.SITES, tr("Sites"),
                tr(
                    "Points of the sites, or the output of the AERONET import: each distinct site "
                    "name is used once."
                ),
            ),
            make.string(
                self.WINDOWS_M, tr("Window widths (m)"),
                tr(
                    "Full widths of square windows centered on the site, in meters, separated by "
                    "commas. All of them come out of one read of the largest."
                ),
                "1000,5000,20000", several=True,
            ),
            mask_policy(),
            site_field(self.SITES),
            make.raster(
                self.ELEVATION, tr("Elevation"),
                tr(
                    "Terrain heights in meters; gives pixel_elevation_m, the mean height of each "
                    "window, by which the comparison can filter or correct altitude differences."
                ),
                optional=True, advanced=True,
            ),
            make.number(
                self.N2A_AOT_SCALE, tr("AOT scale of N2A products"),
                tr(
                    "Factor from stored numbers to AOT in SPOT Take5 products, whose metadata do "
                    "not state it. More than 0, usually 0.001."
                ),
                0.001, minimum=1e-6, maximum=1.0, advanced=True,
            ),
            make.table_output(
                self.OUTPUT, tr("Satellite AOT"),
                tr("Points at the sites, one row per product, site and window."), points=True,
            ),
            unreadable_output(),
        )  # fmt: skip
        self.add_number("COUNT", tr("Rows"))
        self.add_number("PRODUCT_COUNT", tr("Products read"))
        self.add_number("UNREADABLE_COUNT", tr("Products that could not be read"))

    def problem(self, values: dict[str, Any]) -> str:
        try:
            parse_windows(values[self.WINDOWS_M])
        except CalValError as error:
            return str(error)
        return ""

    def compute(self, job: Job) -> dict[str, Any]:
        settings = ExtractionSettings(
            parse_windows(job[self.WINDOWS_M]), job[MASK_POLICY], job[self.ELEVATION]
        )
        sites = job[self.SITES].read(job.progress)
        found = extract_files(
            job[self.PRODUCTS], sites, job[SITE_FIELD], settings,
            job[self.N2A_AOT_SCALE], job.progress,
        )  # fmt: skip
        for note in found.notes:
            job.progress.warn(note)
        job.write_table(self.OUTPUT, found.table, "satellite_aot")
        job.write_table(UNREADABLE, found.unreadable)
        return {
            "COUNT": len(found.table),
            "PRODUCT_COUNT": found.product_count,
            "UNREADABLE_COUNT": len(found.unreadable),
        }
