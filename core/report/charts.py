# SPDX-License-Identifier: GPL-3.0-or-later
"""Charts that several domains use: intervals, matrices, histograms, time series. Each returns a
``Figure``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..dependencies import require
from ..types import AnyArray, FloatArray, TimeArray
from . import palette
from .document import Figure
from .figures import canvas, finish, plain
from .numbers import format_probability

_HISTOGRAM_BINS = 60
_MATRIX_SIDE = 7.4  # inches, at most
_MATRIX_LABELS = 40  # sites; above, labels no longer fit
_MATRIX_NUMBERS = 16  # sites; above, numbers no longer fit into the cells
NO_INTERVAL = "no interval is known"
_LEGEND_LETTERS = 80  # of all labels with their dots; above, one line does not hold them


@dataclass(frozen=True)
class IntervalRow:
    """One line of an interval chart: a value with bounds (NaN: none), its label, and a remark at
    the right.
    """

    label: str
    value: float
    low: float = float("nan")
    high: float = float("nan")
    color: str = palette.ACCEPTED
    remark: str = ""
    hollow: bool = False


@dataclass(frozen=True)
class Series:
    """Values (n,) over UTC times (n,) drawn with one marker."""

    label: str
    times: TimeArray
    values: FloatArray
    color: str = palette.ACCEPTED
    marker: str = "o"
    hollow: bool = False
    size: float = 3.5


@dataclass(frozen=True)
class Panel:
    """One row of a time-series chart."""

    title: str
    series: Sequence[Series]


def interval_chart(
    rows: Sequence[IntervalRow],
    axis_title: str,
    alt: str,
    caption: str = "",
    zero: float | None = None,
    legend: Sequence[tuple[str, str]] = (),
    without: str = "",
) -> Figure:
    """Dots with intervals, one row per label, the first on top; ``zero`` draws a vertical line
    there.

    ``legend``: (label, color) pairs. ``without``: what hollow dots mean, which those without an
    interval then are.
    """
    if without:
        rows = [replace(one, hollow=not np.isfinite(one.low + one.high)) for one in rows]
        if any(one.hollow and np.isfinite(one.value) for one in rows):
            legend = (*legend, (without, palette.PAPER))
    height = 1.0 + 0.3 * max(len(rows), 2)
    with canvas(height=min(height, 18.0)) as (figure, axes):
        for position, row in enumerate(rows):
            _draw_interval(axes, position, row)
        if zero is not None:
            axes.axvline(zero, color=palette.INK, linewidth=1.0)
        axes.set_yticks(range(len(rows)), [plain(row.label, 44) for row in rows])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlabel(axis_title)
        axes.grid(axis="y", visible=False)
        _remarks(axes, [row.remark for row in rows])
        if legend:
            _color_legend(axes, legend)
        return finish(figure, len(rows), alt, caption)


def _draw_interval(axes: Any, position: int, row: IntervalRow) -> None:
    if np.isfinite(row.low) and np.isfinite(row.high):
        axes.plot(
            [row.low, row.high], [position, position], color=palette.INK, linewidth=1.3, zorder=2
        )
    if np.isfinite(row.value):
        face = palette.PAPER if row.hollow else row.color
        axes.plot(
            row.value,
            position,
            "o",
            markersize=7,
            color=face,
            markeredgecolor=palette.INK,
            zorder=3,
        )


def _remarks(axes: Any, remarks: Sequence[str]) -> None:
    """Texts at the right edge, outside the axes, where nothing can overlap them."""
    if not any(remarks):
        return
    twin = axes.twinx()
    twin.set_ylim(axes.get_ylim())
    twin.set_yticks(range(len(remarks)), [plain(remark, 40) for remark in remarks])
    twin.tick_params(length=0)
    twin.grid(visible=False)


def _color_legend(axes: Any, legend: Sequence[tuple[str, str]]) -> None:
    """Above the axes, where it hides no row."""
    lines = require("matplotlib.lines")
    style = {"marker": "o", "markersize": 7, "linestyle": "", "markeredgecolor": palette.INK}
    handles = [lines.Line2D([], [], color=color, label=label, **style) for label, color in legend]
    place = {"loc": "lower left", "bbox_to_anchor": (0.0, 1.0), "borderaxespad": 0.2}
    # Long labels stand in lines of their own: in one line they would be cut at the edge.
    wide = sum(len(label) + 6 for label, _ in legend) > _LEGEND_LETTERS
    axes.legend(handles=handles, ncols=1 if wide else len(handles), frameon=False, **place)


def histogram_chart(
    values: FloatArray,
    axis_title: str,
    alt: str,
    caption: str = "",
    lines: Sequence[tuple[float, str, str]] = (),
    counted: str = "match-ups",
) -> Figure:
    """A histogram of finite ``values`` (n,); ``lines``: (position, label, line style) drawn over
    it.

    The axis spans the central 99.8 %; what lies beyond is counted into the outermost bars.
    """
    edges, counts = bars(values)
    with canvas(height=3.4) as (figure, axes):
        look = {"color": palette.ACCEPTED, "edgecolor": palette.PAPER, "linewidth": 0.4}
        axes.bar(edges[:-1], counts, width=np.diff(edges), align="edge", **look)
        for position, label, style in lines:
            axes.axvline(position, color=palette.INK, linestyle=style, linewidth=1.4, label=label)
        axes.set_xlabel(axis_title)
        axes.set_ylabel(f"{counted} per bar")
        axes.grid(axis="x", visible=False)
        if lines:
            axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
        return finish(figure, len(edges), alt, caption)


def bars(values: FloatArray) -> tuple[FloatArray, AnyArray]:
    """Edges (b + 1,) and counts (b,) of a histogram of ``values`` (n,), every one of them counted.

    The edges span the central 99.8 %; the outermost bars also count what lies beyond.
    """
    low, high = _span(values)
    edges = np.linspace(low, high, _bin_count(values) + 1, dtype=np.float64)
    counts, _ = np.histogram(np.clip(values, low, high), edges)
    return edges, counts


def _span(values: FloatArray) -> tuple[float, float]:
    low, high = (float(bound) for bound in np.percentile(values, (0.1, 99.9)))
    return (low, high) if high > low else (low - 0.5, low + 0.5)


def _bin_count(values: FloatArray) -> int:
    """Freedman and Diaconis (1981, DOI 10.1007/BF01025868), between 5 and 60 bars."""
    quarter, three = np.percentile(values, (25, 75))
    width = 2.0 * (three - quarter) / len(values) ** (1.0 / 3.0)
    low, high = _span(values)
    return int(np.clip(np.ceil((high - low) / width), 5, _HISTOGRAM_BINS)) if width > 0.0 else 5


def matrix_chart(
    values: FloatArray, labels: Sequence[str], bar_title: str, alt: str, caption: str = ""
) -> Figure:
    """A heat map of ``values`` (k, k) between 0 and 1 with 0.5 as neutral; the diagonal is left
    blank.
    """
    colors = require("matplotlib.colors")
    count = len(labels)
    side = float(np.clip(2.2 + 0.42 * count, 3.6, _MATRIX_SIDE))
    shown = np.array(values, dtype=float)
    np.fill_diagonal(shown, np.nan)
    with canvas(width=side + 1.6, height=side) as (figure, axes):
        ramp = colors.LinearSegmentedColormap.from_list("worse_to_better", palette.WORSE_TO_BETTER)
        image = axes.imshow(shown, cmap=ramp, vmin=0.0, vmax=1.0)
        figure.colorbar(image, ax=axes, label=bar_title, shrink=0.85)
        _matrix_labels(axes, labels)
        if count <= _MATRIX_NUMBERS:
            _matrix_numbers(axes, shown)
        axes.grid(visible=False)
        return finish(figure, count, alt, caption)


def _matrix_labels(axes: Any, labels: Sequence[str]) -> None:
    if len(labels) > _MATRIX_LABELS:
        axes.set_xlabel("rank")
        axes.set_ylabel("rank")
        return
    ticks = range(len(labels))
    names = [plain(label, 22) for label in labels]
    axes.set_xticks(ticks, names, rotation=45, ha="right", rotation_mode="anchor")
    axes.set_yticks(ticks, names)


def _matrix_numbers(axes: Any, values: FloatArray) -> None:
    for (row, column), value in np.ndenumerate(values):
        if np.isfinite(value):
            axes.text(
                column,
                row,
                format_probability(float(value)).replace("0.", "."),
                ha="center",
                va="center",
                fontsize=7.5,
            )


def series_chart(panels: Sequence[Panel], axis_title: str, alt: str, caption: str = "") -> Figure:
    """Time series, one panel below the other on one time axis and one value axis; the legend is
    shared.
    """
    dates = require("matplotlib.dates")
    points = sum(len(series.values) for panel in panels for series in panel.series)
    height = 0.9 + 1.55 * len(panels)
    with canvas(height=height, rows=len(panels), sharex=True, sharey=True, squeeze=False) as (
        figure,
        grid,
    ):
        for axes, panel in zip(grid[:, 0], panels, strict=True):
            for series in panel.series:
                _draw_series(axes, series)
            axes.set_title(plain(panel.title, 80))
        bottom = grid[-1, 0]
        locator = dates.AutoDateLocator(minticks=4, maxticks=10)
        bottom.xaxis.set_major_locator(locator)
        bottom.xaxis.set_major_formatter(dates.ConciseDateFormatter(locator))
        figure.supylabel(axis_title, fontsize=10)
        bottom.set_xlabel("time (UTC)")
        _shared_legend(figure, grid[:, 0])
        return finish(figure, points, alt, caption)


def _draw_series(axes: Any, series: Series) -> None:
    face = "none" if series.hollow else series.color
    style = {"markerfacecolor": face, "markeredgecolor": series.color, "markeredgewidth": 0.8}
    axes.plot(
        series.times.astype("datetime64[ms]").astype(object),
        series.values,
        series.marker,
        markersize=series.size,
        label=series.label,
        linestyle="",
        **style,
    )


def _shared_legend(figure: Any, axes: AnyArray) -> None:
    entries: dict[str, Any] = {}
    for one in axes:
        for handle, label in zip(*one.get_legend_handles_labels(), strict=True):
            entries.setdefault(label, handle)
    place = {"loc": "lower right", "bbox_to_anchor": (1.0, 1.0), "borderaxespad": 0.2}
    axes[0].legend(entries.values(), entries.keys(), ncols=len(entries), frameon=False, **place)
