# SPDX-License-Identifier: GPL-3.0-or-later
"""Sites out of point layers and AERONET tables."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from calval_toolbox.core.errors import InsufficientDataError, TableError
from calval_toolbox.core.io.tables import points
from calval_toolbox.core.sites import altitudes_from_table, sites_from_table
from calval_toolbox.core.table import Table


def _table(names: list[str], x: list[float], y: list[float], key: str = "site") -> Table:
    columns = {key: np.array(names, dtype=object), "other": np.array(names, dtype=object)}
    return Table(columns, "sites.gpkg", points(np.array(x), np.array(y)))


def test_an_aeronet_table_gives_one_point_per_site() -> None:
    sites, notes = sites_from_table(_table(["B", "A", "B"], [1.0, 2.0, 1.001], [3.0, 4.0, 3.0]))
    assert [(site.name, site.longitude, site.latitude) for site in sites] == [
        ("A", 2.0, 4.0),
        ("B", 1.001, 3.0),
    ]
    assert notes == ()


def test_a_moved_site_is_said() -> None:
    sites, notes = sites_from_table(_table(["A", "A"], [1.0, 1.1], [3.0, 3.0]))
    assert sites[0].longitude == 1.1
    assert "several places" in notes[0]


def test_columns_do_where_there_is_no_geometry() -> None:
    columns = {
        "name": np.array(["A"], dtype=object),
        "longitude": np.array(["1.5"], dtype=object),
        "latitude": np.array([-2.5]),
    }
    sites, _ = sites_from_table(Table(columns, "sites.csv"))
    assert (sites[0].longitude, sites[0].latitude) == (1.5, -2.5)


def test_the_name_column_can_be_chosen() -> None:
    sites, _ = sites_from_table(_table(["A"], [1.0], [2.0], key="label"), "label")
    assert sites[0].name == "A"
    with pytest.raises(TableError, match="no column 'wrong'"):
        sites_from_table(_table(["A"], [1.0], [2.0]), "wrong")
    with pytest.raises(TableError, match="label, other"):
        sites_from_table(_table(["A"], [1.0], [2.0], key="label"))


def test_rows_without_name_or_place_are_counted() -> None:
    table = _table(["", "A", "B", "C"], [1.0, np.nan, 2.0, 3.0], [1.0, 1.0, 95.0, 3.0])
    sites, notes = sites_from_table(table)
    assert [site.name for site in sites] == ["C"]
    assert notes[0].startswith("3 row(s)")
    with pytest.raises(InsufficientDataError):
        sites_from_table(table.select(np.array([0, 1])))
    with pytest.raises(TableError, match="neither points nor columns"):
        sites_from_table(Table({"site": np.array(["A"], dtype=object)}, "sites.csv"))


@pytest.mark.parametrize(
    ("head", "count"), [("<I", 1), (">I", 1), ("<I", 1001), ("<I", 0x80000001)]
)
def test_points_with_height_and_either_byte_order(head: str, count: int) -> None:
    order = b"\x01" if head[0] == "<" else b"\x00"
    shape = order + struct.pack(head, count) + struct.pack(head[0] + "3d", 7.0, 8.0, 100.0)
    geometry = np.empty(1, dtype=object)
    geometry[0] = shape
    table = Table({"site": np.array(["A"], dtype=object)}, "sites", geometry)
    sites, _ = sites_from_table(table)
    assert (sites[0].longitude, sites[0].latitude) == (7.0, 8.0)


def test_geometries_other_than_single_points_are_named() -> None:
    shapes = np.empty(3, dtype=object)
    shapes[0] = points(np.array([7.0]), np.array([8.0]))[0]
    members = shapes[0] * 2
    shapes[1] = struct.pack("<BII", 1, 4, 1) + shapes[0]
    shapes[2] = struct.pack("<BII", 1, 4, 2) + members
    table = Table({"site": np.array(["A", "B", "C"], dtype=object)}, "sites", shapes)
    sites, notes = sites_from_table(table)
    assert [site.name for site in sites] == ["A", "B"]
    assert "1 row(s)" in notes[0]
    assert "MultiPoint of 2 points" in notes[0]
    with pytest.raises(InsufficientDataError, match="MultiPoint of 2 points"):
        sites_from_table(table.select(np.array([2])))


def _square(x: float, y: float, size: float = 0.01) -> bytes:
    ring = [(x, y), (x + size, y), (x + size, y + size), (x, y + size), (x, y)]
    packed = b"".join(struct.pack("<dd", *corner) for corner in ring)
    return struct.pack("<BIII", 1, 3, 1, len(ring)) + packed


def test_polygons_are_sites_where_they_are_asked_for() -> None:
    shapes = np.array([_square(1.0, 43.0), _square(1.02, 43.0), _square(2.0, 44.0)], dtype=object)
    names = np.array(["A", "A", "B"], dtype=object)
    table = Table({"site": names}, "fields.gpkg", shapes, "Polygon")
    (first, second), notes = sites_from_table(table, polygons=True)
    assert 2.0 < second.longitude < 2.01
    assert 44.0 < second.latitude < 44.01
    assert second.polygon == shapes[2]
    assert first.polygon is not None
    assert struct.unpack_from("<BII", first.polygon)[1:] == (6, 2), "both squares are one site"
    assert notes == ("Site A of fields.gpkg has 2 polygons: joined.",)
    with pytest.raises(InsufficientDataError, match="holds no named point but Polygon"):
        sites_from_table(table)


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        (1.374, 143.57, "row 1: the latitude 143.57 is impossible"),
        (-500.0, 43.57, "row 1: the longitude -500 is impossible"),
    ],
)
def test_impossible_coordinates_are_named(x: float, y: float, words: str) -> None:
    with pytest.raises(InsufficientDataError, match=words):
        sites_from_table(_table(["A"], [x], [y]))
    columns = {
        "site": np.array(["A", "B"], dtype=object),
        "longitude": np.array([x, 1.0]),
        "latitude": np.array([y, 2.0]),
    }
    sites, notes = sites_from_table(Table(columns, "sites.csv"))
    assert [site.name for site in sites] == ["B"]
    assert f"sites.csv, {words}" in notes[1]


def test_altitudes_of_sites() -> None:
    """Only where a row states one; of several the last; none that no ground has."""
    table = _table(["A", "B", "A", "C"], [1.0] * 4, [2.0] * 4)
    assert altitudes_from_table(table) == {}
    columns = {**table.columns, "altitude_m": np.array([100.0, np.nan, 120.0, -30.0])}
    stated = Table(columns, table.name, table.geometry)
    assert altitudes_from_table(stated) == {"A": 120.0, "C": -30.0}
    feet = Table({**columns, "altitude_m": np.array([0.0, 0.0, 0.0, 10_500.0])}, "sites.gpkg")
    with pytest.raises(TableError, match=r"states 10500 m as the altitude of C: give meters"):
        altitudes_from_table(feet)
