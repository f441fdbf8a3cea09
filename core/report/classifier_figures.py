# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures of the report on a classifier."""

from __future__ import annotations

import numpy as np

from ..classification.confusion import Confusion
from ..classification.training.train import IMPURITY, Trained
from . import palette
from .charts import IntervalRow, interval_chart
from .confusion_figure import confusion_figure
from .document import Figure
from .figures import canvas, finish, plain

_MOST_CLASSES = 40  # in a matrix with labels
_WAYS = (
    ("random", "Random cross-validation", palette.MASKED, "o"),
    ("spatial", "Spatial cross-validation", palette.ACCEPTED, "o"),
    ("test", "Test samples", palette.REFERENCE, "D"),
)


def by_class(found: Trained) -> Figure:
    """F-scores of the classes by all ways of validation, one row per class."""
    labels = found.model.classes.labels
    known = [way for way in _WAYS if getattr(found, way[0]) is not None]
    with canvas(height=min(1.2 + 0.3 * max(len(labels), 2), 18.0)) as (figure, axes):
        scores = np.stack([getattr(found, way[0]).f_scores for way in known])
        places = np.arange(len(labels))
        axes.hlines(places, scores.min(axis=0), scores.max(axis=0), color=palette.GRID, linewidth=3)
        for way, row in zip(known, scores, strict=True):
            axes.plot(
                row, places, way[3], color=way[2], markeredgecolor=palette.INK, markersize=7,
                label=way[1],
            )  # fmt: skip
        names = [f"{plain(one, 34)} ({found.counts[one]:,})" for one in labels]
        axes.set_yticks(places, names)
        axes.set_ylim(len(labels) - 0.4, -0.6)
        axes.set_xlim(-0.03, 1.03)
        axes.set_xlabel("F-score")
        axes.grid(axis="y", visible=False)
        axes.legend(
            loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=len(known), frameon=False,
            borderaxespad=0.2,
        )  # fmt: skip
        alt = f"F-scores of {len(labels)} classes by {len(known)} ways of validation."
        caption = (
            "Training samples in brackets. The farther spatial lies left of random, the more a "
            "class was told by its neighbors."
        )
        return finish(figure, len(labels), alt, caption)


def confusion(matrix: Confusion, way: str) -> Figure | None:
    """The matrix of a way of validation; None without samples or for very many classes."""
    if not matrix.total or len(matrix.classes) > _MOST_CLASSES:
        return None
    words = f"Samples by {way}: reference in rows, what they are called in columns"
    return confusion_figure(matrix, "called", words)


def importance(found: Trained, most: int) -> Figure | None:
    """The most important features, the first on top; None where none has any."""
    order = np.argsort(-found.importance, kind="stable")[:most]
    if not found.importance[order[0]] > 0.0:
        return None
    rows = [
        IntervalRow(found.model.features[one], 100.0 * float(found.importance[one]))
        for one in order
    ]
    title = (
        "Share of importance, %"
        if found.measured == IMPURITY
        else "Probability of the true class lost, points"
    )
    return interval_chart(rows, title, f"Importance of the {len(rows)} first features.", zero=0.0)
