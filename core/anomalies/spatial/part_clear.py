# SPDX-License-Identifier: GPL-3.0-or-later
"""How much more does the mean of an image scatter of which only a part is clear?

What is left of a model is alike over fields and farther, so that no number of pixels tells. The
clearer dates do: how far their means lie from those of just the parts that another date shows.
"""

from __future__ import annotations

import numpy as np

from ...spread import TO_SIGMA
from ...types import BoolArray, FloatArray
from .radiometry import ImageSeries

_FEWEST = 9  # dates that the scatter is taken from


def widths(image: ImageSeries, clear: BoolArray, noise: FloatArray) -> FloatArray:
    """By what factor (n,), 1 or more, the level of each date scatters more than that of a wholly
    clear one: the mean of all bands. ``clear`` (n,): dates in use; ``noise`` (k,): the scatter of
    the levels, reflectance.
    """
    residual = image.cell_residual
    weight = np.where(np.isfinite(residual).all(axis=2), image.cell_count, 0.0)
    dates = np.flatnonzero(clear)
    factor = np.ones(len(residual))
    clearer = dates[image.used[dates] >= np.median(image.used[dates])] if len(dates) else dates
    bands = np.isfinite(noise) & (noise > 0.0)
    if len(clearer) < _FEWEST or not bands.any():
        return factor
    full = _means(residual[clearer], weight[clearer])
    for date in dates:
        # Dates that miss some of these parts tell by those they have.
        seen = np.minimum(weight[clearer], weight[date])
        apart = (_means(residual[clearer], seen) - full)[:, bands] / noise[bands]
        apart = apart[np.isfinite(apart).all(axis=1)]
        if len(apart) >= _FEWEST:
            scatter = TO_SIGMA * np.median(np.abs(apart - np.median(apart, axis=0)), axis=0)
            factor[date] = np.sqrt(1.0 + (scatter**2).mean())
    return factor


def _means(residual: FloatArray, weight: FloatArray) -> FloatArray:
    """Means (d, k) over cells of ``residual`` (d, cells, k); NaN without weight."""
    total = weight.sum(axis=1)[:, None]
    sums = (weight[..., None] * np.where(weight[..., None] > 0.0, residual, 0.0)).sum(axis=1)
    return np.where(total > 0.0, sums / np.where(total > 0.0, total, 1.0), np.nan)
