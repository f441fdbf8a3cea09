# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of the report on anomalies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from ..anomalies.common_causes import AEROSOL
from ..anomalies.common_dates import CommonDate
from ..anomalies.detect import REASONS, Detection
from ..anomalies.run import AnomalyRun
from ..anomalies.step_dates import SENSOR, CommonStep
from ..anomalies.step_kinds import GAIN, OFFSET
from ..anomalies.steps import Level
from ..anomalies.summaries import BandNoise, Rate, band_noise
from ..series.types import TimeSeries
from .anomaly_names import amplitude_text, type_name
from .document import Cell, Column, ReportTable
from .numbers import (
    SPACE,
    counted_parts,
    format_count,
    format_number,
    format_p_value,
    format_probability,
    share_parts,
)

Row = list[str | Cell]
MOST_ROWS = 200
_UNKNOWN = "\u2013"
_AS_LARGE = 0.05  # share of a change: so little gone or come is told as none


def anomalies(run: AnomalyRun) -> list[ReportTable]:
    """All flagged dates, by site and time."""
    rows = [
        _anomaly_row(series, found, common, int(date))
        for series, found, common in zip(run.series, run.detections, run.common, strict=True)
        for date in np.flatnonzero(found.flagged)
    ]
    columns = [
        Column("Site", numeric=False), Column("Date", "UTC", numeric=False, fixed=True),
        Column("Type", "confidence", numeric=False), Column("Amplitude"),
        Column("Largest residual", "reflectance, sigma"), Column("p-value"),
        Column("Methods that agree", numeric=False), Column("Shared by sites", numeric=False),
        Column("Sensor, orbit", numeric=False), Column("Product", numeric=False, long=True),
    ]  # fmt: skip
    note = (
        "Amplitude: reflectance where no unit is given. Sigma: of the band, on that date. All of "
        "these dates are clear in the mask of the input; masked ones are below."
    )
    return _limited("Anomalies", columns, rows, note, "the table ANOMALIES")


def _anomaly_row(series: TimeSeries, found: Detection, common: object, date: int) -> Row:
    band = int(np.nan_to_num(np.abs(found.z[date]), nan=-1.0).argmax())
    methods = [name for name, flag in found.opinions.items() if flag[date]]
    shared = np.asarray(common)[date] == SENSOR
    return [
        series.site,
        Cell(*_moment(series.times[date]).split(" ")),
        Cell(type_name(found.type[date]), format_probability(float(found.confidence[date]))),
        amplitude_text(float(found.amplitude[date]), found.unit[date]),
        Cell(
            format_number(float(found.residual[date, band]), 3),
            f"{series.bands[band]}, {format_number(float(found.z[date, band]), 1)} sigma",
        ),
        format_p_value(float(found.p_value[date])),
        Cell(f"{int(found.agreement[date])} of {len(found.opinions) + 1}", ", ".join(methods)),
        "yes" if shared else _UNKNOWN,
        Cell(_word(series.sensor[date]), _orbit(series.orbit[date])),
        _word(series.product[date]),
    ]


def sites(run: AnomalyRun) -> list[ReportTable]:
    """What each site had."""
    columns = [
        Column("Site", numeric=False), Column("From", numeric=False, fixed=True),
        Column("To", numeric=False, fixed=True),
        Column("Dates"), Column("Tested"), Column("Anomalies"), Column("Expected by chance"),
        Column("Bands", numeric=False, long=True), Column("Harmonics"),
    ]  # fmt: skip
    rows: list[Row] = [
        [
            series.site, _day(series.times.min()), _day(series.times.max()),
            format_count(len(series)), format_count(int(found.tested.sum())),
            format_count(int(found.flagged.sum())), format_number(found.false_alarm_expected, 2),
            ", ".join(series.bands), str(found.harmonics),
        ]
        for series, found in zip(run.series, run.detections, strict=True)
    ]  # fmt: skip
    return [ReportTable("Sites", columns, rows)]


def rate_table(rates: Sequence[Rate]) -> list[ReportTable]:
    """Rates by month, sensor and orbit."""
    columns = [
        Column("Group", numeric=False), Column("Tested"), Column("Anomalies"),
        Column("Share", "%"), Column("Types", numeric=False),
    ]  # fmt: skip
    rows: list[Row] = [
        [
            f"{one.grouping} {one.group}",
            format_count(one.tested),
            format_count(one.flagged),
            Cell(*share_parts(one.share, one.low, one.high)),
            ", ".join(f"{type_name(name)} {count}" for name, count in one.types.items())
            or _UNKNOWN,
        ]
        for one in rates
    ]
    note = "Brackets: 95\u00a0% intervals (Wilson), as of independent dates."
    return [ReportTable("Anomalies by group", columns, rows, note)] if rows else []


def mask_table(run: AnomalyRun) -> list[ReportTable]:
    """How the mask of the input and the detector agree."""
    columns = [
        Column("Site", numeric=False), Column("Masked dates"), Column("of them off the model", "%"),
        Column("Clear dates"), Column("of them off the model", "%"),
        Column("Missed by the mask", "or false"), Column("Masked and in order"),
    ]  # fmt: skip
    rows: list[Row] = []
    for series, one in zip(run.series, run.masks, strict=True):
        odd = round(one.pod * one.masked) if one.masked else 0
        missed = round(one.far * one.clear) if one.clear else 0
        rows.append(
            [
                series.site, format_count(one.masked), counted_parts(one.pod, one.masked)[0],
                format_count(one.clear), counted_parts(one.far, one.clear)[0], format_count(missed),
                format_count(one.masked - odd),
            ]
        )  # fmt: skip
    note = "Counted are dates that can be scored, at the threshold of the run."
    return [ReportTable("Mask of the input against the detector", columns, rows, note)]


def noise_table(run: AnomalyRun) -> list[ReportTable]:
    """Noise of each band of each site."""
    columns = [
        Column("Site", numeric=False), Column("Band", numeric=False), Column("Wavelength", "nm"),
        Column("Clear values"), Column("Reflectance", "median"), Column("Noise", "reflectance"),
        Column("Short-term noise", "reflectance"), Column("Budget", "0.005 + 5\u00a0%"),
    ]  # fmt: skip
    noises = [
        noise
        for series, found in zip(run.series, run.detections, strict=True)
        for noise in band_noise(series, found)
    ]
    note = (
        "Noise: scatter around the seasonal model. Short-term: of clear dates that follow each "
        "other, from their median difference. Budget: what MODIS surface reflectance is specified "
        "with, for comparison; green: noise within it."
    )
    return _limited("Noise", columns, [_noise_row(one) for one in noises], note, "OUTPUT (noise)")


def _noise_row(one: BandNoise) -> Row:
    good = "good" if one.noise <= one.budget else "caution"
    state = good if np.isfinite(one.noise) and np.isfinite(one.budget) else ""
    return [
        one.site, one.band, format_number(one.wavelength_nm, 0), format_count(one.clear),
        format_number(one.reflectance, 3), Cell(format_number(one.noise, 4), "", state),
        format_number(one.short_term, 4), format_number(one.budget, 4),
    ]  # fmt: skip


def common_dates(run: AnomalyRun) -> list[ReportTable]:
    """Dates that sites share."""
    columns = [
        Column("Date", numeric=False, fixed=True),
        Column("Sites", numeric=False),
        Column("Cause", numeric=False),
        Column("p-value", "of any date"),
    ]
    rows: list[Row] = [
        [_day(one.time), ", ".join(one.sites), _cause(one), format_p_value(one.p_value)]
        for one in run.dates
    ]
    return _limited("Dates shared by sites", columns, rows, "", "STEPS")


def steps(run: AnomalyRun) -> list[ReportTable]:
    """Lasting changes of level."""
    columns = [
        Column("From", numeric=False, fixed=True),
        Column("Happened", "after, until (95 %)", numeric=False, fixed=True),
        Column("Origin", numeric=False), Column("Site", numeric=False),
        Column("p-value", "event"), Column("p-value", "site"), Column("Change", numeric=False),
        Column("Then", numeric=False),
    ]  # fmt: skip
    bands = {one.site: one.bands for one in run.series}
    rows = [row for step in run.steps for row in _step_rows(step, bands)]
    note = (
        "Origin: sensor, where two sites or more changed on the same date (their ground hardly "
        "does so); ground, where one did. Change: an offset, a gain, or unknown where neither "
        "explains all bands, and below it the band that changed most. Then: the share of it that "
        "has gone in the end, or that has come on top, and the time constant of that; as large, "
        "other bands: the bands have other shares of it in the end."
    )
    return _limited("Lasting changes of level", columns, rows, note, "STEPS")


def _step_rows(step: CommonStep, bands: Mapping[str, Sequence[str]]) -> Iterator[Row]:
    for site, level in step.levels.items():
        yield [
            _day(step.time), Cell(_day(step.earliest), _day(step.latest)), step.origin, site,
            format_p_value(step.p_value), format_p_value(level.p_value),
            _change(level, bands[site]), _then(step),
        ]  # fmt: skip


def _then(step: CommonStep) -> str | Cell:
    """How a change went on."""
    if not np.isfinite(step.recovered):
        return "stays"
    percent = f"{format_number(100.0 * abs(step.recovered), 0)} %"
    how = f"{percent} {'recovered' if step.recovered > 0.0 else 'more'}"
    if abs(step.recovered) < _AS_LARGE:
        how = "as large, other bands"
    return Cell(how, f"in about {format_number(step.settling_days, 0)} days")


def sensors(run: AnomalyRun) -> list[ReportTable]:
    """Levels between the sensors of a site."""
    bands = {one.site: one.bands for one in run.series}
    columns = [
        Column("Site", numeric=False), Column("Sensor", numeric=False),
        Column("against", numeric=False), Column("differs", numeric=False), Column("p-value"),
        Column("Difference", numeric=False),
    ]  # fmt: skip
    differing = run.sensor_differences
    rows: list[Row] = [
        [
            one.site, one.sensor, one.reference,
            "yes" if one in differing else "no", format_p_value(one.level.p_value),
            _change(one.level, bands[one.site]),
        ]
        for one in run.sensors
    ]  # fmt: skip
    return _limited("Differences between sensors", columns, rows, "", "STEPS")


def untested(run: AnomalyRun) -> list[ReportTable]:
    """How many dates were not tested for which reason, and which, but for those masked."""
    columns = [
        Column("Site", numeric=False), Column("Why not tested", numeric=False), Column("Dates"),
    ]  # fmt: skip
    counted: list[Row] = []
    listed: list[Row] = []
    for series, found in zip(run.series, run.detections, strict=True):
        status = found.status.astype(str)
        for reason in [name for name in REASONS if name != "tested" and (status == name).any()]:
            rows = np.flatnonzero(status == reason)
            counted.append([series.site, REASONS[reason], format_count(len(rows))])
            # Masked dates are many and expected: OUTPUT holds each of them.
            if reason != "masked":
                listed += [
                    [series.site, _moment(series.times[row]), REASONS[reason],
                     _word(series.product[row])]
                    for row in rows
                ]  # fmt: skip
    dates = [
        Column("Site", numeric=False), Column("Date", numeric=False, fixed=True),
        Column("Why", numeric=False), Column("Product", numeric=False, long=True),
    ]  # fmt: skip
    return [
        *_limited("Dates not tested", columns, counted, "", "OUTPUT"),
        *_limited("Which dates, without those masked", dates, listed, "", "OUTPUT"),
    ]


def _limited(
    title: str, columns: Sequence[Column], rows: Sequence[Row], note: str, where: str
) -> list[ReportTable]:
    """A table, where there are rows, of so many as can be read; the note says where all are."""
    if not rows:
        return []
    if len(rows) > MOST_ROWS:
        count = format_count(len(rows))
        note = f"{note} The first {MOST_ROWS} of {count} rows; all are in {where}.".strip()
    return [ReportTable(title, columns, rows[:MOST_ROWS], note)]


def _change(level: Level, bands: Sequence[str]) -> Cell:
    """What the change is, and the band that changed most, in reflectance."""
    text: str = level.kind
    if level.kind == GAIN:
        text = f"gain {amplitude_text(100.0 * level.amplitude, 'percent')}"
    elif level.kind == OFFSET:
        text = f"offset {amplitude_text(level.amplitude, 'reflectance')}"
    if not np.isfinite(level.change).any():
        return Cell(text)
    band = int(np.nanargmax(np.abs(level.change)))
    return Cell(text, f"{bands[band]} {amplitude_text(float(level.change[band]), 'reflectance')}")


def _cause(date: CommonDate) -> Cell:
    """What one number moved all sites."""
    gain = date.kind == GAIN
    amplitude = amplitude_text(
        date.amplitude * (100.0 if gain else 1.0), "percent" if gain else "reflectance"
    )
    name = "error of the aerosol" if date.kind == AEROSOL else date.kind
    return Cell(f"{name} {amplitude}", f"of {date.band} alone" if date.band else "")


def _day(time: np.datetime64) -> str:
    return str(np.datetime_as_string(time, unit="D"))


def _moment(time: np.datetime64) -> str:
    return str(np.datetime_as_string(time, unit="m")).replace("T", " ")


def _word(text: object) -> str:
    return str(text) or _UNKNOWN


def _orbit(text: object) -> str:
    return f"orbit{SPACE}{text}" if str(text) else ""
