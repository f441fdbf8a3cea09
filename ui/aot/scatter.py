# SPDX-License-Identifier: GPL-3.0-or-later
"""Satellite against AERONET: every match-up a point, rejected ones gray, with 1:1 line and expected error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyqtgraph as pg
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QCheckBox

from ...core.aot.expected_errors import half_width
from ...core.types import AnyArray, BoolArray
from ..plots.density import MAX_POINTS, density_image
from ..plots.frame import PlotFrame
from ..plots.nearest import Points
from ..text import tr
from ..theme import faint
from .model import AotModel

SIZE = 7


class ScatterPlot(PlotFrame):
    """The scatter plot; above 20 000 points accepted match-ups become a density image."""

    name = "aot_scatter"

    def __init__(self, model: AotModel) -> None:
        self._model = model
        super().__init__(tr("Satellite against AERONET"))
        self.rejected_box = QCheckBox(tr("Rejected"))
        self.rejected_box.setChecked(True)
        self.rejected_box.setToolTip(tr("Show match-ups that a filter left out, in gray"))
        self.rejected_box.toggled.connect(lambda _on: self.draw())
        self.controls.addWidget(self.rejected_box)
        self.plot = self.add_plot(tr("Satellite AOT at 550 nm"), tr("AERONET AOT at 550 nm"))
        self.dense = False

    def draw(self) -> None:
        """Paint the match-ups of the model."""
        self.plot.clear()
        matchups = self._model.matchups
        if matchups is None:
            self.listen([])
            return
        self._label_axes()
        both = np.isfinite(matchups.satellite) & np.isfinite(matchups.reference)
        accepted = both & matchups.accepted
        rejected = both & ~matchups.accepted & self.rejected_box.isChecked()
        picked = accepted & (matchups.site == self._model.site)
        self._draw_lines(float(np.max(matchups.reference[both], initial=0.1)))
        self._draw_rejected(rejected)
        self.dense = int(accepted.sum()) > MAX_POINTS
        if self.dense:
            self.plot.addItem(
                density_image(matchups.reference[accepted], matchups.satellite[accepted], self.theme.dark)
            )
        else:
            self._draw_points(accepted & ~picked, self.theme.accepted, 150)
        self._draw_points(picked, self.theme.picked, 230)
        rows = np.flatnonzero(accepted | rejected)
        self.listen([Points(self.plot, matchups.reference[rows], matchups.satellite[rows], rows)])

    def _label_axes(self) -> None:
        unit = self._model.quantity_label()
        self.plot.setLabel("left", tr("Satellite {}").format(unit))
        self.plot.setLabel("bottom", tr("AERONET {}").format(unit))

    def _draw_lines(self, top: float) -> None:
        line = np.linspace(0.0, 1.05 * top, 60)
        half = half_width(self._model.envelope, line)
        dashes = pg.mkPen(self.theme.muted, width=1.5, style=Qt.PenStyle.DashLine)
        self.plot.plot(line, line, pen=pg.mkPen(self.theme.foreground, width=1.5))
        self.plot.plot(line, line + half, pen=dashes)
        self.plot.plot(line, line - half, pen=dashes)

    def _draw_rejected(self, rows: BoolArray) -> None:
        kept = np.flatnonzero(rows)
        step = -(-len(kept) // MAX_POINTS) or 1
        self._draw_points(kept[::step], self.theme.rejected, 110, "x")

    def _draw_points(self, rows: AnyArray, color: Any, alpha: int, symbol: str = "o") -> None:
        matchups = self._model.matchups
        if matchups is None:
            return
        crossed = symbol == "x"
        self.plot.addItem(
            pg.ScatterPlotItem(
                matchups.reference[rows],
                matchups.satellite[rows],
                size=SIZE,
                symbol=symbol,
                pen=pg.mkPen(faint(color, alpha)) if crossed else pg.mkPen(faint(self.theme.background, 160)),
                brush=pg.mkBrush(faint(color, alpha)),
            )
        )

    def describe(self, identity: Any) -> str:
        """The match-up in one line."""
        return self._model.describe(int(identity))

    def columns(self) -> Mapping[str, AnyArray]:
        """All match-ups, rejected ones with their reason."""
        return self._model.columns()
