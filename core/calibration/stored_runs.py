# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of calibrations out of the database, as coefficients to look at, and what people say of them
back into it.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..database import Database, ddl, open_database
from ..database.measurements import load_by_id
from ..database.names import DatabaseName, short_name
from ..database.runs import Run, list_runs, load_run
from ..database.schema import VERSION_TABLE
from ..database.sensors import load_sensor
from ..errors import InputError, InsufficientDataError
from ..progress import Part, Progress, Silent, check
from ..types import AnyArray, FloatArray
from .coefficients import Coefficients
from .database_run import places_of
from .geometry import relative_azimuth_deg
from .types import UNKNOWN_ID, Measurements, Sensor

_DIFFERENCES = {
    "days": "time_difference_days", "d_sun_zenith_deg": "sun_zenith_difference_deg",
    "d_view_zenith_deg": "view_zenith_difference_deg",
    "d_relative_azimuth_deg": "relative_azimuth_difference_deg",
    "distance_deg": "angular_distance_deg", "reciprocal": "reciprocal",
}  # fmt: skip


@dataclass(frozen=True)
class StoredRun:
    """A ``run`` with its ``coefficients``, which are its ``results`` in their order."""

    run: Run
    coefficients: Coefficients

    @property
    def ids(self) -> AnyArray:
        """The numbers of the rows in the table of results (n,)."""
        return np.asarray(self.run.results["id"])


def is_calibration_database(path: str | Path) -> bool:
    """Whether a file is a GeoPackage with the tables of calibrations, of whatever version."""
    path = Path(path)
    if path.suffix.lower() != ".gpkg" or not path.is_file():
        return False
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
            found = db.execute(
                "SELECT 1 FROM sqlite_master WHERE name = ?", (VERSION_TABLE.name,)
            ).fetchone()
    except sqlite3.Error:
        return False
    return found is not None


def runs_with_coefficients(db: Database) -> tuple[Run, ...]:
    """The runs that found coefficients, without their rows, the newest first."""
    found = {int(row[0]) for row in db.rows("SELECT DISTINCT run_id FROM results")}
    return tuple(run for run in reversed(list_runs(db)) if run.id in found)


def read_run(
    name: DatabaseName | str | Path, number: int | None = None, progress: Progress | None = None
) -> tuple[StoredRun, tuple[Run, ...]]:
    """A run of the database ``name`` (None: the newest) with its coefficients, and all runs that
    have some.

    Raises ``InputError`` for a run that is not there, ``InsufficientDataError`` where no run has
    coefficients, errors of the database; ``Canceled`` between two of its questions.
    """
    progress = progress or Silent()
    with open_database(_name(name), progress=progress) as db:
        check(progress)
        runs = runs_with_coefficients(db)
        called = short_name(db.name)
        if not runs:
            raise InsufficientDataError(
                f"{called} holds no coefficients yet: run 'Calibrate over deserts', 'Calibrate "
                "over Antarctic sites' or 'Calibrate bands over clouds' with this database first."
            )
        known = [run.id for run in runs]
        if number is not None and number not in known:
            raise InputError(
                f"{called} has no coefficients of a run {number}. There are runs "
                f"{', '.join(map(str, sorted(known)))}."
            )
        check(progress)
        progress.report(0.1)
        run = load_run(db, known[0] if number is None else number)
        return StoredRun(run, coefficients_of(db, run, Part(progress, 0.5, 1.0))), runs


def _name(name: DatabaseName | str | Path) -> DatabaseName | str:
    return name if isinstance(name, DatabaseName) else str(name)


def coefficients_of(db: Database, run: Run, progress: Progress | None = None) -> Coefficients:
    """The results of a loaded ``run`` with the observations that made them."""
    progress = progress or Silent()
    check(progress)
    results, places = run.results, places_of(db)
    target = _observations(db, run.sensor, results["target_id"])
    check(progress)
    progress.report(0.5)
    reference = _observations(db, run.reference, results["reference_id"])
    mine, other = (
        _rows_of(seen, results[key])
        for seen, key in ((target, "target_id"), (reference, "reference_id"))
    )
    site = _texts(target["site"], mine)
    a_k, simulated = results.floats("a_k"), results.floats("simulated")
    spot = [places.get(str(name), (np.nan, np.nan)) for name in site]
    wavelength = {band.name: band.wavelength_nm for band in load_sensor(db, run.sensor).bands}
    return Coefficients(
        site=site,
        sensor=np.full(len(a_k), run.sensor, dtype=object),
        time=_times(target, mine),
        band=results.texts("band"),
        a_k=a_k,
        status=results.texts("flag"),
        reference_time=_times(reference, other),
        longitude=np.array([one[0] for one in spot], dtype=np.float64),
        latitude=np.array([one[1] for one in spot], dtype=np.float64),
        numbers={
            "wavelength_nm": np.array(
                [wavelength.get(str(band), np.nan) for band in results["band"]]
            ),
            "measured": a_k * simulated, "simulated": simulated,
            "sun_zenith_deg": _numbers(target["sun_zenith_deg"], mine),
            **_differences(run),
        },
        texts={
            "method": results.texts("method"), "reason": results.texts("reason"),
            "product": _texts(target["product"], mine),
            "reference_product": _texts(reference["product"], other),
        },
        ids={key: results[key].astype(np.int64) for key in ("target_id", "reference_id")},
    )  # fmt: skip


def _differences(run: Run) -> dict[str, FloatArray]:
    """The differences of the pair of each result (n,)."""
    pair = run.results["pair"].astype(np.int64)
    return {
        name: _numbers(run.pairs.floats(column), pair) if len(run.pairs)
        else np.full(len(pair), np.nan)
        for name, column in _DIFFERENCES.items()
    }  # fmt: skip


def _observations(db: Database, sensor: str, ids: AnyArray) -> Measurements:
    known = np.unique(ids[ids != UNKNOWN_ID].astype(np.int64))
    return load_by_id(db, sensor, known) if sensor else _nothing()


def _nothing() -> Measurements:
    return Measurements(Sensor("", ()), np.array([], "datetime64[ms]"), {}, {})


def _rows_of(seen: Measurements, ids: AnyArray) -> AnyArray:
    """The row of each id (n,), -1 where it is not there."""
    place = {int(one): row for row, one in enumerate(seen.ids)}
    return np.array([place.get(int(one), -1) for one in ids], dtype=np.int64)


def _texts(values: AnyArray, rows: AnyArray) -> AnyArray:
    found = np.full(len(rows), "", dtype=object)
    found[rows >= 0] = values[rows[rows >= 0]]
    return found


def _numbers(values: AnyArray, rows: AnyArray) -> FloatArray:
    found = np.full(len(rows), np.nan)
    found[rows >= 0] = values[rows[rows >= 0]]
    return found


def _times(seen: Measurements, rows: AnyArray) -> AnyArray:
    found = np.full(len(rows), np.datetime64("NaT", "ms"))
    found[rows >= 0] = seen.time[rows[rows >= 0]]
    return found


def keep_in_run(
    name: DatabaseName | str | Path, ids: AnyArray, before: AnyArray, status: AnyArray,
    reason: AnyArray,
) -> None:  # fmt: skip
    """Write ``status`` and ``reason`` (r,) of the results with these ``ids`` (r,), whose status was
    ``before`` (r,), into the database ``name``: all of them, or none.

    Raises ``InputError`` where they are not there with that status any more.
    """
    with open_database(_name(name)) as db, db.transaction():
        for row, identity in enumerate(ids.tolist()):
            found = db.value(ddl.select("results", ("flag",), "WHERE id = ?"), (identity,))
            if found != before[row]:
                raise InputError(
                    f"{short_name(db.name)} has changed since it was read. Open it again."
                )
            db.run(
                ddl.update("results", ("flag", "reason"), "WHERE id = ?"),
                (status[row], reason[row] or None, identity),
            )


@dataclass(frozen=True)
class Seen:
    """One of the two observations of a pair in one band; angles in degrees (NaN: unknown),
    ``relative_azimuth_deg`` from 0 to 180.
    """

    sensor: str
    version: str
    sun_zenith_deg: float
    view_zenith_deg: float
    relative_azimuth_deg: float
    quicklook: str


def seen_pair(
    name: DatabaseName | str | Path, sensors: tuple[str, str], ids: tuple[int, int], band: str
) -> tuple[Seen | None, Seen | None]:
    """The observations (target, reference) of a pair out of the database ``name``; None where one
    is not there. The view is that of the ``band`` of the target, and the mean one of the reference.
    """
    with open_database(_name(name)) as db:
        found = [
            load_by_id(db, sensor, np.array([number])) if sensor and number >= 0 else None
            for sensor, number in zip(sensors, ids, strict=True)
        ]
    return _seen(found[0], band), _seen(found[1], "")


def _seen(one: Measurements | None, band: str) -> Seen | None:
    if one is None or not len(one):
        return None
    names = one.sensor.band_names
    columns = [names.index(band)] if band in names else list(range(len(names)))
    zenith = one["view_zenith_deg"][0, columns]
    azimuth = one["view_azimuth_deg"][0, columns]
    turn = relative_azimuth_deg(one["sun_azimuth_deg"][0], azimuth)
    return Seen(
        one.sensor.name, str(one["version"][0]), float(one["sun_zenith_deg"][0]),
        _mean(zenith), _mean(turn), str(one["quicklook"][0]),
    )  # fmt: skip


def _mean(values: FloatArray) -> float:
    good = values[np.isfinite(values)]
    return float(good.mean()) if len(good) else float("nan")
