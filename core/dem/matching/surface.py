# SPDX-License-Identifier: GPL-3.0-or-later
"""What the surface around a disparity says of its error.

The disparity of a pixel is compared with the mean of pairs of pixels opposite to it on the same
surface, which is its own on any slope. How far it lies apart is made of its noise and of the
curvature of the ground. Of the noise the fit knows the variance (its Cramer-Rao bound), and with it
how much of it is left in that difference, as windows that overlap share theirs. What neighbors lie
apart beyond that is relief.

So the difference says how large the error of a pixel may be (``expected_error``), and where there
is no relief it can be taken away (``settled``): the linear estimate of least variance under local
statistics (Lee 1980, DOI 10.1109/TPAMI.1980.4766994), here along the surface.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from .intensity import GATE_PX, IntensityFit, smoothed
from .values import Float32

REACH_PX = 4  # of the mean, and again of what is said of the neighbors
SETTLED_PX = 2 * REACH_PX  # how far one pixel acts on another
SMALLEST = np.float32(1e-9)


@dataclass(frozen=True)
class Surroundings:
    """Of each pixel (rows, columns): how far ``apart`` it lies from the surface around it (pixels),
    and the mean ``square`` of that over its neighbors; NaN where there is no disparity.
    """

    apart: Float32
    square: Float32


def surroundings(disparity: Float32, compiled: bool | None = None) -> Surroundings:
    """Those of ``disparity`` (rows, columns; pixels, NaN where there is none)."""
    apart = disparity - smoothed(disparity, REACH_PX, GATE_PX, compiled)
    return Surroundings(apart, mean_around(apart * apart))


def expected_error(around: Surroundings, deviation: Float32) -> Float32:
    """The standard error (rows, columns; pixels) to expect: noise of the images (``deviation`` of
    the fit), what the pixel lies apart, and what its neighbors do, that is roughness and steps.
    """
    square = deviation * deviation + around.apart * around.apart + around.square
    return np.asarray(np.sqrt(square))


def settled(
    disparity: Float32, around: Surroundings, deviation: Float32, fit: IntensityFit
) -> Float32:
    """Disparities moved towards the surface around them: all the way where noise explains what
    neighbors lie apart, the less the more relief there is, and never across a step.
    """
    shared, left = shares(fit.half, fit.smooth, REACH_PX)
    noise = deviation * deviation
    relief = np.maximum(around.square - left * mean_around(noise), np.float32(0.0))
    weight = np.minimum(shared * noise / (left * noise + relief + SMALLEST), np.float32(1.0))
    return np.asarray(disparity - weight * around.apart)


@cache
def shares(half: int, smooth: int, reach: int) -> tuple[np.float32, np.float32]:
    """Of the variance of the noise, its covariance with what a pixel lies apart from the mean
    around it, and the variance of that.

    Noise is that of white differences in windows of ``half``, means over ``smooth``, as a separable
    autocorrelation; the mean goes ``reach`` pixels to either side.
    """
    window = np.convolve(np.ones(2 * half + 1), np.ones(2 * smooth + 1))
    alike = np.correlate(window, window, "full") / (window @ window)
    lags = np.abs(np.subtract.outer(np.arange(-reach, reach + 1), np.arange(-reach, reach + 1)))
    between = np.concatenate([alike[len(window) - 1 :], np.zeros(2 * reach + 1)])[lags]
    middle = float(between[reach].mean() ** 2)
    return np.float32(1.0 - middle), np.float32(1.0 - 2.0 * middle + float(between.mean() ** 2))


def mean_around(values: Float32) -> Float32:
    """The mean of the finite values up to ``REACH_PX`` to each side; NaN stays NaN.

    Summed one after the other: the same neighbors give the same bits wherever a tile begins.
    """
    known = np.isfinite(values)
    total = _sums(_sums(np.where(known, values, np.float32(0.0))).T).T
    count = _sums(_sums(known.astype(np.float32)).T).T
    return np.where(known, total / np.maximum(count, np.float32(1.0)), np.float32(np.nan))


def _sums(values: Float32) -> Float32:
    """Along the rows."""
    columns = values.shape[1]
    padded = np.pad(values, ((0, 0), (REACH_PX, REACH_PX)))
    total = padded[:, :columns].copy()
    for shift in range(1, 2 * REACH_PX + 1):
        total += padded[:, shift : shift + columns]
    return total
