# SPDX-License-Identifier: GPL-3.0-or-later
"""Which point is under the mouse: a search in pixels, quick for a hundred thousand points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ...core.types import AnyArray, FloatArray

REACH_PIXELS = 12.0


@dataclass(frozen=True)
class Points:
    """Points that answer to the mouse: ``x``, ``y`` (n,) in units of ``plot``, ``ids`` (n,) what
    they stand for.
    """

    plot: Any
    x: FloatArray
    y: FloatArray
    ids: AnyArray


def nearest(points: Points, position: Any) -> tuple[int, float]:
    """Row of the point nearest to the scene ``position`` and its distance in pixels; (-1, inf)
    where there is none.
    """
    view = points.plot.getViewBox()
    if len(points.x) == 0 or not view.sceneBoundingRect().contains(position):
        return -1, float("inf")
    at = view.mapSceneToView(position)
    width, height = view.viewPixelSize()
    if not (width > 0 and height > 0):
        return -1, float("inf")
    distance = np.hypot((points.x - at.x()) / width, (points.y - at.y()) / height)
    if not np.isfinite(distance).any():
        return -1, float("inf")
    row = int(np.nanargmin(distance))
    return row, float(distance[row])


def pick(
    layers: list[Points], position: Any, reach: float = REACH_PIXELS
) -> tuple[Points, int] | None:
    """The nearest point of all ``layers`` within ``reach`` pixels of the scene ``position``."""
    best, found = reach, None
    for points in layers:
        row, distance = nearest(points, position)
        if row >= 0 and distance <= best:
            best, found = distance, (points, row)
    return found


def inside(points: Points, box: Any) -> list[Any]:
    """The ids of the ``points`` in a rectangle ``box`` of the scene."""
    view = points.plot.getViewBox()
    if not points.plot.isVisible() or not view.sceneBoundingRect().intersects(box):
        return []
    area = view.mapSceneToView(box.intersected(view.sceneBoundingRect())).boundingRect()
    x = (points.x >= area.left()) & (points.x <= area.right())
    y = (points.y >= area.top()) & (points.y <= area.bottom())
    return list(np.asarray(points.ids)[x & y])
