# SPDX-License-Identifier: GPL-3.0-or-later
"""The distribution of reflectances over clouds, with the four statistics that are calibrated by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyqtgraph as pg
from qgis.PyQt.QtCore import Qt, pyqtSignal

from ...core.calibration.cloud_pdf import CloudPdf, CloudRatios, cloud_ratios
from ...core.calibration.pdf_statistics import Statistic
from ...core.errors import CalValError
from ...core.report import palette
from ...core.types import AnyArray
from ..names import band_name, track_color
from ..plots import items
from ..plots.frame import PlotFrame
from ..plots.nearest import Points
from ..text import number, tr
from ..theme import faint, lifted
from ..widgets import choice_box, label, offer_bands
from .inputs import CLOUDS
from .late import Job, late_result
from .model import CalibrationModel
from .names import statistic_name

MEASURED, SIMULATED = "measured", "simulated"
NONE = np.empty(0)
REPLICATES, SEED = "DRAWS", "SEED"


class CloudPlot(PlotFrame):
    """Histogram and density of one band with mode, median, mean and inflection and their errors.
    The ids of points are bars (numbers) and statistics. Signal ``band_picked``: another band.
    """

    band_picked = pyqtSignal(str)
    name = "calibration_cloud_statistics"
    legend_share = 0.3

    def __init__(self, model: CalibrationModel) -> None:
        self._model = model
        self.pdf: CloudPdf | None = None
        super().__init__(tr("Cloud statistics"))
        self.box = choice_box(tr("Band"), tr("The band whose clouds are counted"))
        self.side = choice_box(tr("Reflectance"), tr("Measured by the sensor, or simulated"))
        self.side.addItem(tr("measured"), MEASURED)
        self.side.addItem(tr("simulated"), SIMULATED)
        self.box.activated.connect(lambda _index: self.band_picked.emit(self.box.currentData()))
        self.side.activated.connect(lambda _index: (self.draw(), self.fit()))
        self.controls.addWidget(self.box)
        self.controls.addWidget(self.side)
        self.words = label()
        self.layout().insertWidget(1, self.words)
        self.plot = self.add_plot(tr("Clouds"), tr("Reflectance"))
        legend = self.add_legend(self.plot)
        self.bars = pg.BarGraphItem(x=[], height=[], width=0.1)
        self.plot.addItem(self.bars)
        self.curve = items.add_curve(self.plot, tr("Density"))
        self.spans = {which: pg.LinearRegionItem(movable=False) for which in Statistic}
        self.lines = {which: pg.InfiniteLine(angle=90) for which in Statistic}
        for item in (*self.spans.values(), *self.lines.values()):
            self.plot.addItem(item, ignoreBounds=True)
        self.keys = {which: pg.PlotCurveItem() for which in Statistic}
        for which in Statistic:
            legend.addItem(self.keys[which], statistic_name(which))
        self.add_command()
        self.ready()

    def offer(self) -> None:
        """Offer the bands of the table."""
        offer_bands(self.box, self._model.rows.bands, self._model.rows.wavelength_nm)

    @property
    def _applies(self) -> bool:
        inputs = self._model.inputs
        return inputs is not None and inputs.algorithm == CLOUDS

    # -- computed ----------------------------------------------------------------------------------

    def _values(self) -> tuple[AnyArray, AnyArray, AnyArray]:
        rows = self._model.counted_rows()
        table = self._model.rows
        return table["measured"][rows], table["simulated"][rows], table.time[rows]

    def job(self) -> Job | None:
        """The bootstrap errors, where they are not there yet; as many draws as the run had."""
        key = self._model.state_key()
        if not self._applies or late_result(self._model, self.name, key) is not None:
            return None
        values, inputs = self._values(), self._model.inputs
        given = inputs.parameters if inputs is not None else {}
        draws, seed = (_whole(given.get(one), other) for one, other in
                       ((REPLICATES, 500), (SEED, 0)))  # fmt: skip
        return Job(
            key, tr("Draw clouds for bootstrap errors"),
            lambda _progress: cloud_ratios(*values, replicates=draws, seed=seed),
        )  # fmt: skip

    def ratios(self) -> CloudRatios | CalValError:
        """What there is: with errors where they are computed, else without; or why not."""
        found = late_result(self._model, self.name, self._model.state_key())
        if isinstance(found, CloudRatios | CalValError):
            return found
        try:
            return cloud_ratios(*self._values(), replicates=0)
        except CalValError as error:
            return error

    # -- drawing -----------------------------------------------------------------------------------

    def draw(self) -> None:
        """Paint the distribution, or say what it is for."""
        self.pdf = None
        for box in (self.box, self.side):
            box.setVisible(self._applies)
        if not self._applies:
            self.title.setText(tr("Cloud statistics"))
            self.words.setText("")
            self.instead(_no_clouds())
            return
        found, model = self.ratios(), self._model
        self.box.setCurrentIndex(self.box.findData(model.band))
        name = band_name(model.band, model.rows.wavelength_nm(model.band))
        self.title.setText(tr("Clouds in {}").format(name))
        if not isinstance(found, CloudRatios):
            self.words.setText("")
            self.instead(str(found))
            return
        self.instead("")
        simulated = self.side.currentData() == SIMULATED
        self.pdf = found.simulated if simulated else found.measured
        text = tr("Simulated TOA reflectance") if simulated else tr("Measured TOA reflectance")
        self.name_axis(self.plot, "bottom", text)
        self.words.setText(_ratio_text(found, model.errors))
        self._draw_pdf(self.pdf)
        layers = [self._draw_statistics(self.pdf)]
        middles = (self.pdf.edges[:-1] + self.pdf.edges[1:]) / 2.0
        ids = np.arange(len(middles)).astype(object)
        layers.append(Points(self.plot, middles, self.pdf.counts / 2.0, ids))
        self.arrange_legend()
        self.listen(layers)

    def _draw_pdf(self, pdf: CloudPdf) -> None:
        shown = self._model.bands
        dark = self.theme.dark
        place = shown.index(self._model.band) if self._model.band in shown else 0
        color = faint(track_color(place, dark), 90)
        self.bars.setOpts(
            x=(pdf.edges[:-1] + pdf.edges[1:]) / 2.0, height=pdf.counts, width=np.diff(pdf.edges),
            brush=pg.mkBrush(color), pen=pg.mkPen(self.theme.background),
        )  # fmt: skip
        items.put_curve(self.curve, pdf.grid, pdf.height, pg.mkPen(self.theme.foreground, width=2))

    def _draw_statistics(self, pdf: CloudPdf) -> Points:
        errors, places, spots, heights = self._model.errors, [], [], []
        for which in Statistic:
            color = lifted(palette.STATISTICS[which], self.theme)
            value, half = pdf.value[which], errors * pdf.error[which]
            pen = pg.mkPen(color, width=2, style=_style(which))
            self.lines[which].setPen(pen)
            self.lines[which].setPos(value)
            self.keys[which].setPen(pen)
            span = self.spans[which]
            span.setVisible(bool(np.isfinite(half)))
            if np.isfinite(half):
                span.setBrush(pg.mkBrush(faint(color, 60)))
                for edge in span.lines:
                    edge.setPen(pg.mkPen(None))
                span.setRegion((value - half, value + half))
            self.plot.legend.rename(self.keys[which], f"{statistic_name(which)} {_pm(value, half)}")
            places.append(which)
            spots.append(value)
            heights.append(float(np.interp(value, pdf.grid, pdf.height)))
        ids = np.empty(len(places), dtype=object)
        ids[:] = places
        return Points(self.plot, np.array(spots), np.array(heights), ids)

    # -- answers -----------------------------------------------------------------------------------

    def describe(self, identity: Any) -> str:
        """A statistic, or a bar, in two lines."""
        pdf = self.pdf
        if pdf is None:
            return " \n "
        if isinstance(identity, Statistic):
            half = self._model.errors * pdf.error[identity]
            return f"{statistic_name(identity)}: {_pm(pdf.value[identity], half)}\n" + tr(
                "± {} standard errors by bootstrap of months"
            ).format(self._model.errors)
        place = int(identity)
        low, high = (number(float(one), 4) for one in pdf.edges[place : place + 2])
        return tr("Reflectance from {low} to {high}: {count} clouds").format(
            low=low, high=high, count=int(pdf.counts[place])
        ) + "\n "  # fmt: skip

    def columns(self) -> Mapping[str, AnyArray]:
        """A row per statistic, then one per bar; cells that do not belong to a row are empty."""
        pdf, found = self.pdf, self.ratios()
        if pdf is None or not isinstance(found, CloudRatios):
            return {}
        bars, stats = len(pdf.counts), len(Statistic)
        empty, gap = np.full(bars, np.nan), np.full(stats, np.nan)

        def numbers(values: Mapping[Statistic, float]) -> AnyArray:
            return np.concatenate([[values[one] for one in Statistic], empty])

        names = [one.value for one in Statistic] + ["bar"] * bars
        return {
            "band": np.full(stats + bars, self._model.band, dtype=object),
            "what": np.array(names, dtype=object),
            "reflectance": numbers(pdf.value), "standard_error": numbers(pdf.error),
            "a_k": numbers(found.a_k), "a_k_standard_error": numbers(found.error),
            "reflectance_from": np.concatenate([gap, pdf.edges[:-1]]),
            "reflectance_to": np.concatenate([gap, pdf.edges[1:]]),
            "count": np.concatenate([gap, pdf.counts]),
        }  # fmt: skip


def _ratio_text(found: CloudRatios, errors: int) -> str:
    parts = [
        f"{statistic_name(one)} {_pm(found.a_k[one], errors * found.error[one])}"
        for one in Statistic
    ]
    start = tr("A_k, measured by simulated ({} clouds): ").format(found.measured.count)
    return start + " · ".join(parts)


def _pm(value: float, half: float) -> str:
    """The errors come later than the value, and never where all clouds are of one month."""
    return f"{number(value, 4)} ± {number(half, 4)}"


def _style(which: Statistic) -> Any:
    styles = Qt.PenStyle
    return {
        Statistic.MODE: styles.SolidLine, Statistic.MEDIAN: styles.DashLine,
        Statistic.MEAN: styles.DotLine, Statistic.INFLECTION: styles.DashDotLine,
    }[which]  # fmt: skip


def _whole(value: Any, other: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else other


def _no_clouds() -> str:
    return tr(
        "This is for runs of “Calibrate bands over clouds”: open the calibration database that "
        "keeps such a run, and choose it under “Run”. The reflectances of its clouds are shown "
        "here with mode, median, mean and inflection and their bootstrap errors."
    )
