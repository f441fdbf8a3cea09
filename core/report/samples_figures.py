# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures of the report on samples: how many of each class, and where."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..classification.samples.run import SampleReport
from ..classification.samples.split import TEST, TRAIN, UNUSED
from . import palette
from .document import Figure
from .figures import canvas, finish, plain

_MOST_BARS = 40
_LOGARITHMIC = 100  # times as many samples of one class as of another
_HALF = 0.38  # of a row: the height of one bar


def bars(found: SampleReport) -> Figure | None:
    """Training and test samples of each class in run 0, all zones together."""
    first = found.summary.select(found.summary["run"] == 0)
    labels = list(found.reference.classes.labels)[:_MOST_BARS]
    counts = np.array([
        [first[key][first["class"] == label].sum() for label in labels]
        for key in ("train", "moved", "augmented", "test")
    ])  # fmt: skip
    made = counts[1] + counts[2]
    with canvas(height=min(1.3 + 0.34 * len(labels), 15.0)) as (figure, axes):
        rows = np.arange(len(labels))
        look: dict[str, Any] = {"height": _HALF, "edgecolor": palette.INK, "linewidth": 0.5}
        axes.barh(rows - 0.2, counts[0], color=palette.TRAINING, label="training", **look)
        if made.any():
            axes.barh(rows - 0.2, made, left=counts[0], color=palette.PAPER, hatch="////",
                      label="training, moved or made", **look)  # fmt: skip
        axes.barh(rows + 0.2, counts[3], color=palette.TESTING, label="test", **look)
        positive = counts[[0, 3]][counts[[0, 3]] > 0]
        if len(positive) and positive.max() > _LOGARITHMIC * positive.min():
            axes.set_xscale("log")
            axes.set_xlim(left=0.8)
        axes.set_yticks(rows, [plain(label) for label in labels])
        axes.set_ylim(len(labels) - 0.4, -0.6)
        axes.set_xlabel("samples in run 0")
        axes.grid(axis="y", visible=False)
        axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=3, frameon=False)
        more = len(found.reference.classes) - len(labels)
        caption = f"{more} more classes are in the table." if more > 0 else ""
        return finish(figure, len(labels), "Training and test samples of each class", caption)


def places(found: SampleReport) -> Figure:
    """The centers of the polygons: their side in run 0, and their spatial fold."""
    side = found.sides[:, 0]
    x, y = ("longitude", "latitude") if found.unit == "°" else ("easting", "northing")
    with canvas(height=4.6, columns=2) as (figure, axes):
        looks = (
            (TRAIN, "training", {"color": palette.TRAINING, "marker": "o"}),
            (TEST, "test", {"color": palette.TESTING, "marker": "s"}),
            (UNUSED, "too near a test", {"color": palette.REJECTED, "marker": "x"}),
        )
        for code, label, look in looks:
            _dots(axes[0], found, side == code, f"{label} ({np.count_nonzero(side == code)})", look)
        colors = palette.class_colors(int(found.folds.max(initial=1)))
        for fold in sorted(set(found.folds.tolist())):
            look = {"color": colors[fold - 1], "marker": "osD^vP*X"[fold % 8]}
            _dots(axes[1], found, found.folds == fold, str(fold), look)
        for one, title in zip(axes, ("Split, run 0", "Spatial folds"), strict=True):
            one.set_title(title, pad=26)
            one.set_xlabel(f"{x} ({found.unit})")
            one.set_aspect("equal", adjustable="datalim")
            one.ticklabel_format(useOffset=False, style="plain")
            one.tick_params(axis="x", labelrotation=30)
            one.locator_params(nbins=5)
            one.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=8, frameon=False,
                       handletextpad=0.1, columnspacing=0.8, borderaxespad=0.1)  # fmt: skip
        axes[0].set_ylabel(f"{y} ({found.unit})")
        return finish(figure, 2 * len(found.x), "Where training and test polygons and folds lie",
                      "Centers of the polygons.")  # fmt: skip


def _dots(axes: Any, found: SampleReport, rows: Any, label: str, look: dict[str, Any]) -> None:
    if rows.any():
        axes.plot(found.x[rows], found.y[rows], linestyle="", markersize=5,
                  markeredgecolor=palette.INK if look["marker"] != "x" else look["color"],
                  markeredgewidth=0.5, label=label, **look)  # fmt: skip
