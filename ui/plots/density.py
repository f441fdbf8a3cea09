# SPDX-License-Identifier: GPL-3.0-or-later
"""Density image for more points than are worth drawing one by one."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from qgis.PyQt.QtCore import QRectF

from ...core.types import FloatArray

MAX_POINTS = 20_000
CELLS = 160


def density_image(x: FloatArray, y: FloatArray, dark: bool) -> pg.ImageItem:
    """Counts per cell of ``x``, ``y`` (n,), on a logarithmic scale of viridis; empty cells are transparent.

    On a light background the scale runs from pale (few) to dark (many), on a dark one the other way round.
    """
    good = np.isfinite(x) & np.isfinite(y)
    counts, edges_x, edges_y = np.histogram2d(x[good], y[good], bins=CELLS)
    level = np.log1p(counts) / np.log1p(max(counts.max(), 1.0))
    table = pg.colormap.get("viridis").getLookupTable(0.0, 1.0, 256)
    picked = table[np.rint((level if dark else 1.0 - level) * 255).astype(int)]
    alpha = np.where(counts > 0, 255, 0)[..., np.newaxis]
    image = pg.ImageItem(np.concatenate([picked, alpha], axis=2).astype(np.uint8), axisOrder="col-major")
    image.setRect(
        QRectF(edges_x[0], edges_y[0], edges_x[-1] - edges_x[0], edges_y[-1] - edges_y[0])
    )
    return image
