# SPDX-License-Identifier: GPL-3.0-or-later
"""Sensors, their bands and their spectral responses."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

import numpy as np

from ..calibration.types import Band, Sensor
from ..errors import InputError
from ..types import FloatArray
from . import ddl
from .base import Database
from .schema import table

SAME_NM = 1e-6


@dataclass(frozen=True)
class Response:
    """Spectral response of a band: wavelengths (nm) and relative response, both (w,)."""

    band: str
    wavelengths_nm: FloatArray
    response: FloatArray
    source: str
    version: str = ""
    license: str = ""


def sensor_names(db: Database) -> tuple[str, ...]:
    """The names of all sensors, sorted."""
    return tuple(sorted(db.ids("sensors")))


def sensor_id(db: Database, name: str) -> int:
    """The number of a sensor; raises ``InputError`` where it is not in the database."""
    known = db.ids("sensors")
    if name not in known:
        there = ", ".join(sorted(known)) or "none"
        raise InputError(f"The database {db.name} has no sensor '{name}'. There are: {there}.")
    return known[name]


def load_sensor(db: Database, name: str) -> Sensor:
    """A sensor with all its bands; raises ``InputError`` where it is not in the database."""
    return Sensor(name, tuple(band for _, band in _bands(db, sensor_id(db, name))))


def band_ids(db: Database, sensor: int) -> dict[str, int]:
    """The numbers of the bands of a sensor by their names, in their order."""
    return {band.name: number for number, band in _bands(db, sensor)}


def _bands(db: Database, sensor: int) -> list[tuple[int, Band]]:
    found = db.rows(
        ddl.select("bands", ("id", "name", "wavelength_nm"), "WHERE sensor_id = ? "
                   "ORDER BY position"), (sensor,)
    )  # fmt: skip
    return [(int(id_), Band(name, np.nan if nm is None else float(nm))) for id_, name, nm in found]


def save_sensor(db: Database, sensor: Sensor) -> tuple[int, dict[str, int]]:
    """The numbers of a sensor and of its bands by name, which are added where they are missing.

    The wavelength of a band that was not known is filled in. Raises ``InputError`` where a band is
    there with another one.
    """
    if not sensor.name.strip():
        raise InputError("A sensor without a name cannot be kept: give its name (SENSOR).")
    with db.transaction():
        known = db.ids("sensors")
        number = known.get(sensor.name) or db.next_id("sensors")
        if sensor.name not in known:
            platform, _, instrument = sensor.name.partition("/")
            row = (number, sensor.name, platform if instrument else None, instrument or sensor.name)
            db.run(ddl.insert("sensors", ("id", "name", "platform", "instrument")), row)
        there = {band.name: (id_, band) for id_, band in _bands(db, number)}
        _settle_wavelengths(db, sensor, there)
        new = [band for band in sensor.bands if band.name not in there]
        first = db.next_id("bands")
        columns = {
            "id": np.arange(first, first + len(new)),
            "sensor_id": np.full(len(new), number),
            "name": np.array([band.name for band in new], dtype=object),
            "position": np.arange(len(there), len(there) + len(new)),
            "wavelength_nm": np.array([band.wavelength_nm for band in new], dtype=np.float64),
        }
        if new:
            db.insert(table("bands"), columns)
        return number, band_ids(db, number)


def _settle_wavelengths(db: Database, sensor: Sensor, there: dict[str, tuple[int, Band]]) -> None:
    for band in sensor.bands:
        if band.name not in there or np.isnan(band.wavelength_nm):
            continue
        number, known = there[band.name]
        if np.isnan(known.wavelength_nm):
            db.run(
                ddl.update("bands", ("wavelength_nm",), "WHERE id = ?"),
                (float(band.wavelength_nm), number),
            )
        elif abs(band.wavelength_nm - known.wavelength_nm) > SAME_NM:
            raise InputError(
                f"Band {band.name} of {sensor.name} has its center at {known.wavelength_nm:g} nm "
                f"in the database {db.name}, and at {band.wavelength_nm:g} nm in what is to be "
                "added. Give the same wavelengths, or another name of the sensor."
            )


def save_response(db: Database, sensor: str, response: Response) -> int:
    """Keep the response of a band of a known sensor; returns its number.

    The same response again is known; raises ``InputError`` for another one under the same source
    and version, or for a band that is not there.
    """
    with db.transaction():
        bands = band_ids(db, sensor_id(db, sensor))
        if response.band not in bands:
            raise InputError(
                f"{sensor} has no band {response.band} in the database {db.name}. Its bands are: "
                f"{', '.join(bands)}."
            )
        wavelengths = json.dumps(response.wavelengths_nm.tolist())
        values = json.dumps(response.response.tolist())
        digest = hashlib.sha256(f"{wavelengths}{values}".encode()).hexdigest()
        key = (bands[response.band], response.source, response.version)
        known = db.rows(
            ddl.select("responses", ("id", "sha256"),
                       "WHERE band_id = ? AND source = ? AND version = ?"), key,
        )  # fmt: skip
        if known and known[0][1] != digest:
            raise InputError(
                f"The response of band {response.band} of {sensor} from {response.source} "
                f"{response.version} is in the database {db.name} with other values. Give a new "
                "version."
            )
        if known:
            return int(known[0][0])
        number = db.next_id("responses")
        columns = ("id", "band_id", "source", "version", "license", "wavelengths_nm", "response",
                   "sha256")  # fmt: skip
        row = (number, *key, response.license or None, wavelengths, values, digest)
        db.run(ddl.insert("responses", columns), row)
        return number


def load_responses(db: Database, sensor: str) -> tuple[Response, ...]:
    """All responses of the bands of a sensor, in the order of the bands."""
    found = db.rows(
        "SELECT b.name, r.wavelengths_nm, r.response, r.source, r.version, r.license "
        "FROM responses r JOIN bands b ON b.id = r.band_id WHERE b.sensor_id = ? "
        "ORDER BY b.position, r.id",
        (sensor_id(db, sensor),),
    )
    return tuple(
        Response(band, np.array(json.loads(nm)), np.array(json.loads(values)), source, version,
                 license_ or "")
        for band, nm, values, source, version, license_ in found
    )  # fmt: skip
