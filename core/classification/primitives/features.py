# SPDX-License-Identifier: GPL-3.0-or-later
"""The features of one block of pixels: gap-filled bands, indices, radar, exogenous, user's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ...io.on_grid import read_on_grid, sampled
from ...io.rasters import Rasters
from ...io.stacks import Block, ImageStack
from ...series.regular_rasters import read_clear
from ...series.regularize import days_from, regularize
from ...types import AnyArray, BoolArray
from .hooks import run_hook
from .plan import RATIO, Derived, PrimitivePlan, feature_names

Float32 = npt.NDArray[np.float32]


@dataclass
class BlockFeatures:
    """``layers`` (features, rows, columns), NaN where there is no data; ``extra``: (name, whether
    dated) of what a hook added at their end. ``days`` (dates, rows, columns): to the nearest clear
    date, infinite where there is none; ``clear_count`` (rows, columns): clear dates.
    ``infinite``: values of images that were infinite; ``undefined``: for each index and feature of
    the user how many of its values do not exist though all that it is made of does.
    """

    layers: Float32
    days: Float32
    clear_count: AnyArray
    extra: list[tuple[str, bool]] = field(default_factory=list)
    infinite: int = 0
    undefined: dict[str, int] = field(default_factory=dict)


def block_features(plan: PrimitivePlan, block: Block) -> BlockFeatures:
    """All features of ``block``; reads what it needs itself. Every pixel is computed of its own
    values alone, so that blocks of any size give the same.
    """
    places = _places(plan)
    shape, dates = (block.rows, block.columns), len(plan.times)
    count = max(place.stop for place in places.values())
    made = BlockFeatures(
        np.full((count, *shape), np.nan, dtype=np.float32),
        np.zeros((dates, *shape), dtype=np.float32),
        np.zeros(shape, dtype=np.int64),
    )
    if plan.optical is not None:
        _fill_optical(plan, plan.optical, block, made)
    for direction, stack in plan.radar.items():
        _fill_radar(plan, direction, stack, block, made, places)
    with Rasters() as rasters:
        for one in plan.exogenous:
            made.layers[places[one.name]] = sampled(rasters, one.source, plan.grid, block, one.how)
    single = {name: at for at, name in enumerate(feature_names(plan.layout(), plan.times))}
    for derived in (*plan.indices, *plan.user):
        _derive(derived, made, places, single)
    if plan.hook:
        _add_hook(plan, made, places)
    return made


def _places(plan: PrimitivePlan) -> dict[str, slice]:
    """Where the layers of each feature are."""
    places: dict[str, slice] = {}
    start = 0
    for name, dated in plan.layout():
        stop = start + (len(plan.times) if dated else 1)
        places[name] = slice(start, stop)
        start = stop
    return places


def _fill_optical(
    plan: PrimitivePlan, stack: ImageStack, block: Block, made: BlockFeatures
) -> None:
    values, clear, made.infinite = read_clear(stack, block)
    bands, dates = len(stack.bands), len(plan.times)
    usable = clear & np.isfinite(values).all(axis=1)
    made.clear_count[:] = _days_seen(stack, usable).reshape(made.clear_count.shape)
    filled, quality = _regular(plan, stack, values, clear)
    target = made.layers[: bands * dates].reshape(bands, dates, -1)
    target[:] = filled.transpose(1, 0, 2)
    made.days[:] = quality.reshape(made.days.shape)


def _fill_radar(
    plan: PrimitivePlan,
    direction: str,
    stack: ImageStack,
    block: Block,
    made: BlockFeatures,
    places: Mapping[str, slice],
) -> None:
    shape = made.days.shape[1:]
    values = read_on_grid(stack, block, "bilinear").reshape(len(stack), len(stack.bands), -1)
    values[~np.isfinite(values)] = np.nan
    if plan.radar_unit != "db":
        values[values <= 0.0] = np.nan  # a power is more than 0: it is the border of an image
    seen = np.ones((len(stack), values.shape[2]), dtype=np.bool_)
    filled, quality = _regular(plan, stack, values, seen)
    if plan.optical is None:
        usable = np.isfinite(values).all(axis=1)
        made.clear_count += _days_seen(stack, usable).reshape(shape)
        np.maximum(made.days, quality.reshape(made.days.shape), out=made.days)
    if plan.radar_unit == "linear_to_db":
        filled = 10.0 * np.log10(filled)
    for band, name in enumerate(stack.bands):
        made.layers[places[f"{name}_{direction}"]] = filled[:, band].reshape(-1, *shape)
    if f"{RATIO}_{direction}" in places:
        vv, vh = (filled[:, stack.bands.index(name)] for name in ("VV", "VH"))
        ratio = vh / vv if plan.radar_unit == "linear" else vh - vv
        made.layers[places[f"{RATIO}_{direction}"]] = ratio.reshape(-1, *shape)


def _days_seen(stack: ImageStack, usable: BoolArray) -> AnyArray:
    """On how many days each pixel is ``usable`` (dates, pixels): two images of one day are one."""
    days = stack.times.astype("datetime64[D]")
    first = np.flatnonzero(np.concatenate([[True], days[1:] != days[:-1]]))
    return np.asarray(np.logical_or.reduceat(usable, first, axis=0).sum(axis=0))


def _regular(
    plan: PrimitivePlan, stack: ImageStack, values: Float32, clear: BoolArray
) -> tuple[Float32, Float32]:
    # Features are of days: on a day with a clear image they are that image, whatever its hour.
    days = days_from(stack.times.astype("datetime64[D]"), plan.times[0])
    out_days = days_from(plan.times, plan.times[0])
    return regularize(values, clear, days, out_days, plan.settings)


def _derive(
    derived: Derived, made: BlockFeatures, places: Mapping[str, slice], single: Mapping[str, int]
) -> None:
    """Compute one feature, date by date, in double precision. ``single``: the place of each layer
    by its whole name.
    """
    target, missing = places[derived.name], 0
    for date in range(target.stop - target.start):
        planes: dict[str, AnyArray] = {}
        for name in derived.formula.bands:
            if name in places:
                place = places[name]
                at = place.start + (date if place.stop - place.start > 1 else 0)
            else:
                at = single[name]
            plane = made.layers[at].astype(np.float64)
            planes[name] = np.maximum(plane, 0.0) if derived.floored else plane
        result = derived.formula.of(planes)
        known = np.logical_and.reduce([np.isfinite(plane) for plane in planes.values()])
        good = np.isfinite(result) & known
        missing += int(np.count_nonzero(known & ~good))
        made.layers[target.start + date] = np.where(good, result, np.nan)
    made.undefined[derived.name] = missing


def _add_hook(plan: PrimitivePlan, made: BlockFeatures, places: Mapping[str, slice]) -> None:
    given: dict[str, AnyArray] = {}
    for name, dated in plan.layout():
        view = made.layers[places[name]]
        view.flags.writeable = False
        given[name] = view if dated else view[0]
    rows, columns = made.clear_count.shape
    found = run_hook(plan.hook, given, len(plan.times), (rows, columns))
    made.extra = [(name, dated) for name, dated, _ in found]
    made.layers = np.concatenate([made.layers, *(layers for _, _, layers in found)])
