# SPDX-License-Identifier: GPL-3.0-or-later
"""Photometer files to one table of AOD at a product's wavelength.

What cannot be used is listed with the reason, and the rest counts: a broken file does not spoil the
good ones beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import InputError
from ..io.aeronet import AeronetFile, Rejection, Station, read_aeronet
from ..io.aeronet_members import find_aeronet_files
from ..io.tables import points
from ..progress import Part, Progress, Silent, check
from ..table import Table
from ..types import AnyArray, BoolArray
from .aeronet_duplicates import preferred_rows
from .interpolation import (
    LABELS,
    METHODS,
    REASONS,
    Interpolated,
    Spectra,
    interpolate,
    interpolate_sda,
    window,
)

LEVELS = ("any", "1.5", "2.0")
_ROWS_AT_ONCE = 50_000
_LEVEL_IN_NAME = re.compile(r"lev(\d)(\d)", re.IGNORECASE)


@dataclass(frozen=True)
class ImportResult:
    """The rows that can be used, sorted by site and time, and what was rejected.

    ``table`` has the columns site, time, aot, aot_method, angstrom_440_870, water_vapor_cm, level,
    instrument, longitude, latitude, elevation_m, solar_zenith_deg, source, and points. ``notes``
    are sentences about how to read the table, acknowledgments of the investigators among them.
    """

    table: Table
    site_count: int
    rejected: tuple[Rejection, ...]
    notes: tuple[str, ...] = ()

    @property
    def rejected_count(self) -> int:
        """Rejected lines and files."""
        return sum(item.count for item in self.rejected)

    def rejection_lines(self, most: int = 50) -> list[str]:
        """What was rejected as lines for a log: at most ``most``, then how many more there are."""
        lines = [_line(item) for item in self.rejected[:most]]
        more = len(self.rejected) - most
        if more > 0:
            lines.append(f"... and {more} further reasons: the table of rejections has them all.")
        return lines

    def rejected_table(self) -> Table:
        """One row per rejection: file, line (text, "" = no single line), count of lines, reason."""
        lines = ["" if item.line is None else str(item.line) for item in self.rejected]
        columns = {
            "file": np.array([item.file for item in self.rejected], dtype=object),
            "line": np.array(lines, dtype=object),
            "count": np.array([item.count for item in self.rejected], dtype=np.int64),
            "reason": np.array([item.reason for item in self.rejected], dtype=object),
        }
        return Table(columns, "rejected")


@dataclass
class _Rows:
    """Rows (n,) of one file; ``station`` and ``source`` index the lists of the import."""

    columns: dict[str, AnyArray]

    def __len__(self) -> int:
        return len(self.columns["time"])


class _Import:
    def __init__(self, wavelength_nm: float, method: str, level: str) -> None:
        self.wavelength_nm, self.method, self.level = wavelength_nm, method, level
        self.stations: list[Station] = []
        self.sources: list[str] = []
        self.rejected: list[Rejection] = []
        self.notes: list[str] = []

    def rows(self, path: Path, progress: Progress) -> _Rows:
        """The usable rows of one file."""
        file = read_aeronet(path, progress)
        self.rejected.extend(file.rejected)
        offset, source = len(self.stations), len(self.sources)
        self.stations.extend(_named(station, path) for station in file.stations)
        self.sources.append(path.name)
        keep = self._of_level(file, offset, path.name)
        result = self._interpolated(file, progress)
        keep &= self._has_something(file, result, path.name, keep)
        columns: dict[str, AnyArray] = {
            "time": file.time,
            "aot": result.aot,
            "method": result.method,
            "angstrom": file.angstrom,
            "water_vapor": file.water_vapor_cm,
            "zenith": file.solar_zenith_deg,
            "station": file.station + np.int32(offset),
        }
        columns = {key: values[keep] for key, values in columns.items()}
        columns["source"] = np.full(len(columns["time"]), source, dtype=np.int32)
        return _Rows(columns)

    def _of_level(self, file: AeronetFile, offset: int, name: str) -> BoolArray:
        stations = self.stations[offset:]
        good = np.array([self.level in ("any", station.level) for station in stations])
        keep: BoolArray = good[file.station]
        for level in sorted({station.level for station in stations} - {self.level}):
            same = np.array([station.level == level for station in stations])
            count = int((same[file.station] & ~keep).sum())
            if count:
                reason = f"level {level or 'unknown'}, but only level {self.level} is asked for"
                self.rejected.append(Rejection(name, None, reason, count))
        return keep

    def _interpolated(self, file: AeronetFile, progress: Progress) -> Interpolated:
        sda = np.array([station.product == "SDA" for station in file.stations])[file.station]
        parts = []
        for start in range(0, len(file), _ROWS_AT_ONCE):
            check(progress)
            rows = slice(start, start + _ROWS_AT_ONCE)
            spectra = Spectra(
                file.channels_nm, file.aod[rows], file.exact_um(rows), file.angstrom[rows]
            )
            part = interpolate(spectra, self.wavelength_nm, self.method)
            if sda[rows].any():
                part = _merged(sda[rows], interpolate_sda(spectra, self.wavelength_nm), part)
            parts.append(part)
        return Interpolated(
            np.concatenate([part.aot for part in parts]),
            np.concatenate([part.method for part in parts]),
            np.concatenate([part.reason for part in parts]),
        )

    def _has_something(
        self, file: AeronetFile, result: Interpolated, name: str, asked: BoolArray
    ) -> BoolArray:
        """Which rows have AOT or water vapor; the reasons of those without AOT are told."""
        useful: BoolArray = np.isfinite(result.aot) | np.isfinite(file.water_vapor_cm)
        for code, reason in enumerate(REASONS):
            here = asked & (result.reason == code) & np.isnan(result.aot)
            lost, empty = int((here & ~useful).sum()), int((here & useful).sum())
            why = f"no AOT at {self.wavelength_nm:g} nm: {reason}"
            if lost:
                self.rejected.append(Rejection(name, None, why, lost))
            if empty:
                self.notes.append(f"Rows of {name} with water vapor only: {empty} ({why}).")
        return useful


def import_files(
    paths: Iterable[str | Path],
    wavelength_nm: float = 550.0,
    method: str = "quadratic",
    level: str = "any",
    progress: Progress | None = None,
) -> ImportResult:
    """Import photometer files, or all of them below a folder.

    ``wavelength_nm``: 340 to 1640; ``method``: one of ``interpolation.METHODS``; ``level``: one of
    ``LEVELS``. With ``any``, level 2.0 takes the place of level 1.5 of the same site and day, and
    every row says its level. Raises ``InputError`` where no file at all can be used.
    """
    _check(wavelength_nm, method, level)
    progress = progress or Silent()
    work = _Import(wavelength_nm, method, level)
    files = _files(paths, work.rejected)
    parts = []
    for number, path in enumerate(files):
        share = Part(progress, 0.9 * number / len(files), 0.9 * (number + 1) / len(files))
        try:
            parts.append(work.rows(path, share))
        except InputError as error:
            work.rejected.append(Rejection(path.name, None, str(error)))
    if not sum(len(part) for part in parts):
        raise InputError(_nothing(work.rejected, level))
    columns = _joined(parts)
    progress.report(0.92, "Removing duplicates")
    columns = _without_duplicates(work, columns)
    progress.report(0.96, "Making the table")
    return _result(work, columns)


def _line(item: Rejection) -> str:
    where = item.file if item.line is None else f"{item.file}, line {item.line}"
    count = f" ({item.count} lines)" if item.count > 1 else ""
    return f"Rejected: {where}: {item.reason}{count}"


def _check(wavelength_nm: float, method: str, level: str) -> None:
    window(wavelength_nm)
    for value, allowed, what in ((method, METHODS, "interpolation"), (level, LEVELS, "level")):
        if value not in allowed:
            raise InputError(f"Unknown {what} '{value}'. Choose one of: {', '.join(allowed)}.")


def _files(paths: Iterable[str | Path], rejected: list[Rejection]) -> list[Path]:
    files: dict[Path, None] = {}
    for path in map(Path, paths):
        if path.is_dir():
            found = find_aeronet_files(path)
            if not found:
                reason = "no AERONET file is below this folder: choose the folder of the downloads"
                rejected.append(Rejection(str(path), None, reason))
            files.update(dict.fromkeys(found))
        else:
            files[path] = None
    return list(files)


def _nothing(rejected: Sequence[Rejection], level: str) -> str:
    reasons = [
        item.reason if item.file in item.reason else f"{item.file}: {item.reason}"
        for item in rejected
    ]
    shown = " ".join(reason.rstrip(".") + "." for reason in reasons[:5])
    more = f" ({len(reasons) - 5} further reasons.)" if len(reasons) > 5 else ""
    asked = "" if level == "any" else f" of level {level}"
    if not reasons:
        return "No AERONET file was given. Choose files of the AERONET download tool, or a folder."
    return f"No AERONET observation{asked} could be imported. {shown}{more}"


def _named(station: Station, path: Path) -> Station:
    """The station with what only the file's name tells, where the text says nothing."""
    level = station.level
    match = _LEVEL_IN_NAME.search(path.name)
    if not level and match:
        level = f"{match.group(1)}.{match.group(2)}"
    site = station.site or path.name.split(".")[0]
    return Station(
        site, level, station.instrument, station.longitude, station.latitude, station.elevation_m,
        station.pi, station.product, station.daily,
    )  # fmt: skip


def _merged(mask: BoolArray, yes: Interpolated, no: Interpolated) -> Interpolated:
    return Interpolated(
        np.where(mask, yes.aot, no.aot),
        np.where(mask, yes.method, no.method),
        np.where(mask, yes.reason, no.reason),
    )


def _joined(parts: list[_Rows]) -> dict[str, AnyArray]:
    """All rows; each part gives its columns away, so that memory never holds everything twice."""
    names = list(parts[0].columns)
    return {name: np.concatenate([part.columns.pop(name) for part in parts]) for name in names}


def _without_duplicates(work: _Import, columns: dict[str, AnyArray]) -> dict[str, AnyArray]:
    names = {name: i for i, name in enumerate(sorted({station.site for station in work.stations}))}
    site = np.array([names[station.site] for station in work.stations])[columns["station"]]
    order, rejections = preferred_rows(
        site, columns["time"], columns["station"], work.stations, columns["source"], work.sources
    )
    work.rejected.extend(rejections)
    return {name: values[order] for name, values in columns.items()}


def _result(work: _Import, columns: dict[str, AnyArray]) -> ImportResult:
    station = columns.pop("station")

    def of(values: Sequence[object], kind: type) -> AnyArray:
        return np.array(values, dtype=kind)[station]

    stations = work.stations
    used = [stations[i] for i in np.unique(station)]
    sda = of([item.product == "SDA" for item in stations], bool)
    longitude = of([item.longitude for item in stations], float)
    latitude = of([item.latitude for item in stations], float)
    table = Table(
        {
            "site": of([item.site for item in stations], object),
            "time": columns["time"],
            "aot": columns["aot"],
            "aot_method": np.array(LABELS, dtype=object)[columns["method"]],
            # The exponent of an SDA file is that at 500 nm.
            "angstrom_440_870": np.where(sda, np.nan, columns["angstrom"]),
            "water_vapor_cm": columns["water_vapor"],
            "level": of([item.level for item in stations], object),
            "instrument": of([item.instrument for item in stations], int),
            "longitude": longitude,
            "latitude": latitude,
            "elevation_m": of([item.elevation_m for item in stations], float),
            "solar_zenith_deg": columns["zenith"],
            "source": np.array(work.sources, dtype=object)[columns["source"]],
        },
        "AERONET",
        points(longitude, latitude),
    )
    sites = {item.site for item in used}
    notes = (*work.notes, *_notes(used))
    return ImportResult(table, len(sites), tuple(work.rejected), notes)


def _notes(stations: Sequence[Station]) -> list[str]:
    notes = []
    daily = sorted({station.site for station in stations if station.daily})
    if daily:
        notes.append(
            f"Daily averages ({', '.join(daily)}): they stand at 12:00 UTC and are no match for an "
            "overpass. Import the product 'All Points' for match-ups."
        )
    investigators = sorted({(station.site, station.pi) for station in stations if station.pi})
    named = "; ".join(f"{site}: {pi}" for site, pi in investigators)
    if named:
        notes.append(f"AERONET asks to acknowledge the principal investigators: {named}.")
    return notes
