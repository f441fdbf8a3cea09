# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of the report on sensitivity."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..anomalies.ingredients import Change, Rule
from ..anomalies.inject import KINDS
from ..anomalies.sensitivity import EQUAL_FAR, Cell
from ..anomalies.study import Study
from .anomaly_names import type_name
from .document import Cell as TableCell
from .document import Column, ReportTable
from .numbers import (
    NOT_AVAILABLE,
    format_count,
    format_number,
    format_value,
    share_parts,
)

Row = list[str | TableCell]
MOST_ROWS = 300


def configurations(found: Study) -> list[ReportTable]:
    """Configurations, best first: by POD at equal false alarms, at the largest contamination."""
    worst = max(one.contamination for one in found.changes)
    these = [one for one in found.changes if one.contamination == worst]
    ordered = sorted(these, key=lambda one: -one.pod_equal_far)
    columns = [
        Column("Rank"), Column("Configuration", numeric=False), Column("POD", "equal false alarms"),
        Column("against the first", "95\u00a0% interval"), Column("POD", "own threshold"),
        Column("False alarms", "per 1000 clear dates"), Column("Named right", "%"),
        Column("MDA90", "median, reflectance"),
    ]  # fmt: skip
    rows: list[Row] = [
        [
            str(place),
            one.configuration,
            format_number(one.pod_equal_far, 3),
            _gain(one, found.changes[0].configuration),
            format_number(one.pod, 3),
            TableCell(
                format_number(1000.0 * one.far, 2), "", "good" if one.far <= EQUAL_FAR else "bad"
            ),
            format_number(100.0 * one.named_right, 0),
            _median_mda(one.mda90, found),
        ]
        for place, one in enumerate(ordered, 1)
    ]
    note = (
        f"Means over {these[0].cells} conditions (site, gaps, type) at {100 * worst:g}\u00a0% "
        f"clouds that the mask misses. Equal false alarms: the threshold that gives "
        f"{1000 * EQUAL_FAR:g} per 1000. Green: no more false alarms than that at the own "
        "threshold. Ranks whose interval holds 0 cannot be told apart. An MDA90 beyond twice the "
        "largest planted amplitude is not shown."
    )
    return [ReportTable("Ranking of configurations", columns, rows, note)]


def _gain(one: Change, reference: str) -> str:
    if one.configuration == reference:
        return "reference"
    return format_value(one.gain, one.gain_low, one.gain_high)


def mda_table(found: Study) -> list[ReportTable]:
    """MDA50, MDA90, false alarms and names of each cell."""
    columns = [
        Column("Site", numeric=False), Column("Type", numeric=False),
        Column("Gaps, missed clouds", "%", numeric=False), Column("Configuration", numeric=False),
        Column("MDA50"), Column("MDA90"), Column("Unit", numeric=False),
        Column("False alarms", "per 1000"), Column("Precision", "%"),
        Column("Average precision"), Column("Named right", "%"),
    ]  # fmt: skip
    rows = [_mda_row(cell) for cell in found.cells]
    note = (
        "MDA50, MDA90: amplitudes found with 50 and 90\u00a0%, with 95\u00a0% intervals (bootstrap "
        "of pixels); beyond the largest planted amplitude they are extrapolated, and not shown "
        "beyond twice that. Precision depends on how many anomalies were planted."
    )
    if len(rows) > MOST_ROWS:
        note += f" The first {MOST_ROWS} of {format_count(len(rows))} rows; all are in OUTPUT."
    return [ReportTable("Minimal detectable amplitudes", columns, rows[:MOST_ROWS], note)]


def _mda_row(cell: Cell) -> Row:
    curve, most = cell.curve, 2.0 * float(cell.amplitudes.max())
    right = cell.confusion.get(cell.kind, 0), sum(cell.confusion.values())
    unit = KINDS[cell.kind]
    return [
        cell.site, type_name(cell.kind),
        f"{100 * cell.gaps:g}, {100 * cell.contamination:g}", cell.configuration,
        _mda(curve.mda50, curve.mda50_interval, most),
        _mda(curve.mda90, curve.mda90_interval, most),
        "of direct sun" if "sun" in unit else unit,
        format_number(1000.0 * cell.far, 2), format_number(100.0 * cell.precision, 0),
        format_number(cell.average_precision, 2),
        format_number(100.0 * right[0] / right[1], 0) if right[1] else NOT_AVAILABLE,
    ]  # fmt: skip


def _median_mda(value: float, found: Study) -> str | TableCell:
    """The median over the types in reflectance, by the rule of the table of cells."""
    cells = [one for one in found.cells if KINDS[one.kind] == "reflectance"]
    if not cells or np.isnan(value):
        return NOT_AVAILABLE
    return _mda(value, (np.nan, np.nan), 2.0 * max(float(one.amplitudes.max()) for one in cells))


def _mda(value: float, interval: tuple[float, float], most: float) -> TableCell:
    if not value <= most:
        return TableCell(f"> {most:g}")
    low, high = interval
    if np.isnan(interval).all():
        return TableCell(format_number(value, 3))
    top = format_number(high, 3) if high <= most else f"> {most:g}"
    return TableCell(format_number(value, 3), f"[{format_number(low, 3)}, {top}]")


def baseline(found: Study) -> list[ReportTable]:
    """The detector beside raw blue, by site and type."""
    first = found.cells[0].configuration
    columns = [
        Column("Site", numeric=False), Column("Type", numeric=False), Column("Detector", "POD"),
        Column("Raw blue", "POD"), Column("False alarms", "per 1000, both"),
    ]  # fmt: skip
    rows: list[Row] = []
    for site in found.settings.sites:
        for kind in found.settings.types:
            cells = [
                c for c in found.cells if (c.site, c.kind, c.configuration) == (site, kind, first)
            ]
            mine, blue = (
                float(np.nanmean([getattr(c, key) for c in cells])) for key in ("pod", "pod_blue")
            )
            state = "good" if mine >= blue else "caution"
            far = 1000.0 * float(np.mean([c.far for c in cells]))
            rows.append(
                [site, type_name(kind), TableCell(format_number(mine, 2), "", state),
                 format_number(blue, 2), format_number(far, 2)]
            )  # fmt: skip
    note = (
        "Means over amplitudes, gaps and contamination. Raw blue: what is brighter or darker in "
        "the blue band than all but as many good dates, with no model at all. Green: the detector "
        "finds as much or more; yellow: raw blue finds more, but names nothing."
    )
    return [ReportTable("Beside a baseline", columns, rows, note)]


def change_table(found: Study) -> list[ReportTable]:
    """What each configuration changes, by contamination."""
    columns = [
        Column("Missed clouds", "%"), Column("Configuration", numeric=False),
        Column("POD", "own threshold"), Column("False alarms", "per 1000"),
        Column("POD", "equal false alarms"), Column("Change", "95\u00a0% interval"),
        Column("Named right", "%"),
    ]  # fmt: skip
    reference = found.changes[0].configuration
    rows: list[Row] = [
        [
            f"{100 * one.contamination:g}", one.configuration, format_number(one.pod, 3),
            format_number(1000.0 * one.far, 2), format_number(one.pod_equal_far, 3),
            _gain(one, reference), format_number(100.0 * one.named_right, 0),
        ]
        for one in found.changes
    ]  # fmt: skip
    return [ReportTable("The detector without one ingredient", columns, rows)]


def rule_table(rules: Sequence[Rule], title: str) -> list[ReportTable]:
    """POD by amplitude and false alarms of rules."""
    if not rules:
        return []
    columns = [
        Column("Rule", numeric=False),
        *(Column(f"{amplitude:g}", "POD, %") for amplitude in rules[0].amplitudes),
        Column("False alarms", "per 1000"),
    ]
    rows: list[Row] = [
        [
            one.rule,
            *(
                TableCell(*share_parts(pod, low, high))
                for pod, low, high in zip(one.pod, one.low, one.high, strict=True)
            ),
            TableCell(format_number(1000.0 * one.far, 2), f"n = {format_count(one.tested)}"),
        ]
        for one in rules
    ]
    return [ReportTable(title, columns, rows)]
