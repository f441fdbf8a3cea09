# SPDX-License-Identifier: GPL-3.0-or-later
"""Measurements into the database and out of it.

A measurement is told from all others by its sensor, version, site, time and product. The same one
again is known already; other values under the same key are refused, and nothing is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..calibration.types import (
    BAND_NUMBERS,
    ROW_NUMBERS,
    ROW_TEXTS,
    UNKNOWN_ID,
    Measurements,
    concatenate,
)
from ..errors import InputError
from ..progress import Progress, Silent, check
from ..times import fixed_texts
from ..types import AnyArray, FloatArray, TimeArray
from . import ddl
from .base import Database
from .measurement_keys import Existing, check_same, first_rows, row_name
from .schema import table
from .sensors import band_ids, load_sensor, save_sensor, sensor_id
from .sites import CalibrationSite, save_sites

_ROWS_AT_ONCE = 10_000
_IDS_AT_ONCE = 500  # older SQLite takes at most 999 bound values
_DB_TEXTS = tuple(name for name in ROW_TEXTS if name != "site")
_LOADED = ("id", "time", *ROW_NUMBERS, *_DB_TEXTS)
Period = tuple[np.datetime64 | None, np.datetime64 | None]


@dataclass(frozen=True)
class Counts:
    """How many measurements were added, and how many were known already; ``repeated``: how many of
    those that were known stood twice in what was to be added.
    """

    added: int
    known: int
    repeated: int = field(default=0, compare=False)


def save_measurements(
    db: Database,
    measurements: Measurements,
    run_id: int = UNKNOWN_ID,
    progress: Progress | None = None,
) -> Counts:
    """Add the measurements that are not in the database yet, all or none of them.

    Their sensor, bands and sites are added where they are missing. ``run_id``: the run that they
    come from. Raises ``InputError`` where a row lacks its time or site, or where the same
    measurement is there with other values.
    """
    progress = progress or Silent()
    _check_complete(measurements)
    with db.transaction():
        sensor, bands = save_sensor(db, measurements.sensor)
        sites = _save_sites(db, measurements)
        site_ids = np.array([sites[str(name)] for name in measurements["site"]], dtype=np.int64)
        keys = _keys(measurements, site_ids)
        firsts = first_rows(keys)
        check_same(measurements, firsts, measurements, "twice in what is to be added")
        own = np.flatnonzero(firsts == np.arange(len(keys)))
        existing = _existing(db, sensor, measurements.time)
        there = np.array([existing.get(keys[row], UNKNOWN_ID) for row in own], dtype=np.int64)
        _check_known(db, measurements, own[there != UNKNOWN_ID], there[there != UNKNOWN_ID])
        new = own[there == UNKNOWN_ID]
        ids = np.arange(len(new)) + db.next_id("measurements")
        for start in range(0, len(new), _ROWS_AT_ONCE):
            check(progress)
            progress.report(start / len(new))
            part = slice(start, start + _ROWS_AT_ONCE)
            chosen = measurements.select(new[part])
            _insert(db, chosen, ids[part], site_ids[new[part]], (sensor, run_id))
            _insert_bands(db, chosen, ids[part], bands)
    return Counts(len(new), len(measurements) - len(new), len(measurements) - len(own))


def _check_complete(measurements: Measurements) -> None:
    for row in np.flatnonzero(np.isnat(measurements.time)):
        raise InputError(
            f"{row_name(measurements, int(row))} has no time: leave the row out, or add it."
        )
    for row in np.flatnonzero(measurements["site"] == ""):
        raise InputError(f"{row_name(measurements, int(row))} has no site: give its name (SITE).")


def _save_sites(db: Database, measurements: Measurements) -> dict[str, int]:
    names, first = np.unique(measurements["site"].astype(str), return_index=True)
    return save_sites(
        db,
        [
            CalibrationSite(
                str(name),
                longitude=float(measurements["longitude"][row]),
                latitude=float(measurements["latitude"][row]),
            )
            for name, row in zip(names, first, strict=True)
        ],
    )


def _keys(measurements: Measurements, site_ids: AnyArray) -> list[tuple[Any, ...]]:
    return list(
        zip(
            site_ids.tolist(), fixed_texts(measurements.time).tolist(),
            measurements["version"].tolist(), measurements["product"].tolist(), strict=True,
        )
    )  # fmt: skip


def _existing(db: Database, sensor: int, time: TimeArray) -> Existing:
    if not len(time):
        return {}
    first, last = fixed_texts(np.array([time.min(), time.max()]))
    columns = ("id", "site_id", "time", "version", "product")
    where = "WHERE sensor_id = ? AND time >= ? AND time <= ?"
    found = db.rows(ddl.select("measurements", columns, where), (sensor, first, last))
    return {key: int(id_) for id_, *rest in found if (key := tuple(rest))}


def _check_known(db: Database, measurements: Measurements, rows: AnyArray, ids: AnyArray) -> None:
    """Raise ``InputError`` where the rows are not what the database has under ``ids``."""
    if not len(rows):
        return
    stored = load_by_id(db, measurements.sensor.name, ids)
    place = {int(id_): row for row, id_ in enumerate(stored.ids)}
    others = np.full(len(measurements), UNKNOWN_ID)
    others[rows] = [place[int(id_)] for id_ in ids]
    check_same(measurements, others, stored, f"in the database {db.name} with other values")


def _insert(
    db: Database, rows: Measurements, ids: AnyArray, sites: AnyArray, origin: tuple[int, int]
) -> None:
    sensor, run = origin
    products = _product_ids(db, sensor)
    columns: dict[str, AnyArray] = {
        "id": ids,
        "run_id": np.full(len(ids), run),
        "sensor_id": np.full(len(ids), sensor),
        "site_id": sites,
        "product_id": np.array(
            [products.get((product, version), UNKNOWN_ID)
             for product, version in zip(rows["product"], rows["version"], strict=True)],
            dtype=np.int64,
        ),
        "time": fixed_texts(rows.time),
    }  # fmt: skip
    columns |= {name: rows[name] for name in (*ROW_NUMBERS, *_DB_TEXTS)}
    db.insert(table("measurements"), columns)


def _product_ids(db: Database, sensor: int) -> dict[tuple[str, str], int]:
    found = db.rows(
        ddl.select("products", ("id", "name", "version"), "WHERE sensor_id = ?"), (sensor,)
    )
    return {(name, version): int(id_) for id_, name, version in found}


def _insert_bands(db: Database, rows: Measurements, ids: AnyArray, bands: dict[str, int]) -> None:
    """One row per band of which anything is known."""
    numbers = np.stack([rows[name] for name in BAND_NUMBERS])
    known = ~np.isnan(numbers).all(axis=0)
    own = np.array([bands[name] for name in rows.sensor.band_names], dtype=np.int64)
    columns: dict[str, AnyArray] = {
        "measurement_id": np.broadcast_to(ids[:, None], known.shape)[known],
        "band_id": np.broadcast_to(own, known.shape)[known],
    }
    columns |= {name: rows[name][known] for name in BAND_NUMBERS}
    if known.any():
        db.insert(table("measurement_bands"), columns)


def load_measurements(
    db: Database,
    sensor: str,
    sites: Sequence[str] = (),
    period: Period = (None, None),
    versions: Sequence[str] = (),
) -> Measurements:
    """The measurements of a sensor with their ids, sorted by time, with all bands of the sensor.

    ``sites``, ``versions``: only these; ``period``: first and last moment, None for no limit.
    Raises ``InputError`` for a sensor or a site that is not in the database.
    """
    conditions = ["m.sensor_id = ?"]
    values: list[Any] = [sensor_id(db, sensor)]
    if sites:
        known = db.ids("sites")
        _check_sites(db, sites, known)
        conditions.append(f"m.site_id IN ({ddl.marks(sites)})")
        values += [known[name] for name in sites]
    if versions:
        conditions.append(f"m.version IN ({ddl.marks(versions)})")
        values += list(versions)
    for moment, sign in zip(period, (">=", "<="), strict=True):
        if moment is not None:
            conditions.append(f"m.time {sign} ?")
            values.append(str(fixed_texts(np.array([moment]))[0]))
    return _load(db, sensor, " AND ".join(conditions), values)


def load_by_id(db: Database, sensor: str, ids: AnyArray) -> Measurements:
    """The measurements of a sensor that have these ids, sorted by time."""
    parts = []
    for start in range(0, len(ids), _IDS_AT_ONCE):
        chosen = [int(id_) for id_ in ids[start : start + _IDS_AT_ONCE]]
        parts.append(_load(db, sensor, f"m.id IN ({ddl.marks(chosen)})", chosen))
    return concatenate(parts) if parts else _load(db, sensor, "m.id < 0", [])


def _check_sites(db: Database, sites: Sequence[str], known: dict[str, int]) -> None:
    unknown = [name for name in sites if name not in known]
    if unknown:
        raise InputError(
            f"The database {db.name} has no site {', '.join(unknown)}. There are: "
            f"{', '.join(sorted(known)) or 'none'}."
        )


def _load(db: Database, sensor: str, where: str, values: Sequence[Any]) -> Measurements:
    fields = ", ".join(f"m.{ddl.quoted(name)}" for name in _LOADED)
    bands = ", ".join(f"b.{ddl.quoted(name)}" for name in BAND_NUMBERS)
    with db.reading():
        of = load_sensor(db, sensor)
        numbers = band_ids(db, sensor_id(db, sensor))
        rows = db.rows(
            " ".join(("SELECT", fields, ", s.name FROM measurements m JOIN sites s ON s.id = "
                      "m.site_id WHERE", where, "ORDER BY m.time, m.id")), values
        )  # fmt: skip
        cells = db.rows(
            " ".join(("SELECT b.measurement_id, b.band_id,", bands, "FROM measurement_bands b "
                      "JOIN measurements m ON m.id = b.measurement_id WHERE", where)), values
        )  # fmt: skip
    columns = dict(zip((*_LOADED, "site"), zip(*rows, strict=True), strict=True)) if rows else {}
    ids = np.array(columns.get("id", ()), dtype=np.int64)
    texts = [str(text).rstrip("Z") for text in columns.get("time", ())]
    by_band = _by_band(cells, ids, list(numbers.values()))
    return Measurements(
        of,
        np.array(texts, dtype="datetime64[ms]"),
        {
            **{key: np.array(columns.get(key, ()), dtype=np.float64) for key in ROW_NUMBERS},
            **{key: _texts(columns.get(key, ())) for key in ROW_TEXTS},
        },
        by_band,
        ids,
    )


def _texts(cells: Sequence[Any]) -> AnyArray:
    out = np.empty(len(cells), dtype=object)
    out[:] = ["" if cell is None else str(cell) for cell in cells]
    return out


def _by_band(
    cells: list[tuple[Any, ...]], ids: AnyArray, bands: list[int]
) -> dict[str, FloatArray]:
    """The numbers (n, b) of the rows of ``measurement_bands``."""
    values = np.full((len(BAND_NUMBERS), len(ids), len(bands)), np.nan)
    if cells:
        found = np.array(cells, dtype=np.float64)
        order = np.argsort(ids)
        row = order[np.searchsorted(ids, found[:, 0].astype(np.int64), sorter=order)]
        places = np.argsort(bands)
        band = places[np.searchsorted(bands, found[:, 1].astype(np.int64), sorter=places)]
        values[:, row, band] = found[:, 2:].T
    return dict(zip(BAND_NUMBERS, values, strict=True))
