# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures of reports on elevation models: maps and histograms of differences of heights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..dem.resample import Heights
from ..dependencies import require
from ..io.grids import Grid
from ..spread import median_and_nmad
from ..types import FloatArray
from . import palette
from .document import Figure
from .figures import PNG_ALWAYS, canvas, finish
from .map_frame import map_frame

_MOST = 700  # cells of a map along its longer side
_BARS = 120
_REACH = 5.0  # NMAD


def thinned(values: Heights) -> Heights:
    """Every so many rows and columns, so that a map has at most 700 of them."""
    step = -(-max(values.shape) // _MOST)
    return values[::step, ::step]


def difference_maps(
    maps: Sequence[tuple[str, Heights]], grid: Grid, caption: str = ""
) -> Figure | None:
    """Maps of differences (m) on ``grid`` side by side in one scale, blue below and vermilion above
    zero. The colors end where 98 % of the last map lie within; gray is not measured. None where
    nothing was measured, or nothing differs.
    """
    last = maps[-1][1]
    if not any(np.nan_to_num(values).any() for _, values in maps) or not np.isfinite(last).any():
        return None
    colors = require("matplotlib.colors")
    ramp = colors.LinearSegmentedColormap.from_list("differences", palette.LOW_TO_HIGH)
    ramp.set_bad(palette.MASKED)
    limit = max(float(np.nanquantile(np.abs(last), 0.98)), 1e-3)
    frame = map_frame(grid)
    inches = float(np.clip(frame.height / frame.width, 0.3, 1.6)) * (7.6 / len(maps)) + 0.9
    with canvas(width=9.0, height=inches, columns=len(maps), squeeze=False) as (figure, panels):
        for axes, (title, values) in zip(panels[0], maps, strict=True):
            image = axes.imshow(
                thinned(values), cmap=ramp, vmin=-limit, vmax=limit, interpolation="nearest",
                extent=frame.extent,
            )  # fmt: skip
            axes.set_title(title)
            frame.label(axes)
        bar = figure.colorbar(image, ax=panels[0].tolist(), shrink=0.85, extend="both")
        bar.set_label("difference of heights (m)")
        return finish(figure, PNG_ALWAYS, "Map of the differences of heights.", caption)


def difference_histogram(
    sets: Sequence[tuple[str, Heights, str]], caption: str = ""
) -> Figure | None:
    """Histograms of finite differences (n,) drawn as lines, each (label, values, color).

    They reach 5 NMAD to both sides of the median of the last set, no farther than its values; the
    caption says what share of each set lies outside.
    """
    last = sets[-1][1]
    if not last.size:
        return None
    edges = _edges(last, *_limits(last))
    outside = [
        (label, float(np.mean((values < edges[0]) | (values > edges[-1]))))
        for label, values, _ in sets if values.size
    ]  # fmt: skip
    shares = ", ".join(f"{label} {100.0 * share:.2g} %" for label, share in outside)
    caption = f"{caption} Outside of the picture: {shares}.".strip()
    with canvas(height=3.2) as (figure, axes):
        for label, values, color in sets:
            counts, _ = np.histogram(values, edges)
            share = 100.0 * counts / max(values.size, 1)
            axes.stairs(share, edges, color=color, label=label, linewidth=1.5)
        axes.axvline(0.0, color=palette.INK, linewidth=0.8)
        axes.set_xlabel("difference of heights (m)")
        axes.set_ylabel("cells per bar (%)")
        axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
        return finish(figure, _BARS * len(sets), "Histogram of the differences.", caption)


def _limits(values: Heights) -> tuple[float, float]:
    """How far a histogram reaches, not wider than the values; all of them where most are alike."""
    median, nmad = median_and_nmad(values)
    lowest, highest = float(values.min()), float(values.max())
    if not nmad > 0.0:
        return lowest, highest
    return max(lowest, median - _REACH * nmad), min(highest, median + _REACH * nmad)


def _edges(values: Heights, low: float, high: float) -> FloatArray:
    """Edges of bars; of models of whole meters the bars are whole meters, too."""
    width = max((high - low) / _BARS, 1e-5)
    # Small differences lie near one whole number, 0, without being of whole meters.
    if high - low > 4.0 and float(np.mean(np.abs(values - np.round(values)) < 0.05)) > 0.5:
        width = float(np.ceil(width))
        return np.arange(np.floor(low) - 0.5, np.ceil(high) + width, width)
    return np.linspace(low, max(high, low + _BARS * width), _BARS + 1)
