# SPDX-License-Identifier: GPL-3.0-or-later
"""The differences of two models as a map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from qgis.PyQt.QtCore import QRectF, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor

from ...core.dem.cells import cell_sides
from ...core.dem.differences import Differences, thinned
from ...core.io.grids import Grid, unproject
from ...core.report import palette
from ...core.types import AnyArray
from ..plots import items
from ..plots.frame import PlotFrame
from ..text import number, tr
from ..theme import mix
from .histogram import difference_title, lack
from .model import ElevationModel

MOST_CELLS = 1200  # on a side of the picture
REACH_NMAD = 3.0  # from the middle of the colors, the median, to their ends
_MIDDLE = QColor("#F2F2F2")


class SignedRamp(items.RampImage):
    """An image of differences: blue below the median, orange above."""

    def ramp(self, dark: bool) -> list[QColor]:
        """The same colors on any background."""
        return signed_colors()


class DifferenceMap(PlotFrame):
    """``place_picked`` carries longitude and latitude of a cell that was clicked."""

    place_picked = pyqtSignal(float, float)
    name = "elevation_difference_map"

    def __init__(self, model: ElevationModel) -> None:
        self._model = model
        self._drawn: Differences | None = None
        super().__init__(tr("Map of differences"))
        self.plot = self.add_plot(tr("Northing (m)"), tr("Easting (m)"))
        for side in ("left", "bottom"):
            self.plot.getAxis(side).tickStrings = _plain
        legend = self.add_legend(self.plot)
        self.image = SignedRamp(axisOrder="row-major")
        self.plot.addItem(self.image)
        legend.addItem(self.image, "")
        self.ready()
        self.view.scene().sigMouseMoved.connect(self._moved)
        self.view.scene().sigMouseClicked.connect(self._clicked)

    def _dress(self, plot: pg.PlotItem) -> None:
        """As wide as northings need."""
        super()._dress(plot)
        plot.getAxis("left").setWidth(None)

    def draw(self) -> None:
        """Paint the differences of the model."""
        found = self._model.differences
        self.instead(lack(self._model))
        if found is None:
            self._drawn = None
            return
        self.title.setText(difference_title(self._model))
        one = found.overall
        reach = REACH_NMAD * one.nmad or 1.0
        ends = (one.median - reach, one.median + reach)
        low, high = (number(end, 2, signed=True) for end in ends)
        self.plot.legend.rename(
            self.image,
            tr("{low} to {high} m (median {median} m, NMAD {nmad} m)").format(
                low=low, high=high, median=number(one.median, 2, signed=True),
                nmad=number(one.nmad, 2),
            ),
        )  # fmt: skip
        if found is not self._drawn:
            self._drawn = found
            self._paint(found, ends)
        self.arrange_legend()

    def _paint(self, found: Differences, ends: tuple[float, float]) -> None:
        values, step = thinned(found.difference, MOST_CELLS)
        colors = np.array([one.getRgb()[:3] for one in signed_colors()], dtype=np.uint8)
        known = np.isfinite(values)
        low, high = ends
        share = np.clip((np.where(known, values, low) - low) / (high - low), 0.0, 1.0)
        picture = np.zeros((*values.shape, 4), dtype=np.uint8)
        picture[..., :3] = colors[np.rint(share * (len(colors) - 1)).astype(int)]
        picture[..., 3] = np.where(known, 255, 0)
        self.image.setImage(picture[::-1], levels=None)
        grid = found.pair.grid
        left, width, _, top, _, height = grid.geotransform
        rows, columns = (size * step for size in values.shape)
        self.image.setRect(QRectF(left, top + rows * height, columns * width, -rows * height))
        self._name_axes(grid)

    def _name_axes(self, grid: Grid) -> None:
        left, bottom = (
            (tr("Latitude (°)"), tr("Longitude (°)")) if grid.reference().IsGeographic()
            else (tr("Northing ({})").format(grid.unit), tr("Easting ({})").format(grid.unit))
        )  # fmt: skip
        self.name_axis(self.plot, "left", left)
        self.name_axis(self.plot, "bottom", bottom)
        sides = cell_sides(grid).mean()
        # So that a meter to the east is as long as one to the north.
        ratio = (sides[1] / grid.pixel_height) / (sides[0] / grid.pixel_width)
        self.plot.getViewBox().setAspectLocked(True, ratio=1.0 / ratio)

    def _cell(self, position: Any) -> tuple[int, int, float, float] | None:
        """Row, column and map coordinates of the cell at a ``position`` of the scene."""
        box = self.plot.getViewBox()
        if self._drawn is None or not box.sceneBoundingRect().contains(position):
            return None
        at = box.mapSceneToView(position)
        grid = self._drawn.pair.grid
        left, width, _, top, _, height = grid.geotransform
        column, row = int((at.x() - left) // width), int((at.y() - top) // height)
        inside = 0 <= row < grid.height and 0 <= column < grid.width
        return (row, column, at.x(), at.y()) if inside else None

    def _moved(self, position: Any) -> None:
        cell = self._cell(position)
        self._read_out(self.describe(cell) if cell is not None else "")

    def _clicked(self, event: Any) -> None:
        cell = self._cell(event.scenePos())
        left = event.button() == Qt.MouseButton.LeftButton
        if cell is not None and left and self._drawn is not None:
            self.place_picked.emit(*unproject(self._drawn.pair.grid.wkt, *cell[2:]))

    def describe(self, identity: Any) -> str:
        """A cell in two lines."""
        row, column, x, y = identity
        if self._drawn is None:
            return ""
        off = float(self._drawn.difference[row, column])
        reference = float(self._drawn.pair.reference[row, column])
        return tr("Difference {off} m, reference {height} m").format(
            off=number(off, 2, signed=True), height=number(reference, 2)
        ) + "\n" + tr("column {column}, row {row} ({x}, {y})").format(
            column=column, row=row, x=number(x, 3), y=number(y, 3)
        )  # fmt: skip

    def columns(self) -> Mapping[str, AnyArray]:
        """One row per cell that was compared, of the picture's cells."""
        if self._drawn is None:
            return {}
        values, step = thinned(self._drawn.difference, MOST_CELLS)
        row, column = np.nonzero(np.isfinite(values))
        left, width, _, top, _, height = self._drawn.pair.grid.geotransform
        return {
            "x": left + (column + 0.5) * step * width,
            "y": top + (row + 0.5) * step * height,
            "difference_m": values[row, column],
        }


def _plain(values: Sequence[float], _scale: float, spacing: float) -> list[str]:
    """Numbers of an axis without powers of ten, which hide the last digits of northings."""
    decimals = max(0, int(np.ceil(-np.log10(spacing)))) if spacing > 0.0 else 0
    return [f"{one:.{decimals}f}" for one in values]


def signed_colors(count: int = 256) -> list[QColor]:
    """From below the median over pale to above."""
    low, _, high = (QColor(one) for one in palette.LOW_TO_HIGH)
    places = np.linspace(-1.0, 1.0, count)
    return [mix(_MIDDLE, low if one < 0.0 else high, abs(float(one))) for one in places]
