# SPDX-License-Identifier: GPL-3.0-or-later
"""Which site is meant by a click on the map."""

from __future__ import annotations

import math
from collections.abc import Mapping


def nearest_place(
    places: Mapping[str, tuple[float, float]], longitude: float, latitude: float, reach_deg: float
) -> str:
    """The name of the place (longitude, latitude in degrees) nearest to a point, "" where none is
    within ``reach_deg`` degrees.
    """
    best, name = reach_deg, ""
    for one, (x, y) in places.items():
        turn = (x - longitude + 180.0) % 360.0 - 180.0
        distance = math.hypot(turn * math.cos(math.radians(latitude)), y - latitude)
        if distance <= best:
            best, name = distance, one
    return name
