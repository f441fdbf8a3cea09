# SPDX-License-Identifier: GPL-3.0-or-later
"""How far each site is from its model on one date: what a map of a date shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..io.tables import points
from ..series.types import TimeSeries
from ..table import Table, from_rows
from ..types import FloatArray
from .detect import Detection

WINDOW_DAYS = 3.0
NO_DATE = "no_date"
FIELDS = {
    "site": "text", "time": "time", "days": "float", "band": "text", "z": "float",
    "p_value": "float", "flagged": "bool", "type": "text", "status": "text", "product": "text",
}  # fmt: skip
DAY = np.timedelta64(1, "D")


def site_residuals(
    series: Sequence[TimeSeries],
    detections: Sequence[Detection],
    z: Sequence[FloatArray],
    time: np.datetime64,
    band: str,
    window_days: float = WINDOW_DAYS,
) -> Table:
    """One row, a point, per site that has a place: its observation nearest to ``time`` (UTC).

    ``z``: per site the residuals (n,) of the ``band`` or index that is looked at, in standard
    deviations. Tested observations within ``window_days`` come before others there; a site without
    any has the status ``no_date``. Columns: ``site``, ``time``, ``days`` (after ``time``),
    ``band``, ``z`` (NaN where not tested), ``p_value`` of all bands together, ``flagged``,
    ``type``, ``status`` (as in ``Detection``), ``product``.
    """
    rows = [
        _row(one, found, values, time, window_days)
        for one, found, values in zip(series, detections, z, strict=True)
        if np.isfinite(one.longitude) and np.isfinite(one.latitude)
    ]
    table = from_rows([{**row, "band": band} for row in rows], FIELDS, "site residuals")
    return replace(table, geometry=points(*_places(series)))


def _places(series: Sequence[TimeSeries]) -> tuple[FloatArray, FloatArray]:
    places = np.array([(one.longitude, one.latitude) for one in series]).reshape(-1, 2)
    known = places[np.isfinite(places).all(axis=1)]
    return known[:, 0], known[:, 1]


def _row(
    series: TimeSeries,
    found: Detection,
    z: FloatArray,
    time: np.datetime64,
    window_days: float,
) -> dict[str, Any]:
    row = _nearest(series, found, time, window_days)
    if row < 0:
        return {"site": series.site, "type": "none", "status": NO_DATE}
    seen = {
        "site": series.site,
        "time": series.times[row],
        "days": float((series.times[row] - time) / DAY),
        "type": str(found.type[row]),
        "status": str(found.status[row]),
        "flagged": bool(found.flagged[row]),
        "product": str(series.product[row]),
    }
    if not found.tested[row]:
        return seen
    return {**seen, "z": float(z[row]), "p_value": float(found.p_value[row])}


def _nearest(series: TimeSeries, found: Detection, time: np.datetime64, window_days: float) -> int:
    """The row of the tested observation nearest to ``time``, else of any other; -1 for none."""
    if not len(series):
        return -1
    days = np.abs((series.times - time) / DAY)
    for usable in (found.tested, np.ones(len(series), dtype=np.bool_)):
        apart = np.where(usable, days, np.inf)
        row = int(apart.argmin())
        if apart[row] <= window_days:
            return row
    return -1
