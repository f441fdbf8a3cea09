# SPDX-License-Identifier: GPL-3.0-or-later
"""Which images each site has, how they were taken, and which ones show planted anomalies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...simulation.aerosol import simulate_aerosol
from ...simulation.covers import BANDS
from ...simulation.landscape import Landscape
from ...simulation.places import PLACES, Place
from ...simulation.sun import sun_angles_deg
from ...types import AnyArray, BoolArray, FloatArray, TimeArray
from ..injections import Injection
from .settings import (
    CYCLE,
    CYCLE_DAYS,
    FIRST_DAY,
    LAST_DAY,
    STEP_DAY,
    VERSIONS,
    Planted,
    SiteSettings,
)

VIEWS = ((3.5, 102.0), (8.5, 288.0))  # zenith and azimuth in degrees of the two orbits
OVERCAST = 0.25  # share of the cloudy images
MISSED = 0.03  # share of clouds and shadows that the masks miss, on average


@dataclass(frozen=True)
class PlannedImage:
    """One image. ``number``: its index in the series of the site. ``orbit``: 0 or 1. ``wetness``:
    0 to 1. ``missed``: share of clouds and shadows that its mask misses. ``seed`` makes it by
    itself.
    """

    number: int
    time: np.datetime64
    platform: str
    orbit: int
    version: str
    cloud_share: float
    missed: float
    over_masked: bool
    aot: float
    water_vapor_cm: float
    wetness: float
    sun_zenith_deg: float
    sun_azimuth_deg: float
    seed: int


@dataclass(frozen=True)
class SitePlan:
    """The series of one site and what is planted in it."""

    settings: SiteSettings
    place: Place
    landscape: Landscape
    images: tuple[PlannedImage, ...]
    injections: tuple[Injection, ...]


def plan_site(
    settings: SiteSettings, ground: Landscape, last_day: str, rng: np.random.Generator
) -> SitePlan:
    """Draw the images of a site until ``last_day`` (ISO); anomalies planted later are left out."""
    place = PLACES[settings.name]
    listed = _passes(last_day)
    planted = tuple(one for one in settings.planted if max(one.day, one.other_day) <= last_day)
    days = np.array([day for day, _, _ in listed])
    needed = _needed(days, planted)
    kept = ~(rng.random(len(days)) < _monthly(settings.lost, days)) | needed
    listed = [one for one, keep in zip(listed, kept, strict=True) if keep]
    needed = _needed(days[kept], planted)
    images = _images(settings, place, listed, needed, rng)
    injections = tuple(_injection(one, days[kept], ground, i) for i, one in enumerate(planted))
    return SitePlan(settings, place, ground, images, injections)


def _passes(last_day: str) -> list[tuple[np.datetime64, str, int]]:
    first, last = np.datetime64(FIRST_DAY), min(np.datetime64(last_day), np.datetime64(LAST_DAY))
    cycles = int((last - first).astype(np.int64)) // CYCLE_DAYS + 1
    every = [
        (first + np.timedelta64(cycle * CYCLE_DAYS + day, "D"), platform, orbit)
        for cycle in range(cycles)
        for day, platform, orbit in CYCLE
    ]
    return [one for one in every if one[0] <= last]


def _monthly(chances: Sequence[float], days: TimeArray) -> FloatArray:
    months = days.astype("datetime64[M]").astype(np.int64) % 12
    return np.asarray(np.array(chances)[months], dtype=np.float64)


def _nearest(days: TimeArray, day: str) -> int:
    return int(np.abs(days - np.datetime64(day)).argmin())


def _first_from(days: TimeArray, day: str) -> int:
    return int(np.searchsorted(days, np.datetime64(day)))


def _needed(days: TimeArray, planted: Sequence[Planted]) -> BoolArray:
    """Which images show a planted anomaly, so have to be there and be clear."""
    needed = np.zeros(len(days), dtype=np.bool_)
    for one in planted:
        if one.type == "step":
            continue
        start = _nearest(days, one.day)
        needed[start : start + max(one.duration, 1)] = True
        if one.other_day:
            needed[_nearest(days, one.other_day)] = True
    return needed


def _images(
    settings: SiteSettings,
    place: Place,
    listed: Sequence[tuple[np.datetime64, str, int]],
    clear: BoolArray,
    rng: np.random.Generator,
) -> tuple[PlannedImage, ...]:
    count = len(listed)
    days = np.array([day for day, _, _ in listed])
    seconds = place.overpass_hour * 3600.0 + rng.uniform(-180.0, 180.0, count)
    times = days.astype("datetime64[ms]") + (seconds * 1000.0).astype("timedelta64[ms]")
    air = simulate_aerosol(place.climate, times, rng)
    zenith, azimuth = sun_angles_deg(times, place.longitude, place.latitude)
    clouds = np.where(clear, 0.0, _clouds(_monthly(settings.cloudy, days), rng))
    missed = np.minimum(rng.exponential(MISSED, count), 0.2)
    over = (rng.random(count) < settings.over_masked) & ~clear
    wet = rng.beta(1.5, 3.0, count) * (0.4 + _monthly(settings.cloudy, days))
    seeds = rng.integers(2**31, size=count)
    return tuple(
        PlannedImage(
            number=i,
            time=times[i],
            platform=listed[i][1],
            orbit=listed[i][2],
            version=VERSIONS[int(days[i] >= np.datetime64(STEP_DAY))],
            cloud_share=float(clouds[i]),
            missed=float(missed[i]),
            over_masked=bool(over[i]),
            aot=float(min(air.aot_550[i], 1.2)),
            water_vapor_cm=float(air.water_vapor_cm[i]),
            wetness=float(settings.wetness * wet[i]),
            sun_zenith_deg=round(float(zenith[i]), 3),
            sun_azimuth_deg=round(float(azimuth[i]), 3),
            seed=int(seeds[i]),
        )
        for i in range(count)
    )


def _clouds(chance: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Cloud share per image: clear, broken or overcast."""
    kind = rng.random(len(chance))
    broken = rng.uniform(0.04, 0.6, len(chance))
    share = np.where(kind < chance * OVERCAST, 1.0, np.where(kind < chance, broken, 0.0))
    return np.asarray(share)


def _injection(one: Planted, days: TimeArray, ground: Landscape, seed: int) -> Injection:
    date = _first_from(days, one.day) if one.type == "step" else _nearest(days, one.day)
    lag = _nearest(days, one.other_day) - date if one.other_day else 0
    bands = tuple(name for name in BANDS if name in one.bands)
    return Injection(
        type=one.type,
        amplitude=float(lag) if one.other_day else one.amplitude,
        date=date,
        # A scar grows back until the end of the series.
        duration=len(days) - date if one.type == "fire" else one.duration,
        extent=one.extent,
        bands=bands,
        seed=seed,
        direction_deg=one.direction_deg,
        period_px=one.period_px,
        note=one.note,
        mask=_largest_parcel(ground, one.cover) if one.cover else None,
    )


def _largest_parcel(ground: Landscape, cover: str) -> AnyArray:
    """The pixels of the largest parcel of ``cover``."""
    sizes = np.bincount(ground.parcels.ravel(), minlength=len(ground.covers))
    number = max(
        (i for i, name in enumerate(ground.covers) if name == cover), key=lambda i: int(sizes[i])
    )
    return np.asarray(ground.parcels == number)
