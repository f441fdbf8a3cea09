# SPDX-License-Identifier: GPL-3.0-or-later
"""Coefficients over time with a model through them: a panel per band, one time axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..calibration.parameter_intervals import Validity
from ..calibration.trend_curve import trend_curve
from ..calibration.trend_models import Trend
from ..dependencies import require
from ..types import AnyArray, BoolArray, FloatArray, TimeArray
from . import palette
from .document import Figure
from .figures import canvas, finish, plain

_HEIGHT = 1.65


@dataclass(frozen=True)
class TrendPanel:
    """Values (n,) at ``time`` (n,), hollow where ``apart`` (n,); the model, the values that are
    valid, and the ``span`` that is spoken of, where there are such.
    """

    title: str
    time: TimeArray
    values: FloatArray
    apart: BoolArray
    trend: Trend | None = None
    validities: Sequence[Validity] = ()
    span: tuple[np.datetime64, np.datetime64] | None = None


@dataclass(frozen=True)
class TrendWords:
    """What the legend calls the parts of a panel; "" where they are not there."""

    values: str = "coefficients"
    apart: str = ""
    span: str = ""


def trend_chart(
    panels: Sequence[TrendPanel], words: TrendWords, alt: str, caption: str = ""
) -> Figure | None:
    """The panels below each other; None without any."""
    if not panels:
        return None
    dates = require("matplotlib.dates")
    points = sum(len(one.values) for one in panels)
    height = 1.0 + _HEIGHT * len(panels)
    with canvas(height=height, rows=len(panels), sharex=True, squeeze=False) as (figure, grid):
        for axes, panel in zip(grid[:, 0], panels, strict=True):
            _draw(axes, panel, words)
            axes.set_title(plain(panel.title, 80))
        bottom = grid[-1, 0]
        locator = dates.AutoDateLocator(minticks=4, maxticks=10)
        bottom.xaxis.set_major_locator(locator)
        bottom.xaxis.set_major_formatter(dates.ConciseDateFormatter(locator))
        figure.supylabel("A_k (measured / simulated)", fontsize=10)
        bottom.set_xlabel("time (UTC)")
        _legend(grid[:, 0])
        return finish(figure, points, alt, caption)


def _draw(axes: Any, panel: TrendPanel, words: TrendWords) -> None:
    if panel.span is not None:
        first, last = (_plain(one) for one in panel.span)
        axes.axvspan(first, last, color=palette.YELLOW, alpha=0.25, linewidth=0.0, label=words.span)
    axes.axhline(1.0, color=palette.INK, linewidth=0.8)
    for chosen, label, face in (
        (~panel.apart, words.values, palette.ACCEPTED), (panel.apart, words.apart, "none"),
    ):  # fmt: skip
        if chosen.any():
            axes.plot(
                _plain(panel.time[chosen]), panel.values[chosen], "o", markersize=3.0,
                markerfacecolor=face, markeredgecolor=palette.ACCEPTED, markeredgewidth=0.7,
                alpha=0.65, linestyle="", label=label,
            )  # fmt: skip
    if panel.trend is not None:
        _model(axes, panel.trend, panel.time)
    _steps(axes, panel)


def _model(axes: Any, trend: Trend, time: TimeArray) -> None:
    curve = trend_curve(trend, time)
    shown = _plain(curve.time)
    axes.fill_between(shown, curve.new_low, curve.new_high, color=palette.FIT, alpha=0.08,
                      linewidth=0.0, label="one new coefficient, 95 %")  # fmt: skip
    axes.fill_between(shown, curve.low, curve.high, color=palette.FIT, alpha=0.25,
                      linewidth=0.0, label="model, 95 %")  # fmt: skip
    axes.plot(shown, curve.mean, color=palette.FIT, label="model")
    for change in trend.changes:
        axes.axvspan(_plain(change.earliest), _plain(change.latest), color=palette.VERMILLION,
                     alpha=0.2, linewidth=0.0)  # fmt: skip
        axes.axvline(_plain(change.time), color=palette.VERMILLION, linewidth=1.2,
                     label="change, with 95 % interval")  # fmt: skip


def _steps(axes: Any, panel: TrendPanel) -> None:
    if len(panel.validities) < 2:
        return
    end = max(panel.time.max(), panel.validities[-1].begin)
    for number, one in enumerate(panel.validities):
        last = end if np.isnat(one.end) else one.end
        axes.plot(
            [_plain(one.begin), _plain(last)], [one.value, one.value], color=palette.ORANGE,
            linewidth=2.0, label="valid parameter" if number == 0 else None,
        )  # fmt: skip


def _plain(times: Any) -> Any:
    return np.asarray(times).astype("datetime64[ms]").astype(object)


def _legend(axes: AnyArray) -> None:
    entries: dict[str, Any] = {}
    for one in axes:
        for handle, label in zip(*one.get_legend_handles_labels(), strict=True):
            entries.setdefault(label, handle)
    # Above the title of the first panel.
    axes[0].legend(
        entries.values(), entries.keys(), loc="lower left", bbox_to_anchor=(0.0, 1.22),
        borderaxespad=0.0, frameon=False, ncols=4,
    )  # fmt: skip
