# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of one finished tile: its arrays and a small record, complete or not there.

It is a numpy archive (.npz, readable by ``numpy.load``) with a member ``record.json``. The same
content gives the same bytes, so that a checksum tells whether two runs agree.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from ..types import AnyArray
from .atomic import not_written

SUFFIX = ".npz"
PART = ".part"
RECORD = "record.json"
_LEVEL = 1  # of compression: tiles live for the time of a run


@dataclass(frozen=True)
class Stamp:
    """What a file must look like to be the one that was written."""

    sha256: str
    bytes: int


def write_tile(
    path: Path,
    arrays: Mapping[str, AnyArray],
    record: Mapping[str, Any],
    lists: Mapping[str, AnyArray] | None = None,
) -> Stamp:
    """Write a tile under a temporary name, read it back, and put it in place.

    ``lists`` are written beside ``arrays`` without compression, which gains nothing on points.
    Raises ``OutputError`` where that fails, as on a full disk; then nothing is left behind.
    """
    data = _pack(arrays, record, lists or {})
    stamp = stamp_of(data)
    part = path.with_name(f".{path.stem}.{secrets.token_hex(4)}{PART}")
    try:
        with open(part, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if part.read_bytes() != data:
            raise not_written(path.name)
        os.replace(part, path)
    except OSError as error:
        raise not_written(path.name) from error
    finally:
        _remove(part)
    flush_folder(path.parent)
    return stamp


def read_tile(path: Path) -> tuple[dict[str, AnyArray], dict[str, Any]]:
    """Arrays and record of a tile; raises ``InputError`` where the file is damaged."""
    try:
        return unpack(path.read_bytes())
    except OSError as error:
        raise InputError(f"The tile {path} cannot be read ({error.strerror}).") from error
    except ValueError as error:
        raise InputError(f"The tile {path} is damaged. Remove it and run again.") from error


def read_arrays(path: Path, names: Iterable[str]) -> dict[str, AnyArray]:
    """Some arrays of a tile, without reading the others; raises ``InputError`` where one is absent
    or damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return {name: _array(archive.read(f"{name}.npy")) for name in names}
    except (OSError, zipfile.BadZipFile, zlib.error, KeyError, ValueError) as error:
        raise InputError(f"The tile {path} is damaged. Remove it and run again.") from error


def unpack(data: bytes) -> tuple[dict[str, AnyArray], dict[str, Any]]:
    """Arrays and record out of the bytes of a tile; raises ``ValueError`` where any of them is
    damaged.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            # Members are read whole: only then is their checksum looked at.
            members = {name: archive.read(name) for name in archive.namelist()}
        record: dict[str, Any] = json.loads(members.pop(RECORD))
        return {Path(name).stem: _array(member) for name, member in members.items()}, record
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, RuntimeError) as error:
        raise ValueError(f"not a complete tile: {error}") from error
    except NotImplementedError as error:
        raise ValueError(f"not a tile: {error}") from error


def read_record(path: Path) -> dict[str, Any]:
    """Only the record of a tile; raises ``InputError`` where the file is damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            record: dict[str, Any] = json.loads(archive.read(RECORD))
            return record
    except (OSError, zipfile.BadZipFile, zlib.error, KeyError, ValueError) as error:
        raise InputError(f"The tile {path} is damaged. Remove it and run again.") from error


def stamp_of(data: bytes) -> Stamp:
    """Checksum and size of ``data``."""
    return Stamp(hashlib.sha256(data).hexdigest(), len(data))


def to_json(value: Any, indent: int | None = None) -> str:
    """``value`` as JSON in one form only (sorted keys); numpy's numbers and arrays and paths are
    taken. Raises ``TypeError`` for anything else.
    """
    return json.dumps(value, sort_keys=True, default=_plain, ensure_ascii=False, indent=indent)


def flush_folder(folder: Path) -> None:
    """Make a renaming in ``folder`` last, where the system can."""
    if os.name != "posix":
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError:
        pass  # some network file systems flush no folders
    finally:
        os.close(descriptor)


def _pack(
    arrays: Mapping[str, AnyArray], record: Mapping[str, Any], lists: Mapping[str, AnyArray]
) -> bytes:
    stream = io.BytesIO()
    # Members get the fixed date of zipfile, so that equal content gives equal bytes.
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        archive.writestr(_member(RECORD), to_json(record), zipfile.ZIP_DEFLATED, _LEVEL)
        for name, values in {**arrays, **lists}.items():
            member = io.BytesIO()
            np.save(member, np.ascontiguousarray(values), allow_pickle=False)
            kind = zipfile.ZIP_STORED if name in lists else zipfile.ZIP_DEFLATED
            archive.writestr(_member(f"{name}.npy"), member.getbuffer(), kind, _LEVEL)
    return stream.getvalue()


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _array(data: bytes) -> AnyArray:
    return np.asarray(np.load(io.BytesIO(data), allow_pickle=False))


def _plain(value: Any) -> Any:
    if isinstance(value, np.datetime64 | np.timedelta64 | os.PathLike):
        return str(value)
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        pass  # what matters is told by the exception that is on its way
