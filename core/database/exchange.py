# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of measurements into a database, and measurements of a database into a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..calibration.plausible import check_units, implausible_notes
from ..calibration.types import Measurements, Sensor
from ..errors import InputError, InsufficientDataError
from ..io.measurements import (
    Hints,
    bands_from_table,
    find_format,
    read_measurements,
    write_measurements,
)
from ..progress import Part, Progress, Silent, check
from ..table import Table
from ..types import FloatArray
from ..version import plugin_version
from .base import Database
from .measurements import Counts, Period, load_measurements, save_measurements
from .names import DatabaseName
from .opening import open_database, writing
from .runs import Run, save_run
from .sensors import Response, load_sensor, save_response, sensor_names

IMPORT = "importmeasurements"
Curves = Mapping[str, tuple[FloatArray, FloatArray]]


@dataclass(frozen=True)
class ImportRequest:
    """What to import: files and folders, their format ("auto": look), and what they do not say.

    ``bands``: a table of wavelengths or responses, see ``bands_from_table``; ``parameters`` and
    ``record`` are kept with the run.
    """

    paths: Sequence[str | Path]
    format: str = "auto"
    site: str = ""
    sensor: str = ""
    version: str = ""
    bands: Table | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    record: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ImportResult:
    """Measurements added and known already, and sentences for the log."""

    added: int
    known: int
    notes: tuple[str, ...]


def import_files(
    name: DatabaseName, request: ImportRequest, progress: Progress | None = None
) -> ImportResult:
    """Read all files and add what is new to the database, all of it or nothing.

    The database is made where it is not there yet; what was added is kept with a run that has the
    parameters. Raises ``InputError`` with the name of the file that cannot be used.
    """
    progress = progress or Silent()
    files, notes = _files(request)
    hints, curves = _hints(name, request)
    read = list(_read_all(files, request, hints, Part(progress, 0.0, 0.4)))
    with writing(name, progress=progress) as db:
        run = Run(IMPORT, request.parameters, plugin_version(), record=request.record)
        number = save_run(db, run)
        counts = list(_save_all(db, read, number, Part(progress, 0.4, 1.0)))
        if curves:
            _save_curves(db, read, curves, request)
        if not any(count.added for count in counts):
            db.run("DELETE FROM runs WHERE id = ?", (number,))
    for (path, rows), count in zip(read, counts, strict=True):
        twice = f" ({count.repeated} stand twice in the file)" if count.repeated else ""
        notes.append(
            f"{path.name}: {len(rows)} measurements of {rows.sensor.name}, {count.added} added, "
            f"{count.known} known already{twice}."
        )
        notes += [f"{path.name}: {note}" for note in implausible_notes(rows)]
    notes += _without_wavelength(read)
    return ImportResult(
        sum(count.added for count in counts), sum(count.known for count in counts), tuple(notes)
    )


def _files(request: ImportRequest) -> tuple[list[Path], list[str]]:
    """The files to read: those given, and those of folders that are in a known format."""
    files: dict[Path, None] = {}
    notes = []
    for path in map(Path, request.paths):
        if not path.is_dir():
            files[path] = None
            continue
        left = 0
        for one in sorted(one for one in path.iterdir() if one.is_file()):
            try:
                find_format(one)
            except InputError:
                left += 1
            else:
                files[one] = None
        if left:
            notes.append(f"{left} files of {path} are in no format of measurements: left out.")
    if not files:
        raise InputError("No file of measurements was given, or none is in the folder.")
    return list(files), notes


def _hints(name: DatabaseName, request: ImportRequest) -> tuple[Hints, Curves]:
    centers: Mapping[str, float] = {}
    curves: Curves = {}
    if request.bands is not None:
        centers, curves = bands_from_table(request.bands, request.sensor)
    known = _known_sensors(name)
    return Hints(request.site, request.sensor, request.version, centers, known), curves


def _known_sensors(name: DatabaseName) -> dict[str, Sensor]:
    if name.path and not Path(name.path).exists():
        return {}
    with open_database(name, create=True) as db, db.reading():
        return {sensor: load_sensor(db, sensor) for sensor in sensor_names(db)}


def _read_all(
    files: Sequence[Path], request: ImportRequest, hints: Hints, progress: Progress
) -> Iterator[tuple[Path, Measurements]]:
    for number, path in enumerate(files):
        check(progress)
        part = Part(progress, number / len(files), (number + 1) / len(files))
        part.report(0.0, f"Reading {path.name}")
        for found in read_measurements(path, request.format, hints, part):
            with _naming(path):
                check_units(found)
            yield path, found


def _save_all(
    db: Database, read: Sequence[tuple[Path, Measurements]], run: int, progress: Progress
) -> Iterator[Counts]:
    for number, (path, rows) in enumerate(read):
        part = Part(progress, number / len(read), (number + 1) / len(read))
        with _naming(path):
            counts = save_measurements(db, rows, run, part)
        yield counts


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Name the file in whatever cannot be used of it."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{path.name}: {error}") from error


def _save_curves(
    db: Database,
    read: Sequence[tuple[Path, Measurements]],
    curves: Curves,
    request: ImportRequest,
) -> None:
    source = request.bands.name if request.bands is not None else ""
    for sensor in {rows.sensor.name: rows.sensor for _, rows in read}.values():
        for band in set(sensor.band_names) & set(curves):
            save_response(db, sensor.name, Response(band, *curves[band], source))


def _without_wavelength(read: Sequence[tuple[Path, Measurements]]) -> list[str]:
    lacking: dict[str, list[str]] = {}
    for _, rows in read:
        names = [band.name for band in rows.sensor.bands if np.isnan(band.wavelength_nm)]
        if names:
            lacking[rows.sensor.name] = names
    return [
        f"The wavelengths of the bands {', '.join(names)} of {sensor} are not known: give them "
        "(BANDS) before you calibrate with them."
        for sensor, names in lacking.items()
    ]


@dataclass(frozen=True)
class ExportRequest:
    """Which measurements to write, and in which format."""

    sensor: str
    format: str
    sites: Sequence[str] = ()
    period: Period = (None, None)
    versions: Sequence[str] = ()


@dataclass(frozen=True)
class ExportResult:
    """Measurements and sites that were written, and sentences for the log."""

    count: int
    site_count: int
    notes: tuple[str, ...]


def export_file(
    name: DatabaseName, request: ExportRequest, path: Path, progress: Progress | None = None
) -> ExportResult:
    """Write measurements of a database to a new file.

    Raises ``InputError`` for a sensor or a site that is not there, ``InsufficientDataError`` where
    there is nothing to write.
    """
    progress = progress or Silent()
    with open_database(name, progress=progress) as db:
        rows = load_measurements(db, request.sensor, request.sites, request.period,
                                 request.versions)  # fmt: skip
    progress.report(0.4, f"Writing {len(rows)} measurements")
    check(progress)
    if not len(rows):
        raise InsufficientDataError(
            f"The database {name} has no measurement of {request.sensor} at these sites, in this "
            "period and of these versions. Choose more."
        )
    rows = _without_unused_bands(rows)
    notes = write_measurements(rows, path, request.format, Part(progress, 0.4, 1.0))
    return ExportResult(len(rows), len(set(rows["site"].tolist())), notes)


def _without_unused_bands(rows: Measurements) -> Measurements:
    """The measurements without bands of the sensor of which nothing is known in any of them."""
    used = ~np.all([np.isnan(values).all(axis=0) for values in rows.by_band.values()], axis=0)
    if used.all() or not used.any():
        return rows
    bands = tuple(band for band, keep in zip(rows.sensor.bands, used, strict=True) if keep)
    return Measurements(
        Sensor(rows.sensor.name, bands), rows.time, rows.rows,
        {key: values[:, used] for key, values in rows.by_band.items()}, rows.ids,
    )  # fmt: skip
