# SPDX-License-Identifier: GPL-3.0-or-later
"""Maps out of a stack of features and model files: tile by tile, in bounded memory."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import InputError, InsufficientDataError
from ...execution.results import RasterOutput, write_rasters
from ...execution.runner import TileRun, run_tiles
from ...execution.settings import ExecutionSettings
from ...execution.stacks import grid_tiles
from ...io.class_rasters import with_colors, write_classes
from ...io.feature_rasters import open_features
from ...io.grids import same_crs
from ...io.model_files import SUFFIX, read_model
from ...io.products.loading import NODATA
from ...io.rasters import Rasters, short
from ...io.reference_shapes import zone_parts
from ...progress import Part, Progress, Silent
from ...table import Table
from ...wording import listed, plural
from ..classes import NO_CLASS, NO_CONFIDENCE, Classes
from ..feature_ranges import outside_note, outside_shares
from ..model import Model
from ..prediction.forests import forest_bytes
from .map_tiles import CHUNK, STATES, Recipe, in_order, map_tile, recipe_of
from .zone_cover import NOWHERE, check_zones

EVERYWHERE = ""
MEGABYTE = 1e6
COPIES = 1.0  # how often the features of a tile are held
OUT_COPIES = 4.0  # and what comes out of it, its packing into a file included


@dataclass(frozen=True)
class MapTask:
    """What is to be made: the ``stack`` and ``models`` (files or folders), the zones and the name
    of their column, the width (m) over which neighbors are blended, a raster that is 0 where
    nothing is to be classified; "" and None for what is not given. ``by_order``: dates of the stack
    stand for those of the models in their order, as for another year, not by name.
    """

    stack: str
    models: tuple[str, ...]
    zones: Table | None = None
    zone_field: str = ""
    blend_width_m: float = 0.0
    mask: str = ""
    by_order: bool = False


@dataclass(frozen=True)
class MapTarget:
    """Where one raster goes: its temporary ``path``, and the final name that messages ``shown``."""

    path: Path
    shown: str


@dataclass(frozen=True)
class MapReport:
    """What came of a map: its ``classes`` with their colors, ``counts`` of pixels by label, the
    share of all pixels that has a class, their mean confidence (percent, NaN without any), why the
    others have none (``states``: pixels by words); side files by the name of their raster;
    ``outside``: the share of the pixels outside of the range of the training samples, of features
    where most are.
    """

    classes: Classes
    counts: Mapping[str, int]
    classified_share: float
    mean_confidence: float
    states: Mapping[str, int]
    side_files: Mapping[str, Path]
    notes: tuple[str, ...]
    run: TileRun
    outside: Mapping[str, float] = field(default_factory=dict)


def make_map(
    task: MapTask,
    targets: Mapping[str, MapTarget],
    folder: Path | str,
    execution: ExecutionSettings | None = None,
    progress: Progress | None = None,
) -> MapReport:
    """Classify a stack into the rasters ``targets``: ``codes`` (uint8 or uint16, 0 no class),
    ``confidence`` (percent, 255 none), ``state`` (codes of ``STATES``) and ``shares`` (a float32
    layer per class, no data -9999). ``folder``: of the tiles, kept until the run is discarded.

    Raises ``InputError`` where a feature is missing, models or zones do not fit, or the memory cap
    is too small; ``InsufficientDataError`` where no pixel can be classified; ``OutputError`` where
    a raster cannot be written; and what ``run_tiles`` raises.
    """
    progress, execution = progress or Silent(), execution or ExecutionSettings()
    files = model_files(task.models)
    parameters, notes = _parameters(task, files, "shares" in targets)
    known = recipe_of(parameters)
    if task.mask:
        _check_mask(task)
    margin = ceil(parameters["blend_pixels"] + 0.5) if parameters["blend_pixels"] else 0
    cut, tile_mb = grid_tiles(
        known.stack.grid, execution, bytes_per_pixel(known, parameters), margin,
        fixed_mb(known, parameters),
    )  # fmt: skip
    inputs = [task.stack, *(str(path) for path, _ in files), *([task.mask] if task.mask else [])]
    run = run_tiles(
        map_tile, cut, folder, parameters, execution, Part(progress, 0.0, 0.9), inputs, tile_mb
    )
    report = _summed(run, known, notes)
    if not report.classified_share:
        run.discard()
        raise InsufficientDataError(_why_none(report.states))
    side_files = _write(run, targets, report.classes, known, Part(progress, 0.9, 1.0))
    return MapReport(**{**vars(report), "side_files": side_files})


def model_files(places: Sequence[str]) -> list[tuple[Path, Model]]:
    """The models in files and folders; raises ``InputError`` where there is none, or a file is no
    model.
    """
    paths: list[Path] = []
    for place in map(Path, places):
        found = sorted(place.glob(f"*{SUFFIX}")) if place.is_dir() else [place]
        if not found:
            raise InputError(f"The folder {place} holds no model (*{SUFFIX}).")
        paths += found
    if not paths:
        raise InputError("Give at least one model (MODELS).")
    return [(path.absolute(), read_model(path)) for path in dict.fromkeys(paths)]


def bytes_per_pixel(known: Recipe, parameters: Mapping[str, Any]) -> float:
    """The memory that a tile needs for each of its pixels at its peak, in bytes."""
    out = 4 + (4 * len(known.classes) if parameters["probabilities"] else 0)
    zones = len(parameters["zones"] or ())
    # Weights, and the distances behind them (float64, indices and one more copy).
    cover = zones * 4 * 2 + (40 if parameters["blend_pixels"] else 10) if zones else 0
    return COPIES * 4 * len(known.bands) + 16 + OUT_COPIES * out + cover


def fixed_mb(known: Recipe, parameters: Mapping[str, Any]) -> float:
    """The memory that a tile needs whatever its size (MB): models, and one chunk of samples."""
    del parameters
    forests = sum(
        forest_bytes(member.forest)
        for seats in known.seats for seat in seats for member in seat.model.members
        if member.forest is not None
    )  # fmt: skip
    chunk = CHUNK * (3 * 4 * len(known.bands) + 40 * len(known.classes) + 64)
    return (forests + chunk) / MEGABYTE


def _parameters(
    task: MapTask, files: Sequence[tuple[Path, Model]], probabilities: bool
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The parameters of the tiles, and notes."""
    groups: dict[str, list[Path]] = {}
    for path, model in files:
        groups.setdefault(model.zone, []).append(path)
    with Rasters() as rasters:
        grid = rasters.grid(task.stack)
    zones, notes = _zones(task, groups, grid)
    order = sorted(groups) if zones is None else list(zones)
    models = [[[str(path), _digest(path)] for path in groups[name]] for name in order]
    blend = task.blend_width_m / 2.0 / grid.pixel_m() if zones is not None else 0.0
    parameters = {
        "stack": task.stack,
        "models": models,
        "zones": None if zones is None else [[one.hex() for one in zones[name]] for name in order],
        # Everywhere is no polygon: what lies in no zone.
        "outside": order.index(EVERYWHERE) if EVERYWHERE in order and zones else NOWHERE,
        "blend_pixels": blend,
        "mask": task.mask,
        "by_order": task.by_order,
        "probabilities": probabilities,
    }
    if task.by_order:
        raster = open_features(task.stack)
        told = (note for _, model in files for note in in_order(model, raster)[1])
        notes = (*notes, *dict.fromkeys(told))
    return parameters, notes


def _zones(
    task: MapTask, groups: Mapping[str, Sequence[Path]], grid: Any
) -> tuple[dict[str, list[bytes]] | None, tuple[str, ...]]:
    """The polygons of the zones that have models, None where all of the image is one."""
    if task.zones is None:
        if len(groups) > 1:
            raise InputError(
                f"The models are of several zones ({listed(sorted(filter(None, groups)), 5)}): "
                "give the layer of the zones (ZONES, ZONE_FIELD)."
            )
        (zone,) = groups
        return None, (f"All of the image is classified by the model of the zone {zone}.",) * bool(
            zone
        )
    if not task.zone_field:
        raise InputError("Say which column of the zones holds their names (ZONE_FIELD).")
    shapes, _ = zone_parts(task.zones, task.zone_field, [grid])
    counts = {name: len(paths) for name, paths in groups.items()}
    notes = check_zones(counts, sorted(shapes))
    zones = {name: shapes[name] for name in sorted(shapes) if name in groups}
    if EVERYWHERE in groups:
        zones[EVERYWHERE] = []
    return zones, tuple(notes)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _check_mask(task: MapTask) -> None:
    with Rasters() as rasters:
        if not same_crs(rasters.grid(task.mask).wkt, rasters.grid(task.stack).wkt):
            raise InputError(
                f"The area {short(task.mask)} (MAP_AREA) lies in another coordinate system than "
                f"the stack {short(task.stack)}: warp it (gdal:warpreproject), nearest neighbor."
            )


def _summed(run: TileRun, known: Recipe, notes: Sequence[str]) -> MapReport:
    pixels = sum(one["pixels"] for one in run.summaries)
    counts, states = (
        np.sum([one[key] for one in run.summaries], axis=0).tolist()
        for key in ("classes", "states")
    )
    classified = sum(counts)
    total = sum(one["confidence"] for one in run.summaries)
    shares, told = _doubts(run, known)
    return MapReport(
        with_colors(known.classes),
        dict(zip(known.classes.labels, counts, strict=True)),
        classified / pixels,
        total / classified if classified else float("nan"),
        dict(zip(STATES.labels, states, strict=True)),
        {},
        (*notes, *told),
        run,
        shares,
    )


def _doubts(run: TileRun, known: Recipe) -> tuple[dict[str, float], list[str]]:
    """Features that most pixels lie outside of what models were trained on, and sentences on them
    and on undeclared codes of no data.
    """
    told = []
    undeclared = sum(one["undeclared"] for one in run.summaries)
    if undeclared:
        told.append(
            f"{plural(undeclared, 'pixel')} of the stack {short(known.stack.uri)} hold -9999, "
            "which the file does not declare as no data: a missing feature, as in the training of "
            "models. Declare it (gdal_edit.py -a_nodata -9999)."
        )
    seen = sum(one["seen"] for one in run.summaries)
    counts, levels = (
        np.sum([one[key] for one in run.summaries], axis=0) for key in ("outside", "levels")
    )
    shares = outside_shares(known.features, counts.tolist(), seen)
    if shares:
        own = dict(zip(known.features, (levels / seen).tolist(), strict=True))
        middles = dict(zip(known.features, known.ranges[:, 1].tolist(), strict=True))
        told.append(outside_note(shares, own, middles, len(known.features)))
    return shares, told


def _write(
    run: TileRun,
    targets: Mapping[str, MapTarget],
    classes: Classes,
    known: Recipe,
    progress: Progress,
) -> dict[str, Path]:
    """Write the rasters that are wanted; returns the side files of those with classes."""
    facts: dict[str, tuple[float, tuple[str, ...]]] = {
        "codes": (NO_CLASS, ("class",)),
        "confidence": (NO_CONFIDENCE, ("confidence (percent)",)),
        "state": (0, ("state",)),
        "shares": (NODATA, classes.labels),
    }
    outputs = [
        RasterOutput(name, target.path, *facts[name], target.shown, ("INTERLEAVE=BAND",))
        for name, target in targets.items()
    ]
    write_rasters(run, outputs, known.stack.grid, progress)
    legends = {"codes": classes, "state": STATES}
    return {
        name: write_classes(target.path, legends[name], target.shown)
        for name, target in targets.items() if name in legends
    }  # fmt: skip


def _why_none(states: Mapping[str, int]) -> str:
    why = ", ".join(f"{words}: {count:,} pixels" for words, count in states.items() if count)
    return (
        f"No pixel can be classified ({why}). Check the stack, the area (MAP_AREA) and the zones: "
        "where do their values and polygons lie?"
    )
