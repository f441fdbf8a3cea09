# SPDX-License-Identifier: GPL-3.0-or-later
"""A year of simulated Sentinel-2 images of a landscape, in the formats of THEIA and of Sen2Cor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ...io.products.synthetic import SafeStyle, Scene, write_muscate, write_safe
from ...simulation.clouds import grown, missed_part, resolved, under_clouds
from ...simulation.correction_noise import correction_noise, noise_sigma
from ...simulation.covers import BANDS
from ...simulation.places import PLACES, corner
from ...simulation.sun import sun_angles_deg
from ...types import AnyArray, BoolArray, Flag
from .ground import CLASSES, Ground

PIXEL_M = 10.0
PLACE = PLACES["Toulouse"]
OVERLAP = 16  # columns of pixels that both tiles have
TILES = ("T31TCJ", "T31TDJ")  # west and east; their borders here are not those of the real ones
# With gaps as real years have them: winter, and a wet spring.
DAYS = (
    "2022-01-14", "2022-02-08", "2022-03-05", "2022-03-20", "2022-03-30", "2022-05-09",
    "2022-05-19", "2022-06-03", "2022-06-18", "2022-06-28", "2022-07-13", "2022-07-28",
    "2022-08-12", "2022-08-27", "2022-09-16", "2022-10-06", "2022-10-26", "2022-11-20",
)  # fmt: skip
ONE_TILE_LESS = "2022-08-12"  # a date that only the western tile has
OFFSET_SINCE = np.datetime64("2022-01-25")  # from when Sen2Cor products have an offset
NOISE = (0.010, 0.016, 0.014)  # of the reflectance, at 490, 840 and 2200 nm
COMMON_SHARE = 0.3
CLOUDY = 0.55  # chance that an image has clouds
CLEARER = (0, 2, 16, 17)  # images at the ends of the year, with few clouds
FEW = 0.12
MISSED = 0.03  # share of clouds and shadows that the masks miss
WETTEST = 0.25
SWATH_EDGE = (5, 13)  # images that do not cover the southeast


@dataclass(frozen=True)
class Shot:
    """One acquisition of both tiles."""

    number: int
    time: np.datetime64
    cloud_share: float
    wetness: float
    seed: int


def plan_shots(rng: np.random.Generator) -> tuple[Shot, ...]:
    """The acquisitions of the year."""
    days = np.array(DAYS, dtype="datetime64[ms]")
    seconds = PLACE.overpass_hour * 3600.0 + rng.uniform(-60.0, 60.0, len(days))
    times = days + (1000.0 * seconds).astype("timedelta64[ms]")
    cloudy = rng.random(len(days)) < CLOUDY
    shares = np.where(cloudy, rng.uniform(0.08, 0.65, len(days)), 0.0)
    shares[list(CLEARER)] = np.minimum(shares[list(CLEARER)], FEW)
    wet = WETTEST * rng.beta(1.5, 3.0, len(days))
    seeds = rng.integers(2**31, size=len(days))
    return tuple(
        Shot(number, times[number], float(shares[number]), float(wet[number]), int(seeds[number]))
        for number in range(len(days))
    )


def shoot(ground: Ground, shot: Shot) -> Scene:
    """The whole landscape at one acquisition, as a processor delivers it."""
    rng = np.random.default_rng(shot.seed)
    landscape, size = ground.landscape, len(ground.objects)
    image = landscape.reflectance(shot.time, shot.wetness)
    image += correction_noise(
        noise_sigma(NOISE), landscape.parcels, len(landscape.covers), COMMON_SHARE, rng
    )
    angles = sun_angles_deg(np.array([shot.time]), PLACE.longitude, PLACE.latitude)
    zenith, azimuth = float(angles[0][0]), float(angles[1][0])
    clouded = under_clouds(image, shot.cloud_share, zenith, azimuth, PIXEL_M, rng)
    missing = missed_part(clouded.cloud | clouded.shadow, MISSED, rng)
    outside = _outside(size, shot)
    left, top = corner(PLACE, size * PIXEL_M)
    bands = resolved(np.clip(clouded.image, 0.001, 1.2))
    return Scene(
        site=TILES[0],
        time=shot.time,
        epsg=PLACE.epsg,
        left=left,
        top=top,
        pixel_m=PIXEL_M,
        aot=np.full((size, size), 0.12),
        water_vapor=np.full((size, size), 1.8),
        reflectance=dict(zip(BANDS, np.where(outside, np.nan, bands), strict=True)),
        flags={
            Flag.CLOUD: grown(clouded.cloud) & ~missing,
            Flag.CLOUD_SHADOW: clouded.shadow & ~missing,
            Flag.WATER: ground.codes() == CLASSES.codes[CLASSES.labels.index("water")],
            Flag.NODATA: outside,
        },
        sun_zenith_deg=zenith,
        sun_azimuth_deg=azimuth,
    )


def tile_columns(size: int) -> dict[str, slice]:
    """The columns of the landscape that each tile has; even ones, for the grid of 20 m."""
    half = (size + OVERLAP) // 4 * 2
    return {TILES[0]: slice(0, half), TILES[1]: slice(size - half, size)}


def write_shot(folders: Mapping[str, Path], scene: Scene, shot: Shot) -> int:
    """Write one acquisition into the folder of each tile; returns how many products that were.

    The satellites take turns; one tile has from THEIA what the other has from Sen2Cor.
    """
    written = 0
    satellite = "AB"[shot.number % 2]
    for place, (tile, columns) in enumerate(tile_columns(len(scene.aot)).items()):
        if place == 1 and DAYS[shot.number] == ONE_TILE_LESS:
            continue
        part = _cut(scene, tile, columns)
        if (shot.number // 2 + place) % 2:
            old = shot.time < OFFSET_SINCE
            style = SafeStyle(baseline="03.01", offset=0) if old else SafeStyle(baseline="04.00")
            write_safe(folders[tile], part, style, f"S2{satellite}")
        else:
            write_muscate(folders[tile], part, f"SENTINEL2{satellite}", kinds=("FRE",))
        written += 1
    return written


def _cut(scene: Scene, tile: str, columns: slice) -> Scene:
    def part(values: AnyArray) -> AnyArray:
        return np.ascontiguousarray(values[:, columns])

    return replace(
        scene,
        site=tile,
        left=scene.left + PIXEL_M * columns.start,
        aot=part(scene.aot),
        water_vapor=None if scene.water_vapor is None else part(scene.water_vapor),
        reflectance={name: part(values) for name, values in scene.reflectance.items()},
        flags={flag: part(values) for flag, values in scene.flags.items()},
    )


def _outside(size: int, shot: Shot) -> BoolArray:
    """What lies outside the swath, whole pixels of 20 m."""
    if shot.number not in SWATH_EDGE:
        return np.zeros((size, size), dtype=np.bool_)
    rows, columns = np.indices((size, size)) // 2 * 2
    return np.asarray(columns + 0.3 * rows > 1.08 * size)
