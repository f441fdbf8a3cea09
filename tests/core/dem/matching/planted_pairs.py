# SPDX-License-Identifier: GPL-3.0-or-later
"""Rectified pairs with planted disparities: random textures, noise, steps with occlusions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

TEXTURE_STD, NOISE_STD, LEVEL = 62.0, 8.0, 300.0  # of the table in the notes on methods
ZOOM = 16


@dataclass(frozen=True)
class Planted:
    """A pair, its true disparities in the left image, and what the right image does not see."""

    left: Any
    right: Any
    disparity: Any
    hidden: Any


def texture(rows: int, columns: int, seed: int, roughness: float = 1.2) -> Any:
    """A random texture whose spectrum falls with the frequency to the power of ``roughness``."""
    rng = np.random.default_rng(seed)
    down, along = np.fft.fftfreq(rows)[:, None], np.fft.rfftfreq(columns)[None]
    frequency = np.hypot(down, along)
    weight = np.maximum(frequency, 1 / 64) ** -roughness * np.exp(-((frequency / 0.35) ** 4))
    weight[0, 0] = 0.0
    spectrum = np.fft.rfft2(rng.normal(size=(rows, columns))) * weight
    values = np.fft.irfft2(spectrum, s=(rows, columns))
    return LEVEL + TEXTURE_STD * values / values.std()


def sampled(image: Any, columns: Any) -> Any:
    """``image`` at fractional ``columns`` (rows, n): band-limited, then linear in 1/16 px."""
    rows, width = image.shape
    spectrum = np.fft.rfft(image, axis=1)
    fine = np.fft.irfft(spectrum, n=width * ZOOM, axis=1) * ZOOM
    place = np.mod(columns, width) * ZOOM
    low = np.floor(place).astype(int)
    part = place - low
    row = np.arange(rows)[:, None]
    values = fine[row, low % (width * ZOOM)] * (1 - part)
    return values + fine[row, (low + 1) % (width * ZOOM)] * part


def noisy(image: Any, seed: int, std: float = NOISE_STD) -> Any:
    noise = np.random.default_rng(seed).normal(0, std, image.shape)
    return (image + noise).astype(np.float32)


def pair(
    disparity: Any, seed: int = 0, noise: float = NOISE_STD, roughness: float = 1.2
) -> Planted:
    """The pair of a map of true disparities: left (r, c) is right (r, c - d).

    A left pixel is hidden where another one with a larger disparity (nearer) lands on the same
    right pixel: it shows a texture of its own.
    """
    rows, columns = disparity.shape
    right = texture(rows, columns, seed, roughness)
    lands = np.arange(columns) - disparity
    hidden = np.zeros(disparity.shape, bool)
    nearest = np.full((rows, columns), -np.inf)
    inside = (lands > 0) & (lands < columns - 1)
    row, column = np.nonzero(inside)
    for extra in (0, 1):
        there = np.floor(lands[inside]).astype(int) + extra
        np.maximum.at(nearest, (row, there), disparity[inside])
    there = np.rint(lands[inside]).astype(int)
    hidden[row, column] = nearest[row, there] > disparity[inside] + 1.0
    left = np.where(hidden, texture(rows, columns, seed + 1, roughness), sampled(right, lands))
    return Planted(noisy(left, seed + 2, noise), noisy(right, seed + 3, noise), disparity, hidden)


def sine(rows: int, columns: int, height: float = 2.5, period: float = 150.0) -> Any:
    """Smooth relief: ``height`` px of amplitude."""
    down, along = np.mgrid[:rows, :columns]
    return height * np.sin(2 * np.pi * along / period) * np.cos(2 * np.pi * down / period)


def boxes(rows: int, columns: int, height: float = 8.0) -> Any:
    """Flat ground at 0.3 px with boxes of 40 x 40 px, ``height`` px above."""
    ground = np.full((rows, columns), 0.3)
    for row in range(40, rows - 60, 100):
        for column in range(60, columns - 60, 100):
            ground[row : row + 40, column : column + 40] += height
    return ground


def nmad(values: Any) -> float:
    values = values[np.isfinite(values)]
    return float(1.4826 * np.median(abs(values - np.median(values))))


def uneven_contrast(planted: Planted, seed: int = 9, noise: float = NOISE_STD) -> Planted:
    """The same pair with the contrast falling to 1/30 in places: shade and bare ground."""
    rng = np.random.default_rng(seed)
    rows, columns = planted.disparity.shape
    down, along = np.fft.fftfreq(rows)[:, None], np.fft.rfftfreq(columns)[None]
    weight = np.exp(-((np.hypot(down, along) / 0.01) ** 2))
    field = np.fft.irfft2(
        np.fft.rfft2(rng.normal(size=(rows, columns))) * weight, s=(rows, columns)
    )
    contrast = 30.0 ** -np.clip(0.5 + 0.5 * field / field.std(), 0, 1)
    lands = np.arange(columns) - planted.disparity
    left = LEVEL + (planted.left - LEVEL) * sampled(contrast, lands)
    right = LEVEL + (planted.right - LEVEL) * contrast
    return Planted(
        noisy(left, seed + 1, noise),
        noisy(right, seed + 2, noise),
        planted.disparity,
        planted.hidden,
    )
