# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures of the report on a classifier."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..classification.confusion import Confusion
from ..classification.training.train import IMPURITY, Trained
from ..types import FloatArray
from . import palette
from .charts import NO_INTERVAL, IntervalRow, interval_chart
from .confusion_figure import confusion_figure
from .document import Figure
from .figures import canvas, finish, plain

_MOST_CLASSES = 40  # in a matrix with labels
_ROOM = 0.24  # of a row, between two ways of validation
_WAYS = (
    ("random", "Random cross-validation", palette.MASKED, "o"),
    ("spatial", "Spatial cross-validation", palette.ACCEPTED, "o"),
    ("test", "Test samples", palette.REFERENCE, "D"),
)


def by_class(found: Trained) -> Figure:
    """F-scores of the classes by all ways of validation with 95 % intervals, one row per class."""
    labels = found.model.classes.labels
    known = [way for way in _WAYS if getattr(found, way[0]) is not None]
    with canvas(height=min(1.2 + 0.2 * (len(known) + 0.5) * max(len(labels), 2), 18.0)) as (
        figure, axes,
    ):  # fmt: skip
        for place, way in enumerate(known):
            rows = np.arange(len(labels)) + _ROOM * (place - (len(known) - 1) / 2.0)
            bounds = found.bounds[way[0]].f_scores
            axes.hlines(rows, *bounds.T, color=palette.INK, linewidth=1.2, zorder=2)
            _marks(axes, way, getattr(found, way[0]).f_scores, rows, bounds)
        axes.hlines(
            np.arange(1, len(labels)) - 0.5, 0.0, 1.0, color=palette.GRID, linewidth=0.8, zorder=1
        )
        names = [f"{plain(one, 34)} ({found.counts[one]:,})" for one in labels]
        axes.set_yticks(np.arange(len(labels)), names)
        axes.set_ylim(len(labels) - 0.4, -0.6)
        axes.set_xlim(-0.03, 1.03)
        axes.set_xlabel("F-score")
        axes.grid(axis="y", visible=False)
        axes.legend(
            loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=len(known), frameon=False,
            borderaxespad=0.2,
        )  # fmt: skip
        alt = f"F-scores of {len(labels)} classes by {len(known)} ways of validation."
        known_all = all(np.isfinite(found.bounds[way[0]].f_scores).all() for way in known)
        caption = (
            f"Lines: 95 % intervals{'' if known_all else f'; hollow: {NO_INTERVAL}'}. Training "
            "samples in brackets. The farther spatial lies left of random, the more a class was "
            "told by its neighbors."
        )
        return finish(figure, len(labels), alt, caption)


def _marks(
    axes: Any, way: tuple[str, str, str, str], scores: FloatArray, rows: FloatArray,
    bounds: FloatArray,
) -> None:  # fmt: skip
    """The scores of a way of validation, hollow where they have no interval."""
    told = np.isfinite(bounds).all(axis=1)
    for chosen, face, label in ((told, way[2], way[1]), (~told, palette.PAPER, None)):
        axes.plot(
            scores[chosen], rows[chosen], way[3], color=face, markersize=6, zorder=3, label=label,
            markeredgecolor=palette.INK if label else way[2], markeredgewidth=1.0 if label else 1.6,
        )  # fmt: skip


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
    return interval_chart(
        rows, title, f"Importance of the {len(rows)} first features.", zero=0.0,
        without="of one training: no interval is known",
    )  # fmt: skip
