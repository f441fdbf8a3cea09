# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures of the report on a search for deep convective clouds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..calibration.cloudsites.cells import Cell, beside_of, corners, turns
from ..calibration.cloudsites.distributions import BandDistribution
from ..calibration.cloudsites.finding import CloudSites
from ..calibration.cloudsites.frequency import ALL
from ..calibration.pdf_statistics import Statistic
from ..dependencies import require
from ..shares import Z_95, score_bounds
from . import palette
from .document import Figure
from .figures import canvas, finish, plain

STATISTIC_COLORS = dict(
    zip(Statistic, (palette.BLUE, palette.BLUISH_GREEN, palette.ORANGE, palette.VERMILLION),
        strict=True)
)  # fmt: skip
_DASHES = dict(zip(Statistic, ("-", "--", "-.", ":"), strict=True))
_FAR = 60.0  # cells side by side; a wider map shows them larger than they are
_PANELS = 13  # bands of one sensor that are drawn


def frequency_map(found: CloudSites) -> Figure | None:
    """Cells by how often they have clouds; those of few scenes with a dotted outline, areas with a
    thick one.
    """
    cells = {cell: one for (cell, month), one in found.tallies.items() if month == ALL}
    if not cells:
        return None
    colors = require("matplotlib.colors")
    east_by = _turned(list(cells), found.size)
    boxes = np.array([_corners(cell, found.size, east_by) for cell in cells])
    west, south = boxes[:, :2].min(axis=0)
    east, north = boxes[:, 2:].max(axis=0)
    shape = (north - south) / max(east - west, 1e-9)
    ramp = colors.LinearSegmentedColormap.from_list("frequency", palette.DENSITY)
    shares = np.array([one.frequency()[0] for one in cells.values()])
    most = max(float(shares.max()), 0.05)
    height = min(max(7.0 * shape, 2.2), 7.5) + 1.2
    with canvas(height=height) as (figure, axes):
        grow = max(0.0, max(east - west, north - south) / _FAR - found.size)
        for (cell, one), share in zip(cells.items(), shares, strict=True):
            box = _corners(cell, found.size, east_by)
            few = one.scenes < found.limits.min_scenes
            _square(axes, box, few, ramp(share / most), grow)
        for area in found.areas:
            for cell in area.cells:
                _edge(axes, cell, area.cells, _corners(cell, found.size, east_by), found.size)
        margin = found.size + grow
        axes.set_xlim(west - margin, east + margin)
        axes.set_ylim(south - margin, north + margin)
        axes.set_aspect(1.0 / max(np.cos(np.radians((south + north) / 2.0)), 0.2))
        axes.set_xlabel("longitude (degrees)")
        axes.set_ylabel("latitude (degrees)")
        scale = require("matplotlib.cm").ScalarMappable(colors.Normalize(0.0, 100.0 * most), ramp)
        figure.colorbar(scale, ax=axes, label="scenes with deep convective clouds (%)", shrink=0.8)
        caption = "All months together. Thick lines: areas."
        if found.limits.min_scenes > 1:
            caption += f" Dotted: seen in fewer than {found.limits.min_scenes} scenes."
        if grow:
            caption += " Cells are drawn larger than they are."
        return finish(
            figure, 4 * len(cells), "Frequency of deep convective clouds by cell", caption
        )


def _turned(cells: Sequence[Cell], size: float) -> dict[Cell, float]:
    """By how many degrees the map draws cells farther east: those beyond the 180th meridian, where
    that makes a narrower map.
    """
    by = turns(cells, size)
    columns = np.array([column for column, _ in cells], dtype=np.float64)
    narrower = np.ptp(columns + np.array(by) / size) < np.ptp(columns)
    return dict(zip(cells, by if narrower else [0.0] * len(by), strict=True))


def _corners(
    cell: Cell, size: float, east_by: Mapping[Cell, float]
) -> tuple[float, float, float, float]:
    west, south, east, north = corners(cell, size)
    return west + east_by[cell], south, east + east_by[cell], north


def _square(
    axes: Any, box: tuple[float, float, float, float], few: bool, color: Any, grow: float
) -> None:
    west, south, east, north = box
    patch = require("matplotlib.patches").Rectangle(
        (west - grow / 2.0, south - grow / 2.0), east - west + grow, north - south + grow,
        facecolor=color, edgecolor=palette.REJECTED if few else palette.PAPER,
        linestyle=":" if few else "-", linewidth=0.8,
    )  # fmt: skip
    axes.add_patch(patch)


def _edge(
    axes: Any, cell: Cell, area: Sequence[Cell], box: tuple[float, float, float, float], size: float
) -> None:
    """The sides of a cell beyond which the area ends."""
    west, south, east, north = box
    sides = (
        ((west, west), (south, north)), ((east, east), (south, north)),
        ((west, east), (south, south)), ((west, east), (north, north)),
    )  # fmt: skip
    for beside, (x, y) in zip(beside_of(cell, size), sides, strict=True):
        if beside not in area:
            axes.plot(x, y, color=palette.INK, linewidth=1.6, solid_capstyle="round")


def month_chart(found: CloudSites) -> Figure | None:
    """How often any cell of a scene shows clouds, by month, with Wilson's interval."""
    seen: dict[str, dict[str, bool]] = {}
    for (_, month), one in found.tallies.items():
        if month != ALL:
            for overpass, count in one.clouds.items():
                known = seen.setdefault(month, {})
                known[overpass] = known.get(overpass, False) or count > 0
    if not seen:
        return None
    months = sorted(seen)
    with canvas(height=3.0) as (figure, axes):
        for place, month in enumerate(months):
            count, total = sum(seen[month].values()), len(seen[month])
            low, high = score_bounds(count / total, total, Z_95)
            axes.plot([place, place], [100.0 * low, 100.0 * high], color=palette.ACCEPTED)
            axes.plot([place], [100.0 * count / total], "o", color=palette.ACCEPTED)
            axes.annotate(f"{count}/{total}", (place, 100.0 * count / total), xytext=(6, -3),
                          textcoords="offset points", fontsize=8)  # fmt: skip
        step = -(-len(months) // 18)
        axes.set_xticks(range(0, len(months), step), months[::step], rotation=45, ha="right")
        axes.set_xlim(-0.7, max(len(months) - 0.3, 1.7))
        axes.set_ylim(-4.0, 104.0)
        axes.set_ylabel("scenes with clouds (%)")
        return finish(
            figure, len(months), "Scenes with deep convective clouds by month",
            "Scenes with clouds in any cell, of all scenes in range; lines: Wilson's interval, "
            "95 %.",
        )  # fmt: skip


def distribution_charts(found: CloudSites) -> list[Figure]:
    """A figure per sensor with a panel per band."""
    figures = []
    for sensor in dict.fromkeys(one.sensor for one in found.distributions):
        own = [one for one in found.distributions if one.sensor == sensor][:_PANELS]
        figures.append(_distribution_chart(sensor, own))
    return figures


def _distribution_chart(sensor: str, own: Sequence[BandDistribution]) -> Figure:
    rows = -(-len(own) // 3)
    with canvas(height=0.9 + 1.75 * rows, rows=rows, columns=3, squeeze=False) as (figure, grid):
        for axes in grid.ravel()[len(own) :]:
            axes.set_visible(False)
        for axes, one in zip(grid.ravel(), own, strict=False):
            axes.fill_between(one.grid, one.height, color=palette.MASKED, alpha=0.6, linewidth=0)
            for which in Statistic:
                axes.axvline(one.value[which], color=STATISTIC_COLORS[which],
                             linestyle=_DASHES[which], label=which.value)  # fmt: skip
            axes.set_title(plain(one.band))
            axes.set_yticks([])
            axes.set_ylim(0.0, 1.08)
            _limit(axes, one)
        handles, labels = grid[0, 0].get_legend_handles_labels()
        # The empty title keeps room for the legend, which would widen the column of one panel.
        figure.suptitle(" ", fontsize=13)
        figure.legend(handles, labels, loc="upper left", ncols=4, frameon=False)
        figure.supxlabel("TOA reflectance", fontsize=10)
        return finish(
            figure, 60 * len(own), f"Distributions over deep convective clouds, {sensor}",
            f"{plain(sensor)}: densities of the pixels of the search, each scaled to its peak.",
        )  # fmt: skip


def _limit(axes: Any, one: BandDistribution) -> None:
    """Show what is higher than a thousandth of the peak."""
    shown = one.grid[one.height > 1e-3]
    if len(shown) > 1:
        axes.set_xlim(float(shown[0]), float(shown[-1]))
