# SPDX-License-Identifier: GPL-3.0-or-later
"""The figure of a confusion matrix, of maps and of classifiers."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..classification.confusion import Confusion
from ..dependencies import require
from ..types import FloatArray
from . import palette
from .document import Figure
from .figures import PNG_ALWAYS, canvas, finish, plain
from .numbers import format_number

_SIDE = 7.4  # inches, at most
_NUMBERS = 25  # classes; above, numbers no longer fit into the cells
_DARK = 0.55  # share from which numbers are white
_LABEL = 20  # letters


def confusion_figure(confusion: Confusion, produced: str = "map", words: str = "") -> Figure:
    """The matrix: the color is the share of the reference class (row), the number the samples.

    ``produced``: what the columns are called; ``words`` begin the caption.
    """
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
        axes.set(xlabel=produced, ylabel="reference")
        axes.grid(visible=False)
        if len(labels) <= _NUMBERS:
            _numbers(axes, counts, shares)
        caption = (
            f"{words or 'Samples by class in the reference (rows) and in the map (columns)'}. The "
            "color is the share of the row; gray rows have no sample."
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
