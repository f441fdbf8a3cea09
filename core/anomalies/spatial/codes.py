# SPDX-License-Identifier: GPL-3.0-or-later
"""Codes of the types of anomalies in rasters, and of the scores."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...types import FloatArray
from ..labels import ALL_TYPES, NONE, UNKNOWN

SHIFT, STRIPES = "shift", "stripes"
UNTESTED = 255
NAMES = (NONE, *ALL_TYPES, SHIFT, STRIPES)
CODES: dict[str, int] = {name: code for code, name in enumerate(NAMES)}
# What happens in a part of an image; everything else is the same all over it.
LOCAL = ("cloud", "thin_cloud", "shadow", UNKNOWN)

_STEPS = 10.0  # levels per decade
_MOST = 254


def levels(p_value: FloatArray) -> npt.NDArray[np.uint8]:
    """Tenths of -log10 of p-values (...), 0 to 254, rounded down; ``UNTESTED`` for NaN."""
    with np.errstate(divide="ignore"):
        decades = -np.log10(np.maximum(p_value, 1e-30))
    steps = np.minimum(np.floor(_STEPS * decades), _MOST)
    return np.where(np.isfinite(steps), steps, UNTESTED).astype(np.uint8)


def scores(level: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """-log10 of the p-values (...) again, NaN where untested."""
    return np.where(level == UNTESTED, np.nan, level / np.float32(_STEPS)).astype(np.float32)
