# SPDX-License-Identifier: GPL-3.0-or-later
"""Polygons of areas: no gap and no overlap whatever is simplified and smoothed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal, ogr

from calval_toolbox.core.classification.classes import classes_of
from calval_toolbox.core.classification.maps.arcs import Arcs, chaikin, nodes_of
from calval_toolbox.core.errors import ProductError
from calval_toolbox.core.io.class_polygons import class_polygons
from calval_toolbox.core.io.grids import Grid, grid_from_epsg, project_shape
from calval_toolbox.core.io.raster_writer import write_raster
from calval_toolbox.core.table import Table


def test_nodes_are_where_three_borders_meet_and_at_the_corners() -> None:
    codes = np.array([[1, 1, 2], [1, 1, 2], [3, 3, 3]])
    found = {(int(row), int(column)) for row, column in np.argwhere(nodes_of(codes))}
    assert found == {(0, 0), (0, 3), (3, 0), (3, 3), (0, 2), (2, 0), (2, 2), (2, 3)}


def test_both_sides_of_an_island_get_the_same_ring() -> None:
    nodes = np.zeros((20, 20), bool)
    ring = np.array([[5, 5], [5, 9], [7, 9], [7, 8], [10, 8], [10, 5], [5, 5]])
    arcs = Arcs(nodes, 0.9, 1)
    one = arcs.ring(arcs.cut(ring))
    other = arcs.ring(arcs.cut(np.roll(ring[:-1], 2, axis=0)[[*range(6), 0]][::-1]))
    assert {tuple(place) for place in one} == {tuple(place) for place in other}
    assert (one[0] == one[-1]).all()


def test_chaikin_cuts_corners_at_a_quarter() -> None:
    square = np.array([[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [0.0, 4.0], [0.0, 0.0]])
    assert chaikin(square, True)[:3].tolist() == [[1.0, 0.0], [3.0, 0.0], [4.0, 1.0]]
    bend = np.array([[0.0, 0.0], [4.0, 0.0], [4.0, 4.0]])
    assert chaikin(bend, False).tolist() == [[0, 0], [3, 0], [4, 1], [4, 4]]


def polygons_of(
    codes: np.ndarray, folder: Path, tolerance: float, turns: int
) -> tuple[Table, list[ogr.Geometry], Grid]:
    grid = grid_from_epsg(32631, (5e5, 10.0, 0.0, 4.8e6, 0.0, -10.0), *codes.shape[::-1])
    path = folder / "map.tif"
    write_raster(path, [codes], grid, 0)
    table = class_polygons(str(path), classes_of(list(np.unique(codes[codes > 0]))), tolerance,
                           turns)  # fmt: skip
    return table, [project_shape(grid.wkt, one) for one in table.geometry], grid


def check_cover(codes: np.ndarray, table: Table, shapes: list[ogr.Geometry]) -> None:
    """Valid polygons whose areas sum to that of their union, which is that of the map."""
    assert all(shape.IsValid() for shape in shapes)
    whole = ogr.Geometry(ogr.wkbMultiPolygon)
    for shape in shapes:
        whole.AddGeometry(shape)
    union = whole.UnionCascaded()
    total = sum(shape.GetArea() for shape in shapes)
    assert union.GetArea() == pytest.approx(total, rel=1e-7)
    assert table.floats("area_ha").sum() == pytest.approx(total / 1e4, rel=1e-6)
    if (codes > 0).all():
        assert total == pytest.approx(codes.size * 100.0, rel=1e-7)


@pytest.mark.parametrize(("tolerance", "turns"), [(0.0, 0), (0.8, 0), (1.5, 2), (6.0, 3)])
def test_a_noisy_map_is_covered_without_gap_or_overlap(
    tmp_path: Path, tolerance: float, turns: int
) -> None:
    """Random blots of five classes, holes in holes, areas that touch at corners."""
    rng = np.random.default_rng(7)
    fields = [
        np.kron(rng.normal(size=(10, 12)), np.ones((6, 6))) + 0.8 * rng.normal(size=(60, 72))
        for _ in range(5)
    ]
    codes = (np.argmax(fields, axis=0) + 1).astype(np.uint8)
    table, shapes, _ = polygons_of(codes, tmp_path, tolerance, turns)
    check_cover(codes, table, shapes)
    if tolerance == 0.0:
        for code in range(1, 6):
            area = table.floats("area_ha")[table["code"] == code].sum()
            assert area == pytest.approx((codes == code).sum() * 0.01, rel=1e-6)


def test_a_staircase_becomes_a_line(tmp_path: Path) -> None:
    row, column = np.mgrid[0:40, 0:40]
    codes = np.where(column > row, 1, 2).astype(np.uint8)
    table, shapes, _ = polygons_of(codes, tmp_path, 0.8, 0)
    # Of 80 steps the corners of the map and the ends of the border are left.
    assert sorted(shape.GetGeometryRef(0).GetPointCount() for shape in shapes) == [4, 6]
    check_cover(codes, table, shapes)


def test_a_real_map_is_covered(tmp_path: Path, shared_data: Path) -> None:
    source = shared_data / "classification" / "formosat2_tempcnn" / "tempcnn_map.tif"
    codes = gdal.Open(str(source)).ReadAsArray(2000, 1500, 250, 200)
    table, shapes, _ = polygons_of(codes, tmp_path, 1.0, 2)
    check_cover(codes, table, shapes)
    assert len(table) > 100


def test_a_map_without_a_place_has_no_polygons(tmp_path: Path) -> None:
    path = tmp_path / "map.tif"
    gdal.GetDriverByName("GTiff").Create(str(path), 4, 4, 1, gdal.GDT_Byte)
    with pytest.raises(ProductError, match="georeferencing"):
        class_polygons(str(path), classes_of([1]), 0.0, 0)
