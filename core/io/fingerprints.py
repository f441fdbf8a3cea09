# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a file is still the one that was written: by its size and time, then by its bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from ..errors import InputError

_BLOCK = 1 << 22


@dataclass(frozen=True)
class Fingerprint:
    """``sha256`` of a file, its size in ``bytes``, and its time of change in ns."""

    sha256: str
    bytes: int
    changed_ns: int


def fingerprint(path: Path | str) -> Fingerprint:
    """The fingerprint of a file; raises ``InputError`` where it cannot be read."""
    path = Path(path)
    try:
        digest = hashlib.sha256()
        with open(path, "rb") as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
        found = path.stat()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}).") from error
    return Fingerprint(digest.hexdigest(), found.st_size, found.st_mtime_ns)


def is_intact(path: Path | str, known: Fingerprint) -> bool:
    """Whether a file has the bytes of ``known``; they are read only where its time is another."""
    try:
        found = Path(path).stat()
    except OSError:
        return False
    if found.st_size != known.bytes:
        return False
    return found.st_mtime_ns == known.changed_ns or fingerprint(path).sha256 == known.sha256
