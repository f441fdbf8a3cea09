# SPDX-License-Identifier: GPL-3.0-or-later
"""Means of a band over squares of many pixels, block by block: only blocks that are asked for are
read, and memory does not grow with the image.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import ProductError
from ..progress import Progress, check
from ..types import AnyArray, BandSource, BoolArray, FloatArray
from .band_views import BandView, full_view
from .grids import Grid, same_crs
from .raster_values import missing_values
from .rasters import Rasters, block_of, short
from .site_pixels import Spoiled

Place = tuple[int, int, int, int]


@dataclass(frozen=True)
class Aggregates:
    """``mean`` (rows, columns): physical values of the pixels that have data and are not saturated,
    NaN where there are none or they were not read; ``saturated``: how many pixels are; ``missing``:
    how many have no data; ``pixels``: how many each square holds; ``blocks``: how many blocks of
    the file were read.
    """

    mean: FloatArray
    saturated: AnyArray
    missing: AnyArray
    pixels: int
    blocks: int

    @property
    def whole(self) -> BoolArray:
        """Squares all of whose pixels have data."""
        return np.asarray(np.isfinite(self.mean) & (self.missing == 0))


def aggregate_grid(source: BandSource, size_m: float, rasters: Rasters) -> Grid:
    """Squares of about ``size_m`` meters: a whole number of pixels of ``source``, the coarsest band
    that will be read; what is left at the right and lower edges is no part of them.
    """
    fine = full_view(source, rasters).grid
    factor = max(1, round(size_m / fine.pixel_m()))
    left, width, _, top, _, height = fine.geotransform
    columns, rows = fine.width // factor, fine.height // factor
    return Grid(fine.wkt, (left, width * factor, 0.0, top, 0.0, height * factor), columns, rows)


def aggregate(
    source: BandSource, grid: Grid, needed: BoolArray, rasters: Rasters, progress: Progress,
    spoiled: Spoiled | None = None,
) -> Aggregates:  # fmt: skip
    """The means of a band over the squares of ``grid`` that are ``needed`` (rows, columns), and of
    those in the same blocks of the file. ``spoiled``: tells where pixels of a window count as
    saturated besides.

    Raises ``ProductError`` where the pixels of the band do not fit into the squares, or the file
    is damaged.
    """
    view = full_view(source, rasters)
    factor = _factor(view, grid)
    total = np.zeros(needed.shape)
    good, saturated, missing = (np.zeros(needed.shape, dtype=np.int64) for _ in range(3))
    blocks = 0
    for block in view.blocks(rasters):
        part = _clipped(block, factor, grid)
        if part is None:
            continue
        rows, columns, place = part
        if not needed[rows, columns].any():
            continue
        check(progress)
        blocks += 1
        dn = view.read(rasters, place)
        absent = missing_values(dn, source)
        full = _saturated(dn, view, place, spoiled) & ~absent
        usable = ~absent & ~full
        starts = _starts(place[1], place[3], factor), _starts(place[0], place[2], factor)
        where = np.s_[rows, columns]
        total[where] += _sums(np.where(usable, dn, 0), starts, np.float64)
        good[where] += _sums(usable, starts, np.int64)
        missing[where] += _sums(absent, starts, np.int64)
        if full.any():
            saturated[where] += _sums(full, starts, np.int64)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = total / good * source.scale + source.offset
    whole = good + saturated + missing == factor * factor
    return Aggregates(np.where(whole, mean, np.nan), saturated, missing, factor * factor, blocks)


def _saturated(dn: AnyArray, view: BandView, place: Place, spoiled: Spoiled | None) -> BoolArray:
    """Where pixels of a block are saturated, by their numbers and by ``spoiled``."""
    limit = view.source.saturation
    full = np.zeros(dn.shape, dtype=np.bool_) if limit is None else np.asarray(dn == limit)
    return full if spoiled is None else full | spoiled(block_of(view.grid, *place))


def _factor(view: BandView, grid: Grid) -> int:
    """How many pixels lie along the side of a square."""
    own, wanted = view.grid.geotransform, grid.geotransform
    ratio = wanted[1] / own[1]
    factor = round(ratio)
    fits = abs(ratio - factor) < 1e-6 and (own[0], own[3]) == (wanted[0], wanted[3])
    if factor < 1 or not fits or not same_crs(view.grid.wkt, grid.wkt):
        raise ProductError(
            f"{short(view.source.uri)} lies on a grid that does not fit those of the other bands. "
            "Get the product again."
        )
    return factor


def _clipped(block: Place, factor: int, grid: Grid) -> tuple[slice, slice, Place] | None:
    """The rows and columns of squares that a block touches, and its part inside the squares."""
    column, row, columns, rows = block
    columns = min(columns, grid.width * factor - column)
    rows = min(rows, grid.height * factor - row)
    if columns <= 0 or rows <= 0:
        return None
    across = slice(column // factor, (column + columns - 1) // factor + 1)
    down = slice(row // factor, (row + rows - 1) // factor + 1)
    return down, across, (column, row, columns, rows)


def _starts(first: int, count: int, factor: int) -> AnyArray:
    """Where in a block squares begin, the one that began before it included."""
    return np.concatenate([[0], np.arange(factor - first % factor, count, factor)]).astype(int)


def _sums(values: AnyArray, starts: tuple[AnyArray, AnyArray], kind: type) -> AnyArray:
    down = np.add.reduceat(values, starts[0], axis=0, dtype=kind)
    return np.asarray(np.add.reduceat(down, starts[1], axis=1, dtype=kind))
