# SPDX-License-Identifier: GPL-3.0-or-later
"""Styles travel beside their data: ``NAME.qml`` next to ``NAME.tif`` survives headless runs and
file sharing.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

STYLES = Path(__file__).parent.parent / "resources" / "styles"


def style_text(name: str) -> str:
    """The QGIS layer style ``name`` of ``resources/styles``."""
    return (STYLES / f"{name}.qml").read_text(encoding="utf-8")


def is_foreign(path: Path, record: Path) -> bool:
    """Whether the style ``path`` is there and not one of ours: neither one of ``STYLES`` nor the
    one whose hash is in ``record``, the provenance of the output before.
    """
    if not path.is_file():
        return False
    data = path.read_bytes()
    if any(one.read_bytes() == data for one in STYLES.glob("*.qml")):
        return False
    return digest(data) not in _recorded(record)


def digest(data: bytes) -> str:
    """The SHA-256 of a style."""
    return hashlib.sha256(data).hexdigest()


def _recorded(record: Path) -> list[str]:
    """The hashes of styles in a provenance record; none where it cannot be read."""
    try:
        found = json.loads(record.read_text("utf-8")).get("styles", {})
        return [str(one) for one in found.values()]
    except (OSError, ValueError, AttributeError):
        return []


def style_path(data: Path) -> Path:
    """Where QGIS looks for the default style of the file ``data``."""
    return data.with_suffix(".qml")
