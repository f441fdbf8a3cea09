# SPDX-License-Identifier: GPL-3.0-or-later
"""The maps of optical and radar images made one for each run, and those of all runs made one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ....io.class_rasters import SIDE_FILE, write_classes
from ...maps.fuse_files import FuseRequest, fuse_files
from ...maps.fusion import DEMPSTER_SHAFER
from ..blueprint import Blueprint, Variant, fused_run, map_of, training_of
from ..keys import FUSION
from ..units import Cost, Facts, Unit, Work
from .maps import CONFIDENCE, MAP
from .training import CONFUSION

CHOICE = "choice"
_PIXELS_PER_S = 2e7


def fusion_units(plan: Blueprint) -> Iterator[Unit]:
    """Units for each run whose sensors have maps of their own, and one for several runs."""
    runs = plan.configuration.runs
    if len(plan.sensors) > 1:
        for run in range(runs):
            yield _of_sensors(plan, [one for one in plan.variants if one.run == run])
    if runs > 1:
        yield _of_runs(plan)


def _of_sensors(plan: Blueprint, variants: list[Variant]) -> Unit:
    settings = plan.step(FUSION) | {"METHOD": DEMPSTER_SHAFER}
    if plan.configuration.runs > 1:
        settings["UNDECIDED"] = 0  # the other runs decide
    name = fused_run(plan, variants[0].run)
    ending = f"_run_{variants[0].run + 1}" if plan.configuration.runs > 1 else ""

    def work(given: Work) -> Facts:
        confusions = [str(given.result(training_of(one), CONFUSION)) for one in variants]
        maps = [given.results(map_of(one)) for one in variants]
        return _fused(given, maps, settings, tuple(confusions), (MAP, CONFIDENCE, CHOICE))

    return Unit(
        name, FUSION, settings,
        {
            MAP: f"maps/map{ending}.tif", CONFIDENCE: f"maps/confidence{ending}.tif",
            CHOICE: f"maps/choice{ending}.tif",
        },
        work, (), (*map(map_of, variants), *map(training_of, variants)), _cost(plan, 2),
    )  # fmt: skip


def _of_runs(plan: Blueprint) -> Unit:
    settings = plan.step(FUSION)
    names = tuple(fused_run(plan, run) for run in range(plan.configuration.runs))

    def work(given: Work) -> Facts:
        maps = [given.results(name) for name in names]
        return _fused(given, maps, settings, (), (MAP, CONFIDENCE))

    return Unit(
        FUSION, FUSION, settings,
        {MAP: "maps/map.tif", CONFIDENCE: "maps/confidence.tif"},
        work, (), names, _cost(plan, len(names)),
    )  # fmt: skip


def _fused(
    given: Work,
    maps: list[dict[str, Any]],
    settings: Mapping[str, Any],
    confusions: tuple[str, ...],
    wanted: tuple[str, ...],
) -> Facts:
    request = FuseRequest(
        tuple(str(one[MAP]) for one in maps),
        settings["METHOD"],
        confusions,
        settings["MASS"],
        tuple(str(one[CONFIDENCE]) for one in maps),
        settings["UNDECIDED"],
        settings["NODATA_VOTES"],
    )
    targets = {key: (given.output(key), given.final(key).name) for key in wanted}
    folder = given.final(MAP).with_suffix(".tiles")
    made = fuse_files(request, targets, folder, given.settings, given.progress)
    given.afterward.append(made.run.discard)
    for note in made.notes:
        given.progress.warn(note)
    side = write_classes(given.output(MAP), made.classes, given.final(MAP).name)
    given.keep_beside(MAP, side, SIDE_FILE)
    return {"decided": made.decided, "undecided": made.undecided, "empty": made.empty}


def _cost(plan: Blueprint, maps: int) -> Cost:
    return Cost(maps * plan.pixels() / _PIXELS_PER_S, 60.0 * maps)
