# SPDX-License-Identifier: GPL-3.0-or-later
"""Bands at full resolution, or at one of the reduced resolutions that JPEG 2000 files hold.

A reduced image is the low-pass part of the wavelet transform: its sample ``i`` lies at the center
of the full pixel ``2**level * i``, not in the middle of the pixels that it stands for (checked
against a planted field in the tests).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from osgeo import gdal

from ..errors import ProductError
from ..types import AnyArray, BandSource
from .grids import Grid
from .rasters import Rasters, quiet, short

FAST_M = 40.0  # the finest resolution of fast reads
MARGIN = 2  # reduced pixels that the wavelet mixes across an edge
_BLOCK = 1024
# The reversible 5/3 transform rounds in integers: two floors per direction and level raise the mean
# of a textured image by 1/4 DN each direction (Rec. ITU-T T.800, F.3.8.2).
_ROUNDING_DN = 0.5


@dataclass(frozen=True)
class BandView:
    """A band on ``grid``; ``level``: how often its resolution is halved (0: full); ``raised_dn``:
    by how much the reduced values are too high.
    """

    source: BandSource
    grid: Grid
    level: int = 0
    raised_dn: float = 0.0

    def raster(self, rasters: Rasters) -> gdal.Band:
        """The band of the opened file, at the resolution of the view."""
        band = rasters.dataset(self.source.uri).GetRasterBand(self.source.band)
        if self.level == 0:
            return band
        return next(
            one for one in map(band.GetOverview, range(band.GetOverviewCount()))
            if (one.XSize, one.YSize) == (self.grid.width, self.grid.height)
        )  # fmt: skip

    def read(self, rasters: Rasters, place: tuple[int, int, int, int]) -> AnyArray:
        """DN of a rectangle (column, row, columns, rows); raises ``ProductError`` on failure."""
        values = None
        with quiet():
            try:
                values = self.raster(rasters).ReadAsArray(*place)
            except RuntimeError:
                values = None
        if values is None:
            raise ProductError(
                f"{short(self.source.uri)} cannot be read: it is damaged or not complete. Get it "
                "again."
            )
        return np.asarray(values)

    def blocks(self, rasters: Rasters, side: int = _BLOCK) -> Iterator[tuple[int, int, int, int]]:
        """The grid in rectangles (column, row, columns, rows) along the blocks of the file, so that
        none of these has to be decoded twice, of about 2 ``side`` x ``side`` pixels.
        """
        # Two blocks of JPEG 2000 side by side: GDAL decodes them at the same time.
        own = self.raster(rasters).GetBlockSize()
        wide = _multiple(own[0], self.grid.width, 2 * side)
        high = _multiple(own[1], self.grid.height, side)
        if wide >= self.grid.width:
            high = min(high, max(1, 2 * side * side // self.grid.width))
        for row in range(0, self.grid.height, high):
            for column in range(0, self.grid.width, wide):
                yield (
                    column, row,
                    min(wide, self.grid.width - column), min(high, self.grid.height - row),
                )  # fmt: skip


def full_view(source: BandSource, rasters: Rasters) -> BandView:
    """The band as it is."""
    _check_band(source, rasters)
    return BandView(source, rasters.grid(source.uri))


def fast_view(source: BandSource, rasters: Rasters, least_m: float = FAST_M) -> BandView:
    """The band of a JPEG 2000 file at its finest resolution of ``least_m`` or more; other files,
    and those without reduced resolutions, as they are.
    """
    full = full_view(source, rasters)
    dataset = rasters.dataset(source.uri)
    if not dataset.GetDriver().ShortName.startswith("JP2"):
        return full
    band = dataset.GetRasterBand(source.band)
    best = full
    for number in range(band.GetOverviewCount()):
        if best.grid.pixel_m() >= least_m * 0.999:
            break
        level = number + 1
        overview = band.GetOverview(number)
        if overview.XSize != -(-full.grid.width // 2**level):
            break
        best = replace(full, grid=_reduced(full.grid, level, overview), level=level)
    reversible = str(dataset.GetMetadataItem("COMPRESSION_REVERSIBILITY", "IMAGE_STRUCTURE") or "")
    if best.level and reversible.upper().startswith("LOSSLESS"):
        best = replace(best, raised_dn=_ROUNDING_DN * best.level)
    return best


def _check_band(source: BandSource, rasters: Rasters) -> None:
    count = rasters.dataset(source.uri).RasterCount
    if not 1 <= source.band <= count:
        raise ProductError(
            f"{short(source.uri)} has {count} band(s), but band {source.band} is asked for: the "
            "file does not fit the metadata. Get the product again."
        )


def _reduced(grid: Grid, level: int, overview: gdal.Band) -> Grid:
    left, width, _, top, _, height = grid.geotransform
    factor = 2**level
    shift = 0.5 - 0.5 * factor  # of the corner, in full pixels: the first centers coincide
    moved = (left + shift * width, factor * width, 0.0, top + shift * height, 0.0, factor * height)
    return Grid(grid.wkt, moved, overview.XSize, overview.YSize)


def _multiple(size: int, whole: int, most: int) -> int:
    """The largest multiple of a block's ``size`` up to ``most``, at least one block."""
    return min(max(size, most // size * size), whole)
