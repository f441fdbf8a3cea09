# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be read off a detection: the model between the dates, the types that a date may be, and
figures of a series.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from ..series.types import TimeSeries, is_clear
from ..types import AnyArray, FloatArray, TimeArray
from .breaks.joint_fit import noise_of_differences
from .detect import Detection
from .harmonics import YEAR_DAYS, design, years
from .labels import ALL_TYPES
from .naming import label_dates
from .scores import Scores


@dataclass(frozen=True)
class SeriesFigures:
    """Figures of a series of k bands.

    ``count`` observations, of which ``clear`` are not masked; ``masked``: how many by their reason.
    ``tested`` dates, ``anomalies`` found, ``false_alarm_expected``. ``rmse`` (k,): root mean square
    of the residuals of the dates in the fit; ``madogram`` (k,): median absolute difference of clear
    values that follow each other (a month apart where the series is dense), which knows no model;
    both in reflectance, NaN where unknown.
    """

    count: int
    clear: int
    masked: dict[str, int]
    tested: int
    anomalies: int
    false_alarm_expected: float
    rmse: FloatArray
    madogram: FloatArray


def expected_at(detection: Detection, times: TimeArray) -> FloatArray:
    """The seasonal model (m, k) of a detection at any ``times`` (m,), reflectance; NaN in bands
    that were not fitted.
    """
    if not len(detection.times):
        return np.full((len(times), len(detection.bands)), np.nan)
    first, day = detection.times.min(), np.timedelta64(1, "D")
    middle = 0.5 * float((detection.times.max() - first) / day)
    t = (np.asarray((times - first) / day, dtype=np.float64) - middle) / YEAR_DAYS
    return np.asarray(design(t, detection.harmonics) @ detection.coefficients)


def type_shares(detection: Detection, wavelengths_nm: FloatArray, date: int) -> dict[str, float]:
    """How well the types explain the residual of a ``date`` (its place), as posterior shares
    (0 to 1, sum 1) as in ``labels``; empty where no band of it was scored.
    """
    scored = np.isfinite(detection.residual[date]) & np.isfinite(detection.noise)
    if not (scored.any() and np.isfinite(detection.leverage[date])):
        return {}
    nothing = np.full(len(detection.times), np.nan)
    scores = Scores(
        detection.expected, detection.residual, detection.z, detection.score, nothing, nothing,
        detection.leverage, detection.kept, detection.noise, detection.correlation,
        detection.coefficients,
    )  # fmt: skip
    only = np.arange(len(detection.times)) == date
    found, _ = label_dates(
        scores, only, wavelengths_nm, years(detection.times), detection.harmonics
    )
    return dict(zip(ALL_TYPES, found.shares[0].tolist(), strict=True))


def series_figures(series: TimeSeries, detection: Detection) -> SeriesFigures:
    """Figures of ``series`` under its ``detection``."""
    masked = Counter(series.mask_state[~is_clear(series.mask_state)].astype(str).tolist())
    residual = np.where(detection.kept[:, None], detection.residual, np.nan)
    return SeriesFigures(
        count=len(series),
        clear=int(series.clear.sum()),
        masked=dict(sorted(masked.items())),
        tested=int(detection.tested.sum()),
        anomalies=int(detection.flagged.sum()),
        false_alarm_expected=detection.false_alarm_expected,
        rmse=_column_wise(residual),
        madogram=_madogram(series),
    )


def _column_wise(residual: FloatArray) -> FloatArray:
    counts = np.isfinite(residual).sum(axis=0)
    squares = np.nansum(residual**2, axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.sqrt(np.where(counts > 0, squares / counts, np.nan)))


def _madogram(series: TimeSeries) -> FloatArray:
    t = years(series.times) if len(series) else np.empty(0)
    order: AnyArray = np.argsort(t, kind="stable")
    result = np.full(len(series.bands), np.nan)
    for band in range(len(series.bands)):
        rows = order[(series.clear & np.isfinite(series.values[:, band]))[order]]
        if len(rows) > 1:
            values = np.ascontiguousarray(series.values[rows, band : band + 1], dtype=np.float64)
            # One series: compiling would take longer than it saves.
            noise_of_differences.python(t[rows], values, len(rows), result[band : band + 1])
    return result
