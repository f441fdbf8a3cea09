# SPDX-License-Identifier: GPL-3.0-or-later
"""Deep convective clouds found in products: how often, where, and what they measure."""

from __future__ import annotations

from typing import Any

from ...core.calibration.cloudsites.finding import find_cloud_sites
from ...core.calibration.cloudsites.limits import (
    AreaLimits,
    CloudLimits,
    SceneLimits,
    check_limits,
)
from ...core.calibration.cloudsites.run import SearchRequest
from ...core.calibration.extraction.threads import WORKERS
from ...core.progress import Part
from ...core.report.cloudsites import cloudsites_report
from ..base import CalValAlgorithm, Group, Job, make, tr
from ..database import DATABASE, database
from ..inputs import describe
from . import cross_parameters as cross


class FindCloudSites(CalValAlgorithm):
    """Searches products for deep convective clouds."""

    ID = "findcloudsites"
    GROUP = Group.CALIBRATION
    TAGS = (
        "calibration", "cloud", "DCC", "deep convective", "frequency", "site", "sentinel-2", "L1C",
        "extract", "new area",
    )  # fmt: skip
    REQUIRES = ("defusedxml",)
    WRITES = (DATABASE,)

    PRODUCTS, CELL = "PRODUCTS", "CELL_SIZE_DEG"
    CLOUD_PERCENT, SUN = "MIN_CLOUD_PERCENT", "MAX_SUN_ZENITH_DEG"
    SOUTH, NORTH = "MIN_LATITUDE", "MAX_LATITUDE"
    BRIGHTNESS, COLOR, SHARE = "PREVIEW_BRIGHTNESS", "PREVIEW_COLOR", "PREVIEW_SHARE"
    CIRRUS, REFLECTANCE, MAX_COLOR = "MIN_CIRRUS", "MIN_REFLECTANCE", "MAX_COLOR"
    MIN_ICE, MAX_ICE = "MIN_ICE_RATIO", "MAX_ICE_RATIO"
    SPREAD, AGGREGATE = "MAX_SPREAD", "AGGREGATE_M"
    MIN_SCENES, MIN_FREQUENCY = "MIN_SCENES", "MIN_FREQUENCY"
    SENSOR, VERSION, WORKERS = "SENSOR", "VERSION", "WORKERS"
    FREQUENCY, AREAS, REPORT = "FREQUENCY", "AREAS", "REPORT"

    def title(self) -> str:
        return tr("Find cloud sites")

    def summary(self) -> str:
        return tr(
            "Searches products (Sentinel-2 L1C, Landsat Level 1) for deep convective clouds, which "
            "calibrations over clouds need: metadata first, then the small preview image, and the "
            "bands only of what may show such clouds. Gives maps of how often they are seen, by "
            "cell and month, new areas for calibration ranked by the clouds to be expected, and "
            "measurements over them in the calibration database, from which 'Calibrate bands over "
            "clouds' works. What was searched before is not read again.\n\n"
            "Without a thermal band clouds are selected by what they are: bright, white, of ice, "
            "even, and above the water vapor. Every threshold is a parameter, and the report says "
            "how much hangs on each. Statistics after Doelling et al. (2013), "
            "10.1109/TGRS.2012.2225066."
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
            database(),
            make.number(
                self.CELL, tr("Cell size (degrees)"),
                tr(
                    "Side of the cells in which clouds are counted and measured, 0.005 to 10. Each "
                    "cell with clouds becomes a site of the database."
                ),
                0.25, minimum=0.005, maximum=10.0,
            ),
        )  # fmt: skip
        self._define_scenes()
        self._define_preview()
        self._define_clouds()
        self._define_others()
        self._define_outputs()

    def _define_scenes(self) -> None:
        self.add(
            make.number(
                self.CLOUD_PERCENT, tr("Least cloud percentage"),
                tr("Of the product's own metadata, 0 to 100; products with less are not opened."),
                10.0, minimum=0.0, maximum=100.0,
            ),
            make.number(
                self.SUN, tr("Largest sun zenith angle (degrees)"),
                tr("In the middle of the product, 1 to 80; lower suns are no observation at all."),
                40.0, minimum=1.0, maximum=80.0,
            ),
            make.string(
                cross.FIRST_DAY, tr("First day"), tr("As 2020-01-31 (UTC); empty: no limit."),
                optional=True, advanced=True,
            ),
            make.string(
                cross.LAST_DAY, tr("Last day"),
                tr("As 2020-06-30 (UTC), included; empty: no limit."), optional=True,
                advanced=True,
            ),
            make.number(
                self.SOUTH, tr("Southernmost latitude (degrees)"),
                tr("Of the middle of a product, -90 to 90."),
                -35.0, minimum=-90.0, maximum=90.0, advanced=True,
            ),
            make.number(
                self.NORTH, tr("Northernmost latitude (degrees)"),
                tr("Of the middle of a product, -90 to 90."),
                35.0, minimum=-90.0, maximum=90.0, advanced=True,
            ),
        )  # fmt: skip

    def _define_preview(self) -> None:
        self.add(
            make.number(
                self.BRIGHTNESS, tr("Preview: least brightness"),
                tr(
                    "Of the darkest color of a pixel, as a share of full scale (0 to 1). Previews "
                    "of Sentinel-2 are white from a reflectance of 0.36 on."
                ),
                0.98, minimum=0.0, maximum=1.0, advanced=True,
            ),
            make.number(
                self.COLOR, tr("Preview: largest color"),
                tr("Difference of the colors of a pixel, as a share of the brightest (0 to 1)."),
                0.05, minimum=0.0, maximum=1.0, advanced=True,
            ),
            make.number(
                self.SHARE, tr("Preview: least share"),
                tr(
                    "Share of the pixels that must be bright and white (0 to 1); 0 reads the bands "
                    "of every product."
                ),
                0.01, minimum=0.0, maximum=1.0, advanced=True,
            ),
        )  # fmt: skip

    def _define_clouds(self) -> None:
        self.add(
            make.number(
                self.CIRRUS, tr("Least reflectance at 1.38 µm"),
                tr("B10 of Sentinel-2 (0 to 1): what lies below water vapor is dark there."),
                0.3, minimum=0.0, maximum=1.5, advanced=True,
            ),
            make.number(
                self.REFLECTANCE, tr("Least reflectance"),
                tr("In the near infrared, B8A of Sentinel-2 (0 to 1.5)."),
                0.7, minimum=0.0, maximum=1.5, advanced=True,
            ),
            make.number(
                self.MIN_ICE, tr("Least ratio of ice"),
                tr("1.6 µm by near infrared, B11 by B8A: snow on the ground has less."),
                0.15, minimum=0.0, maximum=2.0, advanced=True,
            ),
            make.number(
                self.MAX_ICE, tr("Largest ratio of ice"),
                tr("1.6 µm by near infrared, B11 by B8A: clouds of water have more."),
                0.5, minimum=0.0, maximum=2.0, advanced=True,
            ),
            make.number(
                self.MAX_COLOR, tr("Largest departure from white"),
                tr("Of blue by red, B2 by B4, from 1."),
                0.1, minimum=0.001, maximum=1.0, advanced=True,
            ),
            make.number(
                self.SPREAD, tr("Largest unevenness"),
                tr(
                    "Standard deviation by mean of 3 x 3 pixels of the search, in red and near "
                    "infrared."
                ),
                0.03, minimum=0.0001, maximum=1.0, advanced=True,
            ),
            make.number(
                self.AGGREGATE, tr("Pixels of the search (m)"),
                tr(
                    "Bands are averaged over squares of this side, rounded to whole pixels of the "
                    "coarsest band: 60 to 20000 m."
                ),
                1000.0, minimum=60.0, maximum=20_000.0, advanced=True,
            ),
        )  # fmt: skip

    def _define_others(self) -> None:
        self.add(
            make.number(
                self.MIN_SCENES, tr("Least scenes of an area"),
                tr("Cells that were seen less often make no areas; 1 or more."),
                5, minimum=1, maximum=100_000, integer=True, advanced=True,
            ),
            make.number(
                self.MIN_FREQUENCY, tr("Least frequency of an area"),
                tr("Share of the scenes with clouds (0 to 1) from which on cells make areas."),
                0.05, minimum=0.0, maximum=1.0, advanced=True,
            ),
            make.string(
                self.SENSOR, tr("Sensor"),
                tr(
                    "Name of the sensor, such as S2A/MSI, where the metadata do not say it; empty: "
                    "as they say."
                ),
                optional=True, advanced=True,
            ),
            make.string(
                self.VERSION, tr("Version"),
                tr(
                    "Empty: the processing baseline of each product. The word dcc is added. Give "
                    "another one to search the same products again under other limits."
                ),
                optional=True, advanced=True,
            ),
            make.number(
                self.WORKERS, tr("Products at a time"),
                tr("1 to 16 products are read at once; each needs about 150 MB of memory."),
                WORKERS, minimum=1, maximum=16, integer=True, advanced=True,
            ),
            make.number(
                cross.DRAWS, tr("Monte Carlo draws"),
                tr("Of overpasses, for the errors of the statistics; 20 or more."),
                200, minimum=20, maximum=10_000, integer=True, advanced=True,
            ),
            make.number(
                cross.SEED, tr("Seed"), tr("The same seed gives the same draws."),
                0, minimum=0, maximum=2**31 - 1, integer=True, advanced=True,
            ),
        )  # fmt: skip

    def _define_outputs(self) -> None:
        self.add(
            make.table_output(
                self.FREQUENCY, tr("Frequency"),
                tr(
                    "A polygon per cell and month, and per cell for all months: scenes, scenes "
                    "with clouds, frequency with its interval."
                ),
                polygons=True,
            ),
            make.table_output(
                self.AREAS, tr("Areas"),
                tr("Areas of frequent clouds, ranked by the cloud pixels to be expected."),
                polygons=True, optional=True,
            ),
            make.report_output(
                self.REPORT, tr("Report"),
                tr("What each step removed, maps, distributions with all statistics, areas."),
            ),
        )  # fmt: skip
        self.add_number("PRODUCT_COUNT", tr("Products searched"))
        self.add_number("CANDIDATE_COUNT", tr("Products whose bands were read"))
        self.add_number("MEASUREMENT_COUNT", tr("Number of measurements added"))
        self.add_number("KNOWN_COUNT", tr("Products searched before"))
        self.add_number("FAILED_COUNT", tr("Products that could not be used"))
        self.add_number("AREA_COUNT", tr("Number of areas"))

    def problem(self, values: dict[str, Any]) -> str:
        check_limits(*self._limits(values))
        return ""

    def compute(self, job: Job) -> dict[str, Any]:
        scenes, clouds = self._limits(job.values)
        request = SearchRequest(
            job[self.PRODUCTS], scenes, clouds, job[self.SENSOR].strip(), job[self.VERSION].strip(),
            job[self.WORKERS], describe(job.values), job.record,
        )  # fmt: skip
        limits = AreaLimits(job[self.MIN_SCENES], job[self.MIN_FREQUENCY])
        found = find_cloud_sites(
            job[DATABASE], request, limits, job[cross.DRAWS], job[cross.SEED],
            Part(job.progress, 0.0, 0.9),
        )  # fmt: skip
        for note in (*found.result.notes, *found.notes):
            job.progress.warn(note)
        job.write_table(self.FREQUENCY, found.frequency_table(), "cloud_frequency")
        job.write_table(self.AREAS, found.area_table(), "cloud_areas")
        if job.wanted(self.REPORT):
            job.write_text(self.REPORT, cloudsites_report(found, job.context(self.title())))
        result = found.result
        return {
            "PRODUCT_COUNT": len(result.outcomes), "CANDIDATE_COUNT": result.candidates,
            "MEASUREMENT_COUNT": result.added, "KNOWN_COUNT": result.known,
            "FAILED_COUNT": result.failed, "AREA_COUNT": len(found.areas),
        }  # fmt: skip

    def _limits(self, values: dict[str, Any]) -> tuple[SceneLimits, CloudLimits]:
        scenes = SceneLimits(
            values[cross.FIRST_DAY], values[cross.LAST_DAY], values[self.SOUTH],
            values[self.NORTH], values[self.SUN], values[self.CLOUD_PERCENT],
            values[self.BRIGHTNESS], values[self.COLOR], values[self.SHARE],
        )  # fmt: skip
        clouds = CloudLimits(
            values[self.CIRRUS], values[self.REFLECTANCE], values[self.MIN_ICE],
            values[self.MAX_ICE], values[self.MAX_COLOR], values[self.SPREAD],
            values[self.AGGREGATE], values[self.CELL],
        )  # fmt: skip
        return scenes, clouds
