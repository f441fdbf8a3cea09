# SPDX-License-Identifier: GPL-3.0-or-later
"""Places on the ground to cells of a grid and back, for many points at once.

The projection is a smooth function: over the box of the points a polynomial of the third degree
stands for it, fitted on a lattice that PROJ has projected, and checked between its nodes.
"""

from __future__ import annotations

from math import ceil

import numpy as np

from ..errors import InputError
from ..io.grids import Grid, pixel_size_m, project, unproject
from ..types import FloatArray

NODES = 7
WORST_FIT = 0.005  # cells
DEGREE = 3
_APART_M = 2000.0  # over 2 km a straight line leaves a curved one by a tenth of a meter


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


def places(grid: Grid, row: int, rows: int) -> tuple[FloatArray, FloatArray]:
    """Longitudes and latitudes (rows, columns; degrees WGS 84) of the cells of so many rows.

    PROJ places nodes that lie 2 km apart, those between are interpolated: to a tenth of a meter.
    """
    step = max(1, int(_APART_M / max(pixel_size_m(grid), 1e-6)))
    x, y = _nodes(0, grid.width, step), _nodes(row, rows, step)
    columns_at, rows_at = np.meshgrid(x, y)
    found = exact_places(grid, columns_at.ravel(), rows_at.ravel())
    inside = np.arange(grid.width, dtype=np.float64), np.arange(row, row + rows, dtype=np.float64)
    shape = (len(y), len(x))
    lon = _spread(_unwrapped(found[0]).reshape(shape), x, y, *inside)
    return lon, _spread(found[1].reshape(shape), x, y, *inside)


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
    terms = np.empty((len(u), len(powers)))
    for n, (i, j) in enumerate(powers):
        np.multiply(across[i], down[j], out=terms[:, n])
    return terms


def _nodes(first: int, count: int, step: int) -> FloatArray:
    """Positions from the first to the last cell, at most ``step`` apart."""
    return np.linspace(first, first + count - 1, max(2, ceil((count - 1) / step) + 1))


def _unwrapped(lon: FloatArray) -> FloatArray:
    """Longitudes without a leap at 180 degrees."""
    return np.where(lon - lon[0] > 180.0, lon - 360.0, np.where(lon - lon[0] < -180.0,
                                                                lon + 360.0, lon))  # fmt: skip


def _spread(
    values: FloatArray, x: FloatArray, y: FloatArray, columns: FloatArray, rows: FloatArray
) -> FloatArray:
    """Bilinear interpolation of values at nodes (y, x) to all ``rows`` and ``columns``."""
    if len(columns) == 1:
        along = values[:, :1]
    else:
        along = np.stack([np.interp(columns, x, one) for one in values])
    if len(rows) == 1:
        return along[:1].copy()
    at = np.clip(np.searchsorted(y, rows, side="right") - 1, 0, len(y) - 2)
    share = ((rows - y[at]) / (y[at + 1] - y[at]))[:, None]
    return np.asarray(along[at] * (1.0 - share) + along[at + 1] * share)
