# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated series over a desert, with gains and drifts that are known: for tests, examples, and
studies of how well a method finds them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ..times import YEAR_DAYS
from ..types import FloatArray, TimeArray
from .atmosphere import Air, Angles, above
from .brdf import Model, kernels
from .molecular import molecular_effects
from .sensor_models import BandModel
from .smac import toa_reflectance
from .spectral import Response
from .types import Measurements, Sensor

# Reflectance of a bright desert under an overhead sun, smooth between the points.
_WAVELENGTH_NM = np.array([400.0, 443.0, 490.0, 560.0, 620.0, 665.0, 740.0, 865.0, 1240.0, 1640.0,
                           2130.0, 2500.0])  # fmt: skip
_REFLECTANCE = np.array([0.15, 0.19, 0.24, 0.33, 0.40, 0.43, 0.47, 0.51, 0.60, 0.63, 0.58, 0.50])
# Weights of Roujean's kernels by that of the constant: sand is brighter against the sun.
_DIRECTIONS = np.array([1.0, 0.08, 0.25])


@dataclass(frozen=True)
class Plan:
    """What is simulated: ``start`` and ``days``, an observation each ``revisit_days`` at sun and
    view angles of a sun-synchronous orbit; ``gains`` by band (1 = as the site), ``drifts`` per
    year since ``start``; ``noise``: relative standard deviation of one band; ``aot_spread`` and
    ``water_spread``: of the air about its mean, unknown to who calibrates; ``cloudy``: share of
    dates with a cloud over part of the site; ``hazy``: share with an even thin cloud over all of
    it, which adds 0.03 to 0.08 to the reflectance.
    """

    start: np.datetime64 = field(default_factory=lambda: np.datetime64("2020-01-01"))
    days: int = 730
    revisit_days: float = 5.0
    offset_days: float = 0.0
    view_zenith_deg: float = 8.0
    gains: Mapping[str, float] = field(default_factory=dict)
    drifts: Mapping[str, float] = field(default_factory=dict)
    noise: float = 0.002
    aot_spread: float = 0.03
    water_spread: float = 0.15
    cloudy: float = 0.1
    hazy: float = 0.0


def simulate_desert(
    sensor: Sensor, bands: tuple[BandModel, ...], plan: Plan, site: str = "Libya4", seed: int = 0
) -> Measurements:
    """A series of one sensor over a desert; bands without coefficients are empty (NaN).

    The mean air (AOT 0.2, 300 DU, 1.5 g/cm2, sea level) is that which the methods assume.
    """
    rng = np.random.default_rng(seed)
    count = int(plan.days / plan.revisit_days)
    passed = plan.offset_days + plan.revisit_days * np.arange(count)
    time = plan.start.astype("datetime64[ms]") + (passed * 86_400e3).astype("timedelta64[ms]")
    angles = _directions(time, plan.view_zenith_deg, rng)
    air = Air(
        np.maximum(0.2 + plan.aot_spread * rng.standard_normal(count), 0.0),
        300.0 + 10.0 * rng.standard_normal(count),
        1.5 * (1.0 + plan.water_spread * rng.standard_normal(count)).clip(0.1), 1013.25,
    )  # fmt: skip
    shape = kernels(Model.ROUJEAN, *(np.asarray(angle) for angle in angles)) @ _DIRECTIONS
    cloud = rng.random(count) < plan.cloudy
    mean = np.full((count, len(bands)), np.nan)
    for number, band in enumerate(bands):
        if band.smac is None:
            continue
        toa = toa_reflectance(_ground(band) * shape, band.smac, angles, air)
        years = (passed - plan.offset_days) / YEAR_DAYS
        gain = plan.gains.get(band.name, 1.0) + plan.drifts.get(band.name, 0.0) * years
        mean[:, number] = toa * gain * (1.0 + plan.noise * rng.standard_normal(count))
    mean[cloud] += 0.1
    haze = rng.random(count) < plan.hazy
    mean[haze] += rng.uniform(0.03, 0.08, (count, 1))[haze]
    spread = np.where(cloud, 0.2, 0.02)[:, None] * mean
    sun = 120.0 + 40.0 * np.sin(2.0 * np.pi * passed / YEAR_DAYS)
    return Measurements(
        sensor, time,
        {
            "site": np.full(count, site, dtype=object),
            "sun_zenith_deg": np.asarray(angles.sun_zenith), "sun_azimuth_deg": sun,
            "product": np.array([f"{sensor.name}_{n:04d}" for n in range(count)], dtype=object),
            "version": np.full(count, "simulated", dtype=object),
        },
        {
            "mean": mean, "std": spread,
            "view_zenith_deg": np.repeat(np.asarray(angles.view_zenith)[:, None], len(bands), 1),
            "view_azimuth_deg": np.repeat((sun + angles.relative_azimuth)[:, None], len(bands), 1),
        },
    )  # fmt: skip


def simulate_clouds(
    sensor: Sensor,
    bands: tuple[BandModel, ...],
    count: int = 400,
    gains: Mapping[str, float] | None = None,
    days: int = 730,
    noise: float = 0.005,
    seed: int = 0,
) -> Measurements:
    """Deep convective clouds over the sea: white, with a skewed distribution of their reflectance,
    below thin air (180 hPa) and all of the ozone (270 DU, known to each observation).
    """
    rng = np.random.default_rng(seed)
    passed = np.sort(rng.uniform(0.0, days, count))
    time = np.datetime64("2020-01-01", "ms") + (passed * 86_400e3).astype("timedelta64[ms]")
    angles = Angles(
        rng.uniform(5.0, 38.0, count), rng.uniform(0.0, 12.0, count), rng.uniform(0.0, 180.0, count)
    )
    cloud = 1.02 - 0.06 * rng.gamma(2.0, 0.9, count)
    ozone = 270.0 + 15.0 * rng.standard_normal(count)
    mean = np.full((count, len(bands)), np.nan)
    for number, band in enumerate(bands):
        if band.smac is None:
            continue
        toa = above(molecular_effects(band.smac, angles, Air(0.0, ozone, 0.0, 180.0)), cloud)
        gain = (gains or {}).get(band.name, 1.0)
        mean[:, number] = toa * gain * (1.0 + noise * rng.standard_normal(count))
    sun = np.full(count, 60.0)
    return Measurements(
        sensor, time,
        {
            "site": np.full(count, "Clouds", dtype=object), "ozone_du": ozone,
            "sun_zenith_deg": np.asarray(angles.sun_zenith), "sun_azimuth_deg": sun,
            "product": np.array([f"cloud {n}" for n in range(count)], dtype=object),
            "version": np.full(count, "simulated", dtype=object),
        },
        {
            "mean": mean, "std": 0.01 * mean,
            "view_zenith_deg": np.repeat(np.asarray(angles.view_zenith)[:, None], len(bands), 1),
            "view_azimuth_deg": np.repeat((sun + angles.relative_azimuth)[:, None], len(bands), 1),
        },
    )  # fmt: skip


def _directions(time: TimeArray, view_deg: float, rng: np.random.Generator) -> Angles:
    """Mid-morning sun at 28 degrees north over the year; views from either side of the track."""
    day = (time - time.astype("datetime64[Y]")) / np.timedelta64(1, "D")
    declination = -23.44 * np.cos(2.0 * np.pi * (day + 10.0) / YEAR_DAYS)
    sun = np.degrees(np.arccos(_sun_cosine(declination)))
    side = rng.integers(0, 2, len(time)) * 180.0
    view = np.abs(view_deg + 0.5 * rng.standard_normal(len(time)))
    return Angles(sun, view, (side + 40.0 + 5.0 * rng.standard_normal(len(time))) % 360.0)


def _sun_cosine(declination_deg: FloatArray) -> FloatArray:
    """Of the zenith angle 1.5 hours before noon."""
    latitude, hour = np.radians(28.55), np.radians(22.5)
    turn = np.radians(declination_deg)
    cosine: FloatArray = np.sin(latitude) * np.sin(turn) + np.cos(latitude) * np.cos(turn) * np.cos(
        hour
    )
    return cosine


def _ground(band: BandModel) -> float:
    """Reflectance of the site in a band."""
    from scipy.interpolate import PchipInterpolator

    curve = PchipInterpolator(_WAVELENGTH_NM, _REFLECTANCE)
    response: Response | None = band.response
    if response is None:
        return float(curve(band.wavelength_nm))
    return float(response.mean(curve(response.wavelength_nm)))
