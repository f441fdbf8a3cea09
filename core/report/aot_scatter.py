# SPDX-License-Identifier: GPL-3.0-or-later
"""Satellite against AERONET, and their difference, as points or as density.

Each function returns a ``Figure``, or None where there is nothing to draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..aot.expected_errors import half_width
from ..aot.statistics import MIN_GROUP_COUNT
from ..aot.types import ExpectedError, MatchUps, Summary
from ..dependencies import require
from ..types import BoolArray, FloatArray
from . import palette
from .aot_names import FITS, axis_unit, envelope_name, envelope_text, quantity_name
from .document import Figure
from .figures import DENSITY_LIMIT, PNG_ALWAYS, canvas, finish
from .numbers import format_count, format_value

QUANTA = {"aot": 0.005, "water_vapor": 0.05}  # steps of 8-bit products (MUSCATE)
_LEGEND = {"loc": "upper left", "bbox_to_anchor": (1.02, 1.0), "frameon": False}
_DOTS = (0, (1, 2))


def scatter_figure(
    matchups: MatchUps, overall: Summary | None, envelope: ExpectedError | None
) -> Figure | None:
    """Satellite over reference with 1:1 line, expected error, Deming and Theil-Sen lines."""
    used, left_out = pairs(matchups)
    if not used.any():
        return None
    quantity = matchups.settings.quantity
    name, unit, quantum = quantity_name(quantity), axis_unit(quantity), QUANTA[quantity]
    x, y = matchups.reference[used], _jittered(matchups.satellite[used], quantum)
    low, high = _square(x, y)
    inside = left_out & _within(matchups.reference, low, high)
    inside &= _within(matchups.satellite, low, high)
    dense = len(x) > DENSITY_LIMIT
    with canvas(height=5.2) as (figure, axes):
        if not dense:
            gray = matchups.reference[inside], matchups.satellite[inside]
            _points(axes, *gray, palette.REJECTED, f"rejected (n = {format_count(inside.sum())})")
        _cloud(figure, axes, x, y)
        line = np.linspace(max(low, 0.0), high, 60, dtype=np.float64)
        _straight_lines(axes, line, overall)
        if envelope:
            _envelope(axes, line, line, envelope, quantity)
        axes.set(xlim=(low, high), ylim=(low, high), aspect="equal", anchor="W")
        axes.set_xlabel(f"AERONET {name} ({unit})")
        axes.set_ylabel(f"satellite {name} ({unit})")
        axes.legend(**_LEGEND)
        points = PNG_ALWAYS if dense else len(x) + int(inside.sum())
        alt = f"Scatter plot of satellite {name} against AERONET {name}, {len(x)} match-ups."
        counts = None if dense else _Rejected(matchups, left_out, inside)
        return finish(figure, points, alt, _caption(matchups.satellite[used], quantum, counts))


def difference_figure(
    matchups: MatchUps, bins: Sequence[Summary], envelope: ExpectedError | None
) -> Figure | None:
    """Difference over reference with the accuracy A(tau) and the precision P of each bin."""
    used, _ = pairs(matchups)
    if not used.any():
        return None
    quantity = matchups.settings.quantity
    name, unit, quantum = quantity_name(quantity), axis_unit(quantity), QUANTA[quantity]
    x = matchups.reference[used]
    y = _jittered(matchups.satellite[used], quantum) - x
    with canvas(height=4.2) as (figure, axes):
        _cloud(figure, axes, x, y)
        axes.axhline(0.0, color=palette.INK, linewidth=1.0)
        if envelope:
            line = np.linspace(0.0, float(x.max()), 60, dtype=np.float64)
            _envelope(axes, line, np.zeros_like(line), envelope, quantity)
        _bin_means(axes, bins)
        axes.set_xlabel(f"AERONET {name} ({unit})")
        axes.set_ylabel(f"satellite − AERONET ({unit})")
        axes.legend(**_LEGEND)
        points = PNG_ALWAYS if len(x) > DENSITY_LIMIT else len(x)
        caption = (
            "Difference over the reference, with mean difference A and standard deviation P of "
            f"each bin; hollow: fewer than {MIN_GROUP_COUNT} match-ups."
        )
        return finish(figure, points, f"Difference of satellite and AERONET {name}.", caption)


def pairs(matchups: MatchUps) -> tuple[BoolArray, BoolArray]:
    """Rows (n,) that have both values: the accepted ones, and the rejected ones."""
    both = np.isfinite(matchups.satellite) & np.isfinite(matchups.reference)
    return both & matchups.accepted, both & ~matchups.accepted


def _within(values: FloatArray, low: float, high: float) -> BoolArray:
    return np.asarray((values >= low) & (values <= high))


def _square(x: FloatArray, y: FloatArray) -> tuple[float, float]:
    high = 1.05 * float(max(x.max(), y.max(), 0.05))
    return min(0.0, 1.05 * float(min(x.min(), y.min()))), high


def _is_quantized(values: FloatArray, quantum: float) -> bool:
    steps = values / quantum
    return len(values) > 1 and bool(np.allclose(steps, np.round(steps), rtol=0.0, atol=1e-4))


def _jittered(values: FloatArray, quantum: float) -> FloatArray:
    """Quantized values, moved at random inside their step (seeded) so that all are seen."""
    if not _is_quantized(values, quantum):
        return values
    moves = np.random.default_rng(0).uniform(-0.5, 0.5, len(values)) * quantum
    return np.asarray(values + moves)


def _points(axes: Any, x: FloatArray, y: FloatArray, color: str, label: str) -> None:
    if len(x):
        size, alpha = (3.5, 0.55) if len(x) > 1000 else (4.5, 0.7)
        look = {"markersize": size, "alpha": alpha, "markeredgewidth": 0.0}
        axes.plot(x, y, "o", color=color, label=label, **look)


def _cloud(figure: Any, axes: Any, x: FloatArray, y: FloatArray) -> None:
    """Accepted match-ups as points, or as density where points would hide each other."""
    if len(x) <= DENSITY_LIMIT:
        _points(axes, x, y, palette.ACCEPTED, f"accepted (n = {format_count(len(x))})")
        return
    colors = require("matplotlib.colors")
    ramp = colors.LinearSegmentedColormap.from_list("density", palette.DENSITY)
    cells = axes.hexbin(x, y, gridsize=90, bins="log", cmap=ramp, mincnt=1, linewidths=0.1)
    bar = axes.inset_axes([1.05, 0.02, 0.035, 0.5])  # below the legend, beside the axes
    figure.colorbar(cells, cax=bar, label="match-ups per cell")


def _envelope(
    axes: Any, x: FloatArray, center: FloatArray, envelope: ExpectedError, quantity: str
) -> None:
    width = half_width(envelope, x)
    label = f"{envelope_name(envelope)}\n{envelope_text(envelope, quantity)}"
    look = {"color": palette.INK, "linewidth": 1.1, "linestyle": _DOTS}
    axes.plot(x, center + width, label=label, **look)
    axes.plot(x, center - width, **look)


def _straight_lines(axes: Any, x: FloatArray, overall: Summary | None) -> None:
    axes.plot(x, x, color=palette.INK, linewidth=0.8, label="1:1")
    for method, style in (("deming", "-"), ("theil_sen", "--")):
        line = overall.regressions.get(method) if overall else None
        if line and np.isfinite(line.slope.value) and np.isfinite(line.intercept.value):
            slope = format_value(line.slope.value, line.slope.low, line.slope.high)
            y = line.intercept.value + line.slope.value * x
            look = {"color": palette.FIT, "linewidth": 1.8, "linestyle": style}
            axes.plot(x, y, label=f"{FITS[method]}\nslope {slope}", **look)


class _Rejected:
    """Where the rejected rows of a report are: in the figure, beyond its axes, or without a pair of
    values to draw.
    """

    def __init__(self, matchups: MatchUps, left_out: BoolArray, inside: BoolArray) -> None:
        self.total = int(np.count_nonzero(~matchups.accepted))
        self.drawn = int(np.count_nonzero(inside))
        self.outside = int(np.count_nonzero(left_out)) - self.drawn
        self.incomplete = self.total - self.drawn - self.outside

    def sentence(self) -> str:
        """All of them, so that they add up to the count at the head of the report."""
        parts = {
            "in gray": self.drawn,
            "outside the axes": self.outside,
            "not drawn, for want of an AERONET or a satellite value": self.incomplete,
        }
        told = [f"{format_count(count)} {text}" for text, count in parts.items() if count]
        return f" Of {format_count(self.total)} rejected: {', '.join(told)}." if told else ""


def _caption(satellite: FloatArray, quantum: float, rejected: _Rejected | None) -> str:
    """``rejected``: None where the density of the accepted match-ups is drawn alone."""
    text = "One point per match-up" if rejected else "Density of the accepted match-ups"
    if _is_quantized(satellite, quantum):
        text += f"; 8-bit values are spread at random within their step of {quantum:g}"
    return f"{text}.{rejected.sentence()}" if rejected else f"{text}; rejected ones are not drawn."


def _bin_means(axes: Any, bins: Sequence[Summary]) -> None:
    """Mean and standard deviation per bin: filled where there are enough match-ups, else hollow."""
    filled = [one for one in bins if one.count > 0 and np.isfinite(one.reference_mean)]
    for sparse, label in ((False, "A ± P of a bin"), (True, None)):
        chosen = [one for one in filled if (one.count < MIN_GROUP_COUNT) == sparse]
        if chosen:
            axes.errorbar(
                [one.reference_mean for one in chosen],
                [one.accuracy.value for one in chosen],
                yerr=np.nan_to_num([one.precision.value for one in chosen]),
                fmt="o",
                color=palette.INK,
                markerfacecolor=palette.PAPER if sparse else palette.INK,
                markersize=6,
                capsize=3,
                label=label,
            )
