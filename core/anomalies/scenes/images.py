# SPDX-License-Identifier: GPL-3.0-or-later
"""One simulated image: ground, noise of the correction, clouds, planted anomalies, masks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...simulation.clouds import grown, missed_part, resolved, under_clouds
from ...simulation.correction_noise import correction_noise, noise_sigma
from ...simulation.covers import BANDS, WAVELENGTHS_NM
from ...simulation.fields import enlarge, smooth_noise
from ...types import BoolArray, FloatArray
from ..inject_stack import Effect, Geometry, inject, order
from .plan import PlannedImage, SitePlan
from .settings import SENTINEL2B_GAIN, SiteSettings

PIXEL_M = 10.0
PLANTED_CLOUD_HEIGHT_M = 350.0  # low, so that their shadows fall inside the image
SATURATION = 0.95
BRIGHTEST = 0.85  # quantile of the ground that is taken for cloud, where that happens


@dataclass(frozen=True)
class Simulated:
    """One image: reflectance (bands, rows, columns), NaN outside the swath; AOT and water vapor
    (cm), (rows, columns); what its masks say; and what is true: ``effects`` of planted anomalies,
    ``missed_cloud``, ``missed_shadow`` and ``over_masked`` (rows, columns).
    """

    reflectance: FloatArray
    aot: FloatArray
    water_vapor_cm: FloatArray
    cloud: BoolArray
    shadow: BoolArray
    outside: BoolArray
    saturated: BoolArray
    effects: tuple[Effect, ...]
    missed_cloud: BoolArray
    missed_shadow: BoolArray
    over_masked: BoolArray


def simulate(plan: SitePlan, number: int) -> Simulated:
    """The image ``number`` of a site, as the processor delivers it.

    Where dates were exchanged it is the other image, with its clouds and masks, under this one's
    name.
    """
    shown = plan.images[int(order(plan.injections, len(plan.images))[number])]
    rng = np.random.default_rng(shown.seed)
    image = _without_clouds(plan, shown, rng)
    bright = image[0] >= np.quantile(image[0], BRIGHTEST)
    # What happens on the ground happens below the clouds.
    image, below = _injected(plan, number, image, ground=True)
    clouded = under_clouds(
        image, shown.cloud_share, shown.sun_zenith_deg, shown.sun_azimuth_deg, PIXEL_M, rng
    )
    cloud, shadow = clouded.cloud, clouded.shadow
    missing = missed_part(cloud | shadow, shown.missed, rng)
    image, above = _injected(plan, number, clouded.image, ground=False)
    effects = below + above
    outside = _outside(plan.settings, shown, cloud.shape)
    saturated = (image > SATURATION).any(axis=0) & ~outside
    over = bright & shown.over_masked & ~cloud
    aot = max(shown.aot - _aot_error(effects), 0.0)
    uneven = [
        1.0 + sd * smooth_noise((image.shape[1], image.shape[2]), 40.0, rng) for sd in (0.03, 0.02)
    ]
    return Simulated(
        reflectance=np.where(outside, np.nan, resolved(np.minimum(image, 1.2))),
        aot=aot * uneven[0],
        water_vapor_cm=shown.water_vapor_cm * uneven[1],
        cloud=(grown(cloud) & ~missing) | over,
        shadow=shadow & ~missing & ~over,
        outside=outside,
        saturated=saturated,
        effects=effects,
        missed_cloud=cloud & missing & ~outside,
        missed_shadow=shadow & missing & ~outside,
        over_masked=over & ~outside,
    )


def _injected(
    plan: SitePlan, number: int, image: FloatArray, ground: bool
) -> tuple[FloatArray, tuple[Effect, ...]]:
    """The image with the planted events on the ground, or with all other anomalies."""
    chosen = [one for one in plan.injections if (one.kind.stage == 0) == ground]
    here = plan.images[number]
    geometry = Geometry(PIXEL_M, here.sun_zenith_deg, here.sun_azimuth_deg, PLANTED_CLOUD_HEIGHT_M)
    count = len(plan.images)
    return inject(image, tuple(BANDS), WAVELENGTHS_NM, number, chosen, geometry, count)


def clean(plan: SitePlan, number: int) -> FloatArray:
    """The image ``number`` before clouds and planted anomalies (bands, rows, columns)."""
    planned = plan.images[number]
    image = _without_clouds(plan, planned, np.random.default_rng(planned.seed))
    outside = _outside(plan.settings, planned, image.shape[1:])
    return np.where(outside, np.nan, resolved(image))


def _without_clouds(plan: SitePlan, planned: PlannedImage, rng: np.random.Generator) -> FloatArray:
    settings = plan.settings
    image = plan.landscape.reflectance(planned.time, planned.wetness)
    size = image.shape[1]
    # Seen towards and away from the sun, and a little more so to the edge of the swath.
    side = settings.directional * (0.5 if planned.orbit else -0.5)
    slope = 1.0 + 0.2 * np.linspace(-1.0, 1.0, size)
    image *= 1.0 + side * slope
    if planned.platform.endswith("B"):
        image *= 1.0 + SENTINEL2B_GAIN
    return image + _noise(plan, planned, rng)


def _noise(plan: SitePlan, planned: PlannedImage, rng: np.random.Generator) -> FloatArray:
    """What the correction leaves."""
    settings = plan.settings
    sigma = noise_sigma(settings.noise) * (1.0 + settings.haze_noise * planned.aot)
    ground = plan.landscape
    return correction_noise(sigma, ground.parcels, len(ground.covers), settings.tile_share, rng)


def _outside(settings: SiteSettings, planned: PlannedImage, shape: tuple[int, ...]) -> BoolArray:
    """What lies outside the swath: a slanted margin in the east of the second orbit."""
    outside = np.zeros(shape, dtype=np.bool_)
    if settings.swath_edge and planned.orbit == 1:
        rows, columns = np.indices(shape)
        edge = (1.0 - settings.swath_edge) * shape[1] + (shape[0] / 2.0 - rows) * 0.1
        outside[columns >= edge] = True
        # Both grids end at the same place.
        outside = enlarge(outside[::2, ::2], 2, shape[0])
    return outside


def _aot_error(effects: tuple[Effect, ...]) -> float:
    """By how much the delivered AOT is too low."""
    signs = {"aot_under": 1.0, "aot_over": -1.0}
    return sum(signs.get(one.injection.type, 0.0) * one.amplitude for one in effects)
