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


def cells_of(longitude: FloatArray, latitude: FloatArray, size: float) -> AnyArray:
    """The cells (n, 2) of places (degrees)."""
    both = np.stack([longitude, latitude], axis=-1)
    return np.asarray(np.floor(both / size).astype(np.int64))


def corners(cell: Cell, size: float) -> tuple[float, float, float, float]:
    """West, south, east and north of a cell (degrees)."""
    return cell[0] * size, cell[1] * size, (cell[0] + 1) * size, (cell[1] + 1) * size


def outline(cell: Cell, size: float) -> bytes:
    """A cell as well-known binary."""
    west, south, east, north = corners(cell, size)
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
    of the smaller of both.
    """
    if not product.footprint:
        return ()
    ring = product.footprint
    places = np.array(ring)
    shape = polygon(ring)
    return tuple(
        cell for cell in _around(places, size)
        if overlap(outline(cell, size), shape) >= LEAST_COVER
    )  # fmt: skip


def _around(places: FloatArray, size: float) -> Iterable[Cell]:
    (west, south), (east, north) = places.min(axis=0), places.max(axis=0)
    for row in range(floor(south / size), floor(north / size) + 1):
        for column in range(floor(west / size), floor(east / size) + 1):
            yield column, row


def neighbors(cells: Iterable[Cell]) -> list[list[Cell]]:
    """Cells in groups that share sides."""
    left, groups = set(cells), []
    while left:
        group, fresh = [], [min(left)]
        left.discard(fresh[0])
        while fresh:
            column, row = fresh.pop()
            group.append((column, row))
            beside: Sequence[Cell] = (
                (column - 1, row), (column + 1, row), (column, row - 1), (column, row + 1),
            )  # fmt: skip
            for one in beside:
                if one in left:
                    left.discard(one)
                    fresh.append(one)
        groups.append(sorted(group))
    return groups
