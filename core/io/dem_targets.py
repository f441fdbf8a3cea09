# SPDX-License-Identifier: GPL-3.0-or-later
"""The grid on which an elevation model is wanted: of a raster, a product, or an extent."""

from __future__ import annotations

from dataclasses import replace
from math import ceil, floor
from pathlib import Path

from osgeo import osr

from ..errors import InputError, ProductError
from .dem_files import dem_grid, part_of
from .dem_warp import flat_wkt, transformed_bounds
from .grids import Geotransform, Grid, pixel_size_m
from .products import open_product
from .rasters import Rasters, quiet

_MOST_CELLS = 4_000_000_000
Box = tuple[tuple[float, float, float, float], str]


def target_grid(
    target: str,
    first: str,
    extent: Box | None = None,
    resolution: float | None = None,
    crs: str = "",
) -> Grid:
    """The grid that is asked for, without a vertical part in its CRS.

    ``target``: a raster, or a product (the grid of its finest band); empty: the grid of the raster
    ``first``. An ``extent`` (left, bottom, right, top, and the CRS of these as WKT) alone cuts it,
    or makes it larger, at the edges of its own cells, so that no height has to be interpolated for
    it. With ``resolution`` (units of the CRS) or ``crs`` (``EPSG:...``, WKT) cells are square and
    their edges lie at multiples of the resolution. Of an extent in another CRS than the result, all
    cells that its box there touches are made. Raises ``InputError`` where they make no grid.
    """
    grid = _of_file(target or first)
    grid = replace(grid, wkt=flat_wkt(grid))
    if not (extent or resolution or crs):
        return grid
    wkt = _wkt(crs) if crs else grid.wkt
    if crs and not resolution:
        raise InputError("RESOLUTION has to be given where CRS is, in units of that CRS.")
    side = resolution or grid.pixel_width
    bounds = _brought(*extent, wkt) if extent else transformed_bounds(grid, wkt)
    if side <= 0.0:
        raise InputError("RESOLUTION is the side of a cell: give a number above zero.")
    lattice: Geotransform = (
        (0.0, side, 0.0, 0.0, 0.0, -side) if resolution or crs else grid.geotransform
    )
    return _possible(_cells(Grid(wkt, lattice, 1, 1), bounds))


def _possible(made: Grid) -> Grid:
    if made.width < 1 or made.height < 1:
        raise InputError(
            "EXTENT has no area in the coordinate system of the result (does it cross the "
            "antimeridian?). Write it in that system: left,right,bottom,top [EPSG:code]."
        )
    if made.width * made.height > _MOST_CELLS:
        raise InputError(
            f"{made.width} x {made.height} cells are too many. Is RESOLUTION in the units of CRS?"
        )
    return made


def _brought(
    bounds: tuple[float, float, float, float], own: str, wkt: str
) -> tuple[float, float, float, float]:
    """``bounds`` in the CRS ``own``, in the CRS ``wkt``."""
    left, bottom, right, top = bounds
    if right <= left or top <= bottom:
        raise InputError("EXTENT has no area: it is left,right,bottom,top [EPSG:code].")
    box = Grid(own, (left, right - left, 0.0, top, 0.0, bottom - top), 1, 1)
    try:
        return transformed_bounds(box, wkt)
    except ProductError as error:
        raise InputError(
            "EXTENT does not exist in the coordinate system of the result. Write its own behind "
            "it: left,right,bottom,top [EPSG:code]; without one it is in degrees."
        ) from error


def _cells(lattice: Grid, bounds: tuple[float, ...]) -> Grid:
    """The whole cells of a lattice that touch ``bounds`` (left, bottom, right, top)."""
    west, width, _, north, _, height = lattice.geotransform
    left, bottom, right, top = bounds
    first, upper = floor((left - west) / width + 1e-6), floor((top - north) / height + 1e-6)
    last, lower = ceil((right - west) / width - 1e-6), ceil((bottom - north) / height - 1e-6)
    return part_of(lattice, (first, upper, last - first, lower - upper))


def _of_file(path: str) -> Grid:
    """The grid of a raster, or of the finest band of a product."""
    if Path(path).is_file() and not path.lower().endswith((".zip", ".tar", ".tgz", ".gz", ".xml")):
        return dem_grid(path)
    product = open_product(path)
    if not product.bands:
        raise InputError(f"{path} has no bands whose grid could be taken.")
    with Rasters() as rasters:
        grids = [rasters.grid(band.uri) for band in product.bands.values()]
    return min(grids, key=pixel_size_m)


def _wkt(crs: str) -> str:
    reference = osr.SpatialReference()
    with quiet():
        try:
            good = reference.SetFromUserInput(crs) == 0
        except RuntimeError:
            good = False
    if not good:
        raise InputError(f"CRS cannot be '{crs}'. Give a code such as EPSG:32631, or WKT.")
    return str(reference.ExportToWkt())
