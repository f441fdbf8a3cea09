# SPDX-License-Identifier: GPL-3.0-or-later
"""Disparities refined by the intensities themselves.

What semi-global matching leaves is noise of a tenth of a pixel from pixel to pixel, and a pull
between the candidates; the images tell more. In a window around each pixel the right image, moved
by the disparities that were found, is fitted to the left one by an offset, a gain and a common
shift (Lucas and Kanade 1981, Proc. IJCAI, 674-679; with radiometry: Gruen 1985, S. Afr. J.
Photogramm. 14(3), 175-187). A pixel of the window counts only where its disparity is that of the
same surface, so that no window reaches over a wall.

The fit also tells how well the texture fixes the shift. A shift without texture is held where it
is, by a prior: what is found there is no worse than what was matched.

Between the fits disparities are smoothed by pairs of pixels that lie opposite to each other: their
mean is the middle one's on any slope, so that only curvature counts as a step.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from ...jit import runs_compiled
from . import intensity_kernels
from .intensity_kernels import FEWEST
from .values import Float32

SMOOTH = 2  # pixels on either side
GATE_PX = 1.0  # disparities further apart are of another surface
PRIOR_PX = 0.15  # standard deviation of what smoothed matches are off
FAIR_PX = 0.05  # that of a fit in good texture


@dataclass(frozen=True)
class IntensityFit:
    """How disparities are refined: ``rounds`` of a fit in windows of ``half`` pixels on either side
    (0 rounds: not at all), and the reach ``smooth`` of the last smoothing. ``settles``: whether
    they are moved to the surface around them at the end (``surface``).
    """

    rounds: int
    half: int
    smooth: int
    settles: bool = False

    @property
    def reach_px(self) -> int:
        """How far one pixel acts on another."""
        return self.rounds * (SMOOTH + self.half) + self.smooth


# Larger windows and more rounds leave less noise on simulated ground, but smooth a real one: with
# half pixels on the pair of La Reunion the NMAD to heights of another program is 0.273 m by a round
# of 5 x 5, 0.282 of 7 x 7, 0.299 by two of 7 x 7, 0.307 of 9 x 9; 0.287 without any.
FITS = {
    "census_sgm": IntensityFit(1, 2, 1),
    "census_sgm_half_pixel": IntensityFit(1, 3, 1, settles=True),
    "opencv_sgbm": IntensityFit(1, 2, 1),
}
NO_FIT = IntensityFit(0, 0, 0)


def refine(
    left: Float32,
    right: Float32,
    disparity: Float32,
    fit: IntensityFit,
    compiled: bool | None = None,
) -> tuple[Float32, Float32]:
    """Refined disparities (rows, columns), and their standard deviation by the noise of the images
    (pixels; at most that of the prior): NaN where ``disparity`` is.

    ``left`` (r, c) is ``right`` (r, c - disparity). With no rounds the disparities are given back
    as they are, with the deviation of the prior.
    """
    known = np.isfinite(disparity)
    prior = np.float32(PRIOR_PX)
    deviation = np.where(known, prior, np.float32(np.nan))
    if not fit.rounds:
        return disparity, deviation
    way = intensity_kernels if runs_compiled(compiled) else _Numpy
    image = np.nan_to_num(np.ascontiguousarray(left))
    slope = slopes(image)
    right = np.ascontiguousarray(right)
    gate = np.float32(GATE_PX)
    for _ in range(fit.rounds):
        even = smoothed(disparity, SMOOTH, compiled=compiled)
        place, value = even.copy(), np.zeros_like(even)
        way.meet(right, place, value)
        step = np.zeros_like(even)
        way.fit(image, value, slope, place, fit.half, gate, prior, step, deviation)
        disparity = even + step
    return smoothed(disparity, fit.smooth, compiled=compiled), deviation


def smoothed(
    disparity: Float32, half: int, gate_px: float = GATE_PX, compiled: bool | None = None
) -> Float32:
    """The mean of each disparity (rows, columns) and of the pairs opposite to it, up to ``half``
    pixels away, whose sum is less than ``gate_px`` from twice its own; NaN where there is none.
    """
    result = np.array(disparity, dtype=np.float32)
    way = intensity_kernels if runs_compiled(compiled) else _Numpy
    way.smooth(np.ascontiguousarray(disparity), half, np.float32(gate_px), result)
    return result


def precision(error: Float32) -> Float32:
    """1 of disparities without error, 1/2 where their standard error (pixels) is ``FAIR_PX``; where
    there is none, as of the prior.
    """
    known = np.nan_to_num(error, nan=PRIOR_PX) / np.float32(FAIR_PX)
    return np.asarray(np.float32(1.0) / (np.float32(1.0) + known * known), dtype=np.float32)


def slopes(image: Float32) -> Float32:
    """The derivative of ``image`` (rows, columns) along its rows, 0 at the two pixels of the ends.

    Of the left image and by taps that leave out the middle: so the noise of a slope is that of no
    difference it is multiplied with. The derivative of the interpolated right image would pull all
    shifts to where the interpolation smooths the noise, by a tenth of a pixel in weak texture.
    """
    result = np.zeros_like(image)
    result[:, 2:-2] = (image[:, :-4] - image[:, 4:]) * np.float32(1.0 / 12.0)
    result[:, 2:-2] += (image[:, 3:-1] - image[:, 1:-3]) * np.float32(8.0 / 12.0)
    return result


class _Numpy:
    """As ``intensity_kernels``, for where numba is not installed."""

    @staticmethod
    def smooth(disparity: Float32, half: int, gate: np.float32, out: Float32) -> None:
        """See the kernel."""
        rows, columns = disparity.shape
        total, count = disparity.copy(), np.ones_like(disparity)
        for i, j in product(range(half + 1), range(-half, half + 1)):
            if (i == 0 and j <= 0) or rows <= 2 * i or columns <= 2 * abs(j):
                continue
            m = abs(j)
            here = (slice(i, rows - i), slice(m, columns - m))
            one = disparity[2 * i :, m + j : columns - m + j]
            other = disparity[: rows - 2 * i, m - j : columns - m - j]
            both = one + other
            near = np.abs(both - np.float32(2.0) * disparity[here]) < gate
            total[here] += np.where(near, both, np.float32(0.0))
            count[here] += np.where(near, np.float32(2.0), np.float32(0.0))
        out[...] = total / count

    @staticmethod
    def meet(right: Float32, place: Float32, value: Float32) -> None:
        """See the kernel."""
        columns = right.shape[1]
        row, column = np.nonzero(np.isfinite(place))
        whole = np.ceil(place[row, column])
        j, t = column - whole.astype(np.int64), whole - place[row, column]
        inside = (j >= 1) & (j <= columns - 3)
        before, at, after, last = (
            right[row, np.clip(j + k, 0, columns - 1)] for k in (-1, 0, 1, 2)
        )
        found = intensity_kernels.cubic.python(before, at, after, last, t)
        good = inside & np.isfinite(found)
        place[row[~good], column[~good]] = np.nan
        value[row, column] = np.where(good, found, np.float32(0.0))

    @staticmethod
    def fit(
        left: Float32,
        value: Float32,
        slope: Float32,
        place: Float32,
        half: int,
        gate: np.float32,
        prior: np.float32,
        step: Float32,
        deviation: Float32,
    ) -> None:
        """See the kernel."""
        rows, columns = place.shape
        sums = np.zeros((10, rows, columns), np.float32)
        for i, j in product(range(-half, half + 1), repeat=2):
            here = (slice(max(-i, 0), rows - max(i, 0)), slice(max(-j, 0), columns - max(j, 0)))
            there = (slice(max(i, 0), rows + min(i, 0)), slice(max(j, 0), columns + min(j, 0)))
            w = (np.abs(place[there] - place[here]) < gate).astype(np.float32)
            g, a = w * slope[there], w * (value[there] - value[here])
            b = w * (left[there] - left[here])
            for total, part in zip(sums, (w, g, a, b, g * g, g * a, g * b, a * a, a * b, b * b),
                                   strict=True):  # fmt: skip
                total[here] += part
        known = np.isfinite(place) & (sums[0] >= FEWEST)
        found = intensity_kernels.solved.python(sums[:, known], prior)
        step[known], deviation[known] = np.clip(found[0], -1.0, 1.0), found[1]
