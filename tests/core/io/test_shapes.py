# SPDX-License-Identifier: GPL-3.0-or-later
"""Polygons of sites on grids: their pixels, and that GDAL has nothing to say of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from osgeo import gdal, ogr

from calval_toolbox.core.io.grids import Grid, grid_from_epsg
from calval_toolbox.core.io.rasters import block_of
from calval_toolbox.core.io.shapes import burnt, footprint, from_wkb, overlap


@pytest.fixture
def said() -> Iterator[list[str]]:
    """What GDAL says meanwhile."""
    heard: list[str] = []
    gdal.PushErrorHandler(lambda _kind, _number, text: heard.append(text))
    yield heard
    gdal.PopErrorHandler()


def box(left: float, bottom: float, right: float, top: float) -> bytes:
    text = f"POLYGON(({left} {bottom},{right} {bottom},{right} {top},{left} {top},{left} {bottom}))"
    return bytes(ogr.CreateGeometryFromWkt(text).ExportToWkb(ogr.wkbNDR))


@pytest.mark.parametrize(
    ("grid", "columns", "rows"),
    [
        # 0.01 degrees from 1 E, 44 N on: the box covers columns 20 to 29 and rows 40 to 44.
        (grid_from_epsg(4326, (1.0, 0.01, 0, 44.0, 0, -0.01), 100, 100), (20, 30), (40, 45)),
        # The same in units of 100 m of UTM would be slanted: only its middle is asked for.
        (grid_from_epsg(32631, (339000.0, 1000.0, 0, 4874000.0, 0, -1000.0), 90, 90), None, None),
    ],
)
def test_pixels_of_a_polygon_without_a_word_of_gdal(
    grid: Grid, columns: tuple[int, int] | None, rows: tuple[int, int] | None, said: list[str]
) -> None:
    found = footprint(grid, 1.25, 43.575, 0.0, box(1.2, 43.55, 1.3, 43.6))
    assert said == []
    assert found is not None
    inside = np.zeros((grid.height, grid.width), dtype=bool)
    top, left = found.window.row_off, found.window.column_off
    height, width = found.inside.shape
    inside[top : top + height, left : left + width] = found.inside
    column, row = (int(one) for one in grid.position(1.25, 43.575))
    assert inside[row, column]
    if columns and rows:
        wanted = np.zeros_like(inside)
        wanted[slice(*rows), slice(*columns)] = True
        assert np.array_equal(inside, wanted)
    else:
        # 0.1 degrees of longitude at 43.6 N are 8.06 km, 0.05 of latitude 5.56 km.
        assert inside.sum() == pytest.approx(8.06 * 5.56, abs=6)


@pytest.mark.parametrize(
    ("other", "share"),
    [
        (box(1.0, 0.0, 2.0, 1.0), 0.0),
        (box(1.0, 1.0, 2.0, 2.0), 0.0),
        (box(2.0, 2.0, 3.0, 3.0), 0.0),
        (box(0.75, 0.0, 3.0, 1.0), 0.25),
    ],
    ids=["a side", "a corner", "apart", "a quarter"],
)
def test_overlap_of_what_only_touches_without_a_word_of_gdal(
    other: bytes, share: float, said: list[str]
) -> None:
    assert overlap(box(0.0, 0.0, 1.0, 1.0), other) == pytest.approx(share)
    assert said == []


def test_pixels_of_a_polygon_that_has_no_crs_without_a_word_of_gdal(said: list[str]) -> None:
    """It is in that of the pixels, which have one."""
    grid = grid_from_epsg(32631, (500_000.0, 10.0, 0, 4_800_000.0, 0, -10.0), 8, 6)
    shape = from_wkb(box(500_010.0, 4_799_960.0, 500_040.0, 4_799_980.0))
    expected = np.zeros((6, 8), bool)
    expected[2:4, 1:4] = True
    assert np.array_equal(burnt(shape, block_of(grid, 0, 0, 8, 6)), expected)
    assert said == []
