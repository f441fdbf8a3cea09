# SPDX-License-Identifier: GPL-3.0-or-later
"""The four places of the simulated example data, where AERONET sites of these names are.

Their air resembles the climate there; no number in it was measured.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..io.grids import grid_from_epsg
from .aerosol import AerosolClimate


@dataclass(frozen=True)
class Place:
    """A photometer site with its air, its Sentinel-2 tile and its name in the Take5 archives.

    ``overpass_hour``: UTC hour at about 10:50 local solar time. ``cloudiness``: share of images
    with clouds. ``hot_spot``: relative excess of AOT over the site.
    """

    name: str
    longitude: float
    latitude: float
    elevation_m: float
    epsg: int
    tile: str
    take5: str
    overpass_hour: float
    climate: AerosolClimate
    cloudiness: float = 0.5
    hot_spot: float = 0.0


PLACES: dict[str, Place] = {
    site.name: site
    for site in (
        Place(
            "Toulouse", 1.374, 43.573, 160.0, 32631, "T31TCJ", "ToulouseFranceD0000B0000", 10.85,
            AerosolClimate(0.13, 0.45, 0.25, 7.0, 1.45, water_vapor_cm=1.6), 0.55,
        ),
        Place(
            "Beijing", 116.381, 39.977, 92.0, 32650, "T50SMK", "BeijingChinaD0000B0000", 3.10,
            AerosolClimate(0.40, 0.70, 0.20, 6.5, 1.25, water_vapor_cm=1.2), 0.25, 0.12,
        ),
        Place(
            "Ouarzazate", -6.913, 30.928, 1136.0, 32629, "T29RPQ", "OuarzazateMarocD0000B0000",
            11.25,
            AerosolClimate(0.18, 0.60, 0.45, 7.5, 0.35, 0.10, -0.05, 1.1), 0.20,
        ),
        Place(
            "Birdsville", 139.346, -25.899, 47.0, 32754, "T54JUS", "BirdsvilleAustraliaD0000B0000",
            0.75,
            AerosolClimate(
                0.09, 0.35, 0.30, 10.5, 0.90, water_vapor_cm=1.4, water_vapor_peak_month=1.5
            ),
            0.25,
        ),
    )
}  # fmt: skip


def corner(place: Place, extent_m: float) -> tuple[float, float]:
    """Left and top of images of ``extent_m`` x ``extent_m`` around ``place``, in the units of its
    tile: whole pixels of 20 m.
    """
    axes = grid_from_epsg(place.epsg, (0.0, 1.0, 0.0, 0.0, 0.0, 1.0), 1, 1)
    x, y = axes.position(place.longitude, place.latitude)
    return round((x - extent_m / 2) / 20.0) * 20.0, round((y + extent_m / 2) / 20.0) * 20.0
