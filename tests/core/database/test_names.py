# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of databases, and that no password gets out of them."""

from __future__ import annotations

import traceback
from pathlib import Path
from urllib.parse import quote

import pytest
from postgres_server import GUARDED, WORD, Server

from calval_toolbox.core.database import open_database, parse_name
from calval_toolbox.core.database.names import scrubbed
from calval_toolbox.core.errors import CalValError, DatabaseError, InputError

ODD = "hunter2"


def test_geopackage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    name = parse_name(" sub/Data.GPKG ")
    assert name.path == name.shown == str(tmp_path / "sub" / "Data.GPKG")
    assert not name.has_password


def test_address() -> None:
    name = parse_name(f"postgresql://me%40home:{ODD}@db.org:5433/cal?schema=s2&sslmode=require")
    assert dict(name.parameters) == {
        "host": "db.org", "port": "5433", "user": "me@home", "password": ODD, "dbname": "cal",
        "sslmode": "require",
    }  # fmt: skip
    assert name.schema == "s2"
    assert name.has_password
    assert str(name) == "postgresql://me%40home@db.org:5433/cal?schema=s2"
    assert ODD not in repr(name)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "measurements.csv",
        f"host=db password={ODD}",
        f"mysql://me:{ODD}@db/x",
        f"postgresql://me:pa/{ODD}@db/x",
        f"postgresql://me:pa#{ODD}@db/x",
        f"postgresql://me:pa?{ODD}@db/x",
        f"postgresql://me:12/{ODD}@db/x",
        f"postgresql://me:12#{ODD}@db/x",
        f"postgresql://me:12?user={ODD}@db/x",
        f"postgresql://db:port{ODD}/x",
        f"postgresql://db/x?passwort={ODD}",
        f"postgresql://db/x?{ODD}",
        f"postgresql://me:{ODD}@db/x?schema=a-b",
    ],
)
def test_what_is_no_name(text: str) -> None:
    with pytest.raises(InputError) as told:
        parse_name(text)
    assert ODD not in "".join(traceback.format_exception(told.value)).replace(text, "")
    assert ODD not in str(told.value)


def test_words_of_the_driver_are_cleaned() -> None:
    name = parse_name("postgresql://me:a%2Fb%23c@db/x")
    text = 'FATAL:  "a/b#c" is no\n  password, nor is a%2Fb%23c'
    assert scrubbed(text, name) == 'FATAL: "***" is no password, nor is ***'
    assert scrubbed("a  b", parse_name("postgresql://db/x")) == "a b"


def guarded(server: Server, word: str) -> str:
    return f"postgresql://{GUARDED}:{quote(word, safe='')}@127.0.0.1:{server.port}/calval?schema=g"


def test_password(postgres_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = guarded(postgres_server, ODD)
    with pytest.raises(DatabaseError, match="password authentication failed.*PGPASSWORD") as told:
        open_database(wrong)
    assert ODD not in "".join(traceback.format_exception(told.value)).replace(wrong, "")
    # A user that may not make a schema here.
    with pytest.raises(
        DatabaseError, match=r"(?i)user may not do this .*permission denied"
    ) as said:
        open_database(guarded(postgres_server, WORD), create=True)
    assert WORD not in str(said.value)
    monkeypatch.setenv("PGPASSWORD", WORD)
    without = f"postgresql://{GUARDED}@127.0.0.1:{postgres_server.port}/calval?schema=g"
    with pytest.raises(DatabaseError, match="holds no calibration measurements"):
        open_database(without)


@pytest.mark.parametrize(
    "address", ["postgresql://127.0.0.1:1/x", "postgresql://nobody.invalid/x?connect_timeout=3"]
)
def test_unreachable(address: str) -> None:
    with pytest.raises(CalValError, match="cannot be opened"):
        open_database(address)


def test_reader_without_the_right_to_write(postgres_server: Server) -> None:
    name = postgres_server.new_name()
    open_database(name, create=True).close()
    schema = parse_name(name).schema
    postgres_server.execute(
        f"GRANT USAGE ON SCHEMA {schema} TO {GUARDED}",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {GUARDED}",
    )
    reader = guarded(postgres_server, WORD).replace("schema=g", f"schema={schema}")
    with open_database(reader, create=True) as db:
        assert db.ids("sites") == {}
        with (
            pytest.raises(DatabaseError, match="may not do this .*right to read and write"),
            db.transaction(),
        ):
            db.run("INSERT INTO sites (id, name) VALUES (1, 'x')")
    with open_database(name) as db:
        db.run("UPDATE calval_schema SET version = version + 1")
    with pytest.raises(DatabaseError, match="newer version of the toolbox"):
        open_database(reader)
