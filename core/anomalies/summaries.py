# SPDX-License-Identifier: GPL-3.0-or-later
"""Rates of anomalies by group, and the noise of each band: the figures of a detection's report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..series.types import TimeSeries, is_clear
from ..shares import Z_95, score_bounds
from ..types import AnyArray, FloatArray
from .detect import Detection
from .run import AnomalyRun

_NORMAL_MEDIAN = 0.6744897501960817  # of |x| for a standard normal x
MONTH, ORBIT, SENSOR, SITE = "month", "orbit", "sensor", "site"


@dataclass(frozen=True)
class Rate:
    """``flagged`` of the ``tested`` dates of a ``group`` of the ``grouping``; ``share`` with its
    95 % interval (Wilson 1927, 10.1080/01621459.1927.10502953). ``types``: how often each.
    """

    grouping: str
    group: str
    tested: int
    flagged: int
    share: float
    low: float
    high: float
    types: dict[str, int]


@dataclass(frozen=True)
class BandNoise:
    """Noise of a ``band`` at a ``site``, in reflectance: ``noise`` around the model (robust), and
    ``short_term``, of clear dates that follow each other (madogram), which no season is in.
    ``reflectance`` is the median of the model; ``clear`` the number of clear values.
    """

    site: str
    band: str
    wavelength_nm: float
    clear: int
    reflectance: float
    noise: float
    short_term: float

    @property
    def budget(self) -> float:
        """The uncertainty that surface reflectance of MODIS is specified with, 0.005 + 5 %
        (Vermote & Kotchenova 2008, 10.1029/2007JD009662), for comparison.
        """
        return 0.005 + 0.05 * self.reflectance


def _months(series: TimeSeries) -> AnyArray:
    texts = np.datetime_as_string(series.times, unit="M")
    return np.array([text[5:7] for text in texts], dtype=object)


_GROUPS: dict[str, Callable[[TimeSeries], AnyArray]] = {
    SITE: lambda series: np.full(len(series), series.site, dtype=object),
    MONTH: _months,
    SENSOR: lambda series: series.sensor.astype(object),
    ORBIT: lambda series: series.orbit.astype(object),
}


def rates(run: AnomalyRun) -> list[Rate]:
    """The rates by site, month of the year, sensor and orbit; groups without a name or a tested
    date are left out.
    """
    found = []
    for grouping, names in _GROUPS.items():
        groups = np.concatenate([names(one) for one in run.series]).astype(str)
        tested = np.concatenate([one.tested for one in run.detections])
        flagged = np.concatenate([one.flagged for one in run.detections])
        types = np.concatenate([one.type for one in run.detections])
        for group in np.unique(groups[tested & (groups != "")]):
            rows = groups == group
            found.append(
                _rate(grouping, str(group), int((rows & tested).sum()), types[rows & flagged])
            )
    return found


def _rate(grouping: str, group: str, tested: int, types: AnyArray) -> Rate:
    names, counts = np.unique(types.astype(str), return_counts=True)
    share = len(types) / tested
    low, high = score_bounds(share, tested, Z_95)
    each = {str(name): int(count) for name, count in zip(names, counts, strict=True)}
    return Rate(grouping, group, tested, len(types), share, low, high, each)


def type_counts(detections: Sequence[Detection]) -> dict[str, int]:
    """How many dates of each type were flagged, most frequent first."""
    types = np.concatenate([one.type[one.flagged] for one in detections]).astype(str)
    names, counts = np.unique(types, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return {str(names[i]): int(counts[i]) for i in order}


def band_noise(series: TimeSeries, detection: Detection) -> list[BandNoise]:
    """The noise of each band of a site.

    Short term: the median difference of clear dates that follow each other and are in the fit,
    scaled to the standard deviation of one value (divided by 0.6745 sqrt 2).
    """
    used = np.flatnonzero(is_clear(series.mask_state) & detection.kept)
    used = used[np.argsort(series.times[used], kind="stable")]
    found = []
    for number, band in enumerate(series.bands):
        values = series.values[used, number].astype(np.float64)
        good = np.isfinite(values)
        found.append(
            BandNoise(
                series.site,
                band,
                float(series.wavelengths_nm[number]),
                int(good.sum()),
                _median(detection.expected[used, number]),
                float(detection.noise[number]),
                _madogram(values[good]),
            )
        )
    return found


def _median(values: FloatArray) -> float:
    good = values[np.isfinite(values)]
    return float(np.median(good)) if good.size else float("nan")


def _madogram(values: FloatArray) -> float:
    if len(values) < 2:
        return float("nan")
    return float(np.median(np.abs(np.diff(values))) / (_NORMAL_MEDIAN * np.sqrt(2.0)))


def expectation(flagged: int, tested: int, expected: float, of: str = "tested dates") -> str:
    """What the number of false alarms ``expected`` means, beside how many of the ``tested`` were
    flagged; ``of``: what they are.
    """
    return (
        f"{flagged:,} of {tested:,} {of} flagged; {expected:.3g} would be if each of them followed "
        "its model with the noise that was estimated. Changes of the ground and clouds that the "
        "mask misses come on top of that number, beside faults of the data."
    )
