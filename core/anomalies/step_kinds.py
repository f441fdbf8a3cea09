# SPDX-License-Identifier: GPL-3.0-or-later
"""What a change of level is in all bands together: an offset, a gain, or neither."""

from __future__ import annotations

import numpy as np

from ..dependencies import require
from ..types import FloatArray
from .labels import UNKNOWN

OFFSET, GAIN = "offset", "gain"
_SHAPE_ERROR = 0.05  # of a band's share in the change: spectral response, other surfaces
_LEAST_CHANCE = 0.001  # of a misfit as large: what is less likely is no such change


def kind_of(change: FloatArray, covariance: FloatArray, before: FloatArray) -> tuple[str, float]:
    """The kind of a ``change`` (k,) of reflectance with its ``covariance`` (k, k), and its
    amplitude; ``before`` (k,) is the level without it.

    An offset is the same amount in all bands (amplitude: reflectance), a gain the same share of
    what was there (amplitude: share, -1 or more). Where neither explains the change within its
    errors, and within 5 % of what each band should have, it is ``unknown``: the amplitude is then
    the change (reflectance) of the band that changed most. A single band is taken for an offset.
    """
    found = []
    for kind, shape in ((OFFSET, np.ones(len(change))), (GAIN, before)):
        amplitude = _amplitude(change, covariance, shape)
        error = np.diag(np.square(_SHAPE_ERROR * amplitude * shape))
        left = change - amplitude * shape
        misfit = float(left @ np.linalg.solve(covariance + error, left))
        if np.isfinite(misfit) and (kind == OFFSET or amplitude >= -1.0):
            found.append((misfit, kind, amplitude))
    if found:
        misfit, kind, amplitude = min(found)
        others = len(change) - 1
        if not others or require("scipy.special").chdtrc(others, misfit) > _LEAST_CHANCE:
            return kind, amplitude
    return UNKNOWN, float(change[np.abs(change).argmax()])


def _amplitude(change: FloatArray, covariance: FloatArray, shape: FloatArray) -> float:
    weight = np.linalg.solve(covariance, shape)
    return float(weight @ change / (weight @ shape))
