# SPDX-License-Identifier: GPL-3.0-or-later
"""Features for land-cover maps: gap-filled, dated, named, in one raster."""

from __future__ import annotations

from typing import Any

from ...core.classification.limits import within
from ...core.classification.primitives.files import (
    LAND_COVER,
    PrimitiveReport,
    PrimitiveRequest,
    compute_primitives,
)
from ...core.classification.primitives.rasters import PrimitiveTargets
from ...core.execution.runner import tile_folder
from ...core.io.exogenous_files import AUTO, CHOICES
from ...core.io.radar_files import UNITS
from ...core.names import split_names
from ...core.progress import Part
from ...core.series.regular_files import RegularGrid
from ...core.series.regularize import GapFilling
from ..base import CalValAlgorithm, Group, Job, make, tr
from ..extraction_parameters import MASK_POLICY, mask_policy
from ..products.stack_parameters import (
    BANDS,
    PRODUCTS,
    STACK,
    add_sources,
    add_stack_details,
    source_of,
    stack_problem,
)


class ComputePrimitives(CalValAlgorithm):
    """Makes the stack of features that samples, models and maps are made of."""

    ID = "computeprimitives"
    GROUP = Group.CLASSIFICATION
    TAGS = (
        "land cover", "features", "primitives", "time series", "gap filling", "NDVI", "NDWI",
        "radar", "Sentinel-1", "IOTA2",
    )  # fmt: skip
    REQUIRES = ("defusedxml",)

    RADAR, RADAR_UNIT, RADAR_RATIO = "RADAR", "RADAR_UNIT", "RADAR_RATIO"
    EXOGENOUS, RESAMPLING = "EXOGENOUS", "EXOGENOUS_RESAMPLING"
    INDICES, USER_FEATURES = "INDICES", "USER_FEATURES"
    START, END, STEP_DAYS, DATES = "START", "END", "STEP_DAYS", "DATES"
    MAX_GAP_DAYS = "MAX_GAP_DAYS"
    OUTPUT, QUALITY, VALIDITY = "OUTPUT", "QUALITY", "VALIDITY"

    def title(self) -> str:
        return tr("Compute primitives")

    def summary(self) -> str:
        return tr(
            "Makes the features that a land-cover map is learned from: optical images of one "
            "tile (Sentinel-2 of MAJA and Sen2Cor, also mixed, Landsat, other dated rasters), "
            "Sentinel-1 images by direction of orbit, rasters without a date such as "
            "elevation, spectral indices by name, and features of your own as formulas. Clouds "
            "and missing dates are filled by linear interpolation at dates in equal steps "
            "(Inglada et al. 2017, 10.3390/rs9010095). The layers of the output are named by "
            "feature and date, which is how samples and models find them. Beside them come the "
            "days to the nearest clear date and the number of clear dates. A run that was "
            "stopped goes on where it was."
        )

    def define(self) -> None:
        add_sources(self)
        self.add(
            make.string(
                self.INDICES, tr("Indices"),
                tr(
                    "Names separated by commas: NDVI, NDWI_MCFEETERS (also NDWI), NDWI_GAO (also "
                    "NDMI), NBR, NDSI, NDRE, EVI, EVI2, SAVI, OSAVI, MSAVI, BSI, GNDVI, NBR2, "
                    "BRIGHTNESS. Bands are found by wavelength, whatever their numbers. Empty: "
                    "NDVI, both NDWI and BRIGHTNESS, as far as the bands allow; none: none."
                ),
                optional=True, several=True,
            ),
            make.files(
                self.RADAR, tr("Radar images"),
                tr(
                    "Dated Sentinel-1 rasters or folders of them, whose names say polarization, "
                    "ASC or DES, and date, as s1a_31TCJ_vv_DES_008_20200108t055554.tif. Ascending "
                    "and descending orbits become features of their own."
                ),
                optional=True,
            ),
            make.files(
                self.EXOGENOUS, tr("Exogenous rasters"),
                tr(
                    "Rasters without a date (elevation, slope, soil ...), brought to the grid of "
                    "the images. Each band is a feature, named by its description or its file."
                ),
                optional=True,
            ),
            make.string(
                self.USER_FEATURES, tr("Features of your own"),
                tr(
                    "Lines (or parts separated by semicolons) of the form name = expression, such "
                    "as SAVI = 1.5 * (B8 - B4) / (B8 + B4 + 0.5): names of bands, indices and "
                    "other features, numbers, + - * / **, comparisons, min, max, abs, sqrt, exp, "
                    "log, log10, where. Computed for each date where a dated name is used; "
                    "B8_20200701 is one date."
                ),
                optional=True,
            ),
            make.number(
                self.STEP_DAYS, tr("Step (days)"),
                tr("From one date of the features to the next, in whole days, 1 or more."),
                10, integer=True, **within(self.ID, self.STEP_DAYS),
            ),
        )  # fmt: skip
        self._define_details()
        add_stack_details(self)
        self.add(*make.execution())
        self._define_outputs()

    def _define_details(self) -> None:
        self.add(
            make.string(
                self.START, tr("Start"),
                tr("First date of the features, as 2020-01-01. Empty: the first of the images."),
                optional=True, advanced=True,
            ),
            make.string(
                self.END, tr("End"),
                tr("No date of the features lies after it. Empty: the last of the images."),
                optional=True, advanced=True,
            ),
            make.string(
                self.DATES, tr("Dates"),
                tr(
                    "Dates of the features, separated by commas, instead of START, END and the "
                    "step: those of a model that was trained elsewhere, for example."
                ),
                optional=True, advanced=True, several=True,
            ),
            mask_policy(advanced=True, default=LAND_COVER),
            make.number(
                self.MAX_GAP_DAYS, tr("Longest hold at the ends (days)"),
                tr(
                    "How long the first and the last clear value are held before and after their "
                    "dates; beyond that there is no data. Gaps between clear dates are filled "
                    "whatever their length: see the days to the nearest clear date."
                ),
                30.0, advanced=True, **within(self.ID, self.MAX_GAP_DAYS),
            ),
            make.choice(
                self.RADAR_UNIT, tr("Unit of radar"),
                tr(
                    "linear: backscatter as a power, as S1Tiling writes it, kept; linear_to_db: "
                    "brought to decibels after gap filling; db: the images are in decibels."
                ),
                UNITS, "linear", advanced=True,
            ),
            make.switch(
                self.RADAR_RATIO, tr("Ratio of polarizations"),
                tr("Add VH / VV (in decibels: VH - VV) of each direction and date."),
                advanced=True,
            ),
            make.choice(
                self.RESAMPLING, tr("Resampling of exogenous rasters"),
                tr(
                    "auto: nearest for codes (8 bit, or with a color table or categories), "
                    "bilinear for measures; nearest or bilinear: for all."
                ),
                CHOICES, AUTO, advanced=True,
            ),
        )  # fmt: skip

    def _define_outputs(self) -> None:
        self.add(
            make.raster_output(
                self.OUTPUT, tr("Features"),
                tr(
                    "One layer per feature, named as B4_20200715, NDVI_20200715, VV_DES_20200715 "
                    "or elevation; 32 bit floating point, no data -9999."
                ),
            ),
            make.raster_output(
                self.QUALITY, tr("Days to the nearest clear date"),
                tr("One layer per date, -1 where a pixel is never clear."),
                optional=True,
            ),
            make.raster_output(
                self.VALIDITY, tr("Number of clear dates"),
                tr("On how many days each pixel is clear in all bands."),
                optional=True,
            ),
        )  # fmt: skip
        self.add_number("FEATURE_COUNT", tr("Layers of the output"))
        self.add_number("DATE_COUNT", tr("Dates of the features"))
        self.add_number("NEVER_CLEAR_PERCENT", tr("Pixels never clear (percent)"))

    def problem(self, values: dict[str, Any]) -> str:
        make.execution_settings(values)
        if not (values[PRODUCTS] or values[STACK] or values[self.RADAR]):
            return tr("Give images: products, a stack of dated rasters, or radar images.")
        return stack_problem(values)

    def compute(self, job: Job) -> dict[str, Any]:
        targets = PrimitiveTargets(
            job.stage(self.OUTPUT, "primitives"),
            job.stage(self.QUALITY, "days_to_clear") if job.wanted(self.QUALITY) else "",
            job.stage(self.VALIDITY, "clear_dates") if job.wanted(self.VALIDITY) else "",
            job[self.OUTPUT],
            job[self.QUALITY],
            job[self.VALIDITY],
        )
        made: PrimitiveReport = compute_primitives(
            self._request(job), targets, tile_folder(job[self.OUTPUT]),
            make.execution_settings(job.values), Part(job.progress, 0.0, 0.95),
        )  # fmt: skip
        if made.run is not None:
            job.afterward(made.run.discard)
        for note in made.notes:
            job.progress.warn(note)
        return {
            "FEATURE_COUNT": len(made.names),
            "DATE_COUNT": made.date_count,
            "NEVER_CLEAR_PERCENT": 100.0 * made.never_share,
        }

    def _request(self, job: Job) -> PrimitiveRequest:
        return PrimitiveRequest(
            optical=source_of(job) if job[PRODUCTS] or job[STACK] else None,
            bands=split_names(job[BANDS]),
            policy=job[MASK_POLICY],
            grid=RegularGrid(job[self.START], job[self.END], job[self.STEP_DAYS]),
            dates=job[self.DATES],
            settings=GapFilling("linear", job[self.MAX_GAP_DAYS]),
            indices=job[self.INDICES],
            radar=tuple(job[self.RADAR]),
            radar_unit=job[self.RADAR_UNIT],
            ratio=job[self.RADAR_RATIO],
            exogenous=tuple(job[self.EXOGENOUS]),
            resampling=job[self.RESAMPLING],
            user=job[self.USER_FEATURES],
        )
