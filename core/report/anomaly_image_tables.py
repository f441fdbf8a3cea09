# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of the report on anomalies of images."""

from __future__ import annotations

from collections import Counter

import numpy as np

from ..anomalies.labels import NONE
from ..anomalies.spatial.codes import SHIFT, STRIPES
from ..anomalies.spatial.rasters import AnomalyReport, AnomalyTask
from ..anomalies.spatial.verdict import DateVote
from ..wording import listed
from .anomaly_image_text import reason
from .anomaly_names import amplitude_text, type_name
from .document import Cell, Column, ReportTable
from .numbers import format_count, format_number, format_p_value, format_parts, share_parts

Row = list[str | Cell]
MOST_ROWS = 200
_UNKNOWN = "\u2013"
_SURE = 0.05  # p-value below which the direction of the sun tells a height


def verdicts(task: AnomalyTask, report: AnomalyReport) -> list[ReportTable]:
    """Dates by verdict."""
    kinds = Counter(one.kind for one in report.votes if one.kind != NONE)
    columns = [
        Column("Verdict on the image", numeric=False), Column("Dates"),
        Column("Largest amplitude"), Column("Which", numeric=False),
    ]  # fmt: skip
    rows: list[Row] = []
    for kind, count in kinds.most_common():
        dates = [date for date, one in enumerate(report.votes) if one.kind == kind]
        largest = max((report.votes[date] for date in dates), key=lambda one: abs(one.amplitude))
        days = listed([_day(task, date) for date in dates], 6)
        rows.append([type_name(kind), format_count(count), _amplitude(largest), days])
    return [ReportTable("Images by verdict", columns, rows)] if rows else []


def pixel_types(report: AnomalyReport) -> list[ReportTable]:
    """Anomalous pixels by the type that their spectrum has."""
    counts: Counter[str] = Counter()
    dates: Counter[str] = Counter()
    for one in report.votes:
        counts.update(one.types)
        dates.update(name for name in one.types)
    columns = [
        Column("Type by spectrum", numeric=False), Column("Pixels"), Column("Share", "%"),
        Column("Dates"),
    ]  # fmt: skip
    rows: list[Row] = [
        [
            type_name(name), format_count(count), _part(count, report.flagged),
            format_count(dates[name]),
        ]
        for name, count in counts.most_common()
    ]  # fmt: skip
    note = (
        "Over all dates, before the places of the pixels are looked at; maps show what is decided "
        "then."
    )
    return [ReportTable("Anomalous pixels by type", columns, rows, note)] if rows else []


def dates(task: AnomalyTask, report: AnomalyReport) -> list[ReportTable]:
    """The dates that have a layer or a verdict, with the reasons."""
    layers = {date: layer for layer, date in enumerate(report.layers, start=1)}
    chosen = [d for d, one in enumerate(report.votes) if one.kind != NONE or d in layers]
    columns = [
        Column("Date", "UTC", numeric=False, fixed=True), Column("Verdict", "amplitude", False),
        Column("p-value", "of what"), Column("Why", numeric=False),
        Column("Anomalies", "% of tested"), Column("Clear", "%"), Column("Layer"),
    ]  # fmt: skip
    rows: list[Row] = []
    for date in chosen:
        one = report.votes[date]
        verdict = Cell("in parts") if one.kind == NONE else Cell(
            type_name(one.kind), _amplitude(one), "caution"
        )  # fmt: skip
        rows.append(
            [
                _moment(task, date), verdict, _p_value(one),
                reason(one, task.stack.bands, report.local_types.get(date)),
                _share(one), share_parts(one.used)[0], str(layers.get(date, _UNKNOWN)),
            ]
        )  # fmt: skip
    note = (
        "Amplitude: reflectance where no unit is given; of AOT and thin cloud over black ground at "
        "490 nm. The p-value is that a good image is as far off, by the test that "
        "stands below it: of the mean of the image against its series from date to date; of its "
        "displacement against none, by how well its parts agree; or of its stripes. A wrong date "
        "has none. Brackets and \u00b1: 95\u00a0% intervals. The table DATE_TABLE holds "
        "what every test found on every date."
    )
    return _limited("Verdicts and their reasons", columns, rows, note)


def places(task: AnomalyTask, report: AnomalyReport) -> list[ReportTable]:
    """What the places of anomalies say, of dates that have a layer."""
    table = report.table
    columns = [
        Column("Date", "UTC", numeric=False, fixed=True), Column("At edges", "times as often"),
        Column("Largest patch", "% of anomalies"), Column("Cloud towards the sun", "% of shadows"),
        Column("p-value", "of the sun's side"), Column("Cloud height", "m"),
        Column("From masked clouds", "m; all pixels"),
    ]  # fmt: skip
    rows: list[Row] = []
    for date in report.layers:
        found = {name: float(table[name][date]) for name in _PLACES}
        if not any(np.isfinite(value) for value in found.values()):
            continue
        rows.append([
            _moment(task, date), _number(found["edge_ratio"], 1),
            _percent(found["largest_patch"]), _percent(found["sun_share"]),
            format_p_value(found["sun_p_value"]) if np.isfinite(found["sun_p_value"]) else _UNKNOWN,
            _number(found["cloud_height_m"], 0) if found["sun_p_value"] < _SURE else _UNKNOWN,
            _distance(found["mask_distance_m"], found["usual_mask_distance_m"]),
        ])  # fmt: skip
    note = (
        "Anomalies at edges point to a shift; shadows with a cloud towards the sun, all at one "
        "height, are shadows of that cloud (p-value: the share of other directions that fit as "
        "well); cloudy anomalies near masked clouds are rims that the mask misses."
    )
    return _limited("Dates with a layer", columns, rows, note)


_P_VALUES = {SHIFT: "displacement", STRIPES: "stripes"}
_PLACES = (
    "edge_ratio", "largest_patch", "sun_share", "sun_p_value", "cloud_height_m",
    "mask_distance_m", "usual_mask_distance_m",
)  # fmt: skip


def others(task: AnomalyTask, report: AnomalyReport) -> list[ReportTable]:
    """All other dates, one line each."""
    columns = [
        Column("Date", "UTC", numeric=False, fixed=True), Column("Clear", "%"),
        Column("Anomalies", "% of tested"), Column("Most frequent", numeric=False),
        Column("p-value", "mean of image"), Column("Verdict", numeric=False),
    ]  # fmt: skip
    rows: list[Row] = [
        [
            _moment(task, date), share_parts(one.used)[0], _share(one),
            type_name(one.dominant) if one.flagged else _UNKNOWN,
            format_p_value(one.image_p_value) if np.isfinite(one.image_p_value) else _UNKNOWN,
            reason(one, task.stack.bands),
        ]
        for date, one in enumerate(report.votes)
        if one.kind == NONE and date not in report.layers
    ]  # fmt: skip
    return _limited("Dates without a layer", columns, rows, "")


def _limited(title: str, columns: list[Column], rows: list[Row], note: str) -> list[ReportTable]:
    if not rows:
        return []
    if len(rows) > MOST_ROWS:
        count = format_count(len(rows))
        note = f"{note} The first {MOST_ROWS} of {count} rows; all are in DATE_TABLE.".strip()
    return [ReportTable(title, columns, rows[:MOST_ROWS], note)]


def _amplitude(one: DateVote) -> str:
    if not np.isfinite(one.amplitude):
        return _UNKNOWN
    low, high = one.interval
    if np.isfinite(low):
        number, bounds = format_parts(one.amplitude, low, high)
        return f"{number} {bounds} {one.unit}"
    return amplitude_text(one.amplitude, one.unit)


def _p_value(one: DateVote) -> Cell:
    """The p-value that the verdict rests on, and what it is of."""
    value = one.image_p_value if one.kind == NONE else one.p_value
    if not np.isfinite(value):
        return Cell(_UNKNOWN)
    return Cell(format_p_value(value), _P_VALUES.get(one.kind, "mean of image"))


def _share(one: DateVote) -> str:
    return share_parts(one.share)[0] if one.tested else _UNKNOWN


def _number(value: float, decimals: int) -> str:
    return format_number(value, decimals) if np.isfinite(value) else _UNKNOWN


def _distance(near: float, usual: float) -> str | Cell:
    return Cell(_number(near, 0), _number(usual, 0)) if np.isfinite(near) else _UNKNOWN


def _part(count: int, total: int) -> str:
    """The percent of ``total`` that ``count`` is, without a false 0."""
    share = count / max(total, 1)
    return "< 0.1" if 0.0 < share < 0.0005 else share_parts(share)[0]


def _percent(value: float) -> str:
    return share_parts(value)[0] if np.isfinite(value) else _UNKNOWN


def _day(task: AnomalyTask, date: int) -> str:
    return str(np.datetime_as_string(task.stack.times[date], unit="D"))


def _moment(task: AnomalyTask, date: int) -> Cell:
    day, hour = str(np.datetime_as_string(task.stack.times[date], unit="m")).split("T")
    return Cell(day, hour)
