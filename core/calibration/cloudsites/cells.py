# SPDX-License-Identifier: GPL-3.0-or-later
"""The grid of cells (degrees) in which clouds are counted: the same cells for all tiles, sensors
and runs, so that what is found adds up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil, floor

import numpy as np

from ...database.sites import CalibrationSite
from ...io.geometries import polygon
from ...io.shapes import overlap
from ...types import AnyArray, FloatArray, Product

Cell = tuple[int, int]  # column from the meridian of Greenwich, row from the equator
LEAST_COVER = 0.25  # of the smaller of cell and scene
_HALF, _TURN = 180.0, 360.0  # degrees
_ROUNDING = 1e-9  # of a cell: 180 degrees by its size may miss a whole number by as much


def end_columns(size: float) -> tuple[int, int]:
    """The first and the last column of the globe, which lie side by side at 180 degrees."""
    half = ceil(_HALF / size - _ROUNDING)
    return -half, half - 1


def cells_of(longitude: FloatArray, latitude: FloatArray, size: float) -> AnyArray:
    """The cells (n, 2) of places (degrees); 180 degrees east are 180 degrees west."""
    east = np.where(np.asarray(longitude) >= _HALF, np.asarray(longitude) - _TURN, longitude)
    cells = np.floor(np.stack([east, latitude], axis=-1) / size).astype(np.int64)
    cells[..., 0] = np.maximum(cells[..., 0], end_columns(size)[0])
    return np.asarray(cells)


def corners(cell: Cell, size: float) -> tuple[float, float, float, float]:
    """West, south, east and north of a cell (degrees)."""
    return cell[0] * size, cell[1] * size, (cell[0] + 1) * size, (cell[1] + 1) * size


def outline(cell: Cell, size: float, turn: float = 0.0) -> bytes:
    """A cell as well-known binary, ``turn`` degrees farther east."""
    west, south, east, north = corners(cell, size)
    west, east = west + turn, east + turn
    return polygon([(west, south), (east, south), (east, north), (west, north), (west, south)])


def center(cell: Cell, size: float) -> tuple[float, float]:
    """Longitude and latitude of the middle of a cell."""
    return (cell[0] + 0.5) * size, (cell[1] + 0.5) * size


def cell_name(cell: Cell, size: float) -> str:
    """What the site of a cell is called: by its middle, and its size."""
    longitude, latitude = center(cell, size)
    north, east = "N" if latitude >= 0 else "S", "E" if longitude >= 0 else "W"
    places = max(2, ceil(-np.log10(size)) + 1)
    return f"DCC {abs(latitude):.{places}f}{north} {abs(longitude):.{places}f}{east} ({size:g} deg)"


def cell_site(cell: Cell, size: float) -> CalibrationSite:
    """A cell as a site of the database."""
    longitude, latitude = center(cell, size)
    return CalibrationSite(
        cell_name(cell, size), "cloud", longitude, latitude, outline(cell, size),
        reference="cell of the search for deep convective clouds",
    )  # fmt: skip


def covered(product: Product, size: float) -> tuple[Cell, ...]:
    """The cells that a product shows: those whose overlap with its footprint is a quarter or more
    of the smaller of both. A footprint that spans more than half of the globe lies across the 180th
    meridian.
    """
    if not product.footprint:
        return ()
    places = np.array(product.footprint, dtype=np.float64)
    if np.ptp(places[:, 0]) > _HALF:
        places[places[:, 0] < 0.0, 0] += _TURN
    found = []
    for turn in (0.0, _TURN, -_TURN):  # one part of it on either side of the meridian
        shape = polygon([(x - turn, y) for x, y in places.tolist()])
        found += [
            cell for cell in _around(places - (turn, 0.0), size)
            if overlap(outline(cell, size), shape) >= LEAST_COVER
        ]  # fmt: skip
    return tuple(found)


def _around(places: FloatArray, size: float) -> Iterable[Cell]:
    (west, south), (east, north) = places.min(axis=0), places.max(axis=0)
    first, last = end_columns(size)
    for row in range(floor(south / size), floor(north / size) + 1):
        for column in range(max(floor(west / size), first), min(floor(east / size), last) + 1):
            yield column, row


def turns(cells: Sequence[Cell], size: float) -> list[float]:
    """By how many degrees each cell of a group has to be turned east, so that one across the 180th
    meridian lies side by side.
    """
    columns = [column for column, _ in cells]
    across = set(end_columns(size)) <= set(columns)
    return [_TURN if across and column < 0 else 0.0 for column in columns]


def beside_of(cell: Cell, size: float) -> tuple[Cell, Cell, Cell, Cell]:
    """The cells west, east, south and north of a cell."""
    (first, last), (column, row) = end_columns(size), cell
    west = column - 1 if column > first else last
    east = column + 1 if column < last else first
    return (west, row), (east, row), (column, row - 1), (column, row + 1)


def neighbors(cells: Iterable[Cell], size: float) -> list[list[Cell]]:
    """Cells in groups that share sides, across the 180th meridian too."""
    left, groups = set(cells), []
    while left:
        group, fresh = [], [min(left)]
        left.discard(fresh[0])
        while fresh:
            column, row = fresh.pop()
            group.append((column, row))
            for one in beside_of((column, row), size):
                if one in left:
                    left.discard(one)
                    fresh.append(one)
        groups.append(sorted(group))
    return groups
