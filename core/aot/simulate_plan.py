# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of the demonstration data: sites, campaigns, true air, and the error planted per image.

Everything here is simulated. The sites lie where AERONET sites of these names are, and their air
resembles the climate there; no number in it was measured.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..simulation.aerosol import AerosolSeries, simulate_aerosol
from ..simulation.places import PLACES, Place
from ..types import FloatArray, TimeArray
from .simulate_scene import ErrorModel, SceneSettings

SEED = 20180701
AOT_CLIP = 255 / 200  # what one byte of a MUSCATE product can hold
PHOTOMETER_STEP_MIN = 15
PHOTOMETER_SPAN_MIN = 90


@dataclass(frozen=True)
class DemoCampaign:
    """A series of images: every ``step_days`` from ``first`` to ``last`` over ``sites``."""

    name: str
    folder: str
    platform: str
    first: str
    last: str
    step_days: int
    sites: tuple[str, ...]
    error: ErrorModel
    pixel_m: float


@dataclass(frozen=True)
class PlannedImage:
    """One image to be made: the truth and what the processor will deliver.

    ``aot_true`` at 550 nm; ``error`` is planted: the delivered AOT is ``aot_true + error`` before
    the format clips it. ``seed`` makes the image by itself.
    """

    campaign: DemoCampaign
    site: Place
    time: np.datetime64
    aot_true: float
    water_vapor_true_cm: float
    error: float
    settings: SceneSettings
    seed: int

    @property
    def clipped(self) -> bool:
        """Whether haze exceeds what the format of the images can hold."""
        return self.campaign.platform.startswith("SENTINEL2") and self.settings.aot > AOT_CLIP


@dataclass(frozen=True)
class PhotometerRecord:
    """What the photometer of a site is to report: its rows of the true air."""

    site: Place
    air: AerosolSeries
    seed: int


@dataclass(frozen=True)
class DemoPlan:
    """All images and photometer records of a demonstration."""

    images: tuple[PlannedImage, ...]
    photometers: tuple[PhotometerRecord, ...]
    seed: int = SEED
    campaigns: tuple[DemoCampaign, ...] = field(default=())


_BIAS = {"Ouarzazate": 0.05}  # a bright surface is taken for aerosol
_NOISE = {"Toulouse": 0.6, "Beijing": 1.5, "Ouarzazate": 1.8}

CAMPAIGNS: tuple[DemoCampaign, ...] = (
    DemoCampaign(
        "Sentinel-2", "sentinel2", "SENTINEL2A", "2018-01-04", "2018-12-30", 10, tuple(PLACES),
        ErrorModel(0.02, -0.10, 0.020, 0.05, site_bias=_BIAS, site_factor=_NOISE), 10.0,
    ),
    DemoCampaign(
        "SPOT4-Take5", "spot4_take5", "SPOT4", "2013-02-01", "2013-06-19", 5,
        ("Toulouse", "Beijing", "Ouarzazate"),
        ErrorModel(0.10, -0.15, 0.030, 0.05, site_bias=_BIAS, site_factor=_NOISE), 20.0,
    ),
    DemoCampaign(
        "SPOT5-Take5", "spot5_take5", "SPOT5", "2015-04-10", "2015-09-12", 5, tuple(PLACES),
        ErrorModel(0.02, -0.10, 0.025, 0.05, site_bias=_BIAS, site_factor=_NOISE), 20.0,
    ),
)  # fmt: skip


def plan_demo(seed: int = SEED, campaigns: tuple[DemoCampaign, ...] = CAMPAIGNS) -> DemoPlan:
    """Draw the air, the images and the photometer records; the same seed gives the same plan."""
    names = sorted({name for campaign in campaigns for name in campaign.sites})
    images: list[PlannedImage] = []
    records: list[PhotometerRecord] = []
    for name in names:
        # Each site has its own generator: leaving a site or campaign out changes no other site.
        rng = np.random.default_rng([seed, list(PLACES).index(name)])
        planned, record = _plan_site(PLACES[name], campaigns, rng)
        images.extend(planned)
        records.append(record)
    return DemoPlan(tuple(images), tuple(records), seed, campaigns)


def _plan_site(
    site: Place, campaigns: tuple[DemoCampaign, ...], rng: np.random.Generator
) -> tuple[list[PlannedImage], PhotometerRecord]:
    here = [campaign for campaign in campaigns if site.name in campaign.sites]
    overpasses = [_overpasses(campaign, site, rng) for campaign in here]
    every = np.sort(np.concatenate(overpasses))
    looks = _photometer_times(every, rng)
    times = np.unique(np.concatenate([every, looks]))
    air = simulate_aerosol(site.climate, times, rng)
    images: list[PlannedImage] = []
    for campaign, passes in zip(here, overpasses, strict=True):
        images.extend(_images(campaign, site, passes, air, rng))
    seen = _seen(looks, images, rng)
    rows = np.searchsorted(times, seen)
    record = AerosolSeries(
        seen, air.aot_550[rows], air.angstrom[rows], air.curvature, air.water_vapor_cm[rows]
    )
    return images, PhotometerRecord(site, record, int(rng.integers(2**31)))


def _overpasses(campaign: DemoCampaign, site: Place, rng: np.random.Generator) -> TimeArray:
    first, last = np.datetime64(campaign.first, "D"), np.datetime64(campaign.last, "D")
    count = int((last - first).astype(np.int64)) // campaign.step_days + 1
    days: TimeArray = first + np.arange(count) * np.timedelta64(campaign.step_days, "D")
    seconds = site.overpass_hour * 3600.0 + rng.uniform(-180.0, 180.0, len(days))
    if not campaign.platform.startswith("SENTINEL2"):
        seconds = np.round(seconds)  # N2A metadata give whole seconds
    offsets = (seconds * 1000.0).astype("timedelta64[ms]")
    return np.asarray(days.astype("datetime64[ms]") + offsets, dtype="datetime64[ms]")


def _photometer_times(overpasses: TimeArray, rng: np.random.Generator) -> TimeArray:
    minutes = np.arange(-PHOTOMETER_SPAN_MIN, PHOTOMETER_SPAN_MIN + 1, PHOTOMETER_STEP_MIN)
    seconds = minutes * 60 + rng.integers(-200, 200, (len(overpasses), len(minutes)))
    times: TimeArray = overpasses[:, np.newaxis] + (seconds * 1000).astype("timedelta64[ms]")
    return np.asarray(np.unique(times.ravel()))


def _images(
    campaign: DemoCampaign,
    site: Place,
    times: TimeArray,
    air: AerosolSeries,
    rng: np.random.Generator,
) -> list[PlannedImage]:
    rows = np.searchsorted(air.time, times)
    truth, vapor = air.aot_550[rows], air.water_vapor_cm[rows]
    months = times.astype("datetime64[M]").astype(np.float64)
    errors = campaign.error.draw(site.name, truth, months, rng)
    clouds = _cloud_shares(site.cloudiness, len(times), rng)
    gaps = np.where(rng.random(len(times)) < 0.65, 0.25, 0.8) * rng.random(len(times))
    off = rng.normal(0.0, 1.0, len(times)) * (0.02 + 0.10 * truth)
    seeds = rng.integers(2**31, size=len(times))
    vapor_error = 1.0 + campaign.error.water_vapor_slope
    return [
        PlannedImage(
            campaign, site, times[i], float(truth[i]), float(vapor[i]), float(errors[i]),
            SceneSettings(
                max(float(truth[i] + errors[i]), 0.0), float(vapor[i] * vapor_error),
                float(clouds[i]), float(gaps[i]), float(off[i]), site.hot_spot, 0.01,
            ),
            int(seeds[i]),
        )
        for i in range(len(times))
    ]  # fmt: skip


def _cloud_shares(cloudiness: float, count: int, rng: np.random.Generator) -> FloatArray:
    """Cloud share per image: clear, broken, or (a third of the cloudy ones) overcast."""
    kind = rng.random(count)
    broken = rng.uniform(0.03, 0.6, count)
    overcast = kind < cloudiness / 3.0
    return np.asarray(np.where(overcast, 1.0, np.where(kind < cloudiness, broken, 0.0)))


def _seen(looks: TimeArray, images: list[PlannedImage], rng: np.random.Generator) -> TimeArray:
    """The looks at which the photometer sees the sun: not through clouds, not on lost days."""
    order = np.argsort([image.time for image in images])
    passes = np.array([images[i].time for i in order], dtype="datetime64[ms]")
    chance = np.array([0.92 * (1.0 - images[i].settings.cloud_share) for i in order])
    chance = np.where(rng.random(len(passes)) < 0.06, 0.0, chance)
    middle = passes[:-1] + (passes[1:] - passes[:-1]) // 2
    return np.asarray(looks[rng.random(len(looks)) < chance[np.searchsorted(middle, looks)]])
