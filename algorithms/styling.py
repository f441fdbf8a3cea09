# SPDX-License-Identifier: GPL-3.0-or-later
"""Styles travel beside their data: ``NAME.qml`` next to ``NAME.tif`` survives headless runs and
file sharing.
"""

from __future__ import annotations

from pathlib import Path

STYLES = Path(__file__).parent.parent / "resources" / "styles"


def style_text(name: str) -> str:
    """The QGIS layer style ``name`` of ``resources/styles``."""
    return (STYLES / f"{name}.qml").read_text(encoding="utf-8")


def style_path(data: Path) -> Path:
    """Where QGIS looks for the default style of the file ``data``."""
    return data.with_suffix(".qml")
