# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of SMAC coefficients: 19 lines of one band, or a matrix with one column per band."""

from __future__ import annotations

from pathlib import Path

from ..errors import InputError

_COUNT, _LINES = 49, 19
_ADVICE = (
    "A file holds the 49 coefficients of one band in 19 lines, or 49 lines with one column per "
    "band."
)


def read_smac_numbers(path: Path | str) -> tuple[tuple[float, ...], ...]:
    """The 49 numbers of each band of a file, in the order of its columns (a file of 19 lines has
    one band).

    Lines that begin with ``#`` are remarks. Raises ``InputError`` for a file that is neither.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise InputError(
            f"The SMAC coefficients {path} cannot be read ({error.strerror})."
        ) from error
    lines = [line.split() for line in text.splitlines() if line.strip() and line.strip()[0] != "#"]
    try:
        rows = [[float(cell) for cell in line] for line in lines]
    except ValueError as error:
        raise InputError(
            f"{path.name} holds other text than numbers ({error}). {_ADVICE}"
        ) from error
    widths = {len(row) for row in rows}
    if len(rows) == _COUNT and len(widths) == 1:
        return tuple(zip(*rows, strict=True))
    numbers = tuple(number for row in rows for number in row)
    if len(rows) != _LINES or len(numbers) != _COUNT:
        raise InputError(
            f"{path.name} has {len(rows)} lines and {len(numbers)} numbers: no SMAC coefficients. "
            f"{_ADVICE}"
        )
    return (numbers,)
