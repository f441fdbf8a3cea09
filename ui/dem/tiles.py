# SPDX-License-Identifier: GPL-3.0-or-later
"""The tiles of a run: done, without a result, missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyqtgraph as pg
from qgis.PyQt.QtGui import QColor

from ...core.execution.state import (
    EMPTY_KEY,
    RunState,
    TileState,
    TileView,
    is_running,
    run_name,
)
from ...core.types import AnyArray
from ..plots.frame import PlotFrame
from ..text import grouped, number, percent, tr
from ..theme import faint
from .model import ElevationModel

MOST_FIGURES = 6  # of a tile's summary in the line below
ORDER = (TileState.DONE, TileState.EMPTY, TileState.MISSING)


class TilesPlot(PlotFrame):
    """A small map in pixels, rows going down as in the raster."""

    name = "elevation_tiles"

    def __init__(self, model: ElevationModel) -> None:
        self._model = model
        self._fitted = ""
        super().__init__(tr("Tiles"))
        self.plot = self.add_plot(tr("Row (px)"), tr("Column (px)"))
        box = self.plot.getViewBox()
        box.invertY(True)
        box.setAspectLocked(True)
        legend = self.add_legend(self.plot)
        self.bars = pg.BarGraphItem(x0=[], x1=[], y0=[], y1=[])
        self.plot.addItem(self.bars)
        self.keys = {one: pg.ScatterPlotItem(size=12, symbol="s") for one in ORDER}
        for key in self.keys.values():
            legend.addItem(key, "")
        self.ready()
        self.view.scene().sigMouseMoved.connect(self._moved)

    def draw(self) -> None:
        """Paint the tiles of the model."""
        run = self._model.run
        self.instead(self._lack())
        if run is None:
            return
        self.title.setText(run_title(run))
        places = [one.place for one in run.tiles]
        x0 = np.array([one.column for one in places], dtype=np.float64)
        y0 = np.array([one.row for one in places], dtype=np.float64)
        colors = self._colors()
        self.bars.setOpts(
            x0=x0, y0=y0, x1=x0 + [one.width for one in places],
            y1=y0 + [one.height for one in places],
            brushes=[pg.mkBrush(colors[one.state]) for one in run.tiles],
            pen=pg.mkPen(self.theme.background, width=1),
        )  # fmt: skip
        for state, name in zip(ORDER, _names(), strict=True):
            key = self.keys[state]
            key.opts.update(pen=pg.mkPen(self.theme.muted), brush=pg.mkBrush(colors[state]))
            self.plot.legend.rename(key, f"{name} ({grouped(run.count(state))})")
        self.arrange_legend()
        if self._fitted != str(run.folder):
            self._fitted = str(run.folder)
            self.fit()

    def _colors(self) -> dict[TileState, QColor]:
        theme = self.theme
        return {
            TileState.DONE: theme.accepted,
            TileState.EMPTY: theme.reference,
            TileState.MISSING: faint(theme.rejected, 90),
        }

    def _lack(self) -> str:
        if not self._model.folder:
            return tr(
                "Open the folder of tiles of a run (NAME.tiles, beside its output). It is there "
                "while the run is at work, and after it was stopped or has failed."
            )
        if self._model.run is None:
            return tr("There are no tiles of a run in {}.").format(self._model.folder)
        return ""

    def fit(self) -> None:
        """All of the raster."""
        run = self._model.run
        if run is not None:
            columns, rows = run.size
            self.plot.getViewBox().setRange(xRange=(0, columns), yRange=(0, rows), padding=0.03)

    def _moved(self, position: Any) -> None:
        box, run = self.plot.getViewBox(), self._model.run
        found = None
        if run is not None and box.sceneBoundingRect().contains(position):
            at = box.mapSceneToView(position)
            found = next((one for one in run.tiles if _holds(one, at.x(), at.y())), None)
        self._read_out("" if found is None else self.describe(found))

    def describe(self, identity: Any) -> str:
        """A tile in two lines: its state, and what its function said of it."""
        tile: TileView = identity
        names = dict(zip(ORDER, _names(), strict=True))
        first = tr("{tile}: {state}, {width} x {height} px").format(
            tile=tile.name, state=names[tile.state], width=tile.place.width,
            height=tile.place.height,
        )  # fmt: skip
        said = str(tile.summary.get(EMPTY_KEY) or "")
        return f"{first}\n" + (said or _figures(tile) or " ")

    def columns(self) -> Mapping[str, AnyArray]:
        """One row per tile."""
        run = self._model.run
        if run is None:
            return {}
        columns: dict[str, AnyArray] = {
            "tile": np.array([one.name for one in run.tiles], dtype=object),
            "state": np.array([str(one.state) for one in run.tiles], dtype=object),
        }
        for name in ("column", "row", "width", "height"):
            columns[name] = np.array([getattr(one.place, name) for one in run.tiles])
        return columns


def run_title(run: RunState) -> str:
    """How far a run has come."""
    total = len(run.tiles)
    missing = run.count(TileState.MISSING)
    share = percent((total - missing) / total if total else float("nan"))
    name = run_name(run.folder)
    if missing and is_running(run.folder):
        return tr("{name}: {share} done, at work").format(name=name, share=share)
    if missing:
        return tr("{name}: {share} done, stopped").format(name=name, share=share)
    return tr("{name}: all tiles are done").format(name=name)


def _names() -> tuple[str, str, str]:
    return tr("Done"), tr("No match"), tr("Missing")


def _holds(tile: TileView, x: float, y: float) -> bool:
    place = tile.place
    inside = place.column <= x < place.column + place.width
    return inside and place.row <= y < place.row + place.height


def _figures(tile: TileView) -> str:
    found = {
        key: value for key, value in tile.summary.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }  # fmt: skip
    texts = [
        f"{key} {number(float(value), 3) if isinstance(value, float) else grouped(value)}"
        for key, value in found.items()
    ]
    return ", ".join(texts[:MOST_FIGURES])
