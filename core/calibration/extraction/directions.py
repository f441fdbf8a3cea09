# SPDX-License-Identifier: GPL-3.0-or-later
"""The directions toward the sun and the satellite, of one band over one site.

Sentinel-2 sees a site with several detectors, which look up to two degrees apart. Each pixel gets
the direction of the detector that saw it (MSK_DETFOO); the mean is over all pixels of the site.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...io.band_views import fast_view
from ...io.grids import Grid
from ...io.products.angle_grids import Angles, DirectionGrid, direction_of
from ...io.products.scene_details import Detectors
from ...io.products.vector_masks import together
from ...io.rasters import Rasters, block_of
from ...io.shapes import burnt
from ...types import AnyArray, BandSource, BoolArray, FloatArray

_CELLS = 1000  # of vector footprints along the longer side of a site


def sun_direction(grid: DirectionGrid, x: FloatArray, y: FloatArray) -> Angles:
    """Mean zenith and azimuth (degrees) of the sun at places (n,)."""
    return direction_of(*grid.vectors(x, y))


def view_direction(
    detectors: Detectors, x: FloatArray, y: FloatArray, wkt: str, rasters: Rasters
) -> Angles | None:
    """Mean zenith and azimuth (degrees) toward the satellite at places (n,) in the CRS ``wkt``.

    Where footprints of detectors overlap all of them count; where none is known, those whose
    nearest node is stated. None where no detector covers any place.
    """
    east, north = [], []
    for number, where in _seen_by(detectors, x, y, wkt, rasters):
        parts = detectors.grids[number].vectors(x[where], y[where])
        east.append(parts[0])
        north.append(parts[1])
    if not east:
        return None
    return direction_of(np.concatenate(east), np.concatenate(north))


def _seen_by(
    detectors: Detectors, x: FloatArray, y: FloatArray, wkt: str, rasters: Rasters
) -> Iterator[tuple[int, BoolArray]]:
    """Each detector with the places (n,) that it has seen."""
    if detectors.raster:
        found = list(_in_raster(detectors, x, y, rasters))
    else:
        found = list(_in_polygons(detectors, x, y, wkt))
    if not found:
        found = [(number, grid.covers(x, y)) for number, grid in detectors.grids.items()]
    yield from ((number, where) for number, where in found if where.any())


def _in_raster(
    detectors: Detectors, x: FloatArray, y: FloatArray, rasters: Rasters
) -> Iterator[tuple[int, BoolArray]]:
    # Neighboring detectors have neighboring numbers: a reduced resolution blurs their border only.
    view = fast_view(BandSource("detectors", detectors.raster), rasters)
    columns, rows = _cells(view.grid, x, y)
    left, top = int(columns.min()), int(rows.min())
    place = (left, top, int(columns.max()) - left + 1, int(rows.max()) - top + 1)
    numbers = view.read(rasters, place)[rows - top, columns - left]
    yield from _known(detectors, numbers)


def _known(detectors: Detectors, numbers: AnyArray) -> Iterator[tuple[int, BoolArray]]:
    for number in detectors.grids:
        where = np.asarray(numbers == number)
        if where.any():
            yield number, where


def _in_polygons(
    detectors: Detectors, x: FloatArray, y: FloatArray, wkt: str
) -> Iterator[tuple[int, BoolArray]]:
    grid = _grid_around(x, y, wkt)
    columns, rows = _cells(grid, x, y)
    window = block_of(grid, 0, 0, grid.width, grid.height)
    for number in detectors.grids:
        own = [one for one in detectors.polygons if one.detector == number]
        if own:
            where = burnt(together(own, grid), window)[rows, columns]
            if where.any():
                yield number, where


def _grid_around(x: FloatArray, y: FloatArray, wkt: str) -> Grid:
    """A grid of up to ``_CELLS`` cells along each side that holds all places."""
    size = max(float(np.ptp(x)), float(np.ptp(y)), 1.0) / (_CELLS - 1)
    origin = (float(x.min()) - size / 2, size, 0.0, float(y.max()) + size / 2, 0.0, -size)
    return Grid(wkt, origin, int(np.ptp(x) / size) + 2, int(np.ptp(y) / size) + 2)


def _cells(grid: Grid, x: FloatArray, y: FloatArray) -> tuple[AnyArray, AnyArray]:
    left, width, _, top, _, height = grid.geotransform
    columns = np.floor((x - left) / width).astype(np.int64)
    rows = np.floor((y - top) / height).astype(np.int64)
    return np.clip(columns, 0, grid.width - 1), np.clip(rows, 0, grid.height - 1)
