# SPDX-License-Identifier: GPL-3.0-or-later
"""What makes the coefficients uncertain: bars by contributor and band."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyqtgraph as pg
from qgis.PyQt.QtGui import QFontMetricsF

from ...core.calibration.budget_view import COMBINED, BudgetView
from ...core.types import AnyArray
from ..names import band_name, track_color
from ..plots import items
from ..plots.frame import PlotFrame
from ..plots.nearest import Points
from ..text import number, tr
from ..widgets import label
from .model import MOST_BANDS, CalibrationModel
from .names import about_study, contributor_name, kind_name

FILLED = 0.8  # of the distance between contributors


class BudgetPlot(PlotFrame):
    """Standard uncertainties in percent of A_k, as the run found them for all its pairs."""

    name = "calibration_uncertainty"

    def __init__(self, model: CalibrationModel) -> None:
        self._model = model
        self._entries: list[tuple[str, str, float, float]] = []  # contributor, band, MC, analytic
        super().__init__(tr("Uncertainty of the mean"))
        self.words = label()
        self.layout().insertWidget(1, self.words)
        self.plot = self.add_plot("", tr("Standard uncertainty (% of A_k)"))
        legend = self.add_legend(self.plot)
        self.bars = [pg.BarGraphItem(x0=[], y=[], width=[], height=0.1) for _ in range(MOST_BANDS)]
        self.keys = [pg.ScatterPlotItem(size=9, symbol="s") for _ in range(MOST_BANDS)]
        for bars, key in zip(self.bars, self.keys, strict=True):
            self.plot.addItem(bars)
            legend.addItem(key, "")
        self.ticks = items.add_curve(self.plot, tr("analytic"), bounds=True)
        self.plot.getViewBox().invertY(True)
        self.add_command()
        self.ready()

    @property
    def _budget(self) -> BudgetView:
        return self._model.budget_view()

    @property
    def bands(self) -> list[str]:
        """The bands that are shown: those on the time axis, or the first ones of the budget."""
        there = self._budget.bands
        return [one for one in self._model.bands if one in there] or list(there[:MOST_BANDS])

    def draw(self) -> None:
        """Paint the bars, or say why there are none."""
        budget = self._budget
        self._entries = []
        if not len(budget.table):
            self.words.setText("")
            self.instead(_no_budget())
            return
        self.instead("")
        title, about = tr("Uncertainty of the mean"), about_study(self._model.budget)
        self.title.setText(f"{title} · {about}" if about else title)
        self.title.setToolTip(self.title.text())
        names = list(dict.fromkeys(budget.table.texts("contributor").tolist()))
        names = [*names, COMBINED] if budget.combined else names
        percent, analytic, bands = budget.values(), budget.values("analytic_percent"), self.bands
        layers, height = [], FILLED / max(len(bands), 1)
        spots: list[tuple[float, float]] = []
        for place, bars in enumerate(self.bars):
            band = bands[place] if place < len(bands) else ""
            values = np.array([percent.get((name, band), np.nan) for name in names])
            known = np.flatnonzero(np.isfinite(values)) if band else np.array([], dtype=np.int64)
            y = known + (place - (len(bands) - 1) / 2.0) * height
            color = self._color(band)
            bars.setOpts(
                x0=np.zeros(len(known)), y=y, width=values[known], height=0.9 * height,
                brush=pg.mkBrush(color), pen=pg.mkPen(None),
            )  # fmt: skip
            bars.setVisible(len(known) > 0)
            self._key(place, band, color)
            first = len(self._entries)
            others = [analytic.get((names[one], band), float("nan")) for one in known]
            self._entries += [
                (names[one], band, float(values[one]), other)
                for one, other in zip(known, others, strict=True)
            ]
            spots += list(zip(others, y.tolist(), strict=True))
            layers.append(Points(self.plot, values[known], y, first + np.arange(len(known))))
        self._draw_ticks(np.array(spots).reshape(-1, 2), 0.45 * height)
        self.words.setText(_words(budget, tuple(bands)))
        self._label(names)
        self.arrange_legend()
        self.listen(layers)

    def _draw_ticks(self, spots: AnyArray, half: float) -> None:
        """A tick across each bar where the analytic figure is."""
        known = spots[np.isfinite(spots[:, 0])]
        ends = np.column_stack([known[:, 1] - half, known[:, 1] + half]).ravel()
        pen = pg.mkPen(self.theme.foreground, width=2)
        items.put_curve(self.ticks, np.repeat(known[:, 0], 2), ends, pen, pairs=True)
        self.plot.legend.set_shown(self.ticks, len(known) > 0)

    def _color(self, band: str) -> Any:
        shown = self._model.bands if band in self._model.bands else self.bands
        return track_color(shown.index(band) if band in shown else 0, self.theme.dark)

    def _name(self, band: str) -> str:
        inputs = self._model.inputs
        return band_name(band, inputs.rows.wavelength_nm(band)) if inputs is not None else band

    def _key(self, place: int, band: str, color: Any) -> None:
        key, legend = self.keys[place], self.plot.legend
        key.opts.update(pen=pg.mkPen(color), brush=pg.mkBrush(color))
        legend.set_shown(key, bool(band))
        legend.rename(key, self._name(band) if band else " ")

    def _label(self, names: list[str]) -> None:
        """Names on the axis, which is as wide as they are."""
        texts = [tr("Combined") if one == COMBINED else contributor_name(one) for one in names]
        axis = self.plot.getAxis("left")
        axis.setTicks([list(enumerate(texts))])
        axis.setStyle(autoExpandTextSpace=False)
        metrics = QFontMetricsF(self.font())
        width = max((metrics.horizontalAdvance(one) for one in texts), default=0.0)
        axis.setWidth(round(width + 1.5 * metrics.height()))

    def describe(self, identity: Any) -> str:
        """A bar in two lines."""
        name, band, value, analytic = self._entries[int(identity)]
        table = self._budget.table
        own = np.flatnonzero(table.texts("contributor") == name)
        kind = kind_name(str(table["kind"][own[0]])) if len(own) and "kind" in table else ""
        text = tr("Combined") if name == COMBINED else contributor_name(name)
        besides = tr("analytic {} %").format(number(analytic, 3)) if np.isfinite(analytic) else ""
        second = " · ".join(one for one in (kind, besides) if one)
        return f"{text} · {self._name(band)}: {number(value, 3)} %\n{second or ' '}"

    def columns(self) -> Mapping[str, AnyArray]:
        """One row per contributor and band."""
        return {
            "contributor": np.array([one[0] for one in self._entries], dtype=object),
            "band": np.array([one[1] for one in self._entries], dtype=object),
            "value_percent": np.array([one[2] for one in self._entries], dtype=np.float64),
            "analytic_percent": np.array([one[3] for one in self._entries], dtype=np.float64),
        }


def _words(budget: BudgetView, bands: tuple[str, ...]) -> str:
    """All together by band, and how the errors of the bands go together."""
    parts = [
        f"{one} {number(budget.combined[one], 2)} %" for one in bands if one in budget.combined
    ]
    texts = [tr("Combined (k = 1): {}.").format(" · ".join(parts))] if parts else []
    found = budget.correlation_range(bands)
    if found is not None:
        texts.append(
            tr(
                "Errors of two bands go together: correlation {low} to {high}. The difference of "
                "two bands is better known than each of them."
            ).format(low=number(found[0], 2), high=number(found[1], 2))
        )
    elif len(bands) > 1:
        texts.append(
            tr(
                "How the errors of the bands go together is not known here: open the output "
                "“Contributions” of “Budget the uncertainty over deserts” that was made with "
                "“Correlation between bands”."
            )
        )
    return " ".join(texts)


def _no_budget() -> str:
    return tr(
        "There is no uncertainty budget here. It is kept in the calibration database: run the "
        "calibration with DRAWS above 0 and KEEP_RUN, then open the database, or keep it where the "
        "record beside the table says it is. Or open the output “Contributions” of “Budget the "
        "uncertainty over deserts”."
    )
