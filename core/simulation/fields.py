# SPDX-License-Identifier: GPL-3.0-or-later
"""Random fields of simulated images: smooth noise, connected patches, coarse cells made pixels."""

from __future__ import annotations

import numpy as np

from ..types import AnyArray, BoolArray, FloatArray


def smooth_noise(
    shape: tuple[int, int], scale: float | tuple[float, float], rng: np.random.Generator
) -> FloatArray:
    """Gaussian noise (rows, columns) of zero mean and unit variance, correlated over ``scale``
    pixels, or over as many (rows, columns); periodic at the borders.

    Method: white noise filtered by a Gaussian in the frequency domain.
    """
    along, across = scale if isinstance(scale, tuple) else (scale, scale)
    rows, columns = np.fft.fftfreq(shape[0], 1.0), np.fft.fftfreq(shape[1], 1.0)
    waves = (along * rows[:, None]) ** 2 + (across * columns[None, :]) ** 2
    spectrum = np.fft.fft2(rng.normal(size=shape)) * np.exp(-0.5 * np.pi**2 * waves)
    noise = np.fft.ifft2(spectrum).real
    return np.asarray((noise - noise.mean()) / noise.std())


def patches(
    shape: tuple[int, int],
    share: float,
    size: float | tuple[float, float],
    rng: np.random.Generator,
) -> BoolArray:
    """Connected patches about ``size`` pixels wide that cover ``share`` (0 to 1) of the image."""
    noise = smooth_noise(shape, size, rng)
    if share <= 0.0:
        return np.zeros(shape, dtype=np.bool_)
    return np.asarray(noise >= np.quantile(noise, max(1.0 - share, 0.0)))


def enlarge(cells: AnyArray, factor: int, size: int) -> AnyArray:
    """Every cell as ``factor`` x ``factor`` pixels, cut to (``size``, ``size``)."""
    return np.repeat(np.repeat(cells, factor, axis=0), factor, axis=1)[:size, :size]
