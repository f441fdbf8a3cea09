# SPDX-License-Identifier: GPL-3.0-or-later
"""Which zone pixels lie in, and how much neighboring zones count near a border."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from ...dependencies import require
from ...errors import InputError
from ...io.rasters import Window
from ...io.shapes import burnt, from_wkb
from ...wording import listed

Float32 = npt.NDArray[np.float32]
NOWHERE = -1


def cover(
    shapes: Sequence[Sequence[bytes]], window: Window, outside: int = NOWHERE
) -> npt.NDArray[np.int16]:
    """The zone (rows, columns) whose polygons hold the centers of the pixels of ``window``: its
    place in ``shapes``, the first one where zones overlap; ``outside`` where none does.
    """
    found = np.full(window.shape, outside, dtype=np.int16)
    free = np.ones(window.shape, dtype=np.bool_)
    for place, polygons in enumerate(shapes):
        for shape in polygons:
            inside = burnt(from_wkb(shape), window) & free if _touches(shape, window) else None
            if inside is not None:
                found[inside] = place
                free &= ~inside
    return found


def border_weights(zones: npt.NDArray[np.int16], count: int, half_width: float) -> Float32:
    """How much each zone counts (zones, rows, columns): 1 in sum, 0.5 on each side of a border of
    two zones, down to 0 for the other one at ``half_width`` pixels from it, in a line between.

    ``zones`` (rows, columns): ``cover`` of the pixels and at least ``half_width`` around them;
    pixels of no zone get no weight. Needs scipy.
    """
    ndimage = require("scipy.ndimage")
    weights = np.zeros((count, *zones.shape), np.float32)
    for place in range(count):
        inside = zones == place
        if inside.any():
            # Distances go to the centers of pixels: the border lies half a pixel before them.
            away = np.maximum(ndimage.distance_transform_edt(~inside) - 0.5, 0.0)
            weights[place] = np.where(inside, 1.0, np.maximum(1.0 - away / half_width, 0.0))
    weights[:, zones == NOWHERE] = 0.0
    total = weights.sum(axis=0)
    np.divide(weights, total, out=weights, where=total > 0.0)
    return weights


def check_zones(models: Mapping[str, int], zones: Sequence[str]) -> list[str]:
    """What is worth a warning about the number of models by zone and the zones of the layer.

    Raises ``InputError`` where no model is of any of the zones, nor of everywhere ("").
    """
    known = [name for name in zones if name in models]
    if not known and "" not in models:
        raise InputError(
            f"No model is of one of the zones {listed(list(zones), 5)}: the models are of "
            f"{listed(sorted(models), 5)}. Choose the column of the zones that they were trained "
            "with (ZONE_FIELD)."
        )
    notes = []
    without = [name for name in zones if name not in models]
    if without:
        what = "they get the model of everywhere" if "" in models else "they stay without class"
        notes.append(f"Zones without a model: {listed(without, 5)}; {what}.")
    unused = sorted(name for name in models if name and name not in zones)
    if unused:
        notes.append(f"Models of zones that the layer does not have: {listed(unused, 5)}.")
    return notes


def _touches(shape: bytes, window: Window) -> bool:
    x0, x1, y0, y1 = from_wkb(shape).GetEnvelope()
    x, y = window.centers()
    return bool(x0 <= x.max() and x.min() <= x1 and y0 <= y.max() and y.min() <= y1)
