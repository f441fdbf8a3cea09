# SPDX-License-Identifier: GPL-3.0-or-later
"""How users name a database: connections and authentication configurations of QGIS, addresses."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("qgis.core")

from made_measurements import measurements
from postgres_server import GUARDED, OWNER, WORD, Server
from qgis.core import (
    QgsApplication,
    QgsAuthMethodConfig,
    QgsDataSourceUri,
    QgsProcessingException,
    QgsProviderRegistry,
)

from calval_toolbox.connections import resolve_database
from calval_toolbox.core.database import open_database
from calval_toolbox.core.errors import InputError
from calval_toolbox.core.io.measurements import write_measurements

Run = Callable[..., dict[str, Any]]
NAME = "calibration of tests"
ODD = "hunter2"


@pytest.fixture
def connect(qgis_app: Any) -> Iterator[Callable[[QgsDataSourceUri], None]]:
    """Makes the connection ``NAME`` of QGIS."""
    metadata = QgsProviderRegistry.instance().providerMetadata("postgres")

    def make(uri: QgsDataSourceUri) -> None:
        metadata.saveConnection(
            metadata.createConnection(uri.uri(False), {"saveUsername": True}), NAME
        )

    yield make
    metadata.deleteConnection(NAME)


@pytest.fixture
def configuration(qgis_app: Any) -> Iterator[str]:
    """The id of an authentication configuration with the password of the guarded role."""
    manager = QgsApplication.authManager()
    assert manager.setMasterPassword("only for tests", True)
    config = QgsAuthMethodConfig("Basic")
    config.setName("guarded")
    config.setConfig("username", GUARDED)
    config.setConfig("password", WORD)
    assert manager.storeAuthenticationConfig(config)[0]
    yield config.id()
    manager.removeAuthenticationConfig(config.id())


def address(server: Server, user: str = "") -> QgsDataSourceUri:
    uri = QgsDataSourceUri()
    uri.setConnection("127.0.0.1", str(server.port), "calval", user, "")
    return uri


def test_connection_of_qgis(
    run_algorithm: Run, connect: Callable[..., None], postgres_server: Server, tmp_path: Path
) -> None:
    connect(address(postgres_server, OWNER))
    source = tmp_path / "made.csv"
    write_measurements(measurements(), source, "csv")
    found = run_algorithm("importmeasurements", {"INPUT": [str(source)], "DATABASE": NAME})
    assert found == {"COUNT": 40, "KNOWN_COUNT": 0}
    with open_database(f"{postgres_server.address}?schema=calval") as db:
        assert db.ids("sensors") == {"MERIS": 1}
    output = {"DATABASE": NAME, "SENSOR": "MERIS", "OUTPUT": str(tmp_path / "o.nc")}
    assert run_algorithm("exportmeasurements", output)["COUNT"] == 40
    with pytest.raises(InputError, match=f"'calibration' names no database.*{NAME}"):
        resolve_database("calibration")


def test_password_of_the_authentication_manager(
    connect: Callable[..., None], configuration: str, postgres_server: Server
) -> None:
    uri = address(postgres_server)
    uri.setAuthConfigId(configuration)
    connect(uri)
    direct = f"postgresql://127.0.0.1:{postgres_server.port}/calval?authcfg={configuration}"
    for text in (NAME, direct, f"{direct}&schema=s", direct.replace("?", "?schema=s&")):
        name = resolve_database(text)
        assert name.parameters["user"] == GUARDED
        assert name.parameters["password"] == WORD
        assert WORD not in f"{name} {name!r}"
        assert name.schema == ("s" if "schema" in text else "calval")
    with pytest.raises(InputError, match="authentication configuration abc1234 of QGIS cannot"):
        resolve_database(direct.replace(configuration, "abc1234"))


def test_nothing_holds_the_password(
    run_algorithm: Run, configuration: str, postgres_server: Server, tmp_path: Path
) -> None:
    postgres_server.execute(
        f"DROP SCHEMA IF EXISTS {GUARDED} CASCADE",
        f"CREATE SCHEMA {GUARDED} AUTHORIZATION {GUARDED}",
    )
    source = tmp_path / "made.csv"
    write_measurements(measurements(), source, "csv")
    database = (
        f"postgresql://127.0.0.1:{postgres_server.port}/calval?schema={GUARDED}"
        f"&authcfg={configuration}"
    )
    run_algorithm("importmeasurements", {"INPUT": [str(source)], "DATABASE": database})
    output = tmp_path / "o.nc"
    run_algorithm("exportmeasurements", {"DATABASE": database, "SENSOR": "MERIS",
                                         "OUTPUT": str(output)})  # fmt: skip
    record = Path(f"{output}.provenance.json").read_text()
    assert f"127.0.0.1:{postgres_server.port}" in record
    assert WORD not in record
    connection = postgres_server.connect()
    with connection.cursor() as cursor:
        cursor.execute(" ".join(("SELECT parameters || record FROM", f"{GUARDED}.runs")))
        (kept,) = cursor.fetchone()
    connection.close()
    assert "127.0.0.1" in kept
    assert WORD not in kept


def test_password_in_the_parameter_is_refused(run_algorithm: Run, tmp_path: Path) -> None:
    for text in (f"postgresql://me:{ODD}@db/x", f"postgresql://db/x?user=me&password={ODD}"):
        with pytest.raises(QgsProcessingException, match="holds a password") as told:
            run_algorithm("exportmeasurements", {"DATABASE": text, "SENSOR": "MERIS",
                                                 "OUTPUT": str(tmp_path / "o.nc")})  # fmt: skip
        assert ODD not in str(told.value)


def test_path_is_from_the_root_on(qgis_app: Any, tmp_path: Path) -> None:
    before = Path.cwd()
    os.chdir(tmp_path)
    try:
        assert resolve_database("x.gpkg").path == str(tmp_path / "x.gpkg")
    finally:
        os.chdir(before)
