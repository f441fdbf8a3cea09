# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets of simulated sites in which what the sites share is known: nothing, weather, or a sensor.

Every site has anomalies of its own (clouds that the mask misses, thin clouds, shadows, aerosol), on
dates that have nothing to do with those of the others. Weather of one day may reach several sites:
clouds of their own thickness, which are no event of the sensor. What the sensor or the processor
does is the same gain or offset at all sites, on one day or from one day on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..series.types import TimeSeries
from ..types import TimeArray
from .inject import inject
from .physics import cloud_over, haze_over, shadow_on
from .simulate import SITES, WAVELENGTHS_NM, simulate_series

# kind, amplitude (see ``inject.KINDS``), how many per site in four years
OWN = (
    ("cloud", 0.15, 2), ("thin_cloud", 0.06, 3), ("shadow", 0.6, 2), ("aot_under", 0.05, 2),
    ("aot_over", 0.04, 2), ("wrong_date", 120.0, 1),
)  # fmt: skip
GAIN, OFFSET = "gain", "offset"
# What the weather of a day does to a site: optical thickness, or share of the direct sun
_WEATHER = ((cloud_over, 0.3, 8.0), (haze_over, 0.2, 2.0), (shadow_on, 0.3, 0.9))
_GROUND_CHANGE = 0.05  # reflectance
_MARGIN_DAYS = 200  # of the days of events from the ends


@dataclass(frozen=True)
class SetSettings:
    """What the sites of a set have: ``own`` anomalies each (or none), the share ``contamination``
    of clear dates with a missed cloud, ``weather_days`` on which the mask misses clouds, haze or
    shadows at ``weather_sites`` of them, and ``phi``, the correlation of the noise of dates that
    follow each other. ``ground_days`` apart, two of them change for good, each by itself (0: none).
    """

    own: bool = True
    contamination: float = 0.03
    weather_days: int = 0
    weather_sites: int = 3
    phi: float = 0.0
    ground_days: int = 0


@dataclass(frozen=True)
class SensorEvent:
    """A ``gain`` (share) or ``offset`` (reflectance) of ``amplitude`` at ``sites`` of the sites, on
    one day, or from it on where it ``lasts``.
    """

    kind: str
    amplitude: float
    sites: int = 4
    lasts: bool = False


def simulate_set(settings: SetSettings, seed: int) -> list[TimeSeries]:
    """The four sites of ``SITES`` without any event of the sensor. The same ``seed`` gives the same
    values.
    """
    rng = np.random.default_rng((2, seed))
    series = [_site(name, settings, 1000 * seed + place) for place, name in enumerate(SITES)]
    if settings.ground_days:
        first, second = rng.permutation(len(series))[:2]
        day = _day(series, rng, 0)
        series[first] = _built(series[first], day)
        series[second] = _built(series[second], day + np.timedelta64(settings.ground_days, "D"))
    for _ in range(settings.weather_days):
        day = _day(series, rng, settings.weather_sites)
        there = [place for place, one in enumerate(series) if _clear_at(one, day)]
        for place in rng.permutation(there)[: settings.weather_sites]:
            series[place] = _clouded(series[place], day, rng)
    return series


def add_event(
    series: Sequence[TimeSeries], event: SensorEvent, seed: int
) -> tuple[list[TimeSeries], np.datetime64]:
    """The ``series`` with an ``event`` of the sensor, and its day. An event of one day falls on one
    on which so many sites are clear.
    """
    rng = np.random.default_rng((3, seed))
    day = _day(series, rng, event.sites)
    there = [p for p, one in enumerate(series) if event.lasts or _clear_at(one, day)]
    chosen = {int(place) for place in rng.permutation(there)[: event.sites]}
    changed = [
        _changed(one, event, day) if place in chosen else one for place, one in enumerate(series)
    ]
    return changed, day


def _site(name: str, settings: SetSettings, seed: int) -> TimeSeries:
    site = replace(SITES[name], phi=settings.phi)
    series, _ = simulate_series(site, seed, contamination=settings.contamination)
    for place, (kind, amplitude, count) in enumerate(OWN if settings.own else ()):
        series, _ = inject(series, kind, amplitude, count, seed=100 * seed + place)
    return series


def _days(series: TimeSeries) -> TimeArray:
    return series.times.astype("datetime64[D]")


def _clear_at(series: TimeSeries, day: np.datetime64) -> bool:
    return bool(series.clear[_days(series) == day].any())


def _day(series: Sequence[TimeSeries], rng: np.random.Generator, sites: int) -> np.datetime64:
    """A random day, away from the ends, on which so many ``sites`` are clear."""
    days = _days(series[0])
    inside = np.abs(days - days.min() - (days.max() - days.min()) // 2) < (
        (days.max() - days.min()) // 2 - np.timedelta64(_MARGIN_DAYS, "D")
    )
    good = [day for day in days[inside] if sum(_clear_at(one, day) for one in series) >= sites]
    return np.datetime64(good[int(rng.integers(len(good)))])


def _clouded(series: TimeSeries, day: np.datetime64, rng: np.random.Generator) -> TimeSeries:
    """A cloud, haze or the shadow of a cloud, of any thickness."""
    values = series.values.copy()
    rows = _days(series) == day
    make, least, most = _WEATHER[int(rng.integers(len(_WEATHER)))]
    amount = np.exp(rng.uniform(np.log(least), np.log(most), int(rows.sum())))
    values[rows] = make(values[rows], np.array(WAVELENGTHS_NM), amount)
    return replace(series, values=values)


def _built(series: TimeSeries, day: np.datetime64) -> TimeSeries:
    late = (_days(series) >= day)[:, None]
    return replace(series, values=series.values + _GROUND_CHANGE * late)


def _changed(series: TimeSeries, event: SensorEvent, day: np.datetime64) -> TimeSeries:
    values = series.values.copy()
    rows = _days(series) >= day if event.lasts else _days(series) == day
    if event.kind == GAIN:
        values[rows] *= 1.0 + event.amplitude
    else:
        values[rows] += event.amplitude
    return replace(series, values=values)
