# SPDX-License-Identifier: GPL-3.0-or-later
"""The map without single pixels: where the configuration asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ....io.class_rasters import SIDE_FILE, write_classes
from ...regularize_map import RegularizeRequest, regularize_map
from ..blueprint import Blueprint
from ..keys import REGULARIZATION
from ..units import Cost, Facts, Unit, Work
from .maps import MAP

_PIXELS_PER_S = 1e7


def regularization_units(plan: Blueprint, source: str) -> Iterator[Unit]:
    """The unit that regularizes the map of the unit ``source``; none where it is not wanted."""
    if REGULARIZATION not in plan.configuration.given.get("steps", {}):
        return
    settings = plan.step(REGULARIZATION)

    def work(given: Work) -> Facts:
        request = request_of(settings, str(given.result(source, MAP)))
        target, final = given.output(MAP), given.final(MAP)
        folder = final.with_suffix(".tiles")
        made = regularize_map(request, target, final.name, folder, given.settings, given.progress)
        given.afterward.append(made.run.discard)
        side = write_classes(target, made.classes, final.name)
        given.keep_beside(MAP, side, SIDE_FILE)
        return {"pixels": made.pixels, "filtered": made.filtered, "sieved": made.sieved}

    yield Unit(
        REGULARIZATION, REGULARIZATION, settings, {MAP: "maps/regularized.tif"}, work, (),
        (source,), Cost(plan.pixels() / _PIXELS_PER_S, 200.0),
    )  # fmt: skip


def request_of(values: Mapping[str, Any], path: str) -> RegularizeRequest:
    """What the parameters of the step say."""
    return RegularizeRequest(
        path, values["RADIUS"], values["SHAPE"], values["MINIMUM_PIXELS"],
        values["MINIMUM_AREA"], values["CONNECTEDNESS"],
    )  # fmt: skip
