# SPDX-License-Identifier: GPL-3.0-or-later
"""The file as others see it: a GeoPackage by the standard, and the shipped sites."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from made_measurements import measurements
from osgeo import gdal, ogr

from calval_toolbox.core.database import open_database
from calval_toolbox.core.database.geopackage import with_header, without_header
from calval_toolbox.core.database.measurements import save_measurements
from calval_toolbox.core.database.schema import TABLES, VIEWS
from calval_toolbox.core.database.sites import shipped_site, shipped_sites

CENTERS = {  # latitude, longitude: field campaigns and the literature, to 0.01 degree
    "Algeria1": (23.80, -0.40), "Algeria2": (26.09, -1.38), "Algeria3": (30.32, 7.66),
    "Algeria4": (30.04, 5.59), "Algeria5": (31.02, 2.23), "Arabia1": (18.88, 46.76),
    "Arabia2": (20.13, 50.96), "Arabia3": (28.92, 43.73), "Sudan1": (21.74, 28.22),
    "Niger1": (19.67, 9.81), "Niger2": (21.37, 10.59), "Niger3": (21.57, 7.96),
    "Egypt1": (27.12, 26.10), "Libya1": (24.42, 13.35), "Libya2": (25.05, 20.48),
    "Libya3": (23.15, 23.10), "Libya4": (28.55, 23.39), "Mali1": (19.12, -4.85),
    "Mauritania1": (19.40, -9.30), "Mauritania2": (20.85, -8.78), "DomeC": (-75.10, 123.40),
    "Dome1": (-78.59, 120.26), "Dome2": (-75.74, 113.74), "Dome3": (-77.38, 128.7),
    "Dome4": (-75.0, 123.0),
}  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "calibration.gpkg"
    with open_database(str(made), create=True) as db:
        save_measurements(db, measurements())
    return made


def test_header_of_the_file(path: Path) -> None:
    data = path.read_bytes()
    assert data[68:72] == b"GPKG"
    assert int.from_bytes(data[60:64], "big") == 10300


def test_tables_of_the_standard(path: Path) -> None:
    with sqlite3.connect(path) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []
        contents = dict(file.execute("SELECT table_name, data_type FROM gpkg_contents"))
        assert contents.keys() >= {one.name for one in (*TABLES, *VIEWS)}
        features = {name for name, kind in contents.items() if kind == "features"}
        geometry = {row[0] for row in file.execute("SELECT table_name FROM gpkg_geometry_columns")}
        assert features == geometry == {"sites", "map_sites", "map_results"}
        box = file.execute(
            "SELECT min_x, min_y, max_x, max_y, srs_id FROM gpkg_contents "
            "WHERE table_name = 'map_sites'"
        ).fetchone()
        assert box == (22.89, -75.3017, 123.895, 29.05, 4326)
        styles = file.execute("SELECT f_table_name, useAsDefault, styleQML FROM layer_styles")
        found = {name: (default, text) for name, default, text in styles}
        assert found.keys() == {"map_sites", "map_results"}
        assert all(default and "<qgis" in text for default, text in found.values())
        for name, kind in contents.items():
            columns = file.execute("SELECT type FROM pragma_table_info(?)", (name,)).fetchall()
            assert {row[0] for row in columns} <= {
                "INTEGER", "REAL", "TEXT", "POLYGON", "BOOLEAN", "DATETIME", "",
            }, (name, kind)  # fmt: skip
    file.close()


def test_validator_of_gdal_has_nothing_to_say(path: Path) -> None:
    from osgeo_utils.samples.validate_gpkg import GPKGChecker

    checker = GPKGChecker(str(path), extra_checks=True, abort_at_first_error=False)
    checker.check()
    assert checker.errors == []


def test_gdal_reads_it(path: Path) -> None:
    gdal.UseExceptions()
    data = gdal.OpenEx(str(path), gdal.OF_VECTOR, allowed_drivers=["GPKG"])
    names = {data.GetLayer(i).GetName() for i in range(data.GetLayerCount())}
    assert names >= {one.name for one in (*TABLES, *VIEWS)}
    for name in ("sites", "map_sites"):
        layer = data.GetLayerByName(name)
        assert layer.GetGeomType() == ogr.wkbPolygon
        assert layer.GetSpatialRef().GetAuthorityCode(None) == "4326"
        key = "name" if name == "sites" else "site"
        shapes = {row.GetField(key): row.GetGeometryRef() for row in layer}
        assert shapes['A "quoted"; site, with Ünicode'] is None
        for row in (layer.ResetReading(), *layer)[1:]:
            if row.GetField(key) == "Libya4":
                assert row.GetGeometryRef().GetEnvelope() == (22.89, 23.89, 28.05, 29.05)
                if name == "map_sites":
                    assert row.GetField("measurements") == 14
    assert data.GetLayerByName("measurement_bands").GetFeatureCount() > 100


@pytest.mark.parametrize("kind", [0, 1, 2, 3, 4])
def test_geometry_headers(kind: int) -> None:
    shape = bytes(range(93))
    assert without_header(with_header(shape)) == shape
    envelope = bytes((0, 32, 48, 48, 64)[kind])
    head = b"GP\x00" + bytes([kind << 1 | 1]) + b"\xe6\x10\x00\x00"
    assert without_header(head + envelope + shape) == shape


def test_shipped_sites() -> None:
    sites = shipped_sites()
    for name, (latitude, longitude) in CENTERS.items():
        site = sites[name]
        assert abs(site.latitude - latitude) < 0.02, name
        assert abs(site.longitude - longitude) < 0.02, name
        assert site.type == ("snow" if name.startswith("Dome") else "desert")
        assert ogr.CreateGeometryFromWkb(site.outline).IsValid()
    assert len([name for name in CENTERS if sites[name].type == "desert"]) == 20
    assert {site.type for site in sites.values()} >= {"desert", "snow", "ocean", "cloud"}
    assert shipped_site("libya 4") == sites["Libya4"]
    assert shipped_site("Libya") is None
    dome3 = ogr.CreateGeometryFromWkb(sites["Dome3"].outline).GetEnvelope()
    assert dome3 == (128.215, 129.215, -77.5825, -77.1825)


def test_small_boxes_lie_inside() -> None:
    sites = shipped_sites()
    small = [name for name in sites if name.endswith("_small") and name[:-6] in CENTERS]
    assert len(small) == 20
    for name in small:
        inner, outer = (ogr.CreateGeometryFromWkb(sites[n].outline) for n in (name, name[:-6]))
        assert outer.Contains(inner), name
