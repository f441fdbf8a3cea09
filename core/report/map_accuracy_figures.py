# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures of reports on maps of classes: the confusion matrix, accuracies and areas by class."""

from __future__ import annotations

import numpy as np

from ..classification.accuracy.area_accuracy import Z_95
from ..classification.accuracy.assess_tables import class_bounds, hectares
from ..classification.accuracy.assessment import Assessment
from . import palette
from .charts import IntervalRow, interval_chart
from .document import Figure
from .figures import canvas, finish, plain

_LABEL = 20  # letters


def f_score_figure(found: Assessment) -> Figure:
    """F-scores by class: weighted by area where the areas are known."""
    labels, adjusted = found.confusion.classes.labels, found.adjusted
    if adjusted is None:
        values, bounds, kind = (
            found.confusion.f_scores,
            class_bounds(found, "f_score"),
            "unweighted",
        )
    else:
        one = adjusted.f_scores
        half = Z_95 * one.errors
        values, kind = one.values, "weighted by area"
        bounds = np.clip(np.column_stack([one.values - half, one.values + half]), 0.0, 1.0)
    rows = [
        IntervalRow(label, value, low, high)
        for label, value, (low, high) in zip(labels, values, bounds, strict=True)
    ]
    return interval_chart(rows, f"F-score, {kind}", "F-scores of the classes.")


def area_figure(found: Assessment) -> Figure | None:
    """Areas by class: those of the map, and those that the samples say."""
    if found.adjusted is None or found.areas is None:
        return None
    areas = hectares(found.adjusted.shares, found)
    half = Z_95 * areas.errors
    names = [plain(label, _LABEL) for label in found.confusion.classes.labels]
    places = np.arange(len(names))
    with canvas(height=min(1.2 + 0.34 * max(len(names), 2), 18.0)) as (figure, axes):
        look = {"markeredgecolor": palette.INK, "linestyle": "", "markersize": 7}
        axes.hlines(places, np.maximum(areas.values - half, 0.0), areas.values + half,
                    color=palette.INK, linewidth=1.3, zorder=2)  # fmt: skip
        axes.plot(areas.values, places, "o", color=palette.REFERENCE, zorder=3,
                  label="estimated from the samples, 95 % interval", **look)  # fmt: skip
        axes.plot(found.areas, places, "D", color=palette.ACCEPTED, zorder=4,
                  label="counted in the map", **look)  # fmt: skip
        axes.set_yticks(places, names)
        axes.set_ylim(len(names) - 0.4, -0.6)
        axes.set_xlim(left=0.0)
        axes.set_xlabel("area (ha)")
        axes.grid(axis="y", visible=False)
        axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), frameon=False, ncols=2)
        return finish(figure, len(names), "Areas of the classes with intervals.")
