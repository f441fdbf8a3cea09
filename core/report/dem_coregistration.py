# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on the co-registration of an elevation model."""

from __future__ import annotations

from math import isfinite

import numpy as np

from ..dem.coregistration import Coregistered, Method
from ..dem.shift import Shift
from ..shares import Z_95
from ..wording import plural
from . import palette
from .assemble import assemble
from .dem_figures import difference_histogram, difference_maps
from .document import Cell, Column, Headline, ReportContext, ReportTable, Section
from .figures import drawn
from .numbers import DASH, format_count, format_number, format_value

LIMITS = (
    "A shift is found where the ground has slopes in all directions. On flat ground, and on ground "
    "that changed over most of the area, it is not.",
    "The errors hold what differs between blocks of a seventh to a twentieth of the longer side. "
    "In simulations two of them covered the planted shift in 85 to 98 % of the runs; errors that "
    "are correlated over a larger part of the area make them too small.",
    "Heights above a geoid and above the ellipsoid are told apart where both files state what they "
    "are counted from; else both models are taken as they are, and the difference becomes "
    "part of the vertical shift.",
    "One shift holds for the whole model: distortions inside it stay.",
)
SOURCES = (
    "Nuth & Kääb 2011, co-registration: DOI 10.5194/tc-5-271-2011",
    "Beaton & Tukey 1974, robust weights: DOI 10.1080/00401706.1974.10489171",
    "Höhle & Höhle 2009, NMAD: DOI 10.1016/j.isprsjprs.2009.02.003",
    "Liang & Zeger 1986, errors from sums of blocks: DOI 10.1093/biomet/73.1.13",
)


def coregistration_report(found: Coregistered, context: ReportContext) -> str:
    """The report (HTML text); without matplotlib it has no figures."""
    before, after = found.differences(False), found.differences(True)
    excluded = found.pair.excluded
    if excluded is not None:
        before, after = (np.where(excluded, np.nan, one) for one in (before, after))
    caption = "Reference minus model. Gray: no height in one of them, or excluded."
    figures = drawn(
        lambda: difference_maps([("Before", before), ("After", after)], found.pair.grid, caption),
        lambda: difference_histogram(
            [
                ("before", before[np.isfinite(before)], palette.REJECTED),
                ("after", after[np.isfinite(after)], palette.ACCEPTED),
            ]
        ),
    )
    sections = [
        Section("What was moved", (), (), [_parameters(found)]),
        Section("Differences of heights", (), figures),
        Section("Steps", (), (), _steps(found.shift)),
    ]
    subtitle = f"{plural(found.shift.count, 'cell')} compared"
    notes = (*found.pair.notes, *found.shift.notes)
    return assemble(context, subtitle, headline(found), sections, LIMITS, SOURCES, notes)


def headline(found: Coregistered) -> list[Headline]:
    """The shift, the vertical shift, and what they bring."""
    shift = found.shift
    lines = []
    if _horizontal(found):
        lines += [
            Headline("Shift to the east", _bounded(shift.east, shift.east_error),
                     plural(shift.count, "cell"), f"{format_number(shift.columns, 3)} columns."),
            Headline("Shift to the north", _bounded(shift.north, shift.north_error), "",
                     f"{format_number(shift.rows, 3)} rows (counted southward)."),
        ]  # fmt: skip
    lines.append(Headline("Vertical shift", _bounded(shift.up, shift.up_error)))
    better = shift.after < shift.before
    lines.append(Headline(
        "NMAD of the differences",
        f"{format_value(shift.before)} m before, {format_value(shift.after)} m after", "",
        "The model lies closer to the reference." if better else "The spread did not change.",
        "good" if better else "",
    ))  # fmt: skip
    return lines


def _parameters(found: Coregistered) -> ReportTable:
    shift = found.shift
    rows: list[list[str | Cell]] = []
    if _horizontal(found):
        rows.append(_row("Shift to the east", "m", shift.east, shift.east_error))
        rows.append(_row("Shift to the north", "m", shift.north, shift.north_error))
    rows.append(_row("Vertical shift (upward)", "m", shift.up, shift.up_error))
    if found.request.method in (Method.TILTED, Method.VERTICAL_TILTED):
        rows.append(_row("Tilt to the east", "m per km", shift.tilt.east))
        rows.append(_row("Tilt to the north", "m per km", shift.tilt.north))
    rows.append(_row("Median difference before", "m", shift.median_before))
    columns = [
        Column("Added to the model", numeric=False), Column("Value"), Column("Standard error"),
        Column("Unit", numeric=False),
    ]  # fmt: skip
    moved = (
        "The result lies on the grid of the reference (cubic convolution)."
        if found.request.resample
        else "The cells themselves were moved: no height was interpolated."
    )
    return ReportTable("", columns, rows, moved)


def _row(name: str, unit: str, value: float, error: float = float("nan")) -> list[str | Cell]:
    shown = DASH if not isfinite(error) else format_number(error, 4)
    return [name, format_number(value, 4), shown, unit]


def _steps(shift: Shift) -> list[ReportTable]:
    if not shift.steps:
        return []
    rows = [
        [str(number), f"{one.factor} x {one.factor}",
         format_number(one.columns, 4), format_number(one.rows, 4),
         f"{one.before:.3f}", f"{one.after:.3f}"]
        for number, one in enumerate(shift.steps, start=1)
    ]  # fmt: skip
    columns = [
        Column("Step"), Column("Cells averaged", numeric=False), Column("Columns"),
        Column("Rows (southward)"),
        Column("NMAD before", "m"), Column("NMAD after", "m"),
    ]  # fmt: skip
    note = (
        f"Shift so far, in cells; {format_count(shift.count)} cells count in the end. NMAD has to "
        "fall in every step of a tenth of a cell or more, or the run stops; in smaller ones it may "
        "rise, since interpolation between cells smooths noise and rounding."
    )
    return [ReportTable("", columns, rows, note)]


def _horizontal(found: Coregistered) -> bool:
    return found.request.method in (Method.SHIFT, Method.TILTED)


def _bounded(value: float, error: float) -> str:
    if not isfinite(error) or error <= 0.0:
        return f"{format_value(value)} m"
    return format_value(value, value - Z_95 * error, value + Z_95 * error, "m")
