# SPDX-License-Identifier: GPL-3.0-or-later
"""Satellite against AERONET: every match-up a point, rejected ones gray, with 1:1 line and expected
error.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyqtgraph as pg
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QCheckBox

from ...core.aot.expected_errors import half_width
from ...core.aot.types import MatchUps, Summary
from ...core.types import AnyArray, BoolArray, FloatArray
from ..plots import items
from ..plots.frame import PlotFrame
from ..plots.nearest import Points
from ..text import tr
from ..theme import faint
from .envelopes import envelope_formula
from .model import AotModel

SIZE = 7
NONE = np.empty(0)


class ScatterPlot(PlotFrame):
    """The scatter plot; above 20 000 points accepted match-ups become a density image."""

    name = "aot_scatter"

    def __init__(self, model: AotModel) -> None:
        self._model = model
        self.line: tuple[float, float] | None = None
        super().__init__(tr("Satellite against AERONET"))
        self.rejected_box = QCheckBox(tr("Rejected"))
        self.rejected_box.setChecked(True)
        self.rejected_box.setToolTip(tr("Show match-ups that a filter left out, in gray"))
        self.rejected_box.toggled.connect(lambda _on: self.draw())
        self.controls.addWidget(self.rejected_box)
        self.plot = self.add_plot("", "")
        self.legend = self.add_legend(self.plot)
        self.density = items.add_density(self.plot, tr("Accepted, few to many"))
        self.rejected = items.add_points(self.plot, SIZE, "x", tr("Rejected"))
        self.accepted = items.add_points(self.plot, SIZE, "o", tr("Accepted"))
        self.picked_points = items.add_points(self.plot, SIZE + 1, "o", tr("Picked site"))
        self.identity = items.add_curve(self.plot, tr("1:1 line"))
        self.envelope = [
            items.add_curve(self.plot, tr("Expected error")),
            items.add_curve(self.plot),
        ]
        self.fitted = items.add_curve(self.plot, tr("Deming line"))
        self._span = (0.0, 1.0)
        self.ready()

    @property
    def dense(self) -> bool:
        """Whether the density image stands for the points."""
        return bool(self.density.isVisible())

    def draw(self) -> None:
        """Paint the match-ups of the model."""
        matchups = self._model.matchups
        if matchups is None:
            self.listen([])
            return
        unit = self._model.quantity_label()
        self.name_axis(self.plot, "left", tr("Satellite {}").format(unit))
        self.name_axis(self.plot, "bottom", tr("AERONET {}").format(unit))
        both = np.isfinite(matchups.satellite) & np.isfinite(matchups.reference)
        both &= matchups.reason != "implausible"  # fill values would stretch the axes
        accepted = both & matchups.accepted
        rejected = both & ~matchups.accepted & self.rejected_box.isChecked()
        self._draw_lines(np.concatenate([matchups.reference[both], matchups.satellite[both]]))
        self._draw_points(matchups, accepted, rejected)
        self._draw_legend(int((accepted & self._at_site(matchups)).sum()), int(rejected.sum()))
        rows = np.flatnonzero(accepted | rejected)
        self.listen([Points(self.plot, matchups.reference[rows], matchups.satellite[rows], rows)])

    def _draw_lines(self, values: FloatArray) -> None:
        self._span = (float(np.min(values, initial=0.0)), float(np.max(values, initial=0.1)))
        line = np.linspace(0.0, 1.3 * self._span[1], 60)
        half = half_width(self._model.envelope, line)
        dashes = pg.mkPen(self.theme.muted, width=1.5, style=Qt.PenStyle.DashLine)
        items.put_curve(self.identity, line, line, pg.mkPen(self.theme.foreground, width=1.5))
        for item, y in zip(self.envelope, (line + half, line - half), strict=True):
            items.put_curve(item, line, y, dashes)
        slope, intercept = self.line or (np.nan, np.nan)
        shown = line if self.line is not None else NONE
        pen = pg.mkPen(self.theme.fitted, width=2, style=Qt.PenStyle.DashDotLine)
        items.put_curve(self.fitted, shown, intercept + slope * shown, pen)

    def _draw_legend(self, picked: int, rejected: int) -> None:
        """Name what is drawn, and nothing else."""
        legend = self.legend
        legend.set_shown(self.density, self.dense)
        legend.set_shown(self.accepted, not self.dense)
        legend.set_shown(self.picked_points, picked > 0)
        legend.rename(self.picked_points, self._model.site or tr("Picked site"))
        legend.set_shown(self.rejected, rejected > 0)
        legend.set_shown(self.fitted, self.line is not None)
        legend.rename(
            self.envelope[0],
            tr("Expected error ± {}").format(envelope_formula(self._model.envelope)),
        )
        self.arrange_legend()

    def _draw_points(self, matchups: MatchUps, accepted: BoolArray, rejected: BoolArray) -> None:
        x, y = matchups.reference, matchups.satellite
        picked = accepted & self._at_site(matchups)
        gray, edge = faint(self.theme.rejected, 140), pg.mkPen(faint(self.theme.background, 160))
        rows = items.thinned(np.flatnonzero(rejected))
        items.put_points(self.rejected, x[rows], y[rows], pg.mkPen(gray), pg.mkBrush(gray))
        dense = int(accepted.sum()) > items.MAX_POINTS
        self.density.setVisible(dense)
        if dense:
            items.put_density(self.density, x[accepted], y[accepted], self.theme.dark)
        rows = NONE.astype(int) if dense else np.flatnonzero(accepted & ~picked)
        items.put_points(
            self.accepted, x[rows], y[rows], edge, pg.mkBrush(faint(self.theme.accepted, 160))
        )
        rows = items.thinned(np.flatnonzero(picked))
        items.put_points(self.picked_points, x[rows], y[rows], edge, pg.mkBrush(self.theme.picked))

    def _at_site(self, matchups: MatchUps) -> BoolArray:
        return np.asarray(matchups.site == self._model.site, dtype=np.bool_)

    def show_line(self, summary: Summary) -> None:
        """The line that ``summary`` fitted to all accepted match-ups, drawn by the next ``draw``;
        none where it was withheld.
        """
        deming = summary.regressions.get("deming")
        known = deming is not None and np.isfinite(deming.slope.value)
        self.line = (deming.slope.value, deming.intercept.value) if known else None

    def fit(self) -> None:
        """The same range on both axes, so that the 1:1 line is the diagonal."""
        low, high = self._span
        margin = 0.04 * (high - low)
        whole = (low - margin, high + margin)
        self.plot.getViewBox().setRange(xRange=whole, yRange=whole, padding=0.0)

    def describe(self, identity: Any) -> str:
        """The match-up in two lines."""
        return self._model.describe(int(identity))

    def columns(self) -> Mapping[str, AnyArray]:
        """All match-ups, rejected ones with their reason."""
        return self._model.columns()
