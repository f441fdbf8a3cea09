# SPDX-License-Identifier: GPL-3.0-or-later
"""The first pass: the pixels of one tile over all dates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...execution.stacks import block_of
from ...execution.tiling import Tile, TileOutput
from ...io.plain_stacks import stack_from_plain, stack_to_plain
from ...io.stacks import ImageStack
from ...types import FloatArray
from .design import Design, make_design
from .pixels import BY_BAND, ONCE, PART, pixel_stability
from .settings import StabilitySettings

_PART_ARRAYS = 14.0  # of float64 that the fit of one part of pixels holds at a time


def tile_parameters(
    stack: ImageStack, angles: FloatArray | None, settings: StabilitySettings
) -> dict[str, Any]:
    """What ``stability_tile`` needs to know, as values that JSON knows."""
    return {
        "stack": stack_to_plain(stack),
        "angles": None if angles is None else angles.tolist(),
        "settings": settings.to_plain(),
    }


def stability_tile(tile: Tile, parameters: Mapping[str, Any]) -> TileOutput:
    """``level`` and the other figures by band (b, rows, columns) and ``once`` (3, rows, columns) of
    a tile: the fields of ``PixelStability``, float32.
    """
    stack = stack_from_plain(parameters["stack"])
    settings = StabilitySettings.from_plain(parameters["settings"])
    block = block_of(tile.own)
    values = stack.read(block)
    values[np.broadcast_to(stack.masked(block)[:, None], values.shape)] = np.nan
    flat = values.reshape(len(stack), len(stack.bands), block.rows * block.columns)
    design = design_of(stack, parameters["angles"], settings)
    found = pixel_stability(flat, design, settings.least_dates)
    shape = (block.rows, block.columns)
    arrays = {name: getattr(found, name).reshape(-1, *shape) for name in BY_BAND}
    arrays["once"] = np.stack([getattr(found, name).reshape(shape) for name in ONCE])
    return TileOutput(arrays)


def design_of(stack: ImageStack, angles: Any, settings: StabilitySettings) -> Design:
    """The model of all pixels of ``stack``; ``angles`` (n, 3) in degrees or None."""
    known = None if angles is None else np.array(angles, dtype=np.float64).reshape(-1, 3)
    return make_design(stack.times, known, settings.removal, settings.trend)


def tile_need(stack: ImageStack) -> tuple[float, float]:
    """What a tile needs at its peak: bytes per pixel, and megabytes whatever its size."""
    bands, dates = len(stack.bands), len(stack)
    per_pixel = stack.bytes_per_pixel() + 2.0 * dates + 8.0 * (len(BY_BAND) * bands + len(ONCE))
    fixed = PART * dates * 8.0 * (_PART_ARRAYS + 3.0 * bands) / 1e6
    return per_pixel, fixed
