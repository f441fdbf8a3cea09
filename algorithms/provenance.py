# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a result comes from: inputs with hashes, parameters, versions and time, beside every
output.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterator, Mapping
from configparser import ConfigParser
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy
from osgeo import gdal
from qgis.core import Qgis

from ..core.progress import Progress, check
from .inputs import TableInput

_BLOCK = 1 << 22


@cache
def plugin_version() -> str:
    """The version in ``metadata.txt``."""
    parser = ConfigParser(interpolation=None)
    parser.read(Path(__file__).parent.parent / "metadata.txt", encoding="utf-8")
    return parser.get("general", "version", fallback="unknown")


def versions() -> dict[str, str]:
    """Versions of everything that can change a number."""
    return {
        "calval_toolbox": plugin_version(),
        "qgis": Qgis.version(),
        "gdal": gdal.VersionInfo("RELEASE_NAME"),
        "numpy": numpy.__version__,
        "python": platform.python_version(),
    }


def now() -> str:
    """The present moment, ISO 8601 UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def describe_inputs(
    values: Mapping[str, Any], keys: list[str], progress: Progress
) -> list[dict[str, Any]]:
    """One entry per input file or folder named by the parameters ``keys``, with size in bytes and
    SHA-256.

    A folder is described by the hash of its listing (relative paths and sizes): products are too
    large to be read once more.
    """
    entries = []
    for key in keys:
        for path in _paths(values[key]):
            check(progress)
            if path.exists():
                entries.append({"parameter": key, **_describe(path, progress)})
    return entries


def _paths(value: Any) -> Iterator[Path]:
    if isinstance(value, TableInput):
        value = value.path
    for item in value if isinstance(value, list) else [value]:
        if item:
            yield Path(item)


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
    digester = hashlib.sha256()
    with open(path, "rb") as stream:
        while block := stream.read(_BLOCK):
            check(progress)
            digester.update(block)
    return {"path": str(path), "bytes": path.stat().st_size, "sha256": digester.hexdigest()}


def side_car(output: Path) -> Path:
    """Where the provenance of ``output`` is kept."""
    return output.with_name(output.name + ".provenance.json")


def to_json(record: Mapping[str, Any]) -> str:
    """The record as readable JSON."""
    return json.dumps(record, indent=2, ensure_ascii=False, default=str) + "\n"
