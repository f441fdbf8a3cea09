# SPDX-License-Identifier: GPL-3.0-or-later
"""The type of each anomalous pixel, decided by its spectrum and by what the whole image shows.

A spectrum alone does not tell a shadow from a gain that is too low, nor thin cloud from aerosol.
What holds for the whole image is the image's type; what a part has alone can only be local.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...dependencies import require
from ...types import BoolArray, Product
from ..labels import NONE, UNKNOWN, WRONG_DATE
from .codes import CODES, NAMES, SHIFT, UNTESTED
from .codes import LOCAL as LOCAL_TYPES
from .neighbors import (
    SunTest,
    cells,
    coarse,
    edge_ratio,
    factor_for,
    largest_patch,
    mask_distance_m,
    sun_test,
)
from .tiles import BEST, CLOUD, LOCAL, ODD, STATE

AROUND = 5  # pixels on a side in which neighbors vote
_STRIP = 512  # rows
LEAST_PATCH = 5  # pixels from which on a patch has a type of its own
EDGE_WIDTH = 2  # pixels beside an edge at which a shift shows

Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Space:
    """What the places of one date's anomalies say; NaN where there is nothing to say.

    ``sun``: whether shadows have their clouds towards the sun; ``mask_m`` and ``usual_mask_m``:
    median distance (m) of cloudy anomalies, and of all pixels, from the masked clouds;
    ``edges``: how much more often anomalies are edges than other pixels; ``patch``: share of the
    anomalies in the largest connected patch.
    """

    sun: SunTest
    mask_m: float
    usual_mask_m: float
    edges: float
    patch: float


def final_types(planes: Bytes, edges: BoolArray, kind: str) -> Bytes:
    """The codes (rows, columns) of one date.

    ``planes`` (4, rows, columns) as ``tiles.score_tile``; ``kind``: the type that the whole image
    has, ``none`` where it has none. Pixels that are unlike the rest of an image keep a local type;
    a shift shows near ``edges`` (rows, columns) only; with a wrong date all is wrong.
    """
    best, local = planes[BEST], planes[LOCAL]
    flagged = (best > 0) & (best != UNTESTED)
    result = np.where(best == UNTESTED, UNTESTED, np.where(flagged, local, 0)).astype(np.uint8)
    result = _by_patch(_by_neighbors(result))
    if kind == NONE:
        return result
    shared = flagged
    if kind == SHIFT:
        near = require("scipy.ndimage").binary_dilation(edges, iterations=EDGE_WIDTH)
        shared = flagged & near
    elif kind != WRONG_DATE:
        shared = flagged & ((planes[STATE] & ODD) == 0)
    result[shared] = CODES[kind]
    return result


def type_counts(types: Bytes) -> dict[str, int]:
    """The anomalies (rows, columns) of a date by the name of their type."""
    counts = np.bincount(types.ravel(), minlength=len(NAMES))
    return {name: int(counts[CODES[name]]) for name in NAMES[1:] if counts[CODES[name]]}


def _by_neighbors(types: Bytes) -> Bytes:
    """Anomalies of unknown type inside of others get the local type that more than half of the
    pixels around them (5 x 5) have; strip by strip, to need little memory.
    """
    uniform_filter = require("scipy.ndimage").uniform_filter
    result = types.copy()
    for row in range(0, len(types), _STRIP):
        begin = max(0, row - AROUND // 2)
        part = types[begin : row + _STRIP + AROUND // 2]
        own = slice(row - begin, row - begin + _STRIP)
        unknown = part[own] == CODES[UNKNOWN]
        for name in LOCAL_TYPES:
            same = (part == CODES[name]).astype(np.float32)
            most = uniform_filter(same, AROUND, mode="constant")[own] > 0.5
            result[row : row + _STRIP][unknown & most] = CODES[name]
    return result


def _by_patch(types: Bytes) -> Bytes:
    """Anomalies of unknown type in a connected patch of anomalies get the local type that more than
    half of the patch has: the soft edges of shadows and clouds have no clear spectrum of their own.
    Large images are looked at in cells (``neighbors.coarse``).
    """
    factor = factor_for(types.shape)
    flagged = (types > 0) & (types != UNTESTED)
    patches, count = require("scipy.ndimage").label(coarse(flagged, factor), np.ones((3, 3)))
    where = patches.ravel()
    size = np.bincount(where, cells(flagged, factor).ravel(), count + 1)
    result = types.copy()
    for name in LOCAL_TYPES:
        if name == UNKNOWN:
            continue
        own = np.bincount(where, cells(types == CODES[name], factor).ravel(), count + 1)
        most = (own > 0.5 * size) & (size >= LEAST_PATCH)
        most[0] = False
        inside = np.repeat(np.repeat(most[patches], factor, axis=0), factor, axis=1)
        inside = inside[: types.shape[0], : types.shape[1]]
        result[inside & (types == CODES[UNKNOWN])] = CODES[name]
    return result


def look_around(
    types: Bytes, planes: Bytes, edges: BoolArray, product: Product, pixel_m: float
) -> Space:
    """What the places of the anomalies of one date say; ``types`` as ``final_types``."""
    flagged = (types > 0) & (types != UNTESTED)
    factor = factor_for(types.shape)
    cloudy = np.isin(types, [CODES["cloud"], CODES["thin_cloud"]])
    mask = coarse(planes[STATE] & CLOUD, factor)
    cloud, shadow = coarse(cloudy, factor), coarse(types == CODES["shadow"], factor)
    size = pixel_m * factor
    sun = sun_test(
        shadow, cloud | mask, size, product.sun_zenith_deg, product.sun_azimuth_deg
    )  # fmt: skip
    near, usual = mask_distance_m(cloud & ~mask, mask, size)
    return Space(
        sun, near, usual, edge_ratio(flagged, edges, types != UNTESTED),
        largest_patch(coarse(flagged, factor)),
    )  # fmt: skip
