# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures of the report on a stereo run."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dem.cells import square
from ..dem.chain.run import StereoResult
from ..dem.chain.usage import Usage
from ..dem.resample import Heights
from ..dem.terrain import hillshade
from ..dependencies import require
from . import palette
from .document import Figure
from .figures import PNG_ALWAYS, canvas, finish
from .map_frame import MapFrame

_HEIGHT_INCHES = 9.0


def relief(height: Heights, cell_m: float, frame: MapFrame) -> Figure | None:
    """Shaded relief of heights (rows, columns) in cells of ``cell_m``, colors by height; gray is no
    height.
    """
    if not np.isfinite(height).any():
        return None
    light = hillshade(height.astype(np.float64), square(cell_m)) / 255.0
    low, high = np.nanquantile(height, (0.01, 0.99))
    ramp = require("matplotlib").colormaps["cividis"].copy()
    share = np.clip((height - low) / max(high - low, 1e-6), 0.0, 1.0)
    colors = ramp(np.nan_to_num(share))[..., :3] * (0.35 + 0.65 * np.nan_to_num(light))[..., None]
    colors[~np.isfinite(height)] = _rgb(palette.MASKED)
    with canvas(height=_inches(height)) as (figure, axes):
        axes.imshow(np.clip(colors, 0.0, 1.0), extent=frame.extent)
        frame.label(axes)
        bar = figure.colorbar(_mappable(low, high, ramp), ax=axes, shrink=0.8, extend="both")
        bar.set_label("height (m)")
        return finish(
            figure, PNG_ALWAYS, "Shaded relief of the surface model.",
            "Light from the north-west, colors by height; gray: no height.",
        )  # fmt: skip


def confidence_map(confidence: Heights, std: Heights, frame: MapFrame) -> Figure | None:
    """Confidence, and the spread of the points in each cell."""
    if not np.isfinite(confidence).any():
        return None
    ramps = require("matplotlib").colormaps
    with canvas(height=0.62 * _inches(confidence), columns=2) as (figure, grid):
        for axes, values, label, ramp in (
            (grid[0], confidence, "confidence", "viridis"),
            (grid[1], std, "standard deviation (m)", "magma"),
        ):
            colors = ramps[ramp].copy()
            colors.set_bad(palette.MASKED)
            limit = max(float(np.nanquantile(values, 0.98)), 1e-3)
            image = axes.imshow(
                values, cmap=colors, vmin=0.0, vmax=limit, extent=frame.extent,
                interpolation="nearest",
            )  # fmt: skip
            frame.label(axes)
            figure.colorbar(image, ax=axes, shrink=0.8, orientation="horizontal").set_label(label)
        return finish(
            figure, PNG_ALWAYS, "Maps of confidence and of the spread of points.",
            "Confidence 1: one disparity alone is good; 1/n: n are about as good.",
        )  # fmt: skip


def tile_ranges(result: StereoResult) -> Figure | None:
    """The disparities that were searched in each tile of each pair."""
    rows = [
        (number, one["disparities"])
        for number, run in enumerate(result.pairs)
        for one in run.summaries
        if one["count"]
    ]
    if len(rows) < 2:
        return None  # one bar tells nothing that the table does not
    with canvas(height=2.8) as (figure, axes):
        for number in range(len(result.pairs)):
            own = [(at, one) for at, (pair, one) in enumerate(rows) if pair == number]
            places = [at + 1 for at, _ in own]
            low = np.array([one[0] for _, one in own])
            high = np.array([one[1] for _, one in own])
            axes.bar(
                places, high - low, bottom=low, width=0.85,
                color=palette.TRACKS[number % len(palette.TRACKS)], label=f"pair {number + 1}",
            )  # fmt: skip
        axes.set(xlabel="tile, in reading order", ylabel="disparity (pixels)")
        axes.xaxis.get_major_locator().set_params(integer=True)
        if len(result.pairs) > 1:
            axes.legend()
        return finish(
            figure, len(rows), "Range of disparities of each tile.",
            "What a match at a quarter of the resolution has found, and a margin; memory and time "
            "of a tile go with it.",
        )  # fmt: skip


def step_times(usage: Usage) -> Figure | None:
    """Processor and clock seconds of the steps."""
    if not usage.steps:
        return None
    with canvas(height=0.45 * len(usage.steps) + 1.0) as (figure, axes):
        at = np.arange(len(usage.steps))
        axes.barh(
            at - 0.2, [one.cpu_s for one in usage.steps], 0.38, color=palette.ACCEPTED,
            label="processor",
        )  # fmt: skip
        axes.barh(
            at + 0.2, [one.wall_s for one in usage.steps], 0.38, color=palette.MASKED,
            label="clock",
        )  # fmt: skip
        axes.set_yticks(at, [one.name for one in usage.steps])
        axes.invert_yaxis()
        axes.set_xlabel("seconds")
        axes.legend(loc="lower right")
        return finish(figure, 2 * len(at), "Seconds of each step.")


def _inches(values: Heights) -> float:
    rows, columns = values.shape
    return float(np.clip(_HEIGHT_INCHES * 0.8 * rows / columns, 2.5, 9.0))


def _rgb(color: str) -> tuple[float, ...]:
    return tuple(int(color[at : at + 2], 16) / 255.0 for at in (1, 3, 5))


def _mappable(low: float, high: float, ramp: Any) -> Any:
    cm, colors = require("matplotlib.cm"), require("matplotlib.colors")
    return cm.ScalarMappable(colors.Normalize(low, high), ramp)
