# SPDX-License-Identifier: GPL-3.0-or-later
"""Does an image fit another day of the season better than its own?

The misfit to the seasonal models of all pixels is summed for the day of the image and for days
before and after it; sums of tiles add up. Squares are bounded, so that clouds do not decide. A
level that all pixels have in common may be an offset or a step of the sensor as well as a season,
so the misfit is also summed without the level of each band: that of the pattern of the ground.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...types import AnyArray, BoolArray, FloatArray
from ..harmonics import YEAR_DAYS
from ..labels import SHIFT_DAYS
from .pixels import design_of, model_at

DAYS = np.concatenate(([0.0], SHIFT_DAYS))
MOST_PIXELS = 10_000  # of a tile, on a regular pattern
_BOUND = 25.0  # squared sigmas


@dataclass(frozen=True)
class OtherDate:
    """``days`` from the date of the image to the day that fits best (positive: the image is of a
    later day), and the share ``explained`` (0 to 1) of the misfit that the move removes. ``misfit``
    is the mean bounded square on its own day, 1 or so for a good image. ``pattern``: the share
    explained (below 1) once the median of each band is taken off, negative where the move makes the
    pattern worse.
    """

    days: float
    explained: float
    misfit: float
    pattern: float


def date_misfits(
    observed: AnyArray, coefficients: AnyArray, noise: AnyArray, used: BoolArray, t: float
) -> FloatArray:
    """Sums of bounded squares at ``DAYS`` (d,), then those without the median of each band (d,), of
    pixels on a regular pattern, and how many squares they are: (2 d + 1,).

    ``observed`` (k, rows, columns); ``coefficients`` (8, k, rows, columns); ``noise`` (k, rows,
    columns); ``used`` (rows, columns); ``t``: years of the image.
    """
    stride = max(1, int(np.ceil(np.sqrt(used.size / MOST_PIXELS))))
    thin = (slice(stride // 2, None, stride),) * 2
    chosen = used[thin]
    if not chosen.any():
        return np.zeros(2 * len(DAYS) + 1)
    seen = observed[(slice(None), *thin)][:, chosen].astype(np.float64)
    model = coefficients[(slice(None), slice(None), *thin)][..., chosen].astype(np.float64)
    scale = noise[(slice(None), *thin)][:, chosen].astype(np.float64)
    x = design_of(t + DAYS / YEAR_DAYS)
    level = model_at(model[:2], np.array([1.0, t]))  # the trend stays on the day of the image
    # Of harmonics that no pixel was fitted with, all coefficients are 0.
    season = [column for column in range(2, len(model)) if model[column].any()]
    waves = model[season]
    sums = np.empty((2, len(DAYS)))
    for place, row in enumerate(x):
        residual = seen - model_at(waves, row[season], level)
        sums[0, place] = _bounded(residual / scale)
        residual -= _medians(residual)
        residual /= scale
        sums[1, place] = _bounded(residual)
    return np.append(sums.ravel(), float(seen.size))


def _bounded(z: FloatArray) -> float:
    """The sum of the bounded squares; ``z`` is overwritten."""
    z *= z
    return float(np.minimum(z, _BOUND, out=z).sum())


def _medians(values: FloatArray) -> FloatArray:
    """The medians (k, 1) of ``values`` (k, p), none of them NaN: ``np.median``, which looks for
    NaN first, takes half as long again.
    """
    low, high = (values.shape[1] - 1) // 2, values.shape[1] // 2
    middle = np.partition(values, (low, high), axis=1)
    return np.asarray(0.5 * (middle[:, [low]] + middle[:, [high]]))


def other_date_of(parts: Sequence[Sequence[float]]) -> OtherDate | None:
    """What the sums of all tiles say; None where no pixel was used."""
    if not parts:
        return None
    *total, count = np.sum([np.asarray(part) for part in parts], axis=0)
    whole, pattern = np.reshape(total, (2, len(DAYS)))
    if not whole[0] > 0.0:
        return None
    best = int(np.argmin(whole[1:])) + 1
    return OtherDate(
        float(DAYS[best]),
        float(max(0.0, 1.0 - whole[best] / whole[0])),
        float(whole[0] / count),
        float(1.0 - pattern[best] / pattern[0]) if pattern[0] > 0.0 else 0.0,
    )
