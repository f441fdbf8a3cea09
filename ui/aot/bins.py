# SPDX-License-Identifier: GPL-3.0-or-later
"""Accuracy, precision and uncertainty per bin of the photometer's AOT, with the number of match-ups
under them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyqtgraph as pg
from qgis.PyQt.QtCore import Qt

from ...core.aot.expected_errors import half_width
from ...core.aot.statistics import MIN_GROUP_COUNT
from ...core.aot.types import Summary
from ...core.types import AnyArray, FloatArray
from ..plots import items
from ..plots.frame import PlotFrame
from ..plots.nearest import Points
from ..text import number, percent, tr
from ..theme import faint
from .model import AotModel

SIZE = 9
MARKS = {"accuracy": "o", "precision": "t1", "uncertainty": "s"}


class BinsPlot(PlotFrame):
    """A, P and U per bin; the marks of bins of few match-ups are hollow."""

    name = "aot_bins"

    def __init__(self, model: AotModel) -> None:
        self._model = model
        self.bins: list[Summary] = []
        super().__init__(tr("Accuracy per bin"))
        self.top = self.add_plot(tr("A, P, U"), "")
        self.bottom = self.add_plot(tr("Match-ups"), "")
        self.link_rows(5, 2)
        self.add_legend(self.top)
        names = {
            "accuracy": tr("A (bias)"),
            "precision": tr("P (sd)"),
            "uncertainty": tr("U (RMSE)"),
        }
        self.zero = items.add_level(self.top)
        self.envelope = [items.add_curve(self.top, tr("Expected error")), items.add_curve(self.top)]
        self.lines = {key: items.add_curve(self.top) for key in MARKS}
        self.marks = {
            key: items.add_points(self.top, SIZE, MARKS[key], names[key]) for key in MARKS
        }
        self.counts = pg.BarGraphItem(x=[], height=[], width=0.1)
        self.bottom.addItem(self.counts)
        self.ready()

    def draw(self) -> None:
        """Paint the bins of the model."""
        if self._model.matchups is None:
            self.listen([])
            return
        self.bins = self._model.bins()
        site = self._model.site
        self.title.setText(
            tr("Accuracy per bin at {}").format(site) if site else tr("Accuracy per bin, all sites")
        )
        self.name_axis(self.bottom, "bottom", tr("AERONET {}").format(self._model.quantity_label()))
        self.zero.setPen(pg.mkPen(self.theme.foreground))
        x = np.array([one.reference_mean for one in self.bins], dtype=float)
        self._draw_envelope(1.05 * float(np.max(x, initial=0.1)))
        self._draw_counts(x)
        self.listen([self._draw_line(x, key) for key in MARKS])

    def _draw_envelope(self, top: float) -> None:
        line = np.linspace(0.0, top, 60)
        half = half_width(self._model.envelope, line)
        dashes = pg.mkPen(self.theme.muted, width=1.5, style=Qt.PenStyle.DashLine)
        for item, y in zip(self.envelope, (half, -half), strict=True):
            items.put_curve(item, line, y, dashes)

    def _draw_line(self, x: FloatArray, key: str) -> Points:
        y = np.array([getattr(one, key).value for one in self.bins], dtype=float)
        color = self.theme.foreground if key == "uncertainty" else self.theme.accepted
        style = Qt.PenStyle.DotLine if key == "precision" else Qt.PenStyle.SolidLine
        hollow = pg.mkBrush(self.theme.background)
        brushes = [
            hollow if one.count < MIN_GROUP_COUNT else pg.mkBrush(color) for one in self.bins
        ]
        good = np.isfinite(y)
        items.put_curve(
            self.lines[key], x[good], y[good], pg.mkPen(faint(color, 170), width=1.5, style=style)
        )
        pen = pg.mkPen(color, width=1.5)
        items.put_points(self.marks[key], x, y, pen, brushes or hollow)
        items.set_sample(self.marks[key], pen, pg.mkBrush(color))
        return Points(self.top, x, y, np.arange(len(x)))

    def _draw_counts(self, x: FloatArray) -> None:
        counts = np.array([one.count for one in self.bins], dtype=float)
        gaps = np.diff(x)
        width = 0.6 * float(np.min(gaps)) if len(gaps) else 0.05
        brush = pg.mkBrush(faint(self.theme.accepted, 150))
        self.counts.setOpts(x=x, height=counts, width=width, pen=pg.mkPen(None), brush=brush)

    def describe(self, identity: Any) -> str:
        """The bin in two lines."""
        one = self.bins[int(identity)]
        within = one.fractions["ee"].within.value if "ee" in one.fractions else float("nan")
        first = tr("Bin {group} (n = {count}): A {a}, P {p}, U {u}").format(
            group=one.group,
            count=one.count,
            a=number(one.accuracy.value, signed=True),
            p=number(one.precision.value),
            u=number(one.uncertainty.value),
        )
        return f"{first}\n" + tr("{} within the expected error").format(percent(within))

    def columns(self) -> Mapping[str, AnyArray]:
        """One row per bin."""
        columns: dict[str, AnyArray] = {
            "bin": np.array([one.group for one in self.bins], dtype=object),
            "count": np.array([one.count for one in self.bins], dtype=np.int64),
            "reference_mean": np.array([one.reference_mean for one in self.bins], dtype=float),
        }
        for key in MARKS:
            columns[key] = np.array([getattr(one, key).value for one in self.bins], dtype=float)
        return columns
