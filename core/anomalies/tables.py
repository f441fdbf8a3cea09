# SPDX-License-Identifier: GPL-3.0-or-later
"""Detections as tables, and back.

The long table holds everything that can be drawn of a detection: it has the columns of a table of
time series (so that it is one itself), and those of ``DETECTED``. Band columns: ``expected``,
``residual``, ``noise`` (reflectance) and ``z``. Columns of the whole date, the same in its rows:
``score``, ``p_value``, ``leverage``, ``kept`` (in the fit), ``status``, ``reason`` (a sentence, ""
where tested), ``flagged``, ``type``, ``amplitude``, ``unit``, ``confidence``, ``agreement``
(number of methods), ``methods`` (their names), ``common`` (``sensor`` where sites share the date)
and ``verdict``. Columns of the whole site: ``harmonics``, ``threshold``. ``verdict`` is empty; an
expert writes ``confirmed``, ``rejected`` or another type into it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..io.tables import points
from ..series.table import placed_series, row_places, table_from_series
from ..series.types import TimeSeries
from ..table import Table
from ..types import AnyArray, BoolArray, FloatArray
from .detect import REASONS, ROBUST, Detection

CONFIRMED, REJECTED = "confirmed", "rejected"
BAND_FLOATS = ("expected", "residual", "z")
DATE_FLOATS = ("score", "p_value", "leverage", "amplitude", "confidence")
DATE_COUNTS = ("agreement", "kept", "flagged")
DATE_TEXTS = ("status", "reason", "type", "unit", "methods", "common", "verdict")
DETECTED = (
    *BAND_FLOATS, "noise", *DATE_FLOATS, *DATE_COUNTS, *DATE_TEXTS, "harmonics", "threshold",
)  # fmt: skip


@dataclass(frozen=True)
class DetectedSeries:
    """One site of a long table of detections: n dates, k bands, as in ``Detection``.

    ``row`` (n, k) is the row of the table, -1 where a date has no row for a band. ``expected``,
    ``residual``, ``z`` (n, k); ``noise`` (k,). Per date (n,): see the head of this module.
    """

    series: TimeSeries
    row: AnyArray
    expected: FloatArray
    residual: FloatArray
    z: FloatArray
    noise: FloatArray
    score: FloatArray
    p_value: FloatArray
    leverage: FloatArray
    amplitude: FloatArray
    confidence: FloatArray
    agreement: AnyArray
    kept: BoolArray
    flagged: BoolArray
    status: AnyArray
    reason: AnyArray
    type: AnyArray
    unit: AnyArray
    methods: AnyArray
    common: AnyArray
    verdict: AnyArray
    harmonics: int
    threshold: float

    def rows_of(self, date: int) -> AnyArray:
        """The rows of the table that belong to the ``date`` (its place in the series)."""
        rows = self.row[date]
        return np.asarray(rows[rows >= 0])


def table_of_detections(
    series: Sequence[TimeSeries],
    detections: Sequence[Detection],
    common: Sequence[AnyArray] | None = None,
    name: str = "detections",
) -> Table:
    """The long table of ``detections``, one per series and in its order of dates.

    ``common``: per site the texts (n,) of that column (None: all empty).
    """
    base = table_from_series(series, name)
    marks = common or [_empty(len(one)) for one in series]
    parts = [
        _site_columns(one, detection, mark)
        for one, detection, mark in zip(series, detections, marks, strict=True)
    ]
    columns = {key: np.concatenate([part[key] for part in parts]) for key in DETECTED}
    return Table({**base.columns, **columns}, name, base.geometry)


def table_of_anomalies(
    series: Sequence[TimeSeries],
    detections: Sequence[Detection],
    common: Sequence[AnyArray] | None = None,
    name: str = "anomalies",
) -> Table:
    """One row, a point at its site, per flagged date, in order of site and time.

    Beside the columns of the date: ``largest_band`` with its ``largest_residual`` (reflectance)
    and ``largest_z``, those of the band farthest off, and one column ``residual_<band>`` for each
    band of any site.
    """
    marks = common or [_empty(len(one)) for one in series]
    bands = list(dict.fromkeys(band for one in series for band in one.bands))
    parts = [
        _anomaly_columns(one, detection, mark, bands)
        for one, detection, mark in zip(series, detections, marks, strict=True)
    ]
    columns = {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
    counts = [int(d.flagged.sum()) for d in detections]
    longitude = np.repeat([one.longitude for one in series], counts)
    latitude = np.repeat([one.latitude for one in series], counts)
    return Table(columns, name, points(longitude, latitude))


def detections_from_table(table: Table) -> list[DetectedSeries]:
    """The sites of a long table that ``table_of_detections`` made, dates in order of time.

    Raises ``TableError`` where a column of ``DETECTED`` is absent.
    """
    floats = {key: table.floats(key) for key in (*BAND_FLOATS, "noise", *DATE_FLOATS)}
    counts = {key: table.floats(key) for key in (*DATE_COUNTS, "harmonics", "threshold")}
    texts = {key: table.texts(key) for key in DATE_TEXTS}
    return [_site(series, row, floats, counts, texts) for series, row in placed_series(table)]


def _site(
    series: TimeSeries,
    row: AnyArray,
    floats: dict[str, FloatArray],
    counts: dict[str, FloatArray],
    texts: dict[str, AnyArray],
) -> DetectedSeries:
    there = row >= 0
    first = row[np.arange(len(row)), there.argmax(axis=1)]
    by_band = {key: np.where(there, floats[key][row], np.nan) for key in (*BAND_FLOATS, "noise")}
    noise = by_band.pop("noise")
    seen = there.argmax(axis=0)
    whole = {key: counts[key][first] for key in DATE_COUNTS}
    return DetectedSeries(
        series=series,
        row=row,
        **by_band,
        noise=noise[seen, np.arange(row.shape[1])],
        **{key: floats[key][first] for key in DATE_FLOATS},
        agreement=whole["agreement"].astype(np.int64),
        kept=whole["kept"] > 0,
        flagged=whole["flagged"] > 0,
        **{key: texts[key][first] for key in DATE_TEXTS},
        harmonics=int(counts["harmonics"][first[0]]),
        threshold=float(counts["threshold"][first[0]]),
    )


def _empty(count: int) -> AnyArray:
    return np.full(count, "", dtype=object)


def methods_of(detection: Detection) -> AnyArray:
    """Names (n,) of the methods that find a date odd, separated by commas."""
    with np.errstate(invalid="ignore"):
        flags = {ROBUST: detection.p_value < detection.settings.threshold, **detection.opinions}
    return np.array(
        [
            ", ".join(name for name, flag in flags.items() if flag[i])
            for i in range(len(detection.times))
        ],
        dtype=object,
    )


def _date_columns(detection: Detection, common: AnyArray) -> dict[str, AnyArray]:
    """Columns (n,) of the dates of a site."""
    floats = {key: getattr(detection, key).astype(np.float64) for key in DATE_FLOATS}
    return {
        **floats,
        "agreement": np.asarray(detection.agreement, dtype=np.int64),
        "kept": detection.kept.astype(np.int64),
        "flagged": detection.flagged.astype(np.int64),
        "status": detection.status,
        "reason": np.array([REASONS[status] for status in detection.status], dtype=object),
        "type": detection.type,
        "unit": detection.unit,
        "methods": methods_of(detection),
        "common": common,
        "verdict": _empty(len(detection.times)),
    }


def _site_columns(
    series: TimeSeries, detection: Detection, common: AnyArray
) -> dict[str, AnyArray]:
    at, band = row_places(series)
    columns = {key: getattr(detection, key)[at, band] for key in BAND_FLOATS}
    columns["noise"] = np.asarray(detection.noise)[band]
    columns |= {key: values[at] for key, values in _date_columns(detection, common).items()}
    columns["harmonics"] = np.full(len(at), detection.harmonics, dtype=np.int64)
    columns["threshold"] = np.full(len(at), detection.settings.threshold)
    return columns


_ANOMALY_KEYS = (
    "type", "amplitude", "unit", "confidence", "p_value", "score", "agreement", "methods", "common",
)  # fmt: skip


def _anomaly_columns(
    series: TimeSeries, detection: Detection, common: AnyArray, bands: Sequence[str]
) -> dict[str, AnyArray]:
    rows = np.flatnonzero(detection.flagged)
    dates = _date_columns(detection, common)
    z, residual = detection.z[rows], detection.residual[rows]
    largest = np.where(np.isfinite(z), np.abs(z), -1.0).argmax(axis=1)
    at = np.arange(len(rows))
    columns: dict[str, AnyArray] = {
        "site": np.full(len(rows), series.site, dtype=object),
        "time": series.times[rows],
        **{key: dates[key][rows] for key in _ANOMALY_KEYS},
        "largest_band": np.array(series.bands, dtype=object)[largest],
        "largest_residual": residual[at, largest],
        "largest_z": z[at, largest],
        "mask_state": series.mask_state[rows].astype(object),
        "sensor": series.sensor[rows].astype(object),
        "orbit": series.orbit[rows].astype(object),
        "product": series.product[rows].astype(object),
    }
    place = {band: number for number, band in enumerate(series.bands)}
    for band in bands:
        none = np.full(len(rows), np.nan)
        columns[f"residual_{band}"] = residual[:, place[band]] if band in place else none
    return {**columns, "verdict": _empty(len(rows))}
