# SPDX-License-Identifier: GPL-3.0-or-later
"""One tile of a map: its features read, classified by the models of their zones, and counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import isqrt
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...execution.stacks import block_of
from ...execution.tiling import Tile, TileOutput
from ...io.class_rasters import class_type
from ...io.feature_rasters import FeatureRaster, open_features
from ...io.grids import Grid
from ...io.model_files import read_model
from ...io.products.loading import NODATA
from ...io.rasters import Rasters
from ...io.rasters import block_of as window_of
from ...types import BoolArray, FloatArray
from ..classes import NO_CLASS, NO_CONFIDENCE, Classes, LandClass
from ..date_order import features_by_order
from ..feature_names import match_features
from ..feature_ranges import LEAST_SEEN, SEEN, SPARSE, common_ranges, outside, ranges_of
from ..model import Model
from ..prediction.ensembles import Float32, Said, Seat, common_classes, common_features, say, seated
from .zone_cover import border_weights, cover

CHUNK = 65_536  # samples at a time: bounds the memory beside the features
CLASSIFIED, INCOMPLETE, MASKED, NO_MODEL = 1, 2, 3, 4
STATES = Classes(
    (
        LandClass(CLASSIFIED, "classified", "#009e73"),
        LandClass(INCOMPLETE, "features missing", "#c0c0c0"),
        LandClass(MASKED, "outside the area", "#8c8c8c"),
        LandClass(NO_MODEL, "no model of the zone", "#d55e00"),
    )
)


@dataclass(frozen=True)
class Recipe:
    """What a worker makes of the parameters of a run: the ``stack``, the ``bands`` (from 0) that
    are read, the ``classes`` of the map, and the ``seats`` of the models of each zone. Of each
    feature that is read: its name, the range that models know of it (``common_ranges``), and what
    -9999 in the file is as a value, where that means no data without the file saying so (else NaN).
    """

    stack: FeatureRaster
    bands: tuple[int, ...]
    classes: Classes
    seats: tuple[tuple[Seat, ...], ...]
    features: tuple[str, ...]
    ranges: FloatArray
    undeclared: npt.NDArray[np.float32]


@lru_cache(maxsize=2)
def recipe(
    stack: str, groups: tuple[tuple[tuple[str, str], ...], ...], by_order: bool = False
) -> Recipe:
    """The recipe of ``groups``: for each zone, the files of its models with their digests, by which
    a file that has changed is read again. ``by_order``: dates of the stack stand for those of the
    models in their order (``date_order``), not by name.

    Raises ``InputError`` where a feature is missing or the models do not agree about classes.
    """
    models = [[read_model(path) for path, _ in group] for group in groups]
    raster = open_features(stack)
    if by_order:
        models = [[in_order(model, raster)[0] for model in group] for group in models]
    every = [model for group in models for model in group]
    features, classes = common_features(every), common_classes(every)
    bands = match_features(features, raster.names, f"The stack {Path(stack).name}")
    seats = tuple(seated(group, features, classes) for group in models)
    known = [
        (seat.places, ranges_of(seat.model.facts, len(seat.places)))
        for group in seats for seat in group
    ]  # fmt: skip
    ranges = common_ranges(known, len(features))
    return Recipe(
        raster, tuple(bands), classes, seats, features, ranges, _undeclared(raster, bands, ranges)
    )


def _undeclared(
    raster: FeatureRaster, bands: Sequence[int], ranges: FloatArray
) -> npt.NDArray[np.float32]:
    """The value that -9999 becomes, as ``FeatureRaster.read`` computes it, in bands that do not
    declare it; NaN where they do, and where models were trained on values around it.
    """
    code = np.float32(NODATA)
    found = np.full(len(bands), np.nan, np.float32)
    for place, band in enumerate(bands):
        value = code * np.float32(raster.scales[band]) + np.float32(raster.offsets[band])
        low, _, high = ranges[place]
        if np.float32(raster.nodata[band]) != code and not low <= value <= high:
            found[place] = value
    return found


def in_order(model: Model, raster: FeatureRaster) -> tuple[Model, tuple[str, ...]]:
    """``model`` with the names of the layers of ``raster`` that stand for its features, and what
    there is to say about them.
    """
    names, notes = features_by_order(
        model.features, raster.names, f"The stack {Path(raster.uri).name}"
    )
    return replace(model, features=names), notes


def recipe_of(parameters: Mapping[str, Any]) -> Recipe:
    """The recipe of the parameters of a tile, made once per process."""
    groups = tuple(
        tuple((str(path), str(digest)) for path, digest in group) for group in parameters["models"]
    )
    return recipe(str(parameters["stack"]), groups, bool(parameters["by_order"]))


def map_tile(tile: Tile, parameters: Mapping[str, Any]) -> TileOutput:
    """One tile: codes, confidence and state of its pixels, probabilities where wanted."""
    known = recipe_of(parameters)
    values = known.stack.read(known.bands, block_of(tile.own)).reshape(len(known.bands), -1)
    undeclared = _drop_undeclared(known, values)
    weights = _weights(tile, parameters, known)
    state = _states(tile, parameters, values, weights, known)
    codes = np.full(values.shape[1], NO_CLASS, dtype=class_type(known.classes))
    confidence = np.full(values.shape[1], NO_CONFIDENCE, dtype=np.uint8)
    shares = None
    if parameters["probabilities"]:
        shares = np.full((len(known.classes), values.shape[1]), NODATA, dtype=np.float32)
    good = np.flatnonzero(state == CLASSIFIED)
    for some in _chunks(good):
        part = None if weights is None else weights[:, some]
        said = _blended(known, values[:, some], part, shares is not None)
        codes[some] = known.classes.codes[said.index]
        confidence[some] = np.rint(100.0 * said.confidence)
        if shares is not None and said.shares is not None:
            shares[:, some] = said.shares.T
    made = _output(tile, codes, confidence, state, shares, known.classes)
    seen = _outside(tile, known, values, state)
    return TileOutput(made.arrays, {**made.summary, **seen, "undeclared": undeclared})


def _drop_undeclared(known: Recipe, values: Float32) -> int:
    """Set -9999 that is not declared as no data to NaN; returns the number of pixels with some."""
    lost = np.zeros(values.shape[1], dtype=np.bool_)
    for place in np.flatnonzero(~np.isnan(known.undeclared)):
        if values[place].min() > known.undeclared[place]:
            continue  # the usual case, several times faster than to compare all values
        hit = values[place] == known.undeclared[place]
        if hit.any():
            values[place][hit] = np.nan
            lost |= hit
    return int(np.count_nonzero(lost))


def _outside(
    tile: Tile, known: Recipe, values: Float32, state: npt.NDArray[np.uint8]
) -> dict[str, Any]:
    """How many of some pixels lie outside of the ranges of the features, see ``outside``."""
    look = _looked_at(tile, known.stack.grid)
    look = look[state[look] == CLASSIFIED]
    lost, levels = outside(values[:, look], known.ranges)
    return {"seen": len(look), "outside": lost, "levels": levels}


def _looked_at(tile: Tile, grid: Grid) -> npt.NDArray[np.int64]:
    """Places in the tile of every n-th pixel of every n-th row of the whole grid: the same ones
    however the grid is cut.
    """
    pixels = grid.width * grid.height
    step = max(1, min(SPARSE, isqrt(pixels // LEAST_SEEN)), isqrt(pixels // SEEN))
    own = tile.own
    rows = np.arange(-own.row % step, own.height, step)
    columns = np.arange(-own.column % step, own.width, step)
    return (rows[:, None] * own.width + columns).ravel()


def _chunks(places: npt.NDArray[np.int64]) -> Iterator[npt.NDArray[np.int64]]:
    for start in range(0, len(places), CHUNK):
        yield places[start : start + CHUNK]


def _weights(tile: Tile, parameters: Mapping[str, Any], known: Recipe) -> Float32 | None:
    """How much each zone counts (zones, pixels of the tile); None where there is one alone."""
    if parameters["zones"] is None:
        return None
    outer = tile.outer
    window = window_of(known.stack.grid, outer.column, outer.row, outer.width, outer.height)
    shapes = [[bytes.fromhex(one) for one in shapes] for shapes in parameters["zones"]]
    zones = cover(shapes, window, int(parameters["outside"]))
    if parameters["blend_pixels"] > 0.0:
        weights = border_weights(zones, len(shapes), parameters["blend_pixels"])
    else:
        weights = (zones == np.arange(len(shapes))[:, None, None]).astype(np.float32)
    return np.ascontiguousarray(tile.crop(weights)).reshape(len(shapes), -1)


def _states(
    tile: Tile,
    parameters: Mapping[str, Any],
    values: Float32,
    weights: Float32 | None,
    known: Recipe,
) -> npt.NDArray[np.uint8]:
    """What becomes of each pixel: the first reason in order of mask, zone, features."""
    state = np.where(_complete(known, values, weights), CLASSIFIED, INCOMPLETE).astype(np.uint8)
    if weights is not None:
        state[weights.sum(axis=0) == 0.0] = NO_MODEL
    if parameters["mask"]:
        state[~_let_through(tile, parameters)] = MASKED
    return state


def _complete(known: Recipe, values: Float32, weights: Float32 | None) -> BoolArray:
    """Whether each pixel has all features that the models of its zones need."""
    zones: dict[tuple[int, ...], list[int]] = {}
    for zone, seats in enumerate(known.seats):
        needed = {int(place) for seat in seats for place in seat.places}
        zones.setdefault(tuple(sorted(needed)), []).append(zone)
    complete = np.ones(values.shape[1], dtype=np.bool_)
    for places, alike in zones.items():
        everywhere = weights is None or len(zones) == 1
        elsewhere = None if everywhere or weights is None else ~(weights[alike] > 0.0).any(axis=0)
        for place in places:
            there = np.isfinite(values[place])
            complete &= there if elsewhere is None else there | elsewhere
    return complete


def _let_through(tile: Tile, parameters: Mapping[str, Any]) -> BoolArray:
    own, uri = tile.own, str(parameters["mask"])
    with Rasters() as rasters:
        grid = rasters.grid(str(parameters["stack"]))
        window = window_of(grid, own.column, own.row, own.width, own.height)
        values = rasters.resampled(uri, 1, window, 0)
        nodata = rasters.dataset(uri).GetRasterBand(1).GetNoDataValue()
    passed: BoolArray = np.isfinite(values) & (values != 0)
    if nodata is not None:
        passed &= values != nodata
    return passed.ravel()


def _blended(known: Recipe, values: Float32, weights: Float32 | None, with_shares: bool) -> Said:
    """What the models of the zones say of samples (features, n), by the ``weights`` (zones, n) of
    the zones: where several count, of the class with the largest weighted mean probability.
    """
    count = len(known.classes)
    if weights is None:
        return say(known.seats[0], values, count, with_shares)
    samples = values.shape[1]
    index, confidence = np.zeros(samples, np.int32), np.zeros(samples, np.float32)
    shares = np.zeros((samples, count), np.float32)
    several = np.count_nonzero(weights, axis=0) > 1
    for seats, weight in zip(known.seats, weights, strict=True):
        for here in (
            np.flatnonzero((weight > 0.0) & (several == mixed)) for mixed in (False, True)
        ):
            if len(here):
                mixed = bool(several[here[0]])
                said = say(seats, values[:, here], count, with_shares or mixed)
                index[here], confidence[here] = said.index, said.confidence
                if said.shares is not None:
                    shares[here] += weight[here, None] * said.shares
    index[several] = shares[several].argmax(axis=1)
    confidence[several] = np.minimum(shares[several].max(axis=1), 1.0)
    return Said(index, confidence, shares if with_shares else None)


def _output(
    tile: Tile,
    codes: npt.NDArray[Any],
    confidence: npt.NDArray[np.uint8],
    state: npt.NDArray[np.uint8],
    shares: Float32 | None,
    classes: Classes,
) -> TileOutput:
    shape = (tile.own.height, tile.own.width)
    arrays: dict[str, npt.NDArray[Any]] = {
        "codes": codes.reshape(shape),
        "confidence": confidence.reshape(shape),
        "state": state.reshape(shape),
    }
    if shares is not None:
        arrays["shares"] = shares.reshape(-1, *shape)
    good = codes != NO_CLASS
    return TileOutput(
        arrays,
        {
            "pixels": int(codes.size),
            "classes": [int(np.count_nonzero(codes == one)) for one in classes.codes],
            "states": [int(np.count_nonzero(state == one)) for one in STATES.codes],
            # Whole percents: their sum does not depend on how the image is cut.
            "confidence": int(confidence[good].sum(dtype=np.int64)),
        },
    )
