# SPDX-License-Identifier: GPL-3.0-or-later
"""Text files of measurements, opened and closed with sentences about what is wrong with them."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TextIO, cast

from ...errors import InputError, TableError
from ..atomic import not_written

_WHOLE = 1e15  # below it whole numbers are exact


@contextmanager
def open_text(path: Path) -> Iterator[TextIO]:
    """A text file (also ``.gz``) to be read: UTF-8, or Latin-1 where it is not.

    Raises ``InputError`` where it cannot be read, ``TableError`` where a quotation mark is not
    closed.
    """
    try:
        with _opened(path) as stream:
            data = stream.read()
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(f"{path.name} is not a readable gzip file: get it again.") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror or error}).") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    try:
        yield io.StringIO(text, newline="")
    except csv.Error as error:
        raise TableError(
            f"{path.name} is not a table of text that can be read ({error}): is a quotation mark "
            "not closed?"
        ) from error


def first_line(path: Path) -> str:
    """The first line of a text file that is not blank, "" without any."""
    with open_text(path) as stream:
        return next((line for line in stream if line.strip()), "")


def _opened(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path)) if path.suffix.lower() == ".gz" else open(path, "rb")


@contextmanager
def written(path: Path) -> Iterator[TextIO]:
    """A text file to be written; raises ``OutputError`` where the disk does not take all of it."""
    try:
        with open(path, "w", encoding="utf-8", newline="") as stream:
            yield stream
            stream.flush()
    except OSError as error:
        raise not_written(path.name) from error


def number(value: float) -> str:
    """A number with all its digits, and without a decimal point where it is whole."""
    return str(int(value)) if value.is_integer() and abs(value) < _WHOLE else repr(value)
