# SPDX-License-Identifier: GPL-3.0-or-later
"""Rectangles of pixels: around outlines, in common, around several."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from osgeo import ogr

from .grids import Grid

Place = tuple[int, int, int, int]  # first column, first row, columns, rows


def place_of(outline: ogr.Geometry, grid: Grid) -> Place | None:
    """The rectangle of pixels around an outline (in the CRS of ``grid``), clipped to the grid."""
    x0, x1, y0, y1 = outline.GetEnvelope()
    left, width, _, top, _, height = grid.geotransform
    columns = sorted(((x0 - left) / width, (x1 - left) / width))
    rows = sorted(((y0 - top) / height, (y1 - top) / height))
    first_column, first_row = max(int(np.floor(columns[0])), 0), max(int(np.floor(rows[0])), 0)
    last_column = min(int(np.ceil(columns[1])), grid.width)
    last_row = min(int(np.ceil(rows[1])), grid.height)
    if last_column <= first_column or last_row <= first_row:
        return None
    return first_column, first_row, last_column - first_column, last_row - first_row


def common_place(one: Place, other: Place) -> Place | None:
    """What two rectangles have in common, None where that is nothing."""
    left, top = max(one[0], other[0]), max(one[1], other[1])
    right = min(one[0] + one[2], other[0] + other[2])
    bottom = min(one[1] + one[3], other[1] + other[3])
    return (left, top, right - left, bottom - top) if left < right and top < bottom else None


def place_around(places: Sequence[Place]) -> Place:
    """The rectangle around several."""
    left, top = min(one[0] for one in places), min(one[1] for one in places)
    right = max(one[0] + one[2] for one in places)
    bottom = max(one[1] + one[3] for one in places)
    return left, top, right - left, bottom - top
