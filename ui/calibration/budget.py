# SPDX-License-Identifier: GPL-3.0-or-later
"""What makes the coefficients uncertain: bars by contributor and band."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyqtgraph as pg
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QFontMetricsF

from ...core.types import AnyArray
from ..plots.frame import PlotFrame
from ..plots.nearest import Points
from ..text import number, tr
from ..widgets import label
from .inputs import Budget
from .model import MOST_BANDS, CalibrationModel
from .names import band_color, band_name, contributor_name, kind_name

COMBINED = "combined"
FILLED = 0.8  # of the distance between contributors


class BudgetPlot(PlotFrame):
    """Standard uncertainties in percent of A_k, as the run found them for all its pairs."""

    name = "calibration_uncertainty"

    def __init__(self, model: CalibrationModel) -> None:
        self._model = model
        self._entries: list[tuple[str, str, float]] = []  # contributor, band, percent
        super().__init__(tr("Uncertainty of the mean"))
        self.note = label()
        self.note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.layout().insertWidget(1, self.note, 1)
        self.note.hide()
        self.plot = self.add_plot("", tr("Standard uncertainty (% of A_k)"))
        legend = self.add_legend(self.plot)
        self.bars = [pg.BarGraphItem(x0=[], y=[], width=[], height=0.1) for _ in range(MOST_BANDS)]
        self.keys = [pg.ScatterPlotItem(size=9, symbol="s") for _ in range(MOST_BANDS)]
        for bars, key in zip(self.bars, self.keys, strict=True):
            self.plot.addItem(bars)
            legend.addItem(key, "")
        self.plot.getViewBox().invertY(True)
        self.ready()

    @property
    def _budget(self) -> Budget:
        return self._model.inputs.budget if self._model.inputs is not None else Budget()

    def draw(self) -> None:
        """Paint the bars, or say why there are none."""
        model, table = self._model, self._budget.table
        there = len(table) > 0
        self.note.setVisible(not there)
        self.view.setVisible(there)
        self.export_button.setEnabled(there)
        self._entries = []
        if not there:
            self.note.setText(_no_budget())
            self.listen([])
            return
        names = list(dict.fromkeys(table.texts("contributor").tolist()))
        names = [*names, COMBINED] if self._budget.combined else names
        percent = self._percent()
        bands = [one for one in model.bands if any(band == one for _, band in percent)]
        layers, height = [], FILLED / max(len(bands), 1)
        for place, bars in enumerate(self.bars):
            band = bands[place] if place < len(bands) else ""
            values = np.array([percent.get((name, band), np.nan) for name in names])
            known = np.flatnonzero(np.isfinite(values)) if band else np.array([], dtype=np.int64)
            y = known + (place - (len(bands) - 1) / 2.0) * height
            color = band_color(model.bands.index(band) if band else 0, self.theme.dark)
            bars.setOpts(
                x0=np.zeros(len(known)), y=y, width=values[known], height=0.9 * height,
                brush=pg.mkBrush(color), pen=pg.mkPen(None),
            )  # fmt: skip
            bars.setVisible(len(known) > 0)
            self._key(place, band, color)
            first = len(self._entries)
            self._entries += [(names[one], band, float(values[one])) for one in known]
            layers.append(Points(self.plot, values[known], y, first + np.arange(len(known))))
        self._label(names)
        self.arrange_legend()
        self.listen(layers)

    def _key(self, place: int, band: str, color: Any) -> None:
        key, legend = self.keys[place], self.plot.legend
        key.opts.update(pen=pg.mkPen(color), brush=pg.mkBrush(color))
        legend.set_shown(key, bool(band))
        legend.rename(key, band_name(band, self._model.rows.wavelength_nm(band)) if band else " ")

    def _percent(self) -> dict[tuple[str, str], float]:
        table = self._budget.table
        keys = zip(table.texts("contributor"), table.texts("band"), strict=True)
        found = dict(zip(keys, table.floats("value_percent").tolist(), strict=True))
        return found | {(COMBINED, band): value for band, value in self._budget.combined.items()}

    def _label(self, names: list[str]) -> None:
        """Names on the axis, which is as wide as they are."""
        texts = [tr("Combined") if one == COMBINED else contributor_name(one) for one in names]
        axis = self.plot.getAxis("left")
        axis.setTicks([list(enumerate(texts))])
        axis.setStyle(autoExpandTextSpace=False)
        self._widen(texts)

    def _widen(self, texts: list[str]) -> None:
        metrics = QFontMetricsF(self.font())
        width = max((metrics.horizontalAdvance(one) for one in texts), default=0.0)
        self.plot.getAxis("left").setWidth(round(width + 1.5 * metrics.height()))

    def describe(self, identity: Any) -> str:
        """A bar in two lines."""
        name, band, value = self._entries[int(identity)]
        table = self._budget.table
        own = np.flatnonzero(table.texts("contributor") == name)
        kind = kind_name(str(table["kind"][own[0]])) if len(own) and "kind" in table else ""
        text = tr("Combined") if name == COMBINED else contributor_name(name)
        full = band_name(band, self._model.rows.wavelength_nm(band))
        return f"{text} · {full}: {number(value, 3)} %\n{kind or ' '}"

    def columns(self) -> Mapping[str, AnyArray]:
        """One row per contributor and band."""
        return {
            "contributor": np.array([one[0] for one in self._entries], dtype=object),
            "band": np.array([one[1] for one in self._entries], dtype=object),
            "value_percent": np.array([one[2] for one in self._entries], dtype=np.float64),
        }


def _no_budget() -> str:
    return tr(
        "There is no uncertainty budget here. It is kept in the calibration database: run the "
        "calibration with DRAWS above 0 and KEEP_RUN, then open the database, or keep it where the "
        "record beside the table says it is."
    )
