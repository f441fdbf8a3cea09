# SPDX-License-Identifier: GPL-3.0-or-later
"""Lasting changes of level: on a date, or between the sensors of one series.

A column is added to the seasonal model, 1 from the date on (or for the sensor), and the model is
scored again; its coefficients in all bands are tested together (Hotelling). Residuals of real
series are correlated in time, which the test allows for by their correlation at lag 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..dependencies import require
from ..jit import numba_available
from ..series.types import CLEAR, TimeSeries
from ..types import BoolArray, FloatArray, TimeArray
from .detect import Detection
from .harmonics import design, years
from .robust import RIDGE, FitSettings, leverage
from .scores import Scores, prior_correlation, score

FEWEST_ASIDE = 6  # clear dates on either side
OFFSET, GAIN = "offset", "gain"


@dataclass(frozen=True)
class Level:
    """A change of level: ``change`` (k,) in reflectance, its chance ``p_value`` where there is
    none, and whether it is rather an ``offset`` (reflectance) or a ``gain`` (share), with
    ``amplitude``.
    """

    change: FloatArray
    p_value: float
    kind: str
    amplitude: float


@dataclass(frozen=True)
class SensorLevel:
    """How a ``sensor`` differs from the ``reference`` sensor of the same series."""

    site: str
    sensor: str
    reference: str
    level: Level


def step_at(
    series: TimeSeries,
    detection: Detection,
    time: np.datetime64,
    earlier: tuple[np.datetime64, ...] = (),
    compiled: bool = False,
) -> Level | None:
    """The change of level at ``time`` (UTC), given steps at the ``earlier`` times; None where there
    are fewer than 6 clear dates on either side. ``compiled``: with numba.
    """
    clear = _clear(series)
    after = series.times >= time
    if min((clear & after).sum(), (clear & ~after).sum()) < FEWEST_ASIDE:
        return None
    columns = [series.times >= other for other in earlier]
    added = np.stack([*columns, after], axis=1).astype(float)
    return _levels(series, detection, added, compiled)[-1]


def scan_steps(
    series: TimeSeries,
    detection: Detection,
    candidates: TimeArray,
    earlier: tuple[np.datetime64, ...] = (),
) -> list[Level | None]:
    """``step_at`` for each of the ``candidates`` (c,)."""
    compiled = numba_available()
    return [step_at(series, detection, time, earlier, compiled) for time in candidates]


def sensor_levels(series: TimeSeries, detection: Detection) -> list[SensorLevel]:
    """How each sensor differs from the one with most clear dates; sensors with fewer than 6 clear
    dates, or without a name, are left out.
    """
    clear = _clear(series)
    names, counts = np.unique(series.sensor[clear].astype(str), return_counts=True)
    names, counts = names[counts >= FEWEST_ASIDE], counts[counts >= FEWEST_ASIDE]
    names, counts = names[names != ""], counts[names != ""]
    if len(names) < 2:
        return []
    reference = str(names[counts.argmax()])
    others = [str(name) for name in names if name != reference]
    columns = np.stack([series.sensor == name for name in others], axis=1).astype(float)
    levels = _levels(series, detection, columns)
    return [
        SensorLevel(series.site, name, reference, level)
        for name, level in zip(others, levels, strict=True)
    ]


def _clear(series: TimeSeries) -> BoolArray:
    return np.asarray((series.mask_state == CLEAR) & np.isfinite(series.values).any(axis=1))


def _levels(
    series: TimeSeries, detection: Detection, columns: FloatArray, compiled: bool = False
) -> list[Level]:
    """One level for each of the ``columns`` (n, c) that are added to the model."""
    base = design(years(series.times), detection.harmonics)
    x = np.column_stack((base, columns))
    values = np.where(np.isfinite(series.values), series.values, np.nan).astype(np.float64)
    prior = prior_correlation(series.wavelengths_nm)
    scores = score(x, values, _clear(series), prior, FitSettings(), compiled)
    weights = scores.kept.astype(np.float64)
    inflation = _persistence(scores, series.times)
    found = []
    for number in range(columns.shape[1]):
        place = base.shape[1] + number
        variance = _variance(x, weights, place) * inflation
        found.append(_level(scores, place, variance))
    return found


def _variance(x: FloatArray, weights: FloatArray, place: int) -> float:
    """Of a coefficient, in units of the noise."""
    unit = np.zeros((1, x.shape[1]))
    unit[0, place] = 1.0
    # The leverage of a row is its quadratic form in the inverse; a unit row, with no weight of its
    # own, picks one element of the diagonal.
    return float(leverage(np.vstack((x, unit)), np.append(weights, 0.0), RIDGE)[-1])


def _persistence(scores: Scores, times: TimeArray) -> float:
    """(1 + r) / (1 - r), r the mean correlation of the bands' residuals at lag 1, at least 0."""
    rows = np.flatnonzero(scores.kept)
    z = scores.z[rows[np.argsort(times[rows], kind="stable")]]
    both = np.isfinite(z[1:]) & np.isfinite(z[:-1])
    products = np.where(both, z[1:] * z[:-1], 0.0).sum(axis=0)
    power = np.where(both, 0.5 * (z[1:] ** 2 + z[:-1] ** 2), 0.0).sum(axis=0)
    seen = power > 0
    r = float(np.clip(np.mean(products[seen] / power[seen]), 0.0, 0.9)) if seen.any() else 0.0
    return (1.0 + r) / (1.0 - r)


def _level(scores: Scores, place: int, variance: float) -> Level:
    special = require("scipy.special")
    change = scores.coefficients[place]
    seen = np.isfinite(change) & np.isfinite(scores.noise)
    k = int(seen.sum())
    kept = scores.freedom[scores.kept]
    freedom = float(np.median(kept)) if kept.size else 0.0
    if k == 0 or freedom <= k or not variance > 0.0:
        return Level(change, 1.0, OFFSET, float("nan"))
    noise = scores.noise[seen] * np.sqrt(variance)
    covariance = scores.correlation[np.ix_(seen, seen)] * np.outer(noise, noise)
    solved = np.linalg.solve(covariance, change[seen])
    t2 = float(change[seen] @ solved)
    p = float(special.fdtrc(k, freedom - k + 1.0, t2 * (freedom - k + 1.0) / (freedom * k)))
    mean = np.nanmedian(scores.expected[:, seen], axis=0)
    fits = {}
    for kind, shape in ((OFFSET, np.ones(k)), (GAIN, mean)):
        weight = np.linalg.solve(covariance, shape)
        amplitude = float(weight @ change[seen] / (weight @ shape))
        left = change[seen] - amplitude * shape
        fits[kind] = (float(left @ np.linalg.solve(covariance, left)), amplitude)
    kind = min(fits, key=lambda name: fits[name][0])
    return Level(change, p, kind, fits[kind][1])
