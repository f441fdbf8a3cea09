# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on a reference elevation model that was built out of several."""

from __future__ import annotations

from math import isfinite
from typing import Any

import numpy as np

from ..dem.canvas import Fill
from ..dem.cells import Sides, cell_sides
from ..dem.reference import ReferenceDem
from ..dem.shift import Shift
from ..dem.terrain import hillshade
from ..dependencies import require
from ..types import AnyArray, FloatArray
from ..wording import plural
from . import palette
from .assemble import assemble
from .document import Cell, Column, Figure, Headline, ReportContext, ReportTable, Section
from .figures import PNG_ALWAYS, canvas, drawn, finish, plain
from .map_frame import map_frame
from .numbers import DASH, format_count, format_number, format_value

_MOST = 700  # cells of a map along its longer side
LIMITS = (
    "Expected errors are those of the delta surface against the first model, from how the "
    "difference of the two models changes with distance on known ground (root of its "
    "semivariance). In voids that lie in rougher ground than the rest they are too small.",
    "Only voids in which no model has a height, and of at most as many cells as SMALL_VOID_CELLS "
    "says, are interpolated. Their expected error is that of leave-out tests on the ground around: "
    "a gorge or a summit that lies in the void alone is not in it. Lakes have none.",
    "The heights of the first model are believed as they are: what is wrong with them is wrong in "
    "the result.",
    "Beyond the outer edge of the first model the difference of the edge is carried on; how far "
    "that holds nobody has measured.",
)
SOURCES = (
    "Grohman, Kroenung & Strebeck 2006, delta surface: Photogrammetric Engineering & Remote "
    "Sensing 72, 213-216",
    "Braess 1995, multigrid by aggregation: DOI 10.1007/BF02238488",
    "Horn 1981, slopes: DOI 10.1109/PROC.1981.11918",
    "Lemoine et al. 1998, EGM96: NASA/TP-1998-206861",
    "Pavlis et al. 2012, EGM2008: DOI 10.1029/2011JB008916",
)


def reference_report(made: ReferenceDem, context: ReportContext) -> str:
    """The report (HTML text); without matplotlib it has no figures."""
    thin = _Thin(made)
    figures = drawn(
        lambda: _relief(thin), lambda: _kinds(thin), lambda: _errors(thin), lambda: _growth(made)
    )
    sections = [
        Section("Where heights come from", (), figures[:2], [_models(made), _fills(made)]),
        Section("How wrong they may be", (), figures[2:], _growths(made)),
        Section("Lakes", (), (), _lakes(made)),
    ]
    grid = made.canvas.grid
    subtitle = (
        f"{grid.width} x {grid.height} cells; heights above {made.vertical or 'an unknown level'}"
    )
    return assemble(context, subtitle, _headline(made), sections, LIMITS, SOURCES, made.notes)


def _headline(made: ReferenceDem) -> list[Headline]:
    after = made.canvas.void_percent()
    left = made.canvas.count(Fill.NONE)
    filled = made.canvas.count(Fill.DELTA)
    return [
        Headline(
            "Voids", f"{_percent(made.void_before)} before, {_percent(after)} after",
            f"{plural(made.kept, 'cell')} kept", "No void is left." if not left else
            f"{plural(left, 'cell')} stay void.", "good" if not left else "caution",
        ),
        Headline(
            "Expected error of the delta surface",
            f"{format_value(made.canvas.expected_error())} m" if filled else DASH,
            plural(filled, "cell"), "Root mean square, against the first model.",
        ),
        Headline(
            "Vertical reference", made.vertical or "unknown", "",
            "Written into the file." if made.vertical else
            "Nothing was converted.", "" if made.vertical else "caution",
        ),
    ]  # fmt: skip


def _percent(value: float) -> str:
    return "0 %" if value == 0.0 else f"{max(value, 0.0):.3g} %"


class _Thin:
    """Every so many rows and columns of the result, for maps."""

    def __init__(self, made: ReferenceDem) -> None:
        step = -(-max(made.canvas.height.shape) // _MOST)
        self.height = np.asarray(made.canvas.height[::step, ::step])
        self.fill = _with_interpolated(made.canvas.fill, step)
        self.error = np.asarray(made.canvas.error[::step, ::step])
        east, north = cell_sides(made.canvas.grid).mean()
        self.sides = Sides(np.full((1, 1), east * step), np.full((1, 1), north * step))
        self.frame = map_frame(made.canvas.grid)

    def inches(self) -> float:
        """How high a map is drawn."""
        return float(np.clip(5.4 * self.frame.height / self.frame.width, 2.0, 8.0)) + 0.6

    def map(self, values: FloatArray, alt: str, caption: str, **look: Any) -> Figure:
        """A map with a bar of its values, or of the ``labels`` of its codes (from 0)."""
        labels, unit = look.pop("labels", ()), look.pop("unit", "")
        with canvas(width=7.2, height=self.inches()) as (figure, axes):
            image = axes.imshow(values, interpolation="nearest", extent=self.frame.extent, **look)
            self.frame.label(axes)
            bar = figure.colorbar(
                image, ax=axes, shrink=0.85, extend="neither" if labels else "both"
            )
            bar.set_label(unit)
            if labels:
                bar.set_ticks(range(len(labels)), labels=labels)
                bar.ax.tick_params(length=0)
            return finish(figure, PNG_ALWAYS, alt, caption)


def _with_interpolated(fill: AnyArray, step: int) -> AnyArray:
    """Every so many codes of filling; interpolated cells, few as they are, show in all squares of
    ``step`` cells that hold one.
    """
    thin = np.array(fill[::step, ::step])
    for at in range(len(thin)):
        there = (np.asarray(fill[at * step : (at + 1) * step]) == Fill.INTERPOLATED).any(axis=0)
        thin[at, np.flatnonzero(there) // step] = Fill.INTERPOLATED
    return thin


def _relief(thin: _Thin) -> Figure | None:
    lit = hillshade(thin.height, thin.sides)
    if not np.isfinite(lit).any():
        return None
    with canvas(width=7.2, height=thin.inches()) as (figure, axes):
        ramp = require("matplotlib").colormaps["gray"].with_extremes(bad=palette.MASKED)
        axes.imshow(lit, cmap=ramp, vmin=1, vmax=255, extent=thin.frame.extent)
        void = np.where(np.isnan(thin.height), 1.0, np.nan)
        colors = require("matplotlib.colors")
        axes.imshow(
            void, cmap=colors.ListedColormap([palette.VERMILLION]), extent=thin.frame.extent,
            interpolation="nearest",
        )  # fmt: skip
        thin.frame.label(axes)
        caption = (
            "Hillshade, light from the north-west. Vermilion: no height; gray: none beside it."
        )
        return finish(figure, PNG_ALWAYS, "Hillshade of the reference elevation model.", caption)


def _kinds(thin: _Thin) -> Figure | None:
    colors = require("matplotlib.colors")
    ramp = colors.ListedColormap([color for _, color, _ in palette.DEM_FILL])
    labels = [label for _, _, label in palette.DEM_FILL]
    caption = "How each height came about; interpolated cells are drawn at least a dot wide."
    return thin.map(
        thin.fill, "Map of the kinds of filling.", caption, cmap=ramp, vmin=-0.5, vmax=5.5,
        labels=labels,
    )  # fmt: skip


def _errors(thin: _Thin) -> Figure | None:
    known = thin.error[np.isfinite(thin.error) & (thin.error > 0.0)]
    if not known.size:
        return None
    colors = require("matplotlib.colors")
    ramp = colors.LinearSegmentedColormap.from_list("errors", palette.HAZE)
    ramp.set_bad(palette.MASKED)
    caption = "Expected error of what was filled. Gray: kept, unknown, or void."
    low, high = (float(one) for one in np.quantile(known, (0.02, 0.98)))
    shown = np.where(thin.error > 0.0, thin.error, np.nan)
    return thin.map(
        shown, "Map of expected errors.", caption, cmap=ramp, vmin=low, vmax=max(high, low + 1e-3),
        unit="expected error (m)",
    )  # fmt: skip


def _growth(made: ReferenceDem) -> Figure | None:
    tied = [one for one in made.filled if one.growth.distance]
    if not tied:
        return None
    with canvas(width=7.2, height=3.0) as (figure, axes):
        for one, color in zip(tied, palette.TRACKS, strict=False):
            name = plain(made.sources[one.number - 1].name)
            axes.plot(*one.growth_points(), color=color, marker="o", markersize=3, label=name)
        axes.set_xscale("log")
        axes.set_ylim(bottom=0.0)
        axes.set_xlabel("distance from the rim (cells)")
        axes.set_ylabel("expected error (m)")
        axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
        caption = "Root of the semivariance of the difference to the first model."
        return finish(figure, 10 * len(tied), "Expected error by distance.", caption)


def _models(made: ReferenceDem) -> ReportTable:
    total = made.canvas.grid.width * made.canvas.grid.height
    filled = {one.number: one for one in made.filled}
    rows: list[list[str | Cell]] = []
    for number, source in enumerate(made.sources, start=1):
        one = filled.get(number)
        cells = made.kept if number == 1 else (one.cells if one else 0)
        rows.append([
            str(number), source.name, source.reference or "unknown", format_count(cells),
            f"{100.0 * cells / total:.3g}", DASH if one is None else _number(one.median),
            DASH if one is None else _number(one.nmad), _shift(made, number),
        ])  # fmt: skip
    columns = [
        Column(""), Column("Model", numeric=False, long=True),
        Column("Heights above", numeric=False), Column("Cells"), Column("Share", "%"),
        Column("Median", "m"), Column("NMAD", "m"), Column("Moved by", numeric=False),
    ]  # fmt: skip
    note = "Median and NMAD: what was built before minus this model, where both have heights."
    return ReportTable("Models", columns, rows, note)


def _number(value: float) -> str:
    return format_number(value, 2) if isfinite(value) else DASH


def _shift(made: ReferenceDem, number: int) -> str:
    if not made.request.align or number == 1:
        return DASH
    shift: Shift | None = made.shifts[number - 2]
    if shift is None:
        return "not moved, see above"
    return f"{shift.east:.2f} m east, {shift.north:.2f} m north, {shift.up:.2f} m up"


def _fills(made: ReferenceDem) -> ReportTable:
    total = made.canvas.grid.width * made.canvas.grid.height
    rows: list[list[str | Cell]] = []
    for code, _, label in palette.DEM_FILL:
        count = made.canvas.count(Fill(code))
        error = made.canvas.expected_error(Fill(code)) if code != Fill.KEPT else float("nan")
        rows.append([
            str(code), label, format_count(count), f"{100.0 * count / total:.3g}", _number(error)
        ])  # fmt: skip
    columns = [
        Column("Code"), Column("Kind", numeric=False), Column("Cells"), Column("Share", "%"),
        Column("Expected error (RMS)", "m"),
    ]  # fmt: skip
    return ReportTable("Kinds of filling", columns, rows)


def _growths(made: ReferenceDem) -> list[ReportTable]:
    rows: list[list[str | Cell]] = [
        [made.sources[one.number - 1].name, f"{distance:g}", format_number(change, 2)]
        for one in made.filled
        for distance, change in zip(*one.growth_points(), strict=True)
    ]
    if not rows:
        return []
    columns = [
        Column("Model", numeric=False, long=True), Column("Distance", "cells"),
        Column("Expected error", "m"),
    ]  # fmt: skip
    return [ReportTable("Expected error of the delta surface", columns, rows)]


def _lakes(made: ReferenceDem) -> list[ReportTable]:
    if not made.lakes:
        return []
    largest = sorted(made.lakes, key=lambda one: -one.cells)[:20]
    rows: list[list[str | Cell]] = [
        [format_count(one.cells), _number(one.level), _number(one.change), one.kind]
        for one in largest
    ]
    columns = [
        Column("Cells"), Column("Level", "m"), Column("Largest change", "m"),
        Column("Level from", numeric=False),
    ]  # fmt: skip
    note = "" if len(largest) == len(made.lakes) else f"The 20 largest of {len(made.lakes)}."
    return [ReportTable("Bodies of water", columns, rows, note)]
