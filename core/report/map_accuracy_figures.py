# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures of reports on maps of classes: the confusion matrix, accuracies and areas by class."""

from __future__ import annotations

import numpy as np

from ..classification.accuracy.assess_tables import class_bounds, hectares
from ..classification.accuracy.assessment import Assessment
from ..types import FloatArray
from . import palette
from .charts import NO_INTERVAL, IntervalRow, interval_chart
from .document import Figure
from .figures import canvas, finish, plain

_LABEL = 20  # letters


def f_score_bounds(found: Assessment) -> FloatArray:
    """95 % bounds (classes, 2) of the F-scores that are shown: by area where areas are known."""
    if found.adjusted is None:
        return class_bounds(found, "f_score")
    return found.adjusted.f_scores.bounds


def f_score_figure(found: Assessment) -> Figure:
    """F-scores by class: weighted by area where the areas are known."""
    labels, adjusted = found.confusion.classes.labels, found.adjusted
    values, kind = (
        (found.confusion.f_scores, "unweighted") if adjusted is None
        else (adjusted.f_scores.values, "weighted by area")
    )  # fmt: skip
    rows = [
        IntervalRow(label, value, low, high)
        for label, value, (low, high) in zip(labels, values, f_score_bounds(found), strict=True)
    ]
    return interval_chart(
        rows, f"F-score, {kind}", "F-scores of the classes.", "Lines: 95 % intervals.",
        without=NO_INTERVAL,
    )  # fmt: skip


def area_figure(found: Assessment) -> Figure | None:
    """Areas by class: those of the map, and those that the samples say."""
    if found.adjusted is None or found.areas is None:
        return None
    areas = hectares(found.adjusted.shares, found)
    known = np.isfinite(areas.bounds).all(axis=1)
    names = [plain(label, _LABEL) for label in found.confusion.classes.labels]
    places = np.arange(len(names))
    with canvas(height=min(1.2 + 0.34 * max(len(names), 2), 18.0)) as (figure, axes):
        look = {"markeredgecolor": palette.INK, "linestyle": "", "markersize": 7}
        axes.hlines(places, *areas.bounds.T, color=palette.INK, linewidth=1.3, zorder=2)
        axes.plot(areas.values[known], places[known], "o", color=palette.REFERENCE, zorder=3,
                  label="estimated from the samples, 95 % interval", **look)  # fmt: skip
        if not known.all():
            # Wider than the mark of the map, which lies on it where no error is seen.
            axes.plot(areas.values[~known], places[~known], "o", color=palette.PAPER, zorder=3,
                      label=f"estimated, {NO_INTERVAL}", **look | {"markersize": 12})  # fmt: skip
        axes.plot(found.areas, places, "D", color=palette.ACCEPTED, zorder=4,
                  label="counted in the map", **look)  # fmt: skip
        axes.set_yticks(places, names)
        axes.set_ylim(len(names) - 0.4, -0.6)
        axes.set_xlim(left=0.0)
        axes.set_xlabel("area (ha)")
        axes.grid(axis="y", visible=False)
        axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), frameon=False, ncols=2)
        return finish(figure, len(names), "Areas of the classes with intervals.")
