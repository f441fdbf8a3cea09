# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures of the report on anomalies of images: timeline and quick looks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..anomalies.labels import NONE
from ..anomalies.spatial.codes import CODES, NAMES, UNTESTED
from ..anomalies.spatial.image_types import LEAST_USED
from ..anomalies.spatial.looks import Look
from ..anomalies.spatial.rasters import AnomalyReport, AnomalyTask
from ..anomalies.spatial.verdict import DateVote
from ..dependencies import require
from ..types import AnyArray, FloatArray
from . import palette
from .anomaly_figures import _dates, _glyphs, _when
from .anomaly_names import amplitude_text, type_name
from .document import Figure
from .figures import PNG_ALWAYS, canvas, finish
from .numbers import SPACE

ROWS = 4  # dates of one figure
_DARK, _BRIGHT = 2.0, 98.0  # percentiles that are drawn black and white
_GAMMA = 0.8
_LEAST_P = 1e-12


def timeline(task: AnomalyTask, report: AnomalyReport) -> Figure | None:
    """Share of anomalies and the p-value of the whole image, over time, with the verdicts."""
    votes, times = report.votes, task.stack.times
    if not report.tested:
        return None
    share = np.array([100.0 * one.share if one.tested else np.nan for one in votes])
    chance = np.array([one.image_p_value for one in votes])
    with np.errstate(divide="ignore", invalid="ignore"):
        score = -np.log10(np.maximum(chance, _LEAST_P))
    clear = np.array([one.used >= LEAST_USED for one in votes])
    with canvas(height=4.6, rows=2, sharex=True) as (figure, axes):
        limits = (100.0 * task.settings.least_share, -np.log10(task.settings.image_threshold))
        titles = ("anomalies\n(% of tested pixels)", "whole image\n(-log10 of p)")
        for one, values, limit, title in zip(axes, (share, score), limits, titles, strict=True):
            _dots(one, times[clear], values[clear], palette.ACCEPTED, "clear for 20 % or more")
            _dots(one, times[~clear], values[~clear], palette.MASKED, "less is clear")
            one.axhline(limit, color=palette.INK, linestyle="--", linewidth=0.9)
            one.set_ylabel(title)
            for name in NAMES[1:]:
                rows = np.array([vote.kind == name for vote in votes]) & np.isfinite(values)
                if rows.any():
                    _verdict_glyphs(one, name, times[rows], values[rows])
        axes[0].set_ylim(-3.0, 103.0)
        _dates(axes[1])
        _legend(axes)
        caption = (
            "Each dot is a date; glyphs are verdicts on the whole image. Dashed lines: the share "
            "that matters and the threshold of whole images. Shifts, stripes and wrong dates are "
            f"found by tests of their own; -log10 of p is cut at {-np.log10(_LEAST_P):.0f}."
        )
        alt = f"Anomalies of {len(votes)} images over time."
        return finish(figure, 4 * len(votes), alt, caption)


def quick_looks(task: AnomalyTask, report: AnomalyReport) -> list[Figure]:
    """The worst dates, a row each: a good date, the date itself, the types of its pixels."""
    looks = report.looks
    if not looks:
        return []
    limits = _stretch(looks)
    parts = [looks[at : at + ROWS] for at in range(0, len(looks), ROWS)]
    return [_rows(task, report.votes, part, limits) for part in parts]


def _rows(
    task: AnomalyTask, votes: Sequence[DateVote], looks: Sequence[Look], limits: FloatArray
) -> Figure:
    colors = require("matplotlib.colors")
    patches = require("matplotlib.patches")
    tints = np.full((256, 4), 1.0)
    for name in NAMES[1:]:
        tints[CODES[name]] = colors.to_rgba(palette.anomaly_shade(name))
    tints[UNTESTED] = colors.to_rgba(palette.MASKED)
    ratios = {"height_ratios": [1.0] * len(looks) + [0.16]}
    with canvas(width=7.2, height=0.4 + 2.45 * len(looks), rows=len(looks) + 1, columns=3,
                squeeze=False, gridspec_kw=ratios) as (figure, grid):  # fmt: skip
        for row, look in zip(grid[:-1], looks, strict=True):
            good = "no date is in order"
            if look.good is not None and look.good_date is not None:
                good = f"{_day(task, look.good_date)}, in order"
                row[0].imshow(_colored(look.good, limits), interpolation="nearest")
            row[1].imshow(_colored(look.image, limits), interpolation="nearest")
            row[2].imshow(tints[look.types], interpolation="nearest")
            titles = (good, _day(task, look.date), _verdict(votes[look.date]))
            for axes, title in zip(row, titles, strict=True):
                axes.set_title(title, fontsize=8.5, fontweight="normal")
                axes.set(xticks=[], yticks=[])
                axes.grid(visible=False)
        for axes in grid[-1]:
            axes.set_axis_off()
        seen = {int(code) for look in looks for code in np.unique(look.types)} - {0}
        handles = [
            patches.Patch(facecolor=tuple(tints[code]), edgecolor=palette.INK, linewidth=0.5,
                          label="not tested" if code == UNTESTED else type_name(NAMES[code]))
            for code in sorted(seen)
        ]  # fmt: skip
        legend = grid[-1, 1].legend(handles=handles, loc="center", ncols=5, frameon=False)
        legend.set_in_layout(False)
        days = ", ".join(_day(task, look.date) for look in looks)
        caption = (
            "From left to right: the nearest date that is in order; the date; the types of its "
            "anomalous pixels (white: in order)."
        )
        return finish(figure, PNG_ALWAYS, f"Quick looks of {days}.", caption)


def _stretch(looks: Sequence[Look]) -> FloatArray:
    """The reflectance (2, 3) drawn black and white in each color, by all good images: the dates
    themselves are on the same scale.
    """
    images = [look.good for look in looks if look.good is not None] or [
        look.image for look in looks
    ]
    limits = np.zeros((2, 3))
    for color in range(3):
        values = np.concatenate([image[color][np.isfinite(image[color])] for image in images])
        limits[:, color] = np.percentile(values, (_DARK, _BRIGHT)) if len(values) else (0.0, 1.0)
    limits[1] = np.maximum(limits[1], limits[0] + 0.02)
    return limits


def _colored(image: FloatArray, limits: FloatArray) -> FloatArray:
    """(rows, columns, 3) from 0 to 1; no data is the gray of what is masked."""
    low, high = limits[:, :, None, None]
    seen = np.isfinite(image).all(axis=0)
    light = np.clip((np.nan_to_num(image) - low) / (high - low), 0.0, 1.0) ** _GAMMA
    gray = require("matplotlib.colors").to_rgb(palette.MASKED)
    return np.where(seen[..., None], np.moveaxis(light, 0, -1), np.array(gray))


def _verdict(one: DateVote) -> str:
    if one.kind == NONE:
        return f"in parts: {100.0 * one.share:.0f}{SPACE}% anomalies"
    amplitude = f" {amplitude_text(one.amplitude, one.unit)}" if np.isfinite(one.amplitude) else ""
    return f"{type_name(one.kind)}{amplitude}"


def _verdict_glyphs(axes: Any, name: str, times: AnyArray, values: FloatArray) -> None:
    _glyphs(axes, "stripe" if name == "stripes" else name, times, values)


def _legend(axes: Sequence[Any]) -> None:
    """What all axes show, above the first one, and as wide as it is."""
    entries: dict[str, Any] = {}
    for one in axes:
        for handle, label in zip(*one.get_legend_handles_labels(), strict=True):
            entries.setdefault(label, handle)
    axes[0].legend(
        entries.values(), entries.keys(), ncols=4, frameon=False, loc="lower left",
        bbox_to_anchor=(0.0, 1.0), borderaxespad=0.2,
    )  # fmt: skip


def _dots(axes: Any, times: AnyArray, values: FloatArray, color: str, label: str) -> None:
    axes.plot(_when(times), values, "o", markersize=3.2, linestyle="", color=color, label=label)


def _day(task: AnomalyTask, date: int) -> str:
    return str(np.datetime_as_string(task.stack.times[date], unit="D"))
