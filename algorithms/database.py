# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameter that names a calibration database, the same in all algorithms that use one.

A GeoPackage by its path, a PostgreSQL database by its address or by the name of a connection of
QGIS. Passwords come from QGIS's authentication manager, from a connection, from ``PGPASSWORD`` or
from a ``.pgpass`` file; one that is written into the parameter is refused, because QGIS keeps
parameters in its log and history, in models and in projects.
"""

from __future__ import annotations

import os
import re
from typing import Any

from qgis.core import (
    QgsApplication,
    QgsAuthMethodConfig,
    QgsDataSourceUri,
    QgsProcessingParameterFile,
    QgsProviderRegistry,
)

from ..core.database.names import HIDDEN, SCHEMES, SUFFIX, DatabaseName, parse_name, postgresql_name
from ..core.errors import InputError
from ..i18n import tr

DATABASE = "DATABASE"
MARK = "calval_database"
_AUTHENTICATION = re.compile(r"(?P<sign>[?&])authcfg=(?P<id>[A-Za-z0-9]+)(?P<more>&?)")

_SSL = {
    "SslDisable": "disable", "SslAllow": "allow", "SslRequire": "require",
    "SslVerifyCa": "verify-ca", "SslVerifyFull": "verify-full",
}  # fmt: skip


def database(key: str = DATABASE) -> QgsProcessingParameterFile:
    """The parameter; an algorithm that writes into the database names its key in ``WRITES``."""
    behavior = QgsProcessingParameterFile.Behavior.File
    definition = QgsProcessingParameterFile(key, tr("Calibration database"), behavior, "")
    # QGIS's own filter "All files (*.*)" would refuse the name of a connection.
    definition.setFileFilter("")
    definition.setMetadata({MARK: True})
    definition.setHelp(
        tr(
            "Where measurements and results are kept: a GeoPackage (measurements.gpkg), the name "
            "of a PostgreSQL connection of QGIS, or an address such as "
            "postgresql://user@host:5432/name?authcfg=abc1234. Passwords do not belong here: they "
            "come from the authentication manager of QGIS, PGPASSWORD or .pgpass."
        )
    )
    return definition


def is_database(definition: Any) -> bool:
    """Whether a parameter was made by ``database``."""
    return bool(definition.metadata().get(MARK))


def resolve_database(text: str) -> DatabaseName:
    """The database that a user has named; raises ``InputError`` where it cannot be used.

    Connections and authentication configurations are looked up here, in the main thread.
    """
    text = text.strip()
    connection = _connections().get(text)
    if connection is not None:
        return _from_connection(text, QgsDataSourceUri(connection.uri()))
    if not text.lower().startswith(SCHEMES):
        return _named(text)
    found = _AUTHENTICATION.search(text)
    plain = _AUTHENTICATION.sub(_sign, text) if found else text
    name = parse_name(plain)
    if name.has_password:
        raise InputError(
            tr(
                "The address of the database holds a password, which QGIS would keep in its log "
                "and history: change the password if it is a real one. Give the address without "
                "it, and the password by authcfg=ID of the authentication manager of QGIS, by a "
                "connection of QGIS, by PGPASSWORD or by a .pgpass file."
            )
        )
    if found is None:
        return name
    given = {**name.parameters, **_credentials(found.group("id"))}
    return postgresql_name(given, name.schema, name.shown)


def _sign(found: re.Match[str]) -> str:
    return found.group("sign") if found.group("more") else ""


def _named(text: str) -> DatabaseName:
    if text.lower().endswith(SUFFIX) and not text.startswith("/vsi"):
        return parse_name(os.path.abspath(text.removeprefix("file://")))
    try:
        return parse_name(text)
    except InputError as error:
        known = ", ".join(sorted(_connections()))
        there = tr(" Connections of QGIS are: {}.").format(known) if known else ""
        raise InputError(f"{error}{there}") from None


def _connections() -> dict[str, Any]:
    metadata = QgsProviderRegistry.instance().providerMetadata("postgres")
    return dict(metadata.connections(False)) if metadata is not None else {}


def _from_connection(text: str, uri: QgsDataSourceUri) -> DatabaseName:
    given = {
        "host": uri.host(), "port": uri.port(), "dbname": uri.database(), "service": uri.service(),
        "user": uri.username(), HIDDEN: uri.password(),
    }  # fmt: skip
    given["sslmode"] = _SSL.get(QgsDataSourceUri.encodeSslMode(uri.sslMode()), "")
    if uri.authConfigId():
        given |= _credentials(uri.authConfigId())
    plain = postgresql_name({key: value for key, value in given.items() if key != HIDDEN})
    return postgresql_name(given, shown=f"{text} ({plain.shown})")


def _credentials(id_: str) -> dict[str, str]:
    """User and password of an authentication configuration of QGIS."""
    config = QgsAuthMethodConfig()
    manager = QgsApplication.authManager()
    if not manager.loadAuthenticationConfig(id_, config, True) or not config.config("username"):
        raise InputError(
            tr(
                "The authentication configuration {} of QGIS cannot be used: it is not there, is "
                "of another kind than user and password, or the master password is not set. "
                "Without a window the master password comes from the file that "
                "QGIS_AUTH_PASSWORD_FILE names."
            ).format(id_)
        )
    return {"user": config.config("username"), HIDDEN: config.config("password")}
