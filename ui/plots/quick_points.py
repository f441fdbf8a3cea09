# SPDX-License-Identifier: GPL-3.0-or-later
"""Points of a plot that are set quickly: twenty thousand in a few milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg

from ...core.types import AnyArray, FloatArray

Look = tuple[str, float, Any, Any]  # symbol, size (pixels), pen, brush
PARTS = ("symbol", "size", "pen", "brush")
MOST_SYMBOLS = 500  # kept for looks that may come back


class QuickPoints(pg.ScatterPlotItem):
    """A set of points of a few looks. ``setData`` of pyqtgraph draws a symbol for each look as
    well, but looks at every point in Python to find out which; here that is known.
    """

    def put(self, x: FloatArray, y: FloatArray, looks: Sequence[Look], which: AnyArray) -> None:
        """Show ``x``, ``y`` (n,), each with the look of its number in ``which`` (n,)."""
        data = np.empty(len(x), dtype=self.data.dtype)  # objects: None
        data["hovered"] = False
        data["x"], data["y"], data["visible"] = x, y, True
        if len(x):
            self._look(data, looks, which)
        self.prepareGeometryChange()
        self.data = data
        self.updateSpots(data)
        self.bounds = [None, None]
        self.informViewBoundsChanged()
        self.invalidate()
        self.sigPlotChanged.emit(self)

    def _look(self, data: AnyArray, looks: Sequence[Look], which: AnyArray) -> None:
        """Fill in how points look; of one look it is that of the whole set, as pyqtgraph has it."""
        if len(self.fragmentAtlas) > MOST_SYMBOLS:
            self.fragmentAtlas.clear()
        places = np.array(self.fragmentAtlas[list(looks)], dtype=data.dtype["sourceRect"])
        if len(looks) == 1:
            self.opts.update(zip(PARTS, looks[0], strict=True))
            data["size"], data["sourceRect"] = -1.0, places[0]
            return
        for name, values in zip(PARTS, zip(*looks, strict=True), strict=True):
            column = np.empty(len(looks), dtype=data.dtype[name])
            column[:] = values
            data[name] = column[which]
        data["sourceRect"] = places[which]
