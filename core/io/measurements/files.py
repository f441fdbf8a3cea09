# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of measurements in all their formats: told apart by their content, read and written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from ...calibration.types import BAND_NUMBERS, ROW_NUMBERS, ROW_TEXTS, Measurements
from ...errors import InputError, InsufficientDataError, OutputError
from ...progress import Progress, Silent
from . import dimitri, long_csv, netcdf, sade
from .hints import Hints, without_view
from .text import first_line

Reader = Callable[[Path, Hints, Progress], list[Measurements]]
Writer = Callable[[Measurements, Path, Progress], None]

READERS: dict[str, Reader] = {
    "sade": sade.read_sade,
    "dimitri": dimitri.read_dimitri,
    "csv": long_csv.read_long_csv,
    "netcdf": netcdf.read_netcdf,
}
WRITERS: dict[str, Writer] = {
    "csv": long_csv.write_long_csv,
    "netcdf": netcdf.write_netcdf,
    "sade": sade.write_sade,
    "dimitri": dimitri.write_dimitri,
}
FORMATS = tuple(READERS)
# The suffixes that a format may be written under; the first format that has one is meant by it.
SUFFIXES = {
    "csv": ("csv",),
    "netcdf": ("nc",),
    "sade": ("txt", "sade"),
    "dimitri": ("csv",),
}
KINDS = (
    "SADE text lines, DIMITRI-like CSV (decimal_year, rho_...), long CSV (time, band, mean) and "
    "NetCDF as this toolbox exports it"
)


def find_format(path: Path) -> str:
    """The format of a file, from its content; raises ``InputError`` where it is none."""
    if not path.is_file():
        raise InputError(f"The file {path} does not exist.")
    try:
        with open(path, "rb") as stream:
            start = stream.read(16)
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror or error}).") from error
    if netcdf.looks_like_netcdf(start):
        return "netcdf"
    line = first_line(path)
    if not line:
        raise InputError(f"{path.name} is empty.")
    for name, looks in (
        ("dimitri", dimitri.looks_like_dimitri),
        ("csv", long_csv.looks_like_long_csv),
        ("sade", sade.looks_like_sade),
    ):
        if looks(line):
            return name
    raise InputError(f"{path.name} is in no format that is known. Read are: {KINDS}.")


def chosen_format(format_: str, path: Path) -> str:
    """The format to write ``path`` in; "auto": as its suffix says.

    Raises ``OutputError`` where the suffix does not fit the format.
    """
    suffix = path.suffix.lower().lstrip(".")
    if format_ == "auto":
        format_ = next((name for name, own in SUFFIXES.items() if suffix in own), "")
    if suffix not in SUFFIXES.get(format_, ()):
        wanted = " or ".join(f".{own}" for own in SUFFIXES.get(format_, ("csv", "nc", "txt")))
        raise OutputError(
            f"{path.name} is no name for a file in the format {format_ or 'auto'}: let it end with "
            f"{wanted}."
        )
    return format_


def read_measurements(
    path: str | Path,
    format_: str = "auto",
    hints: Hints | None = None,
    progress: Progress | None = None,
) -> list[Measurements]:
    """The measurements of a file, one set for each sensor.

    ``format_``: one of ``FORMATS``, or "auto" to look; ``hints``: what the file does not say.
    Raises ``InputError`` or ``TableError`` for what cannot be read, with the line where it is one.
    """
    path = Path(path)
    chosen = find_format(path) if format_ == "auto" else format_
    if not path.is_file():
        raise InputError(f"The file {path} does not exist.")
    return READERS[chosen](path, hints or Hints(), progress or Silent())


def write_measurements(
    measurements: Measurements, path: str | Path, format_: str, progress: Progress | None = None
) -> tuple[str, ...]:
    """Write measurements to a new file; returns sentences about what the format does not hold.

    ``format_``: one of ``FORMATS``. Raises ``InsufficientDataError`` without any measurement,
    ``OutputError`` where the file cannot be written completely.
    """
    if not len(measurements):
        raise InsufficientDataError("There is no measurement to write.")
    WRITERS[format_](measurements, Path(path), progress or Silent())
    return _left_out(measurements) if format_ == "sade" else ()


def _left_out(measurements: Measurements) -> tuple[str, ...]:
    """What SADE lines do not say of these measurements."""
    columns = (*ROW_TEXTS, *ROW_NUMBERS, *BAND_NUMBERS)
    lost = [key for key in columns if key not in sade.HELD and _known(measurements, key)]
    products = {without_view(one) for one in measurements["product"].tolist()}
    if any(one and not one.startswith("processed ") for one in products):
        lost.append("product")
    counts = measurements["count"]
    if np.any((counts != counts[:, :1]) & ~(np.isnan(counts) & np.isnan(counts[:, :1]))):
        lost.append("count by band (the smallest is written)")
    notes = []
    if lost:
        notes.append(f"SADE lines have no place for: {', '.join(lost)}. CSV and NetCDF keep all.")
    if "_" in measurements.sensor.name:
        notes.append(
            f"The sensor {measurements.sensor.name} has an underscore in its name: give it as "
            "SENSOR when the lines are read again."
        )
    names = ", ".join(measurements.sensor.band_names)
    notes.append(f"SADE lines do not name their bands: here they are {names}.")
    return tuple(notes)


def _known(measurements: Measurements, key: str) -> bool:
    values = measurements[key]
    return bool(np.any(values != "") if values.dtype.kind == "O" else np.any(~np.isnan(values)))
