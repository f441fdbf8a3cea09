# SPDX-License-Identifier: GPL-3.0-or-later
"""Items of plots that are made once and then only change their data.

Inside QGIS with Qt 5, taking an item out of a pyqtgraph plot raises (QGIS turns the empty parent
into a QVariant that PyQt cannot convert back), so nothing is ever removed: items are emptied or
hidden.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from qgis.PyQt.QtCore import QRectF
from qgis.PyQt.QtGui import QColor

from ...core.types import AnyArray, FloatArray, TimeArray
from .quick_points import QuickPoints

MAX_POINTS = 20_000
CELLS = 160


def seconds(times: TimeArray) -> FloatArray:
    """UTC seconds since 1970 (n,), as the date axis takes them; NaN for NaT."""
    values = times.astype("datetime64[ms]").astype(np.int64) / 1000.0
    return np.where(np.isnat(times), np.nan, values)


def add_points(
    plot: pg.PlotItem, size: int, symbol: str = "o", name: str | None = None
) -> QuickPoints:
    """An empty set of points, named in the legend where ``name`` is given."""
    item = QuickPoints(size=size, symbol=symbol, name=name)
    plot.addItem(item)
    return item


def put_points(item: QuickPoints, x: FloatArray, y: FloatArray, pen: Any, brush: Any) -> None:
    """Show ``x``, ``y`` (n,) as these points; ``pen`` and ``brush`` for all or one for each."""
    if isinstance(pen, list) or isinstance(brush, list):
        item.setData(x=x, y=y, pen=pen, brush=brush)
        return
    item.opts["pen"], item.opts["brush"] = pg.mkPen(pen), pg.mkBrush(brush)
    look = (item.opts["symbol"], item.opts["size"], item.opts["pen"], item.opts["brush"])
    item.put(x, y, [look], np.zeros(len(x), dtype=np.int64))


def set_sample(item: pg.ScatterPlotItem, pen: Any, brush: Any) -> None:
    """How the legend shows points of which each has a brush of its own."""
    item.opts["pen"], item.opts["brush"] = pen, brush


def add_curve(plot: pg.PlotItem, name: str | None = None, bounds: bool = False) -> pg.PlotCurveItem:
    """An empty line; with ``bounds`` it counts where the plot is fitted to its content."""
    item = pg.PlotCurveItem(antialias=True, name=name)
    plot.addItem(item, ignoreBounds=not bounds)
    return item


def put_curve(
    item: pg.PlotCurveItem, x: AnyArray, y: AnyArray, pen: Any, pairs: bool = False
) -> None:
    """Show the line through ``x``, ``y`` (n,); with ``pairs`` every two points make a line of their
    own.
    """
    item.setData(x=x, y=y, pen=pen, connect="pairs" if pairs else "all")


def add_level(plot: pg.PlotItem) -> pg.InfiniteLine:
    """A horizontal line at zero."""
    item = pg.InfiniteLine(pos=0.0, angle=0)
    plot.addItem(item, ignoreBounds=True)
    return item


def thinned(rows: AnyArray) -> AnyArray:
    """Every k-th of the row numbers (n,), so that at most ``MAX_POINTS`` are left."""
    return rows[:: max(1, -(-len(rows) // MAX_POINTS))]


class RampImage(pg.ImageItem):
    """An image whose legend shows its colors from the least to the largest value."""

    def ramp(self, dark: bool) -> list[QColor]:
        """The colors on a light or ``dark`` background."""
        return density_colors(dark)


def add_density(plot: pg.PlotItem, name: str | None = None) -> RampImage:
    """An empty density image, named in the legend where ``name`` is given."""
    item = RampImage(axisOrder="col-major")
    item.setVisible(False)
    plot.addItem(item)
    if name is not None:  # pyqtgraph names no images by itself
        plot.legend.addItem(item, name)
    return item


def density_colors(dark: bool, count: int = 256) -> list[QColor]:
    """Colors of a density image from few to many: viridis from pale to dark on a light background,
    and the other way round on a dark one.
    """
    table = pg.colormap.get("viridis").getLookupTable(0.0, 1.0, count)
    return [QColor(*(int(part) for part in row[:3])) for row in (table if dark else table[::-1])]


def put_density(item: pg.ImageItem, x: FloatArray, y: FloatArray, dark: bool) -> None:
    """Show counts per cell of ``x``, ``y`` (n,), on a logarithmic scale of viridis; empty cells are
    transparent. ``dark``: for a dark background, see ``density_colors``.
    """
    good = np.isfinite(x) & np.isfinite(y)
    counts, edges_x, edges_y = np.histogram2d(x[good], y[good], bins=CELLS)
    level = np.log1p(counts) / np.log1p(max(counts.max(), 1.0))
    table = np.array([color.getRgb()[:3] for color in density_colors(dark)])
    picked = table[np.rint(level * 255).astype(int)]
    alpha = np.where(counts > 0, 255, 0)[..., np.newaxis]
    item.setImage(np.concatenate([picked, alpha], axis=2).astype(np.uint8), levels=None)
    item.setRect(QRectF(edges_x[0], edges_y[0], edges_x[-1] - edges_x[0], edges_y[-1] - edges_y[0]))
