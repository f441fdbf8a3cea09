# SPDX-License-Identifier: GPL-3.0-or-later
"""An image displaced by a part of a pixel, or several: block by block as in one piece.

Cubic spline interpolation (Unser 1999, 10.1109/79.799930) as a filter of finite length: the
cardinal spline is cut where it has faded to 1e-9, so that a pixel depends on its surroundings only,
and on nothing of how the image is cut into blocks.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from ..types import BoolArray, FloatArray

Kernel = Callable[[float], FloatArray]
TAPS = 16  # pixels on either side that a pixel draws on
FILLED = 8  # pixels that values are carried into no data, so that splines do not ring
_POLE = math.sqrt(3.0) - 2.0
_LEAST = 1e-6  # share of no data that a pixel may draw on


def shift_margin(*moved_px: float) -> int:
    """How many pixels around a block a displacement by so many (rows, columns) draws on."""
    return TAPS + FILLED + 1 + max(math.ceil(abs(one)) for one in moved_px)


def shift_image(image: FloatArray, rows: float, columns: float) -> FloatArray:
    """The content of (bands, rows, columns) moved by ``rows`` south and ``columns`` east (pixels),
    resampled by cubic splines.

    What enters at the border repeats the border. Pixels that draw on no data (NaN) become NaN.
    """
    moved = np.empty_like(image)
    for number, band in enumerate(image):
        gap = np.isnan(band)
        if gap.all():
            moved[number] = np.nan
            continue
        values = _filled(band, gap) if gap.any() else band
        moved[number] = _along(_along(values, rows, 0, _spline), columns, 1, _spline)
        if gap.any():
            drawn = _along(gap.astype(np.float64), rows, 0, _linear)
            moved[number][_along(drawn, columns, 1, _linear) > _LEAST] = np.nan
    return moved


def _along(values: FloatArray, moved: float, axis: int, kernel: Kernel) -> FloatArray:
    """``values`` (rows, columns) moved along an axis; beyond the border the border repeats."""
    from scipy import ndimage

    steps = math.ceil(moved)
    share = steps - moved  # of a pixel, to be looked up after the one that is ``steps`` before
    length = values.shape[axis]
    around = abs(steps) + TAPS
    padding = [(around, around) if number == axis else (0, 0) for number in range(2)]
    padded = np.pad(values, padding, mode="edge")
    if share > 0.0:
        # The weights are centered on the pixel: -TAPS ... TAPS.
        padded = ndimage.correlate1d(padded, kernel(share), axis=axis, mode="nearest")
    return np.asarray(np.take(padded, np.arange(length) + around - steps, axis))


def _spline(share: float) -> FloatArray:
    """Weights (2 ``TAPS`` + 1,) of the pixels around one, of the cubic spline ``share`` of a pixel
    after it.
    """
    at = share - np.arange(-TAPS, TAPS + 1)
    nodes = np.arange(-2 * TAPS, 2 * TAPS + 1)
    # The inverse of the samples 1/6, 4/6, 1/6 of the B-spline makes it pass through the pixels.
    inverse = -6.0 * _POLE / (1.0 - _POLE**2) * _POLE ** np.abs(nodes)
    weights = _b_spline(at[:, np.newaxis] - nodes) @ inverse
    return np.asarray(weights / weights.sum())


def _b_spline(x: FloatArray) -> FloatArray:
    """The cubic B-spline."""
    off = np.abs(x)
    middle = 2.0 / 3.0 - off**2 + off**3 / 2.0
    return np.where(off < 1.0, middle, np.clip(2.0 - off, 0.0, None) ** 3 / 6.0)


def _linear(share: float) -> FloatArray:
    """As ``_spline``, of linear interpolation."""
    weights = np.zeros(2 * TAPS + 1)
    weights[TAPS : TAPS + 2] = 1.0 - share, share
    return weights


def _filled(band: FloatArray, gap: BoolArray) -> FloatArray:
    """Values carried ``FILLED`` pixels into no data, as means of neighbors, so that splines do not
    ring at its border; further inside it is 0.
    """
    values, known = np.where(gap, 0.0, band), ~gap
    for _ in range(FILLED):
        if known.all():
            break
        count, total = _neighbors(known.astype(np.float64)), _neighbors(values)
        new = ~known & (count > 0.0)
        values[new] = total[new] / count[new]
        known |= new
    return values


def _neighbors(values: FloatArray) -> FloatArray:
    """The sum of the four neighbors of each pixel."""
    padded = np.pad(values, 1)
    return np.asarray(padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:])
