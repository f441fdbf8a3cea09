# SPDX-License-Identifier: GPL-3.0-or-later
"""Lasting changes of level: on a date, or between the sensors of one series.

A column is added to the seasonal model, 1 from the date on (or for the sensor), and the model is
scored again; its coefficients in all bands are tested together (Hotelling) on the dates that are
kept. Residuals of real series are correlated in time: the test is averaged over the correlations
that the residuals may have (``persistence``). A band has its own dates: the covariance of two bands
counts those that both have.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..jit import runs_compiled
from ..progress import Progress, Silent, check
from ..series.types import TimeSeries
from ..types import BoolArray, FloatArray, TimeArray
from .detect import Detection
from .harmonics import design, years
from .persistence import FEWEST_ASIDE, PersistentFits, fit_persistent, usable_bands
from .robust import FitSettings
from .scores import prior_correlation, score
from .step_scores import kept_dates
from .whitened import Whitened

OFFSET, GAIN = "offset", "gain"
_TOGETHER = 16  # candidates: a second of work at most, so that cancel is heard
_MOST_KEPT = 8  # sets of dates, each of some megabytes


@dataclass(frozen=True)
class Level:
    """A change of level: ``change`` (k,) in reflectance (NaN in bands that have too few dates on
    either side), its chance ``p_value`` where there is none, and whether it is rather an ``offset``
    (reflectance) or a ``gain`` (share), with ``amplitude``. ``evidence`` is the logarithm of the
    likelihood ratio against no change.
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


@dataclass
class StepWork:
    """What the fits for several dates of a step have in common: the whitened model without the
    step, by the dates in the fit and the bands. The last few are kept: neighbors are alike.
    """

    known: dict[tuple[bytes, bytes], Whitened] = field(default_factory=dict)

    def whitened(self, base: FloatArray, values: FloatArray, kept: bytes, bands: bytes) -> Whitened:
        """The one for the columns ``base`` (n, p - 1) and ``values`` (n, k) of these dates."""
        found = self.known.pop((kept, bands), None) or Whitened(base, values)
        self.known[kept, bands] = found  # the last one used is the last one to go
        if len(self.known) > _MOST_KEPT:
            del self.known[next(iter(self.known))]
        return found


def step_at(
    series: TimeSeries,
    detection: Detection,
    time: np.datetime64,
    earlier: tuple[np.datetime64, ...] = (),
    compiled: bool | None = None,
    work: StepWork | None = None,
) -> Level | None:
    """The change of level at ``time`` (UTC), given steps at the ``earlier`` times; None where there
    are fewer than 6 clear dates on either side. ``compiled``: as for ``score``. ``work``: shared by
    calls that differ in ``time`` alone.
    """
    clear = series.clear
    after = series.times >= time
    if min((clear & after).sum(), (clear & ~after).sum()) < FEWEST_ASIDE:
        return None
    columns = [series.times >= other for other in earlier]
    added = np.stack([*columns, after], axis=1).astype(float)
    return _levels(series, detection, added, compiled, work or StepWork())[-1]


def scan_steps(
    series: TimeSeries,
    detection: Detection,
    candidates: TimeArray,
    earlier: tuple[np.datetime64, ...] = (),
    progress: Progress | None = None,
) -> list[Level | None]:
    """``step_at`` for each of the ``candidates`` (c,); stops between some of them where asked to.

    Where kernels do not run compiled, some are looked at together: the results agree to 1e-9.
    """
    progress, work, found = progress or Silent(), StepWork(), list[Level | None]()
    if runs_compiled():
        for time in candidates:
            check(progress)
            found.append(step_at(series, detection, time, earlier, True, work))
        return found
    for start in range(0, len(candidates), _TOGETHER):
        check(progress)
        times = candidates[start : start + _TOGETHER]
        found += _steps_together(series, detection, times, earlier, work)
    return found


def _steps_together(
    series: TimeSeries,
    detection: Detection,
    times: TimeArray,
    earlier: tuple[np.datetime64, ...],
    work: StepWork,
) -> list[Level | None]:
    clear, after = series.clear, series.times[None] >= times[:, None]
    aside = np.minimum((clear & after).sum(axis=1), (clear & ~after).sum(axis=1))
    found: list[Level | None] = [None] * len(times)
    usable = np.flatnonzero(aside >= FEWEST_ASIDE)
    if not usable.size:
        return found
    base = np.column_stack((
        design(years(series.times), detection.harmonics),
        *[series.times >= other for other in earlier],
    ))  # fmt: skip
    values, prior = _values(series), prior_correlation(series.wavelengths_nm)
    kept, means = kept_dates(base, after[usable].astype(float), values, clear, prior)
    for at, dates, mean in zip(usable, kept, means, strict=True):
        x = np.column_stack((base, after[at]))
        found[at] = _change(series, x, base.shape[1], dates, mean, work)
    return found


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
    columns = np.stack([series.sensor == name for name in others], axis=1).astype(float)
    levels = _levels(series, detection, columns)
    return [
        SensorLevel(series.site, name, reference, level)
        for name, level in zip(others, levels, strict=True)
    ]


def _levels(
    series: TimeSeries,
    detection: Detection,
    columns: FloatArray,
    compiled: bool | None = None,
    work: StepWork | None = None,
) -> list[Level]:
    """One level for each of the ``columns`` (n, c) that are added to the model; with ``work`` for
    the last one only.
    """
    base = design(years(series.times), detection.harmonics)
    x = np.column_stack((base, columns))
    prior = prior_correlation(series.wavelengths_nm)
    scores = score(x, _values(series), series.clear, prior, FitSettings(), compiled)
    mean = np.nanmedian(scores.expected, axis=0)
    places = list(range(base.shape[1], x.shape[1]))
    wanted = places[-1:] if work else places
    return [_change(series, x, place, scores.kept, mean, work) for place in wanted]


def _values(series: TimeSeries) -> FloatArray:
    return np.where(np.isfinite(series.values), series.values, np.nan).astype(np.float64)


def _change(
    series: TimeSeries,
    x: FloatArray,
    place: int,
    kept: BoolArray,
    mean: FloatArray,
    work: StepWork | None,
) -> Level:
    """The level of the column ``place`` of the model ``x`` (n, p), on the dates ``kept`` (n,);
    ``mean`` (k,) reflectance.
    """
    rows = np.flatnonzero(kept)
    rows = rows[np.argsort(series.times[rows], kind="stable")]
    values = _values(series)[rows]
    bands = usable_bands(values, x[rows, place] > 0, x.shape[1])
    if not bands.any():
        return Level(np.full(values.shape[1], np.nan), 1.0, OFFSET, float("nan"))
    days = (series.times[rows] - series.times.min()) / np.timedelta64(1, "D")
    prior = prior_correlation(series.wavelengths_nm)[np.ix_(bands, bands)]
    y, whitened = values[:, bands], None
    if work:
        whitened = work.whitened(x[rows, :-1], y, rows.tobytes(), bands.tobytes())
    return _level(fit_persistent(x[rows], y, days, place, prior, whitened), bands, mean)


def _level(fits: PersistentFits, bands: BoolArray, mean: FloatArray) -> Level:
    """The level from the fits of the ``bands`` (k,) that were used; ``mean`` (k,) reflectance."""
    best = int(fits.weight.argmax())
    change = np.full(len(bands), np.nan)
    change[bands] = fits.change[best]
    covariance = fits.covariance[best]
    shapes = {}
    for kind, shape in ((OFFSET, np.ones(int(bands.sum()))), (GAIN, mean[bands])):
        weight = np.linalg.solve(covariance, shape)
        amplitude = float(weight @ change[bands] / (weight @ shape))
        left = change[bands] - amplitude * shape
        shapes[kind] = (float(left @ np.linalg.solve(covariance, left)), amplitude)
    kind = min(shapes, key=lambda name: shapes[name][0])
    return Level(change, fits.p_value, kind, shapes[kind][1], fits.evidence)
