# SPDX-License-Identifier: GPL-3.0-or-later
"""Satellite products measured over calibration sites, into the calibration database."""

from __future__ import annotations

from typing import Any

from ...core.calibration.extraction.run import ExtractionRequest, extract_sites
from ...core.calibration.extraction.sites import layer_sites, shipped_choice
from ...core.database.sites import CalibrationSite
from ...core.errors import InputError
from ...core.names import split_names
from ..base import CalValAlgorithm, Group, Job, make, tr
from ..database import DATABASE, database
from ..extraction_parameters import SITE_FIELD, site_field
from ..inputs import describe
from .product_names import SENSOR, VERSION, WORKERS, add_product_names

FULL, FAST = "full", "fast"


class ExtractCalibrationSites(CalValAlgorithm):
    """Measures products over sites."""

    ID = "extractcalibrationsites"
    GROUP = Group.CALIBRATION
    TAGS = (
        "calibration", "extract", "toa reflectance", "desert", "pics", "antarctic", "sentinel-2",
        "L1C", "landsat", "site",
    )  # fmt: skip
    REQUIRES = ("defusedxml",)
    WRITES = (DATABASE,)

    PRODUCTS, SITES, SITE_LAYER = "PRODUCTS", "SITES", "SITE_LAYER"
    RESOLUTION_MODE, BANDS = "RESOLUTION_MODE", "BANDS"
    COUNT, SKIPPED_COUNT, FAILED_COUNT = "COUNT", "SKIPPED_COUNT", "FAILED_COUNT"

    def title(self) -> str:
        return tr("Extract calibration sites")

    def summary(self) -> str:
        return tr(
            "Measures the reflectance at the top of the atmosphere over calibration sites in "
            "satellite products (Sentinel-2 L1C, Landsat Level 1 and all formats of this toolbox) "
            "and adds it to the calibration database: per band mean, median, spread, number of "
            "pixels, saturated share and the view angles of that band; sun angles, weather and "
            "clouds as the product itself states them. What the database has already is not read "
            "again, so that a run that was canceled goes on where it stopped."
        )

    def define(self) -> None:
        self.add(
            make.files(
                self.PRODUCTS, tr("Products"),
                tr(
                    "Product folders or archives (zip, tar, tgz), folders that hold them, or a "
                    "catalog made by 'Catalog products'."
                ),
            ),
            make.string(
                self.SITES, tr("Shipped sites"),
                tr(
                    "Names (Libya4), types (desert, snow, ocean, cloud) or sets (pics20, "
                    "pics20_small, antarctic) of the sites of this toolbox, separated by commas. "
                    "Empty where only the layer of sites is meant."
                ),
                "pics20, antarctic, cloud", optional=True, several=True,
            ),
            make.table(
                self.SITE_LAYER, tr("Layer of sites"),
                tr("Polygons of your own, with a column of names."), optional=True,
            ),
            database(),
            make.choice(
                self.RESOLUTION_MODE, tr("Resolution"),
                tr(
                    "full: every pixel. fast: JPEG 2000 files at their reduced resolution of 40 to "
                    "80 m, for sites of 5 km or more: many times faster, the mean within 0.05 %, "
                    "the spread smaller. Other files are read in full."
                ),
                (FULL, FAST), FULL,
            ),
            make.string(
                self.BANDS, tr("Bands"),
                tr("Names separated by commas, such as B2,B3,B4,B8; empty: all bands."),
                optional=True, several=True,
            ),
        )  # fmt: skip
        self.add(site_field(self.SITE_LAYER))
        add_product_names(
            self,
            tr(
                "Empty: the processing baseline of each product. Fast mode adds the word fast. "
                "Give another one to extract the same products again, over other outlines or "
                "in other bands."
            ),
        )
        self.add_number(self.COUNT, tr("Number of measurements added"))
        self.add_number(self.SKIPPED_COUNT, tr("Number of measurements known already"))
        self.add_number(self.FAILED_COUNT, tr("Products that could not be used"))

    def problem(self, values: dict[str, Any]) -> str:
        shipped_choice(split_names(values[self.SITES]))
        return ""

    def compute(self, job: Job) -> dict[str, Any]:
        request = ExtractionRequest(
            job[self.PRODUCTS], self._sites(job), split_names(job[self.BANDS]),
            job[self.RESOLUTION_MODE] == FAST, job[SENSOR].strip(), job[VERSION].strip(),
            job[WORKERS], describe(job.values), job.record,
        )  # fmt: skip
        result = extract_sites(job[DATABASE], request, job.progress)
        for note in result.notes:
            job.progress.warn(note)
        return {
            self.COUNT: result.added,
            self.SKIPPED_COUNT: result.skipped,
            self.FAILED_COUNT: result.failed,
        }

    def _sites(self, job: Job) -> tuple[CalibrationSite, ...]:
        shipped = shipped_choice(split_names(job[self.SITES]))
        layer = job[self.SITE_LAYER]
        if layer is None and not shipped:
            raise InputError(tr("Give shipped sites (SITES), or a layer of sites (SITE_LAYER)."))
        if layer is None:
            return shipped
        own, notes = layer_sites(layer.read(job.progress), job[SITE_FIELD])
        for note in notes:
            job.progress.warn(note)
        names = {one.name for one in own}
        return (*own, *(one for one in shipped if one.name not in names))
