# SPDX-License-Identifier: GPL-3.0-or-later
"""Which pixels of large rasters have their center in which polygon, and their values, block by
block.

First the places of the pixels are found, which reads nothing; values are read of those that are
wanted, one block of the file at a time, so that memory does not grow with the rasters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from osgeo import ogr

from ..progress import Progress, check
from ..types import AnyArray, BandSource, BoolArray, FloatArray
from .band_views import full_view
from .grids import Grid
from .raster_values import missing_values
from .rasters import Rasters, block_of
from .rectangles import Place, common_place, place_around, place_of
from .shapes import burnt

IntArray = npt.NDArray[np.int64]
_WAITING = 5_000_000  # pixels, between two calls of a limit
_SIDE = 256  # rows of a block, about: all bands of one fit into GDAL's cache


@dataclass(frozen=True)
class PixelPlaces:
    """Pixels (n,) in polygons: place of the ``raster`` in the list, ``row``, ``column`` in it,
    center ``x``, ``y`` in its CRS, place of the ``polygon``.
    """

    raster: IntArray
    row: IntArray
    column: IntArray
    x: FloatArray
    y: FloatArray
    polygon: IntArray

    def __len__(self) -> int:
        return len(self.row)

    def select(self, rows: BoolArray | IntArray) -> PixelPlaces:
        """Some of the pixels, by a mask or by places."""
        return PixelPlaces(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class FoundPixels:
    """``pixels`` that lie in one polygon only; ``shared`` (polygons,): how many pixels of each were
    left out because another polygon has them too; ``touched`` (polygons,): whether it meets the
    rectangle of any raster; ``thinned``: how many pixels in one polygon were not kept.
    """

    pixels: PixelPlaces
    shared: IntArray
    touched: BoolArray
    thinned: int = 0

    def of_all(self, tiles: IntArray, rows: IntArray, count: int) -> FoundPixels:
        """What was found of some rasters and polygons, at their places ``tiles`` and ``rows`` among
        all rasters and the ``count`` polygons.
        """
        pixels = replace(
            self.pixels, raster=tiles[self.pixels.raster], polygon=rows[self.pixels.polygon]
        )
        shared, touched = np.zeros(count, np.int64), np.zeros(count, np.bool_)
        shared[rows], touched[rows] = self.shared, self.touched
        return FoundPixels(pixels, shared, touched, self.thinned)


def together(found: Sequence[FoundPixels]) -> FoundPixels:
    """What was found at several times, of the same polygons."""
    return FoundPixels(
        _together([one.pixels for one in found]),
        np.sum([one.shared for one in found], axis=0),
        np.any([one.touched for one in found], axis=0),
        sum(one.thinned for one in found),
    )


def find_pixels(
    uris: Sequence[str],
    shapes: Sequence[bytes],
    rasters: Rasters,
    progress: Progress,
    limit: Callable[[PixelPlaces], PixelPlaces] | None = None,
) -> FoundPixels:
    """The pixels of ``uris`` whose center lies in a polygon of ``shapes`` (well-known binary in the
    CRS of the rasters), in no particular order.

    ``limit`` leaves some of them out, now and then on the way and in the end, so that they need not
    all be known at a time: parts that it has seen are given to it again together with others.
    """
    count = waiting = 0
    outlines = [ogr.CreateGeometryFromWkb(shape) for shape in shapes]
    shared, touched = np.zeros(len(shapes), np.int64), np.zeros(len(shapes), np.bool_)
    parts: list[PixelPlaces] = []
    for number, uri in enumerate(uris):
        view = full_view(BandSource("", uri), rasters)
        reference = view.grid.reference()
        for outline in outlines:
            outline.AssignSpatialReference(reference)
        places = [place_of(outline, view.grid) for outline in outlines]
        touched |= np.array([place is not None for place in places], dtype=np.bool_)
        blocks = list(view.blocks(rasters, _SIDE))
        for block, hits in _by_block(blocks, places):
            check(progress)
            found, lost = _in_block(view.grid, block, [(one, outlines[one]) for one in hits])
            shared += np.bincount(lost, minlength=len(shapes))
            parts.append(_placed(view.grid, number, block, found))
            count, waiting = count + len(parts[-1]), waiting + len(parts[-1])
            if limit is not None and waiting > _WAITING:
                parts, waiting = [limit(_together(parts))], 0
        progress.report((number + 1) / len(uris))
    pixels = _together(parts)
    if limit is not None:
        pixels = limit(pixels)
    return FoundPixels(pixels, shared, touched, count - len(pixels))


def _by_block(blocks: list[Place], places: Sequence[Place | None]) -> list[tuple[Place, list[int]]]:
    """The blocks that polygons touch, with these."""
    wide, high = blocks[0][2], blocks[0][3]
    by_corner = {(block[0] // wide, block[1] // high): block for block in blocks}
    hits: dict[tuple[int, int], list[int]] = {}
    for number, place in enumerate(places):
        if place is None:
            continue
        column, row, columns, rows = place
        for down in range(row // high, (row + rows - 1) // high + 1):
            for along in range(column // wide, (column + columns - 1) // wide + 1):
                hits.setdefault((along, down), []).append(number)
    return [(by_corner[corner], hits[corner]) for corner in sorted(hits)]


def _in_block(
    grid: Grid, block: Place, outlines: Sequence[tuple[int, ogr.Geometry]]
) -> tuple[tuple[IntArray, IntArray, IntArray], IntArray]:
    """Rows, columns (in the block) and polygons of its pixels in one polygon; and the polygons of
    those in several, one entry per pixel and polygon.
    """
    hits = np.zeros((block[3], block[2]), dtype=np.uint16)
    burns: list[tuple[int, tuple[IntArray, IntArray]]] = []
    for number, outline in outlines:
        place = place_of(outline, grid)
        common = None if place is None else common_place(place, block)
        if common is None:
            continue
        rows, columns = np.nonzero(burnt(outline, block_of(grid, *common)))
        at = (rows + common[1] - block[1], columns + common[0] - block[0])
        hits[at] += 1
        burns.append((number, at))
    alone = [(number, at, hits[at] == 1) for number, at in burns]
    rows = _joined([at[0][good] for _, at, good in alone])
    columns = _joined([at[1][good] for _, at, good in alone])
    owner = _joined([np.full(np.count_nonzero(good), number) for number, _, good in alone])
    lost = _joined([np.full(np.count_nonzero(~good), number) for number, _, good in alone])
    return (rows, columns, owner), lost


def _placed(
    grid: Grid, raster: int, block: Place, found: tuple[IntArray, IntArray, IntArray]
) -> PixelPlaces:
    row, column = found[0] + block[1], found[1] + block[0]
    left, width, _, top, _, height = grid.geotransform
    return PixelPlaces(
        np.full(len(row), raster, dtype=np.int64), row, column,
        left + (column + 0.5) * width, top + (row + 0.5) * height, found[2],
    )  # fmt: skip


def read_pixels(
    uris: Sequence[str],
    bands: Sequence[Sequence[int]],
    pixels: PixelPlaces,
    nodata: float | None,
    rasters: Rasters,
    progress: Progress,
) -> npt.NDArray[np.float32]:
    """Values (pixels, features) of the ``bands`` (from 1) of each raster, NaN where one is no data:
    by its own code, by ``nodata``, or no finite number. Raises ``ProductError``.
    """
    values = np.full((len(pixels), len(bands[0]) if bands else 0), np.nan, dtype=np.float32)
    done = 0
    for number, uri in enumerate(uris):
        mine = np.flatnonzero(pixels.raster == number)
        if not len(mine):
            continue
        view = full_view(BandSource("", uri), rasters)
        _, _, wide, high = next(iter(view.blocks(rasters, _SIDE)))
        keys = (pixels.row[mine] // high) * (view.grid.width // wide + 1)
        keys += pixels.column[mine] // wide
        order = np.argsort(keys, kind="stable")
        cuts = np.flatnonzero(np.diff(keys[order])) + 1
        for rows in np.split(mine[order], cuts):
            check(progress)
            progress.report(done / len(pixels))
            values[rows] = _of_block(uri, bands[number], pixels.select(rows), nodata, rasters)
            done += len(rows)
    return values


def _of_block(
    uri: str, bands: Sequence[int], pixels: PixelPlaces, nodata: float | None, rasters: Rasters
) -> npt.NDArray[np.float32]:
    singles = [(int(c), int(r), 1, 1) for c, r in zip(pixels.column, pixels.row, strict=True)]
    place = place_around(singles)
    values = np.empty((len(pixels), len(bands)), dtype=np.float32)
    at = (pixels.row - place[1], pixels.column - place[0])
    for index, band in enumerate(bands):
        dn = rasters.read(uri, band, *place)[at]
        declared = rasters.dataset(uri).GetRasterBand(band).GetNoDataValue()
        missing = missing_values(dn, BandSource("", uri, nodata=declared))
        if nodata is not None:
            missing |= dn == nodata
        with np.errstate(over="ignore"):
            values[:, index] = dn
        values[missing, index] = np.nan
    values[~np.isfinite(values)] = np.nan
    return values


def value_at(
    uris: Sequence[str], x: FloatArray, y: FloatArray, rasters: Rasters, progress: Progress
) -> npt.NDArray[np.float32]:
    """Values (n,) of the first band of the first of several rasters that has data at each place, in
    their CRS; NaN where none has.
    """
    values = np.full(len(x), np.nan, dtype=np.float32)
    for uri in uris:
        grid = rasters.grid(uri)
        left, width, _, top, _, height = grid.geotransform
        column = np.floor((x - left) / width).astype(np.int64)
        row = np.floor((y - top) / height).astype(np.int64)
        on = np.isnan(values) & (column >= 0) & (column < grid.width)
        rows = np.flatnonzero(on & (row >= 0) & (row < grid.height))
        zeros = np.zeros(len(rows), dtype=np.int64)
        there = PixelPlaces(zeros, row[rows], column[rows], x[rows], y[rows], zeros)
        values[rows] = read_pixels([uri], [[1]], there, None, rasters, progress)[:, 0]
    return values


def _joined(parts: Sequence[AnyArray]) -> IntArray:
    return np.asarray(np.concatenate([*parts, np.zeros(0, dtype=np.int64)]), dtype=np.int64)


def _together(parts: Sequence[PixelPlaces]) -> PixelPlaces:
    names = PixelPlaces.__dataclass_fields__
    columns = {name: [getattr(one, name) for one in parts] for name in names}
    made = {name: np.concatenate([*some, np.zeros(0)]) for name, some in columns.items()}
    whole = {name: made[name].astype(np.int64) for name in names if name not in ("x", "y")}
    return PixelPlaces(x=made["x"], y=made["y"], **whole)
