# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether images hold reflectance at all, and all of them on one scale."""

from __future__ import annotations

import numpy as np

from ..errors import InputError
from ..io.dated_rasters import READER
from ..io.rasters import Rasters
from ..io.stacks import Block, ImageStack
from ..types import FloatArray, TimeArray
from ..wording import listed
from .scales import LARGEST, ZERO, advised_factor, far_too_small, larger_scale

_LOOK = 32  # pixels on a side that are looked at
# Where, in shares of the image; the scale of products comes from their metadata: once is enough.
_MIDDLE = ((0.5, 0.5),)
_PLACES = (*_MIDDLE, (0.2, 0.2), (0.8, 0.2), (0.2, 0.8), (0.8, 0.8))
_MOST_NAMED = 5  # dates

NOTHING_CLEAR = (
    "All observations of the images are masked, or hold no value. Check the mask (MASK, MASK_BAND, "
    "MASK_CLEAR, MASK_POLICY), NODATA, and the files themselves."
)


def infinite_note(count: int) -> str:
    """What the user is told of ``count`` infinite values of images."""
    values = "values of the images are infinite and were" if count > 1 else (
        "value of the images is infinite and was"
    )  # fmt: skip
    return f"{count} {values} taken for {'gaps' if count > 1 else 'a gap'}."


def check_reflectance(stack: ImageStack) -> None:
    """Raise ``InputError`` where samples of the images hold no reflectance, or where dates have
    different scales.
    """
    levels = check_one_scale(stack)
    seen = levels[np.isfinite(levels)]
    if seen.size and np.median(seen) > LARGEST:
        raise InputError(
            f"The values of the stack (median {np.median(seen):.6g} in samples) look like scaled "
            f"integers, not like reflectance (0 to 1). Give SCALE, for example "
            f"{advised_factor(seen):g}."
        )


def check_one_scale(stack: ImageStack) -> FloatArray:
    """The median (dates,) of the brightest band of each image in samples, NaN where they have no
    clear pixel. Raises ``InputError`` as ``check_levels`` does.
    """
    grid = stack.grid
    width, height = min(_LOOK, grid.width), min(_LOOK, grid.height)
    places = _PLACES if stack.products[0].reader == READER else _MIDDLE
    blocks = dict.fromkeys(
        Block(int((grid.width - width) * x), int((grid.height - height) * y), width, height)
        for x, y in places
    )
    parts = []
    with Rasters() as rasters:
        for block in blocks:
            values = np.abs(stack.read(block, rasters)).astype(np.float64)
            hidden = np.broadcast_to(stack.masked(block, rasters)[:, None], values.shape)
            values[hidden] = np.nan
            parts.append(values.reshape(len(stack), len(stack.bands), -1))
    levels = _levels(np.concatenate(parts, axis=2))
    check_levels(levels, stack.times, "The stack")
    return levels


def check_levels(levels: FloatArray, times: TimeArray, name: str) -> None:
    """Raise ``InputError`` naming the dates where typical absolute values ``levels`` (n,) at
    ``times`` (n,) are on two scales, or all far too small for reflectance.
    """
    large = larger_scale(levels)
    if large.any():
        small = ~large & (levels > ZERO)
        few, others = (large, small) if large.sum() <= small.sum() else (small, large)
        raise InputError(
            f"{name} mixes scales: {_dates(times[few])} have values of about "
            f"{np.median(levels[few]):.3g}, the other {np.count_nonzero(others)} of about "
            f"{np.median(levels[others]):.3g}. Bring all images to reflectance (0 to 1) first, or "
            "leave those out."
        )
    if far_too_small(levels):
        known = levels[levels > ZERO]
        raise InputError(
            f"The values of {name[0].lower()}{name[1:]} (median {np.median(known):.3g}) are far "
            "too small for reflectance (0 to 1): a scale was applied twice. Leave SCALE empty, or "
            "give 1 where the files hold reflectance."
        )


def _levels(values: FloatArray) -> FloatArray:
    """The largest median (dates,) of the bands of ``values`` (dates, bands, pixels)."""
    result = np.full(len(values), np.nan)
    for date, bands in enumerate(values):
        medians = [np.median(one[np.isfinite(one)]) for one in bands if np.isfinite(one).any()]
        result[date] = max(medians, default=np.nan)
    return result


def _dates(times: TimeArray) -> str:
    days = [str(day) for day in np.unique(times.astype("datetime64[D]"))]
    return f"{len(times)} image{'s' * (len(times) > 1)} ({listed(days, _MOST_NAMED)})"
