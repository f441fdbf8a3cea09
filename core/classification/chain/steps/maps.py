# SPDX-License-Identifier: GPL-3.0-or-later
"""A map of each variant: tile by tile, and then all tiles as one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ....io.class_rasters import SIDE_FILE, read_classes, write_classes
from ....io.tables import read_source
from ....io.tile_mosaic import join_tiles
from ...classes import NO_CLASS, NO_CONFIDENCE
from ...maps.map_files import MapTarget, MapTask, make_map
from ..blueprint import Blueprint, Variant, map_of, primitives_of, training_of
from ..keys import MAPS
from ..tiles import ChainTile
from ..units import Cost, Facts, Unit, Work
from .training import MODEL

MAP, CONFIDENCE = "map", "confidence"
_PIXELS_PER_S = 3e5  # of a forest of 300 trees
_JOINED_PER_S = 2e7
_FEATURES = 14  # by date


def map_units(plan: Blueprint) -> Iterator[Unit]:
    """For each variant a unit for each tile, and one that joins them."""
    several = len(plan.tiles) > 1
    for variant in plan.variants:
        names = []
        for tile in plan.tiles:
            unit = _unit(plan, variant, tile, several)
            names.append(unit.name)
            yield unit
        if several:
            yield _join(plan, variant, names)


def _unit(plan: Blueprint, variant: Variant, tile: ChainTile, several: bool) -> Unit:
    told = plan.configuration
    settings = plan.step(MAPS) | {"ZONE_FIELD": told.zone_field}

    def work(given: Work) -> Facts:
        stack = given.result(primitives_of(tile), "features")
        models = models_of(given.results(training_of(variant)), bool(told.zones))
        zones = read_source(told.zones) if told.zones else None
        task = MapTask(str(stack), models, zones, told.zone_field, settings["BLEND_WIDTH_M"])
        targets = {
            name: MapTarget(given.output(key), given.final(key).name)
            for name, key in (("codes", MAP), ("confidence", CONFIDENCE))
        }
        folder = given.final(MAP).with_suffix(".tiles")
        made = make_map(task, targets, folder, given.settings, given.progress)
        given.afterward.append(made.run.discard)
        for note in made.notes:
            given.progress.warn(f"{tile.name}: {note}")
        given.keep_beside(MAP, made.side_files["codes"], SIDE_FILE)
        return {
            "classified_percent": 100.0 * made.classified_share,
            "mean_confidence": made.mean_confidence, "pixels": dict(made.counts),
        }  # fmt: skip

    place = f"tiles/{tile.folder}" if several else "maps"
    memory = plan.megabytes(tile, 4.0 * plan.dates * _FEATURES + 60.0)
    return Unit(
        f"{map_of(variant)} {tile.name}" if several else map_of(variant), MAPS, settings,
        {
            MAP: f"{place}/map{variant.ending}.tif",
            CONFIDENCE: f"{place}/confidence{variant.ending}.tif",
        },
        work, (told.zones,) if told.zones else (), (primitives_of(tile), training_of(variant)),
        Cost(tile.pixels / _PIXELS_PER_S, memory),
    )  # fmt: skip


def models_of(files: dict[str, Any], zones: bool) -> tuple[str, ...]:
    """The model files of a training: with zones those of the zones, and that of all samples for
    what lies in a zone that has none.
    """
    models = {key: str(path) for key, path in files.items() if key.startswith(MODEL)}
    return tuple(models.values()) if zones else (models[MODEL],)


def _join(plan: Blueprint, variant: Variant, names: list[str]) -> Unit:
    def work(given: Work) -> Facts:
        paths = [str(given.result(name, MAP)) for name in names]
        join_tiles(
            paths, given.output(MAP), NO_CLASS, ("class",), given.final(MAP).name, given.progress
        )
        side = write_classes(given.output(MAP), read_classes(paths[0]), given.final(MAP).name)
        given.keep_beside(MAP, side, SIDE_FILE)
        grid = join_tiles(
            [str(given.result(name, CONFIDENCE)) for name in names], given.output(CONFIDENCE),
            NO_CONFIDENCE, ("confidence (percent)",), given.final(CONFIDENCE).name,
        )  # fmt: skip
        return {"columns": grid.width, "rows": grid.height}

    return Unit(
        map_of(variant), MAPS, {},
        {MAP: f"maps/map{variant.ending}.tif", CONFIDENCE: f"maps/confidence{variant.ending}.tif"},
        work, (), tuple(names), Cost(plan.pixels() / _JOINED_PER_S, 200.0),
    )  # fmt: skip
