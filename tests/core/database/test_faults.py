# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens to a database when programs are killed, meet each other, or lose it."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_measurements import assert_same, measurements
from postgres_server import Server

from calval_toolbox.core.database import open_database, parse_name
from calval_toolbox.core.database.measurements import (
    Counts,
    load_measurements,
    save_measurements,
)
from calval_toolbox.core.errors import Canceled, DatabaseError, InputError
from calval_toolbox.core.progress import Silent

HERE = Path(__file__).parent
CHILD = """
    import sys, time
    sys.path[:0] = [{plugins!r}, {here!r}]
    from dataclasses import replace
    import numpy as np
    from made_measurements import measurements
    from calval_toolbox.core.database import open_database
    from calval_toolbox.core.database.measurements import save_measurements
    from calval_toolbox.core.progress import Silent

    class Waits(Silent):
        asked = 0
        def report(self, fraction, text=""):
            if fraction > {until}:
                print("in the middle", flush=True)
                time.sleep({pause})

    made = measurements(12_000, 2, gaps=False)
    made = replace(made, time=made.time + np.timedelta64(40_000, "D"))
    db = open_database({name!r}, create=True)
    print(save_measurements(db, made, progress=Waits()).added, flush=True)
"""


@contextmanager
def child(
    name: str, repo_root: Path, until: float = 0.5, pause: float = 60.0
) -> Iterator[subprocess.Popen[str]]:
    """Another program that writes 12 000 measurements and pauses in the middle of it."""
    code = textwrap.dedent(CHILD).format(
        plugins=str(repo_root / "build" / "plugins"), here=str(HERE), name=name, until=until,
        pause=pause,
    )  # fmt: skip
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == "in the middle\n"
        try:
            yield run
        finally:
            run.kill()


def everything(name: str) -> dict[str, int]:
    with open_database(name) as db:
        tables = ("sites", "sensors", "bands", "measurements", "measurement_bands")
        return {table: db.value(" ".join(("SELECT COUNT(*) FROM", table))) for table in tables}


def test_killed_run_leaves_the_database_as_it_was(database_name: str, repo_root: Path) -> None:
    made = measurements()
    with open_database(database_name, create=True) as db:
        save_measurements(db, made)
    before = everything(database_name)
    with child(database_name, repo_root) as run:
        run.send_signal(signal.SIGKILL)
        assert run.wait(10) == -signal.SIGKILL
        until = time.monotonic() + 10
        assert everything(database_name) == before
        with open_database(database_name, wait_s=until - time.monotonic()) as db:
            assert_same(made, load_measurements(db, "MERIS"))
            more = replace(made, time=made.time + np.timedelta64(5000, "D"))
            assert save_measurements(db, more) == Counts(40, 0)
    if database_name.endswith(".gpkg"):
        with open_database(database_name) as db:
            assert db.rows("PRAGMA integrity_check") == [("ok",)]


def test_second_writer_waits(database_name: str, repo_root: Path) -> None:
    made = measurements()
    open_database(database_name, create=True).close()
    with child(database_name, repo_root, pause=0.6) as run:
        with open_database(database_name) as db:
            start = time.monotonic()
            assert save_measurements(db, made) == Counts(40, 0)
            assert time.monotonic() - start > 0.3
        assert run.stdout is not None
        assert run.stdout.read().split()[-1] == "12000"
    assert everything(database_name)["measurements"] == 12_040


def test_second_writer_is_refused_when_the_first_does_not_end(
    database_name: str, repo_root: Path
) -> None:
    open_database(database_name, create=True).close()
    with child(database_name, repo_root):
        with open_database(database_name, wait_s=0.5) as db:
            with pytest.raises(DatabaseError, match=r"did not finish within 0\.5 s. Nothing was"):
                save_measurements(db, measurements())
            if not database_name.endswith(".gpkg"):
                assert db.value("SELECT COUNT(*) FROM measurements") == 0

        class Stops(Silent):
            def canceled(self) -> bool:
                return True

        start = time.monotonic()
        with (
            open_database(database_name, progress=Stops()) as db,
            pytest.raises(Canceled),
        ):
            save_measurements(db, measurements())
        assert time.monotonic() - start < 2.0


def test_two_writers_make_one_database(database_name: str) -> None:
    """Both make the tables, and both write the same sensor and sites."""
    outcome: list[Any] = []

    def write(seed: int) -> None:
        try:
            with open_database(database_name, create=True) as db:
                made = measurements(300, seed)
                made = replace(made, time=made.time + np.timedelta64(seed * 9000, "D"))
                outcome.append(save_measurements(db, made))
        except Exception as error:
            outcome.append(error)

    threads = [threading.Thread(target=write, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcome == [Counts(300, 0)] * 4
    found = everything(database_name)
    assert (found["sites"], found["bands"], found["measurements"]) == (3, 3, 1200)


def test_part_that_fails_takes_the_whole_with_it(database_name: str) -> None:
    made = measurements(10)
    with open_database(database_name, create=True) as db:

        def two_files() -> None:
            with db.transaction():
                save_measurements(db, made)
                changed = made.with_columns(mean=made["mean"] + 1.0)
                save_measurements(db, changed)

        with pytest.raises(Exception, match="with other values"):
            two_files()
        assert db.value("SELECT COUNT(*) FROM measurements") == 0


def test_part_that_fails_unheard_spoils_the_whole(database_name: str) -> None:
    made = measurements(10)
    with open_database(database_name, create=True) as db:

        def goes_on() -> None:
            with db.transaction():
                save_measurements(db, made)
                with suppress(InputError):
                    save_measurements(db, made.with_columns(mean=made["mean"] + 1.0))

        with pytest.raises(RuntimeError, match="cannot be kept"):
            goes_on()
        assert db.value("SELECT COUNT(*) FROM measurements") == 0


class Loses(Silent):
    """Takes the database away once the writing has begun."""

    def __init__(self, act: Any) -> None:
        self.act = act

    def report(self, fraction: float, text: str = "") -> None:
        if fraction > 0 and self.act is not None:
            act, self.act = self.act, None
            act()


def test_file_gone_in_the_middle(tmp_path: Path) -> None:
    path = tmp_path / "calibration.gpkg"
    with open_database(str(path), create=True) as db:
        with pytest.raises(DatabaseError, match="removed or replaced while it was in use"):
            save_measurements(db, measurements(12_000, gaps=False), progress=Loses(path.unlink))
    assert not path.exists()


def test_file_replaced_in_the_middle(tmp_path: Path) -> None:
    path, other = tmp_path / "calibration.gpkg", tmp_path / "other.gpkg"
    open_database(str(other), create=True).close()
    with open_database(str(path), create=True) as db:
        with pytest.raises(DatabaseError, match="removed or replaced while it was in use"):
            save_measurements(
                db, measurements(12_000, gaps=False), progress=Loses(lambda: other.replace(path))
            )
    assert everything(str(path))["measurements"] == 0


def test_connection_lost_in_the_middle(postgres_server: Server) -> None:
    name = postgres_server.new_name()
    made = measurements(12_000, gaps=False)
    with open_database(name, create=True) as db:
        pid = db.value("SELECT pg_backend_pid()")
        lose = Loses(lambda: postgres_server.execute(f"SELECT pg_terminate_backend({pid})"))
        with pytest.raises(
            DatabaseError, match="lost in the middle of the work .*not kept"
        ) as told:
            save_measurements(db, made, progress=lose)
        assert parse_name(name).shown in str(told.value)
    assert everything(name)["measurements"] == 0
