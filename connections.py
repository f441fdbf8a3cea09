# SPDX-License-Identifier: GPL-3.0-or-later
"""Calibration databases as QGIS knows them: a path, an address, or the name of a connection.

Passwords come from QGIS's authentication manager, from a connection, from ``PGPASSWORD`` or from a
``.pgpass`` file; one that is written into an address is refused, because QGIS keeps what is given
to it in its log and history, in models and in projects.
"""

from __future__ import annotations

import os
import re
from typing import Any

from qgis.core import (
    QgsApplication,
    QgsAuthMethodConfig,
    QgsDataSourceUri,
    QgsProviderRegistry,
)

from .core.database.names import HIDDEN, SCHEMES, SUFFIX, DatabaseName, parse_name, postgresql_name
from .core.errors import InputError
from .i18n import tr

_AUTHENTICATION = re.compile(r"(?P<sign>[?&])authcfg=(?P<id>[A-Za-z0-9]+)(?P<more>&?)")

_SSL = {
    "SslDisable": "disable", "SslAllow": "allow", "SslRequire": "require",
    "SslVerifyCa": "verify-ca", "SslVerifyFull": "verify-full",
}  # fmt: skip


def connection_names() -> tuple[str, ...]:
    """The names of the PostgreSQL connections of QGIS, sorted."""
    return tuple(sorted(_connections()))


def address_of(uri: QgsDataSourceUri) -> str:
    """The address, without a password, of the database that a layer of PostgreSQL is from; "" where
    a service or nothing names it.
    """
    if not uri.database() or uri.service():
        return ""
    given = {"host": uri.host(), "port": uri.port(), "dbname": uri.database(),
             "user": uri.username()}  # fmt: skip
    address = postgresql_name(given, uri.schema()).shown
    return f"{address}&authcfg={uri.authConfigId()}" if uri.authConfigId() else address


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
