# SPDX-License-Identifier: GPL-3.0-or-later
"""Slope, aspect and hillshade of elevation models, as GDAL's gdaldem computes them.

Horn (1981, DOI 10.1109/PROC.1981.11918) weighs the eight neighbors, which suits rough terrain;
Zevenbergen and Thorne (1987, DOI 10.1002/esp.3290120107) takes the four nearest, which suits smooth
terrain. A cell whose neighbors are not all known, and the outermost rows and columns, get NaN.
Unlike gdaldem's aspect, cells need not be square, and on geographic grids a degree has its length
at each row.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from ..types import FloatArray
from .cells import Sides

Heights = npt.NDArray[np.floating[Any]]


class Gradient(StrEnum):
    """How slopes are taken from the neighbors of a cell."""

    HORN = "horn"
    ZEVENBERGEN_THORNE = "zevenbergen_thorne"


def gradients(
    height: Heights, sides: Sides, method: Gradient = Gradient.HORN
) -> tuple[FloatArray, FloatArray]:
    """Rise per meter to the east and to the north, both (rows, columns) float64, NaN where unknown.

    ``height`` (rows, columns) in meters, rows from north to south, NaN where missing. Horn's needs
    the eight neighbors of a cell and the cell itself; Zevenbergen and Thorne's too, as in GDAL.
    """
    rows, columns = height.shape
    east, north = np.full((rows, columns), np.nan), np.full((rows, columns), np.nan)
    if rows < 3 or columns < 3:
        return east, north
    # Sums in the type of the heights and in GDAL's order: on nearly flat ground the last bits of
    # single precision turn an aspect by thousandths of a degree.
    z = height
    if method is Gradient.HORN:
        down = z[:-2] + z[1:-1] + z[1:-1] + z[2:]
        along = z[:, :-2] + z[:, 1:-1] + z[:, 1:-1] + z[:, 2:]
        across, up, steps = down[:, 2:] - down[:, :-2], along[:-2] - along[2:], 8.0
    else:
        across, up, steps = z[1:-1, 2:] - z[1:-1, :-2], z[:-2, 1:-1] - z[2:, 1:-1], 2.0
    inner = sides.rows(1, rows - 1)
    east[1:-1, 1:-1] = across / (steps * inner.east)
    north[1:-1, 1:-1] = up / (steps * inner.north)
    unknown = ~_surrounded(np.isfinite(z))
    east[unknown] = np.nan
    north[unknown] = np.nan
    return east, north


def slope(height: Heights, sides: Sides, method: Gradient = Gradient.HORN) -> FloatArray:
    """Slope in degrees (0 to 90), (rows, columns); see ``gradients``."""
    return slope_of(*gradients(height, sides, method))


def aspect(height: Heights, sides: Sides, method: Gradient = Gradient.HORN) -> FloatArray:
    """The direction of steepest descent in degrees, clockwise from north (0 to 360), (rows,
    columns); NaN where the ground is flat. See ``gradients``.
    """
    return aspect_of(*gradients(height, sides, method))


def hillshade(
    height: Heights,
    sides: Sides,
    azimuth_deg: float = 315.0,
    altitude_deg: float = 45.0,
    exaggeration: float = 1.0,
    method: Gradient = Gradient.HORN,
) -> FloatArray:
    """Brightness of the lit ground, 1 (shade) to 255 (facing the sun), (rows, columns) float64.

    ``azimuth_deg``: where the light comes from, clockwise from north; ``altitude_deg``: its height
    above the horizon (0 to 90). GDAL's values are these, rounded to whole numbers.
    """
    east, north = gradients(height, sides, method)
    east *= exaggeration
    north *= exaggeration
    azimuth, altitude = np.radians(azimuth_deg), np.radians(altitude_deg)
    facing = np.sin(altitude) - np.cos(altitude) * (
        east * np.sin(azimuth) + north * np.cos(azimuth)
    )
    lit = facing / np.sqrt(1.0 + east**2 + north**2)
    return np.asarray(1.0 + 254.0 * np.maximum(lit, 0.0))


def slope_of(east: FloatArray, north: FloatArray) -> FloatArray:
    """Slope in degrees of gradients (rise per meter)."""
    return np.asarray(np.degrees(np.arctan(np.hypot(east, north))))


def aspect_of(east: FloatArray, north: FloatArray) -> FloatArray:
    """Direction of descent in degrees, clockwise from north, of gradients (rise per meter)."""
    angle = np.degrees(np.arctan2(-east, -north)) % 360.0
    return np.where((east == 0.0) & (north == 0.0), np.nan, angle)


def _surrounded(known: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Where a cell and its eight neighbors are all known; never in the outermost cells."""
    result = np.zeros(known.shape, dtype=np.bool_)
    inner = result[1:-1, 1:-1]
    columns = known[:, :-2] & known[:, 1:-1] & known[:, 2:]
    inner[...] = columns[:-2] & columns[1:-1] & columns[2:]
    return result
