# SPDX-License-Identifier: GPL-3.0-or-later
"""Stacks of features for land-cover maps: tile by tile, in bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import InsufficientDataError
from ...execution.results import RasterOutput, write_rasters
from ...execution.runner import TileRun, run_tiles
from ...execution.settings import ExecutionSettings
from ...execution.stacks import block_of, stack_tiles
from ...execution.tiling import Tile, TileOutput
from ...io.exogenous_files import Exogenous
from ...io.plain_stacks import stack_from_plain, stack_inputs, stack_to_plain
from ...io.products.loading import NODATA
from ...io.stacks import NEVER
from ...progress import Part, Progress, Silent
from ...series.formula import Formula
from ...series.reflectance import NOTHING_CLEAR
from ...series.regular_rasters import LAYOUT, whole_days
from ...series.regularize import GapFilling, check_settings
from ...types import AnyArray, BandSource
from .features import block_features
from .plan import Derived, PrimitivePlan, check_names, feature_names

_MOST_CLEAR = 65_535
# Bytes held at the peak of a tile, measured: the input (values, their finite copy and masks), and
# the layers (themselves, and packed into a file).
_IN_COPIES, _OUT_COPIES = 2.5, 3.0


@dataclass(frozen=True)
class PrimitiveTargets:
    """Where the features, the days to the nearest clear date and the counts of clear dates go (""
    for none), and how messages call them where they are temporary names.
    """

    features: Path | str
    quality: Path | str = ""
    validity: Path | str = ""
    features_name: str = ""
    quality_name: str = ""
    validity_name: str = ""


@dataclass(frozen=True)
class PrimitiveRun:
    """``names`` of the layers written. Of ``pixels``, ``never`` are never clear, and ``partial``
    lack a feature on some date; ``empty``: dates without data anywhere. ``infinite`` values of
    images were gaps; ``undefined``: values that do not exist, by feature. ``tiles`` are to be
    discarded once all that is made of them is there.
    """

    names: tuple[str, ...]
    pixels: int
    never: int
    partial: int
    empty: tuple[str, ...]
    infinite: int
    undefined: Mapping[str, int]
    tiles: TileRun = field(repr=False)


def write_primitives(
    plan: PrimitivePlan,
    targets: PrimitiveTargets,
    folder: Path | str,
    execution: ExecutionSettings | None = None,
    progress: Progress | None = None,
) -> PrimitiveRun:
    """Write the features of ``plan``: float32, a layer per feature that has its name, no data
    -9999; the days to the nearest clear date (int16, a layer per date, -1 where a pixel is never
    clear); the number of clear dates (uint16). ``folder``: of the tiles.

    Raises ``InsufficientDataError`` where no pixel is ever clear, ``InputError`` where the memory
    cap is not enough or two features have one name, and what ``run_tiles`` raises.
    """
    progress, execution = progress or Silent(), execution or ExecutionSettings()
    check_settings(plan.settings, len(plan.times))
    check_names(feature_names(plan.layout(), plan.times))
    cut, tile_mb = stack_tiles(plan.stacks[0], execution, bytes_per_pixel(plan))
    run = run_tiles(
        primitive_tile, cut, folder, plan_to_plain(plan), execution, Part(progress, 0.0, 0.8),
        inputs=_inputs(plan), tile_mb=tile_mb,
    )  # fmt: skip
    made = _summed(plan, run)
    if made.never == made.pixels or len(made.empty) == len(plan.times):
        run.discard()
        raise InsufficientDataError(
            NOTHING_CLEAR if made.never == made.pixels else _no_date_near(plan)
        )
    check_names(made.names)
    days = tuple(plan.times.astype("datetime64[D]").astype(str))
    outputs = [
        RasterOutput(
            "features", targets.features, NODATA, made.names, targets.features_name, LAYOUT
        ),
        RasterOutput("days", targets.quality, NEVER, days, targets.quality_name, LAYOUT),
        RasterOutput("clear", targets.validity, None, ("clear dates",), targets.validity_name),
    ]
    write_rasters(run, [one for one in outputs if one.path], plan.grid, Part(progress, 0.8, 1.0))
    return made


def primitive_tile(tile: Tile, parameters: Mapping[str, Any]) -> TileOutput:
    """One tile: its features, days to the nearest clear date, clear dates, and counts."""
    plan = plan_from_plain(parameters)
    made = block_features(plan, block_of(tile.own))
    bad = ~np.isfinite(made.layers)
    never = ~np.isfinite(made.days).any(axis=0)
    summary = {
        "pixels": int(never.size),
        "never": int(np.count_nonzero(never)),
        "partial": int(np.count_nonzero(bad.any(axis=0) & ~never)),
        # The first feature has a layer for each date.
        "known": np.count_nonzero(~bad[: len(plan.times)], axis=(1, 2)).tolist(),
        "infinite": made.infinite,
        "undefined": made.undefined,
        "extra": [list(one) for one in made.extra],
    }
    made.layers[bad] = NODATA
    arrays: dict[str, AnyArray] = {
        "features": made.layers,
        "days": whole_days(made.days),
        "clear": np.minimum(made.clear_count, _MOST_CLEAR).astype(np.uint16),
    }
    return TileOutput(arrays, summary)


def bytes_per_pixel(plan: PrimitivePlan) -> float:
    """The memory that a tile needs for each of its pixels at its peak, in bytes; what a hook needs
    is not known.
    """
    dates = len(plan.times)
    layers = 4.0 * len(feature_names(plan.layout(), plan.times))
    filling = [
        _IN_COPIES * stack.bytes_per_pixel() + 2.0 * dates * (4 * len(stack.bands) + 4)
        for stack in plan.stacks
    ]
    reading = [40.0 + 12.0 * one.finer**2 for one in plan.exogenous]
    bands = max((len(one.formula.bands) for one in (*plan.indices, *plan.user)), default=0)
    packing = (_OUT_COPIES - 1.0) * layers + 10.0 * dates
    return layers + max(*filling, *reading, 8.0 * (bands + 4.0), packing) + 6.0 * dates + 32.0


def plan_to_plain(plan: PrimitivePlan) -> dict[str, Any]:
    """``plan`` as values that JSON knows."""
    return {
        "optical": None if plan.optical is None else stack_to_plain(plan.optical),
        "radar": [[key, stack_to_plain(stack)] for key, stack in plan.radar.items()],
        "radar_unit": plan.radar_unit,
        "ratio": plan.ratio,
        "exogenous": [[one.how, one.finer, asdict(one.source)] for one in plan.exogenous],
        "indices": [_derived_to_plain(one) for one in plan.indices],
        "user": [_derived_to_plain(one) for one in plan.user],
        "times": plan.times.astype("datetime64[ms]").astype(str).tolist(),
        "settings": asdict(plan.settings),
        "hook": plan.hook,
    }


def plan_from_plain(plain: Mapping[str, Any]) -> PrimitivePlan:
    """The plan that ``plan_to_plain`` described."""
    optical = None if plain["optical"] is None else stack_from_plain(plain["optical"])
    radar = {key: stack_from_plain(stack) for key, stack in plain["radar"]}
    first = optical or next(iter(radar.values()))
    exogenous = (
        Exogenous(source["name"], BandSource(**source), how, finer)
        for how, finer, source in plain["exogenous"]
    )
    return PrimitivePlan(
        first.grid, np.array(plain["times"], dtype="datetime64[ms]"),
        GapFilling(**plain["settings"]), optical, radar, plain["radar_unit"], plain["ratio"],
        tuple(exogenous), tuple(_derived(one) for one in plain["indices"]),
        tuple(_derived(one) for one in plain["user"]), plain["hook"],
    )  # fmt: skip


def _derived_to_plain(one: Derived) -> list[Any]:
    formula = one.formula
    return [
        one.name, formula.text, list(formula.bands), formula.expression, one.dated, one.floored,
    ]  # fmt: skip


def _derived(plain: list[Any]) -> Derived:
    name, text, bands, expression, dated, floored = plain
    return Derived(name, Formula(text, tuple(bands), expression), dated, floored)


def _inputs(plan: PrimitivePlan) -> list[str]:
    found = [path for stack in plan.stacks for path in stack_inputs(stack)]
    return [*found, *(one.source.uri for one in plan.exogenous)]


def _summed(plan: PrimitivePlan, run: TileRun) -> PrimitiveRun:
    counts: Counter[str] = Counter()
    undefined: Counter[str] = Counter()
    for one in run.summaries:
        counts.update({key: one[key] for key in ("pixels", "never", "partial", "infinite")})
        undefined.update(one["undefined"])
    known = np.sum([one["known"] for one in run.summaries], axis=0)
    days = plan.times.astype("datetime64[D]").astype(str)
    extra = [(str(name), bool(dated)) for name, dated in run.summaries[0]["extra"]]
    names = feature_names([*plan.layout(), *extra], plan.times)
    return PrimitiveRun(
        names, counts["pixels"], counts["never"], counts["partial"],
        tuple(str(day) for day in days[known == 0]), counts["infinite"],
        {name: count for name, count in undefined.items() if count}, run,
    )  # fmt: skip


def _no_date_near(plan: PrimitivePlan) -> str:
    """That the dates of the features have nothing to do with those of the images."""
    spans = [
        " to ".join(str(one)[:10] for one in (times[0], times[-1]))
        for times in (plan.times, plan.stacks[0].times)
    ]
    return (
        f"The features would be of {spans[0]}, and the images are of {spans[1]}: no date lies "
        "within MAX_GAP_DAYS of a clear image. Give other dates, or allow more days."
    )
