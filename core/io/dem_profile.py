# SPDX-License-Identifier: GPL-3.0-or-later
"""Heights of elevation models along a line on the ground, whatever their grids.

Windows are read, never whole files: of a long line, one for each part of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from osgeo import osr

from ..errors import InputError
from ..progress import Progress, Silent, check
from ..types import FloatArray
from .dem_files import dem_grid, read_dem
from .dem_warp import flat_wkt
from .grids import Grid, pixel_sides_m
from .rasters import Rasters, quiet, short
from .vertical_crs import shown_reference

MOST_PLACES = 4000  # along a line: more than a screen shows
FEWEST_PLACES = 200
PER_CELL = 2.0  # places per cell of the finest model
_MOST_CELLS = 1_000_000  # of a window; a part of the line that takes more is cut in two
_AXIS_M, _FLATTENING = 6_378_137.0, 1.0 / 298.257223563  # WGS 84


@dataclass(frozen=True)
class Places:
    """Points (n,) along a line: ``lon``, ``lat`` (degrees, WGS 84), ``distance`` from its start
    (m).
    """

    lon: FloatArray
    lat: FloatArray
    distance: FloatArray


@dataclass(frozen=True)
class Profile:
    """``height`` (n,; m, NaN: none) of the model ``path`` at places; ``cell_m``: the size of its
    cells; ``vertical``: the name of its vertical reference, "" where it states none; ``notes``:
    what is odd in the file.
    """

    path: str
    height: FloatArray
    cell_m: float
    vertical: str
    notes: tuple[str, ...] = ()


def sample_profiles(
    paths: Sequence[str],
    lon: Sequence[float],
    lat: Sequence[float],
    progress: Progress | None = None,
) -> tuple[Places, list[Profile]]:
    """Heights of several models along the line through ``lon``, ``lat`` (degrees, WGS 84).

    Two places per cell of the finest model, 200 to 4000 in all. Heights are as the files have
    them, in meters: nothing is done about other vertical references. Raises ``InputError`` where
    the line has no length, ``ProductError`` where a file cannot be read.
    """
    progress = progress or Silent()
    with Rasters() as rasters:
        grids = [dem_grid(path, rasters) for path in paths]
        finest = min((min(pixel_sides_m(one)) for one in grids), default=float("inf"))
        places = even_places(lon, lat, finest / PER_CELL)
        found = []
        for number, (path, grid) in enumerate(zip(paths, grids, strict=True)):
            check(progress)
            height, notes = _sampled(path, grid, places, rasters, progress)
            cell = sum(pixel_sides_m(grid)) / 2.0
            vertical = shown_reference(grid.wkt, rasters.dataset(path))
            found.append(Profile(path, height, cell, vertical, notes))
            progress.report((number + 1) / len(paths))
    return places, found


def even_places(lon: Sequence[float], lat: Sequence[float], step_m: float) -> Places:
    """Places at even distances along the line through the points (degrees, WGS 84), about
    ``step_m`` apart; both ends belong to them. Raises ``InputError`` where it has no length.

    Distances are the sums of straight steps between points of the ellipsoid.
    """
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    along = _distances(x, y)
    if len(x) < 2 or not np.isfinite(along[-1]) or along[-1] <= 0.0:
        raise InputError("The line has no length. Draw it through two places at least.")
    wanted = along[-1] / step_m if step_m > 0.0 else float(MOST_PLACES)
    count = int(np.clip(np.ceil(wanted) + 1.0, FEWEST_PLACES, MOST_PLACES))
    at = np.linspace(0.0, along[-1], count)
    east, north = np.interp(at, along, x), np.interp(at, along, y)
    return Places(east, north, _distances(east, north))


def heights_at(path: str, lon: Sequence[float], lat: Sequence[float]) -> FloatArray:
    """Heights (n,; m, NaN: none) of a model at places (degrees, WGS 84); raises ``ProductError``
    where it cannot be read.
    """
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    with Rasters() as rasters:
        grid = dem_grid(path, rasters)
        return _sampled(path, grid, Places(x, y, np.zeros(len(x))), rasters, Silent())[0]


def bilinear(height: FloatArray, column: FloatArray, row: FloatArray) -> FloatArray:
    """Heights (rows, columns; NaN: none) between the centers of cells, whose first is (0, 0), at
    ``column``, ``row`` (n,). NaN where a cell that takes part has none, and beyond the centers.
    """
    rows, columns = height.shape
    inside = (column >= 0.0) & (row >= 0.0) & (column <= columns - 1.0) & (row <= rows - 1.0)
    result = np.full(column.shape, np.nan)
    x, y = column[inside], row[inside]
    j, i = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    right, down = x - j, y - i
    total = np.zeros(len(x))
    for r, c, weight in (
        (0, 0, (1 - right) * (1 - down)), (0, 1, right * (1 - down)),
        (1, 0, (1 - right) * down), (1, 1, right * down),
    ):  # fmt: skip
        values = height[np.minimum(i + r, rows - 1), np.minimum(j + c, columns - 1)]
        # A cell without weight says nothing, not even that it has no height.
        total += np.where(weight > 0.0, weight * values, 0.0)
    result[inside] = total
    return result


def _sampled(
    path: str, grid: Grid, places: Places, rasters: Rasters, progress: Progress
) -> tuple[FloatArray, tuple[str, ...]]:
    """Heights at the places, and the first note about the file."""
    x, y = _transformed(grid, places.lon, places.lat, short(path))
    left, width, _, top, _, size = grid.geotransform
    column, row = (x - left) / width - 0.5, (y - top) / size - 0.5
    height = np.full(len(column), np.nan)
    notes: list[str] = []
    parts = [np.flatnonzero(_on(grid, column, row))]
    while parts:
        check(progress)
        rows = parts.pop()
        if not len(rows):
            continue
        window = _window(grid, column[rows], row[rows])
        if window[2] * window[3] > _MOST_CELLS and len(rows) > 1:
            half = len(rows) // 2
            parts += [rows[:half], rows[half:]]
            continue
        dem = read_dem(path, window, rasters=rasters)
        notes += dem.notes
        height[rows] = bilinear(
            dem.height.astype(np.float64), column[rows] - window[0], row[rows] - window[1]
        )
    return height, tuple(notes[:1])


def _on(grid: Grid, column: FloatArray, row: FloatArray) -> FloatArray:
    with np.errstate(invalid="ignore"):
        inside = (column >= 0.0) & (column <= grid.width - 1.0)
        return np.asarray(inside & (row >= 0.0) & (row <= grid.height - 1.0))


def _window(grid: Grid, column: FloatArray, row: FloatArray) -> tuple[int, int, int, int]:
    """The cells (column, row, columns, rows) that places between centers take."""
    first, upper = int(np.floor(column.min())), int(np.floor(row.min()))
    last = min(int(np.floor(column.max())) + 1, grid.width - 1)
    lower = min(int(np.floor(row.max())) + 1, grid.height - 1)
    return first, upper, last - first + 1, lower - upper + 1


def _transformed(
    grid: Grid, lon: FloatArray, lat: FloatArray, name: str
) -> tuple[FloatArray, FloatArray]:
    """Places (degrees) in the horizontal CRS of a grid; infinite where it has none."""
    source, target = osr.SpatialReference(), osr.SpatialReference()
    source.ImportFromEPSG(4326)
    target.ImportFromWkt(flat_wkt(grid))
    for one in (source, target):
        one.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    with quiet():
        try:
            moved = osr.CoordinateTransformation(source, target).TransformPoints(
                np.column_stack([lon, lat]).tolist()
            )
        except RuntimeError as error:
            raise InputError(
                f"The line cannot be brought into the coordinate system of {name}."
            ) from error
    x, y, _ = np.asarray(moved, dtype=np.float64).T
    return x, y


def _distances(lon: FloatArray, lat: FloatArray) -> FloatArray:
    """Distances (n,; m) from the first of some points along the line through them."""
    squared = _FLATTENING * (2.0 - _FLATTENING)
    east, north = np.radians(lon), np.radians(lat)
    radius = _AXIS_M / np.sqrt(1.0 - squared * np.sin(north) ** 2)
    places = np.stack(
        [radius * np.cos(north) * np.cos(east), radius * np.cos(north) * np.sin(east),
         radius * (1.0 - squared) * np.sin(north)]
    )  # fmt: skip
    steps = np.linalg.norm(np.diff(places, axis=1), axis=0)
    return np.concatenate([[0.0], np.cumsum(steps)])
