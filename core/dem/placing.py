# SPDX-License-Identifier: GPL-3.0-or-later
"""Places on the ground to cells of a grid, for many points at once.

The projection is a smooth function: over the box of the points a polynomial of the third degree
stands for it, fitted on a lattice that PROJ has projected, and checked between its nodes.
"""

from __future__ import annotations

import numpy as np

from ..errors import InputError
from ..io.grids import Grid, project, unproject
from ..types import FloatArray

NODES = 7
WORST_FIT = 0.005  # cells
DEGREE = 3


def cells_of(grid: Grid, lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Columns and rows (n,) of ``grid``, counted from the center of its first cell, of places (n,)
    in degrees (WGS 84); NaN for NaN.

    Raises ``InputError`` where the places are spread so far that the polynomial is off by more than
    a two hundredth of a cell: then they belong to tiles.
    """
    known = np.isfinite(lon) & np.isfinite(lat)
    column, row = np.full(len(lon), np.nan), np.full(len(lon), np.nan)
    if not known.any():
        return column, row
    middle, half = zip(*(_box(one[known]) for one in (lon, lat)), strict=True)
    nodes = np.linspace(-1.0, 1.0, NODES)
    found = np.linalg.lstsq(_terms(*_lattice(nodes)), _exact(grid, middle, half, nodes), rcond=None)
    between = (nodes[1:] + nodes[:-1]) / 2.0
    away = _terms(*_lattice(between)) @ found[0] - _exact(grid, middle, half, between)
    if np.abs(away).max() > WORST_FIT:
        raise InputError(
            f"The points are spread over {2.0 * half[0]:.2g} by {2.0 * half[1]:.2g} degrees, too "
            "far to be placed together: take smaller tiles."
        )
    u, v = ((one[known] - m) / h for one, m, h in zip((lon, lat), middle, half, strict=True))
    column[known], row[known] = (_terms(u, v) @ found[0]).T
    return column, row


def exact_cells(grid: Grid, lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
    """As ``cells_of``, each point by PROJ itself: for few points."""
    left, width, _, top, _, height = grid.geotransform
    places = zip(lon.tolist(), lat.tolist(), strict=True)
    x, y = np.array([project(grid.wkt, *one) for one in places]).T
    return (x - left) / width - 0.5, (y - top) / height - 0.5


def exact_places(grid: Grid, column: FloatArray, row: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Longitudes and latitudes (n,) of ``exact_cells``."""
    left, width, _, top, _, height = grid.geotransform
    cells = zip(left + (column + 0.5) * width, top + (row + 0.5) * height, strict=True)
    lon, lat = np.array([unproject(grid.wkt, *one) for one in cells]).T
    return lon, lat


def _box(values: FloatArray) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    return (low + high) / 2.0, max((high - low) / 2.0, 1e-9)


def _lattice(nodes: FloatArray) -> tuple[FloatArray, FloatArray]:
    u, v = np.meshgrid(nodes, nodes)
    return u.ravel(), v.ravel()


def _exact(
    grid: Grid, middle: tuple[float, ...], half: tuple[float, ...], nodes: FloatArray
) -> FloatArray:
    """Columns and rows (n, 2) of a lattice by PROJ."""
    u, v = _lattice(nodes)
    found = exact_cells(grid, middle[0] + half[0] * u, middle[1] + half[1] * v)
    return np.stack(found, axis=1)


def _terms(u: FloatArray, v: FloatArray) -> FloatArray:
    # Products: powers of real numbers take ten times as long.
    across, down = [np.ones_like(u)], [np.ones_like(v)]
    for _ in range(DEGREE):
        across.append(across[-1] * u)
        down.append(down[-1] * v)
    powers = [(i, j) for i in range(DEGREE + 1) for j in range(DEGREE + 1 - i)]
    return np.stack([across[i] * down[j] for i, j in powers], axis=1)
