# SPDX-License-Identifier: GPL-3.0-or-later
"""100 000 measurements of 10 bands into GeoPackage and PostGIS, beside raw SQL in the same run.

The peer writes the same rows into the same tables with all their constraints, with what each
database is fastest with: ``executemany`` in one transaction for SQLite, ``COPY`` for PostgreSQL.
Its rows are ready-made: tuples, and for ``COPY`` finished text, so that nothing but SQL is timed.
Ours starts from measurements in memory and also looks for duplicates, sensors and sites.
"""

from __future__ import annotations

import io
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from calval_toolbox.core.calibration.types import (
    BAND_NUMBERS,
    ROW_NUMBERS,
    Band,
    Measurements,
    Sensor,
)
from calval_toolbox.core.database import ddl, open_database, parse_name
from calval_toolbox.core.database.measurements import load_measurements, save_measurements
from calval_toolbox.core.database.schema import table
from calval_toolbox.core.times import fixed_texts

SERVER = Path(__file__).resolve().parents[1] / "core" / "database"
ROWS, BANDS, LEAST_RATIO, ROUNDS = 100_000, 10, 0.5, 2
SENSOR = Sensor("Bench", tuple(Band(f"B{i}", 400.0 + 50 * i) for i in range(BANDS)))
FIRST_ROWS = ("id", "sensor_id", "site_id", "version", "product", "time", *ROW_NUMBERS)
FIRST_BANDS = ("measurement_id", "band_id", *BAND_NUMBERS)
Timed = Callable[[str], float]


def simulated(seed: int = 7) -> Measurements:
    """Measurements over two sites with some gaps."""
    rng = np.random.default_rng(seed)
    rows: dict[str, Any] = {name: rng.normal(50.0, 20.0, ROWS) for name in ROW_NUMBERS}
    rows["ozone_du"][::3] = np.nan
    rows["site"] = np.array(["Libya4", "DomeC"], dtype=object)[np.arange(ROWS) % 2]
    rows["version"] = np.full(ROWS, "3rd", dtype=object)
    by_band = {name: rng.normal(0.4, 0.1, (ROWS, BANDS)) for name in BAND_NUMBERS}
    by_band["median"][:] = np.nan
    time_ = np.datetime64("2002-05-01T08:00", "ms") + np.arange(ROWS) * np.timedelta64(3571, "s")
    return Measurements(SENSOR, time_, rows, by_band)


def tuples(made: Measurements) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """The rows of ``measurements`` and of ``measurement_bands``, ready-made."""
    ids = np.arange(1, ROWS + 1)
    columns = [ids, np.full(ROWS, 1), np.arange(ROWS) % 2 + 1, made["version"], made["product"],
               fixed_texts(made.time), *(made[name] for name in ROW_NUMBERS)]  # fmt: skip
    numbers = [np.repeat(ids, BANDS), np.tile(np.arange(1, BANDS + 1), ROWS)]
    numbers += [made[name].ravel() for name in BAND_NUMBERS]
    return without_nan(columns), without_nan(numbers)


def without_nan(columns: list[np.ndarray[Any, Any]]) -> list[tuple[Any, ...]]:
    """Rows of columns, NaN as None."""
    cells = [[None if x != x else x for x in column.tolist()] for column in columns]
    return list(zip(*cells, strict=True))


def emptied(name: str) -> None:
    """A database with its sensor and sites and no measurement."""
    with open_database(name, create=True) as db:
        save_measurements(db, simulated_head())
        db.run("DELETE FROM measurement_bands")
        db.run("DELETE FROM measurements")


def simulated_head() -> Measurements:
    return MADE.select(slice(0, 2))


def ours(name: str) -> float:
    """Seconds of our own import."""
    with open_database(name, create=True) as db:
        begin = time.perf_counter()
        assert save_measurements(db, MADE).added == ROWS
        return time.perf_counter() - begin


def raw_sqlite(name: str) -> float:
    """Seconds of executemany in one transaction."""
    connection = sqlite3.connect(name)
    connection.execute("PRAGMA foreign_keys = ON")
    begin = time.perf_counter()
    connection.executemany(ddl.insert("measurements", FIRST_ROWS), TUPLES[0])
    connection.executemany(ddl.insert("measurement_bands", FIRST_BANDS), TUPLES[1])
    connection.commit()
    seconds = time.perf_counter() - begin
    connection.close()
    return seconds


def raw_copy(name: str) -> float:
    """Seconds of COPY in one transaction."""
    import psycopg2

    of = parse_name(name)
    connection = psycopg2.connect(**of.parameters)
    streams = [copy_text(rows) for rows in TUPLES]
    with connection.cursor() as cursor:
        cursor.execute(f"SET search_path TO {ddl.quoted(of.schema)}, public")
        begin = time.perf_counter()
        for into, columns, stream in zip(
            ("measurements", "measurement_bands"), (FIRST_ROWS, FIRST_BANDS), streams, strict=True
        ):
            cursor.copy_expert(f"COPY {into} ({ddl.names(columns)}) FROM STDIN", stream)
        connection.commit()
    seconds = time.perf_counter() - begin
    connection.close()
    return seconds


def copy_text(rows: list[tuple[Any, ...]]) -> io.StringIO:
    """Rows in the text format of COPY."""
    lines = ("\t".join("\\N" if cell is None else str(cell) for cell in row) for row in rows)
    return io.StringIO("\n".join(lines) + "\n")


def compare(kind: str, names: Iterator[str], raw: Timed) -> float:
    """Print the best of some rounds of both; returns ours as a share of raw SQL's speed."""
    best = [float("inf"), float("inf")]
    for _ in range(ROUNDS):
        for place, timed in enumerate((ours, raw)):
            name = next(names)
            emptied(name)
            best[place] = min(best[place], timed(name))
    with open_database(name) as db:
        begin = time.perf_counter()
        assert len(load_measurements(db, SENSOR.name)) == ROWS
        loading = time.perf_counter() - begin
    ratio = best[1] / best[0]
    write = sys.stdout.write
    write(f"{kind}: {ROWS} measurements of {BANDS} bands\n")
    write(f"  ours {best[0]:.2f} s ({ROWS / best[0]:.0f} measurements/s), raw SQL {best[1]:.2f} s ")
    write(f"({ROWS / best[1]:.0f}/s): {ratio:.2f} of its speed (goal {LEAST_RATIO:g}); ")
    write(f"reading all of them {loading:.2f} s\n")
    return ratio


@contextmanager
def server() -> Iterator[Any]:
    """The PostgreSQL of the tests, None where it is not installed."""
    sys.path.insert(0, str(SERVER))
    from postgres_server import programs, start, stop

    found = programs()
    made = start(found) if found else None
    try:
        yield made
    finally:
        if made is not None:
            stop(made)


def main() -> int:
    """Print both; 1 where ours is slower than the goal."""
    with tempfile.TemporaryDirectory() as folder:
        files = (str(Path(folder, f"{number}.gpkg")) for number in range(100))
        ratios = [compare("GeoPackage", files, raw_sqlite)]
    with server() as running:
        if running is None:
            sys.stdout.write("PostGIS: not installed, so not run (scripts/setup.sh)\n")
        else:
            names = (running.new_name() for _ in range(100))
            ratios.append(compare("PostGIS", names, raw_copy))
    return int(min(ratios) < LEAST_RATIO)


MADE = simulated()
TUPLES = tuples(MADE)
assert {column.name for column in table("measurements").columns} > set(FIRST_ROWS)

if __name__ == "__main__":
    raise SystemExit(main())
