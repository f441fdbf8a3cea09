# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways into AERONET text: plain files, gzip, zip and tar archives, and whole folders of them."""

from __future__ import annotations

import gzip
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeAlias

from ..errors import InputError

# Raised by the standard library for damaged archives, in this many ways.
ARCHIVE_ERRORS = (OSError, EOFError, zlib.error, zipfile.BadZipFile, tarfile.TarError, RuntimeError)
_LEVEL_NAME = re.compile(r"lev\d\d(\.gz)?$", re.IGNORECASE)
_FIRST_WORDS = re.compile(rb"^(<[^\n]*>)?AERONET (Version \d|Data Download)", re.MULTILINE)
_SNIFFED = 1024


ByteStream: TypeAlias = IO[bytes] | gzip.GzipFile


@dataclass(frozen=True)
class Member:
    """One text inside a file: its name, its bytes as a stream, and the share of the file read so
    far.
    """

    name: str
    stream: ByteStream
    position: Callable[[], float]


def members(path: Path) -> Iterator[Member]:
    """The texts inside ``path``: the file itself, its gzip content, or each file of a zip or tar
    archive.

    The kind is found by the content, not by the extension. Raises ``InputError`` where the file
    does not exist or cannot be opened.
    """
    try:
        with open(path, "rb") as raw:
            size = max(path.stat().st_size, 1)
            head = raw.read(4)
            raw.seek(0)
            yield from _inside(path, raw, head, lambda: min(raw.tell() / size, 1.0))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise InputError(f"{path} does not exist. Check the path.") from error
    except ARCHIVE_ERRORS as error:
        raise InputError(
            f"{path.name} cannot be read ({error}): the file is damaged or incomplete. "
            "Download it again."
        ) from error


def _inside(
    path: Path, raw: IO[bytes], head: bytes, position: Callable[[], float]
) -> Iterator[Member]:
    if head.startswith(b"PK"):
        yield from _zip_members(raw, position)
    elif _is_tar(path):
        yield from _tar_members(raw, position)
    elif head.startswith(b"\x1f\x8b"):
        with gzip.open(raw) as stream:
            yield Member("", stream, position)
    else:
        yield Member("", raw, position)


def _zip_members(raw: IO[bytes], position: Callable[[], float]) -> Iterator[Member]:
    with zipfile.ZipFile(raw) as archive:
        for info in archive.infolist():
            if not info.is_dir() and not _hidden(info.filename):
                with archive.open(info) as stream:
                    yield Member(info.filename, _unzipped(info.filename, stream), position)


def _tar_members(raw: IO[bytes], position: Callable[[], float]) -> Iterator[Member]:
    with tarfile.open(fileobj=raw, mode="r:*") as archive:
        for info in archive:
            stream = archive.extractfile(info) if info.isfile() else None
            if stream is not None and not _hidden(info.name):
                yield Member(info.name, _unzipped(info.name, stream), position)


def _unzipped(name: str, stream: IO[bytes]) -> ByteStream:
    return gzip.GzipFile(fileobj=stream) if name.lower().endswith(".gz") else stream


def _is_tar(path: Path) -> bool:
    try:
        return path.name.lower().endswith((".tar", ".tar.gz", ".tgz")) and tarfile.is_tarfile(path)
    except EOFError:
        return False


def _hidden(name: str) -> bool:
    """Whether an archive's entry is a system's leftover, such as those of macOS."""
    return Path(name).name.startswith(".") or name.startswith("__MACOSX")


def find_aeronet_files(folder: Path) -> list[Path]:
    """All files below ``folder`` that look like AERONET text or archives of it, sorted by path.

    A file counts by its name (``.lev10``, ``.lev15``, ``.lev20``, also with ``.gz``) or by its
    first bytes.
    """
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return [file for file in files if not file.name.startswith(".") and _looks_like_aeronet(file)]


def _looks_like_aeronet(path: Path) -> bool:
    if _LEVEL_NAME.search(path.name):
        return True
    try:
        for member in members(path):
            if _LEVEL_NAME.search(member.name) or _FIRST_WORDS.search(member.stream.read(_SNIFFED)):
                return True
    except (InputError, *ARCHIVE_ERRORS):
        return False
    return False
