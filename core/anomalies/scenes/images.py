# SPDX-License-Identifier: GPL-3.0-or-later
"""One simulated image: ground, noise of the correction, clouds, planted anomalies, masks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...simulation.fields import enlarge, smooth_noise
from ...types import BoolArray, FloatArray
from ..inject_images import SHADOW_DEPTH, add_clouds, shadow_offset_px, soft_patches
from ..inject_stack import Effect, Geometry, inject, order
from .covers import BANDS, WAVELENGTHS_NM
from .plan import PlannedImage, SitePlan
from .settings import SENTINEL2B_GAIN, SiteSettings

PIXEL_M = 10.0
COARSE = ("B5", "B6", "B7", "B8A", "B11", "B12")  # of 20 m
PLANTED_CLOUD_HEIGHT_M = 350.0  # low, so that their shadows fall inside the image
CLOUD_THICKNESS = 24.0  # optical, in the core of a cloud
SEEN = 0.04  # share of it from which a processor takes a pixel for cloud
SHADE_SEEN = 0.12  # share of a full shadow from which it takes a pixel for shadow
SATURATION = 0.95
BRIGHTEST = 0.85  # quantile of the ground that is taken for cloud, where that happens
# Shares of the variance that is not common to the image: smooth over it, by parcel, by pixel.
SMOOTH, PARCEL, PIXEL = 0.30, 0.62, 0.08


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
    image, cover, shade = _clouded(image, shown, rng)
    cloud, shadow = cover > SEEN, (shade > SHADE_SEEN) & (cover <= SEEN)
    missing = _missing(cloud | shadow, shown.missed, rng)
    image, above = _injected(plan, number, image, ground=False)
    effects = below + above
    outside = _outside(plan.settings, shown, cloud.shape)
    saturated = (image > SATURATION).any(axis=0) & ~outside
    over = bright & shown.over_masked & ~cloud
    aot = max(shown.aot - _aot_error(effects), 0.0)
    uneven = [
        1.0 + sd * smooth_noise((image.shape[1], image.shape[2]), 40.0, rng) for sd in (0.03, 0.02)
    ]
    return Simulated(
        reflectance=np.where(outside, np.nan, _resolved(np.minimum(image, 1.2))),
        aot=aot * uneven[0],
        water_vapor_cm=shown.water_vapor_cm * uneven[1],
        cloud=(_grown(cloud) & ~missing) | over,
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
    return np.where(outside, np.nan, _resolved(image))


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
    """What the correction leaves: correlated between bands, mostly smooth in space."""
    settings, parcels = plan.settings, plan.landscape.parcels
    shape = parcels.shape
    sigma = np.interp(np.log(WAVELENGTHS_NM), np.log([490.0, 840.0, 2200.0]), settings.noise)
    sigma *= 1.0 + settings.haze_noise * planned.aot
    root = np.linalg.cholesky(_correlation())

    def together(*extra: int) -> FloatArray:
        return np.tensordot(root, rng.normal(size=(len(BANDS), *extra)), axes=1)

    common = together()[:, np.newaxis, np.newaxis]
    smooth = np.stack([smooth_noise((shape[0], shape[1]), 45.0, rng) for _ in range(2)])
    tilt = together(2) / np.sqrt(2.0)
    local = np.sqrt(SMOOTH) * np.tensordot(tilt, smooth, axes=1)
    local += np.sqrt(PARCEL) * together(len(plan.landscape.covers))[:, parcels]
    local += np.sqrt(PIXEL) * together(*shape)
    share = settings.tile_share
    noise = np.sqrt(share) * common + np.sqrt(1.0 - share) * local
    return np.asarray(sigma[:, np.newaxis, np.newaxis] * noise)


def _correlation() -> FloatArray:
    """Correlation of the noise between bands: fades with the ratio of their wavelengths."""
    logs = np.log(WAVELENGTHS_NM)
    apart = np.abs(logs[:, np.newaxis] - logs[np.newaxis, :])
    return np.asarray(0.30 + 0.68 * np.exp(-apart / 0.45) + 0.02 * np.eye(len(logs)))


def _clouded(
    image: FloatArray, planned: PlannedImage, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The image under its clouds, their thickness (0 to 1), and its shadows (0 to 1).

    Clouds are drawn on three times the size, so that shadows of clouds outside are seen too.
    """
    size = image.shape[1]
    nothing = np.zeros((size, size))
    if planned.cloud_share <= 0.0:
        return image, nothing, nothing
    wide = (3 * size, 3 * size)
    scale = float(rng.uniform(18.0, 40.0))
    cover = soft_patches(wide, planned.cloud_share, scale, rng)
    cover *= 0.93 + 0.05 * np.clip(smooth_noise(wide, 5.0, rng), -1.5, 1.4)
    height = float(rng.uniform(500.0, 1500.0))
    offset = shadow_offset_px(planned.sun_zenith_deg, planned.sun_azimuth_deg, height, PIXEL_M)
    middle = (slice(size, 2 * size), slice(size, 2 * size))
    moved = np.roll(cover, (round(offset[0]), round(offset[1])), (0, 1))
    shade, clouds = moved[middle], cover[middle]
    thick = CLOUD_THICKNESS * clouds
    return add_clouds(image, WAVELENGTHS_NM, thick, SHADOW_DEPTH * shade), clouds, shade


def _missing(flagged: BoolArray, share: float, rng: np.random.Generator) -> BoolArray:
    """Connected parts of what should be flagged that the masks miss: ``share`` of it."""
    noise = smooth_noise((flagged.shape[0], flagged.shape[1]), 10.0, rng)
    if not flagged.any():
        return flagged
    return np.asarray(flagged & (noise >= np.quantile(noise[flagged], 1.0 - share)))


def _grown(cloud: BoolArray) -> BoolArray:
    """Masks of clouds are dilated, as their borders are thin."""
    from scipy import ndimage

    return np.asarray(ndimage.binary_dilation(cloud, iterations=2))


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


def _resolved(image: FloatArray) -> FloatArray:
    """Bands of 20 m: the mean of 2 x 2 pixels, repeated."""
    for number, name in enumerate(BANDS):
        if name in COARSE:
            size = image.shape[1]
            blocks = image[number].reshape(size // 2, 2, size // 2, 2).mean(axis=(1, 3))
            image[number] = enlarge(blocks, 2, size)
    return image
