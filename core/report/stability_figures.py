# SPDX-License-Identifier: GPL-3.0-or-later
"""The maps of the report on stable sites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..calibration.stability.run import StabilityReport, StabilityTask
from ..dependencies import require
from ..types import AnyArray, FloatArray
from . import palette
from .document import Figure
from .figures import PNG_ALWAYS, canvas, finish

_MOST_LABELS = 25  # candidates that are numbered on the map
_MOST_LIMITS = 2.0  # times the limit, where the colors end
# From well within the limit over the limit itself (white) to far beyond.
_COLORS = (palette.GOOD, "#FFFFFF", palette.BAD)


@dataclass(frozen=True)
class _Map:
    """One panel: layer, title, unit, and the limit that is white."""

    name: str
    title: str
    unit: str
    limit: float
    more_is_better: bool = False


def score_map(task: StabilityTask, found: StabilityReport) -> Figure | None:
    """The score with the numbered outlines of the candidates."""
    one = _Map("score", "Score", "largest criterion by its limit", 1.0)
    if not found.tested:
        return None
    with canvas(width=7.6, height=_height(task, 6.0), rows=1) as (figure, axes):
        _draw(figure, axes, one, task, found)
        for rank in range(1, min(int(found.sites.max(initial=0)), _MOST_LABELS) + 1):
            rows, columns = np.nonzero(found.sites == rank)
            if len(rows):
                x, y = _kilometers(task, found, columns.mean() + 0.5, rows.mean() + 0.5)
                axes.text(x, y, str(rank), ha="center", va="center", fontsize=9,
                          fontweight="bold", color=palette.INK)  # fmt: skip
        caption = (
            "Green passes, white is at a limit, vermilion fails; gray was not measured. Lines: "
            "candidates with their rank. Kilometers from the lower left corner of the images."
        )
        alt = f"Map of the score with {len(found.table)} candidates."
        return finish(figure, PNG_ALWAYS, alt, caption)


def maps(task: StabilityTask, found: StabilityReport) -> Figure | None:
    """A map of each criterion, and the temporal CV without the model beside it."""
    if not found.tested:
        return None
    limits = task.settings.limits
    panels = [
        _Map("raw", "Raw temporal CV", "%", limits.temporal_percent),
        _Map("temporal_cv_percent", "Temporal CV", "%", limits.temporal_percent),
        _Map("spatial_cv_percent", "Spatial CV", "%", limits.spatial_percent),
        _Map("clear_percent", "Clear frequency", "%", limits.clear_percent, True),
    ]
    if len(task.stack.bands) > 1:
        panels.append(_Map("spectral_cv_percent", "Spectral CV", "%", limits.spectral_percent))
    if task.settings.trend:
        panels.append(
            _Map("trend_percent_year", "Trend, size", "% per year", limits.trend_percent_year)
        )
    lines = -(-len(panels) // 2)
    with canvas(
        width=8.8, height=_height(task, 3.6) * lines, rows=lines, columns=2, squeeze=False
    ) as (figure, grid):
        for axes, one in zip(grid.ravel(), panels, strict=False):
            _draw(figure, axes, one, task, found)
        for axes in grid.ravel()[len(panels) :]:
            axes.set_axis_off()
        caption = (
            "White is the limit, green within it, vermilion beyond; gray was not measured. Lines: "
            "candidates. Of a trend only what exceeds three standard errors counts. Kilometers "
            "from the lower left corner."
        )
        return finish(figure, PNG_ALWAYS, "Maps of the criteria.", caption)


def _draw(figure: Any, axes: Any, one: _Map, task: StabilityTask, found: StabilityReport) -> None:
    colors = require("matplotlib.colors")
    values = layer(one.name, task, found)
    shades = _COLORS[::-1] if one.more_is_better else _COLORS
    ramp = colors.LinearSegmentedColormap.from_list("limits", shades)
    ramp.set_bad(palette.MASKED)
    top = _MOST_LIMITS * one.limit
    if one.more_is_better:
        top = max(top, 100.0)
    norm = colors.TwoSlopeNorm(vmin=0.0, vcenter=min(one.limit, 0.999 * top), vmax=top)
    width, height = _kilometers(task, found, values.shape[1], 0.0)
    image = axes.imshow(
        values, cmap=ramp, norm=norm, interpolation="nearest", extent=(0.0, width, 0.0, height),
    )  # fmt: skip
    if (found.sites > 0).any():
        y = height - (np.arange(values.shape[0]) + 0.5) * height / values.shape[0]
        x = (np.arange(values.shape[1]) + 0.5) * width / values.shape[1]
        if min(found.sites.shape) > 1:
            axes.contour(x, y, (found.sites > 0).astype(float), levels=[0.5],
                         colors=palette.INK, linewidths=1.3)  # fmt: skip
    axes.set_title(one.title)
    axes.set(xlabel="km", ylabel="km")
    axes.grid(visible=False)
    bar = figure.colorbar(image, ax=axes, shrink=0.85,
                          extend="neither" if one.more_is_better else "max")  # fmt: skip
    bar.set_label(one.unit)
    bar.set_ticks(sorted({0.0, one.limit, top}))
    bar.set_ticklabels([f"{value:g}" for value in sorted({0.0, one.limit, top})])


def layer(name: str, task: StabilityTask, found: StabilityReport) -> FloatArray:
    """A small map (rows, columns) of a layer; "raw": of the band that varies most."""
    if name != "raw":
        return np.asarray(found.small[name], dtype=np.float64)
    return np.asarray(
        np.max([found.small[f"raw_cv_percent {band}"] for band in task.stack.bands], axis=0),
        dtype=np.float64,
    )


def _kilometers(
    task: StabilityTask, found: StabilityReport, column: AnyArray | float, row: AnyArray | float
) -> tuple[float, float]:
    """A place of the small maps in km from the lower left corner."""
    east, north = task.scale.pixel_m
    rows = found.sites.shape[0]
    return (float(column) * found.step * east / 1e3, (rows - float(row)) * found.step * north / 1e3)


def _height(task: StabilityTask, usual: float) -> float:
    """The height of a map (inches) by the shape of the images."""
    east, north = task.scale.pixel_m
    grid = task.stack.grid
    shape = (grid.height * north) / (grid.width * east)
    return usual * float(np.clip(shape, 0.45, 1.4))
