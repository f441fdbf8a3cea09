# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a result comes from: inputs with hashes, parameters, versions and time, beside every
output.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from qgis.core import Qgis

from ..core.database.names import DatabaseName
from ..core.io.versions import core_versions
from ..core.progress import Progress, check
from .inputs import TableInput
from .layer_files import IN_LAYER

_BLOCK = 1 << 22
_WHOLE = 1 << 28  # larger files are described by their edges


def versions() -> dict[str, str]:
    """Versions of everything that can change a number."""
    core = core_versions()
    return {"calval_toolbox": core.pop("calval_toolbox"), "qgis": Qgis.version(), **core}


def now() -> str:
    """The present moment, ISO 8601 UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def describe_inputs(
    values: Mapping[str, Any], keys: list[str], progress: Progress
) -> list[dict[str, Any]]:
    """One entry per input file or folder named by the parameters ``keys``, with size in bytes and
    a SHA-256 whose name says of what.

    ``sha256``: the whole file. ``edges_sha256``: size, beginning and end of a file too large to be
    read once more, such as an archive. ``listing_sha256``: relative paths and sizes of a folder.
    A file that cannot be read is listed with the reason; whether that matters is for the algorithm
    to say.
    """
    entries = []
    for key in keys:
        for path in input_paths(values[key]):
            check(progress)
            if not path.exists():
                continue
            try:
                entries.append({"parameter": key, **_describe(path, progress)})
            except OSError as error:
                reason = error.strerror or str(error)
                entries.append({"parameter": key, "path": str(path), "unreadable": reason})
    return entries


def input_paths(value: Any) -> Iterator[Path]:
    """The files and folders that the resolved value of a parameter names; none of what was given in
    place of a file.
    """
    if isinstance(value, TableInput):
        value = value.path
    if isinstance(value, DatabaseName):
        value = value.path  # "" of a server, which is no file
    for item in value if isinstance(value, list) else [value]:
        if item and not str(item).startswith("{"):
            yield Path(str(item).partition(IN_LAYER)[0])


def _describe(path: Path, progress: Progress) -> dict[str, Any]:
    if path.is_dir():
        listing = sorted(
            (str(p.relative_to(path)), p.stat().st_size) for p in path.rglob("*") if p.is_file()
        )
        digest = hashlib.sha256(json.dumps(listing).encode()).hexdigest()
        return {
            "path": str(path),
            "bytes": sum(size for _, size in listing),
            "listing_sha256": digest,
        }
    size = path.stat().st_size
    digester = hashlib.sha256()
    with open(path, "rb") as stream:
        if size > _WHOLE:
            digester.update(str(size).encode() + stream.read(_BLOCK))
            stream.seek(-_BLOCK, os.SEEK_END)
        while block := stream.read(_BLOCK):
            check(progress)
            digester.update(block)
    name = "edges_sha256" if size > _WHOLE else "sha256"
    return {"path": str(path), "bytes": size, name: digester.hexdigest()}


def digest(entry: Mapping[str, Any]) -> str:
    """The hash of an entry of ``describe_inputs``, whatever it was taken of; "" for none."""
    return next((str(entry[key]) for key in entry if key.endswith("sha256")), "")


def side_car(output: Path) -> Path:
    """Where the provenance of ``output`` is kept."""
    return output.with_name(output.name + ".provenance.json")


def to_json(record: Mapping[str, Any]) -> str:
    """The record as readable JSON."""
    return json.dumps(record, indent=2, ensure_ascii=False, default=str) + "\n"
