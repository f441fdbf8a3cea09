# SPDX-License-Identifier: GPL-3.0-or-later
"""Lakes made level: one height for each body of standing water."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..dependencies import require
from ..spread import median_and_nmad
from ..types import AnyArray, BoolArray, FloatArray
from .canvas import Canvas, Fill

STEEPEST_M = 10.0  # heights of standing water that spread wider (5 to 95 %) are a river's
_FEWEST = 0.1  # share of cells that must be heights of the first model to be believed
_SHORE = 0.1  # quantile of the shore: water lies below all of it, noise of the model aside


@dataclass(frozen=True)
class Lake:
    """A body of water: ``cells``, its ``level`` (m; NaN where it was left as it is) and the largest
    change of a height; ``kind``: where the level comes from.
    """

    cells: int
    level: float
    change: float
    kind: str


def flatten(canvas: Canvas, water: BoolArray, labels: AnyArray) -> tuple[Lake, ...]:
    """Give each body of ``water`` (rows, columns; cells that touch by a side or corner) one level.

    The level is the median of the first model's heights on it where these are a tenth of its cells
    or more, else the lowest tenth of its shore. Bodies whose heights spread over more than 10 m are
    rivers and stay. ``labels`` (rows, columns; int32) is overwritten. Needs scipy.
    """
    ndimage = require("scipy.ndimage")
    ndimage.label(water, structure=np.ones((3, 3)), output=labels)
    return tuple(
        _flattened(canvas, labels, number, place)
        for number, place in enumerate(ndimage.find_objects(labels), start=1)
        if place is not None
    )


def _flattened(canvas: Canvas, labels: AnyArray, number: int, place: Any) -> Lake:
    around = tuple(slice(max(one.start - 1, 0), one.stop + 1) for one in place)
    inside = labels[around] == number
    height, fill = canvas.height[around], canvas.fill[around]
    cells = int(np.count_nonzero(inside))
    kept = height[inside & (fill == Fill.KEPT) & np.isfinite(height)]
    if kept.size >= max(3, _FEWEST * cells):
        level, error = median_and_nmad(kept.astype(np.float64))
        kind = "its own heights"
        spread = np.quantile(kept, (0.05, 0.95))
    else:
        shore = _shore(height, inside)
        if not shore.size:
            return Lake(cells, float("nan"), float("nan"), "no heights on it or around")
        level, kind = float(np.quantile(shore, _SHORE)), "its shore"
        error, spread = median_and_nmad(shore)[1], (level, level)
    if spread[1] - spread[0] > STEEPEST_M:
        return Lake(cells, float("nan"), float("nan"), "a river: heights spread too wide")
    known = height[inside & np.isfinite(height)]
    change = float(np.abs(known - level).max()) if known.size else 0.0
    height[inside] = level
    fill[inside] = Fill.WATER
    canvas.error[around][inside] = error
    canvas.source[around][inside & (canvas.source[around] == 0)] = 1
    return Lake(cells, level, change, kind)


def _shore(height: AnyArray, inside: BoolArray) -> FloatArray:
    grown = require("scipy.ndimage").binary_dilation(inside, np.ones((3, 3)))
    return np.asarray(height[grown & ~inside & np.isfinite(height)], dtype=np.float64)
