# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of the report on stable sites."""

from __future__ import annotations

import numpy as np

from ..calibration.stability.criteria import CRITERIA
from ..calibration.stability.run import StabilityReport, StabilityTask
from ..table import Table
from .calibration_names import band_label
from .document import Cell, Column, ReportTable
from .numbers import format_count, format_number, format_share

MOST_ROWS = 15
MOST_BY_BAND = 6
_PLUS_MINUS = "\u00b1\u00a0"


def best(task: StabilityTask, found: StabilityReport) -> list[ReportTable]:
    """The best candidates, a row each."""
    table = found.table
    if not len(table):
        return []
    columns = [
        Column("Rank"), Column("Site", numeric=False), Column("Area", "km\u00b2"),
        Column("Center", "longitude, latitude in degrees", numeric=False, fixed=True),
        Column("Score"), Column("Limited by", numeric=False), Column("Clear dates", "%"),
        Column("Temporal CV", "%"), Column("Spatial CV", "%"),
    ]  # fmt: skip
    if len(task.stack.bands) > 1:
        columns.append(Column("Spectral CV", "%"))
    if task.settings.trend:
        columns.append(Column("Trend", "% per year"))
    rows = [_row(task, table, at) for at in range(min(len(table), MOST_ROWS))]
    note = (
        f"Temporal, spatial CV and trend: {task.settings.rule} of the bands, mean over the pixels, "
        "with the standard error of a pixel (of a window)."
    )
    if len(table) > MOST_ROWS:
        note += f" The other {len(table) - MOST_ROWS} are in the layer of candidates."
    return [ReportTable("", columns, rows, note)]


def by_band(task: StabilityTask, found: StabilityReport) -> list[ReportTable]:
    """The bands of the best candidates."""
    table = found.table
    if not len(table):
        return []
    columns = [
        Column("Site", numeric=False), Column("Band", numeric=False),
        Column("Reflectance", "mean"), Column("Temporal CV", "%"),
        Column("Raw temporal CV", "%"), Column("Spatial CV", "%, moving window"),
        Column("Whole site", "spatial CV, %"), Column("Whole site", "temporal CV, %"),
    ]  # fmt: skip
    if task.settings.trend:
        columns.append(Column("Whole site", "trend, % per year"))
    rows: list[list[str | Cell]] = []
    for at in range(min(len(table), MOST_BY_BAND)):
        for place, band in enumerate(task.stack.bands):
            name = str(table["site"][at]) if place == 0 else ""
            rows.append([name, *_band_row(task, table, at, place, band)])
    note = (
        "First the means over the pixels, then the whole site: the median of its clear pixels on "
        "each date, in which the noise of pixels is averaged out. With standard errors."
    )
    if len(table) > MOST_BY_BAND:
        note += f" The best {MOST_BY_BAND}; the layer of candidates has all."
    return [ReportTable("", columns, rows, note)]


def failures(task: StabilityTask, found: StabilityReport) -> list[ReportTable]:
    """How many pixels each criterion refuses, as the one that they miss most."""
    score = found.small["score"]
    with np.errstate(invalid="ignore"):
        failed = score > 1.0
    total = int(failed.sum())
    if not total:
        return []
    codes = found.small["limiting_criterion"][failed]
    limits = task.settings.limits
    texts = {
        "temporal CV": f"at most {limits.temporal_percent:g} %",
        "spatial CV": f"at most {limits.spatial_percent:g} %",
        "spectral CV": f"at most {limits.spectral_percent:g} %",
        "trend": f"at most {limits.trend_percent_year:g} % per year beyond 3 standard errors",
        "clear frequency": f"at least {limits.clear_percent:g} %",
    }
    rows = []
    for code, name in CRITERIA.items():
        share = float((codes == code).mean())
        if share:
            rows.append([name, texts[name], format_share(share)])
    columns = [
        Column("Criterion that is missed most", numeric=False), Column("Limit", numeric=False),
        Column("Share", "of the pixels that fail"),
    ]  # fmt: skip
    note = "" if found.step == 1 else f"Of every {found.step}th row and column."
    return [ReportTable("", columns, rows, note)]


def model(task: StabilityTask, found: StabilityReport) -> list[ReportTable]:
    """The temporal CV by band without and with the model, at a typical pixel."""
    with np.errstate(invalid="ignore"):
        good = found.small["score"] <= 1.0
    if not good.any():
        good = np.isfinite(found.small["score"])
    if not good.any():
        return []
    rows = []
    for place, band in enumerate(task.stack.bands):
        raw, rest = (
            float(np.median(found.small[f"{name} {band}"][good]))
            for name in ("raw_cv_percent", "temporal_cv_percent")
        )
        rows.append([
            _band(task, place, band), format_number(raw, 2), format_number(rest, 2),
            format_number(raw / rest, 1),
        ])  # fmt: skip
    columns = [
        Column("Band", numeric=False), Column("Raw temporal CV", "%"),
        Column("Temporal CV", "%, model taken off"), Column("Ratio"),
    ]  # fmt: skip
    passed = "that pass" if found.passed else "measured"
    return [ReportTable("", columns, rows, f"Medians of the pixels {passed}.")]


def _row(task: StabilityTask, table: Table, at: int) -> list[str | Cell]:
    def number(key: str, digits: int) -> str:
        return format_number(float(table[key][at]), digits)

    row: list[str | Cell] = [
        str(table["rank"][at]), str(table["site"][at]), number("area_km2", 1),
        f"{number('longitude', 4)}, {number('latitude', 4)}", number("score", 2),
        str(table["limited_by"][at]),
        Cell(number("clear_percent", 0), f"n = {number('clear_dates', 0)}"),
        Cell(number("temporal_cv_percent", 2), _PLUS_MINUS + number("temporal_cv_se_percent", 2)),
        Cell(number("spatial_cv_percent", 2), _PLUS_MINUS + number("spatial_cv_se_percent", 2)),
    ]  # fmt: skip
    if len(task.stack.bands) > 1:
        row.append(number("spectral_cv_percent", 2))
    if task.settings.trend:
        error = _PLUS_MINUS + number("trend_se_percent_year", 2)
        row.append(Cell(number("trend_percent_year", 2), error))
    return row


def _band_row(
    task: StabilityTask, table: Table, at: int, place: int, band: str
) -> list[str | Cell]:
    end = task.columns[place]

    def number(key: str, digits: int) -> str:
        return format_number(float(table[f"{key}_{end}"][at]), digits)

    row: list[str | Cell] = [
        _band(task, place, band), number("mean", 4),
        Cell(number("temporal_cv_percent", 2), _PLUS_MINUS + number("temporal_cv_se_percent", 2)),
        number("raw_cv_percent", 2), number("spatial_cv_percent", 2),
        number("site_spatial_cv_percent", 2),
        Cell(number("site_temporal_cv_percent", 2),
             _PLUS_MINUS + number("site_temporal_cv_se_percent", 2)),
    ]  # fmt: skip
    if task.settings.trend:
        error = _PLUS_MINUS + number("site_trend_se_percent_year", 2)
        row.append(Cell(number("site_trend_percent_year", 2), error))
    return row


def _band(task: StabilityTask, place: int, band: str) -> str:
    nm = float(task.nm[place])
    return band_label(band, nm) if np.isfinite(nm) else band


def share_passed(found: StabilityReport) -> str:
    """Pixels that pass by those measured."""
    if not found.tested:
        return format_count(0)
    return format_share(found.passed / found.tested)
