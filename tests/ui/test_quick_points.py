# SPDX-License-Identifier: GPL-3.0-or-later
"""Points that are set quickly look as those that pyqtgraph sets one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pg = pytest.importorskip("pyqtgraph")
COUNT = 40
SIDE = 160


def drawn(items: list[Any], app: Any) -> list[Any]:
    """The pixels (h, w, 4) of a view with each of the items alone."""
    view, found = pg.PlotWidget(), []
    view.resize(SIDE, SIDE)
    view.setRange(xRange=(0.0, 1.0), yRange=(0.0, 1.0))
    for item in items:
        view.addItem(item)
    view.show()
    app.processEvents()
    for shown in items:
        for item in items:
            item.setVisible(item is shown)
        app.processEvents()
        image = view.grab().toImage()  # the array looks into its memory: it has to live
        found.append(pg.functions.ndarray_from_qimage(image).copy())
    return found


def test_looks_like_points_set_one_by_one(app: Any) -> None:
    from calval_toolbox.ui.plots.quick_points import QuickPoints

    rng = np.random.default_rng(2)
    x, y = rng.uniform(0.1, 0.9, (2, COUNT))
    which = rng.integers(0, 3, COUNT)
    kinds = (("o", 8.0, "r"), ("s", 14.0, "b"), ("t", 10.0, "g"))
    looks = [(symbol, size, pg.mkPen(color), pg.mkBrush(color)) for symbol, size, color in kinds]
    for count in (3, 1):  # looks
        plain, quick = pg.ScatterPlotItem(), QuickPoints()
        own = which % count
        symbol, size, pen, brush = (
            list(part) for part in zip(*(looks[k] for k in own), strict=True)
        )
        plain.setData(x=x, y=y, symbol=symbol, size=size, pen=pen, brush=brush)
        quick.put(x, y, looks[:count], own)
        assert quick.dataBounds(0) == plain.dataBounds(0)
        pixels, wanted = drawn([quick, plain], app)
        assert (pixels == wanted).all()
        assert len(np.unique(pixels.reshape(-1, pixels.shape[-1]), axis=0)) > 2, "points are there"


def test_none(app: Any) -> None:
    from calval_toolbox.ui.plots.quick_points import QuickPoints

    quick, nothing = QuickPoints(), np.empty(0)
    quick.put(nothing, nothing, [], np.empty(0, dtype=np.int64))
    assert quick.dataBounds(0) == (None, None)


def test_symbols_of_old_looks_are_dropped(app: Any) -> None:
    from calval_toolbox.ui.plots.quick_points import MOST_SYMBOLS, QuickPoints

    quick, one = QuickPoints(), np.array([0.5])
    for _ in range(MOST_SYMBOLS + 20):
        quick.put(one, one, [("o", 5.0, pg.mkPen("k"), pg.mkBrush("r"))], np.array([0]))
    assert len(quick.fragmentAtlas) <= MOST_SYMBOLS + 1
