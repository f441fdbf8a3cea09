# SPDX-License-Identifier: GPL-3.0-or-later
"""Sun and view angles of metadata: one mean direction per product."""

from __future__ import annotations

from math import atan2, cos, degrees, radians, sin
from typing import Any

from .xmltree import Xml

Direction = tuple[float | None, float | None]


def direction(node: Xml | None) -> Direction:
    """(zenith, azimuth) in degrees below ``node``, None where they are not stated."""
    if node is None:
        return None, None
    return node.maybe("ZENITH_ANGLE"), node.maybe("AZIMUTH_ANGLE")


def mean_view(document: Xml) -> Direction:
    """The mean of the view directions of all bands and detectors."""
    pairs = [direction(node) for node in document.all("Mean_Viewing_Incidence_Angle")]
    return mean_direction([(z, a) for z, a in pairs if z is not None and a is not None])


def mean_direction(angles: list[tuple[float, float]]) -> Direction:
    """The mean of (zenith, azimuth) pairs in degrees, azimuths averaged as directions."""
    if not angles:
        return None, None
    east = sum(sin(radians(zenith)) * sin(radians(azimuth)) for zenith, azimuth in angles)
    north = sum(sin(radians(zenith)) * cos(radians(azimuth)) for zenith, azimuth in angles)
    zenith = sum(zenith for zenith, _ in angles) / len(angles)
    return zenith, degrees(atan2(east, north)) % 360.0


def fields(sun: Direction, view: Direction) -> dict[str, Any]:
    """The angle fields of ``Product``."""
    return {
        "sun_zenith_deg": sun[0],
        "sun_azimuth_deg": sun[1],
        "view_zenith_deg": view[0],
        "view_azimuth_deg": view[1],
    }
