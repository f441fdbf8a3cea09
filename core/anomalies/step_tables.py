# SPDX-License-Identifier: GPL-3.0-or-later
"""Lasting changes of level and dates that sites share, as one table."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..io.tables import points
from ..series.types import TimeSeries
from ..table import Table, from_rows
from .common_dates import CommonDate
from .run import AnomalyRun
from .step_dates import SENSOR
from .step_kinds import GAIN
from .steps import Level

STEP, SENSOR_LEVEL, DATE = "step", "sensor_level", "date"
FIELDS = {
    "event": "text", "time": "time", "earliest": "time", "latest": "time", "origin": "text",
    "site": "text", "concerned": "bool", "sites": "text", "p_value": "float",
    "site_p_value": "float", "kind": "text", "amplitude": "float", "unit": "text", "band": "text",
    "sensor": "text", "reference": "text", "settling_days": "float", "recovered": "float",
}  # fmt: skip


def table_of_steps(run: AnomalyRun, name: str = "steps") -> Table:
    """One row, a point, per event and site.

    ``event``: ``step`` (a lasting change seen from ``time`` on, which happened after ``earliest``
    and until ``latest`` with 95 %; ``recovered`` is the share of it that is gone in the end,
    negative where more has come on top, with the time constant ``settling_days``, missing where
    nothing of that is seen), ``date`` (a single date that sites share) or ``sensor_level``
    (``sensor`` against the ``reference`` of the same site, without a time). ``origin``: ``sensor``
    where sites share it, else ``ground``. ``sites``: those concerned; ``concerned``: whether this
    one is.
    ``p_value`` of the event, ``site_p_value`` at this site. ``kind`` and ``amplitude`` in ``unit``:
    an ``offset`` (reflectance), a ``gain`` (percent), of steps and sensors also ``unknown`` where
    neither fits (reflectance of the band that changed most), of dates also ``aot`` (error of the
    aerosol, reflectance of black ground at 490 nm), in a single ``band`` or in all (empty);
    ``change_<band>`` in reflectance, missing in bands with too few dates on either side.
    """
    sites = {one.site: one for one in run.series}
    rows: list[dict[str, Any]] = []
    for step in run.steps:
        for site, level in step.levels.items():
            rows.append(
                {"event": STEP, "time": step.time, "earliest": step.earliest,
                 "latest": step.latest, "origin": step.origin,
                 "concerned": site in step.sites, "sites": ", ".join(step.sites),
                 "p_value": step.p_value, "settling_days": step.settling_days,
                 "recovered": step.recovered, **_level(sites[site], level)}
            )  # fmt: skip
    for date in run.dates:
        for site in date.sites:
            rows.append(
                {"event": DATE, "time": date.time, "origin": SENSOR, "site": site,
                 "concerned": True, "sites": ", ".join(date.sites), "p_value": date.p_value,
                 **_cause(date)}
            )  # fmt: skip
    differing = run.sensor_differences
    for one in run.sensors:
        rows.append(
            {"event": SENSOR_LEVEL, "origin": SENSOR, "sites": one.site,
             "concerned": one in differing, "p_value": one.level.p_value,
             "sensor": one.sensor, "reference": one.reference,
             **_level(sites[one.site], one.level)}
        )  # fmt: skip
    bands = dict.fromkeys(f"change_{band}" for one in run.series for band in one.bands)
    table = from_rows(rows, {**FIELDS, **dict.fromkeys(bands, "float")}, name)
    places = [sites[row["site"]] for row in rows]
    longitude = np.array([one.longitude for one in places], dtype=np.float64)
    latitude = np.array([one.latitude for one in places], dtype=np.float64)
    return Table(table.columns, name, points(longitude, latitude))


def _cause(date: CommonDate) -> dict[str, Any]:
    gain = date.kind == GAIN
    return {
        "kind": date.kind,
        "amplitude": date.amplitude * (100.0 if gain else 1.0),
        "unit": "percent" if gain else "reflectance",
        "band": date.band,
    }


def _level(series: TimeSeries, level: Level) -> dict[str, Any]:
    gain = level.kind == GAIN
    changes = zip(series.bands, level.change, strict=True)
    return {
        "site": series.site,
        "site_p_value": level.p_value,
        "kind": level.kind,
        "amplitude": level.amplitude * (100.0 if gain else 1.0),
        "unit": "percent" if gain else "reflectance",
        **{f"change_{band}": float(change) for band, change in changes},
    }
