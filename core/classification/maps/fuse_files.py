# SPDX-License-Identifier: GPL-3.0-or-later
"""Maps of classes from files made one, tile by tile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import InputError
from ...execution.results import RasterOutput, write_rasters
from ...execution.runner import TileRun, run_tiles
from ...execution.settings import ExecutionSettings
from ...execution.tiling import Tile, TileOutput, fit_tile_size, tile_memory_mb, tiles
from ...io.class_maps import classes_in, codes_present, map_grid, read_codes
from ...io.confusion_files import read_confusion
from ...io.grids import Grid
from ...io.rasters import Rasters, short
from ...io.stacks import same_pixels
from ...progress import Part, Progress, Silent
from ...types import AnyArray, FloatArray
from ..classes import LARGEST_CODE, NO_CONFIDENCE, UNDECIDED, UNDECIDED_LABEL, Classes, LandClass
from .fusion import (
    CONFIDENCE_WEIGHTED,
    DEMPSTER_SHAFER,
    MAJORITY,
    choice_of,
    codes_from,
    combine_masses,
    confidence_of,
    count_votes,
    masses_of,
    table_of,
    weigh_votes,
)

UNDECIDED_COLOR = "#b0b0b0"
_LARGEST_TABLE = 1_000_000  # combinations that are worked out once for all pixels
_BYTES = 60.0  # per pixel and map at the peak


@dataclass(frozen=True)
class FuseRequest:
    """Paths of ``maps`` on one grid, of their ``confusions`` (Dempster-Shafer) and ``confidences``
    (percent), in the same order; ``undecided``: the code of ties; ``nodata_votes``: see
    ``fusion.count_votes``.
    """

    maps: tuple[str, ...]
    method: str = MAJORITY
    confusions: tuple[str, ...] = ()
    mass: str = "precision"
    confidences: tuple[str, ...] = ()
    undecided: int = UNDECIDED
    nodata_votes: bool = True

    def check(self) -> None:
        """Raise ``InputError`` where the lists do not go together."""
        count = len(self.maps)
        if count < 2:
            raise InputError("Give two or more maps.")
        for name, given, method in (
            ("CONFUSIONS", self.confusions, DEMPSTER_SHAFER),
            ("CONFIDENCES", self.confidences, CONFIDENCE_WEIGHTED),
        ):
            if len(given) not in (0, count):
                raise InputError(f"{name} has {len(given)} files for {count} maps: one for each.")
            if self.method == method and not given:
                raise InputError(f"{name}: {method} needs one file for each map.")


@dataclass(frozen=True)
class Fused:
    """What came out: ``classes`` of the fused map, ``pixels`` that have a class, are undecided, are
    empty; the tiles, to be discarded at the end; sentences.
    """

    classes: Classes
    decided: int
    undecided: int
    empty: int
    run: TileRun
    notes: tuple[str, ...]


def fuse_files(
    request: FuseRequest,
    targets: Mapping[str, tuple[Path | str, str]],
    folder: Path | str,
    execution: ExecutionSettings | None = None,
    progress: Progress | None = None,
) -> Fused:
    """Fuse and write what ``targets`` names: ``map``, ``choice`` (of two maps: 0 none, 1 both, 2
    first, 3 second), ``confidence`` (percent, 255 none), each (temporary path, shown name).

    Raises ``InputError`` where the maps lie on different grids, a matrix does not know a class, or
    the code of ties is that of a class.
    """
    request.check()
    progress, execution = progress or Silent(), execution or ExecutionSettings()
    if "choice" in targets and len(request.maps) != 2:
        raise InputError("OUTPUT_CHOICE says which of two maps was taken: give two maps.")
    grid = shared_grid((*request.maps, *request.confidences))
    classes = common_classes(request.maps, Part(progress, 0.0, 0.1))
    if request.undecided in classes.codes:
        raise InputError(f"UNDECIDED is {request.undecided}, which is the code of a class.")
    masses, notes = _masses(request, classes)
    parameters = {
        "maps": list(request.maps), "confidences": list(request.confidences),
        "method": request.method, "masses": masses.tolist(), "codes": classes.codes.tolist(),
        "undecided": request.undecided, "type": _type(classes, request.undecided),
        "wanted": sorted(targets), "nodata_votes": request.nodata_votes,
    }  # fmt: skip
    per_pixel = _BYTES * len(request.maps)
    size = fit_tile_size(execution.tile_size, per_pixel, execution.memory_cap_mb)
    run = run_tiles(
        fuse_tile, tiles(grid.width, grid.height, size), folder, parameters, execution,
        Part(progress, 0.1, 0.8), inputs=[*request.maps, *request.confidences],
        tile_mb=tile_memory_mb(size, per_pixel),
    )  # fmt: skip
    nodata = {"map": 0, "choice": None, "confidence": NO_CONFIDENCE}
    outputs = [
        RasterOutput(name, path, nodata[name], (name,), shown)
        for name, (path, shown) in targets.items()
    ]
    write_rasters(run, outputs, grid, Part(progress, 0.8, 1.0))
    decided, undecided, empty = (
        sum(one[name] for one in run.summaries) for name in ("decided", "undecided", "empty")
    )
    named = undecided and request.undecided
    found = _with_tie(classes, request.undecided) if named else classes
    return Fused(found, decided, undecided, empty, run, notes)


def fuse_tile(tile: Tile, parameters: Mapping[str, Any]) -> TileOutput:
    """One tile: the fused map and what else is wanted."""
    codes = np.array(parameters["codes"], dtype=np.int64)
    place = (tile.own.column, tile.own.row, tile.own.width, tile.own.height)
    indices, confidences = _read(parameters, codes, place)
    winner, score = _fused(indices, confidences, np.array(parameters["masses"]), parameters)
    shape = (tile.own.height, tile.own.width)
    fused = codes_from(winner, codes, parameters["undecided"]).astype(parameters["type"])
    arrays: dict[str, AnyArray] = {"map": fused.reshape(shape)}
    if "choice" in parameters["wanted"]:
        arrays["choice"] = choice_of(indices, winner).reshape(shape)
    if "confidence" in parameters["wanted"]:
        share = (
            score if confidences is None else confidence_of(indices, winner, confidences) / 100.0
        )
        known = (winner > 0) & np.isfinite(share)
        percent = np.where(known, np.rint(100.0 * np.where(known, share, 0.0)), NO_CONFIDENCE)
        arrays["confidence"] = percent.astype(np.uint8).reshape(shape)
    return TileOutput(arrays, {
        "decided": int((winner > 0).sum()), "undecided": int((winner < 0).sum()),
        "empty": int((winner == 0).sum()),
    })  # fmt: skip


def _read(
    parameters: Mapping[str, Any], codes: AnyArray, place: tuple[int, int, int, int]
) -> tuple[AnyArray, FloatArray | None]:
    """Indices of classes from 1 (maps, n), 0 for none; confidences (maps, n) in percent."""
    lookup = np.zeros(LARGEST_CODE + 1, np.int64)
    lookup[codes] = np.arange(1, len(codes) + 1)
    with Rasters() as rasters:
        maps = []
        for path in parameters["maps"]:
            maps.append(lookup[read_codes(path, rasters, *place)].ravel())
        shares = []
        for path in parameters["confidences"]:
            nodata = rasters.dataset(path).GetRasterBand(1).GetNoDataValue()
            share = rasters.read(path, 1, *place).astype(np.float64).ravel()
            gone = ~np.isfinite(share) if nodata is None else share == nodata
            shares.append(np.where(gone | (share < 0.0), 0.0, share))
    return np.stack(maps), np.stack(shares) if shares else None


def _fused(
    indices: AnyArray, confidences: FloatArray | None, masses: FloatArray,
    parameters: Mapping[str, Any],
) -> tuple[AnyArray, FloatArray]:  # fmt: skip
    """Winners (n,) and their share or belief. Where only the classes count, each combination of
    them is worked out once.
    """
    if parameters["method"] == CONFIDENCE_WEIGHTED and confidences is not None:
        return weigh_votes(indices, confidences)
    states = len(parameters["codes"]) + 1
    key = np.zeros(indices.shape[1], np.int64)
    for one in indices:
        key = key * states + one
    if states ** len(indices) <= _LARGEST_TABLE:
        cases, place = table_of([states] * len(indices)), key
    else:
        first, place = np.unique(key, return_index=True, return_inverse=True)[1:]
        cases = indices[:, first]
    if parameters["method"] == DEMPSTER_SHAFER:
        winner, score = combine_masses(cases, masses)
    else:
        winner, score = count_votes(cases, parameters["nodata_votes"])
    return winner[place], score[place]


def _masses(request: FuseRequest, classes: Classes) -> tuple[FloatArray, tuple[str, ...]]:
    if request.method != DEMPSTER_SHAFER:
        return np.zeros((0, 0)), ()
    found = np.array([
        masses_of(read_confusion(path, classes), request.mass) for path in request.confusions
    ])  # fmt: skip
    notes = [
        f"{Path(path).name} gives no belief: its {request.mass} is 0 or below. The map has no say."
        for path, masses in zip(request.confusions, found, strict=True) if not masses.any()
    ]  # fmt: skip
    return found, tuple(notes)


def _type(classes: Classes, undecided: int) -> str:
    """The type of the fused map: 255 is free for ties where no class has it."""
    return "uint8" if max(int(classes.codes[-1]), undecided) <= UNDECIDED else "uint16"


def _with_tie(classes: Classes, code: int) -> Classes:
    tie = LandClass(code, UNDECIDED_LABEL, UNDECIDED_COLOR)
    return Classes(tuple(sorted((*classes.items, tie), key=lambda one: one.code)))


def common_classes(maps: Sequence[str], progress: Progress) -> Classes:
    """The classes of all maps; raises ``InputError`` where two call a code differently."""
    found: dict[int, LandClass] = {}
    for number, path in enumerate(maps):
        part = Part(progress, number / len(maps), (number + 1) / len(maps))
        for one in classes_in(path, codes_present(path, part)).items:
            known = found.get(one.code)
            named = known is not None and known.label != str(one.code)
            if known is not None and named and one.label not in (known.label, str(one.code)):
                raise InputError(
                    f"Code {one.code} is '{known.label}' in one map and '{one.label}' in "
                    f"{short(path)}. Give maps of the same classes."
                )
            if known is None or not named:
                found[one.code] = one
    return Classes(tuple(found[code] for code in sorted(found)))


def shared_grid(paths: Sequence[str]) -> Grid:
    """The grid of all rasters; raises ``InputError`` where one lies on another."""
    with Rasters() as rasters:
        grid = map_grid(paths[0], rasters)
        for path in paths[1:]:
            other = map_grid(path, rasters)
            # A map without a CRS is on the grid of others without one only.
            if bool(other.wkt) != bool(grid.wkt) or not same_pixels(grid, other):
                raise InputError(
                    f"{short(path)} lies on another grid than {short(paths[0])}. Warp them to one "
                    "grid first, by the nearest neighbor."
                )
    return grid
