# SPDX-License-Identifier: GPL-3.0-or-later
"""A map of classes made smoother, brought into polygons, and summed by zone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.classification.limits import CONNECTIONS, within
from ...core.classification.maps.majority import CIRCLE, SHAPES
from ...core.classification.maps.regularize_map import RegularizeRequest, regularize_map
from ...core.errors import InputError
from ...core.execution.runner import tile_folder
from ...core.io.class_polygons import check_georeferenced, class_polygons
from ...core.io.zone_classes import zone_classes
from ...core.progress import Part
from ..base import CalValAlgorithm, Group, Job, make, tr
from .class_outputs import keep_classes
from .class_styles import polygon_style


class RegularizeMap(CalValAlgorithm):
    """Majority filter, smallest area, polygons, statistics by zone."""

    ID = "regularizemap"
    GROUP = Group.CLASSIFICATION
    TAGS = (
        "majority", "filter", "sieve", "minimum mapping unit", "polygonize", "vectorize",
        "simplify", "smooth", "zonal statistics", "land cover",
    )  # fmt: skip

    MAP, RADIUS, SHAPE = "MAP", "MAJORITY_RADIUS", "SHAPE"
    PIXELS, AREA, CONNECTED = "MINIMUM_PIXELS", "MINIMUM_AREA", "CONNECTEDNESS"
    TOLERANCE, SMOOTH = "SIMPLIFY_PIXELS", "SMOOTH_TURNS"
    ZONES, ZONE_FIELD = "ZONES", "ZONE_FIELD"
    CONFIDENCE, VALIDITY = "CONFIDENCE", "VALIDITY"
    OUTPUT, VECTOR, STATISTICS = "OUTPUT", "OUTPUT_VECTOR", "OUTPUT_STATISTICS"

    def title(self) -> str:
        return tr("Regularize map")

    def summary(self) -> str:
        return tr(
            "Takes single pixels out of a map of classes: each pixel gets the class that is most "
            "frequent around it, and areas below a smallest size go to their largest neighbor. "
            "Makes polygons of the areas whose borders are simplified and smoothed without gaps "
            "and overlaps, and says how much of each administrative polygon each class takes."
        )

    def define(self) -> None:
        self.add(
            make.raster(self.MAP, tr("Map"), tr("Codes of classes; 0 and no data are no class.")),
            make.number(
                self.RADIUS, tr("Radius of the majority filter (pixels)"),
                tr("Ties keep the pixel. 0: no filter."), 1, integer=True,
                **within(self.ID, self.RADIUS),
            ),
            make.choice(
                self.SHAPE, tr("Shape of the neighborhood"),
                tr("circle: centers within the radius plus half a pixel; square: all pixels."),
                SHAPES, CIRCLE, advanced=True,
            ),
            make.number(
                self.PIXELS, tr("Smallest area (pixels)"),
                tr("Smaller areas go to the largest area beside them. 0: none do."), 0,
                integer=True, **within(self.ID, self.PIXELS),
            ),
            make.number(
                self.AREA, tr("Smallest area (hectares)"),
                tr("The same in hectares; the larger of both counts. 0: not used."), 0.0,
                advanced=True, **within(self.ID, self.AREA),
            ),
            make.choice(
                self.CONNECTED, tr("Neighbors of a pixel"),
                tr("4: pixels that share a side are one area; 8: also those that share a corner."),
                CONNECTIONS, "4", advanced=True,
            ),
            make.number(
                self.TOLERANCE, tr("Simplification (pixels)"),
                tr("How far borders of polygons may move from those of pixels. 0: not at all."),
                0.8, advanced=True, **within(self.ID, self.TOLERANCE),
            ),
            make.number(
                self.SMOOTH, tr("Smoothing"),
                tr("How often corners of polygons are cut (Chaikin). 0: never."), 0, integer=True,
                advanced=True, **within(self.ID, self.SMOOTH),
            ),
        )  # fmt: skip
        self._define_zones()

    def _define_zones(self) -> None:
        self.add(
            make.table(
                self.ZONES, tr("Zones"), tr("Polygons, such as administrative units."),
                optional=True,
            ),
            make.field(
                self.ZONE_FIELD, tr("Column of the zone's name"), tr("Empty: zones are numbered."),
                self.ZONES, optional=True, advanced=True,
            ),
            make.raster(
                self.CONFIDENCE, tr("Confidence"), tr("Its mean is given by zone and class."),
                optional=True, advanced=True,
            ),
            make.raster(
                self.VALIDITY, tr("Number of clear dates"),
                tr("Its mean is given by zone and class."), optional=True,
                advanced=True,
            ),
            *make.execution(1024),
            make.raster_output(
                self.OUTPUT, tr("Regularized map"), tr("Codes of classes, with names and colors."),
            ),
            make.table_output(
                self.VECTOR, tr("Areas as polygons"),
                tr("Class, code and hectares; the map is held in memory."), optional=True,
                polygons=True,
            ),
            make.table_output(
                self.STATISTICS, tr("Statistics by zone"),
                tr("A row for each zone and class: pixels, hectares, share."), optional=True,
            ),
        )  # fmt: skip
        self.add_number("FILTERED_PERCENT", tr("Pixels changed by the majority (percent)"))
        self.add_number("SIEVED_PERCENT", tr("Pixels changed by the smallest area (percent)"))
        self.add_number("POLYGON_COUNT", tr("Polygons"))

    def problem(self, values: dict[str, Any]) -> str:
        make.execution_settings(values)
        return ""

    def compute(self, job: Job) -> dict[str, Any]:
        if job.wanted(self.STATISTICS) and job[self.ZONES] is None:
            raise InputError(tr("Statistics by zone need polygons: give ZONES."))
        if job.wanted(self.VECTOR) or job.wanted(self.STATISTICS):
            check_georeferenced(job[self.MAP])
        target = job.stage(self.OUTPUT)
        found = regularize_map(
            self._request(job.values), target, str(job[self.OUTPUT]),
            tile_folder(job[self.OUTPUT]), make.execution_settings(job.values),
            Part(job.progress, 0.0, 0.6),
        )  # fmt: skip
        job.afterward(found.run.discard)
        polygons = None
        if job.wanted(self.VECTOR):
            table = class_polygons(
                str(target), found.classes, job[self.TOLERANCE], job[self.SMOOTH],
                Part(job.progress, 0.6, 0.85),
            )  # fmt: skip
            polygons = len(table)
            job.write_table(self.VECTOR, table)
            job.dress(self.VECTOR, polygon_style(found.classes))
        if job.wanted(self.STATISTICS):
            named = {"confidence": job[self.CONFIDENCE], "validity": job[self.VALIDITY]}
            job.write_table(self.STATISTICS, zone_classes(
                str(target), found.classes, job[self.ZONES].read(), job[self.ZONE_FIELD],
                {name: path for name, path in named.items() if path},
                Part(job.progress, 0.85, 0.95),
            ))  # fmt: skip
        keep_classes(job, self.OUTPUT, found.classes)
        pixels = max(found.pixels, 1)
        return {
            "FILTERED_PERCENT": 100.0 * found.filtered / pixels,
            "SIEVED_PERCENT": 100.0 * found.sieved / pixels,
            "POLYGON_COUNT": polygons,
        }

    def _request(self, values: Mapping[str, Any]) -> RegularizeRequest:
        return RegularizeRequest(
            values[self.MAP], values[self.RADIUS], values[self.SHAPE], values[self.PIXELS],
            values[self.AREA], int(values[self.CONNECTED]),
        )  # fmt: skip
