# SPDX-License-Identifier: GPL-3.0-or-later
"""Two maps of classes on one grid: how far they agree, and where they say what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...errors import InputError
from ...io.class_maps import (
    classes_in,
    codes_present,
    map_grid,
    read_codes,
    row_areas_ha,
    strips,
)
from ...io.grids import transform_points
from ...io.rasters import Rasters, short
from ...progress import Part, Progress, Silent, check
from ...types import BoolArray, FloatArray
from ..class_colors import colored
from ..classes import LARGEST_CODE, NO_CLASS, Classes
from ..maps.fuse_files import shared_grid

Counts = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class MapComparison:
    """``pixels`` and ``hectares`` (classes of the first map, classes of the second) where both maps
    have a class; ``one_only``: pixels where just one of them has. ``same`` (first, second): cells
    in which both say the same class.
    """

    first: Classes
    second: Classes
    pixels: Counts
    hectares: FloatArray
    one_only: int
    same: BoolArray

    @property
    def agreement(self) -> float:
        """Share (0 to 1) of the area on which both say the same class; NaN without any."""
        total = float(self.hectares.sum())
        return float(self.hectares[self.same].sum()) / total if total else float("nan")


def same_classes(first: Classes, second: Classes) -> BoolArray:
    """Which classes of two maps are the same (first, second): those of one label, whatever their
    codes. Where the maps have no label in common, those of one code.
    """
    labels: BoolArray = np.array(first.labels, object)[:, None] == np.array(second.labels, object)
    if labels.any():
        return labels
    codes: BoolArray = first.codes[:, None] == second.codes
    return codes


def cross_table(one: Codes, two: Codes, first: Classes, second: Classes) -> Counts:
    """How many pixels have which pair of classes (first, second), of two arrays of codes of one
    shape; codes that are no class are left out.
    """
    a, b = _indices(first)[one], _indices(second)[two]
    both = (a >= 0) & (b >= 0)
    pairs = a[both] * len(second) + b[both]
    size = len(first) * len(second)
    return np.bincount(pairs, minlength=size).reshape(len(first), len(second))


def compare_maps(first: str, second: str, progress: Progress | None = None) -> MapComparison:
    """Compare the maps of two files.

    The area of pixels in degrees follows their latitude. Raises ``InputError`` where they lie on
    different grids, or one is no map of classes.
    """
    progress = progress or Silent()
    grid = shared_grid((first, second))
    legends = [
        colored(classes_in(path, codes_present(path, Part(progress, 0.25 * at, 0.25 * at + 0.25))))
        for at, path in enumerate((first, second))
    ]
    one, two = legends
    pixels = np.zeros((len(one), len(two)), dtype=np.int64)
    hectares, one_only = np.zeros(pixels.shape), 0
    areas = row_areas_ha(grid)
    for row, codes in _pairs(first, second, Part(progress, 0.5, 1.0)):
        counts = cross_table(*codes, one, two)
        pixels += counts
        for line in _lines(areas[row : row + len(codes[0])]):
            part = cross_table(codes[0][line], codes[1][line], one, two)
            hectares += part * areas[row + line.start]
        known = [_indices(legend)[code] >= 0 for legend, code in zip(legends, codes, strict=True)]
        one_only += int(np.count_nonzero(known[0] != known[1]))
    if not pixels.sum():
        raise InputError(f"Nowhere do both {short(first)} and {short(second)} have a class.")
    return MapComparison(one, two, pixels, hectares, one_only, same_classes(one, two))


def where_pair(
    files: tuple[str, str],
    codes: tuple[int, int],
    wkt: str,
    extent: tuple[float, float, float, float],
    size: tuple[int, int],
) -> BoolArray:
    """Where two maps have a pair of ``codes``, on a picture of ``size`` (columns, rows) over the
    ``extent`` (left, bottom, right, top) in the CRS ``wkt``: (rows, columns), by the nearest
    neighbor. Both maps lie on one grid.
    """
    left, bottom, right, top = extent
    columns, rows = size
    x = left + (np.arange(columns) + 0.5) * (right - left) / columns
    y = top - (np.arange(rows) + 0.5) * (top - bottom) / rows
    east, north = (one.ravel() for one in np.meshgrid(x, y))
    with Rasters() as rasters:
        grid = map_grid(files[0], rasters)
        if grid.wkt and wkt:
            east, north = transform_points(wkt, grid.wkt, east, north)
        origin, width, _, upper, _, height = grid.geotransform
        with np.errstate(invalid="ignore"):
            at_column, at_row = (east - origin) / width, (north - upper) / height
        inside = (at_column >= 0) & (at_row >= 0)
        inside &= (at_column < grid.width) & (at_row < grid.height)
        found = np.zeros(len(east), dtype=np.bool_)
        if inside.any():
            place = at_column[inside].astype(np.int64), at_row[inside].astype(np.int64)
            found[inside] = _has(files, codes, place, rasters)
    return found.reshape(rows, columns)


def classes_at(files: tuple[str, str], longitude: float, latitude: float) -> tuple[int, int]:
    """The codes of two maps at a place (degrees, WGS 84); 0 where one has none."""
    found = []
    with Rasters() as rasters:
        for path in files:
            column, row = (int(np.floor(one)) for one in rasters.grid(path).position(
                longitude, latitude
            ))  # fmt: skip
            grid = rasters.grid(path)
            inside = 0 <= column < grid.width and 0 <= row < grid.height
            code = read_codes(path, rasters, column, row, 1, 1)[0, 0] if inside else NO_CLASS
            found.append(int(code))
    return found[0], found[1]


def _has(
    files: tuple[str, str], codes: tuple[int, int], place: tuple[Codes, Codes], rasters: Rasters
) -> BoolArray:
    """Whether both maps have their code at pixels (column, row; n each)."""
    column, row = place
    left, top = int(column.min()), int(row.min())
    columns, rows = int(column.max()) - left + 1, int(row.max()) - top + 1
    # Of a large part no more pixels are read than the picture can show.
    size = min(columns, 2 * _side(column)), min(rows, 2 * _side(row))
    at = (row - top) * size[1] // rows, (column - left) * size[0] // columns
    found = np.ones(len(column), dtype=np.bool_)
    for path, code in zip(files, codes, strict=True):
        values = rasters.thinned(path, 1, (left, top, columns, rows), size)
        found &= values[at] == code
    return found


def _side(places: Codes) -> int:
    return max(1, len(np.unique(places)))


def _pairs(
    first: str, second: str, progress: Progress
) -> Iterator[tuple[int, tuple[Codes, Codes]]]:
    """First row and the codes of both maps, strip by strip."""
    with Rasters() as rasters:
        grid = map_grid(first, rasters)
        for row, rows in strips(grid):
            check(progress)
            progress.report(row / grid.height)
            one, two = (
                read_codes(path, rasters, 0, row, grid.width, rows) for path in (first, second)
            )
            yield row, (one, two)


def _lines(areas: FloatArray) -> list[slice]:
    """Rows of one area of a pixel, together."""
    edges = [0, *(np.flatnonzero(np.diff(areas)) + 1), len(areas)]
    return [slice(int(a), int(b)) for a, b in zip(edges[:-1], edges[1:], strict=True)]


def _indices(classes: Classes) -> Codes:
    """The index of each code from 0 to 65535, -1 for those of no class."""
    table = np.full(LARGEST_CODE + 1, -1, dtype=np.int64)
    table[classes.codes] = np.arange(len(classes))
    return table
