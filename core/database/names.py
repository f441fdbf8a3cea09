# SPDX-License-Identifier: GPL-3.0-or-later
"""How a database is named: the path of a GeoPackage or a ``postgresql://`` URL.

Passwords are kept apart from everything that is shown.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from ..errors import InputError

SCHEMES = ("postgresql://", "postgres://")
SUFFIX = ".gpkg"
DEFAULT_SCHEMA = "calval"
FORMS = (
    "Give the path of a GeoPackage (measurements.gpkg) or the address of a PostgreSQL database "
    "(postgresql://user@host:5432/name)"
)
HIDDEN = "password"  # the parameter of libpq that is never shown
# What may follow the question mark of an address: parameters of libpq that say where and how.
_OPTIONS = (
    *("host", "hostaddr", "port", "user", "dbname", "service", "passfile", "sslmode", "sslcert"),
    *("sslkey", "sslrootcert", "connect_timeout", "application_name", "options", "gssencmode"),
    *("target_session_attrs", "keepalives", "keepalives_idle", "channel_binding", HIDDEN),
)
_SHOWN = ("host", "port", "user", "dbname", "service")


@dataclass(frozen=True)
class DatabaseName:
    """Where a database is. ``path``: the GeoPackage, "" for PostgreSQL; ``parameters``: those of
    libpq; ``schema``: the PostgreSQL schema that holds the tables.

    ``shown`` is how messages, logs and records call it, and the text of the object: it never holds
    a password.
    """

    shown: str
    path: str = ""
    parameters: Mapping[str, str] = field(
        default_factory=lambda: MappingProxyType({}), repr=False, compare=True
    )
    schema: str = DEFAULT_SCHEMA

    def __str__(self) -> str:
        return self.shown

    @property
    def has_password(self) -> bool:
        """Whether a password was written into the name."""
        return bool(self.parameters.get(HIDDEN))


def parse_name(text: str) -> DatabaseName:
    """The database that ``text`` names; raises ``InputError`` where it names none.

    An address may end with ``?schema=NAME`` (default ``calval``) and with parameters of libpq such
    as ``sslmode``. No message repeats what may hold a password.
    """
    text = text.strip()
    if text.lower().startswith(SCHEMES):
        return _from_url(text)
    if text.lower().endswith(SUFFIX):
        path = text.removeprefix("file://")
        return DatabaseName(shown=os.path.abspath(path), path=os.path.abspath(path))
    if not text:
        raise InputError(f"No database is named. {FORMS}.")
    harmless = not re.search(r"[@=]|://", text)
    what = f"'{text}'" if harmless else "The given text"
    raise InputError(f"{what} names no database. {FORMS}.")


def postgresql_name(
    parameters: Mapping[str, str], schema: str = "", shown: str = ""
) -> DatabaseName:
    """The PostgreSQL database of libpq ``parameters``; ``shown``: how to call it in messages."""
    given = {key: value for key, value in parameters.items() if value}
    return DatabaseName(
        shown=shown or _address(given, schema),
        parameters=MappingProxyType(given),
        schema=_checked_schema(schema or DEFAULT_SCHEMA),
    )


def short_name(name: DatabaseName) -> str:
    """What a sentence calls a database: the file without its folder, or the address."""
    return os.path.basename(name.path) or name.shown


def _from_url(text: str) -> DatabaseName:
    try:
        parts = urlsplit(text)
        user, secret, host = parts.username, parts.password, parts.hostname
        port = parts.port
        options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    except ValueError:
        raise _malformed() from None  # its text may repeat a part of a password
    # An unescaped / ? # in a password cuts the address in the middle of it.
    if "@" in parts.path + parts.query + parts.fragment or parts.fragment:
        raise _malformed()
    schema = options.pop("schema", "")
    unknown = sorted(set(options) - set(_OPTIONS))
    if unknown:
        raise InputError(
            "The address of the database has parameters that are not known after its question "
            f"mark ({len(unknown)} of them). Known are: schema, {', '.join(_OPTIONS[:-1])}."
        )
    given = {
        "host": unquote(host or ""),
        "port": str(port or ""),
        "user": unquote(user or ""),
        HIDDEN: unquote(secret or ""),
        "dbname": unquote(parts.path.lstrip("/")),
    }
    return postgresql_name({**{k: v for k, v in given.items() if v}, **options}, schema)


def _malformed() -> InputError:
    return InputError(
        "The address of the database cannot be understood: it should look like "
        "postgresql://user@host:5432/name. Signs such as / ? # @ inside a name are written as "
        "%2F %3F %23 %40."
    )


def _checked_schema(schema: str) -> str:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,62}", schema):
        raise InputError(
            f"'{schema}' cannot be the name of a schema: letters, digits and _ are allowed."
        )
    return schema


def _address(given: Mapping[str, str], schema: str) -> str:
    shown = {key: quote(given.get(key, ""), safe="") for key in _SHOWN}
    user = f"{shown['user']}@" if shown["user"] else ""
    port = f":{shown['port']}" if shown["port"] else ""
    service = f"?service={shown['service']}" if shown["service"] else ""
    inside = f"{'&' if service else '?'}schema={schema}" if schema else ""
    return f"postgresql://{user}{shown['host']}{port}/{shown['dbname']}{service}{inside}"


def scrubbed(text: str, name: DatabaseName) -> str:
    """``text`` of a driver without the password of ``name``, and on one line."""
    secret = name.parameters.get(HIDDEN, "")
    for form in {secret, quote(secret, safe="")} - {""}:
        text = text.replace(form, "***")
    return " ".join(text.split())
