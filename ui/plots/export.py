# SPDX-License-Identifier: GPL-3.0-or-later
"""Plots as files: PNG at twice the screen's resolution, SVG, and the plotted numbers as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

import pyqtgraph as pg
from qgis.PyQt.QtCore import QRectF
from qgis.PyQt.QtGui import QImage, QPainter

from ...core.errors import OutputError
from ...core.io.atomic import write_text
from ...core.times import iso_texts
from ...core.types import AnyArray
from ..text import tr

SCALE = 2
FORMATS = ("png", "svg", "csv")


def export(view: pg.GraphicsLayoutWidget, columns: Mapping[str, AnyArray], path: Path) -> None:
    """Write what ``view`` shows, or its ``columns``, to ``path``, by its suffix; raises
    ``OutputError``.
    """
    suffix = path.suffix.lower()
    if suffix == ".png":
        write_png(view, path)
    elif suffix == ".svg":
        write_svg(view, path)
    elif suffix == ".csv":
        write_csv(columns, path)
    else:
        raise OutputError(
            tr("Plots cannot be written as '{}'. Use .png, .svg or .csv.").format(suffix)
        )


def write_png(view: pg.GraphicsLayoutWidget, path: Path) -> None:
    """A picture of the plot with its background."""
    size = view.viewport().size() * SCALE
    image = QImage(size, QImage.Format.Format_ARGB32)
    image.fill(view.backgroundBrush().color())
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    view.render(painter, QRectF(image.rect()))
    painter.end()
    if not image.save(str(path)):
        raise OutputError(
            tr("{} could not be written. Choose a folder that you may write to.").format(path)
        )


def write_svg(view: pg.GraphicsLayoutWidget, path: Path) -> None:
    """A vector drawing of the plot."""
    from pyqtgraph.exporters import SVGExporter

    try:
        drawing = SVGExporter(view.scene()).export(toBytes=True)
    except (ImportError, AttributeError) as error:
        raise OutputError(
            tr("This QGIS comes without Qt's SVG module: export as PNG instead.")
        ) from error
    write_text(path, drawing.decode("utf-8"))


def write_csv(columns: Mapping[str, AnyArray], path: Path) -> None:
    """The plotted numbers, one row per point; times as ISO 8601 UTC, empty where not finite."""
    cells = [_cells(values) for values in columns.values()]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*cells, strict=True))
    write_text(path, text.getvalue())


def _cells(values: AnyArray) -> list[object]:
    if values.dtype.kind == "M":
        return list(iso_texts(values))
    if values.dtype.kind == "f":
        return ["" if value != value else f"{value:.9g}" for value in values.tolist()]
    if values.dtype.kind == "b":
        return list(values.astype(int).tolist())
    return list(values.tolist())
