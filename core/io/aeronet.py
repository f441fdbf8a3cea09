# SPDX-License-Identifier: GPL-3.0-or-later
"""Reader of AERONET Version 3 texts: download tool, web service, bulk archives, daily averages,
SDA.

Formats: https://aeronet.gsfc.nasa.gov (Version 3 direct sun; Giles et al. 2019,
10.5194/amt-12-169-2019; SDA: O'Neill et al. 2003, 10.1029/2002JD002975). The files are read in
blocks of lines, so that memory holds only the columns that are needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import InputError
from ..progress import Progress, Silent
from ..types import AnyArray, BoolArray, FloatArray, TimeArray
from .aeronet_members import ARCHIVE_ERRORS, members
from .aeronet_sections import IndexArray, Piece, Rejection, SectionReader, Station

__all__ = ["AeronetFile", "Rejection", "Station", "read_aeronet"]


@dataclass(frozen=True)
class AeronetFile:
    """The observations of one file (``n`` rows), in the order of the file.

    ``time`` (n,) UTC; ``station`` (n,) index into ``stations`` (site, level, instrument ...);
    ``channels_nm`` the nominal wavelengths that hold any value (k of them, increasing); ``aod`` (n,
    k) with NaN where a channel has none; ``wavelength_set`` (n,) index into ``wavelength_sets_um``
    (m, k), exact wavelengths in micrometers, NaN where the file does not say. ``angstrom`` (n,):
    440-870 nm exponent (of SDA rows: the exponent at 500 nm); ``water_vapor_cm``,
    ``solar_zenith_deg`` (n,), NaN where unknown. ``rejected``: what could not be used, and why.
    """

    path: str
    time: TimeArray
    station: IndexArray
    stations: tuple[Station, ...]
    channels_nm: tuple[int, ...]
    aod: FloatArray
    wavelength_set: IndexArray
    wavelength_sets_um: FloatArray
    angstrom: FloatArray
    water_vapor_cm: FloatArray
    solar_zenith_deg: FloatArray
    rejected: tuple[Rejection, ...] = ()

    def __len__(self) -> int:
        return len(self.time)

    def exact_um(self, rows: slice | BoolArray | AnyArray = slice(None)) -> FloatArray:
        """Exact wavelengths (micrometers) of the channels of some rows (r, k)."""
        exact: FloatArray = self.wavelength_sets_um[self.wavelength_set[rows]]
        return exact

    def of_station(self, name: str) -> AnyArray:
        """An attribute of the station (``site``, ``level`` ...) for every row (n,)."""
        values = [getattr(station, name) for station in self.stations]
        kind = object if values and isinstance(values[0], str) else None
        return np.array(values, dtype=kind)[self.station]


def read_aeronet(path: str | Path, progress: Progress | None = None) -> AeronetFile:
    """Read one file: text, ``.gz``, or a ``.zip``/``.tar`` archive of texts.

    Lines that cannot be read (cut off, no date, not a number) and parts without AOD are listed in
    ``rejected``; the rest counts. Raises ``InputError`` with a sentence that names the file where
    nothing in it can be used.
    """
    path = Path(path)
    reader = SectionReader(progress or Silent())
    problems: list[Rejection] = []
    pieces: list[Piece] = []
    for member in members(path):
        label = f"{path.name}/{member.name}" if member.name else path.name
        try:
            for piece in reader.read(label, member.stream, member.position):
                pieces.append(piece)
        except InputError as error:
            problems.append(Rejection(label, None, str(error)))
        except ARCHIVE_ERRORS as error:
            problems.append(Rejection(label, None, _damaged(error, bool(len(pieces)))))
    rejected = (*problems, *reader.rejections())
    if not sum(len(piece) for piece in pieces):
        raise InputError(_nothing(path, rejected))
    return _assemble(path, reader, pieces, rejected)


def _damaged(error: Exception, some: bool) -> str:
    kept = "what came before was read" if some else "nothing could be read"
    return f"the file is damaged or incomplete ({error}); {kept}: download it again"


def _nothing(path: Path, rejected: Sequence[Rejection]) -> str:
    if not rejected:
        return (
            f"{path.name} holds no observations: it has a header and no line of data. Check the "
            "dates and the site, and download it again."
        )
    worst = rejected[0]
    line = "" if worst.line is None else f"line {worst.line}"
    inside = "" if worst.file == path.name else worst.file
    where = " of ".join(part for part in (line, inside) if part)
    lines = sum(item.count for item in rejected)
    further = f" ({lines} lines or parts were rejected; this is the first)" if lines > 1 else ""
    return f"{path.name} cannot be used: {where}{': ' if where else ''}{worst.reason}{further}."


def _assemble(
    path: Path, reader: SectionReader, pieces: list[Piece], rejected: Sequence[Rejection]
) -> AeronetFile:
    """One array per column. Pieces are given up as they are taken, so that memory never holds two
    copies of all.
    """
    channels = tuple(sorted({channel for piece in pieces for channel in piece.aod}))
    aod = np.full((len(channels), sum(len(piece) for piece in pieces)), np.nan)
    start = 0
    for piece in pieces:
        for channel in list(piece.aod):
            aod[channels.index(channel), start : start + len(piece)] = piece.aod.pop(channel)
        start += len(piece)
    sets = np.full((len(reader.wavelength_sets), len(channels)), np.nan)
    for row, exact in enumerate(reader.wavelength_sets):
        for channel, wavelength in exact.items():
            if channel in channels:
                sets[row, channels.index(channel)] = wavelength
    return AeronetFile(
        path=str(path),
        time=np.concatenate([piece.time for piece in pieces]),
        station=np.concatenate([piece.station for piece in pieces]),
        stations=tuple(reader.stations),
        channels_nm=channels,
        aod=aod.T,
        wavelength_set=np.concatenate([piece.wavelength_set for piece in pieces]),
        wavelength_sets_um=sets,
        angstrom=np.concatenate([piece.angstrom for piece in pieces]),
        water_vapor_cm=np.concatenate([piece.water_vapor for piece in pieces]),
        solar_zenith_deg=np.concatenate([piece.zenith for piece in pieces]),
        rejected=tuple(rejected),
    )
