# SPDX-License-Identifier: GPL-3.0-or-later
"""CSV files as columnar ``Table`` values: read in chunks, kept as compactly as is exact."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from ..errors import InputError, TableError
from ..progress import Progress, check
from ..table import Table
from ..types import AnyArray

CSV_SUFFIXES = (".csv", ".txt", ".tsv", ".csv.gz", ".txt.gz", ".tsv.gz")

_CHUNK = 20_000
_BLOCK = 1 << 20
_HEAD = 1 << 16
# Outlines of countries exceed Python's limit of 131,072 characters per field; a quote that is never
# closed should still be noticed before the memory is full of it.
_FIELD_LIMIT = 1 << 26
_REMEMBERED = 1 << 16
_PROBE = 100
_MANY_DECIMALS = 5
_BELOW_YEARS = 1000.0

_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_COMMA_NUMBER = re.compile(r"\s*[-+]?\d+(?:,\d+)?(?:[eE][-+]?\d+)?\s*")
_POINT_NUMBER = re.compile(r"(?:^|;)\s*[-+]?\d*\.\d+\s*(?=;|$)", re.MULTILINE)


@dataclass(frozen=True)
class _Layout:
    """How the text of a file is to be read."""

    encoding: str
    separator: str
    decimal_commas: bool


def read_csv(path: Path, columns: Sequence[str] | None, progress: Progress) -> Table:
    """Read a CSV file (also ``.gz``), with separator and encoding found out.

    ``columns`` limits what is kept. A column becomes int64 or float64 where every cell can be
    written back from its number as it was read (``_exact``), or holds a decimal comma in a file of
    semicolons; others stay text. Raises ``InputError`` for a file that is not a table of text,
    ``TableError`` where a line is cut off.
    """
    try:
        layout = _layout(path, progress)
        with _opened(path) as stream:
            text = io.TextIOWrapper(stream, layout.encoding, newline="")
            return _read(text, path.name, layout, columns, progress)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(
            f"{path.name} is not a readable gzip file ({error}): get it again."
        ) from error
    except OSError as error:
        raise InputError(
            f"{path} cannot be read ({error.strerror or error}). Check the permissions and the "
            "disk that it is on."
        ) from error
    except csv.Error as error:
        raise TableError(
            f"{path.name} is not a table of text that can be read ({error}): is a quotation mark "
            "not closed?"
        ) from error


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    if path.suffix.lower() == ".gz":
        with gzip.open(path, "rb") as packed:
            yield cast(BinaryIO, packed)
    else:
        with open(path, "rb") as plain:
            yield plain


def check_head(path: Path) -> None:
    """Look at the first block of a file whose name says that it is CSV; raises ``InputError`` where
    it is a web page, binary, or empty. GDAL takes some of these for tables.
    """
    try:
        with _opened(path) as stream:
            block = stream.read(_HEAD)
    except (OSError, EOFError, zlib.error):
        return  # reading it says more
    _check_text(path.name, block)
    _check_start(path.name, block.decode("utf-8-sig", "ignore").lstrip())


def _check_text(name: str, block: bytes) -> None:
    if b"\x00" in block:
        raise InputError(
            f"{name} holds binary data or UTF-16 text, not a table of text: save it as CSV in "
            "UTF-8."
        )


def _check_start(name: str, start: str) -> None:
    if not start:
        raise InputError(f"{name} is empty: it needs a line of column names and data.")
    if start.startswith("<"):
        raise InputError(f"{name} holds a web page, not a table: download it again.")


def _layout(path: Path, progress: Progress) -> _Layout:
    """Encoding and separator, from a look at all bytes; raises ``InputError`` for other files."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    utf8, head = True, b""
    with _opened(path) as stream:
        while block := stream.read(_BLOCK):
            check(progress)
            _check_text(path.name, block)
            if len(head) < _HEAD:
                head = (head + block).lstrip()[:_HEAD]
            try:
                utf8 = utf8 and decoder.decode(block) is not None
            except UnicodeDecodeError:
                utf8 = False
        try:
            utf8 = utf8 and decoder.decode(b"", final=True) is not None
        except UnicodeDecodeError:
            utf8 = False
    start = head.decode("utf-8-sig" if utf8 else "latin-1", "ignore").lstrip()
    _check_start(path.name, start)
    separator = _separator(start)
    commas = separator == ";" and _POINT_NUMBER.search(start) is None
    return _Layout("utf-8-sig" if utf8 else "latin-1", separator, commas)


def _separator(start: str) -> str:
    first = _QUOTED.sub("", start).lstrip("\r\n").splitlines() or [""]
    return max((",", ";", "\t"), key=first[0].count)


def _read(
    text: io.TextIOWrapper,
    name: str,
    layout: _Layout,
    columns: Sequence[str] | None,
    progress: Progress,
) -> Table:
    # The limit is one for all of Python: it is only ever raised.
    csv.field_size_limit(max(_FIELD_LIMIT, csv.field_size_limit()))
    reader = csv.reader(text, delimiter=layout.separator)
    names = _header(reader)
    places: dict[str, int] = {}
    for place, column in enumerate(names):
        if not columns or column in columns:
            places.setdefault(column, place)  # of two columns with one name the first counts
    parts: dict[str, list[AnyArray]] = {column: [] for column in places}
    compact = {column: _Compactor(layout.decimal_commas) for column in places}
    rows = _full_rows(reader, len(names), name)
    while chunk := list(islice(rows, _CHUNK)):
        check(progress)
        for column, place in places.items():
            parts[column].append(compact[column].pack([row[place] for row in chunk]))
    return Table({key: compact[key].join(parts.pop(key)) for key in places}, name)


def _header(reader: Iterator[list[str]]) -> list[str]:
    names: list[str] = []
    while not any(names):
        names = [cell.strip() for cell in next(reader)]
    if len(names) > 1 and not names[-1]:
        names.pop()  # a separator at the end of the header, as OGR writes for a single column
    return names


def _full_rows(reader: Iterator[list[str]], width: int, name: str) -> Iterator[list[str]]:
    """The rows that are not blank; raises ``TableError`` for one that is shorter than ``width``."""
    for row in reader:
        if len(row) >= width:
            yield row
        elif row:
            line = getattr(reader, "line_num", 0)
            raise TableError(
                f"Line {line} of {name} is shorter than its header ({width} columns): "
                "the file is truncated. Get it again, or remove the line."
            )


class _Compactor:
    """The cells of one column, chunk by chunk, in little memory.

    What returns as the same text becomes numbers; of equal texts near each other one is kept.
    """

    def __init__(self, decimal_commas: bool) -> None:
        self._decimal_commas = decimal_commas
        self._seen: dict[str, str] = {}

    def pack(self, cells: list[str]) -> AnyArray:
        """One chunk of cells as int64, float64 (empty cells NaN) or text."""
        numbers = _whole(cells)
        if numbers is None:
            numbers = _decimal(cells)
        if numbers is None and self._decimal_commas:
            numbers = _with_commas(cells)
        return self._text(cells) if numbers is None else numbers

    def join(self, parts: list[AnyArray]) -> AnyArray:
        """All chunks of the column as one; of mixed kinds, or all empty, as text."""
        kinds = {part.dtype.kind for part in parts}
        empty = kinds == {"f"} and all(np.isnan(part).all() for part in parts)
        if len(kinds) > 1 or empty:
            parts = [self._text(_texts(part)) for part in parts]
        return np.concatenate(parts) if parts else np.array([], dtype=object)

    def _text(self, cells: list[str]) -> AnyArray:
        if len(self._seen) > _REMEMBERED:
            self._seen.clear()
        known = self._seen.setdefault
        out = np.empty(len(cells), dtype=object)
        out[:] = [known(cell, cell) for cell in cells]
        return out


def _texts(part: AnyArray) -> list[str]:
    if part.dtype.kind == "O":
        return cast(list[str], part.tolist())
    return ["" if number != number else str(number) for number in part.tolist()]


def _whole(cells: list[str]) -> AnyArray | None:
    try:
        numbers = list(map(int, cells))
        return np.array(numbers, dtype=np.int64) if list(map(str, numbers)) == cells else None
    except (ValueError, OverflowError):
        return None


def _decimal(cells: list[str]) -> AnyArray | None:
    filled = [cell for cell in cells if cell]
    if not (_exact(filled[:_PROBE]) and _exact(filled)):
        return None
    return np.array([float(cell) if cell else np.nan for cell in cells], dtype=np.float64)


def _exact(texts: list[str]) -> bool:
    """Whether all are numbers that come back as they were written.

    Zeros at the end do not count where all have the same five or more decimals and are below 1000:
    no name and no date is written like that.
    """
    try:
        numbers = list(map(float, texts))
    except ValueError:
        return False
    if list(map(str, numbers)) == texts:
        return "nan" not in texts  # it would come back as an empty cell
    decimals = len(texts[0].partition(".")[2])
    fixed = f"{{:.{decimals}f}}".format
    return (
        decimals >= _MANY_DECIMALS
        and max(map(abs, numbers)) < _BELOW_YEARS
        and list(map(fixed, numbers)) == texts
    )


def _with_commas(cells: list[str]) -> AnyArray | None:
    """Numbers with a decimal comma; None where none has one, or a cell is something else."""
    filled = [cell for cell in cells if cell]
    if not any("," in cell for cell in filled):
        return None
    if not all(map(_COMMA_NUMBER.fullmatch, filled)):
        return None
    return np.array(
        [float(cell.replace(",", ".")) if cell else np.nan for cell in cells], dtype=np.float64
    )
