# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures of the report on sensitivity: curves of detection, MDA, gains, confusion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..anomalies.ingredients import Rule
from ..anomalies.inject import KINDS
from ..anomalies.sensitivity import Cell
from ..anomalies.study import Study, pod_bounds
from ..dependencies import require
from ..types import FloatArray
from . import palette
from .anomaly_names import type_name
from .charts import IntervalRow, interval_chart
from .document import Figure
from .figures import canvas, finish, plain

# The first configuration has the color of what counts; the others share the ink, told apart by
# dashes and markers, as is the baseline in gray.
_LOOKS = (
    (palette.ACCEPTED, "-", "o"), (palette.INK, "--", "^"), (palette.INK, "-.", "s"),
    (palette.INK, ":", "D"), (palette.INK, (0, (5, 1, 1, 1, 1, 1)), "v"),
    (palette.REJECTED, "--", "P"), (palette.REJECTED, "-.", "X"),
)  # fmt: skip
_ACROSS = 3
_IN_LINE = 4  # of the names of a legend
_FINE = 60
_UNITS = {"share of the direct sun": "share of direct sun", "share": "relative"}


def curve_figures(found: Study) -> list[Figure]:
    """One figure per site at the largest gaps and contamination of the study: POD over amplitude,
    one panel per type, one line per configuration.
    """
    gaps, contamination = max(found.settings.gaps), max(found.settings.contamination)
    return [
        _curves(
            [
                cell
                for cell in found.cells
                if cell.site == site and (cell.gaps, cell.contamination) == (gaps, contamination)
            ]
        )
        for site in found.settings.sites
    ]


def _curves(cells: Sequence[Cell]) -> Figure:
    kinds = list(dict.fromkeys(cell.kind for cell in cells))
    names = list(dict.fromkeys(cell.configuration for cell in cells))
    lines = -(-len(kinds) // _ACROSS)
    with canvas(
        height=1.2 + 2.1 * lines, rows=lines, columns=_ACROSS, sharey=True, squeeze=False
    ) as (figure, grid):
        for axes, kind in zip(grid.ravel(), kinds, strict=False):
            _panel(axes, [cell for cell in cells if cell.kind == kind], names)
        for axes in grid.ravel()[len(kinds) :]:
            axes.set_axis_off()
        for axes in grid[:, 0]:
            axes.set_ylabel("POD")
        one = cells[0]
        title = (
            f"{one.site}, {100 * one.gaps:g} % gaps, {100 * one.contamination:g} % missed clouds"
        )
        figure.suptitle(plain(title, 70), x=0.01, ha="left", fontsize=12, fontweight="bold")
        _legend(figure, grid.ravel(), len(kinds))
        caption = (
            f"{one.site}: probability of detection over amplitude, fitted curves and measured "
            "points; bars: 95\u00a0% intervals of the first configuration. Raw blue has the "
            "false-alarm rate of the first configuration. Dotted line: 0.9."
        )
        return finish(figure, 400, f"Curves of detection at {one.site}.", caption)


def _panel(axes: Any, cells: Sequence[Cell], names: Sequence[str]) -> None:
    for cell in cells:
        color, style, marker = _LOOKS[names.index(cell.configuration) % len(_LOOKS)]
        first = cell.configuration == names[0]
        fine = np.geomspace(cell.amplitudes.min(), cell.amplitudes.max(), _FINE)
        axes.plot(fine, cell.curve.pod(fine), linestyle=style, color=color, linewidth=1.2)
        axes.plot(
            cell.amplitudes, cell.pod, marker, markersize=4.5, color=color,
            zorder=3 if first else 2,
        )  # fmt: skip
        # The legend shows curve and points together.
        label = plain(cell.configuration.replace("_", " "))
        axes.plot([], [], linestyle=style, marker=marker, color=color, label=label, markersize=4.5)
        if first:
            low, high = pod_bounds(cell)
            axes.vlines(cell.amplitudes, low, high, color=color, linewidth=1.2)
            axes.plot(
                cell.amplitudes, cell.pod_blue, "x", linestyle=":", color=palette.MASKED,
                markersize=5, label="raw blue", zorder=1,
            )  # fmt: skip
    axes.axhline(0.9, color=palette.GRID, linestyle=":", linewidth=1.4)
    axes.set_xscale("log")
    ticks = cells[0].amplitudes
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set_ylim(-0.03, 1.03)
    unit = KINDS[cells[0].kind]
    axes.set_title(type_name(cells[0].kind), fontsize=10)
    axes.set_xlabel(_UNITS.get(unit, unit))


def _legend(figure: Any, panels: Any, used: int) -> None:
    """The legend of the first of the ``panels``: in the first that is not ``used``, else below
    all, where the title begins.
    """
    handles, labels = panels[0].get_legend_handles_labels()
    if used < len(panels):
        panels[used].legend(handles, labels, loc="center left", frameon=False)
        return
    lines = -(-len(labels) // _IN_LINE)
    figure.supxlabel("\n".join([" "] * lines), fontsize=16)  # room
    columns = -(-len(labels) // lines)
    figure.legend(handles, labels, loc="lower left", ncols=columns, frameon=False)


def mda_figures(found: Study) -> list[Figure]:
    """MDA90 of the first configuration with its interval, by site and type, at the largest gaps and
    contamination: types in reflectance, and relative ones.
    """
    gaps, contamination = max(found.settings.gaps), max(found.settings.contamination)
    cells = [c for c in found.first if (c.gaps, c.contamination) == (gaps, contamination)]
    parts = {
        "reflectance": [c for c in cells if KINDS[c.kind] == "reflectance"],
        "relative": [c for c in cells if KINDS[c.kind] != "reflectance"],
    }
    return [_mda(part, unit) for unit, part in parts.items() if part]


def _mda(cells: Sequence[Cell], unit: str) -> Figure:
    most = 2.0 * max(float(cell.amplitudes.max()) for cell in cells)
    one = cells[0]
    caption = (
        f"Minimal detectable amplitude (POD 0.9) of '{one.configuration}' with its 95\u00a0% "
        f"interval, at {100 * one.gaps:g}\u00a0% gaps and {100 * one.contamination:g}\u00a0% "
        "missed clouds. Rows without a dot: the curve does not come to 0.9 within twice the "
        "largest amplitude."
    )
    rows = [_mda_row(cell, most) for cell in cells]
    return interval_chart(rows, f"MDA90 ({unit})", f"MDA90 of {len(rows)} conditions.", caption)


def _mda_row(cell: Cell, most: float) -> IntervalRow:
    value = cell.curve.mda90 if cell.curve.mda90 <= most else float("nan")
    low, high = cell.curve.mda90_interval
    return IntervalRow(
        f"{cell.site}, {type_name(cell.kind)}", value, low, min(high, most),
        palette.ANOMALIES[cell.kind].color, "" if np.isfinite(value) else f"> {most:g}",
    )  # fmt: skip


def gain_figure(found: Study) -> Figure | None:
    """What each configuration changes of POD at equal false alarms, with its interval."""
    rows = [
        IntervalRow(
            f"{one.configuration.replace('_', ' ')}, {100 * one.contamination:g} % missed clouds",
            one.gain, one.gain_low, one.gain_high,
            remark=f"POD {one.pod_equal_far:.2f}",
            hollow=one.gain_low <= 0.0 <= one.gain_high,
        )
        for one in found.changes
        if one.configuration != found.changes[0].configuration
    ]  # fmt: skip
    if not rows:
        return None
    name = found.changes[0].configuration.replace("_", " ")
    caption = (
        f"Change of POD against '{name}' at equal false alarms, mean over sites, types and gaps "
        "with its 95\u00a0% interval; left of the line: worse without the ingredient."
    )
    return interval_chart(
        rows, f"change of POD against {name}", "Gains of configurations.", caption, 0.0
    )


def rule_figure(rules: Sequence[Rule], what: str) -> Figure | None:
    """POD of rules over amplitude."""
    if not rules:
        return None
    with canvas(height=3.4) as (figure, axes):
        for one, (color, style, marker) in zip(rules, _LOOKS, strict=False):
            axes.plot(
                one.amplitudes, one.pod, linestyle=style, marker=marker, color=color, markersize=5,
                label=f"{plain(one.rule, 40)} (false alarms {one.far:.2g})",
            )  # fmt: skip
            axes.vlines(one.amplitudes, one.low, one.high, color=color, linewidth=0.8)
        axes.set(xlabel="amplitude (reflectance)", ylabel="POD", ylim=(-0.03, 1.03))
        axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
        caption = f"{what}; bars: 95\u00a0% intervals. False alarms per clear date in brackets."
        return finish(figure, 100, f"{what}.", caption)


def confusion_figure(found: Study) -> Figure | None:
    """How the detected ones of each planted type were named by the first configuration."""
    first = found.cells[0].configuration
    cells = [cell for cell in found.cells if cell.configuration == first]
    kinds = list(found.settings.types)
    names = list(dict.fromkeys([*kinds, *(n for cell in cells for n in cell.confusion)]))
    counts = np.array(
        [
            [sum(c.confusion.get(name, 0) for c in cells if c.kind == kind) for name in names]
            for kind in kinds
        ],
        dtype=np.float64,
    )
    total = counts.sum(axis=1, keepdims=True)
    if not total.any():
        return None
    return _matrix(counts / np.maximum(total, 1.0), kinds, names)


def _matrix(shares: FloatArray, kinds: Sequence[str], names: Sequence[str]) -> Figure:
    colors = require("matplotlib.colors")
    ramp = colors.LinearSegmentedColormap.from_list("shares", (palette.PAPER, palette.ACCEPTED))
    with canvas(width=8.2, height=1.6 + 0.42 * len(kinds)) as (figure, axes):
        axes.imshow(shares, cmap=ramp, vmin=0.0, vmax=1.0, aspect="auto")
        titles = [type_name(name) for name in names]
        axes.set_xticks(range(len(names)), titles, rotation=30, ha="right", rotation_mode="anchor")
        axes.set_yticks(range(len(kinds)), [type_name(kind) for kind in kinds])
        axes.set(xlabel="named", ylabel="planted")
        axes.grid(visible=False)
        for (row, column), share in np.ndenumerate(shares):
            if share >= 0.005:
                ink = palette.PAPER if share > 0.55 else palette.INK
                axes.text(
                    column, row, f"{100 * share:.0f}", ha="center", va="center", color=ink,
                    fontsize=8.5,
                )  # fmt: skip
        caption = "Names of the detected anomalies in percent of each planted type, all cells."
        return finish(figure, 100, "Confusion of types.", caption)
