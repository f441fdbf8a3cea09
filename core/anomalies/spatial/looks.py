# SPDX-License-Identifier: GPL-3.0-or-later
"""Quick looks: small pictures of the dates that stand out, for reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...io.grids import Grid
from ...io.raster_values import scaled
from ...io.rasters import Rasters
from ...io.stacks import ImageStack
from ...types import BandSource, FloatArray
from ..labels import NONE
from .image_types import LEAST_USED
from .verdict import DateVote

SIDE = 160  # pixels of a quick look, at most
MOST_LOOKS = 8
_TARGETS_NM = (665.0, 560.0, 490.0)
_NEAREST_NM = 70.0  # farther away a band is no red, green or blue
_LEAST_CLEAR = 0.5  # of a good image


@dataclass(frozen=True)
class Look:
    """One date (index): its ``image`` and that of a ``good_date`` near it (3, rows, columns),
    reflectance, None where there is none; the ``types`` (rows, columns) of its pixels.
    """

    date: int
    image: FloatArray
    good_date: int | None
    good: FloatArray | None
    types: npt.NDArray[np.uint8]


def dates_to_show(votes: Sequence[DateVote], layers: Sequence[int], most: int) -> list[int]:
    """Of the dates that have ``layers`` those that are worst, in order: images that are off as a
    whole, then those with most anomalies.
    """
    ranked = sorted(layers, key=lambda date: (votes[date].kind == NONE, -votes[date].share))
    return sorted(ranked[:most])


def good_date(votes: Sequence[DateVote], date: int) -> int | None:
    """The nearest date that is clear and in order."""
    good = [
        other for other, one in enumerate(votes)
        if one.kind == NONE and one.used >= max(LEAST_USED, _LEAST_CLEAR)
        and one.share < 0.02 and other != date
    ]  # fmt: skip
    return min(good, key=lambda other: abs(other - date), default=None)


def color_bands(nm: FloatArray) -> tuple[int, int, int]:
    """Indices of the bands shown as red, green and blue: those nearest to these colors, else the
    first three; a single band three times.
    """
    known = np.where(np.isfinite(nm), nm, np.inf)
    near = [int(np.abs(known - target).argmin()) for target in _TARGETS_NM]
    apart = [abs(known[at] - target) for at, target in zip(near, _TARGETS_NM, strict=True)]
    if len(set(near)) == 3 and max(apart) <= _NEAREST_NM:
        return near[0], near[1], near[2]
    last = len(nm) - 1
    return min(2, last), min(1, last), 0


def thin(values: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """A map (rows, columns), every so many pixels."""
    step = max(1, -(-max(values.shape) // SIDE))
    return values[step // 2 :: step, step // 2 :: step]


def picture(stack: ImageStack, date: int, bands: Sequence[int], rasters: Rasters) -> FloatArray:
    """Three ``bands`` of a date (3, rows, columns), read as coarse as they are shown; NaN without
    data, all of it where the date lacks a band.
    """
    rows, columns = _shape(stack.grid)
    image = np.full((3, rows, columns), np.nan)
    sources = stack.products[date].bands
    for place, band in enumerate(bands):
        source = sources.get(stack.bands[band])
        if source is not None:
            image[place] = _coarse(rasters, source, stack.grid, rows, columns)
    return image


def _shape(grid: Grid) -> tuple[int, int]:
    step = max(1, -(-max(grid.width, grid.height) // SIDE))
    return max(1, grid.height // step), max(1, grid.width // step)


def _coarse(
    rasters: Rasters, source: BandSource, grid: Grid, rows: int, columns: int
) -> FloatArray:
    """A band over the extent of ``grid``, thinned to (rows, columns); NaN where it does not reach
    that far.
    """
    own = rasters.grid(source.uri)
    left, width, _, top, _, height = own.geotransform
    west, south, east, north = grid.bounds()
    column, row = round((west - left) / width), round((north - top) / height)
    wide, high = round((east - west) / width), round((south - north) / height)
    if column < 0 or row < 0 or column + wide > own.width or row + high > own.height:
        return np.full((rows, columns), np.nan)
    values = rasters.thinned(source.uri, source.band, (column, row, wide, high), (columns, rows))
    return scaled(values, source)
