# SPDX-License-Identifier: GPL-3.0-or-later
"""Clouds and shadows in simulated Sentinel-2 images, what masks make of them, and bands of 20 m."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..anomalies.inject_images import SHADOW_DEPTH, add_clouds, shadow_offset_px, soft_patches
from ..types import BoolArray, FloatArray
from .covers import BANDS, WAVELENGTHS_NM
from .fields import enlarge, smooth_noise

COARSE = ("B5", "B6", "B7", "B8A", "B11", "B12")  # of 20 m
THICKNESS = 24.0  # optical, in the core of a cloud
SEEN = 0.04  # share of it from which a processor takes a pixel for cloud
SHADE_SEEN = 0.12  # share of a full shadow from which it takes a pixel for shadow


@dataclass(frozen=True)
class Clouded:
    """An ``image`` (bands, rows, columns) under its clouds, and where a processor can see ``cloud``
    and ``shadow`` (rows, columns).
    """

    image: FloatArray
    cloud: BoolArray
    shadow: BoolArray


def under_clouds(
    image: FloatArray,
    share: float,
    sun_zenith_deg: float,
    sun_azimuth_deg: float,
    pixel_m: float,
    rng: np.random.Generator,
) -> Clouded:
    """A square ``image`` (bands, rows, columns) under clouds that cover about ``share`` of it.

    Clouds are drawn on three times the size, so that shadows of clouds outside are seen too.
    """
    size = image.shape[1]
    if share <= 0.0:
        nowhere = np.zeros((size, size), dtype=np.bool_)
        return Clouded(image, nowhere, nowhere)
    wide = (3 * size, 3 * size)
    scale = float(rng.uniform(18.0, 40.0))
    cover = soft_patches(wide, share, scale, rng)
    cover *= 0.93 + 0.05 * np.clip(smooth_noise(wide, 5.0, rng), -1.5, 1.4)
    height = float(rng.uniform(500.0, 1500.0))
    offset = shadow_offset_px(sun_zenith_deg, sun_azimuth_deg, height, pixel_m)
    middle = (slice(size, 2 * size), slice(size, 2 * size))
    moved = np.roll(cover, (round(offset[0]), round(offset[1])), (0, 1))
    shade, clouds = moved[middle], cover[middle]
    made = add_clouds(image, WAVELENGTHS_NM, THICKNESS * clouds, SHADOW_DEPTH * shade)
    return Clouded(made, clouds > SEEN, (shade > SHADE_SEEN) & (clouds <= SEEN))


def missed_part(flagged: BoolArray, share: float, rng: np.random.Generator) -> BoolArray:
    """Connected parts of what should be flagged that the masks miss: ``share`` of it."""
    noise = smooth_noise((flagged.shape[0], flagged.shape[1]), 10.0, rng)
    if not flagged.any():
        return flagged
    return np.asarray(flagged & (noise >= np.quantile(noise[flagged], 1.0 - share)))


def grown(cloud: BoolArray) -> BoolArray:
    """Masks of clouds are dilated, as their borders are thin."""
    from scipy import ndimage

    return np.asarray(ndimage.binary_dilation(cloud, iterations=2))


def resolved(image: FloatArray) -> FloatArray:
    """A square ``image``, changed: bands of 20 m are means of 2 x 2 pixels, repeated."""
    for number, name in enumerate(BANDS):
        if name in COARSE:
            size = image.shape[1]
            blocks = image[number].reshape(size // 2, 2, size // 2, 2).mean(axis=(1, 3))
            image[number] = enlarge(blocks, 2, size)
    return image
