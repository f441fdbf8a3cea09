# SPDX-License-Identifier: GPL-3.0-or-later
"""Directions on the coarse grids of Sentinel-2 tile metadata, interpolated anywhere on the tile.

Source: MTD_TL.xml (Sentinel-2 Products Specification Document): nodes every 5 km from the upper
left corner of the tile; azimuths are those of the directions toward the sun and the satellite.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ...errors import ProductError
from ...types import BoolArray, FloatArray
from .xmltree import Xml

# A detector's directions are smooth: this polynomial leaves less than 0.003 degrees of the real
# grids, so that it may stand for the nodes just outside the detector.
_DEGREE = 2
Angles = tuple[float, float]  # zenith and azimuth in degrees


@dataclass(frozen=True)
class DirectionGrid:
    """Unit-height vectors toward a direction, ``tan(zenith) * (sin, cos)(azimuth)``, on nodes.

    ``east``, ``north`` (rows, columns); ``known`` tells nodes that the metadata state from those
    that were extrapolated. ``left``, ``top``: the first node, ``step_x``, ``step_y`` (positive):
    the distance of nodes, all in units of the tile's CRS.
    """

    left: float
    top: float
    step_x: float
    step_y: float
    east: FloatArray
    north: FloatArray
    known: BoolArray

    def vectors(self, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """East and north parts at places (n,), bilinear between the nodes."""
        column, row = self._position(x, y)
        rows, columns = self.east.shape
        first_row = np.clip(np.floor(row).astype(np.int64), 0, max(rows - 2, 0))
        first_column = np.clip(np.floor(column).astype(np.int64), 0, max(columns - 2, 0))
        down, right = row - first_row, column - first_column
        next_row = np.minimum(first_row + 1, rows - 1)
        next_column = np.minimum(first_column + 1, columns - 1)

        def between(values: FloatArray) -> FloatArray:
            upper = values[first_row, first_column] * (1 - right)
            upper += values[first_row, next_column] * right
            lower = values[next_row, first_column] * (1 - right)
            lower += values[next_row, next_column] * right
            return np.asarray(upper * (1 - down) + lower * down)

        return between(self.east), between(self.north)

    def covers(self, x: FloatArray, y: FloatArray) -> BoolArray:
        """Whether the node nearest to each place (n,) is one that the metadata state."""
        column, row = self._position(x, y)
        rows, columns = self.known.shape
        near_row = np.clip(np.rint(row).astype(np.int64), 0, rows - 1)
        near_column = np.clip(np.rint(column).astype(np.int64), 0, columns - 1)
        return np.asarray(self.known[near_row, near_column])

    def _position(self, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        return (x - self.left) / self.step_x, (self.top - y) / self.step_y


def direction_of(east: FloatArray, north: FloatArray) -> Angles:
    """Zenith and azimuth (degrees) of the mean of vectors (n,): azimuths are never averaged by
    themselves, because they turn by 180 degrees below the satellite. The zenith angle is the mean
    of the zenith angles.
    """
    zenith = np.degrees(np.arctan(np.hypot(east, north)))
    azimuth = np.degrees(np.arctan2(east.mean(), north.mean())) % 360.0
    return float(zenith.mean()), float(azimuth)


def sun_grid(tile: Xml, corner: tuple[float, float]) -> DirectionGrid | None:
    """The grid of the sun; ``corner``: x and y of the upper left corner of the tile."""
    node = tile.first("Sun_Angles_Grid")
    return None if node is None else _grid(node, corner)


def view_grids(tile: Xml, corner: tuple[float, float]) -> Mapping[int, Mapping[int, DirectionGrid]]:
    """The grids of the satellite by the number of the band and of the detector."""
    found: dict[int, dict[int, DirectionGrid]] = {}
    for node in tile.all("Viewing_Incidence_Angles_Grids"):
        grid = _grid(node, corner)
        if grid is not None:
            found.setdefault(node.integer("bandId"), {})[node.integer("detectorId")] = grid
    return found


def _grid(node: Xml, corner: tuple[float, float]) -> DirectionGrid | None:
    zenith, azimuth = _values(node, "Zenith"), _values(node, "Azimuth")
    if zenith.shape != azimuth.shape or zenith.size == 0:
        raise ProductError(
            f"{node.where}: the grids of zenith and azimuth angles do not fit each other. Get the "
            "product again."
        )
    known = np.isfinite(zenith) & np.isfinite(azimuth)
    if not known.any():
        return None
    size = np.tan(np.radians(zenith))
    return DirectionGrid(
        *corner, _step(node, "COL_STEP"), _step(node, "ROW_STEP"),
        _filled(size * np.sin(np.radians(azimuth)), known),
        _filled(size * np.cos(np.radians(azimuth)), known),
        known,
    )  # fmt: skip


def _step(node: Xml, name: str) -> float:
    step = node.number(f"Zenith/{name}")
    if step <= 0:
        raise ProductError(
            f"{node.where}: the distance of the nodes of the angles is {step:g}. Get the product "
            "again."
        )
    return step


def _values(node: Xml, name: str) -> FloatArray:
    lines = [line.own_text().split() for line in node.all(f"{name}/Values_List/VALUES")]
    try:
        return np.array([[float(text) for text in line] for line in lines])
    except ValueError as error:
        raise ProductError(
            f"{node.where}: the grid of {name.lower()} angles is damaged. Get the product again."
        ) from error


def _filled(values: FloatArray, known: BoolArray) -> FloatArray:
    """The values with those that are not known extrapolated by a polynomial through the others."""
    if known.all():
        return values
    rows, columns = np.indices(values.shape)
    degree = _DEGREE
    while degree and _terms(degree) > np.count_nonzero(known) // 2:
        degree -= 1
    powers = [(i, j) for i in range(degree + 1) for j in range(degree + 1 - i)]
    design = np.stack([rows**i * columns**j for i, j in powers], axis=-1).astype(np.float64)
    factors = np.linalg.lstsq(design[known], values[known], rcond=None)[0]
    return np.where(known, values, design @ factors)


def _terms(degree: int) -> int:
    return (degree + 1) * (degree + 2) // 2
