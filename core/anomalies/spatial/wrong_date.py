# SPDX-License-Identifier: GPL-3.0-or-later
"""Does an image fit another day of the season better than its own?

The misfit to the seasonal models of all pixels is summed for the day of the image and for days
before and after it; sums of tiles add up. Squares are bounded, so that clouds do not decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...types import AnyArray, BoolArray, FloatArray
from ..harmonics import MAX_HARMONICS, YEAR_DAYS, design
from ..labels import SHIFT_DAYS

DAYS = np.concatenate(([0.0], SHIFT_DAYS))
MOST_PIXELS = 10_000  # of a tile, on a regular pattern
_BOUND = 25.0  # squared sigmas


@dataclass(frozen=True)
class OtherDate:
    """``days`` from the date of the image to the day that fits best (positive: the image is of a
    later day), and the share ``explained`` (0 to 1) of the misfit that the move removes. ``misfit``
    is the mean bounded square on its own day, 1 or so for a good image.
    """

    days: float
    explained: float
    misfit: float


def date_misfits(
    observed: AnyArray, coefficients: AnyArray, noise: AnyArray, used: BoolArray, t: float
) -> FloatArray:
    """Sums (1 + days + 1,) of bounded squares at ``DAYS``, of pixels on a regular pattern, and how
    many squares they are.

    ``observed`` (k, rows, columns); ``coefficients`` (8, k, rows, columns); ``noise`` (k, rows,
    columns); ``used`` (rows, columns); ``t``: years of the image.
    """
    stride = max(1, int(np.ceil(np.sqrt(used.size / MOST_PIXELS))))
    thin = (slice(stride // 2, None, stride),) * 2
    chosen = used[thin]
    if not chosen.any():
        return np.zeros(len(DAYS) + 1)
    seen = observed[(slice(None), *thin)][:, chosen].astype(np.float64)
    model = coefficients[(slice(None), slice(None), *thin)][..., chosen].astype(np.float64)
    scale = noise[(slice(None), *thin)][:, chosen].astype(np.float64)
    x = design(t + DAYS / YEAR_DAYS, MAX_HARMONICS)
    x[:, 1] = t
    sums = np.empty(len(DAYS) + 1)
    sums[-1] = seen.size
    for place, row in enumerate(x):
        z = (seen - np.tensordot(row, model, axes=1)) / scale
        sums[place] = np.minimum(z * z, _BOUND).sum()
    return sums


def other_date_of(parts: Sequence[Sequence[float]]) -> OtherDate | None:
    """What the sums of all tiles say; None where no pixel was used."""
    if not parts:
        return None
    *total, count = np.sum([np.asarray(part) for part in parts], axis=0)
    if not total[0] > 0.0:
        return None
    best = int(np.argmin(total[1:])) + 1
    explained = float(max(0.0, 1.0 - total[best] / total[0]))
    return OtherDate(float(DAYS[best]), explained, float(total[0] / count))
