# SPDX-License-Identifier: GPL-3.0-or-later
"""A real PostgreSQL with PostGIS on loopback, made for the tests and gone after them.

PostgreSQL refuses to run as root: then the user ``postgres`` of its package runs it.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

OWNER = "calval"
GUARDED = "guarded"  # a role that has to give a password
WORD = "sesame/open?#1"
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
# Nothing here has to survive the machine.
_FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=30")


@dataclass
class Server:
    """A running server with one database, in which every test has a schema of its own."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]
    made: int = field(default=0)

    @property
    def address(self) -> str:
        return f"postgresql://{OWNER}@127.0.0.1:{self.port}/calval"

    def new_name(self) -> str:
        """The name of a database that does not exist yet."""
        self.made += 1
        return f"{self.address}?schema=test_{self.made}"

    def connect(self, database: str = "calval") -> Any:
        import psycopg2

        made = psycopg2.connect(
            host="127.0.0.1", port=self.port, user=OWNER, dbname=database, connect_timeout=30
        )
        made.autocommit = True
        return made

    def execute(self, *statements: str, database: str = "calval") -> None:
        connection = self.connect(database)
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        connection.close()


def programs() -> Path | None:
    """The folder of the newest PostgreSQL that has PostGIS, None where there is none."""
    found = Path("/usr/lib/postgresql").glob("*/bin")
    versions = sorted(found, key=lambda path: float(path.parent.name), reverse=True)
    for path in versions:
        shared = Path("/usr/share/postgresql", path.parent.name, "extension", "postgis.control")
        if shared.is_file():
            return path
    return None


def start(bin_: Path) -> Server:
    """Start a server, with a database ``calval`` in it."""
    folder = Path(tempfile.mkdtemp(prefix="calval-postgres-"))
    who: dict[str, Any] = {}
    if os.getuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    data = folder / "data"
    made = subprocess.run(
        [bin_ / "initdb", "-D", data, "-U", OWNER, "--auth=trust", "-E", "UTF8", "--no-locale",
         "--no-sync"],
        capture_output=True, text=True, check=False, cwd="/", **who,
    )  # fmt: skip
    if made.returncode:
        raise RuntimeError(f"initdb: {made.stderr}")
    rules = data / "pg_hba.conf"
    guard = f"host all {GUARDED} 127.0.0.1/32 scram-sha-256\n"
    rules.write_text(guard + rules.read_text())
    port = _free_port()
    options = [part for one in _FAST for part in ("-c", one)]
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen(
            [bin_ / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", folder,
             *options],
            stdout=log, stderr=log, cwd="/", preexec_fn=_end_with_parent, **who,
        )  # fmt: skip
    server = Server(folder, port, process)
    _wait(server)
    server.execute("CREATE DATABASE calval", database="postgres")
    server.execute("CREATE EXTENSION postgis", f"CREATE ROLE {GUARDED} LOGIN PASSWORD '{WORD}'")
    return server


def stop(server: Server) -> None:
    server.process.send_signal(signal.SIGINT)
    server.process.wait(120)
    shutil.rmtree(server.folder, ignore_errors=True)


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGINT)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(server: Server, limit_s: float = 120.0) -> None:
    import psycopg2

    until = time.monotonic() + limit_s
    while True:
        try:
            server.connect("postgres").close()
            return
        except psycopg2.OperationalError as error:
            if server.process.poll() is not None or time.monotonic() > until:
                log = (server.folder / "log").read_text(errors="replace")
                raise RuntimeError(f"PostgreSQL does not start: {log}") from error
            time.sleep(0.05)
