# SPDX-License-Identifier: GPL-3.0-or-later
"""Reflectance time series of points and polygons, out of products or dated rasters."""

from __future__ import annotations

from typing import Any

from ...core.names import split_names
from ...core.series.extract_files import extract_series_files
from ...core.series.extraction import STATISTICS, SeriesSettings
from ..base import CalValAlgorithm, Group, Job, make, tr
from ..extraction_parameters import (
    MASK_POLICY,
    SITE_FIELD,
    UNREADABLE,
    mask_policy,
    site_field,
    unreadable_output,
)
from .stack_parameters import (
    BANDS,
    PRODUCTS,
    STACK,
    add_sources,
    add_stack_details,
    source_of,
    stack_problem,
)


class ExtractTimeSeries(CalValAlgorithm):
    """One row per site, date and band."""

    ID = "extracttimeseries"
    GROUP = Group.PRODUCTS
    TAGS = ("time series", "reflectance", "extract", "site", "polygon", "stack", "THEIA", "netCDF")
    REQUIRES = ("defusedxml",)

    SITES, STATISTIC, WINDOW_M = "SITES", "STATISTIC", "WINDOW_M"
    MIN_VALID, OUTPUT = "MIN_VALID", "OUTPUT"

    def title(self) -> str:
        return tr("Extract time series")

    def summary(self) -> str:
        return tr(
            "Reads the reflectance of points and polygons out of satellite products of all "
            "supported formats, or out of a stack of dated rasters, and writes a long table: one "
            "row per site, date and band. Scale, offset and no data come from each product's own "
            "metadata, so that old and new processing baselines fit together. Masked observations "
            "are kept and labelled with the reason. Only the pixels of the sites are read. The "
            "table is what the detection of anomalies takes."
        )

    def define(self) -> None:
        add_sources(self)
        self.add(
            make.table(
                self.SITES, tr("Sites"),
                tr(
                    "Points (the pixel that holds them, or a window) or polygons (all pixels whose "
                    "center is inside), with a column of names."
                ),
            ),
            make.choice(
                self.STATISTIC, tr("Statistic"),
                tr("How the pixels of a site are brought together: their mean or their median."),
                STATISTICS, "mean",
            ),
            mask_policy(),
            site_field(self.SITES),
            make.number(
                self.WINDOW_M, tr("Window width (m)"),
                tr(
                    "Full width of the square around points, in meters, from 0 to 200000; 0 is the "
                    "one pixel that holds the point."
                ),
                0.0, minimum=0.0, maximum=200_000.0, advanced=True,
            ),
            make.number(
                self.MIN_VALID, tr("Smallest clear share"),
                tr(
                    "An observation is clear where at least this share (0 to 1) of the site's "
                    "pixels is; then only clear pixels make its value."
                ),
                0.5, minimum=0.0, maximum=1.0, advanced=True,
            ),
        )  # fmt: skip
        add_stack_details(self)
        self.add(
            make.table_output(
                self.OUTPUT, tr("Time series"),
                tr("Long table, points at the sites, one row per site, date and band."),
                points=True,
            ),
            unreadable_output(),
        )  # fmt: skip
        self.add_number("COUNT", tr("Rows"))
        self.add_number("PRODUCT_COUNT", tr("Products or dates read"))
        self.add_number("MASKED_COUNT", tr("Masked observations"))
        self.add_number("UNMASKED_COUNT", tr("Observations without a cloud mask"))
        self.add_number("UNREADABLE_COUNT", tr("Products that could not be read"))

    def problem(self, values: dict[str, Any]) -> str:
        if not values[PRODUCTS] and not values[STACK]:
            return tr("Give products, or a stack of dated rasters.")
        return stack_problem(values)

    def compute(self, job: Job) -> dict[str, Any]:
        settings = SeriesSettings(
            split_names(job[BANDS]), job[self.STATISTIC], job[MASK_POLICY],
            job[self.WINDOW_M], job[self.MIN_VALID],
        )  # fmt: skip
        sites = job[self.SITES].read(job.progress)
        found = extract_series_files(source_of(job), sites, job[SITE_FIELD], settings, job.progress)
        for note in found.notes:
            job.progress.warn(note)
        job.write_table(self.OUTPUT, found.table, "time_series")
        job.write_table(UNREADABLE, found.unreadable)
        return {
            "COUNT": len(found.table),
            "PRODUCT_COUNT": found.product_count,
            "MASKED_COUNT": found.masked_count,
            "UNMASKED_COUNT": found.unmasked_count,
            "UNREADABLE_COUNT": len(found.unreadable),
        }
