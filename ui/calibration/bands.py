# SPDX-License-Identifier: GPL-3.0-or-later
"""A_k by band: the means with their errors over the wavelength."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyqtgraph as pg
from qgis.PyQt.QtCore import Qt

from ...core.calibration.selection import BandFigures
from ...core.types import AnyArray, FloatArray
from ..names import band_name, track_color
from ..plots import items
from ..plots.frame import PlotFrame
from ..plots.nearest import Points
from ..text import number, tr
from .model import CalibrationModel

SIZE = 11


class BandPlot(PlotFrame):
    """The means of all bands; those on the time axis have their color there."""

    name = "calibration_bands"

    def __init__(self, model: CalibrationModel) -> None:
        self._model = model
        self.figures: list[BandFigures] = []
        super().__init__(tr("A_k by band"))
        self.plot = self.add_plot(tr("A_k (measured / simulated)"), tr("Wavelength (nm)"))
        self.add_legend(self.plot)
        self.one = pg.InfiniteLine(pos=1.0, angle=0)
        self.plot.addItem(self.one, ignoreBounds=True)
        self.line = items.add_curve(self.plot)
        self.spread = items.add_curve(self.plot, tr("± 1 SD of a pair"), bounds=True)
        self.bars = items.add_curve(self.plot, "errors", bounds=True)
        self.means = items.add_points(self.plot, SIZE)
        self.level = pg.PlotCurveItem(name="1")
        self.plot.legend.addItem(self.level, tr("as the reference (1)"))
        self.ready()

    def draw(self) -> None:
        """Paint the means."""
        if self._model.inputs is None:
            self.instead(tr("Open coefficients to see their means by band."))
            return
        self.instead("")
        model, theme = self._model, self.theme
        self.figures = [one for one in model.figures(model.rows.bands) if one.summary.count]
        x = self._places()
        y = _numbers([one.summary.mean for one in self.figures])
        spread = _numbers([one.summary.sd for one in self.figures])
        half = model.errors * _numbers([one.summary.sem for one in self.figures])
        for item in (self.one, self.level):
            item.setPen(pg.mkPen(theme.foreground, width=1))
        line = pg.mkPen(theme.muted, width=1, style=Qt.PenStyle.DotLine)
        items.put_curve(self.line, x, y, line)
        _put_bars(self.spread, x, y, spread, pg.mkPen(theme.rejected, width=1.5))
        _put_bars(self.bars, x, y, half, pg.mkPen(theme.foreground, width=3))
        brushes = [self._brush(one.band) for one in self.figures]
        items.put_points(self.means, x, y, pg.mkPen(theme.foreground), brushes or None)
        self.legend.rename(self.bars, tr("Mean ± {} errors").format(model.errors))
        self.arrange_legend()
        self.listen([Points(self.plot, x, y, np.arange(len(x)))])

    def fit(self) -> None:
        """All bars, and the level of the reference."""
        found = [one.summary for one in self.figures]
        spread = np.nan_to_num(_numbers([one.sd for one in found]))
        mean = _numbers([one.mean for one in found])
        ends = np.concatenate([mean - spread, mean + spread, [1.0]])
        super().fit()
        self.plot.getViewBox().setYRange(float(ends.min()), float(ends.max()), padding=0.06)

    @property
    def legend(self) -> Any:
        """The legend above the plot."""
        return self.plot.legend

    def _brush(self, band: str) -> Any:
        shown = self._model.bands
        if band in shown:
            return pg.mkBrush(track_color(shown.index(band), self.theme.dark))
        return pg.mkBrush(self.theme.background)

    def _places(self) -> FloatArray:
        """Wavelengths, or numbers with the names of the bands where those are not known."""
        nm = _numbers([one.wavelength_nm for one in self.figures])
        known = bool(np.isfinite(nm).all())
        axis = self.plot.getAxis("bottom")
        names = [(float(place), one.band) for place, one in enumerate(self.figures)]
        axis.setTicks(None if known else [names])
        self.name_axis(self.plot, "bottom", tr("Wavelength (nm)") if known else tr("Band"))
        return nm if known else np.arange(len(nm), dtype=np.float64)

    def describe(self, identity: Any) -> str:
        """A band in two lines."""
        one = self.figures[int(identity)]
        found = one.summary
        first = tr("{band}: A_k {mean} ± {half} (n = {count}), SD of a pair {sd} %").format(
            band=band_name(one.band, one.wavelength_nm), mean=number(found.mean, 4),
            half=number(self._model.errors * found.sem, 4), count=found.count,
            sd=number(100.0 * found.sd / found.mean, 2),
        )  # fmt: skip
        return first + "\n" + tr("median {median}, trend {slope} ± {error} % per year").format(
            median=number(found.median, 4), slope=number(found.slope_pct_per_year, 2, True),
            error=number(self._model.errors * found.slope_se, 2),
        )  # fmt: skip

    def columns(self) -> Mapping[str, AnyArray]:
        """One row per band."""
        found = [one.summary for one in self.figures]
        return {
            "band": np.array([one.band for one in self.figures], dtype=object),
            "wavelength_nm": _numbers([one.wavelength_nm for one in self.figures]),
            "count": np.array([one.count for one in found], dtype=np.int64),
            "rejected": np.array([one.rejected for one in self.figures], dtype=np.int64),
            "a_k": _numbers([one.mean for one in found]),
            "median": _numbers([one.median for one in found]),
            "sd": _numbers([one.sd for one in found]),
            "standard_error": _numbers([one.sem for one in found]),
            "slope_percent_per_year": _numbers([one.slope_pct_per_year for one in found]),
            "slope_standard_error": _numbers([one.slope_se for one in found]),
        }


def _numbers(values: list[float]) -> FloatArray:
    return np.array(values, dtype=np.float64)


def _put_bars(item: Any, x: FloatArray, y: FloatArray, half: FloatArray, pen: Any) -> None:
    known = np.isfinite(half) & np.isfinite(y)
    ends = np.column_stack([y - half, y + half])[known].ravel()
    items.put_curve(item, np.repeat(x[known], 2), ends, pen, pairs=True)
