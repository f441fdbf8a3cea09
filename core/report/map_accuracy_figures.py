# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures of reports on maps of classes: the confusion matrix, accuracies and areas by class."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..classification.accuracy.area_accuracy import Z_95
from ..classification.accuracy.assess_tables import class_bounds, hectares
from ..classification.accuracy.assessment import Assessment
from ..classification.confusion import Confusion
from ..dependencies import require
from ..types import FloatArray
from . import palette
from .charts import IntervalRow, interval_chart
from .document import Figure
from .figures import PNG_ALWAYS, canvas, finish, plain
from .numbers import format_number

_SIDE = 7.4  # inches, at most
_NUMBERS = 25  # classes; above, numbers no longer fit into the cells
_DARK = 0.55  # share from which numbers are white
_LABEL = 20  # letters


def confusion_figure(confusion: Confusion) -> Figure:
    """The matrix: the color is the share of the reference class (row), the number the samples."""
    colors = require("matplotlib.colors")
    counts, labels = confusion.counts, confusion.classes.labels
    totals = counts.sum(axis=1, keepdims=True)
    shares = np.divide(counts, totals, out=np.full(counts.shape, np.nan), where=totals > 0.0)
    side = float(np.clip(2.4 + 0.45 * len(labels), 3.8, _SIDE))
    ramp = colors.LinearSegmentedColormap.from_list("share", ("#FFFFFF", *palette.DENSITY))
    ramp.set_bad(palette.MASKED)
    with canvas(width=side + 1.6, height=side) as (figure, axes):
        image = axes.imshow(shares, cmap=ramp, vmin=0.0, vmax=1.0)
        bar = figure.colorbar(image, ax=axes, shrink=0.85)
        bar.set_label("share of the reference class")
        names = [plain(label, _LABEL) for label in labels]
        axes.set_xticks(range(len(names)), names, rotation=45, ha="right", rotation_mode="anchor")
        axes.set_yticks(range(len(names)), names)
        axes.set(xlabel="map", ylabel="reference")
        axes.grid(visible=False)
        if len(labels) <= _NUMBERS:
            _numbers(axes, counts, shares)
        caption = (
            "Samples by class in the reference (rows) and in the map (columns). The color is the "
            "share of the row; gray rows have no sample."
        )
        points = PNG_ALWAYS if len(labels) > _NUMBERS else len(labels)
        return finish(figure, points, "Confusion matrix.", caption)


def _numbers(axes: Any, counts: FloatArray, shares: FloatArray) -> None:
    size = 8.5 if len(counts) <= 12 else 6.5
    for (row, column), count in np.ndenumerate(counts):
        if count:
            whole = float(count).is_integer()
            text = format_number(float(count), 0 if whole else 1)
            color = palette.PAPER if shares[row, column] > _DARK else palette.INK
            axes.text(column, row, text, ha="center", va="center", fontsize=size, color=color)


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
