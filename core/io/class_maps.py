# SPDX-License-Identifier: GPL-3.0-or-later
"""What a classified raster holds: its classes, their areas, and the class at reference samples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, radians

import numpy as np
import numpy.typing as npt

from ..classification.classes import LARGEST_CODE, NO_CLASS, UNDECIDED, Classes, LandClass
from ..errors import InputError
from ..progress import Progress, Silent, check
from ..table import Table
from ..types import AnyArray, FloatArray
from .class_rasters import read_classes
from .geometries import row_geometry
from .grids import METERS_PER_DEGREE, Grid, unproject
from .rasters import Rasters, short
from .shapes import footprint, places

_STRIP = 4_000_000  # pixels that are read at a time
_M2_PER_HA = 1e4


@dataclass(frozen=True)
class MapAreas:
    """The classes of a map, how many pixels each has (classes,) and their area in hectares."""

    classes: Classes
    pixels: npt.NDArray[np.int64]
    hectares: FloatArray


@dataclass(frozen=True)
class MapSamples:
    """Pixels at reference places: ``rows`` (n,) of the reference table that each belongs to, and
    their ``codes`` (n,) in the map. ``outside``: rows off the map; ``unclassified``: pixels without
    a class; ``polygons``: whether the places are polygons.
    """

    rows: npt.NDArray[np.int64]
    codes: npt.NDArray[np.int64]
    outside: int
    unclassified: int
    polygons: bool


def map_grid(path: str, rasters: Rasters) -> Grid:
    """The grid of a map; one without a CRS may do, with its pixels as coordinates where it has no
    others. Raises ``ProductError`` where it is rotated or cannot be opened.
    """
    dataset = rasters.dataset(path)
    if dataset.GetSpatialRef() is not None:
        return rasters.grid(path)
    place = dataset.GetGeoTransform(can_return_null=True) or (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)
    return Grid("", place, dataset.RasterXSize, dataset.RasterYSize)


def strips(grid: Grid) -> Iterator[tuple[int, int]]:
    """First row and number of rows of parts of a raster that fit into memory."""
    rows = max(1, _STRIP // max(grid.width, 1))
    for row in range(0, grid.height, rows):
        yield row, min(rows, grid.height - row)


def codes_of(values: AnyArray, nodata: float | None, name: str) -> npt.NDArray[np.int64]:
    """Codes of classes out of the pixels of a map, 0 where it has none.

    Raises ``InputError`` for rasters that hold no whole numbers from 0 to 65535.
    """
    if values.dtype.kind == "f":
        known = np.isfinite(values)
        rounded = np.where(known, values, 0.0)
        if (rounded != np.round(rounded)).any():
            raise InputError(f"{name} is no map of classes: it holds numbers with decimals.")
        values = rounded
    codes = values.astype(np.int64)
    if nodata is not None and np.isfinite(nodata):
        codes[codes == int(nodata)] = NO_CLASS
    if codes.size and (codes.min() < 0 or codes.max() > LARGEST_CODE):
        raise InputError(f"{name} is no map of classes: codes are from 0 to {LARGEST_CODE}.")
    return codes


def read_codes(
    path: str, rasters: Rasters, column: int, row: int, columns: int, rows: int
) -> npt.NDArray[np.int64]:
    """The codes (rows, columns) of a part of the map ``path``, which begins at ``column`` and
    ``row``; see ``codes_of``.
    """
    nodata = rasters.dataset(path).GetRasterBand(1).GetNoDataValue()
    return codes_of(rasters.read(path, 1, column, row, columns, rows), nodata, short(path))


def map_areas(path: str, progress: Progress | None = None) -> MapAreas:
    """The classes of a map and their areas; classes without a name are called by their code.

    The area of pixels in degrees follows their latitude (sphere). Raises ``InputError`` where the
    raster is no map of classes or holds none.
    """
    progress = progress or Silent()
    found, hectares = np.zeros(LARGEST_CODE + 1, np.int64), np.zeros(LARGEST_CODE + 1)
    with Rasters() as rasters:
        grid = rasters.grid(path)
        areas = row_areas_ha(grid)
        for row, rows in strips(grid):
            check(progress)
            progress.report(row / grid.height)
            codes = read_codes(path, rasters, 0, row, grid.width, rows)
            counts = np.bincount(codes.ravel(), minlength=LARGEST_CODE + 1)
            found += counts
            if areas[row] == areas[row + rows - 1]:
                hectares += counts * areas[row]
            else:
                weights = np.broadcast_to(areas[row : row + rows, None], codes.shape).ravel()
                hectares += np.bincount(codes.ravel(), weights, LARGEST_CODE + 1)
    classes = classes_in(path, np.flatnonzero(found))
    if not len(classes):
        raise InputError(f"{short(path)} holds no class: all its pixels are 0 or no data.")
    return MapAreas(classes, found[classes.codes], hectares[classes.codes])


def codes_present(path: str, progress: Progress | None = None) -> npt.NDArray[np.int64]:
    """The codes that occur in a map, 0 included, in increasing order."""
    progress = progress or Silent()
    found = np.zeros(LARGEST_CODE + 1, dtype=np.bool_)
    with Rasters() as rasters:
        grid = map_grid(path, rasters)
        for row, rows in strips(grid):
            check(progress)
            progress.report(row / grid.height)
            found[read_codes(path, rasters, 0, row, grid.width, rows)] = True
    return np.flatnonzero(found)


def classes_in(path: str, codes: AnyArray) -> Classes:
    """The classes that the file names, and those of ``codes`` that it does not, named by their
    code; 255 is left out where it is no class but says "undecided".
    """
    try:
        named = {one.code: one for one in read_classes(path).items}
    except InputError:
        named = {}
    left_out = {NO_CLASS, UNDECIDED} - set(named)
    unnamed = {int(code) for code in codes} - set(named) - left_out
    more = [LandClass(code, str(code)) for code in unnamed]
    return Classes(tuple(sorted((*named.values(), *more), key=lambda one: one.code)))


def row_areas_ha(grid: Grid) -> FloatArray:
    """The area of one pixel of each row (rows,), hectares."""
    reference = grid.reference()
    if not reference.IsGeographic():
        unit = float(reference.GetLinearUnits())
        area = grid.pixel_width * grid.pixel_height * unit * unit / _M2_PER_HA
        return np.full(grid.height, area)
    _, _, _, top, _, height = grid.geotransform
    middle = top + (np.arange(grid.height) + 0.5) * height
    side = METERS_PER_DEGREE**2 * grid.pixel_width * grid.pixel_height / _M2_PER_HA
    return np.array([side * cos(radians(latitude)) for latitude in middle])


def sample_map(path: str, reference: Table, progress: Progress | None = None) -> MapSamples:
    """The class of the map at each point, and at each pixel whose center lies in a polygon (a
    polygon that holds none: the pixel inside it).

    Raises ``InputError`` where ``reference`` has no points or polygons, or none lies on the map.
    """
    progress = progress or Silent()
    geometry = row_geometry(reference)
    if geometry is None:
        raise InputError(
            f"{reference.name} has no places: give a layer of points or polygons or a table with "
            "the columns 'longitude' and 'latitude', or name the column that holds the class of "
            "the map (MAP_FIELD)."
        )
    longitude, latitude, _, polygons = places(geometry)
    rows, codes, outside = [], [], 0
    with Rasters() as rasters:
        grid = rasters.grid(path)
        nodata = rasters.dataset(path).GetRasterBand(1).GetNoDataValue()
        for row in range(len(reference)):
            if row % 200 == 0:
                check(progress)
                progress.report(row / len(reference))
            found = footprint(grid, longitude[row], latitude[row], 0.0, polygons[row])
            if found is None:
                outside += 1
                continue
            window = found.window
            height, width = window.shape
            values = rasters.read(path, 1, window.column_off, window.row_off, width, height)
            at = codes_of(values[found.inside], nodata, short(path))
            rows.append(np.full(len(at), row))
            codes.append(at)
    if not rows:
        west, north = unproject(grid.wkt, *grid.bounds()[::3])
        raise InputError(
            f"No place of {reference.name} lies on {short(path)}, whose upper left corner is at "
            f"{west:.3f}, {north:.3f} degrees (longitude, latitude). Check that both belong "
            "together."
        )
    all_rows, all_codes = np.concatenate(rows), np.concatenate(codes)
    there = all_codes != NO_CLASS
    return MapSamples(
        all_rows[there], all_codes[there], outside, int(np.count_nonzero(~there)),
        any(one is not None for one in polygons),
    )  # fmt: skip
