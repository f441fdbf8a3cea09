# SPDX-License-Identifier: GPL-3.0-or-later
"""The type of each anomalous pixel, decided by its spectrum and by what the whole image shows.

A spectrum alone does not tell a shadow from a gain that is too low, nor thin cloud from aerosol.
What holds for the whole image is the image's type; what a part has alone can only be local.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
_KNOWN_LOCAL = tuple(name for name in LOCAL_TYPES if name != UNKNOWN)

Bytes = npt.NDArray[np.uint8]
Planes = Bytes | Sequence[Bytes]


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


def final_types(planes: Planes, edges: BoolArray, kind: str) -> Bytes:
    """The codes (rows, columns) of one date.

    ``planes`` (4, rows, columns) as ``tiles.score_tile``, of which the level is not used; ``kind``:
    the type that the whole image has, ``none`` where it has none. Pixels that are unlike the rest
    of an image keep a local type; a shift shows near ``edges`` (rows, columns) only; with a wrong
    date all is wrong. Works strip by strip: whole tiles of satellites need much memory.
    """
    best, local = planes[BEST], planes[LOCAL]
    result = np.empty(best.shape, np.uint8)
    for rows in _strips(best):
        flagged = (best[rows] > 0) & (best[rows] != UNTESTED)
        result[rows] = np.where(best[rows] == UNTESTED, np.uint8(UNTESTED), local[rows] * flagged)
    _by_neighbors(result)
    _by_patch(result)
    if kind != NONE:
        for rows in _strips(best):
            flagged = (best[rows] > 0) & (best[rows] != UNTESTED)
            if kind == SHIFT:
                flagged &= _near(edges, rows)
            elif kind != WRONG_DATE:
                flagged &= (planes[STATE][rows] & ODD) == 0
            result[rows][flagged] = CODES[kind]
    return result


def type_counts(types: Bytes) -> dict[str, int]:
    """The anomalies (rows, columns) of a date by the name of their type."""
    counts = np.zeros(UNTESTED + 1, np.int64)
    # Strip by strip: to count, numpy makes each code a number of eight bytes.
    for rows in _strips(types):
        counts += np.bincount(types[rows].ravel(), minlength=len(counts))
    return {name: int(counts[CODES[name]]) for name in NAMES[1:] if counts[CODES[name]]}


def _strips(image: Bytes) -> Iterator[slice]:
    """Rows, so many at a time that what is made of them needs little memory."""
    return (slice(row, row + _STRIP) for row in range(0, len(image), _STRIP))


def _near(edges: BoolArray, rows: slice) -> BoolArray:
    """The pixels of some rows that are near ``edges``."""
    begin = max(0, rows.start - EDGE_WIDTH)
    part = edges[begin : rows.stop + EDGE_WIDTH]
    near = require("scipy.ndimage").binary_dilation(part, iterations=EDGE_WIDTH)
    return np.asarray(near[rows.start - begin : rows.stop - begin])


def _by_neighbors(types: Bytes) -> None:
    """Give anomalies of unknown type inside of others the local type that more than half of the
    pixels around them (5 x 5) have.
    """
    uniform_filter = require("scipy.ndimage").uniform_filter
    reach = AROUND // 2
    above = types[:0].copy()
    for rows in _strips(types):
        # The rows above as they were, too: what has just been named does not vote.
        part = np.concatenate((above, types[rows.start : rows.stop + reach]))
        own = slice(len(above), len(above) + _STRIP)
        above = part[own][-reach:].copy()
        unknown = part[own] == CODES[UNKNOWN]
        if not unknown.any():
            continue
        for name in _KNOWN_LOCAL:
            same = (part == CODES[name]).astype(np.float32)
            most = uniform_filter(same, AROUND, mode="constant")[own] > 0.5
            types[rows][unknown & most] = CODES[name]


def _by_patch(types: Bytes) -> None:
    """Give anomalies of unknown type in a connected patch of anomalies the local type that more
    than half of the patch has: the soft edges of shadows and clouds have no clear spectrum of their
    own. Large images are looked at in cells (``neighbors.coarse``).
    """
    factor = factor_for(types.shape)
    flagged = types > 0
    flagged &= types != UNTESTED
    patches, count = require("scipy.ndimage").label(coarse(flagged, factor), np.ones((3, 3)))
    where = patches.ravel()
    size = np.bincount(where, cells(flagged, factor).ravel(), count + 1)
    del flagged
    # By patch the code of the type that most of it has; a patch has one at most.
    named = np.zeros(count + 1, np.uint8)
    for name in _KNOWN_LOCAL:
        own = np.bincount(where, cells(types == CODES[name], factor).ravel(), count + 1)
        named[(own > 0.5 * size) & (size >= LEAST_PATCH)] = CODES[name]
    named[0] = 0
    if not named.any():
        return
    step = factor * max(1, _STRIP // factor)
    for row in range(0, len(types), step):
        part = types[row : row + step]
        codes = named[patches[row // factor : (row + step) // factor]]
        inside = np.repeat(np.repeat(codes, factor, axis=0), factor, axis=1)
        inside = inside[: part.shape[0], : part.shape[1]]
        unknown = (part == CODES[UNKNOWN]) & (inside > 0)
        part[unknown] = inside[unknown]


def look_around(
    types: Bytes, planes: Planes, edges: BoolArray, product: Product, pixel_m: float
) -> Space:
    """What the places of the anomalies of one date say; ``types`` as ``final_types``; of ``planes``
    the state alone is used.
    """
    flagged = types > 0
    flagged &= types != UNTESTED
    factor = factor_for(types.shape)
    cloudy = types == CODES["cloud"]
    cloudy |= types == CODES["thin_cloud"]
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
