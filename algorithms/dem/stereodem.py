# SPDX-License-Identifier: GPL-3.0-or-later
"""A surface model from stereo images."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ...core.dem.chain.request import (
    FILLS,
    LARGEST_VOID,
    Extent,
    StereoRequest,
    parse_region,
)
from ...core.dem.chain.run import as_numbers, stereo_dsm
from ...core.dem.matching.match import MATCHERS
from ...core.dependencies import available, missing_sentence
from ...core.execution.runner import tile_folder
from ...core.io.stereo_points import LAS_SUFFIXES
from ...core.io.vertical_crs import ELLIPSOID
from ...core.progress import Part
from ...core.report.stereo import stereo_report
from ..base import CalValAlgorithm, Group, Job, make, tr


class StereoDem(CalValAlgorithm):
    """Matches images with RPC and makes a surface model of them."""

    ID = "stereodem"
    GROUP = Group.DEM
    TAGS = (
        "DSM", "DEM", "stereo", "RPC", "photogrammetry", "matching", "SGM", "Pleiades", "elevation",
    )  # fmt: skip
    REQUIRES = ("scipy", "cv2", "defusedxml")

    IMAGES, EXTENT, ROI, RESOLUTION = "IMAGES", "EXTENT", "ROI", "RESOLUTION"
    MIN_HEIGHT, MAX_HEIGHT, A_PRIORI_DEM = "MIN_HEIGHT", "MAX_HEIGHT", "A_PRIORI_DEM"
    MATCHER, REFERENCE_DEM, FILL = "MATCHER", "REFERENCE_DEM", "FILL"
    VERTICAL_REFERENCE, REFERENCE_VERTICAL = "VERTICAL_REFERENCE", "REFERENCE_VERTICAL"
    OUTPUT, ORTHO, POINTS, REPORT = "OUTPUT", "ORTHO", "POINTS", "REPORT"
    # output, its name in the core, style
    FILES = ((OUTPUT, "dsm", "elevation"), (ORTHO, "ortho", "ortho_image"), (POINTS, "points", ""))

    def title(self) -> str:
        return tr("Surface model from stereo images")

    def summary(self) -> str:
        return tr(
            "Makes a digital surface model from two or more satellite images with rational "
            "polynomial coefficients (RPC), without any model given beforehand, parameter file or "
            "network. Points the images to each other, judges the pair before it is matched, "
            "matches it by census and semi-global matching tile by tile, and puts the points on a "
            "UTM grid without blending across steps of height. Several images are adjusted "
            "together and fused; heights are tied to a reference model where one is given. "
            "Methods: "
            "de Franchis et al. (2014), 10.5194/isprsannals-II-3-49-2014; Hirschmüller (2008), "
            "10.1109/TPAMI.2007.1166; Nuth and Kääb (2011), 10.5194/tc-5-271-2011."
        )

    def define(self) -> None:
        self.add(
            make.files(
                self.IMAGES, tr("Images"),
                tr(
                    "Two or more panchromatic images of one place with RPC, in their metadata "
                    "(GDAL, DIMAP) or in a file beside them (_RPC.TXT, .RPB, .geom). The first one "
                    "is matched with each other one; of several bands the first is taken."
                ),
            ),
            make.extent(
                self.EXTENT, tr("Extent"),
                tr("What part of the ground; all that the first image shows where it is left out."),
                optional=True,
            ),
            make.number(
                self.RESOLUTION, tr("Resolution (m)"),
                tr("Side of a cell in meters; the size of a pixel where it is left out."),
                None, minimum=0.01, maximum=1000.0, optional=True,
            ),
            make.raster(
                self.REFERENCE_DEM, tr("Reference elevation model"),
                tr(
                    "The result is moved onto it, in position and height. Heights are converted "
                    "where it or REFERENCE_VERTICAL states what they are counted from, else taken "
                    "as those of the result are. Without it absolute heights are not "
                    "controlled: images alone can be off by several meters."
                ),
                optional=True,
            ),
        )  # fmt: skip
        self._define_details()
        self.add(*make.execution())
        self._define_outputs()

    def _define_details(self) -> None:
        self.add(
            make.string(
                self.ROI, tr("Part of the first image"),
                tr("x,y,width,height in pixels of the first image, in place of an extent."),
                optional=True, advanced=True, several=True,
            ),
            make.number(
                self.MIN_HEIGHT, tr("Lowest height (m)"),
                tr("Above the ellipsoid; found from the images where it is left out."),
                None, minimum=-11500.0, maximum=9200.0, optional=True, advanced=True,
            ),
            make.number(
                self.MAX_HEIGHT, tr("Highest height (m)"),
                tr("Above the ellipsoid; found from the images where it is left out."),
                None, minimum=-11500.0, maximum=9200.0, optional=True, advanced=True,
            ),
            make.raster(
                self.A_PRIORI_DEM, tr("A-priori elevation model"),
                tr(
                    "Bounds the search in each tile, which pays in mountains. What its heights are "
                    "counted from does not matter; its own heights do not enter the result."
                ),
                optional=True, advanced=True,
            ),
            make.choice(
                self.MATCHER, tr("Matcher"),
                tr(
                    "census_sgm: census and semi-global matching; census_sgm_half_pixel: the same "
                    "in steps of half a pixel, more exact, for more memory and time; opencv_sgbm: "
                    "that of OpenCV, less exact."
                ),
                MATCHERS, MATCHERS[0], advanced=True,
            ),
            make.string(
                self.VERTICAL_REFERENCE, tr("Vertical reference"),
                tr(
                    "What heights are counted from: ellipsoid (WGS 84), EGM96, EGM2008, or a grid "
                    "of PROJ by name or path. A grid that is missing is an error."
                ),
                ELLIPSOID, advanced=True,
            ),
            make.string(
                self.REFERENCE_VERTICAL, tr("Vertical reference of the reference model"),
                tr(
                    "What heights of REFERENCE_DEM are counted from, as for VERTICAL_REFERENCE; "
                    "empty: what the file says."
                ),
                optional=True, advanced=True,
            ),
            make.choice(
                self.FILL, tr("Fill"),
                tr(
                    "none: cells without points stay empty; small_voids: voids of up to 64 "
                    "cells are interpolated, their count is 0."
                ),
                FILLS, FILLS[0], advanced=True,
            ),
        )  # fmt: skip

    def _define_outputs(self) -> None:
        self.add(
            make.raster_output(
                self.OUTPUT, tr("Surface model"),
                tr(
                    "Four bands, 32 bit floating point, no data -32768: height (m), standard "
                    "deviation of the points in the cell (m), their count, confidence (0 to 1)."
                ),
            ),
            make.raster_output(
                self.ORTHO, tr("Ortho-image"),
                tr(
                    "The first image on the cells of the surface model; interpolated in voids of "
                    "up to 64 cells, empty in larger ones."
                ),
                optional=True, advanced=True,
            ),
            make.file_output(
                self.POINTS, tr("Point cloud"),
                tr("All points as PLY, LAS or LAZ (with laspy), heights above the ellipsoid."),
                ("ply", "laz", "las"), optional=True, advanced=True,
            ),
            make.report_output(
                self.REPORT, tr("Report"),
                tr(
                    "Pointing, coverage, shaded relief, confidence, disparities of the tiles, "
                    "seams, time and memory of each step."
                ),
            ),
        )  # fmt: skip
        self.add_number("COVERAGE_PERCENT", tr("Cells with a height (percent)"))
        self.add_number("POINTING_RESIDUAL_PX", tr("Residual of the pointing (pixels)"))
        self.add_number("CPU_SECONDS_PER_MPX", tr("Processor seconds per million pixels"))

    def problem(self, values: dict[str, Any]) -> str:
        make.execution_settings(values)
        parse_region(values[self.ROI])
        wanted = str(values.get(self.POINTS) or "")
        if Path(wanted).suffix.lower() in LAS_SUFFIXES and not available("laspy"):
            return missing_sentence(["laspy"])
        return ""

    def compute(self, job: Job) -> dict[str, Any]:
        execution = make.execution_settings(job.values)
        targets = {
            name: (job.stage(key, style), job[key])
            for key, name, style in self.FILES if job.wanted(key)
        }  # fmt: skip
        result = stereo_dsm(
            self._request(job), targets, tile_folder(job[self.OUTPUT]), execution,
            Part(job.progress, 0.0, 0.95),
        )  # fmt: skip
        job.afterward(result.discard)
        if job.wanted(self.REPORT):
            job.progress.report(0.96, tr("Writing the report"))
            job.write_text(
                self.REPORT,
                stereo_report(result, str(targets["dsm"][0]), job.context(self.title())),
            )
        return as_numbers(result)

    def _request(self, job: Job) -> StereoRequest:
        return StereoRequest(
            images=tuple(job[self.IMAGES]),
            extent=Extent(*job[self.EXTENT]) if job[self.EXTENT] else None,
            region=parse_region(job[self.ROI]),
            resolution=job[self.RESOLUTION],
            heights=(job[self.MIN_HEIGHT], job[self.MAX_HEIGHT]),
            prior=job[self.A_PRIORI_DEM],
            matcher=job[self.MATCHER],
            reference=job[self.REFERENCE_DEM],
            reference_vertical=job[self.REFERENCE_VERTICAL] or "",
            vertical=job[self.VERTICAL_REFERENCE],
            largest_void=LARGEST_VOID if job[self.FILL] == FILLS[1] else 0,
        )
