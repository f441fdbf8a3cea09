# SPDX-License-Identifier: GPL-3.0-or-later
"""What the places of anomalies tell: the sun's direction, the mask's neighborhood, edges, patches.

All maps are (rows, columns), north up. Large images are looked at in cells (``coarse``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ...dependencies import require
from ...types import AnyArray, BoolArray

LARGEST_SIDE = 1500  # cells on a side
HIGHEST_M = 8000.0  # clouds above the ground
_AZIMUTHS = np.arange(0.0, 360.0, 5.0)
_APART = 15.0  # degrees at which another azimuth is another one
_MOST_PLACES = 4000
_INSIDE = 0.3
_CELLS_AT_ONCE = 64  # rows of cells


@dataclass(frozen=True)
class SunTest:
    """``share`` (0 to 1) of shadows that have a cloud towards the sun, all at one distance;
    ``p_value``: share of other directions in which as many have; ``height_m`` of those clouds. NaN
    where there is nothing to compare.
    """

    share: float
    p_value: float
    height_m: float


def coarse(where: AnyArray, factor: int) -> BoolArray:
    """Cells of ``factor`` x ``factor`` pixels with any pixel set."""
    if factor == 1:
        return where.astype(bool)
    parts = [one.any(axis=(1, 3)) for one in _in_cells(where, factor)]
    return np.concatenate(parts)


def cells(where: BoolArray, factor: int) -> AnyArray:
    """How many pixels are set in each cell of ``factor`` x ``factor`` pixels."""
    if factor == 1:
        return where.astype(np.uint8)
    return np.concatenate([one.sum(axis=(1, 3)) for one in _in_cells(where, factor)])


def _in_cells(where: AnyArray, factor: int) -> Iterator[BoolArray]:
    """Rows of cells (cells down, factor, cells across, factor), some at a time."""
    step = factor * _CELLS_AT_ONCE
    for row in range(0, len(where), step):
        part = where[row : row + step].astype(bool)
        rows, columns = part.shape
        padded = np.pad(part, ((0, -rows % factor), (0, -columns % factor)))
        yield padded.reshape(padded.shape[0] // factor, factor, padded.shape[1] // factor, factor)


def factor_for(shape: tuple[int, ...]) -> int:
    """How many pixels a cell has on a side."""
    return max(1, int(np.ceil(max(shape) / LARGEST_SIDE)))


def sun_test(
    shadow: BoolArray,
    cloud: BoolArray,
    pixel_m: float,
    sun_zenith_deg: float | None,
    sun_azimuth_deg: float | None,
) -> SunTest:
    """Whether the clouds that cast ``shadow`` are where the sun is (angles in degrees, azimuth
    clockwise from north), against all other directions.
    """
    nothing = SunTest(float("nan"), float("nan"), float("nan"))
    places = np.argwhere(shadow)
    if not len(places) or not cloud.any() or sun_zenith_deg is None or sun_azimuth_deg is None:
        return nothing
    places = places[:: max(1, len(places) // _MOST_PLACES)]
    slope = np.tan(np.deg2rad(sun_zenith_deg))
    farthest = min(HIGHEST_M * slope / pixel_m, float(max(cloud.shape)))
    distances = np.arange(2.0, farthest + 1.0, max(1.0, farthest / 150.0))
    found = [_best(places, cloud, azimuth, distances) for azimuth in (sun_azimuth_deg, *_AZIMUTHS)]
    share, distance = found[0]
    turned = np.abs((_AZIMUTHS - sun_azimuth_deg + 180.0) % 360.0 - 180.0)
    others = np.array([one[0] for one in found[1:]])[turned > _APART]
    others = others[np.isfinite(others)]
    if not np.isfinite(share) or not len(others):
        return nothing
    p_value = (1.0 + float((others >= share - 1e-9).sum())) / (1.0 + len(others))
    return SunTest(share, p_value, distance * pixel_m / slope)


def mask_distance_m(where: BoolArray, mask: BoolArray, pixel_m: float) -> tuple[float, float]:
    """The median distance (m) of pixels ``where`` from the ``mask``, and that of all pixels outside
    of it; NaN without either.
    """
    if not where.any() or not mask.any():
        return float("nan"), float("nan")
    away = require("scipy.ndimage").distance_transform_edt(~mask) * pixel_m
    outside = away[~mask]
    return float(np.median(away[where])), float(np.median(outside)) if outside.size else 0.0


def edge_ratio(where: BoolArray, edges: BoolArray, tested: BoolArray) -> float:
    """How much more often pixels ``where`` are edges than all that were ``tested``; NaN where there
    are none.
    """
    common = float(edges[tested].mean()) if tested.any() else 0.0
    if not where.any() or not common:
        return float("nan")
    return float(edges[where].mean()) / common


def largest_patch(where: BoolArray) -> float:
    """The share of pixels ``where`` that the largest connected patch has; NaN without any."""
    if not where.any():
        return float("nan")
    labels, count = require("scipy.ndimage").label(where, structure=np.ones((3, 3)))
    sizes = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    return float(sizes.max() / where.sum())


def _best(
    places: AnyArray, cloud: BoolArray, azimuth_deg: float, distances: AnyArray
) -> tuple[float, float]:
    """The largest share of ``places`` with a cloud at one distance (cells) towards an azimuth."""
    heading = np.deg2rad(azimuth_deg)
    best, at = float("nan"), float("nan")
    for distance in distances:
        rows = np.rint(places[:, 0] - distance * np.cos(heading)).astype(np.int64)
        columns = np.rint(places[:, 1] + distance * np.sin(heading)).astype(np.int64)
        inside = (rows >= 0) & (columns >= 0) & (rows < cloud.shape[0]) & (columns < cloud.shape[1])
        if inside.mean() < _INSIDE:
            continue
        share = float(cloud[rows[inside], columns[inside]].sum() / len(places))
        if not best >= share:
            best, at = share, float(distance)
    return best, at
