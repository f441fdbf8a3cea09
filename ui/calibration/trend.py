# SPDX-License-Identifier: GPL-3.0-or-later
"""How A_k of one band changes with time: the best model, its intervals, and lasting changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyqtgraph as pg
from qgis.PyQt.QtCore import Qt, pyqtSignal

from ...core.calibration.parameter_update import KINDS
from ...core.calibration.parameter_update import Model as Models
from ...core.calibration.trend_changes import MOST_CHANGES
from ...core.calibration.trend_curve import trend_at, trend_curve
from ...core.calibration.trend_models import Change, Trend, TrendChoice
from ...core.calibration.trend_terms import Terms, terms
from ...core.calibration.trends import fit_trends
from ...core.types import AnyArray
from ..names import band_name, track_color
from ..plots import items
from ..plots.frame import PlotFrame
from ..plots.items import seconds
from ..plots.nearest import Points
from ..text import tr
from ..theme import faint
from ..widgets import choice_box, label, offer_bands
from .late import Job, late_fault, late_result
from .model import SEASON, SITE_OFFSETS, CalibrationModel
from .names import describe
from .trend_words import change_text, model_name, trend_text

SIZE = 6
CHANGE = "change"
NONE = np.empty(0)


class TrendPlot(PlotFrame):
    """Coefficients that count, less the levels of their sites, and the model through them. The ids
    of points are rows; those of changes are tuples (``CHANGE``, place). Signals: ``band_picked`` a
    band, ``model_picked`` which models are tried.
    """

    band_picked = pyqtSignal(str)
    model_picked = pyqtSignal(str)
    name = "calibration_trend"
    legend_share = 0.3

    def __init__(self, model: CalibrationModel) -> None:
        self._model = model
        super().__init__(tr("Trend"))
        self.box = choice_box(tr("Band"), tr("The band whose trend is sought"))
        self.models = choice_box(
            tr("Model"),
            tr(
                "Which models of time are tried; shown is the simplest one whose criterion is less "
                "than 2 above the smallest"
            ),
        )
        for one in Models:
            self.models.addItem(model_name(one), one.value)
        self.box.activated.connect(lambda _index: self.band_picked.emit(self.box.currentData()))
        self.models.activated.connect(
            lambda _index: self.model_picked.emit(self.models.currentData())
        )
        self.controls.addWidget(self.box)
        self.controls.addWidget(self.models)
        self.words = label()
        self.layout().insertWidget(1, self.words)
        self.plot = self.add_plot(tr("A_k (measured / simulated)"), tr("Date (UTC)"), dates=True)
        self._make_items()
        self.add_command()
        self.ready()

    def _make_items(self) -> None:
        plot, legend = self.plot, self.add_legend(self.plot)
        self.points = items.add_points(plot, SIZE, name=tr("Coefficients that count"))
        self.new_edges, self.new_filled = _band(plot, -30)
        self.edges, self.filled = _band(plot, -20)
        self.curve = items.add_curve(plot, tr("Model"))
        self.spans = [pg.LinearRegionItem(movable=False) for _ in range(MOST_CHANGES)]
        self.lines = [pg.InfiniteLine(angle=90) for _ in range(MOST_CHANGES)]
        for item in (*self.spans, *self.lines):
            plot.addItem(item, ignoreBounds=True)
        for span in self.spans:
            span.setZValue(-10)
        self.one = pg.InfiniteLine(pos=1.0, angle=0)
        plot.addItem(self.one, ignoreBounds=True)
        self.inner_key, self.outer_key = (pg.ScatterPlotItem(size=12, symbol="s") for _ in "ab")
        self.change_key = pg.PlotCurveItem()
        legend.addItem(self.inner_key, tr("95 % interval of the model"))
        legend.addItem(self.outer_key, tr("95 % of new coefficients"))
        legend.addItem(self.change_key, tr("Change, with the 95 % interval of its date"))

    def offer(self) -> None:
        """Offer the bands of the table."""
        offer_bands(self.box, self._model.rows.bands, self._model.rows.wavelength_nm)

    # -- computed in the background ----------------------------------------------------------------

    def _key(self) -> object:
        return (*self._model.state_key(), self._model.trend_model)

    def job(self) -> Job | None:
        """The models of what counts, where they are not there yet."""
        model = self._model
        if model.inputs is None or late_result(model, self.name, self._key()) is not None:
            return None
        rows = model.counted_rows()
        time, values = model.rows.time[rows], model.rows.a_k[rows]
        kinds, beside = KINDS[model.trend_model], self._beside(rows)
        return Job(
            self._key(), tr("Fit models of the trend"),
            lambda progress: fit_trends(time, values, kinds, terms=beside, progress=progress),
        )  # fmt: skip

    def _beside(self, rows: AnyArray) -> Terms:
        """What is fitted beside the trend."""
        table = self._model.rows
        return terms(table.time[rows], table.site[rows], SITE_OFFSETS, SEASON)

    def _levels(self, rows: AnyArray) -> AnyArray:
        """How far the sites of the rows (n,) are from the level of the trend, as far as known."""
        trend = self.trend
        if trend is None:
            return np.zeros(len(rows))
        return np.asarray(self._beside(rows).columns @ trend.sizes)

    @property
    def choice(self) -> TrendChoice | None:
        """The models, None where they are not there (yet)."""
        found = late_result(self._model, self.name, self._key())
        return found if isinstance(found, TrendChoice) else None

    @property
    def trend(self) -> Trend | None:
        """The best model."""
        return self.choice.best if self.choice is not None else None

    # -- drawing -----------------------------------------------------------------------------------

    def draw(self) -> None:
        """Paint what counts, and the model where it is there."""
        model = self._model
        if model.inputs is None:
            self.words.setText("")
            self.instead(tr("Open coefficients to see their trend."))
            return
        self.instead("")
        self.box.setCurrentIndex(self.box.findData(model.band))
        self.models.setCurrentIndex(self.models.findData(model.trend_model.value))
        rows = model.counted_rows()
        x, y = seconds(model.rows.time[rows]), model.rows.a_k[rows] - self._levels(rows)
        color = faint(self._color(), 150)
        items.put_points(self.points, x, y, pg.mkPen(None), pg.mkBrush(color))
        self.one.setPen(pg.mkPen(self.theme.foreground, width=1))
        name = band_name(model.band, model.rows.wavelength_nm(model.band))
        self.title.setText(tr("Trend of A_k, {}").format(name))
        self._draw_trend()
        changes = self._draw_changes()
        self.plot.legend.set_shown(self.change_key, len(changes.x) > 0)
        self.arrange_legend()
        self.listen([Points(self.plot, x, y, rows), changes])

    def _draw_trend(self) -> None:
        trend, theme, model = self.trend, self.theme, self._model
        rows = model.counted_rows()
        found = late_result(model, self.name, self._key())
        if trend is None:
            self.words.setText(self._lack(found))
            for item in (self.curve, *self.edges, *self.new_edges):
                items.put_curve(item, NONE, NONE, None)
        else:
            self.words.setText(trend_text(found))
            made = trend_curve(trend, model.rows.time[rows])
            x = seconds(made.time)
            items.put_curve(self.curve, x, made.mean, pg.mkPen(theme.fitted, width=2))
            for edges, pair in (
                (self.edges, (made.low, made.high)), (self.new_edges, (made.new_low, made.new_high))
            ):  # fmt: skip
                for item, y in zip(edges, pair, strict=True):
                    items.put_curve(item, x, y, None)
        for filled, key, alpha in (
            (self.filled, self.inner_key, 90), (self.new_filled, self.outer_key, 35)
        ):  # fmt: skip
            brush = pg.mkBrush(faint(theme.fitted, alpha))
            filled.setBrush(brush)
            filled.setVisible(trend is not None)
            key.opts.update(pen=pg.mkPen(None), brush=brush)
            self.plot.legend.set_shown(key, trend is not None)
        self.plot.legend.set_shown(self.curve, trend is not None)

    def _lack(self, found: Any) -> str:
        """Why there is no model, in a sentence."""
        if found is not None:
            return str(found)
        return late_fault(self._model, self.name, self._key()) or tr("Fitting models…")

    def _draw_changes(self) -> Points:
        trend = self.trend
        changes: tuple[Change, ...] = trend.changes if trend is not None else ()
        pen = pg.mkPen(self.theme.reference, width=2, style=Qt.PenStyle.DashLine)
        self.change_key.setPen(pen)
        for place, (line, span) in enumerate(zip(self.lines, self.spans, strict=True)):
            there = place < len(changes)
            line.setVisible(there)
            span.setVisible(there)
            if there:
                one = changes[place]
                first, middle, last = seconds(np.array([one.earliest, one.time, one.latest]))
                line.setPen(pen)
                line.setPos(middle)
                span.setBrush(pg.mkBrush(faint(self.theme.reference, 50)))
                for edge in span.lines:
                    edge.setPen(pg.mkPen(None))
                span.setRegion((first, last))
        if trend is None or not changes:
            return Points(self.plot, NONE, NONE, NONE)
        times = np.array([one.time for one in changes])
        ids = np.empty(len(changes), dtype=object)
        ids[:] = [(CHANGE, place) for place in range(len(changes))]
        return Points(self.plot, seconds(times), trend.at(times)[0], ids)

    def _color(self) -> Any:
        shown = self._model.bands
        if self._model.band in shown:
            return track_color(shown.index(self._model.band), self.theme.dark)
        return self.theme.muted

    # -- answers -----------------------------------------------------------------------------------

    def describe(self, identity: Any) -> str:
        """A coefficient, or a change, in two lines."""
        if not isinstance(identity, tuple):
            row = int(identity)
            return describe(self._model, row, str(self._model.visible().reason[row]))
        trend = self.trend
        if trend is None:
            return " \n "
        return change_text(trend, int(identity[1])) + "\n "

    def columns(self) -> Mapping[str, AnyArray]:
        """A row per coefficient: with the model and its intervals at its time."""
        model, trend = self._model, self.trend
        rows = model.counted_rows()
        time = model.rows.time[rows]
        found = {
            "band": model.rows.band[rows], "site": model.rows.site[rows], "time": time,
            "a_k": model.rows.a_k[rows],
        }  # fmt: skip
        if trend is None:
            return found
        made = trend_at(trend, time)
        since = np.searchsorted(np.array([one.time for one in trend.changes], time.dtype), time,
                                side="right")  # fmt: skip
        return {
            **found, "site_level": self._levels(rows),
            "model": np.full(len(rows), trend.kind.value, dtype=object),
            "changes_before": since.astype(np.int64), "fitted": made.mean, "fitted_low": made.low,
            "fitted_high": made.high, "new_low": made.new_low, "new_high": made.new_high,
        }  # fmt: skip


def _band(plot: pg.PlotItem, depth: int) -> tuple[list[pg.PlotCurveItem], pg.FillBetweenItem]:
    edges = [items.add_curve(plot), items.add_curve(plot)]
    filled = pg.FillBetweenItem(*edges)
    filled.setZValue(depth)
    plot.addItem(filled, ignoreBounds=True)
    return edges, filled
