# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a stack holds reflectance at all."""

from __future__ import annotations

import numpy as np

from ..errors import InputError
from ..io.rasters import Rasters
from ..io.stacks import Block, ImageStack

_LARGEST = 2.0  # reflectance; more of a median is another scale
_LOOK = 32  # pixels on a side that are looked at


def check_reflectance(stack: ImageStack) -> None:
    """Raise ``InputError`` where the middle of the images holds no reflectance."""
    grid = stack.grid
    width, height = min(_LOOK, grid.width), min(_LOOK, grid.height)
    block = Block((grid.width - width) // 2, (grid.height - height) // 2, width, height)
    with Rasters() as rasters:
        values = stack.read(block, rasters)
    seen = np.abs(values[np.isfinite(values)])
    if seen.size and np.median(seen) > _LARGEST:
        raise InputError(
            f"The values of the stack (median {np.median(seen):.6g} in its middle) look like "
            "scaled integers, not like reflectance (0 to 1). Give SCALE, for example 0.0001."
        )
