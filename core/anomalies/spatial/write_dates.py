# SPDX-License-Identifier: GPL-3.0-or-later
"""The second pass: the layers of the dates that matter, one date after the other.

A date needs some 8 bytes per pixel of the grid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ...execution.runner import TileRun
from ...io.grids import pixel_size_m
from ...io.stacks import ImageStack
from ...io.tile_files import read_arrays
from ...progress import Progress, each
from .codes import UNTESTED, scores
from .date_layers import DateLayers, Target
from .looks import thin
from .tiles import BEST, LEVEL, LOCAL, date_name
from .types_in_space import Space, final_types, look_around, type_counts
from .verdict import DateVote

NO_SCORE = -9999.0
_STRIP = 512  # rows that are turned into scores at a time
_STYLES = {"type": ("uint8", UNTESTED), "score": ("float32", NO_SCORE)}

Plane = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Written:
    """Of the dates written, in their order: what the places of their anomalies say (``spaces``);
    ``small`` maps of those to be shown and the pixels of each by type (``named``), by date.
    """

    spaces: list[Space] = field(default_factory=list)
    small: dict[int, Plane] = field(default_factory=dict)
    named: dict[int, dict[str, int]] = field(default_factory=dict)


def write_dates(
    stack: ImageStack,
    run: TileRun,
    votes: Sequence[DateVote],
    layers: Sequence[int],
    targets: Mapping[str, Target],
    shown: Sequence[int],
    progress: Progress,
) -> Written:
    """Write a layer of each of the ``layers`` (dates), of the ``run`` over tiles, to the
    ``targets`` ``type`` and ``score`` where they are wanted; ``shown``: the dates of which small
    maps are kept. Nothing is left of the targets where that fails.
    """
    names = tuple(str(stack.times[date].astype("datetime64[s]")) for date in layers)
    edges = assembled(run, "edges", stack)[0].view(np.bool_)
    outputs = {
        key: DateLayers(targets[key], stack, len(layers), names, *style)
        for key, style in _STYLES.items()
        if key in targets
    }
    written, size = Written(), pixel_size_m(stack.grid)
    try:
        for layer, date in enumerate(each(list(layers), progress, "Deciding types"), start=1):
            planes = assembled(run, date_name(date), stack)
            if "score" in outputs:
                _write_scores(outputs["score"], layer, planes[LEVEL])
            planes[LEVEL] = planes[LEVEL][:0]  # not needed any more
            types = final_types(planes, edges, votes[date].kind)
            planes[BEST] = planes[LOCAL] = planes[LEVEL]
            written.spaces.append(look_around(types, planes, edges, stack.products[date], size))
            written.named[date] = type_counts(types)
            if date in shown:
                written.small[date] = thin(types).copy()
            if "type" in outputs:
                outputs["type"].write(layer, types, 0)
            del types, planes
    except BaseException:
        for output in outputs.values():
            output.drop()
        raise
    for output in outputs.values():
        output.finish()
    return written


def _write_scores(output: DateLayers, layer: int, level: Plane) -> None:
    for row in range(0, len(level), _STRIP):
        part = scores(level[row : row + _STRIP])
        part = np.where(np.isfinite(part), part, np.float32(NO_SCORE))
        output.write(layer, part.astype(np.float32), row)


def assembled(run: TileRun, name: str, stack: ImageStack) -> list[Plane]:
    """The planes (rows, columns) of one array of all tiles on the whole grid."""
    whole: list[Plane] = []
    for tile in run.tiles:
        part = read_arrays(run.store.path(tile), [name])[name]
        if not whole:
            whole = [np.zeros((stack.grid.height, stack.grid.width), np.uint8) for _ in part]
        own = tile.own
        for plane, values in zip(whole, part, strict=True):
            plane[own.row : own.row + own.height, own.column : own.column + own.width] = values
    return whole
