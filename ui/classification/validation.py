# SPDX-License-Identifier: GPL-3.0-or-later
"""What a classifier is worth: random and spatial cross-validation side by side, and the test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyqtgraph as pg
from qgis.PyQt.QtGui import QColor

from ...core.classification.views.model_view import WAYS, ModelView
from ...core.types import AnyArray, FloatArray
from ..plots import items
from ..plots.frame import PlotFrame
from ..plots.nearest import Points
from ..text import number, percent, tr
from .matrix import short_label
from .model import LandCoverModel

SYMBOLS = {"random": "o", "spatial": "s", "test": "d"}
ROOM = 0.6  # rows above the first and below the last


class ValidationPlot(PlotFrame):
    """Overall accuracy in the first row, then the F-score of each class; a mark for each way."""

    name = "land_cover_validation"

    def __init__(self, model: LandCoverModel) -> None:
        self._model = model
        super().__init__(tr("Validation"))
        self.plot = self.add_plot("", tr("Overall accuracy, then F-score by class (%)"))
        self.plot.getViewBox().invertY(True)
        self.add_legend(self.plot)
        self.spans = items.add_curve(self.plot)
        self.marks = {way: items.add_points(self.plot, 11, SYMBOLS[way], " ") for way in WAYS}
        self.ready()

    def _dress(self, plot: pg.PlotItem) -> None:
        """As wide as names of classes need."""
        super()._dress(plot)
        plot.getAxis("left").setWidth(None)

    def draw(self) -> None:
        """Paint what the model file says."""
        facts = self._model.facts
        self.instead(validation_lack(self._model))
        if facts is None:
            self.title.setText(tr("Validation"))
            return
        labels = rows_of(facts)
        scores = {way: scores_of(facts, way) for way in facts.overall}
        self.title.setText(headline(facts))
        self.plot.getAxis("left").setTicks(
            [[(place, short_label(text)) for place, text in enumerate(labels)]]
        )
        layers = [self._mark(place, way, scores.get(way)) for place, way in enumerate(WAYS)]
        self._span(list(scores.values()))
        self.arrange_legend()
        self.listen(layers)

    def _mark(self, place: int, way: str, scores: FloatArray | None) -> Points:
        mark = self.marks[way]
        values = np.zeros(0) if scores is None else 100.0 * scores
        y = np.arange(len(values), dtype=np.float64)
        known = np.isfinite(values)
        color = way_color(self, way)
        items.put_points(
            mark, values[known], y[known], pg.mkPen(self.theme.foreground), pg.mkBrush(color)
        )
        self.plot.legend.set_shown(mark, scores is not None)
        self.plot.legend.rename(mark, way_name(way))
        return Points(self.plot, values[known], y[known], place + len(WAYS) * np.flatnonzero(known))

    def _span(self, scores: list[FloatArray]) -> None:
        """A line from the least to the best score of each row."""
        stacked = np.stack(scores) if scores else np.zeros((1, 0))
        known = np.isfinite(stacked).any(axis=0)
        ends = [100.0 * f(stacked[:, known], axis=0) for f in (np.nanmin, np.nanmax)]
        y = np.repeat(np.flatnonzero(known).astype(float), 2)
        x = np.stack(ends, axis=1).ravel() if known.any() else np.zeros(0)
        items.put_curve(self.spans, x, y, pg.mkPen(self.theme.muted, width=2), pairs=True)

    def fit(self) -> None:
        """All rows, from the least score to 100 %."""
        facts = self._model.facts
        if facts is None:
            return
        found = np.concatenate([scores_of(facts, way) for way in facts.overall] or [np.zeros(1)])
        low = float(np.nanmin(found)) if np.isfinite(found).any() else 0.0
        low = max(0.0, 100.0 * low - 5.0)
        rows = len(rows_of(facts))
        self.plot.getViewBox().setRange(
            xRange=(low, 101.5), yRange=(-ROOM, rows - 1 + ROOM), padding=0.0
        )

    def describe(self, identity: Any) -> str:
        """A score in two lines."""
        facts = self._model.facts
        if facts is None:
            return ""
        row, place = divmod(int(identity), len(WAYS))
        score = float(scores_of(facts, WAYS[place])[row])
        first = f"{rows_of(facts)[row]}, {way_name(WAYS[place])}: {percent(score, 1)}"
        if row == 0 or WAYS[place] not in facts.confusions:
            return f"{first}\n" + tr("overall accuracy")
        one = facts.confusions[WAYS[place]]
        return f"{first}\n" + tr("F-score; precision {precision}, recall {recall}").format(
            precision=percent(float(one.precision[row - 1]), 1),
            recall=percent(float(one.recall[row - 1]), 1),
        )

    def columns(self) -> Mapping[str, AnyArray]:
        """One row per class, the first for all of them."""
        facts = self._model.facts
        if facts is None:
            return {}
        columns: dict[str, AnyArray] = {"class": np.array(rows_of(facts), dtype=object)}
        for way in facts.overall:
            columns[f"{way}_overall_then_f_score"] = scores_of(facts, way)
        return columns


class ImportancePlot(PlotFrame):
    """The features that the classifier relies on most."""

    name = "land_cover_importance"

    def __init__(self, model: LandCoverModel) -> None:
        self._model = model
        super().__init__(tr("Importance"))
        self.plot = self.add_plot("", tr("Importance"))
        self.plot.getViewBox().invertY(True)
        self.bars = pg.BarGraphItem(x0=[], y=[], height=0.7, width=[])
        self.plot.addItem(self.bars)
        self.ready()

    def _dress(self, plot: pg.PlotItem) -> None:
        """As wide as names of features need."""
        super()._dress(plot)
        plot.getAxis("left").setWidth(None)

    def draw(self) -> None:
        """Paint what the model file says."""
        facts = self._model.facts
        lack = validation_lack(self._model)
        if not lack and facts is not None and not facts.importance:
            lack = tr("The file of this classifier does not say how important features are.")
        self.instead(lack)
        if facts is None or not facts.importance:
            self.title.setText(tr("Importance"))
            return
        values = np.array(list(facts.importance.values()))
        y = np.arange(len(values), dtype=np.float64)
        self.bars.setOpts(
            x0=np.zeros(len(values)), y=y, width=values, height=0.7,
            brush=pg.mkBrush(self.theme.accepted), pen=pg.mkPen(None),
        )  # fmt: skip
        self.plot.getAxis("left").setTicks(
            [[(place, short_label(name, 24)) for place, name in enumerate(facts.importance)]]
        )
        self.title.setText(tr("The {} most important features").format(len(values)))
        self.name_axis(
            self.plot, "bottom",
            tr("Accuracy lost when the feature is shuffled") if facts.measured == "shuffling"
            else tr("Share of the decrease of impurity"),
        )  # fmt: skip
        self.listen([Points(self.plot, values, y, np.arange(len(values)))])

    def fit(self) -> None:
        """All bars from zero."""
        facts = self._model.facts
        if facts is not None and facts.importance:
            most = max(facts.importance.values())
            least = min(0.0, *facts.importance.values())
            self.plot.getViewBox().setRange(
                xRange=(1.05 * least, 1.05 * most or 1.0),
                yRange=(-ROOM, len(facts.importance) - 1 + ROOM), padding=0.0,
            )  # fmt: skip

    def describe(self, identity: Any) -> str:
        """A feature."""
        facts = self._model.facts
        if facts is None:
            return ""
        name, value = list(facts.importance.items())[int(identity)]
        return f"{name}: {number(value, 4)}\n "

    def columns(self) -> Mapping[str, AnyArray]:
        """One row per feature."""
        facts = self._model.facts
        if facts is None:
            return {}
        return {
            "feature": np.array(list(facts.importance), dtype=object),
            "importance": np.array(list(facts.importance.values()), dtype=np.float64),
        }


def validation_lack(model: LandCoverModel) -> str:
    """Why there is nothing to show of a classifier, "" where there is."""
    if not model.model_path:
        return tr(
            "Open the file of a classifier (.npz): the output of Train a classifier "
            "(calval:trainclassifier)."
        )
    return "" if model.facts is not None else tr("There is no classifier in this file.")


def headline(facts: ModelView) -> str:
    """Random against spatial in a line."""
    if "random" not in facts.overall or "spatial" not in facts.overall:
        return tr("Validation")
    # Of the figures as they are read, so that the difference is theirs.
    random, spatial = (round(100.0 * facts.overall[way], 1) for way in ("random", "spatial"))
    return tr("Random {random}, spatial {spatial}: {gap} points between them").format(
        random=percent(facts.overall["random"], 1), spatial=percent(facts.overall["spatial"], 1),
        gap=number(abs(random - spatial), 1),
    )  # fmt: skip


def rows_of(facts: ModelView) -> list[str]:
    """All classes together, then each, where the file has them."""
    return [tr("All classes"), *(facts.classes.labels if facts.confusions else ())]


def scores_of(facts: ModelView, way: str) -> FloatArray:
    """Overall accuracy and F-scores (rows,) by a way, 0 to 1; NaN where there is none."""
    count = len(rows_of(facts)) - 1
    known = facts.confusions.get(way)
    own = known.f_scores if known is not None else np.full(count, np.nan)
    return np.concatenate([[facts.overall.get(way, float("nan"))], own])


def way_name(way: str) -> str:
    """What people call a way of validation."""
    return {
        "random": tr("random cross-validation"), "spatial": tr("spatial cross-validation"),
        "test": tr("test samples"),
    }[way]  # fmt: skip


def way_color(plot: PlotFrame, way: str) -> QColor:
    """The colors of the report on a classifier."""
    theme = plot.theme
    return {"random": theme.rejected, "spatial": theme.accepted, "test": theme.reference}[way]
