# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of a quantity by wavelength: spectral responses, spectra of sites, transmissions."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from ..errors import InputError
from ..types import FloatArray

_MICROMETERS = 30.0  # wavelengths below are not in nanometers


def read_spectral_table(path: Path | str) -> tuple[FloatArray, FloatArray, tuple[str, ...]]:
    """Wavelengths (nm, rising), values (wavelengths, columns), and the names of the columns.

    Text (or ``.gz``) with cells between semicolons, commas, tabs or spaces; the first column is the
    wavelength in nanometers, or in micrometers where all are below 30. Lines before the first
    numbers name the columns; ``#`` begins remarks. Of a wavelength that stands twice the last line
    counts. Raises ``InputError`` for other files.
    """
    path = Path(path)
    try:
        text = _text(path)
    except OSError as error:
        raise InputError(f"The table {path} cannot be read ({error.strerror or error}).") from error
    table, names = _numbers(text, path.name)
    wavelength = table[:, 0] * (1000.0 if table[:, 0].max() < _MICROMETERS else 1.0)
    # The last of equal ones: of the reversed column the first.
    rising, places = np.unique(wavelength[::-1], return_index=True)
    values = table[::-1, 1:][places]
    plain = tuple(str(number + 1) for number in range(values.shape[1]))
    return rising, values, names if len(names) == values.shape[1] else plain


def _numbers(text: str, file: str) -> tuple[FloatArray, tuple[str, ...]]:
    """The lines of numbers, and what the line above them names; raises ``InputError``."""
    names: tuple[str, ...] = ()
    rows: list[list[float]] = []
    for number, line in enumerate(text.splitlines(), 1):
        cells = _cells(line)
        if not cells:
            continue
        try:
            rows.append([float(cell) for cell in cells])
        except ValueError as error:
            if rows:
                raise InputError(f"Line {number} of {file} is not made of numbers.") from error
            names = tuple(cells[1:])
    if len({len(row) for row in rows}) != 1 or len(rows[0]) < 2:
        raise InputError(
            f"{file} is no table by wavelength: its lines need a wavelength and the same number of "
            "values each."
        )
    return np.array(rows), names


def _text(path: Path) -> str:
    if path.suffix == ".gz":
        import gzip

        return gzip.decompress(path.read_bytes()).decode("utf-8", "replace")
    return path.read_text(encoding="utf-8", errors="replace")


def _cells(line: str) -> list[str]:
    line = line.split("#", 1)[0].strip()
    parts = re.split(r"\s*[;,\t]\s*", line) if re.search(r"[;,\t]", line) else line.split()
    return [part for part in parts if part]
