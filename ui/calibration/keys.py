# SPDX-License-Identifier: GPL-3.0-or-later
"""The legend of the time axis: bands, sites and sensors, what was computed."""

from __future__ import annotations

import pyqtgraph as pg
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor

from ..names import MARKS, band_name, mark_of, track_color
from ..plots.legend import Legend
from ..plots.legend_keys import LegendKeys
from ..text import tr
from ..theme import Theme
from .model import MOST_BANDS, CalibrationModel
from .names import group_name


class Keys(LegendKeys):
    """Fills ``legend`` with marks of their own, which stand for many points of the plots."""

    def __init__(self, legend: Legend, size: int) -> None:
        super().__init__(legend, size + 3)
        self._bands = [self._mark() for _ in range(MOST_BANDS)]
        self._groups = [self._mark() for _ in MARKS]
        self._rejected = self._mark()
        self._half_year = self._mark()
        self._mean, self._trend = self._line(), self._line()

    def show(self, model: CalibrationModel, rejected: int, beyond: int, theme: Theme) -> None:
        """Name what is drawn, and nothing else; ``rejected``: how many coefficients are, and of
        those how many lie ``beyond`` the axes. In a row of its own a band is named by its axis.
        """
        for place, item in enumerate(self._bands):
            color = track_color(place, theme.dark)
            _paint(item, "s", color, color)
            there = place < len(model.bands) and not model.stacked
            band = model.bands[place] if there else ""
            self._set(item, band_name(band, model.rows.wavelength_nm(band)) if there else "")
        groups = model.groups()
        several = len({sensor for sensor, _ in groups}) > 1
        for place, item in enumerate(self._groups):
            _paint(item, mark_of(place), theme.foreground, None)
            there = len(groups) > 1 and place < len(groups)
            self._set(item, group_name(*groups[place], several) if there else "")
        _paint(self._rejected, "o", theme.rejected, None)
        self._set(self._rejected, _rejected_text(rejected, beyond))
        _paint(self._half_year, "d", theme.foreground, theme.muted)
        self._set(self._half_year, tr("Half-years"))
        self._mean.setPen(pg.mkPen(theme.muted, width=2))
        self._set(self._mean, tr("Mean ± {} errors").format(model.errors))
        self._trend.setPen(pg.mkPen(theme.fitted, width=2, style=Qt.PenStyle.DashLine))
        self._set(self._trend, tr("Trend"))


def _rejected_text(count: int, beyond: int) -> str:
    if not count:
        return ""
    return tr("Rejected ({} beyond the axes)").format(beyond) if beyond else tr("Rejected")


def _paint(item: pg.ScatterPlotItem, symbol: str, edge: QColor, filled: QColor | None) -> None:
    item.opts.update(symbol=symbol, pen=pg.mkPen(edge), brush=pg.mkBrush(filled))
