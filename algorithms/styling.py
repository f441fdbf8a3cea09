# SPDX-License-Identifier: GPL-3.0-or-later
"""Styles travel beside their data: ``NAME.qml`` next to ``NAME.tif`` survives headless runs and
file sharing.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from xml.sax.saxutils import quoteattr

from ..core.classification.classes import Classes

STYLES = Path(__file__).parent.parent / "resources" / "styles"
CLASS_MAP = "class_map"  # whose one class stands for those of the map


def style_text(name: str) -> str:
    """The QGIS layer style ``name`` of ``resources/styles``."""
    return (STYLES / f"{name}.qml").read_text(encoding="utf-8")


def class_style(classes: Classes) -> str:
    """The layer style of a map of ``classes``, which all have a color: their colors and labels."""
    entries = "\n".join(
        f'        <paletteEntry alpha="255" color={quoteattr(one.color)} '
        f'label={quoteattr(one.label)} value="{one.code}"></paletteEntry>'
        for one in classes.items
    )
    whole = r"(?<=<colorPalette>\n).*(?=\n *</colorPalette>)"
    return re.sub(whole, lambda _: entries, style_text(CLASS_MAP), flags=re.DOTALL)


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
