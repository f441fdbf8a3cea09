# SPDX-License-Identifier: GPL-3.0-or-later
"""The pixels of many sites out of one band, read once, block by block.

What is kept of a site is not its pixels but how often each digital number occurs: mean, median and
spread follow from it exactly, in memory that does not grow with the site.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from osgeo import ogr

from ..progress import Progress, check
from ..types import AnyArray, BoolArray, FloatArray
from .band_views import MARGIN, BandView
from .grids import Grid, project_shape
from .raster_values import missing_values
from .rasters import Rasters, Window, block_of
from .rectangles import Place, common_place, place_around, place_of
from .shapes import burnt

SAMPLES = 10_000  # places per site at which directions are looked up, about
_CODES = 65536
Spoiled = Callable[[Window], BoolArray]
# Reduced pixels may mix saturated ones with others; nothing on Earth reflects this much.
_IMPOSSIBLE = 3.0


@dataclass(frozen=True)
class SiteCounts:
    """How often each DN occurs among the pixels of a site that have data.

    ``values``, ``counts`` (k,): without saturated pixels. ``saturated``: how many there are;
    ``inside``: pixels of the site on the raster; ``expected``: how many there would be without its
    edge; ``x``, ``y``: centers of pixels with data, evenly spread, in the CRS of the raster.
    """

    values: AnyArray
    counts: AnyArray
    saturated: int
    inside: int
    expected: int
    x: FloatArray
    y: FloatArray

    @property
    def count(self) -> int:
        """Pixels with data that are not saturated."""
        return int(self.counts.sum())


class _Tally:
    """What was found so far of one site."""

    def __init__(self, outline: ogr.Geometry, grid: Grid) -> None:
        self.outline, self._grid = outline, grid
        self.place = place_of(outline, grid)
        size = 0 if self.place is None else self.place[2] * self.place[3]
        self._stride = max(1, int(np.ceil(np.sqrt(size / SAMPLES))))
        self._codes: AnyArray | None = None
        self._rest: list[AnyArray] = []
        self._places: list[tuple[FloatArray, FloatArray]] = []
        self._saturated = self._inside = 0

    def add(self, window: Window, dn: AnyArray, missing: BoolArray, saturated: BoolArray) -> None:
        """Take the pixels (rows, columns) of one window."""
        site = burnt(self.outline, window)
        self._inside += int(np.count_nonzero(site))
        there = site & ~missing
        self._saturated += int(np.count_nonzero(there & saturated))
        self._count(dn[there & ~saturated])
        row, column = (-window.row_off) % self._stride, (-window.column_off) % self._stride
        rows, columns = np.nonzero(there[row :: self._stride, column :: self._stride])
        x, y = window.centers()
        self._places.append((x[column + columns * self._stride], y[row + rows * self._stride]))

    def _count(self, dn: AnyArray) -> None:
        if dn.dtype == np.uint16 or dn.dtype == np.uint8:
            found = np.bincount(dn, minlength=_CODES)
            self._codes = found if self._codes is None else self._codes + found
        elif dn.size:
            self._rest.append(dn)

    def result(self) -> SiteCounts | None:
        """None where the site has no pixel on the raster."""
        if not self._inside:
            return None
        if self._codes is not None:
            values = np.flatnonzero(self._codes)
            counts = self._codes[values]
        else:
            values, counts = np.unique(np.concatenate([*self._rest, []]), return_counts=True)
        x, y = (np.concatenate(parts) for parts in zip(*self._places, strict=True))
        return SiteCounts(values, counts, self._saturated, self._inside, self._expected(), x, y)

    def _expected(self) -> int:
        x0, x1, y0, y1 = self.outline.GetEnvelope()
        left, bottom, right, top = self._grid.bounds()
        if left <= x0 and bottom <= y0 and x1 <= right and y1 <= top:
            return self._inside
        pixel = self._grid.pixel_width * self._grid.pixel_height
        return max(self._inside, round(float(self.outline.GetArea()) / pixel))


def count_sites(
    view: BandView,
    outlines: Sequence[bytes],
    rasters: Rasters,
    progress: Progress,
    spoiled: Spoiled | None = None,
) -> list[SiteCounts | None]:
    """The pixels of each site (well-known binary, degrees) in a band, None where it has none.

    ``spoiled``: tells where pixels of a window count as saturated besides. Each block of the
    file is decoded once for all sites. Raises ``ProductError`` where the band cannot be read.
    """
    tallies = [_Tally(project_shape(view.grid.wkt, one), view.grid) for one in outlines]
    for block in view.blocks(rasters):
        hits = [
            (tally, common) for tally in tallies
            if tally.place is not None and (common := common_place(tally.place, block)) is not None
        ]  # fmt: skip
        if not hits:
            continue
        check(progress)
        area = place_around([common for _, common in hits])
        dn, missing, saturated = _read(view, area, rasters)
        if spoiled is not None:
            saturated = saturated | spoiled(block_of(view.grid, *area))
        for tally, (column, row, columns, rows) in hits:
            part = np.s_[row - area[1] :, column - area[0] :]
            window = block_of(view.grid, column, row, columns, rows)
            cut = np.s_[:rows, :columns]
            tally.add(window, dn[part][cut], missing[part][cut], saturated[part][cut])
    return [tally.result() for tally in tallies]


def _read(view: BandView, area: Place, rasters: Rasters) -> tuple[AnyArray, BoolArray, BoolArray]:
    """DN, where there are none, and where they are saturated (rows, columns). Of reduced
    resolutions also what the wavelet may have mixed with no data or saturation.
    """
    margin = MARGIN if view.level else 0
    column, row, columns, rows = area
    left, top = min(margin, column), min(margin, row)
    right = min(margin, view.grid.width - column - columns)
    bottom = min(margin, view.grid.height - row - rows)
    dn = view.read(rasters, (column - left, row - top, columns + left + right, rows + top + bottom))
    missing, saturated = missing_values(dn, view.source), _saturated(dn, view)
    if margin:
        saturated = _grown(saturated, margin)
        # Beside saturation the wavelet swings below 0: that is not the border of the image.
        missing = _grown(missing & ~saturated, margin)
    inner = np.s_[top : top + rows, left : left + columns]
    return dn[inner], missing[inner], saturated[inner]


def _saturated(dn: AnyArray, view: BandView) -> BoolArray:
    source = view.source
    if source.saturation is None:
        return np.zeros(dn.shape, dtype=np.bool_)
    if view.level and source.saturation * source.scale + source.offset > _IMPOSSIBLE:
        return np.asarray(dn > (_IMPOSSIBLE - source.offset) / source.scale)
    return np.asarray(dn == source.saturation)


def _grown(where: BoolArray, pixels: int) -> BoolArray:
    """Where any pixel within ``pixels`` rows and columns is set."""
    if not where.any():
        return where
    grown = where.copy()
    for axis in (0, 1):
        before = grown.copy()
        for step in range(1, pixels + 1):
            low, high = [slice(None)] * 2, [slice(None)] * 2
            low[axis], high[axis] = slice(None, -step), slice(step, None)
            grown[tuple(low)] |= before[tuple(high)]
            grown[tuple(high)] |= before[tuple(low)]
    return grown
