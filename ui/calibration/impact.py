# SPDX-License-Identifier: GPL-3.0-or-later
"""What screening for clouds does to coefficients: A_k, scatter and pairs over a threshold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyqtgraph as pg
from qgis.PyQt.QtCore import Qt

from ...core.calibration.impact_curves import ImpactCurve, ImpactCurves
from ...core.types import AnyArray, FloatArray
from ..names import track_color
from ..plots import items
from ..plots.frame import PlotFrame
from ..plots.nearest import Points
from ..text import NOTHING, number, tr
from ..theme import faint
from ..widgets import choice_box, label
from .model import MOST_BANDS, CalibrationModel
from .names import about_study, test_name, test_unit

SIZE, ERRORS = 8, 2
APART = 0.008  # of a factor of ten, from band to band
NONE = np.empty(0)


class ImpactPlot(PlotFrame):
    """Three rows over one threshold. The ids of points are (row of the plot, curve, place)."""

    name = "calibration_cloud_impact"

    def __init__(self, model: CalibrationModel) -> None:
        self._model = model
        self.test = ""
        self.curves: tuple[ImpactCurve, ...] = ()
        super().__init__(tr("Impact of clouds"))
        self.box = choice_box(tr("Test"), tr("The cloud test whose threshold is swept"))
        self.box.activated.connect(lambda _index: self.show_test(str(self.box.currentData())))
        self.controls.addWidget(self.box)
        self.add_plot("A_k", "")
        self.add_plot(tr("SD (%)"), "")
        self.add_plot(tr("Pairs"), tr("Threshold"))
        self.words = label()
        self.layout().insertWidget(1, self.words)
        self.link_rows(3, 2, 2)
        legend = self.add_legend(self.plots[0])
        self.lines = [[items.add_curve(plot, bounds=True) for _ in range(MOST_BANDS)]
                      for plot in self.plots]  # fmt: skip
        self.marks = [[items.add_points(plot, SIZE) for _ in range(MOST_BANDS)]
                      for plot in self.plots]  # fmt: skip
        top = self.plots[0]
        self.bars = [items.add_curve(top, bounds=True) for _ in range(MOST_BANDS)]
        self.levels = [pg.InfiniteLine(angle=0) for _ in range(MOST_BANDS)]
        for level in self.levels:
            top.addItem(level, ignoreBounds=True)
        for line in self.lines[0]:
            legend.addItem(line, "")
        self.level_key = pg.PlotCurveItem()
        legend.addItem(self.level_key, tr("with the screening as set"))
        self.add_command()
        self.ready()

    @property
    def _content(self) -> ImpactCurves | None:
        study = self._model.impact
        content = study.content if study is not None else None
        return content if isinstance(content, ImpactCurves) else None

    def offer(self) -> None:
        """Offer the tests of the study."""
        self.box.clear()
        content = self._content
        tests = content.tests if content is not None else ()
        for one in tests:
            self.box.addItem(test_name(one), one)
        self.test = self.test if self.test in tests else (tests[0] if tests else "")
        self.box.setCurrentIndex(self.box.findData(self.test))

    def show_test(self, test: str) -> None:
        """The curves of this test."""
        content = self._content
        if content is not None and test in content.tests:
            self.test = test
            self.box.setCurrentIndex(self.box.findData(test))
            self.draw()
            self.fit()

    def draw(self) -> None:
        """Paint the curves, or say how to get some."""
        content = self._content
        self.box.setVisible(content is not None)
        if content is None:
            self.curves = ()
            self.words.hide()
            self.instead(_no_study())
            return
        self.instead("")
        known = [one for one in content.of(self.test) if one.pairs.any()]
        self.curves = tuple(known[:MOST_BANDS])
        about = about_study(self._model.impact) or tr("Impact of clouds")
        self.title.setText(f"{about} · {test_name(self.test)}")
        self.title.setToolTip(self.title.text())
        empty = [one.band for one in content.of(self.test) if not one.pairs.any()]
        text = tr("No pair at any threshold: {}.").format(", ".join(empty)) if empty else ""
        self.words.setText(text)
        self.words.setVisible(bool(text))
        self._draw_axis()
        layers = []
        for place in range(MOST_BANDS):
            curve = self.curves[place] if place < len(self.curves) else None
            layers += self._draw_curve(place, curve)
        pen = pg.mkPen(self.theme.foreground, width=1, style=Qt.PenStyle.DotLine)
        self.level_key.setPen(pen)
        self.arrange_legend()
        self.listen(layers)

    def _draw_axis(self) -> None:
        """Thresholds are as far apart as they are in proportion; each has its number."""
        found = [one.threshold for one in self.curves]
        values = np.unique(np.concatenate(found)) if found else NONE
        ticks = [(float(np.log10(one)), f"{100.0 * one:g}" if self._percent else f"{one:g}")
                 for one in values]  # fmt: skip
        for plot in self.plots:
            plot.getAxis("bottom").setTicks([ticks])
        text = tr("Threshold ({unit}); stricter to the left").format(unit=test_unit(self.test))
        self.name_axis(self.plots[-1], "bottom", text)

    def _x(self, place: int, curve: ImpactCurve | None) -> FloatArray:
        """Where the marks of a curve are: beside those of the other bands."""
        if curve is None:
            return NONE
        return np.log10(curve.threshold) + APART * (place - (len(self.curves) - 1) / 2.0)

    @property
    def _percent(self) -> bool:
        return self.test != "outlier"

    def _draw_curve(self, place: int, curve: ImpactCurve | None) -> list[Points]:
        color = track_color(place, self.theme.dark)
        pen, layers = pg.mkPen(color, width=2), []
        legend, line = self.plots[0].legend, self.lines[0][place]
        legend.set_shown(line, curve is not None)
        self.levels[place].setVisible(False)
        half = NONE
        for row, values in enumerate(_values(curve)):
            x = self._x(place, curve)
            known = np.flatnonzero(np.isfinite(values))
            items.put_curve(self.lines[row][place], x[known], values[known], pen)
            items.put_points(self.marks[row][place], x[known], values[known], pg.mkPen(color),
                             pg.mkBrush(color))  # fmt: skip
            if row == 0 and curve is not None:
                half = ERRORS * curve.error_percent[known] / 100.0 * values[known]
                self._draw_bars(place, x[known], values[known], half)
            ids = np.empty(len(known), dtype=object)
            ids[:] = [(row, place, int(one)) for one in known]
            layers.append(Points(self.plots[row], x[known], values[known], ids))
        if curve is None:
            items.put_curve(self.bars[place], NONE, NONE, None)
            return layers
        legend.rename(line, curve.band)
        if np.isfinite(curve.as_set):
            level = self.levels[place]
            level.setPen(pg.mkPen(color, width=1, style=Qt.PenStyle.DotLine))
            level.setPos(curve.as_set)
            level.setVisible(True)
        return layers

    def _draw_bars(self, place: int, x: FloatArray, y: FloatArray, half: FloatArray) -> None:
        pen = pg.mkPen(faint(track_color(place, self.theme.dark), 150), width=3)
        known = np.isfinite(half)
        ends = np.column_stack([y - half, y + half])[known].ravel()
        items.put_curve(self.bars[place], np.repeat(x[known], 2), ends, pen, pairs=True)

    def describe(self, identity: Any) -> str:
        """A threshold of a band in two lines."""
        _row, place, at = identity
        one = self.curves[place]
        scale, unit = (100.0, " %") if self._percent else (1.0, " σ")
        first = tr("{band}, threshold {value}: A_k {mean} ± {half}, change {change} %").format(
            band=one.band, value=f"{scale * one.threshold[at]:g}{unit}",
            mean=number(float(one.a_k[at]), 4),
            half=number(float(ERRORS * one.error_percent[at] * one.a_k[at] / 100.0), 4),
            change=number(float(one.change_percent[at]), 2, True),
        )  # fmt: skip
        passed = [_count(one.target_passed[at]), _count(one.reference_passed[at])]
        return first + "\n" + tr(
            "{pairs} pairs, SD of a pair {sd} % (robust {robust} %); {target} observations of the "
            "target and {reference} of the reference pass"
        ).format(
            pairs=int(one.pairs[at]), sd=number(float(one.sd_percent[at]), 2),
            robust=number(float(one.robust_sd_percent[at]), 2), target=passed[0],
            reference=passed[1],
        )  # fmt: skip

    def columns(self) -> Mapping[str, AnyArray]:
        """A row per band and threshold of the test."""
        content = self._content
        curves = content.of(self.test) if content is not None else ()
        if not curves:
            return {}
        found: dict[str, AnyArray] = {
            "test": np.concatenate([_repeated(one.test, one) for one in curves]),
            "band": np.concatenate([_repeated(one.band, one) for one in curves]),
        }
        for key in ("threshold", "pairs", "a_k", "error_percent", "sd_percent", "robust_sd_percent",
                    "change_percent", "target_passed", "reference_passed"):  # fmt: skip
            found[key] = np.concatenate([getattr(one, key) for one in curves])
        return found


def _values(curve: ImpactCurve | None) -> tuple[FloatArray, FloatArray, FloatArray]:
    if curve is None:
        return NONE, NONE, NONE
    return curve.a_k, curve.sd_percent, curve.pairs.astype(np.float64)


def _repeated(text: str, curve: ImpactCurve) -> AnyArray:
    return np.full(len(curve.threshold), text, dtype=object)


def _count(value: float) -> str:
    return str(int(value)) if np.isfinite(value) else NOTHING


def _no_study() -> str:
    return tr(
        "Run “Study the impact of clouds on Antarctic calibration” and open its output "
        "“Coefficients by threshold” with the list or the button at the top: A_k, scatter and "
        "number of pairs are shown here over the threshold of each cloud test."
    )
