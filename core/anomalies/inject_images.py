# SPDX-License-Identifier: GPL-3.0-or-later
"""Anomalies made in images: pure functions from (bands, rows, columns) to a changed copy.

Reflectance (1 = all), NaN = no data and stays so. ``wavelengths_nm``: (bands,). Maps are (rows,
columns); rows run south, columns east (north-up images). The formulas are those of ``physics``.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..simulation.fields import smooth_noise
from ..types import FloatArray
from .inject import physical_change
from .physics import cloud_over, shadow_on

CLOUD_HEIGHT_M = 1200.0
SHADOW_DEPTH = 0.75  # share of the direct sun that low clouds of this size take
_OCTAVES = ((1.0, 1.0), (0.4, 0.35), (0.16, 0.14))
SOFT_EDGE = 0.6  # of the standard deviation of the field from which clouds are cut


def soft_patches(
    shape: tuple[int, int],
    share: float,
    size_px: float,
    rng: np.random.Generator,
    edge: float = SOFT_EDGE,
) -> FloatArray:
    """Weights (rows, columns) from 0 to 1: blobs about ``size_px`` wide with ragged, soft edges
    that cover ``share`` (0 to 1) of the image; 1 in their core.

    They are cut from a sum of smooth fields of decreasing scale and weight; ``edge``: over how many
    standard deviations of it they fade.
    """
    if share >= 1.0:
        return np.ones(shape)
    return soften(*patch_field(shape, share, size_px, rng, edge))


def patch_field(
    shape: tuple[int, int], share: float, size_px: float, rng: np.random.Generator, edge: float
) -> tuple[FloatArray, float]:
    """The field (rows, columns) that ``soft_patches`` are cut from, above 0 within them, and over
    how much of it they fade; ``share`` below 1.
    """
    noise = sum(
        weight * smooth_noise(shape, max(size_px * scale, 1.0), rng) for scale, weight in _OCTAVES
    )
    excess = np.asarray(noise - np.quantile(noise, 1.0 - share))
    return excess, max(min(edge, 0.6 * float(excess.max())), 1e-9)


def soften(excess: FloatArray, ramp: float) -> FloatArray:
    """Weights from 0 to 1 of (a part of) the field of ``patch_field``."""
    weight = np.clip(excess / ramp, 0.0, 1.0)
    return np.asarray(weight * weight * (3.0 - 2.0 * weight))


def shadow_offset_px(
    sun_zenith_deg: float, sun_azimuth_deg: float, height_m: float, pixel_m: float
) -> tuple[float, float]:
    """By how many (rows, columns) the shadow of a cloud at ``height_m`` lies away from it, seen
    from the nadir: away from the sun, by height times the tangent of the zenith angle.
    """
    distance = height_m * np.tan(np.deg2rad(sun_zenith_deg)) / pixel_m
    azimuth = np.deg2rad(sun_azimuth_deg)
    return float(distance * np.cos(azimuth)), float(-distance * np.sin(azimuth))


def by_pixel(
    change: Callable[[FloatArray, FloatArray, FloatArray], FloatArray],
    image: FloatArray,
    wavelengths_nm: FloatArray,
    amount: FloatArray,
) -> FloatArray:
    """A function of ``physics``, of reflectance (..., bands) and an amount (...), on an image and a
    map (rows, columns).
    """
    changed = change(np.moveaxis(image, 0, -1), wavelengths_nm, amount)
    return np.ascontiguousarray(np.moveaxis(changed, -1, 0))


def thickness(kind: str, reflectance: float) -> float:
    """The optical thickness of a ``cloud`` or ``thin_cloud`` by which a black target gains
    ``reflectance`` at 490 nm.
    """
    black, blue = np.zeros((1, 1)), np.array([490.0])
    return float(physical_change(kind, black, blue, np.array([reflectance]))[1][0])


def add_clouds(
    image: FloatArray,
    wavelengths_nm: FloatArray,
    clouds: FloatArray,
    shadows: FloatArray,
) -> FloatArray:
    """Clouds of optical thickness ``clouds`` above ground that has lost the share ``shadows`` of
    the direct sun; maps (rows, columns).
    """
    below = by_pixel(shadow_on, image, wavelengths_nm, shadows)
    return by_pixel(cloud_over, below, wavelengths_nm, clouds)


def change_gain(image: FloatArray, gains: FloatArray, weight: FloatArray | float) -> FloatArray:
    """Band i times 1 + ``gains[i]``, by ``weight`` (rows, columns; 0 to 1)."""
    return np.asarray(image * (1.0 + gains[:, np.newaxis, np.newaxis] * weight))


def change_offset(image: FloatArray, offsets: FloatArray, weight: FloatArray | float) -> FloatArray:
    """Band i plus ``offsets[i]`` (reflectance), by ``weight`` (rows, columns; 0 to 1)."""
    return np.asarray(image + offsets[:, np.newaxis, np.newaxis] * weight)


def stripe_pattern(
    shape: tuple[int, int],
    direction_deg: float,
    period_px: float,
    first: tuple[int, int] = (0, 0),
) -> FloatArray:
    """A square wave (rows, columns) of +1 and -1: detector columns whose lines run along
    ``direction_deg`` (clockwise from north) and repeat every ``period_px`` across it.

    ``first``: row and column at which a block of an image begins.
    """
    heading = np.deg2rad(direction_deg)
    rows = np.arange(first[0], first[0] + shape[0])[:, np.newaxis]
    columns = np.arange(first[1], first[1] + shape[1])
    across = rows * np.sin(heading) + columns * np.cos(heading)
    # Rounded so that lines along the grid do not flicker with the last digit.
    phase = np.floor(np.round(2.0 * across / period_px, 9)).astype(np.int64)
    return np.where(phase % 2 == 0, 1.0, -1.0)


def add_stripes(
    image: FloatArray,
    gains: FloatArray,
    direction_deg: float,
    period_px: float,
    first: tuple[int, int] = (0, 0),
) -> FloatArray:
    """Band i times 1 +- ``gains[i]``, the sign alternating from detector column to column;
    ``first`` as of ``stripe_pattern``.
    """
    pattern = stripe_pattern((image.shape[1], image.shape[2]), direction_deg, period_px, first)
    return change_gain(image, gains, pattern)
