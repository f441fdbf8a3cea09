# SPDX-License-Identifier: GPL-3.0-or-later
"""Longitudes and latitudes of all cells of a grid."""

from __future__ import annotations

from math import ceil

import numpy as np

from ..io.grids import Grid, pixel_size_m
from ..types import FloatArray
from .placing import exact_places

_APART_M = 2000.0  # over 2 km a straight line leaves a curved one by a tenth of a meter


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
