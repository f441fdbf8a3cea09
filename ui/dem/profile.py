# SPDX-License-Identifier: GPL-3.0-or-later
"""Heights along a line through several models, and their differences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyqtgraph as pg
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QKeyEvent

from ...core.types import AnyArray, FloatArray
from ..names import track_color
from ..plots import items
from ..plots.frame import PlotFrame
from ..plots.nearest import Points
from ..text import grouped, number, tr
from .model import MOST_MODELS, ElevationModel, deviations

STEP = 0.01  # of the line, for an arrow key
KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class ProfilePlot(PlotFrame):
    """One line per model; ``pointed`` carries the number of the place under the mouse, -1 for
    none.
    """

    pointed = pyqtSignal(int)
    name = "elevation_profile"

    def __init__(self, model: ElevationModel) -> None:
        self._model = model
        self._at = -1
        super().__init__(tr("Profile"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.top = self.add_plot(tr("Height (m)"), "")
        self._along = tr("Distance along the line (m)")
        self.bottom = self.add_plot(tr("Difference (m)"), self._along)
        self.link_rows(5, 3)
        self.add_legend(self.top)
        self.heights = [items.add_curve(self.top, " ", bounds=True) for _ in range(MOST_MODELS)]
        self.zero = items.add_level(self.bottom)
        self.offsets = [items.add_curve(self.bottom, bounds=True) for _ in range(MOST_MODELS)]
        self.cursors = [pg.InfiniteLine(angle=90) for _ in (self.top, self.bottom)]
        for cursor, plot in zip(self.cursors, (self.top, self.bottom), strict=True):
            cursor.setVisible(False)
            plot.addItem(cursor, ignoreBounds=True)
        self.ready()
        self.view.scene().sigMouseMoved.connect(self._moved)

    def draw(self) -> None:
        """Paint the profiles of the model."""
        model = self._model
        self.instead(self._lack())
        self._at = -1
        for cursor in self.cursors:
            cursor.setPen(pg.mkPen(self.theme.foreground))
            cursor.setVisible(False)
        if model.places is None or not model.profiles:
            return
        base = model.base()
        self.zero.setPen(pg.mkPen(self.theme.foreground))
        length = grouped(round(float(self._x()[-1])))
        self.title.setText(
            tr("Profile of {} m").format(length) if base is None or len(model.profiles) < 2
            else tr("Profile of {length} m; differences from {base}").format(
                length=length, base=model.name(base.path)
            )
        )  # fmt: skip
        off = deviations(model.profiles, base)
        for place, (upper, lower) in enumerate(zip(self.heights, self.offsets, strict=True)):
            there = place < len(model.profiles)
            self.top.legend.set_shown(upper, there)
            y = model.profiles[place].height if there else np.empty(0)
            d = off[place] if there else y
            pen = pg.mkPen(track_color(place, self.theme.dark), width=2, style=_style(place))
            for item, values in ((upper, y), (lower, d)):
                x = self._x() if there else values
                item.setData(x=x, y=values, pen=pen, connect="finite")
            if there:
                self.top.legend.rename(upper, model.name(model.profiles[place].path))
        self.show_plot(self.top, True, 5)
        self.show_plot(self.bottom, len(model.profiles) > 1, 3)
        alone = len(model.profiles) < 2
        self.top.getAxis("bottom").setStyle(showValues=alone)
        self.name_axis(self.top, "bottom", self._along if alone else "")
        self.arrange_legend()
        rows = np.arange(len(self._x()))
        self.listen([Points(self.top, self._x(), one.height, rows) for one in model.profiles])

    def _lack(self) -> str:
        model = self._model
        if not model.dems:
            return tr("Open elevation models, or add them to the project, to draw a profile.")
        if not model.checked:
            return tr("Check the elevation models whose profile is wanted.")
        if model.line is None:
            return tr("Press Draw line, then click along a line on the map; a right click ends it.")
        if model.places is None:
            return tr("Reading heights along the line…")
        if not any(np.isfinite(one.height).any() for one in model.profiles):
            return tr("None of the elevation models has a height along this line.")
        return ""

    def _x(self) -> FloatArray:
        places = self._model.places
        return np.empty(0) if places is None else places.distance

    def point(self, at: int) -> None:
        """Show the place ``at`` of the line, -1 for none; without a signal."""
        self._at = at
        x = self._x()
        there = 0 <= at < len(x)
        for cursor in self.cursors:
            cursor.setVisible(there)
            if there:
                cursor.setPos(float(x[at]))
        self._read_out(self.describe(at) if there else "")

    def _moved(self, position: Any) -> None:
        boxes = [plot.getViewBox() for plot in self.plots if plot.isVisible()]
        box = next((one for one in boxes if one.sceneBoundingRect().contains(position)), None)
        x = self._x()
        at = -1
        if box is not None and len(x):
            wanted = box.mapSceneToView(position).x()
            if x[0] <= wanted <= x[-1]:
                at = int(np.argmin(np.abs(x - wanted)))
        if at >= 0 or self._at >= 0:
            self.point(at)
            self.pointed.emit(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys go along the line."""
        step, count = KEYS.get(Qt.Key(event.key())), len(self._x())
        if step is None or not count:
            super().keyPressEvent(event)
            return
        wide = max(1, round(STEP * count))
        at = min(max(self._at + step * wide, 0), count - 1) if self._at >= 0 else 0
        self.point(at)
        self.pointed.emit(at)

    def describe(self, identity: Any) -> str:
        """Distance and place, and the heights of all models."""
        model, at = self._model, int(identity)
        if model.places is None:
            return ""
        first = tr("{distance} m along the line ({lat}°, {lon}°)").format(
            distance=number(float(model.places.distance[at]), 1),
            lat=number(float(model.places.lat[at]), 6),
            lon=number(float(model.places.lon[at]), 6),
        )
        base = model.base()
        texts = []
        for one in model.profiles:
            text = f"{model.name(one.path)} {number(float(one.height[at]), 2)} m"
            if base is not None and one is not base:
                off = number(float(one.height[at] - base.height[at]), 2, signed=True)
                text += f" ({off})"
            texts.append(text)
        return f"{first}\n" + ", ".join(texts)

    def columns(self) -> Mapping[str, AnyArray]:
        """One row per place."""
        model = self._model
        if model.places is None:
            return {}
        columns: dict[str, AnyArray] = {
            "distance_m": model.places.distance,
            "longitude_deg": model.places.lon,
            "latitude_deg": model.places.lat,
        }
        base = model.base()
        for one, off in zip(model.profiles, deviations(model.profiles, base), strict=True):
            name = _unique(model.name(one.path), columns)
            columns[f"height_{name}_m"] = one.height
            if one is not base:
                columns[f"difference_{name}_m"] = off
        return columns


def _unique(name: str, columns: Mapping[str, AnyArray]) -> str:
    taken, wanted = sum(one.startswith(f"height_{name}") for one in columns), name
    return f"{wanted}_{taken + 1}" if taken else wanted


def _style(place: int) -> Qt.PenStyle:
    """Lines are told apart without colors, too."""
    styles = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DashDotLine)
    return styles[place % len(styles)]
