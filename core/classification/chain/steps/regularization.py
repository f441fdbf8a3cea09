# SPDX-License-Identifier: GPL-3.0-or-later
"""The map without single pixels, and its polygons: where the configuration asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ....io.class_polygons import class_polygons
from ....io.class_rasters import SIDE_FILE, write_classes
from ....io.tables import write_table
from ...classes import Classes
from ...maps.regularize_map import RegularizeRequest, regularize_map
from ..blueprint import Blueprint
from ..keys import REGULARIZATION
from ..units import Cost, Facts, Unit, Work
from .maps import MAP

POLYGONS = "polygons"
_PIXELS_PER_S = 5e6


def regularization_units(plan: Blueprint, source: str) -> Iterator[Unit]:
    """The unit that regularizes the map of the unit ``source``; none where it is not wanted."""
    if not plan.configuration.regularized:
        return
    polygons = plan.configuration.polygons
    settings = plan.step(REGULARIZATION) | {"polygons": polygons}

    def work(given: Work) -> Facts:
        request = request_of(settings, str(given.result(source, MAP)))
        target, final = given.output(MAP), given.final(MAP)
        folder = final.with_suffix(".tiles")
        made = regularize_map(request, target, final.name, folder, given.settings, given.progress)
        given.afterward.append(made.run.discard)
        side = write_classes(target, made.classes, final.name)
        given.keep_beside(MAP, side, SIDE_FILE)
        facts: dict[str, Any] = {
            "pixels": made.pixels, "filtered": made.filtered, "sieved": made.sieved
        }  # fmt: skip
        if polygons:
            facts["polygons"] = _polygons(given, made.classes, settings)
        return facts

    yield Unit(
        REGULARIZATION, REGULARIZATION, settings,
        {MAP: "maps/regularized.tif"} | ({POLYGONS: "maps/polygons.gpkg"} if polygons else {}),
        work, (), (source,),
        Cost(plan.pixels() / _PIXELS_PER_S, 200.0),
    )  # fmt: skip


def _polygons(given: Work, classes: Classes, settings: Mapping[str, Any]) -> int:
    """Write the polygons of the regularized map; returns how many there are."""
    table = class_polygons(
        str(given.output(MAP)), classes, settings["SIMPLIFY_PIXELS"], settings["SMOOTH_TURNS"],
        given.progress,
    )  # fmt: skip
    write_table(table, given.output(POLYGONS), "polygons", shown=given.final(POLYGONS).name)
    return len(table)


def request_of(values: Mapping[str, Any], path: str) -> RegularizeRequest:
    """What the parameters of the step say."""
    return RegularizeRequest(
        path, values["MAJORITY_RADIUS"], values["SHAPE"], values["MINIMUM_PIXELS"],
        values["MINIMUM_AREA"], int(values["CONNECTEDNESS"]),
    )  # fmt: skip
