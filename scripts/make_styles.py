# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes ``resources/styles/*.qml``: the layer styles of all outputs, in the colors of the palette.

Run it with QGIS's interpreter after a change of the palette or of a table:
``PYTHONPATH=build/plugins build/venv/bin/python scripts/make_styles.py``.
Each style is made by QGIS itself from a layer with the columns of the table, so that it is valid;
its name is that of the function in ``layer_styles`` that makes it.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path
from xml.etree.ElementTree import canonicalize

from layer_styles import (
    anomalies,
    aot,
    breaks,
    calibration,
    dem,
    land_cover,
    primitives,
    products,
    residuals,
    stability,
)
from qgis.core import QgsApplication, QgsMapLayer

STYLES = Path(__file__).resolve().parent.parent / "resources" / "styles"
DOMAINS = (
    aot, products, anomalies, breaks, residuals, calibration, stability, dem, land_cover,
    primitives,
)  # fmt: skip


def save(layer: QgsMapLayer, name: str) -> None:
    """Write the style of ``layer``: symbols, labels and map tips, nothing of the layer itself."""
    path = STYLES / f"{name}.qml"
    flags = QgsMapLayer.StyleCategory
    categories = flags.Symbology | flags.Labeling | flags.MapTips | flags.Rendering
    text, done = layer.saveNamedStyle(str(path), categories)
    if not done:
        raise SystemExit(f"{name}: {text}")
    path.write_text(steady(path.read_text(encoding="utf-8")), encoding="utf-8")


def steady(text: str) -> str:
    """The style without what changes from run to run: the order of attributes, and unique ids,
    which are counted instead.
    """
    found: dict[str, str] = {}

    def counted(match: re.Match[str]) -> str:
        number = found.setdefault(match.group(0), str(len(found) + 1))
        return f"{{00000000-0000-0000-0000-{int(number):012d}}}"

    ordered = canonicalize(text)
    return re.sub(r"\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}", counted, ordered) + "\n"


def main() -> int:
    """Write all styles."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QgsApplication([], False)
    application.initQgis()
    STYLES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for domain in DOMAINS:
            for make in domain.VECTORS:
                save(make(), make.__name__)
            for make_raster in domain.RASTERS:
                save(make_raster(Path(folder)), make_raster.__name__)
    application.exitQgis()
    return 0


if __name__ == "__main__":
    sys.exit(main())
