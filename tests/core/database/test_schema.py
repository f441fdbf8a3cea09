# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of both kinds of databases: made, migrated, refused."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from made_measurements import assert_same, measurements

from calval_toolbox.core.database import (
    Database,
    ddl,
    migrations,
    open_database,
    parse_name,
    writing,
)
from calval_toolbox.core.database.geopackage import GeoPackage
from calval_toolbox.core.database.measurements import load_measurements, save_measurements
from calval_toolbox.core.database.postgis import Postgis
from calval_toolbox.core.database.schema import SCHEMA_VERSION, TABLES, VERSION_TABLE, VIEWS
from calval_toolbox.core.errors import DatabaseError

# A change of the schema is a change for everybody who has a database: raise SCHEMA_VERSION, add a
# step to migrations.STEPS, plant the version before in a test, and write the new digest here.
DIGEST = "5af4034b954cb650"


def structure(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Columns of all tables and views, with their types and whether they may be empty."""
    found = {}
    for name in [*(one.name for one in (*TABLES, VERSION_TABLE)), *(one.name for one in VIEWS)]:
        if isinstance(db, GeoPackage):
            rows = db.rows("SELECT name, type, [notnull], pk FROM pragma_table_info(?)", (name,))
        else:
            rows = db.rows(
                "SELECT column_name, udt_name, is_nullable FROM information_schema.columns "
                "WHERE table_schema = ? AND table_name = ?", (db.name.schema, name),
            )  # fmt: skip
        found[name] = sorted(rows)
    return found


def constraints(db: Database) -> list[tuple[Any, ...]]:
    if isinstance(db, GeoPackage):
        rows = []
        for table in TABLES:
            keys = db.rows("SELECT [from], [table] FROM pragma_foreign_key_list(?)", (table.name,))
            rows += [(table.name, *key) for key in keys]
            names = db.rows("SELECT name, [unique] FROM pragma_index_list(?)", (table.name,))
            rows += [(table.name, *name) for name in names]
        return sorted(rows)
    return sorted(
        db.rows(
            "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE connamespace = ?::regnamespace", (db.name.schema,),
        )
    )  # fmt: skip


def bare(name: str) -> Database:
    """A connection without the check of the version."""
    parsed = parse_name(name)
    return GeoPackage(parsed) if parsed.path else Postgis(parsed)


def plant_version_0(name: str) -> None:
    """The draft of the schema: no saturated fraction, no record of runs, no parameters."""
    gone = {("measurement_bands", "saturated_fraction"), ("runs", "record")}
    with bare(name) as db, db.transaction():
        db.prepare()
        for table in (*TABLES, VERSION_TABLE):
            if table.name == "calibration_parameters":
                continue
            for statement in ddl.create_table(table, db.dialect):
                for of, column in gone:
                    if of == table.name:
                        definition = ddl.column(table.column(column), db.dialect)
                        statement = statement.replace(f", {definition}", "")
                db.run(statement)
        db.run("INSERT INTO calval_schema (id, version) VALUES (1, 0)")
        db.run(
            "CREATE VIEW map_sites AS SELECT s.id AS fid, s.name AS site, s.geom AS geom "
            "FROM sites s"
        )
        db.run("INSERT INTO sites (id, name) VALUES (1, 'Libya4')")
        db.run("INSERT INTO sensors (id, name) VALUES (1, 'MERIS')")
        db.run(
            "INSERT INTO bands (id, sensor_id, name, position, wavelength_nm) "
            "VALUES (1, 1, '412', 0, 412.0)"
        )
        db.run(
            "INSERT INTO measurements (id, sensor_id, site_id, version, product, time) "
            "VALUES (1, 1, 1, '3rd', '', '2003-01-01T08:00:00.000Z')"
        )
        db.run('INSERT INTO measurement_bands (measurement_id, band_id, "mean") VALUES (1, 1, 0.2)')


def test_changes_of_the_schema_get_a_version() -> None:
    text = repr((SCHEMA_VERSION, TABLES, VERSION_TABLE, VIEWS))
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == DIGEST


def test_all_tables_are_there(database_name: str) -> None:
    with open_database(database_name, create=True) as db:
        found = structure(db)
        for table in TABLES:
            names = sorted(row[0] for row in found[table.name])
            assert names == sorted(column.name for column in table.columns)
        assert all(found[view.name] for view in VIEWS)
        assert migrations.stored_version(db) == SCHEMA_VERSION
    with open_database(database_name, create=True) as db:  # again: nothing happens
        assert structure(db) == found


def test_older_tables_are_migrated(database_name: str, tmp_path: Path) -> None:
    plant_version_0(database_name)
    fresh = str(tmp_path / "fresh.gpkg") if "gpkg" in database_name else f"{database_name}_fresh"
    with open_database(fresh, create=True) as new, open_database(database_name) as old:
        assert structure(old) == structure(new)
        assert len(constraints(old)) > 30
        assert str(constraints(old)).replace(f"{new.name.schema}.", "") == str(constraints(new))
        assert migrations.stored_version(old) == SCHEMA_VERSION
        kept = load_measurements(old, "MERIS")
        assert kept["mean"].tolist() == [[0.2]]
        assert old.rows("SELECT site, measurements FROM map_sites") == [("Libya4", 1)]
        save_measurements(old, measurements(4).select([0, 1]))


def test_failed_migration_changes_nothing(
    database_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant_version_0(database_name)
    with bare(database_name) as db:
        before = structure(db)

    def fails(db: Database) -> None:
        migrations.add_column(db, "runs", "record")
        db.run("SELECT nonsense FROM nowhere")

    monkeypatch.setitem(migrations.STEPS, 0, fails)
    with pytest.raises(DatabaseError, match="nowhere"):
        open_database(database_name)
    with bare(database_name) as db:
        assert structure(db) == before
        assert migrations.stored_version(db) == 0


def test_newer_tables_are_refused(database_name: str) -> None:
    made = measurements(5)
    with open_database(database_name, create=True) as db:
        save_measurements(db, made)
        db.run("UPDATE calval_schema SET version = ?", (SCHEMA_VERSION + 1,))
    with pytest.raises(DatabaseError, match="newer version of the toolbox.*Update the toolbox"):
        open_database(database_name, create=True)
    with bare(database_name) as db:
        assert_same(made, load_measurements(db, "MERIS"))


def test_there_has_to_be_one(database_name: str) -> None:
    with pytest.raises(DatabaseError, match="does not exist|holds no calibration measurements"):
        open_database(database_name)
    assert not Path(database_name).exists()


def test_names_that_are_taken(database_name: str) -> None:
    with bare(database_name) as db, db.transaction():
        db.prepare()
        db.run("CREATE TABLE sites (id INTEGER PRIMARY KEY)")
        db.run("CREATE TABLE other (id INTEGER PRIMARY KEY)")
    with pytest.raises(DatabaseError, match=r"names that are needed \(sites\)"):
        open_database(database_name, create=True)
    with bare(database_name) as db:
        assert not db.has_table("runs")
        assert db.has_table("other")


def test_beside_other_layers(database_name: str) -> None:
    with bare(database_name) as db, db.transaction():
        db.prepare()
        db.run("CREATE TABLE other (id INTEGER PRIMARY KEY)")
    with open_database(database_name, create=True) as db:
        save_measurements(db, measurements(5))
        assert db.has_table("other")


def test_other_files_are_refused(tmp_path: Path) -> None:
    text = tmp_path / "text.gpkg"
    text.write_text("no database at all, but long enough to have a header\n" * 40)
    with pytest.raises(DatabaseError, match="not a GeoPackage"):
        open_database(str(text), create=True)
    for content, words in ((b"x", "another kind: it is not"), (b"", "is empty: it is not")):
        short = tmp_path / "short.gpkg"
        short.write_bytes(content)
        with pytest.raises(DatabaseError, match=f"{words} a GeoPackage"):
            open_database(str(short), create=True)
        with pytest.raises(DatabaseError, match=words), writing(parse_name(str(short))):
            pass
        assert short.read_bytes() == content
    plain = tmp_path / "plain.gpkg"
    with sqlite3.connect(plain) as connection:
        connection.execute("CREATE TABLE notes (text)")
    connection.close()
    with pytest.raises(DatabaseError, match="another kind, not a GeoPackage"):
        open_database(str(plain), create=True)
    with pytest.raises(DatabaseError, match="folder of the database .* does not exist"):
        open_database(str(tmp_path / "nowhere" / "x.gpkg"), create=True)
    folder = tmp_path / "folder.gpkg"
    folder.mkdir()
    with pytest.raises(DatabaseError, match="cannot be opened"):
        open_database(str(folder), create=True)
