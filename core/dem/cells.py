# SPDX-License-Identifier: GPL-3.0-or-later
"""How large the cells of a grid are on the ground, row by row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..io.grids import Grid, unproject
from ..types import FloatArray

_AXIS_M, _FLATTENING = 6_378_137.0, 1.0 / 298.257223563  # WGS 84


@dataclass(frozen=True)
class Sides:
    """The sides of cells in meters: ``east`` and ``north`` (rows, 1), or (1, 1) where all rows are
    alike.
    """

    east: FloatArray
    north: FloatArray

    def mean(self) -> tuple[float, float]:
        """East and north of the average row."""
        return float(self.east.mean()), float(self.north.mean())

    def rows(self, first: int, last: int) -> Sides:
        """Those of the rows ``first`` to ``last`` (excluded)."""
        if len(self.east) == 1:
            return self
        return Sides(self.east[first:last], self.north[first:last])


def square(side_m: float) -> Sides:
    """Cells of one side (m) in both directions."""
    return Sides(np.full((1, 1), float(side_m)), np.full((1, 1), float(side_m)))


def cell_sides(grid: Grid) -> Sides:
    """The sides of the cells of ``grid`` in meters.

    A projected CRS counts as true to scale. In a geographic one a degree has the length it has on
    the ellipsoid of WGS 84 at the latitude of each row: N cos(latitude) from west to east, M from
    south to north (radii of curvature of the prime vertical and of the meridian).
    """
    reference = grid.reference()
    if not reference.IsGeographic():
        unit = float(reference.GetLinearUnits())
        return Sides(
            np.full((1, 1), grid.pixel_width * unit), np.full((1, 1), grid.pixel_height * unit)
        )
    east, north = meters_per_degree(_latitudes(grid))
    unit = float(reference.GetAngularUnits()) * 180.0 / np.pi
    return Sides(
        (grid.pixel_width * unit * east)[:, None], (grid.pixel_height * unit * north)[:, None]
    )


def meters_per_degree(latitude: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The length (m) of a degree of longitude and of latitude at geographic ``latitude``
    (degrees), on the ellipsoid of WGS 84.
    """
    squared = _FLATTENING * (2.0 - _FLATTENING)
    angle = np.radians(latitude)
    root = np.sqrt(1.0 - squared * np.sin(angle) ** 2)
    across = _AXIS_M / root
    along = _AXIS_M * (1.0 - squared) / root**3
    # At the poles a degree of longitude has no length; no gradient shall be infinite there.
    parallel = np.maximum(across * np.cos(angle), 1.0)
    return np.radians(parallel), np.radians(along)


def _latitudes(grid: Grid) -> FloatArray:
    """Geographic latitude (degrees) of the centers of the rows."""
    left, width, _, top, _, height = grid.geotransform
    middle = left + 0.5 * width * grid.width
    y = top + height * (np.arange(grid.height) + 0.5)
    ends = [unproject(grid.wkt, middle, float(one))[1] for one in (y[0], y[-1])]
    # Datums differ by meters: linear between the ends is exact enough, and free of transforms.
    return np.asarray(np.linspace(ends[0], ends[1], grid.height))
