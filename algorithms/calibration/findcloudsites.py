# SPDX-License-Identifier: GPL-3.0-or-later
"""Deep convective clouds found in products: how often, where, and what they measure."""

from __future__ import annotations

from typing import Any

from ...core.calibration.cloudsites.finding import find_cloud_sites
from ...core.calibration.cloudsites.limits import check_limits
from ...core.calibration.cloudsites.run import SearchRequest
from ...core.progress import Part
from ...core.report.cloudsites import cloudsites_report
from ..base import CalValAlgorithm, Group, Job, make, tr
from ..database import DATABASE, database
from ..inputs import describe
from . import cross_parameters as cross
from .cloudsites_parameters import (
    add_areas,
    add_clouds,
    add_draws,
    add_preview,
    add_scenes,
    area_limits_of,
    cell_size,
    limits_of,
)
from .product_names import SENSOR, VERSION, WORKERS, add_product_names


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

    PRODUCTS = "PRODUCTS"
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
            cell_size(),
        )  # fmt: skip
        add_scenes(self)
        add_preview(self)
        add_clouds(self)
        add_areas(self)
        add_product_names(
            self,
            tr(
                "Empty: the processing baseline of each product. The word dcc is added. Give "
                "another one to search the same products again under other limits."
            ),
        )
        add_draws(self)
        self._define_outputs()

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
        check_limits(*limits_of(values))
        return ""

    def compute(self, job: Job) -> dict[str, Any]:
        scenes, clouds = limits_of(job.values)
        request = SearchRequest(
            job[self.PRODUCTS], scenes, clouds, job[SENSOR].strip(), job[VERSION].strip(),
            job[WORKERS], describe(job.values), job.record,
        )  # fmt: skip
        limits = area_limits_of(job.values)
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
