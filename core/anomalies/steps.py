# SPDX-License-Identifier: GPL-3.0-or-later
"""Lasting changes of level: on a date, or between the sensors of one series.

A column is added to the seasonal model, 1 from the date on (or for the sensor); its coefficients in
all bands are tested together (Hotelling) on the dates that are kept. Residuals of real series are
correlated in time: the test is averaged over the correlations that the residuals may have
(``persistence``). A band has its own dates: the covariance of two bands counts those that both
have.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..series.types import TimeSeries
from ..types import BoolArray, FloatArray
from .detect import Detection
from .harmonics import design, years
from .persistence import FEWEST_ASIDE, PersistentFits, PersistentModel, usable_bands
from .robust import FitSettings
from .scores import prior_correlation, score
from .step_kinds import OFFSET, kind_of


@dataclass(frozen=True)
class Level:
    """A change of level: ``change`` (k,) in reflectance (NaN in bands that have too few dates on
    either side), its chance ``p_value`` where there is none, and its ``kind`` with ``amplitude``:
    an ``offset`` (reflectance), a ``gain`` (share), or neither, ``unknown`` (reflectance, of the
    band that changed most). ``evidence`` is the logarithm of the likelihood ratio against no
    change; it is comparable among the changes that were looked at together.
    """

    change: FloatArray
    p_value: float
    kind: str
    amplitude: float
    evidence: float = 0.0


@dataclass(frozen=True)
class SensorLevel:
    """How a ``sensor`` differs from the ``reference`` sensor of the same series."""

    site: str
    sensor: str
    reference: str
    level: Level


def sensor_levels(series: TimeSeries, detection: Detection) -> list[SensorLevel]:
    """How each sensor differs from the one with most clear dates; sensors with fewer than 6 clear
    dates, or without a name, are left out.
    """
    clear = series.clear
    names, counts = np.unique(series.sensor[clear].astype(str), return_counts=True)
    names, counts = names[counts >= FEWEST_ASIDE], counts[counts >= FEWEST_ASIDE]
    names, counts = names[names != ""], counts[names != ""]
    if len(names) < 2:
        return []
    reference = str(names[counts.argmax()])
    others = [str(name) for name in names if name != reference]
    base = design(years(series.times), detection.harmonics)
    columns = np.stack([series.sensor == name for name in others], axis=1).astype(float)
    x = np.column_stack((base, columns))
    prior = prior_correlation(series.wavelengths_nm)
    scores = score(x, values_of(series), series.clear, prior, FitSettings())
    rows = rows_in_time(series, scores.kept)
    return [
        SensorLevel(series.site, name, reference, _level(series, rows, x, base.shape[1] + at))
        for at, name in enumerate(others)
    ]


def values_of(series: TimeSeries) -> FloatArray:
    """Reflectance (n, k), NaN where it is not finite."""
    return np.where(np.isfinite(series.values), series.values, np.nan).astype(np.float64)


def rows_in_time(series: TimeSeries, kept: BoolArray) -> FloatArray:
    """The numbers of the ``kept`` (n,) dates in the order of time."""
    rows = np.flatnonzero(kept)
    return np.asarray(rows[np.argsort(series.times[rows], kind="stable")])


def days_of(series: TimeSeries, rows: FloatArray) -> FloatArray:
    """Days since the first date of the series."""
    days: FloatArray = (series.times[rows] - series.times.min()) / np.timedelta64(1, "D")
    return days


def _level(series: TimeSeries, rows: FloatArray, x: FloatArray, place: int) -> Level:
    """The level of the column ``place`` of the model ``x`` (n, p) on the dates ``rows``."""
    values, column = values_of(series)[rows], x[rows, place]
    bands = usable_bands(values, column > 0, x.shape[1])
    if not bands.any():
        return no_level(len(bands))
    prior = prior_correlation(series.wavelengths_nm)[np.ix_(bands, bands)]
    base = np.delete(x[rows], place, axis=1)
    model = PersistentModel(base, values[:, bands], days_of(series, rows), prior)
    return levels_of(model.fits(column[:, None]), bands, column[:, None], values)[0]


def no_level(bands: int) -> Level:
    """What is said where no band has dates enough."""
    return Level(np.full(bands, np.nan), 1.0, OFFSET, float("nan"))


def levels_of(
    fits: PersistentFits, bands: BoolArray, columns: FloatArray, values: FloatArray
) -> list[Level]:
    """The levels of the ``fits`` of the ``columns`` (n, c) to the ``bands`` (k,) of the ``values``
    (n, k).
    """
    chances, evidence = fits.p_value, fits.evidence
    found = []
    for at, best in enumerate(fits.weight.argmax(axis=1)):
        change = np.full(len(bands), np.nan)
        change[bands] = fits.change[at, best]
        without = values[:, bands] - columns[:, at, None] * change[bands]
        kind = kind_of(change[bands], fits.covariance[at, best], np.nanmean(without, axis=0))
        found.append(Level(change, float(chances[at]), *kind, float(evidence[at])))
    return found
