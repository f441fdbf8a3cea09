# SPDX-License-Identifier: GPL-3.0-or-later
"""What QGIS reads of a database besides the tables: their registration, extents and map styles."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..times import now_text
from .ddl import insert
from .schema import TABLES, VERSION_TABLE, VIEWS, ViewDefinition

if TYPE_CHECKING:
    from .base import Database

STYLES = Path(__file__).parents[2] / "resources" / "styles"
SRS = 4326
_WGS84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,'
    'AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,'
    'AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],'
    'AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]'
)
_SYSTEMS = (
    ("Undefined Cartesian SRS", -1, "NONE", -1, "undefined", "undefined Cartesian system"),
    ("Undefined geographic SRS", 0, "NONE", 0, "undefined", "undefined geographic system"),
    ("WGS 84", SRS, "EPSG", SRS, _WGS84, "longitude/latitude in degrees, WGS 84"),
)
_NEEDED = (
    """CREATE TABLE IF NOT EXISTS gpkg_spatial_ref_sys (
        srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
        organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT)""",
    """CREATE TABLE IF NOT EXISTS gpkg_contents (
        table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
        description TEXT DEFAULT '',
        last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
        min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
        CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id))""",
    """CREATE TABLE IF NOT EXISTS gpkg_geometry_columns (
        table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
        srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
        CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
        CONSTRAINT uk_gc_table_name UNIQUE (table_name),
        CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
        CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id))""",
)
_STYLES_GEOPACKAGE = """CREATE TABLE IF NOT EXISTS layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT, f_table_schema TEXT,
    f_table_name TEXT, f_geometry_column TEXT, styleName TEXT, styleQML TEXT, styleSLD TEXT,
    useAsDefault BOOLEAN, description TEXT, owner TEXT, ui TEXT,
    update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))"""
# The table that QGIS itself makes for the styles of PostgreSQL layers.
_STYLES_POSTGIS = """CREATE TABLE IF NOT EXISTS public.layer_styles (
    id serial PRIMARY KEY, f_table_catalog varchar, f_table_schema varchar, f_table_name varchar,
    f_geometry_column varchar, stylename text, styleqml xml, stylesld xml, useasdefault boolean,
    description text, owner varchar(63) DEFAULT CURRENT_USER, ui xml,
    update_time timestamp DEFAULT CURRENT_TIMESTAMP, type varchar)"""
_WHOLE = (-180.0, -90.0, 180.0, 90.0)


def prepare_geopackage(db: Database) -> None:
    """Make the tables that every GeoPackage has, where they are missing."""
    for statement in _NEEDED:
        db.run(statement)
    for row in _SYSTEMS:
        if not db.value("SELECT COUNT(*) FROM gpkg_spatial_ref_sys WHERE srs_id = ?", (row[1],)):
            db.run("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", row)


def describe_geopackage(db: Database) -> None:
    """Register all tables and views with their extents, and their styles; again after a change."""
    extent = _extent(db)
    for table in (*TABLES, VERSION_TABLE):
        _register(db, table.name, table.geometry, "", extent)
    for view in VIEWS:
        _register(db, view.name, view.geometry, view.description, extent)
    db.run(_STYLES_GEOPACKAGE)
    _register(db, "layer_styles", "", "", extent)
    for view in VIEWS:
        db.run("DELETE FROM layer_styles WHERE f_table_name = ?", (view.name,))
        columns = ("f_table_catalog", "f_table_schema", "f_table_name", "f_geometry_column",
                   "styleName", "styleQML", "styleSLD", "useAsDefault", "description")  # fmt: skip
        row = ("", "", view.name, view.geometry, view.style, _style(view), "", 1, view.description)
        db.run(insert("layer_styles", columns), row)


def describe_postgis(db: Database) -> None:
    """Write the styles where QGIS looks for those of PostgreSQL layers."""
    db.run(_STYLES_POSTGIS)
    catalog = db.value("SELECT current_database()")
    for view in VIEWS:
        place = (catalog, db.name.schema, view.name)
        db.run(
            "DELETE FROM public.layer_styles WHERE f_table_catalog = ? AND f_table_schema = ? "
            "AND f_table_name = ?",
            place,
        )
        db.run(
            "INSERT INTO public.layer_styles (f_table_catalog, f_table_schema, f_table_name, "
            "f_geometry_column, stylename, styleqml, useasdefault, description) "
            "VALUES (?, ?, ?, ?, ?, XMLPARSE(DOCUMENT ?), true, ?)",
            (*place, view.geometry, view.style, _style(view), view.description),
        )


def update_extent(db: Database) -> None:
    """Write the extent of the sites again, after some were added."""
    if db.name.path:
        extent, names = _extent(db), ["sites", *(view.name for view in VIEWS)]
        for name in names:
            db.run(
                "UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ?, "
                "last_change = ? WHERE table_name = ?",
                (*extent, now_text(), name),
            )


def _register(db: Database, name: str, geometry: str, text: str, extent: tuple[float, ...]) -> None:
    if db.value("SELECT COUNT(*) FROM gpkg_contents WHERE table_name = ?", (name,)):
        return
    row = (name, "features" if geometry else "attributes", name, text)
    place = (*extent, SRS) if geometry else (None,) * 5
    columns = ("table_name", "data_type", "identifier", "description", "min_x", "min_y", "max_x",
               "max_y", "srs_id")  # fmt: skip
    db.run(insert("gpkg_contents", columns), (*row, *place))
    if geometry:
        db.run(
            "INSERT INTO gpkg_geometry_columns VALUES (?, ?, 'POLYGON', ?, 0, 0)",
            (name, geometry, SRS),
        )


def _extent(db: Database) -> tuple[float, ...]:
    """Smallest and largest longitude and latitude of the sites' polygons; the whole Earth without
    any.
    """
    from ..io.shapes import envelope

    shapes = [db.shape(row[0]) for row in db.rows("SELECT geom FROM sites WHERE geom IS NOT NULL")]
    boxes = [envelope(shape) for shape in shapes if shape]
    if not boxes:
        return _WHOLE
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def _style(view: ViewDefinition) -> str:
    return (STYLES / f"{view.style}.qml").read_text(encoding="utf-8")
