# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures of the report on anomalies: timeline of all sites, series with model, rates.

Each function returns a ``Figure`` (or several), or None where there is nothing to draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..anomalies.detect import Detection
from ..anomalies.harmonics import YEAR_DAYS, design
from ..anomalies.run import AnomalyRun
from ..anomalies.step_dates import SENSOR
from ..anomalies.summaries import Rate
from ..dependencies import require
from ..series.types import TimeSeries, is_clear
from ..types import AnyArray, FloatArray, TimeArray
from . import palette
from .anomaly_names import type_name
from .charts import IntervalRow, interval_chart
from .document import Figure
from .figures import canvas, finish, plain

SITES, BANDS, SIGMA = 6, 10, 3.0
_TIMELINE_SITES = 40
_GRID_DAYS = 5


def timeline(run: AnomalyRun) -> Figure | None:
    """All sites on one time axis: a tick per tested date, a glyph per anomaly, lines at events that
    sites share.
    """
    if not run.tested:
        return None
    pairs = list(zip(run.series, run.detections, strict=True))[:_TIMELINE_SITES]
    with canvas(height=1.3 + 0.42 * max(2, len(pairs))) as (figure, axes):
        for place, (series, found) in enumerate(pairs):
            tested = _when(series.times[found.tested])
            axes.plot(tested, np.full(len(tested), place), "|", color=palette.MASKED, markersize=7)
            for name in _types(found.type[found.flagged]):
                rows = found.flagged & (found.type == name)
                _glyphs(axes, name, series.times[rows], np.full(int(rows.sum()), float(place)))
        _events(axes, run)
        axes.set_yticks(range(len(pairs)), [plain(series.site, 24) for series, _ in pairs])
        axes.set_ylim(len(pairs) - 0.4, -0.6)
        axes.grid(axis="y", visible=False)
        _dates(axes)
        _legend([axes])
        caption = (
            "Anomalies by type; gray ticks: tested dates. Dashed lines: dates that sites share; "
            "solid lines: steps that sites share."
        )
        return finish(figure, 200, f"Anomalies of {len(pairs)} sites over time.", caption)


def site_figures(run: AnomalyRun) -> list[Figure]:
    """Series with model and anomalies, of the sites with most anomalies."""
    counts = np.array([int(one.flagged.sum()) for one in run.detections])
    order = np.argsort(-counts, kind="stable")
    good = [i for i in order if np.isfinite(run.detections[i].noise).any()][:SITES]
    left = len(run.series) - len(good)
    note = f" The {len(good)} of {len(run.series)} sites with most anomalies." if left else ""
    return [_site_figure(run, i, note) for i in sorted(good)]


def _site_figure(run: AnomalyRun, place: int, note: str) -> Figure:
    series, found = run.series[place], run.detections[place]
    steps = [one for one in run.steps if series.site in one.sites]
    bands = [i for i in range(len(series.bands)) if np.isfinite(found.noise[i])]
    shown = bands[:BANDS]
    height = 0.9 + 1.25 * len(shown)
    with canvas(height=height, rows=len(shown), sharex=True, squeeze=False) as (figure, grid):
        for axes, band in zip(grid[:, 0], shown, strict=True):
            _band(axes, series, found, band)
            for step in steps:
                at = _when(np.array([step.time]))[0]
                axes.axvline(at, color=palette.INK, lw=1.3, label="lasting change")
        figure.suptitle(plain(series.site, 60), x=0.01, ha="left", fontsize=12, fontweight="bold")
        _dates(grid[-1, 0])
        _legend(grid[:, 0])
        left = len(bands) - len(shown)
        more = f" {left} bands are not shown." if left else ""
        caption = (
            f"{series.site}: reflectance of each band, seasonal model and its band of "
            f"±{SIGMA:g} sigma; masked dates are hollow and cut where they leave the axis."
            f"{' Upright lines: lasting changes of this site.' if steps else ''}{more}{note}"
        )
        alt = f"Time series of {series.site} in {len(shown)} bands with {found.flagged.sum()} flags"
        return finish(figure, len(series) * len(shown), alt, caption)


def _band(axes: Any, series: TimeSeries, found: Detection, band: int) -> None:
    values = series.values[:, band].astype(np.float64)
    clear = is_clear(series.mask_state) & np.isfinite(values)
    masked = ~is_clear(series.mask_state) & np.isfinite(values)
    times, model = _model(series, found, band)
    noise = SIGMA * found.noise[band]
    axes.fill_between(
        _when(times), model - noise, model + noise, color=palette.FIT, alpha=0.13, linewidth=0
    )
    axes.plot(_when(times), model, "-", color=palette.FIT, linewidth=1.0, label="model")
    _dots(axes, series.times[masked], values[masked], palette.REJECTED, "masked", True)
    plain_dates = clear & ~found.flagged
    _dots(axes, series.times[plain_dates], values[plain_dates], palette.ACCEPTED, "clear", False)
    for name in _types(found.type[found.flagged]):
        rows = found.flagged & (found.type == name) & np.isfinite(values)
        _glyphs(axes, name, series.times[rows], values[rows])
    axes.set_ylim(*_limits(values[clear], model, noise))
    nm = series.wavelengths_nm[band]
    unit = f"\n{nm:.0f} nm" if np.isfinite(nm) else ""
    axes.set_ylabel(f"{plain(series.bands[band], 14)}{unit}")


def _model(series: TimeSeries, found: Detection, band: int) -> tuple[TimeArray, FloatArray]:
    """The model on a regular grid of dates."""
    first, last = series.times.min(), series.times.max()
    grid = np.arange(first, last + 1, _GRID_DAYS * np.timedelta64(1, "D"))
    span = (last - first) / np.timedelta64(1, "D")
    t = ((grid - first) / np.timedelta64(1, "D") - 0.5 * span) / YEAR_DAYS
    return grid, design(t, found.harmonics) @ found.coefficients[:, band]


def _limits(clear: FloatArray, model: FloatArray, noise: float) -> tuple[float, float]:
    shown = np.concatenate((clear, model - noise, model + noise))
    low, high = float(shown.min()), float(shown.max())
    margin = 0.06 * (high - low) + 1e-4
    return low - margin, high + margin


def _dots(
    axes: Any, times: TimeArray, values: FloatArray, color: str, label: str, hollow: bool
) -> None:
    face = "none" if hollow else color
    axes.plot(
        _when(times), values, "o", markersize=2.6, linestyle="", markerfacecolor=face,
        markeredgecolor=color, markeredgewidth=0.6, label=label,
    )  # fmt: skip


def _glyphs(axes: Any, name: str, times: TimeArray, values: FloatArray) -> None:
    mark = palette.ANOMALIES.get(name, palette.ANOMALIES["unknown"])
    axes.plot(
        _when(times), values, mark.marker, markersize=7.5, linestyle="", color=mark.color,
        markeredgecolor=palette.INK, markeredgewidth=1.4 if mark.marker == "x" else 0.8,
        label=type_name(name), zorder=4,
    )  # fmt: skip


def _events(axes: Any, run: AnomalyRun) -> None:
    for date in run.dates:
        axes.axvline(_when(np.array([date.time]))[0], color=palette.INK, linestyle="--", lw=0.9)
    for step in run.steps:
        if step.origin == SENSOR:
            axes.axvline(_when(np.array([step.time]))[0], color=palette.INK, lw=1.3)


def rate_figure(rates: Sequence[Rate], threshold: float) -> Figure | None:
    """Share of anomalies per group with its interval; a line at the rate of false alarms."""
    if not any(one.flagged for one in rates):
        return None
    rows = [
        IntervalRow(
            f"{one.grouping} {one.group}",
            100.0 * one.share,
            100.0 * one.low,
            100.0 * one.high,
            remark=f"{one.flagged} of {one.tested}",
            hollow=one.low <= threshold,
        )
        for one in rates
    ]
    caption = (
        "Share of tested dates that are anomalies, with 95\u00a0% intervals; the line is the rate "
        "of false alarms, filled dots lie above it."
    )
    alt = f"Rates of anomalies of {len(rows)} groups."
    return interval_chart(rows, "anomalies (% of tested dates)", alt, caption, 100.0 * threshold)


def _types(types: AnyArray) -> list[str]:
    """Types that occur, in the order of the palette."""
    names = set(types.astype(str))
    return [name for name in palette.ANOMALIES if name in names]


def _when(times: TimeArray) -> AnyArray:
    return np.asarray(times.astype("datetime64[ms]").astype(object))


def _dates(axes: Any) -> None:
    dates = require("matplotlib.dates")
    locator = dates.AutoDateLocator(minticks=4, maxticks=10)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(dates.ConciseDateFormatter(locator))
    axes.set_xlabel("time (UTC)")


def _legend(axes: Sequence[Any]) -> None:
    """One legend above the first, out of every one of the ``axes``."""
    entries: dict[str, Any] = {}
    for one in axes:
        for handle, label in zip(*one.get_legend_handles_labels(), strict=True):
            entries.setdefault(label, handle)
    if entries:
        place = {"loc": "lower left", "bbox_to_anchor": (0.0, 1.0), "borderaxespad": 0.2}
        axes[0].legend(entries.values(), entries.keys(), ncols=5, frameon=False, **place)
