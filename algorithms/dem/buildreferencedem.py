# SPDX-License-Identifier: GPL-3.0-or-later
"""A reference elevation model out of several."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ...core.dem.canvas import Fill
from ...core.dem.reference import ReferenceRequest, build
from ...core.dem.reference_layers import write_layers
from ...core.dem.voids import LARGEST_SMALL
from ...core.io.dem_targets import target_grid
from ...core.names import split_list
from ...core.progress import Part
from ...core.report.dem_reference import reference_report
from ..base import CalValAlgorithm, Group, Job, make, tr


class BuildReferenceDem(CalValAlgorithm):
    """Builds a reference elevation model."""

    ID = "buildreferencedem"
    GROUP = Group.DEM
    TAGS = (
        "DEM", "elevation", "reference", "void filling", "delta surface", "mosaic", "geoid",
        "vertical datum", "EGM96", "EGM2008", "slope", "hillshade",
    )  # fmt: skip
    REQUIRES = ("scipy",)

    DEMS, TARGET = "DEMS", "TARGET"
    EXTENT, RESOLUTION, CRS = "EXTENT", "RESOLUTION", "CRS"
    VERTICAL, REFERENCES = "VERTICAL_REFERENCE", "DEM_REFERENCES"
    ALIGN, SMALL, WATER = "ALIGN", "SMALL_VOID_CELLS", "WATER_MASK"
    OUTPUT, SOURCE = "OUTPUT", "SOURCE"
    FILL_KIND, HEIGHT_ERROR = "FILL_KIND", "HEIGHT_ERROR"
    SLOPE, ASPECT, HILLSHADE, REPORT = "SLOPE", "ASPECT", "HILLSHADE", "REPORT"
    LAYERS = (  # output, name of the layer, style
        (SOURCE, "source", "dem_source"),
        (FILL_KIND, "fill", "dem_fill"),
        (HEIGHT_ERROR, "quality", "dem_error"),
        (SLOPE, "slope", "slope"),
        (ASPECT, "aspect", "aspect"),
        (HILLSHADE, "hillshade", "hillshade"),
    )

    def title(self) -> str:
        return tr("Build reference elevation model")

    def summary(self) -> str:
        return tr(
            "Makes one elevation model without voids out of several, on the grid of a product, a "
            "raster or an extent. The first model is believed where it has heights; voids take "
            "the relief of the next model with the delta surface (Grohman et al. 2006), so that "
            "seams have no step; small ones that no model covers are interpolated. Heights "
            "above the ellipsoid, EGM96, EGM2008 or any grid of PROJ are brought together; a "
            "missing grid stops the run. Layers say which model a height is from, how it was "
            "filled, and how wrong it may be."
        )

    def define(self) -> None:
        self.add(
            make.files(
                self.DEMS, tr("Elevation models"),
                tr("In the order in which they are believed; heights of the first band."),
            ),
            make.path(
                self.TARGET, tr("Grid of the result"),
                tr("A raster or a product (its finest band); empty: the first model."),
                optional=True,
            ),
            make.string(
                self.VERTICAL, tr("Vertical reference of the result"),
                tr("ellipsoid, EGM96, EGM2008 or a grid of PROJ; empty: that of the first model."),
                optional=True,
            ),
            make.string(
                self.REFERENCES, tr("Vertical references of the models"),
                tr("One for all or one each, by commas; auto: what the file says."),
                optional=True, several=True,
            ),
            make.files(
                self.WATER, tr("Lakes"),
                tr(
                    "Vector or raster files of standing water; each body gets one level. Bodies "
                    "whose heights spread over more than 10 m stay as they are."
                ),
                optional=True,
            ),
            make.switch(
                self.ALIGN, tr("Align the models"),
                tr(
                    "Moves the second and further models onto the first where they overlap "
                    "enough (Nuth and Kääb 2011), and says by how much."
                ),
            ),
        )  # fmt: skip
        self._define_grid()
        self._define_outputs()

    def _define_grid(self) -> None:
        self.add(
            make.number(
                self.SMALL, tr("Largest void that is interpolated (cells)"),
                tr("Only where no model has a height. 0: none."),
                16, minimum=0, maximum=LARGEST_SMALL, integer=True, advanced=True,
            ),
            make.extent(
                self.EXTENT, tr("Extent"),
                tr("What part of the ground, in any coordinate system; empty: all of the grid."),
                optional=True, advanced=True,
            ),
            make.number(
                self.RESOLUTION, tr("Resolution"),
                tr("Side of a cell in units of CRS; empty: that of the grid."),
                None, minimum=1e-9, optional=True, advanced=True,
            ),
            make.string(
                self.CRS, tr("Coordinate system"),
                tr("EPSG:code or WKT, with RESOLUTION; empty: that of the grid."),
                optional=True, advanced=True,
            ),
        )  # fmt: skip

    def _define_outputs(self) -> None:
        texts = (
            (self.SOURCE, tr("Source"), tr("Number of the model of each height; 0: none.")),
            (self.FILL_KIND, tr("Kind of filling"),
             tr("0 void, 1 kept, 2 interpolated, 3 delta surface, 4 pasted, 5 lake.")),
            (self.HEIGHT_ERROR, tr("Expected error"),
             tr("Meters against the first model; 0 where it was kept, no data where unknown.")),
            (self.SLOPE, tr("Slope"), tr("Degrees, Horn's method.")),
            (self.ASPECT, tr("Aspect"), tr("Degrees from north, clockwise; no data where flat.")),
            (self.HILLSHADE, tr("Hillshade"), tr("1 to 255, light from the north-west at 45°.")),
        )  # fmt: skip
        self.add(make.raster_output(
            self.OUTPUT, tr("Reference elevation model"),
            tr("Heights in meters, 32 bit floating point, no data -32768, vertical reference in "
               "the metadata."),
        ))  # fmt: skip
        self.add(*(make.raster_output(*one, optional=True) for one in texts))
        self.add(make.report_output(
            self.REPORT, tr("Report"), tr("Maps, shares of the models, expected errors."),
        ))  # fmt: skip
        self.add_number("VOID_PERCENT_BEFORE", tr("Void in the first model (percent)"))
        self.add_number("VOID_PERCENT_AFTER", tr("Void in the result (percent)"))
        self.add_number("INTERPOLATED_COUNT", tr("Cells interpolated"))
        self.add_number("FILLED_COUNT", tr("Cells filled with the delta surface"))
        self.add_number("PASTED_COUNT", tr("Cells pasted without a tie"))
        self.add_number("LAKE_COUNT", tr("Lakes made level"))
        self.add_number("EXPECTED_ERROR_M", tr("Expected error of the delta surface (m, RMS)"))

    def problem(self, values: dict[str, Any]) -> str:
        if values[self.CRS] and values[self.RESOLUTION] is None:
            return tr("RESOLUTION has to be given where CRS is.")
        return ""

    def compute(self, job: Job) -> dict[str, Any]:
        grid = target_grid(
            job[self.TARGET], job[self.DEMS][0], job[self.EXTENT], job[self.RESOLUTION],
            job[self.CRS],
        )  # fmt: skip
        request = ReferenceRequest(
            job[self.DEMS], grid, job[self.VERTICAL], split_list(job[self.REFERENCES]),
            job[self.SMALL], job[self.ALIGN], job[self.WATER] or (),
        )  # fmt: skip
        output = job.stage(self.OUTPUT, "elevation")
        made = build(request, Path(output).parent, Part(job.progress, 0.0, 0.85))
        layers = {
            name: (job.stage(key, style), job[key])
            for key, name, style in self.LAYERS if job.wanted(key)
        }  # fmt: skip
        write_layers(made, (output, job[self.OUTPUT]), layers, Part(job.progress, 0.85, 0.95))
        if job.wanted(self.REPORT):
            job.progress.report(0.96, tr("Writing the report"))
            job.write_text(self.REPORT, reference_report(made, job.context(self.title())))
        return {
            "VOID_PERCENT_BEFORE": made.void_before,
            "VOID_PERCENT_AFTER": made.canvas.void_percent(),
            "INTERPOLATED_COUNT": made.interpolated,
            "FILLED_COUNT": made.canvas.count(Fill.DELTA),
            "PASTED_COUNT": made.canvas.count(Fill.PASTED), "LAKE_COUNT": made.level_lakes(),
            "EXPECTED_ERROR_M": made.canvas.expected_error(),
        }  # fmt: skip
